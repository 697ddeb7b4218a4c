//! `shanji export`: the public figures and the books, as other people's programs read them.
//!
//! Nothing is rounded and nothing is kept in memory but funds, places and accounts: rows go from the database
//! into the file a page at a time, from one snapshot.

mod chart;
mod journal;
mod plain;
mod tables;
#[cfg(test)]
mod tests;

use crate::books::{Names, unread};
use crate::cli::{Export, Format};
use crate::house;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, progress, say, say_json};
use chart::Chart;
use db::Session;
use indicatif::ProgressBar;
use kernel::{Id, IdCipher};
use leaf::ids;
use plain::Syntax;
use serde_json::json;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows that are read at once.
const PAGE: i64 = 2_000;

/// A file being written: it gets its name when it is whole.
struct Output {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(folder: &Path, name: &str) -> Result<Output, Failure> {
        let path = folder.join(name);
        let part = folder.join(format!(".{name}.part"));
        let file = File::create(&part).map_err(|_| unwritten(&part))?;
        Ok(Output {
            path,
            part,
            file: BufWriter::new(file),
        })
    }

    fn finish(mut self) -> Result<PathBuf, Failure> {
        self.file.flush().map_err(|_| unwritten(&self.part))?;
        fs::rename(&self.part, &self.path).map_err(|_| unwritten(&self.path))?;
        Ok(self.path)
    }
}

fn unwritten(path: &Path) -> Failure {
    let sentence = format!("写不了 {}，请检查目录权限和磁盘空间", path.display());
    Failure::unreachable("file.write", sentence)
}

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// The files.
    files: Vec<PathBuf>,
    /// Rows or entries.
    rows: u64,
    /// Movements of goods, which have no amount in fen.
    goods: u64,
    /// Movements for which there is no posting template, in words.
    unposted: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &Export) -> Ended {
    let place = house::Place::of(&args.house);
    let secrets = house::secrets(&place)?;
    fs::create_dir_all(&args.out).map_err(|_| unwritten(&args.out))?;
    let mut names = Names::new(IdCipher::new(*secrets.id_key.expose()));
    let only = match &args.organisation {
        Some(id) => Some(names.read::<ids::Organisation>(id).ok_or_else(|| {
            Failure::usage(
                "organisation.id",
                format!("“{id}”不是组织编号，请从组织页面复制"),
            )
        })?),
        None => None,
    };
    let written = house::block_on(async {
        let db = house::open(&place)?;
        let mut session = db.read_tx().await.map_err(|e| unread(&e))?;
        write(&mut session, &mut names, (args.format, only), &args.out).await
    })??;
    tell(&written, args.json);
    Ok(if written.unposted.is_empty() {
        Exit::Fine
    } else {
        Exit::Found
    })
}

/// The organisation that is wanted must be one of this house: an empty export would pass for an empty book.
async fn known(session: &mut Session, only: Option<i64>) -> Result<(), Failure> {
    let Some(id) = only else { return Ok(()) };
    let found = store::parties::organisation_by_id(session, Id::from_raw(id))
        .await
        .map_err(|e| unread(&e))?;
    match found {
        Some(_) => Ok(()),
        None => Err(Failure::usage(
            "organisation.unknown",
            "这里没有这个编号的组织，请从组织页面复制",
        )),
    }
}

/// Writes everything in one format.
async fn write(
    session: &mut Session,
    names: &mut Names,
    what: (Format, Option<i64>),
    out: &Path,
) -> Result<Written, Failure> {
    known(session, what.1).await?;
    let (format, only) = what;
    let chart = Chart::read(session, names).await?;
    let leaves = store::transparency::leaf_count(session)
        .await
        .map_err(|e| unread(&e))?;
    let bar = progress(leaves.unsigned_abs(), "导出");
    let around = Around {
        chart: &chart,
        only,
        out,
        bar: &bar,
    };
    let written = match format {
        Format::Csv => tables::write(session, names, &around, tables::Layout::Csv).await?,
        Format::Jsonl => tables::write(session, names, &around, tables::Layout::Jsonl).await?,
        Format::Hledger => plain::write(session, names, &around, Syntax::Hledger).await?,
        Format::Beancount => plain::write(session, names, &around, Syntax::Beancount).await?,
    };
    bar.finish_and_clear();
    Ok(written)
}

/// What every part of an export needs.
struct Around<'a> {
    chart: &'a Chart,
    /// The one organisation that is wanted.
    only: Option<i64>,
    out: &'a Path,
    bar: &'a ProgressBar,
}

impl Around<'_> {
    fn wants(&self, organisation: i64) -> bool {
        self.only.is_none_or(|only| only == organisation)
    }
}

fn tell(written: &Written, as_json: bool) {
    let files: Vec<String> = written
        .files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if as_json {
        say_json(&json!({
            "ok": written.unposted.is_empty(), "files": files, "rows": written.rows,
            "goods_movements": written.goods, "unposted": written.unposted,
        }));
        return;
    }
    let mut text = format!("已导出{}行：\n", count(written.rows));
    for file in files {
        text.push_str(&format!("  {file}\n"));
    }
    if written.goods > 0 {
        text.push_str(&format!(
            "  {}笔物资流转没有金额，只在 CSV 和 JSON 里\n",
            count(written.goods)
        ));
    }
    for line in &written.unposted {
        text.push_str(&format!("  ✗ 没有记入会计账：{line}\n"));
    }
    say(&text);
}
