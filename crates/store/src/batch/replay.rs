//! 〔补录〕 Rows from leaves that a lost database had published: what a leaf says is said again by tapes, places, counters
//! and records. Words come back where something else in the house says them, since the leaf holds their commitment and
//! a wrong one is seen; all others are lost, and so is what no leaf ever says (donors, numbers of payments, who acted).

mod clues;
mod gifts;
mod lost;
mod moves;
mod orders;
mod records;
mod register;
mod statements;
mod words;

pub(crate) use clues::Clues;
pub use lost::{GivenWord, Losses, LostGift, LostGifts, LostWord};

use super::Batch;
use crate::house::house_set;
use crate::identity::factor_logins;
use db::Tx;
use domain::identity::{Action, Actor};
use kernel::{Id, IdKind, Timestamp};
use leaf::{Json, Kind, Leaf, ids};
use std::collections::HashMap;

/// Why a leaf cannot be said again by rows.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The engine's refusal.
    Database(db::Error),
    /// Records of this kind need more than their leaf says.
    Kind(&'static str),
    /// It does not continue the tapes and streams that are here.
    Broken(String),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Stop {
        Stop::Database(error)
    }
}

type Flow<T> = Result<T, Stop>;

fn broken<T>(why: impl Into<String>) -> Flow<T> {
    Err(Stop::Broken(why.into()))
}

/// A leaf and its place in the log.
#[derive(Clone, Copy)]
struct Said<'a> {
    leaf: &'a Leaf,
    index: i64,
}

impl Said<'_> {
    /// A word of its data; empty if it has none.
    fn text(&self, word: &str) -> &str {
        self.leaf
            .data
            .get(word)
            .and_then(Json::text)
            .unwrap_or_default()
    }

    fn int(&self, word: &str) -> Option<i64> {
        match self.leaf.data.get(word) {
            Some(Json::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A day of its data.
    fn day(&self, word: &str) -> Option<kernel::Day> {
        kernel::Day::parse(self.text(word)).ok()
    }

    /// The accounting day: the leaf names it where it is not its own.
    fn accounting_day(&self) -> kernel::Day {
        self.day("acc").unwrap_or_else(|| self.leaf.time.day())
    }

    /// The moment as far as the leaf tells it.
    fn at(&self) -> Timestamp {
        match self.leaf.time {
            leaf::LeafTime::Second(moment) => moment,
            leaf::LeafTime::Day(day) => day.start(),
        }
    }

    fn is_of_order(&self) -> bool {
        self.leaf.id.starts_with("dsb_")
    }
}

/// 〔补录〕 One run over the leaves that were lost.
pub(crate) struct Replay<'b> {
    batch: &'b mut Batch,
    now: Timestamp,
    /// Where leaves stand that others name, by hash.
    places: HashMap<[u8; 32], i64>,
    clues: Clues,
    losses: Losses,
    /// Names of registers that the house knew, read at the first entry.
    sources: Option<Vec<String>>,
}

impl<'b> Replay<'b> {
    /// `places` are the leaves before the first one that the lost ones name.
    pub(crate) fn new(
        batch: &'b mut Batch,
        (clues, places): (Clues, HashMap<[u8; 32], i64>),
        now: Timestamp,
    ) -> Replay<'b> {
        Replay {
            batch,
            now,
            places,
            clues,
            losses: Losses::default(),
            sources: None,
        }
    }

    /// Says a leaf again by rows, as number `index` of the log, which must be the next one.
    ///
    /// # Errors
    /// `Stop`; the batch must be thrown away then.
    pub(crate) async fn leaf(&mut self, index: i64, bytes: &[u8]) -> Flow<()> {
        let Ok(leaf) = Leaf::parse(bytes) else {
            return broken("写法不对");
        };
        if leaf.check_content().is_err() || index != self.batch.state.next_leaf {
            return broken("写法或位置不对");
        }
        let said = Said { leaf: &leaf, index };
        self.streams(&leaf).await?;
        self.say(&said).await?;
        let hash = tlog::leaf_hash(bytes).0;
        self.batch.buffer.leaves.push((index, bytes.to_vec(), hash));
        self.batch.state.next_leaf = index.saturating_add(1);
        self.batch.changed();
        if self.clues.named.contains(&hash) {
            self.places.insert(hash, index);
        }
        Ok(())
    }

    /// Writes what waits and forgets what was looked up, so that a long gap needs no more memory than a short one. Gives
    /// the transaction for what else belongs to these leaves.
    pub(crate) async fn rest(&mut self) -> db::Result<&mut Tx> {
        self.batch.sql().await?;
        self.batch.take_findable();
        self.batch.state.end_batch();
        self.batch.sql().await
    }

    async fn say(&mut self, said: &Said<'_>) -> Flow<()> {
        match said.leaf.kind {
            // The log's words about itself, which no row repeats.
            Kind::Index
            | Kind::Verifier
            | Kind::Key
            | Kind::KeyEnd
            | Kind::Sm2Keys
            | Kind::Sm3Root
            | Kind::Recovery => Ok(()),
            Kind::Log => self.first(said).await,
            Kind::Organisation if said.leaf.reference.is_some() => self.renamed(said).await,
            Kind::Organisation => self.organisation(said).await,
            Kind::Register => self.register_entry(said).await,
            Kind::Campaign => self.campaign(said).await,
            Kind::Fund => self.fund(said).await,
            Kind::Place => self.place(said).await,
            Kind::Announcement => self.announcement(said).await,
            Kind::Report => self.report(said).await,
            Kind::Answer => self.answer(said).await,
            Kind::Withdrawal => self.withdrawal(said).await,
            Kind::Gift | Kind::Goods => self.gift(said).await,
            Kind::Settlement => self.settlement(said).await,
            Kind::TestLog | Kind::Item | Kind::Unknown(_) => {
                Err(Stop::Kind(said.leaf.kind.title()))
            }
            _ if said.is_of_order() => self.order(said).await,
            Kind::Delivery => self.delivery(said).await,
            Kind::Return => self.repair(said).await,
            _ if said.leaf.reference.is_some() => self.repair(said).await,
            _ => self.plain(said).await,
        }
    }

    /// The first leaf of this very house: whoever has other keys has another log.
    async fn first(&mut self, said: &Said<'_>) -> Flow<()> {
        let house = &self.batch.house;
        if said.text("origin") != house.origin || said.text("key") != house.verifier_key {
            return broken("日志开篇的来源或公钥不是本机的");
        }
        let founded = said.at().rfc3339();
        let origin = house.origin.clone();
        house_set(&mut self.batch.tx, "origin", &origin).await?;
        house_set(&mut self.batch.tx, "founded", &founded).await?;
        Ok(())
    }

    async fn streams(&mut self, leaf: &Leaf) -> Flow<()> {
        let names: Vec<String> = leaf.streams.iter().map(|(name, _)| name.clone()).collect();
        self.batch.load_streams(&names).await?;
        let state = &mut self.batch.state;
        for (name, sequence) in &leaf.streams {
            let known = state.streams.get(name).copied().unwrap_or(0);
            if known.saturating_add(1) != *sequence {
                return broken(format!("序列 {name} 的编号不相接"));
            }
            state.streams.insert(name.clone(), *sequence);
            state.dirty_streams.insert(name.clone());
        }
        Ok(())
    }

    /// The key behind a printed id, which only the house that printed it can tell.
    fn id<K: IdKind>(&self, text: &str) -> Flow<Id<K>> {
        match self.batch.house.cipher.read(text) {
            Ok(id) => Ok(id),
            Err(_) => broken("编号不是本机的"),
        }
    }

    fn owner(&self, said: &Said<'_>) -> Flow<Id<ids::Organisation>> {
        self.id(said.leaf.organisation.as_deref().unwrap_or_default())
    }

    /// The campaign in whose stream a leaf stands.
    fn campaign_of(&self, said: &Said<'_>) -> Flow<Option<Id<ids::Campaign>>> {
        let mut streams = said.leaf.streams.iter();
        let body = streams.find_map(|(name, _)| name.strip_prefix("camp/"));
        body.map(|body| self.id(&format!("cam_{body}"))).transpose()
    }

    /// What can no longer be decided as it was asked for is closed, and the audit entry says who brought the leaves back.
    pub(crate) async fn finish(mut self, (from, to): (i64, i64)) -> Flow<Losses> {
        if from < to {
            self.close_repairs().await?;
            let session = self.batch.sql().await?;
            self.losses.factors = factor_logins(session).await?;
        }
        let about = (self.batch.house.origin.clone(), format!("{from}..{to}"));
        let actor = Actor::house("command line");
        self.batch
            .audit(&actor, Action::LogRecover, about, self.now);
        Ok(self.losses)
    }
}
