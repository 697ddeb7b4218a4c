//! A campaign by two words of which one is in its title and the other in the name of who raises: 热汤 江城. No name holds
//! both, so the index of neither list finds it.

use crate::query::limits::RAISER_HITS;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use find::{Found, Hit, How, Query, Window};
use std::collections::BTreeSet;
use store::search::Register;

impl App {
    /// The campaigns, if there are two words; the best hits of each word are held against one another.
    pub(super) async fn by_raiser(
        &self,
        session: &mut Session,
        text: &str,
        window: Window,
    ) -> Result<Found, AppError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [one, other] = words[..] else {
            return Ok(Found::default());
        };
        let mut ids = Vec::new();
        for (title, raiser) in [(one, other), (other, one)] {
            let raisers: BTreeSet<i64> = self
                .surely(Register::Organisations, raiser)
                .into_iter()
                .collect();
            let titled = self.surely(Register::Campaigns, title);
            if raisers.is_empty() || titled.is_empty() {
                continue;
            }
            let rows = store::fundraising::campaigns_by_ids(session, &titled).await?;
            let of_both = rows.iter().map(|row| &row.campaign).filter(|campaign| {
                campaign.state != CampaignState::Draft
                    && raisers.contains(&campaign.organisation.raw())
            });
            let of_both: BTreeSet<i64> = of_both.map(|campaign| campaign.id.raw()).collect();
            ids.extend(titled.into_iter().filter(|id| of_both.contains(id)));
        }
        let hits = ids.iter().skip(window.skip).take(window.take);
        let hits = hits.map(|id| Hit {
            id: *id,
            how: How::Words,
        });
        Ok(Found {
            hits: hits.collect(),
            total: ids.len(),
            sure: ids.len(),
        })
    }

    /// What a word finds as it was typed or spelled, best first.
    fn surely(&self, register: Register, word: &str) -> Vec<i64> {
        let window = Window {
            skip: 0,
            take: RAISER_HITS,
        };
        let found = self
            .inner()
            .finder
            .search(register, &Query::new(word), window);
        let sure = found.hits.iter().filter(|hit| hit.how <= How::Pinyin);
        sure.map(|hit| hit.id).collect()
    }
}
