//! Organisations that do not exist, with codes whose check character is right and registers that say something of some.

use crate::bench::names::Names;
use domain::parties::register::{Item, NewEntry, Origin, Standing};
use domain::parties::{NewOrganisation, OrganisationKind, RegisteredOrganisation};
use kernel::{Day, RegionCode, Uscc};

/// Which register says so.
const SOURCE: &str = "速度测试登记簿";
/// The first characters of a code: a department of civil affairs, and the form.
const FRONTS: [&str; 3] = ["51", "52", "53"];
/// Regions of the authorities.
const REGIONS: [&str; 6] = ["110000", "310000", "330100", "420100", "440300", "510100"];
/// Characters of a code.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Every so many-th was called otherwise.
const RENAMED: usize = 10;
/// Every so many-th is a charity that may raise from the public.
const CHARITIES: usize = 20;
/// Every so many-th of all was suspended for a while.
const SUSPENDED: usize = 100;
/// Days over which registrations are spread.
const DAYS: usize = 9_000;

/// 〔编出来的组织〕 One of them.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    number: usize,
    pub(crate) name: String,
    former: Option<String>,
    pub(crate) code: Uscc,
    region: &'static str,
    registered: Day,
}

/// All of a register, one after the other.
pub(super) fn all(seed: u64, wanted: u32) -> impl Iterator<Item = Made> {
    let mut names = Names::new(seed);
    let wanted = usize::try_from(wanted).unwrap_or(0);
    (0..wanted).filter_map(move |number| {
        let name = names.next();
        let former = (number % RENAMED == 0).then(|| names.next());
        let region = REGIONS[names.below(REGIONS.len())];
        let front = FRONTS[names.below(FRONTS.len())];
        // As civil affairs number their bodies; nine digits here could be somebody's identity number.
        let code = code(&format!("{front}{region}MJ{number:07}"))?;
        let past = i32::try_from(names.below(DAYS)).unwrap_or(0);
        let registered = Day::parse("2000-01-01").ok()?.plus_days(past);
        Some(Made {
            number,
            name,
            former,
            code,
            region,
            registered,
        })
    })
}

/// The code with the check character that fits.
fn code(front: &str) -> Option<Uscc> {
    let closed = |last: char| Uscc::parse(&format!("{front}{last}")).ok();
    ALPHABET.chars().find_map(closed)
}

impl Made {
    /// As the importer takes it.
    pub(crate) fn registered(&self) -> RegisteredOrganisation {
        let organisation = NewOrganisation {
            name: self.name.clone(),
            kind: OrganisationKind::Association,
            uscc: Some(self.code),
            region: RegionCode::parse(self.region).ok(),
            source: SOURCE.into(),
            source_id: format!("{}", self.number),
            registered_text: self.registered.to_string(),
            registered_day: Some(self.registered),
            marks: Vec::new(),
            documents: Vec::new(),
        };
        RegisteredOrganisation {
            organisation,
            entries: self.entries(),
        }
    }

    fn entries(&self) -> Vec<NewEntry> {
        let mut entries = Vec::new();
        let later = |days: i32| self.registered.plus_days(days);
        if let Some(former) = &self.former {
            entries.push(self.entry(Item::Name, former, self.registered));
            entries.push(self.entry(Item::Name, &self.name, later(400)));
        }
        if self.number.is_multiple_of(CHARITIES) {
            entries.push(self.standing(Standing::CharityBorn, self.registered, None));
            entries.push(self.standing(Standing::Valid, later(100), None));
        }
        if self.number.is_multiple_of(SUSPENDED) {
            let until = later(290);
            entries.push(self.standing(Standing::Suspended, later(200), Some(until)));
        }
        entries
    }

    fn standing(&self, standing: Standing, from: Day, until: Option<Day>) -> NewEntry {
        NewEntry {
            standing: Some(standing),
            until,
            office: "速度测试民政部门".into(),
            document: format!("测试〔{}〕号", self.number),
            ..self.entry(standing.item(), "", from)
        }
    }

    fn entry(&self, item: Item, words: &str, from: Day) -> NewEntry {
        NewEntry {
            item,
            standing: None,
            words: words.into(),
            from,
            until: None,
            office: String::new(),
            document: String::new(),
            law: String::new(),
            reason: String::new(),
            source: SOURCE.into(),
            origin: Origin::Imported,
            corrects: None,
            successor: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_has_codes_names_and_entries() {
        let all: Vec<Made> = all(1, 300).collect();
        assert_eq!(all.len(), 300);
        let mut codes: Vec<&str> = all.iter().map(|one| one.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 300);
        let entries: usize = all.iter().map(|one| one.entries().len()).sum();
        assert_eq!(entries, 30 * 2 + 15 * 2 + 3);
    }
}
