//! Suggestions: names that may be meant, while they are typed and when nothing is named so.

use super::numbers::begins_as_number;
use super::{REGISTERS, best, how_code, kind_of};
use crate::answer::Answer;
use crate::query::limits::{SEARCH_CHARS, SIMILAR_NAMES, SUGGESTIONS};
use crate::view::{SearchPage, Suggestion, Suggestions};
use crate::{App, AppError};
use db::Session;
use find::{Found, Hit, Query, Window};
use kernel::Id;
use leaf::ids;
use std::collections::BTreeMap;
use store::search::Register;

impl App {
    /// Names that may be meant by what has been typed so far, best first.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn suggest<'a>(&'a self, text: &'a str) -> Answer<'a, Suggestions> {
        Box::pin(async move {
            let text: String = text.trim().chars().take(SEARCH_CHARS).collect();
            let mut answer = Suggestions {
                query: text.clone(),
                suggestions: Vec::new(),
            };
            let query = Query::new(&text);
            if query.is_empty() {
                return Ok(answer);
            }
            self.search_ready().await?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let mut page = SearchPage::default();
            self.number_hits(read, &text, &mut page).await?;
            answer.suggestions = page.numbers.into_iter().map(of_number).collect();
            answer.suggestions.extend(page.similar);
            if begins_as_number(&text) {
                return Ok(answer);
            }
            let left = SUGGESTIONS.saturating_sub(answer.suggestions.len());
            let window = Window {
                skip: 0,
                take: left,
            };
            let ask = |register| {
                (
                    register,
                    self.inner().finder.search(register, &query, window),
                )
            };
            let found: BTreeMap<Register, Found> = REGISTERS.into_iter().map(ask).collect();
            let named = self.named(read, &best(&found, left)).await?;
            answer.suggestions.extend(named);
            answer.suggestions.truncate(SUGGESTIONS);
            Ok(answer)
        })
    }

    /// The closest names where nothing is named exactly so.
    pub(super) async fn similar(
        &self,
        session: &mut Session,
        found: &BTreeMap<Register, Found>,
    ) -> Result<Vec<Suggestion>, AppError> {
        self.named(session, &best(found, SIMILAR_NAMES)).await
    }

    /// Hits with their names as they are recorded, in the order given.
    async fn named(
        &self,
        session: &mut Session,
        hits: &[(Register, Hit)],
    ) -> Result<Vec<Suggestion>, AppError> {
        let keys = |wanted: Register| -> Vec<i64> {
            let of_it = hits.iter().filter(|(register, _)| *register == wanted);
            of_it.map(|(_, hit)| hit.id).collect()
        };
        let names = BTreeMap::from([
            (
                Register::Campaigns,
                store::fundraising::campaign_titles(session, &keys(Register::Campaigns)).await?,
            ),
            (
                Register::Organisations,
                store::parties::organisation_names(session, &keys(Register::Organisations)).await?,
            ),
            (
                Register::Funds,
                store::funds::fund_titles(session, &keys(Register::Funds)).await?,
            ),
        ]);
        let named = hits.iter().filter_map(|(register, hit)| {
            let title = names.get(register)?.get(&hit.id)?.clone();
            let (kind, kind_title) = kind_of(*register);
            Some(Suggestion {
                kind: kind.into(),
                kind_title: kind_title.into(),
                title,
                path: self.path_in(*register, hit.id),
                how: how_code(hit.how).into(),
            })
        });
        Ok(named.collect())
    }

    fn path_in(&self, register: Register, id: i64) -> String {
        match register {
            Register::Campaigns => {
                format!(
                    "/campaigns/{}",
                    self.print(Id::<ids::Campaign>::from_raw(id))
                )
            }
            Register::Organisations => {
                let id = Id::<ids::Organisation>::from_raw(id);
                format!("/organisations/{}", self.print(id))
            }
            Register::Funds => format!("/funds/{}", self.print(Id::<ids::Fund>::from_raw(id))),
        }
    }
}

fn of_number(hit: crate::view::NumberHit) -> Suggestion {
    Suggestion {
        kind: hit.kind,
        kind_title: hit.kind_title,
        title: hit.title,
        path: hit.path,
        how: "number".into(),
    }
}
