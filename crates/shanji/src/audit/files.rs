//! Where the files of a log are read: a site over HTTP, or a folder with the same layout.

use crate::outcome::Failure;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tlog::limits::{BUNDLE_BYTES_MAX, NOTE_BYTES_MAX, TILE_BYTES, TILE_WIDTH};
use tlog::{TileKind, TilePath};

/// How long one answer of a site may take.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How often one file is asked for before the site counts as unreachable.
const ATTEMPTS: usize = 3;

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is not there.
    Missing,
    /// It is longer than any such file may be.
    TooLong,
    /// The disk, the network or the site does not answer; in Chinese.
    Unreachable(String),
}

/// The files of a log by their path below its prefix.
pub(crate) trait LogFiles: Sync {
    /// The bytes of a file, at most `limit` of them.
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread>;

    /// How many files may usefully be read at once.
    fn readers(&self) -> usize {
        4
    }
}

/// A tile or bundle as it was served: its bytes, and how wide the file was.
#[derive(Debug)]
pub(crate) struct Served {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// 256 where the full file stood in for a partial one.
    pub(crate) width: u16,
}

/// Reads a tile or bundle. A partial one may be gone once the full one exists, which then stands in for it.
pub(crate) fn read_tile(files: &dyn LogFiles, path: TilePath) -> Result<Served, Unread> {
    let limit = match path.kind() {
        TileKind::Entries => BUNDLE_BYTES_MAX,
        TileKind::Hashes(_) => TILE_BYTES,
    };
    match files.read(&path.to_string(), limit) {
        Ok(bytes) => Ok(Served {
            bytes,
            width: path.width(),
        }),
        Err(Unread::Missing) if !path.is_full() => Ok(Served {
            bytes: files.read(&path.full().to_string(), limit)?,
            width: TILE_WIDTH,
        }),
        Err(unread) => Err(unread),
    }
}

/// Opens the log at a URL or in a folder; `…/log/` may be left out.
///
/// # Errors
/// No checkpoint can be read there.
pub(crate) fn open(place: &str) -> Result<(Box<dyn LogFiles>, Vec<u8>), Failure> {
    let is_url = place.starts_with("http://") || place.starts_with("https://");
    let mut last = Unread::Missing;
    for below in ["", "log/"] {
        let files: Box<dyn LogFiles> = if is_url {
            Box::new(Site::new(&format!(
                "{}/{below}",
                place.trim_end_matches('/')
            )))
        } else {
            Box::new(Folder(Path::new(place).join(below)))
        };
        match files.read("checkpoint", NOTE_BYTES_MAX) {
            Ok(note) => return Ok((files, note)),
            Err(unread) => last = unread,
        }
        if last != Unread::Missing {
            break;
        }
    }
    let why = match last {
        Unread::Missing => "没有 checkpoint 文件，请核对地址（通常以 /log/ 结尾）".to_owned(),
        Unread::TooLong => "的 checkpoint 太大，不是日志的检查点".to_owned(),
        Unread::Unreachable(why) => why,
    };
    Err(Failure::unreachable(
        "log.unreachable",
        format!("{place} {why}"),
    ))
}

/// A folder with the layout of a log.
struct Folder(PathBuf);

impl LogFiles for Folder {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let file = self.0.join(path);
        match read_file(&file, limit) {
            Ok(bytes) if bytes.len() > limit => Err(Unread::TooLong),
            Ok(bytes) => Ok(bytes),
            Err(error) if is_absent(&error) || fs::metadata(&file).is_ok_and(|m| m.is_dir()) => {
                Err(Unread::Missing)
            }
            Err(_) => {
                let why = format!("读不到文件 {}，请检查权限和磁盘", file.display());
                Err(Unread::Unreachable(why))
            }
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn read_file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A site; connections are kept and shared.
struct Site {
    base: String,
    agent: ureq::Agent,
}

impl Site {
    fn new(base: &str) -> Site {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_TIME))
            .http_status_as_error(false)
            .user_agent(concat!("shanji/", env!("CARGO_PKG_VERSION")))
            .build();
        Site {
            base: base.to_owned(),
            agent: config.into(),
        }
    }

    fn ask(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let url = format!("{}{path}", self.base);
        let unreachable = |why: String| Unread::Unreachable(format!("连不上 {url}：{why}"));
        let mut answer = self
            .agent
            .get(&url)
            .call()
            .map_err(|error| unreachable(error.to_string()))?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Err(Unread::Missing),
            status => return Err(unreachable(format!("网站答复 {status}，请稍后再试"))),
        }
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match answer.body_mut().with_config().limit(limit).read_to_vec() {
            Ok(bytes) => Ok(bytes),
            Err(ureq::Error::BodyExceedsLimit(_)) => Err(Unread::TooLong),
            Err(error) => Err(unreachable(error.to_string())),
        }
    }
}

impl LogFiles for Site {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let mut answer = self.ask(path, limit);
        for _ in 1..ATTEMPTS {
            if !matches!(answer, Err(Unread::Unreachable(_))) {
                break;
            }
            answer = self.ask(path, limit);
        }
        answer
    }

    fn readers(&self) -> usize {
        8
    }
}
