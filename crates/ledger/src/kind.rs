//! The kinds of movement: what happened, in one word that stands in the public log.

/// 〔流转类型〕 What a movement is.
///
/// The code stands in leaves and is never renamed; a new kind gets a new code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 〔捐赠〕 A gift of money or goods.
    Gift,
    /// 〔期初余额〕 What was there when the books moved into this house.
    Opening,
    /// 〔利息〕 Interest of a bank.
    Interest,
    /// 〔投资收益〕 Yield of an investment.
    Yield,
    /// 〔政府补助〕 A subsidy of a government.
    Subsidy,
    /// 〔变卖所得〕 Money for goods that were sold.
    Sale,
    /// 〔会费〕 Dues of members.
    Dues,
    /// 〔服务收入〕 Money for services.
    Service,
    /// 〔其他收入〕 Other income.
    Other,
    /// 〔盘盈〕 More was counted than the books knew.
    Count,
    /// 〔退回〕 An advance not used comes back; or money spent comes back from outside.
    Return,
    /// 〔冲回〕 A wrong outflow is undone.
    Reversal,
    /// 〔交付〕 Money or goods reached the final beneficiary.
    Delivery,
    /// 〔成本费用〕 Administrative or fundraising cost.
    Cost,
    /// 〔手续费〕 A fee of a payment channel.
    Fee,
    /// 〔损失〕 Goods perished, were lost, or were missing at the count.
    Loss,
    /// 〔退款〕 A gift, or a part of it, goes back to its donor.
    Refund,
    /// 〔更正〕 A wrong inflow is taken out.
    Correction,
    /// 〔拒付〕 The channel took a gift back.
    Chargeback,
    /// 〔划拨〕 Money goes to another fund, an advance to a partner included.
    Allotment,
    /// 〔重分类〕 A restriction changed or ended.
    Reclassification,
    /// 〔剩余转用〕 What is left of a campaign goes to another purpose.
    Surplus,
    /// 〔合并划转〕 A fund is merged into another.
    Merger,
    /// 〔转换〕 Money becomes goods, or boxes become pieces.
    Conversion,
}

/// 〔流转形态〕 Which sides a kind of movement has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Only an inflow: from outside onto a tape.
    In,
    /// Only an outflow: from a tape to outside.
    Out,
    /// From tape to tape.
    Between,
    /// From tape to tape if the fen are still ours, else from outside onto a tape.
    Back,
}

/// Every kind with its code and its Chinese name, in the order of the enum.
pub const KINDS: &[(Kind, &str, &str)] = &[
    (Kind::Gift, "gift", "捐赠"),
    (Kind::Opening, "opening", "期初余额"),
    (Kind::Interest, "interest", "利息"),
    (Kind::Yield, "yield", "投资收益"),
    (Kind::Subsidy, "subsidy", "政府补助"),
    (Kind::Sale, "sale", "变卖所得"),
    (Kind::Dues, "dues", "会费"),
    (Kind::Service, "service", "服务收入"),
    (Kind::Other, "other", "其他收入"),
    (Kind::Count, "count", "盘盈"),
    (Kind::Return, "return", "退回"),
    (Kind::Reversal, "reversal", "冲回"),
    (Kind::Delivery, "delivery", "交付"),
    (Kind::Cost, "cost", "成本费用"),
    (Kind::Fee, "fee", "手续费"),
    (Kind::Loss, "loss", "损失"),
    (Kind::Refund, "refund", "退款"),
    (Kind::Correction, "correction", "更正"),
    (Kind::Chargeback, "chargeback", "拒付"),
    (Kind::Allotment, "allotment", "划拨"),
    (Kind::Reclassification, "reclassification", "重分类"),
    (Kind::Surplus, "surplus", "剩余转用"),
    (Kind::Merger, "merger", "合并划转"),
    (Kind::Conversion, "conversion", "转换"),
];

impl Kind {
    /// The code as it stands in leaves.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The Chinese name, for pages.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The kind of a code, or `None` for a code that is not ours.
    pub fn parse(code: &str) -> Option<Kind> {
        KINDS.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// Which sides it has.
    pub const fn shape(self) -> Shape {
        match self {
            Kind::Gift
            | Kind::Opening
            | Kind::Interest
            | Kind::Yield
            | Kind::Subsidy
            | Kind::Sale
            | Kind::Dues
            | Kind::Service
            | Kind::Other
            | Kind::Count => Shape::In,
            Kind::Return | Kind::Reversal => Shape::Back,
            Kind::Delivery
            | Kind::Cost
            | Kind::Fee
            | Kind::Loss
            | Kind::Refund
            | Kind::Correction
            | Kind::Chargeback => Shape::Out,
            Kind::Allotment
            | Kind::Reclassification
            | Kind::Surplus
            | Kind::Merger
            | Kind::Conversion => Shape::Between,
        }
    }

    /// Whether fen come from outside with it.
    pub const fn is_inflow(self) -> bool {
        matches!(self.shape(), Shape::In | Shape::Back)
    }

    /// Whether fen leave to the outside with it.
    pub const fn is_outflow(self) -> bool {
        matches!(self.shape(), Shape::Out)
    }

    /// Whether it goes from tape to tape.
    pub const fn is_between(self) -> bool {
        matches!(self.shape(), Shape::Between | Shape::Back)
    }

    /// Whether it may take one particular gift instead of whatever is at the head
    /// (DESIGN 5, named outflows).
    pub const fn may_be_named(self) -> bool {
        matches!(
            self,
            Kind::Refund
                | Kind::Correction
                | Kind::Chargeback
                | Kind::Reclassification
                | Kind::Return
                | Kind::Reversal
        )
    }

    fn row(self) -> (Kind, &'static str, &'static str) {
        let found = KINDS.iter().find(|row| row.0 == self);
        found.copied().unwrap_or((self, "", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_code_that_reads_back() {
        for (index, &(kind, code, title)) in KINDS.iter().enumerate() {
            assert_eq!(kind as usize, index, "{code} stands out of order");
            assert_eq!(Kind::parse(code), Some(kind));
            assert_eq!((kind.code(), kind.title()), (code, title));
            assert!(!title.is_empty());
        }
        assert_eq!(KINDS.len(), Kind::Conversion as usize + 1);
        assert_eq!(Kind::parse("Gift"), None);
    }

    #[test]
    fn every_kind_moves_somewhere() {
        for &(kind, code, _) in KINDS {
            assert!(
                kind.is_inflow() || kind.is_outflow() || kind.is_between(),
                "{code}"
            );
            assert!(!kind.may_be_named() || kind.shape() != Shape::In, "{code}");
        }
    }
}
