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
}

/// 〔登记状态〕 What an entry of a standing says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 存续
    InForce,
    /// 限期停止活动
    OrderedStop,
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
}

/// The standings of each item with their codes in the database and in leaves.
const STANDINGS: [(Item, Standing, &str, &str); 12] = [
    (Item::Legal, Standing::InForce, "in_force", "存续"),
    (
        Item::Legal,
        Standing::OrderedStop,
        "ordered_stop",
        "限期停止活动",
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
];

impl Item {
    /// All items, in the order of pages.
    pub const ALL: [Item; 8] = [
        Item::Legal,
        Item::Charity,
        Item::Fundraising,
        Item::Name,
        Item::Domicile,
        Item::Scope,
        Item::Representative,
        Item::Charter,
    ];

    /// The stored code, also in leaves.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Item::Legal => "legal",
            Item::Charity => "charity",
            Item::Fundraising => "fundraising",
            Item::Name => "name",
            Item::Domicile => "domicile",
            Item::Scope => "scope",
            Item::Representative => "representative",
            Item::Charter => "charter",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Item::Legal => "法人登记",
            Item::Charity => "慈善组织",
            Item::Fundraising => "公开募捐资格",
            Item::Name => "名称",
            Item::Domicile => "住所",
            Item::Scope => "业务范围",
            Item::Representative => "法定代表人",
            Item::Charter => "章程",
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
        matches!(self, Item::Legal | Item::Charity | Item::Fundraising)
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

    /// The item that has this standing.
    #[must_use]
    pub fn item(self) -> Item {
        STANDINGS
            .iter()
            .find(|row| row.1 == self)
            .map_or(Item::Legal, |row| row.0)
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
