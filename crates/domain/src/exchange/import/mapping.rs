//! Lists of gifts that are none of the known ones: where their fields stand is proposed from the headings, corrected
//! by a clerk, and kept as a short text, so that the next list of the same headings is read without asking.

use super::bills::{Bill, Field};
use super::gift::Channel;
use super::gifts::GiftColumns;
use super::row::heading;

/// The fields that a clerk may say the place of, with a stable code, a name and words that headings use for them. The
/// longer words stand first: 捐赠金额 is an amount and no donor.
const FIELDS: [(Field, &str, &str, &[&str]); 8] = [
    (
        Field::Number,
        "number",
        "渠道单号",
        &[
            "渠道单号",
            "订单号",
            "交易号",
            "流水号",
            "凭证号",
            "收据号",
            "票据号",
            "单号",
            "编号",
            "序号",
        ],
    ),
    (
        Field::Amount,
        "amount",
        "金额",
        &[
            "捐赠金额",
            "捐款金额",
            "到账金额",
            "收入金额",
            "贷方",
            "金额",
            "捐款数",
            "元",
        ],
    ),
    (
        Field::Time,
        "time",
        "时间",
        &[
            "到账时间",
            "交易时间",
            "捐赠时间",
            "时间",
            "到账日期",
            "交易日期",
            "捐赠日期",
            "日期",
        ],
    ),
    (
        Field::Name,
        "name",
        "姓名",
        &[
            "捐赠人",
            "捐款人",
            "捐赠者",
            "捐赠方",
            "付款人",
            "对方户名",
            "户名",
            "姓名",
            "名称",
            "单位",
        ],
    ),
    (
        Field::Note,
        "note",
        "备注",
        &["备注", "附言", "摘要", "留言", "用途"],
    ),
    // Before the channel, whose words it holds too.
    (
        Field::Display,
        "display",
        "公开方式",
        &["公开方式", "署名方式", "公示方式", "署名"],
    ),
    (
        Field::Channel,
        "channel",
        "渠道",
        &["支付方式", "捐赠方式", "付款方式", "渠道", "方式", "来源"],
    ),
    (Field::Fee, "fee", "手续费", &["手续费", "服务费"]),
];

/// A field that a clerk may say the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappedField {
    /// Which.
    pub field: Field,
    /// Its stable code.
    pub code: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// True if no gift can be read without it.
    pub needed: bool,
}

/// All fields that can be mapped, in the order in which they are asked.
#[must_use]
pub fn mapped_fields() -> Vec<MappedField> {
    let needed = |field: Field| Field::NEEDED.iter().any(|(known, _)| *known == field);
    let field = |row: &(Field, &'static str, &'static str, &[&str])| MappedField {
        field: row.0,
        code: row.1,
        title: row.2,
        needed: needed(row.0),
    };
    FIELDS.iter().map(field).collect()
}

/// 〔栏目对应〕 Where each field stands, by the clerk's word or our proposal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    places: Vec<(&'static str, usize)>,
}

impl Mapping {
    /// What the headings propose. A heading is given to one field only.
    #[must_use]
    pub fn propose(cells: &[String]) -> Mapping {
        let headings: Vec<String> = cells.iter().map(|cell| heading(cell)).collect();
        let mut taken = vec![false; headings.len()];
        let mut mapping = Mapping::default();
        for (_, code, _, words) in FIELDS {
            let found = words.iter().find_map(|word| {
                let fits = |at: &usize| {
                    let free = taken.get(*at).is_some_and(|taken| !taken);
                    free && headings
                        .get(*at)
                        .is_some_and(|heading| heading.contains(word))
                };
                (0..headings.len()).find(fits)
            });
            if let Some(at) = found {
                if let Some(slot) = taken.get_mut(at) {
                    *slot = true;
                }
                mapping.places.push((code, at));
            }
        }
        mapping
    }

    /// What a clerk chose: code of the field and column from 0; unknown codes are left out.
    #[must_use]
    pub fn chosen<'a>(pairs: impl Iterator<Item = (&'a str, usize)>) -> Mapping {
        let mut mapping = Mapping::default();
        for (code, at) in pairs {
            let known = FIELDS.iter().find(|row| row.1 == code);
            if let Some((_, code, ..)) = known
                && mapping.place(code).is_none()
            {
                mapping.places.push((code, at));
            }
        }
        mapping
    }

    /// Where a field stands, counted from 0.
    #[must_use]
    pub fn place(&self, code: &str) -> Option<usize> {
        let found = self.places.iter().find(|(known, _)| *known == code);
        found.map(|(_, at)| *at)
    }

    /// The names of the needed fields that have no place, or share one with another field.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let double = |at: usize| self.places.iter().filter(|(_, other)| *other == at).count() > 1;
        mapped_fields()
            .into_iter()
            .filter(|field| field.needed && self.place(field.code).is_none_or(double))
            .map(|field| field.title)
            .collect()
    }

    /// As a short text that [`Mapping::parse`] reads again.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = self.places.iter().map(|(code, at)| format!("{code}:{at}"));
        parts.collect::<Vec<_>>().join(",")
    }

    /// What [`Mapping::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Mapping> {
        let mut pairs = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (code, at) = part.split_once(':')?;
            pairs.push((code, at.parse().ok()?));
        }
        Some(Mapping::chosen(pairs.into_iter()))
    }

    /// The columns of a list with this heading.
    #[must_use]
    pub fn columns(&self, width: usize) -> GiftColumns {
        let mut columns = GiftColumns::none((Bill::Template, Channel::Unsaid), width);
        for (field, code, ..) in FIELDS {
            if let Some(at) = self.place(code).filter(|at| *at < width) {
                columns = columns.with(field, Some(at));
            }
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headings: &[&str], want: &str, missing: &[&str]) {
        let cells: Vec<String> = headings.iter().map(|cell| (*cell).to_owned()).collect();
        let mapping = Mapping::propose(&cells);
        assert_eq!(mapping.text(), want);
        assert_eq!(mapping.missing(), missing);
        assert_eq!(Mapping::parse(want), Some(mapping));
    }

    #[test]
    fn headings_propose_their_fields() {
        check(
            &["序号", "捐赠人", "捐赠金额（元）", "到账日期", "附言"],
            "number:0,amount:2,time:3,name:1,note:4",
            &[],
        );
        check(
            &[
                "日期",
                "对方户名",
                "贷方发生额",
                "摘要",
                "流水号",
                "支付方式",
            ],
            "number:4,amount:2,time:0,name:1,note:3,channel:5",
            &[],
        );
        check(
            &["单号", "金额", "日期", "捐赠人", "公开方式", "方式"],
            "number:0,amount:1,time:2,name:3,display:4,channel:5",
            &[],
        );
        check(&["姓名", "捐款"], "name:0", &["渠道单号", "金额", "时间"]);
        check(&[], "", &["渠道单号", "金额", "时间"]);
    }

    #[test]
    fn one_column_is_not_two_needed_fields() {
        let mapping = Mapping::parse("number:0,amount:0,time:1").unwrap();
        assert_eq!(mapping.missing(), ["渠道单号", "金额"]);
        assert_eq!(Mapping::parse("number:x"), None);
        assert_eq!(Mapping::parse("nobody:1"), Some(Mapping::default()));
    }
}
