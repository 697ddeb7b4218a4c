//! Ways back on the desk: a wrong slip is taken out by two and entered again, a wrong delivery can be undone.

use crate::browser::Browser;
use crate::client::Client;
use domain::identity::Role;
use testkit::Charity;

/// Who works there.
struct Desk<'a> {
    maker: Browser<'a>,
    checker: Browser<'a>,
    approver: Browser<'a>,
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
            home: format!("/desk/organisations/{}", charity.organisation),
        }
    }

    /// Enters a slip; the page after it.
    async fn enter(&self, campaign: &str, (slip, yuan): (&str, &str)) -> (String, String) {
        let address = format!("{}/counter", self.home);
        let form = self.maker.form(&address, "/counter").await;
        let values = [
            ("amount", yuan),
            ("slip", slip),
            ("donor_name", "李四"),
            ("donor_kind", "person"),
            ("display", "masked"),
            ("channel", "bank"),
            ("campaign", campaign),
        ];
        let place = self.maker.send(&form, &values).await.onwards();
        let gift = number_behind(&place, "id=");
        assert!(place.contains("done=gift&"), "{place}");
        (gift, self.maker.page(&place).await)
    }
}

#[track_caller]
fn number_behind(text: &str, before: &str) -> String {
    let Some((_, rest)) = text.split_once(before) else {
        panic!("no {before}: {text}")
    };
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    rest[..end.unwrap_or(rest.len())].to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_slip_is_seen_by_two_taken_out_and_entered_again() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let (wrong, page) = desk.enter(&charity.campaign, ("T-1", "33")).await;
    assert!(
        page.contains("<b>33.00元</b>") && page.contains(">李四</span>"),
        "{page}"
    );
    let theirs = format!("{}/counter?done=gift&id={wrong}", desk.home);
    let theirs = desk.checker.page(&theirs).await;
    assert!(!theirs.contains("李四"), "only who typed the name reads it");

    let correct = format!("/desk/donations/{wrong}/correct");
    let form = desk.checker.form(&correct, "/correct").await;
    let reason = [("reason", "金额写错")];
    desk.checker.send(&form, &reason).await.onwards();
    let home = desk.approver.page(&desk.home).await;
    let duty = "<b>确认更正申请</b> <a href=\"/desk/repairs/";
    assert!(home.contains(duty), "{home}");
    let own = desk.checker.page(&desk.home).await;
    assert!(!own.contains(duty), "who asked does not confirm: {own}");
    let repair = format!("/desk/repairs/{}", number_behind(&home, "/desk/repairs/"));
    let told = desk.approver.page(&repair).await;
    let donation = format!("/donations/{wrong}");
    for words in ["33.00元", "T-1", "李*", "按现在的账，会记下", &donation] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let form = desk.approver.form(&repair, &repair).await;
    let done = desk.approver.send(&form, &[("step", "confirm")]).await;
    assert!(done.onwards().ends_with("done=confirmed"));

    let (right, page) = desk.enter(&charity.campaign, ("T-1", "333")).await;
    assert_ne!(right, wrong);
    for words in ["今天我登记的：1笔，共333.00元", "另有已更正1笔，33.00元"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let found = desk.maker.page(&format!("{}/find?q=T-1", desk.home)).await;
    assert!(found.contains(&right) && found.contains(&wrong));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counter_says_its_own_limits() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let form = desk
        .maker
        .form(&format!("{}/counter", desk.home), "/counter")
        .await;
    let mut values = [
        ("amount", "88888888"),
        ("slip", "T-2"),
        ("channel", "bank"),
        ("campaign", charity.campaign.as_str()),
    ];
    let html = desk
        .maker
        .send(&form, &values)
        .await
        .again("柜台一次最多登记");
    assert!(
        !html.contains("三个数") && !html.contains("网上一次"),
        "{html}"
    );
    values[0].1 = "20000";
    let html = desk.maker.send(&form, &values).await.again("再写一遍");
    assert!(!html.contains("三个数"), "{html}");
    values[0].1 = "3.5万";
    let meant = "您是说35,000.00元（叁万伍仟元整）吗？是的话请用数字填写：35000。";
    desk.maker.send(&form, &values).await.again(meant);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_of_yesterday_stands_under_yesterday() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let desk = Desk::of(&client, &charity).await;
    let counter = format!("{}/counter", desk.home);
    let today = client.house.now().day();
    let day = |days: i32| today.plus_days(days).to_string();
    let (tomorrow, yesterday, long_ago) = (day(1), day(-1), day(-32));
    let form = desk.maker.form(&counter, "/counter").await;
    let mut values = [
        ("amount", "88"),
        ("slip", "T-3"),
        ("donor_name", "王小明"),
        ("donor_kind", "person"),
        ("display", "masked"),
        ("channel", "cash"),
        ("campaign", charity.campaign.as_str()),
        ("received_on", tomorrow.as_str()),
    ];
    let refused = desk.maker.send(&form, &values).await;
    refused.again("收到日期还没有到");
    values[7].1 = &long_ago;
    let refused = desk.maker.send(&form, &values).await;
    refused.again("最多补记31天以内");
    values[7].1 = &yesterday;
    let place = desk.maker.send(&form, &values).await.onwards();
    assert!(
        place.ends_with(&format!("&received_on={yesterday}")),
        "{place}"
    );
    let next = desk.maker.page(&place).await;
    let kept = format!("value=\"{yesterday}\"");
    assert!(
        next.contains(&kept) && next.contains(">王小明</b>"),
        "{next}"
    );
    let gift = number_behind(&place, "id=");
    let receipt = desk.maker.page(&format!("/donations/{gift}")).await;
    assert!(receipt.contains("没有记时刻"), "{receipt}");
    let list = format!("{}/gifts.json", desk.home);
    let rows = desk.maker.open(&list).await.text();
    for words in ["\"slip\":\"T-3\"", "\"name\":\"王小明\"", &yesterday] {
        assert!(rows.contains(words), "{words}: {rows}");
    }
}
