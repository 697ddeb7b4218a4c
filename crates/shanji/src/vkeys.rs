//! Whose signature is believed: keys given on the command line, and keys remembered from before.
//!
//! A log cannot vouch for itself, so a key is never taken from the log and believed in silence.

use crate::audit::files::LogFiles;
use crate::cli::Keys;
use crate::durable;
use crate::outcome::Failure;
use leaf::limits::KEY_HISTORY_BYTES;
use leaf::{KeyHistory, KeyHistoryError, TrustedKeys};
use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use tlog::VerifierKey;

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

/// The keys that are believed for the log `origin`: those given, else those remembered for it, and what the proofs in
/// the same files say of them.
///
/// # Errors
/// A key that is none, or a file that cannot be read. That there is no key is an empty list.
pub(crate) fn keys_for(
    origin: &str,
    keys: &Keys,
    folder: Option<&Path>,
) -> Result<TrustedKeys, Failure> {
    let mut known = KeyHistory::default();
    for given in &keys.vkeys {
        let history = read_given(given)?;
        known.keys.extend(history.keys);
        known.proofs.extend(history.proofs);
    }
    let file = folder.map(|folder| folder.join(file_name(origin)));
    let file = file.filter(|file| file.exists());
    let remembered = file.as_deref().map(read_file).transpose()?;
    if known.keys.is_empty() {
        return believe(origin, &remembered.unwrap_or_default());
    }
    let mut trusted = TrustedKeys::new(origin, known.keys.iter().cloned());
    // Only a file with proofs is a history; a key alone says nothing of others.
    if !trusted.is_empty() && !known.proofs.is_empty() {
        trusted.follow(&known).map_err(wrong)?;
    }
    // Whoever gives a key again has not forgotten what was proved of it since.
    trusted
        .recall(&remembered.unwrap_or_default())
        .map_err(wrong)?;
    Ok(trusted)
}

/// Believes the keys of a file that was remembered, and what its proofs say of them.
///
/// # Errors
/// A proof does not hold.
pub(crate) fn believe(origin: &str, known: &KeyHistory) -> Result<TrustedKeys, Failure> {
    let mut trusted = TrustedKeys::new(origin, known.keys.iter().cloned());
    if !trusted.is_empty() {
        trusted.recall(known).map_err(wrong)?;
    }
    Ok(trusted)
}

/// Believes what a file proves from the keys that are believed already.
///
/// # Errors
/// The file cannot be read, or a proof in it does not hold.
pub(crate) fn follow_file(trusted: &mut TrustedKeys, file: &Path) -> Result<(), Failure> {
    trusted.follow(&read_file(file)?).map_err(wrong)
}

/// A file of keys that leads from this key to all others that it names.
///
/// # Errors
/// The file cannot be read, a proof in it does not hold, or a key is in it to which nothing leads.
pub(crate) fn history_of(key: &VerifierKey, file: &Path) -> Result<KeyHistory, Failure> {
    let history = read_file(file)?;
    let mut trusted = TrustedKeys::new(key.name(), [key.clone()]);
    trusted.follow(&history).map_err(wrong)?;
    let led_to = |one: &VerifierKey| trusted.keys().iter().any(|known| known.key == *one);
    match history.keys.iter().find(|one| !led_to(one)) {
        None => Ok(history),
        Some(one) => {
            let sentence = format!("从您给的公钥认不到公钥历史里的 {one}，请核对文件和公钥");
            Err(Failure::found("key.unannounced", sentence))
        }
    }
}

/// Believes what the log's own site proves from the keys that are believed already. A site that serves no such file,
/// or another kind of file, announces no key.
///
/// # Errors
/// A proof does not hold: somebody has signed what he should not have.
pub(crate) fn follow_site(trusted: &mut TrustedKeys, files: &dyn LogFiles) -> Result<(), Failure> {
    let bytes = files.read(HISTORY, KEY_HISTORY_BYTES).unwrap_or_default();
    let history = String::from_utf8_lossy(&bytes).parse::<KeyHistory>();
    match trusted.follow(&history.unwrap_or_default()) {
        Ok(()) => Ok(()),
        Err(KeyHistoryError::Malformed | KeyHistoryError::TooLarge) => {
            trusted.follow(&KeyHistory::default()).map_err(wrong)
        }
        Err(error) => Err(wrong(error)),
    }
}

fn wrong(error: KeyHistoryError) -> Failure {
    Failure::found(error.code(), error.to_string())
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
    pinned: impl FnOnce() -> Result<KeyHistory, Failure>,
    files: &dyn LogFiles,
) -> Result<(TrustedKeys, Vouched), Failure> {
    let followed = |mut known: TrustedKeys, vouched| {
        follow_site(&mut known, files)?;
        Ok((known, vouched))
    };
    let mut known = keys_for(origin, keys, folder)?;
    if !known.is_empty() {
        // What earlier runs have followed stays: a site that leaves an end out does not undo it. A damaged file says
        // nothing, and the key was given.
        if let Ok(pinned) = pinned() {
            known.recall(&pinned).map_err(wrong)?;
        }
        return followed(known, Vouched::Before);
    }
    if !keys.vkeys.is_empty() {
        return Err(of_other_log(origin));
    }
    let pinned = believe(origin, &pinned()?)?;
    if !pinned.is_empty() {
        return followed(pinned, Vouched::Before);
    }
    let served = TrustedKeys::new(origin, served(files));
    if served.is_empty() {
        let sentence = format!("没有日志“{origin}”的公钥。{HOW}");
        return Err(Failure::usage("vkey.missing", sentence));
    }
    followed(served, Vouched::BySite)
}

/// What is said to somebody who gives keys, none of which is the log's.
pub(crate) fn of_other_log(origin: &str) -> Failure {
    let sentence = format!("所给的公钥不是日志“{origin}”的，请核对网址和公钥");
    Failure::usage("vkey.other_log", sentence)
}

/// Keeps keys for the log `origin`, replacing what was kept for it. Called only after a signature by one of
/// them has been verified.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn remember(
    origin: &str,
    keys: &KeyHistory,
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
    let text = keys.to_string();
    let file = folder.join(file_name(origin));
    // The only copy of whose signature is believed: never half of it.
    durable::replace(&file, text.as_bytes()).map_err(|_| failed(&file))
}

/// Origins hold slashes, so their digest names the file.
fn file_name(origin: &str) -> String {
    format!("{}.vkey", hex::encode(Sha256::digest(origin.as_bytes())))
}

/// A key as it was typed, or the file with keys that has this name.
fn read_given(given: &str) -> Result<KeyHistory, Failure> {
    let path = Path::new(given);
    if path.exists() {
        return read_file(path);
    }
    match given.trim().parse() {
        Ok(key) => Ok(KeyHistory {
            keys: vec![key],
            proofs: Vec::new(),
        }),
        Err(error @ tlog::KeyError::Malformed) => Err(Failure::usage(
            error.code(),
            format!("“{given}”既不是公钥，也不是存在的文件：{error}"),
        )),
        Err(error) => Err(Failure::usage(error.code(), error.to_string())),
    }
}

/// The keys in a file, with proofs if there are any.
fn read_file(path: &Path) -> Result<KeyHistory, Failure> {
    let failed =
        |why: &str| Failure::unreachable("vkey.read", format!("公钥文件 {} {why}", path.display()));
    let size = fs::metadata(path)
        .map_err(|_| failed("读不到，请检查路径和权限"))?
        .len();
    if size > KEY_HISTORY_BYTES as u64 {
        return Err(failed("太大，不像公钥文件，请核对"));
    }
    let text =
        fs::read_to_string(path).map_err(|_| failed("读不到或不是文本，请检查路径和权限"))?;
    let history: KeyHistory = text
        .parse()
        .map_err(|error| failed(&format!("里有一行不是公钥：{error}")))?;
    if history.keys.is_empty() {
        return Err(failed("里没有公钥，请核对"));
    }
    Ok(history)
}

/// The history of a log's keys, below its prefix.
const HISTORY: &str = "vkeys";
/// Where a site may serve its keys, the fuller file first.
const SERVED: [&str; 2] = [HISTORY, "vkey"];

/// The keys that the log's own site names. Believed once at most, and never in silence.
fn served(files: &dyn LogFiles) -> Vec<VerifierKey> {
    for path in SERVED {
        let bytes = files.read(path, KEY_HISTORY_BYTES).unwrap_or_default();
        let served = String::from_utf8_lossy(&bytes).parse::<KeyHistory>();
        match served {
            Ok(served) if !served.keys.is_empty() => return served.keys,
            _ => {}
        }
    }
    Vec::new()
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

    #[track_caller]
    fn check(trusted: Result<TrustedKeys, Failure>, want: &[&VerifierKey]) {
        let trusted = trusted.unwrap();
        let keys: Vec<_> = trusted.keys().iter().map(|known| &known.key).collect();
        assert_eq!(keys, want);
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
        let typed = keys_for(a.name(), &given(&[a.to_string()]), None);
        let known = typed.as_ref().unwrap().remembered();
        check(typed, &[&a]);
        check(
            keys_for(b.name(), &given(&[file.display().to_string()]), None),
            &[&b],
        );
        let kept = home.path().join("kept");
        check(keys_for(a.name(), &given(&[]), Some(&kept)), &[]);
        remember(a.name(), &known, Some(&kept)).unwrap();
        check(keys_for(a.name(), &given(&[]), Some(&kept)), &[&a]);
        check(keys_for(b.name(), &given(&[]), Some(&kept)), &[]);
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
