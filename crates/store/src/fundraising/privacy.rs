//! Tombstones of what was taken down, and donors whose information is restricted or erased.

use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::fundraising::{WithdrawReason, Withdrawn};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔撤回〕 Something that was taken down.
#[derive(Debug, Clone)]
pub struct WithdrawalRecord {
    /// Its key.
    pub id: Id<ids::Withdrawal>,
    /// Index of the leaf whose words it was.
    pub leaf_index: i64,
    /// What it was.
    pub what: Withdrawn,
    /// The commitment's field, or the file's digest in hexadecimal.
    pub field: String,
    /// Why.
    pub reason: WithdrawReason,
    /// When.
    pub at: Timestamp,
    /// Index of the leaf that says so.
    pub stated_at: i64,
}

/// Columns: id, leaf_index, what, field, reason, at, stated_at.
fn withdrawal_of_row(r: &Row<'_>) -> Result<WithdrawalRecord> {
    let what = Withdrawn::parse(r.str(2)?);
    let reason = WithdrawReason::parse(r.str(4)?);
    Ok(WithdrawalRecord {
        id: Id::from_raw(r.i64(0)?),
        leaf_index: r.i64(1)?,
        what: what.ok_or_else(|| db::Error::value(2, "withdrawal.what"))?,
        field: r.text(3)?,
        reason: reason.ok_or_else(|| db::Error::value(4, "withdrawal.reason"))?,
        at: Timestamp::from_micros(r.i64(5)?),
        stated_at: r.i64(6)?,
    })
}

/// The withdrawal that took a leaf's field down.
///
/// # Errors
/// The engine's refusal.
pub async fn withdrawal_of(
    session: &mut Session,
    leaf_index: i64,
    what: Withdrawn,
    field: &str,
) -> Result<Option<Id<ids::Withdrawal>>> {
    let sql = sql!("SELECT id FROM withdrawal WHERE leaf_index = $1 AND what = $2 AND field = $3");
    session
        .opt(sql, args![leaf_index, what.code(), field], |r| {
            r.i64(0).map(Id::from_raw)
        })
        .await
}

/// What was taken down of a leaf.
///
/// # Errors
/// The engine's refusal.
pub async fn withdrawals_of_leaf(
    session: &mut Session,
    leaf_index: i64,
) -> Result<Vec<WithdrawalRecord>> {
    let sql = sql!(
        "SELECT id, leaf_index, what, field, reason, at, stated_at FROM withdrawal WHERE leaf_index = $1 ORDER BY what, field LIMIT $2"
    );
    session
        .rows(sql, args![leaf_index, PAGE_MAX], withdrawal_of_row)
        .await
}

/// Words and files that were taken down on a campaign's page, the newest first, at most `limit`; donors stand on the
/// pages of their gifts.
///
/// # Errors
/// The engine's refusal.
pub async fn withdrawals_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    limit: i64,
) -> Result<Vec<WithdrawalRecord>> {
    let sql = sql!(
        "SELECT id, leaf_index, what, field, reason, at, stated_at FROM withdrawal WHERE campaign_id = $1 AND (what = 'words' OR what = 'file') ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), limit], withdrawal_of_row)
        .await
}

/// What an organisation took down, the newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn withdrawals_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<WithdrawalRecord>> {
    let sql = sql!(
        "SELECT id, leaf_index, what, field, reason, at, stated_at FROM withdrawal WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], withdrawal_of_row)
        .await
}

/// The withdrawal of a file by its digest in hexadecimal.
///
/// # Errors
/// The engine's refusal.
pub async fn withdrawal_of_file(
    session: &mut Session,
    digest: &str,
) -> Result<Option<WithdrawalRecord>> {
    let sql = sql!(
        "SELECT id, leaf_index, what, field, reason, at, stated_at FROM withdrawal WHERE field = $1 AND what = 'file' LIMIT 1"
    );
    session.opt(sql, args![digest], withdrawal_of_row).await
}

/// 〔限制处理〕 A donor's information that is only stored, or was erased.
#[derive(Debug, Clone)]
pub struct RestrictionRecord {
    /// The gift.
    pub donation: Id<ids::Donation>,
    /// True once it was erased.
    pub erased: bool,
    /// Why.
    pub reason: WithdrawReason,
    /// Since when.
    pub since: Timestamp,
    /// The first day on which it may be erased.
    pub keep_until: Day,
}

/// Columns: donation_id, state, reason, since, keep_until.
fn restriction_of_row(r: &Row<'_>) -> Result<RestrictionRecord> {
    let reason = WithdrawReason::parse(r.str(2)?);
    Ok(RestrictionRecord {
        donation: Id::from_raw(r.i64(0)?),
        erased: r.str(1)? == "erased",
        reason: reason.ok_or_else(|| db::Error::value(2, "donor_restriction.reason"))?,
        since: Timestamp::from_micros(r.i64(3)?),
        keep_until: Day::from_number(i32::try_from(r.i64(4)?).unwrap_or(0)),
    })
}

/// The restriction of a donor, if there is one.
///
/// # Errors
/// The engine's refusal.
pub async fn restriction_of(
    session: &mut Session,
    donation: Id<ids::Donation>,
) -> Result<Option<RestrictionRecord>> {
    let sql = sql!(
        "SELECT donation_id, state, reason, since, keep_until FROM donor_restriction WHERE donation_id = $1"
    );
    session
        .opt(sql, args![donation.raw()], restriction_of_row)
        .await
}

/// The donors of an organisation whose information is restricted or erased, those that may be erased first at the
/// front, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn restrictions_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<RestrictionRecord>> {
    let sql = sql!(
        "SELECT donation_id, state, reason, since, keep_until FROM donor_restriction WHERE organisation_id = $1 ORDER BY keep_until, donation_id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], restriction_of_row)
        .await
}

/// The leaves that state a record's words; nothing for what has none. A campaign's are looked for at the beginning of
/// its stream, where it was published.
///
/// # Errors
/// The engine's refusal.
pub async fn leaves_of_record(
    session: &mut Session,
    stream: Option<&str>,
    (prefix, raw): (&str, i64),
) -> Result<Vec<i64>> {
    if let Some(stream) = stream {
        let sql = sql!("SELECT leaves FROM stream_part WHERE key = $1 AND part = 0");
        let bytes = session.opt(sql, args![stream], |r| r.bytes(0)).await?;
        return Ok(members(&bytes.unwrap_or_default()));
    }
    let sql = match prefix {
        "rpt" => sql!("SELECT leaf_index FROM campaign_report WHERE id = $1"),
        "qst" => sql!("SELECT leaf_index FROM question WHERE id = $1 AND leaf_index IS NOT NULL"),
        "fnd" => sql!("SELECT leaf_index FROM fund WHERE id = $1"),
        "mov" => sql!("SELECT leaf_index FROM movement WHERE id = $1"),
        "dlv" => sql!(
            "SELECT m.leaf_index FROM delivery d JOIN movement m ON m.id = d.movement_id WHERE d.id = $1"
        ),
        "dsb" => sql!(
            "SELECT m.leaf_index FROM disbursement d JOIN movement m ON m.id = d.movement_id WHERE d.id = $1"
        ),
        _ => return Ok(Vec::new()),
    };
    session.rows(sql, args![raw], |r| r.i64(0)).await
}

/// Leaves that are read of the beginning of a campaign's stream.
const FIRST_LEAVES: usize = 32;

/// The leaves' places in the log: the first eight bytes of every forty.
fn members(bytes: &[u8]) -> Vec<i64> {
    let rows = bytes.chunks_exact(crate::transparency::MEMBER_BYTES);
    rows.take(FIRST_LEAVES)
        .filter_map(|row| row.first_chunk::<8>())
        .map(|index| i64::from_be_bytes(*index))
        .collect()
}
