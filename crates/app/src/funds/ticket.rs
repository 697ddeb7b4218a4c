//! Tickets of files that somebody sent with a form which was refused: with it the next try need not send them again.
//!
//! A ticket names a kept file and is good for the person who sent it only, so that nobody can put a file into a
//! report that is not theirs.

use crate::App;
use crate::command::EvidenceRef;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::Actor;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What keeps these tickets apart from everything else that the key guards.
const PURPOSE: &[u8] = b"shanji/kept-file/1\0";
/// Bytes of a signature.
const TAG_BYTES: usize = 16;
/// Bytes of a digest and of a length.
const DIGEST_BYTES: usize = 32;
const LENGTH_BYTES: usize = 8;
/// The longest ticket that is looked at, in bytes.
const TICKET_MAX: usize = 2_000;
/// Stands between type and name.
const BETWEEN: char = '\u{1f}';

impl App {
    /// A ticket for a file that this person sent and that is kept.
    #[must_use]
    pub fn file_ticket(&self, actor: &Actor, file: &EvidenceRef) -> String {
        let mut body = file.sha256.to_vec();
        body.extend(file.length.to_be_bytes());
        body.extend(format!("{}{BETWEEN}{}", file.mime, file.title).bytes());
        let tag: [u8; 32] = self.file_mac(actor, &body).finalize().into_bytes().into();
        let mut ticket = tag[..TAG_BYTES].to_vec();
        ticket.extend(body);
        URL_SAFE_NO_PAD.encode(ticket)
    }

    /// The file of a ticket, if it is ours and this person's.
    #[must_use]
    pub fn file_of_ticket(&self, actor: &Actor, ticket: &str) -> Option<EvidenceRef> {
        if ticket.len() > TICKET_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let (tag, body) = bytes.split_at_checked(TAG_BYTES)?;
        self.file_mac(actor, body).verify_truncated_left(tag).ok()?;
        let (digest, rest) = body.split_at_checked(DIGEST_BYTES)?;
        let (length, words) = rest.split_at_checked(LENGTH_BYTES)?;
        let (mime, title) = std::str::from_utf8(words).ok()?.split_once(BETWEEN)?;
        Some(EvidenceRef {
            sha256: digest.try_into().ok()?,
            length: i64::from_be_bytes(length.try_into().ok()?),
            mime: mime.to_string(),
            title: title.to_string(),
        })
    }

    fn file_mac(&self, actor: &Actor, body: &[u8]) -> Hmac<Sha256> {
        let key = self.secrets().session_key.expose();
        // HMAC fills a key up to the block of its hash with zeros; so it needs no error path.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(PURPOSE);
        mac.update(&actor.user_id().map_or(0, kernel::Id::raw).to_be_bytes());
        mac.update(body);
        mac
    }
}
