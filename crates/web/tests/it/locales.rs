//! Every text of ours exists in every language: no key is missing, none is left over, and no template holds
//! Chinese words that nobody translates.
//!
//! A key is the Simplified Chinese text. In templates it stands before the filter `t`; in sources every
//! literal with Chinese characters is one, but for the files and literals that are excepted below.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Sources whose Chinese literals are texts for people.
const SOURCES: [&str; 17] = [
    "web/src",
    "domain/src",
    "app/src",
    "kernel/src/money.rs",
    "kernel/src/region.rs",
    "kernel/src/time.rs",
    "sheet/src/book.rs",
    "sheet/src/raw.rs",
    "sheet/src/table.rs",
    "sheet/src/text.rs",
    "ledger/src/kind.rs",
    "ledger/src/chart.rs",
    "leaf/src/kind.rs",
    "leaf/src/scan.rs",
    "rulebook/src/id.rs",
    "rulebook/src/status.rs",
    "rulebook/src/who.rs",
];

/// Sources that talk to machines, or hold words that are recorded or recognised rather than said.
const EXCEPTED: [(&str, &str); 7] = [
    (
        "web/src/api",
        "problems of the API are Chinese sentences for programmers",
    ),
    ("web/src/operation", "for those who run the house"),
    ("web/src/view/language.rs", "each language in its own words"),
    (
        "domain/src/exchange/import/bills.rs",
        "headings of the bills of payment channels, recognised as they come",
    ),
    (
        "domain/src/sentence.rs",
        "writes the Chinese sentence itself",
    ),
    (
        "app/src/query/oversight/rule/question.rs",
        "words of questions that are passed over",
    ),
    (
        "app/src/exchange/importer/wuhan.rs",
        "a campaign of 2020, recorded in the words of its time",
    ),
];

/// Where strangers' tables are read: the headings and words that are recognised stand in constants.
const READERS: &str = "domain/src/exchange/import";

/// Words of strangers' tables that are recognised where they are met.
const RECOGNISED: [&str; 9] = [
    "人民币",
    "交易",
    "交易成功",
    "已收钱",
    "已存入零钱",
    "支付成功",
    "已到账",
    "財團法人",
    "社團法人",
];

/// Literals that are written into records or files and are never translated.
const LITERALS: [&str; 11] = [
    "公告所称定向捐赠",
    "公布的名单没有说明哪些捐赠是定向的；本系统按公告金额把款项转入定向资金，这是标明的假设，因此无法对应到具体捐赠。",
    "发放清单的品名或单位与接收清单对不上，按发放数补记来源不明的入库",
    "regions.csv.gz（随产品提供）",
    "没有这个文件。\n",
    "请求太长，请核对发送的内容。\n",
    "请求没有及时传完，请检查网络后重新发送。\n",
    "这个地址不收这样的请求，请看 Allow 一行列出的办法。\n",
    "请写成 /log/index/stream?name=记录串名&from=起点&count=条数（起点从0数，写负数就从末尾数起，超出两头就取头一条或末一条），/log/index/below?prefix=开头，或 /log/proof/leaves?size=日志条数&index=序号,序号（从小到大，最多64个）。\n",
    "日志文件暂时读不出来，请稍后再试。\n",
    "善迹 Shanji",
];

const LANGUAGES: [&str; 2] = ["en", "zh-Hant"];

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A pattern of `say!` that orders or joins its values, though it has no Chinese character.
fn is_sentence(pattern: &str) -> bool {
    places(pattern).len() > 1 || pattern.ends_with('。')
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(at: &Path, extension: &str) -> Vec<PathBuf> {
    if at.is_file() {
        return vec![at.to_path_buf()];
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir(at)
        .unwrap()
        .flat_map(|entry| files_of(&entry.unwrap().path(), extension))
        .collect();
    found.sort();
    found
}

fn files_of(path: &Path, extension: &str) -> Vec<PathBuf> {
    if path.is_dir() {
        files(path, extension)
    } else if path.extension().is_some_and(|found| found == extension) {
        vec![path.to_path_buf()]
    } else {
        Vec::new()
    }
}

/// What is outside of `{{ }}`, `{% %}` and `{# #}`, and what is inside of the first two.
fn parts(template: &str) -> (String, Vec<&str>) {
    let (mut outside, mut inside) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|m| rest.find(m)).min() {
        outside.push_str(&rest[..at]);
        let close = match &rest[at..at + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = rest[at..].find(close).expect("an expression ends") + at;
        if close != "#}" {
            inside.push(&rest[at + 2..end]);
        }
        rest = &rest[end + 2..];
    }
    outside.push_str(rest);
    (outside, inside)
}

/// The literals of an expression and what follows each of them.
fn literals(expression: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find('"') {
        let Some(length) = rest[start + 1..].find('"') else {
            break;
        };
        let end = start + 1 + length;
        found.push((&rest[start + 1..end], rest[end + 1..].trim_start()));
        rest = &rest[end + 1..];
    }
    found
}

fn is_translated(after: &str) -> bool {
    let Some(filter) = after.strip_prefix('|') else {
        return false;
    };
    let filter = filter.trim_start();
    filter
        .strip_prefix('t')
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// A source without its constants.
fn without_constants(source: &str) -> String {
    let (mut kept, mut inside) = (String::new(), false);
    for line in source.lines() {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| word.starts_with("pub"));
        let constant = matches!(words.next(), Some("const" | "static"))
            && words.next().is_some_and(|name| {
                name.ends_with(':') && !name.contains(|c: char| c.is_ascii_lowercase())
            });
        inside |= constant;
        if !inside {
            kept.push_str(line);
        }
        kept.push('\n');
        inside &= !line.ends_with(';');
    }
    kept
}

/// The methods of a source that say what is wrong.
fn sentences(source: &str) -> String {
    let methods = source.split("pub const fn sentence(self)").skip(1);
    methods
        .filter_map(|rest| rest.split_once("\n    }\n"))
        .map(|(method, _)| method)
        .collect()
}

/// What of a source is said to people.
fn said(name: &str, source: String) -> String {
    if name.starts_with("kernel/") {
        sentences(&source)
    } else if name.starts_with(READERS) {
        without_constants(&source)
    } else {
        source
    }
}

/// Names that stand in constants among the words by which they are recognised.
fn recognised_names() -> impl Iterator<Item = &'static str> {
    use domain::exchange::import::{Channel, mapped_fields};
    let channels = Channel::codes().filter_map(Channel::parse);
    let fields = mapped_fields().into_iter().map(|field| field.title);
    channels.map(Channel::name).chain(fields)
}

/// The string literals of a source before its tests, each with what stands before it.
fn rust_literals(source: &str) -> Vec<(String, String)> {
    let end = source
        .find("#[cfg(test)]\nmod tests")
        .unwrap_or(source.len());
    let text: Vec<char> = source[..end].chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        match text[at] {
            '/' if text.get(at + 1) == Some(&'/') => {
                while at < text.len() && text[at] != '\n' {
                    at += 1;
                }
            }
            '\'' if text.get(at + 2) == Some(&'\'') => at += 3,
            '\'' if text.get(at + 1) == Some(&'\\') && text.get(at + 3) == Some(&'\'') => at += 4,
            '"' => {
                let before = text[at.saturating_sub(40)..at].iter().collect();
                let (literal, next) = literal_at(&text, at + 1);
                found.push((literal, before));
                at = next;
            }
            _ => at += 1,
        }
    }
    found
}

fn literal_at(text: &[char], mut at: usize) -> (String, usize) {
    let mut literal = String::new();
    while at < text.len() && text[at] != '"' {
        if text[at] != '\\' {
            literal.push(text[at]);
            at += 1;
            continue;
        }
        match text.get(at + 1) {
            Some('\n') => {
                at += 2;
                while at < text.len() && text[at].is_whitespace() {
                    at += 1;
                }
                continue;
            }
            Some('n') => literal.push('\n'),
            Some('t') => literal.push('\t'),
            Some('u') => literal.push('\u{fffd}'),
            Some(other) => literal.push(*other),
            None => {}
        }
        at += 2;
    }
    (literal, at + 1)
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.rsplit_once("/../")
        .map_or(text.clone(), |(_, rest)| rest.to_string())
}

/// Every key in use, with the file that uses it first; and every Chinese text that nobody translates.
fn used() -> (BTreeMap<String, String>, Vec<String>) {
    let (mut keys, mut bare) = (BTreeMap::new(), Vec::new());
    for path in files(&crates().join("web/templates"), "html") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (outside, inside) = parts(&text);
        for line in outside.lines().filter(|line| is_chinese(line)) {
            bare.push(format!("{}: {}", shown(&path), line.trim()));
        }
        for (literal, after) in inside.iter().flat_map(|part| literals(part)) {
            if !is_chinese(literal) && !is_sentence(literal) {
                continue;
            }
            if is_translated(after) {
                keys.entry(literal.to_string()).or_insert(shown(&path));
            } else if is_chinese(literal) {
                bare.push(format!("{}: {literal:?} without |t", shown(&path)));
            }
        }
    }
    for path in SOURCES
        .iter()
        .flat_map(|at| files(&crates().join(at), "rs"))
    {
        let name = shown(&path);
        let excepted = EXCEPTED.iter().any(|(at, _)| name.starts_with(at));
        if excepted || name.contains("tests") {
            continue;
        }
        let source = said(&name, std::fs::read_to_string(&path).unwrap());
        for (literal, before) in rust_literals(&source) {
            let before = before.trim_end();
            let said = before.ends_with("say!(") && is_sentence(&literal)
                || before.ends_with("Several(parts,");
            let skipped = !(is_chinese(&literal) || said)
                || LITERALS.contains(&literal.as_str())
                || name.starts_with(READERS) && RECOGNISED.contains(&literal.as_str())
                || before.ends_with("#[error(");
            if skipped {
                continue;
            }
            if before.ends_with("format!(") {
                // What is put together here cannot be found in a table: `say!` keeps it apart.
                if !FORMATTED.contains(&name.as_str()) {
                    bare.push(format!("{name}: format!({literal:?}) instead of say!"));
                }
                continue;
            }
            keys.entry(literal).or_insert_with(|| name.clone());
        }
    }
    for name in recognised_names() {
        keys.entry(name.into()).or_insert_with(|| READERS.into());
    }
    (keys, bare)
}

/// Files that put Chinese words together with `format!`: they write records, the API, or Chinese itself.
const FORMATTED: [&str; 5] = [
    "web/src/show.rs",
    "domain/src/identity/actor.rs",
    "app/src/exchange/importer/mod.rs",
    "app/src/query/words.rs",
    "sheet/src/book.rs",
];

fn table(language: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in files(&crates().join("web/locales").join(language), "toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        let part: BTreeMap<String, String> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", shown(&path)));
        for (key, words) in part {
            assert!(
                all.insert(key.clone(), words).is_none(),
                "{language}: {key:?} stands in two files"
            );
        }
    }
    all
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

#[test]
fn every_text_has_every_language() {
    let (keys, mut wrong) = used();
    for language in LANGUAGES {
        let table = table(language);
        for (key, file) in &keys {
            match table.get(key) {
                None => wrong.push(format!("{language}: no translation of {key:?} ({file})")),
                Some(words) => {
                    let brackets = |text: &str| text.matches('[').count();
                    if places(words) != places(key) || brackets(words) != brackets(key) {
                        wrong.push(format!("{language}: other places in {key:?}: {words:?}"));
                    }
                    if language == "en" && is_chinese(words) {
                        wrong.push(format!("{language}: Chinese in {words:?}"));
                    }
                }
            }
        }
        for key in table.keys().filter(|key| !keys.contains_key(*key)) {
            wrong.push(format!("{language}: nobody uses {key:?} any more"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_reader_finds_what_it_should() {
    let (outside, inside) = parts("<p>甲{{ \"乙\"|t }}{# 丙 #}{% if x == \"丁\" %}</p>");
    assert_eq!(outside, "<p>甲</p>");
    let found: Vec<_> = inside
        .iter()
        .flat_map(|part| literals(part))
        .map(|(literal, after)| (literal, is_translated(after)))
        .collect();
    assert_eq!(found, [("乙", true), ("丁", false)]);
    let source = "// 注\nlet a = 'x'; f(\"甲\\n\\\n     乙\"); #[cfg(test)]\nmod tests { \"丙\" }";
    let found: Vec<_> = rust_literals(source).into_iter().map(|(l, _)| l).collect();
    assert_eq!(found, ["甲\n乙"]);
}
