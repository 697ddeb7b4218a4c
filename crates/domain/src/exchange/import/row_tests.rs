//! Rows of every layout: one that is taken, and one for each reason why not.

use super::announced::ProposedAnnouncement;
use super::gifts::{Field, GiftColumns};
use super::goods::{GoodsDay, broken_names, recipient_row};
use super::organisation::{Mark, likely_duplicates, name_key};
use super::*;
use kernel::{Day, Fen};
use proptest::prelude::*;

pub(super) fn cells(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

/// Reads one row below one heading.
pub(super) fn read(heading: &str, row: &str) -> Result<Proposal, Reject> {
    let reader = Reader::recognise(&cells(heading)).unwrap();
    reader.read_row(&Row {
        line: 7,
        cells: &cells(row),
    })
}

pub(super) fn gift(heading: &str, row: &str) -> ProposedGift {
    match read(heading, row) {
        Ok(Proposal::Gift(gift)) => *gift,
        other => panic!("{row}: {other:?}"),
    }
}

/// The row is rejected with this code, with a reason that speaks, and with this amount.
#[track_caller]
pub(super) fn check_reject(heading: &str, row: &str, code: &str, amount: Option<i64>) {
    let reject = read(heading, row).expect_err(row);
    assert_eq!(
        (reject.code, reject.amount.map(kernel::Amount::get)),
        (code, amount),
        "{row}"
    );
    let reason = reject.reason.to_string();
    assert!(
        reason.ends_with('。') && (reason.contains('请') || reason.contains("不用处理")),
        "{reason}"
    );
}

const QR: &str = "published_for_day,order_no,paid_at,channel_code,amount_cny,memo_masked";
const QR_ROW: &str =
    "2020-01-24,0101202001241019490081121311,2020-01-24T10:19:49+08:00,0101,0.02,加油";

#[test]
fn qr_pos() {
    let got = gift(QR, QR_ROW);
    assert_eq!(
        (got.channel, got.external_id.as_str()),
        (Channel::QrPos, "0101202001241019490081121311")
    );
    assert_eq!(
        (got.amount.get(), got.note.as_str(), got.source_line),
        (2, "加油", 7)
    );
    assert_eq!(got.time.order().rfc3339(), "2020-01-24T02:19:49Z");
    let fen = Some(2);
    for (from, to, code) in [
        (
            "0101202001241019490081121311",
            "010120200124101949008112131",
            "qr.order_no",
        ),
        (
            "0101202001241019490081121311",
            "0101202001241019490081121X11",
            "qr.order_no",
        ),
        (",0101,", ",0102,", "qr.order_no"),
        (
            "0101202001241019490081121311",
            "0101202001246019490081121311",
            "qr.order_time",
        ),
        ("T10:19:49", "T10:19:50", "qr.time_differs"),
        ("T10:19:49+08:00", "", "row.time"),
        ("2020-01-24,0101", "24/1/2020,0101", "row.day"),
        ("加油", "a\u{7}", "row.control"),
    ] {
        check_reject(QR, &QR_ROW.replace(from, to), code, fen);
    }
    check_reject(
        QR,
        &QR_ROW.replace(",加油", &format!(",{}", "长".repeat(501))),
        "row.too_long",
        fen,
    );
    for amount in ["0", "0.00", "-1", "1.001", "一百", ""] {
        check_reject(
            QR,
            &QR_ROW.replace(",0.02,", &format!(",{amount},")),
            "row.amount",
            None,
        );
    }
}

const NAMED: &str = "channel,published_for_day,line,donor_masked,donor_kind_guess,donor_hash,amount,currency,paid_at,source_file";
const NAMED_ROW: &str = "bank_comm,2020-01-29,4697,张*,person,37f7862255,200.00,CNY,,名单.xlsx";

#[test]
fn named() {
    let got = gift(NAMED, NAMED_ROW);
    assert_eq!(got.external_id, "bank_comm/2020-01-29/名单.xlsx/4697");
    assert_eq!(
        (got.channel, got.donor_kind, got.amount.get()),
        (Channel::BankComm, DonorKind::Person, 20_000)
    );
    assert_eq!(
        got.time,
        GiftTime::ByEndOf(Day::from_ymd(2020, 1, 29).unwrap())
    );
    assert_eq!(got.order().2, 4697);
    let timed = gift(
        NAMED,
        &NAMED_ROW.replace("CNY,,", "CNY,2020-01-29 08:00:00,"),
    );
    assert_eq!(timed.time.order().rfc3339(), "2020-01-29T00:00:00Z");
    for (from, to, code) in [
        ("张*,person", "POS 机及微信,subtotal", "named.subtotal"),
        ("张*,person", ",empty", "named.nameless"),
        ("张*,person", ",person", "named.nameless"),
        ("person", "robot", "named.kind"),
        ("bank_comm", "bank_x", "named.channel"),
        ("4697", "四", "named.line"),
        ("CNY", "USD", "row.currency"),
        ("2020-01-29", "2020-01-32", "row.day"),
        ("名单.xlsx", "", "row.empty"),
        ("CNY,,", "CNY,上午,", "row.time"),
    ] {
        check_reject(NAMED, &NAMED_ROW.replace(from, to), code, Some(20_000));
    }
    check_reject(NAMED, &NAMED_ROW.replace("200.00", "x"), "row.amount", None);
}

#[test]
fn cash_disbursed() {
    let heading = "day,recipient,amount_cny,kind,purpose";
    let row = "2020-01-30,武汉市新型肺炎防控指挥部,104677900.00,统筹,用于疫情防控";
    for (row, advance) in [
        (row.to_owned(), true),
        (
            row.replace("武汉市新型肺炎防控指挥部", "武汉儿童医院"),
            false,
        ),
    ] {
        let Ok(Proposal::Disbursement(got)) = read(heading, &row) else {
            panic!("{row}")
        };
        assert_eq!((got.advance, got.amount.get()), (advance, 10_467_790_000));
    }
    check_reject(
        heading,
        &row.replace("统筹", "其他"),
        "disbursed.kind",
        Some(10_467_790_000),
    );
    check_reject(
        heading,
        &row.replace("用于疫情防控", ""),
        "row.empty",
        Some(10_467_790_000),
    );
    check_reject(
        heading,
        &row.replace("104677900.00", "1.0467亿"),
        "row.amount",
        None,
    );
}

const GOODS_IN: &str =
    "received_on,donor_masked,donor_kind_guess,donor_hash,item,spec,unit,quantity_as_published";

#[test]
fn goods_in() {
    let Ok(Proposal::GoodsIn(got)) = read(
        GOODS_IN,
        "截至28日,郭*,person,x,\u{200b}口罩 ,KN９５,,１98 箱",
    ) else {
        panic!()
    };
    assert_eq!(
        (
            got.donor.as_str(),
            got.goods.item.as_str(),
            got.goods.spec.as_str()
        ),
        ("郭*", "口罩", "KN95")
    );
    assert_eq!(
        (got.goods.quantity.number, got.goods.quantity.unit.as_str()),
        (198, "箱")
    );
    assert_eq!(
        (got.goods.day.clone(), got.goods.as_published.as_str()),
        (GoodsDay::UpTo(28), "１98 箱")
    );
    let near = Day::from_ymd(2020, 1, 29).unwrap();
    assert_eq!(got.goods.day.day(near), Day::from_ymd(2020, 1, 28));
    assert_eq!(
        GoodsDay::UpTo(30).day(Day::from_ymd(2021, 2, 1).unwrap()),
        None
    );
    check_reject(
        GOODS_IN,
        "2020-01-29,郭*,person,x,,,,",
        "goods.name_only",
        None,
    );
    check_reject(
        GOODS_IN,
        "2020-01-29,郭*,person,x,,,2000片/件,126000片",
        "goods.no_item",
        None,
    );
    check_reject(
        GOODS_IN,
        "2020-01-29,郭*,person,x,口罩,,,",
        "goods.no_quantity",
        None,
    );
    check_reject(
        GOODS_IN,
        "2020-01-29,,person,x,口罩,,,3箱",
        "row.empty",
        None,
    );
    for day in ["截至32日", "截至", "1月29日", ""] {
        check_reject(
            GOODS_IN,
            &format!("{day},郭*,person,x,口罩,,,3箱"),
            "row.day",
            None,
        );
    }
}

#[test]
fn goods_out_and_broken_names() {
    let heading = "distributed_on,recipient,item,spec,unit,quantity";
    let rows = [
        "汉阳市政建设,照明车,,台,4",
        "集团有限公司,,,,",
        "武汉市,消毒器,,套,100",
        "中心医院,手套,,只,2000",
        "中心医院,手套,,双,800",
    ];
    let header = Header::new(&cells(heading));
    let mut recipients = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let row = cells(&format!("2020-01-31,{row}"));
        recipients.push(recipient_row(
            &header,
            &Row {
                line: at as u64 + 2,
                cells: &row,
            },
        ));
    }
    let broken: Vec<_> = broken_names(&recipients)
        .iter()
        .map(|b| (b.first_line, b.second_line))
        .collect();
    assert_eq!(broken, [(2, 3), (4, 5)]);
    let Ok(Proposal::GoodsOut(got)) = read(heading, "2020-01-31,汉阳市政建设,照明车,,台,4")
    else {
        panic!()
    };
    assert_eq!(
        (got.recipient.as_str(), got.goods.quantity.number),
        ("汉阳市政建设", 4)
    );
    check_reject(
        heading,
        "2020-01-31,集团有限公司,,,,",
        "goods.name_only",
        None,
    );
    check_reject(heading, "2020-01-31,某医院,口罩,,,4", "goods.no_unit", None);
    // Our own Chinese headings are the same layout.
    assert_eq!(
        Layout::recognise(&cells("时间,接收单位,品名,规格,计量单位,数量")),
        Some(Layout::GoodsOut)
    );
    assert_eq!(
        Layout::recognise(&cells("日期,捐赠单位及个人,品名,数量")),
        Some(Layout::GoodsIn)
    );
}

#[test]
fn announced() {
    let heading = "no,day,qr_pos_count,qr_pos_cny,items_total_cny,published_day_cny,published_count,published_cumulative_cny";
    let row = "2,2020-01-25,1207,210783.19,210783.19,,16638,19206664.41";
    let Ok(Proposal::Announcements(all)) = read(heading, row) else {
        panic!()
    };
    let told: Vec<_> = all
        .iter()
        .map(|a: &ProposedAnnouncement| (a.by.code(), a.measure, a.amount.map(Fen::get), a.number))
        .collect();
    assert_eq!(
        told,
        [
            ("volunteers", "qr_pos", Some(21_078_319), Some(1207)),
            ("volunteers", "items", Some(21_078_319), None),
            ("organisation", "day", None, Some(16638)),
            ("organisation", "cumulative", Some(1_920_666_441), None),
        ]
    );
    assert_eq!(all[0].covers, Day::from_ymd(2020, 1, 24));
    check_reject(
        heading,
        &row.replace("16638", "-3"),
        "announced.number",
        None,
    );
    check_reject(
        heading,
        &row.replace("19206664.41", "很多"),
        "row.amount",
        None,
    );
    check_reject(heading, &row.replace("2020-01-25", "25日"), "row.day", None);
}

const TW: &str = "id,name,registered_on,approval_documents";

#[track_caller]
fn check_marks(row: &str, want: &[Mark]) {
    let Ok(Proposal::Organisation(got)) = read(TW, row) else {
        panic!("{row}")
    };
    assert_eq!(got.marks, want, "{row}");
    assert!(got.registered_on.is_none() == want.iter().any(|m| m.code().starts_with("date_")));
}

#[test]
fn tw_organisations() {
    use Mark::*;
    check_marks("a-1,社團法人甲,2001-02-03,內政部85年1月29日", &[]);
    check_marks("a-1,社團法人甲,0000-00-00,", &[DateUnknown, NoDocument]);
    check_marks(
        "a-1,社團法人甲,1911-00-00,一 | 二",
        &[DateIncomplete, DocumentVariants],
    );
    check_marks("a-1,甲,2001-02-30,一", &[DateWrong]);
    check_marks(
        "a-1,甲\u{f757}?Ａ　乙,2001-02-03,\u{f6cd}號",
        &[
            NameMojibake,
            NameQuestionMark,
            NameFullWidth,
            NameBlank,
            DocumentMojibake,
        ],
    );
    check_reject(TW, "a-1,,2001-02-03,", "row.empty", None);
    check_reject(TW, ",甲,2001-02-03,", "row.empty", None);
    check_reject(
        TW,
        &format!("a,甲,2001-02-03,{}", ["號"; 51].join(" | ")),
        "organisation.documents",
        None,
    );
    let Ok(Proposal::Organisation(got)) = read(TW, "a-1,甲,1911-00-00,一 | 二") else {
        panic!()
    };
    assert_eq!(
        (got.registered_text.as_str(), got.documents.len()),
        ("1911-00-00", 2)
    );
}

#[test]
fn likely_duplicates_are_proposed() {
    assert_eq!(name_key(" 臺灣　ＡＢ c會"), "台灣abc會");
    let entries = [
        ("2", "臺北會"),
        ("1", "台北 會"),
        ("3", "台中會"),
        ("1", "台北會"),
    ];
    let found = likely_duplicates(entries);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].name_key.as_str(), &found[0].ids[..]),
        ("台北會", &["1".to_owned(), "2".to_owned()][..])
    );
}

#[test]
fn divisions() {
    let heading = "code,\"name\",cityCode,provinceCode".replace('"', "");
    let Ok(Proposal::Division(got)) = read(&heading, "110101,东城区,1101,11") else {
        panic!()
    };
    assert_eq!(
        (got.code.as_str(), got.code.level(), got.name.as_str()),
        ("110101", 3, "东城区")
    );
    check_reject(&heading, "110101,东城区,1201,11", "division.ancestor", None);
    check_reject(&heading, "1101011,东城区,1101,11", "division.code", None);
    check_reject(&heading, "110101,,1101,11", "row.empty", None);
}

pub(super) const OWN: &str = "渠道单号,金额（元）,时间,姓名,备注,渠道,手续费,币种";
const OWN_ROW: &str = "A1,\t1,2020/1/24 10:19,张三,加油,微信,0.60000,人民币";

#[test]
fn own_list() {
    let got = gift(OWN, &OWN_ROW.replace("\t1", "￥100"));
    assert_eq!(
        (got.channel, got.external_id.as_str(), got.amount.get()),
        (Channel::Wechat, "A1", 10_000)
    );
    assert_eq!(
        (got.donor.as_str(), got.fee, got.donor_kind),
        ("张三", Some(Fen::new(60)), DonorKind::Other)
    );
    let day = gift(
        OWN,
        &OWN_ROW
            .replace(" 10:19", "")
            .replace("张三", "")
            .replace("微信", ""),
    );
    assert_eq!(
        (day.time.is_known(), day.donor_kind, day.channel),
        (false, DonorKind::Anonymous, Channel::Unsaid)
    );
    for (from, to, code) in [
        ("A1", "", "gift.number"),
        ("微信", "比特币", "gift.channel"),
        ("人民币", "USD", "row.currency"),
        ("2020/1/24 10:19", "昨天", "row.time"),
        ("0.60000", "0.60001", "row.amount"),
        ("张三", &"三".repeat(201), "row.too_long"),
        ("加油", "a\u{1}", "row.control"),
    ] {
        check_reject(OWN, &OWN_ROW.replace(from, to), code, Some(100));
    }
    check_reject(OWN, &OWN_ROW.replace("\t1", "0"), "row.amount", None);
    check_reject(OWN, "合计,100,,,,,,", "bill.remark", None);
    let columns = GiftColumns::guess(&Header::new(&cells(OWN))).unwrap();
    let moved = columns
        .with(Field::Name, None)
        .with(Field::Note, Some(3))
        .with(Field::Number, None);
    let reader = Reader::recognise(&cells(OWN))
        .unwrap()
        .with_gift_columns(moved);
    let Ok(Proposal::Gift(got)) = reader.read_row(&Row {
        line: 1,
        cells: &cells(OWN_ROW),
    }) else {
        panic!()
    };
    assert_eq!(
        (
            got.donor.as_str(),
            got.note.as_str(),
            got.external_id.as_str()
        ),
        ("", "张三", "A1")
    );
}

#[track_caller]
fn check_heading(heading: &str, want: Result<Layout, HeaderError>) {
    let got = Reader::recognise(&cells(heading)).map(|reader| reader.layout());
    assert_eq!(got, want, "{heading}");
}

#[test]
fn headings() {
    check_heading(QR, Ok(Layout::QrPos));
    check_heading(
        "day,recipient,amount_cny,kind,purpose",
        Ok(Layout::CashDisbursed),
    );
    check_heading("Code, Name ", Ok(Layout::Divisions));
    check_heading(&gifts::TEMPLATE_HEADINGS.join(","), Ok(Layout::Gifts));
    check_heading(
        "渠道单号,金额,姓名",
        Err(HeaderError::Missing(Layout::Gifts, vec!["时间"])),
    );
    check_heading(
        &NAMED.replace("currency", "x"),
        Err(HeaderError::Missing(Layout::Named, vec!["currency"])),
    );
    check_heading("武汉市红十字会发放物资一览表", Err(HeaderError::Unknown));
    check_heading("", Err(HeaderError::Unknown));
    for layout in Layout::ALL {
        assert_eq!(Layout::parse(layout.code()), Some(layout));
        let error = HeaderError::Missing(layout, vec!["x"]);
        assert!(error.to_string().contains(layout.title()) && error.to_string().contains('请'));
        assert_eq!(
            Reader::new(layout, &[]).map_err(|e| e.code()),
            Err("import.missing_columns")
        );
    }
    assert_eq!(HeaderError::Unknown.code(), "import.unknown_layout");
}

proptest! {
    #[test]
    fn any_row_is_a_proposal_or_a_reject(layout in 0..9_usize, cells_in in prop::collection::vec("\\PC{0,12}|[0-9.,/年月日:-]{0,30}|[\u{0}-\u{ff}]{0,6}", 0..30)) {
        let headings = [QR, NAMED, GOODS_IN, "时间,接收单位,品名,数量", "day,items_total_cny,published_day_cny,published_cumulative_cny", "day,recipient,amount_cny,kind,purpose", TW, super::bill_tests::WECHAT, "code,name"];
        let reader = Reader::recognise(&cells(headings[layout])).unwrap();
        prop_assert_eq!(reader.layout(), Layout::ALL[layout]);
        if let Err(reject) = reader.read_row(&Row { line: 1, cells: &cells_in }) {
            let reason = reject.reason.to_string();
            prop_assert!(reason.ends_with('。') && reason.chars().count() < 200);
        }
        let _ = Reader::recognise(&cells_in);
    }

    #[test]
    fn an_amount_is_never_lost(fen in 1_i64..1_000_000_000_000, donor in "\\PC{0,8}", kind in "person|org|subtotal|empty|x", day in "2020-01-2[0-9]|x") {
        let donor = donor.replace(',', "");
        let row = format!("alipay,{day},1,{donor},{kind},,{},CNY,,a", Fen::new(fen));
        let amount = match read(NAMED, &row) {
            Ok(Proposal::Gift(gift)) => Some(gift.amount),
            Ok(_) => None,
            Err(reject) => reject.amount,
        };
        prop_assert_eq!(amount.map(kernel::Amount::get), Some(fen));
    }
}
