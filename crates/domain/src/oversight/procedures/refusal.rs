//! Refusals of steps in words 不予办理的说明: one plain sentence for each, with what to do next.

use crate::refusal::Refused;
use crate::say;
use crate::sentence::{Sentence, Value};
use matter::{Lacking, Procedure, StepRefused};

/// 〔不予办理〕 A refusal of a step, with the table that gives its words their titles.
#[derive(Debug, Clone)]
pub struct StepRefusal {
    /// The table.
    pub procedure: &'static Procedure,
    /// The refusal.
    pub refused: StepRefused,
}

impl StepRefusal {
    fn step(&self, name: &str) -> &'static str {
        self.procedure.step(name).map_or("", |step| step.title)
    }

    fn state(&self, name: &str) -> &'static str {
        self.procedure.state(name).map_or("", |state| state.title)
    }

    fn clock(&self, name: &str) -> &'static str {
        self.procedure.clock(name).map_or("", |clock| clock.title)
    }

    fn fact(&self, name: &str) -> &'static str {
        let mut facts = self.procedure.facts.iter();
        facts
            .find(|fact| fact.name == name)
            .map_or("", |fact| fact.title)
    }

    fn roles(&self, roles: &[&str]) -> Sentence {
        let titles = roles
            .iter()
            .filter_map(|role| self.procedure.role_title(role));
        joined(titles.map(Sentence::from).collect())
    }

    fn states(&self, states: &[&str]) -> Sentence {
        let titles = states.iter().map(|state| Sentence::from(self.state(state)));
        joined(titles.collect())
    }

    fn lacking(&self, lacking: &[Lacking]) -> Sentence {
        let each = |lacking: &Lacking| {
            say!(
                "{step}（要{people}人，已有{given}人）",
                step = self.step(lacking.step),
                people = i64::from(lacking.people),
                given = i64::from(lacking.given),
            )
        };
        joined(lacking.iter().map(each).collect())
    }

    /// What the matter, the people and the others say.
    fn about_people(&self) -> Option<Sentence> {
        Some(match &self.refused {
            StepRefused::Unknown => "没有这个办理步骤，请刷新页面后重新选择。".into(),
            StepRefused::Ended { state } => say!(
                "这件事项已经办结（{state}），不能再办理；需要时请另行申请。",
                state = self.state(state)
            ),
            StepRefused::HistoryFull { limit } => say!(
                "这件事项已有{limit}条办理记录，达到上限，请另行立项并说明原事项。",
                limit = *limit
            ),
            StepRefused::Backwards { .. } => {
                "已有更晚的办理记录，请刷新页面，核对时间后再办理。".into()
            }
            StepRefused::NotNow { state, from } => say!(
                "事项现在是“{state}”，这一步要在“{from}”时办理，请刷新页面查看现在可以办理的步骤。",
                state = self.state(state),
                from = self.states(from)
            ),
            StepRefused::NotHere { fact } => say!(
                "这件事项是否“{fact}”与这一步不符，不用办理；情况有变请先更正申请内容。",
                fact = self.fact(fact)
            ),
            StepRefused::System => {
                "由系统自动办理的步骤和由人办理的步骤不能互相代替，请选择其他步骤。".into()
            }
            StepRefused::NotRepresented { .. } => {
                "今天没有这个岗位的有效委托，请核对委托人、岗位和委托起止日期。".into()
            }
            StepRefused::Role { roles } => say!(
                "这一步由{roles}办理，请转给有这个岗位的人。",
                roles = self.roles(roles)
            ),
            StepRefused::Interested { .. } => {
                "办理人或者委托人与这件事项有利害关系，应当回避，请转给其他人办理。".into()
            }
            StepRefused::SamePerson { step, .. } => say!(
                "办理人或者委托人已经办理过“{step}”，这一步要由另一个人办理，请转给其他人。",
                step = self.step(step)
            ),
            StepRefused::AlreadyGiven { .. } => {
                "办理人或者委托人已经给过意见，还需要其他人的意见，请转给其他人。".into()
            }
            StepRefused::Lacking { lacking } => say!(
                "还差这些意见：{lacking}；请等齐之后再办理。",
                lacking = self.lacking(lacking)
            ),
            _ => return None,
        })
    }

    /// What the clocks say.
    fn about_time(&self) -> Option<Sentence> {
        Some(match &self.refused {
            StepRefused::TooEarly {
                clock,
                due: Some(due),
            } => say!(
                "“{clock}”到{due}才期满，请在这一天之后办理。",
                clock = self.clock(clock),
                due = *due
            ),
            StepRefused::TooEarly { clock, due: None } => say!(
                "“{clock}”还没有起算或者正在中止，请等期满后办理。",
                clock = self.clock(clock)
            ),
            StepRefused::ClockUnknown { clock, year } => say!(
                "还没有{year}年的放假安排，不知道“{clock}”何时期满，请管理员导入后再办理。",
                year = i64::from(*year).to_string(),
                clock = self.clock(clock)
            ),
            StepRefused::TooLate { clock, due } => say!(
                "“{clock}”已在{due}期满，不能再办理这一步，请查看现在可以办理的步骤。",
                clock = self.clock(clock),
                due = *due
            ),
            StepRefused::NoClock { clock } => say!(
                "“{clock}”现在没有计时，不用延长。",
                clock = self.clock(clock)
            ),
            StepRefused::ExtendedBefore { clock } => say!(
                "“{clock}”已经延长过一次，不能再延长，请在期限内办结。",
                clock = self.clock(clock)
            ),
            StepRefused::Extension { clock, most } => say!(
                "“{clock}”可以延长1到{most}日，请改正延长的天数。",
                clock = self.clock(clock),
                most = i64::from(*most)
            ),
            _ => return None,
        })
    }

    /// What was filled in wrongly.
    fn about_words(&self) -> Sentence {
        match &self.refused {
            StepRefused::ReasonTooLong { limit } => {
                say!("理由最多{limit}个字，请写短一些。", limit = *limit)
            }
            StepRefused::GapsMissing => "退回时要一次告知全部缺少的内容，请逐项填写。".into(),
            StepRefused::GapsMisplaced => "只有退回补正才列缺少的内容，请去掉后再办理。".into(),
            StepRefused::GapsWrong { most, characters } => say!(
                "缺少的内容最多{most}项，每项都要写明且不超过{characters}个字，请改正。",
                most = *most,
                characters = *characters
            ),
            StepRefused::DayMissing => "请填写这件事发生的日期。".into(),
            StepRefused::DayMisplaced => "这一步按办理当天记录，请去掉日期。".into(),
            StepRefused::DayAhead { today } => {
                say!("日期不能晚于今天（{today}），请改正。", today = *today)
            }
            StepRefused::FactWrong { fact } => say!(
                "这一步不能说明“{fact}”，请刷新页面后重新填写。",
                fact = fact
            ),
            _ => "请写明理由，理由会记入办理记录。".into(),
        }
    }
}

impl Refused for StepRefusal {
    fn code(&self) -> &'static str {
        self.refused.code()
    }

    fn sentence(&self) -> Sentence {
        self.about_people()
            .or_else(|| self.about_time())
            .unwrap_or_else(|| self.about_words())
    }

    fn law(&self) -> Option<&'static str> {
        let clock = |name: &str| self.procedure.clock(name);
        match &self.refused {
            StepRefused::Extension { clock: name, .. }
            | StepRefused::ExtendedBefore { clock: name } => {
                clock(name)?.extension.map(|extension| extension.law)
            }
            StepRefused::TooEarly { clock: name, .. }
            | StepRefused::TooLate { clock: name, .. } => clock(name).map(|clock| clock.law),
            _ => None,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match &self.refused {
            StepRefused::ReasonMissing | StepRefused::ReasonTooLong { .. } => Some("reason"),
            StepRefused::GapsMissing
            | StepRefused::GapsMisplaced
            | StepRefused::GapsWrong { .. } => Some("gaps"),
            StepRefused::DayMissing | StepRefused::DayMisplaced | StepRefused::DayAhead { .. } => {
                Some("dated")
            }
            StepRefused::FactWrong { .. } => Some("facts"),
            StepRefused::Extension { .. } => Some("longer_by"),
            _ => None,
        }
    }
}

fn joined(parts: Vec<Sentence>) -> Sentence {
    say!("{parts}", parts = Value::Several(parts, "、"))
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
