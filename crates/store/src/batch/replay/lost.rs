//! What no leaf says and no clue gives back: told to the clerk, record by record.

/// 〔缺资料的捐赠〕 A gift of which only the public part is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostGift {
    /// The leaf.
    pub leaf_index: i64,
    /// Its number as printed.
    pub id: String,
    /// Its Beijing day.
    pub day: String,
    /// Code of the channel.
    pub channel: String,
    /// Gross fen, or units of goods.
    pub amount: i64,
    /// `fen`, or the unit of goods.
    pub unit: String,
}

/// Gifts that are listed one by one; a longer list nobody reads, and it would outgrow the memory.
const GIFTS_LISTED_MAX: usize = 100_000;

/// 〔缺资料的捐赠〕 All of them as sums, the first ones by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LostGifts {
    /// The first hundred thousand at most.
    pub listed: Vec<LostGift>,
    /// How many there are.
    pub number: u64,
    /// What those of money sum up to, in fen.
    pub fen: i64,
    /// Whether any of them is of money.
    pub any_money: bool,
}

impl LostGifts {
    pub(crate) fn take(&mut self, gift: LostGift) {
        self.number = self.number.saturating_add(1);
        if gift.unit == "fen" {
            self.fen = self.fen.saturating_add(gift.amount);
            self.any_money = true;
        }
        if self.listed.len() < GIFTS_LISTED_MAX {
            self.listed.push(gift);
        }
    }
}

/// 〔缺失的文字〕 Public words of which only the commitment is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostWord {
    /// The leaf.
    pub leaf_index: i64,
    /// The record, as printed.
    pub id: String,
    /// Which of its words.
    pub field: String,
}

/// 〔找回的文字〕 Words that somebody kept elsewhere; they are believed only if they open the commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenWord {
    /// The leaf.
    pub leaf_index: i64,
    /// Which of its words.
    pub field: String,
    /// The words.
    pub value: String,
}

/// 〔遗失清单〕 What was not brought back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// Gifts without donor, message and number of the payment.
    pub gifts: LostGifts,
    /// Public words.
    pub words: Vec<LostWord>,
    /// Payments of which nobody knows any more who asked, checked and paid.
    pub orders: Vec<String>,
    /// Approved orders that were sent back, because what they reserved was spent otherwise.
    pub freed: Vec<String>,
    /// Refunds, corrections and withdrawals that waited for a second person and were closed.
    pub repairs: Vec<String>,
    /// Gifts whose donor is not shown any more; whether the donor is restricted too, no leaf says.
    pub hidden: Vec<String>,
    /// Places whose channel or bank is not known.
    pub places: Vec<String>,
    /// Funds of goods whose item is not known.
    pub goods: Vec<String>,
    /// Deliveries whose files have lost their names.
    pub evidence: Vec<String>,
    /// Matters that are open here and whose decision the register has.
    pub matters: Vec<String>,
    /// Logins whose second factor is that of the backup: nobody can tell whether it was changed since.
    pub factors: Vec<String>,
}
