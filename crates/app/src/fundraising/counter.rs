//! Gifts at the counter: cash or a bank line, entered by a maker; the slip makes it unique.

use super::campaign::load;
use super::payment::{Meant, Origin, place, receive};
use crate::AppError;
use crate::command::{CounterGift, Outcome};
use crate::staircase::{Call, Flow, Stop, invalid};
use domain::fundraising::{
    Channel, Donor, Gate, Incoming, NewIntent, ONLINE_MAX, Received, TOO_LARGE, read_intent,
    read_received,
};
use domain::funds::account;
use domain::identity::{Action, Object};
use domain::say;
use domain::text::{Form, Problem};
use kernel::{Amount, Fen, Timestamp};
use store::batch::Paid;

/// How the audit trail says that a gift came over the counter; the number of its slip follows.
pub(crate) const AT_COUNTER: &str = "counter ";
/// The longest slip number.
const SLIP_MAX: usize = 60;
/// How often one slip may be entered, each time after a correction of the last.
const SLIP_TURNS: u32 = 20;

pub(crate) async fn gift(call: &mut Call<'_>, gift: &CounterGift) -> Flow<Outcome> {
    let typed = read(gift, call.now());
    if gift.campaign.trim().is_empty() {
        return Err(without_campaign(typed));
    }
    let (campaign, _) = load(call, &gift.campaign).await?;
    call.permit(Action::DonationEnter, &Object::of(campaign.organisation))?;
    let Slip {
        number: slip,
        account,
        new,
        received,
    } = typed?;
    let code = gift.channel.trim();
    let detail = format!("{AT_COUNTER}{slip}");
    let channel = format!("{code}/{}", call.print(campaign.organisation));
    let payment = match slip_key(call, &channel, &slip).await? {
        Key::Free(channel) => (channel, slip),
        Key::Taken(paid) => return known(call, paid, new.amount),
    };
    let channel = place(call, campaign.organisation, account, code).await?;
    let incoming = incoming(new, channel, received);
    let meant = Meant {
        organisation: campaign.organisation,
        campaign: Some(&campaign),
        intent: None,
        intent_required: false,
        paid_before: false,
        gate: Gate::Enforced,
    };
    let origin = Origin {
        payment,
        import: None,
        published_day: None,
        key: 0,
    };
    let outcome = receive(call, &meant, &incoming, origin).await?;
    if let Outcome::Gift { donation, .. } = &outcome {
        call.audit(Action::DonationEnter, donation.clone(), detail);
    }
    Ok(outcome)
}

/// What is known of a slip.
enum Key {
    /// Nobody used it, or what it stood for was taken out of the books again; the channel under which it is kept.
    Free(String),
    /// It stands for this gift.
    Taken(Paid),
}

/// Is a slip free? The key of a gift that a correction took out whole stays where it is, so that the gift is found
/// by its slip for ever; the gift that stands in its place is kept beside it under a numbered channel.
///
/// Only the counter looks past such a gift: a notice or a row of a file that comes again must never book it again.
async fn slip_key(call: &mut Call<'_>, channel: &str, slip: &str) -> Flow<Key> {
    let mut key = channel.to_string();
    for turn in 2..=SLIP_TURNS {
        let Some(paid) = call.batch.payment_known(&key, slip).await? else {
            return Ok(Key::Free(key));
        };
        let facts = call.batch.donation_facts(paid.donation).await?;
        let Some(facts) = facts.filter(|facts| facts.state == "corrected") else {
            return Ok(Key::Taken(paid));
        };
        // Of a gift that was used in part the used part stands: the slip would count it twice.
        if call.batch.corrected_amount(&facts).await? != facts.amount {
            return Ok(Key::Taken(paid));
        }
        key = format!("{channel}/{turn}");
    }
    match call.batch.payment_known(&key, slip).await? {
        Some(paid) => Ok(Key::Taken(paid)),
        None => Ok(Key::Free(key)),
    }
}

/// The same slip with the same amount is the same gift; with another amount it is a mistake.
fn known(call: &Call<'_>, paid: Paid, amount: Amount) -> Flow<Outcome> {
    let donation = call.print(paid.donation);
    if paid.amount == amount.get() {
        return Ok(Outcome::Gift {
            donation,
            held: None,
            replay: true,
        });
    }
    let mut form = Form::new();
    let sentence = say!(
        "这个流水号已登记过另一笔捐赠（{donation}），请核对流水号。",
        donation
    );
    form.refuse("slip", "taken", sentence);
    Err(invalid(form.problems()))
}

/// A slip as it was read.
struct Slip {
    number: String,
    account: &'static str,
    new: NewIntent,
    received: Received,
}

/// Everything that was typed, or all problems at once.
fn read(gift: &CounterGift, now: Timestamp) -> Flow<Slip> {
    let mut form = Form::new();
    let number = form.private_line("slip", "收据或银行流水号", &gift.slip, SLIP_MAX);
    let account = match gift.channel.trim() {
        "cash" => Some(account::CASH),
        "bank" => Some(account::BANK),
        _ => None,
    };
    if account.is_none() {
        form.refuse("channel", "choice", "请选择现金或银行转账。");
    }
    let mut problems = form.problems();
    let received = read_received(&gift.received_on, now);
    match (read_intent(&gift.form, now), account, received) {
        (Ok(new), Some(account), Ok(received)) if problems.is_empty() => Ok(Slip {
            number,
            account,
            new,
            received,
        }),
        (read, _, received) => {
            problems.extend(read.err().unwrap_or_default().into_iter().map(at_counter));
            problems.extend(received.err());
            Err(invalid(problems))
        }
    }
}

/// No campaign was chosen: told with everything else that is wrong with the slip.
fn without_campaign(read: Flow<Slip>) -> Stop {
    let mut problems = match read {
        Ok(_) => Vec::new(),
        Err(Stop::App(AppError::Invalid(problems))) => problems,
        Err(other) => return other,
    };
    let sentence = "请选择这笔捐赠归入哪个活动。";
    problems.push(Problem::new("campaign", "choice", sentence));
    invalid(problems)
}

/// What donors are told of the largest amount means nothing to a clerk.
fn at_counter(problem: Problem) -> Problem {
    if problem.code != TOO_LARGE {
        return problem;
    }
    let sentence = say!(
        "柜台一次最多登记{most}；请核对有没有多写零，确实更大的一笔请按银行流水导入。",
        most = Fen::new(ONLINE_MAX)
    );
    Problem::new("amount", TOO_LARGE, sentence)
}

fn incoming(new: NewIntent, channel: Channel, received: Received) -> Incoming {
    Incoming {
        amount: new.amount,
        fee: Fen::ZERO,
        channel,
        paid_at: received.at,
        time_known: received.time_known,
        donor: Donor {
            kind: new.donor_kind,
            name: new.donor_name,
            display: new.display,
            contact: new.contact,
            message: new.message,
        },
    }
}
