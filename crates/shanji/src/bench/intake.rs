//! `shanji bench intake`: durable gifts per second through HTTP, each a signed notice that is verified, decided,
//! booked, stated in the log and flushed before its answer.

use super::args::{Algorithm, Intake};
use super::client::{Client, Reply, get, post};
use super::figures::{Times, Used, per_mille, percent, used_text};
use super::notices::{gateway, notice_path, offer, refused, signed};
use super::site::{Served, Site, trouble};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use gateway::Stopwatch;
use gateway::payment::ChannelKeys;
use gateway::payment::verifier::Counters;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Requests of each reference measurement.
const REFERENCE_REQUESTS: usize = 40_000;
/// A notice is believed for five minutes after it was signed; RSA signs some hundreds a second.
const RSA_GIFTS_MAX: u32 = 50_000;

/// Requests ready to be sent and the order in which they are.
struct Load {
    requests: Vec<Vec<u8>>,
    order: Vec<u32>,
}

/// What the answers said.
#[derive(Debug, Default)]
struct Tally {
    new: u64,
    replays: u64,
    held: u64,
    busy: u64,
    times: Times,
}

impl Tally {
    fn join(&mut self, other: Tally) {
        self.new += other.new;
        self.replays += other.replays;
        self.held += other.held;
        self.busy += other.busy;
        self.times.join(other.times);
    }
}

/// Runs the bench.
pub(super) fn run(args: &Intake) -> Ended {
    if args.algorithm == Algorithm::Rsa && args.gifts > RSA_GIFTS_MAX {
        let sentence = format!("RSA 签名慢，通知五分钟内有效，请用 --gifts {RSA_GIFTS_MAX} 以内");
        return Err(Failure::usage("bench.too_many", sentence));
    }
    let site = Site::open(&args.place)?;
    let charity = site.charity(args.funds)?;
    let gateway = gateway(&site, &charity, args.algorithm)?;
    let mut keys = ChannelKeys::new();
    keys.add(gateway.key().clone())
        .map_err(|error| trouble(&error))?;
    let Served { address, verified } = site.serve(keys)?;

    let watch = Stopwatch::start();
    let (intents, offered) = site.client(offer(&address, &charity, args.gifts, args.clients))?;
    let intents_rate = watch.per_second(offered.count());

    let requests = signed(&gateway, &charity.organisation, &intents, site.app.now())?;
    let load = Arc::new(Load {
        order: order(requests.len(), args.duplicates),
        requests,
    });
    let echo = reference(&site, &address, args.clients, echo_request())?;
    let health = reference(&site, &address, args.clients, get("/healthz"))?;

    let run = measured(&site, (&address, &verified), &load, args.clients)?;
    let (tally, rate, used) = (run.tally, run.rate, run.used);
    let (new, replays, held, busy) = (tally.new, tally.replays, tally.held, tally.busy);
    let answered = tally.times.count();
    let spread = tally.times.spread();
    let (all_used, ceiling) = ceiling(&used);
    let answer = json!({
        "bench": "intake", "engine": engine(args), "algorithm": gateway.key().key.algorithm(),
        "clients": args.clients, "funds": args.funds, "gifts_per_second": rate,
        "gifts": new, "replays": replays, "held": held, "busy": busy, "seconds_micros": run.micros,
        "latency": spread.json(), "commits": run.commits, "average_batch": answered.checked_div(run.commits),
        "bytes_per_gift": run.grown.and_then(|bytes| bytes.checked_div(new)),
        "intents_per_second": intents_rate, "intents_latency": offered.spread().json(),
        "echo_per_second": echo, "health_per_second": health, "ratio_to_echo_per_mille": per_mille(rate, echo),
        "average_signature_group": run.average_group,
        "processor_tenths_of_micros_per_request": used, "processor_tenths_of_micros_together": all_used,
        "processors": processors(), "ceiling_per_second": ceiling, "sealed_after_micros": run.sealed,
    });
    if args.json {
        say_json(&answer);
    } else {
        say(&text(&answer, &spread.text(), &used_text(&used)));
    }
    site.close();
    let fine = new == u64::from(args.gifts) && held == 0 && busy == 0;
    Ok(if fine { Exit::Fine } else { Exit::Found })
}

/// What happened between the first notice and the last answer.
struct Run {
    tally: Tally,
    micros: i64,
    rate: u64,
    /// By thread, in tenths of microseconds for each request.
    used: BTreeMap<String, u64>,
    commits: u64,
    average_group: Option<u64>,
    /// Microseconds until everything was under a checkpoint.
    sealed: i64,
    /// Bytes that the database grew by.
    grown: Option<u64>,
}

fn measured(
    site: &Site,
    (address, verified): (&str, &Counters),
    load: &Arc<Load>,
    clients: u32,
) -> Result<Run, Failure> {
    let before = (Used::now(), batches(site), site.database_bytes());
    let groups = Groups::of(verified);
    let watch = Stopwatch::start();
    let tally = site.client(send(address, load, clients))?;
    let micros = watch.micros();
    let rate = watch.per_second(tally.new);
    let used = Used::now().tenths_each(&before.0, load.order.len() as u64);
    let commits = batches(site).saturating_sub(before.1);
    let average_group = Groups::of(verified).average_since(&groups);
    site.house(site.app.seal_now())
        .map_err(|error| crate::house::failure(&error))?;
    let sealed = watch.micros().saturating_sub(micros);
    let grown = site.database_bytes().zip(before.2);
    let grown = grown.map(|(now, then)| now.saturating_sub(then));
    Ok(Run {
        tally,
        micros,
        rate,
        used,
        commits,
        average_group,
        sealed,
        grown,
    })
}

fn engine(args: &Intake) -> &'static str {
    if args.place.database.is_some() {
        "postgres"
    } else {
        "sqlite"
    }
}

fn batches(site: &Site) -> u64 {
    site.app.counters().batches.load(Ordering::Relaxed)
}

/// Groups of signatures and the signatures in them.
struct Groups {
    groups: u64,
    signatures: u64,
}

impl Groups {
    fn of(verified: &Counters) -> Groups {
        Groups {
            groups: verified.groups.load(Ordering::Relaxed),
            signatures: verified.signatures.load(Ordering::Relaxed),
        }
    }

    /// Nothing where no signature was checked in a group, as with RSA.
    fn average_since(&self, before: &Groups) -> Option<u64> {
        let groups = self.groups.saturating_sub(before.groups);
        self.signatures
            .saturating_sub(before.signatures)
            .checked_div(groups)
    }
}

/// Processors that server, client and writer share.
fn processors() -> u64 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as u64)
}

/// What one request costs all threads together, in tenths of microseconds, and how many requests a second that leaves
/// room for when nothing else runs: a figure that a busy machine bends less than the clock's.
fn ceiling(used: &BTreeMap<String, u64>) -> (u64, u64) {
    let together = used.values().sum::<u64>();
    let tenths = processors().saturating_mul(10_000_000);
    (together, tenths.checked_div(together).unwrap_or(0))
}

/// For people.
fn text(answer: &Value, latency: &str, used: &str) -> String {
    let number = |name: &str| count(answer.get(name).and_then(Value::as_u64).unwrap_or(0));
    let ratio = answer
        .get("ratio_to_echo_per_mille")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let together = answer
        .get("processor_tenths_of_micros_together")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let word = |name: &str| {
        answer
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    format!(
        "落盘捐赠     {} 笔/秒（{}，{}，{} 个连接，{} 个活动）\n\
         回应时间     {latency}\n\
         新入账       {} 笔，重复通知 {} 次，待处理 {} 笔，忙 {} 次\n\
         提交         {} 次，平均每次 {} 条；验签平均每组 {} 个\n\
         数据库       每笔 {} 字节\n\
         处理器       每次请求：{used}，合计 {}.{} 微秒；{} 个处理器全部用上最多 {} 次/秒\n\
         全部签入日志 {} 微秒后\n\
         建意向       {} 笔/秒\n\
         同机参照     同一服务的 JSON 回声 {} 次/秒（落盘捐赠是它的 {}），/healthz {} 次/秒\n",
        number("gifts_per_second"),
        word("engine"),
        word("algorithm"),
        number("clients"),
        number("funds"),
        number("gifts"),
        number("replays"),
        number("held"),
        number("busy"),
        number("commits"),
        number("average_batch"),
        number("average_signature_group"),
        number("bytes_per_gift"),
        together / 10,
        together % 10,
        number("processors"),
        number("ceiling_per_second"),
        number("sealed_after_micros"),
        number("intents_per_second"),
        number("echo_per_second"),
        percent(ratio),
        number("health_per_second"),
    )
}

/// Every request once, and so many per cent again somewhere behind their first time.
fn order(requests: usize, duplicates: u32) -> Vec<u32> {
    let mut order = Vec::with_capacity(requests);
    let mut state = 20_261_122_u64;
    for n in 0..u32::try_from(requests).unwrap_or(u32::MAX) {
        order.push(n);
        // A linear congruential generator is random enough to choose what comes twice.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let draw = u32::try_from(state >> 33).unwrap_or(0);
        if draw % 100 < duplicates {
            order.push(draw % n.saturating_add(1));
        }
    }
    order
}

/// The same body over the same door without a signature: read, refused and answered as JSON.
fn echo_request() -> Vec<u8> {
    let body = br#"{"amount_fen":5000,"channel":"demo","external_id":"202611220000000001","fee_fen":30,"kind":"payment","merchant":"","order":"","paid_at_micros":1}"#;
    post(&notice_path(), &[], body)
}

/// How many of these requests the server answers in a second.
fn reference(site: &Site, address: &str, clients: u32, request: Vec<u8>) -> Result<u64, Failure> {
    let request = Arc::new(request);
    let next = Arc::new(AtomicUsize::new(0));
    let watch = Stopwatch::start();
    site.client(async {
        let tasks: Vec<_> = (0..clients)
            .map(|_| {
                let (request, next) = (Arc::clone(&request), Arc::clone(&next));
                let address = address.to_owned();
                tokio::spawn(async move {
                    let mut client = Client::open(&address).await?;
                    while next.fetch_add(1, Ordering::Relaxed) < REFERENCE_REQUESTS {
                        client.ask(&request).await?;
                    }
                    Ok::<(), std::io::Error>(())
                })
            })
            .collect();
        for task in tasks {
            task.await
                .map_err(|error| trouble(&error))?
                .map_err(|error| trouble(&error))?;
        }
        Ok::<(), Failure>(())
    })?;
    Ok(watch.per_second(REFERENCE_REQUESTS as u64))
}

/// Sends everything over so many connections.
async fn send(address: &str, load: &Arc<Load>, clients: u32) -> Result<Tally, Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (load, next, address) = (Arc::clone(load), Arc::clone(&next), address.to_owned());
            tokio::spawn(async move { sender(&address, &load, &next).await })
        })
        .collect();
    let mut tally = Tally::default();
    for task in tasks {
        tally.join(task.await.map_err(|error| trouble(&error))??);
    }
    Ok(tally)
}

async fn sender(address: &str, load: &Load, next: &AtomicUsize) -> Result<Tally, Failure> {
    let mut client = Client::open(address)
        .await
        .map_err(|error| trouble(&error))?;
    let mut tally = Tally::default();
    loop {
        let turn = load.order.get(next.fetch_add(1, Ordering::Relaxed));
        let Some(request) = turn.and_then(|n| load.requests.get(*n as usize)) else {
            return Ok(tally);
        };
        let watch = Stopwatch::start();
        let reply = client.ask(request).await.map_err(|error| trouble(&error))?;
        tally.times.note(watch.micros());
        note(&mut tally, &reply)?;
    }
}

/// Counts one answer; anything but a gift or a full queue ends the bench.
fn note(tally: &mut Tally, reply: &Reply<'_>) -> Result<(), Failure> {
    let says = |words: &[u8]| reply.body.windows(words.len()).any(|part| part == words);
    match reply.status {
        200 if says(br#""replay":true"#) => tally.replays += 1,
        200 if says(br#""held":null"#) => tally.new += 1,
        200 if says(br#""donation""#) => {
            tally.new += 1;
            tally.held += 1;
        }
        503 => tally.busy += 1,
        status => return Err(refused(status, reply.body)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, wanted: Option<[u64; 4]>) {
        let mut tally = Tally::default();
        let noted = note(
            &mut tally,
            &Reply {
                status,
                body: body.as_bytes(),
            },
        );
        let found = noted
            .ok()
            .map(|()| [tally.new, tally.replays, tally.held, tally.busy]);
        assert_eq!(found, wanted, "{status} {body}");
    }

    #[test]
    fn answers_are_counted_by_what_they_say() {
        let gift = |held: &str, replay: bool| {
            format!(r#"{{"done":"gift","donation":"d","held":{held},"replay":{replay}}}"#)
        };
        check(200, &gift("null", false), Some([1, 0, 0, 0]));
        check(200, &gift("null", true), Some([0, 1, 0, 0]));
        check(200, &gift("\"campaign_over\"", false), Some([1, 0, 1, 0]));
        check(503, "", Some([0, 0, 0, 1]));
        check(401, "{}", None);
        check(200, "{}", None);
    }

    #[test]
    fn duplicates_come_after_their_first_time() {
        let order = order(1_000, 10);
        let extra = order.len() - 1_000;
        assert!((50..200).contains(&extra), "{extra}");
        let mut seen = std::collections::BTreeSet::new();
        let again = order.iter().filter(|n| !seen.insert(**n)).count();
        assert_eq!(again, extra);
        assert_eq!(super::order(1_000, 0).len(), 1_000);
    }
}
