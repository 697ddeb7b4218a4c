//! What is known of the witnesses of our own log, for pages and proofs.

use db::{Result, Session};
use domain::Sentence;
use serde::Serialize;
use std::collections::BTreeMap;
use store::transparency::{CheckpointRecord, cosignatures_of};
use tlog::policy::{Policy, Standing};
use tlog::{NoteSignature, SignedNote, TimeWindow};
use utoipa::ToSchema;

/// 〔见证状态〕 Whether others than the operator stand behind a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Witnessed {
    /// No witness is asked for: the operator's word alone, now and for ever.
    OperatorOnly,
    /// The witnesses that the policy asks for have not all signed yet.
    Waiting,
    /// They have, and none of them is anybody but the operator, by the names of their own keys.
    OneHand,
    /// They have.
    Final,
}

impl Witnessed {
    /// The word for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Witnessed::OperatorOnly => "operator_only",
            Witnessed::Waiting => "waiting",
            Witnessed::OneHand => "one_hand",
            Witnessed::Final => "final",
        }
    }
}

/// What the task that asks the witnesses has found out so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Size of the newest checkpoint for which the policy's quorum holds; 0 if there is none.
    pub(crate) final_size: i64,
    /// Each witness, in the order of the policy.
    pub(crate) witnesses: Vec<WitnessKnown>,
}

/// What is known of one witness.
#[derive(Debug, Clone, Default)]
pub(crate) struct WitnessKnown {
    /// Size of the newest checkpoint that it signed; 0 if it signed none.
    pub(crate) size: i64,
    /// When, in seconds since 1970 by its own clock.
    pub(crate) signed_at: i64,
    /// Why it does not sign now, if it does not.
    pub(crate) trouble: Option<Sentence>,
}

/// The checkpoint with the lines of the policy's witnesses that are in hand, in the order of the policy.
pub(crate) async fn with_lines(
    session: &mut Session,
    policy: &Policy,
    checkpoint: &CheckpointRecord,
) -> Result<SignedNote> {
    let unread = |e: tlog::NoteError| db::Error::value(2, e);
    let note = SignedNote::parse(&checkpoint.note).map_err(unread)?;
    let rows = cosignatures_of(session, checkpoint.size).await?;
    let lines: BTreeMap<&str, &str> = rows
        .iter()
        .map(|row| (row.witness.as_str(), row.line.as_str()))
        .collect();
    let mut more = Vec::with_capacity(lines.len());
    for witness in policy.witnesses() {
        if let Some(line) = lines.get(witness.key.to_string().as_str()) {
            more.push(NoteSignature::parse(line).map_err(unread)?);
        }
    }
    note.with_signatures(more).map_err(unread)
}

/// Whether enough witnesses stand behind a checkpoint of our own. Their times are shown and not judged: what was final
/// once stays so.
pub(crate) fn is_final(policy: &Policy, note: &SignedNote) -> bool {
    match policy.quorum(note, TimeWindow::ALWAYS) {
        Ok(quorum) => quorum.standing == Standing::Final,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a kept line of a witness does not verify"
            );
            false
        }
    }
}
