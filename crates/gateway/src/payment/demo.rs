//! The demo gateway: a payment channel of ours that really signs.
//!
//! No money moves through it, and it never calls itself a connection to anybody. But its
//! notices are genuine ones: the demo pay page and the bench go through the same door, the
//! same checks and the same refusals as a channel from outside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Secret, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};

use super::channel_keys::{ChannelKey, ChannelKeyError, PublicKey};
use super::notice::PaymentNotice;
use super::refusal::Header;
use super::verify::{NoticeHeaders, write_signed_text};
use crate::entropy::{self, Entropy, EntropyError};

/// Name of the demo channel.
pub const CHANNEL: &str = "demo";
const NONCE_DRAWN: usize = 16;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// 〔商户〕 For whom a gateway signs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merchant {
    /// Name of the channel, usually [`CHANNEL`].
    pub channel: String,
    /// The charity's number at the channel.
    pub number: String,
}

/// Why the demo gateway does not sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignError {
    /// The notice would not be read back (a text too long, a fee above the amount …).
    #[error("[demo.unsound] 演示通知的内容不合格式，请检查金额、手续费和编号")]
    Unsound,
    /// The RSA key does not sign.
    #[error("[demo.key] 演示用的 RSA 私钥无法签名，请重新生成")]
    Key,
    /// No random bytes for the nonce.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// 〔演示支付网关〕 Signs notices for one merchant with one key.
#[derive(Debug)]
pub struct DemoGateway {
    key: ChannelKey,
    signer: Signer,
}

enum Signer {
    Ed25519(Box<SigningKey>),
    Rsa(Box<RsaKeyPair>),
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A notice ready to be posted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedNotice {
    /// `Shanji-Key-Id`.
    pub key_id: String,
    /// `Shanji-Timestamp`.
    pub timestamp: String,
    /// `Shanji-Nonce`.
    pub nonce: String,
    /// `Shanji-Signature`.
    pub signature: String,
    /// The body, byte for byte as it was signed.
    pub body: Vec<u8>,
}

impl SignedNotice {
    /// Names and values of the headers to post.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, &str); 4] {
        let values = [&self.key_id, &self.timestamp, &self.nonce, &self.signature];
        std::array::from_fn(|n| (Header::ALL[n].name(), values[n].as_str()))
    }

    /// The headers as the verifier takes them.
    #[must_use]
    pub fn as_headers(&self) -> NoticeHeaders<'_> {
        NoticeHeaders {
            key_id: Some(self.key_id.as_bytes()),
            timestamp: Some(self.timestamp.as_bytes()),
            nonce: Some(self.nonce.as_bytes()),
            signature: Some(self.signature.as_bytes()),
        }
    }
}

impl DemoGateway {
    /// A gateway with an Ed25519 key made from the house's seed, another one for each
    /// merchant: a notice for one charity can never be passed off as another's.
    ///
    /// # Errors
    /// None with today's curve; the merchant's texts are judged by [`super::ChannelKeys::add`].
    pub fn ed25519(seed: &Secret<[u8; 32]>, merchant: &Merchant) -> Result<Self, ChannelKeyError> {
        let unfit = |_| ChannelKeyError::BadKey;
        let mut mac = Hmac::<Sha256>::new_from_slice(seed.expose()).map_err(unfit)?;
        for part in ["shanji demo gateway", &merchant.channel, &merchant.number] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        let signing = SigningKey::from_bytes(&mac.finalize().into_bytes().into());
        let public = signing.verifying_key().to_bytes();
        let key = channel_key(merchant, &public, PublicKey::ed25519(&public)?);
        Ok(DemoGateway {
            key,
            signer: Signer::Ed25519(Box::new(signing)),
        })
    }

    /// A gateway with an RSA key from PKCS #8 DER, such as `openssl genpkey` writes.
    ///
    /// # Errors
    /// [`ChannelKeyError::BadKey`] where the DER is no usable RSA key, and as for public keys.
    pub fn rsa(pkcs8: &Secret<Vec<u8>>, merchant: &Merchant) -> Result<Self, ChannelKeyError> {
        let pair = RsaKeyPair::from_pkcs8(pkcs8.expose()).map_err(|_| ChannelKeyError::BadKey)?;
        let public = pair.public_key().as_ref();
        let key = channel_key(merchant, public, PublicKey::rsa(public)?);
        Ok(DemoGateway {
            key,
            signer: Signer::Rsa(Box::new(pair)),
        })
    }

    /// The public side, to be taken up by [`super::ChannelKeys::add`].
    #[must_use]
    pub const fn key(&self) -> &ChannelKey {
        &self.key
    }

    /// Signs a notice as of `now` with a fresh nonce.
    ///
    /// # Errors
    /// See [`SignError`]. What the notice says of channel and merchant is not compared with
    /// the key: a test may want a notice that is refused for it.
    pub fn sign(
        &self,
        notice: &PaymentNotice,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<SignedNotice, SignError> {
        let body = notice.body().ok_or(SignError::Unsound)?;
        self.sign_bytes(body, now, entropy)
    }

    /// Signs any bytes, so that a test can show what becomes of genuine nonsense.
    ///
    /// # Errors
    /// No random bytes, or the RSA key fails.
    pub fn sign_bytes(
        &self,
        body: Vec<u8>,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<SignedNotice, SignError> {
        let timestamp = now.micros().div_euclid(MICROS_PER_SECOND).to_string();
        let nonce = hex::encode(entropy::draw::<NONCE_DRAWN>(entropy)?);
        let mut text = Vec::new();
        write_signed_text(&mut text, [timestamp.as_bytes(), nonce.as_bytes(), &body]);
        let signature = STANDARD.encode(self.signer.sign(&text)?);
        Ok(SignedNotice {
            key_id: self.key.id.clone(),
            timestamp,
            nonce,
            signature,
            body,
        })
    }
}

impl Signer {
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Signer::Ed25519(key) => Ok(key.sign(text).to_bytes().to_vec()),
            Signer::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                // PKCS #1 v1.5 signatures hold no chance; the argument is of the interface.
                pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    text,
                    &mut signature,
                )
                .map_err(|_| SignError::Key)?;
                Ok(signature)
            }
        }
    }
}

/// The id of a demo key is made from the key, so that it cannot name another one.
fn channel_key(merchant: &Merchant, public: &[u8], key: PublicKey) -> ChannelKey {
    let digest = hex::encode(Sha256::digest(public));
    ChannelKey {
        id: format!("{CHANNEL}-{}", &digest[..16]),
        channel: merchant.channel.clone(),
        merchant: merchant.number.clone(),
        key,
    }
}

/// A fresh 2048-bit RSA private key as PKCS #8 DER, for tests and benches only.
///
/// # Errors
/// No random bytes, or no key found.
#[cfg(feature = "rsa-keygen")]
pub fn fresh_rsa_key(entropy: &dyn Entropy) -> Result<Secret<Vec<u8>>, SignError> {
    use rsa::pkcs8::EncodePrivateKey as _;
    let mut stream = rsa_stream::Stream::new(entropy::draw(entropy)?);
    let key = rsa::RsaPrivateKey::new(&mut stream, super::limits::RSA_MIN_BITS)
        .map_err(|_| SignError::Key)?;
    let der = key.to_pkcs8_der().map_err(|_| SignError::Key)?;
    Ok(Secret::new(der.as_bytes().to_vec()))
}

/// The random bytes of [`fresh_rsa_key`] in the form that crate `rsa` asks for.
#[cfg(feature = "rsa-keygen")]
mod rsa_stream {
    use crate::entropy::{Entropy as _, SeededEntropy};
    use rsa::rand_core::{CryptoRng, Error, RngCore};

    /// A stream from a 32-byte seed: it cannot run dry, unlike the operating system's.
    pub(super) struct Stream(SeededEntropy);

    impl Stream {
        pub(super) fn new(seed: [u8; 32]) -> Self {
            Stream(SeededEntropy::from_bytes(seed))
        }

        fn draw<const N: usize>(&mut self) -> [u8; N] {
            let mut bytes = [0; N];
            self.fill_bytes(&mut bytes);
            bytes
        }
    }

    impl CryptoRng for Stream {}

    impl RngCore for Stream {
        fn next_u32(&mut self) -> u32 {
            u32::from_be_bytes(self.draw())
        }

        fn next_u64(&mut self) -> u64 {
            u64::from_be_bytes(self.draw())
        }

        fn fill_bytes(&mut self, out: &mut [u8]) {
            // A seeded stream never fails.
            let _ = self.0.fill(out);
        }

        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
            self.fill_bytes(out);
            Ok(())
        }
    }
}
