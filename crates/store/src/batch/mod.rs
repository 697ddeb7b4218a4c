//! One group commit: commands run one after the other on one transaction and see what the earlier ones did.

mod campaign;
mod command;
mod contact;
mod countersign;
mod delegation;
mod disbursement;
mod donation;
mod fund;
mod identity;
mod import;
mod job;
mod matter;
mod organisation;
mod passkey;
mod privacy;
mod register;
mod register_import;
mod repair;
mod replay;
pub(crate) mod rows;
mod second_factor;
mod words;

pub use crate::buffer::{DonationPrivate, DonationRow};
pub use campaign::CAMPAIGN_END_JOB;
pub use disbursement::{DeliveryRow, EvidenceRow, StepTaken};
pub use donation::{DonationFacts, NewDonation, Paid};
pub use identity::{NewSession, SESSION_MICROS, grant_of};
pub use import::ImportProgress;
pub use job::{Job, JobTimes, jobs_by_state, jobs_due};
pub use matter::{Keeping, NewMatter};
pub use passkey::PasskeyQuestion;
pub use privacy::{Closing, NewRestriction};
pub use repair::{AllotmentFacts, OutflowFacts};
pub(crate) use replay::{Clues, Replay, Stop};
pub use replay::{GivenWord, Losses, LostGift, LostGifts, LostWord};
pub use words::Decided;

use crate::buffer::{AuditRow, Buffer};
use crate::posting::{Posted, PostingError, Prepared, head_of, named_spans, stream_names};
use crate::search::Findable;
use crate::state::State;
use crate::transparency::TileCache;
use db::{Result, Tx, args, sql};
use domain::funds::posting::Posting;
use domain::identity::{Action, Actor};
use kernel::{Id, IdCipher, IdKind, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// 〔本宅〕 What never changes while the house runs.
#[derive(Debug)]
pub struct House {
    /// Turns keys into public ids and back.
    pub cipher: IdCipher,
    /// Salts public words.
    pub commit_key: [u8; 32],
    /// Origin of the log.
    pub origin: String,
    /// Text of the log's verifier key.
    pub verifier_key: String,
    /// Whether the log takes any bytes and states nothing: its first leaf says so.
    pub is_test_log: bool,
    /// Tiles that proofs were made from lately.
    pub tiles: TileCache,
    /// Public ids that nearly every leaf prints again; a cache of the cipher and nothing else.
    printed: Mutex<HashMap<(&'static str, i64), String>>,
}

/// Ids that are kept printed; then the cache starts anew.
const PRINTED_MAX: usize = 65_536;

impl House {
    /// The house with this cipher; see the fields.
    pub fn new(
        cipher: IdCipher,
        commit_key: [u8; 32],
        origin: &str,
        verifier_key: String,
    ) -> House {
        let printed = Mutex::new(HashMap::new());
        House {
            cipher,
            commit_key,
            origin: origin.into(),
            verifier_key,
            is_test_log: false,
            tiles: TileCache::default(),
            printed,
        }
    }

    /// The same house with a test log.
    #[must_use]
    pub fn of_test_log(self) -> House {
        House {
            is_test_log: true,
            ..self
        }
    }

    /// The public form of a key.
    pub fn print<K: IdKind>(&self, id: Id<K>) -> String {
        let (is_common, key) = (COMMON.contains(&K::PREFIX), (K::PREFIX, id.raw()));
        // A poisoned or busy cache is only a slower print.
        let Some(mut printed) = is_common.then(|| self.printed.try_lock().ok()).flatten() else {
            return self.cipher.print(id);
        };
        if let Some(text) = printed.get(&key) {
            return text.clone();
        }
        let text = self.cipher.print(id);
        if printed.len() >= PRINTED_MAX {
            printed.clear();
        }
        printed.insert(key, text.clone());
        text
    }
}

/// Kinds of records that stand in many leaves.
const COMMON: [&str; 4] = [
    leaf::ids::Campaign::PREFIX,
    leaf::ids::Fund::PREFIX,
    leaf::ids::Organisation::PREFIX,
    leaf::ids::Place::PREFIX,
];

/// 〔批〕 One transaction of the writer with its gathered rows and counters.
#[derive(Debug)]
pub struct Batch {
    pub(crate) tx: Tx,
    pub(crate) state: State,
    pub(crate) buffer: Buffer,
    changes: u64,
    findable: Vec<Findable>,
    /// What never changes.
    pub house: Arc<House>,
}

impl Batch {
    pub(crate) fn new(tx: Tx, state: State, house: Arc<House>) -> Batch {
        Batch {
            tx,
            state,
            buffer: Buffer::default(),
            changes: 0,
            findable: Vec::new(),
            house,
        }
    }

    /// A new key.
    pub fn mint<K>(&mut self, now: Timestamp) -> Id<K> {
        self.state.minter.mint(now)
    }

    /// How many changes the commands of this batch have made so far.
    ///
    /// A command that is refused after it changed something must be undone with its whole batch.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The transaction for a statement that changes rows.
    pub(crate) async fn change(&mut self) -> Result<&mut Tx> {
        self.changes += 1;
        self.sql().await
    }

    /// Notes what can be found by name once this batch is committed.
    pub(crate) fn findable(&mut self, findable: Findable) {
        self.findable.push(findable);
    }

    /// Takes what can be found by name once this batch is committed.
    pub(crate) fn take_findable(&mut self) -> Vec<Findable> {
        std::mem::take(&mut self.findable)
    }

    pub(crate) fn changed(&mut self) {
        self.changes += 1;
    }

    /// The transaction, with everything that waits written first: for statements that read.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn sql(&mut self) -> Result<&mut Tx> {
        self.buffer.flush(&mut self.tx, &mut self.state).await?;
        Ok(&mut self.tx)
    }

    /// Writes everything, commits, and gives the counters back for the next batch.
    pub(crate) async fn commit(mut self) -> Result<State> {
        self.buffer.flush(&mut self.tx, &mut self.state).await?;
        self.tx.commit().await?;
        self.state.end_batch();
        Ok(self.state)
    }

    /// Writes everything and gives the transaction back, to be committed by whoever has more to write.
    pub(crate) async fn written(mut self) -> Result<Tx> {
        self.buffer.flush(&mut self.tx, &mut self.state).await?;
        Ok(self.tx)
    }

    /// Loads what the posting names and books it.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why it cannot be booked; nothing has changed then.
    pub async fn book(
        &mut self,
        posting: &Posting,
    ) -> Result<std::result::Result<Posted, PostingError>> {
        let ends = posting
            .moves
            .iter()
            .flat_map(|m| m.from.iter().chain(&m.to));
        let mut pairs: Vec<(i64, i64)> =
            ends.map(|end| (end.fund.raw(), end.place.raw())).collect();
        for transfer in &posting.transfers {
            pairs.push((transfer.fund.raw(), transfer.from.raw()));
            pairs.push((transfer.fund.raw(), transfer.to.raw()));
        }
        for &(fund, place) in &pairs {
            if !self.state.funds.contains_key(&fund) {
                self.fund(Id::from_raw(fund)).await?;
            }
            self.balance(fund, place).await?;
        }
        let streams = stream_names(&self.house, posting);
        self.load_streams(&streams).await?;
        let reference = match posting.reference {
            Some(index) => self.leaf_hash(index).await?,
            None => None,
        };
        let prepared = match self.prepare(posting).await? {
            Ok(prepared) => prepared,
            Err(error) => return Ok(Err(error)),
        };
        Ok(self.post(posting, &prepared, (streams, reference)))
    }

    /// Mints the movements' keys and finds the rows of named outflows' swaps.
    async fn prepare(
        &mut self,
        posting: &Posting,
    ) -> Result<std::result::Result<Vec<Prepared>, PostingError>> {
        let mut prepared = Vec::with_capacity(posting.moves.len());
        for order in &posting.moves {
            let id: Id<leaf::ids::Movement> = self.mint(posting.at);
            let mut named = None;
            if let (Some(owned), Some(end)) = (named_spans(order), order.from) {
                let Some(fund) = self.fund(end.fund).await? else {
                    return Ok(Err(PostingError::Unknown));
                };
                let Some(head) = head_of(&fund.tape, order) else {
                    return Ok(Err(PostingError::Unknown));
                };
                let exchanges = match ledger::named_swaps(owned, head) {
                    Ok(exchanges) => exchanges,
                    Err(error) => return Ok(Err(error.into())),
                };
                let tape = ledger::TapeId(end.fund.raw());
                let naming = ledger::Naming::listed(tape, exchanges, ledger::MovementId(id.raw()));
                match crate::funds::run_naming(self.sql().await?, naming).await? {
                    Ok(rows) => named = Some(rows),
                    Err(error) => return Ok(Err(PostingError::Naming(error))),
                }
            }
            prepared.push(Prepared { id, named });
        }
        Ok(Ok(prepared))
    }

    pub(crate) async fn load_streams(&mut self, names: &[String]) -> Result<()> {
        let missing: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| !self.state.streams.contains_key(*name))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let by_key = sql!(
            pg: "SELECT key, leaves FROM stream WHERE key = ANY($1)",
            lite: "SELECT key, leaves FROM stream WHERE key = $1"
        );
        let found = self
            .tx
            .by_texts(by_key, &missing, |r| Ok((r.text(0)?, r.i64(1)?)))
            .await?;
        for name in missing {
            self.state.streams.insert(name.to_string(), 0);
        }
        self.state.streams.extend(found);
        Ok(())
    }

    /// What is of a fund at a place.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn balance(&mut self, fund: i64, place: i64) -> Result<i64> {
        if let Some(amount) = self.state.balances.get(&(fund, place)) {
            return Ok(*amount);
        }
        let sql = sql!("SELECT amount FROM balance WHERE fund_id = $1 AND place_id = $2");
        let amount = self
            .tx
            .opt(sql, args![fund, place], |r| r.i64(0))
            .await?
            .unwrap_or(0);
        self.state.balances.insert((fund, place), amount);
        Ok(amount)
    }

    async fn leaf_hash(&mut self, index: i64) -> Result<Option<[u8; 32]>> {
        if let Some(leaf) = self.buffer.leaves.iter().find(|leaf| leaf.0 == index) {
            return Ok(Some(leaf.2));
        }
        let sql = sql!("SELECT hash FROM log_leaf WHERE idx = $1");
        self.tx.opt(sql, args![index], |r| r.array(0)).await
    }

    /// Notes who did what; part of every write.
    pub fn audit(
        &mut self,
        actor: &Actor,
        action: Action,
        about: (String, String),
        now: Timestamp,
    ) {
        let id = self.state.minter.mint::<leaf::ids::User>(now).raw();
        self.buffer.audits.push(AuditRow {
            id,
            at: now.micros(),
            user: actor.user_id().map(Id::raw),
            actor: actor.name.clone(),
            action: action.code(),
            object: about.0,
            detail: about.1,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_ids_are_printed_as_the_cipher_prints_them() {
        let house = House::new(IdCipher::new([3; 32]), [0; 32], "test/log", String::new());
        for raw in [7, 7, 8, 7] {
            let fund: Id<leaf::ids::Fund> = Id::from_raw(raw);
            let place: Id<leaf::ids::Place> = Id::from_raw(raw);
            let donation: Id<leaf::ids::Donation> = Id::from_raw(raw);
            assert_eq!(house.print(fund), house.cipher.print(fund));
            assert_eq!(house.print(place), house.cipher.print(place));
            assert_eq!(house.print(donation), house.cipher.print(donation));
        }
    }
}
