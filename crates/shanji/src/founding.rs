//! Which log is served from a folder, and whether a new one may be founded there: keys or a guard file beside an empty
//! database are what a log has left behind, and founding another one under its name would be the fork that nobody can take
//! back.

use crate::house::Place;
use crate::outcome::Failure;
use db::{Db, Options};
use gateway::keys::FILE as KEYS_FILE;
use std::path::Path;
use store::transparency::{Guard, Guarded};

/// What a new log is told that has no name.
const ORIGIN_MISSING: &str = "新的日志要先定名称，定下后不能改：请加 --origin log.example.org.cn/gongyi（换成自己的域名），或设置 SHANJI_ORIGIN；只想试用请加 --demo";
/// What keys without a database are told.
const KEYS_WITHOUT_LOG: &str = "数据目录里有密钥，却没有它们的数据库：再启动会用同一把密钥另起一本日志，没有启动。请放回数据库备份，或用 shanji log recover 从镜像恢复；确实要新建，请先把 keys 目录移走";

/// The origin of the log: what was given for a new house, what the last checkpoint says for an old one.
///
/// # Errors
/// A log has been here before; a new one has no name; an old one has another; the database cannot be opened.
pub(crate) async fn origin(
    place: &Place,
    given: Option<&str>,
    spare: Option<String>,
) -> Result<String, Failure> {
    let unread = |error: db::Error| {
        let sentence = format!("数据库打不开：{error}。请核对 --database，并确认没有别的进程占用");
        Failure::unreachable("database.open", sentence)
    };
    let named = || given.map(str::to_owned).or_else(|| spare.clone());
    let has_keys = place.keys().join(KEYS_FILE).exists();
    let file = place.database.strip_prefix("sqlite:");
    // Nothing is made before it is known that something may be.
    if file.is_some_and(|file| !Path::new(file).exists()) {
        nothing_left(place, has_keys)?;
        named().ok_or_else(nameless)?;
    }
    let db = Db::open(&place.database, Options::default()).map_err(unread)?;
    store::schema::migrate(&db).await.map_err(unread)?;
    let (signed, leaves, is_founding) = {
        let mut read = db.read_tx().await.map_err(unread)?;
        let signed = store::transparency::checkpoint_newest(&mut read).await;
        let leaves = store::transparency::leaf_count(&mut read).await;
        let founding = store::is_founding(&mut read).await;
        let signed = signed.map_err(unread)?;
        (signed, leaves.map_err(unread)?, founding.map_err(unread)?)
    };
    if leaves == 0 {
        // A first start marks its database before it makes the keys, so one that was cut short goes on.
        nothing_left(place, has_keys && !is_founding)?;
        let origin = named().ok_or_else(nameless)?;
        if !has_keys {
            let begun = store::founding_begin(&db, &origin).await;
            begun.map_err(unread)?;
        }
    }
    let signed = signed.and_then(|c| c.note.lines().next().map(str::to_owned));
    match (signed, given) {
        (Some(signed), Some(given)) if signed != given => {
            let sentence = format!("这个日志的名称是 {signed}，不能改成 {given}，请去掉 --origin");
            Err(Failure::usage("origin.fixed", sentence))
        }
        (Some(signed), _) => Ok(signed),
        (None, _) => named().ok_or_else(nameless),
    }
}

fn nameless() -> Failure {
    Failure::usage("origin.missing", ORIGIN_MISSING)
}

/// Refuses to found a log where one has been.
fn nothing_left(place: &Place, has_keys: bool) -> Result<(), Failure> {
    let file = app::Config::local(&place.data).guard;
    let said = Guard::at(&file).read().ok().flatten();
    if let Some(said) = said.filter(|said| !said.is_blank()) {
        return Err(Failure::refused(
            "log.lost",
            lost(&said, &file.display().to_string()),
        ));
    }
    match has_keys {
        true => Err(Failure::refused("keys.without_log", KEYS_WITHOUT_LOG)),
        false => Ok(()),
    }
}

fn lost(said: &Guarded, file: &str) -> String {
    let mark = said.signed.or(said.signing);
    let size = mark.map_or(0, |mark| mark.size);
    format!(
        "守卫文件 {file} 记着日志 {} 已签到{size}条，数据库却是空的：再启动会另起一本日志，没有启动。请放回数据库备份，或用 shanji log recover 从镜像恢复；确实要建另一本日志，请换一个空的数据目录",
        said.origin
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{App, Config};

    fn place(folder: &Path, database: Option<&str>) -> Place {
        let local = Config::local(folder).database;
        Place {
            data: folder.to_path_buf(),
            database: database.map_or(local, str::to_owned),
            passphrase: None,
        }
    }

    async fn code(place: &Place, given: Option<&str>) -> String {
        let spare = None;
        origin(place, given, spare).await.unwrap_err().code
    }

    /// Founds a log and signs its first checkpoint.
    async fn found(place: &Place) {
        let origin = origin(place, Some("a.example/log"), None).await.unwrap();
        let config = Config {
            origin,
            database: place.database.clone(),
            ..Config::local(&place.data)
        };
        let app = App::open(config).await.unwrap();
        app.seal_now().await.unwrap();
        let db = app.db().clone();
        drop(app);
        db.close();
    }

    fn remove_database(folder: &Path) {
        // The files beside it go by themselves when the last connection closes, sooner or later than this.
        std::fs::remove_file(folder.join(app::DATABASE_FILE)).unwrap();
        for beside in ["-wal", "-shm"] {
            drop(std::fs::remove_file(
                folder.join(format!("{}{beside}", app::DATABASE_FILE)),
            ));
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_log_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), None);
        assert_eq!(code(&place, None).await, "origin.missing");
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "a start that comes to nothing leaves nothing");
        let spare = Some("localhost/log".to_owned());
        assert_eq!(origin(&place, None, spare).await.unwrap(), "localhost/log");
        found(&place).await;
        for given in [None, Some("a.example/log")] {
            assert_eq!(origin(&place, given, None).await.unwrap(), "a.example/log");
        }
        assert_eq!(code(&place, Some("b.example/log")).await, "origin.fixed");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_a_log_has_left_behind_founds_no_second_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), None);
        found(&place).await;
        remove_database(folder.path());
        // With and without a name it is said which log is lost, not that a name is wanted.
        for given in [None, Some("a.example/log")] {
            let refused = origin(&place, given, None).await.unwrap_err();
            assert_eq!(refused.code, "log.lost");
            assert!(refused.sentence.contains("日志 a.example/log 已签到"));
        }
        std::fs::remove_file(folder.path().join(app::GUARD_FILE)).unwrap();
        for given in [None, Some("a.example/log")] {
            assert_eq!(code(&place, given).await, "keys.without_log");
            assert!(!folder.path().join(app::DATABASE_FILE).exists());
        }
        std::fs::remove_dir_all(folder.path().join("keys")).unwrap();
        let begun = origin(&place, Some("a.example/log"), None).await;
        assert_eq!(begun.unwrap(), "a.example/log");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn keys_beside_an_empty_database_are_seen_on_both_engines() {
        let first = tempfile::tempdir().unwrap();
        found(&place(first.path(), None)).await;
        let there = db::testing::postgres(db::testing::few()).unwrap();
        let there = there.as_ref().map(|database| database.url());
        for url in [None, there] {
            let folder = tempfile::tempdir().unwrap();
            let place = place(folder.path(), url);
            // What an earlier start that came to nothing has left.
            std::fs::write(folder.path().join(app::DATABASE_FILE), "").unwrap();
            std::fs::create_dir(place.keys()).unwrap();
            let keys = place.keys().join(KEYS_FILE);
            std::fs::copy(first.path().join("keys").join(KEYS_FILE), &keys).unwrap();
            assert_eq!(
                code(&place, Some("a.example/log")).await,
                "keys.without_log"
            );
            // A first start that was cut short behind its keys goes on.
            std::fs::remove_file(&keys).unwrap();
            let named = Some("a.example/log");
            assert_eq!(origin(&place, named, None).await.unwrap(), "a.example/log");
            std::fs::copy(first.path().join("keys").join(KEYS_FILE), &keys).unwrap();
            assert_eq!(origin(&place, named, None).await.unwrap(), "a.example/log");
        }
    }
}
