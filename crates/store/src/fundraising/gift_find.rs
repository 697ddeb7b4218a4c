//! Donations that a clerk looks for by what only the desk knows: the payer's number, the donor's name or telephone.

use crate::fundraising::DonationRecord;
use db::{Result, Session, args, sql};
use kernel::Id;
use leaf::ids;
use std::collections::BTreeMap;

/// 〔相符之处〕 A donation whose private words hold what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateHit {
    /// The donation.
    pub donation: Id<ids::Donation>,
    /// True if the full name holds it; otherwise the telephone or mail does.
    pub by_name: bool,
}

/// The newest `limit` donations among the newest `scanned` of an organisation whose full name or contact holds `part`.
///
/// Donors whose information is restricted are found only if `restricted` is asked for.
///
/// There is no index over names: every gift would pay for it. The newest are read instead, one seek each.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_by_private(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    (part, restricted): (&str, bool),
    (scanned, limit): (i64, i64),
) -> Result<Vec<PrivateHit>> {
    let sql = sql!(
        "SELECT d.id, CASE WHEN replace(p.donor_name, $2, '') <> p.donor_name THEN 1 ELSE 0 END FROM (SELECT id, day FROM donation WHERE organisation_id = $1 ORDER BY day DESC, id DESC LIMIT $3) AS d JOIN donation_private p ON p.donation_id = d.id WHERE (replace(p.donor_name, $2, '') <> p.donor_name OR replace(p.contact, $2, '') <> p.contact) AND (CAST($5 AS BIGINT) = 1 OR NOT EXISTS (SELECT 1 FROM donor_restriction r WHERE r.donation_id = d.id)) ORDER BY d.day DESC, d.id DESC LIMIT $4"
    );
    session
        .rows(
            sql,
            args![
                organisation.raw(),
                part,
                scanned,
                limit,
                i64::from(restricted)
            ],
            |r| {
                Ok(PrivateHit {
                    donation: Id::from_raw(r.i64(0)?),
                    by_name: r.i64(1)? == 1,
                })
            },
        )
        .await
}

/// The donors' whole names of some donations, by donation; none where it was erased, nobody was named, or the donor's
/// information is only stored.
///
/// # Errors
/// The engine's refusal.
pub async fn donor_names(session: &mut Session, keys: &[i64]) -> Result<BTreeMap<i64, String>> {
    let sql = sql!(
        pg: "SELECT p.donation_id, p.donor_name FROM donation_private p WHERE p.donation_id = ANY($1) AND p.donor_name <> '' AND NOT EXISTS (SELECT 1 FROM donor_restriction r WHERE r.donation_id = p.donation_id)",
        lite: "SELECT p.donation_id, p.donor_name FROM donation_private p WHERE p.donation_id = $1 AND p.donor_name <> '' AND NOT EXISTS (SELECT 1 FROM donor_restriction r WHERE r.donation_id = p.donation_id)"
    );
    let found = session
        .by_keys(sql, keys, |r| Ok((r.i64(0)?, r.text(1)?)))
        .await?;
    Ok(found.into_iter().collect())
}

/// The donations of an organisation that came with this number of a channel, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_by_external(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    external: &str,
    limit: i64,
) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT donation_id FROM payment_key WHERE external_id = $1 ORDER BY channel LIMIT $2"
    );
    let ids = session
        .rows(sql, args![external, limit], |r| r.i64(0))
        .await?;
    let mut rows = super::donations_by_ids(session, &ids).await?;
    rows.retain(|row| row.organisation == organisation);
    Ok(rows)
}

/// Channel (with the merchant) and number of what is known under some numbers, whatever the channel.
///
/// # Errors
/// The engine's refusal.
pub async fn channels_of_numbers(
    session: &mut Session,
    numbers: &[&str],
) -> Result<Vec<(String, String)>> {
    let sql = sql!(
        pg: "SELECT channel, external_id FROM payment_key WHERE external_id = ANY($1)",
        lite: "SELECT channel, external_id FROM payment_key WHERE external_id = $1"
    );
    session
        .by_texts(sql, numbers, |r| Ok((r.text(0)?, r.text(1)?)))
        .await
}
