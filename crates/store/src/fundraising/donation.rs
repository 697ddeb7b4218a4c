//! Donations: by number, by campaign, by day, newest first.

use crate::batch::rows::day;
use db::{Result, Row, Session, args, sql};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔捐赠〕 A donation as kept, without anybody's private words.
#[derive(Debug, Clone)]
pub struct DonationRecord {
    /// Its key.
    pub id: Id<ids::Donation>,
    /// Who holds it.
    pub organisation: Id<ids::Organisation>,
    /// Its campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The intent it answers.
    pub intent: Option<Id<ids::Intent>>,
    /// Code of the channel.
    pub channel: String,
    /// Gross fen, or units.
    pub amount: i64,
    /// Fen the channel kept.
    pub fee: i64,
    /// `fen`, or the unit.
    pub unit: String,
    /// standing, held, reassigned, refunded, corrected.
    pub state: String,
    /// Code of the reason why it is held; empty if it is not.
    pub held_reason: String,
    /// When it was paid; the end of the published day where only that is known.
    pub paid_at: Timestamp,
    /// False where only the published day is known.
    pub time_known: bool,
    /// Beijing day.
    pub day: Day,
    /// The day under which a list published it.
    pub published_day: Option<Day>,
    /// Code of the donor's kind.
    pub donor_kind: String,
    /// The name pages may show.
    pub donor_public: String,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// First of its movements.
    pub movement_first: i64,
    /// How many movements.
    pub movement_count: i64,
    /// The import it came with.
    pub import_run: Option<Id<ids::ImportRun>>,
    /// Its line there.
    pub import_line: Option<i64>,
    /// Fen that refunds, corrections and chargebacks took out again.
    pub undone: i64,
}

pub(super) fn record_of_row(r: &Row<'_>) -> Result<DonationRecord> {
    Ok(DonationRecord {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        campaign: r.opt_i64(2)?.map(Id::from_raw),
        intent: r.opt_i64(3)?.map(Id::from_raw),
        channel: r.text(4)?,
        amount: r.i64(5)?,
        fee: r.i64(6)?,
        unit: r.text(7)?,
        state: r.text(8)?,
        held_reason: r.text(9)?,
        paid_at: Timestamp::from_micros(r.i64(10)?),
        time_known: r.yes_no(11)?,
        day: day(r.i64(12)?)?,
        published_day: r.opt_i64(13)?.map(day).transpose()?,
        donor_kind: r.text(14)?,
        donor_public: r.text(15)?,
        leaf_index: r.i64(16)?,
        movement_first: r.i64(17)?,
        movement_count: r.i64(18)?,
        import_run: r.opt_i64(19)?.map(Id::from_raw),
        import_line: r.opt_i64(20)?,
        undone: r.i64(21)?,
    })
}

/// A donation by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn donation_by_id(
    session: &mut Session,
    id: Id<ids::Donation>,
) -> Result<Option<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// Some donations, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_by_ids(session: &mut Session, keys: &[i64]) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE id = ANY($1)",
        lite: "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE id = $1"
    );
    session.by_keys(sql, keys, record_of_row).await
}

/// The first donation that answered an intent; later ones for the same intent are held.
///
/// # Errors
/// The engine's refusal.
pub async fn donation_by_intent(
    session: &mut Session,
    intent: Id<ids::Intent>,
) -> Result<Option<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE intent_id = $1 ORDER BY id LIMIT 1"
    );
    session.opt(sql, args![intent.raw()], record_of_row).await
}

/// The donations of a campaign before the key `before`, newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    before: i64,
    limit: i64,
) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE campaign_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    session
        .rows(sql, args![campaign.raw(), before, limit], record_of_row)
        .await
}

/// The donations of an organisation's day after the key `after`, in the order in which they were recorded.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_of_day(
    session: &mut Session,
    of: (Id<ids::Organisation>, Day),
    after: i64,
    limit: i64,
) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE organisation_id = $1 AND day = $2 AND id > $3 ORDER BY id LIMIT $4"
    );
    let args = args![of.0.raw(), i64::from(of.1.number()), after, limit];
    session.rows(sql, args, record_of_row).await
}

/// True if the last donation of a day was published with its day only; undated rows stand at a day's end.
///
/// # Errors
/// The engine's refusal.
pub async fn last_of_day(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Option<bool>> {
    let sql = sql!(
        "SELECT time_known FROM donation WHERE organisation_id = $1 AND day = $2 ORDER BY id DESC LIMIT 1"
    );
    let args = args![organisation.raw(), i64::from(day.number())];
    session.opt(sql, args, |r| r.yes_no(0)).await
}

/// The donations of an organisation, newest days first.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE organisation_id = $1 ORDER BY day DESC, id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// The newest donations of the house.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_recent(session: &mut Session, limit: i64) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE id > $1 ORDER BY id DESC LIMIT $2"
    );
    session.rows(sql, args![0_i64, limit], record_of_row).await
}

/// What an organisation holds until it is clear where it belongs, oldest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn donations_held(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<DonationRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone FROM donation WHERE organisation_id = $1 AND state = 'held' ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// 〔捐赠私密信息〕 What only the donor and the organisation may read.
#[derive(Clone)]
pub struct DonationPrivateRecord {
    /// Full name.
    pub donor_name: String,
    /// Telephone or mail.
    pub contact: String,
    /// Words.
    pub message: String,
    /// The words under the commitment, canonical JSON.
    pub opened: String,
    /// Opens the commitment.
    pub key: [u8; 32],
}

impl std::fmt::Debug for DonationPrivateRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DonationPrivateRecord(***)")
    }
}

/// The private words of a donation; nothing once the person was erased.
///
/// # Errors
/// The engine's refusal.
pub async fn donation_private(
    session: &mut Session,
    id: Id<ids::Donation>,
) -> Result<Option<DonationPrivateRecord>> {
    let sql = sql!(
        "SELECT donor_name, contact, message, opened, key FROM donation_private WHERE donation_id = $1"
    );
    session
        .opt(sql, args![id.raw()], |r| {
            Ok(DonationPrivateRecord {
                donor_name: r.text(0)?,
                contact: r.text(1)?,
                message: r.text(2)?,
                opened: r.text(3)?,
                key: r.array(4)?,
            })
        })
        .await
}
