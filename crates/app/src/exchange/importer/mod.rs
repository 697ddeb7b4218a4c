//! The importer 〔导入〕: a file is read whole, staged with its raw bytes, and posted in parts through the one
//! staircase. A run that died half way is posted again; rows that are known add nothing.

mod desk;
mod divisions;
mod file;
mod rows;
mod sheet_words;
mod wuhan;

pub(in crate::exchange) use sheet_words::refused as sheet_refused;

pub use desk::ImportAsk;
pub use wuhan::WuhanReport;

use crate::answer::Answer;
use crate::app::App;
use crate::command::{Command, CommandKey, Outcome};
use crate::error::AppError;
use crate::exchange::part::{ImportPart, ImportRows, PART_ROWS_MAX};
use crate::exchange::run::{PAIRS_MAX, state_title};
use crate::view::{ImportReport, ImportRunLine};
use domain::exchange::import::organisation::likely_duplicates;
use domain::exchange::import::{Layout, Mapping};
use domain::identity::{Action, Actor, Object, permit};
use domain::{Refusal, Sentence, say};
use file::{Content, FileRead};
use gateway::KeptFiles;
use kernel::{Id, Timestamp};
use leaf::ids;
use rows::OrderedGift;
use serde::Serialize;
use std::collections::BTreeSet;
use store::batch::ImportProgress;
use store::exchange::ImportRunRecord;
use tokio::task::spawn_blocking;

/// Rejected rows told in a report; the rejects file has all of them.
const REJECTS_TOLD: usize = 200;
/// Runs in a list.
const RUNS_MAX: i64 = 200;
/// Organisations read at once when duplicates are looked for.
const REGISTER_PAGE: i64 = 1_000;
/// Longest file name that is kept, in characters.
const NAME_CHARS: usize = 200;

/// 〔导入文件〕 A file as somebody brought it.
#[derive(Debug, Clone)]
pub struct ImportFile {
    /// Its name without folders.
    pub name: String,
    /// Its bytes: CSV or XLSX, also in gzip or ZIP.
    pub bytes: Vec<u8>,
}

/// 〔导入对象〕 Whose money, for which campaign: printed ids.
#[derive(Debug, Clone, Default)]
pub struct ImportTarget {
    /// The organisation; not needed for registers and divisions.
    pub organisation: Option<String>,
    /// The campaign; needed for money.
    pub campaign: Option<String>,
}

/// 〔退回行文件〕 The rejected rows of a file, in its own layout with two columns more: why, and what to do.
#[derive(Debug, Clone)]
pub struct RejectsFile {
    /// The name of the file with the ending that says what this is.
    pub name: String,
    /// How many rows.
    pub rows: usize,
    /// A table of text.
    pub bytes: Vec<u8>,
}

/// What became of a set of runs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportPosted {
    /// Each run as it stands now.
    pub runs: Vec<RunPosted>,
}

/// What became of one run.
#[derive(Debug, Clone, Serialize)]
pub struct RunPosted {
    /// The run.
    pub run: ImportRunLine,
    /// Rows that were new now.
    pub added: i64,
    /// Rows that were known already.
    pub known: i64,
}

/// Told while rows are posted: how many are done, of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// The target by keys, and the columns that a clerk chose.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub organisation: Option<Id<ids::Organisation>>,
    pub campaign: Option<Id<ids::Campaign>>,
    pub mapping: Option<Mapping>,
    /// Lines of the file that the clerk leaves out.
    pub left_out: BTreeSet<u64>,
    /// When the file is read, or was when it was staged: nothing was given later than that.
    pub now: Timestamp,
}

impl Target {
    /// The target of a dry run whose organisation and campaign the import itself would make: keys of no record.
    const fn planned(now: Timestamp) -> Self {
        Self {
            organisation: Some(Id::from_raw(0)),
            campaign: Some(Id::from_raw(0)),
            mapping: None,
            left_out: BTreeSet::new(),
            now,
        }
    }

    /// Whether the layout has what it needs.
    fn fits(&self, layout: Layout) -> Result<(), AppError> {
        let register = matches!(layout, Layout::TwOrganisations | Layout::Divisions);
        let money = matches!(
            layout,
            Layout::QrPos | Layout::Named | Layout::Gifts | Layout::CashDisbursed
        );
        if !register && self.organisation.is_none() {
            let sentence = say!(
                "“{layout}”要说明是哪个单位的，请选择单位后再导入。",
                layout = layout.title()
            );
            return Err(refusal("import.organisation", sentence));
        }
        if money && self.campaign.is_none() {
            let sentence = say!(
                "“{layout}”要说明归入哪个活动，请选择活动后再导入。",
                layout = layout.title()
            );
            return Err(refusal("import.campaign", sentence));
        }
        Ok(())
    }
}

/// A refusal with a stable code and a sentence.
pub(crate) fn refusal(code: &'static str, sentence: impl Into<Sentence>) -> AppError {
    AppError::Refused(Refusal {
        code,
        sentence: sentence.into(),
        law: None,
        field: None,
    })
}

/// A part with the run it belongs to.
type Part = (usize, ImportRows);

/// A run that is to be posted, read again from its kept bytes.
struct Loaded {
    run: ImportRunRecord,
    /// Absent where the run is posted already.
    file: Option<FileRead>,
    added: i64,
    known: i64,
}

impl App {
    /// Reads a file and says what an import would do; writes nothing.
    ///
    /// # Errors
    /// `Refused` with the reason why the file cannot be read.
    pub fn import_dry_run<'a>(
        &'a self,
        file: ImportFile,
        target: &'a ImportTarget,
    ) -> Answer<'a, ImportReport> {
        Box::pin(async move {
            self.import_dry_read(file, self.import_target(target)?)
                .await
        })
    }

    async fn import_dry_read(
        &self,
        file: ImportFile,
        target: Target,
    ) -> Result<ImportReport, AppError> {
        let (_, read) = self.import_read(file, target).await?;
        let earlier = self.import_earlier(&read.sha256).await?;
        Ok(self.import_report(&read, None, earlier))
    }

    /// Keeps a file as a run that can be posted or undone. A file that was imported before is not kept again:
    /// the report names the earlier run.
    ///
    /// # Errors
    /// As [`App::import_dry_run`]; `Denied`.
    pub fn import_stage<'a>(
        &'a self,
        actor: &'a Actor,
        file: ImportFile,
        target: &'a ImportTarget,
    ) -> Answer<'a, ImportReport> {
        Box::pin(async move {
            let target = self.import_target(target)?;
            Ok(self.import_stage_read(actor, file, target).await?.0)
        })
    }

    /// Stages files and posts them as one; files that were staged before are posted now, files that were posted
    /// before add nothing.
    ///
    /// # Errors
    /// As [`App::import_stage`] and [`App::import_post_set`].
    pub fn import_all<'a>(
        &'a self,
        actor: &'a Actor,
        files: Vec<ImportFile>,
        target: &'a ImportTarget,
        progress: Progress<'a>,
    ) -> Answer<'a, (Vec<ImportReport>, ImportPosted)> {
        Box::pin(async move {
            let target = self.import_target(target)?;
            let mut reports = Vec::with_capacity(files.len());
            let mut all = Vec::with_capacity(files.len());
            for file in files {
                let (report, run, read) =
                    self.import_stage_read(actor, file, target.clone()).await?;
                all.push(match read {
                    Some(file) => Loaded {
                        run,
                        file: Some(file),
                        added: 0,
                        known: 0,
                    },
                    None => self.import_load(run).await?,
                });
                reports.push(report);
            }
            let posted = self.import_post_loaded(actor, all, progress).await?;
            Ok((reports, posted))
        })
    }

    /// Stages a file; what was read is given back unless the file was imported before.
    async fn import_stage_read(
        &self,
        actor: &Actor,
        file: ImportFile,
        target: Target,
    ) -> Result<(ImportReport, ImportRunRecord, Option<FileRead>), AppError> {
        // Asked before the disk is touched; the command asks again.
        let object = target.organisation.map_or_else(Object::house, Object::of);
        permit(actor, Action::ImportRun, &object).map_err(AppError::denied)?;
        let (file, sha256) = spawn_blocking(move || {
            let sha256 = sheet::sha256(&file.bytes);
            (file, sha256)
        })
        .await
        .map_err(AppError::internal)?;
        if let Some(earlier) = self.import_earlier(&sha256).await? {
            return Ok((self.import_report_earlier(&earlier), earlier, None));
        }
        let (file, read) = self.import_read(file, target.clone()).await?;
        let ImportFile { name, bytes } = file;
        self.keep(move |kept, entropy| kept.put(&bytes, entropy))
            .await?;
        let run = ImportProgress {
            layout: read.layout.code().into(),
            file_name: name.chars().take(NAME_CHARS).collect(),
            sha256: read.sha256,
            organisation: target.organisation.map(Id::raw),
            campaign: target.campaign.map(Id::raw),
            rows: read.rows,
            amounts: read.amounts,
            user: None,
            mapping: read.mapping.clone(),
        };
        let command = Command::ImportStage(Box::new(run));
        let Outcome::Record { id } = self.write(actor, &key(), command).await? else {
            return Err(AppError::NotFound("这个导入批次"));
        };
        let (run, rejects) = (id.clone(), read.rejects_file.clone());
        self.keep(move |kept, entropy| kept.put_rejects(&run, &rejects, entropy))
            .await?;
        let run = self.import_run(&id).await?;
        Ok((self.import_report(&read, Some(&run), None), run, Some(read)))
    }

    /// Posts a staged run, or goes on with one that died half way.
    ///
    /// # Errors
    /// As [`App::import_post_set`].
    pub fn import_post<'a>(
        &'a self,
        actor: &'a Actor,
        run: &'a str,
        progress: Progress<'a>,
    ) -> Answer<'a, ImportPosted> {
        Box::pin(async move {
            self.import_post_set(actor, &[run.to_string()], progress)
                .await
        })
    }

    /// Posts several runs as one: their gifts are merged by known time, else the end of the published day, then
    /// file and line.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where a run is undone or reads otherwise than when it was staged; whatever a row's
    /// decision says. What was posted before the error stays posted, and the runs can be posted again.
    pub fn import_post_set<'a>(
        &'a self,
        actor: &'a Actor,
        runs: &'a [String],
        progress: Progress<'a>,
    ) -> Answer<'a, ImportPosted> {
        Box::pin(async move {
            let mut all = Vec::with_capacity(runs.len());
            for run in runs {
                all.push(self.import_load(self.import_run(run).await?).await?);
            }
            self.import_post_loaded(actor, all, progress).await
        })
    }

    async fn import_post_loaded(
        &self,
        actor: &Actor,
        mut all: Vec<Loaded>,
        progress: Progress<'_>,
    ) -> Result<ImportPosted, AppError> {
        let parts = parts_of(&mut all);
        let total: u64 = parts.iter().map(|(_, rows)| rows.len() as u64).sum();
        let mut done = 0;
        progress(done, total);
        for (at, rows) in parts {
            let Some(loaded) = all.get_mut(at) else {
                continue;
            };
            let count = rows.len() as u64;
            let part = ImportPart {
                run: loaded.run.id,
                organisation: loaded.run.organisation,
                campaign: loaded.run.campaign,
                rows,
            };
            let command = Command::ImportPost(Box::new(part));
            if let Outcome::Posted { rows, known } = self.write(actor, &key(), command).await? {
                loaded.added += rows;
                loaded.known += known;
            }
            done += count;
            progress(done, total);
        }
        self.import_finish(actor, all).await
    }

    async fn import_finish(
        &self,
        actor: &Actor,
        all: Vec<Loaded>,
    ) -> Result<ImportPosted, AppError> {
        let mut posted = ImportPosted::default();
        for loaded in all {
            let run = self.print(loaded.run.id);
            if let Some(file) = loaded.file {
                let rejects = file.rejects_of_days;
                let command = Command::ImportFinish {
                    run: run.clone(),
                    rejects,
                };
                self.write(actor, &key(), command).await?;
                if file.layout == Layout::TwOrganisations {
                    self.import_duplicates(actor).await?;
                }
            }
            let run = self.import_line(&self.import_run(&run).await?);
            posted.runs.push(RunPosted {
                run,
                added: loaded.added,
                known: loaded.known,
            });
        }
        Ok(posted)
    }

    /// Takes a staged run back; nothing of it was posted.
    ///
    /// # Errors
    /// `NotFound`; `Denied`; `Conflict` once posting has begun.
    pub fn import_undo<'a>(&'a self, actor: &'a Actor, run: &'a str) -> Answer<'a, ImportRunLine> {
        Box::pin(async move {
            let command = Command::ImportUndo {
                run: run.to_string(),
            };
            self.write(actor, &key(), command).await?;
            Ok(self.import_line(&self.import_run(run).await?))
        })
    }

    /// The newest runs of the house.
    ///
    /// # Errors
    /// `Internal`.
    pub fn import_runs(&self) -> Answer<'_, Vec<ImportRunLine>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let runs = store::exchange::import_runs_newest(&mut read, RUNS_MAX).await?;
            Ok(runs.iter().map(|run| self.import_line(run)).collect())
        })
    }

    /// The rejected rows of a run: a file of the same layout with code and reason behind each row.
    ///
    /// # Errors
    /// `NotFound`; `Internal` if the disk fails.
    pub fn import_rejects<'a>(&'a self, run: &'a str) -> Answer<'a, Vec<u8>> {
        Box::pin(async move {
            let run = self.print(self.import_run(run).await?.id);
            let bytes = self.keep(move |kept, _| kept.read_rejects(&run)).await?;
            bytes.ok_or(AppError::NotFound("这个批次的未导入行文件"))
        })
    }

    /// The rejected rows that a file would have, without staging it.
    ///
    /// # Errors
    /// As [`App::import_dry_run`].
    pub fn import_rejects_of<'a>(
        &'a self,
        file: ImportFile,
        target: &'a ImportTarget,
    ) -> Answer<'a, RejectsFile> {
        Box::pin(async move { self.rejects_in(file, self.import_target(target)?).await })
    }

    async fn rejects_in(&self, file: ImportFile, target: Target) -> Result<RejectsFile, AppError> {
        let name = format!("{}.退回.csv", file.name);
        let (_, read) = self.import_read(file, target).await?;
        Ok(RejectsFile {
            name,
            rows: read.rejects.len(),
            bytes: read.rejects_file,
        })
    }

    fn import_target(&self, target: &ImportTarget) -> Result<Target, AppError> {
        let organisation = target
            .organisation
            .as_deref()
            .map(|id| self.read_id(id))
            .transpose()?;
        let campaign = target
            .campaign
            .as_deref()
            .map(|id| self.read_id(id))
            .transpose()?;
        Ok(Target {
            organisation,
            campaign,
            mapping: None,
            left_out: BTreeSet::new(),
            now: self.now(),
        })
    }

    /// Reads a file on a thread for blocking work.
    async fn import_read(
        &self,
        file: ImportFile,
        target: Target,
    ) -> Result<(ImportFile, FileRead), AppError> {
        spawn_blocking(move || file::read(&file, &target).map(|read| (file, read)))
            .await
            .map_err(AppError::internal)?
    }

    async fn import_run(&self, run: &str) -> Result<ImportRunRecord, AppError> {
        let id = self.read_id(run)?;
        let mut read = self.db().read_tx().await?;
        let found = store::exchange::import_run_by_id(&mut read, id).await?;
        found.ok_or(AppError::NotFound("这个导入批次"))
    }

    async fn import_earlier(&self, sha256: &[u8; 32]) -> Result<Option<ImportRunRecord>, AppError> {
        let mut read = self.db().read_tx().await?;
        Ok(store::exchange::import_run_by_digest(&mut read, sha256).await?)
    }

    /// Reads a run again from its kept bytes and makes sure that it says what it said.
    async fn import_load(&self, run: ImportRunRecord) -> Result<Loaded, AppError> {
        if run.state == "undone" {
            let sentence = "这个批次已撤销，请重新导入文件。";
            return Err(AppError::conflict("import_undone", sentence));
        }
        if run.state == "posted" {
            return Ok(Loaded {
                run,
                file: None,
                added: 0,
                known: 0,
            });
        }
        let sha256 = run.sha256;
        let bytes = self.keep(move |kept, _| kept.read(&sha256)).await?;
        let Some(bytes) = bytes else {
            let sentence = "找不到这个批次的原件或原件已被改动，请撤销后重新导入文件。";
            return Err(AppError::conflict("import_file_lost", sentence));
        };
        let kept = file::Kept::read(&run.mapping);
        let target = Target {
            organisation: run.organisation,
            campaign: run.campaign,
            mapping: kept.mapping,
            left_out: kept.left_out,
            now: run.staged_at,
        };
        let file = ImportFile {
            name: run.file_name.clone(),
            bytes,
        };
        let (_, file) = self.import_read(file, target).await?;
        let rows = [file.rows.0, file.rows.1, file.rows.2];
        let amounts = [file.amounts.0, file.amounts.1, file.amounts.2];
        if run.rows[..3] != rows || run.amounts != amounts {
            let sentence = "重新读取的结果与暂存时不一致（程序可能升级过），请撤销后重新导入文件。";
            return Err(AppError::conflict("import_reads_otherwise", sentence));
        }
        Ok(Loaded {
            run,
            file: Some(file),
            added: 0,
            known: 0,
        })
    }

    /// Does something with the kept files on a thread for blocking work.
    async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&KeptFiles, &dyn gateway::Entropy) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, AppError> {
        let folder = self.config().data.join("imports");
        let entropy = std::sync::Arc::clone(&self.config().entropy);
        spawn_blocking(move || work(&KeptFiles::new(&folder)?, &*entropy))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }

    /// An earlier run in words.
    fn import_told(&self, run: &ImportRunRecord) -> String {
        format!(
            "{}（{}，{}）",
            self.print(run.id),
            run.file_name,
            state_title(&run.state)
        )
    }

    /// What the earlier run of the same file found.
    fn import_report_earlier(&self, earlier: &ImportRunRecord) -> ImportReport {
        let line = self.import_line(earlier);
        ImportReport {
            layout: line.layout.clone(),
            rows: line.rows,
            accepted: line.accepted,
            rejects: Vec::new(),
            rejected: line.rejected,
            amounts: (line.amount, line.amount_accepted, line.amount_rejected),
            warnings: Vec::new(),
            earlier: Some(self.import_told(earlier)),
            run: Some(line),
        }
    }

    fn import_report(
        &self,
        read: &FileRead,
        run: Option<&ImportRunRecord>,
        earlier: Option<ImportRunRecord>,
    ) -> ImportReport {
        let rejects = read.rejects.iter().take(REJECTS_TOLD);
        ImportReport {
            run: run.or(earlier.as_ref()).map(|run| self.import_line(run)),
            layout: read.layout.title().into(),
            rows: read.rows.0,
            accepted: read.rows.1,
            rejects: rejects
                .map(|r| (r.0, r.1.to_string(), r.2.clone()))
                .collect(),
            rejected: read.rows.2,
            amounts: read.amounts,
            warnings: read.warnings.clone(),
            earlier: earlier.as_ref().map(|run| self.import_told(run)),
        }
    }

    /// Proposes entries of the register with equal names as likely duplicates; nobody merges them here.
    async fn import_duplicates(&self, actor: &Actor) -> Result<(), AppError> {
        let mut names: Vec<(String, String)> = Vec::new();
        let mut after = (String::new(), 0);
        loop {
            let mut read = self.db().read_tx().await?;
            let page = store::parties::organisations_after(
                &mut read,
                (after.0.as_str(), after.1),
                REGISTER_PAGE,
            )
            .await?;
            let Some(last) = page.last() else { break };
            after = (last.sort_key.clone(), last.id.raw());
            // Zeros in front, so that the texts sort as the keys do: the earlier entry comes first.
            names.extend(
                page.into_iter()
                    .map(|o| (format!("{:020}", o.id.raw()), o.name)),
            );
        }
        let groups = likely_duplicates(names.iter().map(|n| (n.0.as_str(), n.1.as_str())));
        let print = |id: &String| {
            self.print::<ids::Organisation>(Id::from_raw(id.parse().unwrap_or_default()))
        };
        let mut pairs = Vec::new();
        for group in &groups {
            if let Some((first, others)) = group.ids.split_first() {
                pairs.extend(others.iter().map(|other| (print(first), print(other))));
            }
        }
        for some in pairs.chunks(PAIRS_MAX) {
            let command = Command::DuplicatesPropose {
                pairs: some.to_vec(),
            };
            self.write(actor, &key(), command).await?;
        }
        Ok(())
    }
}

/// Runs and rows are unique by themselves, so the key says nothing.
fn key() -> CommandKey {
    CommandKey("import".into())
}

/// The parts of the runs that are not posted yet, in the order of posting: gifts first, merged.
fn parts_of(all: &mut [Loaded]) -> Vec<Part> {
    let mut gifts: Vec<(usize, OrderedGift)> = Vec::new();
    let mut parts = Vec::new();
    for (at, loaded) in all.iter_mut().enumerate() {
        let Some(file) = &mut loaded.file else {
            continue;
        };
        let nothing = Content::Gifts(Vec::new());
        match std::mem::replace(&mut file.content, nothing) {
            Content::Gifts(some) => gifts.extend(some.into_iter().map(|gift| (at, gift))),
            Content::Rows(rows) => parts.extend(rows.parts().into_iter().map(|part| (at, part))),
        }
    }
    gifts.sort_by(|a, b| (a.1.key(), a.0).cmp(&(b.1.key(), b.0)));
    let mut merged: Vec<Part> = Vec::new();
    for (at, gift) in gifts {
        match merged.last_mut() {
            Some((run, ImportRows::Gifts(part))) if *run == at && part.len() < PART_ROWS_MAX => {
                part.push(gift.gift);
            }
            _ => merged.push((at, ImportRows::Gifts(vec![gift.gift]))),
        }
    }
    merged.extend(parts);
    merged
}
