//! Funds 善款: tapes of money under restrictions, and every decision that moves them.

mod countersign;
mod delivery;
mod disbursement;
mod fund;
mod goods;
mod handover;
mod place;
pub mod posting;
mod reclassification;
mod repair;
mod settlement;
mod title;

pub use countersign::{CountersignRefused, RepairState, check_open, decide_countersign};
pub use delivery::{
    DeliveryForm, DeliveryRefused, NewDelivery, decide_advance_return, decide_delivery,
};
pub use disbursement::{
    Class, Disbursement, DisbursementRefused, DisbursementRequest, GoodsForm, PayeeKind, Payment,
    Requested, State as DisbursementState, check_fund, decide_approval, decide_check,
    decide_payment, decide_refusal, decide_request, decide_request_to, read_voucher,
};
pub use fund::{Fund, FundKind, NewFund, Restriction};
pub use goods::{
    GoodsRefused, NewItem, UNITS_MAX, decide_goods_conversion, decide_goods_delivery,
    decide_goods_gift, decide_goods_loss,
};
pub use handover::{Handover, HandoverRefused, decide_handover};
pub use place::{NewPlace, Place, account, place_name, shown_place};
pub use reclassification::{ReclassificationRefused, decide_reclassification};
pub use repair::{
    CHARGEBACK_REASON, Gift, Outflow, RepairRefused, Share, decide_chargeback, decide_correction,
    decide_refund, decide_reversal, place_to_take_from,
};
pub use settlement::{SettlementRefused, decide_fee, decide_settlement};
pub use title::{
    ADMINISTRATIVE_PURPOSE, ASSUMED_PURPOSE, STORE_TITLE, administrative_title, advance_title,
    assumed_title, project_title, said_title,
};
