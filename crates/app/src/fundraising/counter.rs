//! Gifts at the counter: cash or a bank line, entered by a maker; the slip makes it unique.

use super::campaign::load;
use super::payment::{Meant, Origin, place, receive};
use crate::command::{CounterGift, Outcome};
use crate::staircase::{Call, Flow, invalid};
use domain::fundraising::{Donor, Gate, Incoming, read_intent};
use domain::funds::account;
use domain::identity::{Action, Object};
use domain::text::Form;
use kernel::Fen;

/// The longest slip number.
const SLIP_MAX: usize = 60;

pub(crate) async fn gift(call: &mut Call<'_>, gift: &CounterGift) -> Flow<Outcome> {
    let (campaign, _) = load(call, &gift.campaign).await?;
    call.permit(Action::DonationEnter, &Object::of(campaign.organisation))?;
    let mut form = Form::new();
    let slip = form.line("slip", "收据或银行流水号", &gift.slip, SLIP_MAX);
    let account = match gift.channel.trim() {
        "cash" => Some(account::CASH),
        "bank" => Some(account::BANK),
        _ => None,
    };
    if account.is_none() {
        form.refuse("channel", "choice", "请选择现金或银行转账。");
    }
    let mut problems = form.problems();
    let read = read_intent(&gift.form, call.now());
    let (new, account) = match (read, account, problems.is_empty()) {
        (Ok(new), Some(account), true) => (new, account),
        (read, _, _) => {
            problems.extend(read.err().unwrap_or_default());
            return Err(invalid(problems));
        }
    };
    let code = gift.channel.trim();
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
        let sentence = format!("这个流水号已登记过另一笔捐赠（{donation}），请核对流水号。");
        form.refuse("slip", "taken", sentence);
        return Err(invalid(form.problems()));
    }
    let channel = place(call, campaign.organisation, account, code).await?;
    let incoming = Incoming {
        amount: new.amount,
        fee: Fen::ZERO,
        channel,
        paid_at: call.now(),
        time_known: true,
        donor: Donor {
            kind: new.donor_kind,
            name: new.donor_name,
            display: new.display,
            contact: new.contact,
            message: new.message,
        },
    };
    let meant = Meant {
        organisation: campaign.organisation,
        campaign: Some(&campaign),
        intent: None,
        intent_required: false,
        paid_before: false,
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
