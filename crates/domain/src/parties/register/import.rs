//! Entries that another register has: read with all their faults at once, never mended.

use super::{Item, NewEntry, Origin, Standing};
use crate::say;
use crate::text::{Form, LINE_MAX, Problem, STORY_MAX};
use kernel::Day;

/// Most entries of one organisation in one import.
pub const ENTRIES_MAX: usize = 200;

/// 〔待导入记载〕 An entry as a file of another register writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedEntry {
    /// Code of the item.
    pub item: String,
    /// Code of the standing, for items that have one.
    pub standing: String,
    /// The words, for items that have none.
    pub words: String,
    /// The first day.
    pub from: String,
    /// The last day, may be empty.
    pub until: String,
    /// Who decided.
    pub office: String,
    /// Number of the document.
    pub document: String,
    /// The article, may be empty.
    pub law: String,
    /// Why, may be empty.
    pub reason: String,
}

impl ImportedEntry {
    /// An entry of a standing that holds until something else is entered: standing, first day, office and document.
    #[must_use]
    pub fn of(standing: Standing, from: Day, (office, document): (&str, &str)) -> ImportedEntry {
        ImportedEntry {
            item: standing.item().code().into(),
            standing: standing.code().into(),
            from: from.to_string(),
            office: office.into(),
            document: document.into(),
            ..ImportedEntry::default()
        }
    }
}

/// Reads the entries that the named register has of one organisation.
///
/// # Errors
/// All problems of all entries at once; each says in which entry it is.
pub fn read_entries(
    source: &str,
    entries: &[ImportedEntry],
    today: Day,
) -> Result<Vec<NewEntry>, Vec<Problem>> {
    let mut form = Form::new();
    let source = form.line("source", "来源登记簿", source, LINE_MAX);
    if entries.is_empty() || entries.len() > ENTRIES_MAX {
        let sentence = say!(
            "一次导入1到{most}条记载，请分开导入。",
            most = i64::try_from(ENTRIES_MAX).unwrap_or(i64::MAX)
        );
        form.refuse("entries", "count", sentence);
    }
    let mut problems = form.problems();
    let mut read = Vec::with_capacity(entries.len().min(ENTRIES_MAX));
    for (at, entry) in entries.iter().take(ENTRIES_MAX).enumerate() {
        match read_entry(&source, entry, today) {
            Ok(new) => read.push(new),
            Err(found) => {
                let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
                problems.extend(found.into_iter().map(|problem| Problem {
                    sentence: say!(
                        "第{number}条：{problem}",
                        number,
                        problem = problem.sentence
                    ),
                    ..problem
                }));
            }
        }
    }
    if problems.is_empty() {
        Ok(read)
    } else {
        Err(problems)
    }
}

/// Reads one entry by itself, as a row of a file has it.
///
/// # Errors
/// All its problems at once.
pub fn read_one(source: &str, entry: &ImportedEntry, today: Day) -> Result<NewEntry, Vec<Problem>> {
    let mut form = Form::new();
    let source = form.line("source", "来源登记簿", source, LINE_MAX);
    let mut problems = form.problems();
    match read_entry(&source, entry, today) {
        Ok(new) if problems.is_empty() => Ok(new),
        read => {
            problems.extend(read.err().unwrap_or_default());
            Err(problems)
        }
    }
}

fn read_entry(source: &str, typed: &ImportedEntry, today: Day) -> Result<NewEntry, Vec<Problem>> {
    let mut form = Form::new();
    let item = Item::parse(typed.item.trim());
    if item.is_none() {
        form.refuse("item", "choice", "登记事项的代码不认识，请对照说明改正。");
    }
    let item = item.unwrap_or(Item::Legal);
    let standing = Standing::parse(item, typed.standing.trim());
    let mut words = String::new();
    if item.has_standings() {
        if standing.is_none() {
            form.refuse(
                "standing",
                "choice",
                "这个事项没有这种状态，请对照说明改正。",
            );
        }
    } else {
        words = match item {
            Item::Scope | Item::Charter | Item::Report => {
                form.optional("words", item.title(), &typed.words, STORY_MAX)
            }
            _ => form.line("words", item.title(), &typed.words, LINE_MAX),
        };
        if words.is_empty() && !form.has("words") {
            form.refuse("words", "required", "请写出登记的内容。");
        }
    }
    let from = form.day("from", "起始日", &typed.from);
    let until = match typed.until.trim() {
        "" => None,
        text => form.day("until", "终止日", text),
    };
    judge_days(&mut form, (from, until), (item, today));
    if let Some(standing) = standing.filter(|standing| until.is_some() && standing.is_lasting()) {
        let sentence = say!(
            "“{standing}”不会自己结束，请不写终止日，以后有变化再另记一条。",
            standing = standing.title()
        );
        form.refuse("until", "lasting", sentence);
    }
    let office = form.line("office", "决定机关", &typed.office, LINE_MAX);
    let document = read_document(&mut form, &typed.document);
    let law = form.optional("law", "依据", &typed.law, LINE_MAX);
    let reason = form.optional("reason", "理由", &typed.reason, STORY_MAX);
    form.finish(()).map(|()| NewEntry {
        item,
        standing,
        words,
        from: from.unwrap_or(today),
        until,
        office,
        document,
        law,
        reason,
        source: source.to_owned(),
        origin: Origin::Imported,
        corrects: None,
        successor: None,
    })
}

/// A register tells what has happened: nothing begins later than today but a grade that was announced, and nothing
/// ends before it begins.
fn judge_days(
    form: &mut Form,
    (from, until): (Option<Day>, Option<Day>),
    (item, today): (Item, Day),
) {
    if from.is_some_and(|from| from > today) && !item.may_begin_later() {
        form.refuse("from", "future", "起始日不能晚于今天，请到那一天再登记。");
    }
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        form.refuse("until", "before", "终止日不能早于起始日，请改正。");
    }
}

/// The number of a document: one line with a figure in it, which nobody's name has.
pub(crate) fn read_document(form: &mut Form, typed: &str) -> String {
    let document = form.private_line("document", "文号", typed, LINE_MAX);
    form.stated("document", "文号", &document);
    if !document.is_empty() && !document.chars().any(|c| c.is_ascii_digit()) {
        form.refuse(
            "document",
            "number",
            "文号里要有年份和序号，例如 云民慈〔2026〕12号，请照决定书填写。",
        );
    }
    document
}
