//! `shanji admin key-seal` and `key-unseal`: the house's key files with and without a passphrase.

use crate::cli::Passphrase;
use crate::house::{self, Place};
use crate::key_file;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use crate::serve_lock;
use gateway::{SystemEntropy, keys};
use std::path::PathBuf;

/// Seals all key files; those that are sealed already get the new passphrase.
pub(super) fn seal(place: &Place, new: Option<PathBuf>) -> Ended {
    let _lock = serve_lock::take(&place.data)?;
    let old = known(place)?;
    let new = key_file::obtain_new(&Passphrase {
        passphrase_file: new,
    })?;
    let files = keys::reseal(&place.keys(), (old.as_ref(), Some(&new)), &SystemEntropy);
    let files = files.map_err(failed)?;
    say(&format!(
        "{files}个密钥文件已用口令加密。口令丢了没有办法找回，请另存一处；以前没有加密的备份请销毁。\n"
    ));
    Ok(Exit::Fine)
}

/// Writes all key files plain again.
pub(super) fn unseal(place: &Place) -> Ended {
    let _lock = serve_lock::take(&place.data)?;
    let old = known(place)?;
    let files = keys::reseal(&place.keys(), (old.as_ref(), None), &SystemEntropy);
    let files = files.map_err(failed)?;
    say(&format!(
        "{files}个密钥文件已去掉加密，只靠文件权限保护。\n"
    ));
    Ok(Exit::Fine)
}

/// The passphrase of now, after the keys were opened with it.
fn known(place: &Place) -> Result<Option<kernel::Secret<String>>, Failure> {
    let phrase = place.passphrase()?;
    if !place.keys().join(keys::FILE).exists() {
        house::secrets(place)?;
    }
    Ok(phrase)
}

fn failed(error: gateway::KeyFileError) -> Failure {
    Failure::refused("keys.seal", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway::Secrets;
    use std::fs;

    #[test]
    fn a_house_is_sealed_opened_and_unsealed() {
        let home = tempfile::tempdir().unwrap();
        let file = |name: &str, words: &str| {
            let file = home.path().join(name);
            fs::write(&file, words).unwrap();
            Some(file)
        };
        let place = |passphrase| Place {
            data: home.path().join("data"),
            database: String::new(),
            passphrase,
        };
        let plain = place(None);
        assert_eq!(seal(&plain, None).unwrap_err().code, "keys.absent");
        let made = Secrets::load_or_create(&plain.keys(), &SystemEntropy).unwrap();
        let (first, second) = (
            file("1", "four unrelated words here"),
            file("2", "other words entirely"),
        );
        let short = file("3", "short");
        assert_eq!(seal(&plain, short).unwrap_err().code, "keys.seal");
        assert_eq!(seal(&plain, first.clone()), Ok(Exit::Fine));
        let same = |place: &Place| {
            let read = house::secrets(place).map_err(|failure| failure.code)?;
            Ok::<bool, String>(read.log_seed.expose() == made.log_seed.expose())
        };
        assert_eq!(same(&place(first.clone())), Ok(true));
        assert_eq!(same(&place(second.clone())), Err("keys.read".into()));
        assert_eq!(seal(&place(first.clone()), second.clone()), Ok(Exit::Fine));
        assert_eq!(same(&place(second.clone())), Ok(true));
        assert_eq!(same(&place(first)), Err("keys.read".into()));
        assert_eq!(unseal(&place(second)), Ok(Exit::Fine));
        assert_eq!(same(&plain), Ok(true));
    }
}
