//! The driver's own book of a crash trial: what was sent, what was promised, and whether the promises are kept.

use super::client::{Client, get, post};
use super::crash::lost;
use super::notices::{notice, refused, request, text_field};
use super::site::{Charity, trouble};
use crate::outcome::Failure;
use gateway::payment::{DemoGateway, PaymentNotice};
use gateway::{Clock as _, SystemClock};
use std::collections::BTreeMap;

/// Tasks that send at once.
pub(super) const SENDERS: u64 = 24;
/// One in so many notices is sent twice at once, as channels do.
const TWICE_EVERY: u64 = 7;

/// A notice that was sent, and the donation that was promised for it, if an answer came.
#[derive(Debug)]
pub(super) struct Sent {
    notice: PaymentNotice,
    donation: Option<String>,
}

/// 〔底册〕 Everything that was sent, by the channel's number.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// From earlier rounds: settled, one gift each.
    settled: BTreeMap<String, String>,
    /// From the last round: to be sent again.
    open: BTreeMap<String, Sent>,
    /// How many were promised before a kill.
    promised: u64,
    /// Microseconds of the slowest start.
    pub(super) slowest_start_micros: i64,
}

impl Book {
    /// How many notices were sent.
    pub(super) fn sent(&self) -> u64 {
        (self.settled.len() + self.open.len()) as u64
    }

    /// How many of them were acknowledged before the server was killed.
    pub(super) fn promised(&self) -> u64 {
        self.promised
    }

    /// Takes over what a sender did until the server was gone.
    ///
    /// # Errors
    /// The server had answered a notice in two ways.
    pub(super) fn note(&mut self, sent: Result<Vec<Sent>, Failure>) -> Result<u64, Failure> {
        let sent = sent?;
        let many = sent.len() as u64;
        for one in sent {
            self.promised += u64::from(one.donation.is_some());
            self.open.insert(one.notice.external_id.clone(), one);
        }
        Ok(many)
    }
}

/// Gives until the server is gone: an intent, then its signed notice, now and then twice.
///
/// # Errors
/// The server refuses what it must take, or answers one notice in two ways.
pub(super) async fn work(
    address: &str,
    charity: &Charity,
    gateway: &DemoGateway,
    first: u64,
) -> Result<Vec<Sent>, Failure> {
    let mut sent = Vec::new();
    // A server that was killed before it took the connection is what this is about.
    let Ok(mut client) = Client::open(address).await else {
        return Ok(sent);
    };
    let campaign = charity.campaigns.first().map_or("", String::as_str);
    let path = format!("/api/v1/campaigns/{campaign}/intents");
    for number in first.. {
        let number_text = format!("crash-{number:020}");
        let body = r#"{"amount":"50.00","donor_name":"王小明"}"#;
        let offer = post(&path, &[("idempotency-key", &number_text)], body.as_bytes());
        let Ok(reply) = client.ask(&offer).await else {
            return Ok(sent);
        };
        let Some(intent) = text_field(reply.body, "id").filter(|_| reply.status == 201) else {
            return Err(refused(reply.status, reply.body));
        };
        let now = SystemClock.now();
        let notice = notice(&charity.organisation, &number_text, intent, now);
        let notice = notice.ok_or_else(|| Failure::usage("bench.notice", "测试用的金额不对"))?;
        let signed = request(gateway, &notice, now)?;
        // Written down before it is sent: from now on the money has arrived.
        sent.push(Sent {
            notice,
            donation: None,
        });
        let times = if number.is_multiple_of(TWICE_EVERY) {
            2
        } else {
            1
        };
        for _ in 0..times {
            let Ok(reply) = client.ask(&signed).await else {
                return Ok(sent);
            };
            let Some(donation) = text_field(reply.body, "donation").filter(|_| reply.status == 200)
            else {
                return Err(refused(reply.status, reply.body));
            };
            let Some(last) = sent.last_mut() else { break };
            promise(&last.notice.external_id, &mut last.donation, donation)?;
        }
    }
    Ok(sent)
}

/// What a sender met who goes on after a refusal.
#[derive(Debug, Default)]
pub(super) struct Met {
    pub(super) sent: Vec<Sent>,
    /// Answers of 503: not taken, and said so.
    pub(super) refused: u64,
    /// Answers that must not be: what fails inside is 503, never anything else.
    pub(super) wrong: Vec<String>,
}

/// Gives so many times, and goes on when the house says that it cannot write.
///
/// # Errors
/// A notice cannot be made, or is answered in two ways.
pub(super) async fn work_through(
    address: &str,
    (charity, gateway): (&Charity, &DemoGateway),
    numbers: std::ops::Range<u64>,
) -> Result<Met, Failure> {
    let mut met = Met::default();
    let campaign = charity.campaigns.first().map_or("", String::as_str);
    let path = format!("/api/v1/campaigns/{campaign}/intents");
    for number in numbers {
        let Ok(mut client) = Client::open(address).await else {
            return Ok(met);
        };
        let number_text = format!("fault-{number:020}");
        let body = r#"{"amount":"50.00","donor_name":"王小明"}"#;
        let offer = post(&path, &[("idempotency-key", &number_text)], body.as_bytes());
        let intent = match client.ask(&offer).await {
            Ok(reply) if reply.status == 201 => text_field(reply.body, "id").map(str::to_owned),
            Ok(reply) => {
                met.note(&reply);
                None
            }
            Err(_) => None,
        };
        let Some(intent) = intent else { continue };
        let now = SystemClock.now();
        let notice = notice(&charity.organisation, &number_text, &intent, now);
        let notice = notice.ok_or_else(|| Failure::usage("bench.notice", "测试用的金额不对"))?;
        let signed = request(gateway, &notice, now)?;
        let mut donation = None;
        match client.ask(&signed).await {
            Ok(reply) if reply.status == 200 => {
                if let Some(promised) = text_field(reply.body, "donation") {
                    promise(&number_text, &mut donation, promised)?;
                }
            }
            Ok(reply) => met.note(&reply),
            Err(_) => {}
        }
        met.sent.push(Sent { notice, donation });
    }
    Ok(met)
}

impl Met {
    /// How many were promised.
    pub(super) fn promised(&self) -> u64 {
        let promised = self.sent.iter().filter(|sent| sent.donation.is_some());
        promised.count() as u64
    }

    fn note(&mut self, reply: &super::client::Reply<'_>) {
        if reply.status == 503 {
            self.refused += 1;
            return;
        }
        let body = String::from_utf8_lossy(reply.body);
        self.wrong.push(format!("{} {body}", reply.status));
    }
}

/// Writes a promise down; a second one must be the same.
fn promise(number: &str, known: &mut Option<String>, donation: &str) -> Result<(), Failure> {
    match known {
        Some(known) if known != donation => Err(lost(format!(
            "通知 {number} 先后对应两笔捐赠：{known} 和 {donation}"
        ))),
        _ => {
            *known = Some(donation.to_owned());
            Ok(())
        }
    }
}

/// Every promised gift can be read: those of the last round, and all there ever were if `look_back`.
///
/// # Errors
/// One is not there: lost.
pub(super) async fn ask_for_all(
    address: &str,
    book: &Book,
    look_back: bool,
) -> Result<(), Failure> {
    let mut client = Client::open(address)
        .await
        .map_err(|error| trouble(&error))?;
    let open = book.open.values().filter_map(|sent| sent.donation.as_ref());
    let settled = book.settled.values().filter(|_| look_back);
    for donation in open.chain(settled) {
        let asked = client
            .ask(&get(&format!("/api/v1/donations/{donation}")))
            .await;
        let reply = asked.map_err(|error| trouble(&error))?;
        if reply.status != 200 {
            return Err(lost(format!(
                "已确认的捐赠 {donation} 不见了（{}）",
                reply.status
            )));
        }
    }
    Ok(())
}

/// Sends every notice of the last round once more: each must be one gift, and the promised one.
///
/// # Errors
/// A promise is broken, or two notices name one gift.
pub(super) async fn send_again(
    address: &str,
    gateway: &DemoGateway,
    book: &mut Book,
) -> Result<(), Failure> {
    let mut client = Client::open(address)
        .await
        .map_err(|error| trouble(&error))?;
    let mut gifts: BTreeMap<String, String> = BTreeMap::new();
    for (number, mut sent) in std::mem::take(&mut book.open) {
        let signed = request(gateway, &sent.notice, SystemClock.now())?;
        let promised = sent.donation.is_some();
        for turn in 0..2 {
            let reply = client.ask(&signed).await.map_err(|error| trouble(&error))?;
            let Some(donation) = text_field(reply.body, "donation").filter(|_| reply.status == 200)
            else {
                return Err(refused(reply.status, reply.body));
            };
            let is_replay = reply
                .body
                .windows(13)
                .any(|part| part == br#""replay":true"#);
            if (promised || turn > 0) && !is_replay {
                return Err(lost(format!("通知 {number} 重送后又记了一笔：{donation}")));
            }
            promise(&number, &mut sent.donation, donation)?;
        }
        let donation = sent.donation.unwrap_or_default();
        if let Some(other) = gifts.insert(donation.clone(), number.clone()) {
            return Err(lost(format!(
                "通知 {number} 和 {other} 成了同一笔捐赠 {donation}"
            )));
        }
        book.settled.insert(number, donation);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_kept_or_broken() {
        let mut known = None;
        promise("n", &mut known, "don_1").unwrap();
        promise("n", &mut known, "don_1").unwrap();
        let broken = promise("n", &mut known, "don_2").unwrap_err();
        assert_eq!(broken.code, "bench.promise_broken");
    }
}
