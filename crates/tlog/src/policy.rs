//! Policies: which logs, which witnesses, and how many of them are enough (c2sp.org/tlog-policy).
//!
//! A policy is a file that whoever verifies holds himself; the log's operator can propose one but
//! not change it. It answers one question: is this checkpoint final?

mod error;
mod parse;

pub use error::{PolicyError, PolicyFault};

use std::str::FromStr;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::{CosignerKey, TimeWindow, Timeliness, cosigned};
use crate::key::VerifierKey;
use crate::note::{NoteError, SignedNote};

/// 〔验证政策〕 Logs, witnesses and the quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// A log whose checkpoints the policy accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its key; the key's name is the log's origin.
    pub key: VerifierKey,
    /// Where it can be asked, if the policy says so.
    pub url: Option<String>,
}

/// A witness whose cosignature the policy counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name in this file: bytes without meaning outside of it.
    pub name: Vec<u8>,
    /// Its key.
    pub key: CosignerKey,
    /// Where a log can ask for a cosignature, if the policy says so.
    pub url: Option<String>,
}

/// Several members of whom some must have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    threshold: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its place. A group's members stand before it, so there is no circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// 〔见证程度〕 What a policy says about the witnesses of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Enough witnesses have signed: the checkpoint is final.
    Final,
    /// Some are missing still.
    Waiting,
    /// The policy asks for none (`quorum none`): the operator's word alone, now and for ever.
    OperatorOnly,
}

/// A witness that has signed a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'p> {
    /// Who.
    pub witness: &'p Witness,
    /// When, by its own clock, in seconds since 1970.
    pub time: u64,
    /// How that time stands to the window asked for.
    pub timeliness: Timeliness,
    /// Whether it counts: it is fresh and the quorum's rule names it, directly or in a group.
    pub counts: bool,
}

/// What a policy says about the witnesses of a checkpoint, and who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum<'p> {
    /// The answer.
    pub standing: Standing,
    /// The policy's witnesses that have signed, in the order of the file.
    pub signed: Vec<Signed<'p>>,
}

/// A checkpoint that one of the policy's logs has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'p> {
    /// What the log says.
    pub checkpoint: Checkpoint,
    /// What the witnesses make of it.
    pub quorum: Quorum<'p>,
}

impl Policy {
    /// The logs, in the order of the file.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses, in the order of the file.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Whether any witness is needed: false for `quorum none`.
    #[must_use]
    pub const fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Whether the checkpoint is of one of the policy's logs, and whether enough witnesses have
    /// signed it at a time within `window`.
    ///
    /// # Errors
    /// [`CheckpointError`] if it is no checkpoint, of no log of the policy, not signed by that
    /// log, or has a line of a known key that does not verify.
    pub fn judge(
        &self,
        note: &SignedNote,
        window: TimeWindow,
    ) -> Result<Judged<'_>, CheckpointError> {
        let claimed: Checkpoint = note.text().parse()?;
        let keys: Vec<VerifierKey> = self
            .logs
            .iter()
            .filter(|log| log.key.name() == claimed.origin())
            .map(|log| log.key.clone())
            .collect();
        if keys.is_empty() {
            return Err(CheckpointError::WrongOrigin);
        }
        let checkpoint = Checkpoint::open(note, claimed.origin(), &keys)?;
        let quorum = self.quorum(note, window)?;
        Ok(Judged { checkpoint, quorum })
    }

    /// The witnesses' part alone, for a checkpoint that is known to be its log's own.
    ///
    /// # Errors
    /// [`NoteError`] if a line of a known witness does not verify.
    pub fn quorum(&self, note: &SignedNote, window: TimeWindow) -> Result<Quorum<'_>, NoteError> {
        let keys: Vec<CosignerKey> = self.witnesses.iter().map(|w| w.key.clone()).collect();
        let named = self.named_by_the_quorum();
        let found = cosigned(note, &keys, window)?;
        let signed: Vec<Signed<'_>> = self
            .witnesses
            .iter()
            .zip(named)
            .filter_map(|(witness, named)| {
                let found = found.iter().find(|found| *found.key == witness.key)?;
                Some(Signed {
                    witness,
                    time: found.time,
                    timeliness: found.timeliness,
                    counts: named && found.timeliness == Timeliness::Fresh,
                })
            })
            .collect();
        let standing = self.standing(|witness| {
            let mine = |signed: &&Signed<'_>| signed.witness.key == witness.key;
            signed.iter().find(mine).is_some_and(|signed| signed.counts)
        });
        Ok(Quorum { standing, signed })
    }

    /// Whether the witnesses for which `counts` holds are enough: for whoever learns from each of them apart, and not from
    /// the lines of one note.
    #[must_use]
    pub fn standing(&self, counts: impl FnMut(&Witness) -> bool) -> Standing {
        let Some(quorum) = self.quorum else {
            return Standing::OperatorOnly;
        };
        let witnessed: Vec<bool> = self.witnesses.iter().map(counts).collect();
        // Each group's members stand before it, so one pass is enough, however deep the nesting.
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let has = |member: &&Member| holds(**member, &witnessed, &groups);
            let enough = group.members.iter().filter(has).count() >= group.threshold;
            groups.push(enough);
        }
        if holds(quorum, &witnessed, &groups) {
            Standing::Final
        } else {
            Standing::Waiting
        }
    }

    /// For each witness whether the quorum's rule names it.
    fn named_by_the_quorum(&self) -> Vec<bool> {
        let mut witnesses = vec![false; self.witnesses.len()];
        let mut groups = vec![false; self.groups.len()];
        let mut mark = |member: Member, groups: &mut Vec<bool>| {
            let slot = match member {
                Member::Witness(place) => witnesses.get_mut(place),
                Member::Group(place) => groups.get_mut(place),
            };
            if let Some(slot) = slot {
                *slot = true;
            }
        };
        if let Some(quorum) = self.quorum {
            mark(quorum, &mut groups);
        }
        for (place, group) in self.groups.iter().enumerate().rev() {
            if groups.get(place) == Some(&true) {
                group
                    .members
                    .iter()
                    .for_each(|member| mark(*member, &mut groups));
            }
        }
        witnesses
    }
}

fn holds(member: Member, witnesses: &[bool], groups: &[bool]) -> bool {
    match member {
        Member::Witness(place) => witnesses.get(place),
        Member::Group(place) => groups.get(place),
    }
    .is_some_and(|holds| *holds)
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Policy, PolicyError> {
        Policy::parse(text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
