//! The search: every order of steps, people and delegations, until nothing new comes up.
//!
//! Everybody holds every role and everybody may act for everybody, so that roles protect nobody: what is found
//! safe here is safe with fewer roles too. Time is left out: whatever a clock permits at some time is permitted.
//! Situations that differ only by the names of people are one situation.

use crate::acts::{Act, Acts};
use crate::demands::{state_after, unmet_demands};
use crate::limits::{PLAYERS_MAX, SITUATIONS_MAX};
use crate::people::{Delegation, Office, Person, Post, Who};
use crate::procedure::{Demand, Effect, Procedure, Step};
use crate::take::judge_people;
use crate::taken::Deed;
use kernel::Day;
use std::collections::BTreeSet;

/// 〔穷举结果〕 What a search found.
#[derive(Debug, Clone)]
pub struct Explored {
    /// How many situations were visited.
    pub situations: usize,
    /// True if there are no others; false if the limit stopped the search.
    pub complete: bool,
    /// The states that were reached, sorted by name.
    pub reached: Vec<&'static str>,
    /// The steps that were taken, sorted by name.
    pub taken: Vec<&'static str>,
    /// Orders of steps that reach a state without the people whom it demands; the first few.
    pub violations: Vec<Violation>,
}

/// 〔违规路径〕 An order of steps that should not be possible.
#[derive(Debug, Clone)]
pub struct Violation {
    /// The state that was reached.
    pub state: &'static str,
    /// What it demands and did not get.
    pub unmet: Vec<&'static Demand>,
    /// The way there.
    pub path: Vec<Deed>,
}

/// Most violations that one search tells.
const VIOLATIONS_MAX: usize = 5;

/// A situation, and how it was reached.
struct Node {
    acts: Acts,
    parent: usize,
    deed: Option<Deed>,
}

/// 〔穷举〕 Plays a procedure with so many people (at most five), visiting at most `limit` situations.
#[must_use]
pub fn explore(procedure: &'static Procedure, people: u8, limit: usize) -> Explored {
    let limit = limit.min(SITUATIONS_MAX);
    let people: Vec<Person> = (1..=people.min(PLAYERS_MAX))
        .map(|n| Person(n.into()))
        .collect();
    let (posts, delegations) = everything(procedure, &people);
    let office = Office {
        posts: &posts,
        delegations: &delegations,
        interested: &[],
    };
    let mut nodes: Vec<Node> = Vec::new();
    let mut seen = Seen::new(procedure, &people);
    let mut found = Explored {
        situations: 0,
        complete: true,
        reached: Vec::new(),
        taken: Vec::new(),
        violations: Vec::new(),
    };
    if let Some(acts) = Acts::new(procedure) {
        seen.is_new(&acts);
        nodes.push(Node {
            acts,
            parent: 0,
            deed: None,
        });
    }
    let mut at = 0;
    while let Some(acts) = nodes.get(at).map(|node| node.acts.clone()) {
        for (step, deed) in moves(procedure, &acts, &office, &people) {
            found.taken.push(step.name);
            let mut next = acts.clone();
            next.advance(procedure, step, &deed);
            if !next.state.demands.is_empty() {
                judge(procedure, &nodes, (at, &deed), &mut found);
            }
            if !seen.is_new(&next) {
                continue;
            }
            if nodes.len() >= limit {
                found.complete = false;
                continue;
            }
            nodes.push(Node {
                acts: next,
                parent: at,
                deed: Some(deed),
            });
        }
        found.taken.sort_unstable();
        found.taken.dedup();
        at = at.saturating_add(1);
    }
    found.situations = nodes.len();
    found.reached = nodes.iter().map(|node| node.acts.state.name).collect();
    found.reached.sort_unstable();
    found.reached.dedup();
    found
}

/// Every role to everybody, and everybody for everybody.
fn everything(procedure: &Procedure, people: &[Person]) -> (Vec<Post>, Vec<Delegation>) {
    let (mut posts, mut delegations) = (Vec::new(), Vec::new());
    for role in procedure.roles.iter().map(|role| role.name) {
        for person in people {
            posts.push(Post {
                person: *person,
                role,
            });
            for represented in people.iter().filter(|other| *other != person) {
                delegations.push(Delegation {
                    represented: *represented,
                    delegate: *person,
                    role,
                    first: TODAY,
                    last: TODAY,
                });
            }
        }
    }
    (posts, delegations)
}

/// The one day of the search.
const TODAY: Day = Day::from_number(0);

/// Everything that anybody may do in a situation.
fn moves(
    procedure: &'static Procedure,
    acts: &Acts,
    office: &Office<'_>,
    people: &[Person],
) -> Vec<(&'static Step, Deed)> {
    let mut moves = Vec::new();
    for step in procedure.steps.iter().filter(|step| acts.offers(step)) {
        for who in players(step, people) {
            if judge_people(acts, step, who, office, TODAY).is_err() {
                continue;
            }
            for facts in subsets(step.states_facts) {
                let deed = Deed {
                    step: step.name,
                    who,
                    facts,
                };
                moves.push((step, deed));
            }
        }
    }
    moves
}

/// Who might take a step: everybody alone and for everybody else, or the house.
fn players(step: &Step, people: &[Person]) -> Vec<Who> {
    if step.is_of_system() {
        return vec![Who::alone(Person::SYSTEM)];
    }
    let mut players = Vec::new();
    for by in people {
        players.push(Who::alone(*by));
        let others = people.iter().filter(|other| *other != by);
        players.extend(others.map(|other| Who {
            by: *by,
            for_whom: Some(*other),
        }));
    }
    players
}

/// Every set of these facts, each sorted.
fn subsets(facts: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut sets = vec![Vec::new()];
    for fact in facts {
        let with: Vec<Vec<&'static str>> = sets
            .iter()
            .map(|set| {
                let mut set = set.clone();
                set.push(*fact);
                set.sort_unstable();
                set
            })
            .collect();
        sets.extend(with);
    }
    sets
}

/// Holds a way into a situation against the demands of its state, by all deeds on it. Ways into situations that
/// were seen before are held too: the fold might take two for one that are not.
fn judge(procedure: &Procedure, nodes: &[Node], way: (usize, &Deed), found: &mut Explored) {
    if found.violations.len() >= VIOLATIONS_MAX {
        return;
    }
    let (parent, last) = way;
    let mut path = vec![last.clone()];
    let mut at = nodes.get(parent);
    while let Some(Node {
        deed: Some(deed),
        parent,
        ..
    }) = at
    {
        path.push(deed.clone());
        at = nodes.get(*parent);
    }
    path.reverse();
    let unmet = unmet_demands(procedure, &path);
    if !unmet.is_empty() {
        found.violations.push(Violation {
            state: state_after(procedure, &path),
            unmet,
            path,
        });
    }
}

/// The steps whose people matter: those that anything names. A key says them by their place.
struct Watched {
    states: Vec<&'static str>,
    facts: Vec<&'static str>,
    counting: Vec<&'static str>,
    ever: Vec<&'static str>,
}

fn watched(procedure: &Procedure) -> Watched {
    let steps = procedure.steps.iter();
    let demands = procedure.states.iter().flat_map(|state| state.demands);
    let demanded = demands.flat_map(|demand| demand.steps).copied();
    let required = steps.clone().flat_map(|step| step.requires);
    let approvals = steps.clone().filter(|step| step.effect == Effect::Approve);
    let counting: BTreeSet<&'static str> = demanded
        .chain(required.map(|requirement| requirement.step))
        .chain(approvals.map(|step| step.name))
        .collect();
    let ever: BTreeSet<&'static str> = steps.flat_map(|step| step.apart_from).copied().collect();
    Watched {
        states: procedure.states.iter().map(|state| state.name).collect(),
        facts: procedure.facts.iter().map(|fact| fact.name).collect(),
        counting: counting.into_iter().collect(),
        ever: ever.into_iter().collect(),
    }
}

/// Every order of these people.
fn permutations(people: &[Person]) -> Vec<Vec<Person>> {
    let mut orders = vec![Vec::new()];
    for person in people {
        let mut longer = Vec::new();
        for order in &orders {
            for place in 0..=order.len() {
                let mut with: Vec<Person> = order.clone();
                with.insert(place, *person);
                longer.push(with);
            }
        }
        orders = longer;
    }
    orders
}

/// Everything about a situation that decides what can follow: the state, the facts, and for each step that is
/// watched the sets of people, as bits.
type Key = Vec<u16>;

/// What was seen: situations with people as they are called, and with people renamed so that the key is smallest.
/// The first spares the renaming, which costs most.
struct Seen {
    watched: Watched,
    /// For each order of people, what each set of people becomes.
    renamings: Vec<Vec<u16>>,
    called: BTreeSet<Key>,
    renamed: BTreeSet<Key>,
}

/// Where the people of a key begin: the state and the facts stand before.
const HEAD: usize = 2;

impl Seen {
    fn new(procedure: &Procedure, people: &[Person]) -> Seen {
        let sets = 1_u16.wrapping_shl(number(people.len()));
        let renaming = |order: &Vec<Person>| {
            let bit = |n: usize| {
                let place = order.get(n).map_or(0, |person| person.0);
                1_u16.wrapping_shl(u32::try_from(place.saturating_sub(1)).unwrap_or(0))
            };
            let renamed = |set: u16| {
                (0..people.len())
                    .filter(|n| set & 1_u16.wrapping_shl(number(*n)) != 0)
                    .fold(0, |renamed, n| renamed | bit(n))
            };
            (0..sets).map(renamed).collect()
        };
        Seen {
            watched: watched(procedure),
            renamings: permutations(people).iter().map(renaming).collect(),
            called: BTreeSet::new(),
            renamed: BTreeSet::new(),
        }
    }

    /// Whether a situation is new; from now on it is not.
    fn is_new(&mut self, acts: &Acts) -> bool {
        let key = self.key(acts);
        if self.called.contains(&key) {
            return false;
        }
        let renamed = |renaming: &Vec<u16>| {
            let mut renamed = key.clone();
            for entry in renamed.iter_mut().skip(HEAD) {
                let set = usize::from(*entry & SET);
                *entry = *entry & !SET | renaming.get(set).copied().unwrap_or(0);
            }
            if let Some(people) = renamed.get_mut(HEAD..) {
                people.sort_unstable();
            }
            renamed
        };
        let smallest = self.renamings.iter().map(renamed).min();
        let is_new = self.renamed.insert(smallest.unwrap_or_default());
        self.called.insert(key);
        is_new
    }

    fn key(&self, acts: &Acts) -> Key {
        let Watched {
            states,
            facts,
            counting,
            ever,
        } = &self.watched;
        let place = |list: &[&str], name: &str| {
            let place = list.iter().position(|known| *known == name)?;
            u16::try_from(place).ok()
        };
        let mut key = vec![place(states, acts.state.name).unwrap_or(u16::MAX), 0];
        for fact in &acts.facts {
            let bit = place(facts, fact).map_or(0, |n| 1_u16.wrapping_shl(n.into()));
            if let Some(all) = key.get_mut(1) {
                *all |= bit;
            }
        }
        for Act { step, who } in &acts.counting {
            if let Some(step) = place(counting, step) {
                key.push(step.wrapping_shl(SET_BITS) | set_of(*who));
            }
        }
        let mut together = vec![0_u16; ever.len()];
        for Act { step, who } in &acts.ever {
            let all = place(ever, step).and_then(|n| together.get_mut(usize::from(n)));
            if let Some(all) = all {
                *all |= set_of(*who);
            }
        }
        for (step, all) in (0_u16..).zip(together).filter(|(_, all)| *all != 0) {
            key.push(EVER | step.wrapping_shl(SET_BITS) | all);
        }
        let mut people = key.split_off(HEAD);
        people.sort_unstable();
        people.dedup();
        key.append(&mut people);
        key
    }
}

/// The low bits of an entry are a set of people, as many as may play.
const SET_BITS: u32 = 5;
const SET: u16 = 31;
/// The highest bit tells what was ever done from what counts now.
const EVER: u16 = 1 << 15;

/// These people as bits; the house is nobody.
fn set_of(who: Who) -> u16 {
    who.people()
        .filter(|person| *person != Person::SYSTEM)
        .filter_map(|person| u32::try_from(person.0.checked_sub(1)?).ok())
        .fold(0, |set, place| set | 1_u16.wrapping_shl(place))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

#[cfg(test)]
#[path = "explore_tests.rs"]
mod tests;
