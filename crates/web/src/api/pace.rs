//! How many questions of machines are answered: so many a minute for each address, and for each key what the
//! administrator allowed. A key is handed out by `shanji admin api-key`; only its digest is kept, in `api-keys.toml`.
//!
//! Addresses are held in memory for as long as they are counted and stand in no file and no log.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use app::App;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::fault::Fault;
use crate::neighbour;

/// The header with the key of a program.
pub(crate) const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");
/// Questions a minute for each address without a key.
const ANONYMOUS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1_199);
/// The most that a key may be allowed.
const KEY_MAX: u32 = 600_000;
/// Keys that are read.
const KEYS_MAX: usize = 1_000;
/// Addresses that are counted at once; beyond them the quiet ones are forgotten.
const ADDRESSES_MAX: usize = 50_000;
/// Longest label, in characters.
const LABEL_MAX: usize = 100;
const NANOS_PER_MICRO: u64 = 1_000;

/// 〔接口密钥〕 One key as `api-keys.toml` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// Whose it is.
    pub label: String,
    /// SHA-256 of the key in hexadecimal digits.
    pub sha256: String,
    /// Questions a minute.
    pub per_minute: u32,
}

/// 〔接口密钥册〕 `api-keys.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiKeys {
    /// The keys, in the order in which they were handed out.
    pub key: Vec<ApiKey>,
}

impl ApiKeys {
    /// Reads `api-keys.toml`.
    ///
    /// # Errors
    /// Not TOML, too many keys, or one that is not as it should be; the words say which.
    pub fn from_toml(text: &str) -> Result<ApiKeys, String> {
        let read: ApiKeys = toml::from_str(text).map_err(|error| error.to_string())?;
        if read.key.len() > KEYS_MAX {
            return Err(format!("more than {KEYS_MAX} keys"));
        }
        match read.key.iter().find(|key| !key.is_sound()) {
            Some(key) => Err(format!("{}: label, sha256 or per_minute", key.label)),
            None => Ok(read),
        }
    }

    /// As a file.
    ///
    /// # Errors
    /// None that a list of keys can have.
    pub fn to_toml(&self) -> Result<String, String> {
        toml::to_string(self).map_err(|error| error.to_string())
    }
}

impl ApiKey {
    fn is_sound(&self) -> bool {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        self.sha256.len() == 64
            && self.sha256.bytes().all(is_hex)
            && (1..=KEY_MAX).contains(&self.per_minute)
            && (1..=LABEL_MAX).contains(&self.label.chars().count())
    }
}

/// The digest under which a key is kept.
#[must_use]
pub fn api_key_digest(key: &str) -> String {
    hex::encode(Sha256::digest(key.trim().as_bytes()))
}

/// The house's clock, as the crate of limits reads it.
#[derive(Clone)]
struct HouseClock(App);

impl Clock for HouseClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().micros()).unwrap_or(0);
        Nanos::from(micros.saturating_mul(NANOS_PER_MICRO))
    }
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, HouseClock, NoOpMiddleware<Nanos>>;

struct Known {
    key: ApiKey,
    /// One key, one count; the crate counts by keys.
    limiter: Limiter<()>,
    used: AtomicU64,
    last: AtomicI64,
}

/// 〔接口限速〕 What was asked lately.
pub(crate) struct ApiPace {
    clock: HouseClock,
    since: Timestamp,
    addresses: Limiter<IpAddr>,
    keys: BTreeMap<String, Arc<Known>>,
}

impl ApiPace {
    pub(crate) fn new(app: &App, keys: ApiKeys) -> ApiPace {
        let clock = HouseClock(app.clone());
        let known = |key: ApiKey| {
            let allowed = NonZeroU32::new(key.per_minute).unwrap_or(NonZeroU32::MIN);
            let limiter =
                RateLimiter::hashmap_with_clock(Quota::per_minute(allowed), clock.clone());
            let known = Known {
                limiter,
                used: AtomicU64::new(0),
                last: AtomicI64::new(0),
                key: key.clone(),
            };
            (key.sha256, Arc::new(known))
        };
        ApiPace {
            since: app.now(),
            addresses: RateLimiter::hashmap_with_clock(Quota::per_minute(ANONYMOUS), clock.clone()),
            keys: keys.key.into_iter().map(known).collect(),
            clock,
        }
    }

    /// Whether one more may be answered, for a key or for an address.
    fn ask(
        &self,
        headers: &HeaderMap,
        address: Option<IpAddr>,
    ) -> Result<Option<Arc<Known>>, Fault> {
        if let Some(value) = headers.get(KEY_HEADER) {
            let key = value.to_str().map_err(|_| Fault::ApiKeyUnknown)?;
            let known = self.keys.get(&api_key_digest(key));
            let known = Arc::clone(known.ok_or(Fault::ApiKeyUnknown)?);
            wait(known.limiter.check_key(&()), &self.clock)?;
            known.used.fetch_add(1, Ordering::Relaxed);
            let now = self.clock.0.now().micros();
            known.last.store(now, Ordering::Relaxed);
            return Ok(Some(known));
        }
        // Requests that came over no socket are those of our own tests.
        if let Some(address) = address {
            if self.addresses.len() > ADDRESSES_MAX {
                self.addresses.retain_recent();
            }
            wait(self.addresses.check_key(&address), &self.clock)?;
        }
        Ok(None)
    }
}

fn wait(checked: Result<(), governor::NotUntil<Nanos>>, clock: &HouseClock) -> Result<(), Fault> {
    checked.map_err(|until| {
        let seconds = until
            .wait_time_from(clock.now())
            .as_secs()
            .saturating_add(1);
        Fault::TooFast(u32::try_from(seconds).unwrap_or(u32::MAX))
    })
}

/// Counts a question before anything reads it.
pub(super) async fn keep(
    State(pace): State<Arc<ApiPace>>,
    mut request: Request,
    next: Next,
) -> Response {
    // What is written has doors of its own, and whoever tells of payments is never told to come later.
    if !request.method().is_safe() {
        return next.run(request).await;
    }
    let address = address(&request);
    match pace.ask(request.headers(), address) {
        Err(fault) => fault.into_response(),
        Ok(known) => {
            if let Some(known) = known {
                request.extensions_mut().insert(Caller(known));
            }
            next.run(request).await
        }
    }
}

/// Who asks.
fn address(request: &Request) -> Option<IpAddr> {
    neighbour::address(request.headers(), request.extensions())
}

/// The key that a request came with.
#[derive(Clone)]
pub(super) struct Caller(Arc<Known>);

/// 〔密钥使用情况〕 How much a key was used, for its owner.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyUse {
    /// Whose it is.
    label: String,
    /// Questions a minute.
    per_minute: u32,
    /// Questions answered since the server started.
    used: u64,
    /// When that was, RFC 3339.
    since: String,
    /// The last question, RFC 3339.
    last: String,
}

/// `GET /api/v1/key`: how much the key that comes with it was used.
pub(super) async fn show(
    State(pace): State<Arc<ApiPace>>,
    caller: Option<axum::Extension<Caller>>,
) -> Answer {
    let axum::Extension(Caller(known)) = caller.ok_or(Fault::ApiKeyUnknown)?;
    json(KeyUse {
        label: known.key.label.clone(),
        per_minute: known.key.per_minute,
        used: known.used.load(Ordering::Relaxed),
        since: pace.since.rfc3339(),
        last: Timestamp::from_micros(known.last.load(Ordering::Relaxed)).rfc3339(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use std::net::SocketAddr;

    fn asked(peer: &str, forwarded: Option<&str>) -> Option<String> {
        let mut request = Request::new(Body::empty());
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(list) = forwarded {
            let value = list.parse().unwrap();
            request.headers_mut().insert("x-forwarded-for", value);
        }
        address(&request).map(|address| address.to_string())
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let check = |peer, forwarded, want: &str| {
            assert_eq!(asked(peer, forwarded).as_deref(), Some(want), "{peer}");
        };
        check("192.0.2.7:1", None, "192.0.2.7");
        check("192.0.2.7:1", Some("198.51.100.1"), "192.0.2.7");
        check(
            "127.0.0.1:1",
            Some("203.0.113.9, 198.51.100.1"),
            "198.51.100.1",
        );
        check("127.0.0.1:1", Some("nobody"), "127.0.0.1");
        check("[2001:db8:1:2:3:4:5:6]:1", None, "2001:db8:1:2::");
        check("[::ffff:192.0.2.7]:1", None, "192.0.2.7");
    }

    #[test]
    fn a_book_of_keys_is_read_and_written() {
        let key = |label: &str, per_minute| ApiKey {
            label: label.into(),
            sha256: api_key_digest("sk_1"),
            per_minute,
        };
        let book = ApiKeys {
            key: vec![key("云山日报", 6_000)],
        };
        let text = book.to_toml().unwrap();
        assert_eq!(ApiKeys::from_toml(&text).unwrap(), book);
        assert!(!text.contains("sk_1"));
        for wrong in [key("", 1), key("x", 0), key("x", KEY_MAX + 1)] {
            let text = ApiKeys { key: vec![wrong] }.to_toml().unwrap();
            assert!(ApiKeys::from_toml(&text).is_err());
        }
        assert_eq!(ApiKeys::from_toml("").unwrap(), ApiKeys::default());
    }
}
