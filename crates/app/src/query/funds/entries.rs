//! Double entry of one movement, by the ledger's posting templates.

use crate::view::EntryLine;
use domain::funds::{Class, Fund, FundKind, Place, Restriction};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::{Amount, Id};
use leaf::ids::Organisation;
use ledger::posting::{Case, Cause, CostClass, Direction, Nature, Seat, Year, postings};
use ledger::{AccountCode, Kind};

/// One end of a movement in the books: the fund and the place.
pub(crate) type Ends<'a> = Option<(&'a Fund, &'a Place)>;

/// The entries of a movement in the books of the fund's owner; none for goods, whose book value the movement
/// does not carry, and none where nothing changes in the accounts.
pub(crate) fn entries(
    kind: Kind,
    amount: i64,
    ends: (Ends<'_>, Ends<'_>),
    concerns: Option<Kind>,
    class: Option<Class>,
) -> Vec<EntryLine> {
    let (from, to) = ends;
    let counted = from.or(to).is_some_and(|(fund, _)| fund.unit == "fen");
    let Some(amount) = Amount::new(amount).filter(|_| counted) else {
        return Vec::new();
    };
    let owner = from.or(to).map(|(fund, _)| fund.organisation);
    let case = Case {
        kind,
        from: seat(from, owner),
        to: seat(to, owner),
        amount,
        concerns: concerns.or((kind == Kind::Correction).then_some(Kind::Gift)),
        class: class.map(cost_class),
        cause: Cause::Outside,
        year: Year::This,
    };
    let lines = postings(&case).unwrap_or_default();
    lines
        .iter()
        .map(|line| {
            let debit = line.direction == Direction::Debit;
            let fen = line.amount.get();
            EntryLine {
                account: line.account.code.get().to_string(),
                title: title(&line.account),
                debit: if debit { fen } else { 0 },
                credit: if debit { 0 } else { fen },
            }
        })
        .collect()
}

/// The account's full name without its code.
fn title(account: &ledger::Account) -> Sentence {
    let parts = account.levels().map(Sentence::from).collect();
    say!("{levels}", levels = Value::Several(parts, "—"))
}

/// One end as the owner's books see it; the other organisation's end is none of theirs.
fn seat(end: Ends<'_>, owner: Option<Id<Organisation>>) -> Option<Seat> {
    let (fund, place) = end.filter(|(fund, _)| Some(fund.organisation) == owner)?;
    let account = AccountCode::new(place.account.parse().ok()?)?.plain();
    let nature = match (fund.kind, fund.restriction) {
        (FundKind::Held, _) => Nature::Held,
        (FundKind::Agency, _) | (_, Restriction::Agency) => Nature::Agency,
        (_, Restriction::None) => Nature::Unrestricted,
        _ => Nature::Restricted,
    };
    Some(Seat { account, nature })
}

fn cost_class(class: Class) -> CostClass {
    match class {
        Class::Administration => CostClass::Management,
        Class::Fundraising => CostClass::Fundraising,
        Class::Direct | Class::Advance | Class::Purchase => CostClass::Activity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Tape;

    fn fund(kind: FundKind, restriction: Restriction) -> Fund {
        Fund {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            kind,
            unit: "fen".into(),
            title: String::new(),
            restriction,
            campaign: None,
            partner: None,
            tape: Tape {
                inflow: 100,
                outflow: 0,
                reserved: 0,
            },
        }
    }

    fn place(account: &str) -> Place {
        Place {
            id: Id::from_raw(3),
            organisation: Id::from_raw(2),
            account: account.into(),
            channel: String::new(),
            title: String::new(),
        }
    }

    #[track_caller]
    fn check(lines: &[EntryLine], want: &[(&str, i64, i64)]) {
        let got: Vec<_> = lines
            .iter()
            .map(|l| (l.account.as_str(), l.debit, l.credit))
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn money_is_booked_by_the_statutory_templates() {
        let project = fund(FundKind::Project, Restriction::Purpose);
        let advance = fund(FundKind::Advance, Restriction::Purpose);
        let (clearing, bank, partner) = (place("1009"), place("1002"), place("1141"));
        let gift = entries(
            Kind::Gift,
            50,
            (None, Some((&project, &clearing))),
            None,
            None,
        );
        check(&gift, &[("1009", 50, 0), ("4101", 0, 50)]);
        assert!(gift[1].title.contains("限定性收入"), "{}", gift[1].title);
        let ends = (Some((&project, &bank)), Some((&advance, &partner)));
        check(
            &entries(Kind::Allotment, 50, ends, None, None),
            &[("1141", 50, 0), ("1002", 0, 50)],
        );
        let used = entries(
            Kind::Delivery,
            50,
            (Some((&advance, &partner)), None),
            None,
            None,
        );
        check(&used, &[("5101", 50, 0), ("1141", 0, 50)]);
    }

    #[test]
    fn goods_have_no_entries_of_fen() {
        let mut goods = fund(FundKind::Goods, Restriction::Purpose);
        goods.unit = "口罩||箱".into();
        let stock = place("1201");
        check(
            &entries(Kind::Gift, 5, (None, Some((&goods, &stock))), None, None),
            &[],
        );
    }
}
