//! Jobs: what the house does by itself when its hour has come.
//!
//! A job runs as a command of the house, so that its effect and its mark commit together. One that fails is
//! noted with its reason and tried again later each time; after the last attempt it is dead and waits for a
//! person (`store::limits::JOB_ATTEMPTS_MAX`).

use crate::answer::Answer;
use crate::command::{Command, CommandKey, HouseCommand, Outcome};
use crate::staircase::{Call, Flow, missing};
use crate::{App, AppError, fundraising, oversight};
use domain::Refusal;
use domain::identity::{Actor, Who};
use kernel::{Day, Timestamp};
use store::batch::Job;

/// First pause after a failure, in microseconds: 10 seconds; it doubles each time.
const PAUSE_MICROS: i64 = 10_000_000;
/// Longest pause, in microseconds: one hour.
const PAUSE_MICROS_MAX: i64 = 3_600_000_000;
/// Rounds of one call; what is left then is taken up by the next one.
const ROUNDS_MAX: usize = 100;
/// Divisions that enter in one command: the writer stays responsive between them.
const REGIONS_AT_ONCE: usize = 5_000;
/// Who the audit entry names.
const REASON: &str = "定时任务";

pub(crate) async fn run(call: &mut Call<'_>, command: &HouseCommand) -> Flow<Outcome> {
    if !matches!(call.request.actor.who, Who::House(_)) {
        let sentence = "这一步只由本系统办理，请从页面上的入口进入。".into();
        return Err(AppError::Denied(Refusal {
            code: "not_permitted",
            sentence,
            law: None,
            field: None,
        })
        .into());
    }
    let now = call.now();
    match command {
        HouseCommand::JobRun { job } => {
            if let Some(job) = call.batch.job_waiting(*job).await? {
                effect(call, &job).await?;
                call.batch.job_done(job.id).await?;
            }
        }
        HouseCommand::JobFail { job, error } => {
            if let Some(job) = call.batch.job_waiting(*job).await? {
                let again = now.plus_micros(pause(job.attempts)).unwrap_or(now);
                call.batch.job_failed(&job, again, error).await?;
            }
        }
        HouseCommand::KeysForget => {
            call.batch.commands_forget(now).await?;
        }
        HouseCommand::Verifier(change) => {
            crate::verifier_pages::state_verifier(call, change).await?
        }
        HouseCommand::Sm2Keys(change) => crate::sm2_keys::state_keys(call, change).await?,
        HouseCommand::Sm3Root(change) => crate::sm3_root::state_root(call, change).await?,
        HouseCommand::LogKey(change) => crate::log_keys::run(call, change).await?,
        HouseCommand::RegionsLoad(rows) => {
            let from = i64::from(now.day().number());
            call.batch.regions_insert(rows, from).await?;
        }
    }
    Ok(Outcome::Done)
}

async fn effect(call: &mut Call<'_>, job: &Job) -> Flow<()> {
    match job.kind.as_str() {
        fundraising::END_JOB => fundraising::end_due(call, &job.payload).await,
        oversight::WAKE_JOB => oversight::wake(call, &job.payload).await,
        _ => Err(missing("这类定时任务的办法")),
    }
}

/// How long a job waits after it failed for the `attempts + 1`st time, in microseconds.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, 20)).unwrap_or(20);
    PAUSE_MICROS
        .saturating_mul(1 << doublings)
        .min(PAUSE_MICROS_MAX)
}

impl App {
    /// Runs every job whose hour has come by `now`; returns how many succeeded.
    ///
    /// # Errors
    /// `Internal` or `Busy`: the database or the writer gives up. A job that fails is noted, not returned.
    pub fn run_due_jobs(&self, now: Timestamp) -> Answer<'_, usize> {
        Box::pin(async move {
            let mut done = 0;
            for _ in 0..ROUNDS_MAX {
                let due = {
                    let mut read = self.db().read_tx().await?;
                    store::batch::jobs_due(&mut read, now).await?
                };
                if due.is_empty() {
                    break;
                }
                for job in due {
                    done += usize::from(self.run_job(&job).await?);
                }
            }
            Ok(done)
        })
    }

    async fn run_job(&self, job: &Job) -> Result<bool, AppError> {
        match self.house(HouseCommand::JobRun { job: job.id }).await {
            Ok(()) => Ok(true),
            // No fault of the job: it is tried again as it is.
            Err(error @ (AppError::Busy(_) | AppError::Unwell(_))) => Err(error),
            Err(error) => {
                log_failure(job, &error);
                let error = reason(&error);
                self.house(HouseCommand::JobFail { job: job.id, error })
                    .await?;
                Ok(false)
            }
        }
    }

    /// Forgets command keys that are older than 30 days.
    ///
    /// # Errors
    /// `Internal` or `Busy`.
    pub fn forget_keys(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.house(HouseCommand::KeysForget).await })
    }

    /// What is done by itself on the first tick of a day: returns the day, to be handed in at the next tick.
    ///
    /// # Errors
    /// `Internal` or `Busy`.
    pub fn tidy_daily(&self, done: Option<Day>) -> Answer<'_, Day> {
        Box::pin(async move {
            let today = self.now().day();
            if done != Some(today) {
                self.forget_keys().await?;
                self.keys_end_due().await?;
            }
            Ok(today)
        })
    }

    /// Enters administrative divisions; codes that are known stay as they are.
    ///
    /// # Errors
    /// `Internal` or `Busy`.
    pub fn regions_load<'a>(&'a self, rows: &'a [(kernel::RegionCode, String)]) -> Answer<'a, ()> {
        Box::pin(async move {
            for part in rows.chunks(REGIONS_AT_ONCE) {
                self.house(HouseCommand::RegionsLoad(part.to_vec())).await?;
            }
            Ok(())
        })
    }

    async fn house(&self, command: HouseCommand) -> Result<(), AppError> {
        let key = CommandKey(String::new());
        self.write(&Actor::house(REASON), &key, Command::House(command))
            .await
            .map(|_| ())
    }
}

fn log_failure(job: &Job, error: &AppError) {
    let (id, kind, attempts) = (job.id, job.kind.as_str(), job.attempts);
    let error = error as &dyn std::error::Error;
    tracing::warn!(
        job.id = id,
        job.kind = kind,
        job.attempts = attempts,
        error,
        "a job failed"
    );
}

/// The error with its innermost source, for the person who looks after dead jobs.
fn reason(error: &AppError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text} / {inner}");
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<i64> = (0..11).map(|n| pause(n) / 1_000_000).collect();
        assert_eq!(
            seconds,
            [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
        );
        assert_eq!(pause(i64::MAX), PAUSE_MICROS_MAX);
        assert_eq!(pause(-1), PAUSE_MICROS);
    }
}
