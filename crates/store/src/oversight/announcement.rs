//! Totals that somebody announced; they stand beside our sums and adjust nothing.

use crate::batch::rows::{day as day_of, known};
use crate::limits::PAGE_MAX;
use db::{Result, Session, args, sql};
use domain::oversight::{AnnouncedBy, Announcement};
use kernel::{Day, Id};
use leaf::ids;

/// What was announced about an organisation's day, in the order in which it was entered.
///
/// # Errors
/// The engine's refusal.
pub async fn announcements_of_day(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Vec<Announcement>> {
    let sql = sql!(
        "SELECT id, organisation_id, announced_by, day, measure, amount, number FROM announcement WHERE organisation_id = $1 AND day = $2 ORDER BY id LIMIT $3"
    );
    session
        .rows(
            sql,
            args![organisation.raw(), i64::from(day.number()), PAGE_MAX],
            |r| {
                Ok(Announcement {
                    id: Id::from_raw(r.i64(0)?),
                    organisation: Id::from_raw(r.i64(1)?),
                    by: known(AnnouncedBy::parse(r.str(2)?), "announcement.announced_by")?,
                    day: day_of(r.i64(3)?)?,
                    measure: r.text(4)?,
                    amount: r.opt_i64(5)?,
                    number: r.opt_i64(6)?,
                })
            },
        )
        .await
}
