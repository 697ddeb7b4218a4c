//! The house's own secrets on disk: made once, read at every start, never overwritten.
//!
//! All of them stand in one file, `<data>/keys/house.toml` (0600, its folder 0700), so that
//! a crash while they are made leaves either all or none: a house that lost *one* key and
//! silently made another would sign a different log or print different numbers for the
//! same gifts. The file is small enough to be kept on paper.
//!
//! Keys with which the log signs after the first one stand beside it, `log-….key`, one line each. All of them are plain,
//! or sealed with one passphrase (`sealed`).

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use kernel::Secret;
use zeroize::Zeroizing;

use crate::disk::{self, Access, Place};
use crate::entropy::{self, Entropy, EntropyError};
use crate::sealed::{self, SealError};

/// Name of the file inside the folder of keys.
pub const FILE: &str = "house.toml";
/// Most further keys of a log.
const LOG_KEYS_MAX: usize = 64;
/// Longest key file that is read, in bytes; ours has about 600, and 1,100 if it is sealed.
const FILE_LIMIT: u64 = 8_192;
/// Each secret has so many bytes.
const SECRET_BYTES: usize = 32;
/// Layout of the file; another number is another program's file.
const VERSION: &str = "version = 1";

const HEAD: &str = "\
# 善迹本机密钥。请立即离线备份；丢失后日志无法续签，编号和承诺无法再核对。
# 不要改动，不要外传，不要放进代码仓库。
";

/// 〔本机密钥〕 What only this house knows. Printing it shows `***`.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Seed of the Ed25519 key that signs the checkpoints of the log.
    pub log_seed: Secret<[u8; SECRET_BYTES]>,
    /// Key of the permutation behind public ids.
    pub id_key: Secret<[u8; SECRET_BYTES]>,
    /// Key from which the salts of commitments are derived.
    pub commit_key: Secret<[u8; SECRET_BYTES]>,
    /// Key that guards sessions and the tokens of forms.
    pub session_key: Secret<[u8; SECRET_BYTES]>,
    /// Seed of the demo payment gateway's signing keys; guards no real money.
    pub demo_notice_seed: Secret<[u8; SECRET_BYTES]>,
}

/// Names in the file, in the order of [`Secrets`]'s fields.
const NAMES: [&str; 5] = [
    "log_seed",
    "id_key",
    "commit_key",
    "session_key",
    "demo_notice_seed",
];

/// Why the key file cannot be used. No message ever holds a part of a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The folder or file cannot be read or written.
    #[error("[keys.io] 无法读写密钥文件 {path}，请检查目录权限和磁盘空间")]
    Io {
        /// The file or folder concerned.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than the owner may read the file.
    #[error(
        "[keys.exposed] 密钥文件 {path} 的权限是 {mode:03o}，其他用户可能读到；请先执行 chmod 600 再启动，并考虑是否已泄露"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file does not read as it was written.
    #[error(
        "[keys.damaged] 密钥文件 {path} 第 {line} 行已损坏，请从备份恢复；程序不会自动生成新的密钥"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Line counted from 1; one beyond the last where something is missing at the end.
        line: usize,
    },
    /// The folder holds other files but no key file: it was probably lost.
    #[error(
        "[keys.lost] 目录 {path} 里有其他文件却没有 house.toml，密钥可能已丢失；请从备份恢复，确认是新机构时请先清空该目录"
    )]
    Lost {
        /// The folder.
        path: PathBuf,
    },
    /// The file is sealed and nobody gave a passphrase.
    #[error(
        "[keys.passphrase] 密钥文件 {path} 已加密，需要口令：用 --passphrase-file 给出，或放在环境变量 SHANJI_PASSPHRASE 里"
    )]
    Passphrase {
        /// The file.
        path: PathBuf,
    },
    /// The passphrase does not open the file, or the file cannot be sealed.
    #[error("[keys.sealed] 密钥文件 {path}：{source}")]
    Sealed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SealError,
    },
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Whether the keys in `folder` are sealed; false where there are none.
#[must_use]
pub fn are_sealed(folder: &Path) -> bool {
    let read = read_text(&folder.join(FILE));
    matches!(read, Ok(Some(text)) if sealed::is_sealed(&text))
}

/// The name of the file of a further key of the log, by the id of the key.
#[must_use]
pub fn log_key_file(id: [u8; 4]) -> String {
    format!("log-{}.key", hex::encode(id))
}

/// The lines of the further keys with which the log signs, in the order of their file names.
///
/// # Errors
/// See [`KeyFileError`].
pub fn log_key_lines(
    folder: &Path,
    passphrase: Option<&Secret<String>>,
) -> Result<Vec<Secret<String>>, KeyFileError> {
    log_key_files(folder)?
        .into_iter()
        .map(|file| match opened(&file, passphrase)? {
            Some(text) => Ok(Secret::new(text.trim().to_owned())),
            None => Err(KeyFileError::Damaged {
                path: file,
                line: 1,
            }),
        })
        .collect()
}

/// Keeps a further key of the log; an existing file stays as it is. It is sealed if a passphrase is given.
///
/// # Errors
/// See [`KeyFileError`].
pub fn log_key_write(
    folder: &Path,
    (name, line): (&str, &Secret<String>),
    passphrase: Option<&Secret<String>>,
    entropy: &dyn Entropy,
) -> Result<(), KeyFileError> {
    let path = folder.join(name);
    let text = Zeroizing::new(format!("{}\n", line.expose()));
    let text = sealed_with(&path, &text, passphrase, entropy)?;
    let temporary = format!(".new-{}", hex::encode(entropy::draw::<8>(entropy)?));
    let place = Place {
        folder,
        temporary: &temporary,
        name,
        access: Access::Owner,
    };
    let written = disk::write_new(&place, text.as_bytes());
    written.map_err(|source| KeyFileError::Io { path, source })
}

/// Writes all key files of the house anew: sealed with the passphrase `new`, or plain without one. Each file is whole
/// at any time; after a crash some are done and the command is given again.
///
/// # Errors
/// See [`KeyFileError`].
pub fn reseal(
    folder: &Path,
    (old, new): (Option<&Secret<String>>, Option<&Secret<String>>),
    entropy: &dyn Entropy,
) -> Result<usize, KeyFileError> {
    let mut files = vec![folder.join(FILE)];
    files.extend(log_key_files(folder)?);
    let mut texts = Vec::with_capacity(files.len());
    for file in &files {
        // After a crash some files already have the new passphrase.
        let text = opened(file, old).or_else(|first| opened(file, new).map_err(|_| first))?;
        let lost = || KeyFileError::Lost {
            path: folder.to_path_buf(),
        };
        texts.push(text.ok_or_else(lost)?);
    }
    for (file, text) in files.iter().zip(&texts) {
        let text = sealed_with(file, text, new, entropy)?;
        let name = file.file_name().and_then(|name| name.to_str());
        let temporary = format!(".new-{}", hex::encode(entropy::draw::<8>(entropy)?));
        let place = Place {
            folder,
            temporary: &temporary,
            name: name.unwrap_or(FILE),
            access: Access::Owner,
        };
        let written = disk::replace(&place, text.as_bytes());
        written.map_err(|source| KeyFileError::Io {
            path: file.clone(),
            source,
        })?;
    }
    Ok(files.len())
}

fn log_key_files(folder: &Path) -> Result<Vec<PathBuf>, KeyFileError> {
    let failed = |source| KeyFileError::Io {
        path: folder.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("log-") && name.ends_with(".key") && files.len() < LOG_KEYS_MAX {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn sealed_with(
    path: &Path,
    text: &str,
    passphrase: Option<&Secret<String>>,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<String>, KeyFileError> {
    let Some(phrase) = passphrase else {
        return Ok(Zeroizing::new(text.to_owned()));
    };
    sealed::seal(text.as_bytes(), phrase, entropy)
        .map(Zeroizing::new)
        .map_err(|source| KeyFileError::Sealed {
            path: path.to_path_buf(),
            source,
        })
}

/// The text of a key file that only its owner may read; `None` if there is no such file.
fn read_text(file: &Path) -> Result<Option<Zeroizing<String>>, KeyFileError> {
    let failed = |source| KeyFileError::Io {
        path: file.to_path_buf(),
        source,
    };
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(e)),
    };
    let mode = opened.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed {
            path: file.to_path_buf(),
            mode,
        });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    opened
        .take(FILE_LIMIT)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let damaged = |_| KeyFileError::Damaged {
        path: file.to_path_buf(),
        line: 1,
    };
    let text = std::str::from_utf8(&bytes).map_err(damaged)?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// The plain text of a key file; `None` if there is no such file.
fn opened(
    file: &Path,
    passphrase: Option<&Secret<String>>,
) -> Result<Option<Zeroizing<String>>, KeyFileError> {
    let Some(text) = read_text(file)? else {
        return Ok(None);
    };
    if !sealed::is_sealed(&text) {
        return Ok(Some(text));
    }
    let path = file.to_path_buf();
    let Some(phrase) = passphrase else {
        return Err(KeyFileError::Passphrase { path });
    };
    let plain = sealed::open(&text, phrase).map_err(|source| KeyFileError::Sealed {
        path: path.clone(),
        source,
    })?;
    let damaged = |_| KeyFileError::Damaged { path, line: 1 };
    let plain = std::str::from_utf8(&plain).map_err(damaged)?;
    Ok(Some(Zeroizing::new(plain.to_owned())))
}

impl Secrets {
    /// Reads the keys in `folder`, or makes them where the folder is absent or empty.
    ///
    /// Two processes that start at once end with the same keys: the slower one finds the
    /// name taken and reads what stands there.
    ///
    /// # Errors
    /// See [`KeyFileError`]. An existing file is never replaced, whatever it holds.
    pub fn load_or_create(folder: &Path, entropy: &dyn Entropy) -> Result<Self, KeyFileError> {
        Self::open_or_create(folder, None, entropy)
    }

    /// As [`Secrets::load_or_create`], with the passphrase that opens sealed keys; keys that are made now are sealed
    /// with it. Plain keys are read with and without one.
    ///
    /// # Errors
    /// As [`Secrets::load_or_create`].
    pub fn open_or_create(
        folder: &Path,
        passphrase: Option<&Secret<String>>,
        entropy: &dyn Entropy,
    ) -> Result<Self, KeyFileError> {
        let file = folder.join(FILE);
        if let Some(found) = Self::load(&file, passphrase)? {
            return Ok(found);
        }
        let failed = |source| KeyFileError::Io {
            path: file.clone(),
            source,
        };
        disk::make_folder(folder, Access::Owner).map_err(failed)?;
        if holds_other_files(folder).map_err(failed)? {
            return Err(KeyFileError::Lost {
                path: folder.to_path_buf(),
            });
        }
        let fresh = Self::draw(entropy)?;
        let text = sealed_with(&file, &fresh.text(), passphrase, entropy)?;
        let temporary = format!(".new-{}", hex::encode(entropy::draw::<8>(entropy)?));
        let place = Place {
            folder,
            temporary: &temporary,
            name: FILE,
            access: Access::Owner,
        };
        match disk::write_new(&place, text.as_bytes()) {
            Ok(()) => Ok(fresh),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Self::load(&file, passphrase)?
                .ok_or_else(|| KeyFileError::Lost {
                    path: folder.to_path_buf(),
                }),
            Err(source) => Err(failed(source)),
        }
    }

    /// Fresh keys that are kept nowhere: for tests and for houses in memory.
    ///
    /// # Errors
    /// No random bytes.
    pub fn draw(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let one = || entropy::draw(entropy).map(Secret::new);
        Ok(Secrets {
            log_seed: one()?,
            id_key: one()?,
            commit_key: one()?,
            session_key: one()?,
            demo_notice_seed: one()?,
        })
    }

    fn load(
        file: &Path,
        passphrase: Option<&Secret<String>>,
    ) -> Result<Option<Self>, KeyFileError> {
        let Some(text) = opened(file, passphrase)? else {
            return Ok(None);
        };
        let damaged = |line| KeyFileError::Damaged {
            path: file.to_path_buf(),
            line,
        };
        Self::parse(&text).map(Some).map_err(damaged)
    }

    /// Reads the text; the error is the number of the bad line. A general TOML reader would
    /// quote the bad line, which holds a key, in its message.
    fn parse(text: &str) -> Result<Self, usize> {
        let mut lines = text
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.starts_with('#') && !line.trim().is_empty());
        let after = text.lines().count().saturating_add(1);
        match lines.next() {
            Some((line, _)) if line.trim() == VERSION => {}
            other => return Err(other.map_or(after, |(_, number)| number)),
        }
        let mut values = [[0; SECRET_BYTES]; NAMES.len()];
        for (name, value) in NAMES.iter().zip(&mut values) {
            let (line, number) = lines.next().ok_or(after)?;
            read_line(line, name, value).ok_or(number)?;
        }
        if let Some((_, number)) = lines.next() {
            return Err(number);
        }
        let [log_seed, id_key, commit_key, session_key, demo_notice_seed] = values.map(Secret::new);
        Ok(Secrets {
            log_seed,
            id_key,
            commit_key,
            session_key,
            demo_notice_seed,
        })
    }

    fn text(&self) -> Zeroizing<String> {
        let values = [
            &self.log_seed,
            &self.id_key,
            &self.commit_key,
            &self.session_key,
            &self.demo_notice_seed,
        ];
        let mut text = Zeroizing::new(format!("{HEAD}{VERSION}\n"));
        for (name, value) in NAMES.iter().zip(values) {
            let digits = Zeroizing::new(hex::encode(value.expose()));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name} = \"{}\"", *digits);
        }
        text
    }
}

/// `name = "64 hex digits"`.
fn read_line(line: &str, name: &str, value: &mut [u8; SECRET_BYTES]) -> Option<()> {
    let (found, rest) = line.split_once('=')?;
    let digits = rest.trim().strip_prefix('"')?.strip_suffix('"')?;
    if found.trim() != name {
        return None;
    }
    hex::decode_to_slice(digits, value).ok()
}

/// Whether something but the left-over of a crash stands in the folder.
fn holds_other_files(folder: &Path) -> io::Result<bool> {
    for entry in folder.read_dir()? {
        let name = entry?.file_name();
        if name != FILE && !name.as_encoded_bytes().starts_with(b".new-") {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use std::fs;

    fn house() -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data/keys");
        (home, folder)
    }

    fn all(secrets: &Secrets) -> String {
        secrets.text().to_string()
    }

    #[test]
    fn keys_are_made_once_and_read_ever_after() {
        let (_home, folder) = house();
        let made = Secrets::load_or_create(&folder, &SeededEntropy::new(1)).unwrap();
        let read = Secrets::load_or_create(&folder, &SeededEntropy::new(2)).unwrap();
        assert_eq!(all(&made), all(&read));
        let mode = fs::metadata(folder.join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn two_starts_at_once_agree() {
        let (_home, folder) = house();
        let start = |seed| {
            let folder = folder.clone();
            std::thread::spawn(move || {
                all(&Secrets::load_or_create(&folder, &SeededEntropy::new(seed)).unwrap())
            })
        };
        let runs: Vec<_> = (0..8).map(start).collect();
        let texts: Vec<_> = runs.into_iter().map(|run| run.join().unwrap()).collect();
        assert!(texts.iter().all(|text| *text == texts[0]));
    }

    #[test]
    fn the_five_secrets_differ_and_are_not_printed() {
        let secrets = Secrets::draw(&SeededEntropy::new(3)).unwrap();
        let mut lines: Vec<_> = secrets
            .text()
            .lines()
            .skip(3)
            .map(|l| l[l.len() - 65..].to_owned())
            .collect();
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), NAMES.len());
        assert!(!format!("{secrets:?}").contains(&lines[0][..8]));
    }

    fn check_damage(change: impl Fn(&str) -> String, code: &str) {
        let (_home, folder) = house();
        Secrets::load_or_create(&folder, &SeededEntropy::new(4)).unwrap();
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, change(&text)).unwrap();
        let error = Secrets::load_or_create(&folder, &SeededEntropy::new(4)).unwrap_err();
        assert!(error.to_string().starts_with(code), "{error}");
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            change(&text),
            "left as it was"
        );
    }

    #[test]
    fn a_damaged_file_is_named_and_left_alone() {
        check_damage(|_| String::new(), "[keys.damaged]");
        check_damage(|text| text[..text.len() - 4].to_owned(), "[keys.damaged]");
        check_damage(
            |text| text.replace("version = 1", "version = 2"),
            "[keys.damaged]",
        );
        check_damage(|text| text.replace("id_key", "id_kex"), "[keys.damaged]");
        check_damage(|text| format!("{text}more = \"00\"\n"), "[keys.damaged]");
    }

    fn phrase(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn sealed_keys_open_with_their_passphrase_only() {
        let (_home, folder) = house();
        let (right, wrong) = (
            phrase("four unrelated words here"),
            phrase("other words entirely"),
        );
        let entropy = SeededEntropy::new(6);
        let open = |phrase| Secrets::open_or_create(&folder, phrase, &entropy);
        let made = open(Some(&right)).unwrap();
        assert!(are_sealed(&folder));
        let stored = fs::read_to_string(folder.join(FILE)).unwrap();
        assert!(!stored.contains("log_seed"));
        assert_eq!(all(&open(Some(&right)).unwrap()), all(&made));
        let refused = |phrase| open(phrase).unwrap_err().to_string();
        assert!(refused(None).starts_with("[keys.passphrase]"));
        assert!(refused(Some(&wrong)).starts_with("[keys.sealed]"));
        assert_eq!(fs::read_to_string(folder.join(FILE)).unwrap(), stored);
    }

    #[test]
    fn all_keys_are_sealed_and_opened_together() {
        let (_home, folder) = house();
        let entropy = SeededEntropy::new(7);
        let made = Secrets::load_or_create(&folder, &entropy).unwrap();
        let line = phrase("PRIVATE+KEY+log.example/a+00000000+AAAA");
        let name = log_key_file([1, 2, 3, 4]);
        log_key_write(&folder, (&name, &line), None, &entropy).unwrap();
        let again = log_key_write(&folder, (&name, &line), None, &entropy);
        assert!(
            matches!(again, Err(KeyFileError::Io { .. })),
            "never written over"
        );
        let (old, new) = (
            phrase("four unrelated words here"),
            phrase("other words entirely"),
        );
        assert_eq!(reseal(&folder, (None, Some(&old)), &entropy).unwrap(), 2);
        for (from, to) in [(Some(&old), Some(&new)), (Some(&new), None)] {
            assert!(are_sealed(&folder));
            let lines = log_key_lines(&folder, from).unwrap();
            assert_eq!(lines[0].expose(), line.expose());
            reseal(&folder, (from, to), &entropy).unwrap();
        }
        assert!(!are_sealed(&folder));
        let read = Secrets::load_or_create(&folder, &entropy).unwrap();
        assert_eq!(all(&read), all(&made));
        let short = reseal(&folder, (None, Some(&phrase("short"))), &entropy);
        assert!(matches!(short, Err(KeyFileError::Sealed { .. })));
        assert!(!are_sealed(&folder));
    }

    #[test]
    fn an_exposed_file_and_a_lost_one_are_refused() {
        let (_home, folder) = house();
        Secrets::load_or_create(&folder, &SeededEntropy::new(5)).unwrap();
        let file = folder.join(FILE);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Secrets::load_or_create(&folder, &SeededEntropy::new(5)).unwrap_err();
        assert!(
            matches!(error, KeyFileError::Exposed { mode: 0o644, .. }),
            "{error}"
        );
        fs::rename(&file, folder.join("house.toml.old")).unwrap();
        let error = Secrets::load_or_create(&folder, &SeededEntropy::new(5)).unwrap_err();
        assert!(matches!(error, KeyFileError::Lost { .. }), "{error}");
    }
}
