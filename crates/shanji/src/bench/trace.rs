//! `shanji bench trace`: one fund with a million gifts, money paid out and refunded, and then how long it takes to
//! follow a gift forward, a payment backward, and to hand out a proof.

use super::args::{Trace, Where};
use super::client::{Client, get};
use super::figures::{Spread, Times};
use super::fill::{Filled, fill};
use super::notices::refused;
use super::site::{Site, trouble};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use gateway::Stopwatch;
use gateway::payment::ChannelKeys;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Connections that ask through HTTP at once: enough to keep two processors busy, few enough not to queue.
const CLIENTS: usize = 8;
/// The bar: 99 of 100 traces within 5 milliseconds.
const P99_MICROS: u32 = 5_000;

/// Which bar was missed, so that the exit code has a reason; empty if none was.
fn missed(asked: &[Asked]) -> String {
    asked
        .iter()
        .filter(|a| a.spread.p99 > P99_MICROS)
        .map(|a| {
            format!(
                "没有达到标准：{}的 p99 是 {} 微秒，标准是 {P99_MICROS} 微秒，因此退出码是 1\n",
                a.what, a.spread.p99
            )
        })
        .collect()
}

/// One kind of question and how long its answers took.
struct Asked {
    what: &'static str,
    per_second: u64,
    spread: Spread,
}

/// Runs the bench.
pub(super) fn run(args: &Trace) -> Ended {
    let site = Site::open(&args.place)?;
    let charity = site.charity(1)?;
    let watch = Stopwatch::start();
    let filled = site.house(fill(&site.app, &charity, args.gifts))?;
    let fill_rate = filled.gifts_per_second;
    site.house(site.app.seal_now())
        .map_err(|error| crate::house::failure(&error))?;
    let ready = watch.micros();
    let address = site.serve(ChannelKeys::new())?.address;
    let asked = ask_everything(&site, &address, &filled, args.traces as usize)?;
    let bytes = site.database_bytes();
    let is_fast = asked.iter().all(|a| a.spread.p99 <= P99_MICROS);
    let answer = json!({
        "bench": "trace", "engine": engine(&args.place), "gifts": args.gifts,
        "disbursements": filled.movements.len(), "refunds": filled.refunds,
        "import_gifts_per_second": fill_rate, "ready_micros": ready,
        "bytes_per_gift": bytes.and_then(|b| b.checked_div(u64::from(args.gifts))),
        "within_bar": is_fast,
        "asked": asked.iter().map(Asked::json).collect::<Vec<_>>(),
    });
    if args.json {
        say_json(&answer);
    } else {
        say(&text(&answer, &asked));
        say(&missed(&asked));
    }
    site.close();
    Ok(if is_fast { Exit::Fine } else { Exit::Found })
}

pub(super) fn engine(place: &Where) -> &'static str {
    if place.database.is_some() {
        "postgres"
    } else {
        "sqlite"
    }
}

impl Asked {
    fn json(&self) -> Value {
        json!({"what": self.what, "per_second": self.per_second, "latency": self.spread.json()})
    }
}

fn text(answer: &Value, asked: &[Asked]) -> String {
    let number = |name: &str| count(answer.get(name).and_then(Value::as_u64).unwrap_or(0));
    let mut out = format!(
        "记入 {} 笔（批量导入 {} 笔/秒），拨付 {} 笔，退款 {} 笔，每笔 {} 字节\n",
        number("gifts"),
        number("import_gifts_per_second"),
        number("disbursements"),
        number("refunds"),
        number("bytes_per_gift"),
    );
    for a in asked {
        out.push_str(&format!(
            "{}：{} 次/秒，{}\n",
            a.what,
            count(a.per_second),
            a.spread.text()
        ));
    }
    out
}

fn ask_everything(
    site: &Site,
    address: &str,
    filled: &Filled,
    traces: usize,
) -> Result<Vec<Asked>, Failure> {
    let gifts = Arc::new(chosen(&filled.donations, traces));
    let payments = Arc::new(chosen(&filled.movements, traces.div_ceil(10)));
    let forward = site.house(in_process(site, &gifts))?;
    let path = |before: &str, after: &str, ids: &Arc<Vec<String>>| {
        Arc::new(
            ids.iter()
                .map(|id| get(&format!("{before}{id}{after}")))
                .collect::<Vec<_>>(),
        )
    };
    let mut all = vec![Asked {
        what: "进程内，捐赠的去向（1 个请求者）",
        ..forward
    }];
    for (what, requests, clients) in [
        (
            "HTTP，捐赠的去向（1 个连接）",
            path("/api/v1/donations/", "", &gifts),
            1,
        ),
        (
            "HTTP，捐赠的去向（8 个连接）",
            path("/api/v1/donations/", "", &gifts),
            CLIENTS,
        ),
        (
            "HTTP，证明文件（8 个连接）",
            path("/api/v1/donations/", "/proof", &gifts),
            CLIENTS,
        ),
        (
            "HTTP，拨付的来源（1 个连接）",
            path("/api/v1/movements/", "", &payments),
            1,
        ),
    ] {
        let (times, per_second) = site.client(over_http(address, &requests, clients))?;
        all.push(Asked {
            what,
            per_second,
            spread: times.spread(),
        });
    }
    Ok(all)
}

/// So many of the ids, spread evenly over all and mixed, so that neighbours do not warm each other's pages.
fn chosen(ids: &[String], wanted: usize) -> Vec<String> {
    // A large odd step visits places far from each other, and enough of them.
    let step = (ids.len().saturating_mul(618) / 1_000) | 1;
    let at = |n: usize| n.saturating_mul(step).checked_rem(ids.len());
    (0..wanted)
        .filter_map(|n| ids.get(at(n)?))
        .cloned()
        .collect()
}

async fn in_process(site: &Site, gifts: &[String]) -> Result<Asked, Failure> {
    let mut times = Times::default();
    let all = Stopwatch::start();
    for gift in gifts {
        let watch = Stopwatch::start();
        let page = site.app.receipt_page(gift, None, None).await;
        times.note(watch.micros());
        page.map_err(|error| crate::house::failure(&error))?;
    }
    let per_second = all.per_second(times.count());
    Ok(Asked {
        what: "",
        per_second,
        spread: times.spread(),
    })
}

/// Asks everything over so many connections at once.
pub(super) async fn over_http(
    address: &str,
    requests: &Arc<Vec<Vec<u8>>>,
    clients: usize,
) -> Result<(Times, u64), Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let all = Stopwatch::start();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (requests, next, address) =
                (Arc::clone(requests), Arc::clone(&next), address.to_owned());
            tokio::spawn(async move { asker(&address, &requests, &next).await })
        })
        .collect();
    let mut times = Times::default();
    for task in tasks {
        times.join(task.await.map_err(|error| trouble(&error))??);
    }
    let per_second = all.per_second(times.count());
    Ok((times, per_second))
}

async fn asker(address: &str, requests: &[Vec<u8>], next: &AtomicUsize) -> Result<Times, Failure> {
    let mut client = Client::open(address)
        .await
        .map_err(|error| trouble(&error))?;
    let mut times = Times::default();
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let watch = Stopwatch::start();
        let reply = client.ask(request).await.map_err(|error| trouble(&error))?;
        times.note(watch.micros());
        if reply.status != 200 {
            return Err(refused(reply.status, reply.body));
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_spread_over_all() {
        let ids: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
        let chosen = chosen(&ids, 500);
        assert_eq!(chosen.len(), 500);
        let distinct: std::collections::BTreeSet<_> = chosen.iter().collect();
        assert!(distinct.len() > 400, "{}", distinct.len());
        assert!(super::chosen(&[], 5).is_empty());
    }

    #[test]
    fn a_missed_bar_is_named() {
        let asked = |p99| Asked {
            what: "正向追踪",
            per_second: 1,
            spread: Spread {
                p50: 1,
                p99,
                p999: p99,
                max: p99,
            },
        };
        assert_eq!(missed(&[asked(P99_MICROS)]), "");
        let said = missed(&[asked(P99_MICROS), asked(P99_MICROS + 1)]);
        assert!(said.contains("正向追踪") && said.contains("5001"), "{said}");
    }

    #[test]
    fn a_small_house_is_traced() {
        let args = Trace {
            place: Where::default(),
            gifts: 300,
            traces: 50,
            json: true,
        };
        // The bar is for a quiet machine; here it only must answer.
        run(&args).unwrap();
    }
}
