//! PostgreSQL: a pool that writes and a pool that reads.
//!
//! A connection goes back to its pool only if it is known to be outside of a
//! transaction; one whose transaction was cut off is closed instead, since the
//! pool does not look.

use std::future::Future;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use deadpool_postgres::{PoolError, Runtime, Timeouts};
use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::types::Type;
use tokio_postgres::{Config, NoTls, Statement};

use crate::arg::Arg;
use crate::column::Col;
use crate::database::Options;
use crate::error::{Error, Result};
use crate::limits::PG_READERS;
use crate::registry::Bulk;
use crate::row::Row;

/// Connections to a PostgreSQL database.
#[derive(Debug)]
pub struct Pg {
    writers: Pool,
    readers: Pool,
    wait: Duration,
}

impl Pg {
    pub(crate) fn open(url: &str, options: &Options) -> Result<Pg> {
        let config: Config = url.parse().map_err(|e: tokio_postgres::Error| Error::Url {
            why: std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string),
        })?;
        let writing = "SET client_min_messages = warning".to_owned();
        let reading = format!(
            "SET client_min_messages = warning; SET default_transaction_read_only = on; \
             SET statement_timeout = {}",
            options.read_time.as_millis()
        );
        Ok(Pg {
            writers: pool(&config, options.pg_writers.max(1), writing, options)?,
            readers: pool(
                &config,
                options.readers.unwrap_or(PG_READERS).max(1),
                reading,
                options,
            )?,
            wait: options.wait,
        })
    }

    pub(crate) async fn writer(&self) -> Result<Object> {
        self.writers.get().await.map_err(|e| self.unavailable(e))
    }

    pub(crate) async fn reader(&self) -> Result<Object> {
        self.readers.get().await.map_err(|e| self.unavailable(e))
    }

    /// After the schema has changed: plans of statements prepared before are
    /// refused by the server, so all are forgotten.
    pub(crate) fn forget_statements(&self) {
        self.writers.manager().statement_caches.clear();
        self.readers.manager().statement_caches.clear();
    }

    /// Closes all connections once they are back.
    pub(crate) fn close(&self) {
        self.writers.close();
        self.readers.close();
    }

    fn unavailable(&self, error: PoolError) -> Error {
        match error {
            PoolError::Timeout(_) => Error::Busy {
                seconds: self.wait.as_secs(),
            },
            other => Error::Connect {
                source: Box::new(other),
            },
        }
    }
}

fn pool(config: &Config, size: usize, settings: String, options: &Options) -> Result<Pool> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(config.clone(), NoTls, recycling);
    let timeouts = Timeouts {
        wait: Some(options.wait),
        create: Some(options.wait),
        recycle: Some(options.wait),
    };
    Pool::builder(manager)
        .max_size(size)
        .timeouts(timeouts)
        .runtime(Runtime::Tokio1)
        .post_create(Hook::async_fn(move |client, _| {
            let settings = settings.clone();
            Box::pin(async move {
                client
                    .batch_execute(&settings)
                    .await
                    .map_err(HookError::Backend)
            })
        }))
        .build()
        .map_err(|e| Error::Connect {
            source: Box::new(e),
        })
}

/// Runs a statement without parameters or rows, such as BEGIN.
pub(crate) async fn batch(client: &Object, text: &str) -> Result<()> {
    client
        .batch_execute(text)
        .await
        .map_err(|e| failed(text, e))
}

/// Runs a statement and gives each row to `each`, as it arrives.
pub(crate) async fn rows(
    client: &Object,
    text: &'static str,
    args: &[Arg<'_>],
    each: impl FnMut(&Row<'_>) -> Result<()> + Send,
) -> Result<()> {
    let statement = prepared(client, text, args.len()).await?;
    let stream = client.query_raw(&statement, args.iter());
    drain(stream, text, each).await
}

/// As [`rows`], with a single array of keys.
pub(crate) async fn rows_by_keys(
    client: &Object,
    text: &'static str,
    keys: &[Col<'_>],
    each: impl FnMut(&Row<'_>) -> Result<()> + Send,
) -> Result<()> {
    let statement = prepared(client, text, keys.len()).await?;
    let stream = client.query_raw(&statement, keys.iter());
    drain(stream, text, each).await
}

async fn drain(
    stream: impl Future<Output = std::result::Result<tokio_postgres::RowStream, tokio_postgres::Error>>,
    text: &'static str,
    mut each: impl FnMut(&Row<'_>) -> Result<()> + Send,
) -> Result<()> {
    let stream = stream.await.map_err(|e| failed(text, e))?;
    pin_mut!(stream);
    while let Some(row) = stream.try_next().await.map_err(|e| failed(text, e))? {
        each(&Row::pg(&row))?;
    }
    Ok(())
}

/// Runs a statement that returns no rows; the number of rows it changed.
pub(crate) async fn exec(client: &Object, text: &'static str, args: &[Arg<'_>]) -> Result<u64> {
    let statement = prepared(client, text, args.len()).await?;
    client
        .execute_raw(&statement, args.iter())
        .await
        .map_err(|e| failed(text, e))
}

/// Whole columns in one message.
pub(crate) async fn bulk(client: &Object, bulk: &Bulk, columns: &[Col<'_>]) -> Result<u64> {
    let kinds: Vec<_> = columns.iter().map(Col::kind).collect();
    exec_columns(client, &bulk.pg_text(&kinds), columns).await
}

/// As [`bulk`] for any statement that takes arrays.
pub(crate) async fn exec_columns(client: &Object, text: &str, columns: &[Col<'_>]) -> Result<u64> {
    let statement = prepared(client, text, columns.len()).await?;
    client
        .execute_raw(&statement, columns.iter())
        .await
        .map_err(|e| failed(text, e))
}

/// The types of a statement's parameters and of its columns.
pub(crate) async fn prepare(client: &Object, text: &str) -> Result<(Vec<Type>, Vec<Type>)> {
    let statement = client.prepare(text).await.map_err(|e| failed(text, e))?;
    let columns = statement
        .columns()
        .iter()
        .map(|c| c.type_().clone())
        .collect();
    Ok((statement.params().to_vec(), columns))
}

async fn prepared(client: &Object, text: &str, given: usize) -> Result<Statement> {
    let statement = client
        .prepare_cached(text)
        .await
        .map_err(|e| failed(text, e))?;
    let wanted = statement.params().len();
    if wanted == given {
        Ok(statement)
    } else {
        Err(Error::Arguments {
            wanted,
            given,
            statement: text.to_owned(),
        })
    }
}

pub(crate) fn failed(text: &str, source: tokio_postgres::Error) -> Error {
    Error::Pg {
        statement: text.to_owned(),
        source,
    }
}
