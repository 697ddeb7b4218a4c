//! Numbers of people are smuggled into everything that everybody will read, through every command that has words.

use crate::house::{House, on_each_engine};
use app::Command;
use app::command::{EvidenceRef, FundForm, GoodsGift};
use domain::fundraising::{CampaignForm, IntentForm, ReportForm};
use domain::funds::{DeliveryForm, DisbursementRequest, GoodsForm};
use domain::identity::{Actor, Role};
use domain::parties::OrganisationForm;

/// One number of each kind, plain and disguised.
const SMUGGLED: [&str; 9] = [
    "张三 110101199003077758 手机13800138000",
    "李雷 13800138000 420101199001011234",
    "１１０１０１１９９００３０７７７５８",
    "110101 1990-03-07 7758",
    "138-0013-8000",
    "一三八零零一三八零零零",
    "幺叁捌零零幺叁捌零零零",
    "6222 0212 3456 7890 128",
    "0571/87654321",
];

/// Every command whose words are public, with these words in one field at a time.
#[expect(
    clippy::too_many_lines,
    reason = "one list: every command that has a public text"
)]
fn commands(house: &House, campaign: &str, words: &str) -> Vec<(&'static str, Command)> {
    let text = || words.to_owned();
    let plan = CampaignForm {
        title: "云山县春耕计划".into(),
        story: "种子不够".into(),
        promise: "每户一袋种子".into(),
        filing_number: "53330000MJX00000X326002".into(),
        starts_on: "2026-11-01".into(),
        ends_on: "2026-12-31".into(),
        ..CampaignForm::default()
    };
    let draft = |form| Command::CampaignDraft {
        organisation: house.organisation.clone(),
        form,
    };
    let report = |title: String, body: String, plan: String| Command::ReportPublish {
        campaign: campaign.to_owned(),
        form: ReportForm {
            kind: "progress".into(),
            title,
            body,
            plan,
            until: "2026-11-22".into(),
        },
    };
    let fund = |title: String, purpose: String| {
        Command::FundOpen(FundForm {
            organisation: house.organisation.clone(),
            campaign: String::new(),
            kind: "pool".into(),
            title,
            purpose,
        })
    };
    vec![
        (
            "title",
            draft(CampaignForm {
                title: text(),
                ..plan.clone()
            }),
        ),
        (
            "story",
            draft(CampaignForm {
                story: text(),
                ..plan.clone()
            }),
        ),
        (
            "promise",
            draft(CampaignForm {
                promise: text(),
                ..plan
            }),
        ),
        ("title", report(text(), "做了".into(), String::new())),
        ("body", report("做了".into(), text(), String::new())),
        ("plan", report("做了".into(), "做了".into(), text())),
        (
            "question",
            Command::QuestionAsk {
                campaign: campaign.to_owned(),
                text: text(),
            },
        ),
        ("title", fund(text(), String::new())),
        ("purpose", fund("助学".into(), text())),
        (
            "name",
            Command::OrganisationRegister(OrganisationForm {
                name: text(),
                kind: "foundation".into(),
                ..OrganisationForm::default()
            }),
        ),
        (
            "name",
            Command::GoodsGift(GoodsGift {
                organisation: house.organisation.clone(),
                name: text(),
                unit: "件".into(),
                units: "1".into(),
                ..GoodsGift::default()
            }),
        ),
        (
            "donor_name",
            Command::IntentCreate {
                campaign: campaign.to_owned(),
                form: IntentForm {
                    amount: "10".into(),
                    donor_name: text(),
                    ..IntentForm::default()
                },
            },
        ),
    ]
}

/// How many public words stand beside leaves.
async fn openings(house: &House) -> usize {
    let mut read = house.app.db().read_tx().await.unwrap();
    let all = store::audit::opening_rows_between(&mut read, 0, i64::MAX).await;
    all.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_makes_a_number_of_a_person_public() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "pay-1").await;
        let actor = Actor::house("test");
        let before = openings(&house).await;
        for words in SMUGGLED {
            for (field, command) in commands(&house, &campaign, words) {
                let found = house.refused(&actor, command).await;
                assert_eq!(found, field, "{words}");
            }
            let refund = Command::Repair(app::command::Repair::Refund {
                donation: gift.clone(),
                amount: String::new(),
                reason: words.into(),
            });
            assert_eq!(house.refused(&actor, refund).await, "reason", "{words}");
            let correct = Command::Repair(app::command::Repair::Correct {
                donation: gift.clone(),
                reason: words.into(),
            });
            assert_eq!(house.refused(&actor, correct).await, "reason", "{words}");
        }
        assert_eq!(openings(&house).await, before);
        house.check_all().await;
    })
    .await;
}

#[test]
fn payees_purposes_and_goods_are_looked_at_as_well() {
    let [paid, today] = ["2026-11-01", "2026-11-22"].map(|day| kernel::Day::parse(day).unwrap());
    for words in SMUGGLED {
        let request = DisbursementRequest {
            class: "purchase".into(),
            payee_kind: "persons".into(),
            payee: words.into(),
            amount: "10".into(),
            purpose: words.into(),
            assumption: words.into(),
            goods: GoodsForm {
                name: words.into(),
                spec: words.into(),
                unit: "件".into(),
                units: "1".into(),
            },
        };
        let problems = domain::funds::decide_request(&request).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| (p.field, p.code)).collect();
        let all = ["payee", "purpose", "assumption", "name", "spec"];
        assert_eq!(
            fields,
            all.map(|field| (field, "personal_number")),
            "{words}"
        );
        let form = DeliveryForm {
            amount: "10".into(),
            payee: words.into(),
            scheme: words.into(),
            persons: "5".into(),
            reached_on: "2026-11-20".into(),
            ..DeliveryForm::default()
        };
        let problems =
            domain::funds::NewDelivery::read(&form, vec![[1; 32]], (paid, today)).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| p.field).collect();
        assert_eq!(fields, ["payee", "scheme"], "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caption_does_not_name_a_number() {
    on_each_engine(|house| async move {
        let evidence = EvidenceRef {
            sha256: [9; 32],
            length: 10,
            mime: "application/pdf".into(),
            title: "张三110101199003077758.pdf".into(),
        };
        let partner = house.staff(5, Role::Partner);
        let attach = Command::EvidenceAttach {
            delivery: "dlv_00000000000000".into(),
            evidence: vec![evidence],
        };
        assert_eq!(house.refused(&partner, attach).await, "evidence");
    })
    .await;
}
