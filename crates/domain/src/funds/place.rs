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

/// The accounts that places use.
pub(crate) const PLACE_ACCOUNTS: [&str; 6] = [
    account::CASH,
    account::BANK,
    account::CLEARING,
    account::ADVANCE,
    account::GOODS,
    account::AGENCY,
];

/// What a new place is called: its account and the channel, said once where both have one name.
pub fn place_name(account: &str, channel: &str) -> String {
    let account = account::title(account);
    if account == channel {
        return account.to_string();
    }
    format!("{account} {channel}")
}

/// The name of a place as it is shown. Records of earlier versions hold the code of a channel that a list did not say,
/// or the same word twice.
pub fn shown_place(title: &str) -> String {
    match title.split_once(' ') {
        Some((account, "unsaid")) => place_name(account_code(account), "未说明"),
        Some((account, channel)) if account == channel => account.to_string(),
        _ => title.to_string(),
    }
}

/// The account with this name.
fn account_code(title: &str) -> &'static str {
    PLACE_ACCOUNTS
        .into_iter()
        .find(|code| account::title(code) == title)
        .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_and_no_double_word_is_shown() {
        for (kept, shown) in [
            ("支付渠道在途 unsaid", "支付渠道在途 未说明"),
            ("支付渠道在途 演示支付", "支付渠道在途 演示支付"),
            ("现金 现金", "现金"),
            ("仓库", "仓库"),
        ] {
            assert_eq!(shown_place(kept), shown);
        }
        assert_eq!(place_name(account::CASH, "现金"), "现金");
        assert_eq!(place_name(account::BANK, "交通银行"), "银行存款 交通银行");
    }
}
