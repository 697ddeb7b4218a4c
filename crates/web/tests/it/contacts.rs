//! How organisations are reached, from the form at the desk to the pages and papers of everybody.

use crate::browser::Browser;
use crate::client::Client;
use domain::identity::Role;
use testkit::Charity;

const TYPED: [(&str, &str); 6] = [
    ("desk", "捐赠服务处"),
    ("telephones", "0000-88001001\r\n0000-88001002转3"),
    ("mail", "donors@yunshan.example.org"),
    ("hours", "周一至周五 9:00至17:00"),
    ("address", "云山市和平路1号"),
    ("version", "0"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let pairs = TYPED.into_iter();
    pairs
        .map(|(field, typed)| (field, if field == name { value } else { typed }))
        .collect()
}

async fn maker<'a>(client: &'a Client, charity: &Charity) -> Browser<'a> {
    Browser::with_session(client, &client.token(charity, Role::Maker).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_published_stands_on_every_page() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let (maker, stranger) = (maker(&client, &charity).await, Browser::stranger(&client));
    let organisation = format!("/organisations/{}", charity.organisation);
    let empty = stranger.page(&organisation).await;
    assert!(empty.contains("这家组织还没有公布联系方式。"), "{empty}");
    let address = format!("/desk/organisations/{}/contact", charity.organisation);
    let home = maker.page(address.trim_end_matches("/contact")).await;
    assert!(home.contains(&address), "the desk leads there: {home}");
    let form = maker.form(&address, "/contact").await;
    let place = maker.send(&form, &TYPED).await.onwards();
    assert!(maker.page(&place).await.contains("联系方式已公布"));
    let gift = client.house.gift(&charity, "30").await;
    for page in [
        organisation,
        format!("/campaigns/{}", charity.campaign),
        format!("/campaigns/{}/give", charity.campaign),
        format!("/donations/{gift}"),
        format!("/donations/{gift}/receipt.html"),
        format!("/help/report?about={gift}"),
    ] {
        let html = stranger.open(&page).await.text();
        let tel = "href=\"tel:000088001002;ext=3\"";
        let mail = "href=\"mailto:donors@yunshan.example.org\"";
        assert!(html.contains(tel) && html.contains(mail), "{page}: {html}");
        assert!(html.contains("捐赠服务处"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_problems_come_back_with_everything_typed() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let maker = maker(&client, &charity).await;
    let address = format!("/desk/organisations/{}/contact", charity.organisation);
    let form = maker.form(&address, "/contact").await;
    let wrong = [
        ("desk", "王小明"),
        ("telephones", "13800138000"),
        ("mail", "没有"),
        ("hours", "全天"),
        ("version", "0"),
    ];
    let again = maker.send(&form, &wrong).await;
    assert_eq!(again.status, 422);
    let html = again.text();
    for part in [
        "href=\"#desk\"",
        "href=\"#telephones\"",
        "href=\"#mail\"",
        "value=\"王小明\"",
        "13800138000</textarea>",
        "value=\"全天\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_colleagues_do_not_overwrite_each_other_unseen() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let maker = maker(&client, &charity).await;
    let address = format!("/desk/organisations/{}/contact", charity.organisation);
    let (first, second) = (
        maker.form(&address, "/contact").await,
        maker.form(&address, "/contact").await,
    );
    maker.send(&first, &TYPED).await.onwards();
    let late = with("hours", "周六 9:00至12:00");
    let told = maker.send(&second, &late).await;
    assert_eq!(told.status, 409);
    let html = told.text();
    assert!(html.contains("同事刚刚改过联系方式"), "{html}");
    assert!(html.contains("周一至周五 9:00至17:00"), "what stands now");
    assert!(
        html.contains("value=\"周六 9:00至12:00\""),
        "what was typed"
    );
    assert!(html.contains("name=\"version\" value=\"1\""), "{html}");
    let form = crate::browser::Form::find(&html, "/contact");
    let mut seen = late.clone();
    seen.retain(|(name, _)| *name != "version");
    seen.push(("version", "1"));
    maker.send(&form, &seen).await.onwards();
    let page = format!("/organisations/{}", charity.organisation);
    let html = Browser::stranger(&client).page(&page).await;
    assert!(html.contains("周六 9:00至12:00"));
    let html = maker.page(&address).await;
    assert!(html.contains("更早的一版"), "{html}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_leads_to_where_complaints_are_explained() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let stranger = Browser::stranger(&client);
    let about = &charity.campaign;
    let campaign = stranger.page(&format!("/campaigns/{about}")).await;
    let link = format!("/help/report?about={about}");
    assert!(campaign.contains(&link), "{campaign}");
    let html = stranger.page(&link).await;
    assert!(html.contains(about.as_str()) && html.contains("/log/leaves/"));
    assert!(html.contains("data-copy="), "{html}");
    assert!(html.contains("没有网上举报表"), "no form is promised");
    let html = stranger.page("/help/report?about=%3Cb%3E").await;
    assert!(
        !html.contains("data-copy=") && !html.contains("<b>您"),
        "{html}"
    );
    assert!(stranger.page("/help").await.contains("/help/report"));
}
