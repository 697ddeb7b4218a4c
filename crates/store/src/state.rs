//! What the writer keeps in memory between batches: the counters that every posting moves.
//!
//! It is a cache of the database. After any failure it is dropped and read again.

use domain::fundraising::{Campaign, Intent};
use domain::funds::{Fund, Place};
use domain::parties::register::Register;
use kernel::IdMinter;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Key of a day roll-up: fund, day, kind code, direction.
pub(crate) type RollKey = (i64, i64, &'static str, &'static str);

/// The counters, with the keys that changed since the last flush.
#[derive(Debug)]
pub(crate) struct State {
    pub minter: IdMinter,
    pub next_leaf: i64,
    pub funds: HashMap<i64, Fund>,
    pub places: HashMap<i64, Place>,
    pub campaigns: HashMap<i64, Campaign>,
    pub registers: HashMap<i64, Arc<Register>>,
    pub streams: HashMap<String, i64>,
    pub balances: HashMap<(i64, i64), i64>,
    pub organisation_funds: HashMap<(i64, &'static str), i64>,
    pub organisation_places: HashMap<(i64, String, String), i64>,
    pub dirty_funds: BTreeSet<i64>,
    pub dirty_streams: BTreeSet<String>,
    pub dirty_balances: BTreeSet<(i64, i64)>,
    pub rolls: BTreeMap<RollKey, (i64, i64)>,
    /// Payments seen in this batch or looked up for it: (channel, external id) -> (donation, amount).
    pub payments: HashMap<(String, String), Option<(i64, i64)>>,
    /// Intents looked up for this batch.
    pub intents: HashMap<i64, Option<Intent>>,
    /// Intents known to be paid or not, in this batch.
    pub paid_intents: HashMap<i64, bool>,
    /// Command keys done in this batch: key -> (fingerprint, outcome).
    pub commands: HashMap<String, Option<([u8; 32], String)>>,
}

impl State {
    pub(crate) fn new(minter: IdMinter, next_leaf: i64) -> State {
        State {
            minter,
            next_leaf,
            funds: HashMap::new(),
            places: HashMap::new(),
            campaigns: HashMap::new(),
            registers: HashMap::new(),
            streams: HashMap::new(),
            balances: HashMap::new(),
            organisation_funds: HashMap::new(),
            organisation_places: HashMap::new(),
            dirty_funds: BTreeSet::new(),
            dirty_streams: BTreeSet::new(),
            dirty_balances: BTreeSet::new(),
            rolls: BTreeMap::new(),
            payments: HashMap::new(),
            intents: HashMap::new(),
            paid_intents: HashMap::new(),
            commands: HashMap::new(),
        }
    }

    /// Forgets what was looked up for one batch only.
    pub(crate) fn end_batch(&mut self) {
        self.payments.clear();
        self.intents.clear();
        self.paid_intents.clear();
        self.commands.clear();
        const STREAMS_MAX: usize = 200_000;
        const REGISTERS_MAX: usize = 10_000;
        if self.registers.len() > REGISTERS_MAX {
            self.registers.clear();
        }
        if self.streams.len() > STREAMS_MAX {
            self.streams.clear();
        }
        if self.balances.len() > STREAMS_MAX {
            self.balances.clear();
        }
    }
}
