//! The statutory chart of accounts: 56 first-level codes of 民间非营利组织会计制度, in force
//! since 2026-01-01, with the details that the system demands below them (rules AC-02, AC-11,
//! dictionary 2.16). Codes are data here and in `data/chart-of-accounts.csv`; a test holds the
//! two together.

/// 〔会计科目代码〕 A code of the chart. Only codes of [`CHART`] exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountCode(u16);

/// 〔科目类别〕 What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 〔资产〕
    Asset,
    /// 〔负债〕
    Liability,
    /// 〔净资产〕
    NetAsset,
    /// 〔收入〕
    Income,
    /// 〔费用〕
    Cost,
}

/// 〔明细科目〕 A compulsory second level that our postings use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// 〔非银行支付机构网络支付款〕 Below 1009 (AC-09).
    PaymentPlatform,
    /// 〔设立慈善信托支出〕 Below 5101 (AC-11).
    CharitableTrust,
    /// 〔募捐成本〕 Below 5401 (AC-11).
    Fundraising,
}

/// 〔限定标记〕 The split that income, cost, 3201 and agency cash carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// 〔限定性〕
    Restricted,
    /// 〔非限定性〕
    Unrestricted,
    /// 〔受托代理资产〕 Agency money in a cash account.
    Agency,
}

/// 〔科目〕 An account with its detail and its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The first-level code.
    pub code: AccountCode,
    /// The second level, where there is one.
    pub detail: Option<Detail>,
    /// The split, where there is one.
    pub mark: Option<Mark>,
}

/// Every account of the chart: code, name, class.
pub const CHART: &[(AccountCode, &str, Class)] = &[
    (AccountCode(1001), "现金", Class::Asset),
    (AccountCode(1002), "银行存款", Class::Asset),
    (AccountCode(1009), "其他货币资金", Class::Asset),
    (AccountCode(1101), "短期投资", Class::Asset),
    (AccountCode(1102), "短期投资跌价准备", Class::Asset),
    (AccountCode(1111), "应收票据", Class::Asset),
    (AccountCode(1121), "应收账款", Class::Asset),
    (AccountCode(1122), "其他应收款", Class::Asset),
    (AccountCode(1131), "坏账准备", Class::Asset),
    (AccountCode(1141), "预付账款", Class::Asset),
    (AccountCode(1201), "存货", Class::Asset),
    (AccountCode(1202), "存货跌价准备", Class::Asset),
    (AccountCode(1301), "待摊费用", Class::Asset),
    (AccountCode(1401), "长期股权投资", Class::Asset),
    (AccountCode(1402), "长期债权投资", Class::Asset),
    (AccountCode(1403), "其他长期投资", Class::Asset),
    (AccountCode(1421), "长期投资减值准备", Class::Asset),
    (AccountCode(1501), "固定资产", Class::Asset),
    (AccountCode(1502), "累计折旧", Class::Asset),
    (AccountCode(1505), "在建工程", Class::Asset),
    (AccountCode(1506), "文物资源", Class::Asset),
    (AccountCode(1509), "固定资产清理", Class::Asset),
    (AccountCode(1601), "无形资产", Class::Asset),
    (AccountCode(1602), "累计摊销", Class::Asset),
    (AccountCode(1701), "长期待摊费用", Class::Asset),
    (AccountCode(1801), "受托代理资产", Class::Asset),
    (AccountCode(2101), "短期借款", Class::Liability),
    (AccountCode(2201), "应付票据", Class::Liability),
    (AccountCode(2202), "应付账款", Class::Liability),
    (AccountCode(2203), "预收账款", Class::Liability),
    (AccountCode(2204), "应付职工薪酬", Class::Liability),
    (AccountCode(2206), "应交税费", Class::Liability),
    (AccountCode(2209), "其他应付款", Class::Liability),
    (AccountCode(2301), "预提费用", Class::Liability),
    (AccountCode(2501), "长期借款", Class::Liability),
    (AccountCode(2502), "长期应付款", Class::Liability),
    (AccountCode(2503), "预计负债", Class::Liability),
    (AccountCode(2601), "受托代理负债", Class::Liability),
    (AccountCode(3101), "非限定性净资产", Class::NetAsset),
    (AccountCode(3102), "限定性净资产", Class::NetAsset),
    (AccountCode(3201), "以前年度净资产调整", Class::NetAsset),
    (AccountCode(4101), "捐赠收入", Class::Income),
    (AccountCode(4201), "会费收入", Class::Income),
    (AccountCode(4301), "提供服务收入", Class::Income),
    (AccountCode(4401), "政府补助收入", Class::Income),
    (AccountCode(4501), "商品销售收入", Class::Income),
    (AccountCode(4601), "投资收益", Class::Income),
    (AccountCode(4701), "总部拨款收入", Class::Income),
    (AccountCode(4901), "其他收入", Class::Income),
    (AccountCode(5101), "业务活动成本", Class::Cost),
    (AccountCode(5201), "税金及附加", Class::Cost),
    (AccountCode(5301), "管理费用", Class::Cost),
    (AccountCode(5401), "筹资费用", Class::Cost),
    (AccountCode(5501), "资产减值损失", Class::Cost),
    (AccountCode(5601), "所得税费用", Class::Cost),
    (AccountCode(5901), "其他费用", Class::Cost),
];

impl AccountCode {
    /// 现金
    pub const CASH: AccountCode = AccountCode(1001);
    /// 银行存款
    pub const BANK: AccountCode = AccountCode(1002);
    /// 其他货币资金: money in payment channels that is not settled yet
    pub const OTHER_MONEY: AccountCode = AccountCode(1009);
    /// 其他应收款
    pub const OTHER_RECEIVABLE: AccountCode = AccountCode(1122);
    /// 预付账款: advances to executing partners
    pub const ADVANCE: AccountCode = AccountCode(1141);
    /// 存货: goods
    pub const STOCK: AccountCode = AccountCode(1201);
    /// 受托代理资产
    pub const AGENCY_ASSET: AccountCode = AccountCode(1801);
    /// 其他应付款
    pub const OTHER_PAYABLE: AccountCode = AccountCode(2209);
    /// 受托代理负债
    pub const AGENCY_LIABILITY: AccountCode = AccountCode(2601);
    /// 非限定性净资产
    pub const UNRESTRICTED: AccountCode = AccountCode(3101);
    /// 限定性净资产
    pub const RESTRICTED: AccountCode = AccountCode(3102);
    /// 以前年度净资产调整
    pub const PRIOR_YEARS: AccountCode = AccountCode(3201);
    /// 捐赠收入
    pub const DONATIONS: AccountCode = AccountCode(4101);
    /// 会费收入
    pub const DUES: AccountCode = AccountCode(4201);
    /// 提供服务收入
    pub const SERVICES: AccountCode = AccountCode(4301);
    /// 政府补助收入
    pub const SUBSIDIES: AccountCode = AccountCode(4401);
    /// 商品销售收入
    pub const SALES: AccountCode = AccountCode(4501);
    /// 投资收益
    pub const YIELDS: AccountCode = AccountCode(4601);
    /// 其他收入
    pub const OTHER_INCOME: AccountCode = AccountCode(4901);
    /// 业务活动成本
    pub const ACTIVITY: AccountCode = AccountCode(5101);
    /// 税金及附加
    pub const TAXES: AccountCode = AccountCode(5201);
    /// 管理费用
    pub const MANAGEMENT: AccountCode = AccountCode(5301);
    /// 筹资费用
    pub const FUNDRAISING: AccountCode = AccountCode(5401);
    /// 其他费用
    pub const OTHER_COST: AccountCode = AccountCode(5901);

    /// The code of this number, or `None` if the chart has none.
    pub fn new(number: u16) -> Option<AccountCode> {
        let row = CHART.iter().find(|row| row.0.0 == number);
        row.map(|row| row.0)
    }

    /// The number: 1002.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The name: 银行存款.
    pub fn title(self) -> &'static str {
        CHART
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }

    /// What it is. The first digit says it.
    pub const fn class(self) -> Class {
        match self.0 {
            ..2000 => Class::Asset,
            2000..3000 => Class::Liability,
            3000..4000 => Class::NetAsset,
            4000..5000 => Class::Income,
            5000.. => Class::Cost,
        }
    }

    /// Whether it is money itself, so that agency money stays in it under its own mark.
    pub const fn is_cash(self) -> bool {
        matches!(self.0, 1001 | 1002 | 1009)
    }

    /// The account without detail and mark.
    pub const fn plain(self) -> Account {
        Account {
            code: self,
            detail: None,
            mark: None,
        }
    }
}

impl Detail {
    /// The name.
    pub const fn title(self) -> &'static str {
        match self {
            Detail::PaymentPlatform => "非银行支付机构网络支付款",
            Detail::CharitableTrust => "设立慈善信托支出",
            Detail::Fundraising => "募捐成本",
        }
    }
}

impl Account {
    /// The same account under a mark.
    pub const fn marked(self, mark: Mark) -> Account {
        Account {
            mark: Some(mark),
            ..self
        }
    }

    /// The same account with a second level.
    pub const fn with(self, detail: Detail) -> Account {
        Account {
            detail: Some(detail),
            ..self
        }
    }

    /// The names of its levels, the account first.
    pub fn levels(self) -> impl Iterator<Item = &'static str> {
        let detail = self.detail.map(Detail::title);
        let mark = self.mark.map(|mark| self.mark_title(mark));
        std::iter::once(self.code.title()).chain(detail).chain(mark)
    }

    /// The name of the mark below this account.
    const fn mark_title(self, mark: Mark) -> &'static str {
        match (self.code.class(), mark) {
            (_, Mark::Agency) => "受托代理资产",
            (Class::Income, Mark::Restricted) => "限定性收入",
            (Class::Income, Mark::Unrestricted) => "非限定性收入",
            (Class::Cost, Mark::Restricted) => "限定性费用",
            (Class::Cost, Mark::Unrestricted) => "非限定性费用",
            (_, Mark::Restricted) => "限定性净资产",
            (_, Mark::Unrestricted) => "非限定性净资产",
        }
    }
}

/// The full name, levels joined by a dash: `5401 筹资费用—募捐成本—限定性费用`.
impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ", self.code.0)?;
        for (level, name) in self.levels().enumerate() {
            if level > 0 {
                f.write_str("—")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_the_published_list() {
        let file = include_str!("../../../data/chart-of-accounts.csv");
        let rows: Vec<String> = file.lines().skip(1).map(str::to_owned).collect();
        let class = |class| match class {
            Class::Asset => "asset",
            Class::Liability => "liability",
            Class::NetAsset => "net_asset",
            Class::Income => "income",
            Class::Cost => "cost",
        };
        let ours = CHART
            .iter()
            .map(|row| format!("{},{},{}", row.0.0, row.1, class(row.2)));
        assert_eq!(ours.collect::<Vec<_>>(), rows);
        assert_eq!(CHART.len(), 56);
    }

    #[test]
    fn the_first_digit_is_the_class() {
        for &(code, name, class) in CHART {
            assert_eq!(code.class(), class, "{name}");
            assert_eq!(AccountCode::new(code.get()), Some(code));
        }
        assert_eq!(AccountCode::new(1003), None);
    }

    #[test]
    fn every_named_code_is_in_the_chart() {
        use AccountCode as A;
        for code in [
            A::CASH,
            A::BANK,
            A::OTHER_MONEY,
            A::OTHER_RECEIVABLE,
            A::ADVANCE,
            A::STOCK,
            A::AGENCY_ASSET,
            A::OTHER_PAYABLE,
            A::AGENCY_LIABILITY,
            A::UNRESTRICTED,
            A::RESTRICTED,
            A::PRIOR_YEARS,
            A::DONATIONS,
            A::DUES,
            A::SERVICES,
            A::SUBSIDIES,
            A::SALES,
            A::YIELDS,
            A::OTHER_INCOME,
            A::ACTIVITY,
            A::TAXES,
            A::MANAGEMENT,
            A::FUNDRAISING,
            A::OTHER_COST,
        ] {
            assert!(!code.title().is_empty(), "{code:?}");
        }
    }

    #[test]
    fn full_names() {
        let fee = AccountCode::FUNDRAISING.plain().with(Detail::Fundraising);
        for (account, want) in [
            (
                fee.marked(Mark::Restricted),
                "5401 筹资费用—募捐成本—限定性费用",
            ),
            (
                AccountCode::DONATIONS.plain().marked(Mark::Unrestricted),
                "4101 捐赠收入—非限定性收入",
            ),
            (
                AccountCode::BANK.plain().marked(Mark::Agency),
                "1002 银行存款—受托代理资产",
            ),
            (AccountCode::STOCK.plain(), "1201 存货"),
        ] {
            assert_eq!(account.to_string(), want);
        }
    }
}
