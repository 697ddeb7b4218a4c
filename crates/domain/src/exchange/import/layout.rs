//! Which file is it? Layouts recognised by their headings, and one reader for all of them.

use super::announced::{self, ProposedAnnouncement};
use super::cash_disbursed::{self, ProposedDisbursement};
use super::division::{self, ProposedDivision};
use super::gift::ProposedGift;
use super::gifts::{self, GiftColumns};
use super::goods::{self, ProposedGoodsIn, ProposedGoodsOut};
use super::organisation::{self, ProposedOrganisation};
use super::reject::Reject;
use super::row::{Header, Names, Row};
use super::{named, qr_pos};
use crate::sentence::Value;
use crate::{Sentence, say};
use std::fmt;

/// 〔表格种类〕 A layout that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Payments by QR code and POS machine.
    QrPos,
    /// Published lists of named gifts.
    Named,
    /// Goods received.
    GoodsIn,
    /// Goods handed out.
    GoodsOut,
    /// Announced totals by day.
    Announced,
    /// Announced disbursements of cash.
    CashDisbursed,
    /// Taiwan's register of legal persons.
    TwOrganisations,
    /// An own list of gifts, or a bill of a payment channel.
    Gifts,
    /// Administrative divisions.
    Divisions,
}

impl Layout {
    /// All of them; the more particular stands first, so that the first that fits is meant.
    pub const ALL: [Layout; 9] = [
        Layout::QrPos,
        Layout::Named,
        Layout::GoodsIn,
        Layout::GoodsOut,
        Layout::Announced,
        Layout::CashDisbursed,
        Layout::TwOrganisations,
        Layout::Gifts,
        Layout::Divisions,
    ];

    /// The layout that a heading row belongs to; `None` when the row is no heading we know.
    #[must_use]
    pub fn recognise(cells: &[String]) -> Option<Layout> {
        let header = Header::new(cells);
        Layout::ALL
            .into_iter()
            .find(|layout| layout.missing(&header).is_empty())
    }

    /// The needed columns that a heading lacks, in our words.
    #[must_use]
    pub fn missing(self, header: &Header) -> Vec<&'static str> {
        match self {
            Layout::Gifts => GiftColumns::guess(header).err().unwrap_or_default(),
            _ => header.missing(self.columns()),
        }
    }

    /// The needed columns of a layout with fixed ones.
    const fn columns(self) -> &'static [Names] {
        match self {
            Layout::QrPos => qr_pos::COLUMNS,
            Layout::Named => named::COLUMNS,
            Layout::GoodsIn => goods::COLUMNS_IN,
            Layout::GoodsOut => goods::COLUMNS_OUT,
            Layout::Announced => announced::COLUMNS,
            Layout::CashDisbursed => cash_disbursed::COLUMNS,
            Layout::TwOrganisations => organisation::COLUMNS,
            Layout::Divisions => division::COLUMNS,
            Layout::Gifts => &[],
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Layout::QrPos => "qr_pos",
            Layout::Named => "named",
            Layout::GoodsIn => "goods_in",
            Layout::GoodsOut => "goods_out",
            Layout::Announced => "announced",
            Layout::CashDisbursed => "cash_disbursed",
            Layout::TwOrganisations => "tw_organisations",
            Layout::Gifts => "gifts",
            Layout::Divisions => "divisions",
        }
    }

    /// By its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.code() == code)
    }

    /// The name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Layout::QrPos => "二维码与POS机收款明细",
            Layout::Named => "按渠道公布的捐赠名单",
            Layout::GoodsIn => "接收物资明细",
            Layout::GoodsOut => "发放物资明细",
            Layout::Announced => "每日公布数",
            Layout::CashDisbursed => "善款拨付公告",
            Layout::TwOrganisations => "台湾地区法人登记",
            Layout::Gifts => "捐赠明细或支付账单",
            Layout::Divisions => "行政区划",
        }
    }
}

/// 〔表头问题〕 Why a heading row cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderError {
    /// No row looks like the heading of any layout.
    Unknown,
    /// A layout was meant, but these columns are missing.
    Missing(Layout, Vec<&'static str>),
}

impl HeaderError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "import.unknown_layout",
            Self::Missing(..) => "import.missing_columns",
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Unknown => {
                "看不出这是哪一种表格，请确认第一行是表头，或下载导入模板后把内容填进去再导入。"
                    .into()
            }
            Self::Missing(layout, names) => {
                let parts = names.iter().map(|name| Sentence::from(*name)).collect();
                say!(
                    "“{layout}”缺少栏目：{names}，请补上这些栏目再导入。",
                    layout = layout.title(),
                    names = Value::Several(parts, "、")
                )
            }
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for HeaderError {}

/// 〔待导入内容〕 What a row proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// A gift of money.
    Gift(Box<ProposedGift>),
    /// A disbursement of money.
    Disbursement(ProposedDisbursement),
    /// Goods received.
    GoodsIn(Box<ProposedGoodsIn>),
    /// Goods handed out.
    GoodsOut(Box<ProposedGoodsOut>),
    /// The totals of one day.
    Announcements(Vec<ProposedAnnouncement>),
    /// An organisation of a register.
    Organisation(Box<ProposedOrganisation>),
    /// An administrative division.
    Division(ProposedDivision),
}

/// 〔读表器〕 Reads the rows below a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    layout: Layout,
    header: Header,
    columns: Option<GiftColumns>,
}

impl Reader {
    /// A reader for the layout that the heading belongs to.
    ///
    /// # Errors
    /// [`HeaderError::Missing`] with the layout that comes nearest, when at least half of
    /// its columns are there; else [`HeaderError::Unknown`].
    pub fn recognise(cells: &[String]) -> Result<Reader, HeaderError> {
        if let Some(layout) = Layout::recognise(cells) {
            return Reader::new(layout, cells);
        }
        let header = Header::new(cells);
        let nearest = Layout::ALL
            .into_iter()
            .map(|layout| (layout, layout.missing(&header)))
            .filter(|(layout, missing)| missing.len() * 2 <= layout.columns().len().max(3))
            .min_by_key(|(_, missing)| missing.len());
        Err(nearest.map_or(HeaderError::Unknown, |(layout, missing)| {
            HeaderError::Missing(layout, missing)
        }))
    }

    /// A reader for a layout that somebody chose.
    ///
    /// # Errors
    /// [`HeaderError::Missing`] with the columns that are not there.
    pub fn new(layout: Layout, cells: &[String]) -> Result<Reader, HeaderError> {
        let header = Header::new(cells);
        let missing = layout.missing(&header);
        if !missing.is_empty() {
            return Err(HeaderError::Missing(layout, missing));
        }
        let columns = GiftColumns::guess(&header)
            .ok()
            .filter(|_| layout == Layout::Gifts);
        Ok(Reader {
            layout,
            header,
            columns,
        })
    }

    /// A reader for a list of gifts with headings of its own, by the columns that a clerk chose.
    #[must_use]
    pub fn of_gifts(cells: &[String], columns: GiftColumns) -> Reader {
        Reader {
            layout: Layout::Gifts,
            header: Header::new(cells),
            columns: Some(columns),
        }
    }

    /// The layout.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The heading.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Where the fields of a gift stand; only for [`Layout::Gifts`].
    #[must_use]
    pub fn gift_columns(&self) -> Option<&GiftColumns> {
        self.columns.as_ref()
    }

    /// The same reader with the columns that a clerk chose.
    #[must_use]
    pub fn with_gift_columns(mut self, columns: GiftColumns) -> Reader {
        if self.layout == Layout::Gifts {
            self.columns = Some(columns);
        }
        self
    }

    /// Reads one row.
    ///
    /// # Errors
    /// The reject with its stable code and reason.
    pub fn read_row(&self, row: &Row<'_>) -> Result<Proposal, Reject> {
        let header = &self.header;
        match self.layout {
            Layout::QrPos => qr_pos::read_row(header, row)
                .map(Box::new)
                .map(Proposal::Gift),
            Layout::Named => named::read_row(header, row)
                .map(Box::new)
                .map(Proposal::Gift),
            Layout::GoodsIn => goods::read_row_in(header, row)
                .map(Box::new)
                .map(Proposal::GoodsIn),
            Layout::GoodsOut => goods::read_row_out(header, row)
                .map(Box::new)
                .map(Proposal::GoodsOut),
            Layout::Announced => announced::read_row(header, row).map(Proposal::Announcements),
            Layout::CashDisbursed => {
                cash_disbursed::read_row(header, row).map(Proposal::Disbursement)
            }
            Layout::TwOrganisations => organisation::read_row(header, row)
                .map(Box::new)
                .map(Proposal::Organisation),
            Layout::Divisions => division::read_row(header, row).map(Proposal::Division),
            Layout::Gifts => match &self.columns {
                Some(columns) => gifts::read_row(columns, row)
                    .map(Box::new)
                    .map(Proposal::Gift),
                // `new` refuses a heading without them.
                None => Err(Reject::new(
                    "import.missing_columns",
                    "表头缺少栏目，请补上后重新导入。",
                )),
            },
        }
    }
}
