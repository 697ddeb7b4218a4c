//! Verified payment notices: money received is never refused, and a payment exists once for ever.

use crate::command::Outcome;
use crate::error::AppError;
use crate::funds::gift_shares;
use crate::staircase::{Call, Flow, Stop, booked, missing, refused};
use domain::fundraising::{
    Campaign, Channel, Decision, Donor, Gate, Incoming, Intent, Known, decide_donation,
};
use domain::funds::{FundKind, NewPlace, account, decide_chargeback, place_name};
use domain::identity::{Action, Object};
use gateway::payment::{NoticeKind, PaymentNotice};
use kernel::{Day, Id};
use leaf::ids;
use store::batch::NewDonation;

/// The key under which a notice's payment exists once for ever: (channel and merchant, external id).
pub(crate) fn payment_key(notice: &PaymentNotice) -> (String, String) {
    (
        format!("{}/{}", notice.channel, notice.merchant),
        notice.external_id.clone(),
    )
}

pub(crate) async fn capture(call: &mut Call<'_>, notice: &PaymentNotice) -> Flow<Outcome> {
    call.permit(Action::PaymentCapture, &Object::house())?;
    match notice.kind {
        NoticeKind::Payment => {}
        NoticeKind::Chargeback => return chargeback(call, notice).await,
        // Our own refund was booked when it was decided; the channel only says that it is done.
        NoticeKind::Refund => return Ok(Outcome::Done),
    }
    let payment = payment_key(notice);
    if let Some(paid) = call.batch.payment_known(&payment.0, &payment.1).await? {
        let donation = call.print(paid.donation);
        return Ok(Outcome::Gift {
            donation,
            held: None,
            replay: true,
        });
    }
    // The merchant number belongs to one charity: it is that organisation's printed id.
    let organisation = call.id::<ids::Organisation>(&notice.merchant, "这个商户号的单位")?;
    let intent = match call.batch.house.cipher.read::<ids::Intent>(&notice.order) {
        Ok(id) => call.batch.intent(id).await?,
        Err(_) => None,
    };
    let channel = clearing(call, organisation, &notice.channel).await?;
    let (intent, paid_before) = match intent {
        Some((intent, paid)) => (Some(intent), paid),
        None => (None, false),
    };
    let campaign = match &intent {
        Some(intent) => call.batch.campaign(intent.campaign).await?,
        None => None,
    }
    .filter(|campaign| campaign.organisation == organisation);
    let incoming = Incoming {
        amount: notice.amount,
        fee: notice.fee,
        channel,
        paid_at: notice.paid_at,
        time_known: true,
        donor: intent.as_ref().map_or_else(Donor::nobody, Donor::of_intent),
    };
    let meant = Meant {
        organisation,
        campaign: campaign.as_ref(),
        intent: intent.as_ref(),
        intent_required: true,
        paid_before,
        gate: Gate::Enforced,
    };
    receive(
        call,
        &meant,
        &incoming,
        Origin {
            payment,
            import: None,
            published_day: None,
            key: 0,
        },
    )
    .await
}

/// A payment that the channel took back: once, by its own number.
async fn chargeback(call: &mut Call<'_>, notice: &PaymentNotice) -> Flow<Outcome> {
    let key = format!(
        "chargeback/{}/{}/{}",
        notice.channel, notice.merchant, notice.external_id
    );
    if call.batch.command_done(&key).await?.is_some() {
        return Ok(Outcome::Done);
    }
    let (channel, _) = payment_key(notice);
    let concerned = notice.concerns.as_deref().unwrap_or_default();
    let paid = call.batch.payment_known(&channel, concerned).await?;
    let Some(donation) = paid.map(|paid| paid.donation) else {
        return Err(unknown_payment(call).await?);
    };
    let facts = call
        .batch
        .donation_facts(donation)
        .await?
        .ok_or(missing("这笔捐赠"))?;
    let gift = gift_shares(call, donation, &facts).await?;
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_chargeback(&gift, notice.amount, (record, now)).map_err(refused)?;
    let posted = call.book(&posting).await?;
    if notice.amount.get() == facts.amount {
        call.batch.donation_mark(donation, "refunded", None).await?;
    }
    call.batch
        .command_keep(&key, [0; 32], "{\"done\":\"done\"}".into(), now);
    let id = call.print(donation);
    call.audit(Action::PaymentCapture, id.clone(), "chargeback");
    let movements = posted.movements.iter().map(|m| call.print(*m)).collect();
    Ok(Outcome::Moved { id, movements })
}

/// Why a chargeback finds no payment: gifts that came back from a mirror have lost the numbers of theirs, and which of
/// them is meant nobody but the channel's bill can tell.
async fn unknown_payment(call: &mut Call<'_>) -> Flow<Stop> {
    if !call.batch.was_recovered().await? {
        return Ok(missing("这笔拒付对应的付款"));
    }
    let sentence = "找不到这笔拒付对应的付款；日志从镜像补回过，补回的捐赠没有支付单号，请凭渠道账单找到这笔捐赠，由经办人申请更正、复核人确认。";
    tracing::warn!(
        "a chargeback names a payment that is not known; the gift may be one that came back from a mirror"
    );
    Ok(AppError::conflict("payment_recovered", sentence).into())
}

/// The channel's clearing account of an organisation (AC-09), opened when it is first needed.
pub(crate) async fn clearing(
    call: &mut Call<'_>,
    organisation: Id<ids::Organisation>,
    code: &str,
) -> Flow<Channel> {
    place(call, organisation, account::CLEARING, code).await
}

/// The place of an account and channel, opened when it is first needed.
pub(crate) async fn place(
    call: &mut Call<'_>,
    organisation: Id<ids::Organisation>,
    account: &'static str,
    code: &str,
) -> Flow<Channel> {
    let title = place_name(account, domain::fundraising::channel_title(code));
    let new = NewPlace {
        organisation,
        account,
        channel: code.to_string(),
        title,
        partner: None,
    };
    let now = call.now();
    let place = booked(call.batch.place_open(&new, now).await?)?;
    Ok(Channel {
        code: code.to_string(),
        place,
    })
}

/// What the money was meant for.
pub(crate) struct Meant<'a> {
    pub organisation: Id<ids::Organisation>,
    pub campaign: Option<&'a Campaign>,
    pub intent: Option<&'a Intent>,
    pub intent_required: bool,
    pub paid_before: bool,
    pub gate: Gate,
}

/// Where the record of the money comes from.
pub(crate) struct Origin {
    pub payment: (String, String),
    pub import: Option<(Id<ids::ImportRun>, i64)>,
    pub published_day: Option<Day>,
    pub key: u64,
}

/// Decides where received money stands, books it and keeps it.
pub(crate) async fn receive(
    call: &mut Call<'_>,
    meant: &Meant<'_>,
    incoming: &Incoming,
    origin: Origin,
) -> Flow<Outcome> {
    let now = call.now();
    let held_fund = booked(
        call.batch
            .organisation_fund(meant.organisation, FundKind::Held, now)
            .await?,
    )?;
    let fee_fund = booked(
        call.batch
            .organisation_fund(meant.organisation, FundKind::Fee, now)
            .await?,
    )?;
    // What was paid before a decision was recorded stands, whenever its notice arrives.
    let register = call.batch.register(meant.organisation).await?;
    let known = Known {
        organisation: meant.organisation,
        campaign: meant.campaign,
        intent: meant.intent,
        intent_required: meant.intent_required,
        paid_before: meant.paid_before,
        held_fund,
        fee_fund,
        gate: meant.gate,
        right: register.right_when(incoming.paid_at),
    };
    let id: Id<ids::Donation> = call.batch.mint(now);
    let decision: Decision =
        decide_donation(&known, incoming, (id, now), call.word_key(origin.key));
    let posted = call.book(&decision.posting).await?;
    call.batch.donation_keep(&NewDonation {
        id,
        decision: &decision,
        incoming,
        posted: &posted,
        intent: meant.intent.map(|intent| intent.id),
        payment: origin.payment,
        import: origin.import,
        published_day: origin.published_day,
    });
    let donation = call.print(id);
    if origin.import.is_none() {
        call.audit(
            Action::PaymentCapture,
            donation.clone(),
            decision.held.map_or("", |h| h.code()),
        );
    }
    let held = decision.held.map(|reason| reason.code().to_string());
    Ok(Outcome::Gift {
        donation,
        held,
        replay: false,
    })
}
