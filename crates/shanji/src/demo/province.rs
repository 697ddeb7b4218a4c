//! The demo province, founded and then played day by day through the same commands as everything else.

use super::gifts::{Schedule, WAVES, day};
use super::player::{DemoClock, Later, Made, Player, database, id_of, lost, moment};
use super::seeds::{Campaign, RegisterRow, Seeds};
use crate::outcome::Failure;
use app::command::{CounterGift, GrantForm, UserForm};
use app::{App, Command};
use domain::fundraising::{CampaignForm, HeldReason, IntentForm};
use domain::identity::Actor;
use domain::parties::register::ImportedEntry;
use domain::parties::{ContactForm, OrganisationForm};
use flate2::read::GzDecoder;
use futures_util::future::join_all;
use kernel::{Day, RegionCode};
use std::io::Read;

const DIVISIONS: &[u8] = include_bytes!("../../../../data/regions/regions.csv.gz");
/// The most bytes of the unpacked list of divisions.
const DIVISIONS_MAX: u64 = 16 << 20;
/// First and last day of the story.
pub(super) const FIRST: &str = "2026-03-02";
const LAST: &str = "2026-11-22";
/// Who founds the province.
const FOUNDER: &str = "演示";

/// The played log is signed once a week.
const SEALED_EACH_DAYS: i64 = 7;

/// Told at the end of each day, so that somebody who waits sees it move.
pub(super) type Tell<'t> = &'t mut dyn FnMut(Day, usize);

/// Plays the whole story into an empty house.
///
/// # Errors
/// A seed that no longer fits the rules, or the database.
pub(super) async fn create(
    app: &App,
    clock: &DemoClock,
    seeds: &Seeds,
    tell: Tell<'_>,
) -> Result<usize, Failure> {
    // Signing by the clock of this machine would put the statements of the index at other places each time.
    app.hold_seals();
    let mut player = Player::new(app, clock, seeds);
    let (first, last) = (day(FIRST)?, day(LAST)?);
    player.set(first, 9 * 60);
    load_divisions(&player).await?;
    found_organisations(&mut player).await?;
    found_users(&mut player).await?;
    publish_contacts(&mut player).await?;
    let schedule = player.schedule(last)?;
    let mut today = first;
    while today <= last {
        player.day(today, &schedule).await?;
        tell(today, player.given.len());
        if i64::from(today.number()) % SEALED_EACH_DAYS == 0 || today == last {
            let sealed = app.seal_now().await;
            sealed.map_err(|error| lost(&format!("见证签名（{error}）")))?;
        }
        today = today.plus_days(1);
    }
    app.go_on_sealing();
    Ok(player.given.len())
}

/// Divisions of the country and of the province that does not exist.
async fn load_divisions(player: &Player<'_>) -> Result<(), Failure> {
    let mut text = String::new();
    let mut file = GzDecoder::new(DIVISIONS).take(DIVISIONS_MAX);
    file.read_to_string(&mut text)
        .map_err(|_| lost("行政区划文件"))?;
    let own = player
        .seeds
        .regions
        .iter()
        .map(|r| (r.code.clone(), r.name.clone()));
    let country = text.lines().skip(1).filter_map(|line| line.split_once(','));
    let rows = country
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .chain(own)
        .map(|(code, name)| match RegionCode::parse(&code) {
            Ok(code) => Ok((code, name)),
            Err(error) => Err(lost(&format!("行政区划 {code}（{error}）"))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    player
        .app
        .regions_load(&rows)
        .await
        .map_err(|error| lost(&format!("行政区划的存放处（{error}）")))
}

async fn found_organisations(player: &mut Player<'_>) -> Result<(), Failure> {
    let founder = Actor::house(FOUNDER);
    for organisation in &player.seeds.organisations {
        let form = OrganisationForm {
            name: organisation.name.clone(),
            kind: organisation.kind.clone(),
            uscc: organisation.uscc.clone(),
            region: organisation.region.clone(),
            registered_on: organisation.registered_on.clone(),
        };
        let id = id_of(
            player
                .play(&founder, Command::OrganisationRegister(form))
                .await?,
        )?;
        player.organisations.insert(&organisation.key, id);
    }
    import_registers(player).await
}

/// The register of the authority, as an operator would bring it in.
const SOURCE: &str = "云山省社会组织登记簿（演示）";

async fn import_registers(player: &mut Player<'_>) -> Result<(), Failure> {
    let founder = Actor::house(FOUNDER);
    for organisation in &player.seeds.organisations {
        let rows = player.seeds.registers.iter();
        let rows = rows.filter(|row| row.organisation == organisation.key);
        let entry = |row: &RegisterRow| ImportedEntry {
            item: row.item.clone(),
            standing: row.standing.clone(),
            words: row.words.clone(),
            from: row.from.clone(),
            until: row.until.clone(),
            office: row.office.clone(),
            document: row.document.clone(),
            law: row.law.clone(),
            reason: row.reason.clone(),
        };
        let import = Command::RegisterImport {
            organisation: player.organisation(&organisation.key)?,
            source: SOURCE.into(),
            entries: rows.map(entry).collect(),
        };
        player.play(&founder, import).await?;
    }
    Ok(())
}

/// Users with one role each. Hashing is slow on purpose, so it runs side by side.
async fn found_users(player: &mut Player<'_>) -> Result<(), Failure> {
    let founder = Actor::house(FOUNDER);
    let (app, seeds) = (player.app, player.seeds);
    let hashes = join_all(
        seeds
            .users
            .iter()
            .map(|_| app.password_hash(super::PASSWORD)),
    )
    .await;
    for (user, hash) in seeds.users.iter().zip(hashes) {
        let form = UserForm {
            login: user.login.clone(),
            name: user.name.clone(),
            password_hash: hash.map_err(|error| lost(&format!("密码摘要（{error}）")))?,
        };
        let id = id_of(player.play(&founder, Command::UserCreate(form)).await?)?;
        let organisation = match user.organisation.as_str() {
            "" => String::new(),
            key => player.organisation(key)?,
        };
        let form = GrantForm {
            login: user.login.clone(),
            role: user.role.clone(),
            organisation,
            region: user.region.clone(),
        };
        player.play(&founder, Command::RoleGrant(form)).await?;
        let id = player.read(&id)?;
        let grants = {
            let mut read = app.db().read_tx().await.map_err(database)?;
            store::identity::grants_of_user(&mut read, id)
                .await
                .map_err(database)?
        };
        player.people.insert(
            &user.login,
            Actor::user(id, &user.name, grants, app.now().day()),
        );
    }
    Ok(())
}

/// Most organisations say how they are reached; some have not done it yet.
async fn publish_contacts(player: &mut Player<'_>) -> Result<(), Failure> {
    for row in &player.seeds.contacts {
        let form = ContactForm {
            desk: row.desk.clone(),
            telephones: row.telephones.replace('；', "\n"),
            mail: row.mail.clone(),
            address: row.address.clone(),
            hours: row.hours.clone(),
            version: 0,
        };
        let maker = player.login(&row.organisation, "maker")?;
        let organisation = player.organisation(&row.organisation)?;
        let command = Command::ContactPublish { organisation, form };
        player.act(maker, command).await?;
    }
    Ok(())
}

impl Player<'_> {
    /// One day of the province.
    async fn day(&mut self, today: Day, schedule: &Schedule) -> Result<(), Failure> {
        self.set(today, 5);
        let jobs = self.app.run_due_jobs(self.app.now()).await;
        jobs.map_err(|error| lost(&format!("定时任务的结果（{error}）")))?;
        self.set(today, 8 * 60 + 30);
        self.campaigns_of(today).await?;
        self.morning(today).await?;
        self.wave_of(today, 0, schedule).await?;
        if today.number() % 7 == 4 {
            self.set(today, 11 * 60);
            self.settle(today).await?;
        }
        self.wave_of(today, 1, schedule).await?;
        self.set(today, 14 * 60);
        self.office(today).await?;
        self.wave_of(today, 2, schedule).await?;
        self.evening(today).await
    }

    async fn wave_of(
        &mut self,
        today: Day,
        wave: usize,
        schedule: &Schedule,
    ) -> Result<(), Failure> {
        let (Some(gifts), Some(minute)) = (schedule.get(&(today, wave)), WAVES.get(wave)) else {
            return Ok(());
        };
        self.set(today, *minute);
        self.wave(self.app.now(), gifts).await
    }

    /// Drafts and publications of the day.
    async fn campaigns_of(&mut self, today: Day) -> Result<(), Failure> {
        let seeds = self.seeds;
        for campaign in &seeds.campaigns {
            if day(&campaign.drafted)? == today {
                self.draft(campaign).await?;
            }
            if day(&campaign.starts)? == today && !campaign.draft {
                self.wait(15);
                self.publish(campaign).await?;
            }
        }
        Ok(())
    }

    async fn draft(&mut self, campaign: &Campaign) -> Result<(), Failure> {
        let organisation = self.organisation(&campaign.organisation)?;
        let form = CampaignForm {
            title: campaign.title.clone(),
            story: campaign.story.clone(),
            promise: campaign.promise.clone(),
            filing_number: campaign.filing.clone(),
            region: campaign.region.clone(),
            starts_on: campaign.starts.clone(),
            ends_on: campaign.ends.clone(),
            target: campaign.target.clone(),
            administrative_share: campaign.share.clone(),
        };
        let maker = self.login(&campaign.organisation, "maker")?;
        let draft = Command::CampaignDraft {
            organisation: organisation.clone(),
            form,
        };
        let id = id_of(self.act(maker, draft).await?)?;
        let key = self.seeds.campaigns.iter().find(|c| c.key == campaign.key);
        let key = key.map(|c| c.key.as_str()).ok_or_else(|| lost("活动"))?;
        self.campaigns.insert(key, Made { id, organisation });
        Ok(())
    }

    /// A published campaign begins with a transfer to the organisation's bank account.
    async fn publish(&mut self, campaign: &Campaign) -> Result<(), Failure> {
        let id = self.made(&campaign.key)?.id;
        let approver = self.login(&campaign.organisation, "approver")?;
        self.act(
            approver,
            Command::CampaignPublish {
                campaign: id.clone(),
            },
        )
        .await?;
        self.wait(5);
        let opening = Command::CounterGift(CounterGift {
            campaign: id,
            channel: "bank".into(),
            form: IntentForm {
                amount: campaign.opening.clone(),
                donor_name: campaign.opening_donor.clone(),
                donor_kind: "organisation".into(),
                display: "named".into(),
                contact: String::new(),
                message: String::new(),
            },
            slip: format!("{}-{}", campaign.starts, campaign.key),
            received_on: String::new(),
        });
        let maker = self.login(&campaign.organisation, "maker")?;
        self.act(maker, opening).await.map(|_| ())
    }

    /// What happens at the counter and in the store in the morning.
    async fn morning(&mut self, today: Day) -> Result<(), Failure> {
        let story = &self.seeds.story;
        for counter in &story.counter {
            if day(&counter.day)? == today {
                self.wait(3);
                self.counter(counter).await?;
            }
        }
        for goods in &story.goods {
            if day(&goods.day)? == today {
                self.wait(3);
                self.goods(goods).await?;
            }
        }
        Ok(())
    }

    /// What the offices do in the afternoon.
    async fn office(&mut self, today: Day) -> Result<(), Failure> {
        let story = &self.seeds.story;
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|later| later.day == today);
        self.later = later;
        for Later { who, command, .. } in now {
            self.wait(4);
            match command {
                Command::Repair(repair) => self.repair(who, repair).await?,
                command => self.act(who, command).await.map(|_| ())?,
            }
        }
        for step in &story.fund {
            if day(&step.day)? == today {
                self.open_fund(step).await?;
            }
        }
        for payment in &story.payment {
            if day(&payment.day)? == today {
                self.wait(6);
                self.pay(payment).await?;
            }
            for delivery in &payment.delivery {
                if day(&delivery.day)? == today {
                    self.wait(10);
                    self.deliver(payment, delivery, today).await?;
                }
            }
            for back in &payment.returns {
                if day(&back.day)? == today {
                    self.wait(10);
                    self.give_back(payment, back.percent).await?;
                }
            }
        }
        self.ending_of(today).await?;
        self.matters_of(today).await?;
        self.say_words(today).await?;
        for refund in &story.refund {
            if day(&refund.day)? == today {
                self.wait(10);
                self.refund(refund).await?;
            }
        }
        Ok(())
    }

    /// Money that arrives astray, late in the day.
    async fn evening(&mut self, today: Day) -> Result<(), Failure> {
        let story = &self.seeds.story;
        for held in &story.held {
            if day(&held.day)? == today && held.reason != HeldReason::Frozen.code() {
                self.hold(held, today).await?;
            }
        }
        Ok(())
    }
}

/// The moment at which the story begins.
pub(super) fn start() -> Result<kernel::Timestamp, Failure> {
    Ok(moment(day(FIRST)?, 9 * 60))
}
