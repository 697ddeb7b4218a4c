//! Every refusal of a disbursement, and the way that is not refused.

use super::*;
use crate::funds::Restriction;
use ledger::Tape;

fn user(raw: i64) -> Id<ids::User> {
    Id::from_raw(raw)
}

fn order(state: State) -> Disbursement {
    Disbursement {
        id: Id::from_raw(1),
        organisation: Id::from_raw(9),
        fund: Id::from_raw(3),
        campaign: None,
        class: Class::Direct,
        payee_kind: PayeeKind::Organisation,
        payee: "云山县人民医院".into(),
        amount: Amount::new(5_000).unwrap(),
        purpose: "购置设备".into(),
        assumption: String::new(),
        state,
        maker: user(1),
        checker: Some(user(2)),
        approver: Some(user(3)),
    }
}

fn fund(kind: FundKind, inflow: i64) -> Fund {
    Fund {
        id: Id::from_raw(3),
        organisation: Id::from_raw(9),
        kind,
        unit: "fen".into(),
        title: String::new(),
        restriction: Restriction::Purpose,
        campaign: None,
        partner: None,
        tape: Tape {
            inflow,
            outflow: 0,
            reserved: 0,
        },
    }
}

fn organisation(approval_threshold: i64) -> Organisation {
    Organisation {
        id: Id::from_raw(9),
        name: String::new(),
        region: None,
        approval_threshold,
    }
}

#[track_caller]
fn check_check(who: i64, state: State, fund: &Fund, want: Result<State, &str>) {
    let got = decide_check(&order(state), user(who), fund, &organisation(5_000));
    assert_eq!(got.map_err(|e| e.code()), want);
}

#[test]
fn checking_goes_down_the_list_of_refusals() {
    let rich = fund(FundKind::Project, 5_000);
    check_check(1, State::Paid, &rich, Err("disbursement_wrong_state"));
    check_check(1, State::Requested, &rich, Err("disbursement_same_person"));
    check_check(
        2,
        State::Requested,
        &fund(FundKind::Held, 5_000),
        Err("disbursement_fund_kind"),
    );
    check_check(
        2,
        State::Requested,
        &fund(FundKind::Project, 4_999),
        Err("disbursement_balance"),
    );
    check_check(2, State::Requested, &rich, Ok(State::Approved));
}

#[test]
fn above_the_threshold_an_approver_is_needed() {
    let got = decide_check(
        &order(State::Requested),
        user(2),
        &fund(FundKind::Project, 5_000),
        &organisation(4_999),
    );
    assert_eq!(got, Ok(State::Checked));
    let rich = fund(FundKind::Project, 5_000);
    let same = decide_approval(&order(State::Checked), user(2), &rich).map_err(|e| e.code());
    assert_eq!(same, Err("disbursement_same_person"));
    assert_eq!(
        decide_approval(&order(State::Checked), user(3), &rich),
        Ok(State::Approved)
    );
}

#[track_caller]
fn check_payment(who: i64, there: i64, class: Class, want: Result<Kind, &str>) {
    let fund = fund(FundKind::Project, 5_000);
    let from = End {
        fund: fund.id,
        place: Id::from_raw(4),
    };
    let at = Timestamp::from_micros(0);
    let payment = Payment {
        payer: user(who),
        from,
        there,
        advance: None,
        goods: None,
        fund: &fund,
        at,
    };
    let order = Disbursement {
        class,
        ..order(State::Approved)
    };
    let got = decide_payment(&order, &payment)
        .map(|p| p.moves[0].kind)
        .map_err(|e| e.code());
    assert_eq!(got, want);
}

#[test]
fn payment_needs_a_fourth_person_and_money_at_the_place() {
    for earlier in [1, 2, 3] {
        check_payment(
            earlier,
            5_000,
            Class::Direct,
            Err("disbursement_same_person"),
        );
    }
    check_payment(4, 4_999, Class::Direct, Err("disbursement_place"));
    check_payment(4, 5_000, Class::Direct, Ok(Kind::Delivery));
    check_payment(4, 5_000, Class::Administration, Ok(Kind::Cost));
    check_payment(4, 5_000, Class::Purchase, Err("disbursement_goods_missing"));
}

#[test]
fn sending_back_frees_what_was_reserved() {
    assert_eq!(decide_refusal(&order(State::Approved)), Ok(5_000));
    assert_eq!(decide_refusal(&order(State::Requested)), Ok(0));
    assert!(decide_refusal(&order(State::Paid)).is_err());
}

#[test]
fn a_request_names_all_its_problems() {
    let problems = decide_request(&DisbursementRequest::default()).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|p| p.field).collect();
    assert_eq!(
        fields,
        ["class", "payee_kind", "payee", "amount", "purpose"]
    );
}

#[test]
fn what_the_fund_cannot_bear_is_told_with_the_rest() {
    let request = DisbursementRequest {
        amount: "50.01".into(),
        ..DisbursementRequest::default()
    };
    let problems = |inflow| {
        let problems = decide_request_to(&fund(FundKind::Project, inflow), &request).unwrap_err();
        problems.iter().map(|p| p.field).collect::<Vec<_>>()
    };
    assert_eq!(
        problems(5_000),
        ["class", "payee_kind", "payee", "purpose", "amount"]
    );
    assert_eq!(problems(5_001), ["class", "payee_kind", "payee", "purpose"]);
}

#[test]
fn a_purchase_names_its_goods_and_turns_fen_into_units() {
    let mut request = DisbursementRequest {
        class: "purchase".into(),
        payee_kind: "supplier".into(),
        payee: "江城纺织厂".into(),
        amount: "50".into(),
        purpose: "冬衣".into(),
        ..DisbursementRequest::default()
    };
    let problems = decide_request(&request).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|p| p.field).collect();
    assert_eq!(fields, ["units", "name", "unit"]);
    request.goods = GoodsForm {
        name: "冬衣".into(),
        spec: String::new(),
        unit: "件".into(),
        units: "20".into(),
    };
    assert_eq!(decide_request(&request).unwrap().goods.unwrap().1, 20);
    let fund = fund(FundKind::Project, 5_000);
    let from = End {
        fund: fund.id,
        place: Id::from_raw(4),
    };
    let goods = Some((
        End {
            fund: Id::from_raw(8),
            place: Id::from_raw(9),
        },
        20,
    ));
    let at = Timestamp::from_micros(0);
    let payment = Payment {
        payer: user(4),
        from,
        there: 5_000,
        advance: None,
        goods,
        fund: &fund,
        at,
    };
    let order = Disbursement {
        class: Class::Purchase,
        ..order(State::Approved)
    };
    let moved = decide_payment(&order, &payment).unwrap().moves[0].clone();
    assert_eq!(
        (moved.kind, moved.amount, moved.arrives),
        (Kind::Conversion, 5_000, Some(20))
    );
}
