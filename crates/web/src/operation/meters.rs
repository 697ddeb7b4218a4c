//! Counters of requests by route and status, with a histogram of latency, in the text format of Prometheus.
//!
//! Written by hand because the hot path may afford a few atomic additions and no label texts per request.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gateway::Stopwatch;
use kernel::Timestamp;

use crate::key_ring::KeyRing;

/// Upper bounds of the histogram: microseconds, and the same in seconds as text.
const BUCKETS: [(u64, &str); 13] = [
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];
/// The first status that HTTP knows, and how many there are.
const STATUS_FIRST: u16 = 100;
const STATUSES: usize = 500;
/// Routes that are told apart; there are about 130.
const ROUTES_MAX: usize = 1_000;
/// Label of requests that match no route, so that strangers cannot invent labels.
const NO_ROUTE: &str = "none";

/// 〔计量〕 What the server has answered since it started.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    routes: RwLock<BTreeMap<&'static str, BTreeMap<String, Arc<RouteMeter>>>>,
    waiting: Mutex<Option<Waiting>>,
}

/// Leaves above a checkpoint, as the health check first saw them.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    sealed: i64,
    since: Timestamp,
}

/// Counters of one method and route.
#[derive(Debug)]
struct RouteMeter {
    statuses: Box<[AtomicU64]>,
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl RouteMeter {
    fn new() -> RouteMeter {
        RouteMeter {
            statuses: (0..STATUSES).map(|_| AtomicU64::new(0)).collect(),
            buckets: std::array::from_fn(|_| AtomicU64::new(0)),
            count: AtomicU64::new(0),
            micros: AtomicU64::new(0),
        }
    }

    fn add(&self, status: u16, micros: u64) {
        let place = usize::from(status.saturating_sub(STATUS_FIRST));
        if let Some(counter) = self.statuses.get(place) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let bucket = BUCKETS.iter().position(|(bound, _)| micros <= *bound);
        if let Some(counter) = bucket.and_then(|place| self.buckets.get(place)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Meters {
    /// Meters at zero.
    pub(crate) fn new() -> Meters {
        Meters::default()
    }

    /// Since when the health check has seen leaves waiting above a checkpoint of `sealed` leaves.
    pub(super) fn waiting_since(
        &self,
        sealed: i64,
        waits: bool,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = match *waiting {
            _ if !waits => None,
            Some(known) if known.sealed == sealed => Some(known),
            _ => Some(Waiting { sealed, since: now }),
        };
        waiting.map(|known| known.since)
    }

    /// Counts one answer of a route: its status, and how long it took in microseconds.
    pub(crate) fn note(&self, method: &Method, route: &str, (status, micros): (u16, u64)) {
        let method = method_name(method);
        {
            let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(meter) = routes.get(method).and_then(|inner| inner.get(route)) {
                meter.add(status, micros);
                return;
            }
        }
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let known: usize = routes.values().map(BTreeMap::len).sum();
        let route = if known < ROUTES_MAX { route } else { NO_ROUTE };
        let inner = routes.entry(method).or_default();
        let meter = inner
            .entry(route.to_string())
            .or_insert_with(|| Arc::new(RouteMeter::new()));
        meter.add(status, micros);
    }

    /// The text of all counters, sorted by method and route.
    fn text(&self, out: &mut String) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let all = || {
            routes.iter().flat_map(|(method, inner)| {
                inner
                    .iter()
                    .map(move |(route, meter)| (*method, route.as_str(), meter))
            })
        };
        head(
            out,
            "shanji_http_requests_total",
            "counter",
            "Answered requests.",
        );
        for (method, route, meter) in all() {
            for (place, counter) in meter.statuses.iter().enumerate() {
                let count = counter.load(Ordering::Relaxed);
                if count > 0 {
                    let status = place + usize::from(STATUS_FIRST);
                    let _ = writeln!(
                        out,
                        "shanji_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                    );
                }
            }
        }
        let name = "shanji_http_request_duration_seconds";
        head(
            out,
            name,
            "histogram",
            "Time from the request's head to the answer's head.",
        );
        for (method, route, meter) in all() {
            histogram(
                out,
                name,
                &format!("method=\"{method}\",route=\"{route}\""),
                meter,
            );
        }
    }
}

fn histogram(out: &mut String, name: &str, labels: &str, meter: &RouteMeter) {
    let mut sum = 0;
    for ((_, bound), counter) in BUCKETS.iter().zip(&meter.buckets) {
        sum += counter.load(Ordering::Relaxed);
        let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {sum}");
    }
    // Counters move while they are read; the last bucket must not be below the others.
    let count = meter.count.load(Ordering::Relaxed).max(sum);
    let micros = meter.micros.load(Ordering::Relaxed);
    let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {count}");
    let _ = writeln!(
        out,
        "{name}_sum{{{labels}}} {}.{:06}",
        micros / 1_000_000,
        micros % 1_000_000
    );
    let _ = writeln!(out, "{name}_count{{{labels}}} {count}");
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn counter(out: &mut String, (name, help): (&str, &str), value: u64) {
    head(out, name, "counter", help);
    let _ = writeln!(out, "{name} {value}");
}

/// Methods by name; unknown ones share one label.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// Middleware that measures every request; wraps the routes, so that it knows which one matched.
pub(crate) async fn measure(
    State(meters): State<Arc<Meters>>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = next.run(request).await;
    let micros = u64::try_from(watch.micros()).unwrap_or(0);
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    meters.note(&method, route, (answer.status().as_u16(), micros));
    answer
}

/// The counters in the text format of Prometheus, version 0.0.4.
pub(super) async fn show(
    State(app): State<App>,
    State(meters): State<Arc<Meters>>,
    State(ring): State<Arc<KeyRing>>,
) -> Response {
    let mut out = String::new();
    let writer = app.counters();
    let read = |value: &AtomicU64| value.load(Ordering::Relaxed);
    counter(
        &mut out,
        ("shanji_writer_batches_total", "Batches committed."),
        read(&writer.batches),
    );
    counter(
        &mut out,
        ("shanji_writer_commands_total", "Commands answered."),
        read(&writer.commands),
    );
    counter(
        &mut out,
        (
            "shanji_writer_failures_total",
            "Batches that failed and ran again one by one.",
        ),
        read(&writer.failures),
    );
    let checked = ring.verifications();
    counter(
        &mut out,
        (
            "shanji_signature_groups_total",
            "Groups of payment notices whose signatures were checked in one equation.",
        ),
        read(&checked.groups),
    );
    counter(
        &mut out,
        (
            "shanji_signatures_total",
            "Ed25519 signatures of payment notices that were checked.",
        ),
        read(&checked.signatures),
    );
    counter(
        &mut out,
        (
            "shanji_signature_groups_spoilt_total",
            "Groups that held a forged signature, so that each was checked alone.",
        ),
        read(&checked.spoilt),
    );
    head(
        &mut out,
        "shanji_writer_waiting",
        "gauge",
        "Commands and seals that wait for the writer.",
    );
    let _ = writeln!(out, "shanji_writer_waiting {}", app.writer_waiting());
    meters.text(&mut out);
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        out,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let meters = Meters::new();
        meters.note(&Method::GET, "/a/{id}", (200, 900));
        meters.note(&Method::GET, "/a/{id}", (200, 6_000_000));
        meters.note(&Method::GET, "/a/{id}", (404, 100));
        let mut out = String::new();
        meters.text(&mut out);
        for line in [
            "shanji_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"200\"} 2",
            "shanji_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"404\"} 1",
            "shanji_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"0.00025\"} 1",
            "shanji_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"0.001\"} 2",
            "shanji_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"+Inf\"} 3",
            "shanji_http_request_duration_seconds_sum{method=\"GET\",route=\"/a/{id}\"} 6.001000",
        ] {
            assert!(out.lines().any(|have| have == line), "{line}\n{out}");
        }
    }

    #[test]
    fn strangers_cannot_invent_labels() {
        let meters = Meters::new();
        for n in 0..ROUTES_MAX + 5 {
            meters.note(&Method::GET, &format!("/{n}"), (200, 1));
        }
        let mut out = String::new();
        meters.text(&mut out);
        let want = "shanji_http_requests_total{method=\"GET\",route=\"none\",status=\"200\"} 5";
        assert!(out.lines().any(|line| line == want));
        let patch = Method::from_bytes(b"BREW").unwrap();
        assert_eq!(method_name(&patch), "OTHER");
    }
}
