//! What may be entered in the register of an organisation, as a table.

/// 〔登记事项〕 What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// 〔法人登记〕 Whether there is such a legal person and whether it may act.
    Legal,
    /// 〔慈善组织〕 Whether it is a charity.
    Charity,
    /// 〔公开募捐资格〕 Whether it may raise from the public.
    Fundraising,
    /// 〔公益性捐赠税前扣除资格〕 Whether gifts to it are deducted from taxable income.
    Deduction,
    /// 〔名称〕 Its name.
    Name,
    /// 〔住所〕 Where it has its seat.
    Domicile,
    /// 〔业务范围〕 What it may do.
    Scope,
    /// 〔法定代表人〕 Who represents it; the name of a natural person.
    Representative,
    /// 〔章程〕 A change of its charter.
    Charter,
    /// 〔理事长〕 The chair of its council; the name of a natural person.
    Chair,
    /// 〔秘书长〕 Its secretary-general; the name of a natural person.
    Secretary,
    /// 〔评估等级〕 The grade that an evaluation gave it.
    Grade,
    /// 〔承继单位〕 Who goes on with what it had; there may be several.
    Successor,
    /// 〔年度报告〕 What it reported of a year.
    Report,
}

/// 〔登记状态〕 What an entry of a standing says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 存续
    InForce,
    /// 限期停止活动
    OrderedStop,
    /// 已决议终止，等待清算
    Terminating,
    /// 清算
    Liquidating,
    /// 注销
    Deregistered,
    /// 吊销或者撤销登记
    Struck,
    /// 设立时登记为慈善组织
    CharityBorn,
    /// 认定为慈善组织
    Recognised,
    /// 不再是慈善组织
    CharityEnded,
    /// 资格有效
    Valid,
    /// 资格中止
    Suspended,
    /// 资格吊销
    Revoked,
    /// 资格交回
    Surrendered,
    /// 证书已到期：被中止的证书在中止期间到期，中止后来解除
    Lapsed,
    /// 税前扣除资格有效
    Deductible,
    /// 税前扣除资格取消
    DeductionEnded,
    /// 5A级
    FiveA,
    /// 4A级
    FourA,
    /// 3A级
    ThreeA,
    /// 2A级
    TwoA,
    /// 1A级
    OneA,
    /// 评估等级取消
    GradeEnded,
}

/// The standings of each item with their codes in the database and in leaves.
const STANDINGS: [(Item, Standing, &str, &str); 22] = [
    (Item::Legal, Standing::InForce, "in_force", "存续"),
    (
        Item::Legal,
        Standing::OrderedStop,
        "ordered_stop",
        "限期停止活动",
    ),
    (
        Item::Legal,
        Standing::Terminating,
        "terminating",
        "已终止待清算",
    ),
    (Item::Legal, Standing::Liquidating, "liquidating", "清算中"),
    (
        Item::Legal,
        Standing::Deregistered,
        "deregistered",
        "已注销",
    ),
    (
        Item::Legal,
        Standing::Struck,
        "revoked",
        "登记已被吊销或撤销",
    ),
    (
        Item::Charity,
        Standing::CharityBorn,
        "registered",
        "设立时登记为慈善组织",
    ),
    (
        Item::Charity,
        Standing::Recognised,
        "recognised",
        "认定为慈善组织",
    ),
    (
        Item::Charity,
        Standing::CharityEnded,
        "ended",
        "不再是慈善组织",
    ),
    (Item::Fundraising, Standing::Valid, "valid", "有效"),
    (
        Item::Fundraising,
        Standing::Suspended,
        "suspended",
        "已中止",
    ),
    (Item::Fundraising, Standing::Revoked, "revoked", "已吊销"),
    (
        Item::Fundraising,
        Standing::Surrendered,
        "surrendered",
        "已交回",
    ),
    (Item::Fundraising, Standing::Lapsed, "lapsed", "证书已到期"),
    (Item::Deduction, Standing::Deductible, "valid", "有效"),
    (Item::Deduction, Standing::DeductionEnded, "ended", "已取消"),
    (Item::Grade, Standing::FiveA, "5a", "5A级"),
    (Item::Grade, Standing::FourA, "4a", "4A级"),
    (Item::Grade, Standing::ThreeA, "3a", "3A级"),
    (Item::Grade, Standing::TwoA, "2a", "2A级"),
    (Item::Grade, Standing::OneA, "1a", "1A级"),
    (Item::Grade, Standing::GradeEnded, "ended", "已取消"),
];

/// Code and name of every standing, for a choice; codes of several items are told apart by the item in front.
pub const STANDING_CHOICES: [(&str, &str); 22] = [
    ("legal.in_force", "法人登记：存续"),
    ("legal.ordered_stop", "法人登记：限期停止活动"),
    ("legal.terminating", "法人登记：已终止待清算"),
    ("legal.liquidating", "法人登记：清算中"),
    ("legal.deregistered", "法人登记：已注销"),
    ("legal.revoked", "法人登记：登记已被吊销或撤销"),
    ("charity.registered", "慈善组织：设立时登记"),
    ("charity.recognised", "慈善组织：认定"),
    ("charity.ended", "慈善组织：不再是"),
    ("fundraising.valid", "公开募捐资格：有效"),
    ("fundraising.suspended", "公开募捐资格：已中止"),
    ("fundraising.revoked", "公开募捐资格：已吊销"),
    ("fundraising.surrendered", "公开募捐资格：已交回"),
    ("fundraising.lapsed", "公开募捐资格：证书已到期"),
    ("deduction.valid", "公益性捐赠税前扣除资格：有效"),
    ("deduction.ended", "公益性捐赠税前扣除资格：已取消"),
    ("grade.5a", "评估等级：5A级"),
    ("grade.4a", "评估等级：4A级"),
    ("grade.3a", "评估等级：3A级"),
    ("grade.2a", "评估等级：2A级"),
    ("grade.1a", "评估等级：1A级"),
    ("grade.ended", "评估等级：已取消"),
];

impl Item {
    /// All items, in the order of pages.
    pub const ALL: [Item; 14] = [
        Item::Legal,
        Item::Charity,
        Item::Fundraising,
        Item::Deduction,
        Item::Name,
        Item::Domicile,
        Item::Scope,
        Item::Representative,
        Item::Charter,
        Item::Chair,
        Item::Secretary,
        Item::Grade,
        Item::Successor,
        Item::Report,
    ];

    /// The stored code, also in leaves.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Item::Legal => "legal",
            Item::Charity => "charity",
            Item::Fundraising => "fundraising",
            Item::Deduction => "deduction",
            Item::Name => "name",
            Item::Domicile => "domicile",
            Item::Scope => "scope",
            Item::Representative => "representative",
            Item::Charter => "charter",
            Item::Chair => "chair",
            Item::Secretary => "secretary",
            Item::Grade => "grade",
            Item::Successor => "successor",
            Item::Report => "report",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Item::Legal => "法人登记",
            Item::Charity => "慈善组织",
            Item::Fundraising => "公开募捐资格",
            Item::Deduction => "公益性捐赠税前扣除资格",
            Item::Name => "名称",
            Item::Domicile => "住所",
            Item::Scope => "业务范围",
            Item::Representative => "法定代表人",
            Item::Charter => "章程",
            Item::Chair => "理事长",
            Item::Secretary => "秘书长",
            Item::Grade => "评估等级",
            Item::Successor => "承继单位",
            Item::Report => "年度报告",
        }
    }

    /// The item of a stored code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Item> {
        Item::ALL.into_iter().find(|item| item.code() == code)
    }

    /// True if an entry says a standing; else it says words.
    #[must_use]
    pub fn has_standings(self) -> bool {
        matches!(
            self,
            Item::Legal | Item::Charity | Item::Fundraising | Item::Deduction | Item::Grade
        )
    }

    /// True if an entry may begin later than it is recorded: a grade counts from the first of January after it was
    /// announced (SU-07). Everything else that a register tells has happened.
    #[must_use]
    pub fn may_begin_later(self) -> bool {
        self == Item::Grade
    }

    /// True if words of this item are the name of a natural person.
    #[must_use]
    pub fn is_person(self) -> bool {
        matches!(self, Item::Representative | Item::Chair | Item::Secretary)
    }
}

impl Standing {
    /// True for what somebody is given against his will: a penalty or a measure.
    #[must_use]
    pub fn is_penalty(self) -> bool {
        matches!(
            self,
            Standing::OrderedStop | Standing::Struck | Standing::Suspended | Standing::Revoked
        )
    }

    /// The stored code, also in leaves; it is read together with its item.
    #[must_use]
    pub fn code(self) -> &'static str {
        STANDINGS
            .iter()
            .find(|row| row.1 == self)
            .map_or("", |row| row.2)
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        STANDINGS
            .iter()
            .find(|row| row.1 == self)
            .map_or("", |row| row.3)
    }

    /// 〔暂时〕 True if it only interrupts: behind its last day counts again what counted before it.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Standing::Suspended | Standing::OrderedStop)
    }

    /// 〔终局〕 True if only a later entry ends it: a last day would mean nothing, so none counts.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        matches!(
            self,
            Standing::Terminating
                | Standing::Liquidating
                | Standing::Deregistered
                | Standing::Struck
                | Standing::CharityEnded
                | Standing::Revoked
                | Standing::Surrendered
                | Standing::Lapsed
                | Standing::DeductionEnded
                | Standing::GradeEnded
        )
    }

    /// 〔终结中〕 True if the organisation is on its way out or gone: nothing new begins, what is there is settled.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(
            self,
            Standing::Terminating
                | Standing::Liquidating
                | Standing::Deregistered
                | Standing::Struck
        )
    }

    /// 〔可发证〕 True if a certificate says it.
    #[must_use]
    pub fn is_certified(self) -> bool {
        matches!(
            self,
            Standing::InForce
                | Standing::CharityBorn
                | Standing::Recognised
                | Standing::Valid
                | Standing::Deductible
        )
    }

    /// The item that has this standing.
    #[must_use]
    pub fn item(self) -> Item {
        STANDINGS
            .iter()
            .find(|row| row.1 == self)
            .map_or(Item::Legal, |row| row.0)
    }

    /// The standing of a code of [`STANDING_CHOICES`].
    #[must_use]
    pub fn chosen(code: &str) -> Option<Standing> {
        let (item, standing) = code.split_once('.')?;
        Standing::parse(Item::parse(item)?, standing)
    }

    /// The standing of a stored code.
    #[must_use]
    pub fn parse(item: Item, code: &str) -> Option<Standing> {
        STANDINGS
            .iter()
            .find(|row| row.0 == item && row.2 == code)
            .map(|row| row.1)
    }
}
