//! `shanji demo`: makes the fictional province once, then serves it.

mod dice;
mod ending;
mod evidence_files;
mod gifts;
mod matters;
mod money;
mod odd;
mod player;
mod province;
#[cfg(test)]
mod reidentify;
mod seeds;
#[cfg(test)]
pub(crate) mod tests;
mod witness;
mod words;

use crate::cli::Demo;
use crate::house::block_on;
use crate::outcome::{Ended, Failure};
use crate::serve::{address, bind, log_to_stderr, open, serve, witnesses};
use crate::{screen, serve_lock};
use app::{App, Config, DATABASE_FILE, GUARD_FILE, WitnessPolicy};
use gateway::{Secrets, Stopwatch, SystemEntropy};
use player::{DemoClock, DemoEntropy, database};
use seeds::Seeds;
use std::path::Path;
use std::sync::Arc;
use store::fundraising::CampaignRecord;

/// Every chance of the province comes from this number.
const SEED: u64 = 20_261_122;
/// The password of every demo sign-in.
const PASSWORD: &str = "shanji-demo-2026";
/// The log of a province that does not exist.
const ORIGIN: &str = "yunshan.example/log";
/// Stands in the data folder while the province is being made: what it marks is thrown away and made anew.
const MARK: &str = "demo.unfinished";

/// Live campaigns that are looked at for one to show: the oldest of them.
const LIVE_MAX: i64 = 50;

/// Runs the command.
pub(crate) fn run(args: &Demo) -> Ended {
    log_to_stderr(false);
    block_on(async {
        let listener = bind(&args.listen).await?;
        let _lock = serve_lock::take(&args.data)?;
        prepare(&args.data, args.reset)?;
        let policy = match args.witness {
            true => Some(witness::start(&args.data).await?),
            false => witnesses(args.witness_policy.as_deref())?,
        };
        let app = province(&args.data, policy).await?;
        tell(&app, &format!("http://{}", address(&listener))).await?;
        serve(app, listener, None).await
    })?
}

/// Throws away what is to be made anew: on demand, or because the last making was cut short.
fn prepare(data: &Path, reset: bool) -> Result<(), Failure> {
    let unfinished = data.join(MARK).exists();
    if !reset && !unfinished {
        return Ok(());
    }
    if unfinished {
        screen::say("上次的演示省没有建完，重新生成。\n");
    }
    let files = ["", "-wal", "-shm"].map(|end| data.join(format!("{DATABASE_FILE}{end}")));
    let folders = ["keys", "evidence", witness::FOLDER].map(|name| data.join(name));
    let gone = |result: std::io::Result<()>| match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let sentence = format!(
                "旧的演示数据删不掉：{error}，请核对 {} 的权限",
                data.display()
            );
            Err(Failure::unreachable("demo.reset", sentence))
        }
        _ => Ok(()),
    };
    // The guard remembers the log that is thrown away here, and would keep the new one from signing.
    for file in files.into_iter().chain([data.join(GUARD_FILE)]) {
        gone(std::fs::remove_file(file))?;
    }
    for folder in folders {
        gone(std::fs::remove_dir_all(folder))?;
    }
    gone(std::fs::remove_file(data.join(MARK)))
}

/// Opens the demo house, and makes the province if there is none.
async fn province(data: &Path, witnesses: Option<Arc<WitnessPolicy>>) -> Result<App, Failure> {
    let clock = Arc::new(DemoClock::standing(province::start()?));
    let entropy = Arc::new(DemoEntropy::seeded(SEED));
    let is_new = !data.join(DATABASE_FILE).exists();
    let mark = data.join(MARK);
    if is_new {
        std::fs::write(&mark, "").map_err(|error| {
            Failure::unreachable("demo.mark", format!("{} 不能写：{error}", data.display()))
        })?;
    } else {
        clock.release();
        entropy.release();
    }
    // Keys are real ones, so that nobody can foresee the demo's signatures from its seed.
    Secrets::load_or_create(&data.join("keys"), &SystemEntropy)
        .map_err(|error| Failure::unreachable("keys.read", error.to_string()))?;
    let config = |witnesses| Config {
        origin: ORIGIN.into(),
        clock: Arc::clone(&clock) as _,
        entropy: Arc::clone(&entropy) as _,
        demo: true,
        witnesses,
        ..Config::local(data)
    };
    if is_new {
        // The past is made without witnesses: nobody signs what a clock says that stands in another year.
        let app = open(config(None)).await?;
        make(&app, &clock).await?;
        std::fs::remove_file(&mark).map_err(|error| {
            Failure::unreachable("demo.mark", format!("{} 删不掉：{error}", mark.display()))
        })?;
        clock.release();
        entropy.release();
        if witnesses.is_none() {
            return Ok(app);
        }
    }
    open(config(witnesses)).await
}

/// Makes the province and says how far it is.
async fn make(app: &App, clock: &DemoClock) -> Result<(), Failure> {
    screen::say("正在建演示省（组织、人和钱都是虚构的）……\n");
    let watch = Stopwatch::start();
    let mut line = |day: kernel::Day, gifts: usize| {
        if day.ymd().2 == 1 {
            screen::say(&format!("  演到 {day}，网上捐赠 {gifts} 笔\n"));
        }
    };
    let gifts = province::create(app, clock, &Seeds::read()?, &mut line).await?;
    let seconds = watch.elapsed().as_secs();
    screen::say(&format!(
        "演示省建好了：网上捐赠 {gifts} 笔，用时 {seconds} 秒。\n"
    ));
    Ok(())
}

/// Where to go and as whom to sign in.
async fn tell(app: &App, root: &str) -> Result<(), Failure> {
    let campaign = {
        let mut read = app.db().read_tx().await.map_err(database)?;
        let live = domain::fundraising::CampaignState::Live.code();
        let found = store::fundraising::campaigns_of_state(&mut read, live, LIVE_MAX).await;
        found.map_err(database)?.pop()
    };
    let mut text = format!("\n善迹演示省（云山省，虚构）\n  首页    {root}/\n");
    if let Some(CampaignRecord { campaign, .. }) = campaign {
        let id = app.print(campaign.id);
        text.push_str(&format!(
            "  活动    {root}/campaigns/{id}  {}\n",
            campaign.title
        ));
    }
    text.push_str(&format!("  日志    {root}/log\n  工作台  {root}/sign-in\n"));
    text.push_str(&format!("\n演示登录（密码都是 {PASSWORD}）\n"));
    for user in Seeds::read()?.users {
        text.push_str(&format!("  {:<17}{}\n", user.login, user.name));
    }
    text.push_str("\n按 Ctrl-C 结束。\n");
    screen::say(&text);
    Ok(())
}
