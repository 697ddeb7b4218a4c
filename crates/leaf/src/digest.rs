//! Digests and salts as text: base64url without padding, 43 characters for 32 bytes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Characters of a digest.
pub(crate) const DIGEST_CHARS: usize = 43;

/// 〔摘要〕 32 bytes as base64url without padding, the one spelling in leaves.
#[must_use]
pub fn digest_text(digest: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(digest)
}

/// Reads [`digest_text`]; `None` for every other spelling.
#[must_use]
pub fn digest_parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != DIGEST_CHARS {
        return None;
    }
    let mut digest = [0; 32];
    // The engine refuses padding and left-over bits, so that each digest has one spelling.
    let length = URL_SAFE_NO_PAD
        .decode_slice_unchecked(text, &mut digest)
        .ok()?;
    (length == digest.len()).then_some(digest)
}

/// Characters of a signature.
const SIGNATURE_CHARS: usize = 86;

/// Reads a signature of 64 bytes; `None` for every other spelling than that of [`bytes_text`].
pub(crate) fn signature_parse(text: &str) -> Option<[u8; 64]> {
    let bytes = (text.len() == SIGNATURE_CHARS).then(|| bytes_parse(text))??;
    bytes.try_into().ok()
}

/// Any bytes in the same alphabet.
pub(crate) fn bytes_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads [`bytes_text`].
pub(crate) fn bytes_parse(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digest_has_one_spelling() {
        let text = digest_text(&[255; 32]);
        assert_eq!(digest_parse(&text), Some([255; 32]));
        assert_eq!(digest_parse(&format!("{text}=")), None);
        // the last character carries four bits only: the other spellings are refused
        assert_eq!(&text[42..], "8");
        for last in ["9", "-", "_"] {
            assert_eq!(digest_parse(&format!("{}{last}", &text[..42])), None);
        }
    }
}
