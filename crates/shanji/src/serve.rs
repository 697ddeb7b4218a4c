//! `shanji serve`: opens the house, serves pages, API and log, runs its jobs, and ends quietly when asked.

use crate::cli::Serve;
use crate::founding::origin;
use crate::house::{Place, block_on};
use crate::outcome::{Ended, Exit, Failure};
use crate::policy_file::policy_bytes;
use crate::{screen, serve_lock};
use app::{App, AppError, Config, WitnessPolicy};
use gateway::passkey::{NoPasskeys, Site};
use gateway::payment::ChannelKeys;
use std::future::Future;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tracing_subscriber::EnvFilter;

/// Between two looks at the jobs that are due.
const JOBS_EVERY: Duration = Duration::from_secs(5);
/// How long requests under way may take to end after the signal.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// Public keys of payment channels, beside the database.
const CHANNELS_FILE: &str = "channels.toml";
/// What the operator says of itself: 主办单位, 联系方式, 网站标识码, ICP备案, 公安备案.
const OPERATOR_FILE: &str = "operator.toml";
/// The digests of the keys of programs.
pub(crate) const API_KEYS_FILE: &str = "api-keys.toml";
/// What is logged unless `RUST_LOG` says otherwise.
const LOG_LEVEL: &str = "info";

/// Runs the command.
pub(crate) fn run(args: &Serve) -> Ended {
    log_to_stderr(args.log_json);
    block_on(async {
        let listener = bind(&args.listen).await?;
        let place = Place::of(&args.house);
        if args.test_log {
            may_be_test_log(&place).await?;
        }
        let _lock = serve_lock::take(&place.data)?;
        // Only a demonstration may be founded under a name that is nobody's.
        let spare = args.demo.then(|| Config::local(&place.data).origin);
        let config = Config {
            origin: origin(&place, args.origin.as_deref(), spare).await?,
            address: site(args.site.as_deref())?,
            database: place.database.clone(),
            demo: args.demo,
            test_log: args.test_log,
            passphrase: place.passphrase()?,
            witnesses: witnesses(args.witness_policy.as_deref())?,
            ..Config::local(&place.data)
        };
        let app = open(config).await?;
        screen::say(&format!(
            "善迹在 http://{} 提供服务，按 Ctrl-C 结束。\n",
            address(&listener)
        ));
        serve(app, listener, args.font.clone()).await
    })?
}

/// A test log begins in an empty folder, so that nobody's data becomes one; where one is already it goes on.
async fn may_be_test_log(place: &Place) -> Result<(), Failure> {
    // The lock of a start that came to nothing says nothing.
    let counts = |file: std::io::Result<std::fs::DirEntry>| {
        file.map_or(true, |file| file.file_name() != serve_lock::FILE)
    };
    let used = std::fs::read_dir(&place.data).is_ok_and(|mut files| files.any(counts));
    if !used {
        return Ok(());
    }
    let is_one = match crate::house::open(place) {
        Ok(db) => match db.read_tx().await {
            Ok(mut read) => store::transparency::is_test_log(&mut read).await,
            Err(error) => Err(error),
        },
        Err(failure) if failure.code == "database.absent" => Ok(None),
        Err(failure) => return Err(failure),
    };
    if matches!(is_one, Ok(Some(true))) {
        return Ok(());
    }
    let sentence = format!(
        "{} 不是空目录，测试日志只能建在空目录里，请换一个 --data，或去掉 --test-log",
        place.data.display()
    );
    Err(Failure::usage("test_log.folder_used", sentence))
}

/// Log lines go to standard error, so that what a command answers stays alone on standard output.
pub(crate) fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG_LEVEL));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second call finds the first one's lines in place, which is as good.
    let _ = if json {
        lines.json().try_init()
    } else {
        lines.with_target(false).try_init()
    };
}

/// Takes the address to listen at; `:8080` means every address of this machine.
///
/// # Errors
/// The port is taken, not ours to take, or the address is none.
pub(crate) async fn bind(listen: &str) -> Result<TcpListener, Failure> {
    let every = format!("0.0.0.0{listen}");
    let wanted = if listen.starts_with(':') {
        every.as_str()
    } else {
        listen
    };
    TcpListener::bind(wanted).await.map_err(|error| {
        use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, InvalidInput, PermissionDenied};
        let (code, advice) = match error.kind() {
            AddrInUse => (
                "listen.taken",
                "端口已被占用，请换一个 --listen，或先停掉占用它的程序",
            ),
            PermissionDenied => ("listen.denied", "没有权限用这个端口，请用 1024 以上的端口"),
            AddrNotAvailable | InvalidInput => {
                ("listen.address", "地址不对，请写成 127.0.0.1:8080 这样")
            }
            _ => ("listen.failed", "不能在这个地址监听，请核对 --listen"),
        };
        Failure::unreachable(code, format!("{listen}：{advice}（{error}）"))
    })
}

/// The address that was taken, as a browser writes it.
pub(crate) fn address(listener: &TcpListener) -> String {
    listener
        .local_addr()
        .map_or_else(|_| "?".into(), |at| at.to_string())
}

/// The policy file of the house, if it has one.
///
/// # Errors
/// It cannot be read, or a line of it is wrong.
pub(crate) fn witnesses(file: Option<&Path>) -> Result<Option<Arc<WitnessPolicy>>, Failure> {
    let Some(file) = file else {
        return Ok(None);
    };
    let bytes = policy_bytes(file)?;
    let policy = WitnessPolicy::parse(&bytes).map_err(|error| {
        let sentence = format!("{}：{error}", file.display());
        Failure::usage(error.code(), sentence)
    })?;
    Ok(Some(Arc::new(policy)))
}

/// Opens the house.
///
/// # Errors
/// Its database, its keys or its log cannot be used; the sentence carries the reason.
pub(crate) async fn open(config: Config) -> Result<App, Failure> {
    let data = config.data.display().to_string();
    App::open(config).await.map_err(|error| {
        // What the operator wrote does not fit this house: said as it is.
        if let AppError::Conflict(refusal) = &error {
            return Failure::usage(refusal.code, refusal.sentence.to_string());
        }
        let source = match &error {
            AppError::Internal(source) => chain(&**source),
            other => other.to_string(),
        };
        let sentence =
            format!("打不开 {data} 的数据：{source}。请核对 --data、--database 和目录权限");
        Failure::unreachable("house.open", sentence)
    })
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}：{inner}");
        source = inner.source();
    }
    text
}

/// The public address of the pages, as it was given. One that keys cannot belong to is taken: the page says why.
///
/// # Errors
/// It is no address.
fn site(given: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(given) = given else {
        return Ok(None);
    };
    if Site::parse(given).is_err_and(|why| why == NoPasskeys::Unreadable) {
        let sentence =
            format!("{given} 不是网址，请写成 https://gongyi.example.org.cn 这样，后面不带路径");
        return Err(Failure::usage("site.unreadable", sentence));
    }
    Ok(Some(given.to_owned()))
}

/// Public keys of payment channels from outside.
fn channels(data: &Path) -> Result<ChannelKeys, Failure> {
    let file = data.join(CHANNELS_FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(ChannelKeys::new()),
        Err(error) => {
            let sentence = format!("渠道公钥文件 {} 读不了：{error}", file.display());
            return Err(Failure::unreachable("channels.read", sentence));
        }
    };
    ChannelKeys::from_toml(&text).map_err(|error| {
        Failure::usage(
            "channels.wrong",
            format!("渠道公钥文件 {} 有误：{error}", file.display()),
        )
    })
}

/// What the operator says of itself at the foot of every page; nothing if there is no file.
fn operator(data: &Path) -> Result<web::Operator, Failure> {
    let file = data.join(OPERATOR_FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(web::Operator::default());
        }
        Err(error) => {
            let sentence = format!("运营者文件 {} 读不了：{error}", file.display());
            return Err(Failure::unreachable("operator.read", sentence));
        }
    };
    web::Operator::from_toml(&text).map_err(|error| {
        let sentence = format!("运营者文件 {} 有误：{error}", file.display());
        Failure::usage("operator.wrong", sentence)
    })
}

/// The keys that were handed out to programs; none if there is no file.
pub(crate) fn api_keys(data: &Path) -> Result<web::ApiKeys, Failure> {
    let file = data.join(API_KEYS_FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(web::ApiKeys::default());
        }
        Err(error) => {
            let sentence = format!("接口密钥册 {} 读不了：{error}", file.display());
            return Err(Failure::unreachable("api_keys.read", sentence));
        }
    };
    web::ApiKeys::from_toml(&text).map_err(|error| {
        let sentence = format!("接口密钥册 {} 有误：{error}", file.display());
        Failure::usage("api_keys.wrong", sentence)
    })
}

/// Serves until somebody says TERM or INT; what was begun is ended, what was written is sealed.
pub(crate) async fn serve(app: App, listener: TcpListener, font: Option<PathBuf>) -> Ended {
    let keys = channels(&app.config().data)?;
    let end = Arc::new(Notify::new());
    let asked = asked_to_end(Arc::clone(&end))?;
    let jobs = tokio::spawn(run_jobs(app.clone()));
    let roots = tokio::spawn(state_roots(app.clone()));
    tokio::spawn(name_index(app.clone()));
    if app.is_test_log() {
        screen::say("这是测试日志：POST /log/add 收任意字节，内容不作数，不办业务。\n");
    }
    tracing::info!(address = %address(&listener), origin = app.origin(), "serving");
    let operator = operator(&app.config().data)?;
    let state = web::AppState::new(app.clone(), keys)
        .with_font(font)
        .with_operator(operator)
        .with_api_keys(api_keys(&app.config().data)?);
    let serving = web::serve(listener, state, Box::pin(asked));
    let served = serve_until(serving, (end, LAST_REQUESTS)).await;
    jobs.abort();
    roots.abort();
    served?;
    if let Err(error) = app.seal_now().await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the last writes are not sealed yet"
        );
    }
    tracing::info!("ended");
    Ok(Exit::Fine)
}

/// Serves until it is told to end, and from then on no longer than requests under way may take: one client that keeps
/// silent does not keep the server.
///
/// # Errors
/// The listener was lost.
pub(crate) async fn serve_until(
    serving: web::Serving,
    (end, grace): (Arc<Notify>, Duration),
) -> Result<(), Failure> {
    let too_late = async {
        end.notified().await;
        tokio::time::sleep(grace).await;
    };
    let served = tokio::select! {
        served = serving => served,
        () = too_late => {
            tracing::warn!("some requests did not end in time");
            Ok(())
        }
    };
    served.map_err(|error| Failure::unreachable("listen.lost", format!("监听中断：{error}")))
}

/// Waits for the first TERM or INT; tells `end` too, so that waiting for open requests has an end.
pub(crate) fn asked_to_end(
    end: Arc<Notify>,
) -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let deaf = |_| Failure::unreachable("system.signals", "系统不让接收结束信号，请稍后再试");
    let mut term = signal(SignalKind::terminate()).map_err(deaf)?;
    let mut int = signal(SignalKind::interrupt()).map_err(deaf)?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("asked to end");
        end.notify_one();
    })
}

/// Runs what is due, for as long as the server lives; a failure is logged and tried again at the next look.
/// Fills the index of names before the first visitor asks; should it fail, the first visitor fills it.
async fn name_index(app: App) {
    match app.search_ready().await {
        Ok(()) => {
            let [names, bytes, parts] = app.search_size();
            tracing::info!(
                search.names = names,
                search.bytes = bytes,
                search.parts = parts,
                "names can be found"
            );
        }
        Err(error) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the index of names is not filled yet"
        ),
    }
}

/// The log says which offline verifier everybody is given.
async fn state_verifier(app: &App) {
    let stated = async { app.verifier_state(web::verifier_pages(app).await?).await };
    if let Err(error) = stated.await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the offline verifier is not stated in the log"
        );
    }
}

/// States the root with SM3 once a day. Beside the jobs, because the first one over a long log takes its time.
async fn state_roots(app: App) {
    let mut ticks = tokio::time::interval(JOBS_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut stated, mut named) = (None, false);
    loop {
        ticks.tick().await;
        // Why nothing is signed any more was said; nothing can be stated either.
        if app.seal_stopped().is_some() {
            continue;
        }
        // Which keys there are is known when the house is opened.
        if !named {
            match app.sm2_keys_state().await {
                Ok(()) => named = true,
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the SM2 keys are not stated yet"
                ),
            }
        }
        match app.sm3_root_daily(stated).await {
            Ok(day) => stated = Some(day),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the root with SM3 is not stated yet"
            ),
        }
    }
}

/// The open data of the day, beside everything else: a large log takes a while.
async fn open_data(app: App) {
    match app.dump(&app.open_folder()).await {
        Ok(Some(dump)) => tracing::info!(dump.size = dump.manifest.size, "open data written"),
        Ok(None) => {}
        Err(error) => tracing::error!(
            error = &error as &dyn std::error::Error,
            "open data were not written"
        ),
    }
}

async fn run_jobs(app: App) {
    // A test log has no business, so nothing falls due.
    if app.is_test_log() {
        return;
    }
    let mut ticks = tokio::time::interval(JOBS_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut tidied = None;
    loop {
        ticks.tick().await;
        match app.run_due_jobs(app.now()).await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "jobs done"),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "jobs could not be run"
                );
            }
        }
        match app.tidy_daily(tidied).await {
            Ok(day) => {
                if tidied.replace(day) != Some(day) {
                    // The keys in the page may have changed with the day.
                    if app.seal_stopped().is_none() {
                        state_verifier(&app).await;
                    }
                    tokio::spawn(open_data(app.clone()));
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "old keys were not forgotten"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_is_taken_once() {
        let first = bind("127.0.0.1:0").await.unwrap();
        let refused = bind(&address(&first)).await.unwrap_err();
        assert_eq!(refused.code, "listen.taken");
        assert_eq!(bind("nowhere").await.unwrap_err().code, "listen.address");
    }

    #[test]
    fn a_public_address_is_an_address() {
        assert_eq!(site(None).unwrap(), None);
        for fine in ["https://gongyi.example", "http://192.0.2.7:8080"] {
            assert_eq!(site(Some(fine)).unwrap().as_deref(), Some(fine));
        }
        for none in ["gongyi.example", "https://gongyi.example/desk", ""] {
            assert_eq!(site(Some(none)).unwrap_err().code, "site.unreadable");
        }
    }

    #[tokio::test]
    async fn a_start_that_came_to_nothing_is_no_use_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data: folder.path().to_path_buf(),
            database: Config::local(folder.path()).database,
            passphrase: None,
        };
        drop(serve_lock::take(&place.data).unwrap());
        assert_eq!(may_be_test_log(&place).await, Ok(()));
        std::fs::write(folder.path().join("other"), "").unwrap();
        let refused = may_be_test_log(&place).await.unwrap_err();
        assert_eq!(refused.code, "test_log.folder_used");
    }

    #[tokio::test]
    async fn a_folder_that_is_no_house_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(app::DATABASE_FILE),
            "no database at all, only words",
        )
        .unwrap();
        let refused = open(Config::local(folder.path())).await.unwrap_err();
        assert_eq!(refused.code, "house.open");
    }

    #[test]
    fn keys_of_channels_are_optional_and_judged() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(channels(folder.path()).unwrap().iter().count(), 0);
        std::fs::write(folder.path().join(CHANNELS_FILE), "x").unwrap();
        assert_eq!(channels(folder.path()).unwrap_err().code, "channels.wrong");
    }
}
