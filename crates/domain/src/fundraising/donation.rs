//! Donations 捐赠: money that was received. It is never refused: what cannot stand where it was meant is held.

use super::campaign::{Campaign, State};
use super::intent::{Intent, decide_intent};
use crate::Sentence;
use crate::funds::posting::{End, MoveOrder, Posting, Subject, Take, Word};
use crate::parties::register::Right;
use crate::parties::{Display, DonorKind};
use crate::refusal::Refused;
use kernel::{Amount, Day, Fen, Id, Timestamp};
use leaf::{Json, Kind as LeafKind, ids};
use ledger::{Kind, Span};

/// 〔入账渠道〕 How the money came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The channel's code, as it stands in leaves: `counter`, `demo`, `bank_boc` …
    pub code: String,
    /// The place where the money is now.
    pub place: Id<ids::Place>,
}

/// 〔待处理原因〕 Why money is held, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldReason {
    /// 找不到对应的捐赠意向
    UnknownIntent,
    /// 同一意向已付过
    PaidTwice,
    /// 金额与意向不符
    AmountDiffers,
    /// 活动不在募捐中
    NotLive,
    /// 活动期限之外到账
    OutsideDates,
    /// 付款时募捐资格已中止或者吊销
    Frozen,
}

impl HeldReason {
    /// All reasons.
    pub const ALL: [HeldReason; 6] = [
        HeldReason::UnknownIntent,
        HeldReason::PaidTwice,
        HeldReason::AmountDiffers,
        HeldReason::NotLive,
        HeldReason::OutsideDates,
        HeldReason::Frozen,
    ];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            HeldReason::UnknownIntent => "unknown_intent",
            HeldReason::PaidTwice => "paid_twice",
            HeldReason::AmountDiffers => "amount_differs",
            HeldReason::NotLive => "not_live",
            HeldReason::OutsideDates => "outside_dates",
            HeldReason::Frozen => "frozen",
        }
    }

    /// What pages say.
    pub fn sentence(self) -> &'static str {
        match self {
            HeldReason::UnknownIntent => "找不到对应的捐赠意向，款项暂存待处理，请联系慈善组织。",
            HeldReason::PaidTwice => {
                "同一笔意向付了两次，多付的暂存待处理，将退款或征得同意后改用。"
            }
            HeldReason::AmountDiffers => "到账金额与意向不符，款项暂存待处理，将与捐赠人核对。",
            HeldReason::NotLive => "活动不在募捐中，款项暂存待处理，将退款或征得同意后改用。",
            HeldReason::OutsideDates => {
                "款项在活动期限之外到账，暂存待处理，将退款或征得同意后改用。"
            }
            HeldReason::Frozen => {
                "付款时这家组织没有有效的公开募捐资格，款项暂存待处理，将退款或征得同意后改用。"
            }
        }
    }

    /// The reason of a stored code.
    pub fn parse(code: &str) -> Option<HeldReason> {
        HeldReason::ALL
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// 〔捐赠人〕 Who gave, as far as anybody said.
#[derive(Debug, Clone)]
pub struct Donor {
    /// Who gives.
    pub kind: DonorKind,
    /// The name, may be empty.
    pub name: String,
    /// How they are shown.
    pub display: Display,
    /// Telephone or mail, may be empty.
    pub contact: String,
    /// Words, may be empty.
    pub message: String,
}

impl Donor {
    /// Somebody who said nothing.
    pub fn nobody() -> Donor {
        Donor {
            kind: DonorKind::Person,
            name: String::new(),
            display: Display::Anonymous,
            contact: String::new(),
            message: String::new(),
        }
    }

    /// The donor of an intent.
    pub fn of_intent(intent: &Intent) -> Donor {
        Donor {
            kind: intent.donor_kind,
            name: intent.donor_name.clone(),
            display: intent.display,
            contact: intent.contact.clone(),
            message: intent.message.clone(),
        }
    }
}

/// 〔到账〕 Money that came in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Gross amount.
    pub amount: Amount,
    /// What the channel keeps, known at capture; zero if not known.
    pub fee: Fen,
    /// How it came.
    pub channel: Channel,
    /// When it was paid; the end of the published day where only the day is known.
    pub paid_at: Timestamp,
    /// False where only the published day is known.
    pub time_known: bool,
    /// Who gave.
    pub donor: Donor,
}

/// Whether the dates of the campaign are enforced on this way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Live payments: outside the campaign's state and dates money is held.
    Enforced,
    /// Published lists of a finished campaign: what was published stands.
    Published,
}

/// What is known when the money comes.
#[derive(Debug)]
pub struct Known<'a> {
    /// The organisation that received it.
    pub organisation: Id<ids::Organisation>,
    /// The campaign it was meant for.
    pub campaign: Option<&'a Campaign>,
    /// The intent, if it names one that exists.
    pub intent: Option<&'a Intent>,
    /// True if the way in requires an intent (payment notices).
    pub intent_required: bool,
    /// True if the intent was paid before.
    pub paid_before: bool,
    /// The organisation's held fund.
    pub held_fund: Id<ids::Fund>,
    /// The fund of channel fees.
    pub fee_fund: Id<ids::Fund>,
    /// Whether state and dates are enforced.
    pub gate: Gate,
    /// What the register said of raising from the public when it was paid.
    pub right: Right,
}

/// 〔捐赠决定〕 What happens to the money.
#[derive(Debug)]
pub struct Decision {
    /// Why it is held; absent if it stands where it was meant.
    pub held: Option<HeldReason>,
    /// The name pages may show.
    pub donor_public: String,
    /// The words under the one commitment of a gift, canonical JSON.
    pub opened: String,
    /// What the books do.
    pub posting: Posting,
}

/// Decides where received money stands. It never refuses: the cash is there whatever we think.
pub fn decide_donation(
    known: &Known<'_>,
    incoming: &Incoming,
    record: (Id<ids::Donation>, Timestamp),
    word_key: [u8; 32],
) -> Decision {
    let held = held_reason(known, incoming);
    let subject = Subject::Donation(record.0);
    let mut posting = Posting::new(subject, LeafKind::Gift, known.organisation, record.1);
    posting.day = incoming.paid_at.day();
    posting.donation = Some(record.0);
    posting.word_key = word_key;
    posting
        .data
        .insert("ch".into(), Json::from(incoming.channel.code.as_str()));
    if !incoming.time_known {
        posting.data.insert("time_known".into(), Json::Bool(false));
    }
    match (held, known.campaign) {
        (None, Some(campaign)) => {
            posting.campaign = Some(campaign.id);
            posting.moves = shares(campaign, known, incoming);
        }
        (reason, _) => {
            if let Some(reason) = reason {
                posting
                    .data
                    .insert("held".into(), Json::from(reason.code()));
            }
            let to = End {
                fund: known.held_fund,
                place: incoming.channel.place,
            };
            posting.moves = vec![MoveOrder::inflow(Kind::Gift, to, incoming.amount.get())];
        }
    }
    let opened = opened_words(incoming);
    posting.words.push(Word {
        field: "gift",
        value: opened.clone(),
        public: false,
    });
    let donor_public = incoming.donor.display.public_name(&incoming.donor.name);
    Decision {
        held,
        donor_public,
        opened,
        posting,
    }
}

fn held_reason(known: &Known<'_>, incoming: &Incoming) -> Option<HeldReason> {
    if known.intent_required && known.intent.is_none() {
        return Some(HeldReason::UnknownIntent);
    }
    if known.paid_before {
        return Some(HeldReason::PaidTwice);
    }
    if known
        .intent
        .is_some_and(|intent| intent.amount != incoming.amount)
    {
        return Some(HeldReason::AmountDiffers);
    }
    let Some(campaign) = known.campaign else {
        return Some(HeldReason::UnknownIntent);
    };
    let frozen = known.right.freezes().then_some(HeldReason::Frozen);
    if known.gate == Gate::Published {
        // A list that somebody else published changes nothing in what was allowed when the gift was paid.
        return if campaign.project_fund.is_some() {
            frozen
        } else {
            Some(HeldReason::NotLive)
        };
    }
    let day = incoming.paid_at.day();
    if campaign.state == State::Draft || campaign.project_fund.is_none() {
        return Some(HeldReason::NotLive);
    }
    if day < campaign.starts_on || campaign.ends_on < day {
        return Some(HeldReason::OutsideDates);
    }
    if campaign.state != State::Live {
        return Some(HeldReason::NotLive);
    }
    frozen
}

/// Fee first (gross, fee and net are all visible), then the administrative share of the net, the project takes
/// the remainder. The fee leaves its fund when the channel settles and keeps it.
fn shares(campaign: &Campaign, known: &Known<'_>, incoming: &Incoming) -> Vec<MoveOrder> {
    let end = |fund| End {
        fund,
        place: incoming.channel.place,
    };
    let gross = incoming.amount.get();
    let fee = incoming.fee.get().clamp(0, gross);
    let net = gross - fee;
    let administrative = match campaign.administrative_fund {
        Some(_) => campaign.administrative_share.of(Fen::new(net)).get(),
        None => 0,
    };
    let mut moves = Vec::with_capacity(3);
    if let Some(fund) = campaign.project_fund
        && net > administrative
    {
        moves.push(MoveOrder::inflow(
            Kind::Gift,
            end(fund),
            net - administrative,
        ));
    }
    if let Some(fund) = campaign.administrative_fund
        && administrative > 0
    {
        moves.push(MoveOrder::inflow(Kind::Gift, end(fund), administrative));
    }
    if fee > 0 {
        moves.push(MoveOrder::inflow(Kind::Gift, end(known.fee_fund), fee));
    }
    moves
}

/// The words of a gift in canonical JSON: exact time, name and message as the donor gave them.
fn opened_words(incoming: &Incoming) -> String {
    let mut words = std::collections::BTreeMap::new();
    words.insert(
        "at".to_string(),
        Json::from(incoming.paid_at.rfc3339().as_str()),
    );
    words.insert(
        "donor".to_string(),
        Json::from(incoming.donor.name.as_str()),
    );
    if !incoming.donor.message.is_empty() {
        words.insert(
            "message".to_string(),
            Json::from(incoming.donor.message.as_str()),
        );
    }
    // Integers and texts of bounded length always encode.
    let bytes = Json::Map(words).encode().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Why held money cannot go to a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReassignmentRefused {
    /// The campaign takes no gifts today, as it took none when the money came.
    NotLive,
}

impl Refused for ReassignmentRefused {
    fn code(&self) -> &'static str {
        "reassign_not_live"
    }

    fn sentence(&self) -> Sentence {
        "要改用的活动现在不在募捐中，请改选一个正在募捐的活动，或者把款退给捐赠人。".into()
    }

    fn law(&self) -> Option<&'static str> {
        Some("慈善法 第二十四条")
    }
}

/// May held money go to this campaign today? It is a gift like any other: to a live campaign, within its days.
///
/// # Errors
/// `NotLive`.
pub fn decide_target(
    campaign: &Campaign,
    right: Right,
    today: Day,
) -> Result<(), ReassignmentRefused> {
    decide_intent(campaign, right, today).map_err(|_| ReassignmentRefused::NotLive)
}

/// Moves held money to a campaign with the donor's consent; the gift's own positions are named.
///
/// `owned` are the positions the gift still owns in the held fund; `consent` says how the donor agreed.
pub fn decide_reassignment(
    gift: (Id<ids::Donation>, i64),
    campaign: &Campaign,
    owned: Vec<Span>,
    ends: (End, End),
    consent: (&str, Id<ids::Movement>, Timestamp),
) -> Posting {
    let amount = owned.iter().map(|span| span.len).sum();
    let kind = LeafKind::Reclassification;
    let subject = Subject::Movement(consent.1);
    let mut posting = Posting::new(subject, kind, campaign.organisation, consent.2)
        .public_word("reason", consent.0.trim());
    let mut order = MoveOrder::between(Kind::Reclassification, ends.0, ends.1, amount);
    order.take = Take::Named(owned);
    posting.moves.push(order);
    posting.campaign = Some(campaign.id);
    posting.donation = Some(gift.0);
    posting.reference = Some(gift.1);
    posting
}

/// The Beijing day on which money counts for lists and statistics.
pub fn day_of(incoming: &Incoming) -> Day {
    incoming.paid_at.day()
}

/// The Chinese name of a channel code; an unknown code stands for itself.
pub fn channel_title(code: &str) -> &str {
    match code {
        "demo" => "演示支付",
        "cash" => "现金",
        "bank" => "银行转账",
        "wechat" => "微信支付",
        "alipay" => "支付宝",
        "unionpay_app" => "银联手机",
        "bank_comm" => "交通银行",
        "bank_abc" => "农业银行",
        "bank_boc" => "中国银行",
        "qr_pos" => "扫码与POS",
        "goods" => "物资",
        "unsaid" => "未说明",
        other => other,
    }
}

#[cfg(test)]
mod tests;
