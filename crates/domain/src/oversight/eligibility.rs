//! May this organisation have a public-fundraising qualification 公开募捐资格条件 (CF-01, CF-02)? Each condition with what is
//! known of it: met, not met, or not to be known here, and then who has to show it.
//!
//! One function for the organisation before it applies and for the official who decides, so that nobody is told two things.

use super::effects::reapply_from;
use super::forms::{Answers, NO, Paper, YES};
use crate::parties::register::{Item, Register, Right, Standing};
use crate::{Sentence, say};
use kernel::{Day, RegionCode};

const LAW: &str = "慈善法 第二十二条";
const RULE: &str = "慈善组织公开募捐管理办法 第五条";
const BAR: &str = "慈善法 第一百一十一条";
/// Months between becoming a charity and the first application, and months that violations are looked back.
const MONTHS: i32 = 12;
/// One third of the council.
const PART_OF_COUNCIL: i64 = 3;
/// Least supervisors of an organisation that a province registered.
const SUPERVISORS_OF_PROVINCE: i64 = 3;

/// 〔是否具备〕 What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is met, by what the register and the records say.
    Met,
    /// It is not met.
    Unmet,
    /// It cannot be known here: somebody has to show it.
    Open,
}

impl Verdict {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Unmet => "unmet",
            Verdict::Open => "open",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Verdict::Met => "具备",
            Verdict::Unmet => "不具备",
            Verdict::Open => "要另外证明",
        }
    }
}

/// 〔条件核对〕 One condition.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Stable code.
    pub code: &'static str,
    /// What has to be so.
    pub title: &'static str,
    /// The article.
    pub law: &'static str,
    /// What is known.
    pub verdict: Verdict,
    /// On what that rests.
    pub finding: Sentence,
    /// What to do next; nothing where it is met.
    pub next: Option<Sentence>,
}

/// 〔前一年报告〕 Reports that fell due in the year before, and how many came in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reports {
    /// How many fell due.
    pub due: i64,
    /// How many of them were published in time.
    pub on_time: i64,
}

/// 〔核对依据〕 What is known of the organisation.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Today.
    pub today: Day,
    /// Where it is registered.
    pub region: Option<RegionCode>,
    /// What the register says.
    pub register: &'a Register,
    /// Its reports.
    pub reports: Reports,
    /// What it declares in an application; empty before there is one.
    pub answers: &'a Answers,
    /// What it has handed in.
    pub papers: &'a [Paper<'a>],
}

/// Every condition, in the order of the law.
#[must_use]
pub fn eligibility(facts: &Facts<'_>) -> Vec<Checked> {
    let mut all = vec![
        charity_year(facts),
        acts(facts),
        right(facts),
        reports(facts),
        violations(facts),
    ];
    all.extend(council(facts));
    all.extend(people(facts));
    all.push(supervisors(facts));
    all.push(papers(
        facts,
        (
            "systems",
            "财务、项目、采购、资产、人事、档案、会计监督、信息公开八项制度健全。",
        ),
    ));
    all.push(papers(facts, ("audit", "年度支出和管理费用符合规定。")));
    all
}

/// The parts of an answer: what is known, on what it rests, and what to do.
type Found = (Verdict, Sentence, Option<Sentence>);

fn checked(
    (code, title, law): (&'static str, &'static str, &'static str),
    found: Found,
) -> Checked {
    let (verdict, finding, next) = found;
    Checked {
        code,
        title,
        law,
        verdict,
        finding,
        next,
    }
}

fn met(finding: impl Into<Sentence>) -> Found {
    (Verdict::Met, finding.into(), None)
}

fn unmet(finding: impl Into<Sentence>, next: impl Into<Sentence>) -> Found {
    (Verdict::Unmet, finding.into(), Some(next.into()))
}

fn open(finding: impl Into<Sentence>, next: impl Into<Sentence>) -> Found {
    (Verdict::Open, finding.into(), Some(next.into()))
}

fn charity_year(facts: &Facts<'_>) -> Checked {
    let found = match facts.register.charity_since(facts.today) {
        None => unmet(
            "登记簿里没有它现在是慈善组织的记载。",
            "请先申请认定为慈善组织；已经认定的，请登记管理机关补记。",
        ),
        Some(since) => {
            let first = since.plus_months(MONTHS);
            match facts.today < first {
                true => unmet(
                    say!("自{since}起是慈善组织，还不满一年。", since),
                    say!("请等到{first}再申请。", first),
                ),
                false => met(say!("自{since}起是慈善组织，已满一年。", since)),
            }
        }
    };
    checked(
        ("charity_year", "登记或者认定为慈善组织满一年。", LAW),
        found,
    )
}

fn acts(facts: &Facts<'_>) -> Checked {
    let found = match facts.register.standing(Item::Legal, facts.today) {
        None => open(
            "登记簿里没有法人登记的记载。",
            "请登记管理机关补记，或者交登记证书。",
        ),
        Some(Standing::InForce) => met("法人登记存续。"),
        Some(standing) => unmet(
            say!(
                "法人登记的状态是“{standing}”。",
                standing = standing.title()
            ),
            "请先恢复正常活动再申请。",
        ),
    };
    checked(("acts", "法人登记存续，没有被责令停止活动。", LAW), found)
}

fn right(facts: &Facts<'_>) -> Checked {
    let barred = reapply_from(facts.register).filter(|from| facts.today < *from);
    let found = match (barred, facts.register.right(facts.today)) {
        (Some(from), _) => unmet(
            "原来的资格被吊销，还不满五年。",
            say!("请等到{from}再申请。", from),
        ),
        (
            None,
            Right::Stopped {
                standing: Standing::Suspended,
                ..
            },
        ) => unmet(
            "现在的资格正在中止。",
            "请按决定整改，等登记管理机关恢复；原证书已经到期的，恢复以后再申请。",
        ),
        (None, Right::Valid(_)) => met("现在的资格有效，到期以前可以申请新的。"),
        (None, _) => met("没有中止的资格，也不在吊销后的五年内。"),
    };
    checked(("right", "没有正在中止的资格，吊销后满五年。", BAR), found)
}

fn reports(facts: &Facts<'_>) -> Checked {
    let Reports { due, on_time } = facts.reports;
    let found = match due - on_time {
        _ if due == 0 => open(
            "前一年在本平台没有到期的报告。",
            "请在申请时交年度报告和信息公开的情况说明。",
        ),
        0 => met(say!("前一年到期的{due}份报告都按时公布了。", due)),
        late => unmet(
            say!(
                "前一年到期的{due}份报告里，{late}份没有按时公布。",
                due,
                late
            ),
            "请尽快补上，满一年以后再申请。",
        ),
    };
    checked(("reports", "前一年按时公布报告。", RULE), found)
}

fn violations(facts: &Facts<'_>) -> Checked {
    let since = facts.today.plus_months(-MONTHS);
    let stops = [
        Standing::OrderedStop,
        Standing::Struck,
        Standing::Suspended,
        Standing::Revoked,
    ];
    let items = [Item::Legal, Item::Fundraising];
    let mut entries = items.iter().flat_map(|item| facts.register.counting(*item));
    let stopped = entries.find(|entry| {
        let is_stop = entry.new.standing.is_some_and(|one| stops.contains(&one));
        is_stop && entry.new.from > since && entry.new.from <= facts.today
    });
    let found = match (stopped, facts.answers.get("violations")) {
        (Some(entry), _) => unmet(
            say!(
                "登记簿里有{day}的记载“{standing}”。",
                day = entry.new.from,
                standing = entry.new.standing.map_or("", Standing::title)
            ),
            say!(
                "请等到{first}再申请。",
                first = entry.new.from.plus_months(MONTHS)
            ),
        ),
        (None, YES) => unmet("申请里写明前一年有违法违规。", "请满一年以后再申请。"),
        (None, NO) => open(
            "申请里写明前一年没有违法违规，登记簿里也没有。",
            "请登记管理机关核查其他机关的处罚。",
        ),
        (None, _) => open(
            "登记簿里前一年没有处罚的记载，其他机关的处罚本平台不知道。",
            "请在申请里如实写明，由登记管理机关核查。",
        ),
    };
    checked(("violations", "前一年没有违法违规。", RULE), found)
}

/// Nobody has declared it yet.
fn not_declared() -> Found {
    open("本平台没有登记这一项。", "请在申请表里填写，并交证明材料。")
}

fn council(facts: &Facts<'_>) -> Vec<Checked> {
    let council = facts.answers.count("council");
    let parts = [
        (
            "council_same",
            "来自同一组织以及有关联的组织的理事不超过三分之一。",
        ),
        ("council_outside", "非内地居民的理事不超过三分之一。"),
    ];
    let rows = parts.into_iter().map(|(name, title)| {
        let found = match (council, facts.answers.count(name)) {
            (Some(all), Some(part)) if part * PART_OF_COUNCIL > all => unmet(
                say!("申请里写明{all}名理事中有{part}名。", all, part),
                say!(
                    "请先调整理事会，最多{most}名。",
                    most = all / PART_OF_COUNCIL
                ),
            ),
            (Some(all), Some(part)) => met(say!("申请里写明{all}名理事中有{part}名。", all, part)),
            _ => not_declared(),
        };
        checked((name, title, RULE), found)
    });
    rows.collect()
}

fn people(facts: &Facts<'_>) -> Vec<Checked> {
    let rows = [
        ("relatives", NO, "理事之间没有近亲属关系。"),
        ("secretary", YES, "秘书长专职，理事长不兼任秘书长。"),
        ("representative_inside", YES, "法定代表人是内地居民。"),
    ];
    let mut all: Vec<Checked> = rows
        .into_iter()
        .map(|(name, good, title)| {
            let found = match facts.answers.get(name) {
                "" => not_declared(),
                answer if answer == good => met("申请里写明是这样。"),
                _ => unmet("申请里写明不是这样。", "请先调整再申请。"),
            };
            checked((name, title, RULE), found)
        })
        .collect();
    let staff = match facts.answers.count("staff") {
        None => not_declared(),
        Some(0) => unmet("申请里写明没有专职工作人员。", "请先聘用再申请。"),
        Some(staff) => met(say!("申请里写明有{staff}名专职工作人员。", staff)),
    };
    all.push(checked(
        ("staff", "有与活动相适应的专职工作人员。", RULE),
        staff,
    ));
    all
}

fn supervisors(facts: &Facts<'_>) -> Checked {
    let is_province = facts.region.is_some_and(|region| region.level() == 1);
    let least = if is_province {
        SUPERVISORS_OF_PROVINCE
    } else {
        1
    };
    let found = match facts.answers.count("supervisors") {
        None => not_declared(),
        Some(few) if few < least => unmet(
            say!("申请里写明有{few}名监事。", few),
            say!("请先增补，至少{least}名。", least),
        ),
        Some(all) => met(say!("申请里写明有{all}名监事。", all)),
    };
    checked(
        (
            "supervisors",
            "监事履行职责，省级登记的有三名以上监事。",
            RULE,
        ),
        found,
    )
}

fn papers(facts: &Facts<'_>, (slot, title): (&'static str, &'static str)) -> Checked {
    let mut papers = facts.papers.iter();
    let there = papers.any(|paper| paper.slot == slot && paper.files > 0);
    let found = match there {
        true => open(
            "材料已经交了，程序不能替人判断内容。",
            "请审批人员核对材料。",
        ),
        false => open("还没有交材料。", "请在申请时上传，由审批人员核对。"),
    };
    checked((slot, title, RULE), found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oversight::forms;
    use crate::parties::register::{Entry, ImportedEntry, read_one};
    use kernel::Id;

    fn today() -> Day {
        Day::parse("2026-06-01").unwrap()
    }

    fn register(rows: &[(Standing, &str)]) -> Register {
        let entry = |(n, (standing, from)): (usize, &(Standing, &str))| {
            let from = Day::parse(from).unwrap();
            let typed = ImportedEntry::of(*standing, from, ("某省民政厅", "1号"));
            let id = i64::try_from(n).unwrap() + 1;
            Entry {
                id: Id::from_raw(id),
                new: read_one("某登记簿", &typed, today()).unwrap(),
                recorded_at: today().start(),
                leaf_index: id,
            }
        };
        Register::new(rows.iter().enumerate().map(entry).collect())
    }

    const GOOD: [(&str, &str); 11] = [
        ("council", "9"),
        ("council_same", "3"),
        ("council_outside", "0"),
        ("relatives", "no"),
        ("secretary", "yes"),
        ("representative_inside", "yes"),
        ("staff", "4"),
        ("supervisors", "3"),
        ("violations", "no"),
        ("contact", "某人"),
        ("contact_phone", "1"),
    ];

    /// The verdicts that differ from those of a good organisation with a good application.
    #[track_caller]
    fn check(rows: &[(Standing, &str)], answers: &[(&str, &str)], want: &[(&str, Verdict)]) {
        let form = forms::form("qualification").unwrap();
        let typed = GOOD.iter().chain(answers).copied();
        let answers = Answers::read(form, typed).unwrap();
        let register = register(rows);
        let facts = Facts {
            today: today(),
            region: RegionCode::parse("33").ok(),
            register: &register,
            reports: Reports { due: 4, on_time: 4 },
            answers: &answers,
            papers: &[],
        };
        let all = eligibility(&facts);
        let open = ["violations", "systems", "audit"];
        let usual = |code| {
            if open.contains(&code) {
                Verdict::Open
            } else {
                Verdict::Met
            }
        };
        let odd = all.iter().filter(|one| one.verdict != usual(one.code));
        let odd: Vec<(&str, Verdict)> = odd.map(|one| (one.code, one.verdict)).collect();
        assert_eq!(odd, want);
        for one in &all {
            assert_eq!(
                one.next.is_none(),
                one.verdict == Verdict::Met,
                "{}",
                one.code
            );
            let next = one
                .next
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(next.is_empty() || next.contains('请'), "{next}");
            assert!(one.finding.to_string().ends_with('。') && one.title.ends_with('。'));
        }
    }

    #[test]
    fn each_condition_is_computed_from_the_register_the_records_and_the_application() {
        use Standing::{InForce, OrderedStop, Recognised, Revoked, Suspended, Valid};
        let good = [(InForce, "2020-01-01"), (Recognised, "2025-06-01")];
        check(&good, &[], &[]);
        check(
            &[],
            &[],
            &[("charity_year", Verdict::Unmet), ("acts", Verdict::Open)],
        );
        let young = [(InForce, "2020-01-01"), (Recognised, "2025-06-02")];
        check(&young, &[], &[("charity_year", Verdict::Unmet)]);
        let with = |more: &[(Standing, &'static str)]| [&good[..], more].concat();
        check(
            &with(&[(OrderedStop, "2026-05-01")]),
            &[],
            &[("acts", Verdict::Unmet), ("violations", Verdict::Unmet)],
        );
        check(
            &with(&[(Valid, "2021-01-01"), (Suspended, "2022-01-01")]),
            &[],
            &[("right", Verdict::Unmet)],
        );
        check(
            &with(&[(Revoked, "2021-06-01")]),
            &[],
            &[("right", Verdict::Unmet)],
        );
        check(&with(&[(Revoked, "2021-05-01")]), &[], &[]);
        for (name, value) in [
            ("council_same", "4"),
            ("council_outside", "4"),
            ("relatives", "yes"),
            ("secretary", "no"),
            ("representative_inside", "no"),
            ("staff", "0"),
            ("supervisors", "2"),
            ("violations", "yes"),
        ] {
            check(&good, &[(name, value)], &[(name, Verdict::Unmet)]);
            let silent: &[(&str, Verdict)] = match name {
                "violations" => &[],
                _ => &[(name, Verdict::Open)],
            };
            check(&good, &[(name, "")], silent);
        }
    }

    #[test]
    fn reports_count_only_where_some_fell_due() {
        let register = register(&[]);
        let answers = Answers::default();
        let verdict = |due, on_time| {
            let facts = Facts {
                today: today(),
                region: None,
                register: &register,
                reports: Reports { due, on_time },
                answers: &answers,
                papers: &[],
            };
            let all = eligibility(&facts);
            all.into_iter()
                .find(|one| one.code == "reports")
                .unwrap()
                .verdict
        };
        assert_eq!(verdict(0, 0), Verdict::Open);
        assert_eq!(verdict(3, 3), Verdict::Met);
        assert_eq!(verdict(3, 2), Verdict::Unmet);
    }
}
