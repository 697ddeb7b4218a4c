//! Fundraising: campaigns, intents, payments, gifts at the counter, held money, repairs by two people.

mod campaign;
pub(crate) mod counter;
mod goods;
mod held;
mod intent;
mod payment;
mod privacy;
mod repair;
mod words;

pub(crate) use campaign::{END_JOB, end_due};
pub(crate) use payment::{Meant, Origin, payment_key, place, receive};

use crate::command::{Command, Outcome};
use crate::staircase::{Call, Flow, missing};

pub(crate) async fn run(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::CampaignDraft { organisation, form } => {
            campaign::draft(call, organisation, form).await
        }
        Command::CampaignPublish { campaign } => campaign::publish(call, campaign).await,
        Command::CampaignPublishHistoric { campaign } => {
            campaign::publish_historic(call, campaign).await
        }
        Command::CampaignEnd { campaign } => campaign::end(call, campaign).await,
        Command::ReportPublish { campaign, form } => words::report(call, campaign, form).await,
        Command::QuestionAsk { campaign, text } => words::ask(call, campaign, text).await,
        Command::QuestionAnswer { question, text } => words::answer(call, question, text).await,
        Command::QuestionDecline { question, reason } => {
            words::decline(call, question, reason).await
        }
        Command::IntentCreate { campaign, form } => intent::create(call, campaign, form).await,
        Command::PaymentCapture(notice) => payment::capture(call, notice).await,
        Command::CounterGift(gift) => counter::gift(call, gift).await,
        Command::GoodsGift(gift) => goods::gift(call, gift).await,
        Command::DonorHide { donation, reason } => privacy::hide(call, donation, reason).await,
        Command::DonorRestrict { donation, reason } => {
            privacy::restrict(call, donation, reason).await
        }
        Command::Repair(asked) => repair::ask(call, asked).await,
        Command::RepairDecide { repair, step, note } => {
            repair::decide(call, repair, (*step, note)).await
        }
        _ => Err(missing("这个操作")),
    }
}
