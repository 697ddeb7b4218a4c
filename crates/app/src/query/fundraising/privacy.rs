//! A donor's information: what a receipt says of it, and what the desk may do with it.

use crate::answer::Answer;
use crate::query::transparency::tombstone;
use crate::query::words::unit_word;
use crate::view::{DonorPrivacy, DonorState};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{Withdrawn, decide_erasure, keep_until};
use domain::identity::{Action, Actor, Object, permit};
use domain::{Sentence, say};
use store::fundraising::{DonationRecord, RestrictionRecord};

/// What a receipt says of its donor. Whoever holds the donor's own link is told that the information is restricted;
/// everybody else only that the name is not shown.
pub(crate) async fn donor_state(
    session: &mut Session,
    row: &DonationRecord,
    own: bool,
) -> Result<DonorState, AppError> {
    let rows = store::fundraising::withdrawals_of_leaf(session, row.leaf_index).await?;
    if rows.is_empty() {
        return Ok(DonorState::default());
    }
    let restricted = store::fundraising::restriction_of(session, row.id).await?;
    let erased = rows.iter().find(|row| row.what == Withdrawn::Key);
    let hidden = rows.iter().find(|row| row.what == Withdrawn::Donor);
    let sentence = match (erased, restricted, hidden) {
        (Some(erased), _, _) => Some(say!(
            "捐赠人的姓名和留言已于{day}删除，任何人都不能再打开；金额、去向和证明都没有变，这份凭据继续有效。",
            day = erased.at.day()
        )),
        (None, Some(restricted), _) if own => Some(restricted_words(&restricted)),
        (None, _, Some(hidden)) => Some(say!(
            "捐赠人的称呼已于{day}停止公开；金额、去向和证明都没有变，这份凭据继续有效。",
            day = hidden.at.day()
        )),
        _ => None,
    };
    Ok(DonorState {
        sentence,
        tombstones: rows.iter().map(tombstone).collect(),
    })
}

fn restricted_words(restricted: &RestrictionRecord) -> Sentence {
    say!(
        "捐赠人的个人信息自{since}起限制处理：只保存，不使用、不显示；依法保存期满，{until}起可以删除。",
        since = restricted.since.day(),
        until = restricted.keep_until
    )
}

impl App {
    /// What the desk may do with the information of a gift's donor.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn donor_privacy<'a>(
        &'a self,
        actor: &'a Actor,
        donation: &'a str,
    ) -> Answer<'a, DonorPrivacy> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = self.donation_row(read, donation).await?;
            let id = row.id;
            let object = Object::of(row.organisation);
            permit(actor, Action::PrivacyAsk, &object).map_err(AppError::denied)?;
            let restricted = store::fundraising::restriction_of(read, id).await?;
            let known = donor_state(read, &row, false).await?;
            let state = match (&restricted, &known.sentence) {
                (Some(restricted), _) if restricted.erased => "erased",
                (Some(_), _) => "restricted",
                (None, Some(_)) => "hidden",
                (None, None) => "open",
            };
            let until = restricted
                .as_ref()
                .map_or_else(|| keep_until(row.day), |known| known.keep_until);
            let sentence = match (&restricted, state, known.sentence) {
                (Some(restricted), "restricted", _) => restricted_words(restricted),
                (_, _, Some(sentence)) => sentence,
                _ => "捐赠人按自己选的方式公开，没有限制处理。".into(),
            };
            let may_read = permit(actor, Action::RestrictedRead, &object).is_ok();
            let mut name = None;
            if state == "restricted" && may_read {
                let private = store::fundraising::donation_private(read, id).await?;
                name = private.map(|private| private.donor_name);
            }
            let due = decide_erasure(Some(until), self.now().day()).is_ok();
            Ok(DonorPrivacy {
                id: self.print(id),
                organisation: self.organisation_link(read, row.organisation).await?,
                donor: row.donor_public.clone(),
                amount: row.amount,
                unit: unit_word(&row.unit).into(),
                day: row.day.to_string(),
                state: state.into(),
                sentence,
                keep_until: until.to_string(),
                name,
                may: steps(state, due),
            })
        })
    }
}

/// What may be done next, by the state; erasure waits until the law lets go.
fn steps(state: &str, due: bool) -> Vec<String> {
    let steps: &[&str] = match state {
        "open" => &["hide", "restrict"],
        "hidden" => &["restrict"],
        "restricted" if due => &["erase"],
        _ => &[],
    };
    steps.iter().map(|step| (*step).to_owned()).collect()
}
