//! Search: what people type, and what they should see first.

use crate::house::{House, on_each_engine};
use app::view::SearchPage;
use app::{Command, SearchAsk};
use domain::parties::OrganisationForm;

const NAMES: [&str; 8] = [
    "武汉市红十字会",
    "武汉红十字会",
    "湖北省慈善总会",
    "重庆市慈善总会",
    "財團法人慈濟慈善事業基金會",
    "北京新阳光慈善基金会",
    "ABC 儿童助学基金会",
    "江城市第九中学校友会",
];

async fn register(house: &House, name: &str) -> String {
    let form = OrganisationForm {
        name: name.into(),
        kind: "foundation".into(),
        ..OrganisationForm::default()
    };
    house.record(Command::OrganisationRegister(form)).await
}

async fn ask(house: &House, text: &str) -> SearchPage {
    house.app.search(text).await.unwrap()
}

/// What was typed, and the organisation that should stand first.
const ROWS: [(&str, &str); 18] = [
    ("红十", "武汉红十字会"),
    ("武汉红十字会", "武汉红十字会"),
    ("whhszh", "武汉红十字会"),
    ("WuHanHongShiZiHui", "武汉红十字会"),
    ("武汉hszh", "武汉红十字会"),
    ("wuhanshihong", "武汉市红十字会"),
    ("chongqing", "重庆市慈善总会"),
    ("zqscszh", "重庆市慈善总会"),
    ("财团法人慈济", "財團法人慈濟慈善事業基金會"),
    ("慈濟 基金", "財團法人慈濟慈善事業基金會"),
    ("ａｂｃ　儿童", "ABC 儿童助学基金会"),
    ("湖北 总会", "湖北省慈善总会"),
    ("红石字会", "武汉红十字会"),
    ("北京新月光慈善", "北京新阳光慈善基金会"),
    ("湖北慈善总会", "湖北省慈善总会"),
    ("第九九中学校友会", "江城市第九中学校友会"),
    ("５３33-0000 mjx00000x3", "江城市慈善总会"),
    ("53330000MJX00000X3", "江城市慈善总会"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_find_what_they_mean() {
    on_each_engine(|house| async move {
        for name in NAMES {
            register(&house, name).await;
        }
        for (text, want) in ROWS {
            let page = ask(&house, text).await;
            let first = page.organisations.first();
            assert_eq!(first.map(|row| row.name.as_str()), Some(want), "{text}");
        }
        let close = ask(&house, "北京新月光慈善").await;
        assert_eq!(close.similar[0].title, "北京新阳光慈善基金会");
        assert!(ask(&house, "红十").await.similar.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_begun_is_no_name() {
    on_each_engine(|house| async move {
        register(&house, "东方助学基金会").await;
        assert_eq!(ask(&house, "dongfang").await.organisations.len(), 1);
        for text in ["don_", "DON_3S2J", "dom_3S2JYB060S4AV0", "ｄｏｎ＿"] {
            let page = ask(&house, text).await;
            assert!(page.advice.is_some(), "{text}");
            assert!(
                page.organisations.is_empty() && page.similar.is_empty() && page.unknown.is_none(),
                "{text}: {page:?}"
            );
            let suggested = house.app.suggest(text).await.unwrap().suggestions;
            assert!(suggested.is_empty(), "{text}: {suggested:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_is_found_at_once() {
    on_each_engine(|house| async move {
        assert_eq!(
            ask(&house, "晨曦").await.total,
            0,
            "the index is filled now"
        );
        let id = register(&house, "晨曦助残中心").await;
        let page = ask(&house, "晨曦").await;
        assert_eq!(page.organisations[0].id, id);
        let campaign = house.campaign().await;
        let page = ask(&house, "dyxh").await;
        assert_eq!(page.total, 0, "no draft and no wrong initials");
        let page = ask(&house, "冬衣计划").await;
        assert_eq!(page.campaigns[0].id, campaign);
        assert!(
            page.counts.iter().any(|count| count.kind == "fund"),
            "its funds too"
        );
        let page = ask(&house, "53330000mjx00000x326001").await;
        assert_eq!(page.campaigns[0].id, campaign, "by its filing number");
        assert_eq!(
            house.app.suggest("ysx").await.unwrap().suggestions[0].how,
            "pinyin"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_there_before_is_found_too() {
    on_each_engine(|house| async move {
        // Nobody has asked yet: all of this is read from the database.
        let campaign = house.campaign().await;
        for n in 0..45 {
            register(&house, &format!("互助社{n:02}")).await;
        }
        let page = ask(&house, "云山").await;
        assert_eq!(page.campaigns[0].id, campaign);
        let mut seen = Vec::new();
        for number in [1, 2, 3] {
            let asked = SearchAsk {
                text: "互助社",
                kind: Some("organisation"),
                page: number,
            };
            let page = house.app.search_page(asked).await.unwrap();
            assert_eq!(
                (page.counts[0].count, page.next.is_some()),
                (45, number < 3)
            );
            seen.extend(page.organisations.into_iter().map(|row| row.name));
        }
        let want: Vec<String> = (0..45).map(|n| format!("互助社{n:02}")).collect();
        assert_eq!(seen, want, "every page once, in order");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_stand_in_the_same_box() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let spaced = format!(" {} ", campaign.to_lowercase().replace('_', " - "));
        assert_eq!(
            ask(&house, &spaced).await.direct,
            Some(format!("/campaigns/{campaign}"))
        );
        let mut wrong = campaign.clone();
        let last = wrong.pop();
        wrong.push(if last == Some('0') { '1' } else { '0' });
        let page = ask(&house, &wrong).await;
        assert_eq!((page.direct, page.total), (None, 0));
        assert!(page.advice.unwrap().contains("写错"));
        let page = ask(&house, "53330000MJX00000X4").await;
        assert!(page.advice.unwrap().contains("校验码"));
        let page = ask(&house, "0").await;
        assert_eq!(page.direct.as_deref(), Some("/log/leaves/0"));
        assert_eq!(ask(&house, "987654321").await.direct, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_are_harmless() {
    on_each_engine(|house| async move {
        let long = "善".repeat(10_000);
        for text in [
            "%",
            "_",
            "';--",
            "\u{0}\u{1b}[2J",
            "　",
            long.as_str(),
            "𠀀𠀁𠀂",
        ] {
            let page = ask(&house, text).await;
            assert_eq!((page.total, page.organisations.len()), (0, 0), "{text:?}");
            assert!(
                house
                    .app
                    .suggest(text)
                    .await
                    .unwrap()
                    .suggestions
                    .is_empty()
            );
        }
        let asked = SearchAsk {
            text: "江城",
            kind: Some("nothing"),
            page: i64::MAX,
        };
        assert_eq!(
            house
                .app
                .search_page(asked)
                .await
                .unwrap()
                .organisations
                .len(),
            1
        );
        let asked = SearchAsk {
            kind: Some("organisation"),
            page: i64::MIN,
            ..asked
        };
        assert_eq!(
            house
                .app
                .search_page(asked)
                .await
                .unwrap()
                .organisations
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_is_called_is_proved_and_a_mistyped_code_is_understood() {
    on_each_engine(|house| async move {
        let form = OrganisationForm {
            name: "江城市助学促进会".into(),
            kind: "association".into(),
            ..OrganisationForm::default()
        };
        house.record(Command::OrganisationRegister(form)).await;
        house.app.seal_now().await.unwrap();
        for text in ["江城市无此协会", "51100000MJ0000000H"] {
            let unknown = ask(&house, text).await.unknown.unwrap();
            assert_eq!(unknown.text, text);
            let question = app::IndexQuestion::Page(unknown.stream, 0, 64);
            let proof = house.app.index_proof(question).await.unwrap().unwrap();
            let proof: tlog::ProofFile = proof.parse().unwrap();
            let key = house.app.verifier_key().parse().unwrap();
            let proved = leaf::IndexProof::open(&proof, house.app.origin(), &[key]).unwrap();
            assert!(!knows(&proved, text), "{text}");
            assert_eq!(proved.before + 1, unknown.sealed);
        }
        for text in ["江城市助学促进会", "53330000MJX00000X3"] {
            assert!(ask(&house, text).await.unknown.is_none(), "{text}");
        }
        for wrong in ["53330000MJX00000X4", "53330000MXJ00000X3"] {
            let page = ask(&house, wrong).await;
            let path = format!("/organisations/{}", house.organisation);
            assert_eq!(page.similar[0].path, path, "{wrong}");
        }
    })
    .await;
}

/// Whether a whole stream of the directory has this name or code.
fn knows(proved: &leaf::Proved, text: &str) -> bool {
    match &proved.answered {
        leaf::Answered::Absent(_) => false,
        leaf::Answered::Page { leaves, count, .. } => {
            assert_eq!(i64::try_from(leaves.len()).unwrap_or(-1), *count);
            leaves.iter().any(|shown| {
                let leaf = leaf::Leaf::parse(&shown.bytes);
                leaf.is_ok_and(|leaf| leaf::names_in_directory(&leaf, text))
            })
        }
        leaf::Answered::Below(..) => true,
    }
}
