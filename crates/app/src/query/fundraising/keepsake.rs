//! A receipt to keep: the whole story as of one moment, the promise, the leaf's hash and the proof.

use crate::App;
use crate::answer::Answer;
use crate::query::found;
use crate::view::Keepsake;
use domain::fundraising::{ReportKind, WORDS_WITHDRAWN, disclosures};
use kernel::Id;
use leaf::ids;

impl App {
    /// Everything that a saved receipt holds; with the donor's token also the donor's own words.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn receipt_keepsake<'a>(
        &'a self,
        donation: &'a str,
        token: Option<&'a str>,
    ) -> Answer<'a, Keepsake> {
        Box::pin(async move {
            let mut page = self.receipt_page(donation, token, None).await?;
            let mut pages = 1;
            while let Some(next) = page.next.clone() {
                if page.segments.len() >= Keepsake::PARTS {
                    break;
                }
                let more = self.receipt_page(donation, token, Some(&next)).await?;
                page.segments.extend(more.segments);
                page.remaining = more.remaining;
                page.next = more.next;
                pages += 1;
            }
            let proof = self.receipt_proof(donation, token).await?;
            let organisation: Id<ids::Organisation> = self.read_id(&page.organisation.id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let leaf = store::transparency::leaf_at(read, page.seal.leaf_index).await?;
            let leaf = found(leaf, "这条日志")?;
            let register = store::parties::register_of(read, organisation).await?;
            let contact = self.contact_view(read, organisation, &register).await?;
            let organisation = store::parties::organisation_record(read, organisation).await?;
            let campaign = match &page.campaign {
                None => None,
                Some(link) => {
                    let id: Id<ids::Campaign> = self.read_id(&link.id)?;
                    store::fundraising::campaign_record(read, id).await?
                }
            };
            let share = |c: &store::fundraising::CampaignRecord| {
                i64::from(c.campaign.administrative_share.get())
            };
            let today = self.now().day();
            let dues = campaign
                .as_ref()
                .map_or_else(Vec::new, |row| disclosures(&row.campaign, &[]));
            let next = |kind: ReportKind| {
                let due = dues.iter().find(|due| due.kind == kind && due.due > today);
                due.map(|due| due.due.to_string())
            };
            Ok(Keepsake {
                pages,
                progress_by: next(ReportKind::Progress),
                full_by: next(ReportKind::Final),
                uscc: organisation.and_then(|row| row.uscc),
                filing_number: campaign
                    .as_ref()
                    .map_or_else(String::new, |c| c.filing_number.clone()),
                // Words that were withdrawn are no promise that was kept as it was.
                promise: campaign
                    .as_ref()
                    .map(|c| c.promise.clone())
                    .filter(|words| words != WORDS_WITHDRAWN),
                administrative_share: campaign.as_ref().map_or(0, share),
                leaf_hash: hex::encode(tlog::leaf_hash(&leaf.bytes).0),
                drawn_at: self.now().rfc3339(),
                proof,
                contact,
                origin: self.origin().to_string(),
                page,
            })
        })
    }
}
