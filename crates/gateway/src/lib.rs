//! The doors of the house to other machines and to this machine's clock, entropy and disk.
//!
//! Whatever a computation cannot know by itself comes in here and nowhere else, so that
//! the floors above can be replayed in a test: time is read in [`clock`], chance is drawn
//! in [`entropy`], the house's own secrets are kept by [`keys`], others are [`sealed`] with a passphrase, passwords are hashed in
//! [`password`], files of imports are kept in [`kept`], notices of payment channels are believed or refused in [`payment`],
//! files of evidence are kept in [`evidence`], second steps of a sign-in are checked in [`second_factor`] and [`passkey`], and witnesses of the log are asked in [`witness`].

pub mod clock;
mod disk;
pub mod entropy;
pub mod evidence;
pub mod kept;
pub mod keys;
pub mod passkey;
pub mod password;
pub mod payment;
pub mod sealed;
pub mod second_factor;
#[cfg(feature = "network")]
pub mod witness;

pub use clock::{Clock, ManualClock, Stopwatch, SystemClock};
pub use entropy::{Entropy, EntropyError, SeededEntropy, SystemEntropy};
pub use kept::KeptFiles;
pub use keys::{KeyFileError, Secrets};
