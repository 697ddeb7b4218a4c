//! The keys of payment channels that this server believes, looked up anew when an unknown one speaks.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use app::{App, AppError};
use gateway::payment::{ChannelKeys, NoticeHeaders, NoticeRefused, PaymentNotice, verify};

use crate::api::limits::KEYS_EVERY_MICROS;

/// 〔渠道公钥环〕 Fixed keys from the operator's file, and those of the house's own organisations.
///
/// An organisation that opens its first campaign gets a key while the server runs, so an unknown key is a reason to
/// look again, but not more often than once a second.
#[derive(Debug)]
pub struct KeyRing {
    fixed: ChannelKeys,
    current: RwLock<Arc<ChannelKeys>>,
    looked_at: AtomicI64,
}

impl KeyRing {
    /// A ring with the keys of the operator's file; the house's own are found when they first speak.
    #[must_use]
    pub fn new(fixed: ChannelKeys) -> KeyRing {
        let current = RwLock::new(Arc::new(fixed.clone()));
        KeyRing {
            fixed,
            current,
            looked_at: AtomicI64::new(i64::MIN),
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
        let first = verify(&keys, headers, body, app.now());
        if first != Err(NoticeRefused::UnknownKey) {
            return Ok(first);
        }
        self.look_again(app).await?;
        let fresh = self.current();
        if Arc::ptr_eq(&keys, &fresh) {
            return Ok(first);
        }
        Ok(verify(&fresh, headers, body, app.now()))
    }

    fn current(&self) -> Arc<ChannelKeys> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the house for its keys, if that was not done just now.
    async fn look_again(&self, app: &App) -> Result<(), AppError> {
        let now = app.now().micros();
        let last = self.looked_at.load(Ordering::Acquire);
        let due = now.saturating_sub(last) >= KEYS_EVERY_MICROS || now < last;
        let mine = self
            .looked_at
            .compare_exchange(last, now, Ordering::AcqRel, Ordering::Acquire);
        if !due || mine.is_err() {
            return Ok(());
        }
        let mut keys = self.fixed.clone();
        for key in app.channel_keys().await?.iter() {
            // The operator's file wins over the house's own key of the same id.
            if keys.find(&key.id).is_none() {
                keys.add(key.clone()).map_err(AppError::internal)?;
            }
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }
}
