//! `shanji verifier`: the verify page that works offline, made by this program and not taken from a website.

use crate::cli::Verifier;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use leaf::KeyHistory;
use sha2::{Digest, Sha256};
use tlog::VerifierKey;

/// Runs the command.
pub(crate) fn run(args: &Verifier) -> Ended {
    let key: VerifierKey = args
        .vkey
        .parse()
        .map_err(|error: tlog::KeyError| Failure::usage(error.code(), error.to_string()))?;
    let history = match &args.history {
        Some(file) => crate::vkeys::history_of(&key, file)?,
        None => KeyHistory {
            keys: vec![key],
            proofs: Vec::new(),
        },
    };
    let texts: Vec<String> = history.keys.iter().map(ToString::to_string).collect();
    let policy = match crate::serve::witnesses(args.policy.as_deref())? {
        Some(policy) => policy.text().to_owned(),
        None => app::policy_without_witnesses(&texts),
    };
    let proofs = match history.proofs.is_empty() {
        true => String::new(),
        false => history.to_string(),
    };
    let keys = web::LogKeys {
        verifier_key: &texts.join("\n"),
        history: &proofs,
        policy: &policy,
    };
    let page = web::offline_page(keys, &args.language).ok_or_else(|| {
        let sentence = format!(
            "没有语言“{}”的核验页，请用 zh-Hans、zh-Hant 或 en",
            args.language
        );
        Failure::usage("verifier.language", sentence)
    })?;
    std::fs::write(&args.file, &page).map_err(|error| {
        let sentence = format!("写不进 {}：{error}，请核对路径和权限", args.file.display());
        Failure::unreachable("verifier.write", sentence)
    })?;
    say(&format!(
        "{}  {}\n",
        hex::encode(Sha256::digest(page.as_bytes())),
        args.file.display()
    ));
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_page_is_written_for_a_sound_key_in_a_known_language() {
        let home = tempfile::tempdir().unwrap();
        let check = |vkey: &str, language: &str, want: Result<Exit, &str>| {
            let args = Verifier {
                file: home.path().join("page.html"),
                vkey: vkey.into(),
                policy: None,
                history: None,
                language: language.into(),
            };
            let ended = run(&args).map_err(|failure| failure.code);
            assert_eq!(ended, want.map_err(ToOwned::to_owned), "{vkey} {language}");
        };
        let key = sample::key().to_string();
        check(&key, "zh-Hans", Ok(Exit::Fine));
        let page = std::fs::read_to_string(home.path().join("page.html")).unwrap();
        assert!(page.contains(&key));
        check(&key, "en", Ok(Exit::Fine));
        check(&key, "fr", Err("verifier.language"));
        check("nonsense", "en", Err("tlog.key.malformed"));
    }
}
