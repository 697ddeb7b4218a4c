//! The books that a log carries: tapes, places, owners and units.
//!
//! Wherever a leaf contradicts the books, it is named and the books go on from what the
//! leaf says, so that one mistake is one finding and not a million.

use super::names::Names;
use super::report::{Findings, FundTotals, OrganisationTotals, PlaceTotals};
use crate::json::Json;
use crate::kind::{Kind, Shape};
use crate::view::{LeafView, MoveView, SwapView};
use std::collections::BTreeMap;

/// Number of a name.
type Number = usize;

/// A fund as the log tells it.
#[derive(Default)]
struct Fund {
    /// Its own leaf says so, or, after a finding, the first leaf that used it.
    organisation: Option<Number>,
    is_declared: bool,
    unit: Option<Number>,
    inflow: i64,
    outflow: i64,
}

/// A place as the log tells it.
#[derive(Default)]
struct Place {
    /// As with a fund.
    organisation: Option<Number>,
    is_declared: bool,
}

/// All books.
pub(super) struct Books {
    organisations: Names,
    units: Names,
    fund_ids: Names,
    funds: Vec<Fund>,
    place_ids: Names,
    places: Vec<Place>,
    /// What a fund has at a place.
    balances: BTreeMap<(Number, Number), i64>,
}

impl Books {
    pub(super) fn new(key: &[u8; 32]) -> Books {
        Books {
            organisations: Names::new(key),
            units: Names::new(key),
            fund_ids: Names::new(key),
            funds: Vec::new(),
            place_ids: Names::new(key),
            places: Vec::new(),
            balances: BTreeMap::new(),
        }
    }

    /// Follows one leaf.
    pub(super) fn read(&mut self, leaf: &LeafView<'_>, findings: &mut Findings) {
        match leaf.kind {
            Kind::Fund => self.declare_fund(leaf, findings),
            Kind::Place => self.declare_place(leaf, findings),
            _ => {}
        }
        for movement in &leaf.moves {
            self.check_owners(leaf, movement, findings);
            self.check_units(leaf, movement, findings);
            self.move_out(movement, findings);
            self.move_in(movement, findings);
        }
        self.check_swaps(leaf, findings);
    }

    /// Whose a fund is and in what unit it counts is fixed by its first leaf.
    fn declare_fund(&mut self, leaf: &LeafView<'_>, findings: &mut Findings) {
        let organisation = leaf.organisation.map(|id| self.organisations.intern(id));
        let unit = leaf
            .data
            .get("unit")
            .and_then(Json::text)
            .map(|unit| self.units.intern(unit));
        if !leaf.id.starts_with("fnd_") {
            let sentence = format!("编号 {} 不是资金编号，请核对", leaf.id);
            return findings.add("fund.id", sentence);
        }
        let number = self.fund(leaf.id);
        let Some(fund) = self.funds.get_mut(number) else {
            return;
        };
        if !fund.is_declared {
            fund.organisation = organisation;
            fund.unit = unit;
            fund.is_declared = true;
        } else if fund.organisation != organisation || fund.unit != unit {
            let sentence = format!(
                "资金 {} 的所属组织或单位被改动，这两项不得变更，请核对",
                leaf.id
            );
            findings.add("fund.changed", sentence);
        }
    }

    fn declare_place(&mut self, leaf: &LeafView<'_>, findings: &mut Findings) {
        let organisation = leaf.organisation.map(|id| self.organisations.intern(id));
        if !leaf.id.starts_with("plc_") {
            let sentence = format!("编号 {} 不是存放处编号，请核对", leaf.id);
            return findings.add("place.id", sentence);
        }
        let number = self.place(leaf.id);
        let Some(place) = self.places.get_mut(number) else {
            return;
        };
        if !place.is_declared {
            place.organisation = organisation;
            place.is_declared = true;
        } else if place.organisation != organisation {
            let sentence = format!("存放处 {} 的所属组织被改动，请核对", leaf.id);
            findings.add("place.changed", sentence);
        }
    }

    /// A fund stands only at places of its own organisation, and the organisation that
    /// speaks owns one side at least.
    fn check_owners(
        &mut self,
        leaf: &LeafView<'_>,
        movement: &MoveView<'_>,
        findings: &mut Findings,
    ) {
        let speaker = leaf.organisation.map(|id| self.organisations.intern(id));
        let mut speaks_for_a_side = false;
        let sides = [
            (movement.from, movement.place_out),
            (movement.to, movement.place_in),
        ];
        for (side, place_id) in sides {
            let Some((side, place_id)) = side.zip(place_id) else {
                continue;
            };
            let owners = self.owners(side.fund, place_id, speaker, findings);
            if owners.0 != owners.1 {
                let sentence = format!(
                    "资金 {} 与存放处 {place_id} 不属于同一组织，请核对",
                    side.fund
                );
                findings.add("owner.differs", sentence);
            }
            speaks_for_a_side |= owners.0 == speaker;
        }
        if !speaks_for_a_side {
            let sentence = "作出陈述的组织不是任何一侧资金的所有者，请核对".to_owned();
            findings.add("owner.stranger", sentence);
        }
    }

    /// Who owns a fund and a place. What no leaf has declared is named once and taken for
    /// the speaker's from then on.
    fn owners(
        &mut self,
        fund_id: &str,
        place_id: &str,
        speaker: Option<Number>,
        findings: &mut Findings,
    ) -> (Option<Number>, Option<Number>) {
        let (fund, place) = (self.fund(fund_id), self.place(place_id));
        let (Some(fund), Some(place)) = (self.funds.get_mut(fund), self.places.get_mut(place))
        else {
            return (None, None);
        };
        if fund.organisation.is_none() {
            let sentence = format!("资金 {fund_id} 此前没有登记陈述，无法判断属于谁，请补登");
            findings.add("fund.undeclared", sentence);
            fund.organisation = speaker;
        }
        if place.organisation.is_none() {
            let sentence = format!("存放处 {place_id} 此前没有登记陈述，无法判断属于谁，请补登");
            findings.add("place.undeclared", sentence);
            place.organisation = speaker;
        }
        (fund.organisation, place.organisation)
    }

    /// What is no conversion keeps its unit and its length.
    fn check_units(
        &mut self,
        leaf: &LeafView<'_>,
        movement: &MoveView<'_>,
        findings: &mut Findings,
    ) {
        let Some((from, to)) = movement.from.zip(movement.to) else {
            return;
        };
        let may_differ = match leaf.kind.rules() {
            Some(rules) => rules.shape == Shape::Convert,
            None => true,
        };
        let units = [from.fund, to.fund].map(|id| {
            let number = self.fund(id);
            self.funds.get(number).and_then(|fund| fund.unit)
        });
        if !may_differ && units[0] != units[1] {
            let sentence = format!(
                "资金 {} 与 {} 的单位不同，只有转换可以换单位，请核对",
                from.fund, to.fund
            );
            findings.add("unit.differs", sentence);
        }
    }

    /// The out span starts where the last one ended, and what it takes has come in.
    fn move_out(&mut self, movement: &MoveView<'_>, findings: &mut Findings) {
        let Some((side, place_id)) = movement.from.zip(movement.place_out) else {
            return;
        };
        let number = self.fund(side.fund);
        if let (Some(span), Some(fund)) = (side.span, self.funds.get_mut(number)) {
            if span.0 != fund.outflow {
                let word = if span.0 > fund.outflow {
                    "中间缺了一段"
                } else {
                    "与已流出的重叠"
                };
                let sentence = format!(
                    "资金 {} 的流出应从{}开始，这条从{}开始，{word}，请核对",
                    side.fund, fund.outflow, span.0
                );
                findings.add("tape.out", sentence);
            }
            if span.1 > fund.inflow {
                let sentence = format!(
                    "资金 {} 流出到{}，超过累计流入{}，请核对",
                    side.fund, span.1, fund.inflow
                );
                findings.add("tape.overdrawn", sentence);
            }
            fund.outflow = fund.outflow.max(span.1);
        }
        let place = self.place(place_id);
        let balance = self.balances.entry((number, place)).or_default();
        *balance = balance.saturating_sub(movement.n);
        if *balance < 0 {
            let sentence = format!(
                "资金 {} 在存放处 {place_id} 的余额变成{}，不能为负，请核对",
                side.fund, balance
            );
            findings.add("place.negative", sentence);
        }
    }

    /// The in span starts where the last one ended.
    fn move_in(&mut self, movement: &MoveView<'_>, findings: &mut Findings) {
        let Some((side, place_id)) = movement.to.zip(movement.place_in) else {
            return;
        };
        let number = self.fund(side.fund);
        let mut length = movement.n;
        if let (Some(span), Some(fund)) = (side.span, self.funds.get_mut(number)) {
            length = span.1.saturating_sub(span.0);
            if span.0 != fund.inflow {
                let word = if span.0 > fund.inflow {
                    "中间缺了一段"
                } else {
                    "与已流入的重叠"
                };
                let sentence = format!(
                    "资金 {} 的流入应从{}开始，这条从{}开始，{word}，请核对",
                    side.fund, fund.inflow, span.0
                );
                findings.add("tape.in", sentence);
            }
            fund.inflow = fund.inflow.max(span.1);
        }
        let place = self.place(place_id);
        let balance = self.balances.entry((number, place)).or_default();
        *balance = balance.saturating_add(length);
    }

    /// Each run exchanges a part of the head that the leaf takes for positions behind it
    /// that are still on the tape; runs of one head ascend on both sides.
    fn check_swaps(&mut self, leaf: &LeafView<'_>, findings: &mut Findings) {
        let mut last: Option<SwapView<'_>> = None;
        for swap in &leaf.swaps {
            let head = leaf.moves.iter().find_map(|movement| {
                let span = movement.from.filter(|side| side.fund == swap.tape)?.span?;
                (span.0 <= swap.to && swap.to < span.1).then_some(span)
            });
            let number = self.fund(swap.tape);
            let inflow = self.funds.get(number).map_or(0, |fund| fund.inflow);
            let inside = head.is_some_and(|head| {
                swap.to + swap.len <= head.1
                    && swap.from >= head.1
                    && swap.from + swap.len <= inflow
            });
            let ascending = last.is_none_or(|before| {
                let same_head = before.tape == swap.tape
                    && head.is_some_and(|head| head.0 <= before.to && before.to < head.1);
                !same_head
                    || (before.to + before.len <= swap.to && before.from + before.len <= swap.from)
            });
            if !inside || !ascending {
                let sentence = format!(
                    "资金 {} 的换位[{},{},{}]不在本条流出与余额之内或没有按序，请核对",
                    swap.tape, swap.from, swap.to, swap.len
                );
                findings.add("swap.form", sentence);
            }
            last = Some(*swap);
        }
    }

    /// Sums at the end, and whether funds equal places.
    pub(super) fn finish(self, findings: &mut Findings) -> Vec<OrganisationTotals> {
        self.check_funds(findings);
        self.check_organisations(findings);
        self.totals()
    }

    /// The balance of each fund's tape is what it has at all its places.
    fn check_funds(&self, findings: &mut Findings) {
        let mut at_places = vec![0_i128; self.funds.len()];
        for (&(fund, _), balance) in &self.balances {
            if let Some(sum) = at_places.get_mut(fund) {
                *sum += i128::from(*balance);
            }
        }
        for (number, (fund, places)) in self.funds.iter().zip(at_places).enumerate() {
            let balance = i128::from(fund.inflow) - i128::from(fund.outflow);
            if balance != places {
                let id = self.fund_ids.name(number);
                let sentence =
                    format!("资金 {id} 余额{balance}，各存放处合计{places}，两者应相等，请核对");
                findings.add("fund.places", sentence);
            }
        }
    }

    /// Per organisation and unit, funds equal places.
    fn check_organisations(&self, findings: &mut Findings) {
        let mut sums: BTreeMap<(Number, Option<Number>), (i128, i128)> = BTreeMap::new();
        for fund in &self.funds {
            let Some(owner) = fund.organisation else {
                continue;
            };
            let sum = sums.entry((owner, fund.unit)).or_default();
            sum.0 += i128::from(fund.inflow) - i128::from(fund.outflow);
        }
        for (&(fund, place), balance) in &self.balances {
            let Some(owner) = self.places.get(place).and_then(|place| place.organisation) else {
                continue;
            };
            let unit = self.funds.get(fund).and_then(|fund| fund.unit);
            sums.entry((owner, unit)).or_default().1 += i128::from(*balance);
        }
        for ((owner, unit), (funds, places)) in sums {
            if funds != places {
                let sentence = format!(
                    "组织 {} 的资金合计{funds}，存放处合计{places}（单位{}），两者应相等，请核对",
                    self.organisations.name(owner),
                    self.unit_name(unit),
                );
                findings.add("organisation.places", sentence);
            }
        }
    }

    fn totals(&self) -> Vec<OrganisationTotals> {
        let mut totals: BTreeMap<Option<&str>, OrganisationTotals> = BTreeMap::new();
        for (number, fund) in self.funds.iter().enumerate() {
            self.total(&mut totals, fund.organisation)
                .funds
                .push(FundTotals {
                    id: self.fund_ids.name(number).to_owned(),
                    unit: self.unit_name(fund.unit).to_owned(),
                    inflow: fund.inflow,
                    outflow: fund.outflow,
                });
        }
        let mut places: BTreeMap<(Number, Option<Number>), i64> = BTreeMap::new();
        for (&(fund, place), balance) in &self.balances {
            let unit = self.funds.get(fund).and_then(|fund| fund.unit);
            let sum = places.entry((place, unit)).or_default();
            *sum = sum.saturating_add(*balance);
        }
        for ((place, unit), balance) in places {
            let owner = self.places.get(place).and_then(|place| place.organisation);
            self.total(&mut totals, owner).places.push(PlaceTotals {
                id: self.place_ids.name(place).to_owned(),
                unit: self.unit_name(unit).to_owned(),
                balance,
            });
        }
        let mut list: Vec<OrganisationTotals> = totals.into_values().collect();
        for organisation in &mut list {
            organisation.funds.sort_by(|a, b| a.id.cmp(&b.id));
            organisation
                .places
                .sort_by(|a, b| (&a.id, &a.unit).cmp(&(&b.id, &b.unit)));
        }
        list
    }

    fn total<'t, 's>(
        &'s self,
        totals: &'t mut BTreeMap<Option<&'s str>, OrganisationTotals>,
        owner: Option<Number>,
    ) -> &'t mut OrganisationTotals {
        let id = owner.map(|number| self.organisations.name(number));
        totals.entry(id).or_insert_with(|| OrganisationTotals {
            id: id.map(str::to_owned),
            funds: Vec::new(),
            places: Vec::new(),
        })
    }

    fn unit_name(&self, unit: Option<Number>) -> &str {
        unit.map_or("", |unit| self.units.name(unit))
    }

    fn fund(&mut self, id: &str) -> Number {
        let number = self.fund_ids.intern(id);
        if number == self.funds.len() {
            self.funds.push(Fund::default());
        }
        number
    }

    fn place(&mut self, id: &str) -> Number {
        let number = self.place_ids.intern(id);
        if number == self.places.len() {
            self.places.push(Place::default());
        }
        number
    }
}
