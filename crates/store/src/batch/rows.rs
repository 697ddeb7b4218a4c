//! Rows read into what decisions know.

use db::{Error, Result, Row};
use domain::fundraising::{Campaign, CampaignState, Display, DonorKind, Intent};
use domain::funds::{
    Class, Disbursement, DisbursementState, Fund, FundKind, PayeeKind, Place, Restriction,
};
use kernel::{Amount, BasisPoints, Day, Id};
use ledger::Tape;

/// A stored code that this program does not know is damage, not input.
pub(crate) fn known<T>(value: Option<T>, what: &'static str) -> Result<T> {
    value.ok_or_else(|| Error::value(0, what))
}

/// A stored day number.
pub(crate) fn day(number: i64) -> Result<Day> {
    known(i32::try_from(number).ok().map(Day::from_number), "day")
}

/// Columns: id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow,
/// reserved.
pub(crate) fn fund_of_row(r: &Row<'_>) -> Result<Fund> {
    let tape = Tape::restore(r.i64(8)?, r.i64(9)?, r.i64(10)?).ok();
    Ok(Fund {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        kind: known(FundKind::parse(r.str(2)?), "fund.kind")?,
        unit: r.text(3)?,
        title: r.text(4)?,
        restriction: known(Restriction::parse(r.str(5)?), "fund.restriction")?,
        campaign: r.opt_i64(6)?.map(Id::from_raw),
        partner: r.opt_i64(7)?.map(Id::from_raw),
        tape: known(tape, "fund.tape")?,
    })
}

/// Columns: id, organisation_id, account, channel, title.
pub(crate) fn place_of_row(r: &Row<'_>) -> Result<Place> {
    Ok(Place {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        account: r.text(2)?,
        channel: r.text(3)?,
        title: r.text(4)?,
    })
}

/// Columns: id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund,
/// administrative_fund.
pub(crate) fn campaign_of_row(r: &Row<'_>) -> Result<Campaign> {
    let share = u32::try_from(r.i64(6)?).ok().and_then(BasisPoints::new);
    Ok(Campaign {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        title: r.text(2)?,
        state: known(CampaignState::parse(r.str(3)?), "campaign.state")?,
        starts_on: day(r.i64(4)?)?,
        ends_on: day(r.i64(5)?)?,
        administrative_share: known(share, "campaign.administrative_share")?,
        project_fund: r.opt_i64(7)?.map(Id::from_raw),
        administrative_fund: r.opt_i64(8)?.map(Id::from_raw),
    })
}

/// Columns: id, campaign_id, amount, donor_kind, donor_name, display, contact, message.
pub(crate) fn intent_of_row(r: &Row<'_>) -> Result<Intent> {
    Ok(Intent {
        id: Id::from_raw(r.i64(0)?),
        campaign: Id::from_raw(r.i64(1)?),
        amount: known(Amount::new(r.i64(2)?), "donation_intent.amount")?,
        donor_kind: known(DonorKind::parse(r.str(3)?), "donation_intent.donor_kind")?,
        donor_name: r.text(4)?,
        display: known(Display::parse(r.str(5)?), "donation_intent.display")?,
        contact: r.text(6)?,
        message: r.text(7)?,
    })
}

/// Columns: id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption,
/// state, maker, checker, approver.
pub(crate) fn disbursement_of_row(r: &Row<'_>) -> Result<Disbursement> {
    Ok(Disbursement {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        fund: Id::from_raw(r.i64(2)?),
        campaign: r.opt_i64(3)?.map(Id::from_raw),
        class: known(Class::parse(r.str(4)?), "disbursement.class")?,
        payee_kind: known(PayeeKind::parse(r.str(5)?), "disbursement.payee_kind")?,
        payee: r.text(6)?,
        amount: known(Amount::new(r.i64(7)?), "disbursement.amount")?,
        purpose: r.text(8)?,
        assumption: r.text(9)?,
        state: known(DisbursementState::parse(r.str(10)?), "disbursement.state")?,
        maker: Id::from_raw(r.i64(11)?),
        checker: r.opt_i64(12)?.map(Id::from_raw),
        approver: r.opt_i64(13)?.map(Id::from_raw),
    })
}
