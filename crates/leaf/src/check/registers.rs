//! The registers of organisations, told again from their leaves alone.
//!
//! An entry counts from the leaf that states it until a later entry of the same register corrects it. On a day the
//! entry counts that begins last, and of several that begin on one day the one that was recorded last: it takes the
//! place of those before it, also when its own last day has come. Only what interrupts (a suspension, an order to stop)
//! gives way at its end to what was before. What is final has no last day.
//! The decisions of the house follow the same rule in code that shares nothing with this.

use super::report::Findings;
use crate::envelope::LeafTime;
use crate::json::Json;
use crate::kind::Kind;
use crate::limits::REGISTER_ENTRIES;
use crate::view::LeafView;
use kernel::Day;
use std::collections::BTreeMap;

/// What may be entered, and for standings in which states.
const ITEMS: &[(&str, &[&str])] = &[
    (
        "legal",
        &[
            "in_force",
            "ordered_stop",
            "terminating",
            "liquidating",
            "deregistered",
            "revoked",
        ],
    ),
    ("charity", &["registered", "recognised", "ended"]),
    (
        "fundraising",
        &["valid", "suspended", "revoked", "surrendered", "lapsed"],
    ),
    ("deduction", &["valid", "ended"]),
    ("name", &[]),
    ("domicile", &[]),
    ("scope", &[]),
    ("representative", &[]),
    ("charter", &[]),
    ("chair", &[]),
    ("secretary", &[]),
    ("grade", &["5a", "4a", "3a", "2a", "1a", "ended"]),
    ("successor", &[]),
    ("report", &[]),
];

/// What may begin later than it is recorded: a grade counts from the first of January after it was announced.
const LATER: &[&str] = &["grade"];

/// What interrupts and gives way again at its end.
const INTERRUPTS: &[&str] = &["suspended", "ordered_stop"];

/// What ends only by a later entry.
const FINAL: &[(&str, &str)] = &[
    ("legal", "terminating"),
    ("legal", "liquidating"),
    ("legal", "deregistered"),
    ("legal", "revoked"),
    ("charity", "ended"),
    ("fundraising", "revoked"),
    ("fundraising", "surrendered"),
    ("fundraising", "lapsed"),
    ("deduction", "ended"),
    ("grade", "ended"),
];

struct Entry {
    hash: [u8; 32],
    item: String,
    state: String,
    from: Day,
    until: Option<Day>,
    is_corrected: bool,
}

/// 〔登记簿〕 The registers of all organisations.
#[derive(Default)]
pub(super) struct Registers {
    of: BTreeMap<String, Vec<Entry>>,
    kept: usize,
}

impl Registers {
    /// Follows one leaf.
    pub(super) fn read(&mut self, leaf: &LeafView<'_>, hash: &[u8; 32], findings: &mut Findings) {
        match leaf.kind {
            Kind::Register => self.enter(leaf, hash, findings),
            Kind::Campaign => self.check_campaign(leaf, findings),
            _ => {}
        }
    }

    fn enter(&mut self, leaf: &LeafView<'_>, hash: &[u8; 32], findings: &mut Findings) {
        let Some(organisation) = leaf.organisation else {
            return;
        };
        let text = |key: &str| leaf.data.get(key).and_then(Json::text).unwrap_or_default();
        let (item, state) = (text("kind"), text("state"));
        let known = ITEMS.iter().find(|row| row.0 == item);
        let is_known = known.is_some_and(|(_, states)| match states.is_empty() {
            true => state.is_empty(),
            false => states.contains(&state),
        });
        if !is_known {
            let sentence = format!("登记簿没有“{item}”的“{state}”这种记载，请核对原始文件");
            findings.add("register.state", sentence);
        }
        // What is no day was named by the form of the leaf.
        let Ok(from) = Day::parse(text("from")) else {
            return;
        };
        let until = Day::parse(text("until")).ok();
        if from > day_of(leaf) && !LATER.contains(&item) {
            let sentence = format!("记载自{from}起有效，晚于记载当天，登记簿只记已经发生的事");
            findings.add("register.future", sentence);
        }
        if until.is_some_and(|until| until < from) {
            let sentence = "记载的终止日早于起始日，请核对".to_owned();
            findings.add("register.days", sentence);
        }
        if let Some(reference) = &leaf.reference {
            self.correct(organisation, reference, item, findings);
        }
        if self.kept >= REGISTER_ENTRIES {
            let sentence = format!("登记记载超过{REGISTER_ENTRIES}条，其余的没有核对先后");
            return findings.add("register.full", sentence);
        }
        self.kept = self.kept.saturating_add(1);
        let entry = Entry {
            hash: *hash,
            item: item.to_owned(),
            state: state.to_owned(),
            from,
            until,
            is_corrected: false,
        };
        self.of
            .entry(organisation.to_owned())
            .or_default()
            .push(entry);
    }

    fn correct(
        &mut self,
        organisation: &str,
        reference: &[u8; 32],
        item: &str,
        findings: &mut Findings,
    ) {
        let mut entries = self.of.get_mut(organisation).into_iter().flatten();
        match entries.find(|entry| entry.hash == *reference && entry.item == item) {
            Some(entry) => entry.is_corrected = true,
            None => {
                let sentence = "更正的记载不在这家组织的登记簿里，或者不是同一事项，请核对";
                findings.add("register.correction", sentence.to_owned());
            }
        }
    }

    /// Nobody begins to raise while the register says that he may not: not without a qualification, not without being
    /// a charity, not while he may not act at all. A register that says nothing of one of these is no reason: logs that
    /// are older than registers have none.
    fn check_campaign(&self, leaf: &LeafView<'_>, findings: &mut Findings) {
        let is_live = leaf.data.get("state").and_then(Json::text) == Some("live");
        let Some(entries) = leaf.organisation.and_then(|id| self.of.get(id)) else {
            return;
        };
        if !is_live {
            return;
        }
        let today = day_of(leaf);
        let state = |item| standing(entries, item, today).map(|entry| entry.state.as_str());
        if state("legal").is_some_and(|state| state != "in_force") {
            let sentence =
                "募捐活动开始时，登记簿里这家组织不能活动或者已经不在（慈善法 第二十二条），请举报";
            findings.add("register.campaign", sentence.to_owned());
        }
        if state("charity") == Some("ended") {
            let sentence =
                "募捐活动开始时，登记簿里这家组织已经不是慈善组织（慈善法 第二十二条），请举报";
            findings.add("register.campaign", sentence.to_owned());
        }
        let mut rights = entries.iter().filter(|entry| entry.item == "fundraising");
        if rights.next().is_some() && state("fundraising") != Some("valid") {
            let sentence = "募捐活动开始时，登记簿里这家组织没有有效的公开募捐资格（慈善法 第二十二条），请举报";
            findings.add("register.campaign", sentence.to_owned());
        }
    }
}

/// The entry of an item that counts on a day, if one does.
fn standing<'a>(entries: &'a [Entry], item: &str, today: Day) -> Option<&'a Entry> {
    let mut counts: Option<&Entry> = None;
    for entry in entries {
        let is_over = entry.until.is_some_and(|until| until < today);
        let gave_way = is_over && INTERRUPTS.contains(&entry.state.as_str());
        if entry.item != item || entry.is_corrected || entry.from > today || gave_way {
            continue;
        }
        // Entries come in the order in which they were recorded, so of one day the later one stays.
        if counts.is_none_or(|other| other.from <= entry.from) {
            counts = Some(entry);
        }
    }
    let is_final = |entry: &Entry| FINAL.contains(&(entry.item.as_str(), entry.state.as_str()));
    counts.filter(|entry| is_final(entry) || entry.until.is_none_or(|until| today <= until))
}

fn day_of(leaf: &LeafView<'_>) -> Day {
    match leaf.time {
        LeafTime::Second(moment) => moment.day(),
        LeafTime::Day(day) => day,
    }
}
