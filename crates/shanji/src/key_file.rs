//! Signing keys in files: one line `PRIVATE+KEY+name+id+base64`, as other log tools write them, or the same sealed
//! with a passphrase.

use crate::cli::Passphrase;
use crate::durable;
use crate::outcome::Failure;
use console::Term;
use gateway::sealed;
use kernel::Secret;
use std::env;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::str::FromStr;
use tlog::{Cosigner, PrivateKey, Sm2Signer, Sm2Use};

/// Longest key file in bytes: a line, or the same sealed.
const FILE_BYTES: u64 = 8_192;
/// Longest passphrase in bytes.
const PASSPHRASE_BYTES: u64 = 1_024;
/// The passphrase, where a service manager hands it over.
const VARIABLE: &str = "SHANJI_PASSPHRASE";

/// Reads a key that cosigns checkpoints.
///
/// # Errors
/// See [`read`].
pub(crate) fn cosigner(path: &Path, passphrase: &Passphrase) -> Result<Cosigner, Failure> {
    read(path, passphrase)?
        .cosigner()
        .map_err(|error| Failure::usage(error.code(), error.to_string()))
}

/// Reads an SM2 key that signs for this purpose.
///
/// # Errors
/// See [`read`]; the key is for something else.
pub(crate) fn sm2(
    path: &Path,
    passphrase: &Passphrase,
    purpose: Sm2Use,
) -> Result<Sm2Signer, Failure> {
    let key: Sm2Signer = read_as(path, passphrase)?;
    if key.verifier().purpose() == purpose {
        return Ok(key);
    }
    let sentence = format!(
        "密钥文件 {} 是 SM2 密钥，用途却不同，请用 shanji keygen --sm2 另建一把",
        path.display()
    );
    Err(Failure::usage("key.purpose", sentence))
}

/// Reads a key file. A file that others may read is refused.
///
/// # Errors
/// It cannot be read, others may read it, the passphrase is wrong, or it is no key.
pub(crate) fn read(path: &Path, passphrase: &Passphrase) -> Result<PrivateKey, Failure> {
    read_as(path, passphrase)
}

fn read_as<K: FromStr>(path: &Path, passphrase: &Passphrase) -> Result<K, Failure> {
    let failed = |code: &str, why: &str| {
        Failure::unreachable(code, format!("密钥文件 {} {why}", path.display()))
    };
    let unread = |_| failed("key.read", "读不到，请检查路径和权限");
    let mode = fs::metadata(path).map_err(unread)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let why =
            format!("的权限是{mode:03o}，其他用户可能读到；请执行 chmod 600，并考虑是否已泄露");
        return Err(failed("key.exposed", &why));
    }
    let mut text = String::new();
    let file = File::open(path).map_err(unread)?;
    file.take(FILE_BYTES)
        .read_to_string(&mut text)
        .map_err(unread)?;
    let text = Secret::new(text);
    let malformed = || {
        failed(
            "key.malformed",
            "不是密钥文件或已损坏，请从备份恢复，或用 shanji keygen 新建",
        )
    };
    if !sealed::is_sealed(text.expose()) {
        return text.expose().trim().parse().map_err(|_| malformed());
    }
    let phrase = obtain(passphrase)?;
    let plain = sealed::open(text.expose(), &phrase)
        .map_err(|error| Failure::refused("key.sealed", error.to_string()))?;
    let line = std::str::from_utf8(&plain).map_err(|_| malformed())?;
    line.trim().parse().map_err(|_| malformed())
}

/// Writes a new key file that only its owner may read; an existing file stays as it is.
///
/// # Errors
/// It cannot be written, or there is one already.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let written = durable::create_private(path, text.as_bytes());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let sentence = format!("{} 已存在，密钥不会覆盖；请换一个文件名", path.display());
            Failure::refused("key.exists", sentence)
        }
        _ => {
            let sentence = format!(
                "密钥写不到 {}：{error}，请检查目录权限和磁盘",
                path.display()
            );
            Failure::unreachable("key.write", sentence)
        }
    })
}

/// The passphrase of a key that is there.
///
/// # Errors
/// There is none.
pub(crate) fn obtain(from: &Passphrase) -> Result<Secret<String>, Failure> {
    match handed(from)? {
        Some(phrase) => Ok(phrase),
        None => ask("口令："),
    }
}

/// Whether a passphrase is given without asking anybody.
pub(crate) fn is_given(from: &Passphrase) -> bool {
    from.passphrase_file.is_some() || env::var_os(VARIABLE).is_some()
}

/// The passphrase of a new key. One that is typed is typed twice: nobody can tell a mistake later.
///
/// # Errors
/// There is none, or it was typed in two ways.
pub(crate) fn obtain_new(from: &Passphrase) -> Result<Secret<String>, Failure> {
    if let Some(phrase) = handed(from)? {
        return Ok(phrase);
    }
    let first = ask("新口令：")?;
    if ask("再输一遍：")?.expose() != first.expose() {
        return Err(Failure::usage(
            "passphrase.differs",
            "两次输入的口令不同，请重来",
        ));
    }
    Ok(first)
}

/// The passphrase from the file or the environment; nothing if somebody at the terminal is to be asked.
fn handed(from: &Passphrase) -> Result<Option<Secret<String>>, Failure> {
    if let Some(path) = &from.passphrase_file {
        let mut text = String::new();
        File::open(path)
            .and_then(|file| file.take(PASSPHRASE_BYTES).read_to_string(&mut text))
            .map_err(|_| {
                let sentence = format!("读不到口令文件 {}，请检查路径和权限", path.display());
                Failure::unreachable("passphrase.read", sentence)
            })?;
        let line = text.lines().next().unwrap_or_default();
        return Ok(Some(Secret::new(line.to_owned())));
    }
    if let Ok(text) = env::var(VARIABLE) {
        return Ok(Some(Secret::new(text)));
    }
    if !io::stdin().is_terminal() {
        let sentence =
            format!("需要密钥的口令：用 --passphrase-file 给出，或放在环境变量 {VARIABLE} 里");
        return Err(Failure::usage("passphrase.missing", sentence));
    }
    Ok(None)
}

/// Asks without showing what is typed.
fn ask(asking: &str) -> Result<Secret<String>, Failure> {
    eprint!("{asking}");
    let read = Term::stderr().read_secure_line();
    read.map(Secret::new)
        .map_err(|_| Failure::usage("passphrase.missing", "没有读到口令，请再试一次"))
}
