//! Every parser: nothing makes it panic, what it reads prints as it was written, and what is
//! printed is read back.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::collection::vec;
use proptest::prelude::*;
use tlog::limits::{SIZE_MAX, TILE_INDEX_MAX};
use tlog::{
    Checkpoint, Hash, NoteSignature, ProofFile, SignedNote, Signer, Tile, TileKind, TilePath,
    VerifierKey, decode_bundle, encode_bundle,
};

/// What is read prints as it was written.
fn prints_as_read<T: FromStr + Display>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert_eq!(value.to_string(), text);
    }
}

/// All parsers of text at one text.
fn feed_all(text: &str) {
    prints_as_read::<Hash>(text);
    prints_as_read::<TilePath>(text);
    prints_as_read::<Checkpoint>(text);
    prints_as_read::<VerifierKey>(text);
    prints_as_read::<ProofFile>(text);
    if let Ok(note) = SignedNote::parse(text) {
        assert_eq!(note.to_string(), text);
    }
    if let Ok(line) = NoteSignature::parse(text) {
        assert_eq!(line.to_string(), text);
    }
}

fn reads_back<T: FromStr<Err: Debug> + Display + PartialEq + Debug>(value: &T) {
    assert_eq!(&value.to_string().parse::<T>().unwrap(), value);
}

fn names() -> impl Strategy<Value = String> {
    "[a-z0-9./善迹_-]{1,40}"
}

fn hashes() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn signers() -> impl Strategy<Value = Signer> {
    (names(), any::<[u8; 32]>()).prop_map(|(name, seed)| Signer::from_seed(&name, &seed).unwrap())
}

fn lines() -> impl Strategy<Value = NoteSignature> {
    (names(), any::<[u8; 4]>(), vec(any::<u8>(), 1..90))
        .prop_map(|(name, id, bytes)| NoteSignature::new(&name, id, &bytes).unwrap())
}

fn checkpoints() -> impl Strategy<Value = (Checkpoint, Signer)> {
    (signers(), 0..=SIZE_MAX, hashes()).prop_map(|(signer, size, root)| {
        (
            Checkpoint::new(signer.verifier().name(), size, root).unwrap(),
            signer,
        )
    })
}

fn signed_checkpoints() -> impl Strategy<Value = SignedNote> {
    (checkpoints(), vec(lines(), 0..4)).prop_map(|((checkpoint, signer), more)| {
        checkpoint
            .sign(&[&signer])
            .unwrap()
            .with_signatures(more)
            .unwrap()
    })
}

fn proof_files() -> impl Strategy<Value = ProofFile> {
    let parts = (
        0..=SIZE_MAX,
        vec(hashes(), 0..64),
        signed_checkpoints(),
        vec(any::<u8>(), 0..80),
    );
    parts.prop_map(|(index, proof, checkpoint, extra)| {
        ProofFile::new(index, proof, checkpoint)
            .unwrap()
            .with_extra(extra)
            .unwrap()
    })
}

fn tile_paths() -> impl Strategy<Value = TilePath> {
    let kinds = prop_oneof![
        (0u8..64).prop_map(TileKind::Hashes),
        Just(TileKind::Entries)
    ];
    let indexes = prop_oneof![0u64..2_000_000, 0..=TILE_INDEX_MAX];
    (kinds, indexes, 1u16..=256)
        .prop_map(|(kind, index, width)| TilePath::new(kind, index, width).unwrap())
}

/// A good text of some kind.
fn good_texts() -> impl Strategy<Value = String> {
    prop_oneof![
        hashes().prop_map(|hash| hash.to_string()),
        tile_paths().prop_map(|path| path.to_string()),
        checkpoints().prop_map(|(checkpoint, _)| checkpoint.to_string()),
        signers().prop_map(|signer| signer.verifier().to_string()),
        signed_checkpoints().prop_map(|note| note.to_string()),
        proof_files().prop_map(|file| file.to_string()),
        lines().prop_map(|line| line.to_string()),
    ]
}

/// A small change to the characters of a text.
#[derive(Debug, Clone)]
enum Edit {
    Remove(usize),
    Double(usize),
    Put(usize, char),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let marks = prop::sample::select(
        "\n\r\t +-=/.0129axAE—　\u{0}\u{85}é"
            .chars()
            .collect::<Vec<_>>(),
    );
    let edit = prop_oneof![
        any::<usize>().prop_map(Edit::Remove),
        any::<usize>().prop_map(Edit::Double),
        (any::<usize>(), marks).prop_map(|(place, mark)| Edit::Put(place, mark)),
    ];
    vec(edit, 1..4)
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let count = chars.len().max(1);
        match *edit {
            Edit::Remove(place) if !chars.is_empty() => {
                chars.remove(place % count);
            }
            Edit::Double(place) if !chars.is_empty() => {
                chars.insert(place % count, chars[place % count]);
            }
            Edit::Put(place, mark) => chars.insert(place % count, mark),
            Edit::Remove(_) | Edit::Double(_) => {}
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(
        hash in hashes(),
        path in tile_paths(),
        (checkpoint, signer) in checkpoints(),
        file in proof_files(),
        line in lines(),
    ) {
        reads_back(&hash);
        reads_back(&path);
        reads_back(&checkpoint);
        reads_back(signer.verifier());
        reads_back(&file);
        prop_assert_eq!(&NoteSignature::parse(&line.to_string()).unwrap(), &line);
        prop_assert_eq!(&SignedNote::parse(file.checkpoint().to_string()).unwrap(), file.checkpoint());
    }

    #[test]
    fn strange_texts_do_not_panic(text in any::<String>(), bytes in vec(any::<u8>(), 0..300)) {
        feed_all(&text);
        let _ = SignedNote::parse(&bytes);
        feed_all(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn almost_good_texts_are_read_only_if_they_print_alike(text in good_texts(), edits in edits()) {
        feed_all(&text);
        feed_all(&apply(&text, &edits));
    }

    #[test]
    fn bundles_are_read_back_and_nothing_else_is(
        entries in vec(vec(any::<u8>(), 0..20), 1..=256),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode_bundle(&entries).unwrap();
        let width = entries.len() as u16;
        prop_assert_eq!(decode_bundle(&bytes, width).unwrap(), entries);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(read) = decode_bundle(&bytes, width) {
            prop_assert_eq!(encode_bundle(&read).unwrap(), bytes);
        }
    }

    #[test]
    fn strange_bundles_and_tiles_do_not_panic(
        bytes in vec(any::<u8>(), 0..400),
        width in any::<u16>(),
        path in tile_paths(),
    ) {
        if let Ok(read) = decode_bundle(&bytes, width) {
            prop_assert_eq!(encode_bundle(&read).unwrap(), bytes.clone());
        }
        if let Ok(tile) = Tile::from_bytes(path, &bytes) {
            prop_assert_eq!(tile.to_bytes(), bytes);
        }
    }
}
