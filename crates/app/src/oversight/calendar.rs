//! The calendar by which the house counts working days: built in, like the law that it is made of.

use kernel::WorkCalendar;
use std::sync::LazyLock;

/// Holidays and shifted working days as announced; see the file for its source.
const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");

static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(|| {
    // A test reads the file; without it every last day would be said to be unknown, and none wrong.
    WorkCalendar::parse(HOLIDAYS).unwrap_or_default()
});

/// The calendar of the house.
pub(crate) fn calendar() -> &'static WorkCalendar {
    &CALENDAR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_that_is_built_in_can_be_read() {
        assert_eq!(WorkCalendar::parse(HOLIDAYS).as_ref(), Ok(calendar()));
        assert!(calendar().years().count() > 3);
        assert!(calendar().years().any(|year| year == 2026));
    }
}
