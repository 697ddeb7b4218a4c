//! `shanji keygen`: a fresh signing key in a file of its own.

use crate::cli::Keygen;
use crate::key_file;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use gateway::{Entropy, SystemEntropy, sealed};
use kernel::Secret;
use tlog::{KeyError, PrivateKey, Sm2Signer, Sm2Use};

/// Runs the command.
pub(crate) fn run(args: &Keygen) -> Ended {
    if let Some(purpose) = args.sm2 {
        let key = make_sm2(args, purpose.into(), &SystemEntropy)?;
        say(&format!(
            "SM2 密钥已写入 {}，请离线备份。\nSM2 公钥：{}\n它只与 Ed25519 签名并列，不能代替。\n",
            args.out.display(),
            key.verifier()
        ));
        return Ok(Exit::Fine);
    }
    let key = make(args, &SystemEntropy)?;
    let said = |error: KeyError| Failure::usage(error.code(), error.to_string());
    let (log, witness) = (key.signer().map_err(said)?, key.cosigner().map_err(said)?);
    say(&format!(
        "密钥已写入 {}，请离线备份{}。\n日志公钥：{}\n见证公钥：{}\n",
        args.out.display(),
        if args.plain {
            ""
        } else {
            "，口令另存一处"
        },
        log.verifier(),
        witness.verifier()
    ));
    Ok(Exit::Fine)
}

fn make(args: &Keygen, entropy: &dyn Entropy) -> Result<PrivateKey, Failure> {
    let said = |error: KeyError| Failure::usage(error.code(), error.to_string());
    let seed = draw(entropy)?;
    let key = PrivateKey::from_seed(&args.name, seed.expose()).map_err(said)?;
    keep(args, &Secret::new(key.line().map_err(said)?), entropy)?;
    Ok(key)
}

/// An SM2 key for one purpose.
fn make_sm2(args: &Keygen, purpose: Sm2Use, entropy: &dyn Entropy) -> Result<Sm2Signer, Failure> {
    let said = |error: KeyError| Failure::usage(error.code(), error.to_string());
    let seed = draw(entropy)?;
    let key = Sm2Signer::from_secret(&args.name, purpose, seed.expose()).map_err(said)?;
    keep(args, &Secret::new(key.line()), entropy)?;
    Ok(key)
}

fn draw(entropy: &dyn Entropy) -> Result<Secret<[u8; 32]>, Failure> {
    let drawn = gateway::entropy::draw::<32>(entropy);
    let drawn =
        drawn.map_err(|error| Failure::unreachable("entropy.unavailable", error.to_string()));
    drawn.map(Secret::new)
}

/// Writes the line of a key: sealed, or plain if that was asked for.
fn keep(args: &Keygen, line: &Secret<String>, entropy: &dyn Entropy) -> Result<(), Failure> {
    let line = Secret::new(format!("{}\n", line.expose()));
    if args.plain {
        return key_file::write_new(&args.out, line.expose());
    }
    let phrase = key_file::obtain_new(&args.passphrase)?;
    let text = sealed::seal(line.expose().as_bytes(), &phrase, entropy)
        .map_err(|error| Failure::refused("key.sealed", error.to_string()))?;
    key_file::write_new(&args.out, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Passphrase;
    use gateway::SeededEntropy;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn args(home: &Path, phrase: Option<&str>) -> Keygen {
        let file = phrase.map(|phrase| {
            let file = home.join("phrase");
            fs::write(&file, phrase).unwrap();
            file
        });
        Keygen {
            name: "mirror.example/m1".into(),
            out: home.join("m.key"),
            plain: file.is_none(),
            sm2: None,
            passphrase: Passphrase {
                passphrase_file: file,
            },
        }
    }

    #[test]
    fn a_sealed_key_comes_back_with_its_passphrase_only() {
        let home = tempfile::tempdir().unwrap();
        let args = args(home.path(), Some("four unrelated words here\nnot this\n"));
        let made = make(&args, &SeededEntropy::new(1)).unwrap();
        let text = fs::read_to_string(&args.out).unwrap();
        assert!(sealed::is_sealed(&text) && !text.contains("PRIVATE"));
        let mode = fs::metadata(&args.out).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        let read = key_file::read(&args.out, &args.passphrase).unwrap();
        assert_eq!(read.line(), made.line());
        // A key is never written over.
        let again = make(&args, &SeededEntropy::new(2)).unwrap_err();
        assert_eq!(again.code, "key.exists");
        assert_eq!(fs::read_to_string(&args.out).unwrap(), text);
        fs::write(home.path().join("phrase"), "four unrelated words there\n").unwrap();
        let wrong = key_file::read(&args.out, &args.passphrase).unwrap_err();
        assert_eq!(
            (wrong.code.as_str(), wrong.exit),
            ("key.sealed", Exit::Refused)
        );
    }

    #[test]
    fn a_plain_key_is_the_line_of_other_tools() {
        let home = tempfile::tempdir().unwrap();
        let args = args(home.path(), None);
        let made = make(&args, &SeededEntropy::new(1)).unwrap();
        let text = fs::read_to_string(&args.out).unwrap();
        assert_eq!(text.trim(), made.line().unwrap());
        assert!(text.starts_with("PRIVATE+KEY+mirror.example/m1+"));
    }

    #[test]
    fn an_sm2_key_is_for_one_purpose() {
        let home = tempfile::tempdir().unwrap();
        let args = args(home.path(), Some("four unrelated words here\n"));
        let made = make_sm2(&args, Sm2Use::Cosignature, &SeededEntropy::new(1)).unwrap();
        let read = key_file::sm2(&args.out, &args.passphrase, Sm2Use::Cosignature).unwrap();
        assert_eq!(read.verifier(), made.verifier());
        let other = key_file::sm2(&args.out, &args.passphrase, Sm2Use::Log).unwrap_err();
        assert_eq!(other.code, "key.purpose");
        // It is no key of the other algorithm.
        let failure = key_file::read(&args.out, &args.passphrase).unwrap_err();
        assert_eq!(failure.code, "key.malformed");
    }

    #[test]
    fn weak_passphrases_and_bad_names_are_refused_and_nothing_is_written() {
        let home = tempfile::tempdir().unwrap();
        let mut args = args(home.path(), Some("short\n"));
        let refused = make(&args, &SeededEntropy::new(1)).unwrap_err();
        assert_eq!(refused.code, "key.sealed");
        args.name = "has blank".into();
        let refused = make(&args, &SeededEntropy::new(1)).unwrap_err();
        assert_eq!(refused.code, "tlog.key.bad_name");
        assert!(!args.out.exists());
    }
}
