//! The door of payment channels: which notices are believed, and why the others are not.
//!
//! A notice says that money has arrived. It is believed because of its signature and of
//! nothing else, so the signature is checked over the raw bytes before anything inside them
//! is looked at. The form of the headers is that of WeChat Pay v3 with our own names; record
//! 0010 in `docs/decisions` holds the format and the order of the checks.
//!
//! Verification is pure and costs a core some tens of microseconds: it belongs in the
//! threads that serve HTTP, before the queue of the writer. Notices that wait at the same
//! time are verified together ([`Verifier`]), with the same verdicts.

pub mod channel_keys;
pub mod demo;
pub mod limits;
pub mod notice;
pub mod refusal;
pub mod signature;
mod spki;
pub mod verifier;
pub mod verify;

pub use channel_keys::{ChannelKey, ChannelKeyError, ChannelKeys, PublicKey, Signature};
pub use demo::{DemoGateway, Merchant, SignedNotice};
pub use notice::{NoticeKind, PaymentNotice};
pub use refusal::{Header, NoticeRefused};
pub use signature::Verdict;
pub use verifier::Verifier;
pub use verify::{NoticeHeaders, Stated, look_at, verify};
