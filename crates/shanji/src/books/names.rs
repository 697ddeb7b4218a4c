//! Keys as they are printed in leaves, each enciphered once.

use kernel::{Id, IdCipher, IdKind};
use leaf::ids;
use std::collections::BTreeMap;

/// Prints keys; funds and places come again and again and are remembered.
pub(crate) struct Names {
    cipher: IdCipher,
    funds: BTreeMap<i64, String>,
    places: BTreeMap<i64, String>,
}

impl Names {
    pub(crate) fn new(cipher: IdCipher) -> Names {
        Names {
            cipher,
            funds: BTreeMap::new(),
            places: BTreeMap::new(),
        }
    }

    pub(crate) fn print<K: IdKind>(&self, raw: i64) -> String {
        self.cipher.print(Id::<K>::from_raw(raw))
    }

    /// The key of a printed id.
    pub(crate) fn read<K: IdKind>(&self, printed: &str) -> Option<i64> {
        self.cipher.read::<K>(printed).ok().map(|id| id.raw())
    }

    pub(crate) fn fund(&mut self, raw: i64) -> &str {
        let cipher = &self.cipher;
        self.funds
            .entry(raw)
            .or_insert_with(|| cipher.print(Id::<ids::Fund>::from_raw(raw)))
    }

    pub(crate) fn place(&mut self, raw: i64) -> &str {
        let cipher = &self.cipher;
        self.places
            .entry(raw)
            .or_insert_with(|| cipher.print(Id::<ids::Place>::from_raw(raw)))
    }
}
