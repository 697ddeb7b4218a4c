//! What the demo province has not: lists that were imported, what a channel took back, goods that were lost.

use super::accidents::{backup, mirrored};
use super::*;
use app::exchange::{ImportFile, ImportTarget};
use domain::identity::Actor;
use gateway::payment::NoticeKind;
use testkit::Charity;

const GIFTS: &str = "渠道单号,金额,时间,姓名,备注,渠道,手续费
B1,100.00,2026-11-20 10:00:00,张三丰,加油,微信,0.60
B2,300.00,2026-11-20 09:00:00,,,银行,
B4,40.00,2026-10-31 09:00:00,王五,,银行,
";
const PAID: &str = "day,recipient,amount_cny,kind,purpose
2026-11-21,某医院,120.00,定向,定向捐赠
2026-11-21,某防控指挥部,150.00,统筹,用于疫情防控
";
const RECEIVED: &str =
    "received_on,donor_masked,donor_kind_guess,donor_hash,item,spec,unit,quantity_as_published
2026-11-20,某药业,org,,口罩,,,10箱
截至18日,张*,person,,手套,中号,,5箱
";
const HANDED_OUT: &str = "distributed_on,recipient,item,spec,unit,quantity
2026-11-21,某医院,口罩,,箱,18
2026-11-21,某医院,口罩,,箱,2
";
const SAID: &str = "day,items_total_cny,published_day_cny,published_cumulative_cny
2026-11-20,300.00,310.00,310.00
";
const REGISTER: &str = "id,name,registered_on,approval_documents
1,財團法人臺北基金會,0000-00-00,
2,財團法人台北基金會,1999-01-00,甲 | 乙
9,財團法人\u{e05b}會,1999-01-02,甲
";

async fn import(app: &App, target: &ImportTarget, name: &str, text: &str) {
    let file = ImportFile {
        name: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    let actor = Actor::house("测试导入");
    let report = app.import_stage(&actor, file, target).await.unwrap();
    let run = report.run.as_ref().unwrap().id.clone();
    let posted = app.import_post(&actor, &run, &mut |_, _| {}).await.unwrap();
    assert!(posted.runs[0].added > 0, "{name}");
}

async fn everything(app: &TestApp, charity: &Charity) {
    let target = ImportTarget {
        organisation: Some(charity.organisation.clone()),
        campaign: Some(charity.campaign.clone()),
    };
    for (name, text) in [
        ("捐赠.csv", GIFTS),
        ("拨付.csv", PAID),
        ("物资.csv", RECEIVED),
        ("发放.csv", HANDED_OUT),
        ("公布.csv", SAID),
        ("法人.csv", REGISTER),
    ] {
        import(app, &target, name, text).await;
    }
    app.gift(charity, "50").await;
    let intent = app.intent(&charity.campaign, "8").await.unwrap();
    let paid = app.notice(&charity.organisation, "taken", &intent, "8");
    app.capture(paid.clone()).await.unwrap();
    let mut back = paid;
    back.kind = NoticeKind::Chargeback;
    back.concerns = Some(std::mem::replace(&mut back.external_id, "back".into()));
    app.capture(back).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn imported_lists_come_back_without_their_numbers() {
    let app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    let (_kept, copy) = backup(&app).await;
    everything(&app, &charity).await;
    let copied = mirrored(&app).await;
    let kinds = kinds_of(app.app()).await;
    for kind in ["announcement/1", "chargeback/1", "count/1", "goods/1"] {
        assert!(kinds.contains(kind), "{kind} in {kinds:?}");
    }
    for backup in [copy.as_path(), Path::new("/nonexistent")] {
        let (_home, place) = restored(app.folder(), backup);
        let recovered = recover_apart(&place, copied.path()).unwrap();
        let conclusion = audited(&place).await;
        assert!(conclusion.is_clean(), "{}", conclusion.words());
        // Nobody signed what a notice had published, and nobody is said to be lost.
        assert_eq!(recovered.losses.orders, Vec::<String>::new());
        assert_eq!(recovered.losses.gifts.listed.len(), 7);
        let house = open(&place, &app).await;
        assert_eq!(house.seal_stopped(), None);
        house.seal_now().await.unwrap();
        // The channel takes a gift back of which only the leaf is left: said as what it is, and nothing is booked.
        let mut back = app.notice(&charity.organisation, "late", "", "50");
        back.kind = NoticeKind::Chargeback;
        back.concerns = Some("whichever".into());
        let actor = Actor::channel(&back.channel);
        let command = app::Command::PaymentCapture(Box::new(back));
        let key = app::CommandKey(String::new());
        match house.write(&actor, &key, command).await {
            Err(app::AppError::Conflict(refusal)) => assert_eq!(refusal.code, "payment_recovered"),
            other => panic!("{other:?}"),
        }
    }
}
