//! Intents and signed notices, ready to be sent before the clock starts.

use super::args::Algorithm;
use super::client::{Client, post};
use super::figures::Times;
use super::site::{Charity, Site, trouble};
use crate::outcome::Failure;
use app::DEMO_CHANNEL;
use gateway::payment::demo::fresh_rsa_key;
use gateway::payment::{DemoGateway, Merchant, NoticeKind, PaymentNotice};
use gateway::{Stopwatch, SystemEntropy};
use kernel::{Amount, Fen, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fen of each gift of a bench: fifty yuan.
pub(super) const GIFT_FEN: i64 = 5_000;
/// Fen that the demo channel keeps: six per mille.
const FEE_FEN: i64 = 30;

/// The gateway that signs, by algorithm.
///
/// # Errors
/// No key can be made.
pub(super) fn gateway(
    site: &Site,
    charity: &Charity,
    algorithm: Algorithm,
) -> Result<DemoGateway, Failure> {
    match algorithm {
        Algorithm::Ed25519 => site.gateway(&charity.organisation),
        Algorithm::Rsa => {
            let key = fresh_rsa_key(&SystemEntropy).map_err(|error| trouble(&error))?;
            let number = charity.organisation.clone();
            let merchant = Merchant {
                channel: DEMO_CHANNEL.into(),
                number,
            };
            DemoGateway::rsa(&key, &merchant).map_err(|error| trouble(&error))
        }
    }
}

/// A notice about one gift.
pub(super) fn notice(
    organisation: &str,
    number: &str,
    order: &str,
    at: Timestamp,
) -> Option<PaymentNotice> {
    Some(PaymentNotice {
        channel: DEMO_CHANNEL.into(),
        merchant: organisation.into(),
        external_id: number.into(),
        order: order.into(),
        concerns: None,
        kind: NoticeKind::Payment,
        amount: Amount::new(GIFT_FEN)?,
        fee: Fen::new(FEE_FEN),
        paid_at: at,
    })
}

/// A whole request that brings this notice.
///
/// # Errors
/// It cannot be signed.
pub(super) fn request(
    gateway: &DemoGateway,
    notice: &PaymentNotice,
    now: Timestamp,
) -> Result<Vec<u8>, Failure> {
    let signed = gateway
        .sign(notice, now, &SystemEntropy)
        .map_err(|error| trouble(&error))?;
    Ok(post(&notice_path(), &signed.headers(), &signed.body))
}

/// Where notices are posted.
pub(super) fn notice_path() -> String {
    format!("/api/v1/payments/notices/{DEMO_CHANNEL}")
}

/// Signs a notice for every intent, on as many threads as there are processors.
///
/// # Errors
/// One cannot be signed.
pub(super) fn signed(
    gateway: &DemoGateway,
    organisation: &str,
    intents: &[String],
    now: Timestamp,
) -> Result<Vec<Vec<u8>>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = intents.len().div_ceil(threads).max(1);
    let sign = |(first, intents): (usize, &[String])| {
        let each = intents.iter().zip(first..).map(|(intent, n)| {
            // A channel's numbers begin with the date and grow.
            let number = format!("{}{n:010}", now.day().to_string().replace('-', ""));
            let notice = notice(organisation, &number, intent, now);
            let notice =
                notice.ok_or_else(|| Failure::usage("bench.notice", "测试用的金额不对"))?;
            request(gateway, &notice, now)
        });
        each.collect::<Result<Vec<_>, Failure>>()
    };
    let parts = std::thread::scope(|scope| {
        let chunks = intents
            .chunks(part)
            .enumerate()
            .map(|(n, chunk)| (n * part, chunk));
        let running: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || sign(chunk)))
            .collect();
        let done = running.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(Failure::unreachable("bench.thread", "签名线程中断")))
        });
        done.collect::<Result<Vec<_>, Failure>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}

/// Offers `count` gifts through HTTP, in turn for each campaign; their printed ids, in no order, and the times.
///
/// # Errors
/// One is refused.
pub(super) async fn offer(
    address: &str,
    charity: &Charity,
    count: u32,
    clients: u32,
) -> Result<(Vec<String>, Times), Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let charity = Arc::new(charity.clone());
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (next, charity) = (Arc::clone(&next), Arc::clone(&charity));
            let address = address.to_owned();
            tokio::spawn(async move { offers(&address, &charity, (&next, count as usize)).await })
        })
        .collect();
    let (mut ids, mut times) = (Vec::with_capacity(count as usize), Times::default());
    for task in tasks {
        let (more, took) = task.await.map_err(|error| trouble(&error))??;
        ids.extend(more);
        times.join(took);
    }
    Ok((ids, times))
}

async fn offers(
    address: &str,
    charity: &Charity,
    (next, count): (&AtomicUsize, usize),
) -> Result<(Vec<String>, Times), Failure> {
    let mut client = Client::open(address)
        .await
        .map_err(|error| trouble(&error))?;
    let (mut ids, mut times) = (Vec::new(), Times::default());
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= count {
            return Ok((ids, times));
        }
        let turn = n.checked_rem(charity.campaigns.len()).unwrap_or(0);
        let campaign = charity.campaigns.get(turn).map_or("", String::as_str);
        let path = format!("/api/v1/campaigns/{campaign}/intents");
        let key = format!("bench-intent-{n:016}");
        let body = r#"{"amount":"50.00","donor_name":"王小明"}"#;
        let request = post(&path, &[("idempotency-key", &key)], body.as_bytes());
        let watch = Stopwatch::start();
        let reply = client
            .ask(&request)
            .await
            .map_err(|error| trouble(&error))?;
        times.note(watch.micros());
        let id = text_field(reply.body, "id").filter(|_| reply.status == 201);
        ids.push(
            id.ok_or_else(|| refused(reply.status, reply.body))?
                .to_owned(),
        );
    }
}

/// The house refused what a bench must be given.
pub(super) fn refused(status: u16, body: &[u8]) -> Failure {
    let said = String::from_utf8_lossy(body);
    Failure::refused(
        "bench.refused",
        format!("测试请求被拒绝（{status}）：{said}"),
    )
}

/// A text field of a flat JSON answer: enough for ids, which hold nothing that is escaped.
pub(super) fn text_field<'a>(body: &'a [u8], name: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(&format!("\"{name}\":\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_answers() {
        let body = br#"{"done":"gift","donation":"don_1","held":null,"replay":false}"#;
        assert_eq!(text_field(body, "donation"), Some("don_1"));
        assert_eq!(text_field(body, "held"), None);
        assert_eq!(text_field(body, "id"), None);
    }
}
