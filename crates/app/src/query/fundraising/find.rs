//! A clerk looks for a gift: by its number, by the number of the payment, by the donor's name or telephone.

use crate::answer::Answer;
use crate::query::desk::OpenDesk;
use crate::query::limits::{FIND_ROWS, FIND_SCANNED};
use crate::view::DeskFound;
use crate::{App, AppError};
use db::Session;
use domain::identity::Actor;
use domain::{Sentence, say};
use kernel::Id;
use leaf::ids;
use std::collections::HashMap;
use store::fundraising::DonationRecord;

/// Shorter texts agree with almost everything.
const PART_CHARS_MIN: usize = 2;
/// The longest text that is looked for, in characters.
const PART_CHARS_MAX: usize = 100;

/// A gift with what agrees.
type Hit = (DonationRecord, &'static str);

impl App {
    /// The gifts of an organisation that somebody at its desk means by a text; nothing for an empty text.
    ///
    /// Only what agrees is said, never the private words themselves: whoever asks knows them.
    ///
    /// # Errors
    /// `NotFound`; `Denied`; the engine's refusal.
    pub fn desk_find<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
        text: &'a str,
    ) -> Answer<'a, DeskFound> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let OpenDesk { id, may, .. } = self.open_desk(read, actor, organisation).await?;
            let (text, problem) = meant(text);
            let mut hits = Vec::new();
            let mut scanned = None;
            if !text.is_empty() && problem.is_none() {
                hits = self.by_numbers(read, id, &text).await?;
                if hits.is_empty() {
                    let restricted = may.iter().any(|may| may == "restricted_read");
                    hits = by_person(read, id, (&text, restricted)).await?;
                    let gifts = store::fundraising::gifts_of_organisation(read, id).await?;
                    scanned = (gifts > FIND_SCANNED).then_some(FIND_SCANNED);
                }
            }
            let shown = usize::try_from(FIND_ROWS).unwrap_or(usize::MAX);
            let more = hits.len() > shown;
            hits.truncate(shown);
            let (rows, agree): (Vec<_>, Vec<_>) = hits.into_iter().unzip();
            let lines = self.gift_lines(read, &rows).await?;
            Ok(DeskFound {
                organisation: self.organisation_link(read, id).await?,
                may,
                gifts: lines.into_iter().zip(agree).collect(),
                more,
                problem,
                scanned,
            })
        })
    }

    /// By the gift's own number, which may lack its prefix, or the number that the payment came with.
    async fn by_numbers(
        &self,
        session: &mut Session,
        organisation: Id<ids::Organisation>,
        text: &str,
    ) -> Result<Vec<Hit>, AppError> {
        let own = [text.to_string(), format!("don_{text}")];
        let own = own
            .iter()
            .find_map(|one| self.read_id::<ids::Donation>(one).ok());
        if let Some(own) = own {
            let row = store::fundraising::donation_by_id(session, own).await?;
            let row = row.filter(|row| row.organisation == organisation);
            return Ok(row.map(|row| (row, "凭据编号")).into_iter().collect());
        }
        let rows =
            store::fundraising::donations_by_external(session, organisation, text, FIND_ROWS + 1)
                .await?;
        Ok(rows.into_iter().map(|row| (row, "付款单号")).collect())
    }
}

/// By name, telephone or mail.
async fn by_person(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    text: (&str, bool),
) -> Result<Vec<Hit>, AppError> {
    let limits = (FIND_SCANNED, FIND_ROWS + 1);
    let found =
        store::fundraising::donations_by_private(session, organisation, text, limits).await?;
    let ids: Vec<i64> = found.iter().map(|hit| hit.donation.raw()).collect();
    let rows = store::fundraising::donations_by_ids(session, &ids).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let hits = found.iter().filter_map(|hit| {
        let agrees = if hit.by_name {
            "姓名"
        } else {
            "联系方式"
        };
        rows.remove(&hit.donation).map(|row| (row, agrees))
    });
    Ok(hits.collect())
}

/// The text without needless space, and what is wrong with it.
fn meant(text: &str) -> (String, Option<Sentence>) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match text.chars().count() {
        0 | PART_CHARS_MIN..=PART_CHARS_MAX => None,
        ..PART_CHARS_MIN => Some(say!("请至少输入{n}个字。", n = PART_CHARS_MIN)),
        _ => Some(say!("最多输入{n}个字，请缩短。", n = PART_CHARS_MAX)),
    };
    (text, problem)
}
