//! From raw headers and bytes to a notice that may be believed, or the reason why not.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Timestamp;

use super::channel_keys::{ChannelKey, ChannelKeys, Signature, is_key_id};
use super::limits::{
    BODY_BYTES, CLOCK_SECONDS, NONCE_BYTES, NONCE_MIN_BYTES, SIGNATURE_BYTES, SIGNATURE_TEXT_BYTES,
    TIMESTAMP_BYTES,
};
use super::notice::PaymentNotice;
use super::refusal::{Header, NoticeRefused};
use super::signature::Verdict;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The four headers as they came, `None` where one did not.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeHeaders<'a> {
    /// `Shanji-Key-Id`.
    pub key_id: Option<&'a [u8]>,
    /// `Shanji-Timestamp`.
    pub timestamp: Option<&'a [u8]>,
    /// `Shanji-Nonce`.
    pub nonce: Option<&'a [u8]>,
    /// `Shanji-Signature`.
    pub signature: Option<&'a [u8]>,
}

impl<'a> NoticeHeaders<'a> {
    /// Gathers the headers by their lower-case names from whatever holds them.
    pub fn gather(look_up: impl Fn(&'static str) -> Option<&'a [u8]>) -> Self {
        NoticeHeaders {
            key_id: look_up(Header::KeyId.name()),
            timestamp: look_up(Header::Timestamp.name()),
            nonce: look_up(Header::Nonce.name()),
            signature: look_up(Header::Signature.name()),
        }
    }
}

/// Headers of the right form.
struct Stamp<'a> {
    key_id: &'a str,
    timestamp: &'a [u8],
    signed_at: Timestamp,
    nonce: &'a [u8],
    signature: &'a [u8],
}

thread_local! {
    /// The signed text of the notice at hand: one buffer per thread, used again and again.
    static SIGNED_TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// 〔待信通知〕 A notice whose headers are right; it is believed when its signature is found genuine.
#[derive(Debug)]
pub struct Stated<'a> {
    key: &'a ChannelKey,
    signed_at: Timestamp,
    body: &'a [u8],
    /// What is known of its signature.
    pub signature: Signature,
}

/// Looks at everything outside the body that costs little; nothing in the body is looked at yet.
///
/// # Errors
/// The first reason of [`NoticeRefused`] that holds, up to an unknown key.
pub fn look_at<'a>(
    keys: &'a ChannelKeys,
    headers: &NoticeHeaders<'_>,
    body: &'a [u8],
) -> Result<Stated<'a>, NoticeRefused> {
    if body.len() > BODY_BYTES {
        return Err(NoticeRefused::BodyTooLarge);
    }
    let mut room = [0; SIGNATURE_BYTES + 3];
    let stamp = read_headers(headers, &mut room)?;
    let key = keys.find(stamp.key_id).ok_or(NoticeRefused::UnknownKey)?;
    let signature = SIGNED_TEXT.with_borrow_mut(|text| {
        text.clear();
        write_signed_text(text, [stamp.timestamp, stamp.nonce, body]);
        key.key.look_at(text, stamp.signature)
    });
    Ok(Stated {
        key,
        signed_at: stamp.signed_at,
        body,
        signature,
    })
}

impl Stated<'_> {
    /// Believes the notice, after the verdict about its signature, or says why not.
    ///
    /// # Errors
    /// The first reason of [`NoticeRefused`] that holds, from a wrong signature on.
    pub fn judge(&self, verdict: Verdict, now: Timestamp) -> Result<PaymentNotice, NoticeRefused> {
        if verdict == Verdict::Forged {
            return Err(NoticeRefused::SignatureWrong);
        }
        check_age(self.signed_at, now)?;
        let notice = PaymentNotice::read(self.body).ok_or(NoticeRefused::MalformedBody)?;
        if notice.channel != self.key.channel {
            return Err(NoticeRefused::WrongChannel);
        }
        if notice.merchant != self.key.merchant {
            return Err(NoticeRefused::WrongMerchant);
        }
        Ok(notice)
    }
}

/// Believes a notice or says why not, by itself: where notices come one by one.
///
/// The signature is checked over the bytes as they came, before they are looked into. A
/// genuine notice that comes again is believed again: whoever books it does so once per
/// (channel, merchant, external id), so remembering nonces would add nothing but memory.
///
/// # Errors
/// The first reason of [`NoticeRefused`] that holds.
pub fn verify(
    keys: &ChannelKeys,
    headers: &NoticeHeaders<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<PaymentNotice, NoticeRefused> {
    let stated = look_at(keys, headers, body)?;
    stated.judge(stated.signature.verdict(), now)
}

/// What is signed: timestamp, nonce and body, each followed by a line feed. Neither of the
/// first two can hold one, so no two notices share a text.
pub(super) fn write_signed_text(text: &mut Vec<u8>, parts: [&[u8]; 3]) {
    for part in parts {
        text.extend_from_slice(part);
        text.push(b'\n');
    }
}

fn read_headers<'a>(
    headers: &NoticeHeaders<'a>,
    room: &'a mut [u8],
) -> Result<Stamp<'a>, NoticeRefused> {
    let bad = NoticeRefused::MalformedHeader;
    let key_id = headers
        .key_id
        .filter(|id| is_key_id(id))
        .and_then(|id| std::str::from_utf8(id).ok())
        .ok_or(bad(Header::KeyId))?;
    let (timestamp, signed_at) = headers
        .timestamp
        .and_then(|text| Some((text, read_seconds(text)?)))
        .ok_or(bad(Header::Timestamp))?;
    let nonce = headers
        .nonce
        .filter(|n| is_nonce(n))
        .ok_or(bad(Header::Nonce))?;
    let signature = headers
        .signature
        .filter(|text| text.len() <= SIGNATURE_TEXT_BYTES)
        .and_then(|text| {
            let length = STANDARD.decode_slice(text, room).ok()?;
            room.get(..length)
        })
        .ok_or(bad(Header::Signature))?;
    Ok(Stamp {
        key_id,
        timestamp,
        signed_at,
        nonce,
        signature,
    })
}

/// Decimal seconds without sign and without leading zero.
fn read_seconds(text: &[u8]) -> Option<Timestamp> {
    let plain = (1..=TIMESTAMP_BYTES).contains(&text.len())
        && text.iter().all(u8::is_ascii_digit)
        && (text.first() != Some(&b'0') || text.len() == 1);
    if !plain {
        return None;
    }
    let seconds: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    seconds
        .checked_mul(MICROS_PER_SECOND)
        .map(Timestamp::from_micros)
}

fn is_nonce(bytes: &[u8]) -> bool {
    (NONCE_MIN_BYTES..=NONCE_BYTES).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn check_age(signed_at: Timestamp, now: Timestamp) -> Result<(), NoticeRefused> {
    let age = now.micros().saturating_sub(signed_at.micros());
    let span = CLOCK_SECONDS * MICROS_PER_SECOND;
    if age > span {
        return Err(NoticeRefused::TooOld);
    }
    // The header has whole seconds, so a notice signed now is up to a second old.
    if age < -span {
        return Err(NoticeRefused::TooNew);
    }
    Ok(())
}
