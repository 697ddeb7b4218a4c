//! 〔商密公钥〕 With which SM2 keys the log signs beside Ed25519, as its own leaves say it (records 0034 and 0044).

use crate::json::Json;
use crate::key_history::{self, KeyHistoryError, TrustedKeys};
use crate::kind::Kind;
use crate::own_word::OwnWord;
use crate::receipt::ReceiptExtra;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use tlog::{ProofFile, Sm2Key, Sm2Use, leaf_hash};

/// The stream of these statements, so that "these are all" can be proved.
pub const SM2_STREAM: &str = "log/sm2";
/// For people who open the file.
const HEAD: &str =
    "# 日志的 SM2 公钥，从旧到新。“#:”开头的行是证明：程序凭日志的 Ed25519 公钥核对它们。";

/// 〔商密公钥〕 The SM2 keys that sign trees which hold the statement, up to the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sm2Keys {
    /// The key; none if the log does not sign with SM2 any more.
    pub key: Option<Sm2Key>,
    /// The one before it, while both sign.
    pub old: Option<Sm2Key>,
}

impl Sm2Keys {
    /// The keys, the older one first.
    pub fn keys(&self) -> impl Iterator<Item = &Sm2Key> {
        self.old.iter().chain(&self.key)
    }

    /// Whether both are keys of the log `origin`, and the older one stands beside another.
    #[must_use]
    pub fn are_of(&self, origin: &str) -> bool {
        let is_sound = self.old.is_none() || (self.key.is_some() && self.key != self.old);
        let mut keys = self.keys();
        is_sound && keys.all(|key| key.name() == origin && key.purpose() == Sm2Use::Log)
    }
}

impl OwnWord for Sm2Keys {
    const KIND: Kind = Kind::Sm2Keys;
    const STREAM: &'static str = SM2_STREAM;

    fn read(data: &BTreeMap<String, Json>) -> Option<Sm2Keys> {
        let key = |word: &str| match data.get(word) {
            Some(json) => json.text()?.parse().ok().map(Some),
            None => Some(None),
        };
        Some(Sm2Keys {
            key: key("key")?,
            old: key("old")?,
        })
    }

    fn data(&self) -> Vec<(&'static str, Json)> {
        let words = [("key", &self.key), ("old", &self.old)].into_iter();
        words
            .filter_map(|(word, key)| Some((word, key.as_ref()?.to_string().into())))
            .collect()
    }
}

/// 〔商密公钥史〕 A file of SM2 keys, the oldest first, with proofs of the leaves that name them. Nothing in it is believed
/// without an Ed25519 key of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sm2History {
    /// The keys, oldest first.
    pub keys: Vec<Sm2Key>,
    /// Proofs of the leaves that name them.
    pub proofs: Vec<ProofFile>,
}

impl Sm2History {
    /// The keys that signed a tree of this size, as the newest statement in it says. A file without proofs is somebody's
    /// own list: all of its keys.
    ///
    /// # Errors
    /// `KeyHistoryError`: a proof does not hold, or a key stands in the file that no leaf names.
    pub fn for_size(
        &self,
        trusted: &TrustedKeys,
        size: u64,
    ) -> Result<Vec<Sm2Key>, KeyHistoryError> {
        if self.proofs.is_empty() {
            return Ok(self.keys.clone());
        }
        let said: Result<Vec<_>, _> = self.proofs.iter().map(|one| held(one, trusted)).collect();
        let mut said = said?;
        said.sort_by_key(|one| one.0);
        let named = |key: &Sm2Key| {
            said.iter()
                .any(|one| one.1.keys().any(|known| known == key))
        };
        if !self.keys.iter().all(named) {
            return Err(KeyHistoryError::Broken);
        }
        let newest = said.into_iter().rfind(|one| one.0 < size);
        Ok(newest.map_or_else(Vec::new, |one| one.1.keys().cloned().collect()))
    }
}

/// The statement of a proof that holds, and its index.
fn held(file: &ProofFile, trusted: &TrustedKeys) -> Result<(u64, Sm2Keys), KeyHistoryError> {
    let broken = KeyHistoryError::Broken;
    let extra = file
        .extra()
        .and_then(|extra| ReceiptExtra::parse(extra).ok());
    let leaf = extra.ok_or(broken)?.leaf;
    let able = trusted.for_note(file.checkpoint());
    let holds = file.verify(&leaf_hash(&leaf), trusted.origin(), &able);
    holds.map_err(|_| broken)?;
    let said = Sm2Keys::parse(&leaf).filter(|said| said.are_of(trusted.origin()));
    Ok((file.index(), said.ok_or(broken)?))
}

impl fmt::Display for Sm2History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        key_history::print(f, (&self.keys, &self.proofs))
    }
}

impl FromStr for Sm2History {
    type Err = KeyHistoryError;

    fn from_str(text: &str) -> Result<Sm2History, KeyHistoryError> {
        let (keys, proofs) = key_history::read_file(text)?;
        Ok(Sm2History { keys, proofs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::LeafTime;
    use kernel::Timestamp;
    use tlog::{Checkpoint, Signer, Sm2Signer};

    const ORIGIN: &str = "log.example/a";

    fn sm2(seed: u8) -> Sm2Key {
        let signer = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &[seed; 32]).unwrap();
        signer.verifier().clone()
    }

    fn leaf(said: &Sm2Keys, sequence: i64) -> Vec<u8> {
        let time = LeafTime::second(Timestamp::from_micros(1_790_000_000_000_000));
        let leaf = said.leaf(format!("smk_{sequence:014}"), time, sequence);
        assert_eq!(leaf.check_content(), Ok(()));
        leaf.encode().unwrap()
    }

    /// A proof of the only leaf of a log.
    fn proof(leaf: &[u8], seed: u8) -> ProofFile {
        let signer = Signer::from_seed(ORIGIN, &[seed; 32]).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, 1, leaf_hash(leaf)).unwrap();
        let note = checkpoint.sign(&[&signer]).unwrap();
        let extra = ReceiptExtra::new(leaf.to_vec(), []).encode().unwrap();
        let file = ProofFile::new(0, Vec::new(), note).unwrap();
        file.with_extra(extra).unwrap()
    }

    #[test]
    fn what_is_stated_is_read_again() {
        let [one, two] = [sm2(1), sm2(2)].map(Some);
        for (key, old) in [(None, None), (one.clone(), None), (two, one)] {
            let said = Sm2Keys { key, old };
            let bytes = leaf(&said, 1);
            assert_eq!(Sm2Keys::parse(&bytes), Some(said.clone()));
            assert_eq!(crate::streams_of(&bytes), [SM2_STREAM]);
            assert!(said.are_of(ORIGIN) || said.key.is_none());
        }
        assert_eq!(Sm2Keys::parse(b"{}"), None);
    }

    #[test]
    fn keys_are_the_logs_own_and_two_are_not_the_same() {
        let check = |key: Option<u8>, old: Option<u8>, good: bool| {
            let said = Sm2Keys {
                key: key.map(sm2),
                old: old.map(sm2),
            };
            assert_eq!(said.are_of(ORIGIN), good, "{said:?}");
            assert!(said.keys().next().is_none() || !said.are_of("log.example/b"));
        };
        check(None, None, true);
        check(Some(1), None, true);
        check(Some(2), Some(1), true);
        check(Some(1), Some(1), false);
        check(None, Some(1), false);
        let witness = Sm2Signer::from_secret(ORIGIN, Sm2Use::Cosignature, &[1; 32]).unwrap();
        let said = Sm2Keys {
            key: Some(witness.verifier().clone()),
            old: None,
        };
        assert!(!said.are_of(ORIGIN), "a witness's key signs no tree");
    }

    #[test]
    fn a_history_is_believed_by_the_keys_of_the_log_only() {
        let said = Sm2Keys {
            key: Some(sm2(2)),
            old: Some(sm2(1)),
        };
        let history = Sm2History {
            keys: vec![sm2(1), sm2(2)],
            proofs: vec![proof(&leaf(&said, 1), 7)],
        };
        let read: Sm2History = history.to_string().parse().unwrap();
        assert_eq!(read, history);
        let trusted = |seed: u8| {
            let signer = Signer::from_seed(ORIGIN, &[seed; 32]).unwrap();
            TrustedKeys::new(ORIGIN, [signer.verifier().clone()])
        };
        assert_eq!(history.for_size(&trusted(7), 5), Ok(vec![sm2(1), sm2(2)]));
        assert_eq!(history.for_size(&trusted(7), 0), Ok(Vec::new()));
        let broken = Err(KeyHistoryError::Broken);
        assert_eq!(history.for_size(&trusted(8), 5), broken);
        let more = Sm2History {
            keys: vec![sm2(1), sm2(2), sm2(3)],
            ..history
        };
        assert_eq!(more.for_size(&trusted(7), 5), broken);
        // A list without proofs is whoever's it is.
        let own: Sm2History = format!("{}\n", sm2(3)).parse().unwrap();
        assert_eq!(own.for_size(&trusted(8), 5), Ok(vec![sm2(3)]));
        assert!("x".parse::<Sm2History>().is_err());
    }
}
