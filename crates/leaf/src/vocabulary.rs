//! The words that may stand in the data of a leaf, each with the form of its value.
//!
//! The list is closed: whoever needs a new fact in public adds a row here and to the rules
//! of its kind, and reviewers see it. Free text and people's names have no row; they are
//! commitments.

use crate::digest::{digest_parse, signature_parse};
use crate::ids::{is_printed, is_printed_as};
use crate::json::Json;
use crate::limits::{CODE_BYTES, FILES, NAME_CHARS, UNIT_CHARS};
use kernel::{Day, RegionCode, Uscc};
use std::collections::BTreeMap;

/// A word of the data.
#[derive(Debug)]
pub struct Word {
    /// The key in `d`.
    pub key: &'static str,
    /// The form of its value.
    pub form: Form,
    /// What it means, for pages.
    pub title: &'static str,
}

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// True or false.
    Truth,
    /// An integer from 0.
    Count,
    /// Letters, digits and `_ . : / -`, at most [`CODE_BYTES`].
    Code,
    /// The name of a legal person or a legal text, at most [`NAME_CHARS`].
    Name,
    /// The name of a unit of goods, or `fen`.
    Unit,
    /// A Beijing day.
    Day,
    /// A month, `2026-11`.
    Month,
    /// A region's code of 2, 4, 6, 9 or 12 digits.
    Region,
    /// A unified social credit code.
    Uscc,
    /// A decimal number with a point, as text.
    Decimal,
    /// 〔备案编号〕 The number of a filed campaign; begins with a unified code.
    Filing,
    /// A printed id with this prefix; any if empty.
    Id(&'static str),
    /// A digest of 32 bytes.
    Digest,
    /// Digests.
    Digests,
    /// Files: digest, length in bytes and media type of each.
    Files,
    /// Two counts: so many of the one are so many of the other.
    Ratio,
    /// The origin of a log.
    Origin,
    /// The public key of a log, `name+hash+base64`.
    Key,
    /// A signature of 64 bytes in base64url.
    Signature,
}

const fn row(key: &'static str, form: Form, title: &'static str) -> Word {
    Word { key, form, title }
}

/// Every word, in alphabetical order.
pub static VOCABULARY: &[Word] = &[
    row("acc", Form::Day, "记账日"),
    row("account", Form::Code, "会计科目"),
    row("admin_share", Form::Count, "管理费比例（万分之）"),
    row("amount", Form::Count, "金额（分）"),
    row("assumed", Form::Truth, "是假定"),
    row("before", Form::Count, "此前的叶数"),
    row("bill", Form::Digest, "账单摘要"),
    row("by", Form::Code, "公布者"),
    row("camp", Form::Id("cam"), "募捐活动"),
    row("ch", Form::Code, "渠道"),
    row("class", Form::Code, "类别"),
    row("county", Form::Region, "县"),
    row("cur", Form::Code, "原币种"),
    row("day", Form::Day, "日期"),
    row("directory", Form::Digest, "名录规则的摘要"),
    row("document", Form::Name, "文号"),
    row("donor_kind", Form::Code, "捐赠人类别"),
    row("ends", Form::Day, "结束日"),
    row("entered_later", Form::Truth, "事后补录"),
    row("evidence", Form::Digests, "凭证摘要"),
    row("fee", Form::Count, "手续费（分）"),
    row("field", Form::Code, "哪一项"),
    row("files", Form::Files, "文件"),
    row("filing", Form::Filing, "备案编号"),
    row("from", Form::Day, "自"),
    row("fund", Form::Id("fnd"), "资金"),
    row("gross", Form::Count, "毛额（分）"),
    row("held", Form::Code, "待处理原因"),
    row("investable", Form::Truth, "可投资"),
    row("item", Form::Id("itm"), "物资品目"),
    row("key", Form::Key, "公钥"),
    row("kind", Form::Code, "类型"),
    row("law", Form::Name, "依据"),
    row("line", Form::Count, "行号"),
    row("matter", Form::Id("mat"), "办件"),
    row("measure", Form::Code, "指标"),
    row("month", Form::Month, "月份"),
    row("name", Form::Name, "名称"),
    row("number", Form::Count, "数量"),
    row("office", Form::Name, "决定机关"),
    row("old", Form::Key, "旧公钥"),
    row("online", Form::Truth, "可在线捐赠"),
    row("orig", Form::Count, "原币金额（最小单位）"),
    row("origin", Form::Origin, "日志来源"),
    row("partner", Form::Id("org"), "执行机构"),
    row("payee", Form::Name, "收款单位"),
    row("payee_kind", Form::Code, "收款方类别"),
    row("persons", Form::Count, "人数"),
    row("program", Form::Code, "程序版本"),
    row("proof", Form::Signature, "新公钥的签名"),
    row("public_until", Form::Day, "公示至"),
    row("published", Form::Day, "公布日"),
    row("rate", Form::Decimal, "汇率"),
    row("ratio", Form::Ratio, "换算比例"),
    row("reason", Form::Code, "原因代码"),
    row("region", Form::Region, "行政区划"),
    row("register", Form::Code, "登记簿"),
    row("registered", Form::Day, "登记日"),
    row("restriction", Form::Code, "限定"),
    row("root", Form::Digest, "索引的根"),
    row("rules", Form::Digest, "索引规则的摘要"),
    row("run", Form::Id("imp"), "导入批次"),
    row("scheme_day", Form::Day, "送达日"),
    row("share", Form::Code, "份额"),
    row("sm3", Form::Digest, "SM3 根"),
    row("source", Form::Code, "来源"),
    row("source_id", Form::Code, "来源编号"),
    row("start", Form::Day, "启用日"),
    row("starts", Form::Day, "开始日"),
    row("state", Form::Code, "状态"),
    row("successor", Form::Id("org"), "承继单位"),
    row("sum", Form::Count, "合计（分）"),
    row("target", Form::Count, "目标（分）"),
    row("time_known", Form::Truth, "时间已知"),
    row("unit", Form::Unit, "单位"),
    row("until", Form::Day, "至"),
    row("uscc", Form::Uscc, "统一社会信用代码"),
    row("value", Form::Count, "公允价值（分）"),
    row("version", Form::Count, "版本"),
];

/// The row of a key.
pub(crate) fn word(key: &str) -> Option<&'static Word> {
    VOCABULARY
        .binary_search_by(|word| word.key.cmp(key))
        .ok()
        .and_then(|at| VOCABULARY.get(at))
}

impl Form {
    /// Whether a value has this form.
    #[must_use]
    pub fn accepts(self, value: &Json) -> bool {
        match (self, value) {
            (Form::Truth, Json::Bool(_)) => true,
            (Form::Count, Json::Int(count)) => *count >= 0,
            (Form::Digests, Json::List(list)) => {
                list.len() <= FILES && list.iter().all(|item| Form::Digest.accepts(item))
            }
            (Form::Files, Json::List(list)) => list.len() <= FILES && list.iter().all(is_file),
            (Form::Ratio, Json::List(list)) => {
                list.len() == 2 && list.iter().all(|item| item.int().is_some_and(|n| n > 0))
            }
            (form, Json::Text(text)) => form.accepts_text(text),
            _ => false,
        }
    }

    pub(crate) fn accepts_text(self, text: &str) -> bool {
        match self {
            Form::Code => is_code(text),
            Form::Name => is_line(text, NAME_CHARS),
            Form::Unit => is_line(text, UNIT_CHARS),
            Form::Day => Day::parse(text).is_ok(),
            Form::Month => Day::parse(&format!("{text}-01")).is_ok(),
            Form::Region => RegionCode::parse(text).is_ok_and(|r| r.as_str() == text),
            Form::Uscc => Uscc::parse(text).is_ok_and(|u| u.as_str() == text),
            Form::Decimal => is_decimal(text),
            Form::Filing => is_filing(text),
            Form::Id("") => is_printed(text),
            Form::Id(prefix) => is_printed_as(text, prefix),
            Form::Digest => digest_parse(text).is_some(),
            Form::Origin => is_origin(text),
            Form::Key => is_verifier_key(text),
            Form::Signature => signature_parse(text).is_some(),
            Form::Truth | Form::Count | Form::Digests | Form::Files | Form::Ratio => false,
        }
    }

    /// Whether the form leaves room for a telephone, an identity or a card. The other forms
    /// prove themselves: a region is a region although it has twelve digits.
    pub(crate) const fn is_open(self) -> bool {
        matches!(
            self,
            Form::Code | Form::Name | Form::Unit | Form::Decimal | Form::Origin
        )
    }
}

fn is_code(text: &str) -> bool {
    (1..=CODE_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.:/-".contains(&b))
}

/// One line of text without control characters, not empty, without blanks at its ends.
fn is_line(text: &str, chars: usize) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= chars
        && !text.chars().any(char::is_control)
}

fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 20
        && text
            .split_once('.')
            .map_or_else(|| digits(text), |(a, b)| digits(a) && digits(b))
}

/// The unified code of the charity, then letters and digits that count its campaigns.
fn is_filing(text: &str) -> bool {
    text.split_at_checked(18).is_some_and(|(uscc, rest)| {
        Form::Uscc.accepts_text(uscc)
            && (1..=12).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

fn is_origin(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'+' && b != b'"' && b != b'\\')
}

/// The form only; whether it is a key is for `tlog` to say.
fn is_verifier_key(text: &str) -> bool {
    let mut parts = text.splitn(3, '+');
    let name = parts.next().is_some_and(is_origin);
    let hash = parts
        .next()
        .is_some_and(|h| h.len() == 8 && h.bytes().all(|b| b.is_ascii_hexdigit()));
    let key = parts.next().is_some_and(|k| {
        (40..=2_800).contains(&k.len())
            && k.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
    });
    name && hash && key
}

/// `{"len":…,"mime":…,"sha256":…}`, with an `sm3` beside it where an inspection asks.
fn is_file(value: &Json) -> bool {
    let Json::Map(map) = value else { return false };
    let has = |key: &str, form: Form| map.get(key).is_some_and(|value| form.accepts(value));
    let sm3 = map
        .get("sm3")
        .is_none_or(|value| Form::Digest.accepts(value));
    let words = 3 + usize::from(map.contains_key("sm3"));
    map.len() == words && sm3 && is_file_core(map, has)
}

fn is_file_core(map: &BTreeMap<String, Json>, has: impl Fn(&str, Form) -> bool) -> bool {
    let mime = map.get("mime").and_then(Json::text).is_some_and(|mime| {
        mime.len() <= 100
            && mime
                .split_once('/')
                .is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
            && mime
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/.+-".contains(&b))
    });
    mime && has("len", Form::Count) && has("sha256", Form::Digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: Form, value: impl Into<Json>, expected: bool) {
        let value = value.into();
        assert_eq!(form.accepts(&value), expected, "{form:?} {value:?}");
    }

    #[test]
    fn the_vocabulary_is_in_order() {
        assert!(VOCABULARY.is_sorted_by(|a, b| a.key < b.key));
    }

    #[test]
    fn values_have_their_form() {
        check(Form::Truth, true, true);
        check(Form::Truth, 1, false);
        check(Form::Count, 0, true);
        check(Form::Count, -1, false);
        check(Form::Code, "wechat", true);
        check(Form::Code, "微信", false);
        check(Form::Code, "", false);
        check(Form::Name, "浙江省慈善联合总会", true);
        check(Form::Name, " 慈善", false);
        check(Form::Name, "善\n善", false);
        check(Form::Name, "善".repeat(NAME_CHARS + 1), false);
        check(Form::Day, "2026-02-29", false);
        check(Form::Day, "2024-02-29", true);
        check(Form::Month, "2026-11", true);
        check(Form::Month, "2026-13", false);
        check(Form::Region, "330106", true);
        check(Form::Region, "330100", false);
        check(Form::Decimal, "7.1234", true);
        check(Form::Decimal, "7.", false);
        check(Form::Id("org"), "org_0123456789ABCD", true);
        check(Form::Id("org"), "fnd_0123456789ABCD", false);
        check(Form::Ratio, vec![Json::Int(1), Json::Int(50)], true);
        check(Form::Ratio, vec![Json::Int(0), Json::Int(50)], false);
        check(Form::Origin, "log.example.org.cn/gongyi", true);
        check(Form::Origin, "log example", false);
    }

    #[test]
    fn a_file_is_digest_length_and_type() {
        let digest = crate::digest_text(&[1; 32]);
        let file = [
            ("len", Json::Int(5)),
            ("mime", "image/png".into()),
            ("sha256", digest.into()),
        ];
        check(Form::Files, vec![Json::from(file.clone())], true);
        let [len, mime, _] = file;
        check(Form::Files, vec![Json::from([len, mime])], false);
    }
}
