//! Waiting between two questions to the same site.

use std::sync::mpsc;
use std::time::Duration;

/// Waits for `time`. A command that watches or asks again has nothing else to do meanwhile; tests hand in
/// another way to wait.
pub(crate) fn wait(time: Duration) {
    let (_kept, silence) = mpsc::channel::<()>();
    let _ = silence.recv_timeout(time);
}
