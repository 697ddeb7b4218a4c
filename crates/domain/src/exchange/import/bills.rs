//! The bills of payment channels: what each is recognised by and where its fields stand.

use super::gift::Channel;

/// 〔账单种类〕 Which bill a heading belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bill {
    /// Our own template, or any list with the same columns.
    Template,
    /// 微信支付商户交易账单.
    WechatTrade,
    /// 微信支付商户资金账单.
    WechatFund,
    /// 微信个人账单.
    WechatPersonal,
    /// 支付宝商家账务明细.
    AlipayMerchant,
    /// 支付宝网页交易记录.
    AlipayWeb,
    /// 支付宝手机交易明细.
    AlipayApp,
}

/// 〔字段〕 What a gift is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// 渠道单号: unique within the channel. Needed.
    Number,
    /// 金额: needed.
    Amount,
    /// 时间: needed.
    Time,
    /// 姓名.
    Name,
    /// 备注.
    Note,
    /// 公开方式: how the donor wishes to be named.
    Display,
    /// 渠道.
    Channel,
    /// 币种.
    Currency,
    /// 手续费.
    Fee,
    /// 状态, 收/支 and the like: all of them must say that money came in.
    Direction,
    /// 交易状态.
    State,
    /// 成功退款: what was paid back already.
    PaidBack,
}

impl Field {
    pub(super) const ALL: [Field; 12] = [
        Field::Number,
        Field::Amount,
        Field::Time,
        Field::Name,
        Field::Note,
        Field::Display,
        Field::Channel,
        Field::Currency,
        Field::Fee,
        Field::Direction,
        Field::State,
        Field::PaidBack,
    ];
    /// Without these no gift can be read.
    pub(super) const NEEDED: [(Field, &'static str); 3] = [
        (Field::Number, "渠道单号"),
        (Field::Amount, "金额"),
        (Field::Time, "时间"),
    ];
}

pub(super) type Found = &'static [(Field, &'static [&'static str])];

/// What a bill is recognised by, which channel it is, and where its fields stand.
pub(super) struct Pattern {
    pub(super) bill: Bill,
    pub(super) channel: Channel,
    pub(super) signs: &'static [&'static str],
    pub(super) fields: Found,
}

/// Source: the downloads of the channels as their merchants get them (2018 to 2026). The
/// more particular bill stands first.
pub(super) const PATTERNS: [Pattern; 7] = [
    Pattern {
        bill: Bill::WechatTrade,
        channel: Channel::Wechat,
        signs: &["交易时间", "微信订单号", "交易状态"],
        fields: &[
            (Field::Number, &["微信订单号"]),
            (Field::Amount, &["订单金额", "应结订单金额", "总金额"]),
            (Field::Time, &["交易时间"]),
            (Field::Note, &["商品名称"]),
            (Field::Currency, &["货币种类"]),
            (Field::Fee, &["手续费"]),
            (Field::State, &["交易状态"]),
        ],
    },
    Pattern {
        bill: Bill::WechatFund,
        channel: Channel::Wechat,
        signs: &["记账时间", "微信支付业务单号", "收支类型"],
        fields: &[
            (Field::Number, &["微信支付业务单号"]),
            (Field::Amount, &["收支金额(元)"]),
            (Field::Time, &["记账时间"]),
            (Field::Note, &["备注"]),
            (Field::Direction, &["收支类型"]),
            (Field::State, &["业务类型"]),
        ],
    },
    Pattern {
        bill: Bill::WechatPersonal,
        channel: Channel::Wechat,
        signs: &["交易时间", "收/支", "交易单号", "当前状态"],
        fields: &[
            (Field::Number, &["交易单号"]),
            (Field::Amount, &["金额(元)"]),
            (Field::Time, &["交易时间"]),
            (Field::Name, &["交易对方"]),
            (Field::Note, &["商品"]),
            (Field::Direction, &["收/支"]),
            (Field::State, &["当前状态"]),
        ],
    },
    Pattern {
        bill: Bill::AlipayMerchant,
        channel: Channel::Alipay,
        signs: &["业务流水号", "收入金额(+元)", "发生时间"],
        fields: &[
            (Field::Number, &["业务流水号"]),
            (Field::Amount, &["收入金额(+元)"]),
            (Field::Time, &["发生时间"]),
            (Field::Note, &["商品名称"]),
        ],
    },
    Pattern {
        bill: Bill::AlipayWeb,
        channel: Channel::Alipay,
        signs: &["交易号", "付款时间", "收/支", "交易状态"],
        fields: &[
            (Field::Number, &["交易号"]),
            (Field::Amount, &["金额(元)"]),
            (Field::Time, &["付款时间"]),
            (Field::Name, &["交易对方"]),
            (Field::Note, &["商品名称"]),
            (Field::Fee, &["服务费(元)"]),
            (Field::Direction, &["收/支"]),
            (Field::State, &["交易状态"]),
            (Field::PaidBack, &["成功退款(元)"]),
        ],
    },
    Pattern {
        bill: Bill::AlipayApp,
        channel: Channel::Alipay,
        signs: &["交易订单号", "收/支", "交易状态", "商品说明"],
        fields: &[
            (Field::Number, &["交易订单号"]),
            (Field::Amount, &["金额"]),
            (Field::Time, &["交易时间"]),
            (Field::Name, &["交易对方"]),
            (Field::Note, &["商品说明"]),
            (Field::Direction, &["收/支"]),
            (Field::State, &["交易状态"]),
        ],
    },
    Pattern {
        bill: Bill::Template,
        channel: Channel::Unsaid,
        signs: &[],
        fields: &[
            (
                Field::Number,
                &[
                    "渠道单号",
                    "订单号",
                    "交易号",
                    "交易单号",
                    "流水号",
                    "银行流水号",
                    "收据号",
                    "凭证号",
                ],
            ),
            (
                Field::Amount,
                &[
                    "金额",
                    "金额(元)",
                    "捐赠金额",
                    "捐赠金额(元)",
                    "捐款金额",
                    "捐款金额(元)",
                ],
            ),
            (
                Field::Time,
                &[
                    "时间",
                    "捐赠时间",
                    "捐款时间",
                    "交易时间",
                    "到账时间",
                    "付款时间",
                    "支付时间",
                    "日期",
                    "捐赠日期",
                    "到账日期",
                ],
            ),
            (
                Field::Name,
                &["姓名", "捐赠人", "捐赠人姓名", "捐赠方", "捐款人", "名称"],
            ),
            (Field::Note, &["备注", "留言", "附言", "摘要"]),
            (Field::Display, &["公开方式", "署名方式", "公示方式"]),
            (Field::Channel, &["渠道", "捐赠渠道", "支付方式"]),
            (Field::Currency, &["币种", "货币种类"]),
            (Field::Fee, &["手续费", "手续费(元)"]),
        ],
    },
];
