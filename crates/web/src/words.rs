//! Chinese words for codes that the views carry as codes.

use app::view::WhoAmI;
use domain::funds::Class;
use domain::identity::Role;
use domain::{Sentence, say};
use kernel::Fen;

/// True if this person keeps users and roles, so that the way there is shown.
pub(crate) fn keeps_users(who: &WhoAmI) -> bool {
    who.roles
        .iter()
        .any(|role| role.starts_with(Role::Administrator.title()))
}

/// What a state of a gift is called.
pub(crate) fn gift_state(code: &str) -> &'static str {
    match code {
        "standing" => "已入账",
        "held" => "待处理",
        "reassigned" => "已转入其他活动",
        "refunded" => "已退款",
        "corrected" => "已更正",
        _ => "其他",
    }
}

/// The rule behind a class of payments, by what the class is called.
pub(crate) fn class_rule(title: &str) -> Option<&'static str> {
    let class = Class::ALL
        .into_iter()
        .find(|class| class.title() == title)?;
    Some(class.rule())
}

/// The summary of a leaf, its amount written as the reader's language writes amounts.
pub(crate) fn log_summary(summary: &str) -> Sentence {
    let amount = summary.strip_suffix('元').map(|text| text.replace(',', ""));
    match amount.and_then(|text| Fen::parse(&text).ok()) {
        Some(amount) => say!("{amount}", amount = amount),
        None => Sentence::known(summary),
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
