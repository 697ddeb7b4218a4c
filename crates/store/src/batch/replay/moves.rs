//! Money and goods as leaves say them: tapes, places, roll-ups and swaps go on where the rows stand.

use super::{Flow, Replay, Said, broken};
use crate::buffer::MovementRow;
use db::{args, sql};
use kernel::Id;
use leaf::{FundSide, Kind, Leaf, Move, ids};
use ledger::{Exchange, MovementId, Naming, Span, Tape, TapeId};

/// What the leaf of a movement does not say by itself.
#[derive(Clone, Copy, Default)]
pub(super) struct About {
    /// The gift it belongs to.
    pub(super) donation: Option<i64>,
    /// The order or delivery it belongs to.
    pub(super) matter: Option<i64>,
    /// The movement it undoes, and where in it.
    pub(super) undoes: Option<(i64, i64)>,
    /// Reserved fen that become free with it.
    pub(super) releases: i64,
}

/// A fund, and where on its tape.
type Part = (Id<ids::Fund>, Span);

impl Replay<'_> {
    /// Movements that belong to nothing else.
    pub(super) async fn plain(&mut self, said: &Said<'_>) -> Flow<()> {
        self.reasons(said).await?;
        self.moves(said, About::default()).await.map(drop)
    }

    /// Says the movements of a leaf again. Returns their keys, ascending.
    pub(super) async fn moves(&mut self, said: &Said<'_>, about: About) -> Flow<Vec<i64>> {
        let mut keys = Vec::with_capacity(said.leaf.moves.len());
        for one in &said.leaf.moves {
            keys.push(self.movement(said, one, about).await?);
        }
        Ok(keys)
    }

    async fn movement(&mut self, said: &Said<'_>, one: &Move, about: About) -> Flow<i64> {
        let now = self.now;
        let key = self.batch.mint::<ids::Movement>(now).raw();
        let out = self.part(one.from.as_ref())?;
        let into = self.part(one.to.as_ref())?;
        let place_from = self.place_id(one.place_out.as_deref())?;
        let place_to = self.place_id(one.place_in.as_deref())?;
        if let (Some((fund, span)), Some(place)) = (out, place_from) {
            self.swaps(said.leaf, one, (fund, key)).await?;
            self.take(fund, span, about.releases).await?;
            self.balance((fund.raw(), place), -span.len).await?;
        }
        if let (Some((fund, span)), Some(place)) = (into, place_to) {
            self.write(fund, span).await?;
            self.balance((fund.raw(), place), span.len).await?;
        }
        let kind = kind_of(&said.leaf.kind)?;
        let day = i64::from(said.accounting_day().number());
        for (part, direction) in [(out, "out"), (into, "in")] {
            let Some((fund, span)) = part else { continue };
            let rolls = &mut self.batch.state.rolls;
            let roll = rolls.entry((fund.raw(), day, kind, direction)).or_default();
            *roll = (roll.0.saturating_add(span.len), roll.1.saturating_add(1));
        }
        let side = |part: Option<Part>| part.map(|(fund, span)| (fund.raw(), span.start, span.len));
        self.batch.buffer.movements.push(MovementRow {
            id: key,
            leaf_index: said.index,
            kind,
            amount: one.n,
            from: side(out),
            to: side(into),
            place_from,
            place_to,
            undoes: about.undoes,
            donation: about.donation,
            matter: about.matter,
            at: said.at().micros(),
            day,
        });
        Ok(key)
    }

    fn part(&self, side: Option<&FundSide>) -> Flow<Option<Part>> {
        let Some(side) = side else { return Ok(None) };
        let fund = self.id::<ids::Fund>(&side.fund)?;
        let span = side
            .span
            .and_then(|(start, end)| Span::new(start, end.checked_sub(start)?));
        match span {
            Some(span) => Ok(Some((fund, span))),
            None => broken("流转没有位置"),
        }
    }

    fn place_id(&self, place: Option<&str>) -> Flow<Option<i64>> {
        let id = place
            .map(|place| self.id::<ids::Place>(place))
            .transpose()?;
        Ok(id.map(Id::raw))
    }

    async fn tape(&mut self, fund: Id<ids::Fund>) -> Flow<Tape> {
        match self.batch.fund(fund).await? {
            Some(fund) => Ok(fund.tape),
            None => broken("资金不在这个备份里"),
        }
    }

    fn put(&mut self, fund: Id<ids::Fund>, tape: Tape) {
        if let Some(held) = self.batch.state.funds.get_mut(&fund.raw()) {
            held.tape = tape;
        }
        self.batch.state.dirty_funds.insert(fund.raw());
    }

    async fn write(&mut self, fund: Id<ids::Fund>, at: Span) -> Flow<()> {
        let mut tape = self.tape(fund).await?;
        if tape.write(at.len).ok() != Some(at) {
            return broken("资金的收支不相接");
        }
        self.put(fund, tape);
        Ok(())
    }

    /// Takes the head. What approvals of the backup reserved may be gone: whatever was published comes first.
    async fn take(&mut self, fund: Id<ids::Fund>, at: Span, releases: i64) -> Flow<()> {
        let mut tape = self.tape(fund).await?;
        if releases > 0 && tape.release(releases).is_err() {
            return broken("资金预留的钱与拨付不符");
        }
        self.put(fund, tape);
        if tape.spendable() < at.len {
            self.free(fund).await?;
            tape = self.tape(fund).await?;
        }
        if tape.take(at.len).ok() != Some(at) {
            return broken("资金的收支不相接");
        }
        self.put(fund, tape);
        Ok(())
    }

    /// What is of a fund at a place becomes more or less.
    async fn balance(&mut self, (fund, place): (i64, i64), by: i64) -> Flow<()> {
        if self.batch.place(Id::from_raw(place)).await?.is_none() {
            return broken("存放处不在这个备份里");
        }
        let amount = self.batch.balance(fund, place).await?.checked_add(by);
        let Some(amount) = amount.filter(|amount| *amount >= 0) else {
            return broken("存放处的余额不足");
        };
        self.batch.state.balances.insert((fund, place), amount);
        self.batch.state.dirty_balances.insert((fund, place));
        Ok(())
    }

    /// The rows of a named outflow's swap, found again from the runs that its leaf lists.
    async fn swaps(
        &mut self,
        leaf: &Leaf,
        one: &Move,
        (fund, key): (Id<ids::Fund>, i64),
    ) -> Flow<()> {
        let side = one.from.as_ref().map(|side| side.fund.as_str());
        let listed = leaf
            .swaps
            .iter()
            .filter(|swap| Some(swap.tape.as_str()) == side);
        let exchanges: Vec<Exchange> = listed
            .map(|swap| Exchange {
                from: swap.from,
                to: swap.to,
                len: swap.len,
            })
            .collect();
        if exchanges.is_empty() {
            return Ok(());
        }
        let naming = Naming::listed(TapeId(fund.raw()), exchanges, MovementId(key));
        let named = crate::funds::run_naming(self.batch.sql().await?, naming).await?;
        let Ok(named) = named else {
            return broken("换位与这个备份里的流转不符");
        };
        for swap in &named.swaps {
            let now = self.now;
            let id = self.batch.mint::<ids::Movement>(now).raw();
            let (by, since, to_since) = (swap.by.0, swap.since.0, swap.to_since.0);
            let row = [
                id,
                fund.raw(),
                swap.from,
                swap.to,
                swap.len,
                by,
                since,
                to_since,
            ];
            self.batch.buffer.swaps.push(row);
        }
        for row in &named.standings {
            let standing = [fund.raw(), row.span.start, row.span.len, row.since.0];
            self.batch.buffer.standings.push(standing);
        }
        Ok(())
    }

    /// Money changes its place.
    pub(super) async fn settlement(&mut self, said: &Said<'_>) -> Flow<()> {
        self.reasons(said).await?;
        for one in &said.leaf.moves {
            let fund = one.from.as_ref().map_or("", |side| side.fund.as_str());
            let fund = self.id::<ids::Fund>(fund)?.raw();
            let places = (
                self.place_id(one.place_out.as_deref())?,
                self.place_id(one.place_in.as_deref())?,
            );
            let (Some(out), Some(into)) = places else {
                return broken("结算没有存放处");
            };
            self.balance((fund, out), -one.n).await?;
            self.balance((fund, into), one.n).await?;
        }
        Ok(())
    }

    /// Undoes what a leaf names, gives back what an allotment wrote, or takes what is left of one gift.
    pub(super) async fn repair(&mut self, said: &Said<'_>) -> Flow<()> {
        self.reasons(said).await?;
        let about = match said.leaf.kind {
            Kind::Reversal => self.undone(said).await?,
            Kind::Return => self.returned(said).await?,
            _ => return self.of_gift(said).await,
        };
        self.moves(said, about).await.map(drop)
    }

    /// A reversal undoes the one movement of the leaf that it names.
    async fn undone(&mut self, said: &Said<'_>) -> Flow<About> {
        let wrong = self.leaf_at(self.named(said)?).await?;
        let from = wrong.moves.first().and_then(|one| one.from.as_ref());
        let Some((fund, span)) = self.part(from)? else {
            return broken("所冲回的陈述没有支出");
        };
        let movement = sql!("SELECT id FROM movement WHERE from_fund = $1 AND out_start = $2");
        let tx = self.batch.sql().await?;
        let found = tx
            .opt(movement, args![fund.raw(), span.start], |r| r.i64(0))
            .await?;
        match found {
            Some(movement) => Ok(About {
                undoes: Some((movement, 0)),
                ..About::default()
            }),
            None => broken("所冲回的流转不在这个备份里"),
        }
    }

    /// Advance money that comes back belongs to the allotment that wrote its head.
    pub(super) async fn returned(&mut self, said: &Said<'_>) -> Flow<About> {
        let from = said.leaf.moves.first().and_then(|one| one.from.as_ref());
        let Some((fund, span)) = self.part(from)? else {
            return Ok(About::default());
        };
        match self.batch.allotment_at(fund, span.start).await? {
            Some(source) => Ok(About {
                undoes: Some((source.movement.0, span.start.saturating_sub(source.start))),
                ..About::default()
            }),
            None => broken("退回的预付款不在这个备份里"),
        }
    }

    /// An earlier leaf.
    pub(super) async fn leaf_at(&mut self, index: i64) -> Flow<Leaf> {
        let bytes = self.batch.leaf_bytes(index).await?.unwrap_or_default();
        match Leaf::parse(&bytes) {
            Ok(leaf) => Ok(leaf),
            Err(_) => broken("它所指的陈述读不懂"),
        }
    }

    /// Where the leaf stands that this one names.
    pub(super) fn named(&self, said: &Said<'_>) -> Flow<i64> {
        let found = said.leaf.reference.and_then(|hash| self.places.get(&hash));
        match found {
            Some(index) => Ok(*index),
            None => broken("它所指的陈述不在日志里"),
        }
    }
}

/// What a kind of leaf is on tapes.
fn kind_of(said: &Kind) -> Flow<&'static str> {
    let word = said.code().split('/').next().unwrap_or_default();
    // Goods that are given are a gift on the tape and goods in the log.
    let word = if word == "goods" { "gift" } else { word };
    match ledger::Kind::parse(word) {
        Some(kind) => Ok(kind.code()),
        None => Err(super::Stop::Kind(said.title())),
    }
}
