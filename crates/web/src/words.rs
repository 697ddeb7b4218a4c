//! Chinese words for codes that the views carry as codes.

/// What a state of a gift is called.
pub(crate) fn gift_state(code: &str) -> &'static str {
    match code {
        "standing" => "已入账",
        "held" => "待处理",
        "reassigned" => "已转入这个活动",
        "refunded" => "已退款",
        "corrected" => "已更正",
        _ => "其他",
    }
}

/// What a state of an import is called.
pub(crate) fn import_state(code: &str) -> &'static str {
    match code {
        "staged" => "已预检",
        "posting" => "正在入账",
        "posted" => "已入账",
        "undone" => "已撤销",
        _ => "其他",
    }
}

/// The words of a light, so that no colour stands alone.
pub(crate) fn light(code: &str) -> &'static str {
    match code {
        "red" => "红灯：已超期",
        "yellow" => "黄灯：快到期",
        "green" => "绿灯：在期限内",
        "paused" => "中止：不计时",
        "unknown" => "待定：放假安排未公布",
        _ => "不计时",
    }
}
