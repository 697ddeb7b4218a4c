//! A form that was refused stands at an address: reloading and going back show it again and send nothing.

use crate::browser::{Browser, Form};
use crate::client::Client;
use domain::identity::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_stands_at_an_address_until_it_is_accepted() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let maker = Browser::with_session(&client, &client.token(&charity, Role::Maker).await);
    let counter = format!("/desk/organisations/{}/counter", charity.organisation);
    let form = maker.form(&counter, "/counter").await;
    let mut values = [
        ("amount", "五十一百"),
        ("slip", "S-77"),
        ("donor_name", "王小明"),
        ("donor_kind", "person"),
        ("display", "masked"),
        ("channel", "cash"),
        ("campaign", ""),
    ];
    let answer = maker.send_from(&counter, &form, &values).await;
    let place = answer.onwards();
    assert!(place.starts_with(&format!("{counter}?shown=")), "{place}");
    for _ in 0..2 {
        let shown = maker.open(&place).await;
        assert_eq!(shown.status, 422);
        assert_eq!(shown.header("cache-control"), "no-store");
        let html = shown.text();
        for words in [
            "五十一百",
            "S-77",
            "王小明",
            "金额写法不对",
            "请选择这笔捐赠归入哪个活动。",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
    }
    let other = Browser::with_session(&client, &client.token(&charity, Role::Checker).await);
    assert_eq!(
        other.open(&place).await.onwards(),
        counter,
        "it is not theirs"
    );
    let stranger = Browser::stranger(&client);
    assert_eq!(stranger.open(&place).await.onwards(), counter);
    // From there the same form is sent again, and then the address leads to the next slip.
    values[0].1 = "50";
    values[6].1 = &charity.campaign;
    let again = maker.send_from(&place, &form, &values).await.onwards();
    assert!(again.contains("done=gift"), "{again}");
    assert_eq!(maker.open(&place).await.onwards(), counter);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_have_it_too_and_programs_get_their_answer_at_once() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let donor = Browser::stranger(&client);
    let give = format!("/campaigns/{}/give", charity.campaign);
    let form = donor.form(&give, "/give").await;
    let values = [("amount", "很多"), ("donor_name", "王小明")];
    let place = donor.send_from(&give, &form, &values).await.onwards();
    let shown = donor.open(&place).await;
    assert_eq!(shown.status, 422);
    assert!(shown.text().contains("王小明"));
    let at_once = donor.send(&form, &values).await;
    assert_eq!(at_once.status, 422);
    let nowhere = donor.open(&format!("{give}?x=1&shown=0123")).await;
    assert_eq!(nowhere.onwards(), format!("{give}?x=1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_chosen_is_a_problem_of_the_form_and_no_missing_page() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    client.house.gift(&charity, "500").await;
    let maker = Browser::with_session(&client, &client.token(&charity, Role::Maker).await);
    let path = format!("/desk/organisations/{}/reclassify", charity.organisation);
    let form = maker.form(&path, "/reclassify").await;
    let answer = maker.send(&form, &[("amount", "1"), ("reason", "")]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(
        answer.text().contains("请在这里选一项。"),
        "{}",
        answer.text()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_looked_at_before_it_is_published() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    client.house.gift(&charity, "500").await;
    let maker = Browser::with_session(&client, &client.token(&charity, Role::Maker).await);
    let path = format!("/desk/campaigns/{}/report", charity.campaign);
    let form = maker.form(&path, "/report").await;
    let today = client.house.now().day().to_string();
    let mut values = vec![
        ("kind", "progress"),
        ("title", ""),
        ("body", "在三所小学发了冬衣。"),
        ("plan", ""),
        ("until", today.as_str()),
    ];
    // All problems come first, those of the form and those of the campaign.
    maker.send(&form, &values).await.again("标题");
    values[1].1 = "第一批冬衣已送到";
    maker.send(&form, &values).await.again("余款怎样使用");
    values[3].1 = "春天买书。";
    let place = maker.send_from(&path, &form, &values).await.onwards();
    let check = maker.open(&place).await;
    assert_eq!(check.status, 200);
    let html = check.text();
    for words in [
        "核对要公布的报告",
        "春天买书。",
        "尚未使用",
        "name=\"review\"",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let public = format!("/campaigns/{}", charity.campaign);
    let is_public = async || maker.page(&public).await.contains("第一批冬衣已送到");
    assert!(!is_public().await, "nothing is published by looking");
    let form = Form::find(&html, "/report");
    values.push(("review", "yes"));
    let again = maker.send(&form, &values).await;
    assert!(again.text().contains("还没有提交") && again.text().contains("春天买书。"));
    values.pop();
    values.push(("checked", "yes"));
    let done = maker.send_from(&place, &form, &values).await.onwards();
    assert!(done.ends_with("?done=reported"), "{done}");
    assert!(is_public().await);
    assert_eq!(maker.open(&place).await.onwards(), path, "it is done");
}
