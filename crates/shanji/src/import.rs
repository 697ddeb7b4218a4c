//! `shanji import`: bills, lists and registers from files into the house, with a dry run and a way back.

mod words;

use crate::cli::{Import, ImportStep};
use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{progress, say, say_json};
use app::App;
use app::exchange::{ImportFile, ImportPosted, ImportTarget, RejectsFile};
use db::{Db, Options};
use domain::identity::Actor;
use indicatif::ProgressBar;
use std::path::{Path, PathBuf};

/// Runs the command.
pub(crate) fn run(args: &Import) -> Ended {
    let place = Place::of(&args.house);
    house::block_on(work(&place, args))?
}

async fn work(place: &Place, args: &Import) -> Ended {
    let app = open(place).await?;
    let done = match &args.step {
        None => files(&app, args, &args.files).await,
        Some(ImportStep::Organisations { file }) => {
            files(&app, args, std::slice::from_ref(file)).await
        }
        Some(ImportStep::Register { file }) => register(&app, args, file).await,
        Some(ImportStep::Divisions { villages }) => {
            divisions(&app, args, villages.as_deref()).await
        }
        Some(ImportStep::Wuhan { dir }) => wuhan(&app, args, dir).await,
        Some(ImportStep::Post { runs }) => {
            let posted = post(&app, runs).await?;
            say_posted(args, &posted);
            Ok(Exit::Fine)
        }
        Some(ImportStep::Undo { run }) => {
            let line = app
                .import_undo(&actor(), run)
                .await
                .map_err(|e| house::failure(&e))?;
            say_or_json(args, &line, &words::run(&line));
            Ok(Exit::Fine)
        }
        Some(ImportStep::List) => {
            let lines = app.import_runs().await.map_err(|e| house::failure(&e))?;
            let text: String = lines.iter().map(words::run).collect();
            say_or_json(
                args,
                &lines,
                if text.is_empty() {
                    "还没有导入过\n"
                } else {
                    &text
                },
            );
            Ok(Exit::Fine)
        }
    }?;
    // What was posted is under a signed checkpoint before the program ends.
    app.seal_now().await.map_err(|e| house::failure(&e))?;
    Ok(done)
}

fn actor() -> Actor {
    Actor::house("命令行导入")
}

/// Opens the house, a new one where there is none.
pub(crate) async fn open(place: &Place) -> Result<App, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::unreachable("database.open", error.to_string());
    std::fs::create_dir_all(&place.data).map_err(|error| failed(&error))?;
    let fresh = place
        .database
        .strip_prefix("sqlite:")
        .is_some_and(|file| !Path::new(file).exists());
    let config = if fresh {
        let mut config = app::Config::local(&place.data);
        config.database.clone_from(&place.database);
        config.passphrase = place.passphrase()?;
        config
    } else {
        match Db::open(&place.database, Options::default()) {
            Ok(db) => db.close(),
            Err(db::Error::Locked { .. }) => {
                let sentence =
                    "数据库正由运行中的服务使用，请先停止 shanji serve 再导入，导完再启动。";
                return Err(Failure::unreachable("import.locked", sentence));
            }
            Err(error) => return Err(failed(&error)),
        }
        house::config(place).await?
    };
    App::open(config)
        .await
        .map_err(|error| house::failure(&error))
}

fn read(path: &Path) -> Result<ImportFile, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let sentence = format!("读不到文件 {}：{error}", path.display());
        Failure::unreachable("import.file", sentence)
    })?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(ImportFile {
        name: name.to_string_lossy().into_owned(),
        bytes,
    })
}

async fn files(app: &App, args: &Import, paths: &[PathBuf]) -> Ended {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        files.push(read(path)?);
    }
    take(app, args, files).await
}

/// Entries of another register: looked at, or entered as far as they are new.
async fn register(app: &App, args: &Import, path: &Path) -> Ended {
    if args.stage {
        let sentence = "登记簿记载不分两步：先用 --dry-run 看结果，再去掉它正式导入";
        return Err(Failure::usage("import.register", sentence));
    }
    let file = read(path)?;
    let actor = actor();
    let done = match args.dry_run {
        true => app.register_file(file).await,
        false => app.register_file_enter(&actor, file).await,
    };
    let done = done.map_err(|error| house::failure(&error))?;
    if let Some(to) = &args.rejects {
        write(to, &done.rejects)?;
    }
    say_or_json(args, &done.report, &words::report(&done.report));
    Ok(Exit::Fine)
}

async fn divisions(app: &App, args: &Import, villages: Option<&Path>) -> Ended {
    let mut files = vec![ImportFile::divisions()];
    if let Some(path) = villages {
        files.push(read(path)?);
    }
    take(app, args, files).await
}

/// Dry run, staging, or staging and posting of files.
async fn take(app: &App, args: &Import, files: Vec<ImportFile>) -> Ended {
    let target = ImportTarget {
        organisation: args.organisation.clone(),
        campaign: args.campaign.clone(),
    };
    if let Some(path) = &args.rejects {
        let mut all = Vec::with_capacity(files.len());
        for file in &files {
            let rejects = app.import_rejects_of(file.clone(), &target).await;
            all.push(rejects.map_err(|e| house::failure(&e))?);
        }
        match all.as_slice() {
            [one] => write(path, &one.bytes)?,
            _ => write_all(path, &all)?,
        }
    }
    if args.dry_run || args.stage {
        let mut reports = Vec::with_capacity(files.len());
        for file in files {
            let report = if args.dry_run {
                app.import_dry_run(file, &target).await
            } else {
                app.import_stage(&actor(), file, &target).await
            };
            reports.push(report.map_err(|e| house::failure(&e))?);
        }
        say_or_json(
            args,
            &reports,
            &reports.iter().map(words::report).collect::<String>(),
        );
        return Ok(Exit::Fine);
    }
    let mut bar = None;
    let mut progress = |done, total| show(&mut bar, done, total);
    let done = app
        .import_all(&actor(), files, &target, &mut progress)
        .await;
    clear(bar);
    let (reports, posted) = done.map_err(|error| house::failure(&error))?;
    if args.json {
        json(&serde_json::json!({ "files": reports, "posted": posted }));
    } else {
        say(&reports.iter().map(words::report).collect::<String>());
        say_posted(args, &posted);
    }
    Ok(Exit::Fine)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| {
        let sentence = format!("写不了 {}：{error}", path.display());
        Failure::unreachable("import.rejects", sentence)
    })
}

/// Rejects of several files into a folder, each under its own name; of those that have any.
fn write_all(folder: &Path, all: &[RejectsFile]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let sentence = format!(
            "几个文件的退回行要放进目录，建不了 {}：{error}",
            folder.display()
        );
        Failure::unreachable("import.rejects", sentence)
    })?;
    for rejects in all.iter().filter(|rejects| rejects.rows > 0) {
        write(&folder.join(&rejects.name), &rejects.bytes)?;
    }
    Ok(())
}

async fn post(app: &App, runs: &[String]) -> Result<ImportPosted, Failure> {
    let mut bar = None;
    let mut progress = |done, total| show(&mut bar, done, total);
    let posted = app.import_post_set(&actor(), runs, &mut progress).await;
    clear(bar);
    posted.map_err(|error| house::failure(&error))
}

fn show(bar: &mut Option<ProgressBar>, done: u64, total: u64) {
    bar.get_or_insert_with(|| progress(total, "入账"))
        .set_position(done);
}

fn clear(bar: Option<ProgressBar>) {
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

async fn wuhan(app: &App, args: &Import, dir: &Path) -> Ended {
    if args.stage {
        let sentence = "wuhan 会一次完成全部文件，请去掉 --stage；只看结果用 --dry-run";
        return Err(Failure::usage("import.wuhan", sentence));
    }
    if let Some(folder) = &args.rejects {
        let rejects = app.import_wuhan_rejects(dir).await;
        write_all(folder, &rejects.map_err(|error| house::failure(&error))?)?;
    }
    if args.dry_run {
        let reports = app.import_wuhan_dry_run(dir).await;
        let reports = reports.map_err(|error| house::failure(&error))?;
        let text: String = reports.iter().map(words::report).collect();
        say_or_json(args, &reports, &text);
        return Ok(Exit::Fine);
    }
    let mut bar = None;
    let mut progress = |done, total| show(&mut bar, done, total);
    let report = app.import_wuhan(&actor(), dir, &mut progress).await;
    clear(bar);
    let report = report.map_err(|error| house::failure(&error))?;
    if args.json {
        json(&report);
        return Ok(Exit::Fine);
    }
    let mut text: String = report.files.iter().map(words::report).collect();
    text.push_str(&report.runs.iter().map(words::run).collect::<String>());
    text.push_str(&format!(
        "新入账{}行，以前已有{}行\n组织 {}\n活动 {}\n",
        report.added, report.known, report.organisation, report.campaign
    ));
    say(&text);
    Ok(Exit::Fine)
}

fn say_posted(args: &Import, posted: &ImportPosted) {
    let mut text: String = String::new();
    for run in &posted.runs {
        text.push_str(&words::run(&run.run));
        let counts = match (run.added, run.known) {
            (0, 0) => "  没有新的行：这一批以前已经入账\n".to_owned(),
            (added, known) => format!("  新入账{added}行，以前已有{known}行\n"),
        };
        text.push_str(&counts);
    }
    say_or_json(
        args,
        posted,
        if text.is_empty() {
            "没有需要入账的批次\n"
        } else {
            &text
        },
    );
}

fn say_or_json(args: &Import, value: &impl serde::Serialize, text: &str) {
    if args.json { json(value) } else { say(text) }
}

/// What we serialise has texts and integers only, so it is always JSON.
fn json(value: &impl serde::Serialize) {
    say_json(&serde_json::to_value(value).unwrap_or_default());
}

#[cfg(test)]
mod tests;
