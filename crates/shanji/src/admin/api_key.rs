//! `shanji admin api-key`: a key for a program that asks more than an address may. Shown once; the house keeps a digest.

use crate::durable;
use crate::house::Place;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use crate::serve::{API_KEYS_FILE, api_keys};
use gateway::{Entropy, SystemEntropy};
use web::{ApiKey, api_key_digest};

/// Random bytes of a key.
const BYTES: usize = 24;

/// Makes a key and adds its digest to the book.
pub(super) fn run(place: &Place, label: &str, per_minute: u32) -> Ended {
    let mut random = [0; BYTES];
    let unmade = |error: &dyn std::error::Error| {
        Failure::unreachable("api_key.made", format!("密钥没有做成：{error}"))
    };
    SystemEntropy
        .fill(&mut random)
        .map_err(|error| unmade(&error))?;
    let key = format!("sk_{}", hex::encode(random));
    let mut book = api_keys(&place.data)?;
    book.key.push(ApiKey {
        label: label.trim().to_owned(),
        sha256: api_key_digest(&key),
        per_minute,
    });
    let wrong = |error: String| {
        let sentence = format!("名称写1至100个字，每分钟次数写1至600000，请改正后重试：{error}");
        Failure::usage("api_key.wrong", sentence)
    };
    let text = book.to_toml().map_err(wrong)?;
    web::ApiKeys::from_toml(&text).map_err(wrong)?;
    let file = place.data.join(API_KEYS_FILE);
    durable::replace(&file, text.as_bytes()).map_err(|error| unmade(&error))?;
    say(&format!(
        "{key}\n只显示这一次，请交给申请人；服务重新启动以后生效。停用就从 {} 里删去“{}”这一段。\n",
        file.display(),
        label.trim()
    ));
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_as_a_digest() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data: folder.path().to_path_buf(),
            database: String::new(),
            passphrase: None,
        };
        run(&place, "云山日报", 6_000).unwrap();
        run(&place, "云山晚报", 60).unwrap();
        let book = api_keys(folder.path()).unwrap();
        let labels: Vec<&str> = book.key.iter().map(|key| key.label.as_str()).collect();
        assert_eq!(labels, ["云山日报", "云山晚报"]);
        let text = std::fs::read_to_string(folder.path().join(API_KEYS_FILE)).unwrap();
        assert!(!text.contains("sk_"));
        assert!(run(&place, "", 60).is_err());
        assert_eq!(api_keys(folder.path()).unwrap().key.len(), 2);
    }
}
