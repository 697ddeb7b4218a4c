//! The policy file that a house publishes 〔验证政策〕: which witnesses it asks, and when a receipt is final.

use tlog::VerifierKey;
use tlog::policy::{Policy, PolicyError, Witness};

/// How the key of a witness ends that the operator of the log runs himself.
const OF_ONE_HAND: &str = "same-operator";

/// Stands in a published policy before the line of a key that the operator's file does not name yet.
const ADDED: &str = "# the log has changed its key: the next line was added by the program, please write it into the file";

/// Most witnesses that a house asks: their lines and the log's own must fit a note, and each is asked at every tick.
const WITNESSES_MAX: usize = 32;

/// 〔验证政策〕 A policy file (c2sp.org/tlog-policy) as the operator wrote it, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessPolicy {
    text: String,
    policy: Policy,
}

/// Why a file is no policy for this house.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefused {
    /// The format.
    #[error("{0}")]
    Line(#[from] PolicyError),
    /// It will be published as a text.
    #[error("验证政策不是 UTF-8 文字，请另存为 UTF-8")]
    NotText,
    /// Too many to ask.
    #[error("验证政策的见证人不得超过 {WITNESSES_MAX} 个，请删去不用的")]
    TooMany,
    /// Nobody can be asked there.
    #[error("验证政策第 {line} 行：见证人的网址应以 https:// 或 http:// 开头，不带 ? 和 #，请改正")]
    BadUrl {
        /// The line, from 1.
        line: usize,
    },
    /// Whoever verifies with it would refuse our own checkpoints.
    #[error("验证政策没有本日志的公钥，请加上这一行：log {key}")]
    OtherLog {
        /// Our key.
        key: String,
    },
}

impl PolicyRefused {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            PolicyRefused::Line(error) => error.code(),
            PolicyRefused::NotText => "policy.not_text",
            PolicyRefused::TooMany => "policy.too_many",
            PolicyRefused::BadUrl { .. } => "policy.bad_url",
            PolicyRefused::OtherLog { .. } => "policy.other_log",
        }
    }
}

impl WitnessPolicy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// `PolicyRefused` with the first line that is not as it should be.
    pub fn parse(bytes: &[u8]) -> Result<WitnessPolicy, PolicyRefused> {
        let policy = Policy::parse(bytes)?;
        let text = str::from_utf8(bytes).map_err(|_| PolicyRefused::NotText)?;
        if policy.witnesses().len() > WITNESSES_MAX {
            return Err(PolicyRefused::TooMany);
        }
        for witness in policy.witnesses() {
            if witness.url.as_deref().is_some_and(|url| !is_address(url)) {
                let line = line_of(text, witness);
                return Err(PolicyRefused::BadUrl { line });
            }
        }
        Ok(WitnessPolicy {
            text: text.to_owned(),
            policy,
        })
    }

    /// Checks that the policy is about the log with this key.
    ///
    /// # Errors
    /// `PolicyRefused::OtherLog`.
    pub fn check_log(&self, key: &VerifierKey) -> Result<(), PolicyRefused> {
        if self.policy.logs().iter().any(|log| log.key == *key) {
            return Ok(());
        }
        let key = key.to_string();
        Err(PolicyRefused::OtherLog { key })
    }

    /// The same with a line for this key of the log, for readers who would otherwise refuse its checkpoints.
    ///
    /// # Errors
    /// `PolicyRefused::Line`: the file would be too long.
    pub fn with_log(&self, key: &VerifierKey) -> Result<WitnessPolicy, PolicyRefused> {
        let end = match self.text.ends_with('\n') {
            true => "",
            false => "\n",
        };
        let text = format!("{}{end}{ADDED}\nlog {key}\n", self.text);
        WitnessPolicy::parse(text.as_bytes())
    }

    /// The file, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if every witness says by the name of its key that the operator's own hand runs it: their lines add no trust,
    /// and no page may say that they do.
    #[must_use]
    pub fn is_of_one_hand(&self) -> bool {
        let mut names = self.policy.witnesses().iter().map(|one| one.key.name());
        names.len() > 0 && names.all(is_own)
    }

    /// What it says.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// Whether a key is called as those of the operator's own witnesses are; `areOfOneHand` in browser/policy.js reads it so too.
fn is_own(name: &str) -> bool {
    let before = name.strip_suffix(OF_ONE_HAND);
    before.is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_lowercase()))
}

/// What a house publishes that asks no witness: so that every reader finds a policy, and the same kind of file.
#[must_use]
pub fn policy_without_witnesses(verifier_keys: &[String]) -> String {
    let logs: String = verifier_keys
        .iter()
        .map(|key| format!("log {key}\n"))
        .collect();
    format!("{logs}quorum none\n")
}

fn is_address(url: &str) -> bool {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.starts_with('/') && !host.is_empty() && !url.contains(['?', '#']))
}

/// The line of a witness, from 1: its key stands in no other line of a sound file.
fn line_of(text: &str, witness: &Witness) -> usize {
    let key = witness.key.to_string();
    let own = |line: &str| line.split([' ', '\t']).any(|word| word == key);
    text.split('\n').position(own).map_or(1, |place| place + 1)
}

/// The address of `add-checkpoint` below a witness's own.
pub(super) fn question_address(url: &str) -> String {
    let path = tlog::witness::ADD_CHECKPOINT_PATH;
    format!("{}/{path}", url.trim_end_matches('/'))
}

/// Where a witness shows the newest checkpoint that it signed of the log `origin`.
pub(super) fn copy_address(url: &str, origin: &str) -> String {
    let path = tlog::witness::checkpoint_path(origin);
    format!("{}/{path}", url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{Cosigner, Signer};

    #[test]
    fn a_key_is_added_behind_what_the_operator_wrote() {
        let signer = |seed: u8| Signer::from_seed("log.example/a", &[seed; 32]).unwrap();
        let (old, new) = (signer(1), signer(2));
        for end in ["\n", ""] {
            let text = format!("# ours\nlog {}\nquorum none{end}", old.verifier());
            let policy = WitnessPolicy::parse(text.as_bytes()).unwrap();
            assert!(policy.check_log(new.verifier()).is_err());
            let more = policy.with_log(new.verifier()).unwrap();
            assert!(more.text().starts_with(&text), "{}", more.text());
            assert_eq!(more.check_log(new.verifier()), Ok(()));
            assert_eq!(more.check_log(old.verifier()), Ok(()));
        }
    }

    fn key(number: u8) -> String {
        let name = format!("witness.example/{number}");
        let cosigner = Cosigner::from_seed(&name, &[100 + number; 32]).unwrap();
        cosigner.verifier().to_string()
    }

    #[test]
    fn witnesses_of_the_operators_own_hand_say_so() {
        let line = |name: &str, number: u8| {
            let key = Cosigner::from_seed(name, &[number; 32]).unwrap();
            format!("witness w{number} {} https://w.example/\n", key.verifier())
        };
        let own = line("witness.example/demo-same-operator", 7);
        let other = line("witness.example/other", 8);
        let near = line("witness.example/notsame-operator", 9);
        for (lines, want) in [
            (own.clone(), true),
            (format!("{own}{other}"), false),
            (other, false),
            (near, false),
            (String::new(), false),
        ] {
            let text = format!("{lines}quorum none\n");
            let policy = WitnessPolicy::parse(text.as_bytes()).unwrap();
            assert_eq!(policy.is_of_one_hand(), want, "{text}");
        }
    }

    #[test]
    fn a_bad_file_is_refused_with_its_line() {
        let log = Signer::from_seed("log.example/a", &[1; 32]).unwrap();
        let log = log.verifier();
        let witness = key(1);
        let check = |text: &str, want: Result<(), (&str, &str)>| {
            let read = WitnessPolicy::parse(text.as_bytes());
            let judged = read.and_then(|policy| policy.check_log(log));
            match (judged, want) {
                (Ok(()), Ok(())) => {}
                (Err(refused), Err((code, words))) => {
                    assert_eq!(refused.code(), code, "{text}");
                    assert!(refused.to_string().contains(words), "{refused}");
                }
                (judged, _) => panic!("{text}: {judged:?}"),
            }
        };
        let good =
            format!("# ours\nlog {log}\nwitness a {witness} https://w.example/x/\nquorum a\n");
        check(&good, Ok(()));
        check(&good.replace("https", "http"), Ok(()));
        let url = ("policy.bad_url", "第 3 行");
        check(&good.replace("https://w", "ftp://w"), Err(url));
        check(&good.replace("https://w", "https:///w"), Err(url));
        check(&good.replace("/x/", "/x/?"), Err(url));
        let line = ("tlog.policy.unknown_keyword", "第 1 行");
        check(&good.replace("# ours", "ours"), Err(line));
        let other = ("policy.other_log", "请加上这一行：log log.example/a+");
        check(&format!("witness a {witness}\nquorum a\n"), Err(other));
        check(&policy_without_witnesses(&[log.to_string()]), Ok(()));
        let many: String = (1..=33)
            .map(|n| format!("witness w{n} {}\n", key(n)))
            .collect();
        check(
            &format!("log {log}\n{many}quorum none\n"),
            Err(("policy.too_many", "32")),
        );
        let bytes = [good.as_bytes(), b"# \xff\n"].concat();
        assert_eq!(WitnessPolicy::parse(&bytes), Err(PolicyRefused::NotText));
    }

    #[test]
    fn addresses_end_alike() {
        let want = "https://w.example/x/add-checkpoint";
        for url in ["https://w.example/x", "https://w.example/x/"] {
            assert_eq!(question_address(url), want);
        }
    }
}
