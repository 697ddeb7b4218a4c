//! Transparency 见证: leaves, tiles and checkpoints of the public log.

mod cosignature;
mod entry;
mod growth;
mod guard;
mod kept;
mod keys;
mod log;
mod recover;
mod recover_entries;
mod sequencer;
mod sm3;
mod spool;
mod standing;
mod tile_cache;
mod verifier;
mod witness;

pub(crate) use cosignature::cosign_write;
pub use cosignature::{CosignatureRecord, cosignatures_of, cosigned_newest, cosigned_sizes};
pub(crate) use entry::entries_write;
pub(crate) use growth::MEMBER_BYTES;
pub use guard::{Guard, Guarded, Mark};
pub use kept::{Kept, checkpoint_compare, guard_renew};
pub use keys::{
    LogKeys, SharedLogKeys, checkpoint_covering, key_book, key_leaves, sm2_leaves, sm2_stated,
};
pub use log::{
    CheckpointRecord, LeafRecord, OpeningRecord, checkpoint_at, checkpoint_newest,
    checkpoints_before, checkpoints_behind, checkpoints_counted, consistency, inclusion, leaf_at,
    leaf_count, leaves_at, leaves_behind, leaves_newest, log_tile, openings_at, openings_of,
};
pub use recover::{RecoverError, Recovered, Refill, Seen, recover, recover_may};
pub use sequencer::{Pending, SealError, Sealed, Sequencer, found, is_test_log};
pub use sm3::{Sm3Stated, sm3_grow, sm3_kept, sm3_stated};
pub use spool::{LeafSpool, SpoolLeaves};
pub use standing::{
    IndexFound, IndexQuestion, SharedStanding, Standing, StreamEnd, index_proof, stream_end,
};
pub use tile_cache::TileCache;
pub use verifier::verifier_stated;
pub use witness::{WITNESS_MIGRATIONS, WitnessedRecord, witness_step, witnessed};
