//! Where the files of a log are read: a site over HTTP, or a folder with the same layout.

use crate::outcome::Failure;
use crate::pace;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tlog::limits::{BUNDLE_BYTES_MAX, NOTE_BYTES_MAX, TILE_BYTES, TILE_WIDTH};
use tlog::{TileKind, TilePath};

/// How long one answer of a site may take.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How often one file is asked for before the site counts as unreachable.
const ATTEMPTS: u32 = 4;
/// The first wait before asking again after a broken connection; each further one is three times as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The first wait after an answer that says the site is busy, where it does not say how long.
const BUSY_WAIT: Duration = Duration::from_secs(1);
/// Longest wait that a site may ask for; beyond it the site counts as unreachable.
const WAIT_MAX: Duration = Duration::from_secs(120);
/// Names of the folders of a mirror are SHA-256 in hexadecimal digits.
const FOLDER_NAME_BYTES: usize = 64;

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

/// Opens the log at a URL or in a folder; `…/log/` may be left out, and so may the folder of the only log of a mirror.
///
/// # Errors
/// No checkpoint can be read there.
pub(crate) fn open(place: &str) -> Result<(Box<dyn LogFiles>, Vec<u8>), Failure> {
    let mut last = Unread::Missing;
    for files in candidates(place)? {
        match files.read("checkpoint", NOTE_BYTES_MAX) {
            Ok(note) => return Ok((files, note)),
            Err(unread) => last = unread,
        }
        if last != Unread::Missing {
            break;
        }
    }
    Err(no_checkpoint(place, last))
}

/// The files of a log in this very folder.
pub(crate) fn of_folder(folder: &Path) -> impl LogFiles + use<> {
    Folder(folder.to_owned())
}

/// The files of a log below this very address.
#[cfg(test)]
pub(crate) fn of_site(base: &str) -> impl LogFiles + use<> {
    Site::new(base)
}

/// Why there is no log at `place`.
pub(crate) fn no_checkpoint(place: &str, unread: Unread) -> Failure {
    let why = match unread {
        Unread::Missing => "没有 checkpoint 文件，请核对地址（通常以 /log/ 结尾）".to_owned(),
        // It is there, and it is none: not a question of the way to it.
        Unread::TooLong => {
            let sentence = format!("{place} 的 checkpoint 太大，不是日志的检查点，请核对地址");
            return Failure::found("checkpoint.too_large", sentence);
        }
        Unread::Unreachable(why) => why,
    };
    Failure::unreachable("log.unreachable", format!("{place} {why}"))
}

/// Where the log of a place may lie, the likeliest first.
fn candidates(place: &str) -> Result<Vec<Box<dyn LogFiles>>, Failure> {
    let mut found: Vec<Box<dyn LogFiles>> = Vec::new();
    if place.starts_with("http://") || place.starts_with("https://") {
        let base = place.trim_end_matches('/');
        found.push(Box::new(Site::new(&format!("{base}/"))));
        found.push(Box::new(Site::new(&format!("{base}/log/"))));
        return Ok(found);
    }
    let folder = Path::new(place);
    found.push(Box::new(Folder(folder.to_owned())));
    found.push(Box::new(Folder(folder.join("log"))));
    if let Some(only) = only_mirrored(folder)? {
        found.push(Box::new(Folder(only)));
    }
    Ok(found)
}

/// The folder of the log that a mirror holds; none if it is no mirror.
fn only_mirrored(folder: &Path) -> Result<Option<PathBuf>, Failure> {
    let is_digest = |name: &str| {
        name.len() == FOLDER_NAME_BYTES && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(is_digest) && entry.path().join("checkpoint").is_file() {
            found.push(entry.path());
        }
    }
    if found.len() > 1 {
        found.sort();
        let list: Vec<String> = found
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let sentence = format!(
            "{} 里有{}个日志，请写明一个：{}",
            folder.display(),
            found.len(),
            list.join("、")
        );
        return Err(Failure::usage("log.several", sentence));
    }
    Ok(found.pop())
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
    let file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    // One byte more, so that the end is seen without another round of growing.
    let mut bytes = Vec::with_capacity(length.min(limit).saturating_add(1));
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A site; connections are kept and shared.
pub(crate) struct Site {
    base: String,
    agent: ureq::Agent,
    wait: fn(Duration),
}

/// Why a site gave no file this time, and how long to wait before asking again.
struct Refusal {
    unread: Unread,
    wait: Option<Duration>,
}

impl Refusal {
    const fn final_one(unread: Unread) -> Refusal {
        Refusal { unread, wait: None }
    }
}

impl Site {
    /// The site whose files stand below `base`, which ends in a slash.
    pub(crate) fn new(base: &str) -> Site {
        Site::waiting(base, pace::wait)
    }

    /// The same with another way to wait.
    pub(crate) fn waiting(base: &str, wait: fn(Duration)) -> Site {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_TIME))
            .http_status_as_error(false)
            .user_agent(concat!("shanji/", env!("CARGO_PKG_VERSION")))
            .build();
        Site {
            base: base.to_owned(),
            agent: config.into(),
            wait,
        }
    }

    /// Asks once; `attempt` counts from zero.
    fn ask(&self, path: &str, limit: usize, attempt: u32) -> Result<Vec<u8>, Refusal> {
        let url = format!("{}{path}", self.base);
        let unreachable = |why: String| Unread::Unreachable(format!("连不上 {url}：{why}"));
        let broken = |error: ureq::Error| Refusal {
            unread: unreachable(error.to_string()),
            wait: Some(FIRST_WAIT.saturating_mul(3_u32.saturating_pow(attempt))),
        };
        let mut answer = self.agent.get(&url).call().map_err(broken)?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Err(Refusal::final_one(Unread::Missing)),
            status => {
                let unread = unreachable(format!("网站答复 {status}，请稍后再试"));
                let busy = matches!(status, 429 | 500 | 502..=504);
                let asked = answer.headers().get("retry-after");
                let asked = asked.and_then(|value| value.to_str().ok());
                let wait = busy.then(|| busy_wait(asked, attempt));
                return Err(Refusal { unread, wait });
            }
        }
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match answer.body_mut().with_config().limit(most).read_to_vec() {
            Ok(bytes) if bytes.len() > limit => Err(Refusal::final_one(Unread::TooLong)),
            Ok(bytes) => Ok(bytes),
            Err(ureq::Error::BodyExceedsLimit(_)) => Err(Refusal::final_one(Unread::TooLong)),
            Err(error) => Err(broken(error)),
        }
    }
}

/// How long a busy site wants to be left alone. A date instead of seconds counts as nothing said.
fn busy_wait(asked: Option<&str>, attempt: u32) -> Duration {
    match asked.and_then(|text| text.trim().parse().ok()) {
        Some(seconds) => Duration::from_secs(seconds),
        None => BUSY_WAIT.saturating_mul(2_u32.saturating_pow(attempt)),
    }
}

impl LogFiles for Site {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let mut attempt = 0;
        loop {
            let refusal = match self.ask(path, limit, attempt) {
                Ok(bytes) => return Ok(bytes),
                Err(refusal) => refusal,
            };
            attempt += 1;
            match refusal.wait {
                Some(wait) if attempt < ATTEMPTS && wait <= WAIT_MAX => (self.wait)(wait),
                _ => return Err(refusal.unread),
            }
        }
    }

    fn readers(&self) -> usize {
        8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_site::{Answer, SampleSite};

    #[test]
    fn a_busy_site_is_left_alone_as_long_as_it_asks() {
        let busy = |after: Option<u64>| Answer::status(503, after);
        let site = SampleSite::new();
        let read = |path: &str| Site::waiting(&site.address(), |_| {}).read(path, 5);
        site.put("checkpoint", b"hello");
        assert_eq!(read("checkpoint").unwrap(), b"hello");
        site.answer_next(
            "checkpoint",
            [busy(Some(7)), busy(None), Answer::status(429, None)],
        );
        assert_eq!(read("checkpoint").unwrap(), b"hello");
        // Whoever asks for an hour, or is busy for ever, is not waited for.
        site.answer_next("checkpoint", [busy(Some(3_600))]);
        assert!(matches!(read("checkpoint"), Err(Unread::Unreachable(_))));
        site.answer_next(
            "checkpoint",
            [busy(None), busy(None), busy(None), busy(None)],
        );
        assert!(matches!(read("checkpoint"), Err(Unread::Unreachable(_))));
        assert_eq!(read("tile/0/000"), Err(Unread::Missing));
        site.put("checkpoint", b"longer");
        assert_eq!(read("checkpoint"), Err(Unread::TooLong));
    }

    #[test]
    fn a_site_says_how_long_to_wait() {
        let check = |asked, attempt, seconds| {
            assert_eq!(busy_wait(asked, attempt), Duration::from_secs(seconds));
        };
        check(Some("30"), 0, 30);
        check(None, 0, 1);
        check(None, 2, 4);
        check(Some("Sat, 28 Nov 2026 04:00:00 GMT"), 1, 2);
    }
}
