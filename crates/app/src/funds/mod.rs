//! Funds: opened, settled, paid out, delivered, repaired; goods beside money.

mod delivery;
mod disbursement;
mod fund;
mod goods;
mod handover;
mod repair;
mod settlement;
mod ticket;

pub(crate) use disbursement::advance_end;
pub(crate) use fund::{Reclassify, draw_reclassification};
pub(crate) use goods::{goods_fund, goods_place, goods_row, units};
pub(crate) use handover::{HandOver, draw_handover};
pub(crate) use repair::{Drawn, draw_correction, draw_refund, draw_reversal, gift_shares};

use crate::command::{Command, EvidenceRef, Outcome};
use crate::staircase::{Call, Flow, missing};
use store::batch::EvidenceRow;

pub(crate) async fn run(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::FundOpen(form) => fund::open(call, form).await,
        Command::Settle {
            from,
            to,
            sum,
            bill,
        } => settlement::settle(call, (from, to), sum, *bill).await,
        Command::DisbursementRequest { fund, request } => {
            disbursement::request(call, fund, request).await
        }
        Command::DisbursementStep {
            disbursement,
            step,
            reason,
        } => disbursement::step(call, disbursement, *step, reason).await,
        Command::DisbursementPay {
            disbursement,
            place,
            voucher,
        } => disbursement::pay(call, disbursement, (place, voucher)).await,
        Command::DeliveryRecord {
            fund,
            form,
            evidence,
        } => delivery::record(call, fund, form, evidence).await,
        Command::EvidenceAttach { delivery, evidence } => {
            delivery::attach(call, delivery, evidence).await
        }
        Command::AdvanceReturn {
            fund,
            amount,
            place,
        } => delivery::advance_return(call, fund, amount, place).await,
        command => run_goods(call, command).await,
    }
}

async fn run_goods(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::GoodsDelivery {
            fund,
            units,
            receiver,
        } => goods::deliver(call, fund, units, receiver).await,
        Command::GoodsConvert { fund, units, into } => {
            goods::convert(call, (fund, units), into).await
        }
        Command::GoodsLoss {
            fund,
            units,
            reason,
        } => goods::lose(call, (fund, units), reason).await,
        _ => Err(missing("这个操作")),
    }
}

pub(crate) fn evidence_rows(evidence: &[EvidenceRef]) -> Vec<EvidenceRow> {
    let row = |e: &EvidenceRef| EvidenceRow {
        sha256: e.sha256,
        length: e.length,
        mime: e.mime.clone(),
        title: e.title.clone(),
    };
    evidence.iter().map(row).collect()
}

/// What a movement led to, printed.
pub(crate) fn moved(call: &Call<'_>, id: String, posted: &store::Posted) -> Outcome {
    let movements = posted.movements.iter().map(|m| call.print(*m)).collect();
    Outcome::Moved { id, movements }
}
