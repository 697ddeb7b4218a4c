//! Verified payment notices: money received is never refused, and a payment exists once for ever.

use crate::command::Outcome;
use crate::staircase::{Call, Flow, booked, missing};
use domain::fundraising::{
    Campaign, Channel, Decision, Donor, Gate, Incoming, Intent, Known, decide_donation,
};
use domain::funds::{FundKind, NewPlace, account};
use domain::identity::{Action, Object};
use gateway::payment::{NoticeKind, PaymentNotice};
use kernel::{Day, Id};
use leaf::ids;
use store::batch::NewDonation;

/// The key under which a notice's payment exists once for ever: (channel and merchant, external id).
pub(crate) fn payment_key(notice: &PaymentNotice) -> (String, String) {
    (format!("{}/{}", notice.channel, notice.merchant), notice.external_id.clone())
}

pub(crate) async fn capture(call: &mut Call<'_>, notice: &PaymentNotice) -> Flow<Outcome> {
    call.permit(Action::PaymentCapture, &Object::house())?;
    if notice.kind != NoticeKind::Payment {
        return Err(missing("这类通知的办理入口（退款和拒付请由复核人员办理）"));
    }
    let payment = payment_key(notice);
    if let Some(paid) = call.batch.payment_known(&payment.0, &payment.1).await? {
        let donation = call.print(paid.donation);
        return Ok(Outcome::Gift { donation, held: None, replay: true });
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
    receive(call, &meant, &incoming, Origin { payment, import: None, published_day: None, key: 0 })
        .await
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
    let title = format!("{} {}", account::title(account), domain::fundraising::channel_title(code));
    let new =
        NewPlace { organisation, account, channel: code.to_string(), title, partner: None };
    let now = call.now();
    let place = booked(call.batch.place_open(&new, now).await?)?;
    Ok(Channel { code: code.to_string(), place })
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
    let held_fund = booked(call.batch.organisation_fund(meant.organisation, FundKind::Held, now).await?)?;
    let fee_fund = booked(call.batch.organisation_fund(meant.organisation, FundKind::Fee, now).await?)?;
    let known = Known {
        organisation: meant.organisation,
        campaign: meant.campaign,
        intent: meant.intent,
        intent_required: meant.intent_required,
        paid_before: meant.paid_before,
        held_fund,
        fee_fund,
        gate: meant.gate,
    };
    let id: Id<ids::Donation> = call.batch.mint(now);
    let decision: Decision = decide_donation(&known, incoming, (id, now), call.word_key(origin.key));
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
        call.audit(Action::PaymentCapture, donation.clone(), decision.held.map_or("", |h| h.code()));
    }
    let held = decision.held.map(|reason| reason.code().to_string());
    Ok(Outcome::Gift { donation, held, replay: false })
}
