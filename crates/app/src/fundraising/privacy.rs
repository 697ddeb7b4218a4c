//! What is taken down, restricted or erased. What a donor asks for himself one person does; what concerns others, or
//! cannot come back, takes two.

use crate::AppError;
use crate::command::{Outcome, Repair};
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::fundraising::{
    PrivacyRefused, Taken, WithdrawReason, Withdrawn, decide_erasure, decide_words, keep_until,
    withdrawal,
};
use domain::funds::RepairState;
use domain::identity::{Action, Object, Who};
use domain::text::Problem;
use kernel::{Id, IdKind};
use leaf::{Leaf, ids};
use store::batch::{Closing, DonationFacts, NewRestriction};
use store::funds::EvidenceRecord;

/// The commitment of a gift.
const GIFT_FIELD: &str = "gift";

/// What there is to do.
enum Draft {
    /// It was done before; this was the answer.
    Done(Outcome),
    /// It is still to be done.
    Open(Closing),
}

/// Keeps what was asked for until a second person has seen it. What waits or was done gets the earlier answer.
pub(super) async fn ask(call: &mut Call<'_>, repair: &Repair) -> Flow<Outcome> {
    let closing = match draw(call, repair, Action::PrivacyAsk).await? {
        Draft::Done(outcome) => return Ok(outcome),
        Draft::Open(closing) => closing,
    };
    if matches!(call.request.actor.who, Who::House(_)) {
        return carry_out(call, &closing, Action::PrivacyDecide).await;
    }
    let asked = serde_json::to_string(repair).map_err(AppError::internal)?;
    let organisation = closing.organisation;
    let state = RepairState::Asked.code().to_owned();
    if let Some(waiting) = call.batch.repair_waits(organisation, &asked).await? {
        let id = call.print(waiting);
        return Ok(Outcome::Step { id, state });
    }
    let (user, now) = (call.user(), call.now());
    let id = call
        .batch
        .repair_insert(organisation, (&asked, kept_back(&closing)), user, now)
        .await?;
    let id = call.print(id);
    call.audit(Action::PrivacyAsk, id.clone(), closing.what.code());
    Ok(Outcome::Step { id, state })
}

/// The file that is not shown while the request waits: whoever stands on a photograph is not made to wait for a second
/// person. A mistake is no harm that grows, and what proves where money went is not hidden by one person for that.
fn kept_back(closing: &Closing) -> Option<&str> {
    let hidden = closing.what == Withdrawn::File && closing.reason.is_urgent();
    hidden.then_some(closing.field.as_str())
}

/// Does what a second person confirmed.
pub(super) async fn confirm(call: &mut Call<'_>, repair: &Repair) -> Flow<Outcome> {
    match draw(call, repair, Action::PrivacyDecide).await? {
        Draft::Done(outcome) => Ok(outcome),
        Draft::Open(closing) => carry_out(call, &closing, Action::PrivacyDecide).await,
    }
}

/// Shows a donor's name no more.
pub(super) async fn hide(call: &mut Call<'_>, donation: &str, reason: &str) -> Flow<Outcome> {
    let reason = read_reason(reason)?;
    let (id, facts) = gift(call, donation, Action::PrivacyAsk).await?;
    match close_name(call, (id, &facts), reason).await? {
        Draft::Done(outcome) => Ok(outcome),
        Draft::Open(closing) => carry_out(call, &closing, Action::PrivacyAsk).await,
    }
}

/// Only stores a donor's information from now on; the name is not shown either.
pub(super) async fn restrict(call: &mut Call<'_>, donation: &str, reason: &str) -> Flow<Outcome> {
    let reason = read_reason(reason)?;
    let (id, facts) = gift(call, donation, Action::PrivacyAsk).await?;
    let outcome = Outcome::Record { id: call.print(id) };
    if let Some(known) = call.batch.restriction(id).await? {
        return match known.erased {
            true => Err(refused(PrivacyRefused::Erased)),
            false => Ok(outcome),
        };
    }
    if let Draft::Open(closing) = close_name(call, (id, &facts), reason).await? {
        carry_out(call, &closing, Action::PrivacyAsk).await?;
    }
    let day = call.batch.donation_day(id).await?;
    let new = NewRestriction {
        donation: id,
        organisation: facts.organisation,
        reason,
        since: call.now(),
        keep_until: keep_until(day),
        user: call.user(),
    };
    call.batch.donor_restrict(&new).await?;
    let printed = call.print(id);
    call.audit(Action::PrivacyAsk, printed, "restrict");
    Ok(outcome)
}

async fn draw(call: &mut Call<'_>, repair: &Repair, action: Action) -> Flow<Draft> {
    match repair {
        Repair::Withdraw {
            record,
            field,
            reason,
        } => draw_words(call, (record, field), read_reason(reason)?, action).await,
        Repair::WithdrawFile {
            record,
            file,
            reason,
        } => draw_file(call, (record, file), read_reason(reason)?, action).await,
        Repair::Erase { donation, reason } => {
            draw_erasure(call, donation, read_reason(reason)?, action).await
        }
        _ => Err(missing("这个操作")),
    }
}

/// A record whose words stand beside leaves.
struct Record {
    prefix: String,
    raw: i64,
    printed: String,
}

/// Reads the number of a record of any kind that has public words.
fn record(call: &Call<'_>, text: &str) -> Flow<Record> {
    let text = text.trim();
    let prefix = text.split('_').next().unwrap_or_default();
    fn raw<K: IdKind>(call: &Call<'_>, text: &str) -> Flow<(i64, String)> {
        let id: Id<K> = call.id(text, "这条公开记录")?;
        Ok((id.raw(), call.print(id)))
    }
    let (raw, printed) = match prefix {
        "cam" => raw::<ids::Campaign>(call, text)?,
        "rpt" => raw::<ids::Report>(call, text)?,
        "qst" => raw::<ids::Question>(call, text)?,
        "dsb" => raw::<ids::Disbursement>(call, text)?,
        "dlv" => raw::<ids::Delivery>(call, text)?,
        "fnd" => raw::<ids::Fund>(call, text)?,
        "mov" => raw::<ids::Movement>(call, text)?,
        _ => return Err(missing("这条公开记录")),
    };
    Ok(Record {
        prefix: prefix.to_owned(),
        raw,
        printed,
    })
}

/// The leaves of a record, the newest last, with their places in the log.
async fn leaves(call: &mut Call<'_>, record: &Record) -> Flow<Vec<(i64, Leaf)>> {
    let stream = (record.prefix == "cam").then(|| leaf::stream_name(&record.printed));
    let stream = stream.flatten();
    let about = (record.prefix.as_str(), record.raw);
    let tx = call.batch.sql().await?;
    let indexes = store::fundraising::leaves_of_record(tx, stream.as_deref(), about).await?;
    let mut found = Vec::new();
    for index in indexes {
        if let Some(bytes) = call.batch.leaf_bytes(index).await? {
            let leaf = Leaf::parse(&bytes).map_err(AppError::internal)?;
            // The stream of a campaign holds the leaves of its funds and gifts as well.
            if record.prefix != "cam" || leaf.id == record.printed {
                found.push((index, leaf));
            }
        }
    }
    Ok(found)
}

/// Who stated a leaf, and for which campaign.
fn owner(call: &Call<'_>, leaf: &Leaf) -> Flow<(Id<ids::Organisation>, Option<Id<ids::Campaign>>)> {
    let organisation = leaf.organisation.as_deref().unwrap_or_default();
    let organisation = call.id::<ids::Organisation>(organisation, "这个组织")?;
    let mut streams = leaf.streams.iter();
    let campaign = streams.find_map(|(name, _)| name.strip_prefix("camp/"));
    let campaign = campaign.map(|body| call.id(&format!("cam_{body}"), "这个活动"));
    Ok((organisation, campaign.transpose()?))
}

async fn draw_words(
    call: &mut Call<'_>,
    (text, field): (&str, &str),
    reason: WithdrawReason,
    action: Action,
) -> Flow<Draft> {
    let record = record(call, text)?;
    decide_words(&record.prefix, field).map_err(refused)?;
    let mut earlier = None;
    let stated = leaves(call, &record).await?;
    if stated.is_empty() {
        return Err(missing("这条公开记录"));
    }
    for (leaf_index, leaf) in stated {
        let (organisation, campaign) = owner(call, &leaf)?;
        call.permit(action, &Object::of(organisation))?;
        match call.batch.opening_closed_at(leaf_index, field).await? {
            None => {}
            Some(Some(_)) => {
                let what = Withdrawn::Words;
                earlier = call.batch.withdrawn_by(leaf_index, what, field).await?;
            }
            Some(None) => {
                let (id, at) = (call.batch.mint(call.request.now), call.now());
                return Ok(Draft::Open(Closing {
                    id,
                    organisation,
                    campaign,
                    leaf_index,
                    what: Withdrawn::Words,
                    field: field.to_owned(),
                    reason,
                    record: (record.prefix, record.raw),
                    at,
                }));
            }
        }
    }
    match earlier {
        Some(id) => Ok(Draft::Done(Outcome::Record { id: call.print(id) })),
        None => Err(refused(PrivacyRefused::MustStay)),
    }
}

/// The files of a record; those of a movement are those of what it delivered and of the order that paid it.
async fn files(call: &mut Call<'_>, record: &Record) -> Flow<Vec<EvidenceRecord>> {
    let raw = record.raw;
    let tx = call.batch.sql().await?;
    let mut subjects = Vec::new();
    match record.prefix.as_str() {
        "dlv" => subjects.push(("delivery", raw)),
        "dsb" => subjects.push(("disbursement", raw)),
        "mov" => {
            let made = store::funds::deliveries_by_movements(tx, &[raw]).await?;
            subjects.extend(made.iter().map(|made| ("delivery", made.id.raw())));
            let movement = store::funds::movement_by_id(tx, Id::from_raw(raw)).await?;
            let order = movement.and_then(|movement| movement.matter);
            subjects.extend(order.map(|order| ("disbursement", order)));
        }
        _ => {}
    }
    let mut found = Vec::new();
    for (kind, raw) in subjects {
        found.extend(store::funds::evidence_of(tx, kind, raw).await?);
    }
    Ok(found)
}

async fn draw_file(
    call: &mut Call<'_>,
    (text, file): (&str, &str),
    reason: WithdrawReason,
    action: Action,
) -> Flow<Draft> {
    let record = record(call, text)?;
    let file = file.trim().to_ascii_lowercase();
    let found = leaves(call, &record).await?;
    let (leaf_index, leaf) = found.last().ok_or(missing("这条公开记录"))?;
    let (organisation, campaign) = owner(call, leaf)?;
    call.permit(action, &Object::of(organisation))?;
    let files = files(call, &record).await?;
    if !files.iter().any(|known| hex::encode(known.sha256) == file) {
        let sentence = "这条记录没有这份文件，请从流转页“凭证”下复制指纹，并核对编号。";
        return Err(invalid(vec![Problem::new("file", "unknown", sentence)]));
    }
    let what = Withdrawn::File;
    if let Some(id) = call.batch.withdrawn_by(*leaf_index, what, &file).await? {
        return Ok(Draft::Done(Outcome::Record { id: call.print(id) }));
    }
    let (id, at) = (call.batch.mint(call.request.now), call.now());
    Ok(Draft::Open(Closing {
        id,
        organisation,
        campaign,
        leaf_index: *leaf_index,
        what,
        field: file,
        reason,
        record: (record.prefix, record.raw),
        at,
    }))
}

async fn draw_erasure(
    call: &mut Call<'_>,
    donation: &str,
    reason: WithdrawReason,
    action: Action,
) -> Flow<Draft> {
    let (id, facts) = gift(call, donation, action).await?;
    let known = call.batch.restriction(id).await?;
    let what = Withdrawn::Key;
    if known.as_ref().is_some_and(|known| known.erased) {
        let found = call
            .batch
            .withdrawn_by(facts.leaf_index, what, GIFT_FIELD)
            .await?;
        let id = found.map_or_else(String::new, |id| call.print(id));
        return Ok(Draft::Done(Outcome::Record { id }));
    }
    let until = known.map(|known| known.keep_until);
    decide_erasure(until, call.now().day()).map_err(refused)?;
    Ok(Draft::Open(of_gift(call, (id, &facts), what, reason)))
}

/// Takes the shown name of a gift down.
async fn close_name(
    call: &mut Call<'_>,
    (id, facts): (Id<ids::Donation>, &DonationFacts),
    reason: WithdrawReason,
) -> Flow<Draft> {
    let what = Withdrawn::Donor;
    let found = call
        .batch
        .withdrawn_by(facts.leaf_index, what, GIFT_FIELD)
        .await?;
    Ok(match found {
        Some(earlier) => {
            let id = call.print(earlier);
            Draft::Done(Outcome::Record { id })
        }
        None => Draft::Open(of_gift(call, (id, facts), what, reason)),
    })
}

fn of_gift(
    call: &mut Call<'_>,
    (donation, facts): (Id<ids::Donation>, &DonationFacts),
    what: Withdrawn,
    reason: WithdrawReason,
) -> Closing {
    Closing {
        id: call.batch.mint(call.request.now),
        organisation: facts.organisation,
        campaign: facts.campaign,
        leaf_index: facts.leaf_index,
        what,
        field: GIFT_FIELD.to_owned(),
        reason,
        record: ("don".to_owned(), donation.raw()),
        at: call.now(),
    }
}

async fn gift(
    call: &mut Call<'_>,
    text: &str,
    action: Action,
) -> Flow<(Id<ids::Donation>, DonationFacts)> {
    let id = call.id::<ids::Donation>(text, "这笔捐赠")?;
    let facts = call.batch.donation_facts(id).await?;
    let facts = facts.ok_or(missing("这笔捐赠"))?;
    call.permit(action, &Object::of(facts.organisation))?;
    Ok((id, facts))
}

fn read_reason(code: &str) -> Flow<WithdrawReason> {
    WithdrawReason::parse(code).ok_or_else(|| {
        let sentence = "请选择撤下的理由。";
        invalid(vec![Problem::new("reason", "choice", sentence)])
    })
}

/// States the withdrawal and takes everything down that still shows it.
async fn carry_out(call: &mut Call<'_>, closing: &Closing, action: Action) -> Flow<Outcome> {
    let file = match closing.what {
        Withdrawn::File => Some(digest_of(&closing.field)?),
        _ => None,
    };
    let taken = Taken {
        what: closing.what,
        field: if file.is_some() { "" } else { &closing.field },
        file,
        reason: closing.reason,
        leaf_index: closing.leaf_index,
    };
    let owner = (closing.organisation, closing.campaign);
    let posted = call
        .book(&withdrawal((closing.id, closing.at), owner, taken))
        .await?;
    call.batch.close(closing, posted.leaf_index).await?;
    let id = call.print(closing.id);
    call.audit(action, id.clone(), closing.what.code());
    Ok(Outcome::Record { id })
}

/// The digest that was written in hexadecimal digits.
fn digest_of(text: &str) -> Result<[u8; 32], AppError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(AppError::internal)?;
    Ok(bytes)
}
