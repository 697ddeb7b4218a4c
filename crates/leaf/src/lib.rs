//! The public statements, exactly as the log says them.
//!
//! A leaf 〔叶〕 is one public statement: who says it, what kind it is, which movements of
//! money it carries, and salted commitments in place of every private word. Its bytes are
//! canonical JSON, made once by the one encoder here, and hashed, stored and served as they
//! are. The parser accepts canonical bytes only, so that no verifier ever re-encodes.
//!
//! Nothing here touches a disk, a network, a clock or a source of randomness. The tree of
//! hashes and the map of keys are in `tlog`; what stands in them is decided here.

mod certificate;
pub mod check;
mod commit;
mod content;
mod digest;
mod directory;
mod envelope;
mod error;
mod hidden;
pub mod ids;
mod index;
mod index_proof;
mod json;
mod key_history;
mod kind;
pub mod limits;
mod names;
mod own_word;
mod reader;
mod receipt;
mod recovery;
mod scan;
mod sm2_keys;
mod sm3_root;
mod succession;
mod turnover;
mod verifier_pages;
mod view;
mod vocabulary;

pub use certificate::{
    CERTIFICATE_BEGINS, CERTIFICATE_HEADER, CERTIFICATE_TEXT_BYTES, Certificate, CertificateError,
    CertificateKind, SignedCertificate,
};
pub use check::{
    Checker, Finding, FundTotals, OrganisationTotals, PlaceTotals, Report, test_log_words,
};
pub use commit::{Opening, OpeningError, commit, salt};
pub use digest::{digest_parse, digest_text};
pub use directory::{
    DIRECTORY_RULES, directory_digest, directory_stream, directory_text, directory_texts,
    names_in_directory,
};
pub use envelope::{FundSide, Leaf, LeafSwap, LeafTime, Move, register_stream, stream_name};
pub use error::{LeafError, Part};
pub use index::{
    IndexError, IndexStatement, STREAM_INDEX_RULES, StreamIndex, Streams, rules_digest, streams_of,
};
pub use index_proof::{Answered, IndexProof, IndexProofError, Proved, ShownLeaf};
pub use json::{Json, JsonError, JsonFault, has_private_use};
pub use key_history::{KeyHistory, KeyHistoryError, KeyTrustError, TrustedKey, TrustedKeys};
pub use kind::{EVERYWHERE, KINDS, Kind, Need, Rules, Shape};
pub use own_word::OwnWord;
pub use receipt::{ReceiptError, ReceiptExtra};
pub use recovery::{RECOVERY_STREAM, Recovery};
pub use scan::{Personal, scan, scan_words};
pub use sm2_keys::{SM2_STREAM, Sm2History, Sm2Keys};
pub use sm3_root::{SM3_STREAM, Sm3Root};
pub use succession::{BookKey, KEY_STREAM, KeyBook, KeyLeaf, Succession, SuccessionError};
pub use turnover::Turnover;
pub use verifier_pages::{VERIFIER_STREAM, VerifierPages};
pub use vocabulary::{Form, VOCABULARY, Word};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod smuggling_tests;
