//! Funds 善款: tapes, places, movements and what they were used for, as they are kept.

mod countersign;
mod delivery;
mod disbursement;
mod evidence;
mod fund;
mod movement;
mod movement_list;
mod place;
mod total;
mod trace;

pub use countersign::{RepairRecord, repair_holding_back, repair_record, repairs_waiting};
pub use delivery::{
    DeliveryRecord, campaigns_of_deliveries, deliveries_by_movements, deliveries_in,
    deliveries_of_campaign, deliveries_saying, delivery_by_id,
};
pub use disbursement::{
    DisbursementRecord, StepRecord, disbursement_by_id, disbursement_record, disbursements_by_ids,
    disbursements_of_campaign, disbursements_of_organisation, disbursements_open, matter_steps,
};
pub use evidence::{EvidenceRecord, Hidden, evidence_by_digest, evidence_of};
pub use fund::{
    FundRecord, advance_funds, fund_by_id, fund_record, fund_titles, funds_by_ids, funds_listed,
    funds_of_campaign, funds_of_organisation, funds_of_partner, goods_of_organisation, held_fund,
    left_of_organisation,
};
pub use movement::{
    MovementRecord, came_into, movement_by_id, movements_by_ids, movements_of_donation,
    movements_of_fund, movements_undoing, undone_of,
};
pub use movement_list::{
    ListedMovement, MovementFilter, MovementOrder, MovementSide, TapePlace, balance_at_end,
    movements_recorded, movements_sorted, movements_tally,
};
pub use place::{
    PlaceAmount, place_by_id, place_titles, places_by_ids, places_of_fund, places_of_organisation,
};
pub use total::{
    DayKindTotal, KindTotal, days_of_funds, funds_with_reversals, house_balances,
    house_kind_totals, kind_totals_of_fund, kind_totals_of_funds, organisation_balances,
    organisation_kind_totals, organisation_kind_totals_between, paid_out, reversed_of_fund,
    reversed_of_fund_between,
};
pub use trace::{backward, forward, run_naming, trace_answer};
