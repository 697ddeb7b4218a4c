//! Imports from the desk: a file is brought once, looked at as often as the clerk likes, then staged and posted.

use super::file::{self, Content, FileRead};
use super::{ImportFile, ImportTarget, Target};
use crate::answer::Answer;
use crate::app::App;
use crate::error::AppError;
use crate::view::{ImportAim, ImportColumn, ImportGiftRow, ImportLook, ImportReport};
use domain::exchange::import::{Channel, Mapping, mapped_fields};
use domain::identity::{Action, Actor, Object, permit};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Id;
use leaf::ids;
use std::collections::{BTreeSet, HashMap};
use store::exchange::ImportRunRecord;
use tokio::task::spawn_blocking;

/// Rows that are shown as they would be entered.
const PREVIEW_ROWS: usize = 20;
/// Earlier runs in which the columns of the same headings are looked for.
const REMEMBERED_RUNS: i64 = 200;
/// Numbers of a file that are looked for under other channels; a longer list is looked through so far.
const NUMBERS_LOOKED_UP: usize = 20_000;
/// So many of them in one question.
const NUMBERS_AT_ONCE: usize = 500;
/// So many of them are named.
const NUMBERS_NAMED: usize = 10;
/// So many lines may be left out; who leaves out more corrects the file.
const LEFT_OUT_MAX: usize = 200;
/// Longest name of a file that is kept, in characters.
const NAME_CHARS: usize = 200;

/// 〔待导入文件〕 A file that was brought and is not staged yet.
#[derive(Debug, Clone, Default)]
pub struct ImportAsk {
    /// Printed id of the organisation.
    pub organisation: String,
    /// Printed id of the campaign, may be empty.
    pub campaign: String,
    /// SHA-256 of the kept file, in hex.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Where the fields stand by the clerk's word: code and column from 0; empty for our proposal.
    pub columns: Vec<(String, usize)>,
    /// Lines of the file that are not entered.
    pub left_out: BTreeSet<u64>,
}

impl App {
    /// Keeps a file that was brought, so that it can be looked at and staged without being sent again; its SHA-256.
    ///
    /// # Errors
    /// `Denied`; `Internal` if the disk fails.
    pub fn import_bring<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
        bytes: Vec<u8>,
    ) -> Answer<'a, String> {
        Box::pin(async move {
            self.import_may(actor, organisation)?;
            let sha256 = self
                .keep(move |kept, entropy| kept.put(&bytes, entropy))
                .await?;
            Ok(sha256.iter().map(|byte| format!("{byte:02x}")).collect())
        })
    }

    /// Keeps a channel's bill as it came, for this house only; its SHA-256, which the log will state.
    ///
    /// # Errors
    /// `Denied`; `Internal` if the disk fails.
    pub fn bill_keep<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
        bytes: Vec<u8>,
    ) -> Answer<'a, [u8; 32]> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            permit(actor, Action::SettlementRecord, &Object::of(id)).map_err(AppError::denied)?;
            self.keep(move |kept, entropy| kept.put(&bytes, entropy))
                .await
        })
    }

    /// The rejected rows that a brought file would have, before it is staged.
    ///
    /// # Errors
    /// As [`App::import_look`].
    pub fn import_rejects_brought<'a>(
        &'a self,
        actor: &'a Actor,
        ask: &'a ImportAsk,
    ) -> Answer<'a, super::RejectsFile> {
        Box::pin(async move {
            self.import_may(actor, &ask.organisation)?;
            let (file, headings) = self.import_headings(ask).await?;
            let headings = headings?;
            let (mapping, _) = match headings.known {
                true => (None, false),
                false => self.import_mapping(ask, &headings.cells).await?,
            };
            let target = self.import_desk_target(ask, mapping)?;
            self.rejects_in(file, target).await
        })
    }

    /// What a brought file holds and what an import would do; writes nothing.
    ///
    /// # Errors
    /// `Denied`; `NotFound` for a file that was not brought.
    pub fn import_look<'a>(
        &'a self,
        actor: &'a Actor,
        ask: &'a ImportAsk,
    ) -> Answer<'a, ImportLook> {
        Box::pin(async move {
            self.import_may(actor, &ask.organisation)?;
            let (file, headings) = self.import_headings(ask).await?;
            let headings = match headings {
                Ok(headings) => headings,
                Err(AppError::Refused(refusal)) => {
                    return Ok(ImportLook {
                        refusal: Some(refusal.sentence),
                        ..ImportLook::default()
                    });
                }
                Err(error) => return Err(error),
            };
            let (mapping, remembered) = match headings.known {
                true => (None, false),
                false => self.import_mapping(ask, &headings.cells).await?,
            };
            let mut look = ImportLook {
                columns: mapping
                    .as_ref()
                    .map_or_else(Vec::new, |mapping| columns(mapping, &headings.cells)),
                headings: headings.cells,
                remembered,
                ..ImportLook::default()
            };
            if let Some(missing) = mapping.as_ref().map(Mapping::missing)
                && !missing.is_empty()
            {
                look.refusal = Some(say!(
                    "还不知道这些内容在哪一栏：{names}；请在下面逐项选择，每一栏只能选一次。",
                    names = Value::Several(missing.into_iter().map(Sentence::from).collect(), "、")
                ));
                return Ok(look);
            }
            let target = self.import_desk_target(ask, mapping)?;
            match self.import_read(file, target).await {
                Ok((_, read)) => {
                    let earlier = self.import_earlier(&read.sha256).await?;
                    let elsewhere = self.import_elsewhere(ask, &read).await?;
                    look.rows = preview(&read, &elsewhere);
                    look.aim = self.import_aim(ask, &read).await?;
                    look.mapping = read.mapping.clone();
                    look.unread = read.unread;
                    look.used = used(&read, &look.headings);
                    look.rejected_cells.clone_from(&read.rejected_cells);
                    let mut report = self.import_report(&read, None, earlier);
                    report.warnings.extend(told_elsewhere(elsewhere));
                    look.report = Some(report);
                    Ok(look)
                }
                Err(AppError::Refused(refusal)) => {
                    look.refusal = Some(refusal.sentence);
                    Ok(look)
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Stages a brought file with the columns that were looked at.
    ///
    /// # Errors
    /// As [`App::import_look`] and [`App::import_stage`].
    pub fn import_stage_brought<'a>(
        &'a self,
        actor: &'a Actor,
        ask: &'a ImportAsk,
    ) -> Answer<'a, ImportReport> {
        Box::pin(async move {
            self.import_may(actor, &ask.organisation)?;
            let (file, headings) = self.import_headings(ask).await?;
            let headings = headings?;
            let (mapping, _) = match headings.known {
                true => (None, false),
                false => self.import_mapping(ask, &headings.cells).await?,
            };
            let target = self.import_desk_target(ask, mapping)?;
            Ok(self.import_stage_read(actor, file, target).await?.0)
        })
    }

    /// A run for those who work there; whether the reader may also post it or undo it stands in it.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn import_run_page<'a>(
        &'a self,
        actor: &'a Actor,
        run: &'a str,
    ) -> Answer<'a, crate::view::ImportRunPage> {
        Box::pin(async move {
            let record = self.import_run(run).await?;
            let object = record.organisation.map_or_else(Object::house, Object::of);
            permit(actor, Action::DeskRead, &object).map_err(AppError::denied)?;
            let mut read = self.db().read_tx().await?;
            let organisation = match record.organisation {
                Some(id) => Some(self.organisation_link(&mut read, id).await?),
                None => None,
            };
            Ok(crate::view::ImportRunPage {
                line: self.import_line(&record),
                organisation,
                campaign: self.campaign_link(&mut read, record.campaign).await?,
                ended_at: record.ended_at.map(kernel::Timestamp::rfc3339),
                denied: permit(actor, Action::ImportRun, &object).err(),
            })
        })
    }

    /// The campaign that a list goes to, and how many of its gifts would be held because they came outside its days.
    async fn import_aim(
        &self,
        ask: &ImportAsk,
        read: &FileRead,
    ) -> Result<Option<ImportAim>, AppError> {
        if ask.campaign.is_empty() {
            return Ok(None);
        }
        let id: Id<ids::Campaign> = self.read_id(&ask.campaign)?;
        let mut session = self.db().read_tx().await?;
        let Some(row) = store::fundraising::campaign_record(&mut session, id).await? else {
            return Ok(None);
        };
        let Some(campaign) = self.campaign_link(&mut session, Some(id)).await? else {
            return Ok(None);
        };
        let (first, last) = (row.campaign.starts_on, row.campaign.ends_on);
        let outside = |gift: &&super::OrderedGift| {
            let day = gift.gift.paid_at.day();
            day < first || last < day
        };
        let held = match &read.content {
            Content::Gifts(gifts) => gifts.iter().filter(outside).count(),
            Content::Rows(_) => 0,
        };
        Ok(Some(ImportAim {
            campaign,
            days: (first.to_string(), last.to_string()),
            held: i64::try_from(held).unwrap_or(i64::MAX),
        }))
    }

    /// Numbers that stand under another channel already: the same money may be about to be entered twice.
    async fn import_elsewhere(
        &self,
        ask: &ImportAsk,
        read: &FileRead,
    ) -> Result<BTreeSet<String>, AppError> {
        let Content::Gifts(gifts) = &read.content else {
            return Ok(BTreeSet::new());
        };
        let own = |gift: &super::OrderedGift| format!("{}/{}", gift.gift.channel, ask.organisation);
        let channels: HashMap<&str, String> = gifts
            .iter()
            .take(NUMBERS_LOOKED_UP)
            .map(|gift| (gift.gift.external_id.as_str(), own(gift)))
            .collect();
        let numbers: Vec<&str> = gifts
            .iter()
            .take(NUMBERS_LOOKED_UP)
            .map(|gift| gift.gift.external_id.as_str())
            .collect();
        let mut session = self.db().read_tx().await?;
        let mut found: BTreeSet<String> = BTreeSet::new();
        for some in numbers.chunks(NUMBERS_AT_ONCE) {
            for (channel, number) in
                store::fundraising::channels_of_numbers(&mut session, some).await?
            {
                let here = channels.get(number.as_str());
                // Of other organisations nothing is said; a numbered channel is the same one, entered anew.
                let ours = channel.split('/').nth(1) == Some(ask.organisation.as_str());
                let same = here
                    .is_some_and(|own| channel == *own || channel.starts_with(&format!("{own}/")));
                if ours && !same {
                    found.insert(number);
                }
            }
        }
        Ok(found)
    }

    fn import_may(&self, actor: &Actor, organisation: &str) -> Result<(), AppError> {
        let id: Id<ids::Organisation> = self.read_id(organisation)?;
        permit(actor, Action::ImportRun, &Object::of(id)).map_err(AppError::denied)
    }

    async fn import_brought(&self, ask: &ImportAsk) -> Result<ImportFile, AppError> {
        let wrong = || AppError::NotFound("这个文件，请重新选择文件");
        let sha256 = digest_of(&ask.sha256).ok_or_else(wrong)?;
        let bytes = self.keep(move |kept, _| kept.read(&sha256)).await?;
        Ok(ImportFile {
            name: ask.name.chars().take(NAME_CHARS).collect(),
            bytes: bytes.ok_or_else(wrong)?,
        })
    }

    fn import_desk_target(
        &self,
        ask: &ImportAsk,
        mapping: Option<Mapping>,
    ) -> Result<Target, AppError> {
        let target = ImportTarget {
            organisation: Some(ask.organisation.clone()),
            campaign: Some(ask.campaign.clone()).filter(|campaign| !campaign.is_empty()),
        };
        Ok(Target {
            mapping,
            left_out: ask.left_out.iter().copied().take(LEFT_OUT_MAX).collect(),
            ..self.import_target(&target)?
        })
    }

    /// A brought file with its headings, or why none were found; read on a thread for blocking work.
    async fn import_headings(
        &self,
        ask: &ImportAsk,
    ) -> Result<(ImportFile, Result<file::Headings, AppError>), AppError> {
        let file = self.import_brought(ask).await?;
        spawn_blocking(move || {
            let headings = file::headings(&file);
            (file, headings)
        })
        .await
        .map_err(AppError::internal)
    }

    /// The clerk's columns; else those of an earlier run of the same headings; else what the headings propose.
    async fn import_mapping(
        &self,
        ask: &ImportAsk,
        headings: &[String],
    ) -> Result<(Option<Mapping>, bool), AppError> {
        if !ask.columns.is_empty() {
            let pairs = ask.columns.iter().map(|(code, at)| (code.as_str(), *at));
            return Ok((Some(Mapping::chosen(pairs)), false));
        }
        let id: Id<ids::Organisation> = self.read_id(&ask.organisation)?;
        let mut read = self.db().read_tx().await?;
        let runs =
            store::exchange::import_runs_of_organisation(&mut read, id, REMEMBERED_RUNS).await?;
        let marked = |run: &ImportRunRecord| {
            let kept = file::Kept::read(&run.mapping);
            kept.mapping
                .filter(|_| kept.mark == file::heading_mark(headings))
        };
        match runs.iter().find_map(marked) {
            Some(mapping) => Ok((Some(mapping), true)),
            None => Ok((Some(Mapping::propose(headings)), false)),
        }
    }
}

fn digest_of(hex: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}

fn columns(mapping: &Mapping, headings: &[String]) -> Vec<ImportColumn> {
    let column = |field: domain::exchange::import::MappedField| ImportColumn {
        code: field.code.into(),
        title: field.title.into(),
        needed: field.needed,
        place: mapping.place(field.code).filter(|at| *at < headings.len()),
    };
    mapped_fields().into_iter().map(column).collect()
}

/// Which heading is read as which field, and nothing for the headings that are not used; only lists of gifts say so.
fn used(read: &FileRead, headings: &[String]) -> Vec<(String, Option<&'static str>)> {
    let Some(places) = &read.places else {
        return Vec::new();
    };
    let field = |at: usize| {
        let mut known = places.iter();
        known
            .find(|(place, _)| *place == at)
            .map(|(_, title)| *title)
    };
    let headings = headings.iter().enumerate();
    headings
        .map(|(at, heading)| (heading.clone(), field(at)))
        .collect()
}

/// The sentence about numbers that stand under another channel already.
fn told_elsewhere(found: BTreeSet<String>) -> Option<Sentence> {
    if found.is_empty() {
        return None;
    }
    let n = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let named = found.into_iter().take(NUMBERS_NAMED).map(Sentence::from);
    Some(say!(
        "有{n}个单号已在别的渠道登记过（例如柜台）：{numbers}；是同一笔钱的请在下面勾选“不登记”，否则会记两次。",
        n,
        numbers = Value::Several(named.collect(), "、")
    ))
}

/// The first gifts as they would be entered, those first whose number is known elsewhere; other kinds of lists have no
/// preview.
fn preview(read: &FileRead, elsewhere: &BTreeSet<String>) -> Vec<ImportGiftRow> {
    let Content::Gifts(gifts) = &read.content else {
        return Vec::new();
    };
    let row = |gift: &super::OrderedGift| ImportGiftRow {
        line: gift.gift.line,
        donor: gift.gift.donor.name.clone(),
        shown_as: gift.gift.donor.display.title().into(),
        amount: gift.gift.amount.get(),
        fee: gift.gift.fee.get(),
        at: gift.gift.paid_at.rfc3339(),
        day: gift.gift.paid_at.day().to_string(),
        time_known: gift.gift.time_known,
        channel: Channel::parse(&gift.gift.channel)
            .map_or_else(String::new, |channel| channel.name().into()),
        number: gift.gift.external_id.clone(),
        note: gift.gift.donor.message.clone(),
        elsewhere: elsewhere.contains(&gift.gift.external_id),
    };
    let mut first: Vec<ImportGiftRow> = gifts
        .iter()
        .filter(|gift| elsewhere.contains(&gift.gift.external_id))
        .take(PREVIEW_ROWS)
        .map(row)
        .collect();
    let others = gifts
        .iter()
        .filter(|gift| !elsewhere.contains(&gift.gift.external_id));
    first.extend(
        others
            .take(PREVIEW_ROWS.saturating_sub(first.len()))
            .map(row),
    );
    first
}
