//! The receipt: where is my money now, the story along the tape, whether it is sealed.

use crate::answer::Answer;
use crate::query::fundraising::privacy::donor_state;
use crate::query::funds::headline::headline;
use crate::query::funds::story::{self, Share};
use crate::query::words::{channel, unit_word};
use crate::query::{found, keys};
use crate::view::{ReceiptPage, Seal};
use crate::{App, AppError, Witnessed};
use db::Session;
use domain::fundraising::HeldReason;
use domain::{Sentence, say};
use kernel::{Fen, Id};
use leaf::ids;
use store::fundraising::DonationRecord;
use store::funds::MovementRecord;

/// Name of the cursors' list.
const STORY: &str = "receipt-story";
/// What later pages of a story say in place of a sentence about the whole gift.
const CONTINUED: &str = "以下接着上一页，是这笔捐赠其余部分的去向。";

impl App {
    /// The row of a gift by its printed number.
    pub(super) async fn donation_row(
        &self,
        session: &mut Session,
        donation: &str,
    ) -> Result<DonationRecord, AppError> {
        let id: Id<ids::Donation> = self.read_id(donation)?;
        let row = store::fundraising::donation_by_id(session, id).await?;
        found(row, "这笔捐赠")
    }

    /// The public page of a donation; with the donor's token also the donor's own words.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn receipt_page<'a>(
        &'a self,
        donation: &'a str,
        token: Option<&'a str>,
        cursor: Option<&'a str>,
    ) -> Answer<'a, ReceiptPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = self.donation_row(read, donation).await?;
            let id = row.id;
            let movements = movements(read, &row).await?;
            let shares = shares(&movements);
            let seal = self.cursors(STORY);
            let opened = cursor.map(|text| seal.open(text)).transpose()?;
            let told = story::tell(read, &shares, opened.as_deref()).await?;
            let (segments, pieces) = self.story(read, &told).await?;
            let (headline, sentence) = match opened {
                None => (
                    headline(row.amount, &row.unit, &pieces, told.remaining),
                    story::sentence(row.amount, &row.unit, &pieces, told.remaining),
                ),
                Some(_) => (CONTINUED.into(), CONTINUED.into()),
            };
            let funds = keys(shares.iter().map(|share| share.tape.0));
            let mut funds = store::funds::funds_by_ids(read, &funds).await?;
            funds.sort_by_key(|fund| fund.id.raw());
            let own = self.token_is_right(id, token);
            let page = ReceiptPage {
                id: self.print(id),
                organisation: self.organisation_link(read, row.organisation).await?,
                campaign: self.campaign_link(read, row.campaign).await?,
                amount: row.amount,
                unit: unit_word(&row.unit).into(),
                amount_words: amount_words(&row),
                fee: row.fee,
                day: row.day.to_string(),
                time_note: time_note(&row),
                donor: row.donor_public.clone(),
                channel: channel(&row.channel),
                state: row.state.clone(),
                held_sentence: held_sentence(&row),
                headline,
                sentence,
                segments,
                remaining: told.remaining,
                next: told.next.as_deref().map(|text| seal.close(text)),
                movements: self.movement_lines(read, &movements).await?,
                funds: funds.iter().map(|fund| self.fund_line(fund)).collect(),
                seal: self.seal_of(read, row.leaf_index).await?,
                own,
                privacy: donor_state(read, &row, own).await?,
                donor_name: None,
                message: None,
                paid_at: None,
            };
            if own {
                self.with_private(read, &row, page).await
            } else {
                Ok(page)
            }
        })
    }

    /// Whether a signed checkpoint covers a leaf, and whether witnesses stand behind it.
    async fn seal_of(&self, session: &mut Session, leaf_index: i64) -> Result<Seal, AppError> {
        let newest = store::transparency::checkpoint_newest(session).await?;
        let size = newest.map_or(0, |checkpoint| checkpoint.size);
        let sealed = leaf_index < size;
        let witnessed = self.inner().cosigning.stands(leaf_index);
        Ok(Seal {
            sealed,
            leaf_index,
            checkpoint_size: size,
            witnessed,
            sentence: seal_words(sealed, witnessed).into(),
        })
    }

    /// The same page with the words that only the donor may read, as far as they were not erased.
    async fn with_private(
        &self,
        session: &mut Session,
        row: &DonationRecord,
        page: ReceiptPage,
    ) -> Result<ReceiptPage, AppError> {
        // What is restricted is only stored, and shown to nobody but the role that may.
        let restricted = store::fundraising::restriction_of(session, row.id).await?;
        let private = store::fundraising::donation_private(session, row.id).await?;
        let Some(private) = private.filter(|_| restricted.is_none()) else {
            return Ok(page);
        };
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok(ReceiptPage {
            donor_name: some(private.donor_name),
            message: some(private.message),
            paid_at: row.time_known.then(|| row.paid_at.rfc3339()),
            ..page
        })
    }
}

async fn movements(
    session: &mut Session,
    row: &DonationRecord,
) -> Result<Vec<MovementRecord>, AppError> {
    let all = store::funds::movements_of_donation(session, row.movement_first, row.movement_count);
    Ok(all.await?)
}

/// The spans that a gift wrote, in the order of its movements.
fn shares(movements: &[MovementRecord]) -> Vec<Share> {
    let inflows = movements
        .iter()
        .filter(|record| record.movement.out.is_none());
    let into = inflows.filter_map(|record| record.movement.into);
    into.map(|side| Share {
        tape: side.tape,
        span: side.span,
    })
    .collect()
}

/// Capital figures for money; goods are counted in their unit.
fn amount_words(row: &DonationRecord) -> String {
    if row.unit == "fen" {
        Fen::new(row.amount).chinese()
    } else {
        format!("{}{}", row.amount, unit_word(&row.unit))
    }
}

fn time_note(row: &DonationRecord) -> Option<Sentence> {
    if !row.time_known && row.published_day.is_none() && row.import_run.is_none() {
        return Some(say!(
            "只记下了收到的日期（{day}），没有记时刻。",
            day = row.day
        ));
    }
    let day = row.published_day.unwrap_or(row.day);
    (!row.time_known).then(|| {
        say!(
            "只知道公布日期（{day}），不知道到账的时刻；先后次序按公布日结束、文件和行号排列。",
            day
        )
    })
}

fn held_sentence(row: &DonationRecord) -> Option<Sentence> {
    if row.state != "held" {
        return None;
    }
    let reason = HeldReason::parse(&row.held_reason).map(HeldReason::sentence);
    Some(reason.unwrap_or("款项暂存待处理，请联系慈善组织。").into())
}

/// What is said of a leaf by whether it is under a checkpoint, and by who has signed that.
fn seal_words(sealed: bool, witnessed: Witnessed) -> &'static str {
    match (sealed, witnessed) {
        (false, _) => "这条记录已经保存，正在等待下一个签名的检查点，通常一秒之内，请稍后刷新。",
        (true, Witnessed::OperatorOnly) => {
            "这条记录已写进公开日志，仅由本平台签名，没有独立的见证人；请存好证明文件，日后可与他人比对。"
        }
        (true, Witnessed::Waiting) => {
            "这条记录已写进公开日志，由本平台签名，正在等待见证人确认，通常几秒钟，请稍后刷新。"
        }
        (true, Witnessed::Final) => {
            "这条记录已写进公开日志，已由见证人确认：验证政策所列的见证人看到的是同一本日志，他们是谁写在日志页上。"
        }
        (true, Witnessed::OneHand) => {
            "这条记录已写进公开日志，由本平台签名；签了名的见证人与本平台由同一人运行，只作演示，不增加可信，请存好证明文件，日后可与他人比对。"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_said_to_stand_behind_a_record_who_does_not() {
        for (witnessed, has, has_not) in [
            (
                Witnessed::OperatorOnly,
                "没有独立的见证人",
                "已由见证人确认",
            ),
            (Witnessed::Waiting, "等待见证人", "已由见证人确认"),
            (Witnessed::OneHand, "由同一人运行", "已由见证人确认"),
            (Witnessed::Final, "已由见证人确认", "以外"),
        ] {
            let words = seal_words(true, witnessed);
            assert!(words.contains(has) && !words.contains(has_not), "{words}");
        }
    }
}
