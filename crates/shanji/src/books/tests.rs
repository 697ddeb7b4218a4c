//! Honest and damaged databases.

use super::*;
use app::Command;
use kernel::Id;
use testkit::{Charity, TestApp, sure};

/// A house with three gifts, one advance still being asked for, everything sealed.
async fn house() -> (TestApp, Charity) {
    let app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    for yuan in ["50", "1000", "0.07"] {
        app.gift(&charity, yuan).await;
    }
    sure(app.seal_now().await, "sealed");
    (app, charity)
}

async fn conclusion_of(app: &TestApp) -> Conclusion {
    let mut session = sure(app.db().read_tx().await, "a snapshot");
    sure(conclude(&mut session, app.secrets()).await, "a conclusion")
}

#[tokio::test]
async fn an_honest_database_is_clean() {
    let (app, _) = house().await;
    let conclusion = conclusion_of(&app).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    assert!(conclusion.words().contains("没有发现问题"));
    let inflow: i64 = conclusion
        .organisations
        .iter()
        .flat_map(|o| &o.funds)
        .map(|f| f.inflow)
        .sum();
    assert_eq!(inflow, 5_000 + 100_000 + 7);
}

/// Breaks a row; the finding has this code, and names the leaf of the second gift where `is_leaf` says so.
async fn check(damage: &str, code: &str, named: &str) {
    let (app, _) = house().await;
    let app = app.without_check();
    app.script(damage).await;
    let conclusion = conclusion_of(&app).await;
    let found = conclusion.wrong.iter().find(|finding| finding.code == code);
    let found = found.unwrap_or_else(|| panic!("{damage}: no {code} in {:?}", conclusion.wrong));
    assert!(
        found.sentence.contains(named),
        "{damage}: {}",
        found.sentence
    );
}

const SECOND: &str = "(SELECT id FROM donation WHERE amount = 100000)";

#[tokio::test]
async fn a_changed_amount_is_named_with_its_row() {
    let change = "UPDATE movement SET amount = amount + 1 WHERE amount = 90000";
    check(change, "rows.movement_amount", "流转行 mov_").await;
    let change = "UPDATE donation SET amount = amount + 1 WHERE amount = 100000";
    check(change, "rows.donation_amount", "1,000.01 元").await;
    check(
        "UPDATE fund SET inflow = inflow + 1 WHERE inflow > 0",
        "sums.fund_inflow",
        "资金行 fnd_",
    )
    .await;
    check(
        "UPDATE balance SET amount = amount + 1",
        "sums.balance",
        "余额行 fnd_",
    )
    .await;
    check(
        "UPDATE fund_day SET amount = amount + 1",
        "sums.fund_day",
        "日合计行 fnd_",
    )
    .await;
    check(
        "UPDATE fund SET reserved = 1 WHERE inflow > 0",
        "sums.fund_reserved",
        "已批未付",
    )
    .await;
}

#[tokio::test]
async fn a_changed_place_span_or_kind_is_named() {
    check(
        "UPDATE movement SET in_start = in_start + 1 WHERE amount = 90000",
        "rows.movement_span",
        "转入段",
    )
    .await;
    check(
        "UPDATE movement SET place_to = place_to + 1 WHERE amount = 90000",
        "rows.movement_place",
        "转入存放处",
    )
    .await;
    check(
        "UPDATE movement SET kind = 'interest' WHERE amount = 90000",
        "rows.movement_kind",
        "interest",
    )
    .await;
    check(
        "UPDATE movement SET day = day + 1 WHERE amount = 90000",
        "rows.movement_day",
        "记账日",
    )
    .await;
    check(
        "UPDATE fund SET restriction = 'none' WHERE restriction = 'purpose'",
        "rows.record_word",
        "restriction",
    )
    .await;
    check(
        "UPDATE fund SET title = 'x' WHERE inflow > 0",
        "rows.record_word",
        "title",
    )
    .await;
    check(
        "UPDATE stream SET leaves = leaves + 1",
        "sums.stream",
        "序列行",
    )
    .await;
}

#[tokio::test]
async fn a_changed_gift_is_named() {
    check(
        &format!("UPDATE donation SET channel = 'cash' WHERE id = {SECOND}"),
        "rows.donation_channel",
        "cash",
    )
    .await;
    check(
        &format!("UPDATE donation SET held_reason = 'not_live' WHERE id = {SECOND}"),
        "rows.donation_held",
        "待处理",
    )
    .await;
    check(
        &format!("UPDATE donation SET day = day - 1 WHERE id = {SECOND}"),
        "rows.donation_day",
        "日期",
    )
    .await;
    check(
        &format!("UPDATE donation SET campaign_id = NULL WHERE id = {SECOND}"),
        "rows.donation_campaign",
        "无",
    )
    .await;
    let words = format!("UPDATE donation_private SET opened = '{{}}' WHERE donation_id = {SECOND}");
    check(&words, "rows.donation_words", "gift").await;
}

/// A house in which a story was taken down and one donor is restricted, another one erased.
async fn taken_down() -> TestApp {
    use app::command::Repair;
    let (app, charity) = house().await;
    let house = domain::identity::Actor::house("test");
    let withdraw = |record: &str, field: &str| {
        Command::Repair(Repair::Withdraw {
            record: record.into(),
            field: field.into(),
            reason: "personal".into(),
        })
    };
    let campaign = charity.campaign.clone();
    for field in ["title", "story"] {
        app.done(&house, withdraw(&campaign, field)).await;
    }
    let gifts: Vec<String> = [app.gift(&charity, "8").await, app.gift(&charity, "9").await].into();
    for donation in &gifts {
        let (donation, reason) = (donation.clone(), "consent".to_owned());
        app.done(&house, Command::DonorRestrict { donation, reason })
            .await;
    }
    let late = sure(kernel::Day::parse("2060-01-01"), "a day");
    app.clock().set(late.start());
    let (donation, reason) = (gifts[0].clone(), "consent".to_owned());
    app.done(&house, Command::Repair(Repair::Erase { donation, reason }))
        .await;
    sure(app.seal_now().await, "sealed");
    app.without_check()
}

#[tokio::test]
async fn what_was_taken_down_with_a_statement_is_clean() {
    let app = taken_down().await;
    let conclusion = conclusion_of(&app).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    let unchecked = conclusion.unchecked.join("；");
    assert!(
        unchecked.contains("1笔捐赠的非公开内容已经删除"),
        "{unchecked}"
    );
}

#[tokio::test]
async fn what_was_taken_down_without_a_statement_is_named() {
    let key = format!("DELETE FROM donation_private WHERE donation_id = {SECOND}");
    check(&key, "rows.withdrawal_unstated", "捐赠人姓名").await;
    let name = format!("UPDATE donation SET donor_public = '（已停止公开）' WHERE id = {SECOND}");
    check(&name, "rows.withdrawal_unstated", "捐赠人称呼").await;
    let words = "UPDATE opening SET withdrawn_at = 1 WHERE field = 'promise'";
    check(words, "rows.withdrawal_unstated", "公开文字（promise）").await;
}

#[tokio::test]
async fn what_came_back_after_it_was_taken_down_is_named() {
    for (damage, sentence) in [
        (
            "UPDATE opening SET withdrawn_at = NULL WHERE field = 'story'",
            "公开文字（story）已经撤下",
        ),
        (
            "UPDATE donation SET donor_public = '王**'",
            "捐赠人称呼（gift）已经撤下",
        ),
        (
            "INSERT INTO donation_private SELECT d.id, '', '', '', '{}', zeroblob(32) FROM donation d WHERE d.donor_public = '（已删除）'",
            "捐赠人姓名（gift）已经撤下",
        ),
    ] {
        let app = taken_down().await;
        app.script(damage).await;
        if damage.starts_with("INSERT") {
            app.script(
                "UPDATE donation SET donor_public = '王**' WHERE donor_public = '（已删除）'",
            )
            .await;
        }
        let conclusion = conclusion_of(&app).await;
        let named = conclusion.wrong.iter().any(|finding| {
            finding.code == "rows.withdrawal_undone" && finding.sentence.contains(sentence)
        });
        assert!(named, "{damage}: {}", conclusion.words());
    }
}

#[tokio::test]
async fn lost_and_invented_rows_are_named() {
    check(
        &format!("DELETE FROM donation WHERE id = {SECOND}"),
        "rows.donation_missing",
        "don_",
    )
    .await;
    check(
        "DELETE FROM movement WHERE amount = 90000",
        "rows.movement_count",
        "2笔流转，数据库里有1行",
    )
    .await;
    let copy = "INSERT INTO movement SELECT id + 1, leaf_index, kind, amount, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, donation_id, matter_id, at, day FROM movement WHERE id = (SELECT MAX(id) FROM movement)";
    check(copy, "rows.movement_count", "1笔流转，数据库里有2行").await;
    let stray = copy.replace("leaf_index, kind", "1, kind");
    check(&stray, "rows.movement_stray", "第1条陈述").await;
    check("DELETE FROM campaign", "rows.record_missing", "cam_").await;
}

#[tokio::test]
async fn a_changed_log_is_named() {
    check(
        "UPDATE log_leaf SET hash = zeroblob(32) WHERE idx = 1",
        "log.leaf_hash",
        "摘要",
    )
    .await;
    let change = "UPDATE log_leaf SET bytes = CAST(replace(CAST(bytes AS TEXT), '90000', '90001') AS BLOB) WHERE idx = (SELECT leaf_index FROM donation WHERE amount = 100000)";
    check(change, "log.leaf_hash", "陈述被改动").await;
    check(change, "log.root", "检查点").await;
    check(
        "UPDATE log_checkpoint SET root = zeroblob(32)",
        "log.root",
        "检查点",
    )
    .await;
    check(
        "DELETE FROM log_leaf WHERE idx = (SELECT MAX(idx) FROM log_leaf)",
        "log.leaves_missing",
        "陈述被删除",
    )
    .await;
    check(
        "UPDATE opening SET value = 'x' WHERE field = 'title'",
        "rows.opening",
        "title",
    )
    .await;
}

#[tokio::test]
async fn a_finding_names_the_leaf() {
    let (app, charity) = house().await;
    let app = app.without_check();
    let gift = app.gift(&charity, "30").await;
    sure(app.seal_now().await, "sealed");
    let id: Id<leaf::ids::Donation> = sure(app.read_id(&gift), "an id");
    app.script(&format!(
        "UPDATE donation SET amount = 1 WHERE id = {}",
        id.raw()
    ))
    .await;
    let conclusion = conclusion_of(&app).await;
    let found = conclusion
        .wrong
        .iter()
        .find(|finding| finding.code == "rows.donation_amount")
        .unwrap();
    assert!(found.sentence.contains(&gift), "{}", found.sentence);
    // Behind the gift stands the statement of the index.
    assert_eq!(found.index, Some(conclusion.leaves - 2));
}
