//! The register: the list, and an organisation with its money.

use crate::answer::Answer;
use crate::query::funds::sums;
use crate::query::home::totals;
use crate::query::limits::{CARDS, DUPLICATES, LIST_ROWS, PREDECESSORS};
use crate::query::parties::register::AsOf;
use crate::query::words::mark;
use crate::query::{found, keys, page_of};
use crate::view::{Link, OrganisationLine, OrganisationPage, Page, RegisterLine, YearLine};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use domain::oversight::annual::ReportYear;
use domain::parties::register::{Item, Register, Standing};
use domain::text::Problem;
use kernel::{Day, Id};
use leaf::ids;
use store::limits::DAY_LIST_MAX;
use store::parties::OrganisationRecord;

/// Calendar years whose income and spending a page tells.
const YEARS_SHOWN: i32 = 5;
/// Name of the cursors' list.
const REGISTER: &str = "organisations";

impl App {
    /// The register by name.
    ///
    /// # Errors
    /// `NotFound` for a cursor of another list.
    pub fn organisations<'a>(
        &'a self,
        cursor: Option<&'a str>,
    ) -> Answer<'a, Page<OrganisationLine>> {
        Box::pin(async move {
            let seal = self.cursors(REGISTER);
            let wrong = || AppError::NotFound("翻页标记对应的位置");
            let after = match cursor {
                None => (String::new(), 0),
                Some(text) => {
                    let text = seal.open(text)?;
                    let (id, key) = text.split_once(' ').ok_or_else(wrong)?;
                    (key.to_string(), id.parse().map_err(|_| wrong())?)
                }
            };
            let mut read = self.db().read_tx().await?;
            let rows =
                store::parties::organisations_after(&mut read, (&after.0, after.1), LIST_ROWS + 1);
            let (rows, more) = page_of(rows.await?, LIST_ROWS);
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| seal.close(&format!("{} {}", row.id.raw(), row.sort_key)));
            Ok(Page {
                rows: rows.iter().map(|row| self.organisation_line(row)).collect(),
                next,
            })
        })
    }

    /// An organisation as a line of a list.
    pub(crate) fn organisation_line(&self, row: &OrganisationRecord) -> OrganisationLine {
        OrganisationLine {
            id: self.print(row.id),
            name: row.name.clone(),
            kind: row.kind.title().into(),
            uscc: row.uscc.clone(),
            source: row.source.clone(),
            ended: None,
            successors: Vec::new(),
        }
    }

    /// Says of lines what has become of those organisations: whether one ended, and who goes on.
    pub(crate) async fn with_ends(
        &self,
        session: &mut Session,
        lines: &mut [OrganisationLine],
    ) -> Result<(), AppError> {
        let today = self.now().day();
        let id = |line: &OrganisationLine| self.read_id::<ids::Organisation>(&line.id);
        let ids = lines.iter().filter_map(|line| id(line).ok());
        let ids = keys(ids.map(Id::raw));
        let registers = store::parties::registers_of(session, &ids).await?;
        for line in lines {
            let Some(register) = registers.get(&id(line)?.raw()) else {
                continue;
            };
            let legal = register.standing(Item::Legal, today);
            let legal = legal.filter(|standing| standing.is_end());
            line.ended = legal.map(|standing| standing.title().to_owned());
            let heirs: Vec<_> = register.counting(Item::Successor).collect();
            line.successors = self.heirs(&heirs);
        }
        Ok(())
    }

    /// An organisation with its campaigns, funds, places and days.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn organisation_page<'a>(&'a self, id: &'a str) -> Answer<'a, OrganisationPage> {
        Box::pin(async move { self.organisation_page_as_of(id, &AsOf::default()).await })
    }

    /// The same with the register of a day, as it was known at a moment. Money is always that of now.
    ///
    /// # Errors
    /// `NotFound`, or `Invalid` where the day or the moment cannot be read.
    pub fn organisation_page_as_of<'a>(
        &'a self,
        id: &'a str,
        as_of: &'a AsOf,
    ) -> Answer<'a, OrganisationPage> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = found(
                store::parties::organisation_record(read, id).await?,
                "这个组织",
            )?;
            let region = match &row.region {
                None => None,
                Some(code) => {
                    let name = store::parties::region_name(read, code).await?;
                    Some(name.unwrap_or_else(|| code.clone()))
                }
            };
            let mut campaigns =
                store::fundraising::campaigns_of_organisation(read, id, CARDS).await?;
            campaigns.retain(|row| row.campaign.state != CampaignState::Draft);
            let funds = store::funds::funds_of_organisation(read, id).await?;
            let goods = store::funds::goods_of_organisation(read, id, 0, LIST_ROWS).await?;
            let places = store::funds::places_of_organisation(read, id).await?;
            let days = store::fundraising::days_of_organisation(read, id, DAY_LIST_MAX).await?;
            let asked = self.disclosures_of(read, &campaigns).await?;
            let today = self.now().day();
            let over = || asked.iter().flatten().filter(|one| one.due <= today);
            let in_time = over().filter(|one| one.days_late(today) == 0).count();
            let register = self.register_view(read, id, as_of).await?;
            let before = store::parties::register_predecessors(read, id, PREDECESSORS).await?;
            let before = before.into_iter().map(|(other, title)| Link {
                id: self.print(Id::<ids::Organisation>::from_raw(other)),
                title,
            });
            let predecessors = before.collect();
            let known = store::parties::register_of(read, id).await?;
            let sealed = store::transparency::checkpoint_newest(read).await?;
            let years = self.years_of(read, id).await?;
            let reports = self.reports_asked(read, id, &years).await?;
            let reports_over = reports
                .iter()
                .filter(|one| one.due < today || one.published.is_some());
            let (reports_due, reports_in_time) = (
                reports_over.clone().count(),
                reports_over.filter(|one| one.is_in_time()).count(),
            );
            Ok(OrganisationPage {
                reports: reports.iter().map(|one| self.annual_line(one)).collect(),
                years,
                penalties: self.penalties_of(&known),
                predecessors,
                contact: self.contact_view(read, id, &known).await?,
                sealed: sealed.map(|checkpoint| checkpoint.size),
                disclosures_due: i64::try_from(over().count() + reports_due).unwrap_or(i64::MAX),
                disclosures_on_time: i64::try_from(in_time + reports_in_time).unwrap_or(i64::MAX),
                line: self.organisation_line(&row),
                region,
                registered: row.registered_text.clone(),
                marks: row.marks.iter().map(|code| mark(code)).collect(),
                documents: row.documents.clone(),
                duplicates: self.duplicates(read, id).await?,
                totals: totals(read, Some(id)).await?,
                campaigns: self.cards(read, &campaigns).await?,
                funds: funds.iter().map(|fund| self.fund_line(fund)).collect(),
                goods: goods.iter().map(|fund| self.fund_line(fund)).collect(),
                places: places.iter().map(|place| self.place_line(place)).collect(),
                days: days.into_iter().filter_map(day_text).collect(),
                leaf_index: row.leaf_index,
                record: self.newest_record(read, &self.print(id)).await?,
                register,
            })
        })
    }

    /// The printed id of the organisation that somebody means: by its id, or by its unified code.
    ///
    /// # Errors
    /// `Invalid` on the field `organisation` where there is none.
    pub fn organisation_meant<'a>(&'a self, text: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let text = text.trim();
            let mut read = self.db().read_tx().await?;
            let by_id = match self.read_id::<ids::Organisation>(text) {
                Ok(id) => store::parties::organisation_record(&mut read, id).await?,
                Err(_) => None,
            };
            let row = match by_id {
                Some(row) => Some(row),
                None => store::parties::organisation_by_uscc(&mut read, text).await?,
            };
            let none = || {
                let sentence = "没有找到这家组织，请核对编号或者统一社会信用代码。";
                AppError::Invalid(vec![Problem::new("organisation", "unknown", sentence)])
            };
            Ok(self.print(row.ok_or_else(none)?.id))
        })
    }

    /// What came in and what was spent year by year; years without anything are left out, so that nobody takes a year
    /// before this house for one without income.
    pub(crate) async fn years_of(
        &self,
        session: &mut Session,
        id: Id<ids::Organisation>,
    ) -> Result<Vec<YearLine>, AppError> {
        let (this_year, ..) = self.now().day().ymd();
        let mut years = Vec::new();
        for year in (0..YEARS_SHOWN).map(|before| this_year - before) {
            let day =
                |text: &str| Day::parse(&format!("{year}-{text}")).map_err(AppError::internal);
            let days = (day("01-01")?, day("12-31")?);
            let sums = sums::of_organisation_between(session, id, days).await?;
            let line = YearLine {
                year: i64::from(year),
                raised: sums.raised,
                delivered: sums.delivered,
                purchased: sums.purchased,
                cost: sums.cost,
                spent: sums.delivered + sums.purchased + sums.cost,
            };
            if line.raised != 0 || line.spent != 0 {
                years.push(line);
            }
        }
        Ok(years)
    }

    /// The annual reports that were published, and those that the years in the ledger ask for.
    pub(crate) async fn reports_asked(
        &self,
        session: &mut Session,
        id: Id<ids::Organisation>,
        years: &[YearLine],
    ) -> Result<Vec<ReportYear>, AppError> {
        let register = store::parties::register_of(session, id).await?;
        let years = years.iter();
        let years = years.filter_map(|line| i32::try_from(line.year).ok());
        let years: Vec<i32> = years.collect();
        self.annual_reports(session, id, (&register, &years)).await
    }

    /// The penalties and measures in the register as it is known now, newest first.
    fn penalties_of(&self, register: &Register) -> Vec<RegisterLine> {
        let penal = register.entries().iter().rev();
        let penal = penal.filter(|entry| entry.new.standing.is_some_and(Standing::is_penalty));
        penal
            .map(|entry| self.entry_line(register, entry))
            .collect()
    }

    async fn duplicates(
        &self,
        session: &mut Session,
        id: Id<ids::Organisation>,
    ) -> Result<Vec<(Link, String)>, AppError> {
        let rows = store::parties::organisation_duplicates(session, id, DUPLICATES).await?;
        let others = keys(rows.iter().map(|row| row.0));
        let names = store::parties::organisation_names(session, &others).await?;
        let link = |other: i64| self.link(Id::<ids::Organisation>::from_raw(other), &names);
        Ok(rows
            .into_iter()
            .map(|(other, reason)| (link(other), reason))
            .collect())
    }
}

/// A stored day number as text.
pub(crate) fn day_text(number: i64) -> Option<String> {
    i32::try_from(number)
        .ok()
        .map(|number| Day::from_number(number).to_string())
}
