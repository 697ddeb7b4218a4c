//! Entries of other registers from a file: looked at row by row, what is new is entered, what was entered before is left.
//!
//! The file may be read as often as one likes: an entry that the register has is not entered again, also if it was
//! corrected since.

use super::importer::{ImportFile, sheet_refused};
use crate::answer::Answer;
use crate::command::{Command, CommandKey};
use crate::view::ImportReport;
use crate::{App, AppError};
use domain::exchange::import::limits::HEADING_ROWS;
use domain::exchange::import::registers::{RegisterReader, RegisterRow};
use domain::exchange::import::{Reject, Row};
use domain::identity::Actor;
use domain::parties::register::{ENTRIES_MAX, ImportedEntry, NewEntry, Register, read_one};
use domain::sentence::Value;
use domain::{Refusal, Sentence, say};
use kernel::Day;
use leaf::ids;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tokio::task::spawn_blocking;

/// Rejected rows that a report tells; the file of rejects has them all.
const REJECTS_TOLD: usize = 200;

/// 〔登记簿文件〕 What a file of entries holds.
#[derive(Debug)]
pub struct RegisterFile {
    /// What was found, for people.
    pub report: ImportReport,
    /// The rejected rows as a file of the same columns.
    pub rejects: Vec<u8>,
    /// New entries by organisation and source.
    new: BTreeMap<(String, String), Vec<ImportedEntry>>,
}

/// The heading, and each row below it with what it says.
struct Rows {
    heading: Vec<String>,
    rows: Vec<(sheet::Row, RegisterRow)>,
}

/// What is known of an organisation while a file is read.
struct Known {
    id: String,
    register: Register,
    /// Entries of this file.
    taken: Vec<NewEntry>,
}

impl App {
    /// Looks at a file of entries without entering anything.
    ///
    /// # Errors
    /// `Refused`: the file is no table, or columns are missing; never for a single row.
    pub fn register_file(&self, file: ImportFile) -> Answer<'_, RegisterFile> {
        Box::pin(async move {
            let read = spawn_blocking(move || read_rows(&file));
            let read = read.await.map_err(AppError::internal)??;
            self.register_rows(read).await
        })
    }

    /// Enters what is new in a file.
    ///
    /// # Errors
    /// As [`App::register_file`]; `Denied`. What was entered before the error stays entered.
    pub fn register_file_enter<'a>(
        &'a self,
        actor: &'a Actor,
        file: ImportFile,
    ) -> Answer<'a, RegisterFile> {
        Box::pin(async move {
            let read = self.register_file(file).await?;
            for ((organisation, source), entries) in &read.new {
                for entries in entries.chunks(ENTRIES_MAX) {
                    let command = Command::RegisterImport {
                        organisation: organisation.clone(),
                        source: source.clone(),
                        entries: entries.to_vec(),
                    };
                    let digest = Sha256::digest(format!("{command:?}"));
                    let key = CommandKey(format!("register-{}", hex::encode(digest)));
                    self.write(actor, &key, command).await?;
                }
            }
            Ok(read)
        })
    }

    async fn register_rows(&self, read: Rows) -> Result<RegisterFile, AppError> {
        let today = self.now().day();
        let mut known: BTreeMap<String, Option<Known>> = BTreeMap::new();
        let mut rejects = sheet::RejectsWriter::new(Vec::new(), sheet::Format::Csv, &read.heading)
            .map_err(sheet_refused)?;
        let mut told = Vec::new();
        let mut new: BTreeMap<(String, String), Vec<ImportedEntry>> = BTreeMap::new();
        let (mut added, mut there, mut rejected) = (0_i64, 0_i64, 0_i64);
        for (row, said) in &read.rows {
            if !known.contains_key(&said.organisation) {
                let found = self.register_known(&said.organisation).await?;
                known.insert(said.organisation.clone(), found);
            }
            let owner = known.get_mut(&said.organisation).and_then(Option::as_mut);
            match judge(owner, said, today) {
                Ok(Some(id)) => {
                    added += 1;
                    let key = (id, said.source.clone());
                    new.entry(key).or_default().push(said.entry.clone());
                }
                Ok(None) => there += 1,
                Err(reject) => {
                    rejected += 1;
                    rejects
                        .reject(row, reject.code, &reject.reason.to_string())
                        .map_err(sheet_refused)?;
                    let line = i64::try_from(row.line).unwrap_or(i64::MAX);
                    told.push((line, reject.code.to_owned(), reject.reason));
                }
            }
        }
        told.truncate(REJECTS_TOLD);
        let report = ImportReport {
            run: None,
            layout: "登记簿记载".into(),
            rows: added + there + rejected,
            accepted: added + there,
            rejects: told,
            rejected,
            amounts: (0, 0, 0),
            warnings: vec![say!(
                "新的记载{added}条，以前已经记载的{there}条不再重复。",
                added,
                there
            )],
            earlier: None,
        };
        Ok(RegisterFile {
            report,
            rejects: rejects.finish().map_err(sheet_refused)?,
            new,
        })
    }

    /// The organisation that a row names, with its register; nothing if there is none.
    async fn register_known(&self, named: &str) -> Result<Option<Known>, AppError> {
        let id = match self.organisation_meant(named).await {
            Ok(id) => id,
            Err(AppError::Invalid(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut read = self.db().read_tx().await?;
        let register =
            store::parties::register_of(&mut read, self.read_id::<ids::Organisation>(&id)?).await?;
        Ok(Some(Known {
            id,
            register,
            taken: Vec::new(),
        }))
    }
}

/// The organisation of a row that says something new; nothing where the register says it already.
fn judge(
    owner: Option<&mut Known>,
    said: &RegisterRow,
    today: Day,
) -> Result<Option<String>, Reject> {
    let unknown = "登记簿里没有这家组织，请先登记它或者核对编号和统一社会信用代码，再导入这一行。";
    let owner = owner.ok_or_else(|| Reject::new("register.organisation", unknown))?;
    let read = read_one(&said.source, &said.entry, today);
    let entry = read.map_err(|problems| {
        let words: Vec<Sentence> = problems.into_iter().map(|one| one.sentence).collect();
        let all = say!("{problems}", problems = Value::Several(words, ""));
        Reject::new("register.row", all)
    })?;
    let mut entries = owner.register.entries().iter().map(|one| &one.new);
    if entries.any(|one| one.says_the_same(&entry)) || owner.taken.contains(&entry) {
        return Ok(None);
    }
    owner.taken.push(entry);
    Ok(Some(owner.id.clone()))
}

fn read_rows(file: &ImportFile) -> Result<Rows, AppError> {
    let options = sheet::Options::default();
    let mut table =
        sheet::Table::from_bytes(file.bytes.clone(), &options).map_err(sheet_refused)?;
    let mut reader: Option<(RegisterReader, u64)> = None;
    let mut read = Rows {
        heading: Vec::new(),
        rows: Vec::new(),
    };
    let mut missing = Vec::new();
    for (above, row) in table.rows().map_err(sheet_refused)?.enumerate() {
        let row = row.map_err(sheet_refused)?;
        let Some((reader, _)) = &reader else {
            match RegisterReader::new(&row.cells) {
                Ok(found) => {
                    read.heading.clone_from(&row.cells);
                    reader = Some((found, row.line));
                }
                Err(absent) if missing.is_empty() || absent.len() < missing.len() => {
                    missing = absent;
                }
                Err(_) => {}
            }
            if above >= HEADING_ROWS {
                break;
            }
            continue;
        };
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let said = reader.read_row(&Row {
            line: row.line,
            cells: &row.cells,
        });
        read.rows.push((row, said));
    }
    match reader {
        Some(_) => Ok(read),
        None => Err(no_heading(missing)),
    }
}

fn no_heading(missing: Vec<&'static str>) -> AppError {
    let parts = missing.into_iter().map(Sentence::from).collect();
    AppError::Refused(Refusal {
        code: "import.missing_columns",
        sentence: say!(
            "“{layout}”缺少栏目：{names}，请补上这些栏目再导入。",
            layout = "登记簿记载",
            names = Value::Several(parts, "、")
        ),
        law: None,
        field: None,
    })
}
