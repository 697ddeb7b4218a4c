//! Policy files on the disk of whoever runs a command.

use crate::outcome::Failure;
use std::path::Path;
use tlog::limits::POLICY_BYTES_MAX;

/// The bytes of a policy file.
///
/// # Errors
/// It cannot be read, or is too long to be one.
pub(crate) fn policy_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let unread = |why: String| {
        let sentence = format!("验证政策 {} 读不了：{why}，请检查路径", file.display());
        Failure::unreachable("policy.read", sentence)
    };
    let length = std::fs::metadata(file).map_err(|error| unread(error.to_string()))?;
    if length.len() > POLICY_BYTES_MAX as u64 {
        return Err(unread("文件过大".into()));
    }
    std::fs::read(file).map_err(|error| unread(error.to_string()))
}
