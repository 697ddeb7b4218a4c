//! People at the pages: giving, following the gift, working at the desk, and everything they can do wrong.

use crate::browser::{Browser, Form};
use crate::client::Client;
use app::Command;
use app::command::{GrantForm, UserForm};
use axum::body::Body;
use axum::http::Request;
use domain::identity::{Actor, Role};
use testkit::Charity;

/// Gives through the three pages; the address of the donor's own receipt.
async fn give(visitor: &Browser<'_>, charity: &Charity, yuan: &str) -> String {
    let address = format!("/campaigns/{}/give", charity.campaign);
    let form = visitor.form(&address, "/give").await;
    let values = [
        ("preset", ""),
        ("amount", yuan),
        ("donor_name", "王小明"),
        ("donor_kind", "person"),
        ("display", "masked"),
    ];
    let summary = visitor.send(&form, &values).await;
    assert_eq!(summary.status, 200);
    let form = Form::find(&summary.text(), "/give");
    let values: Vec<_> = values.into_iter().chain([("step", "pay")]).collect();
    let order = visitor.send(&form, &values).await.onwards();
    assert_eq!(
        visitor.send(&form, &values).await.onwards(),
        order,
        "a double click orders once"
    );
    let pay = visitor.form(&order, "/pay").await;
    let (number, token) = order.split_once("?token=").unwrap();
    assert!(
        visitor
            .page(&order)
            .await
            .contains(&format!("value=\"{token}\"")),
        "the form carries the donor's token on"
    );
    let token = [("token", token)];
    assert_eq!(visitor.send(&pay, &token).await.onwards(), order);
    assert_eq!(
        visitor.send(&pay, &token).await.onwards(),
        order,
        "a double click pays once"
    );
    let stranger = visitor.open(number).await.onwards();
    assert!(!stranger.contains("token"), "{stranger}");
    visitor.open(&order).await.onwards()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_yuan_are_given_and_proved() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let visitor = Browser::stranger(&client);
        let receipt = give(&visitor, &charity, "50").await;
        let html = visitor.page(&receipt).await;
        assert!(html.contains("50.00元") && html.contains("伍拾元整") && html.contains("王小明"));
        client.house.seal_now().await.unwrap();
        let html = visitor.page(&receipt).await;
        assert!(html.contains("下载证明文件"), "{html}");
        let (address, token) = receipt.split_once('?').unwrap();
        let proof = visitor.open(&format!("{address}/proof?{token}")).await;
        assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1"));
        assert!(
            proof
                .header("content-disposition")
                .ends_with(".tlog-proof\"")
        );
        let html = visitor.page(address).await;
        assert!(!html.contains("王小明"), "the public page keeps the name");
        let campaign = visitor
            .page(&format!("/campaigns/{}", charity.campaign))
            .await;
        assert!(campaign.matches("50.00元").count() > 1);
        let found = visitor.page("/search?q=%E4%BA%91%E5%B1%B1").await;
        assert!(found.contains("云山助学"));
    }
}

#[tokio::test]
async fn what_was_typed_wrongly_comes_back() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let visitor = Browser::stranger(&client);
    let form = visitor
        .form(&format!("/campaigns/{}/give", charity.campaign), "/give")
        .await;
    let long = "长".repeat(101);
    let values = [
        ("preset", ""),
        ("amount", "五十"),
        ("donor_name", long.as_str()),
        ("message", "愿孩子们温暖"),
    ];
    let html = visitor
        .send(&form, &values)
        .await
        .again("您是说50.00元（伍拾元整）吗？");
    assert!(html.contains("姓名最多100个字"), "all problems at once");
    assert!(
        html.contains("value=\"五十\"") && html.contains(&long) && html.contains("愿孩子们温暖")
    );
    let zero = visitor
        .send(&form, &[("preset", ""), ("amount", "0")])
        .await;
    zero.again("金额要大于零");
}

#[tokio::test]
async fn forms_of_other_sites_do_nothing() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let foreign = Request::post(format!("/campaigns/{}/give", charity.campaign))
        .header("host", "shanji.test")
        .header("origin", "https://evil.test")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = client
        .send(foreign.body(Body::from("amount=50&step=pay")).unwrap())
        .await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("没有执行"));
}

#[tokio::test]
async fn every_answer_carries_its_guards() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    for path in [
        "/",
        "/nowhere",
        "/log",
        "/sign-in",
        "/campaigns/cam_nonsense",
    ] {
        let answer = visitor.open(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    let lost = visitor.open("/nowhere").await;
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("回到首页"));
    assert_eq!(visitor.open("/campaigns/cam_nonsense").await.status, 404);
    let home = visitor.page("/").await;
    let style = home
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        visitor
            .open(style)
            .await
            .header("cache-control")
            .contains("immutable")
    );
    assert_eq!(visitor.open("/assets/shanji.0000.css").await.status, 404);
}

#[tokio::test]
async fn the_desk_asks_who_is_there() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let stranger = Browser::stranger(&client);
    let desk = format!("/desk/organisations/{}", charity.organisation);
    let place = stranger.open(&desk).await.onwards();
    assert!(place.starts_with("/sign-in?next=%2Fdesk"), "{place}");
    let form = stranger.form(&place, "/sign-in").await;
    let wrong = stranger
        .send(&form, &[("login", "nobody"), ("password", "geheim-geheim")])
        .await;
    assert_eq!(wrong.status, 403, "{}", wrong.text());
    assert!(wrong.text().contains("value=\"nobody\"") && !wrong.text().contains("geheim"));
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let values = [("login", "nobody"), ("password", "geheim-geheim")];
        statuses.push(stranger.send(&form, &values).await.status);
    }
    assert!(
        statuses.contains(&429),
        "guessing gets slower: {statuses:?}"
    );
    let (maker, payer) = (
        client.token(&charity, Role::Maker).await,
        client.token(&charity, Role::Payer).await,
    );
    let maker = Browser::with_session(&client, &maker);
    assert_eq!(maker.open("/desk").await.onwards(), desk);
    assert!(maker.page(&desk).await.contains("柜台登记捐赠"));
    assert_eq!(maker.open("/desk/users").await.status, 403);
    let payer = Browser::with_session(&client, &payer);
    assert!(!payer.page(&desk).await.contains("柜台登记捐赠"));
}

#[tokio::test]
async fn an_administrator_makes_a_user_who_signs_in() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let house = Actor::house("test");
    let root = UserForm {
        login: "root".into(),
        name: "管理员".into(),
        password_hash: "none".into(),
    };
    client.house.done(&house, Command::UserCreate(root)).await;
    let (organisation, region) = (String::new(), String::new());
    let keeper = GrantForm {
        login: "root".into(),
        role: "administrator".into(),
        organisation,
        region,
    };
    client.house.done(&house, Command::RoleGrant(keeper)).await;
    let admin = Browser::with_session(&client, &client.token_of("root").await);
    let form = admin.form("/desk/users/new", "/desk/users/new").await;
    let short = [("login", "zhang"), ("name", "张三"), ("password", "kurz")];
    admin.send(&form, &short).await.again("密码");
    let good = [
        ("login", "zhang"),
        ("name", "张三"),
        ("password", "correct horse battery"),
    ];
    assert_eq!(
        admin.send(&form, &good).await.onwards(),
        "/desk/users?done=user"
    );
    let grant = admin.form("/desk/users/grant", "/desk/users/grant").await;
    let role = [
        ("login", "zhang"),
        ("role", "maker"),
        ("organisation", charity.organisation.as_str()),
    ];
    assert_eq!(
        admin.send(&grant, &role).await.onwards(),
        "/desk/users?done=grant"
    );
    assert!(admin.page("/desk/users?done=grant").await.contains("张三"));
    let stranger = Browser::stranger(&client);
    let form = stranger.form("/sign-in", "/sign-in").await;
    let answer = stranger
        .send(
            &form,
            &[("login", "zhang"), ("password", "correct horse battery")],
        )
        .await;
    assert_eq!(answer.onwards(), "/desk");
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
}

/// The people of the desk, each at an own browser.
struct Desk<'a> {
    maker: Browser<'a>,
    checker: Browser<'a>,
    approver: Browser<'a>,
    payer: Browser<'a>,
    home: String,
}

impl<'a> Desk<'a> {
    async fn of(client: &'a Client, charity: &Charity) -> Desk<'a> {
        let session =
            async |role| Browser::with_session(client, &client.token(charity, role).await);
        Desk {
            maker: session(Role::Maker).await,
            checker: session(Role::Checker).await,
            approver: session(Role::Approver).await,
            payer: session(Role::Payer).await,
            home: format!("/desk/organisations/{}", charity.organisation),
        }
    }
}

/// The value of the option or radio whose words hold `words`.
#[track_caller]
fn option(html: &str, words: &str) -> String {
    let end = html
        .find(words)
        .unwrap_or_else(|| panic!("no {words}: {html}"));
    let start = html[..end].rfind("value=\"").unwrap() + 7;
    html[start..].split('"').next().unwrap().to_string()
}

/// The first printed id behind this.
#[track_caller]
fn id_in(text: &str, before: &str) -> String {
    let start = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before}: {text}"))
        + before.len();
    text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_eyes_bring_a_gift_to_people() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let gift = counter(&desk, &charity).await;
    let advance = pay_advance(&desk, &charity).await;
    let address = format!("/desk/funds/{advance}/delivery");
    let form = desk.maker.form(&address, "/delivery").await;
    let mut values = vec![
        ("amount", "60"),
        ("payee", "云山县困难家庭"),
        ("scheme", "冬衣"),
        ("persons", "20"),
        ("reached_on", "2026-11-22"),
    ];
    desk.maker
        .send_file(&form, &values, None)
        .await
        .again("凭证");
    let broken = desk
        .maker
        .send_file(&form, &values, Some(("a.txt", "\u{0}\u{1}")))
        .await;
    assert!(broken.again("a.txt").contains("value=\"云山县困难家庭\""));
    values[0].1 = "6000";
    let refused = desk
        .maker
        .send_file(&form, &values, Some(("签收单.txt", "二十户已签收")))
        .await
        .again("执行机构手里还有");
    values[0].1 = "60";
    // The file is not chosen again: a ticket stands for it, and a made-up one stands for nothing.
    assert!(refused.contains("已选好：签收单.txt"), "{refused}");
    let ticket = option(&refused, "\" checked><span>已选好");
    let forged = ticket.replace(ticket.chars().next().unwrap(), "-");
    values.push(("kept_evidence", &forged));
    desk.maker
        .send_file(&form, &values, None)
        .await
        .again("凭证");
    values.pop();
    values.push(("kept_evidence", &ticket));
    let done = desk.maker.send_file(&form, &values, None).await;
    assert!(
        done.onwards()
            .starts_with(&format!("{}?done=delivered&id=mov_", desk.home))
    );
    let receipt = desk.maker.page(&format!("/donations/{gift}")).await;
    assert!(receipt.contains("delivered"), "{receipt}");
    let movement = id_in(
        &receipt[receipt.find("class=\"delivered\"").unwrap()..],
        "/movements/",
    );
    let page = desk.maker.page(&format!("/movements/{movement}")).await;
    assert!(
        page.contains("借贷相等") && page.contains("文字说明") && !page.contains("签收单.txt"),
        "{page}"
    );
    let file = page
        .split("/evidence/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(
        desk.maker.open(&format!("/evidence/{file}")).await.text(),
        "二十户已签收"
    );
    look_around(&desk, &charity, &advance).await;
    photograph_is_taken_down(&desk, &movement, file).await;
}

/// A file is asked to be taken down by one and taken down by another: its address says so for ever, the page stays.
async fn photograph_is_taken_down(desk: &Desk<'_>, movement: &str, file: &str) {
    let address = format!("{}/withdraw", desk.home);
    let values = [
        ("record", movement),
        ("field", "file"),
        ("file", &"0".repeat(64)),
        ("reason", "personal"),
    ];
    let form = desk.maker.form(&address, "/withdraw").await;
    desk.maker.send(&form, &values).await.again("没有");
    let values = [
        ("record", movement),
        ("field", "file"),
        ("file", file),
        ("reason", "personal"),
    ];
    let form = desk.maker.form(&address, "/withdraw").await;
    let done = desk.maker.send(&form, &values).await.onwards();
    assert_eq!(done, format!("{}?done=asked-privacy", desk.home));
    let evidence = format!("/evidence/{file}");
    let kept_back = desk.maker.open(&evidence).await;
    assert_eq!(kept_back.status, 403, "nobody waits for a second person");
    let words = kept_back.text();
    assert!(words.contains("这份文件暂停公开") && words.contains("含有个人信息"));
    let page = desk.maker.page(&format!("/movements/{movement}")).await;
    assert!(page.contains("暂停公开，看原因"), "{page}");
    let home = desk.approver.page(&desk.home).await;
    let repair = format!("/desk/repairs/{}", id_in(&home, "/desk/repairs/"));
    let seen = desk.approver.open(&format!("{repair}/file")).await;
    assert_eq!(
        (seen.status, seen.header("cache-control")),
        (200, "no-store")
    );
    assert_eq!(desk.payer.open(&format!("{repair}/file")).await.status, 403);
    let form = desk.approver.form(&repair, &repair).await;
    let done = desk.approver.send(&form, &[("step", "confirm")]).await;
    assert_eq!(done.onwards(), format!("{}?done=done-privacy", desk.home));
    let gone = desk.maker.open(&evidence).await;
    assert_eq!(gone.status, 410);
    let words = gone.text();
    assert!(words.contains("含有个人信息") && !words.contains("二十户已签收"));
    let page = desk.maker.page(&format!("/movements/{movement}")).await;
    assert!(
        page.contains("撤下") && !page.contains("文字说明"),
        "{page}"
    );
}

/// Every page that the story touched is there and well-formed; evidence can be added.
async fn look_around(desk: &Desk<'_>, charity: &Charity, advance: &str) {
    for path in [
        "/log",
        "/log/leaves/1",
        "/verify",
        "/organisations",
        "/campaigns",
        "/",
    ] {
        desk.maker.page(path).await;
    }
    desk.maker
        .page(&format!("/organisations/{}", charity.organisation))
        .await;
    desk.maker
        .page(&format!(
            "/organisations/{}/days/2026-11-22",
            charity.organisation
        ))
        .await;
    desk.maker.page(&format!("/funds/{advance}")).await;
    desk.maker.page(&desk.home).await;
    let deliveries = format!("/desk/campaigns/{}/deliveries", charity.campaign);
    let list = desk.maker.page(&deliveries).await;
    assert!(list.contains("/reverse\">记错了</a>"), "a way back: {list}");
    let attach = id_in(&list, "/desk/deliveries/");
    let address = format!("/desk/deliveries/{attach}/evidence");
    let form = desk.maker.form(&address, "/evidence").await;
    let more = desk
        .maker
        .send_file(
            &form,
            &[("caption", "发放现场")],
            Some(("照片说明.txt", "第二份")),
        )
        .await;
    assert_eq!(more.onwards(), "/desk?done=evidence");
}

/// A gift of 100 yuan at the counter; the same slip twice is one gift.
async fn counter(desk: &Desk<'_>, charity: &Charity) -> String {
    let address = format!("{}/counter", desk.home);
    let form = desk.maker.form(&address, "/counter").await;
    let mut values = vec![
        ("amount", "100"),
        ("slip", "A-1"),
        ("donor_name", "李四"),
        ("donor_kind", "person"),
        ("display", "masked"),
        ("channel", "bank"),
        ("campaign", charity.campaign.as_str()),
    ];
    let place = desk.maker.send(&form, &values).await.onwards();
    assert!(place.contains("done=gift&id=don_"), "{place}");
    assert_eq!(
        desk.maker.send(&form, &values).await.onwards(),
        place,
        "a double click is one gift"
    );
    values[0].1 = "101";
    assert_eq!(
        desk.maker.send(&form, &values).await.status,
        409,
        "the back button cannot change a gift"
    );
    let page = desk.maker.page(&place).await;
    let gift = id_in(&place, "id=");
    assert!(page.contains("捐赠已登记"));
    assert!(
        page.contains("今天我登记的：1笔，共100.00元")
            && page.contains(&format!("<code>{gift}</code>")),
        "{page}"
    );
    let other = desk.checker.page(&address).await;
    assert!(
        other.contains("今天还没有登记"),
        "slips are those of the clerk"
    );
    gift
}

/// 60 yuan to a partner; the printed id of the advance's fund.
async fn pay_advance(desk: &Desk<'_>, charity: &Charity) -> String {
    let campaign = desk
        .maker
        .page(&format!("/campaigns/{}", charity.campaign))
        .await;
    let fund = id_in(&campaign, "/funds/");
    let address = format!("/desk/funds/{fund}/disbursement");
    let form = desk.maker.form(&address, "/disbursement").await;
    let mut values = vec![
        ("amount", "9999999"),
        ("class", "advance"),
        ("payee_kind", "organisation"),
        ("payee", "云山县社会服务中心"),
        ("purpose", "购买冬衣"),
    ];
    desk.maker.send(&form, &values).await.again("");
    values[0].1 = "60";
    let order = desk.maker.send(&form, &values).await.onwards();
    let order = order.split('?').next().unwrap().to_string();
    assert!(
        !desk.maker.page(&order).await.contains("/check\""),
        "no maker checks an own request"
    );
    let check = desk.checker.form(&order, "/check").await;
    desk.checker
        .send(&check, &[("reason", "发票已核对")])
        .await
        .onwards();
    assert!(desk.payer.page(&order).await.contains("办理后"));
    let html = desk.payer.page(&order).await;
    let pay = Form::find(&html, "/pay");
    let place = option(&html, "银行存款");
    desk.payer.send(&pay, &[("place", &place)]).await.onwards();
    let again = desk.payer.send(&pay, &[("place", &place)]).await;
    assert_eq!(
        again.onwards(),
        format!("{order}?done=paid"),
        "a double click pays once"
    );
    let movement = id_in(&desk.payer.page(&order).await, "/movements/");
    let html = desk.payer.page(&format!("/movements/{movement}")).await;
    let into = &html[html.find("<dt>到</dt>").unwrap()..];
    id_in(into, "/funds/")
}

#[tokio::test]
async fn a_campaign_is_drafted_published_and_ended() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let form = desk
        .maker
        .form(&format!("{}/campaigns/new", desk.home), "/campaigns/new")
        .await;
    let mut values = vec![
        ("title", ""),
        ("story", "山里很冷。"),
        ("promise", "买冬衣。"),
    ];
    values.extend([
        ("filing_number", "5333"),
        ("starts_on", "2026-11-01"),
        ("ends_on", "永远"),
    ]);
    let html = desk
        .maker
        .send(&form, &values)
        .await
        .again("请填写活动名称");
    assert!(
        html.contains("type=\"text\" autocomplete=\"off\" value=\"永远\""),
        "a wrong day is kept"
    );
    values[0].1 = "冬衣<b>计划";
    values[5].1 = "2027-01-31";
    assert_eq!(
        desk.maker.send(&form, &values).await.onwards(),
        format!("{}?done=draft", desk.home)
    );
    let home = desk.approver.page(&desk.home).await;
    assert!(home.contains("冬衣&#60;b&#62;计划"), "{home}");
    let publish = home
        .split("href=\"")
        .find(|part| part.contains("/publish\""))
        .unwrap();
    let publish = publish.split('"').next().unwrap();
    assert!(
        !desk.maker.page(&desk.home).await.contains("/publish\""),
        "a maker is not offered it"
    );
    let page = publish.replace("/desk", "").replace("/publish", "");
    assert_eq!(
        desk.maker.open(&page).await.status,
        404,
        "a draft is not public"
    );
    publish_and_end(&desk, publish, &page).await;
}

async fn publish_and_end(desk: &Desk<'_>, publish: &str, page: &str) {
    let form = desk.approver.form(publish, "/publish").await;
    assert_eq!(
        desk.maker.send(&form, &[]).await.status,
        403,
        "a maker may not either"
    );
    assert!(
        desk.approver
            .send(&form, &[])
            .await
            .onwards()
            .contains("?done=published&id=cam_")
    );
    let end = publish.replace("/publish", "/end");
    let form = desk.approver.form(&end, "/end").await;
    assert!(
        desk.approver
            .send(&form, &[])
            .await
            .onwards()
            .contains("?done=ended&id=cam_")
    );
    let ended = desk.maker.page(page).await;
    assert!(!ended.contains("我要捐赠"));
    assert!(ended.contains("提前结束于"), "it was planned to go on");
    let closed = desk.maker.page(&format!("{page}/give")).await;
    for words in ["<h1>这个活动已经结束</h1>", "看看正在募捐的活动"] {
        assert!(closed.contains(words), "{words}");
    }
    assert!(!closed.contains("不需要注册"));
}

#[tokio::test]
async fn a_gift_is_refunded_and_another_corrected() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let gift = counter(&desk, &charity).await;
    let refund = format!("/desk/donations/{gift}/refund");
    let form = desk.checker.form(&refund, "/refund").await;
    desk.checker
        .send(&form, &[("amount", ""), ("reason", "")])
        .await
        .again("");
    let done = desk
        .checker
        .send(&form, &[("amount", ""), ("reason", "捐赠人重复转账")])
        .await;
    assert_eq!(done.onwards(), format!("{}?done=asked", desk.home));
    let page = format!("/donations/{gift}");
    assert!(
        !desk.maker.page(&page).await.contains("已退款</span>"),
        "one person alone gives nothing back"
    );
    let home = desk.approver.page(&desk.home).await;
    let repair = format!("/desk/repairs/{}", id_in(&home, "/desk/repairs/"));
    let form = desk.checker.form(&repair, &repair).await;
    let own = desk.checker.send(&form, &[("step", "confirm")]).await;
    own.again("另一位同事确认");
    let form = desk.approver.form(&repair, &repair).await;
    let confirm = [("step", "confirm"), ("note", "已核对银行流水")];
    let done = desk.approver.send(&form, &confirm).await;
    assert_eq!(done.onwards(), format!("{}?done=confirmed", desk.home));
    assert!(
        desk.maker
            .page(&format!("/donations/{gift}"))
            .await
            .contains("已退款")
    );
    let correct = format!("/desk/donations/{gift}/correct");
    let form = desk.checker.form(&correct, "/correct").await;
    desk.checker
        .send(&form, &[("reason", "金额写错")])
        .await
        .again("");
    desk.checker.page(&desk.home).await;
}

#[tokio::test]
async fn goods_come_in_are_unpacked_lost_and_handed_out() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let form = desk
        .maker
        .form(&format!("{}/goods/new", desk.home), "/goods/new")
        .await;
    let goods = [
        ("name", "口罩"),
        ("spec", "N95"),
        ("unit", "箱"),
        ("units", "10"),
        ("donor_name", "李四"),
        ("donor_kind", "person"),
        ("display", "masked"),
    ];
    desk.maker.send(&form, &goods).await.onwards();
    let list = desk.maker.page(&format!("{}/goods", desk.home)).await;
    let fund = id_in(&list, "/desk/funds/");
    let over = format!("/desk/funds/{fund}");
    let form = desk
        .maker
        .form(&format!("{over}/goods-loss"), "/goods-loss")
        .await;
    desk.maker
        .send(&form, &[("units", "99"), ("reason", "受潮")])
        .await
        .again("库存");
    desk.maker
        .send(&form, &[("units", "1"), ("reason", "受潮")])
        .await
        .onwards();
    let form = desk
        .maker
        .form(&format!("{over}/goods-convert"), "/goods-convert")
        .await;
    let into = [
        ("from_units", "2"),
        ("name", "口罩"),
        ("spec", "N95"),
        ("unit", "只"),
        ("units", "480"),
    ];
    desk.maker.send(&form, &into).await.onwards();
    let form = desk
        .maker
        .form(&format!("{over}/goods-out"), "/goods-out")
        .await;
    desk.maker
        .send(&form, &[("units", "3"), ("receiver", "云山县人民医院")])
        .await
        .onwards();
    let page = desk.maker.page(&format!("/funds/{fund}")).await;
    assert!(page.contains("4 箱"), "{page}");
    let movement = id_in(&page, "/movements/");
    assert!(
        desk.maker
            .page(&format!("/movements/{movement}"))
            .await
            .contains("3 箱")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gift_is_found_by_what_only_the_desk_knows() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let other = client.house.charity("青禾基金会").await;
        let desk = Desk::of(&client, &charity).await;
        let gift = counter(&desk, &charity).await;
        let bare = gift.trim_start_matches("don_");
        let find = |q: &str| format!("{}/find?q={q}", desk.home);
        let by = [
            ("A-1", "付款单号"),
            (gift.as_str(), "凭据编号"),
            (bare, "凭据编号"),
            ("%E6%9D%8E%E5%9B%9B", "姓名"),
        ];
        for (q, agrees) in by {
            let page = desk.maker.page(&find(q)).await;
            let shown = page.contains(&gift) && page.contains(&format!(">{agrees}</td>"));
            assert!(shown, "{q}: {page}");
            assert!(!page.contains("李四</"), "the full name is not shown");
        }
        for q in ["A-2", "%E6%9D%8E%E5%9B%9B%E5%85%89", "%25%25"] {
            let page = desk.maker.page(&find(q)).await;
            assert!(page.contains("没有相符的捐赠"), "{q}");
        }
        let short = desk.maker.page(&find("%E6%9D%8E")).await;
        assert!(short.contains("请至少输入2个字") && !short.contains(&gift));
        // Another organisation's desk finds nothing of it, and nobody else gets in.
        let theirs = Desk::of(&client, &other).await;
        let page = theirs
            .maker
            .page(&format!("{}/find?q=A-1", theirs.home))
            .await;
        assert!(page.contains("没有相符的捐赠"));
        assert_eq!(theirs.maker.open(&find("A-1")).await.status, 403);
    }
}
