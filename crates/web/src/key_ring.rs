//! The keys of payment channels that this server believes, looked up anew when an unknown one speaks.

use std::sync::{Arc, PoisonError, RwLock};

use app::{App, AppError};
use gateway::payment::verifier::Counters;
use gateway::payment::{
    ChannelKeys, NoticeHeaders, NoticeRefused, PaymentNotice, Stated, Verifier, look_at,
};
use kernel::Timestamp;
use tokio::sync::Mutex;

use crate::api::limits::KEYS_EVERY_MICROS;

/// 〔渠道公钥环〕 Fixed keys from the operator's file, and those of the house's own organisations.
///
/// An organisation that opens its first campaign gets a key while the server runs, so an unknown key is a reason to
/// look again, but not more often than once a second.
#[derive(Debug)]
pub struct KeyRing {
    fixed: ChannelKeys,
    current: RwLock<Arc<ChannelKeys>>,
    /// When the house was last asked. Whoever asks holds it, so that notices that arrive meanwhile wait for the answer
    /// and are not turned away: after a start, the first hundred come at once.
    looked_at: Mutex<Option<Timestamp>>,
    /// Checks the signatures of notices that arrive together.
    verifier: Verifier,
}

impl KeyRing {
    /// A ring with the keys of the operator's file; the house's own are found when they first speak.
    #[must_use]
    pub fn new(fixed: ChannelKeys) -> KeyRing {
        let current = RwLock::new(Arc::new(fixed.clone()));
        KeyRing {
            fixed,
            current,
            looked_at: Mutex::new(None),
            verifier: Verifier::new(),
        }
    }

    /// Believes a notice or says why not.
    ///
    /// # Errors
    /// Outside: the house could not be asked for its keys. Inside: why the notice is not believed.
    pub(crate) async fn verify(
        &self,
        app: &App,
        headers: &NoticeHeaders<'_>,
        body: &[u8],
    ) -> Result<Result<PaymentNotice, NoticeRefused>, AppError> {
        let keys = self.current();
        let fresh;
        let stated = match look_at(&keys, headers, body) {
            Err(NoticeRefused::UnknownKey) => {
                fresh = self.newer_than(&keys, app).await?;
                let fresh = fresh.as_ref().ok_or(NoticeRefused::UnknownKey);
                fresh.and_then(|fresh| look_at(fresh, headers, body))
            }
            stated => stated,
        };
        Ok(match stated {
            Ok(stated) => self.believe(&stated, app).await,
            Err(refused) => Err(refused),
        })
    }

    async fn believe(
        &self,
        stated: &Stated<'_>,
        app: &App,
    ) -> Result<PaymentNotice, NoticeRefused> {
        let verdict = self.verifier.verdict(&stated.signature).await;
        stated.judge(verdict, app.now())
    }

    /// What the verifier of signatures has done.
    pub(crate) fn verifications(&self) -> Arc<Counters> {
        self.verifier.counters()
    }

    fn current(&self) -> Arc<ChannelKeys> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keys that are newer than these, if somebody asked the house meanwhile or it may be asked again now.
    async fn newer_than(
        &self,
        keys: &Arc<ChannelKeys>,
        app: &App,
    ) -> Result<Option<Arc<ChannelKeys>>, AppError> {
        let mut looked_at = self.looked_at.lock().await;
        let current = self.current();
        if !Arc::ptr_eq(keys, &current) {
            return Ok(Some(current));
        }
        let now = app.now();
        if looked_at.is_some_and(|last| is_too_soon(last, now)) {
            return Ok(None);
        }
        let fresh = Arc::new(self.ask(app).await?);
        *looked_at = Some(now);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(Some(fresh))
    }

    /// The operator's keys and the house's own.
    async fn ask(&self, app: &App) -> Result<ChannelKeys, AppError> {
        let mut keys = self.fixed.clone();
        for key in app.channel_keys().await?.iter() {
            // The operator's file wins over the house's own key of the same id.
            if keys.find(&key.id).is_none() {
                keys.add(key.clone()).map_err(AppError::internal)?;
            }
        }
        Ok(keys)
    }
}

/// Whether the house was asked just now; a clock that was set back is no reason to wait.
fn is_too_soon(last: Timestamp, now: Timestamp) -> bool {
    (0..KEYS_EVERY_MICROS).contains(&now.micros().saturating_sub(last.micros()))
}
