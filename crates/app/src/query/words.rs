//! Words of codes that stand in rows: channels, states, marks, measures.

use domain::exchange::import::Channel;
use domain::{Sentence, say};
use kernel::Fen;

/// How money came, in Chinese; a code that nobody named is shown as it is.
pub(crate) fn channel(code: &str) -> String {
    match code {
        "demo" => "演示支付".into(),
        "counter" => "柜台".into(),
        "goods" => "实物捐赠".into(),
        _ => Channel::parse(code).map_or_else(|| code.to_string(), |c| c.name().to_string()),
    }
}

/// All ways by which money or goods come: codes and words.
pub(crate) fn channels() -> Vec<(String, String)> {
    let ours = ["demo", "counter", "goods"];
    let codes = ours.into_iter().chain(Channel::codes());
    codes
        .map(|code| (code.to_string(), channel(code)))
        .collect()
}

/// What a state of a gift is called.
pub(crate) fn gift_state(code: &str) -> &str {
    match code {
        "standing" => "已入账",
        "held" => "待处理",
        "reassigned" => "已转入这个活动",
        "refunded" => "已退款",
        "corrected" => "已更正",
        other => other,
    }
}

/// All states of a gift: codes and words.
pub(crate) fn gift_states() -> Vec<(String, String)> {
    ["standing", "held", "reassigned", "refunded", "corrected"]
        .into_iter()
        .map(|code| (code.to_string(), gift_state(code).to_string()))
        .collect()
}

/// What a state of an import is called.
pub(crate) fn import_state(code: &str) -> &str {
    match code {
        "staged" => "已预检",
        "posting" => "正在入账",
        "posted" => "已入账",
        "undone" => "已撤销",
        other => other,
    }
}

/// All states of an import: codes and words.
pub(crate) fn import_states() -> Vec<(String, String)> {
    ["staged", "posting", "posted", "undone"]
        .into_iter()
        .map(|code| (code.to_string(), import_state(code).to_string()))
        .collect()
}

/// A mark on the data of an organisation.
pub(crate) fn mark(code: &str) -> String {
    match code {
        "date_unknown" => "登记日期未知",
        "date_incomplete" => "登记日期不完整",
        "date_wrong" => "登记日期无法识别",
        "name_mojibake" => "名称有乱码",
        "name_question_mark" => "名称有字符丢失",
        "name_full_width" => "名称含全角字母或数字",
        "name_blank" => "名称中间有空格",
        "no_document" => "来源没有给出文件",
        "document_variants" => "来源给出多种文件写法",
        "document_mojibake" => "文件名有乱码",
        other => other,
    }
    .to_string()
}

/// What an announced total measures.
pub(crate) fn measure(code: &str) -> Sentence {
    match code {
        "unionpay" => "银联收款".into(),
        "items" => "名单合计".into(),
        "items_cumulative" => "名单累计".into(),
        "expected_remaining" => "推算结余".into(),
        "day" => "当日接收".into(),
        "cumulative" => "累计接收".into(),
        "cumulative_usd" => "累计接收外币（折合人民币）".into(),
        "disbursed" => "当日拨付".into(),
        "disbursed_cumulative" => "累计拨付".into(),
        other => say!("{channel}收款", channel = Sentence::known(&channel(other))),
    }
}

/// A step of a matter.
pub(crate) fn step(code: &str) -> String {
    match code {
        "request" => "申请",
        "check" => "复核",
        "approve" => "批准",
        "pay" => "付款",
        "refuse" => "退回",
        "confirm" => "确认",
        other => other,
    }
    .to_string()
}

/// `50.00元`, or `20 箱` for goods: the last part of a goods fund's unit is what is counted.
pub(crate) fn quantity(amount: i64, unit: &str) -> String {
    if unit == "fen" {
        format!("{}元", Fen::new(amount).grouped())
    } else {
        format!("{amount}{}", unit_word(unit))
    }
}

/// The counting word of a unit: `口罩|N95|箱` counts 箱.
pub(crate) fn unit_word(unit: &str) -> &str {
    unit.rsplit('|').next().unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_with_their_unit() {
        for (amount, unit, want) in [
            (5_000, "fen", "50.00元"),
            (3, "口罩|N95|箱", "3箱"),
            (7, "件", "7件"),
        ] {
            assert_eq!(quantity(amount, unit), want);
        }
    }

    #[test]
    fn codes_are_said_in_words() {
        for (got, want) in [
            (channel("alipay"), "支付宝"),
            (channel("demo"), "演示支付"),
            (channel("nobody_knows"), "nobody_knows"),
            (measure("cash").to_string(), "现金收款"),
            (measure("day").to_string(), "当日接收"),
            (step("check"), "复核"),
            (mark("date_incomplete"), "登记日期不完整"),
        ] {
            assert_eq!(got, want);
        }
    }
}
