//! A throw-away house that is really served: keys, database, writer, sequencer, HTTP on a loopback port.
//!
//! The server has a runtime of its own, so that its threads can be told from the client's.

use super::args::Where;
use crate::house::failure;
use crate::outcome::Failure;
use app::{App, AppError, Command, CommandKey, Config, Outcome};
use domain::fundraising::CampaignForm;
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use domain::parties::register::{ImportedEntry, Standing};
use gateway::payment::verifier::Counters;
use gateway::payment::{ChannelKeys, DemoGateway};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// Threads of the server, and again of the client.
const THREADS: usize = 2;

/// A house and what serves it.
pub(super) struct Site {
    pub(super) app: App,
    server: Runtime,
    client: Runtime,
    folder: Folder,
}

/// Where its files are.
struct Folder {
    path: PathBuf,
    /// Removed with everything in it at the end.
    passing: Option<tempfile::TempDir>,
}

/// A served house.
pub(super) struct Served {
    /// Where it listens.
    pub(super) address: String,
    /// What the verifier of signatures has done.
    pub(super) verified: Arc<Counters>,
}

/// A charity to give to.
#[derive(Clone, Debug)]
pub(super) struct Charity {
    /// Printed id of the organisation.
    pub(super) organisation: String,
    /// Printed ids of its live campaigns.
    pub(super) campaigns: Vec<String>,
}

impl Site {
    /// Opens a house in an empty place.
    ///
    /// # Errors
    /// The place is not empty, or the house cannot be opened.
    pub(super) fn open(place: &Where) -> Result<Site, Failure> {
        Site::open_as(place, |config| Config {
            demo: true,
            ..config
        })
    }

    /// Opens a test log in an empty place.
    ///
    /// # Errors
    /// As [`Site::open`].
    pub(super) fn open_test_log(place: &Where) -> Result<Site, Failure> {
        Site::open_as(place, |config| Config {
            test_log: true,
            ..config
        })
    }

    fn open_as(place: &Where, kind: impl FnOnce(Config) -> Config) -> Result<Site, Failure> {
        let folder = folder(place)?;
        let mut config = kind(Config::local(&folder.path));
        if let Some(url) = &place.database {
            config.database.clone_from(url);
        }
        let (server, client) = (runtime("server")?, runtime("client")?);
        let app = server
            .block_on(App::open(config))
            .map_err(|error| failure(&error))?;
        Ok(Site {
            app,
            server,
            client,
            folder,
        })
    }

    /// The folder with keys and, on SQLite, the database.
    pub(super) fn folder(&self) -> &Path {
        &self.folder.path
    }

    /// Serves it on a port of the loopback.
    ///
    /// # Errors
    /// No port is free.
    pub(super) fn serve(&self, keys: ChannelKeys) -> Result<Served, Failure> {
        let state = web::AppState::new(self.app.clone(), keys);
        let verified = state.verifications();
        let bound = self
            .server
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = bound.map_err(|error| trouble(&error))?;
        let address = listener
            .local_addr()
            .map_err(|error| trouble(&error))?
            .to_string();
        self.server.spawn(async move {
            let never = Box::pin(std::future::pending());
            if let Err(error) = web::serve(listener, state, never).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the bench's server has ended"
                );
            }
        });
        Ok(Served { address, verified })
    }

    /// Runs work of the client.
    pub(super) fn client<T>(&self, work: impl Future<Output = T>) -> T {
        self.client.block_on(work)
    }

    /// Runs work of the house, in process.
    pub(super) fn house<T>(&self, work: impl Future<Output = T>) -> T {
        self.server.block_on(work)
    }

    /// Founds an organisation with so many live campaigns of 10 per cent administrative share.
    ///
    /// # Errors
    /// The house refuses, which would be a mistake of ours.
    pub(super) fn charity(&self, campaigns: u32) -> Result<Charity, Failure> {
        let made = self.house(found(&self.app, campaigns));
        made.map_err(|error| failure(&error))
    }

    /// Bytes of the database files; nothing on PostgreSQL.
    pub(super) fn database_bytes(&self) -> Option<u64> {
        let files = std::fs::read_dir(self.folder()).ok()?;
        let ours = files.flatten().filter(|f| {
            f.file_name()
                .to_string_lossy()
                .starts_with(app::DATABASE_FILE)
        });
        let sum = ours
            .filter_map(|f| f.metadata().ok())
            .map(|m| m.len())
            .sum();
        (sum > 0).then_some(sum)
    }

    /// The demo gateway of an organisation, by its printed id.
    ///
    /// # Errors
    /// The key cannot be made.
    pub(super) fn gateway(&self, organisation: &str) -> Result<DemoGateway, Failure> {
        self.app
            .demo_gateway(organisation)
            .map_err(|error| failure(&error))
    }

    /// Takes everything down.
    pub(super) fn close(self) {
        let Site {
            app,
            server,
            client,
            folder,
        } = self;
        client.shutdown_background();
        drop(app);
        // Connections that are still open end with their tasks.
        server.shutdown_background();
        drop(folder.passing);
    }
}

fn folder(place: &Where) -> Result<Folder, Failure> {
    match &place.data {
        None => {
            let passing = tempfile::tempdir().map_err(|error| trouble(&error))?;
            Ok(Folder {
                path: passing.path().to_path_buf(),
                passing: Some(passing),
            })
        }
        Some(path) => {
            let used = std::fs::read_dir(path).is_ok_and(|mut files| files.next().is_some());
            if used {
                let sentence = format!("{} 不是空目录，请换一个，以免碰到真实数据", path.display());
                return Err(Failure::usage("bench.folder_used", sentence));
            }
            Ok(Folder {
                path: path.clone(),
                passing: None,
            })
        }
    }
}

fn runtime(name: &'static str) -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_name(name)
        .enable_all()
        .build()
        .map_err(|error| trouble(&error))
}

/// Something of this machine does not do.
pub(super) fn trouble(error: &dyn std::error::Error) -> Failure {
    Failure::unreachable("bench.machine", format!("本机不能继续测试：{error}"))
}

/// An organisation and its live campaigns.
pub(super) async fn found(app: &App, campaigns: u32) -> Result<Charity, AppError> {
    let founder = Founder {
        app,
        actor: Actor::house("bench"),
    };
    let form = OrganisationForm {
        name: "速度测试基金会".into(),
        kind: "foundation".into(),
        ..OrganisationForm::default()
    };
    let organisation = founder
        .done("org".into(), Command::OrganisationRegister(form))
        .await?;
    let today = app.now().day();
    let valid = ImportedEntry::of(Standing::Valid, today, ("速度测试民政部门", "测试1号"));
    let import = Command::RegisterImport {
        organisation: organisation.clone(),
        source: "速度测试".into(),
        entries: vec![valid],
    };
    founder.done("register".into(), import).await?;
    let mut made = Vec::new();
    for n in 0..campaigns {
        let form = CampaignForm {
            title: format!("速度测试活动{n}"),
            story: "只用于测试速度，没有真实的钱。".into(),
            promise: "测试结束后全部删除。".into(),
            filing_number: format!("BENCH-{n}"),
            starts_on: today.plus_days(-1).to_string(),
            ends_on: today.plus_days(30).to_string(),
            administrative_share: "10".into(),
            ..CampaignForm::default()
        };
        let draft = Command::CampaignDraft {
            organisation: organisation.clone(),
            form,
        };
        let campaign = founder.done(format!("draft/{n}"), draft).await?;
        let publish = Command::CampaignPublish {
            campaign: campaign.clone(),
        };
        founder.done(format!("publish/{n}"), publish).await?;
        made.push(campaign);
    }
    Ok(Charity {
        organisation,
        campaigns: made,
    })
}

struct Founder<'a> {
    app: &'a App,
    actor: Actor,
}

impl Founder<'_> {
    async fn done(&self, key: String, command: Command) -> Result<String, AppError> {
        match self
            .app
            .write(&self.actor, &CommandKey(format!("bench/{key}")), command)
            .await?
        {
            Outcome::Record { id } => Ok(id),
            _ => Err(AppError::NotFound("命令的编号")),
        }
    }
}
