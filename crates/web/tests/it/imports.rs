//! Imports at the desk: a list with headings of its own is mapped, looked at, staged, taken back, posted; once.

use crate::browser::{Browser, Form};
use crate::client::Client;
use domain::identity::Role;

/// Looks at a page at most so often until what is done in the background is done.
const LOOKS_MAX: usize = 10_000;
const LIST: &str = "云山基金会2026年捐款登记\r\n\
收据编号,捐赠人,捐赠金额（元）,到账日期,附言,支付方式\r\n\
S-1,=王小明,12.30,2026-11-20,加油,现金\r\n\
S-2,李四,五元,2026-11-20,,微信\r\n\
S-3,,7.70,2026-11-21 09:30:00,,支付宝\r\n";

/// What a look at it says.
const LOOK: [&str; 7] = [
    "有1个单号已在别的渠道登记过（例如柜台）：S-1",
    "另有1行金额读不出",
    "S-2 · 李四 · 五元",
    "按表头猜了一遍",
    "文件 3 行 = 接受 2 行 + 退回 1 行",
    "20.00元",
    "=王小明",
];

/// Brings a file; where its look is.
async fn brought(desk: &Browser<'_>, (organisation, campaign): (&str, &str), text: &str) -> String {
    let path = format!("/desk/organisations/{organisation}/imports/new");
    let form = desk.form(&path, "/imports/new").await;
    let values = [("campaign", campaign)];
    let answer = desk
        .send_file(&form, &values, Some(("登记.csv", text)))
        .await;
    answer.onwards()
}

/// The hidden values of the form that stages what a look shows.
fn staging(html: &str) -> Vec<(String, String)> {
    let form = html.split("<form method=\"post\"").last().unwrap();
    let form = form.split("</form>").next().unwrap();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    inputs
        .map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (
                name.to_string(),
                rest.split('"').next().unwrap().to_string(),
            )
        })
        .filter(|(name, _)| name != "command_key")
        .collect()
}

async fn staged(desk: &Browser<'_>, look: &str) -> String {
    let html = desk.page(look).await;
    let values = staging(&html);
    let values: Vec<_> = values
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let form = Form::find(&html, "/imports/look");
    desk.send(&form, &values).await.onwards()
}

async fn posted(desk: &Browser<'_>, run: &str) -> String {
    let form = desk.form(run, "/post").await;
    assert_eq!(desk.send(&form, &[]).await.onwards(), run);
    for _ in 0..LOOKS_MAX {
        let html = desk.page(run).await;
        if html.contains("badge posted") {
            return html;
        }
        assert!(!html.contains("入账中途停下了"), "{html}");
        tokio::task::yield_now().await;
    }
    panic!("{run} is never posted")
}

/// The same number stands at the counter already, as a transfer and not as cash.
async fn at_the_counter(client: &Client, (_, campaign): (&str, &str)) {
    let gift = app::command::CounterGift {
        campaign: campaign.into(),
        channel: "bank".into(),
        form: domain::fundraising::IntentForm {
            amount: "12.30".into(),
            ..Default::default()
        },
        slip: "S-1".into(),
        received_on: String::new(),
    };
    let house = domain::identity::Actor::house("test");
    let key = app::CommandKey("slip/S-1".into());
    let command = app::Command::CounterGift(gift);
    client.house.write(&house, &key, command).await.unwrap();
}

/// The rejected rows can be taken home from a look, before anything is staged.
async fn rejects_before_staging(desk: &Browser<'_>, organisation: &str, html: &str) {
    let (_, href) = html.split_once("/imports/rejects.csv?").unwrap();
    let href = href.split('"').next().unwrap().replace("&#38;", "&");
    let href = format!("/desk/organisations/{organisation}/imports/rejects.csv?{href}");
    let rejects = desk.open(&href).await.text();
    assert!(rejects.contains("S-2,李四,五元"), "{rejects}");
}

/// Whoever chose no campaign chooses it at the look, and keeps the mapping.
async fn chooses_late(desk: &Browser<'_>, of: (&str, &str)) {
    let aimless = brought(desk, (of.0, ""), LIST).await;
    let html = desk.page(&aimless).await;
    assert!(html.contains("请选择活动后再导入"));
    let choice = format!("value=\"{}\"", of.1);
    assert!(html.contains("<select id=\"campaign\"") && html.contains(&choice));
    let chosen = aimless.replace("&campaign=", &format!("&campaign={}", of.1));
    assert!(desk.page(&chosen).await.contains("接受 2 行"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_with_its_own_headings_is_mapped_and_posted_once() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let token = client.token(&charity, Role::Maker).await;
        let desk = Browser::with_session(&client, &token);
        let of = (charity.organisation.as_str(), charity.campaign.as_str());
        at_the_counter(&client, of).await;
        let look = brought(&desk, of, LIST).await;
        let html = desk.page(&look).await;
        for words in LOOK {
            assert!(html.contains(words), "{words}: {html}");
        }
        assert!(!html.contains("row.amount"), "codes are for programs");
        rejects_before_staging(&desk, of.0, &html).await;
        chooses_late(&desk, of).await;
        // The clerk takes the note away and looks again; then a needed column.
        let again = format!("{look}&column_number=1&column_amount=3&column_time=4&column_name=2");
        assert!(!desk.page(&again).await.contains("加油"));
        let less = format!("{look}&column_number=1&column_amount=3");
        assert!(
            desk.page(&less)
                .await
                .contains("还不知道这些内容在哪一栏：时间")
        );

        let run = staged(&desk, &again).await;
        let html = desk.page(&run).await;
        assert!(
            html.contains("文件 20.00元 = 接受 20.00元 + 退回 0.00元"),
            "{html}"
        );
        let known = desk.page(&look).await;
        assert!(
            known.contains(&run) && known.contains("没有重复导入"),
            "{known}"
        );
        assert!(known.contains("沿用上次的对应") && !known.contains("加油"));

        let undo = desk.form(&run, "/undo").await;
        assert_eq!(desk.send(&undo, &[]).await.onwards(), run);
        assert!(desk.page(&run).await.contains("badge undone"));
        let second = staged(&desk, &look).await;
        assert_ne!(second, run);
        posted(&desk, &second).await;
        let gifts = format!("/campaigns/{}/gifts", charity.campaign);
        let html = desk.page(&gifts).await;
        assert!(
            html.contains("12.30元")
                && html.contains("7.70元")
                && html.contains("<data value=\"3230\">")
        );
        let rejects = desk.open(&format!("{second}/rejects.csv")).await.text();
        assert!(
            rejects.contains("收据编号,捐赠人") && rejects.contains("S-2,李四,五元"),
            "{rejects}"
        );
        let undo = Form::find(
            &html.replace(
                "</main>",
                &format!("<form method=\"post\" action=\"{second}/undo\"></form></main>"),
            ),
            "/undo",
        );
        desk.send(&undo, &[]).await;
        assert!(
            desk.page(&second).await.contains("badge posted"),
            "what is posted stays"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_and_broken_files_are_told_why() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let token = client.token(&charity, Role::Maker).await;
    let desk = Browser::with_session(&client, &token);
    let of = (charity.organisation.as_str(), charity.campaign.as_str());
    let path = format!("/desk/organisations/{}/imports/new", charity.organisation);
    let form = desk.form(&path, "/imports/new").await;
    desk.send_file(&form, &[], None)
        .await
        .again("请选择要导入的文件");
    let look = brought(&desk, of, "没有表头的文件").await;
    assert!(desk.page(&look).await.contains("看不出这是哪一种表格"));
    let payer = client.token(&charity, Role::Payer).await;
    let other = Browser::with_session(&client, &payer);
    assert_eq!(other.open(&look).await.status, 403);
    assert_eq!(Browser::stranger(&client).open(&look).await.status, 303);
}

const WISHES: &str = "收据编号,捐赠人,捐赠金额,到账日期,支付方式,公开方式,备注\r\n\
T-1,王小明,10,2026-11-20,现金,公开姓名,\r\n\
T-2,李小红,20,2026-11-20,现金,匿名,\r\n\
T-3,赵大海,30,2026-11-20,现金,要公开,\r\n\
T-4,钱多多,40,2026-11-20,现金,,\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_left_out_and_donors_are_named_as_they_wish() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let token = client.token(&charity, Role::Maker).await;
        let desk = Browser::with_session(&client, &token);
        let of = (charity.organisation.as_str(), charity.campaign.as_str());
        let look = brought(&desk, of, WISHES).await;
        let html = desk.page(&look).await;
        for words in [
            "公开方式“要公开”不认识",
            "文件 4 行 = 接受 3 行 + 退回 1 行",
            "name=\"out_5\"",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        // One is ticked in the table, one is written; a line that is not there is no harm.
        let less = format!("{look}&out_5=1&out=2%2C99");
        let html = desk.page(&less).await;
        for words in [
            "文件 4 行 = 接受 1 行 + 退回 3 行",
            "预检时选了不登记这一行。",
            "value=\"2, 5, 99\"",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        let run = staged(&desk, &format!("{look}&out_5=1")).await;
        posted(&desk, &run).await;
        let gifts = format!("/campaigns/{}/gifts.csv", charity.campaign);
        let rows = desk.open(&gifts).await.text();
        assert!(rows.contains("王小明") && rows.contains("20.00"), "{rows}");
        for name in ["李", "赵", "钱"] {
            assert!(!rows.contains(name), "{name}: {rows}");
        }
        let rejects = desk.open(&format!("{run}/rejects.csv")).await.text();
        assert!(rejects.contains("T-4,钱多多"), "{rejects}");
        let clerk = format!("/desk/organisations/{}/gifts.json", charity.organisation);
        let rows = desk.open(&clerk).await.text();
        assert!(rows.contains("李小红"), "the clerk reads the whole name");
        let payer = client.token(&charity, Role::Payer).await;
        let payer = Browser::with_session(&client, &payer);
        let rows = payer.open(&clerk).await.text();
        assert!(!rows.contains("李小红"), "who pays does not: {rows}");
    }
}
