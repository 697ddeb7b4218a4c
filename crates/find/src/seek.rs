//! Answers a question from one part: who may have it by the pairs, who has it by the whole name.

use crate::docs::{Bits, common};
use crate::part::{EDGE, Part, STRANGE, pair};
use crate::query::{Query, Word};
use crate::sound::{Sounds, initial};
use crate::spell::Token;
use crate::verify::{Close, Fitting, Place, place_of, place_of_fitting};
use std::collections::BTreeMap;
use std::rc::Rc;

/// 〔命中方式〕 How something was found, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The name is what was asked for.
    Exact,
    /// The name begins with it.
    Prefix,
    /// The name contains it.
    Contains,
    /// The name contains every word of it.
    Words,
    /// The name reads so in pinyin.
    Pinyin,
    /// The name sounds the same with other characters.
    SoundsAlike,
    /// The name has one character that is wrong, missing or too many.
    OneWrong,
}

/// The steps of the order: how, and for the last three also where.
pub(crate) const STEPS: usize = 13;
const WORDS: usize = 3;
const PINYIN: usize = 4;
const ALIKE: usize = 7;
const CLOSE: usize = 10;

pub(crate) fn how(step: usize) -> How {
    match step {
        0 => How::Exact,
        1 => How::Prefix,
        2 => How::Contains,
        WORDS => How::Words,
        PINYIN..ALIKE => How::Pinyin,
        ALIKE..CLOSE => How::SoundsAlike,
        _ => How::OneWrong,
    }
}

/// Entries of one part by step, each in the order in which they rank; no entry stands twice.
#[derive(Debug, Default)]
pub(crate) struct Steps(pub(crate) [Vec<u32>; STEPS]);

impl Steps {
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

/// One question and one part.
pub(crate) struct Seeker<'a> {
    part: &'a Part,
    query: &'a Query,
    /// Entries that are found already.
    seen: Bits,
    steps: Steps,
    /// Entries by two neighbouring characters: many spellings share them.
    pairs: BTreeMap<(Head, Head), Rc<Bits>>,
    /// Symbols by what is known of them.
    fitting: BTreeMap<Head, Rc<Fitting>>,
}

/// What is known of one character of a name, enough to find the names that may have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    /// The edge of a name.
    Edge,
    /// It begins with this letter or digit.
    Letter(char),
    /// It is this symbol.
    Symbol(u16),
    /// It reads like one of these.
    Syllables(u16, u16),
    /// It reads like a character that can be read so.
    Sounds(Sounds),
}

/// Entries that may have a run of characters.
struct Maybe {
    docs: Bits,
    /// True if all of them have it: nobody needs to look.
    sure: bool,
}

impl<'a> Seeker<'a> {
    pub(crate) fn new(part: &'a Part, query: &'a Query, dead: Option<&Bits>) -> Seeker<'a> {
        let mut seen = Bits::new(part.len() as usize);
        if let Some(dead) = dead {
            seen.add_all(dead);
        }
        Seeker {
            part,
            query,
            seen,
            steps: Steps::default(),
            pairs: BTreeMap::new(),
            fitting: BTreeMap::new(),
        }
    }

    pub(crate) fn done(self) -> Steps {
        self.steps
    }

    pub(crate) fn count(&self) -> usize {
        self.steps.count()
    }

    /// What was typed, as it stands, as words, as pinyin.
    pub(crate) fn plainly(&mut self) {
        let symbols = self.symbols(&self.query.whole.chars);
        let docs = self.having(&symbols);
        if let [first] | [first, _] = symbols[..] {
            // Whoever has the pair has the text; only at the beginning of a name it is worth a look.
            let mut begins = Bits::new(self.part.len() as usize);
            begins.extend(self.part.pairs.list(pair(EDGE, first)));
            self.keep(0, docs.into_iter(), |part, doc| {
                let looked = begins
                    .contains(doc)
                    .then(|| place_of(part.text(doc), &symbols));
                looked.unwrap_or(Some(Place::Inside))
            });
        } else {
            self.keep(0, docs.into_iter(), |part, doc| {
                place_of(part.text(doc), &symbols)
            });
        }
        if !self.query.words.is_empty() {
            let words: Vec<Bits> = self
                .query
                .words
                .iter()
                .map(|w| self.having_word(w))
                .collect();
            if let Some((first, rest)) = words.split_first() {
                let mut both = first.clone();
                rest.iter().for_each(|bits| both.keep_only(bits));
                let docs: Vec<u32> = both.iter().collect();
                self.keep(WORDS, docs.into_iter(), |_, _| Some(Place::Whole));
            }
        }
        for (doc, place) in self.spelled(&self.query.whole) {
            self.put(PINYIN, doc, place);
        }
    }

    /// What sounds the same, and what has one character wrong.
    pub(crate) fn loosely(&mut self) {
        if let Some(tokens) = self.query.alike() {
            for (doc, place) in self.reading(&tokens) {
                self.put(ALIKE, doc, place);
            }
        }
        if self.query.may_be_close() {
            let symbols = self.symbols(&self.query.whole.chars);
            let docs: Vec<u32> = self.nearly_having(&symbols).iter().collect();
            let close = Close::new(self.part, &symbols);
            self.keep(CLOSE, docs.into_iter(), |part, doc| {
                close.place_of(part.text(doc))
            });
        }
    }

    fn symbols(&self, chars: &[char]) -> Vec<u16> {
        chars.iter().map(|c| self.part.symbol(*c)).collect()
    }

    /// Looks at entries in their order and keeps those that have a place.
    fn keep(
        &mut self,
        step: usize,
        docs: impl Iterator<Item = u32>,
        place: impl Fn(&Part, u32) -> Option<Place>,
    ) {
        for doc in docs {
            if !self.seen.contains(doc)
                && let Some(place) = place(self.part, doc)
            {
                self.put(step, doc, place);
            }
        }
    }

    fn put(&mut self, step: usize, doc: u32, place: Place) {
        if !self.seen.contains(doc) {
            self.seen.insert(doc);
            self.steps.0[step + place as usize].push(doc);
        }
    }

    /// Entries that may contain a run of symbols, in order: all that do, and few others.
    fn having(&self, symbols: &[u16]) -> Vec<u32> {
        if symbols.is_empty() || symbols.contains(&STRANGE) {
            return Vec::new();
        }
        if let [one] = symbols {
            let mut bits = Bits::new(self.part.len() as usize);
            for (_, docs) in self.part.pairs.range(pair(*one, 0), pair(*one, u16::MAX)) {
                bits.extend(docs);
            }
            return bits.iter().collect();
        }
        let mut lists: Vec<_> = symbols
            .windows(2)
            .map(|two| self.part.pairs.list(pair(two[0], two[1])))
            .collect();
        lists.sort_by_key(|docs| docs.weight());
        let mut lists = lists.into_iter();
        let mut found: Vec<u32> = lists.next().into_iter().flatten().collect();
        for docs in lists {
            if found.is_empty() {
                break;
            }
            found = common(&found, docs);
        }
        found
    }

    /// Entries that contain one word of several, as it stands or as pinyin.
    fn having_word(&mut self, word: &Word) -> Bits {
        let symbols = self.symbols(&word.chars);
        let mut bits = Bits::new(self.part.len() as usize);
        for doc in self.having(&symbols) {
            if place_of(self.part.text(doc), &symbols).is_some() {
                bits.insert(doc);
            }
        }
        bits.extend(self.spelled(word).into_iter().map(|(doc, _)| doc));
        bits
    }

    /// Entries that read like one of a word's spellings, in order, each once with its best place.
    fn spelled(&mut self, word: &Word) -> Vec<(u32, Place)> {
        if word.spellings.is_empty() {
            return Vec::new();
        }
        let mut best: Vec<Option<Place>> = vec![None; self.part.len() as usize];
        for tokens in &word.spellings {
            for (doc, place) in self.reading(tokens) {
                let known = &mut best[doc as usize];
                *known = Some(known.map_or(place, |known| known.min(place)));
            }
        }
        let found = (0_u32..).zip(best);
        found
            .filter_map(|(doc, place)| Some((doc, place?)))
            .collect()
    }

    /// Entries that are not found yet and have a run of characters like the tokens, in order, with its best place.
    ///
    /// A single syllable is looked for at the beginnings of names: within them nearly every name has it.
    fn reading(&mut self, tokens: &[Token]) -> Vec<(u32, Place)> {
        let heads: Vec<Head> = tokens.iter().map(|token| self.head(token)).collect();
        let Some(first) = heads.first() else {
            return Vec::new();
        };
        let begins = self.neighbours(Head::Edge, *first);
        let maybe = match heads.len() {
            1 => Maybe {
                docs: Bits::clone(&begins),
                sure: false,
            },
            _ => self.having_heads(&heads),
        };
        let wanted: Vec<Rc<Fitting>> = heads.iter().map(|head| self.fitting(*head)).collect();
        let look = |doc: u32| {
            if maybe.sure && !begins.contains(doc) {
                return Some(Place::Inside);
            }
            place_of_fitting(self.part.text(doc), &wanted)
        };
        let docs = maybe.docs.iter().filter(|doc| !self.seen.contains(*doc));
        docs.filter_map(|doc| Some((doc, look(doc)?))).collect()
    }

    /// Entries that may have a run of characters like these: all that do, and few others.
    fn having_heads(&mut self, heads: &[Head]) -> Maybe {
        let mut found: Option<Bits> = None;
        for two in heads.windows(2) {
            let bits = self.neighbours(two[0], two[1]);
            match &mut found {
                None => found = Some(Bits::clone(&bits)),
                Some(found) => found.keep_only(&bits),
            }
        }
        let alike = |head: &Head| matches!(head, Head::Letter(_));
        let sure = heads.len() == 2 && heads.iter().all(alike) | !heads.iter().any(alike);
        Maybe {
            docs: found.unwrap_or_else(|| Bits::new(self.part.len() as usize)),
            sure,
        }
    }

    fn head(&self, token: &Token) -> Head {
        match token {
            Token::Char(c) => Head::Symbol(self.part.symbol(*c)),
            Token::Initial(c) => Head::Letter(*c),
            Token::Syllable(number) => Head::Syllables(*number, *number),
            Token::Syllables(range) => Head::Syllables(range.start, range.end.saturating_sub(1)),
            Token::Sounds(sounds) => Head::Sounds(*sounds),
        }
    }

    /// The symbols that fit.
    fn fitting(&mut self, head: Head) -> Rc<Fitting> {
        if let Some(known) = self.fitting.get(&head) {
            return Rc::clone(known);
        }
        let that = |fits: &dyn Fn(&Sounds) -> bool| self.part.symbols_that(fits);
        let symbols = match head {
            Head::Edge => vec![EDGE],
            Head::Symbol(symbol) => vec![symbol],
            Head::Letter(c) => that(&|s| s.initials & initial(c) != 0),
            Head::Syllables(from, to) => {
                that(&|s| s.numbers().iter().any(|n| (from..=to).contains(n)))
            }
            Head::Sounds(wanted) => that(&|s| s.meets(&wanted)),
        };
        let fitting = Rc::new(Fitting::new(self.part, symbols));
        self.fitting.insert(head, Rc::clone(&fitting));
        fitting
    }

    /// The classes that fit, in order: some of their characters may not.
    fn classes_of(&mut self, head: Head) -> Vec<u16> {
        if let Head::Letter(c) = head {
            let classes = self.part.classes();
            let fitting = classes.filter(|(_, initials)| initials & initial(c) != 0);
            return fitting.map(|(class, _)| class).collect();
        }
        let fitting = self.fitting(head);
        let classes = fitting.symbols.iter().filter_map(|s| self.part.class(*s));
        let mut classes: Vec<u16> = classes.collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// Entries with two neighbouring characters that fit: by their symbols where both are known well, by their
    /// classes where one is only a letter.
    fn neighbours(&mut self, one: Head, other: Head) -> Rc<Bits> {
        if let Some(known) = self.pairs.get(&(one, other)) {
            return Rc::clone(known);
        }
        let mut bits = Bits::new(self.part.len() as usize);
        let by_class = matches!(one, Head::Letter(_)) || matches!(other, Head::Letter(_));
        let (postings, firsts, seconds) = if by_class {
            let classes = (self.classes_of(one), self.classes_of(other));
            (&self.part.class_pairs, classes.0, classes.1)
        } else {
            let symbols = [one, other].map(|head| self.fitting(head).symbols.clone());
            let [firsts, seconds] = symbols;
            (&self.part.pairs, firsts, seconds)
        };
        if let (Some(low), Some(high)) = (seconds.first(), seconds.last()) {
            for first in firsts {
                for (key, docs) in postings.range(pair(first, *low), pair(first, *high)) {
                    let second = (key & 0xFFFF) as u16;
                    if seconds.binary_search(&second).is_ok() {
                        bits.extend(docs);
                    }
                }
            }
        }
        let bits = Rc::new(bits);
        self.pairs.insert((one, other), Rc::clone(&bits));
        bits
    }

    /// Entries that may contain a run of symbols with one difference: of its two halves one stands unhurt.
    fn nearly_having(&self, symbols: &[u16]) -> Bits {
        let mut bits = Bits::new(self.part.len() as usize);
        if let [one, two, three] = symbols {
            // Halves of one symbol say too little: here two of the three stand, in their order.
            bits.extend(self.having(&[*one, *two]).into_iter());
            bits.extend(self.having(&[*two, *three]).into_iter());
            let mut ends = Bits::new(self.part.len() as usize);
            ends.extend(self.having(&[*one]).into_iter());
            let mut other = Bits::new(self.part.len() as usize);
            other.extend(self.having(&[*three]).into_iter());
            ends.keep_only(&other);
            bits.add_all(&ends);
            return bits;
        }
        let (front, back) = symbols.split_at(symbols.len() / 2);
        bits.extend(self.having(front).into_iter());
        bits.extend(self.having(back).into_iter());
        bits
    }
}

// The edge is a symbol too, and no question has it.
const _: () = assert!(EDGE != STRANGE);
