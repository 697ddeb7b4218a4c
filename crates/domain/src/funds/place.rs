//! Places 存放处: the asset account where the money physically is.

use kernel::Id;
use leaf::ids;

/// Codes of the statutory chart (dictionary 2.16) that places use.
pub mod account {
    /// 现金
    pub const CASH: &str = "1001";
    /// 银行存款
    pub const BANK: &str = "1002";
    /// 其他货币资金: a payment channel's clearing account (AC-09)
    pub const CLEARING: &str = "1009";
    /// 预付账款: advances to partners
    pub const ADVANCE: &str = "1141";
    /// 存货: goods
    pub const GOODS: &str = "1201";
    /// 受托代理资产
    pub const AGENCY: &str = "1801";

    /// The Chinese name of a place's account.
    pub fn title(code: &str) -> &'static str {
        match code {
            CASH => "现金",
            BANK => "银行存款",
            CLEARING => "支付渠道在途",
            ADVANCE => "预付账款",
            GOODS => "存货",
            AGENCY => "受托代理资产",
            _ => "其他",
        }
    }
}

/// 〔存放处〕 One account of an organisation.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its key.
    pub id: Id<ids::Place>,
    /// Whose it is.
    pub organisation: Id<ids::Organisation>,
    /// Code of the statutory chart.
    pub account: String,
    /// The channel, bank or partner, unique per organisation and account.
    pub channel: String,
    /// Its name on pages.
    pub title: String,
}

/// A place to be opened.
#[derive(Debug, Clone)]
pub struct NewPlace {
    /// Whose it is.
    pub organisation: Id<ids::Organisation>,
    /// Code of the statutory chart.
    pub account: &'static str,
    /// The channel, bank or partner.
    pub channel: String,
    /// Its name on pages.
    pub title: String,
    /// The partner, for advances.
    pub partner: Option<Id<ids::Organisation>>,
}
