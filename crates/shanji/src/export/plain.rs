//! The journal as plain-text accounting: hledger and Beancount, whose own checks then say whether it balances.
//!
//! At the end stands what the house keeps as the balance of each asset account, so that their check compares
//! the sum of all entries with it and does not only add up each entry.

use super::journal::{self, Entry};
use super::{Around, Output, Written, chart, unwritten};
use crate::books::Names;
use crate::outcome::Failure;
use db::Session;
use kernel::Day;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

const HEAD: &str = "\
; 善迹导出：由公开流转按民间非营利组织会计制度的分录模板生成，请勿手改。
; 金额单位为元，精确到分；末尾的余额断言取自本系统的余额表。
; 物资按件数记账，不在此列；购买物资只记入存货。
";

/// Whose syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Hledger,
    Beancount,
}

impl Syntax {
    const fn file_name(self) -> &'static str {
        match self {
            Syntax::Hledger => "shanji.journal",
            Syntax::Beancount => "shanji.beancount",
        }
    }

    fn head(self) -> String {
        match self {
            Syntax::Hledger => format!("{HEAD}\ncommodity 1000.00 CNY\n\n"),
            Syntax::Beancount => format!(
                "{HEAD}\noption \"title\" \"善迹\"\noption \"operating_currency\" \"CNY\"\n\n"
            ),
        }
    }

    fn entry(self, entry: &Entry) -> String {
        let mut text = match self {
            Syntax::Hledger => {
                format!(
                    "{} * ({}) {}  ; leaf:{}\n",
                    entry.day, entry.id, entry.title, entry.leaf
                )
            }
            Syntax::Beancount => format!(
                "{} * \"{}\" \"{}\"\n  leaf: {}\n",
                entry.day, entry.id, entry.title, entry.leaf
            ),
        };
        for (account, fen) in &entry.lines {
            let name = chart::name(*account, &entry.organisation);
            let _ = writeln!(text, "  {name}  {} CNY", decimal(*fen));
        }
        text.push('\n');
        text
    }

    /// The balances at the end of the last day, and for Beancount the day on which each account opens.
    fn tail(
        self,
        last: Day,
        opened: &BTreeMap<String, Day>,
        asserted: &BTreeMap<String, i64>,
    ) -> String {
        let mut text = String::new();
        let used = asserted
            .iter()
            .filter(|(name, fen)| **fen != 0 || opened.contains_key(*name));
        match self {
            Syntax::Hledger => {
                let _ = writeln!(text, "{last} * 本系统的余额");
                for (name, fen) in used {
                    let _ = writeln!(text, "  {name}  0.00 CNY = {} CNY", decimal(*fen));
                }
                let names = opened.keys().map(|name| format!("account {name}\n"));
                text.push('\n');
                text.extend(names);
            }
            Syntax::Beancount => {
                let next = last.plus_days(1);
                for (name, fen) in used {
                    let _ = writeln!(text, "{next} balance {name}  {} CNY", decimal(*fen));
                }
                text.push('\n');
                for (name, day) in opened {
                    let _ = writeln!(text, "{day} open {name} CNY");
                }
                for name in asserted
                    .iter()
                    .filter(|(name, fen)| **fen != 0 && !opened.contains_key(*name))
                {
                    let _ = writeln!(text, "{last} open {} CNY", name.0);
                }
            }
        }
        text
    }
}

/// Fen as yuan with two decimals, exact, no groups.
pub(super) fn decimal(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let digits = fen.unsigned_abs();
    format!("{sign}{}.{:02}", digits / 100, digits % 100)
}

/// Writes the journal.
pub(super) async fn write(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    syntax: Syntax,
) -> Result<Written, Failure> {
    let asserted = journal::asserted(session, names, around).await?;
    let mut output = Output::create(around.out, syntax.file_name())?;
    let failed = unwritten(&output.part);
    let put = |output: &mut Output, text: &str| {
        output
            .file
            .write_all(text.as_bytes())
            .map_err(|_| failed.clone())
    };
    put(&mut output, &syntax.head())?;
    let mut opened: BTreeMap<String, Day> = BTreeMap::new();
    let mut last = Day::from_number(0);
    let mut each = |entry: &Entry| {
        last = last.max(entry.day);
        for (account, _) in &entry.lines {
            let day = opened
                .entry(chart::name(*account, &entry.organisation))
                .or_insert(entry.day);
            *day = entry.day.min(*day);
        }
        put(&mut output, &syntax.entry(entry))
    };
    let mut written = journal::entries(session, names, around, &mut each).await?;
    put(&mut output, &syntax.tail(last, &opened, &asserted))?;
    written.files.push(output.finish()?);
    Ok(written)
}
