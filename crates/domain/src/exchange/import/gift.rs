//! A gift as a file proposes it.

use super::when::{GiftTime, order_key};
use crate::parties::Display;
use kernel::{Amount, Day, Fen, Timestamp};

/// 〔渠道〕 The way by which money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 二维码与 POS.
    QrPos,
    /// 交通银行.
    BankComm,
    /// 农业银行.
    BankAbc,
    /// 中国银行.
    BankBoc,
    /// 其他银行转账.
    Bank,
    /// 支付宝.
    Alipay,
    /// 微信支付.
    Wechat,
    /// 银联手机应用.
    UnionpayApp,
    /// 现金.
    Cash,
    /// 未说明.
    Unsaid,
}

impl Channel {
    /// All of them, with the stable code, the name for people and other names in lists.
    const ALL: [(Channel, &'static str, &'static [&'static str]); 10] = [
        (
            Channel::QrPos,
            "qr_pos",
            &["二维码与POS机", "二维码", "POS", "扫码"],
        ),
        (Channel::BankComm, "bank_comm", &["交通银行", "交行"]),
        (
            Channel::BankAbc,
            "bank_abc",
            &["农业银行", "中国农业银行", "农行"],
        ),
        (Channel::BankBoc, "bank_boc", &["中国银行", "中行"]),
        (
            Channel::Bank,
            "bank",
            &["银行转账", "银行", "银行汇款", "对公转账", "转账"],
        ),
        (Channel::Alipay, "alipay", &["支付宝"]),
        (Channel::Wechat, "wechat", &["微信支付", "微信"]),
        (
            Channel::UnionpayApp,
            "unionpay_app",
            &["银联手机应用", "云闪付", "银联"],
        ),
        (Channel::Cash, "cash", &["现金"]),
        (Channel::Unsaid, "unsaid", &["未说明"]),
    ];

    /// The codes of all of them.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, code, _)| *code)
    }

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(channel, ..)| *channel == self)
            .map_or("unsaid", |(_, code, _)| code)
    }

    /// The name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(channel, ..)| *channel == self);
        found
            .and_then(|(.., names)| names.first().copied())
            .unwrap_or("未说明")
    }

    /// By its code or one of its names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Channel> {
        let same = |name: &&str| name.eq_ignore_ascii_case(text);
        Self::ALL
            .iter()
            .find(|(_, code, names)| same(code) || names.iter().any(same))
            .map(|(channel, ..)| *channel)
    }
}

/// 〔捐赠人类别〕 What the list says or guesses about the donor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DonorKind {
    /// 自然人.
    Person,
    /// 单位.
    Organisation,
    /// 集体.
    Group,
    /// 名单已隐去姓名.
    Masked,
    /// 匿名.
    Anonymous,
    /// 未分类.
    Other,
}

impl DonorKind {
    /// The stable code, as the lists of 2020 write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "org",
            Self::Group => "group",
            Self::Masked => "masked",
            Self::Anonymous => "anon",
            Self::Other => "other",
        }
    }

    /// By its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<DonorKind> {
        let all = [
            Self::Person,
            Self::Organisation,
            Self::Group,
            Self::Masked,
            Self::Anonymous,
            Self::Other,
        ];
        all.into_iter().find(|kind| kind.code() == code)
    }
}

/// 〔待入账捐赠〕 A gift as a row of a file proposes it. Whether it is new, and to which fund
/// it goes, is decided where the ledger is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedGift {
    /// By which way the money came.
    pub channel: Channel,
    /// The number that is unique for ever within the channel and merchant.
    pub external_id: String,
    /// The whole gift before fees, in fen.
    pub amount: Amount,
    /// What the channel kept, in fen, where its bill says so.
    pub fee: Option<Fen>,
    /// When it came.
    pub time: GiftTime,
    /// The day for which the organisation published the gift.
    pub published_for: Option<Day>,
    /// The donor's name as the file has it: it may be a person's and must be treated so.
    pub donor: String,
    /// What the file says about the donor.
    pub donor_kind: DonorKind,
    /// How the donor wishes to be named, where the list says so.
    pub display: Option<Display>,
    /// Joins equal names within the family of files; empty where there is none.
    pub donor_hash: String,
    /// The donor's or the channel's note.
    pub note: String,
    /// The published file the row was copied from; empty when it is the imported file.
    pub source_file: String,
    /// The line in the published file, else in the imported one.
    pub source_line: u64,
}

impl ProposedGift {
    /// The place of the gift in the order of its fund.
    #[must_use]
    pub fn order(&self) -> (Timestamp, &str, u64) {
        order_key(self.time, &self.source_file, self.source_line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_lead_back() {
        for (channel, code, names) in Channel::ALL {
            assert_eq!(
                (channel.code(), Some(channel.name())),
                (code, names.first().copied())
            );
            assert_eq!(Channel::parse(code), Some(channel));
            assert!(
                names
                    .iter()
                    .all(|name| Channel::parse(name) == Some(channel))
            );
        }
        assert_eq!(Channel::parse("比特币"), None);
        for kind in ["person", "org", "group", "masked", "anon", "other"] {
            assert_eq!(DonorKind::parse(kind).map(DonorKind::code), Some(kind));
        }
        assert_eq!(DonorKind::parse("subtotal"), None);
    }
}
