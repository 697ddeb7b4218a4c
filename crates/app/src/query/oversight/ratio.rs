//! The yearly ratios of an annual report 年度支出和管理费用比例 (EX-01 to EX-04), by the rules of the year that is reported.
//!
//! The numbers are those of the book; where nobody has read the number of a year, it is said and nothing is judged.

use super::rule::book;
use domain::oversight::forms::Answers;
use domain::parties::OrganisationKind;
use domain::{Sentence, say};
use kernel::Day;
use rulebook::{Group, Jurisdiction, Quantity, RuleId};

/// Ten thousand parts are the whole.
const WHOLE: i128 = 10_000;
const TIERS: [&str; 3] = ["one", "two", "three"];

/// 〔谁的比例〕 Whose ratios, and of which day's law.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// The legal form.
    pub kind: Option<OrganisationKind>,
    /// True if it may raise from the public.
    pub is_qualified: bool,
    /// The last day of the year that is reported.
    pub day: Day,
}

impl Judged {
    fn rule(&self) -> RuleId {
        let is_foundation = self.kind == Some(OrganisationKind::Foundation);
        RuleId::new(
            Group::Spending,
            match (self.is_qualified, is_foundation) {
                (true, true) => 1,
                (true, false) => 2,
                (false, true) => 3,
                (false, false) => 4,
            },
        )
    }

    fn share(&self, name: &str) -> Option<i128> {
        match book().number(self.rule(), name, self.day)?.quantity {
            Quantity::Share(share) => Some(i128::from(share.get())),
            _ => None,
        }
    }

    fn money(&self, name: &str) -> Option<i64> {
        let number = book().number(self.rule(), name, self.day)?;
        number.quantity.money().map(kernel::Fen::get)
    }

    /// The name of the tier of these net assets; the fourth has no lower end.
    fn tier(&self, assets: i64) -> &'static str {
        let reached = |tier: &&&str| {
            let from = self.money(&format!("tier_{tier}_from"));
            from.is_some_and(|from| assets >= from)
        };
        TIERS.iter().find(reached).copied().unwrap_or("four")
    }

    fn cited(&self) -> Sentence {
        let rule = book().rule(self.rule(), self.day, Jurisdiction::Nation);
        let sources = rule.map(|rule| rule.sources.iter().map(|one| book().cite(one)));
        let sources = sources.map(Iterator::collect::<Vec<_>>);
        Sentence::known(&sources.unwrap_or_default().join("；"))
    }
}

/// What the answers come to: what is compared, and what the rule says of it.
pub(super) fn ratios(answers: &Answers, judged: Judged) -> Vec<(&'static str, Sentence)> {
    let mut said = Vec::new();
    let charity = [
        answers.fen("ledger_delivered"),
        answers.fen("other_charity"),
    ];
    let charity = charity.into_iter().flatten().fold(0, i64::saturating_add);
    if let (Some(income), Some(assets)) = (answers.fen("last_income"), answers.fen("last_assets")) {
        let (name, base) = match judged.is_qualified {
            true => ("spending_min".to_owned(), income),
            false => (format!("tier_{}_spending_min", judged.tier(assets)), assets),
        };
        let of = if judged.is_qualified {
            "慈善活动支出占上年总收入"
        } else {
            "慈善活动支出占上年末净资产"
        };
        if let Some(share) = share_of(charity, base) {
            let least = judged.share(&name);
            said.push((of, least_said(share, least, &judged)));
        }
        let name = match judged.is_qualified {
            true => "management_max".to_owned(),
            false => format!("tier_{}_management_max", judged.tier(assets)),
        };
        let parts = answers.fen("management").zip(answers.fen("total_spending"));
        if let Some(share) = parts.and_then(|(part, total)| share_of(part, total)) {
            let most = judged.share(&name);
            said.push(("管理费用占本年总支出", most_said(share, most, &judged)));
        }
    }
    said
}

/// Parts of ten thousand, rounded down; nothing of nothing.
fn share_of(part: i64, whole: i64) -> Option<i128> {
    (whole > 0).then(|| i128::from(part) * WHOLE / i128::from(whole))
}

fn percent(share: i128) -> String {
    format!("{}.{:02}%", share / 100, share % 100)
}

fn least_said(share: i128, least: Option<i128>, judged: &Judged) -> Sentence {
    let (is, law) = (percent(share), judged.cited());
    match least {
        None => unread(is, law),
        Some(least) if share < least => say!(
            "{is}，低于规定的{least}，请在治理情况里说明原因并报告登记管理机关；依据：{law}",
            is,
            least = percent(least),
            law
        ),
        Some(least) => say!(
            "{is}，不低于规定的{least}；依据：{law}",
            is,
            least = percent(least),
            law
        ),
    }
}

fn most_said(share: i128, most: Option<i128>, judged: &Judged) -> Sentence {
    let (is, law) = (percent(share), judged.cited());
    match most {
        None => unread(is, law),
        Some(most) if share > most => say!(
            "{is}，高于规定的{most}，请在治理情况里说明原因并报告登记管理机关；依据：{law}",
            is,
            most = percent(most),
            law
        ),
        Some(most) => say!(
            "{is}，不高于规定的{most}；依据：{law}",
            is,
            most = percent(most),
            law
        ),
    }
}

/// A number that nobody has read judges nobody.
fn unread(is: String, law: Sentence) -> Sentence {
    say!(
        "{is}；这一年的规定比例没有读到原文，只提示不判断，请查{law}",
        is,
        law
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oversight::forms::form;

    fn check(kind: OrganisationKind, is_qualified: bool, year: &str, want: [&str; 2]) {
        let typed = [
            ("other_charity", "2000000"),
            ("total_spending", "6900000"),
            ("management", "650000"),
            ("last_income", "9200000"),
            ("last_assets", "30000000"),
        ];
        let form = form("annual_report").unwrap();
        let answers = Answers::read(form, typed).unwrap();
        let answers = answers.with("ledger_delivered", "3800000.00");
        let judged = Judged {
            kind: Some(kind),
            is_qualified,
            day: Day::parse(&format!("{year}-12-31")).unwrap(),
        };
        let said = ratios(&answers, judged);
        let words: Vec<String> = said.iter().map(|(_, words)| words.to_string()).collect();
        for (words, want) in words.iter().zip(want) {
            assert!(words.starts_with(want), "{words}");
        }
        assert_eq!(words.len(), want.len());
    }

    #[test]
    fn ratios_are_judged_by_the_law_of_their_year() {
        use OrganisationKind::{Association, Foundation};
        check(
            Foundation,
            true,
            "2026",
            ["63.04%，低于规定的70.00%", "9.42%，不高于规定的10.00%"],
        );
        check(
            Association,
            true,
            "2026",
            ["63.04%，低于规定的70.00%", "9.42%，不高于规定的13.00%"],
        );
        // Net assets of thirty million are the second tier of foundations.
        check(
            Foundation,
            false,
            "2026",
            ["19.33%，不低于规定的6.00%", "9.42%，不高于规定的13.00%"],
        );
        check(
            Association,
            false,
            "2026",
            ["19.33%，不低于规定的6.00%", "9.42%，不高于规定的13.00%"],
        );
        // The old numbers of the qualified were never read.
        let unread = "63.04%；这一年的规定比例没有读到原文";
        check(Foundation, true, "2025", [unread, "9.42%；这一年"]);
    }
}
