//! The rules of the law over HTTP: the list, questions with the rule that answers them first, a rule as of a day, last
//! days, and what refusals lead to.

use crate::browser::Browser;
use crate::client::{Answer, Client};
use app::Command;
use domain::identity::Role;
use serde_json::json;

/// A text as it stands in an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What people ask, and the rule that answers it: by number, article, words, pinyin, initials, traditional characters,
/// with one character wrong, and as whole questions.
const QUESTIONS: [(&str, &str); 43] = [
    ("CF-08", "CF-08"),
    ("cf8", "CF-08"),
    ("DI 12", "DI-12"),
    ("慈善法第二十二条", "CF-01"),
    ("慈善法22条", "CF-01"),
    ("慈善法第二十二條", "CF-01"),
    ("《中华人民共和国慈善法》第十六条", "OR-06"),
    ("民政部令第74号第11条", "CF-08"),
    ("民发〔2026〕12号第十二条", "EX-06"),
    ("民间非营利组织会计制度 1009 科目", "AC-09"),
    ("募捐方案备案", "CF-08"),
    ("捐赠票据的内容", "RC-02"),
    ("现场检查", "SU-08"),
    ("关联方名单", "DI-10"),
    ("最终受益人", "EX-06"),
    ("慈善信托备案", "TR-01"),
    ("人身意外保险", "VO-05"),
    ("投诉举报的受理", "SU-09"),
    ("mujuanfanganbeian", "CF-08"),
    ("cishanxintuobeian", "TR-01"),
    ("rsywbx", "VO-05"),
    ("dxmj", "CF-17"),
    ("不得擔任負責人", "OR-06"),
    ("慈善信託的年度報告", "TR-03"),
    ("募捐方案被案的期限", "CF-08"),
    ("统一社会信用代码为一", "OR-17"),
    ("章程 必备", "OR-05"),
    ("募捐结束后多久要公布结果", "DI-05"),
    ("公开募捐资格要登记几年才能申请", "CF-01"),
    ("捐赠可以有回扣吗", "DO-08"),
    ("基金会理事会一年要开几次会", "OR-08"),
    ("志愿者要不要买意外保险", "VO-05"),
    ("企业捐赠怎样税前扣除", "TX-02"),
    ("改变捐款用途要经过谁同意", "CF-22"),
    ("个人信息什么时候必须删除", "SE-05"),
    ("年度工作报告什么时候公开", "DI-04"),
    ("哪些算管理费用", "EX-08"),
    ("募捐成本的上限是多少", "EX-10"),
    ("应急募捐可以事后补办备案吗", "CF-20"),
    ("慈善组织的章程要写哪些事项", "OR-05"),
    ("犯过罪的人能不能担任负责人", "OR-06"),
    ("个人求助平台要不要提示风险", "PL-04"),
    ("可以在自己的网站上募捐吗，要不要指定平台", "CF-14"),
];

/// Questions in words that the rule does not use: it is among the first five.
const HARDER: [(&str, &str); 1] = [("捐赠人可以查自己的钱怎么用吗", "DO-05")];

async fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/v1/rules?{query}")).await.ok(200);
    let rows = testkit::sure(page["rows"].as_array().ok_or("no rows"), "rows");
    let id = |row: &serde_json::Value| row["id"].as_str().unwrap_or_default().to_owned();
    rows.iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_find_their_rule_first() {
    let client = Client::sqlite().await;
    let mut wrong = Vec::new();
    for (question, rule) in QUESTIONS {
        let found = ids(&client, &format!("q={}", escaped(question))).await;
        if found.first().map(String::as_str) != Some(rule) {
            let first: Vec<&String> = found.iter().take(5).collect();
            wrong.push(format!("{question}: {rule}, not {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    for (question, rule) in HARDER {
        let found = ids(&client, &format!("q={}", escaped(question))).await;
        assert!(
            found.iter().take(5).any(|id| id == rule),
            "{question}: {found:?}"
        );
    }
    for nothing in ["%20", "%22%3C%3E", "zzzzqqqq", "%F0%9F%98%80"] {
        let found = ids(&client, &format!("q={nothing}")).await;
        assert_eq!(found.is_empty(), nothing != "%20", "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_narrows_and_goes_back_in_time() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    let html = visitor.page("/rules").await;
    assert!(html.contains("href=\"/rules/OR-01\"") && html.contains("type=\"search\""));
    let all = ids(&client, "").await;
    assert!(all.len() > 200 && all[0] == "OR-01", "{}", all.len());
    let tax = ids(&client, "group=TX").await;
    assert!(tax.len() >= 5 && tax.iter().all(|id| id.starts_with("TX-")));
    assert!(!ids(&client, "binds=CA&enforced=warn").await.is_empty());
    assert!(!ids(&client, "status=R-M").await.is_empty());
    let guangzhou = ids(&client, "region=440100").await;
    assert_eq!(guangzhou, ["CF-22", "DO-05"]);
    // The order of disclosure of 2018 is no longer in force, and the one of 2026 is not yet.
    let page = |on: &str| format!("/rules?group=DI&q=DI-01&on={on}");
    let old = visitor.page(&page("2025-06-30")).await;
    assert!(old.contains("2025 年及以前") && old.contains("on=2025-06-30"));
    let new = visitor.page(&page("2026-06-30")).await;
    assert!(!new.contains("2025 年及以前") && new.contains("七类信息"));
    let csv = client.get("/rules.csv?group=TX").await.text();
    assert_eq!(csv.lines().count(), tax.len() + 1, "{csv}");
    let problem = client.get("/api/v1/rules?group=ZZ").await;
    let problem = problem.problem(422, "invalid");
    assert_eq!(problem["problems"][0]["field"], "group");
    client
        .get("/api/v1/rules?on=gestern")
        .await
        .problem(422, "invalid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_shown_as_of_a_day() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    let now = visitor.page("/rules/DI-04").await;
    assert!(
        now.contains("5月31日") && now.contains("五月三十一日"),
        "{now}"
    );
    let old = visitor.page("/rules/DI-04?on=2025-06-30").await;
    assert!(old.contains("看今天的版本") && old.contains("2025 年及以前到期"));
    assert!(now.contains("/rules/DI-04?on=2025-12-31"), "{now}");
    let before = visitor.page("/rules/CF-08?on=1999-01-01").await;
    assert!(before.contains("1999年1月1日没有适用的版本"));
    let region = visitor.page("/rules/DO-05?place=440100").await;
    assert!(region.contains("《广州市") && region.contains("20日"));
    assert!(region.contains("这是广州市自己的规定"), "{region}");
    let advice = visitor.page("/rules/CF-08?on=gestern&place=x").await;
    assert!(advice.contains("“gestern”不是日期") && advice.contains("“x”不是行政区划代码"));
    assert!(
        visitor
            .page("/rules/cf8")
            .await
            .contains("<code>CF-08</code>")
    );
    let english = visitor.page("/rules/CF-08?lang=en").await;
    assert!(english.contains("<span lang=\"zh-CN\">募捐方案备案的期限</span>"));
    let rule = client
        .get("/api/v1/rules/DI-04?on=2025-06-30")
        .await
        .ok(200);
    assert_eq!(rule["on"], "2025-06-30");
    assert_eq!(rule["versions"].as_array().unwrap().len(), 2);
    assert!(
        rule["line"]["sources"][0]
            .as_str()
            .unwrap()
            .contains("慈善法")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_has_read_says_that_it_stops_nobody() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    let html = visitor.page("/rules/RC-04").await;
    assert!(
        html.contains("只作提示") && html.contains("只提示"),
        "{html}"
    );
    let house = visitor.page("/rules/DO-05").await;
    assert!(house.contains("本平台自己的服务标准，不是法律规定的数字，不会阻止任何人"));
    for id in ids(&client, "status=R-M").await {
        let rule = client.get(&format!("/api/v1/rules/{id}")).await.ok(200);
        let enforced = rule["line"]["enforced"]["code"].as_str().unwrap();
        assert!(["warn", "record"].contains(&enforced), "{id}: {enforced}");
        let less = rule["line"]["severity"]["code"] != enforced;
        assert_eq!(rule["caution"].is_string(), less, "{id}");
    }
}

fn last(answer: &Answer) -> String {
    let html = answer.text();
    let rest = html.split_once("最后一日是").map(|(_, rest)| rest);
    let day = rest
        .and_then(|rest| rest.split_once("</p>"))
        .map(|(day, _)| day);
    let Some(day) = day else {
        panic!("no last day: {html}")
    };
    format!("最后一日是{day}")
        .replace("<b class=\"money\">", "")
        .replace("</b>", "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_days_are_counted() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    let ask = async |rule: &str, deadline: &str, from: &str| {
        let path = format!("/rules/{rule}?deadline={deadline}&from={from}");
        visitor.open(&path).await
    };
    // Ten days before the first of May.
    let answer = ask("CF-08", "filing_submit", "2026-05-01").await;
    assert!(last(&answer).contains("2026年4月21日"), "{}", last(&answer));
    // Twenty working days, the holidays of October between them, and calendar days beside it.
    let answer = ask("CF-01", "qualification_decide", "2026-09-21").await;
    assert!(answer.text().contains("按自然日算是"), "{}", answer.text());
    assert!(last(&answer).contains("2026年10月"), "{}", last(&answer));
    let missing = ask("DI-03", "basic_data_publish", "2026-12-20").await;
    assert!(
        missing.text().contains("还没有2027年的放假安排"),
        "{}",
        missing.text()
    );
    let wrong = ask("CF-08", "filing_submit", "gestern").await;
    assert!(wrong.text().contains("“gestern”不是日期，没有计算"));
    let path = "/api/v1/rules/CF-08?deadline=filing_submit&from=2026-05-01";
    let rule = client.get(path).await.ok(200);
    assert_eq!(
        rule["deadlines"][0]["clock"]["last"], "2026-04-21",
        "{rule}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_rules_have_a_way_back_and_hostile_words_are_only_words() {
    let client = Client::sqlite().await;
    let visitor = Browser::stranger(&client);
    for id in ["CF-99", "XX-01", "%3Cscript%3E", "..%2f..%2fetc"] {
        let answer = visitor.open(&format!("/rules/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
        assert!(answer.text().contains("href=\"/rules\""), "{id}");
        client
            .get(&format!("/api/v1/rules/{id}"))
            .await
            .problem(404, "not_found");
    }
    let hostile = escaped("<script>alert(1)</script>\"'>&amp;");
    for path in [
        format!("/rules?q={hostile}"),
        format!("/rules?on={hostile}&group={hostile}&sort={hostile}"),
        format!("/rules/CF-08?on={hostile}&place={hostile}"),
        format!("/rules/CF-08?deadline=filing_submit&from={hostile}"),
        format!("/rules?q={}", escaped(&"法".repeat(900))),
    ] {
        let html = visitor.page(&path).await;
        assert!(!html.contains("<script>alert"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cites_a_law_leads_to_its_rule() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let visitor = Browser::stranger(&client);
    let campaign = visitor
        .page(&format!("/campaigns/{}", charity.campaign))
        .await;
    let law = format!("/rules?q={}", escaped("慈善法"));
    assert!(campaign.contains(&law), "{campaign}");
    let token = client.token(&charity, Role::Maker).await;
    let desk = Browser::with_session(&client, &token);
    let home = format!("/desk/organisations/{}", charity.organisation);
    let home = desk.page(&home).await;
    assert!(home.contains(&law), "a duty leads to its law: {home}");
    // A campaign that has ended takes no gifts, which is said with the rule behind it.
    let campaign = charity.campaign.clone();
    let end = Command::CampaignEnd { campaign };
    client.house.done(&charity.staff.approver, end).await;
    let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
    let refused = client.post("", &path, &json!({ "amount": "50" })).await;
    let problem = refused.json();
    assert_eq!(problem["law"], "慈善法 第二十四条", "{problem}");
    assert_eq!(problem["rules"], json!(["CF-07"]));
    let unknown = client.get("/api/v1/rules/CF-99").await;
    assert!(unknown.json().get("rules").is_none());
    let document = client.get("/api/v1/openapi.json").await.json();
    let rules = &document["components"]["schemas"]["Problem"]["properties"]["rules"];
    assert!(
        rules["description"]
            .as_str()
            .unwrap()
            .contains("/api/v1/rules")
    );
}
