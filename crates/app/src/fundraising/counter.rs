//! Gifts at the counter: cash or a bank line, entered by a maker; the slip makes it unique.

use super::campaign::load;
use super::payment::{Meant, Origin, place, receive};
use crate::command::{CounterGift, Outcome};
use crate::staircase::{Call, Flow, invalid};
use domain::fundraising::{Channel, Donor, Gate, Incoming, NewIntent, read_intent};
use domain::funds::account;
use domain::identity::{Action, Object};
use domain::say;
use domain::text::Form;
use kernel::{Fen, Timestamp};

/// How the audit trail says that a gift came over the counter; the number of its slip follows.
pub(crate) const AT_COUNTER: &str = "counter ";
/// The longest slip number.
const SLIP_MAX: usize = 60;

pub(crate) async fn gift(call: &mut Call<'_>, gift: &CounterGift) -> Flow<Outcome> {
    let (campaign, _) = load(call, &gift.campaign).await?;
    call.permit(Action::DonationEnter, &Object::of(campaign.organisation))?;
    let (slip, account, new) = read(gift, call.now())?;
    let code = gift.channel.trim();
    let detail = format!("{AT_COUNTER}{slip}");
    let payment = (
        format!("{code}/{}", call.print(campaign.organisation)),
        slip,
    );
    if let Some(paid) = call.batch.payment_known(&payment.0, &payment.1).await? {
        let donation = call.print(paid.donation);
        let same = paid.amount == new.amount.get();
        if same {
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
        return Err(invalid(form.problems()));
    }
    let channel = place(call, campaign.organisation, account, code).await?;
    let incoming = incoming(new, channel, call.now());
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

/// Everything that was typed, or all problems at once.
fn read(gift: &CounterGift, now: Timestamp) -> Flow<(String, &'static str, NewIntent)> {
    let mut form = Form::new();
    let slip = form.private_line("slip", "收据或银行流水号", &gift.slip, SLIP_MAX);
    let account = match gift.channel.trim() {
        "cash" => Some(account::CASH),
        "bank" => Some(account::BANK),
        _ => None,
    };
    if account.is_none() {
        form.refuse("channel", "choice", "请选择现金或银行转账。");
    }
    let mut problems = form.problems();
    match (read_intent(&gift.form, now), account, problems.is_empty()) {
        (Ok(new), Some(account), true) => Ok((slip, account, new)),
        (read, _, _) => {
            problems.extend(read.err().unwrap_or_default());
            Err(invalid(problems))
        }
    }
}

fn incoming(new: NewIntent, channel: Channel, paid_at: Timestamp) -> Incoming {
    Incoming {
        amount: new.amount,
        fee: Fen::ZERO,
        channel,
        paid_at,
        time_known: true,
        donor: Donor {
            kind: new.donor_kind,
            name: new.donor_name,
            display: new.display,
            contact: new.contact,
            message: new.message,
        },
    }
}
