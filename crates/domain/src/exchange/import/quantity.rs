//! How much of which goods: whole numbers of plain units, or a reason why not.

use super::limits::{GOODS_MAX, UNIT_CHARS};
use super::reject::Reject;
use super::row::{half_width, told};
use crate::{Sentence, say};

/// 〔数量〕 A whole number of a plain unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// How many, above zero.
    pub number: i64,
    /// Of what: 箱, 件, 人份.
    pub unit: String,
    /// What the unit column says beside the unit, for example `36套/件`: kept as a text
    /// and never multiplied, because the lists use it in more than one sense.
    pub packing: String,
}

/// Reads what the two columns say together: `198箱` and nothing, or `198` and `箱`, or
/// `198箱` and a note on packing.
pub(crate) fn read_quantity(quantity: &str, unit: &str) -> Result<Quantity, Reject> {
    let quantity: String = quantity.chars().map(half_width).collect();
    let unit: String = unit.chars().map(half_width).collect();
    let (number, behind) = number(quantity.trim())?;
    let unit = unit.trim();
    if behind.is_empty() {
        return match unit {
            "" => Err(reject("goods.no_unit", "只有数字没有单位")),
            _ if is_unit(unit) => Ok(Quantity {
                number,
                unit: unit.to_owned(),
                packing: String::new(),
            }),
            _ => Err(reject(
                "goods.unit",
                say!("单位“{cell}”不是一个单位", cell = told(unit)),
            )),
        };
    }
    if behind.starts_with(['余', '多', '几', '来']) {
        return Err(reject("goods.inexact", "数量不是确数"));
    }
    if !is_unit(behind) {
        return Err(reject(
            "goods.unit",
            say!("数量后面的“{cell}”不是一个单位", cell = told(behind)),
        ));
    }
    if is_unit(unit) && unit != behind {
        return Err(reject(
            "goods.two_units",
            say!(
                "数量写着{behind}，单位栏写着{unit}",
                behind = told(behind),
                unit = told(unit)
            ),
        ));
    }
    let packing = if unit == behind { "" } else { unit };
    Ok(Quantity {
        number,
        unit: behind.to_owned(),
        packing: packing.to_owned(),
    })
}

/// The number at the head of a quantity and what stands behind it.
fn number(quantity: &str) -> Result<(i64, &str), Reject> {
    let Some(first) = quantity.chars().next() else {
        return Err(reject("goods.no_quantity", "没有数量"));
    };
    if matches!(first, '约' | '近' | '若' | '几' | '数' | '半') {
        return Err(reject("goods.inexact", "数量不是确数"));
    }
    let end = quantity
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(quantity.len());
    let (digits, behind) = quantity.split_at(end);
    let behind = behind.trim_start();
    if digits.is_empty() {
        return Err(reject("goods.no_number", "数量不是阿拉伯数字"));
    }
    if behind.starts_with(['.', '/', '分', '半', '½', ',']) {
        return Err(reject("goods.fraction", "数量不是整数"));
    }
    if behind.starts_with(['-', '~', '—', '–', '至', '到', '或', '、']) {
        return Err(reject("goods.range", "数量是一个范围"));
    }
    match digits.parse::<i64>() {
        Ok(0) => Err(reject("goods.zero", "数量是零")),
        Ok(number) if number <= GOODS_MAX => Ok((number, behind)),
        _ => Err(reject("goods.too_many", "数量太大")),
    }
}

/// One to three Chinese characters that count things.
fn is_unit(text: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    (1..=UNIT_CHARS).contains(&text.chars().count()) && text.chars().all(han)
}

fn reject(code: &'static str, what: impl Into<Sentence>) -> Reject {
    let what = what.into();
    Reject::new(
        code,
        say!(
            "{what}，不能记入物资账，请查明整数数量和单位后再导入这一行。",
            what
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(quantity: &str, unit: &str, want: Result<(i64, &str, &str), &str>) {
        let got = read_quantity(quantity, unit);
        let got = got
            .as_ref()
            .map(|q| (q.number, q.unit.as_str(), q.packing.as_str()))
            .map_err(|reject| reject.code);
        assert_eq!(got, want, "{quantity:?} {unit:?}");
    }

    #[test]
    fn number_and_unit() {
        check("198箱", "", Ok((198, "箱", "")));
        check("12000 支", "", Ok((12000, "支", "")));
        check("１０　箱", "箱", Ok((10, "箱", "")));
        check("198", "箱", Ok((198, "箱", "")));
        check("20人份", "", Ok((20, "人份", "")));
        check("5", "小箱", Ok((5, "小箱", "")));
        check("300箱", "36套/件", Ok((300, "箱", "36套/件")));
        check("375件", "20191105", Ok((375, "件", "20191105")));
    }

    #[test]
    fn nothing_is_guessed() {
        check("", "", Err("goods.no_quantity"));
        check("", "80盒/件", Err("goods.no_quantity"));
        check("8", "", Err("goods.no_unit"));
        check("240", "0.5g/支", Err("goods.unit"));
        check("5kg", "", Err("goods.unit"));
        check("12件*100个", "", Err("goods.unit"));
        check("3箱", "件", Err("goods.two_units"));
        for (text, code) in [
            ("一批", "goods.no_number"),
            ("-5箱", "goods.no_number"),
            ("约100箱", "goods.inexact"),
            ("100余箱", "goods.inexact"),
            ("若干", "goods.inexact"),
            ("1.5吨", "goods.fraction"),
            ("1/2箱", "goods.fraction"),
            ("1,000箱", "goods.fraction"),
            ("3半箱", "goods.fraction"),
            ("10-20箱", "goods.range"),
            ("10至20箱", "goods.range"),
            ("0箱", "goods.zero"),
            ("1000000000001箱", "goods.too_many"),
            ("99999999999999999999箱", "goods.too_many"),
        ] {
            check(text, "", Err(code));
        }
    }
}
