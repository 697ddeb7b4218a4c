//! Search: one box for names, codes and numbers.
//!
//! Numbers are read first, because they are exact; names are asked from the index in memory, and the rows that it
//! names are read from the database, so that a page never says more than what is recorded.

mod numbers;
mod places;
mod raiser;
mod suggest;
mod unknown;

pub use numbers::GiftNumber;

use super::limits::{SEARCH_CHARS, SEARCH_PAGES, SEARCH_ROWS, SEARCH_ROWS_EACH};
use crate::answer::Answer;
use crate::view::{CampaignCard, FundLine, OrganisationLine, SearchCount, SearchPage};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use find::{Found, Hit, How, Query, Window};
use std::collections::BTreeMap;
use store::search::Register;

/// The registers in the order in which a page shows them.
const REGISTERS: [Register; 3] = [
    Register::Campaigns,
    Register::Organisations,
    Register::Funds,
];

/// 〔检索请求〕 What is asked of the search page.
#[derive(Debug, Clone, Copy, Default)]
pub struct SearchAsk<'a> {
    /// What was typed.
    pub text: &'a str,
    /// Code of the only kind that is wanted; one that does not exist is all kinds.
    pub kind: Option<&'a str>,
    /// Which page of that kind, from 1.
    pub page: i64,
}

/// Code and Chinese name of a kind.
fn kind_of(register: Register) -> (&'static str, &'static str) {
    match register {
        Register::Campaigns => ("campaign", "募捐活动"),
        Register::Organisations => ("organisation", "慈善组织"),
        Register::Funds => ("fund", "资金"),
    }
}

impl App {
    /// What a text leads to: the first hits of every kind.
    ///
    /// # Errors
    /// The engine's refusal; a text that finds nothing gives an empty page.
    pub fn search<'a>(&'a self, text: &'a str) -> Answer<'a, SearchPage> {
        self.search_page(SearchAsk {
            text,
            ..SearchAsk::default()
        })
    }

    /// What a text leads to, of all kinds or page by page of one.
    ///
    /// # Errors
    /// The engine's refusal; a text that finds nothing gives an empty page.
    pub fn search_page<'a>(&'a self, ask: SearchAsk<'a>) -> Answer<'a, SearchPage> {
        Box::pin(async move {
            let text: String = ask.text.trim().chars().take(SEARCH_CHARS).collect();
            let mut page = SearchPage {
                query: text.clone(),
                page: 1,
                ..SearchPage::default()
            };
            let query = Query::new(&text);
            if query.is_empty() {
                return Ok(page);
            }
            self.search_ready().await?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            self.number_hits(read, &text, &mut page).await?;
            let of_kind = |register: &Register| ask.kind == Some(kind_of(*register).0);
            let only = REGISTERS.into_iter().find(of_kind);
            let most = i64::try_from(SEARCH_PAGES).unwrap_or(i64::MAX);
            if let Some(register) = only {
                page.kind = Some(kind_of(register).0.into());
                page.page = ask.page.clamp(1, most);
            }
            // What begins as a number is one that is not finished or mistyped: no name has a line like that.
            if numbers::begins_as_number(&text) {
                count(&mut page, &BTreeMap::new(), only);
                return Ok(page);
            }
            let mut found = self.names(&query, only, page.page);
            if found.get(&Register::Campaigns).is_none_or(|f| f.sure == 0) {
                let window = window(Register::Campaigns, only, page.page);
                let by_raiser = self.by_raiser(read, &text, window).await?;
                if by_raiser.total > 0 {
                    found.insert(Register::Campaigns, by_raiser);
                }
            }
            drop_close(&mut found);
            self.fill_names(read, &found, &mut page).await?;
            self.with_ends(read, &mut page.organisations).await?;
            count(&mut page, &found, only);
            if only.is_none() {
                self.fill_places(read, &mut page).await?;
            }
            let is_sure = !page.numbers.is_empty()
                || !page.deliveries.is_empty()
                || found.values().any(|f| f.sure > 0);
            if !is_sure {
                let similar = self.similar(read, &found).await?;
                page.similar.extend(similar);
                if unknown::names_an_organisation(&text) {
                    page.unknown = self.unknown(read, &text).await?;
                }
            }
            Ok(page)
        })
    }

    /// Fills the index of names unless that was done; a server asks for it when it starts.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn search_ready(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.inner().finder.fill(self.db()).await })
    }

    /// Entries, bytes and parts of the index of names.
    pub fn search_size(&self) -> [usize; 3] {
        self.inner().finder.size()
    }

    /// Asks the index: of each register its first hits, or the page of the only one.
    fn names(&self, query: &Query, only: Option<Register>, page: i64) -> BTreeMap<Register, Found> {
        let ask = |register: Register| {
            let window = window(register, only, page);
            (
                register,
                self.inner().finder.search(register, query, window),
            )
        };
        REGISTERS.into_iter().map(ask).collect()
    }

    async fn fill_names(
        &self,
        session: &mut Session,
        found: &BTreeMap<Register, Found>,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        for (register, found) in found {
            let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
            match register {
                Register::Campaigns => page.campaigns = self.found_campaigns(session, &ids).await?,
                Register::Organisations => {
                    let known = std::mem::take(&mut page.organisations);
                    page.organisations = self.found_organisations(session, &ids).await?;
                    page.organisations
                        .retain(|row| known.iter().all(|k| k.id != row.id));
                    page.organisations.splice(0..0, known);
                }
                Register::Funds => page.funds = self.found_funds(session, &ids).await?,
            }
        }
        Ok(())
    }

    /// What reached the place of this name; its campaigns only where no other one was found.
    async fn fill_places(
        &self,
        session: &mut Session,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        let delivered = self.delivered_at(session, &page.query).await?;
        page.deliveries = delivered.lines;
        if page.campaigns.is_empty() {
            page.campaigns = self.found_campaigns(session, &delivered.campaigns).await?;
        }
        Ok(())
    }

    async fn found_campaigns(
        &self,
        session: &mut Session,
        ids: &[i64],
    ) -> Result<Vec<CampaignCard>, AppError> {
        let rows = store::fundraising::campaigns_by_ids(session, ids).await?;
        let public = rows
            .into_iter()
            .filter(|row| row.campaign.state != CampaignState::Draft);
        let rows = in_order(ids, public, |row| row.campaign.id.raw());
        self.cards(session, &rows).await
    }

    async fn found_organisations(
        &self,
        session: &mut Session,
        ids: &[i64],
    ) -> Result<Vec<OrganisationLine>, AppError> {
        let rows = store::parties::organisations_by_ids(session, ids).await?;
        let rows = in_order(ids, rows.into_iter(), |row| row.id.raw());
        Ok(rows.iter().map(|row| self.organisation_line(row)).collect())
    }

    async fn found_funds(
        &self,
        session: &mut Session,
        ids: &[i64],
    ) -> Result<Vec<FundLine>, AppError> {
        let rows = store::funds::funds_by_ids(session, ids).await?;
        let rows = in_order(ids, rows.into_iter(), |row| row.id.raw());
        Ok(rows.iter().map(|row| self.fund_line(row)).collect())
    }

    /// The page of a printed number, by its prefix; whether it exists is not looked up.
    pub(crate) fn path_of(&self, printed: &str) -> Option<String> {
        let (prefix, _) = printed.split_once('_')?;
        let folder = match prefix {
            "org" => "organisations",
            "cam" => "campaigns",
            "don" => "donations",
            "fnd" => "funds",
            "mov" => "movements",
            _ => return None,
        };
        Some(format!("/{folder}/{printed}"))
    }
}

/// Which hits of a register are shown: the first ones of each, or the page of the only one.
fn window(register: Register, only: Option<Register>, page: i64) -> Window {
    let before = usize::try_from(page.saturating_sub(1)).unwrap_or_default();
    match only {
        None => Window {
            skip: 0,
            take: SEARCH_ROWS_EACH,
        },
        Some(only) if only == register => Window {
            skip: before.saturating_mul(SEARCH_ROWS),
            take: SEARCH_ROWS,
        },
        // Counted, not shown.
        Some(_) => Window { skip: 0, take: 0 },
    }
}

/// Names that are only close say nothing where others are as they were typed.
fn drop_close(found: &mut BTreeMap<Register, Found>) {
    if found.values().any(|found| found.sure > 0) {
        for found in found.values_mut().filter(|found| found.sure == 0) {
            found.hits.retain(|hit| hit.how <= How::Pinyin);
            found.total = 0;
        }
    }
}

/// Rows in the order of the ids that named them; an id without a row is passed over.
fn in_order<T>(ids: &[i64], rows: impl Iterator<Item = T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    let mut by_id: BTreeMap<i64, T> = rows.map(|row| (id(&row), row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// Counts by kind, and where the list goes on.
fn count(page: &mut SearchPage, found: &BTreeMap<Register, Found>, only: Option<Register>) {
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut counts: Vec<SearchCount> = Vec::new();
    let mut add = |kind: &str, title: &str, more: i64| match counts
        .iter_mut()
        .find(|count| count.kind == kind)
    {
        Some(count) => count.count += more,
        None => counts.push(SearchCount {
            kind: kind.into(),
            title: title.into(),
            count: more,
        }),
    };
    for register in REGISTERS {
        let (kind, title) = kind_of(register);
        let total = found.get(&register).map_or(0, |found| whole(found.total));
        add(kind, title, total);
    }
    for hit in &page.numbers {
        add(&hit.kind, &hit.kind_title, 1);
    }
    counts.retain(|count| count.count > 0);
    page.total = counts.iter().map(|count| count.count).sum();
    page.counts = counts;
    let shown = |found: &Found| found.hits.len();
    page.more = found.values().any(|found| found.total > shown(found));
    let Some(all) = only.and_then(|register| found.get(&register)) else {
        return;
    };
    let rows = whole(SEARCH_ROWS);
    let pages = whole(all.total.div_ceil(SEARCH_ROWS)).min(whole(SEARCH_PAGES));
    page.more = whole(all.total) > page.page.saturating_mul(rows);
    page.previous = (page.page > 1).then_some(page.page - 1);
    page.next = (page.page < pages).then_some(page.page + 1);
}

/// Code of how something was found.
fn how_code(how: How) -> &'static str {
    match how {
        How::Exact => "exact",
        How::Prefix => "prefix",
        How::Contains => "contains",
        How::Words => "words",
        How::Pinyin => "pinyin",
        How::SoundsAlike => "alike",
        How::OneWrong => "close",
    }
}

/// The best hits of several registers, each with its register: by how they were found, then as the registers stand.
fn best(found: &BTreeMap<Register, Found>, limit: usize) -> Vec<(Register, Hit)> {
    let mut all: Vec<(How, usize, usize, Register, Hit)> = Vec::new();
    for (order, register) in REGISTERS.into_iter().enumerate() {
        let hits = found.get(&register).map_or(&[][..], |found| &found.hits);
        let rows = hits.iter().enumerate();
        all.extend(rows.map(|(place, hit)| (hit.how, place, order, register, *hit)));
    }
    all.sort_unstable_by_key(|(how, place, order, ..)| (*how, *place, *order));
    let best = all.into_iter().take(limit);
    best.map(|(_, _, _, register, hit)| (register, hit))
        .collect()
}
