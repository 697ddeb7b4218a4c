//! Rows of the bills of payment channels, in the forms that their merchants download.

use super::gifts::{Bill, GiftColumns};
use super::row_tests::{OWN, cells, check_reject, gift};
use super::*;
use kernel::Fen;

pub(super) const WECHAT: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const WECHAT_ROW: &str = "`2020-01-24 10:19:49,`wx1,`1,`0,`,`4200000,`m1,`oAbc,`NATIVE,`SUCCESS,`OTHERS,`CNY,`5.00,`0.00,`0,`0,`0.00,`0.00,`,`,`助学,`,`0.03000,`0.60%,`5.00,`0.00,`";
const WECHAT_FUND: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号";
const WECHAT_OWN: &str =
    "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注";
const ALIPAY: &str = "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注";
const ALIPAY_ROW: &str = "1\t,2020012422001\t,m\t,助学\t,2020-01-24 10:19:49\t,a***@b\t,5.00\t,\t,9.00\t,\t,在线支付\t,\t";
const ALIPAY_WEB: &str = "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,服务费（元）,成功退款（元）,备注,资金状态";
const ALIPAY_APP: &str = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,";

#[test]
fn headings_name_their_bill() {
    for (heading, bill) in [
        (WECHAT, Bill::WechatTrade),
        (WECHAT_FUND, Bill::WechatFund),
        (WECHAT_OWN, Bill::WechatPersonal),
        (ALIPAY, Bill::AlipayMerchant),
        (ALIPAY_WEB, Bill::AlipayWeb),
        (ALIPAY_APP, Bill::AlipayApp),
        (OWN, Bill::Template),
    ] {
        let reader = Reader::recognise(&cells(heading)).unwrap();
        let found = reader.gift_columns().map(GiftColumns::bill);
        assert_eq!((reader.layout(), found), (Layout::Gifts, Some(bill)));
    }
}

#[test]
fn wechat_trades() {
    let got = gift(WECHAT, WECHAT_ROW);
    assert_eq!(
        (got.channel, got.external_id.as_str()),
        (Channel::Wechat, "4200000")
    );
    assert_eq!((got.amount.get(), got.fee), (500, Some(Fen::new(3))));
    assert_eq!(
        (got.donor.as_str(), got.note.as_str()),
        ("", "助学"),
        "no payer's id is kept"
    );
    check_reject(
        WECHAT,
        &WECHAT_ROW.replace("SUCCESS", "REFUND"),
        "bill.state",
        Some(500),
    );
    check_reject(
        WECHAT,
        &WECHAT_ROW.replace("`CNY", "`HKD"),
        "row.currency",
        Some(500),
    );
    // Older merchants lack two columns of the bill.
    let older = WECHAT
        .replace("应结订单金额,代金券金额,", "")
        .replace(",订单金额,申请退款金额", ",总金额");
    let row = WECHAT_ROW
        .replace("`5.00,`0.00,`0,`0", "`0,`0")
        .replace("`5.00,`0.00,`", "`5.00,`");
    assert_eq!(gift(&older, &row).amount.get(), 500);
}

#[test]
fn remarks_and_totals_are_no_gifts() {
    let totals = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    check_reject(WECHAT, totals, "bill.remark", None);
    check_reject(
        WECHAT,
        "`2.0,`10.00,`0.00,`0.00,`0.06,`10.00,`0.00",
        "bill.remark",
        None,
    );
    check_reject(ALIPAY, "#-----账务明细列表结束-----", "bill.remark", None);
}

#[test]
fn wechat_funds_and_own_bills() {
    let row = "`2020-01-24 10:19:49,`42,`1,`交易,`交易,`收入,`5.00,`9,`system,`结算,`v";
    assert_eq!(gift(WECHAT_FUND, row).external_id, "42");
    let out = row.replace("`收入", "`支出");
    check_reject(WECHAT_FUND, &out, "bill.not_income", Some(500));
    let refund = row.replace("`交易,`收入", "`退款,`收入");
    check_reject(WECHAT_FUND, &refund, "bill.state", Some(500));
    let row = "2020-01-24 10:19:49,二维码收款,张三,收款,收入,¥5.00,/,已存入零钱,100,/,/";
    assert_eq!(gift(WECHAT_OWN, row).amount.get(), 500);
    check_reject(
        WECHAT_OWN,
        &row.replace("收入", "/"),
        "bill.not_income",
        Some(500),
    );
}

#[test]
fn alipay_bills() {
    let got = gift(ALIPAY, ALIPAY_ROW);
    assert_eq!(
        (got.channel, got.external_id.as_str()),
        (Channel::Alipay, "2020012422001")
    );
    assert_eq!(
        (got.amount.get(), got.donor.as_str()),
        (500, ""),
        "no account is kept"
    );
    let out = ALIPAY_ROW.replace("5.00\t,\t", "\t,5.00\t");
    check_reject(ALIPAY, &out, "bill.not_income", None);
    let row = "2020,m,x,2020-01-24 10:19:49,x,其他,即时到账,张三,助学,5.00,收入,交易成功,0.00,0.00,,已收入";
    assert_eq!(gift(ALIPAY_WEB, row).donor, "张三");
    check_reject(
        ALIPAY_WEB,
        &row.replace("0.00,0.00", "0.00,1.00"),
        "bill.paid_back",
        Some(500),
    );
    check_reject(
        ALIPAY_WEB,
        &row.replace("交易成功", "交易关闭"),
        "bill.state",
        Some(500),
    );
    let row = "2020-01-24 10:19:49,转账,张三,a,助学,收入,5.00,余额,交易成功,2020,m,,";
    assert_eq!(gift(ALIPAY_APP, row).amount.get(), 500);
}
