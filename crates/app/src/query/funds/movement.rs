//! The page of a movement: what it was, whose gifts it used, what became of what it brought in.

use super::entries::{Ends, entries};
use super::story::{self, Share};
use crate::answer::Answer;
use crate::query::limits::{STORY_PARTS, UNDOINGS};
use crate::query::transparency::{public_salts, tombstones_of_leaf};
use crate::query::words::{channel, quantity};
use crate::query::{found, keys};
use crate::view::{EntryLine, Link, MovementPage, SourceLine, UndoingLine};
use crate::{App, AppError};
use db::Session;
use domain::funds::{Fund, Place};
use kernel::Id;
use leaf::ids;
use ledger::{BackwardTrace, Kind, Side, Source};
use std::collections::BTreeMap;
use store::funds::{DisbursementRecord, MovementRecord};

/// Name of the cursors' list.
const SOURCES: &str = "movement-sources";
/// Said where a source passed a labelled assumption.
const NOT_ATTRIBUTABLE: &str = "其中有按公开标注的假定划分的资金，这一部分无法对应到具体捐赠。";

/// What the sources of a movement are.
#[derive(Default)]
struct Sources {
    lines: Vec<SourceLine>,
    remaining: i64,
    next: Option<String>,
    assumed: bool,
}

impl App {
    /// A movement with its entries, the gifts it used and what became of what it brought in.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn movement_page<'a>(
        &'a self,
        id: &'a str,
        cursor: Option<&'a str>,
    ) -> Answer<'a, MovementPage> {
        Box::pin(async move {
            let id: Id<ids::Movement> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let record = found(store::funds::movement_by_id(read, id).await?, "这笔流转")?;
            let mut lines = self.movement_lines(read, &[record]).await?;
            let line = found(lines.pop(), "这笔流转")?;
            let (funds, places) = ends_of(read, &record).await?;
            let order = order_of(read, &record).await?;
            let entries = entries_of(read, &record, (&funds, &places), order.as_ref()).await?;
            let owner = [record.movement.out, record.movement.into]
                .into_iter()
                .flatten()
                .next();
            let owner = owner
                .and_then(|side| funds.get(&side.tape.0))
                .map(|fund| fund.organisation);
            let sources = self.sources(read, &record, cursor).await?;
            let told = match record.movement.into {
                Some(side) if cursor.is_none() => {
                    story::tell(
                        read,
                        &[Share {
                            tape: side.tape,
                            span: side.span,
                        }],
                        None,
                    )
                    .await?
                }
                _ => story::Told::default(),
            };
            let (segments, _) = self.story(read, &told).await?;
            let files = evidence_of(read, &record).await?;
            let undone_by = self.undoings(read, id).await?;
            let undone = store::funds::undone_of(read, &[id.raw()]).await?;
            let undone = undone.get(&id.raw()).copied().unwrap_or_default();
            let campaign = self.campaign_of(read, &record, &funds).await?;
            let print = |raw: i64| self.print(Id::<ids::Movement>::from_raw(raw));
            Ok(MovementPage {
                line,
                organisation: self
                    .organisation_link(read, found(owner, "这笔流转的单位")?)
                    .await?,
                entries,
                facts: self.movement_facts(read, &record, order.as_ref()).await?,
                salts: public_salts(read, [record.leaf_index]).await?,
                sources: sources.lines,
                remaining: sources.remaining,
                next: sources.next,
                assumption: sources.assumed.then(|| NOT_ATTRIBUTABLE.to_string()),
                undoes: record.movement.undoes.map(|undo| print(undo.movement.0)),
                undone_by,
                standing: record.amount.saturating_sub(undone),
                campaign,
                evidence: files.shown,
                evidence_hidden: files.hidden,
                pictures: files.pictures,
                tombstones: tombstones_of_leaf(read, record.leaf_index).await?,
                segments,
                segments_remaining: told.remaining,
            })
        })
    }

    /// What undid it since, with the reasons.
    async fn undoings(
        &self,
        session: &mut Session,
        undone: Id<ids::Movement>,
    ) -> Result<Vec<UndoingLine>, AppError> {
        let found = store::funds::movements_undoing(session, undone, UNDOINGS).await?;
        let records = store::funds::movements_by_ids(session, &found).await?;
        let mut lines = Vec::new();
        for record in &records {
            let said = store::transparency::openings_of(session, record.leaf_index).await?;
            let reason = said
                .into_iter()
                .find(|one| one.field == "reason" && one.withdrawn_at.is_none());
            lines.push(UndoingLine {
                id: self.print(Id::<ids::Movement>::from_raw(record.movement.id.0)),
                day: record.day.to_string(),
                amount: record.amount,
                reason: reason.map(|one| one.value).unwrap_or_default(),
            });
        }
        lines.sort_by(|one, other| (&one.day, &one.id).cmp(&(&other.day, &other.id)));
        Ok(lines)
    }

    /// The campaign that raised what moved: of the fund that it left, or else of the one that it reached.
    async fn campaign_of(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        funds: &BTreeMap<i64, Fund>,
    ) -> Result<Option<Link>, AppError> {
        let sides = [record.movement.out, record.movement.into];
        let of = |side: Option<Side>| funds.get(&side?.tape.0)?.campaign;
        let Some(campaign) = sides.into_iter().find_map(of) else {
            return Ok(None);
        };
        let names = store::fundraising::campaign_titles(session, &[campaign.raw()]).await?;
        Ok(Some(self.link(campaign, &names)))
    }

    /// The inflows whose fen an outflow took, first in first out.
    async fn sources(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        cursor: Option<&str>,
    ) -> Result<Sources, AppError> {
        let seal = self.cursors(SOURCES);
        let cursor = cursor.map(|text| seal.open(text)).transpose()?;
        let mut trace = match record.movement.out {
            Some(out) => backward(out, cursor.as_deref())?,
            None => return Ok(Sources::default()),
        };
        let (lines, next) = self
            .source_walk(session, record, (&mut trace, STORY_PARTS))
            .await?;
        let assumed = lines.iter().any(|line| line.assumed);
        Ok(Sources {
            lines,
            remaining: trace.remaining(),
            next: next.map(|cursor| seal.close(&cursor)),
            assumed,
        })
    }

    /// The sources behind the trace's own cursor, at most `limit`, and the cursor behind them.
    pub(crate) async fn source_part(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        (cursor, limit): (Option<&str>, usize),
    ) -> Result<(Vec<SourceLine>, Option<String>), AppError> {
        let Some(out) = record.movement.out else {
            return Ok((Vec::new(), None));
        };
        let mut trace = backward(out, cursor)?;
        self.source_walk(session, record, (&mut trace, limit)).await
    }

    /// How many sources a movement has and what they add up to; absent if there are more than `limit`.
    pub(crate) async fn source_count(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        limit: usize,
    ) -> Result<Option<(i64, i64)>, AppError> {
        let Some(out) = record.movement.out else {
            return Ok(Some((0, 0)));
        };
        let mut trace = backward(out, None)?;
        let (mut rows, mut sum) = (0_usize, 0_i64);
        loop {
            let found = store::funds::backward(session, &mut trace, STORY_PARTS).await?;
            rows += found.len();
            sum += found.iter().map(|source| source.len).sum::<i64>();
            if rows > limit {
                return Ok(None);
            }
            if found.is_empty() {
                return Ok(Some((i64::try_from(rows).unwrap_or(i64::MAX), sum)));
            }
        }
    }

    /// The unit that a movement counts in: that of the fund it left or reached.
    pub(crate) async fn movement_unit(
        &self,
        session: &mut Session,
        record: &MovementRecord,
    ) -> Result<String, AppError> {
        let side = record.movement.out.or(record.movement.into);
        let fund = match side {
            Some(side) => store::funds::fund_by_id(session, Id::from_raw(side.tape.0)).await?,
            None => None,
        };
        let unit = fund.map_or_else(|| "fen".to_string(), |fund| fund.unit);
        Ok(crate::query::words::unit_word(&unit).to_string())
    }

    async fn source_walk(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        (trace, limit): (&mut BackwardTrace, usize),
    ) -> Result<(Vec<SourceLine>, Option<String>), AppError> {
        let found = store::funds::backward(session, trace, limit).await?;
        // A unit that was bought with the fen of several gifts repeats its place, so the trace itself says
        // whether it is at its end.
        let full = found.len() >= limit;
        let goes_on = full
            && !store::funds::backward(session, &mut trace.clone(), 1)
                .await?
                .is_empty();
        let next = goes_on.then(|| trace.cursor());
        let hops = found
            .iter()
            .flat_map(|source| &source.hops)
            .map(|hop| hop.movement.0);
        let passed = keys(hops.chain([record.movement.id.0]));
        let assumed = story::assumed(session, &passed).await?;
        let all = assumed.contains(&record.movement.id.0);
        let is_assumed =
            |s: &Source| all || s.hops.iter().any(|hop| assumed.contains(&hop.movement.0));
        let marks: Vec<bool> = found.iter().map(is_assumed).collect();
        let lines = self.source_lines(session, &found, &marks).await?;
        Ok((lines, next))
    }

    async fn source_lines(
        &self,
        session: &mut Session,
        found: &[Source],
        assumed: &[bool],
    ) -> Result<Vec<SourceLine>, AppError> {
        let inflows = keys(found.iter().map(|source| source.movement.0));
        let records = store::funds::movements_by_ids(session, &inflows).await?;
        let donations = keys(records.iter().filter_map(|r| r.donation).map(Id::raw));
        let donations = store::fundraising::donations_by_ids(session, &donations).await?;
        let records: BTreeMap<i64, MovementRecord> =
            records.into_iter().map(|r| (r.movement.id.0, r)).collect();
        let donors: BTreeMap<i64, String> = donations
            .into_iter()
            .map(|d| (d.id.raw(), d.donor_public))
            .collect();
        let line = |(source, assumed): (&Source, &bool)| {
            let record = records.get(&source.movement.0);
            let donation = record.and_then(|r| r.donation);
            SourceLine {
                donation: donation.map(|id| self.print(id)),
                movement: self.print(Id::<ids::Movement>::from_raw(source.movement.0)),
                title: source.kind.title().into(),
                donor: donation
                    .and_then(|id| donors.get(&id.raw()).cloned())
                    .unwrap_or_default(),
                amount: source.len,
                day: record.map(|r| r.day.to_string()).unwrap_or_default(),
                assumed: *assumed,
            }
        };
        Ok(found.iter().zip(assumed).map(line).collect())
    }

    async fn movement_facts(
        &self,
        session: &mut Session,
        record: &MovementRecord,
        order: Option<&DisbursementRecord>,
    ) -> Result<Vec<(String, String)>, AppError> {
        let mut facts: Vec<(String, String)> = Vec::new();
        let mut say = |label: &str, words: String| {
            let known = facts.iter().any(|(l, w)| l == label && *w == words);
            if !words.is_empty() && !known {
                facts.push((label.to_string(), words));
            }
        };
        let delivered =
            store::funds::deliveries_by_movements(session, &[record.movement.id.0]).await?;
        if let Some(delivery) = delivered.first() {
            say("受益人或受益单位", delivery.payee.clone());
            say("项目", delivery.scheme.clone());
            say("送达日期", delivery.reached_on.to_string());
            if delivery.persons >= 5 {
                say("受益人数", delivery.persons.to_string());
            }
            if let Some(region) = &delivery.region {
                let name = store::parties::region_name(session, region).await?;
                say("地区", name.unwrap_or_else(|| region.clone()));
            }
        }
        if let Some(order) = order {
            say("类别", order.order.class.title().into());
            say("收款人", order.order.payee.clone());
            say("用途", order.order.purpose.clone());
        }
        if let Some(donation) = record.donation
            && let Some(gift) = store::fundraising::donation_by_id(session, donation).await?
        {
            say("捐赠人", gift.donor_public.clone());
            say("渠道", channel(&gift.channel));
            say("捐赠总额", quantity(gift.amount, &gift.unit));
        }
        for opening in store::transparency::openings_of(session, record.leaf_index).await? {
            let label = match opening.field.as_str() {
                "reason" => "原因",
                "assumption" => "假定",
                "purpose" => "用途",
                "payee" => "受益人或受益单位",
                "scheme" => "项目",
                _ => continue,
            };
            let words = match opening.withdrawn_at {
                Some(_) => "（文字已依法撤回，事实仍在日志里）".to_string(),
                None => opening.value,
            };
            say(label, words);
        }
        Ok(facts)
    }
}

/// The trace of an outflow, from its head or from where a page ended.
fn backward(out: Side, cursor: Option<&str>) -> Result<BackwardTrace, AppError> {
    match cursor {
        None => Ok(BackwardTrace::new(out.tape, out.span)),
        Some(text) => {
            BackwardTrace::resume(text).map_err(|_| AppError::NotFound("翻页标记对应的位置"))
        }
    }
}

async fn ends_of(
    session: &mut Session,
    record: &MovementRecord,
) -> Result<(BTreeMap<i64, Fund>, BTreeMap<i64, Place>), AppError> {
    let sides: Vec<Side> = [record.movement.out, record.movement.into]
        .into_iter()
        .flatten()
        .collect();
    let funds = keys(sides.iter().map(|side| side.tape.0));
    let places = keys(sides.iter().map(|side| side.place.0));
    let funds = store::funds::funds_by_ids(session, &funds).await?;
    let places = store::funds::places_by_ids(session, &places).await?;
    Ok((
        funds
            .into_iter()
            .map(|fund| (fund.id.raw(), fund))
            .collect(),
        places
            .into_iter()
            .map(|place| (place.id.raw(), place))
            .collect(),
    ))
}

async fn order_of(
    session: &mut Session,
    record: &MovementRecord,
) -> Result<Option<DisbursementRecord>, AppError> {
    match record.matter {
        None => Ok(None),
        Some(id) => Ok(store::funds::disbursement_record(session, Id::from_raw(id)).await?),
    }
}

async fn entries_of(
    session: &mut Session,
    record: &MovementRecord,
    known: (&BTreeMap<i64, Fund>, &BTreeMap<i64, Place>),
    order: Option<&DisbursementRecord>,
) -> Result<Vec<EntryLine>, AppError> {
    let movement = &record.movement;
    let end = |side: Option<Side>| -> Ends<'_> {
        let side = side?;
        Some((known.0.get(&side.tape.0)?, known.1.get(&side.place.0)?))
    };
    let concerns: Option<Kind> = match movement.undoes {
        None => None,
        Some(undo) => {
            let id = Id::from_raw(undo.movement.0);
            store::funds::movement_by_id(session, id)
                .await?
                .map(|undone| undone.movement.kind)
        }
    };
    let class = order.map(|order| order.order.class);
    let ends = (end(movement.out), end(movement.into));
    Ok(entries(movement.kind, record.amount, ends, concerns, class))
}

/// Files of a movement.
struct Files {
    /// Digest and title.
    shown: Vec<(String, String)>,
    /// Digests of the pictures among them.
    pictures: Vec<String>,
    /// Digest, title and why not.
    hidden: Vec<(String, String, String)>,
}

/// Evidence of the delivery that the movement made, and of the order that paid it.
async fn evidence_of(session: &mut Session, record: &MovementRecord) -> Result<Files, AppError> {
    let delivered = store::funds::deliveries_by_movements(session, &[record.movement.id.0]).await?;
    let mut files = Vec::new();
    for delivery in delivered {
        files.extend(store::funds::evidence_of(session, "delivery", delivery.id.raw()).await?);
    }
    if let Some(matter) = record.matter {
        files.extend(store::funds::evidence_of(session, "disbursement", matter).await?);
    }
    let mut sorted = Files {
        shown: Vec::new(),
        pictures: Vec::new(),
        hidden: Vec::new(),
    };
    for file in files {
        let digest = hex::encode(file.sha256);
        if let Some(hidden) = file.hidden {
            let why = hidden.code().to_owned();
            sorted.hidden.push((digest, file.title, why));
            continue;
        }
        if file.is_picture() {
            sorted.pictures.push(digest.clone());
        }
        sorted.shown.push((digest, file.title));
    }
    Ok(sorted)
}
