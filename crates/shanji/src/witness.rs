//! `shanji witness`: watches logs of others and signs what they grow to.

use crate::cli::WitnessArgs;
use crate::house::{self, block_on};
use crate::outcome::{Ended, Exit, Failure};
use crate::serve::{self, address, bind};
use crate::{key_file, screen, serve_lock};
use app::{DATABASE_FILE, WITNESS_LOGS_MAX, WatchedLog, Witness};
use gateway::{Secrets, SystemClock, SystemEntropy};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tlog::{Cosigner, Sm2Use, VerifierKey};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// The witness's set-up, in its folder unless `--config` says otherwise.
const CONFIG_FILE: &str = "witness.toml";

/// How long requests that were begun may go on when the witness is to end: each is answered in a moment.
const LAST_REQUESTS: Duration = Duration::from_secs(3);

const EXAMPLE: &str = "\
name = \"witness.example.org/w1\"   # 见证人名称，像网址但不带 https://
logs = [                            # 登记的日志公钥；换钥期间同一日志可写两把
  \"log.example.org/gongyi+01234567+AQ…\",
]
";

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    name: String,
    logs: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &WitnessArgs) -> Ended {
    serve::log_to_stderr(args.log_json);
    let file = args.config.clone();
    let file = file.unwrap_or_else(|| args.data.join(CONFIG_FILE));
    let setup = read_setup(&file)?;
    let read = |file: &PathBuf| key_file::cosigner(file, &args.passphrase);
    let key = args.key.as_ref().map(read).transpose()?;
    let read = |file: &PathBuf| key_file::sm2(file, &args.passphrase, Sm2Use::Cosignature);
    let sm2 = args.sm2_key.as_ref().map(read).transpose()?;
    block_on(async {
        let listener = bind(&args.listen).await?;
        let _lock = serve_lock::take(&args.data)?;
        let mut witness = open(&args.data, &setup, key).await?;
        if let Some(sm2) = sm2 {
            screen::say(&format!("并列的 SM2 公钥：{}\n", sm2.verifier()));
            witness = witness.with_sm2(sm2);
        }
        screen::say(&format!(
            "见证人在 http://{} 提供服务，按 Ctrl-C 结束。\n公钥：{}\n写进验证政策的一行：witness {} {} https://您的网址/\n",
            address(&listener),
            witness.verifier(),
            witness.verifier().name(),
            witness.verifier(),
        ));
        serve_witness(witness, listener).await
    })?
}

fn read_setup(file: &Path) -> Result<Setup, Failure> {
    let wrong = |why: String| {
        let sentence = format!(
            "见证人设置 {} 有误：{why}。写法如下：\n{EXAMPLE}",
            file.display()
        );
        Failure::usage("witness.config", sentence)
    };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let setup: Setup = toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
    if setup.logs.is_empty() || setup.logs.len() > WITNESS_LOGS_MAX {
        return Err(wrong(format!("logs 应有1到{WITNESS_LOGS_MAX}个公钥")));
    }
    Ok(setup)
}

/// The logs by their names; two keys of one name are one log.
fn watched(keys: &[String]) -> Result<Vec<WatchedLog>, Failure> {
    let mut logs: Vec<WatchedLog> = Vec::new();
    for text in keys {
        let key: VerifierKey = text.parse().map_err(|error: tlog::KeyError| {
            Failure::usage("witness.key", format!("日志公钥 {text}：{error}"))
        })?;
        match logs.iter_mut().find(|log| log.origin == key.name()) {
            Some(log) => log.keys.push(key),
            None => logs.push(WatchedLog {
                origin: key.name().to_owned(),
                keys: vec![key],
            }),
        }
    }
    Ok(logs)
}

async fn open(data: &Path, setup: &Setup, key: Option<Cosigner>) -> Result<Witness, Failure> {
    // The seed of a house's log must never sign as a witness too.
    if data.join(DATABASE_FILE).exists() {
        let sentence = "这个目录是一个善迹机构的数据目录，见证人须用另一个 --data 目录和另一把密钥";
        return Err(Failure::refused("witness.house", sentence));
    }
    let logs = watched(&setup.logs)?;
    let cosigner = match key {
        Some(key) => key,
        None => own_key(data, setup)?,
    };
    if cosigner.verifier().name() != setup.name {
        let sentence = format!(
            "密钥是“{}”的，设置里写的是“{}”，请核对",
            cosigner.verifier().name(),
            setup.name
        );
        return Err(Failure::usage("witness.name", sentence));
    }
    Witness::open(data, cosigner, logs, Arc::new(SystemClock))
        .await
        .map_err(|error| house::failure(&error))
}

/// The key in the witness's folder, made at the first start.
fn own_key(data: &Path, setup: &Setup) -> Result<Cosigner, Failure> {
    let secrets = Secrets::load_or_create(&data.join("keys"), &SystemEntropy)
        .map_err(|error| Failure::unreachable("keys.read", error.to_string()))?;
    Cosigner::from_seed(&setup.name, secrets.log_seed.expose())
        .map_err(|error| Failure::usage("witness.name", error.to_string()))
}

async fn serve_witness(witness: Witness, listener: TcpListener) -> Ended {
    let end = Arc::new(Notify::new());
    let asked = serve::asked_to_end(Arc::clone(&end))?;
    let serving = web::serve_witness(listener, witness, Box::pin(asked));
    serve::serve_until(serving, (end, LAST_REQUESTS)).await?;
    tracing::info!("ended");
    Ok(Exit::Fine)
}

#[cfg(test)]
mod bad_input;

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::witness::{AddCheckpoint, checkpoint_path};
    use tlog::{Checkpoint, Hash, SignedNote, Signer, TimeWindow, cosigned};

    pub(super) const ORIGIN: &str = "log.example/a";

    pub(super) fn log() -> Signer {
        Signer::from_seed(ORIGIN, &[1; 32]).unwrap()
    }

    fn setup() -> Setup {
        Setup {
            name: "witness.example/1".into(),
            logs: vec![log().verifier().to_string()],
        }
    }

    /// Status, media type and body of an answer.
    pub(super) fn post(at: &str, body: &str) -> (u16, String, String) {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let mut answer = agent
            .post(format!("http://{at}/add-checkpoint"))
            .send(body)
            .unwrap();
        let media = answer.headers().get("content-type").unwrap();
        let media = media.to_str().unwrap().to_owned();
        let status = answer.status().as_u16();
        (status, media, answer.body_mut().read_to_string().unwrap())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_log_is_witnessed_over_http() {
        let folder = tempfile::tempdir().unwrap();
        let witness = open(folder.path(), &setup(), None).await.unwrap();
        let keys = [witness.verifier().clone()];
        let listener = bind("127.0.0.1:0").await.unwrap();
        let at = address(&listener);
        let never = Box::pin(std::future::pending());
        let server = tokio::spawn(web::serve_witness(listener, witness, never));
        let checkpoint = Checkpoint::new(ORIGIN, 1, tlog::leaf_hash(b"x")).unwrap();
        let note = checkpoint.sign(&[&log()]).unwrap();
        let first = AddCheckpoint::new(0, Vec::new(), note.clone()).unwrap();
        let fork = Checkpoint::new(ORIGIN, 1, Hash::EMPTY_ROOT).unwrap();
        let fork = fork.sign(&[&log()]).unwrap();
        let fork = AddCheckpoint::new(1, Vec::new(), fork).unwrap();
        let asking = tokio::task::spawn_blocking(move || {
            let (status, _, lines) = post(&at, &first.to_string());
            assert_eq!(status, 200, "{lines}");
            let signed = SignedNote::parse(format!("{note}{lines}")).unwrap();
            assert_eq!(
                cosigned(&signed, &keys, TimeWindow::ALWAYS).unwrap().len(),
                1
            );
            // Asked again from the wrong size, it says which one it knows.
            let again = post(&at, &first.to_string());
            assert_eq!(again, (409, "text/x.tlog.size".into(), "1\n".into()));
            assert_eq!(post(&at, &fork.to_string()).0, 422);
            assert_eq!(post(&at, "old 0\n").0, 400);
            let (status, media, said) = post(&at, &"x".repeat(100_000));
            assert_eq!((status, media.as_str()), (413, "text/plain; charset=utf-8"));
            assert!(said.contains("请求太长"), "{said}");
            let base = format!("http://{at}");
            check_get(&format!("{base}/"), (404, "没有这个文件"));
            check_get(&format!("{base}/add-checkpoint"), (405, "Allow"));
            let url = format!("http://{at}/{}", checkpoint_path(ORIGIN));
            let shown = ureq::get(&url).call().unwrap().body_mut().read_to_string();
            assert_eq!(shown.unwrap(), signed.to_string());
        });
        asking.await.unwrap();
        server.abort();
    }

    /// What is asked for that is not there is said in words.
    #[track_caller]
    fn check_get(url: &str, (status, part): (u16, &str)) {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let mut answer = agent.get(url).call().unwrap();
        let said = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), status, "{url}: {said}");
        assert!(said.contains(part), "{url}: {said}");
    }

    /// One client that sends half of a request and then keeps silent.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_silent_client_is_answered_and_does_not_keep_the_witness() {
        use std::io::{Read as _, Write as _};
        let folder = tempfile::tempdir().unwrap();
        let witness = open(folder.path(), &setup(), None).await.unwrap();
        let listener = bind("127.0.0.1:0").await.unwrap();
        let at = address(&listener);
        let end = Arc::new(Notify::new());
        let asked = Arc::new(Notify::new());
        let told = Arc::clone(&asked);
        let ending = Box::pin(async move { told.notified().await });
        let serving = web::serve_witness(listener, witness, ending);
        let grace = Duration::from_millis(100);
        let server = tokio::spawn(serve::serve_until(serving, (Arc::clone(&end), grace)));
        let half = "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold";
        let silent = move || {
            let mut stream = std::net::TcpStream::connect(&at).unwrap();
            stream.write_all(half.as_bytes()).unwrap();
            stream
        };
        let again = silent.clone();
        let asking = tokio::task::spawn_blocking(move || {
            let mut said = String::new();
            drop(silent().read_to_string(&mut said));
            said
        });
        let said = asking.await.unwrap();
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
        // Asked to end while another one keeps silent, it ends all the same.
        let stream = tokio::task::spawn_blocking(again).await.unwrap();
        asked.notify_one();
        end.notify_one();
        server.await.unwrap().unwrap();
        drop(stream);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_houses_folder_is_no_witnesss() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(DATABASE_FILE), "").unwrap();
        let refused = open(folder.path(), &setup(), None).await.err().unwrap();
        assert_eq!(refused.code, "witness.house");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_key_of_another_name_is_not_signed_with() {
        let folder = tempfile::tempdir().unwrap();
        let key = |name| Some(Cosigner::from_seed(name, &[3; 32]).unwrap());
        let refused = open(folder.path(), &setup(), key("witness.example/2")).await;
        assert_eq!(refused.err().unwrap().code, "witness.name");
        let witness = open(folder.path(), &setup(), key("witness.example/1")).await;
        let own = key("witness.example/1").unwrap();
        assert_eq!(witness.unwrap().verifier(), own.verifier());
        assert!(
            !folder.path().join("keys").exists(),
            "no second key is made"
        );
    }

    #[test]
    fn a_wrong_setup_is_said_with_an_example() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(CONFIG_FILE);
        let refused = read_setup(&file).unwrap_err();
        assert!(refused.sentence.contains("logs = ["), "{refused}");
        for text in [
            "name = 1",
            "name = \"a\"\nlogs = []",
            "name = \"a\"\nlog = []",
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(read_setup(&file).unwrap_err().code, "witness.config");
        }
        assert_eq!(watched(&["x".into()]).unwrap_err().code, "witness.key");
        let key = log().verifier().to_string();
        assert_eq!(watched(&[key.clone(), key]).unwrap().len(), 1);
    }
}
