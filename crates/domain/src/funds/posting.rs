//! What a decision asks the books to do: movements, the public statement that says them, and its words.
//!
//! A posting is data. The store gives it positions on the tapes, ids, stream numbers and the final index of
//! its leaf, all in one transaction; nobody else writes tapes.

use kernel::{Day, Id, Timestamp};
use leaf::ids;
use leaf::{Json, Kind as LeafKind};
use ledger::{Kind, Span};
use std::collections::BTreeMap;

/// 〔去向一端〕 A fund and the place where its money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The fund.
    pub fund: Id<ids::Fund>,
    /// The place.
    pub place: Id<ids::Place>,
}

/// Which positions leave a tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The head, first in first out.
    Head,
    /// The head, exchanged for positions of one particular gift (named outflow): these spans, ascending.
    Named(Vec<Span>),
}

/// 〔流转指令〕 One movement a decision asks for.
#[derive(Debug, Clone)]
pub struct MoveOrder {
    /// What happens.
    pub kind: Kind,
    /// Where it leaves, if it leaves a fund.
    pub from: Option<End>,
    /// Where it arrives, if it reaches a fund.
    pub to: Option<End>,
    /// Fen (or units) that move, more than zero.
    pub amount: i64,
    /// Units that arrive where a conversion changes the count.
    pub arrives: Option<i64>,
    /// Which positions leave.
    pub take: Take,
    /// The movement it undoes and the offset in that movement's outflow.
    pub undoes: Option<ledger::Undo>,
    /// Frees this many reserved fen of the source first.
    pub releases: i64,
}

impl MoveOrder {
    /// Money comes in.
    pub fn inflow(kind: Kind, to: End, amount: i64) -> MoveOrder {
        MoveOrder::new(kind, None, Some(to), amount)
    }

    /// Money goes out.
    pub fn outflow(kind: Kind, from: End, amount: i64) -> MoveOrder {
        MoveOrder::new(kind, Some(from), None, amount)
    }

    /// Money moves between two funds.
    pub fn between(kind: Kind, from: End, to: End, amount: i64) -> MoveOrder {
        MoveOrder::new(kind, Some(from), Some(to), amount)
    }

    fn new(kind: Kind, from: Option<End>, to: Option<End>, amount: i64) -> MoveOrder {
        MoveOrder {
            kind,
            from,
            to,
            amount,
            arrives: None,
            take: Take::Head,
            undoes: None,
            releases: 0,
        }
    }

    /// The same, out of what an approval reserved.
    #[must_use]
    pub fn releasing(mut self, reserved: i64) -> MoveOrder {
        self.releases = reserved;
        self
    }
}

/// 〔存放处转移〕 Money of one fund changes its place; no tape moves.
#[derive(Debug, Clone, Copy)]
pub struct PlaceTransfer {
    /// The fund.
    pub fund: Id<ids::Fund>,
    /// The place it leaves.
    pub from: Id<ids::Place>,
    /// The place it reaches.
    pub to: Id<ids::Place>,
    /// Fen, more than zero.
    pub amount: i64,
}

/// 〔文字〕 A private or withdrawable text: the leaf carries its salted commitment.
#[derive(Debug, Clone)]
pub struct Word {
    /// The field name in the leaf's `p`.
    pub field: &'static str,
    /// The text.
    pub value: String,
    /// True if it is served beside the leaf for everybody until withdrawn.
    pub public: bool,
}

/// Words whose form is that of a register and not of a person.
const REGISTERED: [&str; 3] = ["filing_number", "source", "source_id"];

/// Whose record the leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An announcement.
    Announcement(Id<ids::Announcement>),
    /// A campaign.
    Campaign(Id<ids::Campaign>),
    /// A delivery.
    Delivery(Id<ids::Delivery>),
    /// A disbursement.
    Disbursement(Id<ids::Disbursement>),
    /// A donation.
    Donation(Id<ids::Donation>),
    /// A fund.
    Fund(Id<ids::Fund>),
    /// A movement without a record of its own (settlement, refund, correction …).
    Movement(Id<ids::Movement>),
    /// An organisation.
    Organisation(Id<ids::Organisation>),
    /// A place.
    Place(Id<ids::Place>),
    /// A question that was answered.
    Question(Id<ids::Question>),
    /// An entry of an organisation's register.
    RegisterEntry(Id<ids::RegisterEntry>),
    /// A report of a campaign.
    Report(Id<ids::Report>),
    /// Words that were withdrawn.
    Withdrawal(Id<ids::Withdrawal>),
}

/// 〔记账指令〕 One public statement with the movements it says.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Whose record the leaf is.
    pub subject: Subject,
    /// The kind of the leaf.
    pub kind: LeafKind,
    /// The organisation that speaks.
    pub organisation: Id<ids::Organisation>,
    /// The campaign, if one is concerned.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The accounting day.
    pub day: Day,
    /// The recorded time.
    pub at: Timestamp,
    /// Movements in order.
    pub moves: Vec<MoveOrder>,
    /// Place transfers in order.
    pub transfers: Vec<PlaceTransfer>,
    /// Public facts of the statement.
    pub data: BTreeMap<String, Json>,
    /// Words under commitment.
    pub words: Vec<Word>,
    /// The key that salts the words.
    pub word_key: [u8; 32],
    /// Index of the leaf that is corrected, undone or amended.
    pub reference: Option<i64>,
    /// The donation the movements belong to.
    pub donation: Option<Id<ids::Donation>>,
    /// The matter (disbursement …) the movements belong to.
    pub matter: Option<i64>,
}

impl Posting {
    /// A statement without movements, words or campaign.
    pub fn new(
        subject: Subject,
        kind: LeafKind,
        organisation: Id<ids::Organisation>,
        at: Timestamp,
    ) -> Posting {
        Posting {
            subject,
            kind,
            organisation,
            campaign: None,
            day: at.day(),
            at,
            moves: Vec::new(),
            transfers: Vec::new(),
            data: BTreeMap::new(),
            words: Vec::new(),
            word_key: [0; 32],
            reference: None,
            donation: None,
            matter: None,
        }
    }

    /// Adds a public fact.
    #[must_use]
    pub fn fact(mut self, key: &str, value: impl Into<Json>) -> Posting {
        self.data.insert(key.into(), value.into());
        self
    }

    /// The first public word that holds a number of a person, with what it looks like.
    pub fn personal_word(&self) -> Option<(&'static str, leaf::Personal)> {
        let words = self.words.iter();
        let open = words.filter(|word| word.public && !REGISTERED.contains(&word.field));
        open.into_iter()
            .find_map(|word| Some((word.field, leaf::scan_words(&word.value)?)))
    }

    /// Adds a word under commitment that everybody may read until it is withdrawn.
    #[must_use]
    pub fn public_word(mut self, field: &'static str, value: impl Into<String>) -> Posting {
        self.words.push(Word {
            field,
            value: value.into(),
            public: true,
        });
        self
    }
}
