//! Whose signature is believed: keys given on the command line, and keys remembered from before.
//!
//! A log cannot vouch for itself, so a key is never taken from the log and believed in silence.

use crate::audit::files::LogFiles;
use crate::cli::Keys;
use crate::durable;
use crate::outcome::Failure;
use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use tlog::VerifierKey;
use tlog::limits::VERIFIER_KEY_BYTES_MAX;

/// Most keys in one file: a log changes its key rarely, and a few logs may share a file.
const KEYS_IN_A_FILE: usize = 64;
/// Longest file of keys in bytes.
const FILE_BYTES: usize = KEYS_IN_A_FILE * (VERIFIER_KEY_BYTES_MAX + 2);

/// How to obtain a key, where one is missing.
pub(crate) const HOW: &str = "请从网站的 /log/vkey 和另一处独立来源（纸质公告、监管部门、媒体）取得公钥并比对，再用 --vkey 给出；加 --remember 以后不必再写";

/// Where remembered keys are kept: `$XDG_CONFIG_HOME/shanji/vkeys` or `~/.config/shanji/vkeys`.
pub(crate) fn folder() -> Option<PathBuf> {
    let configured = env::var_os("XDG_CONFIG_HOME").filter(|dir| !dir.is_empty());
    let base = match configured {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(env::var_os("HOME")?).join(".config"),
    };
    Some(base.join("shanji/vkeys"))
}

/// The keys that are believed for the log `origin`: those given, else those remembered for it.
///
/// # Errors
/// A key that is none, or a file that cannot be read. That there is no key is an empty list.
pub(crate) fn keys_for(
    origin: &str,
    keys: &Keys,
    folder: Option<&Path>,
) -> Result<Vec<VerifierKey>, Failure> {
    let mut known = Vec::new();
    for given in &keys.vkeys {
        known.extend(read_given(given)?);
    }
    if known.is_empty()
        && let Some(folder) = folder
    {
        let file = folder.join(file_name(origin));
        if file.exists() {
            known = read_file(&file)?;
        }
    }
    known.retain(|key| key.name() == origin);
    known.sort_by_key(ToString::to_string);
    known.dedup();
    Ok(known)
}

/// Whose keys a signature is checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vouched {
    /// Given, remembered, or believed by an earlier run.
    Before,
    /// By the log's own site, this once.
    BySite,
}

/// The keys that whoever follows the log `origin` believes: those given or remembered, else those `pinned` by the first
/// run, else the site's own, which are believed once. Whoever gives keys is not answered with the site's.
///
/// # Errors
/// As [`keys_for`]; no key is known; keys were given, and none is this log's (`vkey.other_log`).
pub(crate) fn believed(
    origin: &str,
    keys: &Keys,
    folder: Option<&Path>,
    pinned: impl FnOnce() -> Result<Vec<VerifierKey>, Failure>,
    files: &dyn LogFiles,
) -> Result<(Vec<VerifierKey>, Vouched), Failure> {
    let known = keys_for(origin, keys, folder)?;
    if !known.is_empty() {
        return Ok((known, Vouched::Before));
    }
    if !keys.vkeys.is_empty() {
        let sentence = format!("所给的公钥不是日志“{origin}”的，请核对网址和公钥");
        return Err(Failure::usage("vkey.other_log", sentence));
    }
    let mut pinned = pinned()?;
    pinned.retain(|key| key.name() == origin);
    if !pinned.is_empty() {
        return Ok((pinned, Vouched::Before));
    }
    let served = served(files, origin);
    if served.is_empty() {
        let sentence = format!("没有日志“{origin}”的公钥。{HOW}");
        return Err(Failure::usage("vkey.missing", sentence));
    }
    Ok((served, Vouched::BySite))
}

/// Keeps keys for the log `origin`, replacing what was kept for it. Called only after a signature by one of
/// them has been verified.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn remember(
    origin: &str,
    keys: &[VerifierKey],
    folder: Option<&Path>,
) -> Result<(), Failure> {
    let failed = |path: &Path| {
        Failure::unreachable(
            "vkey.write",
            format!("公钥存不到 {}，请检查目录权限", path.display()),
        )
    };
    let folder = folder.ok_or_else(|| failed(Path::new("~/.config/shanji/vkeys")))?;
    fs::create_dir_all(folder).map_err(|_| failed(folder))?;
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    let file = folder.join(file_name(origin));
    // The only copy of whose signature is believed: never half of it.
    durable::replace(&file, text.as_bytes()).map_err(|_| failed(&file))
}

/// Origins hold slashes, so their digest names the file.
fn file_name(origin: &str) -> String {
    format!("{}.vkey", hex::encode(Sha256::digest(origin.as_bytes())))
}

/// A key as it was typed, or the file with keys that has this name.
fn read_given(given: &str) -> Result<Vec<VerifierKey>, Failure> {
    let path = Path::new(given);
    if path.exists() {
        return read_file(path);
    }
    match given.trim().parse() {
        Ok(key) => Ok(vec![key]),
        Err(error @ tlog::KeyError::Malformed) => Err(Failure::usage(
            error.code(),
            format!("“{given}”既不是公钥，也不是存在的文件：{error}"),
        )),
        Err(error) => Err(Failure::usage(error.code(), error.to_string())),
    }
}

/// The keys in a file, see [`parse_lines`].
fn read_file(path: &Path) -> Result<Vec<VerifierKey>, Failure> {
    let failed =
        |why: &str| Failure::unreachable("vkey.read", format!("公钥文件 {} {why}", path.display()));
    let size = fs::metadata(path)
        .map_err(|_| failed("读不到，请检查路径和权限"))?
        .len();
    if size > FILE_BYTES as u64 {
        return Err(failed("太大，不像公钥文件，请核对"));
    }
    let text =
        fs::read_to_string(path).map_err(|_| failed("读不到或不是文本，请检查路径和权限"))?;
    let keys = parse_lines(&text).map_err(|error| failed(&format!("里有一行不是公钥：{error}")))?;
    if keys.is_empty() {
        return Err(failed("里没有公钥，请核对"));
    }
    Ok(keys)
}

/// Where a site may serve the history of its keys, the fuller file first.
const SERVED: [&str; 2] = ["vkeys", "vkey"];

/// The keys that the log's own site names for it. Believed once at most, and never in silence.
fn served(files: &dyn LogFiles, origin: &str) -> Vec<VerifierKey> {
    for path in SERVED {
        let bytes = files.read(path, FILE_BYTES).unwrap_or_default();
        let mut keys = parse_lines(&String::from_utf8_lossy(&bytes)).unwrap_or_default();
        keys.retain(|key| key.name() == origin);
        if !keys.is_empty() {
            return keys;
        }
    }
    Vec::new()
}

/// Keys one a line, for instance the history that a site serves. Empty lines and lines that begin with `#` are
/// left out.
///
/// # Errors
/// A line that is no key.
pub(crate) fn parse_lines(text: &str) -> Result<Vec<VerifierKey>, tlog::KeyError> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take(KEYS_IN_A_FILE)
        .map(str::parse)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::Signer;

    fn key(name: &str, seed: u8) -> VerifierKey {
        Signer::from_seed(name, &[seed; 32])
            .unwrap()
            .verifier()
            .clone()
    }

    fn given(vkeys: &[String]) -> Keys {
        Keys {
            vkeys: vkeys.to_vec(),
            remember: false,
        }
    }

    #[test]
    fn keys_are_typed_read_from_files_or_remembered() {
        let home = tempfile::tempdir().unwrap();
        let (a, b) = (key("log.example/a", 1), key("log.example/b", 2));
        let file = home.path().join("log.vkey");
        fs::write(&file, format!("# 两把\n{a}\n\n{b}\n")).unwrap();
        let typed = keys_for(a.name(), &given(&[a.to_string()]), None).unwrap();
        assert_eq!(typed, std::slice::from_ref(&a));
        let read = keys_for(b.name(), &given(&[file.display().to_string()]), None).unwrap();
        assert_eq!(read, std::slice::from_ref(&b));
        let kept = home.path().join("kept");
        assert_eq!(keys_for(a.name(), &given(&[]), Some(&kept)).unwrap(), []);
        remember(a.name(), &typed, Some(&kept)).unwrap();
        assert_eq!(keys_for(a.name(), &given(&[]), Some(&kept)).unwrap(), [a]);
        assert_eq!(keys_for(b.name(), &given(&[]), Some(&kept)).unwrap(), []);
    }

    #[track_caller]
    fn check_refused(text: &str, code: &str) {
        let failure = keys_for("log.example/a", &given(&[text.to_owned()]), None).unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
    }

    #[test]
    fn what_is_no_key_is_said() {
        let mut typo = key("log.example/a", 1).to_string();
        typo.replace_range(4..5, "x");
        check_refused(&typo, "tlog.key.wrong_id");
        check_refused("没有这个文件", "tlog.key.malformed");
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("empty.vkey");
        fs::write(&file, "# 空\n").unwrap();
        check_refused(&file.display().to_string(), "vkey.read");
    }
}
