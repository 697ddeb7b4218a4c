//! Nobody reaches into another organisation or region (SE, ID; "tokens of every level find no cross-node access"):
//! every page, form and call of one organisation is tried with the sessions of every role of another one, of officials
//! of another province, and of whoever keeps the users of the house.

use super::walk::{From, Walk, open, send, walk};
use crate::client::Client;
use crate::list_house::{self, House, official};
use domain::identity::Role;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What only the own people may read: a donor who wants no name, and how that donor is reached.
const SECRETS: [&str; 2] = ["欧阳隐", "13912340077"];
/// Fewer pages or forms than these, and the walk went past the house.
const PAGES_LEAST: usize = 40;
const FORMS_LEAST: usize = 25;

/// Sessions of people who have their own work, and none here.
async fn strangers(client: &Client) -> Vec<(String, String)> {
    let other = client.house.charity("邻省基金会").await;
    let login = format!("auditor.{}", &other.organisation[4..12]);
    client
        .house
        .person(&login, Role::Auditor, &other.organisation)
        .await;
    let mut all = Vec::new();
    for role in Role::ALL {
        let login = format!("{}.elsewhere", role.code());
        let session = match role {
            Role::Supervisor | Role::Handler | Role::Decider => {
                official(client, &login, role, "44").await
            }
            Role::Administrator => official(client, &login, role, "").await,
            _ => client.token(&other, role).await,
        };
        all.push((format!("{} elsewhere", role.code()), session));
    }
    all
}

/// A gift that only the own people may know the giver of; the page that tells its clerk.
async fn secret_gift(client: &Client, house: &House) -> String {
    let giver = json!({
        "amount": "88",
        "donor_name": SECRETS[0],
        "donor_kind": "person",
        "display": "anonymous",
        "contact": SECRETS[1],
    });
    let gift = json!({
        "campaign": house.campaign(),
        "channel": "cash",
        "slip": "slip-secret",
        "gift": giver,
    });
    let maker = house.maker();
    let made = client
        .post(maker, "/api/v1/counter-gifts", &gift)
        .await
        .ok(201);
    let id = made["donation"].as_str().unwrap();
    let desk = format!("/desk/organisations/{}", house.organisation());
    format!("{desk}/counter?done=gift&id={id}")
}

/// Everything that the own people and the official of the own province see.
async fn own_walk(client: &Client, house: &House, told: &str) -> Walk {
    let mut all = Walk::default();
    let code = &house.organisation()[4..12];
    for role in [Role::Maker, Role::Checker, Role::Approver, Role::Payer] {
        let session = client.token_of(&format!("{}.{code}", role.code())).await;
        let seen = walk(client, &session, &["/desk", told]).await;
        all.pages.extend(seen.pages);
        all.forms.extend(seen.forms);
        all.text.push_str(&seen.text);
    }
    let seen = walk(client, house.official(), &["/desk"]).await;
    all.pages.extend(seen.pages);
    all.forms.extend(seen.forms);
    all
}

/// Leaves of the log: what changes the books grows it.
async fn leaves(client: &Client) -> i64 {
    let log = client.get("/api/v1/log").await.ok(200);
    log["leaves"].as_i64().unwrap()
}

fn says_nothing(who: &str, path: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{who} reads {secret} on {path}");
    }
}

/// Forms in which partners report on the funds of others: they show what is public, and what is sent is refused.
fn for_partners(path: &str) -> bool {
    let ends = ["/delivery", "/return", "/evidence"];
    ends.iter().any(|end| path.ends_with(end))
}

/// Forms with files are read before the record is: a body of another kind is sent back, whoever sent it.
fn takes_files(path: &str) -> bool {
    for_partners(path) || path.ends_with("/settle") || path.ends_with("/imports/new")
}

/// Whoever keeps the users of the house looks at every desk (DeskRead), and does nothing there.
fn may_look(who: &str, path: &str) -> bool {
    who.starts_with(Role::Administrator.code()) || for_partners(path)
}

/// Whether an address names something of somebody; the pages for whoever is signed in do not.
fn names_something(path: &str) -> bool {
    path.split(['/', '?', '=', '&'])
        .any(|part| part.split_once('_').is_some_and(|(_, id)| id.len() >= 14))
}

#[tokio::test]
async fn pages_and_forms_end_at_the_border() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let told = secret_gift(&client, &house).await;
    let own = own_walk(&client, &house, &told).await;
    let (pages, forms) = (own.pages.len(), own.forms.len());
    assert!(
        pages >= PAGES_LEAST && forms >= FORMS_LEAST,
        "{pages} pages, {forms} forms"
    );
    assert!(own.text.contains(SECRETS[0]), "nobody ever sees the donor");
    let before = leaves(&client).await;
    let strangers = strangers(&client).await;
    let made = leaves(&client).await - before;
    let mut reached = Vec::new();
    for (who, session) in &strangers {
        for path in &own.pages {
            let answer = open(&client, session, path).await;
            says_nothing(who, path, &answer.text());
            let is_closed = matches!(answer.status, 403 | 404);
            if !is_closed && names_something(path) && !may_look(who, path) {
                reached.push(format!("{who} gets {} from {path}", answer.status));
            }
        }
        let theirs = own.forms.iter();
        for form in theirs.filter(|form| names_something(&form.action)) {
            let answer = send(&client, session, form, From::Here).await;
            says_nothing(who, &form.action, &answer.text());
            let is_sent_back = answer.status == 422 && takes_files(&form.action);
            if !matches!(answer.status, 403 | 404) && !is_sent_back {
                reached.push(format!("{who} gets {} for {}", answer.status, form.action));
            }
        }
    }
    assert!(reached.is_empty(), "{reached:#?}");
    assert_eq!(leaves(&client).await, before + made, "a stranger wrote");
}

/// The calls of the description of the API, each with ids of the house and a body of the right form.
struct Call {
    is_post: bool,
    path: String,
    body: Value,
}

fn calls(api: &Value, ids: &BTreeMap<String, String>) -> Vec<Call> {
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let Some(path) = filled(path, ids) else {
                continue;
            };
            let content = &call["requestBody"]["content"]["application/json"]["schema"];
            all.push(Call {
                is_post: method == "post",
                path,
                body: example(api, content, 0),
            });
        }
    }
    all
}

/// The path with the ids in its braces; nothing if the house has none of a kind.
fn filled(path: &str, ids: &BTreeMap<String, String>) -> Option<String> {
    let parts = path.split('/').map(|part| {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        name.map_or(Some(part.to_string()), |name| ids.get(name).cloned())
    });
    parts.collect::<Option<Vec<_>>>().map(|all| all.join("/"))
}

/// A body of this schema: texts are "1", numbers 1, lists hold one.
fn example(api: &Value, schema: &Value, depth: usize) -> Value {
    const DEPTH_MAX: usize = 6;
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return example(api, &api["components"]["schemas"][name], depth + 1);
    }
    if let Some(fields) = schema["properties"].as_object() {
        let pairs = fields
            .iter()
            .map(|(name, field)| (name.clone(), example(api, field, depth + 1)));
        return Value::Object(pairs.collect::<Map<_, _>>());
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind {
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([example(api, &schema["items"], depth + 1)]),
        Some("string") => schema["enum"][0]
            .as_str()
            .map_or(json!("1"), |word| json!(word)),
        _ => json!({}),
    }
}

/// The ids that stand in the addresses of a walk, by the names that the API has for them.
fn ids(walk: &Walk, house: &House) -> BTreeMap<String, String> {
    let kinds = [
        ("don_", "donation"),
        ("fnd_", "fund"),
        ("mov_", "movement"),
        ("dsb_", "disbursement"),
        ("rep_", "repair"),
        ("dlv_", "delivery"),
        ("int_", "intent"),
    ];
    let mut found = BTreeMap::from([
        ("organisation".to_string(), house.organisation().to_string()),
        ("campaign".to_string(), house.campaign().to_string()),
    ]);
    for (prefix, name) in kinds {
        let id = walk
            .text
            .split(['/', '"', '?', '<', '>', ' '])
            .find(|word| word.starts_with(prefix) && word.len() == prefix.len() + 14);
        if let Some(id) = id {
            found.insert(name.into(), id.into());
        }
    }
    found
}

#[tokio::test]
async fn calls_end_at_the_border() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let told = secret_gift(&client, &house).await;
    let own = own_walk(&client, &house, &told).await;
    let ids = ids(&own, &house);
    let api = client.get("/api/v1/openapi.json").await.ok(200);
    let calls = calls(&api, &ids);
    let known = ids.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    assert!(calls.len() >= 35, "{} calls with {known}", calls.len());
    let strangers = strangers(&client).await;
    let before = leaves(&client).await;
    // What anybody may do: give, and sign in.
    let is_open = |path: &str| path.ends_with("/intents") || path.ends_with("/sessions");
    let mut refused = 0;
    for (who, session) in &strangers {
        for call in &calls {
            let answer = if call.is_post {
                client.post(session, &call.path, &call.body).await
            } else {
                client.get_as(session, &call.path).await
            };
            says_nothing(who, &call.path, &answer.text());
            let is_done = call.is_post && answer.status < 300 && !is_open(&call.path);
            assert!(!is_done, "{who} did {}: {}", call.path, answer.text());
            assert!(
                answer.status < 500,
                "{who} at {}: {}",
                call.path,
                answer.text()
            );
            refused += usize::from(matches!(answer.status, 403 | 404));
        }
    }
    assert!(refused > strangers.len() * 15, "{refused} refusals");
    assert_eq!(leaves(&client).await, before, "a stranger wrote");
}
