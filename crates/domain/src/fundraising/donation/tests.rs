//! Where money stands: every reason to hold it, and the shares that sum exactly.

use super::*;
use kernel::BasisPoints;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn campaign(state: State, share: u32) -> Campaign {
    Campaign {
        id: Id::from_raw(1),
        organisation: Id::from_raw(9),
        title: String::new(),
        state,
        starts_on: day("2026-11-01"),
        ends_on: day("2026-11-30"),
        administrative_share: BasisPoints::new(share).unwrap(),
        project_fund: Some(Id::from_raw(101)),
        administrative_fund: Some(Id::from_raw(102)),
    }
}

fn incoming(amount: i64, fee: i64, on: &str) -> Incoming {
    Incoming {
        amount: Amount::new(amount).unwrap(),
        fee: Fen::new(fee),
        channel: Channel {
            code: "demo".into(),
            place: Id::from_raw(5),
        },
        paid_at: day(on).start(),
        time_known: true,
        donor: Donor::nobody(),
    }
}

fn known<'a>(campaign: Option<&'a Campaign>, intent: Option<&'a Intent>) -> Known<'a> {
    Known {
        organisation: Id::from_raw(9),
        campaign,
        intent,
        intent_required: false,
        paid_before: false,
        held_fund: Id::from_raw(103),
        fee_fund: Id::from_raw(104),
        gate: Gate::Enforced,
        right: Right::Valid(None),
    }
}

fn intent(amount: i64) -> Intent {
    Intent {
        id: Id::from_raw(7),
        campaign: Id::from_raw(1),
        amount: Amount::new(amount).unwrap(),
        donor_name: "张三".into(),
        donor_kind: DonorKind::Person,
        display: Display::Masked,
        contact: String::new(),
        message: String::new(),
    }
}

fn decide(known: &Known<'_>, incoming: &Incoming) -> Decision {
    decide_donation(
        known,
        incoming,
        (Id::from_raw(11), Timestamp::from_micros(1)),
        [3; 32],
    )
}

#[track_caller]
fn check_held(state: State, on: &str, want: Option<HeldReason>) {
    let campaign = campaign(state, 0);
    let decision = decide(&known(Some(&campaign), None), &incoming(100, 0, on));
    assert_eq!(decision.held, want);
    let fund = decision.posting.moves[0].to.unwrap().fund.raw();
    assert_eq!(fund, if want.is_some() { 103 } else { 101 });
}

#[test]
fn money_stands_or_is_held_with_its_reason() {
    check_held(State::Live, "2026-11-30", None);
    check_held(State::Live, "2026-12-01", Some(HeldReason::OutsideDates));
    check_held(State::Live, "2026-10-31", Some(HeldReason::OutsideDates));
    check_held(State::Ended, "2026-11-20", Some(HeldReason::NotLive));
    check_held(State::Draft, "2026-11-20", Some(HeldReason::NotLive));
}

#[test]
fn the_order_of_reasons_is_fixed() {
    let campaign = campaign(State::Ended, 0);
    let differing = intent(99);
    let mut known = Known {
        intent_required: true,
        ..known(Some(&campaign), None)
    };
    let money = incoming(100, 0, "2026-11-20");
    assert_eq!(decide(&known, &money).held, Some(HeldReason::UnknownIntent));
    known.intent = Some(&differing);
    known.paid_before = true;
    assert_eq!(decide(&known, &money).held, Some(HeldReason::PaidTwice));
    known.paid_before = false;
    assert_eq!(decide(&known, &money).held, Some(HeldReason::AmountDiffers));
}

#[test]
fn published_lists_stand_after_the_end() {
    let campaign = campaign(State::Ended, 0);
    let known = Known {
        gate: Gate::Published,
        ..known(Some(&campaign), None)
    };
    assert_eq!(decide(&known, &incoming(100, 0, "2027-01-01")).held, None);
}

proptest! {
    #[test]
    fn shares_sum_to_the_gross_amount(amount in 1i64..10_000_000_000, fee in 0i64..1_000_000, share in 0u32..=1_000) {
        let campaign = campaign(State::Live, share);
        let decision = decide(&known(Some(&campaign), None), &incoming(amount, fee, "2026-11-20"));
        let moves = &decision.posting.moves;
        let inflow: i64 = moves.iter().filter(|m| m.to.is_some()).map(|m| m.amount).sum();
        let kept: i64 = moves.iter().filter(|m| m.to.unwrap().fund.raw() == 104).map(|m| m.amount).sum();
        prop_assert_eq!(inflow, amount);
        prop_assert_eq!(kept, fee.min(amount));
        prop_assert!(moves.iter().all(|m| m.amount > 0));
    }
}
