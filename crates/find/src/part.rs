//! 〔分块〕 A part of the index: entries that never change, in the order in which they rank.

use crate::docs::Bits;
use crate::entry::Folded;
use crate::limits::ALPHABET_MAX;
use crate::postings::Postings;
use crate::sound::Sounds;

/// Stands between names: no character has this symbol.
pub(crate) const EDGE: u16 = 0;
/// A character that no name of this part has.
pub(crate) const STRANGE: u16 = u16::MAX;

/// Entries laid out for searching.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// The characters of all names in order; the symbol of each is its place plus one.
    alphabet: Vec<char>,
    /// Readings of each character of the alphabet.
    sounds: Vec<Sounds>,
    /// The class of each symbol: characters that begin with the same letters share one. Class 0 is the edge.
    classes: Vec<u16>,
    /// The letters of each class.
    class_initials: Vec<u64>,
    /// Names as symbols, an edge before, between and behind them.
    arena: Vec<u16>,
    /// Where each entry begins, at its edge; one more than entries.
    starts: Vec<u32>,
    ids: Vec<i64>,
    weights: Vec<u8>,
    lengths: Vec<u8>,
    /// Places by id.
    by_id: Vec<u32>,
    /// Entries by two neighbouring symbols.
    pub(crate) pairs: Postings,
    /// Entries by the classes of two neighbouring symbols.
    pub(crate) class_pairs: Postings,
}

/// What orders equally good hits.
pub(crate) type Rank = (u8, u8, i64);

impl Part {
    /// Lays entries out; each id stands at most once among them.
    pub(crate) fn build(mut entries: Vec<Folded>) -> Part {
        entries.sort_by_cached_key(|entry| (entry.weight, entry.length(), entry.id));
        let mut part = Part {
            alphabet: alphabet(&entries),
            ..Part::default()
        };
        part.hear();
        part.starts.reserve_exact(entries.len() + 1);
        for entry in &entries {
            part.lay(entry);
        }
        drop(entries);
        part.starts.push(part.end());
        part.arena.push(EDGE);
        part.arena.shrink_to_fit();
        let count = u32::try_from(part.ids.len()).unwrap_or(u32::MAX);
        let mut by_id: Vec<u32> = (0..count).collect();
        by_id.sort_unstable_by_key(|doc| part.ids[*doc as usize]);
        part.by_id = by_id;
        part.pairs = part.gather(|symbol| symbol);
        part.class_pairs = part.gather(|symbol| part.classes[usize::from(symbol)]);
        part
    }

    fn lay(&mut self, entry: &Folded) {
        self.starts.push(self.end());
        for key in &entry.keys {
            self.arena.push(EDGE);
            let symbols: Vec<u16> = key.iter().map(|c| self.symbol(*c)).collect();
            self.arena.extend(symbols);
        }
        if entry.keys.is_empty() {
            self.arena.push(EDGE);
        }
        self.ids.push(entry.id);
        self.weights.push(entry.weight);
        self.lengths.push(entry.length());
    }

    fn end(&self) -> u32 {
        u32::try_from(self.arena.len()).unwrap_or(u32::MAX)
    }

    /// Finds the readings and classes of the alphabet.
    fn hear(&mut self) {
        self.sounds = self.alphabet.iter().map(|c| Sounds::of(*c)).collect();
        self.class_initials = self.sounds.iter().map(|s| s.initials).collect();
        self.class_initials.sort_unstable();
        self.class_initials.dedup();
        let classes = self.sounds.iter().map(|s| {
            let place = self
                .class_initials
                .partition_point(|known| *known < s.initials);
            u16::try_from(place + 1).unwrap_or(u16::MAX)
        });
        self.classes = std::iter::once(0).chain(classes).collect();
    }

    /// Pairs of neighbouring symbols, each as the class that `class` gives it.
    fn gather(&self, class: impl Fn(u16) -> u16) -> Postings {
        let mut pairs = Vec::with_capacity(self.arena.len());
        for doc in 0..self.len() {
            let mut before = None;
            for symbol in self.text(doc) {
                // A strange symbol leads nowhere and stands next to nothing.
                let now = (*symbol != STRANGE).then(|| class(*symbol));
                if let (Some(one), Some(other)) = (before, now) {
                    pairs.push(u64::from(pair(one, other)) << 32 | u64::from(doc));
                }
                before = now;
            }
        }
        Postings::build(pairs)
    }

    /// How many entries it has.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// The names of an entry with the edges before, between and behind them.
    pub(crate) fn text(&self, doc: u32) -> &[u16] {
        let doc = doc as usize;
        let (from, to) = (self.starts[doc] as usize, self.starts[doc + 1] as usize);
        &self.arena[from..=to]
    }

    pub(crate) fn id(&self, doc: u32) -> i64 {
        self.ids[doc as usize]
    }

    pub(crate) fn rank(&self, doc: u32) -> Rank {
        let place = doc as usize;
        (self.weights[place], self.lengths[place], self.ids[place])
    }

    /// The place of an id.
    pub(crate) fn find(&self, id: i64) -> Option<u32> {
        let place = self
            .by_id
            .binary_search_by_key(&id, |doc| self.id(*doc))
            .ok()?;
        Some(self.by_id[place])
    }

    /// The symbol of a character, [`STRANGE`] if no name has it.
    pub(crate) fn symbol(&self, c: char) -> u16 {
        match self.alphabet.binary_search(&c) {
            Ok(place) => u16::try_from(place + 1).unwrap_or(STRANGE),
            Err(_) => STRANGE,
        }
    }

    /// Symbols that there are, the edge among them.
    pub(crate) fn symbols(&self) -> usize {
        self.alphabet.len() + 1
    }

    /// The symbols whose readings fit, in order.
    pub(crate) fn symbols_that(&self, fits: impl Fn(&Sounds) -> bool) -> Vec<u16> {
        let all = (1..).zip(&self.sounds);
        all.filter(|(_, sounds)| fits(sounds))
            .map(|(symbol, _)| symbol)
            .collect()
    }

    pub(crate) fn class(&self, symbol: u16) -> Option<u16> {
        self.classes.get(usize::from(symbol)).copied()
    }

    /// Every class with its letters.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (u16, u64)> {
        (1..).zip(self.class_initials.iter().copied())
    }

    /// The entry as it came, folded: parts are laid together from these.
    pub(crate) fn entry(&self, doc: u32) -> Folded {
        let keys = self.text(doc).split(|symbol| *symbol == EDGE);
        let keys = keys.filter(|key| !key.is_empty()).map(|key| {
            let chars = key.iter().map(|symbol| {
                let place = usize::from(*symbol).wrapping_sub(1);
                // A character beyond the alphabet is lost, and stays so.
                self.alphabet.get(place).copied().unwrap_or('\u{fffd}')
            });
            chars.collect()
        });
        Folded {
            id: self.id(doc),
            weight: self.weights[doc as usize],
            keys: keys.collect(),
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.alphabet.capacity() * size_of::<char>()
            + self.sounds.capacity() * size_of::<Sounds>()
            + (self.classes.capacity() + self.arena.capacity()) * size_of::<u16>()
            + (self.class_initials.capacity() + self.ids.capacity()) * size_of::<u64>()
            + (self.starts.capacity() + self.by_id.capacity()) * size_of::<u32>()
            + self.weights.capacity()
            + self.lengths.capacity()
            + self.pairs.heap_bytes()
            + self.class_pairs.heap_bytes()
    }
}

/// Two symbols or classes as one key.
pub(crate) fn pair(one: u16, other: u16) -> u32 {
    u32::from(one) << 16 | u32::from(other)
}

/// All characters of the names, in order, at most [`ALPHABET_MAX`].
fn alphabet(entries: &[Folded]) -> Vec<char> {
    let all = || {
        entries
            .iter()
            .flat_map(|entry| entry.keys.iter().flatten().copied())
    };
    if entries.len() < FEW_ENTRIES {
        let mut chars: Vec<char> = all().collect();
        chars.sort_unstable();
        chars.dedup();
        chars.truncate(ALPHABET_MAX);
        return chars;
    }
    let mut seen = Bits::new(char::MAX as usize + 1);
    all().for_each(|c| seen.insert(u32::from(c)));
    seen.iter()
        .filter_map(char::from_u32)
        .take(ALPHABET_MAX)
        .collect()
}

/// With fewer entries it is quicker to sort their characters than to mark them on a map of all characters.
const FEW_ENTRIES: usize = 500;
