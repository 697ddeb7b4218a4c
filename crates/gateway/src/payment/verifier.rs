//! Checks the signatures together that wait at the same time.
//!
//! No timer: a signature that comes alone is checked at once, and while a group is checked the next one gathers. A
//! forged one makes its group cost a check for each, so a stranger who sends forgeries could make everybody's checks
//! dearer than before; after a group with a forgery the next ones are therefore smaller, down to one, and grow again
//! with each clean one.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};

use super::channel_keys::Signature;
use super::limits::{GROUP, GROUP_WAITING};
use super::signature::{Claim, Verdict, verdicts};

/// 〔验签台〕 The queue of signatures before the equation.
#[derive(Debug, Default)]
pub struct Verifier {
    door: OnceLock<mpsc::Sender<Waiting>>,
    counters: Arc<Counters>,
}

/// What the verifier has done, for meters and benches.
#[derive(Debug, Default)]
pub struct Counters {
    /// Groups checked, those of one included.
    pub groups: AtomicU64,
    /// Signatures checked.
    pub signatures: AtomicU64,
    /// Groups of two or more that held a forgery, so that each was checked alone.
    pub spoilt: AtomicU64,
}

#[derive(Debug)]
struct Waiting {
    claim: Arc<Claim>,
    answer: oneshot::Sender<Verdict>,
}

impl Verifier {
    /// A verifier that has done nothing yet.
    #[must_use]
    pub fn new() -> Verifier {
        Verifier::default()
    }

    /// What was done so far.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// The verdict about a signature, found with whatever else waits.
    pub async fn verdict(&self, signature: &Signature) -> Verdict {
        let claim = match signature {
            Signature::Known(verdict) => return *verdict,
            Signature::Open(claim) => claim,
        };
        let (answer, verdict) = oneshot::channel();
        let waiting = Waiting {
            claim: Arc::clone(claim),
            answer,
        };
        // The error holds what was sent and with it the answer's other end, for which nobody must wait.
        let sent = self.door().send(waiting).await.is_ok();
        let answered = if sent { verdict.await.ok() } else { None };
        // No answer where the runtime that checked groups has ended: this one is checked here.
        answered.unwrap_or_else(|| claim.verdict())
    }

    /// The queue; whoever is first opens it, in the runtime that serves.
    fn door(&self) -> &mpsc::Sender<Waiting> {
        self.door.get_or_init(|| {
            let (door, queue) = mpsc::channel(GROUP_WAITING);
            tokio::spawn(check(queue, Arc::clone(&self.counters)));
            door
        })
    }
}

async fn check(mut queue: mpsc::Receiver<Waiting>, counters: Arc<Counters>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut most = GROUP;
    while let Some(first) = queue.recv().await {
        group.push(first);
        // Whoever is ready to run comes first and may bring another signature; nothing is waited for.
        tokio::task::yield_now().await;
        while group.len() < most
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let clean = answer(&mut group);
        most = next_size(most, clean);
        counters.note(clean);
    }
}

/// How a group turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome {
    size: usize,
    forged: usize,
}

/// Checks a group and answers everybody in it.
fn answer(group: &mut Vec<Waiting>) -> Outcome {
    let (claims, answers): (Vec<Arc<Claim>>, Vec<_>) =
        group.drain(..).map(|w| (w.claim, w.answer)).unzip();
    let verdicts = verdicts(&claims);
    let forged = verdicts.iter().filter(|v| **v == Verdict::Forged).count();
    for (answer, verdict) in answers.into_iter().zip(verdicts) {
        // Whoever hung up needs no verdict.
        let _ = answer.send(verdict);
    }
    let size = claims.len();
    Outcome { size, forged }
}

/// The largest size of the next group: half after a forgery, twice after none.
fn next_size(most: usize, outcome: Outcome) -> usize {
    if outcome.forged > 0 {
        (most / 2).max(1)
    } else {
        most.saturating_mul(2).min(GROUP)
    }
}

impl Counters {
    fn note(&self, outcome: Outcome) {
        let size = u64::try_from(outcome.size).unwrap_or(u64::MAX);
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.signatures.fetch_add(size, Ordering::Relaxed);
        if outcome.forged > 0 && outcome.size > 1 {
            self.spoilt.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_shrink_after_forgeries_and_grow_again() {
        let (clean, spoilt) = (
            Outcome { size: 9, forged: 0 },
            Outcome { size: 9, forged: 1 },
        );
        let mut most = GROUP;
        for _ in 0..10 {
            most = next_size(most, spoilt);
        }
        assert_eq!(most, 1);
        assert_eq!(next_size(most, clean), 2);
        assert_eq!(next_size(GROUP, clean), GROUP);
    }
}
