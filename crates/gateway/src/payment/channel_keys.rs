//! Which key speaks for which channel and which merchant.

use std::collections::BTreeMap;
use std::sync::Arc;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;

use super::limits::{KEY_ID_BYTES, KEYS, KEYS_FILE_BYTES, RSA_BITS, RSA_MIN_BITS};
use super::notice::{is_channel, is_number};
use super::signature::{Claim, Key, Verdict};
use super::spki::{self, Spki};

/// A public key of one of the two algorithms. The key decides the algorithm; a notice has no
/// say in it.
#[derive(Clone, Debug)]
pub struct PublicKey(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Ed25519(Key),
    /// The DER of RSAPublicKey.
    Rsa(Box<[u8]>),
}

impl PublicKey {
    /// Reads `-----BEGIN PUBLIC KEY-----` as `openssl pkey -pubout` prints it.
    ///
    /// # Errors
    /// [`ChannelKeyError::BadKey`] for other forms and algorithms, [`ChannelKeyError::WeakKey`]
    /// for an RSA modulus outside 2048..=4096 bits or an Ed25519 point outside the group of prime order.
    pub fn from_pem(text: &str) -> Result<Self, ChannelKeyError> {
        match spki::read_pem(text).ok_or(ChannelKeyError::BadKey)? {
            Spki::Ed25519(point) => Self::ed25519(&point),
            Spki::Rsa(der) => Self::rsa(&der),
        }
    }

    /// An Ed25519 public key (RFC 8032).
    ///
    /// # Errors
    /// Not the one spelling of a point of the curve, or a point outside the group of prime order, where no honest
    /// key is: under a point of small order anything verifies.
    pub fn ed25519(point: &[u8; 32]) -> Result<Self, ChannelKeyError> {
        Ok(PublicKey(Inner::Ed25519(Key::new(point)?)))
    }

    /// An RSA public key from the DER of RSAPublicKey (RFC 8017 A.1.1).
    ///
    /// # Errors
    /// No such DER, or too few or too many bits.
    pub fn rsa(der: &[u8]) -> Result<Self, ChannelKeyError> {
        let bits = spki::rsa_bits(der).ok_or(ChannelKeyError::BadKey)?;
        if !(RSA_MIN_BITS..=RSA_BITS).contains(&bits) {
            return Err(ChannelKeyError::WeakKey);
        }
        Ok(PublicKey(Inner::Rsa(der.into())))
    }

    /// `ed25519` or `rsa-sha256`.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match &self.0 {
            Inner::Ed25519(_) => "ed25519",
            Inner::Rsa(_) => "rsa-sha256",
        }
    }

    /// The key as [`PublicKey::from_pem`] reads it and `openssl pkey -pubin` too.
    #[must_use]
    pub fn pem(&self) -> String {
        spki::write_pem(&match &self.0 {
            Inner::Ed25519(key) => Spki::Ed25519(key.bytes()),
            Inner::Rsa(der) => Spki::Rsa(der.to_vec()),
        })
    }

    /// What is known of `signature` over `message`: RSA at once, Ed25519 when its equation has been checked.
    pub(super) fn look_at(&self, message: &[u8], signature: &[u8]) -> Signature {
        match &self.0 {
            Inner::Ed25519(key) => match key.claim(message, signature) {
                Some(claim) => Signature::Open(Arc::new(claim)),
                None => Signature::Known(Verdict::Forged),
            },
            Inner::Rsa(der) => {
                let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der);
                Signature::Known(Verdict::of(key.verify(message, signature).is_ok()))
            }
        }
    }
}

/// A signature that was looked at.
#[derive(Debug)]
pub enum Signature {
    /// The verdict is known.
    Known(Verdict),
    /// Its form is right; whether it is genuine is to be checked, alone or with others.
    Open(Arc<Claim>),
}

impl Signature {
    /// The verdict, found alone.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Signature::Known(verdict) => *verdict,
            Signature::Open(claim) => claim.verdict(),
        }
    }
}

/// 〔渠道公钥〕 A key that speaks for one merchant at one channel.
#[derive(Clone, Debug)]
pub struct ChannelKey {
    /// What stands in `Shanji-Key-Id`: `[A-Za-z0-9._-]`, at most 64.
    pub id: String,
    /// The only channel that this key may sign for.
    pub channel: String,
    /// The only merchant that this key may sign for.
    pub merchant: String,
    /// The key.
    pub key: PublicKey,
}

/// Why a key is not taken up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelKeyError {
    /// The file is not TOML of our layout.
    #[error("[channel_key.file] 渠道公钥文件读不懂，请对照样例改正：{0}")]
    File(String),
    /// Id, channel or merchant is empty, too long or holds other characters.
    #[error("[channel_key.text] 公钥“{0}”的编号、渠道或商户号格式不对，请改用字母、数字和短横线")]
    Text(String),
    /// Not a public key of the two kinds.
    #[error("[channel_key.bad] 不是 Ed25519 或 RSA 公钥，请粘贴以 BEGIN PUBLIC KEY 开头的公钥全文")]
    BadKey,
    /// Too short or otherwise unfit.
    #[error(
        "[channel_key.weak] 公钥强度不合要求，请使用 2048 到 4096 位的 RSA 或新的 Ed25519 密钥"
    )]
    WeakKey,
    /// The id is taken by another key.
    #[error("[channel_key.twice] 公钥编号“{0}”出现了两次，请换一个编号")]
    Twice(String),
    /// More than [`KEYS`] keys or more than [`KEYS_FILE_BYTES`] bytes.
    #[error("[channel_key.many] 渠道公钥太多，请先删去停用的公钥")]
    TooMany,
}

/// 〔渠道公钥册〕 The keys that this house believes, by id.
///
/// A merchant may have several: a new key is added, the channel changes over, the old one
/// is taken out.
#[derive(Clone, Debug, Default)]
pub struct ChannelKeys(BTreeMap<Box<str>, ChannelKey>);

impl ChannelKeys {
    /// No key: every notice is refused.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file of `[[key]]` tables with `id`, `channel`, `merchant` and `public_key`
    /// (PEM). The file holds nothing secret.
    ///
    /// # Errors
    /// See [`ChannelKeyError`]; the first key in the file that is not taken up decides.
    pub fn from_toml(text: &str) -> Result<Self, ChannelKeyError> {
        if text.len() > KEYS_FILE_BYTES {
            return Err(ChannelKeyError::TooMany);
        }
        let file: File =
            toml::from_str(text).map_err(|e| ChannelKeyError::File(e.message().to_owned()))?;
        let mut keys = Self::new();
        for row in file.key {
            keys.add(ChannelKey {
                key: PublicKey::from_pem(&row.public_key)?,
                id: row.id,
                channel: row.channel,
                merchant: row.merchant,
            })?;
        }
        Ok(keys)
    }

    /// Takes a key up.
    ///
    /// # Errors
    /// Texts that are not of their form, an id that is taken, too many keys.
    pub fn add(&mut self, key: ChannelKey) -> Result<(), ChannelKeyError> {
        if !is_key_id(key.id.as_bytes()) || !is_channel(&key.channel) || !is_number(&key.merchant) {
            return Err(ChannelKeyError::Text(key.id));
        }
        if self.0.len() >= KEYS {
            return Err(ChannelKeyError::TooMany);
        }
        if self.0.contains_key(key.id.as_str()) {
            return Err(ChannelKeyError::Twice(key.id));
        }
        self.0.insert(key.id.as_str().into(), key);
        Ok(())
    }

    /// The key of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ChannelKey> {
        self.0.get(id)
    }

    /// All keys in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &ChannelKey> {
        self.0.values()
    }
}

/// Whether these bytes may be a key id.
pub(super) fn is_key_id(bytes: &[u8]) -> bool {
    (1..=KEY_ID_BYTES).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    channel: String,
    merchant: String,
    public_key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[key]]
id = "demo-2026"
channel = "demo"
merchant = "M1900"
public_key = """
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""
"#;

    #[test]
    fn a_file_of_keys_is_read() {
        let keys = ChannelKeys::from_toml(FILE).unwrap();
        let key = keys.find("demo-2026").unwrap();
        assert_eq!(
            (key.channel.as_str(), key.merchant.as_str()),
            ("demo", "M1900")
        );
        assert_eq!(key.key.algorithm(), "ed25519");
        assert!(FILE.contains(&key.key.pem()));
        assert!(ChannelKeys::from_toml("").unwrap().iter().next().is_none());
    }

    fn check(text: &str, code: &str) {
        let error = ChannelKeys::from_toml(text).unwrap_err().to_string();
        assert!(error.starts_with(code), "{error}");
    }

    #[test]
    fn bad_files_are_named() {
        check("key = 5", "[channel_key.file]");
        check(&FILE.replace("channel", "chanel"), "[channel_key.file]");
        check(&FILE.replace("\"demo\"", "\"演示\""), "[channel_key.text]");
        check(&FILE.replace("demo-2026", ""), "[channel_key.text]");
        check(&FILE.replace("MCow", "MCoq"), "[channel_key.bad]");
        check(&FILE.repeat(2), "[channel_key.twice]");
    }

    #[test]
    fn a_point_under_which_anything_verifies_is_weak() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(
            PublicKey::ed25519(&identity).unwrap_err(),
            ChannelKeyError::WeakKey
        );
        // y = 2 is no point of the curve.
        identity[0] = 2;
        assert_eq!(
            PublicKey::ed25519(&identity).unwrap_err(),
            ChannelKeyError::BadKey
        );
    }
}
