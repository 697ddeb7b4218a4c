//! Tiles that proofs are made from, with the hashes between, kept in memory.
//!
//! The edge of the log and its upper levels stand in nearly every proof; reading and hashing them again for each one took
//! most of its time. A tile of a given width never changes, so nothing here can grow stale.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tlog::{TilePath, TileTree};

/// Trees of one generation; one takes about 16 kB, and there are two generations.
const GENERATION_MAX: usize = 512;

/// 〔瓦片缓存〕 The tiles that were asked for lately.
#[derive(Default)]
pub struct TileCache(Mutex<Generations>);

/// What was asked for since the last change, and what was before it.
#[derive(Default)]
struct Generations {
    young: HashMap<TilePath, Arc<TileTree>>,
    old: HashMap<TilePath, Arc<TileTree>>,
}

impl std::fmt::Debug for TileCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TileCache")
    }
}

impl TileCache {
    pub(crate) fn get(&self, path: TilePath) -> Option<Arc<TileTree>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = held.young.get(&path) {
            return Some(Arc::clone(tree));
        }
        let tree = held.old.remove(&path)?;
        held.put(path, &tree);
        Some(tree)
    }

    pub(crate) fn put(&self, path: TilePath, tree: &Arc<TileTree>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.put(path, tree);
    }
}

impl Generations {
    fn put(&mut self, path: TilePath, tree: &Arc<TileTree>) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(path, Arc::clone(tree));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{Hash, Tile, TileKind};

    fn path(index: u64) -> TilePath {
        TilePath::new(TileKind::Hashes(0), index, 1).unwrap()
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_makes_room() {
        let cache = TileCache::default();
        let tree = |index| {
            let tile = Tile::new(path(index), vec![Hash::EMPTY_ROOT]).unwrap();
            Arc::new(TileTree::new(&tile))
        };
        for index in 0..10 * GENERATION_MAX as u64 {
            cache.put(path(index), &tree(index));
            assert_eq!(cache.get(path(0)).unwrap().index(), 0);
        }
        assert!(cache.get(path(1)).is_none());
        let held = cache.0.lock().unwrap();
        assert!(held.young.len() + held.old.len() <= 2 * GENERATION_MAX);
    }
}
