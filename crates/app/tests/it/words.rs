//! What is said about a campaign: reports, questions, and the duties that they end.

use crate::house::{House, on_each_engine};
use app::Command;
use domain::fundraising::ReportForm;
use domain::identity::{Actor, Role};

fn report(campaign: &str, kind: &str, plan: &str) -> Command {
    Command::ReportPublish {
        campaign: campaign.into(),
        form: ReportForm {
            kind: kind.into(),
            title: "第一批冬衣已经送到".into(),
            body: "三所小学，二百件。".into(),
            plan: plan.into(),
            until: "2026-11-22".into(),
        },
    }
}

fn ask(campaign: &str, text: &str) -> Command {
    Command::QuestionAsk {
        campaign: campaign.into(),
        text: text.into(),
    }
}

async fn duties(house: &House, actor: &Actor) -> Vec<(String, bool)> {
    let desk = house
        .app
        .desk_page(actor, &house.organisation)
        .await
        .unwrap();
    desk.duties.into_iter().map(|d| (d.kind, d.mine)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_says_what_happens_with_money_that_is_left() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        house.give(&campaign, "50.00", "pay-1").await;
        let maker = house.staff(1, Role::Maker);
        let denied = house
            .refused(&Actor::public(), report(&campaign, "progress", ""))
            .await;
        assert_eq!(denied, "sign_in_first");
        let early = house
            .refused(&maker, report(&campaign, "final", "余款明年用"))
            .await;
        assert_eq!(early, "report_not_over");
        let silent = house
            .refused(&maker, report(&campaign, "progress", ""))
            .await;
        assert_eq!(silent, "report_plan_missing");
        assert_eq!(
            duties(&house, &maker).await,
            [("disclosure_final".to_string(), true)]
        );
        house
            .record(report(&campaign, "progress", "余款用于另外三所小学"))
            .await;
        house
            .record(Command::CampaignEnd {
                campaign: campaign.clone(),
            })
            .await;
        house
            .record(report(&campaign, "final", "余款用于下一年"))
            .await;
        let page = house.app.campaign_page(&campaign, None).await.unwrap();
        let kinds: Vec<_> = page.words.reports.iter().map(|r| r.kind.as_str()).collect();
        assert_eq!(kinds, ["final", "progress"]);
        assert_eq!(page.words.calendar[0].done.as_deref(), Some("2026-11-22"));
        assert!(duties(&house, &maker).await.is_empty());
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_public_with_its_answer_and_counted_before() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let (maker, payer) = (house.staff(1, Role::Maker), house.staff(2, Role::Payer));
        let public = Actor::public();
        let empty = house.refused(&public, ask(&campaign, "  ")).await;
        assert_eq!(empty, "question");
        let mut asked = Vec::new();
        for text in ["冬衣发到哪里？", "你们是不是骗子"] {
            asked.push(house.record(ask(&campaign, text)).await);
        }
        let before = house
            .app
            .campaign_page(&campaign, None)
            .await
            .unwrap()
            .words;
        assert_eq!((before.questions.len(), before.questions_waiting), (0, 2));
        assert_eq!(
            before.questions_waiting_since.as_deref(),
            Some("2026-11-22")
        );
        let waits = [
            ("question", true),
            ("question", true),
            ("disclosure_final", true),
        ];
        assert_eq!(
            duties(&house, &maker).await,
            waits.map(|(kind, mine)| (kind.to_string(), mine))
        );
        assert!(duties(&house, &payer).await.iter().all(|(_, mine)| !mine));
        let answer = |question: &str| Command::QuestionAnswer {
            question: question.into(),
            text: "三所小学，名单见送达凭证。".into(),
        };
        let decline = |question: &str, reason: &str| Command::QuestionDecline {
            question: question.into(),
            reason: reason.into(),
        };
        assert_eq!(
            house.refused(&payer, answer(&asked[0])).await,
            "not_permitted"
        );
        house.record(answer(&asked[0])).await;
        assert_eq!(
            house.refused(&maker, decline(&asked[1], "dislike")).await,
            "reason"
        );
        house.record(decline(&asked[1], "abusive")).await;
        assert_eq!(
            house.refused(&maker, answer(&asked[1])).await,
            "question_decided"
        );
        let after = house
            .app
            .campaign_page(&campaign, None)
            .await
            .unwrap()
            .words;
        assert_eq!((after.questions_waiting, after.questions_declined), (0, 1));
        assert_eq!(after.questions[0].body, "冬衣发到哪里？");
        assert!(after.questions[0].leaf_index.is_some());
        house.check_all().await;
    })
    .await;
}
