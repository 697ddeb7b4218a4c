//! Whole files in and out: every form, every refusal, and bytes that nobody meant.

use crate::{
    Cell, Encoding, Format, Kind, Limits, Options, RejectsWriter, Row, SheetError, Table, Trouble,
    Writer,
};
use proptest::prelude::*;
use std::io::{Cursor, Write};

fn read(bytes: Vec<u8>, options: &Options) -> Result<Vec<Row>, SheetError> {
    Table::from_bytes(bytes, options)?.rows()?.collect()
}

fn cells(rows: &[Row]) -> Vec<Vec<&str>> {
    rows.iter()
        .map(|r| r.cells.iter().map(String::as_str).collect())
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose one sheet has this XML.
fn book(sheet_data: &str) -> Vec<u8> {
    let rels = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    zip(&[
        ("_rels/.rels", rels("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels("worksheet", "worksheets/s.xml").as_bytes()),
        ("xl/workbook.xml", format!("<workbook {main} xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"甲\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>").as_bytes()),
        ("xl/styles.xml", format!("<styleSheet {main}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>").as_bytes()),
        ("xl/worksheets/s.xml", format!("<worksheet {main}><sheetData>{sheet_data}</sheetData></worksheet>").as_bytes()),
    ])
}

const ROWS: [[&str; 3]; 4] = [
    ["=1+1", "张*", "第一行\n第二行"],
    ["'=2", " 空格 ", "a\"b,c"],
    ["-", "@x", "_x0041_"],
    ["", "<&>", "＝全角"],
];

fn written(format: Format) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), format, &["甲", "乙", "丙", "元"]).unwrap();
    for row in ROWS {
        let mut cells: Vec<Cell<'_>> = row.iter().map(|text| Cell::Text(text)).collect();
        cells.push(Cell::Decimal("-1234.50"));
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn what_is_written_reads_back() {
    for (format, number) in [(Format::Csv, "-1234.50"), (Format::Xlsx, "-1234.5")] {
        let rows = read(written(format), &Options::default()).unwrap();
        assert_eq!(cells(&rows)[0], ["甲", "乙", "丙", "元"]);
        for (got, want) in cells(&rows)[1..].iter().zip(ROWS) {
            assert_eq!(got[..3], want, "{format:?}");
            assert_eq!(got[3], number);
        }
        assert_eq!(written(format), written(format), "equal rows, equal bytes");
    }
}

#[test]
fn formulas_are_guarded_in_csv() {
    let text = String::from_utf8(written(Format::Csv)).unwrap();
    assert!(
        text.starts_with("\u{feff}甲,乙,丙,元\r\n'=1+1,张*,\"第一行\n第二行\",-1234.50\r\n"),
        "{text}"
    );
    assert!(text.contains("\r\n''=2,\" 空格 \",\"a\"\"b,c\""), "{text}");
    assert!(
        text.contains("\r\n'-,'@x,") && text.contains(",'＝全角,"),
        "{text}"
    );
}

#[test]
fn json_lines() {
    let mut writer = Writer::new(Vec::new(), Format::JsonLines, &["名", "数", "空", "元"]).unwrap();
    writer
        .row(&[
            Cell::Text("=\"张\n"),
            Cell::Integer(5),
            Cell::Empty,
            Cell::Decimal("0.10"),
        ])
        .unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value,
        serde_json::json!({"名": "=\"张\n", "数": 5, "空": null, "元": "0.10"})
    );
    assert_eq!(text.matches('\n').count(), 1);
}

#[track_caller]
fn check_kind(bytes: Vec<u8>, want: Kind) {
    let digest = crate::sha256(&bytes);
    let mut table = Table::from_bytes(bytes, &Options::default()).unwrap();
    assert_eq!((table.kind(), table.digest()), (want, digest));
    for _ in 0..2 {
        let rows: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
        assert_eq!(cells(&rows), [["姓名", "金额"], ["张*", "50"]]);
    }
}

#[test]
fn every_form_of_one_table() {
    let text = "姓名,金额\r\n张*,50\r\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf16: Vec<u8> = format!("\u{feff}{}", text.replace(',', "\t"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let kind = |encoding, delimiter| Kind::Text {
        encoding,
        delimiter,
    };
    check_kind(text.into(), kind(Encoding::Utf8, ','));
    check_kind(format!("\u{feff}{text}").into(), kind(Encoding::Utf8, ','));
    check_kind(gzip(text.as_bytes()), kind(Encoding::Utf8, ','));
    check_kind(gzip(&gb), kind(Encoding::Gb18030, ','));
    check_kind(gb.clone(), kind(Encoding::Gb18030, ','));
    check_kind(utf16, kind(Encoding::Utf16Le, '\t'));
    check_kind(
        zip(&[("说明.md", b"x"), ("账单.csv", &gb)]),
        kind(Encoding::Gb18030, ','),
    );
    let sheet = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>姓名</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>金额</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>张*</t></is></c><c r=\"B2\"><v>50</v></c></row>";
    check_kind(book(sheet), Kind::Book);
    check_kind(gzip(&book(sheet)), Kind::Book);
    check_kind(zip(&[("a/b.xlsx", &book(sheet))]), Kind::Book);
}

#[test]
fn a_file_on_disk_reads_the_same() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&gzip("姓名\t金额\n张*\t50\n".as_bytes()))
        .unwrap();
    let mut table = Table::from_path(file.path(), &Options::default()).unwrap();
    assert_eq!(table.rows().unwrap().count(), 2);
    assert_eq!(table.rows().unwrap().last().unwrap().unwrap().line, 2);
    let missing = Table::from_path(&file.path().join("x"), &Options::default()).err();
    assert_eq!(missing.map(|e| e.code()), Some("sheet.io"));
    let folder = Table::from_path(std::env::temp_dir().as_path(), &Options::default()).err();
    assert_eq!(folder, Some(SheetError::NotATable("文件夹")));
}

#[test]
fn cells_of_a_workbook() {
    let rows = read(book("<row r=\"3\"><c r=\"B3\" s=\"1\"><v>43860</v></c><c r=\"C3\" s=\"1\"><v>43860.5</v></c><c r=\"D3\" t=\"b\"><v>1</v></c><c r=\"E3\" t=\"e\"><v>#REF!</v></c></row><row r=\"7\"><c r=\"A7\"><f>1+1</f><v>2</v></c></row>"), &Options::default()).unwrap();
    assert_eq!(
        cells(&rows),
        [
            vec!["", "2020-01-30", "2020-01-30 12:00:00", "TRUE", "#REF!"],
            vec!["2"]
        ]
    );
    assert_eq!(rows.iter().map(|r| r.line).collect::<Vec<_>>(), [3, 7]);
    let rows = read(
        book("<row r=\"1\"><c r=\"A1\"><v>1012020012410194900811213119</v></c></row>"),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(rows[0].trouble, Some(Trouble::DigitsLost(1)));
}

#[test]
fn a_cell_name_that_overflows_the_reader_is_a_broken_file() {
    let error = read(
        book("<row><c r=\"ZZZZZZ99999999999\"><v>1</v></c></row>"),
        &Options::default(),
    );
    assert_eq!(error.unwrap_err().code(), "sheet.broken_xlsx");
}

#[test]
fn limits_of_a_workbook() {
    let options = Options {
        limits: Limits {
            columns: 3,
            cell_bytes: 5,
            rows: 1,
            ..Limits::default()
        },
        ..Options::default()
    };
    // A far cell costs no memory.
    let rows = read(
        book("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"),
        &options,
    )
    .unwrap();
    assert_eq!(
        (rows[0].cells.len(), rows[0].trouble),
        (0, Some(Trouble::TooManyCells(3)))
    );
    let long = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>张张</t></is></c></row>";
    let rows = read(book(long), &options).unwrap();
    assert_eq!(
        (rows[0].cells[0].as_str(), rows[0].trouble),
        ("张", Some(Trouble::CellTooLong(1)))
    );
    let two = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>";
    assert_eq!(read(book(two), &options), Err(SheetError::TooManyRows(1)));
}

#[track_caller]
fn check_refused(bytes: Vec<u8>, code: &str) {
    let limits = Limits {
        raw_bytes: 100_000,
        unzipped_bytes: 300_000,
        book_bytes: 300_000,
        ..Limits::default()
    };
    let error = read(
        bytes,
        &Options {
            limits,
            ..Options::default()
        },
    )
    .unwrap_err();
    assert_eq!(error.code(), code, "{error}");
}

#[test]
fn refusals() {
    let million = vec![b'a'; 1_000_000];
    check_refused(vec![], "sheet.empty");
    check_refused(b"\xef\xbb\xbf \n".to_vec(), "sheet.empty");
    check_refused(gzip(b""), "sheet.empty");
    check_refused(million.clone(), "sheet.too_large");
    check_refused(gzip(&million), "sheet.unzipped_too_large");
    check_refused(zip(&[("a.csv", &million)]), "sheet.unzipped_too_large");
    check_refused(
        zip(&[("xl/workbook.xml", &million)]),
        "sheet.unzipped_too_large",
    );
    check_refused(b"a,b\n\xff\xff".to_vec(), "sheet.encoding");
    check_refused(b"a,\"b\n".to_vec(), "sheet.unclosed_quote");
    check_refused(gzip(b"a,b,c,d,e,f\n")[..20].to_vec(), "sheet.broken_gzip");
    check_refused(b"PK\x03\x04 and so on".to_vec(), "sheet.broken_zip");
    check_refused(zip(&[("xl/workbook.xml", b"<x")]), "sheet.broken_xlsx");
    check_refused(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest".to_vec(),
        "sheet.old_excel",
    );
    check_refused(b"%PDF-1.7".to_vec(), "sheet.not_a_table");
    check_refused(b"  <HTML><table>".to_vec(), "sheet.not_a_table");
    check_refused(b"a,\0b".to_vec(), "sheet.not_a_table");
    check_refused(zip(&[("a.pdf", b"x")]), "sheet.not_a_table");
    check_refused(gzip(&gzip(b"a")), "sheet.not_a_table");
    check_refused(zip(&[("a.csv", b"1"), ("b.csv", b"2")]), "sheet.which_part");
}

#[test]
fn sheets_and_parts_are_chosen_by_name() {
    let one = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let wanted = |sheet: &str| Options {
        sheet: Some(sheet.to_owned()),
        ..Options::default()
    };
    assert_eq!(cells(&read(book(one), &wanted("甲")).unwrap()), [["1"]]);
    let error = read(book(one), &wanted("乙")).unwrap_err();
    assert_eq!(
        error,
        SheetError::NoSuchSheet {
            wanted: "乙".into(),
            have: vec!["甲".into()]
        }
    );
    let part = Options {
        part: Some("b.csv".into()),
        ..Options::default()
    };
    assert_eq!(
        cells(&read(zip(&[("a.csv", b"1"), ("b.csv", b"2")]), &part).unwrap()),
        [["2"]]
    );
}

#[test]
fn rejects_keep_the_layout() {
    let input = read(b"name,amount\n=x,-5\nshort\n".to_vec(), &Options::default()).unwrap();
    let reject = |rows: &[Row]| {
        let mut writer = RejectsWriter::new(Vec::new(), Format::Csv, &rows[0].cells).unwrap();
        for row in &rows[1..] {
            writer.reject(row, "gift.amount", "金额不能是负数").unwrap();
        }
        assert_eq!(writer.written(), 2);
        read(writer.finish().unwrap(), &Options::default()).unwrap()
    };
    let once = reject(&input);
    let want = [
        vec!["name", "amount", "原因代码", "原因"],
        vec!["=x", "-5", "gift.amount", "金额不能是负数"],
        vec!["short", "", "gift.amount", "金额不能是负数"],
    ];
    assert_eq!(cells(&once), want);
    assert_eq!(
        cells(&reject(&once)),
        want,
        "a second round adds no columns"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_rows_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..300), magic in 0..6_usize) {
        let heads: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe", b"\xef\xbb\xbf", b"a,b\n\""];
        let mut all = heads[magic].to_vec();
        all.extend(bytes);
        let _ = read(all, &Options::default());
    }

    #[test]
    fn any_damage_to_a_workbook_is_rows_or_a_refusal(at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let mut bytes = written(Format::Xlsx);
        let place = at.index(bytes.len());
        bytes[place] = to;
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(bytes, &Options::default());
    }

    #[test]
    fn any_sheet_is_rows_or_a_refusal(pieces in prop::collection::vec(prop::sample::select(vec![
        "<row r=\"1\">", "<row r=\"0\">", "<row>", "</row>", "<c r=\"A1\">", "<c r=\"1A\">", "<c r=\"ZZZZZZ99999999999\">", "<c>", "<c t=\"s\">", "<c t=\"e\">", "<c s=\"9\">", "<c s=\"1\">", "<c t=\"inlineStr\">", "</c>", "<v>", "</v>", "1e999", "-1", "9999999999", "nan", "<is>", "<t>", "</t>", "</is>", "<f>", "</f>", "&amp;", "&x;", "<", "]]>",
    ]), 0..14)) {
        let _ = read(book(&pieces.concat()), &Options::default());
    }

    #[test]
    fn any_texts_come_back(rows in prop::collection::vec(prop::collection::vec("[ -~\n张＝'=+@_x0-9\u{1}]{0,8}x", 2..4), 1..4)) {
        for format in [Format::Csv, Format::Xlsx] {
            let mut writer = Writer::gzip(Vec::new(), format, &["标题"]).unwrap();
            for row in &rows {
                writer.row(&row.iter().map(|t| Cell::Text(t)).collect::<Vec<_>>()).unwrap();
            }
            let back = read(writer.finish().unwrap(), &Options::default()).unwrap();
            let back: Vec<&Vec<String>> = back.iter().skip(1).map(|r| &r.cells).collect();
            prop_assert_eq!(back, rows.iter().collect::<Vec<_>>(), "{:?}", format);
        }
    }
}

/// Leaves a workbook in the folder that `SHANJI_BOOK_DIR` names, for the check that opens it with an office program.
#[test]
fn a_workbook_for_other_programs() {
    let Some(folder) = std::env::var_os("SHANJI_BOOK_DIR") else {
        return;
    };
    let notes = vec![
        vec!["列".to_string(), "说明".to_string()],
        vec!["金额".to_string(), "元，两位小数".to_string()],
    ];
    let file = std::fs::File::create(std::path::Path::new(&folder).join("book.xlsx")).unwrap();
    let names = ["捐赠", "各列说明"];
    let headings = ["捐赠人", "金额", "笔数", "日期", "时间"];
    let mut writer = Writer::explained(file, Format::Xlsx, &headings, (names, notes)).unwrap();
    for n in 0..2_000 {
        let cells = [
            Cell::Text("张*三 <善迹> & =1+1"),
            Cell::Decimal("91800.00"),
            Cell::Integer(n),
            // 2026-11-22, and eight o'clock on that day.
            Cell::Day("2026-11-22", 20_779),
            Cell::Moment("2026-11-22T00:00:00Z", 20_779 * 86_400 + 8 * 3_600),
        ];
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap();
}
