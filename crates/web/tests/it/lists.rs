//! Every list: what is on screen over all pages is what is in its three files, whatever is asked, and it is what was
//! asked. Files are read back with other people's readers.

use crate::browser::Browser;
use crate::client::Client;
use crate::list_house::{House, built};
use crate::list_screen::{Cell, Screen};
use app::list::{Asked, Audience, Column, How, Kind, LISTS, List};
use axum::body::Body;
use axum::http::Request;
use calamine::{Data, Reader, Xlsx};
use kernel::{Day, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::io::Cursor;
use tokio::runtime::{Builder, Runtime};

/// Questions put to each list; `SHANJI_LIST_CASES` asks more of them.
const CASES: u32 = 8;
/// The most pages of one list that are turned.
const PAGES_MAX: usize = 200;

type Object = Map<String, Json>;

/// What is asked: numbers that are turned into filters, an order and a page length by what the list holds.
#[derive(Debug, Clone)]
struct Picks {
    filters: Vec<(usize, usize)>,
    order: Option<(usize, bool)>,
    size: usize,
}

fn picks() -> impl Strategy<Value = Picks> {
    let filters = prop::collection::vec((any::<usize>(), any::<usize>()), 0..3);
    let order = prop::option::of((any::<usize>(), any::<bool>()));
    (filters, order, 0_usize..2).prop_map(|(filters, order, size)| Picks {
        filters,
        order,
        size,
    })
}

/// One house with one list.
struct Trial<'a> {
    runtime: &'a Runtime,
    browser: Browser<'a>,
    list: &'static List,
    path: String,
}

impl Trial<'_> {
    fn bytes(&self, ending: &str, query: &str) -> Vec<u8> {
        let path = format!("{}{ending}{query}", self.path);
        let answer = self.runtime.block_on(self.browser.open(&path));
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(ending.is_empty() || answer.header("content-disposition").contains("UTF-8''"));
        answer.bytes
    }

    fn json(&self, query: &str) -> Vec<Object> {
        serde_json::from_slice(&self.bytes(".json", query)).unwrap()
    }

    fn csv(&self, query: &str) -> Vec<Vec<String>> {
        let bytes = self.bytes(".csv", query);
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("the mark");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text);
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            row.iter().map(unguarded).collect()
        });
        rows.collect()
    }

    fn xlsx(&self, query: &str) -> Vec<Vec<String>> {
        let bytes = self.bytes(".xlsx", query);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["数据", "列说明"]);
        let help = book.worksheet_range("列说明").unwrap();
        for column in self.list.columns {
            let told = help
                .rows()
                .any(|row| row.iter().any(|cell| *cell == column.help));
            assert!(told, "{}: {} is not explained", self.list.name, column.name);
        }
        let range = book.worksheet_range("数据").unwrap();
        let rows = range.rows();
        rows.map(|row| row.iter().map(in_sheet).collect()).collect()
    }

    /// All pages from the first to the last.
    fn pages(&self, query: &str) -> Vec<Screen> {
        let mut pages = Vec::new();
        let mut path = format!("{}{query}", self.path);
        loop {
            let html = self.runtime.block_on(self.browser.page(&path));
            let screen = Screen::read(&html);
            let next = screen.next.clone();
            pages.push(screen);
            assert!(pages.len() < PAGES_MAX, "{path} never ends");
            match next {
                Some(next) => path = next,
                None => return pages,
            }
        }
    }
}

/// A spreadsheet hides the apostrophe that keeps a text from being a formula.
fn unguarded(text: &str) -> String {
    let risky = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(risky) => rest.into(),
        _ => text.into(),
    }
}

/// Numbers as spreadsheets give them back have lost needless zeros.
fn plain(text: &str) -> String {
    let number = text.trim_start_matches('-');
    if number.contains('.') && number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return text.trim_end_matches('0').trim_end_matches('.').into();
    }
    text.into()
}

/// A cell of a workbook as text; a real date as the second that it means on a clock in Beijing.
fn in_sheet(cell: &Data) -> String {
    let Data::DateTime(date) = cell else {
        return cell.to_string();
    };
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let start = Day::from_ymd(year.into(), month, day)
        .expect("a day")
        .start();
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    // Parts of days are not exact.
    let rounded = i64::from(milli) * 1_000 + 500_000;
    at_second(start.plus_micros(seconds * 1_000_000 + rounded).unwrap())
}

fn at_second(time: Timestamp) -> String {
    format!("@{}", time.micros().div_euclid(1_000_000))
}

/// What a workbook holds for the text of a CSV: days and moments are real dates there. A column of moments may know
/// the day of a row only.
fn for_sheet(column: &Column, text: &str) -> String {
    let dated = matches!(column.kind, Kind::Day | Kind::Moment);
    let moment = || Timestamp::parse_rfc3339(text).ok();
    let day = || Day::parse(text).ok().map(Day::start);
    match day().or_else(moment).filter(|_| dated) {
        Some(time) => at_second(time),
        None => plain(text),
    }
}

/// The texts that a table file holds for a value of JSON; codes stand there in words.
fn expected(column: &Column, row: &Object, words: &str) -> Vec<String> {
    let json = &row[column.name];
    let text = match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let fen = |text: &str| kernel::Fen::new(text.parse().unwrap()).to_string();
    let unit = row.get("unit").and_then(Json::as_str);
    match column.kind {
        _ if json.is_null() && column.kind != Kind::Link => vec![String::new()],
        Kind::Code => vec![words.into()],
        Kind::Fen => vec![fen(&text)],
        Kind::Quantity | Kind::Mixed if unit == Some("fen") => vec![fen(&text)],
        Kind::Text if column.name == "unit" && text == "fen" => vec!["元".into()],
        Kind::Link => {
            let id = row[&format!("{}_id", column.name)].as_str().unwrap_or("");
            vec![text, id.into()]
        }
        _ => vec![text],
    }
}

fn width(column: &Column) -> usize {
    if column.kind == Kind::Link { 2 } else { 1 }
}

/// Both table files against JSON, cell by cell; the words of a code are always the same.
fn compare_files(trial: &Trial<'_>, query: &str, rows: &[Object]) {
    let (csv, xlsx) = (trial.csv(query), trial.xlsx(query));
    let name = trial.list.name;
    assert_eq!(csv.len(), rows.len() + 1, "{name}{query}: CSV");
    assert_eq!(xlsx.len(), rows.len() + 1, "{name}{query}: XLSX");
    assert_eq!(csv[0], xlsx[0]);
    let mut words: BTreeMap<(usize, String), String> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let mut place = 0;
        for (c, column) in trial.list.columns.iter().enumerate() {
            let got = &csv[at + 1][place..place + width(column)];
            if let Some(code) = row[column.name]
                .as_str()
                .filter(|_| column.kind == Kind::Code)
            {
                let known = words
                    .entry((c, code.into()))
                    .or_insert_with(|| got[0].clone());
                assert_eq!(known, &got[0], "{name}: one code, one word");
            }
            let want = expected(column, row, &got[0]);
            assert_eq!(got, want, "{name}{query}: CSV row {at}, {}", column.name);
            for (n, text) in got.iter().enumerate() {
                let sheet = xlsx[at + 1].get(place + n).map_or("", String::as_str);
                let want = for_sheet(column, text);
                assert_eq!(plain(sheet), want, "{name}{query}: XLSX row {at}");
            }
            place += width(column);
        }
    }
}

/// The rows of all pages against JSON, in order.
fn compare_screen(trial: &Trial<'_>, query: &str, rows: &[Object]) {
    let pages = trial.pages(query);
    let name = trial.list.name;
    let shown: Vec<&Column> = trial.list.columns.iter().filter(|c| !c.file_only).collect();
    let lines: Vec<&Vec<Cell>> = pages.iter().flat_map(|page| &page.rows).collect();
    assert_eq!(lines.len(), rows.len(), "{name}{query}: rows on screen");
    for (line, row) in lines.iter().zip(rows) {
        for (cell, column) in line.iter().zip(&shown) {
            let json = &row[column.name];
            let same = match (json, cell) {
                (Json::Null, cell) => cell.text.is_empty(),
                (Json::Number(number), cell) => cell.value.as_ref() == Some(&number.to_string()),
                (Json::String(_), cell) if column.kind == Kind::Code => !cell.text.is_empty(),
                (Json::String(text), cell) => {
                    cell.value.as_ref() == Some(text) || cell.text == text.trim()
                }
                _ => false,
            };
            assert!(
                same,
                "{name}{query}: {} is {json}, shown {cell:?}",
                column.name
            );
        }
    }
    compare_sums(trial, query, rows, &pages);
}

/// What is printed under each page: before + here + behind = all, and all is what the file adds up to.
fn compare_sums(trial: &Trial<'_>, query: &str, rows: &[Object], pages: &[Screen]) {
    let name = trial.list.name;
    let sum = |column: &Column| -> i64 {
        let counted = rows.iter().filter(|row| {
            column.kind != Kind::Mixed || row.get("unit").and_then(Json::as_str) == Some("fen")
        });
        counted.filter_map(|row| row[column.name].as_i64()).sum()
    };
    let mut all = vec![i64::try_from(rows.len()).unwrap()];
    all.extend(trial.list.columns.iter().filter(|c| c.summed).map(sum));
    let mut so_far = 0;
    for page in pages {
        let total = page.sums.get("全部").expect("a total");
        assert_eq!(total, &all, "{name}{query}: the sums");
        let parts = ["前面各页", "本页", "后面各页"];
        let parts: Vec<_> = parts.iter().filter_map(|l| page.sums.get(*l)).collect();
        if !parts.is_empty() {
            for (at, want) in all.iter().enumerate() {
                let got: i64 = parts.iter().map(|part| part[at]).sum();
                assert_eq!(got, *want, "{name}{query}: parts add up");
            }
            let before = page.sums.get("前面各页").map_or(0, |part| part[0]);
            assert_eq!(before, so_far, "{name}{query}: previous rows");
        }
        so_far += i64::try_from(page.rows.len()).unwrap();
        if let Some([opening, into, out, closing]) = page.balance {
            assert_eq!(opening + into - out, closing, "{name}{query}: the account");
        }
    }
}

/// A filter's value that the list itself offers.
fn value_for(
    list: &List,
    all: &[Object],
    (filter, pick): (usize, usize),
) -> Option<(usize, String)> {
    let at = filter.checked_rem(list.filters.len())?;
    let filter = &list.filters[at];
    if let How::Choice(choices) = filter.how {
        let choices = choices();
        return Some((at, choices[pick % choices.len()].0.clone()));
    }
    let row = all.get(pick.checked_rem(all.len())?)?;
    if let How::Among(_) = filter.how {
        let codes: Vec<&str> = row.get(filter.column)?.as_str()?.split(' ').collect();
        return Some((at, codes[pick % codes.len()].into()));
    }
    let text = match row.get(filter.column)? {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    let text = match filter.how {
        How::Contains => text.chars().take(1 + pick % 2).collect(),
        How::DayFrom | How::DayTo => text.chars().take(10).collect(),
        // What the source looks for itself has tests of its own.
        How::Search | How::AsOf => return None,
        _ => kernel::Fen::new(text.parse().ok()?).to_string(),
    };
    Some((at, text))
}

fn query_of(list: &List, all: &[Object], picks: &Picks) -> String {
    let mut pairs: BTreeMap<&str, String> = BTreeMap::new();
    for pick in &picks.filters {
        if let Some((at, text)) = value_for(list, all, *pick) {
            pairs.insert(list.filters[at].name, text);
        }
    }
    let sortable: Vec<_> = list.columns.iter().filter(|c| c.sortable).collect();
    if let Some((pick, down)) = picks.order
        && !sortable.is_empty()
    {
        let sign = if down { "-" } else { "" };
        let column = sortable[pick % sortable.len()].name;
        pairs.insert("sort", format!("{sign}{column}"));
    }
    pairs.insert("size", ["20", "50"][picks.size].into());
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, text)| format!("{name}={}", percent(text)))
        .collect();
    format!("?{}", pairs.join("&"))
}

fn percent(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    });
    each.collect()
}

/// What a filter lets through, written a second time without looking at how the house does it.
fn lets_through(list: &List, query: &str, row: &Object) -> bool {
    let pairs: Vec<(String, String)> = query[1..]
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, text)| (name.to_string(), unpercent(text)))
        .collect();
    pairs.iter().all(|(name, text)| {
        let Some(filter) = list.filters.iter().find(|f| f.name == name) else {
            return true;
        };
        let cell = row.get(filter.column);
        let words = cell.and_then(Json::as_str).unwrap_or("");
        let number = cell.and_then(Json::as_i64).unwrap_or(0);
        let asked = || kernel::Fen::parse(text).unwrap().get();
        let hundredths = match row.get("unit").and_then(Json::as_str) {
            Some("fen") | None => number,
            Some(_) => number * 100,
        };
        match filter.how {
            How::Choice(_) if name == "side" => {
                row[if text == "in" { "into" } else { "out" }].is_i64()
            }
            How::Choice(_) => words == text,
            How::Among(_) => words.split(' ').any(|code| code == text),
            How::Search | How::AsOf => true,
            How::Contains => words.to_lowercase().contains(&text.to_lowercase()),
            // Times are written in UTC; Beijing is a day further after 16:00.
            How::DayFrom => beijing(words).as_str() >= text.as_str(),
            How::DayTo => beijing(words).as_str() <= text.as_str(),
            How::AmountLeast => hundredths >= asked(),
            How::AmountMost => hundredths <= asked(),
        }
    })
}

fn beijing(text: &str) -> String {
    match kernel::Timestamp::parse_rfc3339(text) {
        Ok(time) => time.day().to_string(),
        Err(_) => text.to_string(),
    }
}

fn unpercent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The rows are those of the whole list that were asked for, each once, and stand in the order asked for.
fn compare_question(trial: &Trial<'_>, query: &str, (all, rows): (&[Object], &[Object])) {
    let name = trial.list.name;
    // What was there after a row is told only where rows touch each other.
    let sorted = |rows: &mut Vec<String>| rows.sort_unstable();
    let text = |row: &Object| {
        let mut row = row.clone();
        row.remove("balance");
        Json::Object(row).to_string()
    };
    let mut got: Vec<String> = rows.iter().map(text).collect();
    let asked_for = all
        .iter()
        .filter(|row| lets_through(trial.list, query, row));
    let mut want: Vec<String> = asked_for.map(text).collect();
    sorted(&mut got);
    sorted(&mut want);
    assert_eq!(got, want, "{name}{query}: what was asked for");
    let pairs = [("sort".to_string(), String::new())];
    let asked = Asked::read(trial.list, &pairs);
    let order = match query.split("sort=").nth(1) {
        Some(rest) => unpercent(rest.split('&').next().unwrap()),
        None => asked.order.text(),
    };
    let column = order.trim_start_matches('-');
    let kind = trial.list.column(column).map(|(_, column)| column.kind);
    if kind == Some(Kind::Number) {
        return;
    }
    // What has a name stands by its pinyin.
    let place = |value: &Json| match kind {
        Some(Kind::Link) => value.as_str().map(find::sort_key),
        _ => value.as_str().map(str::to_owned),
    };
    for pair in rows.windows(2) {
        let [a, b] = [&pair[0][column], &pair[1][column]];
        let in_order = match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) if order.starts_with('-') => a >= b,
            (Some(a), Some(b)) => a <= b,
            _ if order.starts_with('-') => place(a) >= place(b),
            _ => place(a) <= place(b),
        };
        // Codes are sorted by their words.
        assert!(
            in_order || kind == Some(Kind::Code),
            "{name}{query}: {a} before {b}"
        );
    }
}

fn check_list(runtime: &Runtime, client: &Client, house: &House, list: &'static List) {
    let params = house.params(list);
    let browser = match list.audience {
        Audience::Public => Browser::stranger(client),
        Audience::Desk => Browser::with_session(client, house.token(list)),
    };
    let path = list.address(&params);
    let trial = Trial {
        runtime,
        browser,
        list,
        path,
    };
    let all = trial.json("");
    assert!(!all.is_empty(), "{}: the house has rows for it", list.name);
    let cases = std::env::var("SHANJI_LIST_CASES").ok();
    let cases = cases.and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&picks(), |picks| {
        let query = query_of(list, &all, &picks);
        let rows = trial.json(&query);
        compare_question(&trial, &query, (&all, &rows));
        compare_files(&trial, &query, &rows);
        compare_screen(&trial, &query, &rows);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", list.name));
}

#[test]
fn rows_on_screen_are_the_rows_in_the_files() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    for client in runtime.block_on(Client::every()) {
        let house = runtime.block_on(built(&client));
        for list in LISTS {
            check_list(&runtime, &client, &house, list);
        }
        runtime.block_on(async { drop(client) });
    }
}

/// What the list of a campaign's gifts says still stands is what its page calls raised, whatever was undone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_of_gifts_is_what_was_raised() {
    for client in Client::every().await {
        let house = built(&client).await;
        let browser = Browser::stranger(&client);
        let path = format!("/campaigns/{}/gifts", house.campaign());
        let answer = browser.open(&format!("{path}.json")).await;
        let rows: Vec<Object> = serde_json::from_slice(&answer.bytes).unwrap();
        let sum = |column: &str| -> i64 {
            let money = rows.iter().filter(|row| row["unit"] == "fen");
            money.filter_map(|row| row[column].as_i64()).sum()
        };
        let page = client.house.campaign_page(house.campaign(), None).await;
        assert_eq!(sum("standing"), page.unwrap().card.raised);
        assert!(sum("undone") > 0, "something was undone");
        assert!(rows.iter().any(|row| row["state"] == "reassigned"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_questions_are_told_and_ignored() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    client.house.gift(&charity, "12.34").await;
    let browser = Browser::stranger(&client);
    let path = format!("/campaigns/{}/gifts", charity.campaign);
    let bad = "?from=gestern&least=viel&state=perdu&sort=number&size=7&x=1&after=zzz";
    let html = browser.page(&format!("{path}{bad}")).await;
    for words in [
        "不是日期",
        "不是金额",
        "没有“perdu”这一项",
        "不能按“number”排序",
        "“x”不是这张清单的条件",
        "翻页的位置",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(html.contains("12.34元"), "the list is shown all the same");
    let other = browser.open("/campaigns/cam_nobody/gifts.csv").await;
    assert_eq!(other.status, 404);
    let desk = format!("/desk/organisations/{}/gifts.csv", charity.organisation);
    let answer = browser.open(&desk).await;
    assert_eq!(answer.status, 303, "a list of the desk asks who it is");
}

/// Browsers ask for compressed answers; the compressing layer asks a body once more after its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compressed_file_ends_well() {
    let client = Client::sqlite().await;
    client.house.charity("云山基金会").await;
    for kind in ["csv", "json", "xlsx"] {
        let request =
            Request::get(format!("/organisations.{kind}")).header("accept-encoding", "gzip");
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200, "{kind}");
        assert!(
            answer.bytes.len() > 100,
            "{kind}: {} bytes",
            answer.bytes.len()
        );
    }
}
