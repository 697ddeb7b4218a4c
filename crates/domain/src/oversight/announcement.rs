//! Announcements: totals that somebody published; they stand beside our sums and adjust nothing.

use crate::funds::posting::{Posting, Subject};
use kernel::{Day, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

/// Who announced a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnouncedBy {
    /// The organisation itself.
    Organisation,
    /// Volunteers who added up the published lists.
    Volunteers,
}

impl AnnouncedBy {
    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            AnnouncedBy::Organisation => "organisation",
            AnnouncedBy::Volunteers => "volunteers",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            AnnouncedBy::Organisation => "机构公告",
            AnnouncedBy::Volunteers => "志愿者统计",
        }
    }

    /// Who is meant by a stored code.
    pub fn parse(code: &str) -> Option<AnnouncedBy> {
        [AnnouncedBy::Organisation, AnnouncedBy::Volunteers]
            .into_iter()
            .find(|by| by.code() == code)
    }
}

/// 〔公布数〕 One announced total.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Its key.
    pub id: Id<ids::Announcement>,
    /// About whose money.
    pub organisation: Id<ids::Organisation>,
    /// Who announced it.
    pub by: AnnouncedBy,
    /// About which day.
    pub day: Day,
    /// Which measure, for example `received_day`.
    pub measure: String,
    /// Fen, for sums of money.
    pub amount: Option<i64>,
    /// A count, for numbers of gifts.
    pub number: Option<i64>,
}

/// States an announced total in public, as it was said.
pub fn decide_announcement(said: &Announcement, at: Timestamp) -> Posting {
    let subject = Subject::Announcement(said.id);
    let mut posting = Posting::new(subject, LeafKind::Announcement, said.organisation, at)
        .fact("by", said.by.code())
        .fact("day", said.day.to_string())
        .fact("measure", said.measure.clone());
    if let Some(amount) = said.amount {
        posting = posting.fact("amount", amount);
    }
    if let Some(number) = said.number {
        posting = posting.fact("number", number);
    }
    posting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_stated_and_nothing_else() {
        let said = Announcement {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            by: AnnouncedBy::Volunteers,
            day: Day::parse("2020-01-29").unwrap(),
            measure: "received_day".into(),
            amount: None,
            number: Some(13_325),
        };
        let posting = decide_announcement(&said, Timestamp::from_micros(0));
        assert!(posting.moves.is_empty());
        assert_eq!(posting.data.get("number"), Some(&leaf::Json::Int(13_325)));
        assert_eq!(posting.data.get("amount"), None);
    }
}
