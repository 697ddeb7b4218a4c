//! What is done with what strangers send to the doors of the house: notices of payments, files of evidence, words of a
//! sign-in. Nothing may panic, nothing is believed that no key of ours has signed, and what is kept is kept alike again.

use gateway::SeededEntropy;
use gateway::evidence::picture::{SMALL_SIDE, smaller};
use gateway::evidence::{MediaType, taken};
use gateway::payment::{ChannelKeys, DemoGateway, Merchant, NoticeHeaders, verify};
use gateway::second_factor::{Vault, steps_of};
use kernel::{Secret, Timestamp};
use std::sync::LazyLock;

/// When everything here happens.
const NOW: Timestamp = Timestamp::from_micros(1_795_320_000_000_000);
/// Steps of a code that count: the one before, this one, the next.
const STEPS: usize = 3;

/// A channel with its key, and a house that knows it.
static CHANNEL: LazyLock<Option<(DemoGateway, ChannelKeys)>> = LazyLock::new(|| {
    let merchant = Merchant {
        channel: "demo".into(),
        number: "M1".into(),
    };
    let channel = DemoGateway::ed25519(&Secret::new([7; 32]), &merchant).ok()?;
    let mut keys = ChannelKeys::new();
    keys.add(channel.key().clone()).ok()?;
    Some((channel, keys))
});

/// A notice of a payment: the first four lines are its headers and the rest its body; then the whole as a body that the
/// channel has truly signed.
pub fn notice(bytes: &[u8]) {
    let (channel, keys) = CHANNEL
        .as_ref()
        .unwrap_or_else(|| unreachable!("a good key"));
    let mut parts = bytes.splitn(5, |byte| *byte == b'\n');
    let mut next = || parts.next();
    let own = channel.key().id.as_bytes();
    // An empty line stands for the right key, which is public.
    let headers = NoticeHeaders {
        key_id: next().map(|id| if id.is_empty() { own } else { id }),
        timestamp: next(),
        nonce: next(),
        signature: next(),
    };
    let body = next().unwrap_or_default();
    assert!(
        verify(keys, &headers, body, NOW).is_err(),
        "a forged notice was believed"
    );
    let Ok(signed) = channel.sign_bytes(bytes.to_vec(), NOW, &SeededEntropy::new(1)) else {
        return;
    };
    if let Ok(notice) = verify(keys, &signed.as_headers(), &signed.body, NOW) {
        let again = channel.sign(&notice, NOW, &SeededEntropy::new(2));
        let again = again.unwrap_or_else(|_| unreachable!("what was believed can be signed"));
        assert_eq!(
            verify(keys, &again.as_headers(), &again.body, NOW),
            Ok(notice)
        );
    }
}

/// A file of evidence; the first byte chooses what its sender calls it.
pub fn evidence(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let choice = usize::from(*choice);
    // One more than there are: a sender who says nothing.
    let said = MediaType::ALL.get(choice % (MediaType::ALL.len() + 1));
    let Ok((media, kept)) = taken(bytes, said.map_or("", |said| said.mime())) else {
        return;
    };
    // What is published is what the house would take again, byte for byte.
    let again = taken(&kept, media.mime()).ok();
    assert_eq!(again.as_ref(), Some(&(media, kept.clone())));
    if let Some(small) = smaller(&kept, SMALL_SIDE) {
        assert!(taken(&small, MediaType::Jpeg.mime()).is_ok());
    }
}

/// The words of a second step: a ticket and a code of an authenticator.
pub fn second_step(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let vault = Vault::new(&Secret::new([3; 32]));
    assert_eq!(
        vault.read_ticket(text, NOW),
        None,
        "a forged ticket was believed"
    );
    assert!(vault.open(1, bytes).is_none(), "a forged secret was opened");
    let _ = vault.recovery_hash(1, text);
    assert!(steps_of(&[5; 20], text, NOW).len() <= STEPS);
}
