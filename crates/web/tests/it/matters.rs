//! Applications at the pages: filled in with everything wrong at once, sent back, decided, followed by the public.

use crate::browser::{Browser, Form};
use crate::client::Client;
use app::Command;
use app::command::{GrantForm, UserForm};
use domain::identity::{Actor, Role};
use testkit::Charity;

/// An official with a region and a session.
pub(crate) async fn official(client: &Client, login: &str, role: Role) -> String {
    let house = Actor::house("test");
    let user = UserForm {
        login: login.into(),
        name: login.into(),
        password_hash: "none".into(),
    };
    client.house.done(&house, Command::UserCreate(user)).await;
    let grant = GrantForm {
        login: login.into(),
        role: role.code().into(),
        organisation: String::new(),
        region: "3301".into(),
    };
    client.house.done(&house, Command::RoleGrant(grant)).await;
    client.token_of(login).await
}

/// The value of a hidden field of the form for this action.
fn hidden(html: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = html
        .split(&mark)
        .nth(1)
        .unwrap_or_else(|| panic!("no {name}"));
    rest.split('"').next().unwrap().to_string()
}

pub(crate) const GOOD: [(&str, &str); 7] = [
    ("new_domicile", "江城市望江区8号"),
    ("new_representative", ""),
    ("why", "租约到期"),
    ("sponsor", ""),
    ("contact", "文经办"),
    ("contact_phone", "0571-88888888"),
    ("new_name", ""),
];

/// Opens a change of items; its address at the desk.
pub(crate) async fn opened(maker: &Browser<'_>, charity: &Charity) -> String {
    let address = format!("/desk/organisations/{}/matters/new", charity.organisation);
    let form = maker.form(&address, "/matters/new").await;
    maker
        .send(&form, &[("procedure", "")])
        .await
        .again("不能在线申请");
    let onwards = maker
        .send(&form, &[("procedure", "registration_change")])
        .await
        .onwards();
    onwards.split("/form").next().unwrap().to_string()
}

pub(crate) async fn saved(maker: &Browser<'_>, matter: &str, values: &[(&str, &str)]) {
    let page = format!("{matter}/form");
    let html = maker.page(&page).await;
    let version = hidden(&html, "version");
    let values: Vec<_> = values
        .iter()
        .copied()
        .chain([("version", version.as_str())])
        .collect();
    let form = Form::find(&html, "/form");
    assert!(
        maker
            .send_file(&form, &values, None)
            .await
            .onwards()
            .contains("matter-saved")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_goes_its_way_through_the_pages() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let tokens = [
            client.token(&charity, Role::Maker).await,
            client.token(&charity, Role::Checker).await,
            official(&client, "ca1", Role::Handler).await,
        ];
        let [maker, checker, handler] =
            tokens.each_ref().map(|t| Browser::with_session(&client, t));
        let matter = opened(&maker, &charity).await;
        assert_eq!(
            handler.open(&matter).await.status,
            404,
            "a draft is not theirs yet"
        );
        saved(&maker, &matter, &GOOD[2..3]).await;
        let check = maker.page(&format!("{matter}/steps/prepare")).await;
        for told in [
            "还没有填要变更的事项",
            "请填写联系人",
            "请填写联系电话",
            "请上传内部决议",
        ] {
            assert!(check.contains(told), "{told} is told with the others");
        }
        assert!(
            check.contains("/form#resolution"),
            "each leads to where it is mended"
        );
        saved(&maker, &matter, &GOOD).await;
        let html = maker.page(&format!("{matter}/form")).await;
        assert!(html.contains("value=\"文经办\"") && html.contains("租约到期"));
        let long = "长".repeat(101);
        let version = hidden(&html, "version");
        let values = [
            ("contact", long.as_str()),
            ("why", "还在"),
            ("version", version.as_str()),
        ];
        let again = maker
            .send_file(&Form::find(&html, "/form"), &values, None)
            .await;
        let again = again.again("联系人最多100个字");
        assert!(
            again.contains(&long) && again.contains("还在"),
            "nothing typed is lost"
        );
        attached(&client, &maker, &matter).await;
        step(&maker, &matter, "prepare", &[]).await;
        step(&checker, &matter, "submit", &[]).await;
        sent_back(&handler, &maker, &matter).await;
    }
}

/// Attaches the two documents that are asked for.
pub(crate) async fn attached(client: &Client, maker: &Browser<'_>, matter: &str) {
    let id = matter.rsplit('/').next().unwrap();
    let html = maker.page(&format!("{matter}/form")).await;
    let file = |slot: &str| {
        let file = app::command::EvidenceRef {
            sha256: [7; 32],
            length: 4,
            mime: "text/plain".into(),
            title: "决议.txt".into(),
        };
        (slot.to_string(), file)
    };
    let answer = app::command::MatterAnswer {
        matter: id.into(),
        version: hidden(&html, "version").parse().unwrap(),
        answers: GOOD.map(|(a, b)| (a.to_string(), b.to_string())).to_vec(),
        files: vec![file("resolution"), file("domicile_proof")],
        dropped: Vec::new(),
    };
    let house = Actor::house("test");
    let refused = client
        .house
        .ask(&house, Command::MatterAnswer(Box::new(answer.clone())))
        .await;
    assert!(refused.is_err(), "the house writes in nobody's draft");
    let session = client.house.session_actor(maker.token()).await.unwrap();
    client
        .house
        .done(&session, Command::MatterAnswer(Box::new(answer)))
        .await;
    let public = Browser::stranger(client)
        .open(&format!("/evidence/{}", "07".repeat(32)))
        .await;
    assert_eq!(
        public.status, 404,
        "documents of applications are not public"
    );
}

pub(crate) async fn step(who: &Browser<'_>, matter: &str, step: &str, values: &[(&str, &str)]) {
    let html = who.page(&format!("{matter}/steps/{step}")).await;
    assert!(
        html.contains("办理后："),
        "{step}: the effect is said before"
    );
    let version = hidden(&html, "version");
    let values: Vec<_> = values
        .iter()
        .copied()
        .chain([("version", version.as_str())])
        .collect();
    let form = Form::find(&html, &format!("/steps/{step}"));
    assert!(
        who.send(&form, &values)
            .await
            .onwards()
            .ends_with("matter-step")
    );
}

async fn sent_back(handler: &Browser<'_>, maker: &Browser<'_>, matter: &str) {
    let inbox = handler.page("/desk/office").await;
    assert!(
        inbox.contains("变更登记") && inbox.contains("绿灯"),
        "lights have words"
    );
    let html = handler.page(&format!("{matter}/steps/return")).await;
    let form = Form::find(&html, "/steps/return");
    let version = hidden(&html, "version");
    let empty = handler.send(&form, &[("version", version.as_str())]).await;
    empty.again("一次告知全部缺少的内容");
    let gaps = [
        ("resolution", "缺签名"),
        ("new_domicile", "写到门牌"),
        ("other", "附公章样本"),
    ];
    step(handler, matter, "return", &gaps).await;
    let html = maker.page(matter).await;
    for gap in gaps {
        assert!(html.contains(gap.1), "{}", gap.1);
    }
    assert!(
        html.contains("/form#new_domicile"),
        "a gap leads to its field"
    );
    let stale = handler.send(&form, &[("version", version.as_str())]).await;
    assert_eq!(stale.status, 409, "what was seen is no more");
    let number = matter.rsplit('/').next().unwrap();
    let code = html.split("查询码</dt><dd><code>").nth(1).unwrap();
    tracked(handler, number, &code[4..8]).await;
}

async fn tracked(anybody: &Browser<'_>, number: &str, end: &str) {
    let form = anybody.form("/hall/track", "/hall/track").await;
    let wrong = anybody
        .send(&form, &[("number", number), ("code", "????")])
        .await;
    wrong.again("没有这个编号和查询码的办件");
    let right = anybody
        .send(&form, &[("number", number), ("code", end)])
        .await;
    let html = right.text();
    assert_eq!(right.status, 200);
    assert!(html.contains("待补正") && html.contains("有3处要补正"));
    assert!(
        !html.contains("缺签名") && !html.contains("文经办"),
        "no contents, no names"
    );
}

#[tokio::test]
async fn the_hall_is_open_to_everybody() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    let hall = visitor.page("/hall").await;
    for table in domain::oversight::procedures::PROCEDURES {
        if domain::oversight::procedures::is_of_office(table) {
            // Nobody asks for what an office does by itself.
            let guide = visitor.open(&format!("/hall/{}", table.name)).await;
            assert!(guide.status == 404 && !hall.contains(table.title));
            continue;
        }
        if domain::oversight::forms::form(table.name).is_some() {
            assert!(hall.contains(&format!("/hall/{}", table.name)));
        }
        let guide = visitor.page(&format!("/hall/{}", table.name)).await;
        assert!(guide.contains("还没有办结的") && guide.contains("不满意怎么办"));
        assert!(table.clocks.iter().all(|clock| guide.contains(clock.title)));
    }
    assert_eq!(visitor.open("/hall/nothing").await.status, 404);
    let office = visitor.open("/desk/office").await.onwards();
    assert!(office.starts_with("/sign-in"));
    let charity = client.house.charity("云山基金会").await;
    let maker = client.token(&charity, Role::Maker).await;
    let maker = Browser::with_session(&client, &maker);
    assert_eq!(maker.open("/desk/office").await.status, 403);
}
