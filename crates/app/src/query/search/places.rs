//! What reached a place: deliveries by the name of a division, or of a village or school that stands in their words.

use crate::query::keys;
use crate::query::limits::{SEARCH_ROWS_EACH, SEARCH_SAID_ROWS};
use crate::view::{DeliveryLine, RegionChoice};
use crate::{App, AppError};
use db::Session;
use store::funds::DeliveryRecord;

/// The fewest characters of a place: one character is in too many words.
const PLACE_CHARS_MIN: usize = 2;
/// Divisions of one name that are looked at.
const DIVISIONS_MAX: usize = 5;
/// Behind every digit: ends the codes below a division.
const BEHIND_DIGITS: char = ':';

/// Deliveries at a place, newest first, and the campaigns under which they were made.
#[derive(Default)]
pub(super) struct Delivered {
    pub(super) lines: Vec<DeliveryLine>,
    pub(super) campaigns: Vec<i64>,
}

impl App {
    /// What reached the place that is called so.
    pub(super) async fn delivered_at(
        &self,
        session: &mut Session,
        text: &str,
    ) -> Result<Delivered, AppError> {
        let place: String = text.split_whitespace().collect();
        let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
        if place.chars().count() < PLACE_CHARS_MIN || !place.chars().all(is_han) {
            return Ok(Delivered::default());
        }
        let most = i64::try_from(SEARCH_ROWS_EACH).unwrap_or(i64::MAX);
        let mut found: Vec<DeliveryRecord> = Vec::new();
        let named = self.region_choices(&place).await?;
        let named = named.iter().filter(|choice| is_called(choice, &place));
        for choice in named.take(DIVISIONS_MAX) {
            let before = format!("{}{BEHIND_DIGITS}", choice.code);
            let range = (choice.code.as_str(), before.as_str());
            found.extend(store::funds::deliveries_in(session, range, most).await?);
        }
        let said = (place.as_str(), SEARCH_SAID_ROWS);
        found.extend(store::funds::deliveries_saying(session, said, most).await?);
        found.retain(|row| row.standing() > 0);
        found.sort_by_key(|row| std::cmp::Reverse((row.reached_on.number(), row.id.raw())));
        found.dedup_by_key(|row| row.id.raw());
        found.truncate(SEARCH_ROWS_EACH);
        let made = keys(found.iter().map(|row| row.id.raw()));
        Ok(Delivered {
            lines: self.delivery_lines(session, &found).await?,
            campaigns: store::funds::campaigns_of_deliveries(session, &made).await?,
        })
    }
}

/// True if a division is called so, with or without what kind of place it is.
fn is_called(choice: &RegionChoice, place: &str) -> bool {
    let name = choice.path.rsplit(' ').next().unwrap_or_default();
    name.starts_with(place)
}
