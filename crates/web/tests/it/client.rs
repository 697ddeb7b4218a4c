//! A client of one house: requests through the front door, answers read whole.

use app::command::SessionOpen;
use app::{Command, CommandKey};
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use domain::identity::{Actor, Role};
use gateway::payment::{ChannelKeys, PaymentNotice, SignedNotice};
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::{Charity, TestApp};
use tower::ServiceExt;

/// A house with its front door.
pub(crate) struct Client {
    pub(crate) house: TestApp,
    front: web::Front,
    keys: AtomicU64,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A success with this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// A problem with this status and code, complete and in Chinese.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert!(problem["title"].as_str().unwrap().chars().count() > 2);
        assert!(
            problem["detail"].as_str().unwrap().ends_with('。'),
            "{problem}"
        );
        problem
    }
}

impl Client {
    /// A client on each engine that is to hand.
    pub(crate) async fn every() -> Vec<Client> {
        TestApp::every().await.into_iter().map(Client::of).collect()
    }

    pub(crate) async fn sqlite() -> Client {
        Client::of(TestApp::sqlite().await)
    }

    pub(crate) fn of(house: TestApp) -> Client {
        let front = web::front(web::AppState::new(house.app().clone(), ChannelKeys::new()));
        Client {
            house,
            front,
            keys: AtomicU64::new(0),
        }
    }

    /// With another front door of the same house.
    pub(crate) fn stand(&mut self, front: web::Front) {
        self.front = front;
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.front.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A POST of JSON under a key of its own, signed in with `token` unless it is empty.
    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        let key = format!(
            "test-key-of-client-{}",
            self.keys.fetch_add(1, Ordering::Relaxed)
        );
        self.post_with(token, &key, path, &body.to_string()).await
    }

    pub(crate) async fn post_with(&self, token: &str, key: &str, path: &str, body: &str) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// A session of one of the charity's people.
    pub(crate) async fn token(&self, charity: &Charity, role: Role) -> String {
        let login = format!("{}.{}", role.code(), &charity.organisation[4..12]);
        self.token_of(&login).await
    }

    pub(crate) async fn token_of(&self, login: &str) -> String {
        let n = self.keys.fetch_add(1, Ordering::Relaxed);
        let token = format!("token-{login}-{n}");
        let open = SessionOpen {
            login: login.into(),
            token_hash: app::identity::token_hash(&token),
            device: "test".into(),
            ..SessionOpen::default()
        };
        let key = CommandKey(format!("session/{token}"));
        let house = Actor::house("test");
        self.house
            .write(&house, &key, Command::SessionOpen(open))
            .await
            .unwrap();
        token
    }

    /// A notice that the charity's demo gateway signed now.
    pub(crate) fn signed(&self, charity: &Charity, notice: &PaymentNotice) -> SignedNotice {
        let gateway = self.house.demo_gateway(&charity.organisation).unwrap();
        gateway
            .sign(notice, self.house.now(), &*self.house.config().entropy)
            .unwrap()
    }

    pub(crate) async fn deliver(&self, channel: &str, notice: &SignedNotice) -> Answer {
        let mut request = Request::post(format!("/api/v1/payments/notices/{channel}"));
        for (name, value) in notice.headers() {
            request = request.header(name, value);
        }
        self.send(request.body(Body::from(notice.body.clone())).unwrap())
            .await
    }

    /// An intent of a visitor; its printed id.
    pub(crate) async fn intent(&self, charity: &Charity, yuan: &str) -> String {
        let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
        let body = serde_json::json!({ "amount": yuan, "donor_name": "王小明" });
        let made = self.post("", &path, &body).await.ok(201);
        made["id"].as_str().unwrap().to_string()
    }
}
