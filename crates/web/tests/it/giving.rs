//! The donor's way beyond the usual: an unusual amount, a receipt to keep in every form, a gift that is looked for.

use crate::browser::{Browser, Form};
use crate::client::{Answer, Client};
use testkit::Charity;

/// What a donor types for this amount.
fn typed(yuan: &str) -> Vec<(&str, &str)> {
    vec![
        ("preset", ""),
        ("amount", yuan),
        ("donor_name", "王小明"),
        ("donor_kind", "person"),
        ("display", "masked"),
        ("message", "给孩子们"),
    ]
}

/// Sends the summary of a gift with more values.
async fn confirm(
    visitor: &Browser<'_>,
    summary: &str,
    yuan: &str,
    more: &[(&str, &str)],
) -> Answer {
    let form = Form::find(summary, "/give");
    let mut values = typed(yuan);
    values.extend([("step", "pay")]);
    values.extend(more);
    visitor.send(&form, &values).await
}

async fn summary(visitor: &Browser<'_>, charity: &Charity, yuan: &str) -> String {
    let address = format!("/campaigns/{}/give", charity.campaign);
    let form = visitor.form(&address, "/give").await;
    let answer = visitor.send(&form, &typed(yuan)).await;
    assert_eq!(answer.status, 200);
    answer.text()
}

/// Gives and pays; the address of the donor's own receipt.
async fn give(visitor: &Browser<'_>, charity: &Charity, yuan: &str) -> String {
    let summary = summary(visitor, charity, yuan).await;
    let order = confirm(visitor, &summary, yuan, &[]).await.onwards();
    let pay = visitor.form(&order, "/pay").await;
    visitor.send(&pay, &[]).await.onwards();
    visitor.open(&order).await.onwards()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unusual_amount_is_looked_at_twice() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let visitor = Browser::stranger(&client);
        let usual = summary(&visitor, &charity, "50").await;
        assert!(usual.contains("伍拾元整") && !usual.contains("confirm_words"));
        let large = summary(&visitor, &charity, "12000").await;
        assert!(large.contains("请再确认一次金额"), "{large}");
        let figure = large.split("confirm-hint").next().unwrap();
        assert!(
            !figure.contains("壹万贰仟元整"),
            "the words are not told beforehand"
        );
        for (words, chosen, sentence) in [
            ("", "", "请把金额用大写或数字再写一遍"),
            ("很多", "", "写的金额读不出来"),
            ("壹仟贰佰元整", "", "1,200.00元"),
            ("", "壹拾贰万元整", "120,000.00元"),
        ] {
            let more = [("confirm_words", words), ("confirm_choice", chosen)];
            let answer = confirm(&visitor, &large, "12000", &more).await;
            assert_eq!(answer.status, 422, "{words}{chosen}");
            let html = answer.text();
            assert!(html.matches(sentence).count() >= 2, "{sentence}: {html}");
            assert!(html.contains("value=\"王小明\"") && html.contains(words));
        }
        let more = [("confirm_words", "壹萬貳仟圓"), ("confirm_choice", "")];
        let order = confirm(&visitor, &large, "12000", &more).await.onwards();
        assert!(order.starts_with("/intents/"));
        let number = order.strip_prefix("/intents/").unwrap_or_default();
        let number = number.split('?').next().unwrap_or_default();
        let found = visitor.open(&format!("/donations?number={number}")).await;
        assert_eq!(found.onwards(), format!("/intents/{number}"));
        let again = summary(&visitor, &charity, "10000.01").await;
        let more = [("confirm_choice", "壹万元零壹分")];
        confirm(&visitor, &again, "10000.01", &more).await.onwards();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_kept_in_every_form() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let visitor = Browser::stranger(&client);
        let receipt = give(&visitor, &charity, "50").await;
        client.house.seal_now().await.unwrap();
        let html = visitor.page(&receipt).await;
        for words in [
            "存成 PDF",
            "<svg class=\"qr\"",
            "每名学生每学期资助一千元。",
            "合计，正好等于这笔捐赠",
            "接下来",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        let (address, token) = receipt.split_once('?').unwrap();
        let own = visitor
            .open(&format!("{address}/receipt.html?{token}"))
            .await;
        assert!(own.header("content-disposition").ends_with(".html\""));
        let own = own.text();
        assert!(own.contains("王小明") && own.contains("给孩子们"));
        assert!(own.contains("data:text/plain;base64,YzJzcC5vcmcvdGxvZy1wcm9vZkB2M"));
        for outside in ["<script src", "<link", "<img", "@import", "url("] {
            assert!(!own.contains(outside), "{outside} needs the network");
        }
        let public = visitor
            .open(&format!("{address}/receipt.html"))
            .await
            .text();
        assert!(!public.contains("王小明") && !public.contains("给孩子们"));
        assert!(public.len() < 150_000 && public.contains("王*"));
        papers(&visitor, address, token).await;
        found_again(&visitor, address).await;
    }
}

/// The PDF, or words that say what to do where the machine has no font.
async fn papers(visitor: &Browser<'_>, address: &str, token: &str) {
    for query in [String::new(), format!("?{token}"), "?lang=zh-Hant".into()] {
        let answer = visitor.open(&format!("{address}/receipt.pdf{query}")).await;
        if answer.status == 422 {
            assert!(answer.text().contains("fonts-noto-cjk"));
        } else {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), "application/pdf");
            assert!(answer.bytes.starts_with(b"%PDF-"));
        }
    }
}

async fn found_again(visitor: &Browser<'_>, address: &str) {
    let number = address.strip_prefix("/donations/").unwrap();
    let found = visitor
        .open(&format!("/donations?number=%20{number}%20"))
        .await;
    assert_eq!(found.onwards(), address);
    visitor.page("/donations").await;
    let missing = visitor.open("/donations?number=don_nothing").await;
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("value=\"don_nothing\""));
    let last = if number.ends_with('0') { '1' } else { '0' };
    let misread = format!("{}{last}", &number[..number.len() - 1]);
    for (typed, status, words) in [
        ("", 422, "请填写凭据编号"),
        (misread.as_str(), 404, "编号有一处写错了"),
        (&number[..number.len() - 1], 404, "编号的位数不对"),
        ("int_0000", 404, "编号的位数不对"),
    ] {
        let answer = visitor.open(&format!("/donations?number={typed}")).await;
        assert_eq!(answer.status, status, "{typed}");
        assert!(answer.text().contains(words), "{typed}: {}", answer.text());
    }
}
