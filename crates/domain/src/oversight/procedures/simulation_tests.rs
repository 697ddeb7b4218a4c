//! A year of a county, a city and a province office, played by dice, and the overdue report told a second time.
//!
//! The second telling reads plain lines of events and the tables. It walks day by day, and shares with the engine
//! nothing but the list of working days.

use super::*;
use kernel::{Day, Timestamp, WorkCalendar};
use matter::{
    Dated, Effect, LastDay, Length, Listed, Matter, Nature, Office, Person, Post, Request, Step,
    Taken, Who, clocks, durations, inbox, open_steps, overdue, system_steps, take,
};

/// Dice that fall the same way for the same seed.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn below(&mut self, sides: usize) -> usize {
        // Knuth's MMIX generator; its high bits are the good ones.
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn choose<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() {
            return None;
        }
        list.get(self.below(list.len())).copied()
    }
}

const OFFICES: i64 = 3;
/// People of each office, and of the organisations below it: one for each role, two for most.
const PEOPLE: i64 = 16;

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../../../data/holidays.csv")).unwrap()
}

fn noon(day: Day) -> Timestamp {
    day.start().plus_micros(43_200_000_000).unwrap()
}

/// The posts of an office: person `n` has the role `n` of the table, around and around.
fn posts(office: i64, procedure: &Procedure) -> Vec<Post> {
    let roles = procedure.roles.iter().cycle();
    (0..PEOPLE)
        .zip(roles)
        .map(|(n, role)| Post {
            person: Person(office * 100 + n),
            role: role.name,
        })
        .collect()
}

/// Some request for a step that can be taken.
fn request(step: &'static Step, who: Who, at: Timestamp, dice: &mut Dice) -> Request {
    let mut request = Request::new(step.name, who.by, at).because("依规办理");
    request.who = who;
    if step.effect == Effect::Return {
        request = request.missing("材料", "缺页");
    }
    if step.dated == Dated::Stated {
        let ago = i32::try_from(dice.below(6)).unwrap();
        request.dated = Some(at.day().plus_days(-ago));
    }
    for fact in step.states_facts {
        if dice.below(2) == 0 {
            request.facts.push((*fact).to_string());
        }
    }
    request.longer_by = step
        .extends
        .map(|_| 1 + u16::try_from(dice.below(10)).unwrap());
    request
}

/// Takes what the house takes by itself, and now and then what somebody may take.
fn act(matter: &mut Matter, office: i64, today: Day, dice: &mut Dice) {
    let calendar = calendar_ref();
    let at = noon(today);
    let posts = posts(office, matter.procedure());
    let office = Office {
        posts: &posts,
        delegations: &[],
        interested: &[],
    };
    let mut wanted: Option<(&'static Step, Who)> = None;
    let system = Who::alone(Person::SYSTEM);
    if let Some(step) = system_steps(matter, at, calendar).first() {
        wanted = Some((step, system));
    } else if dice.below(9) == 0 {
        let open = open_steps(matter, &office, at, calendar).unwrap();
        let all: Vec<_> = open
            .iter()
            .flat_map(|open| open.takers.iter().map(|who| (open.step, *who)))
            .collect();
        wanted = dice.choose(&all);
    }
    let Some((step, who)) = wanted else {
        return;
    };
    let request = request(step, who, at, dice);
    if let Ok(taken) = take(matter, &request, &office, calendar) {
        matter.record(taken).unwrap();
    }
}

fn calendar_ref() -> &'static WorkCalendar {
    static CALENDAR: std::sync::LazyLock<WorkCalendar> = std::sync::LazyLock::new(calendar);
    &CALENDAR
}

/// A year of three offices.
fn year(seed: u64) -> Vec<Matter> {
    let mut dice = Dice::new(seed);
    let mut matters: Vec<(i64, Matter)> = Vec::new();
    let mut today = Day::from_ymd(2026, 1, 1).unwrap();
    while today.ymd().0 == 2026 {
        for office in 1..=OFFICES {
            if dice.below(5) == 0 {
                let procedure = dice.choose(&PROCEDURES).unwrap();
                matters.push((office, Matter::new(procedure).unwrap()));
            }
        }
        for (office, matter) in &mut matters {
            act(matter, *office, today, &mut dice);
        }
        today = today.plus_days(1);
    }
    matters.into_iter().map(|(_, matter)| matter).collect()
}

/// What is written down of an entry: nothing else reaches the second telling.
#[derive(Clone)]
struct Line {
    step: &'static str,
    day: Day,
    start: Day,
    facts: Vec<&'static str>,
    longer_by: u16,
}

fn line(taken: &Taken) -> Line {
    Line {
        step: taken.step,
        day: taken.at.day(),
        start: taken.dated.unwrap_or(taken.at.day()),
        facts: taken.facts.clone(),
        longer_by: taken.longer_by.unwrap_or(0),
    }
}

/// One clock of one matter told a second time: its last day if it runs on this day and is over.
fn told_again(
    procedure: &'static Procedure,
    lines: &[Line],
    clock: &'static matter::Clock,
    today: Day,
) -> Option<(Day, Day)> {
    let (mut started, mut longer) = (None, 0);
    let mut paused_since: Option<Day> = None;
    let mut paused: Vec<(Day, Day)> = Vec::new();
    let mut facts: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.day <= today) {
        let step = procedure.step(line.step).unwrap();
        facts.retain(|fact| !step.states_facts.contains(fact));
        facts.extend(&line.facts);
        let names = |list: &[&str]| list.contains(&clock.name);
        let is_final = procedure.state(step.to).is_some_and(|state| state.is_final);
        if names(step.resumes)
            && let Some(since) = paused_since.take()
        {
            paused.push((since, line.day));
        }
        if names(step.pauses) && started.is_some() {
            paused_since = paused_since.or(Some(line.day));
        }
        if step.extends == Some(clock.name) {
            longer = line.longer_by;
        }
        if names(step.satisfies) || names(step.cancels) || is_final {
            started = None;
        }
        if names(step.starts) && !is_final && clock.when.holds(&facts) {
            started = Some(line.start);
            (longer, paused_since) = (0, None);
            paused.clear();
        }
    }
    let started = started?;
    if clock.nature == Nature::Waiting {
        return None;
    }
    // What was over when it was paused stays over.
    paused.extend(paused_since.map(|since| (since, today.plus_days(1))));
    let due = last_day(clock, (started, longer), &paused, today)?;
    Some((started, due))
}

/// The last day, looked for day by day up to today.
fn last_day(
    clock: &matter::Clock,
    (started, longer): (Day, u16),
    paused: &[(Day, Day)],
    today: Day,
) -> Option<Day> {
    let mut counted = 0;
    let mut full = false;
    let mut at = started;
    while at < today {
        at = at.plus_days(1);
        if paused.iter().any(|(from, to)| *from <= at && at < *to) {
            continue;
        }
        let working = calendar_ref().is_working_day(at).ok();
        counted += match clock.length {
            Length::WorkingDays(_) => u16::from(working?),
            _ => 1,
        };
        full |= match clock.length {
            Length::Days(n) | Length::WorkingDays(n) => counted == n + longer,
            Length::Months(_) => unreachable!("no table counts in months"),
            Length::UntilDate { month, day } => (at.ymd().1, at.ymd().2) == (month, day),
        };
        if full && (clock.last_day == LastDay::AsItFalls || working?) {
            return (at < today).then_some(at);
        }
    }
    None
}

fn listed(matters: &[Matter]) -> Vec<Listed<'_>> {
    let list = matters.iter().zip(1..);
    list.map(|(matter, id)| Listed { id, matter }).collect()
}

/// Holds the report of a day against the second telling; how many lines it has.
#[track_caller]
fn check_told(matters: &[Matter], today: Day) -> usize {
    let report = overdue(&listed(matters), today, calendar_ref()).unwrap();
    let told: Vec<_> = report
        .lines
        .iter()
        .map(|line| (line.due, line.id, line.clock, line.started))
        .collect();
    let mut again = Vec::new();
    for (matter, id) in matters.iter().zip(1_i64..) {
        let lines: Vec<Line> = matter.history().iter().map(line).collect();
        for clock in matter.procedure().clocks {
            if let Some((started, due)) = told_again(matter.procedure(), &lines, clock, today) {
                again.push((due, id, clock.name, started));
            }
        }
    }
    again.sort_unstable();
    assert_eq!(told, again, "{today}");
    assert!(report.unknown.is_empty(), "{today}");
    told.len()
}

#[test]
fn the_overdue_report_can_be_told_from_the_events() {
    let (mut late, mut pauses, mut extensions) = (0, 0, 0);
    for seed in 1..=6 {
        let matters = year(seed);
        for month in 1..=12 {
            late += check_told(&matters, Day::from_ymd(2026, month, 28).unwrap());
        }
        let runs = matters.iter().flat_map(Matter::runs);
        pauses += runs.clone().filter(|run| !run.pauses.is_empty()).count();
        extensions += runs.filter(|run| run.extended.is_some()).count();
    }
    // The dice must not have made idle years.
    assert!(
        late > 200 && pauses > 10 && extensions > 10,
        "{late} {pauses} {extensions}"
    );
}

#[test]
fn a_year_leaves_nothing_undone_or_unsaid() {
    let matters = year(7);
    let list = listed(&matters);
    let today = Day::from_ymd(2026, 12, 31).unwrap();
    let lines = inbox(&list, today, calendar_ref()).unwrap();
    let open = matters.iter().filter(|matter| !matter.state().is_final);
    assert_eq!(lines.len(), open.count());
    // Days that reach into 2027 are not known, and are behind all that is.
    let lights: Vec<_> = lines
        .iter()
        .filter_map(|line| Some(line.clock.as_ref()?.light))
        .collect();
    assert!(lights.is_sorted());
    assert!(lights.contains(&matter::Light::Unknown));
    for matter in &matters {
        let deeds: Vec<_> = matter.history().iter().map(Taken::deed).collect();
        let unmet = matter::unmet_demands(matter.procedure(), &deeds);
        assert!(unmet.is_empty(), "{unmet:?}");
        let running = clocks(matter, today, calendar_ref());
        assert!(running.iter().all(|status| !status.owed_by().is_empty()));
    }
    let took = durations(&list, calendar_ref()).unwrap();
    let whole = took.iter().filter(|duration| duration.step.is_none());
    assert!(whole.clone().count() > 4);
    assert!(
        took.iter()
            .all(|d| d.median <= d.ninetieth && d.ninetieth <= d.longest)
    );
    assert!(took.iter().all(|duration| duration.unknown == 0));
}
