//! Signing keys in files: one line `PRIVATE+KEY+name+id+base64`, as other log tools write them.

use crate::outcome::Failure;
use kernel::Secret;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tlog::{Cosigner, PrivateKey};

/// Longest key file in bytes: a line, or the same encrypted.
const FILE_BYTES: u64 = 8_192;

/// Reads a key that cosigns checkpoints.
pub(crate) fn cosigner(path: &Path) -> Result<Cosigner, Failure> {
    read(path)?
        .cosigner()
        .map_err(|error| Failure::usage(error.code(), error.to_string()))
}

/// Reads a key file. A file that others may read is refused.
///
/// # Errors
/// It cannot be read, others may read it, or it is no key.
pub(crate) fn read(path: &Path) -> Result<PrivateKey, Failure> {
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
    text.expose().trim().parse().map_err(|_| {
        failed(
            "key.malformed",
            "不是密钥文件或已损坏，请从备份恢复，或用 shanji keygen 新建".to_owned(),
        )
    })
}
