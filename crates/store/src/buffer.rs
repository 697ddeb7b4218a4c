//! Append-only rows of a batch, written in bulk before anything reads them.

use crate::state::State;
use db::{Col, Result, Tx, args, bulk, sql};
use ledger::Kind;
use std::collections::BTreeMap;

/// One row of `movement`.
#[derive(Debug, Clone)]
pub(crate) struct MovementRow {
    pub id: i64,
    pub leaf_index: i64,
    pub kind: &'static str,
    pub amount: i64,
    pub from: Option<(i64, i64, i64)>,
    pub to: Option<(i64, i64, i64)>,
    pub place_from: Option<i64>,
    pub place_to: Option<i64>,
    pub undoes: Option<(i64, i64)>,
    pub donation: Option<i64>,
    pub matter: Option<i64>,
    pub at: i64,
    pub day: i64,
}

/// One row of `donation` with its private part and its payment key.
#[derive(Debug, Clone)]
pub struct DonationRow {
    /// Key.
    pub id: i64,
    /// Who holds it.
    pub organisation: i64,
    /// The campaign it stands for; absent while held without one.
    pub campaign: Option<i64>,
    /// The intent it answers.
    pub intent: Option<i64>,
    /// Code of the channel.
    pub channel: String,
    /// Gross fen, or units.
    pub amount: i64,
    /// Fen the channel kept.
    pub fee: i64,
    /// `fen`, or the unit of an item.
    pub unit: String,
    /// `standing` or `held`.
    pub state: &'static str,
    /// Code of the reason, empty if it stands.
    pub held_reason: &'static str,
    /// Microseconds.
    pub paid_at: i64,
    /// False where only the published day is known.
    pub time_known: bool,
    /// Beijing day.
    pub day: i64,
    /// The day under which a list published it.
    pub published_day: Option<i64>,
    /// Code of the donor's kind.
    pub donor_kind: &'static str,
    /// The name pages show.
    pub donor_public: String,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// First of its movements; the others follow without gap.
    pub movement_first: i64,
    /// How many movements.
    pub movement_count: i64,
    /// The import and its line.
    pub import: Option<(i64, i64)>,
    /// Private words.
    pub private: DonationPrivate,
    /// (channel and merchant, external id): exists once for ever.
    pub payment: Option<(String, String)>,
}

/// What only the donor and the organisation may read.
#[derive(Debug, Clone, Default)]
pub struct DonationPrivate {
    /// Full name.
    pub name: String,
    /// Telephone or mail.
    pub contact: String,
    /// Words.
    pub message: String,
    /// The words under the commitment, canonical JSON.
    pub opened: String,
    /// Opens the commitment.
    pub key: [u8; 32],
}

/// One audit entry.
#[derive(Debug, Clone)]
pub(crate) struct AuditRow {
    pub id: i64,
    pub at: i64,
    pub user: Option<i64>,
    pub actor: String,
    pub action: &'static str,
    pub object: String,
    pub detail: String,
}

/// Rows waiting to be written.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub movements: Vec<MovementRow>,
    pub swaps: Vec<[i64; 8]>,
    pub standings: Vec<[i64; 4]>,
    pub leaves: Vec<(i64, Vec<u8>, [u8; 32])>,
    pub openings: Vec<(i64, &'static str, [u8; 32], String)>,
    pub donations: Vec<DonationRow>,
    /// Gifts of which only the public part is left: their private words are empty and not written.
    pub recovered: Vec<DonationRow>,
    /// External ids of imported rows that are no gifts: channel, external id, record, amount.
    pub payments: Vec<(String, String, i64, i64)>,
    pub audits: Vec<AuditRow>,
    pub commands: Vec<(String, [u8; 32], String, i64)>,
    pub jobs: Vec<(i64, &'static str, String, i64)>,
}

/// Collects one column of a slice of rows.
fn column<T, C>(rows: &[T], field: impl Fn(&T) -> C) -> Vec<C> {
    rows.iter().map(field).collect()
}

impl Buffer {
    /// Writes everything that waits, in bulk, and empties the buffer.
    pub(crate) async fn flush(&mut self, tx: &mut Tx, state: &mut State) -> Result<()> {
        if !self.leaves.is_empty() {
            self.flush_log(tx).await?;
        }
        let undone = undone_of_gifts(&self.movements);
        if !self.movements.is_empty() {
            flush_movements(tx, &self.movements).await?;
            self.movements.clear();
        }
        if !self.donations.is_empty() {
            flush_donations(tx, &self.donations).await?;
            flush_private(tx, &self.donations).await?;
            flush_keys(tx, &self.donations).await?;
            self.donations.clear();
        }
        if !self.recovered.is_empty() {
            flush_donations(tx, &self.recovered).await?;
            flush_keys(tx, &self.recovered).await?;
            self.recovered.clear();
        }
        // After the gifts themselves: one and what undoes it may wait together.
        flush_undone(tx, &undone).await?;
        if !self.payments.is_empty() {
            let paid = self
                .payments
                .iter()
                .map(|p| (p.0.as_str(), p.1.as_str(), p.2, p.3));
            flush_payments(tx, paid.collect()).await?;
            self.payments.clear();
        }
        if !self.audits.is_empty() || !self.commands.is_empty() || !self.jobs.is_empty() {
            self.flush_records(tx).await?;
        }
        flush_counters(tx, state).await
    }

    async fn flush_log(&mut self, tx: &mut Tx) -> Result<()> {
        let indexes = column(&self.leaves, |l| l.0);
        let bytes: Vec<&[u8]> = self.leaves.iter().map(|l| l.1.as_slice()).collect();
        let hashes: Vec<&[u8]> = self.leaves.iter().map(|l| l.2.as_slice()).collect();
        let leaves = bulk!("log_leaf(idx, bytes, hash)", "");
        tx.bulk(leaves, &[Col::I(&indexes), Col::B(&bytes), Col::B(&hashes)])
            .await?;
        self.leaves.clear();
        if !self.openings.is_empty() {
            let indexes = column(&self.openings, |o| o.0);
            let fields = column(&self.openings, |o| o.1);
            let salts: Vec<&[u8]> = self.openings.iter().map(|o| o.2.as_slice()).collect();
            let values: Vec<&str> = self.openings.iter().map(|o| o.3.as_str()).collect();
            let openings = bulk!("opening(leaf_index, field, salt, value)", "");
            let columns = [
                Col::I(&indexes),
                Col::T(&fields),
                Col::B(&salts),
                Col::T(&values),
            ];
            tx.bulk(openings, &columns).await?;
            self.openings.clear();
        }
        if !self.swaps.is_empty() {
            let swaps = bulk!(
                "swap(id, fund_id, pos_from, pos_to, len, movement_id, since, to_since)",
                ""
            );
            let columns: Vec<Vec<i64>> = (0..8).map(|i| column(&self.swaps, |s| s[i])).collect();
            let columns: Vec<Col<'_>> = columns.iter().map(|c| Col::I(c)).collect();
            tx.bulk(swaps, &columns).await?;
            self.swaps.clear();
        }
        if !self.standings.is_empty() {
            let standings = bulk!(
                "standing(fund_id, pos, len, since)",
                "ON CONFLICT (fund_id, pos) DO UPDATE SET len = excluded.len, since = excluded.since"
            );
            let columns: Vec<Vec<i64>> =
                (0..4).map(|i| column(&self.standings, |s| s[i])).collect();
            let columns: Vec<Col<'_>> = columns.iter().map(|c| Col::I(c)).collect();
            tx.bulk(standings, &columns).await?;
            self.standings.clear();
        }
        Ok(())
    }

    async fn flush_records(&mut self, tx: &mut Tx) -> Result<()> {
        let rows = std::mem::take(&mut self.audits);
        let (actors, objects, details): (Vec<&str>, Vec<&str>, Vec<&str>) = (
            rows.iter().map(|r| r.actor.as_str()).collect(),
            rows.iter().map(|r| r.object.as_str()).collect(),
            rows.iter().map(|r| r.detail.as_str()).collect(),
        );
        let audits = bulk!(
            "audit_entry(id, at, user_id, actor, action, object, detail)",
            ""
        );
        tx.bulk(
            audits,
            &[
                Col::I(&column(&rows, |r| r.id)),
                Col::I(&column(&rows, |r| r.at)),
                Col::OptI(&column(&rows, |r| r.user)),
                Col::T(&actors),
                Col::T(&column(&rows, |r| r.action)),
                Col::T(&objects),
                Col::T(&details),
            ],
        )
        .await?;
        let rows = std::mem::take(&mut self.commands);
        let keys: Vec<&str> = rows.iter().map(|r| r.0.as_str()).collect();
        let prints: Vec<&[u8]> = rows.iter().map(|r| r.1.as_slice()).collect();
        let outcomes: Vec<&str> = rows.iter().map(|r| r.2.as_str()).collect();
        let commands = bulk!("command_done(key, fingerprint, outcome, at)", "");
        let columns = [
            Col::T(&keys),
            Col::B(&prints),
            Col::T(&outcomes),
            Col::I(&column(&rows, |r| r.3)),
        ];
        tx.bulk(commands, &columns).await?;
        let rows = std::mem::take(&mut self.jobs);
        let payloads: Vec<&str> = rows.iter().map(|r| r.2.as_str()).collect();
        let jobs = bulk!(
            "job(id, kind, payload, run_at, state, attempts, last_error)",
            ""
        );
        let columns = [
            Col::I(&column(&rows, |r| r.0)),
            Col::T(&column(&rows, |r| r.1)),
            Col::T(&payloads),
            Col::I(&column(&rows, |r| r.3)),
            Col::T(&column(&rows, |_| "waiting")),
            Col::I(&column(&rows, |_| 0)),
            Col::T(&column(&rows, |_| "")),
        ];
        tx.bulk(jobs, &columns).await.map(|_| ())
    }
}

async fn flush_movements(tx: &mut Tx, rows: &[MovementRow]) -> Result<()> {
    let movements = bulk!(
        "movement(id, leaf_index, kind, amount, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, donation_id, matter_id, at, day)",
        ""
    );
    tx.bulk(
        movements,
        &[
            Col::I(&column(rows, |r| r.id)),
            Col::I(&column(rows, |r| r.leaf_index)),
            Col::T(&column(rows, |r| r.kind)),
            Col::I(&column(rows, |r| r.amount)),
            Col::OptI(&column(rows, |r| r.from.map(|s| s.0))),
            Col::OptI(&column(rows, |r| r.from.map(|s| s.1))),
            Col::OptI(&column(rows, |r| r.from.map(|s| s.2))),
            Col::OptI(&column(rows, |r| r.to.map(|s| s.0))),
            Col::OptI(&column(rows, |r| r.to.map(|s| s.1))),
            Col::OptI(&column(rows, |r| r.to.map(|s| s.2))),
            Col::OptI(&column(rows, |r| r.place_from)),
            Col::OptI(&column(rows, |r| r.place_to)),
            Col::OptI(&column(rows, |r| r.undoes.map(|u| u.0))),
            Col::OptI(&column(rows, |r| r.undoes.map(|u| u.1))),
            Col::OptI(&column(rows, |r| r.donation)),
            Col::OptI(&column(rows, |r| r.matter)),
            Col::I(&column(rows, |r| r.at)),
            Col::I(&column(rows, |r| r.day)),
        ],
    )
    .await
    .map(|_| ())
}

/// What the movements that wait take out of gifts again: fen by donation. Repairs and recovery both pass here, so that
/// a gift's row never knows less than its movements.
fn undone_of_gifts(rows: &[MovementRow]) -> BTreeMap<i64, i64> {
    let undoing = [Kind::Refund, Kind::Correction, Kind::Chargeback].map(Kind::code);
    let mut undone: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| undoing.contains(&row.kind)) {
        if let Some(donation) = row.donation {
            let sum = undone.entry(donation).or_default();
            *sum = sum.saturating_add(row.amount);
        }
    }
    undone
}

async fn flush_undone(tx: &mut Tx, undone: &BTreeMap<i64, i64>) -> Result<()> {
    let update = sql!("UPDATE donation SET undone = undone + $2 WHERE id = $1");
    for (donation, amount) in undone {
        tx.exec(update, args![*donation, *amount]).await?;
    }
    Ok(())
}

async fn flush_donations(tx: &mut Tx, rows: &[DonationRow]) -> Result<()> {
    let donations = bulk!(
        "donation(id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line)",
        ""
    );
    let channels: Vec<&str> = rows.iter().map(|r| r.channel.as_str()).collect();
    let units: Vec<&str> = rows.iter().map(|r| r.unit.as_str()).collect();
    let shown: Vec<&str> = rows.iter().map(|r| r.donor_public.as_str()).collect();
    tx.bulk(
        donations,
        &[
            Col::I(&column(rows, |r| r.id)),
            Col::I(&column(rows, |r| r.organisation)),
            Col::OptI(&column(rows, |r| r.campaign)),
            Col::OptI(&column(rows, |r| r.intent)),
            Col::T(&channels),
            Col::I(&column(rows, |r| r.amount)),
            Col::I(&column(rows, |r| r.fee)),
            Col::T(&units),
            Col::T(&column(rows, |r| r.state)),
            Col::T(&column(rows, |r| r.held_reason)),
            Col::I(&column(rows, |r| r.paid_at)),
            Col::I(&column(rows, |r| i64::from(r.time_known))),
            Col::I(&column(rows, |r| r.day)),
            Col::OptI(&column(rows, |r| r.published_day)),
            Col::T(&column(rows, |r| r.donor_kind)),
            Col::T(&shown),
            Col::I(&column(rows, |r| r.leaf_index)),
            Col::I(&column(rows, |r| r.movement_first)),
            Col::I(&column(rows, |r| r.movement_count)),
            Col::OptI(&column(rows, |r| r.import.map(|i| i.0))),
            Col::OptI(&column(rows, |r| r.import.map(|i| i.1))),
        ],
    )
    .await?;
    // Sums of a day and channel count gifts of money as they came in.
    let money: Vec<(i64, i64, &str, i64)> = rows
        .iter()
        .filter(|r| r.unit == "fen")
        .map(|r| (r.organisation, r.day, r.channel.as_str(), r.amount))
        .collect();
    crate::fundraising::channel_day_add(tx, &money).await
}

async fn flush_private(tx: &mut Tx, rows: &[DonationRow]) -> Result<()> {
    let private = bulk!(
        "donation_private(donation_id, donor_name, contact, message, opened, key)",
        ""
    );
    let names: Vec<&str> = rows.iter().map(|r| r.private.name.as_str()).collect();
    let contacts: Vec<&str> = rows.iter().map(|r| r.private.contact.as_str()).collect();
    let messages: Vec<&str> = rows.iter().map(|r| r.private.message.as_str()).collect();
    let opened: Vec<&str> = rows.iter().map(|r| r.private.opened.as_str()).collect();
    let keys: Vec<&[u8]> = rows.iter().map(|r| r.private.key.as_slice()).collect();
    let columns = [
        Col::I(&column(rows, |r| r.id)),
        Col::T(&names),
        Col::T(&contacts),
        Col::T(&messages),
        Col::T(&opened),
        Col::B(&keys),
    ];
    tx.bulk(private, &columns).await.map(|_| ())
}

/// The numbers of payments of gifts, each of which exists once for ever.
async fn flush_keys(tx: &mut Tx, rows: &[DonationRow]) -> Result<()> {
    let paid = rows.iter().filter_map(|r| {
        let (channel, external) = r.payment.as_ref()?;
        Some((channel.as_str(), external.as_str(), r.id, r.amount))
    });
    flush_payments(tx, paid.collect()).await
}

async fn flush_payments(tx: &mut Tx, mut paid: Vec<(&str, &str, i64, i64)>) -> Result<()> {
    // Sorted, so that a batch touches neighbouring pages of the index.
    paid.sort_unstable_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
    let keys = bulk!("payment_key(channel, external_id, donation_id, amount)", "");
    let columns = [
        Col::T(&column(&paid, |p| p.0)),
        Col::T(&column(&paid, |p| p.1)),
        Col::I(&column(&paid, |p| p.2)),
        Col::I(&column(&paid, |p| p.3)),
    ];
    tx.bulk(keys, &columns).await.map(|_| ())
}

async fn flush_counters(tx: &mut Tx, state: &mut State) -> Result<()> {
    let funds: Vec<[i64; 4]> = std::mem::take(&mut state.dirty_funds)
        .iter()
        .filter_map(|id| state.funds.get(id))
        .map(|f| [f.id.raw(), f.tape.inflow, f.tape.outflow, f.tape.reserved])
        .collect();
    let columns: Vec<Vec<i64>> = (0..4).map(|i| column(&funds, |f| f[i])).collect();
    let columns: Vec<Col<'_>> = columns.iter().map(|c| Col::I(c)).collect();
    let update = sql!(
        pg: "UPDATE fund SET inflow = u.i, outflow = u.o, reserved = u.r FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS u(id, i, o, r) WHERE fund.id = u.id",
        lite: "UPDATE fund SET inflow = $2, outflow = $3, reserved = $4 WHERE id = $1"
    );
    tx.exec_columns(update, &columns).await?;
    let streams: Vec<String> = std::mem::take(&mut state.dirty_streams)
        .into_iter()
        .collect();
    let keys: Vec<&str> = streams.iter().map(String::as_str).collect();
    let leaves = column(&streams, |k| state.streams.get(k).copied().unwrap_or(0));
    let upsert = bulk!(
        "stream(key, leaves)",
        "ON CONFLICT (key) DO UPDATE SET leaves = excluded.leaves"
    );
    tx.bulk(upsert, &[Col::T(&keys), Col::I(&leaves)]).await?;
    let balances: Vec<(i64, i64)> = std::mem::take(&mut state.dirty_balances)
        .into_iter()
        .collect();
    let amounts = column(&balances, |k| state.balances.get(k).copied().unwrap_or(0));
    let upsert = bulk!(
        "balance(fund_id, place_id, amount)",
        "ON CONFLICT (fund_id, place_id) DO UPDATE SET amount = excluded.amount"
    );
    let columns = [
        Col::I(&column(&balances, |b| b.0)),
        Col::I(&column(&balances, |b| b.1)),
        Col::I(&amounts),
    ];
    tx.bulk(upsert, &columns).await?;
    flush_rolls(tx, state).await
}

async fn flush_rolls(tx: &mut Tx, state: &mut State) -> Result<()> {
    let rolls: Vec<_> = std::mem::take(&mut state.rolls).into_iter().collect();
    let upsert = bulk!(
        "fund_day(fund_id, day, kind, direction, amount, movements)",
        "ON CONFLICT (fund_id, day, kind, direction) DO UPDATE SET amount = fund_day.amount + excluded.amount, movements = fund_day.movements + excluded.movements"
    );
    let columns = [
        Col::I(&column(&rolls, |r| r.0.0)),
        Col::I(&column(&rolls, |r| r.0.1)),
        Col::T(&column(&rolls, |r| r.0.2)),
        Col::T(&column(&rolls, |r| r.0.3)),
        Col::I(&column(&rolls, |r| r.1.0)),
        Col::I(&column(&rolls, |r| r.1.1)),
    ];
    tx.bulk(upsert, &columns).await.map(|_| ())
}
