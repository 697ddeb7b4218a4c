//! What stands behind the statements: steps of orders, keys of payments, the audit trail.

use super::walk::{PAGE, Walk, unread};
use crate::outcome::Failure;
use leaf::ids;
use std::collections::BTreeMap;
use store::audit::{self as rows, MatterRow, PaymentRow, StepRow};

/// The steps that set maker, checker, approver and payer.
const STEPS: [&str; 4] = ["request", "check", "approve", "pay"];
/// The step of an order that a published notice brought.
const IMPORT: &str = "import";
/// The step of an order that came back from its leaf after an accident.
const RECOVER: &str = "recover";

impl Walk<'_> {
    /// Every order has the steps that its state says, taken by the people that it names, who are different ones.
    pub(super) async fn steps(&mut self, page: &[MatterRow]) -> Result<(), Failure> {
        let keys: Vec<i64> = page.iter().map(|row| row.id).collect();
        let steps = rows::steps_of_matters(self.session, &keys)
            .await
            .map_err(|e| unread(&e))?;
        let mut by_matter: BTreeMap<i64, Vec<StepRow>> = BTreeMap::new();
        for step in steps {
            by_matter.entry(step.matter).or_default().push(step);
        }
        for row in page {
            let steps = by_matter.remove(&row.id).unwrap_or_default();
            let came = if self.orders_imported.contains(&row.id) {
                Came::Imported
            } else if steps.iter().any(|step| step.step == RECOVER) {
                self.coverage.people = self.coverage.people.saturating_add(1);
                Came::Recovered
            } else {
                Came::Here
            };
            for problem in problems(row, &steps, came) {
                let id = self.names.print::<ids::Disbursement>(row.id);
                let sentence = format!("拨付行 {id} {problem}，请查明是谁改了数据库");
                self.found.add(None, "rows.matter_steps", sentence);
            }
        }
        Ok(())
    }

    /// Every payment exists once: its key has the amount of what it became, and every gift that came by one has it.
    pub(super) async fn payments(&mut self, gifts: u64) -> Result<(), Failure> {
        let (mut after, mut donated) = ((String::new(), String::new()), 0_u64);
        loop {
            let page = rows::payment_rows_after(self.session, (&after.0, &after.1), PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = (last.external_id.clone(), last.channel.clone());
            for row in page {
                donated = donated.saturating_add(u64::from(row.donated.is_some()));
                self.payment(&row);
            }
        }
        // Gifts in kind at the counter bring no payment, so that there may be fewer keys than gifts of all kinds.
        if donated < gifts {
            self.differs("rows.payment_count", "捐款的付款编号行数", donated, gifts);
        }
        Ok(())
    }

    fn payment(&mut self, row: &PaymentRow) {
        let is_goods_out = row.channel.starts_with("out/");
        let Some(amount) = row.donated.or(row.ordered) else {
            if !is_goods_out {
                let sentence = format!(
                    "付款编号行 {} 指向不存在的捐赠或拨付，请查明来源",
                    row.external_id
                );
                self.found.add(None, "rows.payment_stray", sentence);
            }
            return;
        };
        if amount != row.amount {
            let what = format!("付款编号行 {} 的金额", row.external_id);
            self.differs("rows.payment_amount", &what, row.amount, amount);
        }
    }

    /// Every command leaves an entry in the trail; a trail that is shorter has lost some.
    pub(super) async fn trail(&mut self) -> Result<(), Failure> {
        let (mut after, mut entries) = (i64::MIN, 0_u64);
        loop {
            let page = rows::audit_entries_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = *last;
            entries = entries.saturating_add(page.len() as u64);
        }
        let (mut after, mut commands) = (String::new(), 0_u64);
        loop {
            let page = rows::commands_after(self.session, &after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            commands = commands.saturating_add(page.len() as u64);
        }
        self.coverage.trail = entries;
        if entries < commands {
            let sentence = format!(
                "操作审计记录只有{entries}条，已办的命令有{commands}个，审计记录被删除，请从备份恢复"
            );
            self.found.add(None, "rows.trail", sentence);
        }
        Ok(())
    }
}

/// How an order came about, by its leaf: what the steps say of that is what is to be checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    /// By four eyes in this house.
    Here,
    /// By an import of what others had paid.
    Imported,
    /// From its leaf: who asked, checked and paid is lost as far as no backup knew it.
    Recovered,
}

/// What is wrong with the steps of an order.
fn problems(row: &MatterRow, steps: &[StepRow], came: Came) -> Vec<String> {
    let mut found = Vec::new();
    let import = steps.iter().find(|step| step.step == IMPORT);
    match (came, import) {
        (Came::Imported, Some(import)) => {
            if row.people[0] != Some(import.user.unwrap_or(0)) {
                found.push("的经办人与办理步骤不符".to_owned());
            }
            return found;
        }
        (Came::Imported, None) => found.push("缺少办理步骤 import".to_owned()),
        (Came::Here | Came::Recovered, Some(_)) => {
            found.push("有导入的步骤，陈述却不是导入的".to_owned())
        }
        (Came::Here | Came::Recovered, None) => {}
    }
    if came == Came::Imported {
        return found;
    }
    let needed: &[&str] = match row.state.as_str() {
        _ if came == Came::Recovered => &[],
        "requested" => &STEPS[..1],
        "checked" | "approved" => &STEPS[..2],
        "refused" => &["request", "refuse"],
        _ => &["request", "check", "pay"],
    };
    for step in needed {
        if !steps.iter().any(|taken| taken.step == *step) {
            found.push(format!("缺少办理步骤 {step}"));
        }
    }
    for (step, person) in STEPS.iter().zip(row.people) {
        let taken = steps.iter().find(|taken| taken.step == *step);
        // Nobody stands where a leaf brought back an order that no backup knew.
        let person = person.filter(|person| came != Came::Recovered || *person != 0);
        if taken.and_then(|taken| taken.user) != person {
            found.push(format!("的经办人与办理步骤 {step} 不符"));
        }
    }
    let people: Vec<i64> = row.people.iter().flatten().copied().collect();
    let is_same = people
        .iter()
        .enumerate()
        .any(|(at, person)| people.iter().skip(at + 1).any(|other| other == person));
    if is_same {
        found.push("的申请、复核、批准、付款有同一个人".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(state: &str, people: [Option<i64>; 4]) -> MatterRow {
        MatterRow {
            id: 1,
            organisation: 1,
            fund: 1,
            campaign: None,
            movement: None,
            to_fund: None,
            order: None,
            amount: Some(1),
            state: state.into(),
            people,
            words: Vec::new(),
        }
    }

    fn taken(steps: &[(&str, i64)]) -> Vec<StepRow> {
        let row = |(step, user): &(&str, i64)| StepRow {
            matter: 1,
            step: (*step).into(),
            user: Some(*user),
        };
        steps.iter().map(row).collect()
    }

    #[track_caller]
    fn check_as(came: Came, row: &MatterRow, steps: &[(&str, i64)], count: usize) {
        let found = problems(row, &taken(steps), came);
        assert_eq!(found.len(), count, "{found:?}");
    }

    #[track_caller]
    fn check(row: &MatterRow, steps: &[(&str, i64)], count: usize) {
        check_as(Came::Here, row, steps, count);
    }

    #[test]
    fn an_order_needs_its_steps_and_different_people() {
        let paid = order("paid", [Some(1), Some(2), None, Some(3)]);
        check(&paid, &[("request", 1), ("check", 2), ("pay", 3)], 0);
        // Two are missing and their people with them.
        check(&paid, &[("request", 1)], 4);
        let alone = order("paid", [Some(1), Some(1), None, Some(1)]);
        check(&alone, &[("request", 1), ("check", 1), ("pay", 1)], 1);
        check(&alone, &[("request", 1), ("check", 2), ("pay", 3)], 3);
        let asked = order("requested", [Some(1), None, None, None]);
        check(&asked, &[("request", 1)], 0);
        let refused = order("refused", [Some(1), None, None, None]);
        check(&refused, &[("request", 1), ("refuse", 2)], 0);
        let imported = order("paid", [Some(9), None, None, None]);
        let recovered = order("paid", [Some(0), None, None, None]);
        check_as(Came::Recovered, &recovered, &[], 0);
        let half = order("paid", [Some(1), Some(2), None, None]);
        let steps = [("request", 1), ("check", 2)];
        check_as(Came::Recovered, &half, &steps, 0);
        check_as(Came::Recovered, &half, &[("request", 1), ("check", 3)], 1);
        check_as(Came::Imported, &imported, &[("import", 9)], 0);
        check_as(Came::Imported, &imported, &[("import", 8)], 1);
        check_as(Came::Imported, &imported, &[], 1);
        // A row that says "import" takes nobody out of the four eyes.
        let steps = [("import", 1), ("request", 1), ("check", 2), ("pay", 3)];
        check(&paid, &steps, 1);
    }
}
