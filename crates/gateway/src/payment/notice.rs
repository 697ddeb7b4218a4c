//! What a channel tells us: so much, for this order, with this number of theirs.

use std::borrow::Cow;

use kernel::{Amount, Fen, Timestamp};
use serde::{Deserialize, Serialize};

use super::limits::{AMOUNT_FEN, CHANNEL_BYTES, JSON_INTEGER, NUMBER_BYTES};

/// What happened to the money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 〔支付成功〕 The payer paid.
    Payment,
    /// 〔退款成功〕 The channel has given money back at our request.
    Refund,
    /// 〔拒付〕 The channel has taken money back at the payer's request.
    Chargeback,
}

/// 〔支付通知〕 One event at one channel, believed because it was signed.
///
/// It is one and the same event as long as (channel, merchant, external id) are the same,
/// however often it arrives; a refund has a number of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaymentNotice {
    /// Name of the channel in this house, `[a-z0-9_-]`, such as `wechat` or `demo`.
    pub channel: String,
    /// Our number at the channel (商户号); it belongs to one charity.
    pub merchant: String,
    /// The channel's own number of this event (支付单号, or 退款单号 for a refund).
    pub external_id: String,
    /// The number that we gave the channel: the printed id of the intent. It may be empty
    /// (a fixed QR code on the wall) or unknown to us; the money has arrived all the same.
    pub order: String,
    /// The number of the payment that a refund or chargeback takes back; absent for a
    /// payment and present for the others.
    pub concerns: Option<String>,
    /// What happened.
    pub kind: NoticeKind,
    /// Gross, before the channel's fee.
    pub amount: Amount,
    /// What the channel keeps of the amount; from 0 to the amount.
    pub fee: Fen,
    /// When it happened, by the channel's clock.
    pub paid_at: Timestamp,
}

/// The body as it stands in JSON. Fields stand in the order of their names and hold only
/// ASCII text and integers, so that what serde writes is the canonical form (RFC 8785).
/// Unknown fields are passed over: a channel that adds one has still received money.
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    amount_fen: i64,
    #[serde(borrow)]
    channel: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    concerns: Option<Cow<'a, str>>,
    #[serde(borrow)]
    external_id: Cow<'a, str>,
    fee_fen: i64,
    kind: NoticeKind,
    #[serde(borrow)]
    merchant: Cow<'a, str>,
    #[serde(borrow)]
    order: Cow<'a, str>,
    paid_at_micros: i64,
}

impl PaymentNotice {
    /// Reads a body whose signature has been checked. `None` where it is no notice: no
    /// JSON, a field missing, twice or of another type, an amount that is not positive, a
    /// fee above the amount, a number that is empty, too long or not printable ASCII.
    #[must_use]
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let wire: Wire<'_> = serde_json::from_slice(body).ok()?;
        let notice = PaymentNotice {
            amount: Amount::new(wire.amount_fen)?,
            fee: Fen::new(wire.fee_fen),
            paid_at: Timestamp::from_micros(wire.paid_at_micros),
            channel: wire.channel.into_owned(),
            merchant: wire.merchant.into_owned(),
            external_id: wire.external_id.into_owned(),
            order: wire.order.into_owned(),
            concerns: wire.concerns.map(Cow::into_owned),
            kind: wire.kind,
        };
        notice.is_sound().then_some(notice)
    }

    /// The canonical body that a channel signs. `None` where the notice is not sound, so
    /// that nothing is ever signed that would not be read back.
    #[must_use]
    pub fn body(&self) -> Option<Vec<u8>> {
        if !self.is_sound() {
            return None;
        }
        let wire = Wire {
            amount_fen: self.amount.get(),
            channel: Cow::Borrowed(&self.channel),
            concerns: self.concerns.as_deref().map(Cow::Borrowed),
            external_id: Cow::Borrowed(&self.external_id),
            fee_fen: self.fee.get(),
            kind: self.kind,
            merchant: Cow::Borrowed(&self.merchant),
            order: Cow::Borrowed(&self.order),
            paid_at_micros: self.paid_at.micros(),
        };
        serde_json::to_vec(&wire).ok()
    }

    fn is_sound(&self) -> bool {
        let taken_back = self.kind != NoticeKind::Payment;
        self.amount.get() <= AMOUNT_FEN
            && (0..=self.amount.get()).contains(&self.fee.get())
            && (0..=JSON_INTEGER).contains(&self.paid_at.micros())
            && is_channel(&self.channel)
            && is_number(&self.merchant)
            && is_number(&self.external_id)
            && (self.order.is_empty() || is_number(&self.order))
            && self.concerns.is_some() == taken_back
            && self.concerns.as_deref().is_none_or(is_number)
    }
}

/// Whether a text may name a channel.
pub(super) fn is_channel(text: &str) -> bool {
    (1..=CHANNEL_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// Whether a text may be somebody's number: printable ASCII without blanks.
pub(super) fn is_number(text: &str) -> bool {
    (1..=NUMBER_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::payment) fn sample() -> PaymentNotice {
        PaymentNotice {
            channel: "demo".into(),
            merchant: "M1900".into(),
            external_id: "4200002026".into(),
            order: "int_01HZX5".into(),
            concerns: None,
            kind: NoticeKind::Payment,
            amount: Amount::new(5_000).unwrap(),
            fee: Fen::new(30),
            paid_at: Timestamp::from_micros(1_795_320_000_000_000),
        }
    }

    const BODY: &str = r#"{"amount_fen":5000,"channel":"demo","external_id":"4200002026","fee_fen":30,"kind":"payment","merchant":"M1900","order":"int_01HZX5","paid_at_micros":1795320000000000}"#;

    #[test]
    fn the_body_is_pinned_and_canonical() {
        let refund = PaymentNotice {
            kind: NoticeKind::Refund,
            concerns: Some("4200002026\"\\".into()),
            ..sample()
        };
        for notice in [sample(), refund] {
            let body = notice.body().unwrap();
            let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body, serde_json_canonicalizer::to_vec(&value).unwrap());
            assert_eq!(PaymentNotice::read(&body), Some(notice));
        }
        assert_eq!(sample().body().unwrap(), BODY.as_bytes());
    }

    #[test]
    fn order_of_fields_blanks_and_new_fields_do_not_matter() {
        let text = BODY.replace("{\"amount_fen\":5000,", "{ \"new\": [1.5, {}], ");
        let text = text
            .replace('}', ", \"amount_fen\": 5000 }")
            .replace("{, \"amount_fen\": 5000 }", "{}");
        assert_eq!(
            PaymentNotice::read(text.as_bytes()),
            Some(sample()),
            "{text}"
        );
    }

    fn check_refused(from: &str, to: &str) {
        assert!(BODY.contains(from), "the row {from} changes something");
        assert_eq!(
            PaymentNotice::read(BODY.replace(from, to).as_bytes()),
            None,
            "{to}"
        );
    }

    #[test]
    fn what_is_no_notice_is_refused() {
        check_refused("5000", "0");
        check_refused("5000", "-5000");
        check_refused("5000", "5000.0");
        check_refused("5000", "\"5000\"");
        check_refused("5000", "29");
        check_refused("5000", "1000000000000001");
        check_refused("5000", "99999999999999999999");
        check_refused("\"fee_fen\":30", "\"fee_fen\":-1");
        check_refused("\"fee_fen\":30", "\"fee_fen\":30,\"fee_fen\":30");
        check_refused("\"fee_fen\":30,", "");
        check_refused("1795320000000000", "9007199254740992");
        check_refused("\"demo\"", "\"Demo\"");
        check_refused("\"demo\"", "\"\"");
        check_refused("\"M1900\"", "\"M 1900\"");
        check_refused("\"M1900\"", "\"商户\"");
        check_refused("\"M1900\"", "null");
        check_refused("4200002026", &"9".repeat(NUMBER_BYTES + 1));
        check_refused("int_01HZX5", "a\\nb");
        check_refused("payment", "gift");
        check_refused("payment", "refund");
        check_refused("\"fee_fen\"", "\"concerns\":\"1\",\"fee_fen\"");
        check_refused("}", "}}");
        check_refused("}", "");
    }

    #[test]
    fn what_cannot_be_read_back_is_not_written() {
        let unsound = PaymentNotice {
            order: "with blank".into(),
            ..sample()
        };
        assert_eq!(unsound.body(), None);
        assert!(
            PaymentNotice {
                order: String::new(),
                ..sample()
            }
            .body()
            .is_some()
        );
    }
}
