//! Who plays the province: the house with a clock that is set by hand, and people with their roles.

use super::dice::Dice;
use super::seeds::Seeds;
use crate::outcome::Failure;
use app::command::{Repair, RepairStep};
use app::{App, AppError, Command, CommandKey, Outcome};
use domain::funds::{Fund, FundKind, account};
use domain::identity::Actor;
use futures_util::future::join_all;
use gateway::{
    Clock, Entropy, EntropyError, ManualClock, SeededEntropy, SystemClock, SystemEntropy,
};
use kernel::{Day, Id, IdKind, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use store::funds::PlaceAmount;

const MINUTE_MICROS: i64 = 60_000_000;

/// A clock that is set by hand while the province is played, and the machine's own afterwards.
#[derive(Debug)]
pub(super) struct DemoClock {
    hands: ManualClock,
    running: AtomicBool,
}

impl DemoClock {
    /// Standing at `start`.
    pub(super) fn standing(start: Timestamp) -> DemoClock {
        DemoClock {
            hands: ManualClock::new(start),
            running: AtomicBool::new(false),
        }
    }

    /// Sets the hands.
    pub(super) fn set(&self, now: Timestamp) {
        self.hands.set(now);
    }

    /// Lets it run with the machine from now on.
    pub(super) fn release(&self) {
        self.running.store(true, Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        if self.running.load(Ordering::SeqCst) {
            SystemClock.now()
        } else {
            self.hands.now()
        }
    }
}

/// Chance from a seed while the province is played, and from the machine afterwards.
pub(super) struct DemoEntropy {
    seeded: SeededEntropy,
    real: AtomicBool,
}

impl DemoEntropy {
    /// Chance from a seed.
    pub(super) fn seeded(seed: u64) -> DemoEntropy {
        DemoEntropy {
            seeded: SeededEntropy::new(seed),
            real: AtomicBool::new(false),
        }
    }

    /// Draws from the machine from now on.
    pub(super) fn release(&self) {
        self.real.store(true, Ordering::SeqCst);
    }
}

impl Entropy for DemoEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        if self.real.load(Ordering::SeqCst) {
            SystemEntropy.fill(out)
        } else {
            self.seeded.fill(out)
        }
    }
}

/// A campaign as it was made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) organisation: String,
}

/// A gift that stands, for refunds.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) campaign: usize,
    pub(super) donation: String,
}

/// A command that follows on a later day.
#[derive(Debug)]
pub(super) struct Later<'a> {
    pub(super) day: Day,
    pub(super) who: &'a str,
    pub(super) command: Command,
}

/// 〔演员〕 Plays commands as people.
pub(super) struct Player<'a> {
    pub(super) app: &'a App,
    pub(super) clock: &'a DemoClock,
    pub(super) seeds: &'a Seeds,
    pub(super) dice: Dice,
    pub(super) people: BTreeMap<&'a str, Actor>,
    /// Printed ids of organisations by their keys.
    pub(super) organisations: BTreeMap<&'a str, String>,
    /// Campaigns by their keys.
    pub(super) campaigns: BTreeMap<&'a str, Made>,
    /// Funds opened by the story, by their keys.
    pub(super) funds: BTreeMap<&'a str, String>,
    /// Applications by their keys.
    pub(super) matters: BTreeMap<&'static str, String>,
    pub(super) given: Vec<Given>,
    /// Commands that follow on a later day.
    pub(super) later: Vec<Later<'a>>,
    /// Evidence files made so far.
    pub(super) files: u64,
    commands: u64,
}

impl<'a> Player<'a> {
    pub(super) fn new(app: &'a App, clock: &'a DemoClock, seeds: &'a Seeds) -> Player<'a> {
        Player {
            app,
            clock,
            seeds,
            dice: Dice::new(super::SEED),
            people: BTreeMap::new(),
            organisations: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            funds: BTreeMap::new(),
            matters: BTreeMap::new(),
            given: Vec::new(),
            later: Vec::new(),
            files: 0,
            commands: 0,
        }
    }

    /// Sets the clock to a minute of a day, Beijing time; it never goes back.
    pub(super) fn set(&self, day: Day, minute: i64) {
        let at = moment(day, minute).max(self.app.now());
        self.clock.set(at);
    }

    /// Lets some minutes pass.
    pub(super) fn wait(&self, minutes: i64) {
        let now = self.app.now();
        self.clock
            .set(now.plus_micros(minutes * MINUTE_MICROS).unwrap_or(now));
    }

    fn key(&mut self) -> CommandKey {
        self.commands += 1;
        CommandKey(format!("demo/{}", self.commands))
    }

    /// One command of one person.
    pub(super) async fn act(&mut self, who: &str, command: Command) -> Result<Outcome, Failure> {
        let actor = self.people.get(who).cloned();
        let actor = actor.ok_or_else(|| lost(&format!("用户 {who}")))?;
        self.play(&actor, command).await
    }

    /// A repair takes two: `who` asks, the checker of the same organisation confirms.
    pub(super) async fn repair(&mut self, who: &str, repair: Repair) -> Result<(), Failure> {
        let asker = self.seeds.users.iter().find(|user| user.login == who);
        let owner = asker.ok_or_else(|| lost(&format!("用户 {who}")))?;
        let checker = self.login(&owner.organisation, "checker")?;
        let repair = id_of(self.act(who, Command::Repair(repair)).await?)?;
        self.wait(12);
        let command = Command::RepairDecide {
            repair,
            step: RepairStep::Confirm,
            note: String::new(),
        };
        self.act(checker, command).await.map(|_| ())
    }

    /// One command.
    pub(super) async fn play(
        &mut self,
        actor: &Actor,
        command: Command,
    ) -> Result<Outcome, Failure> {
        let told = format!("{command:?}");
        let key = self.key();
        let done = self.app.write(actor, &key, command).await;
        done.map_err(|error| refused(&told, &error))
    }

    /// Many commands of one actor, each at its own time; they share commits.
    ///
    /// Every command is handed in, with its time, before the first one is waited for: their order is that of
    /// the list.
    pub(super) async fn together(
        &mut self,
        actor: &Actor,
        commands: Vec<(Timestamp, Command)>,
    ) -> Result<Vec<Outcome>, Failure> {
        let commands: Vec<_> = commands
            .into_iter()
            .map(|(at, command)| (at, self.key(), command))
            .collect();
        let (app, clock) = (self.app, self.clock);
        let writes = commands.into_iter().map(|(at, key, command)| async move {
            clock.set(at);
            app.write(actor, &key, command).await
        });
        let done = join_all(writes).await;
        done.into_iter()
            .collect::<Result<_, _>>()
            .map_err(|error| refused("同时的命令", &error))
    }

    /// The people of an organisation with a role: the login in the seeds.
    pub(super) fn login(&self, organisation: &str, role: &str) -> Result<&'a str, Failure> {
        let found = self
            .seeds
            .users
            .iter()
            .find(|u| u.organisation == organisation && u.role == role);
        found
            .map(|user| user.login.as_str())
            .ok_or_else(|| lost(&format!("{organisation} 的 {role}")))
    }

    /// A campaign that was made.
    pub(super) fn made(&self, campaign: &str) -> Result<Made, Failure> {
        self.campaigns
            .get(campaign)
            .cloned()
            .ok_or_else(|| lost(&format!("活动 {campaign}")))
    }

    /// The printed id of an organisation.
    pub(super) fn organisation(&self, key: &str) -> Result<String, Failure> {
        self.organisations
            .get(key)
            .cloned()
            .ok_or_else(|| lost(&format!("组织 {key}")))
    }

    /// The funds of a campaign.
    pub(super) async fn funds_of(&self, campaign: &str) -> Result<Vec<Fund>, Failure> {
        let id: Id<ids::Campaign> = self.read(&self.made(campaign)?.id)?;
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        store::funds::funds_of_campaign(&mut read, id)
            .await
            .map_err(database)
    }

    /// The fund of a campaign of this kind.
    pub(super) async fn fund_of(&self, campaign: &str, kind: FundKind) -> Result<Fund, Failure> {
        let funds = self.funds_of(campaign).await?;
        let found = funds.into_iter().find(|fund| fund.kind == kind);
        found.ok_or_else(|| lost(&format!("{campaign} 的{}", kind.title())))
    }

    /// A fund by its printed id.
    pub(super) async fn fund(&self, id: &str) -> Result<Fund, Failure> {
        let id: Id<ids::Fund> = self.read(id)?;
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        let found = store::funds::fund_by_id(&mut read, id)
            .await
            .map_err(database)?;
        found.ok_or_else(|| lost("资金"))
    }

    /// Where an organisation's money is.
    pub(super) async fn places(&self, organisation: &str) -> Result<Vec<PlaceAmount>, Failure> {
        let id: Id<ids::Organisation> = self.read(&self.organisation(organisation)?)?;
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        store::funds::places_of_organisation(&mut read, id)
            .await
            .map_err(database)
    }

    /// The organisation's bank account.
    pub(super) async fn bank(&self, organisation: &str) -> Result<String, Failure> {
        let places = self.places(organisation).await?;
        let bank = places
            .into_iter()
            .find(|p| p.place.account == account::BANK);
        bank.map(|p| self.app.print(p.place.id))
            .ok_or_else(|| lost("银行账户"))
    }

    /// What of a fund is at the places of this account, in fen.
    pub(super) async fn there(&self, fund: &Fund, account: &str) -> Result<i64, Failure> {
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        let places = store::funds::places_of_fund(&mut read, fund.id)
            .await
            .map_err(database)?;
        Ok(places
            .iter()
            .filter(|p| p.place.account == account)
            .map(|p| p.amount)
            .sum())
    }

    /// What can be paid of a fund from the bank today: `percent` of it, rounded down to 100 yuan, as a text.
    pub(super) async fn share(&self, fund: &Fund, percent: i64) -> Result<String, Failure> {
        let there = self
            .there(fund, account::BANK)
            .await?
            .min(fund.tape.spendable());
        let yuan = there / 10_000 * percent / 100;
        Ok((yuan * 100).to_string())
    }

    /// Reads a printed id.
    pub(super) fn read<K: IdKind>(&self, text: &str) -> Result<Id<K>, Failure> {
        self.app
            .read_id(text)
            .map_err(|error| refused(text, &error))
    }
}

/// The printed id in an outcome.
pub(super) fn id_of(outcome: Outcome) -> Result<String, Failure> {
    match outcome {
        Outcome::Record { id } | Outcome::Moved { id, .. } | Outcome::Step { id, .. } => Ok(id),
        Outcome::Gift { donation, .. } => Ok(donation),
        Outcome::Posted { .. }
        | Outcome::RecoveryCodes { .. }
        | Outcome::CodeWrong { .. }
        | Outcome::PasskeyWrong { .. }
        | Outcome::Asked { .. }
        | Outcome::CodePaused { .. }
        | Outcome::Done => Err(lost("编号")),
    }
}

/// A minute of a day, Beijing time.
pub(super) fn moment(day: Day, minute: i64) -> Timestamp {
    let start = day.start();
    start.plus_micros(minute * MINUTE_MICROS).unwrap_or(start)
}

/// Seconds after a moment.
pub(super) fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.plus_micros(seconds * 1_000_000).unwrap_or(at)
}

/// The database fails while the province is played.
pub(super) fn database(error: db::Error) -> Failure {
    Failure::unreachable(
        "demo.database",
        format!("读演示数据库出错，请用 --reset 重新生成：{error}"),
    )
}

/// Something that the story names is not there: a mistake in the seeds.
pub(super) fn lost(what: &str) -> Failure {
    Failure::refused(
        "demo.lost",
        format!("演示种子里找不到{what}，请把这行报告给开发者"),
    )
}

/// A command of the story was refused: a mistake in the seeds, or a rule that changed.
fn refused(what: &str, error: &AppError) -> Failure {
    let mut reason = error.to_string();
    if let AppError::Invalid(problems) = error {
        reason = problems
            .iter()
            .map(|p| format!("{}：{}", p.field, p.sentence))
            .collect();
    }
    if let AppError::Internal(source) = error {
        reason = format!("{reason}（{source}）");
    }
    let what: String = what.chars().take(300).collect();
    Failure::refused(
        "demo.command",
        format!("生成演示省时被拒绝：{reason} 命令：{what}"),
    )
}
