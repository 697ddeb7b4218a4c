//! 〔透明日志〕 The transparency log: hashes, proofs, tiles, notes, checkpoints and proof files.
//!
//! Pure: no files, no network, no clock, no randomness. Whoever wants to read or to check a log
//! of 善迹, or any log that follows RFC 6962 and the C2SP tile format, can use this crate alone.
//!
//! The way through the house: [`leaf_hash`] turns an entry into a leaf; an [`Edge`] takes leaves
//! and gives the root and full tiles; [`TileSet`] and [`inclusion_proof`] answer questions from
//! tiles; [`verify_inclusion`] and [`verify_consistency`] believe nobody; a [`Checkpoint`] in a
//! [`SignedNote`] is the log's word; a [`ProofFile`] carries all of it to someone offline;
//! [`Replay`] recomputes a log from its entries; a [`Cosigner`] is a witness's key, [`witness`]
//! its protocol, and [`policy`] says whose word is enough; a [`map`] proves what is the latest,
//! and that nothing is left out.
//!
//! Sources: RFC 6962 2.1, RFC 9162 2.1, and c2sp.org: tlog-tiles, signed-note, tlog-checkpoint,
//! tlog-proof, tlog-cosignature, tlog-witness, tlog-policy.

#![deny(clippy::indexing_slicing)]

mod bundle;
mod checkpoint;
mod cosignature;
mod decimal;
mod edge;
mod hash;
mod key;
mod lanes;
pub mod limits;
pub mod map;
mod note;
mod path;
mod peaks;
pub mod policy;
mod private_key;
mod proof;
mod proof_file;
mod reader;
mod replay;
mod shangmi;
mod signature;
mod tile;
mod tile_tree;
pub mod witness;

pub use bundle::{BundleError, decode_bundle, encode_bundle};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::{Cosigned, Cosigner, CosignerKey, TimeWindow, Timeliness, cosigned};
pub use edge::{Edge, EdgeError, LeafTile};
pub use hash::{Hash, ParseHashError, leaf_hash, leaf_hashes, node_hash};
pub use key::{Algorithm, KeyError, Signer, VerifierKey};
pub use note::{NoteError, SignedNote};
pub use path::{TileKind, TilePath, bundles_between, bundles_of, tiles_between, tiles_of};
pub use peaks::Peaks;
pub use private_key::PrivateKey;
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, inclusion_proof_len, verify_consistency,
    verify_inclusion,
};
pub use proof_file::{ProofFile, ProofFileError};
pub use reader::{
    HashReader, Node, ReadError, TileSet, consistency_nodes, consistency_tiles, inclusion_nodes,
    inclusion_tiles,
};
pub use replay::{Replay, ReplayError, Replayed};
pub use shangmi::{Sm2Key, Sm2Signer, Sm2Use, Sm3Tree, sm3_leaf_hash};
pub use signature::NoteSignature;
pub use tile::{Tile, TileError};
pub use tile_tree::TileTree;
