//! What an operator sets.

use crate::transparency::WitnessPolicy;
use gateway::passkey::{NoPasskeys, Site};
use gateway::{Clock, Entropy, SystemClock, SystemEntropy};
use kernel::Secret;
use std::path::PathBuf;
use std::sync::Arc;

/// 〔配置〕 Where the house lives and what it calls itself.
#[derive(Clone)]
pub struct Config {
    /// Folder of keys and evidence.
    pub data: PathBuf,
    /// `sqlite:/path/shanji.db` or `postgres://…`.
    pub database: String,
    /// Origin of the log: scheme-less URL prefix without trailing slash.
    pub origin: String,
    /// Public address of the pages with scheme, to which passkeys belong; without it the host of the log's origin, and
    /// this machine for a demonstration.
    pub address: Option<String>,
    /// The clock; tests move theirs.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from; seeds and tests bring their own.
    pub entropy: Arc<dyn Entropy>,
    /// Milliseconds between checkpoints while there is something to sign.
    pub tick_millis: u64,
    /// File that remembers the last signed checkpoint; best on another disk, and never part of the same backup.
    pub guard: PathBuf,
    /// Opens the demo payment gateway; never in a house that takes real money.
    pub demo: bool,
    /// Whoever decides or pays must have a second factor. A demonstration never asks for one.
    pub second_factor: bool,
    /// Founds a log that takes any bytes and states nothing; only an empty log can become one, and it stays one.
    pub test_log: bool,
    /// Which witnesses are asked, and when a receipt is final; without it the operator alone vouches.
    pub witnesses: Option<Arc<WitnessPolicy>>,
    /// Opens the key files if they are sealed; keys that are made now are sealed with it.
    pub passphrase: Option<Secret<String>>,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The database URL may hold a password.
        f.debug_struct("Config")
            .field("data", &self.data)
            .field("origin", &self.origin)
            .finish()
    }
}

/// Name of the SQLite file in the data folder.
pub const DATABASE_FILE: &str = "shanji.db";
/// Name of the guard file in the data folder, if the operator names no other place.
pub const GUARD_FILE: &str = "log.guard";
/// A checkpoint follows a commit within one second: half of it is the tick.
pub const TICK_MILLIS: u64 = 500;

impl Config {
    /// A house on SQLite in a folder, with the machine's own clock and entropy.
    pub fn local(data: impl Into<PathBuf>) -> Config {
        let data = data.into();
        let database = format!("sqlite:{}", data.join(DATABASE_FILE).display());
        Config {
            guard: data.join(GUARD_FILE),
            data,
            database,
            origin: "localhost/log".into(),
            address: None,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            tick_millis: TICK_MILLIS,
            demo: false,
            second_factor: true,
            test_log: false,
            witnesses: None,
            passphrase: None,
        }
    }

    /// The public address of the house, to which passkeys belong.
    ///
    /// # Errors
    /// Why there are none.
    pub fn site(&self) -> Result<Site, NoPasskeys> {
        if let Some(address) = &self.address {
            return Site::parse(address);
        }
        // A demonstration stands on the machine of who looks at it, whatever name its log bears in the story.
        if self.demo {
            return Site::parse("http://localhost");
        }
        let host = self.origin.split('/').next().unwrap_or_default();
        let scheme = match host.split(':').next() {
            Some("localhost") => "http",
            _ => "https",
        };
        Site::parse(&format!("{scheme}://{host}"))
    }
}
