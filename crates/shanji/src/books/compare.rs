//! One leaf against its rows: pure, so that every difference has a test.

use super::names::Names;
use crate::screen::yuan;
use kernel::{Day, Timestamp};
use leaf::{FundSide, Json, Kind, Leaf, LeafTime, Move, Opening, ids, stream_name};
use store::audit::{DonationAuditRow, MoneyRow, OpeningRow, SwapRow};

/// A difference: the stable code and what differs, in Chinese, naming the row.
pub(crate) type Difference = (&'static str, String);

/// Differences between a leaf's movements and their rows, which are in the order of their keys.
pub(crate) fn movements(leaf: &Leaf, rows: &[MoneyRow], names: &mut Names) -> Vec<Difference> {
    let owners = owners(leaf, names);
    let stated: Vec<&Move> = leaf.moves.iter().filter(|m| !is_transfer(m)).collect();
    let mut found = Vec::new();
    if stated.len() != rows.len() {
        let sentence = format!(
            "陈述有{}笔流转，数据库里有{}行，请查明缺少或多出的行",
            stated.len(),
            rows.len()
        );
        found.push(("rows.movement_count", sentence));
    }
    for (movement, row) in stated.iter().zip(rows) {
        let name = format!("流转行 {}", names.print::<ids::Movement>(row.id));
        compare_movement(movement, row, (names, &name), &mut found);
        compare_kind_and_time(leaf, row, &name, &mut found);
        compare_owners(row, owners, &name, &mut found);
    }
    found
}

/// Donation and matter of a leaf's movements, as far as its own id says them.
fn owners(leaf: &Leaf, names: &Names) -> (Option<i64>, Option<i64>) {
    let donation = names.read::<ids::Donation>(&leaf.id);
    let order = names.read::<ids::Disbursement>(&leaf.id);
    let matter = order.or_else(|| names.read::<ids::Delivery>(&leaf.id));
    // Whose gift a refund or a correction is, its reference says: the walk follows it.
    match super::fates::names_a_gift(leaf) {
        true => (None, matter),
        false => (donation.or(Some(0)), matter),
    }
}

fn compare_owners(
    row: &MoneyRow,
    owners: (Option<i64>, Option<i64>),
    name: &str,
    found: &mut Vec<Difference>,
) {
    let (donation, matter) = owners;
    if donation.is_some_and(|stated| row.donation.unwrap_or(0) != stated) {
        let sentence = format!("{name} 所记的捐赠不是陈述的那一笔，请查明是谁改了数据库");
        found.push(("rows.movement_donation", sentence));
    }
    // A repair belongs to a request of the house, which no leaf names.
    if matter.is_some() && row.matter != matter {
        let sentence = format!("{name} 所记的事项不是陈述的那一件，请查明是谁改了数据库");
        found.push(("rows.movement_matter", sentence));
    }
}

/// Whether a movement only changes the place; such have no row.
pub(crate) fn is_transfer(movement: &Move) -> bool {
    movement
        .from
        .as_ref()
        .is_some_and(|side| side.span.is_none())
}

pub(super) fn differs(
    found: &mut Vec<Difference>,
    code: &'static str,
    what: (&str, &str),
    sides: (String, String),
) {
    let (name, title) = what;
    let (row, stated) = sides;
    if row != stated {
        found.push((
            code,
            format!("{name} 的{title}是 {row}，陈述是 {stated}，请查明是谁改了数据库"),
        ));
    }
}

fn compare_movement(
    movement: &Move,
    row: &MoneyRow,
    context: (&mut Names, &str),
    found: &mut Vec<Difference>,
) {
    let (names, name) = context;
    if row.amount != movement.n {
        let sides = (format!("{} 分", row.amount), format!("{} 分", movement.n));
        differs(found, "rows.movement_amount", (name, "金额"), sides);
    }
    for (title, kept, stated) in [
        ("转出段", row.out, &movement.from),
        ("转入段", row.into, &movement.to),
    ] {
        let kept = kept_span(kept, names);
        let stated = stated.as_ref().map_or_else(|| "无".to_owned(), stated_span);
        differs(found, "rows.movement_span", (name, title), (kept, stated));
    }
    for (title, kept, stated) in [
        ("转出存放处", row.place_from, &movement.place_out),
        ("转入存放处", row.place_to, &movement.place_in),
    ] {
        let kept = kept.map_or("无", |place| names.place(place)).to_owned();
        let stated = stated.as_deref().unwrap_or("无").to_owned();
        differs(found, "rows.movement_place", (name, title), (kept, stated));
    }
}

fn kept_span(kept: [Option<i64>; 3], names: &mut Names) -> String {
    match kept {
        [None, None, None] => "无".to_owned(),
        [Some(fund), Some(start), Some(len)] => {
            format!(
                "{} [{start}, {})",
                names.fund(fund),
                start.saturating_add(len)
            )
        }
        _ => "残缺".to_owned(),
    }
}

fn stated_span(side: &FundSide) -> String {
    match side.span {
        Some((start, end)) => format!("{} [{start}, {end})", side.fund),
        None => side.fund.clone(),
    }
}

fn compare_kind_and_time(leaf: &Leaf, row: &MoneyRow, name: &str, found: &mut Vec<Difference>) {
    let word = leaf.kind.code().split('/').next().unwrap_or_default();
    // Goods that are given are a gift on the tape and goods in the log.
    if row.kind != word && !(word == "goods" && row.kind == "gift") {
        differs(
            found,
            "rows.movement_kind",
            (name, "类型"),
            (row.kind.clone(), word.to_owned()),
        );
    }
    if let LeafTime::Second(stated) = leaf.time {
        let kept = Timestamp::from_micros(row.at.div_euclid(1_000_000).saturating_mul(1_000_000));
        differs(
            found,
            "rows.movement_time",
            (name, "时间"),
            (kept.rfc3339(), stated.rfc3339()),
        );
    }
    if let Some(stated) = accounting_day(leaf) {
        differs(
            found,
            "rows.movement_day",
            (name, "记账日"),
            (day_text(row.day), stated.to_string()),
        );
    }
}

/// The accounting day as far as the leaf states it: gifts show their day, others name one that is not the day
/// of recording.
pub(crate) fn accounting_day(leaf: &Leaf) -> Option<Day> {
    match leaf.time {
        LeafTime::Day(day) => Some(day),
        LeafTime::Second(_) => leaf
            .data
            .get("acc")
            .and_then(Json::text)
            .and_then(|t| Day::parse(t).ok()),
    }
}

fn day_text(number: i64) -> String {
    i32::try_from(number).map_or_else(|_| number.to_string(), |n| Day::from_number(n).to_string())
}

/// Differences between a leaf's swaps and their rows, in the order of their keys.
pub(crate) fn swaps(leaf: &Leaf, rows: &[SwapRow], names: &mut Names) -> Vec<Difference> {
    let mut kept: Vec<(String, i64, i64, i64)> = rows
        .iter()
        .map(|row| (names.fund(row.fund).to_owned(), row.from, row.to, row.len))
        .collect();
    let mut stated: Vec<(String, i64, i64, i64)> = leaf
        .swaps
        .iter()
        .map(|s| (s.tape.clone(), s.from, s.to, s.len))
        .collect();
    // A run may be kept in pieces where earlier swaps had put its parts there.
    join(&mut kept);
    join(&mut stated);
    if kept == stated {
        return Vec::new();
    }
    let sentence = format!(
        "数据库里的换位行是 {kept:?}，陈述是 {stated:?}，追踪会指错捐赠，请查明是谁改了数据库"
    );
    vec![("rows.swap", sentence)]
}

fn join(runs: &mut Vec<(String, i64, i64, i64)>) {
    runs.sort();
    let mut joined: Vec<(String, i64, i64, i64)> = Vec::with_capacity(runs.len());
    for run in runs.drain(..) {
        match joined.last_mut() {
            Some(last)
                if last.0 == run.0
                    && last.1.saturating_add(last.3) == run.1
                    && last.2.saturating_add(last.3) == run.2 =>
            {
                last.3 = last.3.saturating_add(run.3);
            }
            _ => joined.push(run),
        }
    }
    *runs = joined;
}

/// Differences between the leaf of a gift and the row of its donation.
pub(crate) fn donation(
    at: (u64, &Leaf),
    row: &DonationAuditRow,
    names: &mut Names,
) -> Vec<Difference> {
    let (index, leaf) = at;
    let mut found = Vec::new();
    let name = format!("捐赠行 {}", leaf.id);
    if u64::try_from(row.leaf_index) != Ok(index) {
        let sides = (row.leaf_index.to_string(), index.to_string());
        differs(&mut found, "rows.donation_leaf", (&name, "陈述序号"), sides);
    }
    let stated = leaf
        .moves
        .iter()
        .fold(0_i64, |sum, m| sum.saturating_add(m.n));
    if row.amount != stated {
        let is_money = row.unit == "fen";
        let show = |n: i64| {
            if is_money {
                format!("{} 元", yuan(n))
            } else {
                n.to_string()
            }
        };
        differs(
            &mut found,
            "rows.donation_amount",
            (&name, "金额"),
            (show(row.amount), show(stated)),
        );
    }
    let organisation = names.print::<ids::Organisation>(row.organisation);
    let stated = leaf.organisation.clone().unwrap_or_default();
    differs(
        &mut found,
        "rows.donation_organisation",
        (&name, "组织"),
        (organisation, stated),
    );
    let day = leaf.time.day().to_string();
    differs(
        &mut found,
        "rows.donation_day",
        (&name, "日期"),
        (day_text(row.day), day),
    );
    if leaf.kind == Kind::Gift {
        let word = |key| {
            leaf.data
                .get(key)
                .and_then(Json::text)
                .unwrap_or_default()
                .to_owned()
        };
        differs(
            &mut found,
            "rows.donation_channel",
            (&name, "渠道"),
            (row.channel.clone(), word("ch")),
        );
        let held = (row.held_reason.clone(), word("held"));
        differs(
            &mut found,
            "rows.donation_held",
            (&name, "待处理原因"),
            held,
        );
    }
    compare_campaign(leaf, row, (names, &name), &mut found);
    found
}

/// What became of a gift is compared at the end; one that stands as it began still names its first campaign.
fn compare_campaign(
    leaf: &Leaf,
    row: &DonationAuditRow,
    context: (&Names, &str),
    found: &mut Vec<Difference>,
) {
    let (names, name) = context;
    if row.state != super::fates::birth(&row.held_reason) {
        return;
    }
    let stated = leaf
        .streams
        .iter()
        .find(|(name, _)| name.starts_with("camp/"));
    let stated = stated.map_or("无", |(name, _)| name).to_owned();
    let kept = row.campaign.map(|raw| names.print::<ids::Campaign>(raw));
    let kept = kept
        .and_then(|id| stream_name(&id))
        .unwrap_or_else(|| "无".to_owned());
    differs(
        found,
        "rows.donation_campaign",
        (name, "募捐活动"),
        (kept, stated),
    );
}

/// Differences between a leaf's commitments and the public words that are kept beside it.
pub(crate) fn openings(leaf: &Leaf, rows: &[OpeningRow]) -> Vec<Difference> {
    let mut found = Vec::new();
    for field in leaf.commitments.keys() {
        // The one commitment of a gift opens for its donor alone.
        if field != "gift" && !rows.iter().any(|row| row.field == *field) {
            let sentence = format!("陈述承诺了公开文字“{field}”，数据库里没有它的行，行被删除");
            found.push(("rows.opening_missing", sentence));
        }
    }
    for row in rows
        .iter()
        .filter(|row| !row.is_withdrawn && !row.is_lost())
    {
        let Ok(salt) = <[u8; 32]>::try_from(row.salt.as_slice()) else {
            let sentence = format!("公开文字“{}”的盐长度不对，请从备份恢复", row.field);
            found.push(("rows.opening", sentence));
            continue;
        };
        let opening = Opening {
            field: row.field.clone(),
            salt,
            value: row.value.clone(),
        };
        if let Err(error) = opening.verify(leaf) {
            found.push(("rows.opening", format!("公开文字行：{error}")));
        }
    }
    found
}
