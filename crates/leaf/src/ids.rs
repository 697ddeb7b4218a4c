//! Whose id it is: one marker for each record that has a public number.
//!
//! The prefix is printed before every number and is part of its encipherment, so it is
//! never changed and never used twice.

use kernel::IdKind;

macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {}
            impl IdKind for $name {
                const PREFIX: &'static str = $prefix;
            }
        )*
        /// Every prefix, in alphabetical order of the records' names.
        pub const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

markers! {
    /// 〔公告〕 A total or a notice that somebody announced.
    Announcement "ann";
    /// 〔募捐活动〕 A campaign.
    Campaign "cam";
    /// 〔交付〕 A delivery to those it was meant for.
    Delivery "dlv";
    /// 〔拨付〕 A disbursement, from its request to its payment.
    Disbursement "dsb";
    /// 〔捐赠〕 A donation.
    Donation "don";
    /// 〔资金〕 A fund.
    Fund "fnd";
    /// 〔导入批次〕 One run of an import.
    ImportRun "imp";
    /// 〔索引〕 A statement of the log about itself: how long each stream is, and what it says.
    Index "idx";
    /// 〔捐赠意向〕 An intent to give.
    Intent "int";
    /// 〔物资〕 An item of goods.
    Item "itm";
    /// 〔公钥〕 A statement of the log about the keys with which it signs; its own index stands for it.
    LogKey "key";
    /// 〔办件〕 An application, filing or report on its way through an office.
    Matter "mat";
    /// 〔流转〕 A movement without a record of its own.
    Movement "mov";
    /// 〔组织〕 An organisation.
    Organisation "org";
    /// 〔存放处〕 A place where money or goods physically are.
    Place "plc";
    /// 〔提问〕 A question that somebody asked about a campaign.
    Question "qst";
    /// 〔从镜像补回〕 A statement of the log that a part of it was brought back; its own index stands for it.
    Recovery "rcv";
    /// 〔登记记载〕 One entry of the register of an organisation.
    RegisterEntry "reg";
    /// 〔更正申请〕 A refund, correction, reversal or reclassification that one person asked for.
    Repair "rpr";
    /// 〔活动报告〕 A report of how a campaign goes, or how it ended.
    Report "rpt";
    /// 〔商密公钥〕 A statement of the log about the SM2 keys with which it signs; its own index stands for it.
    Sm2Keys "smk";
    /// 〔商密根〕 A statement of the log about its root with SM3; its own index stands for it.
    Sm3Root "smr";
    /// 〔用户〕 A user of the desk.
    User "usr";
    /// 〔离线核验页〕 A statement of the log about its offline verifier; its own index stands for it.
    Verifier "vrf";
    /// 〔撤回〕 Words that stood open and were withdrawn, or a key that was destroyed.
    Withdrawal "wdr";
}

/// Characters of a printed id behind the prefix and its underscore.
pub(crate) const BODY_CHARS: usize = 14;

/// Whether a text has the form of a printed id: three lower-case letters, `_`, fourteen
/// characters of Crockford's base 32. The check character is the business of those who
/// read numbers from people.
pub(crate) fn is_printed(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4 + BODY_CHARS
        && bytes[..3].iter().all(u8::is_ascii_lowercase)
        && bytes[3] == b'_'
        && bytes[4..].iter().all(|b| is_crockford(*b))
}

/// Whether a text is a printed id with this prefix.
pub(crate) fn is_printed_as(text: &str, prefix: &str) -> bool {
    is_printed(text) && text.starts_with(prefix)
}

/// Whether a byte is of Crockford's alphabet, upper case.
pub(crate) const fn is_crockford(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z')
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, IdCipher};

    #[test]
    fn prefixes_are_three_letters_and_all_different() {
        let mut sorted = PREFIXES.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), PREFIXES.len());
        assert!(PREFIXES.iter().all(|p| p.len() == 3));
    }

    #[test]
    fn what_the_house_prints_is_recognised() {
        let cipher = IdCipher::new([7; 32]);
        for raw in 0..1_000 {
            let text = cipher.print(Id::<Donation>::from_raw(raw * 7_919));
            assert!(is_printed_as(&text, "don"), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "don_",
            "don_0123456789ABC",
            "don_0123456789ABCI",
            "DON_0123456789ABCD",
        ] {
            assert!(!is_printed(text), "{text}");
        }
    }
}
