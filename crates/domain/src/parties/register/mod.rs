//! The register of organisations 法人库: dated entries, each with who decided it, and what follows from them on a day.
//!
//! An entry has two times. It is *valid* from a day on, perhaps until another, and it was *recorded* at a moment. What
//! a register says is therefore a question with two times: on which day, and as it was known when. Nothing is ever
//! changed: a standing ends because a later one begins, and a mistake is an entry that a later entry corrects.

mod entry;
mod import;
mod item;
mod right;

pub use entry::{Entry, NewEntry, Origin};
pub(crate) use import::read_document;
pub use import::{ENTRIES_MAX, ImportedEntry, read_entries, read_one};
pub use item::{Item, STANDING_CHOICES, Standing};
pub use right::{Right, RightRefused, decide_right};

use kernel::{Day, Timestamp};
use leaf::CertificateKind;

/// 〔登记簿〕 All entries of one organisation, in the order in which they were recorded.
#[derive(Debug, Clone, Default)]
pub struct Register {
    entries: Vec<Entry>,
}

impl Register {
    /// A register of these entries; they come in the order in which they were recorded.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Register {
        Register { entries }
    }

    /// Every entry, also those that were corrected, in the order in which they were recorded.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The register as it was known at a moment: what was recorded later is not there.
    #[must_use]
    pub fn known_at(&self, moment: Timestamp) -> Register {
        let known = self.entries.iter();
        let known = known.filter(|entry| entry.recorded_at <= moment);
        Register::new(known.cloned().collect())
    }

    /// True if a later entry corrects this one.
    #[must_use]
    pub fn is_corrected(&self, entry: &Entry) -> bool {
        self.entries
            .iter()
            .any(|other| other.new.corrects == Some(entry.id))
    }

    /// The entry that counts on a day, if it still holds: each entry takes the place of those before it, so that an
    /// old certificate does not come back when its successor ends.
    #[must_use]
    pub fn on(&self, item: Item, day: Day) -> Option<&Entry> {
        self.latest(item, day).filter(|entry| entry.new.covers(day))
    }

    /// The entry that took the place of all others by a day, also if it is over: the one that begins last, and of
    /// several that begin on one day the one that was recorded last. A suspension whose end has come is passed over.
    #[must_use]
    pub fn latest(&self, item: Item, day: Day) -> Option<&Entry> {
        let is_passed = |entry: &Entry| {
            let is_passing = entry.new.standing.is_some_and(Standing::is_passing);
            is_passing && !entry.new.covers(day)
        };
        self.counting(item)
            .filter(|entry| entry.new.from <= day && !is_passed(entry))
            .max_by_key(|entry| entry.new.from)
    }

    /// What a register says of a standing on a day.
    #[must_use]
    pub fn standing(&self, item: Item, day: Day) -> Option<Standing> {
        self.on(item, day).and_then(|entry| entry.new.standing)
    }

    /// The entries of an item that nobody corrected, in the order in which they were recorded.
    pub fn counting(&self, item: Item) -> impl Iterator<Item = &Entry> {
        let mut corrected: Vec<i64> = self
            .entries
            .iter()
            .filter_map(|entry| Some(entry.new.corrects?.raw()))
            .collect();
        corrected.sort_unstable();
        self.entries
            .iter()
            .filter(move |entry| entry.new.item == item)
            .filter(move |entry| corrected.binary_search(&entry.id.raw()).is_err())
    }

    /// 〔证书所载〕 The entry that a certificate of this kind repeats on a day; `None` where there is nothing to certify. Who
    /// may not act at all, or is no charity any more, has no certificate that rests on it.
    #[must_use]
    pub fn certified(&self, kind: CertificateKind, day: Day) -> Option<&Entry> {
        let standing = |item| self.standing(item, day);
        let below: &[Item] = match kind {
            CertificateKind::Registration => &[],
            CertificateKind::Charity => &[Item::Legal],
            CertificateKind::Fundraising | CertificateKind::Deduction => {
                &[Item::Legal, Item::Charity]
            }
        };
        let stands = |item: &Item| standing(*item).is_none_or(Standing::is_certified);
        let entry = self.on(Item::parse(kind.item())?, day)?;
        let says = entry.new.standing.is_some_and(Standing::is_certified);
        (says && below.iter().all(stands)).then_some(entry)
    }

    /// The first day from which the organisation has been a charity without a break until this day; `None` where the
    /// register does not say that it is one.
    #[must_use]
    pub fn charity_since(&self, day: Day) -> Option<Day> {
        let is_charity =
            |standing| matches!(standing, Standing::CharityBorn | Standing::Recognised);
        let mut since = self.on(Item::Charity, day)?;
        if !since.new.standing.is_some_and(is_charity) {
            return None;
        }
        // Each earlier standing that reaches up to this one and was a charity's too carries it back.
        for _ in 0..self.entries.len() {
            let before = self.on(Item::Charity, since.new.from.plus_days(-1));
            match before {
                Some(before) if before.new.standing.is_some_and(is_charity) => since = before,
                _ => break,
            }
        }
        Some(since.new.from)
    }

    /// Names that the organisation had before the one of this day, the newest first, each with its last day.
    #[must_use]
    pub fn former_names(&self, day: Day) -> Vec<&Entry> {
        let now = self.on(Item::Name, day).map(|entry| entry.id);
        let mut names: Vec<&Entry> = self
            .counting(Item::Name)
            .filter(|entry| entry.new.from <= day && Some(entry.id) != now)
            .collect();
        names.reverse();
        names.sort_by_key(|entry| std::cmp::Reverse(entry.new.from));
        names
    }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
