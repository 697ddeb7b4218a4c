//! Matters: opened, filled in, moved on.

use super::{Batch, EvidenceRow};
use crate::oversight::{MatterRecord, matter_record, text_of_gaps, user_of_person};
use db::{Result, args, sql};
use kernel::{Day, Id, RegionCode, Timestamp};
use leaf::ids;
use matter::{Effect, Matter, Taken};

/// A matter to open.
#[derive(Debug, Clone)]
pub struct NewMatter<'a> {
    /// Name of the procedure.
    pub procedure: &'static str,
    /// Whose it is.
    pub organisation: Id<ids::Organisation>,
    /// The region of the office that decides.
    pub region: &'a RegionCode,
    /// Who opens it.
    pub user: Id<ids::User>,
    /// The first state.
    pub state: &'static str,
    /// What the applicant is shown for tracking.
    pub code: &'a str,
}

/// Who keeps something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    /// Who.
    pub user: Id<ids::User>,
    /// When.
    pub at: Timestamp,
}

impl Batch {
    /// The day on which an organisation was registered, where the register has it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn organisation_registered(
        &mut self,
        id: Id<ids::Organisation>,
    ) -> Result<Option<Day>> {
        crate::parties::organisation_registered(self.sql().await?, id).await
    }

    /// Opens a matter.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_insert(
        &mut self,
        new: &NewMatter<'_>,
        now: Timestamp,
    ) -> Result<Id<ids::Matter>> {
        let id: Id<ids::Matter> = self.mint(now);
        let insert = sql!(
            "INSERT INTO matter (id, procedure, organisation_id, region, opened_by, opened_at, state, version, round, code) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)"
        );
        let arguments = args![
            id.raw(),
            new.procedure,
            new.organisation.raw(),
            new.region.as_str(),
            new.user.raw(),
            now.micros(),
            new.state,
            new.code
        ];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// A matter.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter(&mut self, id: Id<ids::Matter>) -> Result<Option<MatterRecord>> {
        matter_record(self.sql().await?, id).await
    }

    /// The open matter of a procedure that an organisation has already.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_open(
        &mut self,
        organisation: Id<ids::Organisation>,
        procedure: &str,
    ) -> Result<Option<Id<ids::Matter>>> {
        let sql = sql!(
            "SELECT id FROM matter WHERE organisation_id = $1 AND procedure = $2 AND ended_at IS NULL ORDER BY id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![organisation.raw(), procedure], |r| {
            r.i64(0).map(Id::from_raw)
        })
        .await
    }

    /// Keeps a step and what follows from it: `after` is the matter with the step.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_taken(
        &mut self,
        record: &MatterRecord,
        taken: &Taken,
        after: &Matter,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO matter_taken (matter_id, entry, step, user_id, for_user_id, at, dated, reason, gaps, facts, longer_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let entry = i64::try_from(after.history().len()).unwrap_or(i64::MAX);
        let gaps = text_of_gaps(&taken.gaps);
        let arguments = args![
            record.id.raw(),
            entry,
            taken.step,
            user_of_person(taken.who.by),
            taken.who.for_whom.and_then(user_of_person),
            taken.at.micros(),
            taken.dated.map(|day| i64::from(day.number())),
            taken.reason.as_deref(),
            gaps.as_str(),
            taken.facts.join("\n"),
            taken.longer_by.map(i64::from)
        ];
        self.change().await?.exec(insert, arguments).await?;
        let step = record.procedure.step(taken.step);
        let handed_on = step.is_some_and(|step| step.effect == Effect::Submit);
        let update = sql!(
            "UPDATE matter SET state = $2, ended_at = $3, version = version + 1, round = round + $4 WHERE id = $1"
        );
        let arguments = args![
            record.id.raw(),
            after.state().name,
            after.state().is_final.then_some(taken.at.micros()),
            i64::from(handed_on)
        ];
        self.change()
            .await?
            .exec(update, arguments)
            .await
            .map(|_| ())
    }

    /// Keeps the answers of the round that is being written, in the place of what stood there.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_answered(
        &mut self,
        record: &MatterRecord,
        answers: &[(&str, &str)],
    ) -> Result<()> {
        let upsert = sql!(
            "INSERT INTO matter_answer (matter_id, round, field, value) VALUES ($1, $2, $3, $4) ON CONFLICT (matter_id, round, field) DO UPDATE SET value = excluded.value"
        );
        for (field, value) in answers {
            let arguments = args![record.id.raw(), record.round, *field, *value];
            self.change().await?.exec(upsert, arguments).await?;
        }
        let update = sql!("UPDATE matter SET version = version + 1 WHERE id = $1");
        self.change()
            .await?
            .exec(update, args![record.id.raw()])
            .await
            .map(|_| ())
    }

    /// Keeps a file of the round that is being written.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_file_insert(
        &mut self,
        record: &MatterRecord,
        (slot, file): (&str, &EvidenceRow),
        keeping: Keeping,
    ) -> Result<()> {
        let id: Id<ids::Matter> = self.mint(keeping.at);
        let insert = sql!(
            "INSERT INTO matter_file (id, matter_id, slot, sha256, length, mime, title, user_id, at, from_round) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let arguments = args![
            id.raw(),
            record.id.raw(),
            slot,
            file.sha256,
            file.length,
            &file.mime,
            &file.title,
            keeping.user.raw(),
            keeping.at.micros(),
            record.round
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// From the round that is being written on, a file counts no more; it stays for the rounds before.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_file_end(
        &mut self,
        record: &MatterRecord,
        slot: &str,
        sha256: &[u8; 32],
    ) -> Result<()> {
        let update = sql!(
            "UPDATE matter_file SET until_round = $4 WHERE matter_id = $1 AND slot = $2 AND sha256 = $3 AND until_round IS NULL"
        );
        let arguments = args![record.id.raw(), slot, &sha256[..], record.round];
        self.change()
            .await?
            .exec(update, arguments)
            .await
            .map(|_| ())
    }
}
