//! 〔补录〕 Rows from leaves that a lost database had published: what a leaf says of money is said again by tapes, places
//! and counters. What no leaf says (names, notes, numbers of payments) is lost and stays empty.

use super::Batch;
use crate::buffer::MovementRow;
use db::{Result, args, sql};
use domain::fundraising::DONOR_LOST;
use domain::funds::FundKind;
use domain::identity::{Action, Actor};
use domain::parties::DonorKind;
use kernel::{Id, IdKind, Timestamp};
use leaf::{Json, Kind, Leaf, Move, ids};

/// 〔缺资料的捐赠〕 A gift of which only the public part is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostGift {
    /// The leaf.
    pub leaf_index: i64,
    /// Its number as printed.
    pub id: String,
    /// Its Beijing day.
    pub day: String,
    /// Code of the channel.
    pub channel: String,
    /// Gross fen.
    pub amount: i64,
}

/// Why a leaf cannot be said again by rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotReplayed {
    /// Records of this kind need more than their leaf says.
    Kind(&'static str),
    /// It does not continue the tapes and streams that are here.
    Discontinuous(String),
}

type Replayed<T> = std::result::Result<T, NotReplayed>;

fn broken<T>(what: &str) -> Replayed<T> {
    Err(NotReplayed::Discontinuous(what.to_owned()))
}

impl Batch {
    /// Says a leaf again by rows, as number `index` of the log, which must be the next one.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why it cannot be; the batch must be thrown away then.
    pub(crate) async fn replay(
        &mut self,
        index: i64,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<Replayed<Option<LostGift>>> {
        let Ok(leaf) = Leaf::parse(bytes) else {
            return Ok(broken("写法不对"));
        };
        if leaf.check_content().is_err() || index != self.state.next_leaf {
            return Ok(broken("写法或位置不对"));
        }
        if let Err(refused) = self.replay_streams(&leaf).await? {
            return Ok(Err(refused));
        }
        let done = match leaf.kind {
            // The log's words about itself, which no row repeats.
            Kind::Index | Kind::Verifier => Ok(None),
            Kind::Settlement => self.replay_transfers(&leaf).await?.map(|()| None),
            Kind::Gift if leaf.data.contains_key("run") => Err(NotReplayed::Kind("导入的捐赠")),
            Kind::Gift => self.replay_gift(&leaf, index, now).await?.map(Some),
            ref other => Err(NotReplayed::Kind(other.title())),
        };
        if done.is_ok() {
            let hash = tlog::leaf_hash(bytes).0;
            self.buffer.leaves.push((index, bytes.to_vec(), hash));
            self.state.next_leaf = index.saturating_add(1);
            self.changed();
        }
        Ok(done)
    }

    /// Notes who brought the leaves `[from, to)` of a log back.
    pub(crate) fn replay_noted(&mut self, log: &str, (from, to): (i64, i64), now: Timestamp) {
        let about = (log.to_owned(), format!("{from}..{to}"));
        let actor = Actor::house("command line");
        self.audit(&actor, Action::LogRecover, about, now);
    }

    async fn replay_streams(&mut self, leaf: &Leaf) -> Result<Replayed<()>> {
        let names: Vec<String> = leaf.streams.iter().map(|(name, _)| name.clone()).collect();
        self.load_streams(&names).await?;
        for (name, sequence) in &leaf.streams {
            let known = self.state.streams.get(name).copied().unwrap_or(0);
            if known.saturating_add(1) != *sequence {
                return Ok(broken(&format!("序列 {name} 的编号不相接")));
            }
            self.state.streams.insert(name.clone(), *sequence);
            self.state.dirty_streams.insert(name.clone());
        }
        Ok(Ok(()))
    }

    fn known<K: IdKind>(&self, text: Option<&str>) -> Option<Id<K>> {
        self.house.cipher.read(text?).ok()
    }

    /// What is of a fund at a place becomes more or less.
    async fn replay_balance(&mut self, (fund, place): (i64, i64), by: i64) -> Result<Replayed<()>> {
        if self.place(Id::from_raw(place)).await?.is_none() {
            return Ok(broken("存放处不在这个备份里"));
        }
        let amount = self.balance(fund, place).await?.checked_add(by);
        let Some(amount) = amount.filter(|amount| *amount >= 0) else {
            return Ok(broken("存放处的余额不足"));
        };
        self.state.balances.insert((fund, place), amount);
        self.state.dirty_balances.insert((fund, place));
        Ok(Ok(()))
    }

    async fn replay_transfers(&mut self, leaf: &Leaf) -> Result<Replayed<()>> {
        for one in &leaf.moves {
            let fund = one.from.as_ref().map(|side| side.fund.as_str());
            let fund = self.known::<ids::Fund>(fund);
            let places = (
                self.known::<ids::Place>(one.place_out.as_deref()),
                self.known::<ids::Place>(one.place_in.as_deref()),
            );
            let (Some(fund), (Some(out), Some(into))) = (fund, places) else {
                return Ok(broken("编号不是本机的"));
            };
            for (place, by) in [(out, -one.n), (into, one.n)] {
                let key = (fund.raw(), place.raw());
                if let Err(refused) = self.replay_balance(key, by).await? {
                    return Ok(Err(refused));
                }
            }
        }
        Ok(Ok(()))
    }

    /// An inflow at the tail of its tape; true if its fund holds fees.
    async fn replay_inflow(
        &mut self,
        one: &Move,
        (leaf, index, movement, donation): (&Leaf, i64, i64, i64),
    ) -> Result<Replayed<bool>> {
        let side = one.to.as_ref();
        let fund = self.known::<ids::Fund>(side.map(|side| side.fund.as_str()));
        let place = self.known::<ids::Place>(one.place_in.as_deref());
        let span = side.and_then(|side| side.span);
        let (Some(fund), Some(place), Some((start, end))) = (fund, place, span) else {
            return Ok(broken("编号不是本机的"));
        };
        let Some(known) = self.fund(fund).await? else {
            return Ok(broken("资金不在这个备份里"));
        };
        let mut tape = known.tape;
        match tape.write(one.n) {
            Ok(span) if (span.start, span.end()) == (start, end) => {}
            _ => return Ok(broken("资金的收支不相接")),
        }
        if let Some(held) = self.state.funds.get_mut(&fund.raw()) {
            held.tape = tape;
        }
        self.state.dirty_funds.insert(fund.raw());
        if let Err(refused) = self
            .replay_balance((fund.raw(), place.raw()), one.n)
            .await?
        {
            return Ok(Err(refused));
        }
        let day = leaf.time.day();
        let kind = ledger::Kind::Gift.code();
        let roll = (fund.raw(), i64::from(day.number()), kind, "in");
        let roll = self.state.rolls.entry(roll).or_default();
        *roll = (roll.0.saturating_add(one.n), roll.1.saturating_add(1));
        self.buffer.movements.push(MovementRow {
            id: movement,
            leaf_index: index,
            kind,
            amount: one.n,
            from: None,
            to: Some((fund.raw(), start, one.n)),
            place_from: None,
            place_to: Some(place.raw()),
            undoes: None,
            donation: Some(donation),
            matter: None,
            at: day.start().micros(),
            day: i64::from(day.number()),
        });
        Ok(Ok(known.kind == FundKind::Fee))
    }

    async fn replay_gift(
        &mut self,
        leaf: &Leaf,
        index: i64,
        now: Timestamp,
    ) -> Result<Replayed<LostGift>> {
        let Some(id) = self.known::<ids::Donation>(Some(&leaf.id)) else {
            return Ok(broken("编号不是本机的"));
        };
        let text = |word: &str| leaf.data.get(word).and_then(Json::text);
        let (mut amount, mut fee, mut first) = (0_i64, 0_i64, None);
        for one in &leaf.moves {
            let movement = self.mint::<ids::Movement>(now).raw();
            first.get_or_insert(movement);
            let about = (leaf, index, movement, id.raw());
            match self.replay_inflow(one, about).await? {
                Ok(is_fee) => {
                    amount = amount.saturating_add(one.n);
                    fee = fee.saturating_add(if is_fee { one.n } else { 0 });
                }
                Err(refused) => return Ok(Err(refused)),
            }
        }
        let channel = text("ch").unwrap_or_default().to_owned();
        let lost = LostGift {
            leaf_index: index,
            id: leaf.id.clone(),
            day: leaf.time.day().to_string(),
            channel,
            amount,
        };
        let fee = if text("held").is_some() { 0 } else { fee };
        let row = (id.raw(), fee, first.unwrap_or_default());
        match self.replay_gift_row(leaf, &lost, row).await? {
            Ok(()) => Ok(Ok(lost)),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// The row of the gift, and a key in place of its payment's that no payment ever has.
    async fn replay_gift_row(
        &mut self,
        leaf: &Leaf,
        lost: &LostGift,
        (id, fee, first): (i64, i64, i64),
    ) -> Result<Replayed<()>> {
        let Some(organisation) = self.known::<ids::Organisation>(leaf.organisation.as_deref())
        else {
            return Ok(broken("编号不是本机的"));
        };
        let campaign = leaf.streams.iter().find_map(|(name, _)| {
            let printed = format!("cam_{}", name.strip_prefix("camp/")?);
            self.known::<ids::Campaign>(Some(&printed))
        });
        let text = |word: &str| leaf.data.get(word).and_then(Json::text);
        let held = text("held").unwrap_or_default();
        let state = if held.is_empty() { "standing" } else { "held" };
        let day = leaf.time.day();
        let known = leaf.data.get("time_known") != Some(&Json::Bool(false));
        let kind = DonorKind::parse(text("donor_kind").unwrap_or_default());
        let kind = kind.unwrap_or(DonorKind::Person).code();
        let insert = sql!(
            "INSERT INTO donation (id, organisation_id, campaign_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, donor_kind, donor_public, leaf_index, movement_first, movement_count) VALUES ($1, $2, $3, $4, $5, $6, 'fen', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        );
        let values = args![
            id,
            organisation.raw(),
            campaign.map(Id::raw),
            &lost.channel,
            lost.amount,
            fee,
            state,
            held,
            day.start().micros(),
            i64::from(known),
            i64::from(day.number()),
            kind,
            DONOR_LOST,
            lost.leaf_index,
            first,
            i64::try_from(leaf.moves.len()).unwrap_or(i64::MAX)
        ];
        self.tx.exec(insert, values).await?;
        let sums = [(
            organisation.raw(),
            i64::from(day.number()),
            lost.channel.as_str(),
            lost.amount,
        )];
        crate::fundraising::channel_day_add(&mut self.tx, &sums).await?;
        let key = sql!(
            "INSERT INTO payment_key (channel, external_id, donation_id, amount) VALUES ($1, $2, $3, $4)"
        );
        let channel = format!("recovered/{}", lost.channel);
        let values = args![&channel, &lost.id, id, lost.amount];
        self.tx.exec(key, values).await?;
        Ok(Ok(()))
    }
}
