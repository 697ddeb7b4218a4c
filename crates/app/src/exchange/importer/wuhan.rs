//! 武汉市红十字会 2020: the lists that the society published from 22 to 31 January 2020, entered afterwards.
//!
//! Organisation and campaign are made once, the files are staged, the gifts of both lists are posted merged, then
//! goods in, payments, goods out and the announced totals.

use super::{ImportFile, ImportTarget, Progress, RejectsFile, Target};
use crate::answer::Answer;
use crate::app::App;
use crate::command::{Command, CommandKey, Outcome};
use crate::error::AppError;
use crate::view::{ImportReport, ImportRunLine};
use domain::fundraising::CampaignForm;
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use domain::say;
use kernel::Id;
use leaf::ids;
use serde::Serialize;
use std::path::Path;
use tokio::task::spawn_blocking;

const ORGANISATION: &str = "武汉市红十字会";
/// How our own register calls itself, see `domain::parties::decide_organisation`.
const OWN_REGISTER: &str = "本平台登记";
const CAMPAIGN: &str = "新型冠状病毒肺炎疫情防控募捐（2020年1月）";
/// The lists of gifts, posted as one.
const GIFTS: [&str; 2] = ["donations_qr_pos.csv.gz", "donations_named.csv.gz"];
/// What is posted after them, in this order.
const OTHERS: [&str; 4] = [
    "inkind_received.csv",
    "cash_disbursed.csv",
    "inkind_distributed.csv",
    "daily_published_vs_items.csv",
];
/// Campaigns looked through for the one that was made before.
const CAMPAIGNS_MAX: i64 = 200;

/// 〔武汉导入结果〕 What became of the folder.
#[derive(Debug, Clone, Serialize)]
pub struct WuhanReport {
    /// Printed id of the organisation.
    pub organisation: String,
    /// Printed id of the campaign.
    pub campaign: String,
    /// What was found in each file, in the order of posting.
    pub files: Vec<ImportReport>,
    /// Each run as it stands now.
    pub runs: Vec<ImportRunLine>,
    /// Rows that were new now.
    pub added: i64,
    /// Rows that were known already.
    pub known: i64,
}

impl App {
    /// Imports the folder of the society's lists; a second time adds nothing and names the earlier runs.
    ///
    /// # Errors
    /// `Refused` where a file is missing or cannot be read; as [`App::import_post_set`].
    pub fn import_wuhan<'a>(
        &'a self,
        actor: &'a Actor,
        folder: &'a Path,
        progress: Progress<'a>,
    ) -> Answer<'a, WuhanReport> {
        Box::pin(async move {
            // Everything is read before anything is made.
            let files = read_folder(folder).await?;
            let organisation = self.wuhan_organisation(actor).await?;
            let campaign = self.wuhan_campaign(actor, &organisation).await?;
            let target = ImportTarget {
                organisation: Some(organisation.clone()),
                campaign: Some(campaign.clone()),
            };
            let (files, posted) = self.import_all(actor, files, &target, progress).await?;
            Ok(WuhanReport {
                organisation,
                campaign,
                files,
                added: posted.runs.iter().map(|run| run.added).sum(),
                known: posted.runs.iter().map(|run| run.known).sum(),
                runs: posted.runs.into_iter().map(|run| run.run).collect(),
            })
        })
    }

    /// Says what an import of the folder would do, file by file; writes nothing.
    ///
    /// # Errors
    /// `Refused` where a file is missing or cannot be read.
    pub fn import_wuhan_dry_run<'a>(&'a self, folder: &'a Path) -> Answer<'a, Vec<ImportReport>> {
        Box::pin(async move {
            let mut reports = Vec::new();
            for file in read_folder(folder).await? {
                reports.push(
                    self.import_dry_read(file, Target::planned(self.now()))
                        .await?,
                );
            }
            Ok(reports)
        })
    }

    /// The rejected rows of the folder's files; files that are taken whole have none.
    ///
    /// # Errors
    /// `Refused` where a file is missing or cannot be read.
    pub fn import_wuhan_rejects<'a>(&'a self, folder: &'a Path) -> Answer<'a, Vec<RejectsFile>> {
        Box::pin(async move {
            let mut all = Vec::new();
            for file in read_folder(folder).await? {
                let rejects = self.rejects_in(file, Target::planned(self.now())).await?;
                all.extend((rejects.rows > 0).then_some(rejects));
            }
            Ok(all)
        })
    }

    async fn wuhan_organisation(&self, actor: &Actor) -> Result<String, AppError> {
        let mut read = self.db().read_tx().await?;
        let known =
            store::parties::organisation_of_source(&mut read, OWN_REGISTER, ORGANISATION).await?;
        drop(read);
        if let Some(id) = known {
            return Ok(self.print(id));
        }
        let form = OrganisationForm {
            name: ORGANISATION.into(),
            // The lists say neither its form nor its code.
            kind: "other".into(),
            region: "4201".into(),
            ..OrganisationForm::default()
        };
        self.made(actor, "organisation", Command::OrganisationRegister(form))
            .await
    }

    async fn wuhan_campaign(&self, actor: &Actor, organisation: &str) -> Result<String, AppError> {
        let id: Id<ids::Organisation> = self.read_id(organisation)?;
        let mut read = self.db().read_tx().await?;
        let known =
            store::fundraising::campaigns_of_organisation(&mut read, id, CAMPAIGNS_MAX).await?;
        drop(read);
        let known = known
            .into_iter()
            .map(|known| known.campaign)
            .find(|c| c.title == CAMPAIGN);
        let (campaign, published) = match known {
            Some(known) => (self.print(known.id), known.project_fund.is_some()),
            None => {
                let draft = Command::CampaignDraft {
                    organisation: organisation.into(),
                    form: plan(),
                };
                (self.made(actor, "campaign", draft).await?, false)
            }
        };
        if !published {
            let publish = Command::CampaignPublishHistoric {
                campaign: campaign.clone(),
            };
            self.made(actor, &format!("publish-{campaign}"), publish)
                .await?;
        }
        Ok(campaign)
    }

    async fn made(&self, actor: &Actor, what: &str, command: Command) -> Result<String, AppError> {
        let key = CommandKey(format!("import-wuhan-{what}"));
        match self.write(actor, &key, command).await? {
            Outcome::Record { id } => Ok(id),
            _ => Err(AppError::NotFound("刚建立的记录")),
        }
    }
}

fn plan() -> CampaignForm {
    CampaignForm {
        title: CAMPAIGN.into(),
        story: "根据武汉市红十字会2020年1月22日至31日逐日公布的捐赠名单和公告补录；名单没有写明时间的，按公布当日结束时排序。".into(),
        promise: "用于疫情防控。".into(),
        filing_number: "公告未载明".into(),
        region: "4201".into(),
        starts_on: "2020-01-22".into(),
        ends_on: "2020-01-31".into(),
        ..CampaignForm::default()
    }
}

/// All files of the folder in the order of posting.
async fn read_folder(folder: &Path) -> Result<Vec<ImportFile>, AppError> {
    let mut files = Vec::new();
    for name in GIFTS.into_iter().chain(OTHERS) {
        files.push(read_file(folder, name).await?);
    }
    Ok(files)
}

async fn read_file(folder: &Path, name: &'static str) -> Result<ImportFile, AppError> {
    let path = folder.join(name);
    let read = spawn_blocking(move || std::fs::read(path))
        .await
        .map_err(AppError::internal)?;
    let bytes = read.map_err(|error| {
        let sentence = say!(
            "读不到文件 {name}（{error}），请确认目录里有全部六个文件。",
            name,
            error = error.to_string()
        );
        super::refusal("import.file", sentence)
    })?;
    Ok(ImportFile {
        name: name.into(),
        bytes,
    })
}
