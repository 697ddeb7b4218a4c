//! The kinds of statement, and what each demands.
//!
//! A code is `word/version` and is never renamed or reused. A kind that asks for more or
//! other things later becomes a new version beside the old one, because old leaves are
//! checked by the rules under which they were written.

/// 〔陈述种类〕 What a leaf states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 〔捐赠〕 A gift of money came in.
    Gift,
    /// 〔期初余额〕 What was there when the books moved into this house.
    Opening,
    /// 〔利息〕 Interest came in.
    Interest,
    /// 〔投资收益〕 Yield came in.
    Yield,
    /// 〔政府补助〕 A subsidy came in.
    Subsidy,
    /// 〔变卖所得〕 Goods were sold.
    Sale,
    /// 〔会费〕 Dues came in.
    Dues,
    /// 〔服务收入〕 A service was paid for.
    Service,
    /// 〔其他收入〕 Other income came in.
    Other,
    /// 〔物资入库〕 Goods came in.
    Goods,
    /// 〔盘盈〕 More was counted than the books knew.
    Count,
    /// 〔退回〕 Money or an advance came back.
    Return,
    /// 〔冲回〕 A wrong outflow is undone.
    Reversal,
    /// 〔交付〕 Money or goods reached those they were meant for.
    Delivery,
    /// 〔成本费用〕 Administrative or fundraising cost.
    Cost,
    /// 〔手续费〕 A fee of a channel.
    Fee,
    /// 〔损失〕 Goods were lost.
    Loss,
    /// 〔退款〕 A gift goes back to its donor.
    Refund,
    /// 〔更正〕 A wrong inflow is taken out.
    Correction,
    /// 〔拒付〕 A channel took a gift back.
    Chargeback,
    /// 〔划拨〕 Money goes to another fund.
    Allotment,
    /// 〔重分类〕 A restriction changed or ended.
    Reclassification,
    /// 〔剩余转用〕 What is left goes to another purpose.
    Surplus,
    /// 〔合并划转〕 A fund is merged into another.
    Merger,
    /// 〔转换〕 Money became goods, or boxes became pieces.
    Conversion,
    /// 〔结算〕 Money moved from place to place inside its funds.
    Settlement,
    /// 〔组织〕 An organisation, or a new version of what is stated of it.
    Organisation,
    /// 〔登记〕 One entry of the register of an organisation: a standing or an attribute, from a day on.
    Register,
    /// 〔募捐活动〕 A campaign, or a new version.
    Campaign,
    /// 〔资金〕 A fund with its unit and restriction, before anything moves on it.
    Fund,
    /// 〔存放处〕 A place, before anything is put there.
    Place,
    /// 〔物资品目〕 An item of goods.
    Item,
    /// 〔公告〕 A total or a notice as it was announced.
    Announcement,
    /// 〔活动报告〕 How a campaign goes, or how it ended (慈善法 第七十九条).
    Report,
    /// 〔答复〕 A question of the public with the organisation's answer.
    Answer,
    /// 〔撤回〕 Words that stood open beside an earlier leaf are not shown any more, or a key was destroyed; the leaf stays.
    Withdrawal,
    /// 〔索引〕 How long each stream is and what it says, as one root over all leaves before it.
    Index,
    /// 〔日志开篇〕 The first leaf: origin, first day, name of the key.
    Log,
    /// 〔测试日志开篇〕 The first leaf of a log whose other entries are any bytes and state nothing.
    TestLog,
    /// 〔公钥更替〕 Another key will sign checkpoints beside the one so far, and then alone.
    Key,
    /// 〔公钥停用〕 A key signs no checkpoint any more that holds this leaf.
    KeyEnd,
    /// 〔离线核验页〕 What the offline verifier is that everybody is given.
    Verifier,
    /// 〔商密公钥〕 With which SM2 keys checkpoints are signed too, from this leaf on.
    Sm2Keys,
    /// 〔商密根〕 The root of the same leaves in a tree with SM3 in place of SHA-256.
    Sm3Root,
    /// 〔从镜像补回〕 A part of the log was brought back from a copy after the database had been lost.
    Recovery,
    /// A kind that this program does not know; its envelope is checked all the same.
    Unknown(String),
}

/// 〔流转形态〕 Which sides the movements of a kind have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No movements.
    None,
    /// From outside onto a tape.
    In,
    /// From a tape to outside.
    Out,
    /// From tape to tape, as many as left.
    Between,
    /// From outside onto a tape, or from tape to tape.
    Back,
    /// From tape to tape, other units: `n` counts what left.
    Convert,
    /// From place to place inside a fund.
    Places,
}

/// Whether a part must, may or must not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Must,
    /// It may be there.
    May,
    /// It must not be there.
    Never,
}

/// What a kind demands.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Its code in leaves.
    pub code: &'static str,
    /// Its Chinese name, for pages.
    pub title: &'static str,
    /// Its movements; every shape but [`Shape::None`] needs at least one.
    pub shape: Shape,
    /// The leaf that it corrects, undoes or amends.
    pub reference: Need,
    /// Swaps of a named outflow.
    pub swaps: Need,
    /// The organisation that states it; the log speaks of itself for none.
    pub organisation: Need,
    /// Words that must stand in `d`.
    pub must: &'static [&'static str],
    /// Words that may stand in `d`, besides [`EVERYWHERE`].
    pub may: &'static [&'static str],
}

/// Words that may stand in the data of every kind: accounting day, import and line, reason,
/// campaign, evidence and files, legal basis, and what is assumed and not known.
pub const EVERYWHERE: &[&str] = &[
    "acc", "assumed", "camp", "evidence", "files", "law", "line", "reason", "run", "source",
];

const INCOME: &[&str] = &[
    "ch",
    "cur",
    "donor_kind",
    "fee",
    "gross",
    "held",
    "orig",
    "published",
    "rate",
    "region",
    "share",
    "time_known",
];
const SPENDING: &[&str] = &[
    "ch",
    "class",
    "county",
    "month",
    "payee",
    "payee_kind",
    "persons",
    "region",
    "scheme_day",
    "uscc",
];
const STATED: &[&str] = &["from", "name", "public_until", "state", "until", "version"];

const fn income(code: &'static str, title: &'static str) -> Rules {
    Rules {
        code,
        title,
        shape: Shape::In,
        reference: Need::May,
        swaps: Need::Never,
        organisation: Need::Must,
        must: &[],
        may: INCOME,
    }
}

const fn spending(code: &'static str, title: &'static str) -> Rules {
    Rules {
        shape: Shape::Out,
        may: SPENDING,
        ..income(code, title)
    }
}

/// Takes one particular gift and names its leaf.
const fn named(code: &'static str, title: &'static str) -> Rules {
    Rules {
        reference: Need::Must,
        swaps: Need::May,
        ..spending(code, title)
    }
}

const fn between(code: &'static str, title: &'static str) -> Rules {
    Rules {
        shape: Shape::Between,
        may: SPENDING,
        ..income(code, title)
    }
}

/// A record whose later versions name the earlier ones.
const fn stated(code: &'static str, title: &'static str) -> Rules {
    Rules {
        shape: Shape::None,
        may: STATED,
        ..income(code, title)
    }
}

/// Every known kind with its rules.
pub static KINDS: &[(Kind, Rules)] = &[
    (
        Kind::Gift,
        Rules {
            must: &["ch"],
            ..income("gift/1", "捐赠")
        },
    ),
    (Kind::Opening, income("opening/1", "期初余额")),
    (Kind::Interest, income("interest/1", "利息")),
    (Kind::Yield, income("yield/1", "投资收益")),
    (Kind::Subsidy, income("subsidy/1", "政府补助")),
    (Kind::Sale, income("sale/1", "变卖所得")),
    (Kind::Dues, income("dues/1", "会费")),
    (Kind::Service, income("service/1", "服务收入")),
    (Kind::Other, income("other/1", "其他收入")),
    (
        Kind::Goods,
        Rules {
            may: &[
                "donor_kind",
                "held",
                "item",
                "published",
                "region",
                "time_known",
                "value",
            ],
            ..income("goods/1", "物资入库")
        },
    ),
    (Kind::Count, income("count/1", "盘盈")),
    (
        Kind::Return,
        Rules {
            shape: Shape::Back,
            swaps: Need::May,
            may: SPENDING,
            ..income("return/1", "退回")
        },
    ),
    (
        Kind::Reversal,
        Rules {
            shape: Shape::Back,
            reference: Need::Must,
            swaps: Need::May,
            may: SPENDING,
            ..income("reversal/1", "冲回")
        },
    ),
    (Kind::Delivery, spending("delivery/1", "交付")),
    (Kind::Cost, spending("cost/1", "成本费用")),
    (Kind::Fee, spending("fee/1", "手续费")),
    (Kind::Loss, spending("loss/1", "损失")),
    (Kind::Refund, named("refund/1", "退款")),
    (Kind::Correction, named("correction/1", "更正")),
    (Kind::Chargeback, named("chargeback/1", "拒付")),
    (Kind::Allotment, between("allotment/1", "划拨")),
    (
        Kind::Reclassification,
        Rules {
            swaps: Need::May,
            ..between("reclassification/1", "重分类")
        },
    ),
    (Kind::Surplus, between("surplus/1", "剩余转用")),
    (Kind::Merger, between("merger/1", "合并划转")),
    (
        Kind::Conversion,
        Rules {
            shape: Shape::Convert,
            may: &[
                "class",
                "item",
                "payee",
                "payee_kind",
                "ratio",
                "uscc",
                "value",
            ],
            ..between("conversion/1", "转换")
        },
    ),
    (
        Kind::Settlement,
        Rules {
            shape: Shape::Places,
            must: &["bill"],
            may: &["ch", "fee", "sum"],
            ..income("settlement/1", "结算")
        },
    ),
    (
        Kind::Organisation,
        Rules {
            must: &["name"],
            may: &[
                "from",
                "kind",
                "public_until",
                "region",
                "register",
                "registered",
                "source_id",
                "state",
                "until",
                "uscc",
                "version",
            ],
            ..stated("organisation/1", "组织")
        },
    ),
    (
        Kind::Register,
        Rules {
            must: &["from", "kind"],
            may: &[
                "document",
                "matter",
                "name",
                "office",
                "state",
                "successor",
                "until",
                "version",
            ],
            ..stated("register/1", "登记")
        },
    ),
    (
        Kind::Campaign,
        Rules {
            may: &[
                "admin_share",
                "ends",
                "entered_later",
                "filing",
                "from",
                "fund",
                "kind",
                "name",
                "online",
                "public_until",
                "region",
                "starts",
                "state",
                "target",
                "until",
                "version",
            ],
            ..stated("campaign/1", "募捐活动")
        },
    ),
    (
        Kind::Fund,
        Rules {
            must: &["unit"],
            may: &[
                "ends",
                "from",
                "investable",
                "item",
                "kind",
                "name",
                "partner",
                "region",
                "restriction",
                "starts",
                "state",
                "until",
                "version",
            ],
            ..stated("fund/1", "资金")
        },
    ),
    (
        Kind::Place,
        Rules {
            may: &[
                "account", "ch", "from", "kind", "name", "partner", "state", "until", "version",
            ],
            ..stated("place/1", "存放处")
        },
    ),
    (
        Kind::Item,
        Rules {
            may: &["from", "name", "state", "unit", "until", "version"],
            ..stated("item/1", "物资品目")
        },
    ),
    (
        Kind::Announcement,
        Rules {
            may: &[
                "amount",
                "by",
                "ch",
                "day",
                "measure",
                "number",
                "public_until",
                "unit",
            ],
            ..stated("announcement/1", "公告")
        },
    ),
    (
        Kind::Report,
        Rules {
            must: &["kind"],
            may: &["until", "version"],
            ..stated("report/1", "活动报告")
        },
    ),
    (
        Kind::Answer,
        Rules {
            may: &["day"],
            ..stated("answer/1", "答复")
        },
    ),
    (
        Kind::Withdrawal,
        Rules {
            reference: Need::Must,
            must: &["kind", "reason"],
            may: &["field"],
            ..stated("withdrawal/1", "撤回")
        },
    ),
    (
        Kind::Index,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["before", "root", "rules"],
            may: &[],
            ..stated("idx/1", "索引")
        },
    ),
    (
        Kind::Log,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["key", "origin", "start"],
            may: &["directory"],
            ..stated("log/1", "日志开篇")
        },
    ),
    (
        Kind::TestLog,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["key", "origin", "start"],
            may: &[],
            ..stated("testlog/1", "测试日志开篇")
        },
    ),
    (
        Kind::Key,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["from", "key", "old", "proof", "until"],
            may: &[],
            ..stated("key/1", "公钥更替")
        },
    ),
    (
        Kind::KeyEnd,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["before", "key"],
            may: &[],
            ..stated("key_end/1", "公钥停用")
        },
    ),
    (
        Kind::Verifier,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["files", "program"],
            may: &[],
            ..stated("verifier/1", "离线核验页")
        },
    ),
    (
        Kind::Sm2Keys,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &[],
            may: &["key", "old"],
            ..stated("sm2keys/1", "国密公钥")
        },
    ),
    (
        Kind::Sm3Root,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["before", "sm3"],
            may: &[],
            ..stated("sm3root/1", "国密摘要根")
        },
    ),
    (
        Kind::Recovery,
        Rules {
            reference: Need::Never,
            organisation: Need::May,
            must: &["before", "number"],
            may: &[],
            ..stated("recovery/1", "从镜像补回")
        },
    ),
];

impl Kind {
    /// The code in leaves.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Kind::Unknown(code) => code,
            known => known.rules().map_or("", |rules| rules.code),
        }
    }

    /// The Chinese name, for pages.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.rules().map_or("未知种类", |rules| rules.title)
    }

    /// The kind of a code; a code that is not known is kept.
    #[must_use]
    pub fn parse(code: &str) -> Kind {
        let known = KINDS.iter().find(|row| row.1.code == code);
        known.map_or_else(|| Kind::Unknown(code.to_owned()), |row| row.0.clone())
    }

    /// What it demands; nothing is known of unknown kinds.
    #[must_use]
    pub fn rules(&self) -> Option<&'static Rules> {
        KINDS.iter().find(|row| row.0 == *self).map(|row| &row.1)
    }

    /// Whether a text has the form of a code: `word/version`.
    pub(crate) fn is_code(text: &str) -> bool {
        text.split_once('/').is_some_and(|(word, version)| {
            (1..=24).contains(&word.len())
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                && (1..=3).contains(&version.len())
                && version.bytes().all(|b| b.is_ascii_digit())
                && !version.starts_with('0')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::word;

    #[test]
    fn every_kind_is_found_by_its_code_and_by_itself() {
        for (kind, rules) in KINDS {
            assert!(Kind::is_code(rules.code), "{}", rules.code);
            assert_eq!(Kind::parse(rules.code), *kind);
            assert_eq!(kind.rules().map(|r| r.code), Some(rules.code));
        }
        assert_eq!(Kind::parse("idx/9"), Kind::Unknown("idx/9".into()));
        assert_eq!(Kind::parse("idx/9").code(), "idx/9");
    }

    #[test]
    fn every_word_of_a_kind_is_in_the_vocabulary() {
        for key in KINDS
            .iter()
            .flat_map(|row| row.1.must.iter().chain(row.1.may))
            .chain(EVERYWHERE)
        {
            assert!(word(key).is_some(), "{key}");
        }
    }

    #[test]
    fn codes_have_one_form() {
        for text in [
            "gift",
            "gift/",
            "gift/0",
            "gift/01",
            "Gift/1",
            "/1",
            "gift/1/2",
            "gift/1000",
        ] {
            assert!(!Kind::is_code(text), "{text}");
        }
    }
}
