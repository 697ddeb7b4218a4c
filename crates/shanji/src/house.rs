//! Opening the house for commands that read it: where it is, its keys, its database.

use crate::cli::{House, Passphrase};
use crate::key_file;
use crate::outcome::Failure;
use db::{Db, Options};
use gateway::keys::{self, FILE};
use gateway::{Secrets, SystemEntropy};
use kernel::Secret;
use std::future::Future;
use std::path::{Path, PathBuf};

/// Name of the SQLite file in the data folder.
const DATABASE_FILE: &str = "shanji.db";

/// Where a house is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folder of keys and evidence.
    pub(crate) data: PathBuf,
    /// `sqlite:…` or `postgres://…`
    pub(crate) database: String,
    /// Where the passphrase of sealed keys is.
    pub(crate) passphrase: Option<PathBuf>,
}

impl Place {
    /// As `--data` and `--database` say.
    pub(crate) fn of(house: &House) -> Place {
        let database = house.database.clone();
        Place {
            database: database.unwrap_or_else(|| sqlite_in(&house.data)),
            data: house.data.clone(),
            passphrase: house.passphrase_file.clone(),
        }
    }

    /// The folder of the keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The passphrase of this house: asked for if its keys are sealed, taken if one is given and keys are yet to be
    /// made, none else.
    ///
    /// # Errors
    /// The keys are sealed and there is no passphrase.
    pub(crate) fn passphrase(&self) -> Result<Option<Secret<String>>, Failure> {
        let from = Passphrase {
            passphrase_file: self.passphrase.clone(),
        };
        let folder = self.keys();
        if keys::are_sealed(&folder) {
            return key_file::obtain(&from).map(Some);
        }
        let is_new = !folder.join(FILE).exists();
        if is_new && key_file::is_given(&from) {
            return key_file::obtain_new(&from).map(Some);
        }
        Ok(None)
    }
}

fn sqlite_in(data: &Path) -> String {
    format!("sqlite:{}", data.join(DATABASE_FILE).display())
}

/// A folder, or a PostgreSQL address with the folder of its keys.
///
/// # Errors
/// An address without a folder.
pub(crate) fn place_of(text: &str, data: Option<&Path>) -> Result<Place, Failure> {
    let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    match (is_postgres, data) {
        (true, Some(data)) => Ok(Place {
            data: data.to_path_buf(),
            database: text.to_owned(),
            passphrase: None,
        }),
        (true, None) => Err(Failure::usage(
            "data.missing",
            "编号由密钥生成，请用 --data 指明这个数据库的数据目录（其中有 keys）",
        )),
        (false, _) => Ok(Place {
            data: PathBuf::from(text),
            database: sqlite_in(Path::new(text)),
            passphrase: None,
        }),
    }
}

/// The keys of a house; none are made.
///
/// # Errors
/// There are none, or they cannot be read.
pub(crate) fn secrets(place: &Place) -> Result<Secrets, Failure> {
    let folder = place.keys();
    if !folder.join(FILE).exists() {
        let data = place.data.display();
        let sentence = format!("{data} 里没有密钥 keys/{FILE}，请核对数据目录");
        return Err(Failure::unreachable("keys.absent", sentence));
    }
    let passphrase = place.passphrase()?;
    Secrets::open_or_create(&folder, passphrase.as_ref(), &SystemEntropy)
        .map_err(|error| Failure::unreachable("keys.read", error.to_string()))
}

/// The database of a house that exists; no empty one is made.
///
/// # Errors
/// It is not there, or another process has it.
pub(crate) fn open(place: &Place) -> Result<Db, Failure> {
    if let Some(file) = place.database.strip_prefix("sqlite:")
        && !Path::new(file).exists()
    {
        let sentence = format!("没有数据库文件 {file}，请核对 --data");
        return Err(Failure::unreachable("database.absent", sentence));
    }
    Db::open(&place.database, Options::default())
        .map_err(|error| Failure::unreachable("database.open", error.to_string()))
}

/// Runs asynchronous work to its end.
///
/// # Errors
/// The system gives no threads.
pub(crate) fn block_on<F: Future>(work: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|_| Failure::unreachable("system.threads", "系统不给线程，请稍后再试"))?;
    Ok(runtime.block_on(work))
}

/// What an App needs to open this house as it is: a log keeps the name with which it was founded.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn config(place: &Place) -> Result<app::Config, Failure> {
    let mut config = app::Config::local(&place.data);
    config.database.clone_from(&place.database);
    config.passphrase = place.passphrase()?;
    let db = open(place)?;
    let mut session = db.read_tx().await.map_err(|e| crate::books::unread(&e))?;
    let origin = store::house_value(&mut session, "origin")
        .await
        .map_err(|e| crate::books::unread(&e))?;
    drop(session);
    db.close();
    if let Some(origin) = origin {
        config.origin = origin;
    }
    Ok(config)
}

/// An error of the house, with the source that pages do not show.
pub(crate) fn failure(error: &app::AppError) -> Failure {
    use app::AppError;
    match error {
        AppError::Invalid(problems) => {
            let sentences: Vec<String> = problems
                .iter()
                .map(|problem| problem.sentence.to_string())
                .collect();
            Failure::refused("invalid", sentences.join(" "))
        }
        AppError::Refused(refusal) | AppError::Denied(refusal) | AppError::Conflict(refusal) => {
            Failure::refused(refusal.code, refusal.sentence.to_string())
        }
        AppError::NotFound(_) => Failure::refused("not_found", error.to_string()),
        AppError::Unwell(refusal) => {
            Failure::unreachable(refusal.code, refusal.sentence.to_string())
        }
        AppError::Busy(_) => Failure::unreachable("busy", error.to_string()),
        AppError::Internal(source) => Failure::unreachable("internal", source.to_string()),
    }
}
