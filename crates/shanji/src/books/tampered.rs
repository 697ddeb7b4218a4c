//! The demo province with every kind of row rewritten: whoever changes what people read is named.

use super::*;
use crate::demo::tests::play;
use db::testing::script;

const MAKER_ALONE: &str = "UPDATE disbursement SET checker = maker, approver = maker, payer = maker WHERE id = (SELECT MIN(id) FROM disbursement)";

/// A change of the database, and what the finding about it must say: its code and a part of its sentence.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "UPDATE campaign SET promise = '随便花' WHERE id = (SELECT MIN(id) FROM campaign)",
        "rows.record_word",
        "的承诺（promise）：数据库是“随便花”",
    ),
    (
        "UPDATE campaign SET title = 'y' WHERE id = (SELECT MIN(id) FROM campaign)",
        "rows.record_word",
        "的标题（title）：数据库是“y”",
    ),
    (
        "UPDATE campaign SET target = 7 WHERE id = (SELECT MIN(id) FROM campaign)",
        "rows.record_word",
        "的目标（target）：数据库是“7”",
    ),
    (
        "UPDATE campaign SET administrative_share = 9999 WHERE id = (SELECT MIN(id) FROM campaign)",
        "rows.record_word",
        "“9999”",
    ),
    (
        "UPDATE campaign SET ends_on = 7 WHERE id = (SELECT MIN(id) FROM campaign)",
        "rows.record_word",
        "“1970-01-08”",
    ),
    (
        "UPDATE organisation SET name = '别的会' WHERE id = (SELECT MIN(id) FROM organisation)",
        "rows.record_word",
        "的名称（name）：数据库是“别的会”",
    ),
    (
        "UPDATE fund SET purpose = '随便' WHERE id = (SELECT MIN(id) FROM fund)",
        "rows.record_word",
        "数据库是“随便”",
    ),
    (
        "UPDATE delivery SET payee = '我自己', persons = 99999 WHERE id = (SELECT MIN(id) FROM delivery WHERE disbursement_id IS NULL)",
        "rows.record_word",
        "的收款方（payee）：数据库是“我自己”",
    ),
    (
        "SELECT 1",
        "rows.record_word",
        "的人数（persons）：数据库是“99999”",
    ),
    (
        "UPDATE disbursement SET payee = '我本人' WHERE id = (SELECT MAX(id) FROM disbursement WHERE state = 'paid' AND payee_kind <> 'persons')",
        "rows.record_word",
        "“我本人”",
    ),
    (
        "UPDATE disbursement SET purpose = '别的' WHERE id = (SELECT MAX(id) FROM disbursement WHERE state = 'paid')",
        "rows.record_word",
        "的用途（purpose）：数据库是“别的”",
    ),
    (MAKER_ALONE, "rows.matter_steps", "有同一个人"),
    (
        "UPDATE campaign_report SET body = '全都办好了' WHERE id = (SELECT MIN(id) FROM campaign_report)",
        "rows.record_word",
        "“全都办好了”",
    ),
    (
        "UPDATE question SET answer = '无可奉告' WHERE state = 'answered'",
        "rows.record_word",
        "“无可奉告”",
    ),
    (
        "UPDATE donation SET undone = 1 WHERE state = 'corrected'",
        "rows.donation_undone",
        "记着退款、更正和拒付共 1 分",
    ),
    (
        "UPDATE donation SET undone = 1 WHERE id = (SELECT MAX(id) FROM donation WHERE state = 'standing')",
        "rows.donation_state",
        "已退出 1 分",
    ),
    (
        "UPDATE donation SET state = 'refunded' WHERE id = (SELECT MAX(id) FROM donation WHERE state = 'standing')",
        "rows.donation_state",
        "没有陈述说过它退款",
    ),
    (
        "UPDATE donation SET state = 'standing' WHERE state = 'corrected'",
        "rows.donation_state",
        "应为“corrected”",
    ),
    (
        "UPDATE donation SET campaign_id = (SELECT MAX(id) FROM campaign) WHERE state = 'reassigned'",
        "rows.donation_campaign",
        "公开陈述是“camp/",
    ),
    (
        "UPDATE donation SET donor_public = '路人' WHERE id = (SELECT MIN(id) FROM donation)",
        "rows.donation_shown",
        "“路人”",
    ),
    (
        "UPDATE donation SET fee = amount WHERE id = (SELECT MIN(id) FROM donation WHERE state = 'standing' AND unit = 'fen')",
        "rows.donation_fee",
        "手续费",
    ),
    (
        "UPDATE donation SET paid_at = paid_at + 1000000 WHERE id = (SELECT MIN(id) FROM donation WHERE unit = 'fen')",
        "rows.donation_paid_at",
        "付款时间",
    ),
    (
        "UPDATE movement SET donation_id = 1 WHERE id = (SELECT MIN(id) FROM movement WHERE kind = 'gift')",
        "rows.movement_donation",
        "不是陈述的那一笔",
    ),
    (
        "UPDATE movement SET donation_id = 1 WHERE kind = 'refund'",
        "rows.movement_donation",
        "不是陈述所指的那一笔",
    ),
    (
        "UPDATE movement SET matter_id = 1 WHERE id = (SELECT MIN(id) FROM movement WHERE kind = 'delivery')",
        "rows.movement_matter",
        "事项",
    ),
    (
        "UPDATE movement SET undoes = 1 WHERE kind = 'reversal'",
        "rows.movement_undoes",
        "冲回",
    ),
    (
        "UPDATE payment_key SET amount = 1 WHERE donation_id = (SELECT MIN(id) FROM donation WHERE unit = 'fen')",
        "rows.payment_amount",
        "付款编号行",
    ),
    (
        "UPDATE evidence SET sha256 = zeroblob(32) WHERE id = (SELECT MIN(id) FROM evidence)",
        "rows.evidence_missing",
        "凭证",
    ),
    (
        "DELETE FROM delivery WHERE id = (SELECT MAX(id) FROM delivery)",
        "rows.matter_missing",
        "行被删除",
    ),
    (
        "DELETE FROM opening WHERE field = 'story'",
        "rows.opening_missing",
        "“story”",
    ),
    (
        "DELETE FROM matter_step WHERE matter_id = (SELECT MAX(id) FROM disbursement)",
        "rows.matter_steps",
        "缺少办理步骤 request",
    ),
    ("DELETE FROM audit_entry", "rows.trail", "审计记录被删除"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_rewritten_row_is_named() {
    let played = play().await;
    let app = &played.app;
    let conclude = async || {
        let mut session = app.db().read_tx().await.unwrap();
        conclude(&mut session, app.secrets()).await.unwrap()
    };
    let before = conclude().await;
    assert!(before.is_clean(), "{}", before.words());
    // What is compared with nothing is said.
    let unsaid = before.unchecked.join("\n");
    assert!(unsaid.contains("操作审计记录") && unsaid.contains("没有写进陈述的列"));
    for (change, _, _) in CHANGES {
        script(app.db(), change).await.unwrap();
    }
    let after = conclude().await;
    for (change, code, sentence) in CHANGES {
        let is_named = after
            .wrong
            .iter()
            .any(|finding| finding.code == *code && finding.sentence.contains(sentence));
        assert!(
            is_named,
            "{change}: no {code} with {sentence} in\n{}",
            after.words()
        );
    }
}
