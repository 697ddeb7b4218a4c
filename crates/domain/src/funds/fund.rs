//! Funds: money of one owner under one restriction, fixed when it is opened.

use kernel::{Day, Id, RegionCode};
use leaf::ids;
use ledger::Tape;

/// 〔资金类别〕 What a fund is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FundKind {
    /// 项目资金: raised by a campaign for its purpose.
    Project,
    /// 管理费: the administrative share of a filed plan.
    Administrative,
    /// 定向: a narrower gift's own fund.
    Designated,
    /// 资金池: unassigned restricted money.
    Pool,
    /// 非限定: money without restriction.
    Unrestricted,
    /// 待处理款: money that cannot stand where it was meant.
    Held,
    /// 预付执行机构: advances, not yet charitable spending.
    Advance,
    /// 受托代理: money for a named person or unit (1801/2601).
    Agency,
    /// 渠道手续费: what a channel keeps, visible as its own share.
    Fee,
    /// 物资: units of one item.
    Goods,
}

impl FundKind {
    /// All kinds.
    pub const ALL: [FundKind; 10] = [
        FundKind::Project,
        FundKind::Administrative,
        FundKind::Designated,
        FundKind::Pool,
        FundKind::Unrestricted,
        FundKind::Held,
        FundKind::Advance,
        FundKind::Agency,
        FundKind::Fee,
        FundKind::Goods,
    ];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            FundKind::Project => "project",
            FundKind::Administrative => "administrative",
            FundKind::Designated => "designated",
            FundKind::Pool => "pool",
            FundKind::Unrestricted => "unrestricted",
            FundKind::Held => "held",
            FundKind::Advance => "advance",
            FundKind::Agency => "agency",
            FundKind::Fee => "fee",
            FundKind::Goods => "goods",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            FundKind::Project => "项目资金",
            FundKind::Administrative => "管理费",
            FundKind::Designated => "定向资金",
            FundKind::Pool => "资金池",
            FundKind::Unrestricted => "非限定资金",
            FundKind::Held => "待处理款",
            FundKind::Advance => "预付执行机构",
            FundKind::Agency => "受托代理",
            FundKind::Fee => "渠道手续费",
            FundKind::Goods => "物资",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<FundKind> {
        FundKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Counts as raised money: agency and held money do not (AC-07, DESIGN 4).
    pub fn counts_as_raised(self) -> bool {
        !matches!(
            self,
            FundKind::Held | FundKind::Agency | FundKind::Advance | FundKind::Goods
        )
    }
}

/// 〔限定〕 The kind of restriction (AC-03): it comes from the donor or the law, never from the council.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// 非限定
    None,
    /// 用途限定
    Purpose,
    /// 时间限定
    Time,
    /// 用途和时间限定
    Both,
    /// 受托代理
    Agency,
}

impl Restriction {
    /// Whether money that is restricted so keeps every part of the restriction `of`.
    pub fn keeps(self, of: Restriction) -> bool {
        match of {
            Restriction::None => true,
            Restriction::Purpose => matches!(self, Restriction::Purpose | Restriction::Both),
            Restriction::Time => matches!(self, Restriction::Time | Restriction::Both),
            Restriction::Both => self == Restriction::Both,
            Restriction::Agency => self == Restriction::Agency,
        }
    }

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            Restriction::None => "none",
            Restriction::Purpose => "purpose",
            Restriction::Time => "time",
            Restriction::Both => "both",
            Restriction::Agency => "agency",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Restriction::None => "非限定",
            Restriction::Purpose => "用途限定",
            Restriction::Time => "时间限定",
            Restriction::Both => "用途和时间限定",
            Restriction::Agency => "受托代理",
        }
    }

    /// The restriction of a stored code.
    pub fn parse(code: &str) -> Option<Restriction> {
        [
            Restriction::None,
            Restriction::Purpose,
            Restriction::Time,
            Restriction::Both,
            Restriction::Agency,
        ]
        .into_iter()
        .find(|restriction| restriction.code() == code)
    }
}

/// 〔资金〕 What decisions need to know of a fund.
#[derive(Debug, Clone)]
pub struct Fund {
    /// Its key.
    pub id: Id<ids::Fund>,
    /// The owner.
    pub organisation: Id<ids::Organisation>,
    /// What it is for.
    pub kind: FundKind,
    /// `fen`, or the printed unit of an item (goods).
    pub unit: String,
    /// Its name on pages.
    pub title: String,
    /// Its restriction.
    pub restriction: Restriction,
    /// The campaign that raised it.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The partner that holds it (advances).
    pub partner: Option<Id<ids::Organisation>>,
    /// Its counters.
    pub tape: Tape,
}

/// A fund to be opened.
#[derive(Debug, Clone)]
pub struct NewFund {
    /// The owner.
    pub organisation: Id<ids::Organisation>,
    /// What it is for.
    pub kind: FundKind,
    /// `fen`, or the unit of an item.
    pub unit: String,
    /// Its name on pages.
    pub title: String,
    /// Its restriction.
    pub restriction: Restriction,
    /// The purpose in words.
    pub purpose: String,
    /// Limits use to a region.
    pub region: Option<RegionCode>,
    /// First day of use.
    pub usable_from: Option<Day>,
    /// Last day of use.
    pub usable_to: Option<Day>,
    /// The campaign that raises it.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The partner that holds it.
    pub partner: Option<Id<ids::Organisation>>,
}

impl NewFund {
    /// A money fund without dates, region, campaign or partner.
    pub fn money(
        organisation: Id<ids::Organisation>,
        kind: FundKind,
        title: impl Into<String>,
        restriction: Restriction,
    ) -> NewFund {
        NewFund {
            organisation,
            kind,
            unit: "fen".into(),
            title: title.into(),
            restriction,
            purpose: String::new(),
            region: None,
            usable_from: None,
            usable_to: None,
            campaign: None,
            partner: None,
        }
    }

    /// The same fund under a campaign.
    #[must_use]
    pub fn for_campaign(mut self, campaign: Id<ids::Campaign>) -> NewFund {
        self.campaign = Some(campaign);
        self
    }

    /// The same fund with its purpose in words.
    #[must_use]
    pub fn with_purpose(mut self, purpose: impl Into<String>) -> NewFund {
        self.purpose = purpose.into();
        self
    }
}
