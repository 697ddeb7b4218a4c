//! A file read whole: every row is accepted or rejected with a reason, and the sums agree to the fen.

use super::rows::{self, OrderedGift, RowKeys};
use super::{ImportFile, REJECTS_TOLD, Target, refusal, sheet_words};
use crate::error::AppError;
use crate::exchange::part::ImportRows;
use domain::exchange::import::gifts::{Field, GiftColumns};
use domain::exchange::import::goods::{GoodsDay, broken_names, recipient_row};
use domain::exchange::import::limits::HEADING_ROWS;
use domain::exchange::import::{
    HeaderError, Layout, Mapping, Proposal, Reader, Reject, Row, mapped_fields,
};
use domain::{Sentence, say};
use kernel::{Amount, Day, Fen};
use std::collections::{BTreeSet, HashMap};
use store::exchange::RejectRow;

/// The code of a row that the clerk leaves out.
pub(crate) const LEFT_OUT: &str = "row.left_out";
/// Cells with words that make a row the headings of a list that nobody knows.
const HEADING_CELLS: usize = 3;
/// Bytes of the mark of headings.
const HEADING_MARK_BYTES: usize = 8;
/// Warnings told of one file; there may be more.
const WARNINGS_MAX: usize = 50;
/// The day on which the list of divisions stood (National Bureau of Statistics, data/regions/SOURCE.txt).
const DIVISIONS_DAY: (i32, u8, u8) = (2023, 6, 30);

/// 〔已读文件〕 What a file holds.
#[derive(Debug)]
pub(crate) struct FileRead {
    pub layout: Layout,
    pub sha256: [u8; 32],
    /// Rows of the file below its heading: all, accepted, rejected.
    pub rows: (i64, i64, i64),
    /// Fen of the file: all, accepted, rejected.
    pub amounts: (i64, i64, i64),
    /// Line, code and reason of the rejected rows.
    pub rejects: Vec<(i64, &'static str, Sentence)>,
    /// Those of them whose channel and day are known.
    pub rejects_of_days: Vec<RejectRow>,
    /// The rejected rows as a file of the same layout.
    pub rejects_file: Vec<u8>,
    pub warnings: Vec<Sentence>,
    pub content: Content,
    /// The cells of the first rejected rows, as they came.
    pub rejected_cells: Vec<Vec<String>>,
    /// Rows of money whose amount cannot be read.
    pub unread: i64,
    /// The columns of a list of gifts that are read, each with what it is read as.
    pub places: Option<Vec<(usize, &'static str)>>,
    /// The columns that a clerk chose and the mark of the headings; empty for the known layouts.
    pub mapping: String,
}

/// What the accepted rows become.
#[derive(Debug)]
pub(crate) enum Content {
    /// Gifts, to be merged with those of other files.
    Gifts(Vec<OrderedGift>),
    /// Rows in the order of their file.
    Rows(ImportRows),
}

/// Reads a file whole.
///
/// # Errors
/// `Refused` with the code of the table, the heading or the missing target; never for a single row.
pub(crate) fn read(file: &ImportFile, target: &Target) -> Result<FileRead, AppError> {
    let options = sheet::Options::default();
    let mut table =
        sheet::Table::from_bytes(file.bytes.clone(), &options).map_err(sheet_words::refused)?;
    let sha256 = table.digest();
    let (reader, heading) = match &target.mapping {
        Some(mapping) => mapped(&mut table, mapping)?,
        None => heading(&mut table)?,
    };
    target.fits(reader.layout())?;
    let near = first_day(&mut table, &reader)?;
    let to = sheet::RejectsWriter::new(Vec::new(), sheet::Format::Csv, &heading.cells)
        .map_err(sheet_words::refused)?;
    let mut walk = Walk::new(file, target, (&reader, to), near);
    for row in table.rows().map_err(sheet_words::refused)? {
        let row = row.map_err(sheet_words::refused)?;
        if row.line > heading.line {
            walk.row(&row).map_err(sheet_words::refused)?;
        }
    }
    let mut read = walk.finish(sha256)?;
    read.mapping = Kept::text(target, &heading.cells);
    Ok(read)
}

/// 〔批次的读法〕 How a staged file is read again: the columns that a clerk chose, the mark of its headings, and the lines
/// that were left out, with `#` between them; nothing for a known layout of which every row is taken.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The columns; none for the known layouts.
    pub mapping: Option<Mapping>,
    /// What is the same for lists of the same headings; empty for the known layouts.
    pub mark: String,
    /// Lines that were left out.
    pub left_out: BTreeSet<u64>,
}

impl Kept {
    fn text(target: &Target, heading: &[String]) -> String {
        let mut text = match &target.mapping {
            Some(mapping) => format!("{}#{}", mapping.text(), heading_mark(heading)),
            None if target.left_out.is_empty() => return String::new(),
            None => "#".into(),
        };
        if !target.left_out.is_empty() {
            let lines: Vec<String> = target.left_out.iter().map(u64::to_string).collect();
            text.push('#');
            text.push_str(&lines.join(","));
        }
        text
    }

    /// What [`Kept::text`] wrote.
    pub(crate) fn read(text: &str) -> Kept {
        let mut parts = text.splitn(3, '#');
        let (columns, mark) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let lines = parts.next().unwrap_or("").split(',');
        Kept {
            mapping: Mapping::parse(columns).filter(|_| !mark.is_empty()),
            mark: mark.to_owned(),
            left_out: lines.filter_map(|line| line.parse().ok()).collect(),
        }
    }
}

fn heading(table: &mut sheet::Table) -> Result<(Reader, sheet::Row), AppError> {
    let mut nearest = HeaderError::Unknown;
    for row in table
        .rows()
        .map_err(sheet_words::refused)?
        .take(HEADING_ROWS)
    {
        let row = row.map_err(sheet_words::refused)?;
        match Reader::recognise(&row.cells) {
            Ok(reader) => return Ok((reader, row)),
            Err(missing @ HeaderError::Missing(..)) if nearest == HeaderError::Unknown => {
                nearest = missing;
            }
            Err(_) => {}
        }
    }
    Err(refusal(nearest.code(), nearest.sentence()))
}

/// What stands at the head of a list.
#[derive(Debug)]
pub(crate) struct Headings {
    /// The cells.
    pub cells: Vec<String>,
    /// True if the list is of a known layout.
    pub known: bool,
}

/// The headings of a file: those of a known layout, else the first row with several words.
///
/// # Errors
/// `Refused` if the file cannot be read or nothing in it looks like headings.
pub(crate) fn headings(file: &ImportFile) -> Result<Headings, AppError> {
    let options = sheet::Options::default();
    let mut table =
        sheet::Table::from_bytes(file.bytes.clone(), &options).map_err(sheet_words::refused)?;
    if let Ok((_, row)) = heading(&mut table) {
        let cells = row.cells;
        return Ok(Headings { cells, known: true });
    }
    let cells = first_words(&mut table)?.cells;
    Ok(Headings {
        cells,
        known: false,
    })
}

/// The first row with several words: the headings of a list that nobody knows.
fn first_words(table: &mut sheet::Table) -> Result<sheet::Row, AppError> {
    for row in table
        .rows()
        .map_err(sheet_words::refused)?
        .take(HEADING_ROWS)
    {
        let row = row.map_err(sheet_words::refused)?;
        let words = row.cells.iter().filter(|cell| !cell.trim().is_empty());
        if words.count() >= HEADING_CELLS {
            return Ok(row);
        }
    }
    let none = HeaderError::Unknown;
    Err(refusal(none.code(), none.sentence()))
}

/// A reader for a list with headings of its own.
fn mapped(table: &mut sheet::Table, mapping: &Mapping) -> Result<(Reader, sheet::Row), AppError> {
    let row = first_words(table)?;
    let columns = mapping.columns(row.cells.len());
    let missing = mapping.missing();
    if !missing.is_empty() {
        let error = HeaderError::Missing(Layout::Gifts, missing);
        return Err(refusal(error.code(), error.sentence()));
    }
    Ok((Reader::of_gifts(&row.cells, columns), row))
}

/// What is the same for lists of the same headings.
pub(crate) fn heading_mark(cells: &[String]) -> String {
    let digest = sheet::sha256(cells.join("\u{1f}").as_bytes());
    digest
        .iter()
        .take(HEADING_MARK_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The first whole date of a list of goods lends its year and month to 截至28日.
fn first_day(table: &mut sheet::Table, reader: &Reader) -> Result<Option<Day>, AppError> {
    if !matches!(reader.layout(), Layout::GoodsIn | Layout::GoodsOut) {
        return Ok(None);
    }
    for row in table.rows().map_err(sheet_words::refused)? {
        let row = row.map_err(sheet_words::refused)?;
        let found = match reader.read_row(&Row {
            line: row.line,
            cells: &row.cells,
        }) {
            Ok(Proposal::GoodsIn(goods)) => goods.goods.day,
            Ok(Proposal::GoodsOut(goods)) => goods.goods.day,
            _ => continue,
        };
        if let GoodsDay::On(day) = found {
            return Ok(Some(day));
        }
    }
    Ok(None)
}

/// The columns of a list of gifts with what they are read as.
fn places(columns: &GiftColumns) -> Vec<(usize, &'static str)> {
    let fields = mapped_fields().into_iter();
    fields
        .filter_map(|field| Some((columns.place(field.field)?, field.title)))
        .collect()
}

/// One walk through the rows.
struct Walk<'a> {
    file: &'a ImportFile,
    target: &'a Target,
    reader: &'a Reader,
    rejects_to: sheet::RejectsWriter<Vec<u8>>,
    keys: RowKeys,
    /// Channel and number of the gifts so far, with their line.
    seen: HashMap<(String, String), u64>,
    near: Option<Day>,
    recipients: Vec<domain::exchange::import::goods::RecipientRow>,
    rows: (i64, i64, i64),
    amounts: (i64, i64, i64),
    rejects: Vec<(i64, &'static str, Sentence)>,
    rejected_cells: Vec<Vec<String>>,
    unread: i64,
    rejects_of_days: Vec<RejectRow>,
    undated: u64,
    gifts: Vec<OrderedGift>,
    other: ImportRows,
}

impl<'a> Walk<'a> {
    fn new(
        file: &'a ImportFile,
        target: &'a Target,
        (reader, rejects_to): (&'a Reader, sheet::RejectsWriter<Vec<u8>>),
        near: Option<Day>,
    ) -> Walk<'a> {
        let (year, month, day) = DIVISIONS_DAY;
        let other = match reader.layout() {
            Layout::QrPos | Layout::Named | Layout::Gifts => ImportRows::Gifts(Vec::new()),
            Layout::GoodsIn => ImportRows::GoodsIn(Vec::new()),
            Layout::GoodsOut => ImportRows::GoodsOut(Vec::new()),
            Layout::Announced => ImportRows::Announcements(Vec::new()),
            Layout::CashDisbursed => ImportRows::Payments(Vec::new()),
            Layout::TwOrganisations => ImportRows::Organisations(Vec::new()),
            Layout::Divisions => {
                let stood_on = Day::from_ymd(year, month, day).unwrap_or(Day::from_number(0));
                ImportRows::Regions(Vec::new(), stood_on)
            }
        };
        Walk {
            file,
            target,
            reader,
            rejects_to,
            keys: RowKeys::default(),
            seen: HashMap::new(),
            near,
            recipients: Vec::new(),
            rows: (0, 0, 0),
            amounts: (0, 0, 0),
            rejects: Vec::new(),
            rejected_cells: Vec::new(),
            unread: 0,
            rejects_of_days: Vec::new(),
            undated: 0,
            gifts: Vec::new(),
            other,
        }
    }

    fn row(&mut self, row: &sheet::Row) -> Result<(), sheet::SheetError> {
        let cells = Row {
            line: row.line,
            cells: &row.cells,
        };
        let stated = self.stated(&cells);
        self.rows.0 += 1;
        self.amounts.0 = self.amounts.0.saturating_add(stated);
        if self.reader.layout() == Layout::GoodsOut {
            self.recipients
                .push(recipient_row(self.reader.header(), &cells));
        }
        let taken = match row.trouble {
            _ if self.target.left_out.contains(&row.line) => {
                let reason = "预检时选了不登记这一行。";
                Err(Reject::new(LEFT_OUT, reason))
            }
            Some(trouble) => Err(Reject::new(trouble.code(), sheet_words::trouble(trouble))),
            None => self
                .reader
                .read_row(&cells)
                .and_then(|proposal| self.take(row.line, proposal)),
        };
        match taken {
            Ok(amount) => {
                self.rows.1 += 1;
                self.amounts.1 = self.amounts.1.saturating_add(amount);
                Ok(())
            }
            Err(reject) => self.reject(row, &reject, stated),
        }
    }

    fn reject(
        &mut self,
        row: &sheet::Row,
        reject: &Reject,
        stated: i64,
    ) -> Result<(), sheet::SheetError> {
        let amount = reject.amount.map_or(stated, Amount::get);
        self.rows.2 += 1;
        self.amounts.2 = self.amounts.2.saturating_add(amount);
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        let cells = Row {
            line: row.line,
            cells: &row.cells,
        };
        let header = self.reader.header();
        let channel = match self.reader.layout() {
            Layout::QrPos => "qr_pos".into(),
            _ => header.cell(&cells, &["channel"]),
        };
        if let Ok(day) = Day::parse(&header.cell(&cells, &["published_for_day"]))
            && !channel.is_empty()
        {
            self.rejects_of_days.push(RejectRow {
                line,
                channel: channel.into_owned(),
                day,
                amount,
                code: reject.code.to_string(),
            });
        }
        self.rejects
            .push((line, reject.code, reject.reason.clone()));
        if self.rejected_cells.len() < REJECTS_TOLD {
            self.rejected_cells.push(row.cells.clone());
        }
        let money = matches!(
            self.reader.layout(),
            Layout::QrPos | Layout::Named | Layout::Gifts | Layout::CashDisbursed
        );
        self.unread += i64::from(money && amount == 0);
        // The file goes back to whoever wrote it, in the language of its headings.
        self.rejects_to
            .reject(row, reject.code, &reject.reason.to_string())
    }

    /// The fen of a row as its column says, read apart from the layout, so that the two can be compared.
    fn stated(&self, row: &Row<'_>) -> i64 {
        let header = self.reader.header();
        let cell = match self.reader.layout() {
            Layout::QrPos | Layout::CashDisbursed => header.cell(row, &["amount_cny"]),
            Layout::Named => header.cell(row, &["amount"]),
            Layout::Gifts => {
                let place = self
                    .reader
                    .gift_columns()
                    .and_then(|c| c.place(Field::Amount));
                let cell = place.and_then(|place| row.cells.get(place));
                cell.map_or("".into(), |cell| {
                    cell.trim().trim_start_matches('`').trim().into()
                })
            }
            _ => return 0,
        };
        Amount::parse(&cell).map_or(0, Amount::get)
    }

    /// Takes a proposal; its fen if it is money.
    fn take(&mut self, line: u64, proposal: Proposal) -> Result<i64, Reject> {
        match (proposal, &mut self.other) {
            (Proposal::Gift(gift), _) => {
                let key = (gift.channel.code().to_string(), gift.external_id.clone());
                if let Some(first) = self.seen.get(&key) {
                    let reason = say!(
                        "渠道单号与第{first}行相同，同一笔钱不能记两次；确是两笔的请填写各自的单号。",
                        first = i64::try_from(*first).unwrap_or(i64::MAX)
                    );
                    return Err(Reject::new("gift.twice", reason).with(Some(gift.amount)));
                }
                if gift.time.day() > self.target.now.day() {
                    let reason = "日期还没有到，钱不会先记账；请核对年月日后再导入这一行。";
                    return Err(Reject::new("gift.future", reason).with(Some(gift.amount)));
                }
                self.seen.insert(key, line);
                let amount = gift.amount.get();
                self.undated += u64::from(!gift.time.is_known());
                let row = (line, self.file.name.as_str());
                self.gifts
                    .push(rows::gift(self.reader.layout(), *gift, row));
                return Ok(amount);
            }
            (Proposal::Disbursement(paid), ImportRows::Payments(to)) => {
                let paid = rows::payment(paid, &mut self.keys)?;
                let amount = paid.amount.get();
                to.push(paid);
                return Ok(amount);
            }
            (Proposal::GoodsIn(goods), ImportRows::GoodsIn(to)) => {
                let goods = rows::goods_in(*goods, self.near, &mut self.keys)?;
                self.undated += u64::from(!goods.day_known);
                self.near = Some(goods.day);
                to.push(goods);
            }
            (Proposal::GoodsOut(goods), ImportRows::GoodsOut(to)) => {
                let goods = rows::goods_out(*goods, self.near, &mut self.keys)?;
                self.undated += u64::from(!goods.day_known);
                self.near = Some(goods.day);
                to.push(goods);
            }
            (Proposal::Announcements(said), ImportRows::Announcements(to)) => {
                let organisation = self.target.organisation.unwrap_or(kernel::Id::from_raw(0));
                to.extend(said.iter().map(|one| rows::announcement(organisation, one)));
            }
            (Proposal::Organisation(new), ImportRows::Organisations(to)) => {
                to.push(rows::organisation(*new)?.into());
            }
            (Proposal::Division(division), ImportRows::Regions(to, _)) => {
                to.push((division.code, division.name));
            }
            // A reader proposes what its layout says and nothing else.
            _ => {
                return Err(Reject::new(
                    "import.unknown_layout",
                    "这一行与表格种类不符，请核对表头。",
                ));
            }
        }
        Ok(0)
    }

    fn finish(self, sha256: [u8; 32]) -> Result<FileRead, AppError> {
        let (all, accepted, rejected) = self.amounts;
        if accepted.checked_add(rejected) != Some(all) {
            let sentence = say!(
                "文件金额合计{all}，接受{accepted}，未接受{rejected}，两者相加不等于合计，没有导入；请把文件交给系统管理员核查。",
                all = Fen::new(all),
                accepted = Fen::new(accepted),
                rejected = Fen::new(rejected)
            );
            return Err(refusal("import.sum", sentence));
        }
        let mut warnings = Vec::new();
        if self.undated > 0 {
            warnings.push(say!(
                "有{n}行没有写明时间，按公布当日结束时排序，实际可能更早。",
                n = i64::try_from(self.undated).unwrap_or(i64::MAX)
            ));
        }
        let broken = broken_names(&self.recipients);
        warnings.extend(
            broken
                .into_iter()
                .map(|broken| broken.sentence)
                .take(WARNINGS_MAX),
        );
        let rejects_file = self.rejects_to.finish().map_err(sheet_words::refused)?;
        let content = match self.other {
            ImportRows::Gifts(_) => Content::Gifts(self.gifts),
            rows => Content::Rows(rows),
        };
        Ok(FileRead {
            layout: self.reader.layout(),
            sha256,
            rows: self.rows,
            amounts: self.amounts,
            rejects: self.rejects,
            rejects_of_days: self.rejects_of_days,
            rejects_file,
            warnings,
            content,
            rejected_cells: self.rejected_cells,
            unread: self.unread,
            places: self.reader.gift_columns().map(places),
            mapping: String::new(),
        })
    }
}
