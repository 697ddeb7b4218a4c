//! The walk through the database: leaves in order, and beside each of them the rows that it states.

use super::compare::{self, Difference};
use super::coverage::Coverage;
use super::fates::Fates;
use super::gifts;
use super::matters::Paid;
use super::names::Names;
use super::recount::Recount;
use super::withdrawn::Withdrawals;
use crate::outcome::Failure;
use db::Session;
use domain::fundraising::DONOR_LOST;
use indicatif::ProgressBar;
use leaf::{Checker, Finding, Kind, Leaf, ids};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::audit::{self as rows, DonationAuditRow, MoneyRow, OpeningRow, SwapRow};
use store::transparency::{CheckpointRecord, LeafRecord};
use tlog::{Checkpoint, Edge, SignedNote, leaf_hash};

/// Leaves, or rows, that are read at once.
pub(super) const PAGE: i64 = 2_000;
/// Findings that are kept with their words; all are counted.
const KEPT: usize = 1_000;

/// Findings as they are made.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) list: Vec<Finding>,
    pub(super) count: u64,
}

impl Found {
    pub(super) fn add(&mut self, index: Option<u64>, code: &'static str, sentence: String) {
        self.count = self.count.saturating_add(1);
        if self.list.len() < KEPT {
            self.list.push(Finding {
                index,
                code,
                sentence,
            });
        }
    }

    fn add_all(&mut self, index: u64, differences: Vec<Difference>) {
        for (code, sentence) in differences {
            self.add(Some(index), code, sentence);
        }
    }
}

/// A database that cannot be read, in our words.
pub(crate) fn unread(error: &db::Error) -> Failure {
    Failure::unreachable("database.read", error.to_string())
}

/// Everything the walk carries along.
pub(super) struct Walk<'a> {
    pub(super) session: &'a mut Session,
    pub(super) names: &'a mut Names,
    pub(super) found: Found,
    pub(super) recount: Recount,
    pub(super) checker: Checker,
    pub(super) edge: Edge,
    /// Whether the first leaf says that this is a test log.
    pub(super) is_test: bool,
    pub(super) tiles: u64,
    /// The newest checkpoint that was met.
    pub(super) newest: Option<CheckpointRecord>,
    pub(super) fates: Fates,
    pub(super) withdrawals: Withdrawals,
    pub(super) coverage: Coverage,
    /// Leaves of payments and of deliveries that found their rows.
    pub(super) orders_met: u64,
    /// Paid orders that an import brought, by what their leaves say.
    pub(super) orders_imported: BTreeSet<i64>,
    pub(super) deliveries_met: u64,
    movements: Queue<MoneyRow>,
    swaps: Queue<SwapRow>,
    checkpoints: Queue<CheckpointRecord>,
}

/// Rows in the order of their keys, read a page at a time.
struct Queue<T> {
    waiting: VecDeque<T>,
    after: i64,
    is_end: bool,
}

impl<T> Queue<T> {
    const fn new() -> Queue<T> {
        Queue {
            waiting: VecDeque::new(),
            after: i64::MIN,
            is_end: false,
        }
    }

    fn refill(&mut self, page: Vec<T>, key: impl Fn(&T) -> i64) {
        self.is_end = (page.len() as i64) < PAGE;
        if let Some(last) = page.last() {
            self.after = key(last);
        }
        self.waiting.extend(page);
    }

    fn wants_more(&self) -> bool {
        self.waiting.is_empty() && !self.is_end
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(session: &'a mut Session, names: &'a mut Names, key: &[u8; 32]) -> Walk<'a> {
        Walk {
            session,
            names,
            found: Found::default(),
            recount: Recount::default(),
            checker: Checker::new(key).with_sm3(),
            edge: Edge::new(),
            is_test: false,
            tiles: 0,
            newest: None,
            fates: Fates::default(),
            withdrawals: Withdrawals::default(),
            coverage: Coverage::default(),
            orders_met: 0,
            orders_imported: BTreeSet::new(),
            deliveries_met: 0,
            movements: Queue::new(),
            swaps: Queue::new(),
            checkpoints: Queue::new(),
        }
    }

    /// Walks all leaves; what rows are left over at the end belongs to none.
    pub(super) async fn run(&mut self, bar: &ProgressBar) -> Result<(), Failure> {
        let mut from = 0;
        loop {
            let page = rows::leaf_rows_from(self.session, from, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last().map(|leaf| leaf.index) else {
                break;
            };
            self.page(&page, (from, last.saturating_add(1))).await?;
            from = last.saturating_add(1);
            bar.inc(page.len() as u64);
        }
        while let Some(row) = self.next_movement().await? {
            self.stray_movement(&row);
        }
        while let Some(row) = self.next_swap().await? {
            let name = self.names.print::<ids::Movement>(row.movement);
            let sentence = format!(
                "换位行 {} 属于流转 {name}，没有陈述说过它，请查明来源",
                row.id
            );
            self.found.add(None, "rows.swap_stray", sentence);
        }
        while let Some(checkpoint) = self.next_checkpoint().await? {
            let sentence = format!(
                "检查点说有{}条陈述，数据库里没有那么多，陈述被删除",
                checkpoint.size
            );
            self.found.add(None, "log.leaves_missing", sentence);
            self.newest = Some(checkpoint);
        }
        Ok(())
    }

    async fn page(&mut self, page: &[LeafRecord], span: (i64, i64)) -> Result<(), Failure> {
        let leaves: Vec<Option<Leaf>> = page.iter().map(|row| self.stated(row)).collect();
        let openings = rows::opening_rows_between(self.session, span.0, span.1)
            .await
            .map_err(|e| unread(&e))?;
        let mut by_leaf: BTreeMap<i64, Vec<OpeningRow>> = BTreeMap::new();
        for opening in openings {
            by_leaf.entry(opening.leaf_index).or_default().push(opening);
        }
        let donations = self.donations(&leaves).await?;
        for (row, leaf) in page.iter().zip(&leaves) {
            self.log(row).await?;
            let openings = by_leaf.remove(&row.index).unwrap_or_default();
            let index = row.index.unsigned_abs();
            // A leaf that cannot be read was named by the checker.
            let Some(leaf) = leaf else { continue };
            self.recount.leaf(index, leaf, &openings);
            let lost = openings.iter().filter(|row| row.is_lost()).count() as u64;
            self.coverage.words = self.coverage.words.saturating_add(lost);
            self.found
                .add_all(index, compare::openings(leaf, &openings));
            let own = self.movements_of(index, leaf).await?;
            self.fates.leaf(index, leaf, &own);
            self.withdrawals.leaf(index, leaf);
            self.withdrawals.words((index, leaf, row.hash), &openings);
            self.undone(index, leaf, &own).await?;
            self.donation_of((index, leaf, row.hash), &own, &donations);
            let paid = Paid {
                index,
                leaf,
                openings: &openings,
                own: &own,
            };
            self.matter_of(&paid).await?;
        }
        for (index, _) in by_leaf {
            let sentence = "公开文字行指向不存在的陈述，请查明来源".to_owned();
            self.found
                .add(Some(index.unsigned_abs()), "rows.opening_stray", sentence);
        }
        Ok(())
    }

    /// What a leaf states. The entries of a test log state nothing, so that rows that rest on them are strays.
    fn stated(&mut self, row: &LeafRecord) -> Option<Leaf> {
        if self.is_test && row.index > 0 {
            return None;
        }
        let leaf = Leaf::parse(&row.bytes).ok();
        self.is_test |=
            leaf.as_ref().is_some_and(|leaf| leaf.kind == Kind::TestLog) && row.index == 0;
        leaf
    }

    async fn donations(
        &mut self,
        leaves: &[Option<Leaf>],
    ) -> Result<BTreeMap<i64, DonationAuditRow>, Failure> {
        let keys: Vec<i64> = leaves
            .iter()
            .flatten()
            .filter(|leaf| is_gift(leaf))
            .filter_map(|leaf| self.names.read::<ids::Donation>(&leaf.id))
            .collect();
        let rows = rows::donation_rows_by_id(self.session, &keys)
            .await
            .map_err(|e| unread(&e))?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// Bytes, hash, place in the tree, tiles and checkpoint of a leaf.
    async fn log(&mut self, row: &LeafRecord) -> Result<(), Failure> {
        let index = row.index.unsigned_abs();
        let hash = leaf_hash(&row.bytes);
        if hash.0 != row.hash {
            let sentence = "陈述的内容与数据库里它的摘要不符，陈述被改动".to_owned();
            self.found.add(Some(index), "log.leaf_hash", sentence);
        }
        self.checker.feed(index, &row.bytes, &hash.0);
        let sealed = self.newest.as_ref().map(|newest| newest.size);
        if sealed == Some(row.index.saturating_add(1)) {
            self.checker.end_checkpoint();
        }
        if self.edge.append(hash).is_err() {
            return Err(Failure::refused(
                "log.too_large",
                "日志超过了可能的最大长度，请核对数据库",
            ));
        }
        for tile in self.edge.take_full_tiles() {
            let place = (i64::from(tile.level()), tile.index() as i64);
            let kept = rows::tile_bytes(self.session, place.0, place.1)
                .await
                .map_err(|e| unread(&e))?;
            self.tiles = self.tiles.saturating_add(1);
            // Tiles are kept when they are signed, not before.
            if kept.is_some_and(|kept| kept != tile.to_bytes()) {
                let sentence = format!("瓦片 {} 与重算的不符，瓦片行被改动", tile.path());
                self.found.add(Some(index), "log.tile", sentence);
            }
        }
        let size = self.edge.size() as i64;
        while let Some(checkpoint) = self.checkpoint_at(size).await? {
            self.compare_checkpoint(&checkpoint);
            self.newest = Some(checkpoint);
        }
        Ok(())
    }

    fn compare_checkpoint(&mut self, kept: &CheckpointRecord) {
        let stated: Option<Checkpoint> = SignedNote::parse(&kept.note)
            .ok()
            .and_then(|note| note.text().parse().ok());
        let root = self.edge.root();
        let is_note_right =
            stated.is_some_and(|stated| stated.size() == self.edge.size() && stated.root() == root);
        if kept.root != root.0 || !is_note_right {
            let sentence = format!(
                "{}条处的检查点与重算的根不符，此前的陈述或检查点被改动",
                kept.size
            );
            self.found.add(None, "log.root", sentence);
        }
    }

    /// The movements and swaps that a leaf states, against the next rows.
    async fn movements_of(&mut self, index: u64, leaf: &Leaf) -> Result<Vec<MoneyRow>, Failure> {
        let mut own = Vec::new();
        while let Some(row) = self.next_movement().await? {
            match row.leaf_index.cmp(&(index as i64)) {
                std::cmp::Ordering::Equal => own.push(row),
                std::cmp::Ordering::Less => self.stray_movement(&row),
                std::cmp::Ordering::Greater => {
                    self.movements.waiting.push_front(row);
                    break;
                }
            }
        }
        let mut swaps = Vec::new();
        while let Some(row) = self.next_swap().await? {
            if own.iter().any(|movement| movement.id == row.movement) {
                swaps.push(row);
            } else {
                self.swaps.waiting.push_front(row);
                break;
            }
        }
        self.found
            .add_all(index, compare::movements(leaf, &own, self.names));
        self.found
            .add_all(index, compare::swaps(leaf, &swaps, self.names));
        let is_day_unstated = compare::accounting_day(leaf).is_none();
        for row in &own {
            self.recount.row(row);
            if is_day_unstated
                && kernel::Timestamp::from_micros(row.at).day().number() as i64 != row.day
            {
                self.coverage.days = self.coverage.days.saturating_add(1);
            }
        }
        Ok(own)
    }

    fn stray_movement(&mut self, row: &MoneyRow) {
        let name = self.names.print::<ids::Movement>(row.id);
        let sentence = format!(
            "流转行 {name} 说自己出自第{}条陈述，那里没有它的位置，请查明来源",
            row.leaf_index
        );
        self.found.add(
            u64::try_from(row.leaf_index).ok(),
            "rows.movement_stray",
            sentence,
        );
    }

    fn donation_of(
        &mut self,
        at: (u64, &Leaf, [u8; 32]),
        own: &[MoneyRow],
        donations: &BTreeMap<i64, DonationAuditRow>,
    ) {
        let (index, leaf, hash) = at;
        if !is_gift(leaf) {
            return;
        }
        let row = self
            .names
            .read::<ids::Donation>(&leaf.id)
            .and_then(|id| donations.get(&id));
        let Some(row) = row else {
            let sentence = format!("陈述了捐赠 {}，数据库里没有它的行，捐赠行被删除", leaf.id);
            return self
                .found
                .add(Some(index), "rows.donation_missing", sentence);
        };
        self.found
            .add_all(index, compare::donation((index, leaf), row, self.names));
        self.found
            .add_all(index, gifts::derived(leaf, row, own, &self.recount));
        match &row.private {
            Some(kept) => self.found.add_all(index, gifts::words(leaf, row, kept)),
            None if row.donor_public == DONOR_LOST => {
                self.coverage.lost = self.coverage.lost.saturating_add(1);
            }
            None => self.coverage.erased = self.coverage.erased.saturating_add(1),
        }
        self.fates.gift(hash, (index, leaf), row);
        self.withdrawals.gift((index, leaf, hash), row);
        self.recount.donation(row);
    }

    async fn next_movement(&mut self) -> Result<Option<MoneyRow>, Failure> {
        if self.movements.wants_more() {
            let page = rows::money_rows_after(self.session, self.movements.after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            self.movements.refill(page, |row| row.id);
        }
        Ok(self.movements.waiting.pop_front())
    }

    async fn next_swap(&mut self) -> Result<Option<SwapRow>, Failure> {
        if self.swaps.wants_more() {
            let page = rows::swap_rows_after(self.session, self.swaps.after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            self.swaps.refill(page, |row| row.id);
        }
        Ok(self.swaps.waiting.pop_front())
    }

    async fn next_checkpoint(&mut self) -> Result<Option<CheckpointRecord>, Failure> {
        if self.checkpoints.wants_more() {
            let page = rows::checkpoint_rows_after(self.session, self.checkpoints.after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            self.checkpoints.refill(page, |row| row.size);
        }
        Ok(self.checkpoints.waiting.pop_front())
    }

    async fn checkpoint_at(&mut self, size: i64) -> Result<Option<CheckpointRecord>, Failure> {
        match self.next_checkpoint().await? {
            Some(checkpoint) if checkpoint.size <= size => Ok(Some(checkpoint)),
            Some(later) => {
                self.checkpoints.waiting.push_front(later);
                Ok(None)
            }
            None => Ok(None),
        }
    }
}

/// Whether a leaf states a donation, of money or of goods.
fn is_gift(leaf: &Leaf) -> bool {
    matches!(leaf.kind, Kind::Gift | Kind::Goods) && leaf.id.starts_with("don_")
}
