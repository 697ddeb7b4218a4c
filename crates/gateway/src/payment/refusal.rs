//! Why a notice is not believed, in the order in which the reasons are looked for.

use super::limits::{BODY_BYTES, CLOCK_SECONDS};

/// One of the four headers that carry the signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Header {
    /// `Shanji-Key-Id`: which key signed.
    KeyId,
    /// `Shanji-Timestamp`: when it was signed, seconds since 1970.
    Timestamp,
    /// `Shanji-Nonce`: text that makes the signature unlike any other.
    Nonce,
    /// `Shanji-Signature`: the signature in base64.
    Signature,
}

impl Header {
    /// All four.
    pub const ALL: [Header; 4] = [
        Header::KeyId,
        Header::Timestamp,
        Header::Nonce,
        Header::Signature,
    ];

    /// Name as it stands in HTTP, in lower case as HTTP/2 wants it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Header::KeyId => "shanji-key-id",
            Header::Timestamp => "shanji-timestamp",
            Header::Nonce => "shanji-nonce",
            Header::Signature => "shanji-signature",
        }
    }
}

/// 〔拒收通知〕 Why a payment notice is not believed; the first reason found, in this order.
///
/// Whether money has really arrived is another question: where [`is_authentic`] holds, the
/// channel did send these bytes, so they must be kept and a person must look.
///
/// [`is_authentic`]: NoticeRefused::is_authentic
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoticeRefused {
    /// Longer than [`BODY_BYTES`]; first, so that nothing is hashed for a stranger.
    #[error("通知内容超过 {BODY_BYTES} 字节，请分笔发送")]
    BodyTooLarge,
    /// A header is absent, or not of its form.
    #[error("请求头 {name} 缺失或格式不对，请按接口文档重新签名后发送", name = .0.name())]
    MalformedHeader(Header),
    /// No such key here.
    #[error("本机没有登记这把密钥，请核对 Shanji-Key-Id，或先由管理员登记渠道公钥")]
    UnknownKey,
    /// The signature does not fit the timestamp, nonce and body.
    #[error("签名与内容不符，请用登记的私钥对原文重新签名，转发时不要改动内容")]
    SignatureWrong,
    /// Signed more than [`CLOCK_SECONDS`] ago.
    #[error("通知签发已超过 {CLOCK_SECONDS} 秒，请用当前时间重新签名后发送")]
    TooOld,
    /// Signed more than [`CLOCK_SECONDS`] ahead of our clock.
    #[error("通知的签发时间比本机快 {CLOCK_SECONDS} 秒以上，请双方校准时钟后重发")]
    TooNew,
    /// Signed, but no notice.
    #[error("通知签名有效但内容不符合格式，请按接口文档更正；原文应保留，由财务人员核对是否已到账")]
    MalformedBody,
    /// Signed with the key of another channel.
    #[error("签名密钥属于另一个支付渠道，请改用本渠道的密钥；原文应保留，由财务人员核对")]
    WrongChannel,
    /// Signed with the key of another merchant.
    #[error("签名密钥属于另一个商户号，请改用本商户的密钥；原文应保留，由财务人员核对")]
    WrongMerchant,
}

impl NoticeRefused {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            NoticeRefused::BodyTooLarge => "notice.body_too_large",
            NoticeRefused::MalformedHeader(Header::KeyId) => "notice.key_id_malformed",
            NoticeRefused::MalformedHeader(Header::Timestamp) => "notice.timestamp_malformed",
            NoticeRefused::MalformedHeader(Header::Nonce) => "notice.nonce_malformed",
            NoticeRefused::MalformedHeader(Header::Signature) => "notice.signature_malformed",
            NoticeRefused::UnknownKey => "notice.key_unknown",
            NoticeRefused::SignatureWrong => "notice.signature_wrong",
            NoticeRefused::TooOld => "notice.too_old",
            NoticeRefused::TooNew => "notice.too_new",
            NoticeRefused::MalformedBody => "notice.body_malformed",
            NoticeRefused::WrongChannel => "notice.channel_wrong",
            NoticeRefused::WrongMerchant => "notice.merchant_wrong",
        }
    }

    /// Whether the signature was right: then money may have arrived whatever we think of
    /// the rest, and the raw bytes must be kept for a person to look at.
    #[must_use]
    pub const fn is_authentic(self) -> bool {
        matches!(
            self,
            NoticeRefused::TooOld
                | NoticeRefused::TooNew
                | NoticeRefused::MalformedBody
                | NoticeRefused::WrongChannel
                | NoticeRefused::WrongMerchant
        )
    }
}
