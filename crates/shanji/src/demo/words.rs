//! What is said about campaigns while the province is played: reports, questions and answers.

use super::gifts::day;
use super::player::{Later, Player, id_of};
use super::seeds::{Question, Report};
use crate::outcome::Failure;
use app::Command;
use domain::fundraising::ReportForm;
use domain::identity::Actor;
use kernel::Day;

impl<'a> Player<'a> {
    /// Everything that is said on a day.
    pub(super) async fn say_words(&mut self, today: Day) -> Result<(), Failure> {
        let words = &self.seeds.words;
        for report in &words.report {
            if day(&report.day)? == today {
                self.wait(5);
                self.report(report).await?;
            }
        }
        for question in &words.question {
            if day(&question.day)? == today {
                self.wait(2);
                self.question(question).await?;
            }
        }
        Ok(())
    }

    async fn report(&mut self, report: &Report) -> Result<(), Failure> {
        let maker = self.login(self.owner(&report.campaign)?, "maker")?;
        let command = Command::ReportPublish {
            campaign: self.made(&report.campaign)?.id,
            form: ReportForm {
                kind: report.kind.clone(),
                title: report.title.clone(),
                body: report.body.clone(),
                plan: report.plan.clone(),
                until: report.day.clone(),
            },
        };
        self.act(maker, command).await.map(|_| ())
    }

    /// Somebody asks; the office decides on a later day, or has not yet.
    async fn question(&mut self, question: &Question) -> Result<(), Failure> {
        let ask = Command::QuestionAsk {
            campaign: self.made(&question.campaign)?.id,
            text: question.text.clone(),
        };
        let id = id_of(self.play(&Actor::public(), ask).await?)?;
        let who = self.login(self.owner(&question.campaign)?, "maker")?;
        let (on, command) = if !question.answered.is_empty() {
            let text = question.answer.clone();
            let answer = Command::QuestionAnswer { question: id, text };
            (&question.answered, answer)
        } else if !question.declined.is_empty() {
            let reason = question.reason.clone();
            let decline = Command::QuestionDecline {
                question: id,
                reason,
            };
            (&question.declined, decline)
        } else {
            return Ok(());
        };
        self.later.push(Later {
            day: day(on)?,
            who,
            command,
        });
        Ok(())
    }
}
