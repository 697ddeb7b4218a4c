//! The row of a gift against its leaf, and against the words under the leaf's one commitment.

use super::compare::{Difference, differs};
use super::recount::Recount;
use domain::fundraising::DONOR_WITHDRAWN;
use domain::parties::Display;
use kernel::Timestamp;
use leaf::{Kind, Leaf, Opening};
use serde_json::Value;
use store::audit::{DonationAuditRow, DonationWords, MoneyRow};

/// What the leaf of a gift does not say by itself, but what follows from it.
pub(super) fn derived(
    leaf: &Leaf,
    row: &DonationAuditRow,
    own: &[MoneyRow],
    recount: &Recount,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let name = format!("捐赠行 {}", leaf.id);
    let first = own.first().map_or(0, |movement| movement.id);
    let kept = (row.movement_first, row.movement_count);
    let stated = (first, own.len() as i64);
    differs(
        &mut found,
        "rows.donation_movements",
        (&name, "流转"),
        (format!("{kept:?}"), format!("{stated:?}")),
    );
    let paid = Timestamp::from_micros(row.paid_at);
    if leaf.kind != Kind::Gift {
        return found;
    }
    differs(
        &mut found,
        "rows.donation_paid_at",
        (&name, "付款日"),
        (paid.day().to_string(), leaf.time.day().to_string()),
    );
    let is_known = leaf.data.get("time_known") != Some(&leaf::Json::Bool(false));
    differs(
        &mut found,
        "rows.donation_time_known",
        (&name, "时间是否已知"),
        (row.time_known.to_string(), i64::from(is_known).to_string()),
    );
    // A held gift stands whole in the held fund, so that its leaf does not show the fee.
    if row.held_reason.is_empty() {
        let fee = leaf.moves.iter().filter(|movement| {
            let fund = movement.to.as_ref().map_or("", |side| side.fund.as_str());
            recount.is_fee_fund(fund)
        });
        let fee = fee.fold(0_i64, |sum, movement| sum.saturating_add(movement.n));
        differs(
            &mut found,
            "rows.donation_fee",
            (&name, "手续费"),
            (format!("{} 分", row.fee), format!("{fee} 分")),
        );
    }
    found
}

/// Name, message and time of a gift are under a commitment; what was erased is not compared.
pub(super) fn words(leaf: &Leaf, row: &DonationAuditRow, kept: &DonationWords) -> Vec<Difference> {
    let mut found = Vec::new();
    let name = format!("捐赠行 {}", leaf.id);
    let Ok(key) = <&[u8; 32]>::try_from(kept.key.as_slice()) else {
        let sentence = format!("{name} 的承诺密钥长度不对，请从备份恢复");
        return vec![("rows.donation_key", sentence)];
    };
    if let Err(error) = Opening::of(key, &leaf.id, "gift", &kept.opened).verify(leaf) {
        let sentence = format!("{name} 的非公开内容：{error}");
        return vec![("rows.donation_words", sentence)];
    }
    let (donor, message) = if leaf.kind == Kind::Gift {
        let Ok(opened) = serde_json::from_str::<Value>(&kept.opened) else {
            let sentence = format!("{name} 的非公开内容不是它应有的格式，请从备份恢复");
            return vec![("rows.donation_words", sentence)];
        };
        let said = |word: &str| opened.get(word).and_then(Value::as_str).unwrap_or_default();
        let at = Timestamp::from_micros(row.paid_at).rfc3339();
        differs(
            &mut found,
            "rows.donation_paid_at",
            (&name, "付款时间"),
            (at, said("at").to_owned()),
        );
        (said("donor").to_owned(), said("message").to_owned())
    } else {
        // A gift in kind commits to the giver's name alone.
        (kept.opened.clone(), String::new())
    };
    // Names are not repeated in findings: an audit is read by many.
    if kept.name != donor || kept.message != message {
        let sentence = format!("{name} 的捐赠人姓名或留言与它的承诺不符，请查明是谁改了数据库");
        found.push(("rows.donation_donor", sentence));
    }
    let shown = row.donor_public.as_str();
    let is_shown = shown == DONOR_WITHDRAWN
        || shown == donor.trim()
        || shown == Display::Masked.public_name(&donor)
        || shown == earlier_mask(&donor)
        || shown == Display::Anonymous.public_name(&donor);
    if !is_shown {
        let sentence = format!(
            "{name} 公开显示的捐赠人是“{shown}”，不是所承诺姓名的任何一种显示方式，请查明是谁改了数据库"
        );
        found.push(("rows.donation_shown", sentence));
    }
    found
}

/// The most stars between the first and the last character.
const EARLIER_STARS: usize = 3;

/// How 只公开姓氏 was shown before it left the family name alone: what was published then stays as it was.
fn earlier_mask(name: &str) -> String {
    let chars: Vec<char> = name.trim().chars().take(64).collect();
    match chars.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, between @ .., last] => {
            let stars = "*".repeat(between.len().min(EARLIER_STARS));
            format!("{first}{stars}{last}")
        }
    }
}
