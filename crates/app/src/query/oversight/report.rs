//! Annual reports that were published, and those that should be there.

use super::ratio::{self, Judged};
use crate::answer::Answer;
use crate::oversight::calendar;
use crate::query::found;
use crate::query::transparency::public_salts;
use crate::view::{AnnualReportLine, AnnualReportPage};
use crate::{App, AppError};
use db::Session;
use domain::oversight::annual::{
    ReportYear, report_figures, report_lines, report_years, year_days,
};
use domain::oversight::forms::form;
use domain::parties::register::{Item, Register, Right};
use kernel::Id;
use leaf::ids;

impl App {
    /// The reports of an organisation by year, the newest first. `years` are those in which the ledger has something.
    pub(crate) async fn annual_reports(
        &self,
        read: &mut Session,
        id: Id<ids::Organisation>,
        (register, years): (&Register, &[i32]),
    ) -> Result<Vec<ReportYear>, AppError> {
        let today = self.now().day();
        let since = store::parties::organisation_recorded(read, id).await?;
        let since = since.map_or(today, kernel::Timestamp::day);
        Ok(report_years(register, years, (since, today), calendar()))
    }

    /// A year's report as a line.
    pub(crate) fn annual_line(&self, report: &ReportYear) -> AnnualReportLine {
        let today = self.now().day();
        let code = match (report.published, report.is_missing(today)) {
            (Some(_), _) if report.is_in_time() => "in_time",
            (Some(_), _) => "late",
            (None, true) => "missing",
            (None, false) => "waiting",
        };
        AnnualReportLine {
            year: i64::from(report.year),
            due: report.due.to_string(),
            published: report.published.map(|day| day.to_string()),
            state: code.into(),
            state_title: report_state(code).into(),
        }
    }

    /// The published report of a year: what it says, and every version that was published.
    ///
    /// # Errors
    /// `NotFound`: there is no such organisation, or no report of that year.
    pub fn annual_report<'a>(&'a self, id: &'a str, year: &'a str) -> Answer<'a, AnnualReportPage> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(id)?;
            let year: i32 = year.parse().map_err(|_| AppError::NotFound("这份报告"))?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = store::parties::organisation_record(read, id).await?;
            let row = found(row, "这个组织")?;
            let register = store::parties::register_of(read, id).await?;
            let entries = register.entries().iter().rev();
            let entries: Vec<_> = entries
                .filter(|entry| entry.new.item == Item::Report)
                .filter(|entry| entry.new.from.ymd().0 == year)
                .collect();
            let mut counting = entries.iter();
            let newest = counting.find(|entry| !register.is_corrected(entry));
            let newest = *found(newest, "这份报告")?;
            let reports = self.annual_reports(read, id, (&register, &[])).await?;
            let line = reports.iter().find(|report| report.year == year);
            let line = self.annual_line(found(line, "这份报告")?);
            let salts = public_salts(read, [newest.leaf_index]).await?;
            let ratios = year_days(year).zip(form("annual_report"));
            let ratios = ratios.map_or_else(Vec::new, |((_, last), form)| {
                let judged = Judged {
                    kind: Some(row.kind),
                    is_qualified: matches!(register.right(last), Right::Valid(_)),
                    day: last,
                };
                ratio::ratios(&report_figures(form, &newest.new.words), judged)
            });
            let said = report_lines(&newest.new.words).into_iter();
            Ok(AnnualReportPage {
                organisation: self.organisation_line(&row),
                line,
                lines: said
                    .map(|(name, words)| (name.into(), words.into()))
                    .collect(),
                ratios,
                entry: self.entry_line(&register, newest),
                versions: entries
                    .iter()
                    .map(|entry| self.entry_line(&register, entry))
                    .collect(),
                salts,
            })
        })
    }
}

/// What a state is called.
pub(crate) fn report_state(code: &str) -> &'static str {
    match code {
        "in_time" => "按时公开",
        "late" => "晚于期限公开",
        "missing" => "逾期没有公开",
        _ => "还没有到期",
    }
}
