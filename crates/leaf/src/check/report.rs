//! What a check found, in words.

use crate::limits::FINDINGS;
use crate::sm2_keys::Sm2Keys;
use crate::succession::KeyBook;

/// 〔发现〕 One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The leaf, counted from 0; `None` for what only the end shows.
    pub index: Option<u64>,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub sentence: String,
}

/// 〔核对报告〕 What a whole check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether the first leaf says that this is a test log: nothing but that leaf was read then.
    pub is_test: bool,
    /// Leaves read.
    pub leaves: u64,
    /// Streams met.
    pub streams: u64,
    /// All findings; only the first [`FINDINGS`] are kept with their words.
    pub found: u64,
    /// The first findings, in the order of the log.
    pub findings: Vec<Finding>,
    /// What could not be checked, in Chinese.
    pub unchecked: Vec<String>,
    /// Sums by organisation, ascending by id; what belongs to none comes first.
    pub organisations: Vec<OrganisationTotals>,
    /// The keys with which the log signs, as its leaves say.
    pub keys: KeyBook,
    /// The SM2 keys with which the log signs too, as its newest statement says.
    pub sm2_keys: Sm2Keys,
    /// Statements of the root with SM3 that were computed again.
    pub sm3_roots: u64,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.found == 0
    }
}

/// 〔组织合计〕 Funds and places of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationTotals {
    /// Printed id; `None` where no leaf says whose it is.
    pub id: Option<String>,
    /// Its funds, ascending by id.
    pub funds: Vec<FundTotals>,
    /// What stands at its places, ascending by id and unit.
    pub places: Vec<PlaceTotals>,
}

/// 〔资金合计〕 A fund at the end of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundTotals {
    /// Printed id.
    pub id: String,
    /// `fen`, or the unit of goods; empty where no leaf says.
    pub unit: String,
    /// What came in, in fen or units.
    pub inflow: i64,
    /// What went out.
    pub outflow: i64,
}

impl FundTotals {
    /// What is there, in fen or units.
    #[must_use]
    pub const fn balance(&self) -> i64 {
        self.inflow.saturating_sub(self.outflow)
    }
}

/// 〔存放处合计〕 What stands at a place, of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceTotals {
    /// Printed id.
    pub id: String,
    /// `fen`, or the unit of goods.
    pub unit: String,
    /// Fen or units.
    pub balance: i64,
}

/// Findings as they are made.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    count: u64,
    index: Option<u64>,
}

impl Findings {
    /// The leaf that is being read.
    pub(super) const fn at(&mut self, index: u64) {
        self.index = Some(index);
    }

    /// All leaves have been read.
    pub(super) const fn at_end(&mut self) {
        self.index = None;
    }

    pub(super) fn index(&self) -> u64 {
        self.index.unwrap_or_default()
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn add(&mut self, code: &'static str, sentence: String) {
        self.count = self.count.saturating_add(1);
        if self.list.len() < FINDINGS {
            self.list.push(Finding {
                index: self.index,
                code,
                sentence,
            });
        }
    }

    pub(super) fn into_parts(self) -> (u64, Vec<Finding>) {
        (self.count, self.list)
    }
}
