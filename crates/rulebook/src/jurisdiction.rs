//! Where a rule holds: in the whole country or in one region.

use kernel::RegionCode;
use std::fmt;

/// 〔适用地域〕 The whole country, or a region that made a rule of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Jurisdiction {
    /// 全国
    Nation,
    /// 一地
    Region(RegionCode),
}

impl Jurisdiction {
    /// True if a rule of this place holds at that place: a nation's everywhere, a region's inside of it.
    #[must_use]
    pub fn holds_at(&self, place: &Jurisdiction) -> bool {
        match (self, place) {
            (Jurisdiction::Nation, _) => true,
            (Jurisdiction::Region(_), Jurisdiction::Nation) => false,
            (Jurisdiction::Region(own), Jurisdiction::Region(place)) => own.contains(place),
        }
    }

    /// How near to a village: 0 for the nation, 1 for a province, up to 5. The nearest rule wins.
    #[must_use]
    pub fn nearness(&self) -> u8 {
        match self {
            Jurisdiction::Nation => 0,
            Jurisdiction::Region(region) => region.level(),
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Jurisdiction::Nation => f.write_str("全国"),
            Jurisdiction::Region(region) => write!(f, "{region}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_binds_what_lies_in_it() {
        let region = |code| Jurisdiction::Region(RegionCode::parse(code).unwrap());
        let check = |own: Jurisdiction, place, holds| assert_eq!(own.holds_at(&place), holds);
        check(Jurisdiction::Nation, region("440106"), true);
        check(region("4401"), region("440106"), true);
        check(region("4401"), region("4403"), false);
        check(region("4401"), region("44"), false);
        check(region("4401"), Jurisdiction::Nation, false);
        assert!(region("4401").nearness() > region("44").nearness());
    }
}
