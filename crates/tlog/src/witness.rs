//! The protocol between a log and its witnesses (c2sp.org/tlog-witness), as far as it is pure:
//! what is sent, how a witness decides, and how a log reads the answer.

mod decide;
mod reply;
mod request;

pub use decide::{Accepted, KnownLog, Latest, Refusal, decide};
pub use reply::{Asked, Reply, ReplyError, read_reply};
pub use request::{AddCheckpoint, RequestError};

use sha2::{Digest, Sha256};

/// The media type of the size that a witness answers with when the old size was wrong.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// Where below its address a witness takes checkpoints.
pub const ADD_CHECKPOINT_PATH: &str = "add-checkpoint";

/// SHA-256 of a log's origin in lower-case hexadecimal: a folder name that any origin can have.
#[must_use]
pub fn origin_hash(origin: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(origin.as_bytes()).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where below its address a witness shows the latest checkpoint of a log that it has signed.
#[must_use]
pub fn checkpoint_path(origin: &str) -> String {
    format!("{}/checkpoint", origin_hash(origin))
}

#[cfg(test)]
mod tests;
