//! Places and what is there.

use crate::batch::rows::place_of_row;
use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::funds::Place;
use kernel::Id;
use leaf::ids;
use std::collections::BTreeMap;

/// 〔存放处余额〕 A place with what is there, in fen or units.
#[derive(Debug, Clone)]
pub struct PlaceAmount {
    /// The place.
    pub place: Place,
    /// What is there.
    pub amount: i64,
}

fn amount_of_row(r: &Row<'_>) -> Result<PlaceAmount> {
    Ok(PlaceAmount {
        place: place_of_row(r)?,
        amount: r.i64(5)?,
    })
}

/// A place by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn place_by_id(session: &mut Session, id: Id<ids::Place>) -> Result<Option<Place>> {
    let sql = sql!("SELECT id, organisation_id, account, channel, title FROM place WHERE id = $1");
    session.opt(sql, args![id.raw()], place_of_row).await
}

/// Some places, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn places_by_ids(session: &mut Session, keys: &[i64]) -> Result<Vec<Place>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, account, channel, title FROM place WHERE id = ANY($1)",
        lite: "SELECT id, organisation_id, account, channel, title FROM place WHERE id = $1"
    );
    session.by_keys(sql, keys, place_of_row).await
}

/// The titles of some places.
///
/// # Errors
/// The engine's refusal.
pub async fn place_titles(session: &mut Session, keys: &[i64]) -> Result<BTreeMap<i64, String>> {
    let places = places_by_ids(session, keys).await?;
    Ok(places
        .into_iter()
        .map(|place| (place.id.raw(), place.title))
        .collect())
}

/// The places of an organisation with the money that all its funds have there; goods are not counted.
///
/// # Errors
/// The engine's refusal.
pub async fn places_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<PlaceAmount>> {
    let sql = sql!(
        "SELECT p.id, p.organisation_id, p.account, p.channel, p.title, CAST(COALESCE((SELECT SUM(b.amount) FROM balance b WHERE b.place_id = p.id), 0) AS BIGINT) FROM place p WHERE p.organisation_id = $1 AND p.account <> '1201' ORDER BY p.account, p.channel LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), PAGE_MAX], amount_of_row)
        .await
}

/// Where a fund's money or goods are; empty places are left out.
///
/// # Errors
/// The engine's refusal.
pub async fn places_of_fund(
    session: &mut Session,
    fund: Id<ids::Fund>,
) -> Result<Vec<PlaceAmount>> {
    let sql = sql!(
        "SELECT p.id, p.organisation_id, p.account, p.channel, p.title, b.amount FROM balance b JOIN place p ON p.id = b.place_id WHERE b.fund_id = $1 AND b.amount > 0 ORDER BY b.place_id LIMIT $2"
    );
    session
        .rows(sql, args![fund.raw(), PAGE_MAX], amount_of_row)
        .await
}
