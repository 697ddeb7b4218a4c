//! The other side, for tests: a device that makes a key and answers with it, built from the standard alone so that it
//! shares nothing with what it is held against.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A person was there, and showed who it is.
pub const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// A person was there, nobody asked who.
pub const PRESENT: u8 = 0b0000_0001;
const HOLDS_KEY: u8 = 0b0100_0000;
const ID_BYTES: usize = 32;

/// 〔软件密钥〕 A device with one key.
#[derive(Debug)]
pub struct SoftKey {
    id: [u8; ID_BYTES],
    pair: EcdsaKeyPair,
    handle: String,
    /// How often it has answered; a copy of a device has an older one.
    pub counter: u32,
    /// What it says of the person in front of it.
    pub flags: u8,
}

fn asked(options: &str) -> Option<Value> {
    let whole: Value = serde_json::from_str(options).ok()?;
    Some(whole.get("publicKey").cloned().unwrap_or(whole))
}

fn client_data(kind: &str, question: &Value, origin: &str) -> Option<String> {
    let challenge = question.get("challenge")?.as_str()?;
    let said =
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false });
    Some(said.to_string())
}

impl SoftKey {
    /// Makes a key for what was asked, as a page of `origin` would; the device and its answer. Nothing if the question
    /// cannot be read.
    #[must_use]
    pub fn make(options: &str, origin: &str) -> Option<(SoftKey, String)> {
        let question = asked(options)?;
        let rng = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let secret = EcdsaKeyPair::generate_pkcs8(kind, &rng).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(kind, secret.as_ref(), &rng).ok()?;
        let id = Sha256::digest(pair.public_key().as_ref()).into();
        let handle = question.pointer("/user/id")?.as_str()?.to_string();
        let key = SoftKey {
            id,
            pair,
            handle,
            counter: 1,
            flags: PRESENT_AND_VERIFIED,
        };
        let domain = question.pointer("/rp/id")?.as_str()?;
        let said = client_data("webauthn.create", &question, origin)?;
        let object = key.attestation(domain)?;
        let name = URL_SAFE_NO_PAD.encode(id);
        let answer = json!({
            "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(said),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": ["internal"],
            },
        });
        Some((key, answer.to_string()))
    }

    /// Answers what was asked, as a page of `origin` would. Nothing if the question cannot be read.
    #[must_use]
    pub fn prove(&mut self, options: &str, origin: &str) -> Option<String> {
        let question = asked(options)?;
        self.counter = self.counter.checked_add(1)?;
        let domain = question.get("rpId")?.as_str()?;
        let said = client_data("webauthn.get", &question, origin)?;
        let data = self.data(domain, self.flags);
        let signed = [data.as_slice(), &Sha256::digest(said.as_bytes())].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).ok()?;
        let name = URL_SAFE_NO_PAD.encode(self.id);
        let answer = json!({
            "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(said),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature.as_ref()),
                "userHandle": self.handle,
            },
        });
        Some(answer.to_string())
    }

    /// Domain, flags, counter: what every signature covers.
    fn data(&self, domain: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(domain.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The key in CBOR, with no statement of its maker.
    fn attestation(&self, domain: &str) -> Option<Vec<u8>> {
        let (x, y) = self
            .pair
            .public_key()
            .as_ref()
            .get(1..)?
            .split_at_checked(32)?;
        let mut data = self.data(domain, self.flags | HOLDS_KEY);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(self.id);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(y);
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).ok()?);
        object.extend(data);
        Some(object)
    }
}
