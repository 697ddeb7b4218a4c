//! The reports that the law asks of a campaign, as a calendar that anybody can subscribe to (RFC 5545).

use app::App;
use app::view::{CampaignPage, DisclosureLine};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use kernel::{Day, Timestamp};

use crate::error::Page;
use crate::fundraising::campaign::hide_draft;
use crate::view::View;

/// Bytes of a line of a calendar file, without its end.
const LINE_BYTES: usize = 75;

/// `GET /campaigns/{id}/calendar.ics`
pub(crate) async fn show(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.campaign_page(&id, None).await?;
    hide_draft(&page)?;
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_string()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.ics\"", page.card.id),
        ),
        (CACHE_CONTROL, "public, max-age=3600".to_string()),
    ];
    Ok((headers, calendar(&page, &view, app.now())).into_response())
}

/// The file: one whole-day event for each report, done or not.
fn calendar(page: &CampaignPage, view: &View, now: Timestamp) -> String {
    let mut file = String::new();
    let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Shanji//1//ZH"];
    for line in head {
        push(&mut file, line);
    }
    let stamp = basic(&now.rfc3339());
    for due in &page.words.calendar {
        event(&mut file, page, due, (view, &stamp));
    }
    push(&mut file, "END:VCALENDAR");
    file
}

fn event(
    file: &mut String,
    page: &CampaignPage,
    due: &DisclosureLine,
    (view, stamp): (&View, &str),
) {
    let Ok(day) = Day::parse(&due.due) else {
        return;
    };
    let title = view.say(due.kind_title.as_str());
    let done = if due.done.is_some() { "✓ " } else { "" };
    let lines = [
        "BEGIN:VEVENT".to_string(),
        format!("UID:{}-{}-{}", page.card.id, due.kind, due.due),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", basic(&due.due)),
        format!("DTEND;VALUE=DATE:{}", basic(&day.plus_days(1).to_string())),
        format!(
            "SUMMARY:{}",
            escaped(&format!("{done}{title}：{}", page.card.title))
        ),
        "END:VEVENT".to_string(),
    ];
    for line in lines {
        push(file, &line);
    }
}

/// Days and times without their marks, down to the second: `20261127`, `20261127T040506Z`.
fn basic(text: &str) -> String {
    let whole = text
        .split_once('.')
        .map_or_else(|| text.to_string(), |(a, _)| format!("{a}Z"));
    whole.chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c != '\r') {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

/// Adds a line, folded so that no piece is longer than the format allows and no character is cut.
fn push(file: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE_BYTES {
            file.push_str("\r\n ");
            width = 1;
        }
        file.push(c);
        width += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut file = String::new();
        push(&mut file, &format!("SUMMARY:{}", "善".repeat(60)));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        let unfolded = file.replace("\r\n ", "");
        assert_eq!(unfolded.matches('善').count(), 60);
    }

    #[test]
    fn days_times_and_words_are_written_as_the_format_asks() {
        assert_eq!(basic("2026-11-27"), "20261127");
        assert_eq!(basic("2026-11-27T04:05:06Z"), "20261127T040506Z");
        assert_eq!(basic("2026-11-27T04:05:06.123456Z"), "20261127T040506Z");
        assert_eq!(escaped("a,b;c\\d\r\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
