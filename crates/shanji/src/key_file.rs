//! Signing keys in files: one line `PRIVATE+KEY+name+id+base64`, as other log tools write them.

use crate::outcome::Failure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Secret;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tlog::{Cosigner, Signer};

/// How the line begins.
const HEAD: &str = "PRIVATE+KEY+";
/// Longest key file in bytes: a line, or the same encrypted.
const FILE_BYTES: u64 = 8_192;
/// Ed25519, as key lines number it.
const ED25519: u8 = 1;

/// 〔签名密钥〕 A name and a seed.
#[derive(Debug)]
pub(crate) struct SigningKey {
    name: String,
    seed: Secret<[u8; 32]>,
}

impl SigningKey {
    /// A key of this name.
    ///
    /// # Errors
    /// The name is not allowed.
    pub(crate) fn new(name: &str, seed: [u8; 32]) -> Result<SigningKey, Failure> {
        let seed = Secret::new(seed);
        signer(name, &seed)?;
        Ok(SigningKey {
            name: name.to_owned(),
            seed,
        })
    }

    /// The line that a file holds.
    pub(crate) fn line(&self) -> Result<Secret<String>, Failure> {
        let id = u32::from_be_bytes(signer(&self.name, &self.seed)?.verifier().id());
        let mut material = vec![ED25519];
        material.extend_from_slice(self.seed.expose());
        let line = format!("{HEAD}{}+{id:08x}+{}", self.name, STANDARD.encode(material));
        Ok(Secret::new(line))
    }

    fn parse(text: &str) -> Option<SigningKey> {
        let rest = text.trim().strip_prefix(HEAD)?;
        let mut parts = rest.splitn(3, '+');
        let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
        let material = STANDARD.decode(key).ok()?;
        let (number, seed) = material.split_first()?;
        let key = SigningKey::new(name, seed.try_into().ok()?).ok()?;
        let own = u32::from_be_bytes(signer(name, &key.seed).ok()?.verifier().id());
        (*number == ED25519 && format!("{own:08x}") == id).then_some(key)
    }

    /// The key as a witness or a mirror signs with it.
    pub(crate) fn cosigner(&self) -> Result<Cosigner, Failure> {
        Cosigner::from_seed(&self.name, self.seed.expose())
            .map_err(|error| Failure::usage(error.code(), error.to_string()))
    }
}

fn signer(name: &str, seed: &Secret<[u8; 32]>) -> Result<Signer, Failure> {
    Signer::from_seed(name, seed.expose())
        .map_err(|error| Failure::usage(error.code(), error.to_string()))
}

/// Reads a key that cosigns checkpoints.
pub(crate) fn cosigner(path: &Path) -> Result<Cosigner, Failure> {
    read(path)?.cosigner()
}

/// Reads a key file. A file that others may read is refused.
///
/// # Errors
/// It cannot be read, others may read it, or it is no key.
pub(crate) fn read(path: &Path) -> Result<SigningKey, Failure> {
    let failed = |code: &str, why: String| {
        Failure::unreachable(code, format!("密钥文件 {} {why}", path.display()))
    };
    let unread = |_| failed("key.read", "读不到，请检查路径和权限".to_owned());
    let mode = fs::metadata(path).map_err(unread)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let why =
            format!("的权限是{mode:03o}，其他用户可能读到；请执行 chmod 600，并考虑是否已泄露");
        return Err(failed("key.exposed", why));
    }
    let mut text = String::new();
    let file = File::open(path).map_err(unread)?;
    file.take(FILE_BYTES)
        .read_to_string(&mut text)
        .map_err(unread)?;
    let text = Secret::new(text);
    SigningKey::parse(text.expose()).ok_or_else(|| {
        failed(
            "key.malformed",
            "不是密钥文件或已损坏，请从备份恢复，或用 shanji keygen 新建".to_owned(),
        )
    })
}
