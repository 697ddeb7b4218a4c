//! A witness for the demonstration: own key, own file, own port on this machine. It shows how a receipt becomes final and
//! adds no trust, because the same hand runs it; its names and the policy say so.

use super::ORIGIN;
use crate::house;
use crate::outcome::Failure;
use crate::serve::{address, bind};
use app::{WatchedLog, Witness, WitnessPolicy};
use gateway::{Secrets, SystemClock, SystemEntropy};
use std::path::Path;
use std::sync::Arc;
use tlog::{Cosigner, Signer};
use tokio::net::TcpListener;

/// Everything of it, in the folder of the demonstration.
pub(super) const FOLDER: &str = "witness";
/// The policy that names it, beside its key. It stays as it is, so that the offline page stays as the log states it.
const POLICY_FILE: &str = "policy.txt";
/// The name of its key: whoever reads it sees whose it is.
const NAME: &str = "witness.yunshan.example/demo-same-operator";
/// What pages call it.
const TITLE: &str = "演示见证人（与平台同一人运行）";

/// Starts the witness, and gives the policy that asks for it.
///
/// # Errors
/// Its folder, key or port cannot be used.
pub(super) async fn start(data: &Path) -> Result<Arc<WitnessPolicy>, Failure> {
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    let secrets = |folder: &Path| {
        Secrets::load_or_create(&folder.join("keys"), &SystemEntropy)
            .map_err(|error| Failure::unreachable("keys.read", error.to_string()))
    };
    let named = |error: tlog::KeyError| Failure::usage(error.code(), error.to_string());
    let log = Signer::from_seed(ORIGIN, secrets(data)?.log_seed.expose()).map_err(named)?;
    let log = log.verifier().clone();
    let cosigner = Cosigner::from_seed(NAME, secrets(&folder)?.log_seed.expose()).map_err(named)?;
    let (key, vkey) = (cosigner.verifier().clone(), log.to_string());
    let watched = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![log],
    };
    let witness = Witness::open(&folder, cosigner, vec![watched], Arc::new(SystemClock)).await;
    let witness = witness.map_err(|error| house::failure(&error))?;
    let file = folder.join(POLICY_FILE);
    let listener = same_port(&file).await?;
    let at = address(&listener);
    let text = format!(
        "# 演示：见证人与平台在同一台机器上、由同一人运行，只演示凭据怎样变成最终的，不增加可信。\n\
         log {vkey}\nwitness {TITLE} {key} http://{at}/\nquorum {TITLE}\n"
    );
    std::fs::write(&file, &text).map_err(|error| unwritable(&file, &error))?;
    tokio::spawn(async move {
        let never = Box::pin(std::future::pending());
        if let Err(error) = web::serve_witness(listener, witness, never).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the witness of the demonstration has ended"
            );
        }
    });
    let policy = WitnessPolicy::parse(text.as_bytes());
    policy
        .map(Arc::new)
        .map_err(|error| Failure::usage(error.code(), error.to_string()))
}

/// The port that the policy names already; any other one if there is no policy yet or somebody else has it.
async fn same_port(policy: &Path) -> Result<TcpListener, Failure> {
    let known = std::fs::read_to_string(policy).unwrap_or_default();
    let known = known.split("http://").nth(1);
    if let Some(at) = known.and_then(|rest| rest.split('/').next())
        && let Ok(listener) = bind(at).await
    {
        return Ok(listener);
    }
    bind("127.0.0.1:0").await
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let sentence = format!("{} 写不了：{error}，请核对权限", path.display());
    Failure::unreachable("demo.witness", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_policy_stays_the_same_over_restarts_and_says_whose_witness_it_is() {
        let home = tempfile::tempdir().unwrap();
        let policy = start(home.path()).await.unwrap();
        let file = home.path().join(FOLDER).join(POLICY_FILE);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("同一人运行") && policy.is_of_one_hand());
        let secrets = Secrets::load_or_create(&home.path().join("keys"), &SystemEntropy).unwrap();
        let log = Signer::from_seed(ORIGIN, secrets.log_seed.expose()).unwrap();
        policy.check_log(log.verifier()).unwrap();
        // A later start asks for the port that the policy names, and takes another one only if that is somebody else's.
        let other = same_port(&file).await.unwrap();
        assert!(!text.contains(&address(&other)));
        let moved = text.replace(&named_port(&text), &address(&other));
        std::fs::write(&file, moved).unwrap();
        let at = address(&other);
        drop(other);
        assert_eq!(address(&same_port(&file).await.unwrap()), at);
    }

    fn named_port(text: &str) -> String {
        let rest = text.split("http://").nth(1).unwrap_or_default();
        rest.split('/').next().unwrap_or_default().to_owned()
    }
}
