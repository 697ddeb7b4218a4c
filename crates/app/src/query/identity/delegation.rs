//! 〔委托办理〕 What somebody gave to colleagues and has from them.

use super::session::role_words;
use crate::answer::Answer;
use crate::identity::{delegation_handle, duty_code};
use crate::query::keys;
use crate::query::links::Names;
use crate::view::{DelegationLine, DelegationsPage};
use crate::{App, AppError};
use domain::Sentence;
use domain::identity::delegation::Duty;
use domain::identity::{Actor, Denied, Grant};
use kernel::{Day, Id};
use std::collections::BTreeMap;
use store::identity::DelegationRecord;

impl App {
    /// The delegations of the signed-in person.
    ///
    /// # Errors
    /// `Denied` with `sign_in_first`.
    pub fn delegations<'a>(&'a self, actor: &'a Actor) -> Answer<'a, DelegationsPage> {
        Box::pin(async move {
            let user = actor.user_id();
            let user = user.ok_or_else(|| AppError::denied(Denied::SignInFirst))?;
            let today = self.now().day();
            let mut read = self.db().read_tx().await?;
            let given = store::identity::delegations_given(&mut read, user).await?;
            let received = store::identity::delegations_received(&mut read, user).await?;
            let own: Vec<Duty> = actor.grants().iter().filter_map(Duty::of).collect();
            let records = || given.iter().chain(&received);
            let places = own
                .iter()
                .copied()
                .chain(records().map(|one| one.delegation.duty));
            let places = keys(places.filter_map(|duty| duty.organisation).map(Id::raw));
            let places = store::parties::organisation_names(&mut read, &places).await?;
            let people = keys(records().flat_map(|one| {
                [
                    one.delegation.represented.raw(),
                    one.delegation.delegate.raw(),
                ]
            }));
            let people = store::identity::user_names(&mut read, &people).await?;
            let line =
                |one: &DelegationRecord, other: i64| line(one, (other, today), (&people, &places));
            let mut duties: Vec<(String, Sentence)> = Vec::new();
            for duty in own {
                let code = duty_code(&duty);
                if !duties.iter().any(|(known, _)| *known == code) {
                    duties.push((code, words(&duty, today, &places)));
                }
            }
            Ok(DelegationsPage {
                duties,
                today: today.to_string(),
                given: given
                    .iter()
                    .map(|one| line(one, one.delegation.delegate.raw()))
                    .collect(),
                received: received
                    .iter()
                    .map(|one| line(one, one.delegation.represented.raw()))
                    .collect(),
            })
        })
    }
}

/// A duty as the header calls a role.
fn words(duty: &Duty, today: Day, places: &Names) -> Sentence {
    let grant = Grant {
        role: duty.role,
        organisation: duty.organisation,
        region: duty.region,
        from: today,
        to: None,
    };
    role_words(&grant, places)
}

fn line(
    one: &DelegationRecord,
    (other, today): (i64, Day),
    (people, places): (&BTreeMap<i64, String>, &Names),
) -> DelegationLine {
    let delegation = &one.delegation;
    let (state, open) = match one.ended_at {
        Some(_) => ("提前结束", false),
        None if today < delegation.first => ("还没开始", true),
        None if today <= delegation.last => ("正在委托", true),
        None => ("已到期", false),
    };
    DelegationLine {
        handle: delegation_handle(one.id),
        who: people.get(&other).cloned().unwrap_or_default(),
        duty: words(&delegation.duty, today, places),
        first: delegation.first.to_string(),
        last: delegation.last.to_string(),
        reason: one.reason.clone(),
        state,
        open,
    }
}
