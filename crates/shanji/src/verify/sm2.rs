//! `--sm2-vkey`: whether the log has signed with SM2 too, for inspections that ask for the algorithms of the state.

use super::Doubt;
use crate::outcome::Failure;
use leaf::limits::KEY_HISTORY_BYTES;
use leaf::{Sm2History, TrustedKeys};
use std::fs::File;
use std::io::Read;
use tlog::{Checkpoint, SignedNote, Sm2Key};

/// What is said of a file under whose checkpoint such a line stands.
pub(super) const HOLDS: &str = "  检查点的 SM2 签名（SM3 摘要）有效\n";

/// A key as it was typed, or a file of keys.
///
/// # Errors
/// It is neither.
pub(super) fn read(given: &str) -> Result<Sm2History, Failure> {
    if let Ok(key) = given.parse::<Sm2Key>() {
        return Ok(Sm2History {
            keys: vec![key],
            proofs: Vec::new(),
        });
    }
    let wrong = |why: &str| {
        let sentence =
            format!("--sm2-vkey {given}：{why}，请写 SM2 公钥，或者 /log/vkeys-sm2 存下的文件");
        Failure::usage("vkey.sm2", sentence)
    };
    let mut text = String::new();
    let most = u64::try_from(KEY_HISTORY_BYTES).unwrap_or(u64::MAX);
    let opened = File::open(given).map_err(|_| wrong("不是 SM2 公钥，也没有这个文件"))?;
    let mut opened = opened.take(most.saturating_add(1));
    let read = opened.read_to_string(&mut text);
    read.map_err(|_| wrong("文件读不懂"))?;
    text.parse().map_err(|_| wrong("文件里有的行不是 SM2 公钥"))
}

/// Whether a key that the log names, or that was given, has signed this checkpoint, and none has signed another.
///
/// # Errors
/// The line is missing or wrong, or the file of keys does not hold.
pub(super) fn check(
    history: &Sm2History,
    trusted: &TrustedKeys,
    note: &SignedNote,
) -> Result<(), Doubt> {
    let claimed = note.text().parse::<Checkpoint>();
    let size = claimed
        .map_err(|error| Doubt::new(error.code(), error))?
        .size();
    let keys = history.for_size(trusted, size);
    let keys = keys.map_err(|error| Doubt::new(error.code(), format!("SM2 公钥历史：{error}")))?;
    let mut has_signed = false;
    for line in note.signatures() {
        for key in keys.iter().filter(|key| key.matches(line)) {
            if !key.verify(note.text(), line) {
                let sentence = "检查点的 SM2 签名无效，凭据或签名被改动，请使用原始文件";
                return Err(Doubt::new("sm2.wrong", sentence));
            }
            has_signed = true;
        }
    }
    if has_signed {
        return Ok(());
    }
    let sentence = "检查点没有这把 SM2 公钥的签名，请核对公钥；那时日志若还没有用 SM2 签名，请从凭据页重新下载";
    Err(Doubt::new("sm2.missing", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{Hash, Signer, Sm2Signer, Sm2Use};

    const ORIGIN: &str = "log.example/a";

    #[test]
    fn a_line_that_is_asked_for_is_there_and_right() {
        let signer = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
        let trusted = TrustedKeys::new(ORIGIN, [signer.verifier().clone()]);
        let sm2 = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &[2; 32]).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, 3, Hash([7; 32])).unwrap();
        let note = checkpoint.sign(&[&signer]).unwrap();
        let given = read(&sm2.verifier().to_string()).unwrap();
        let code = |note: &SignedNote| check(&given, &trusted, note).map_err(|doubt| doubt.code);
        assert_eq!(code(&note), Err("sm2.missing"));
        let with = |text: &str| note.clone().with_signatures([sm2.sign(text)]).unwrap();
        assert_eq!(code(&with(note.text())), Ok(()));
        assert_eq!(code(&with("another\n")), Err("sm2.wrong"));
    }

    #[test]
    fn a_file_of_keys_is_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let path = file.to_str().unwrap();
        assert_eq!(read(path).unwrap_err().code, "vkey.sm2");
        let sm2 = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &[2; 32]).unwrap();
        std::fs::write(&file, format!("# 两行\n{}\n", sm2.verifier())).unwrap();
        assert_eq!(read(path).unwrap().keys, [sm2.verifier().clone()]);
        std::fs::write(&file, "别的\n").unwrap();
        assert_eq!(read(path).unwrap_err().code, "vkey.sm2");
    }
}
