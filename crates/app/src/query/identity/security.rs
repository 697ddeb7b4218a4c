//! 〔账号安全〕 What somebody sees of the own second factor and the own sessions.

use crate::answer::Answer;
use crate::identity::{device_handle, passkey_handle, token_hash};
use crate::view::{DeviceLine, FactorView, PasskeyLine, SecurityPage};
use crate::{App, AppError};
use domain::identity::{Actor, Denied};
use gateway::second_factor::{address, secret_text};
use leaf::ids::User;
use store::identity::{FactorRecord, PasskeyRecord};

impl App {
    /// The page of the signed-in person; `token` marks the session that is looked from.
    ///
    /// # Errors
    /// `Denied` with `sign_in_first`.
    pub fn security_page<'a>(
        &'a self,
        (actor, token): (&'a Actor, &'a str),
    ) -> Answer<'a, SecurityPage> {
        Box::pin(async move {
            let user = actor.user_id();
            let user = user.ok_or_else(|| AppError::denied(Denied::SignInFirst))?;
            let (now, here) = (self.now(), token_hash(token));
            let mut read = self.db().read_tx().await?;
            let known = store::identity::user_by_id(&mut read, user).await?;
            let login = known.map(|user| user.login).unwrap_or_default();
            let factor = store::identity::second_factor(&mut read, user).await?;
            let recovery_left = store::identity::recovery_left(&mut read, user).await?;
            let passkeys = store::identity::passkeys_of_user(&mut read, user).await?;
            let devices = store::identity::devices_of_user(&mut read, user, now).await?;
            let devices = devices.into_iter().map(|device| DeviceLine {
                handle: device_handle(&device.token_hash),
                here: device.token_hash == here,
                device: device.device,
                network: device.network,
                begun: device.created_at.rfc3339(),
                seen: device.seen_at.rfc3339(),
            });
            Ok(SecurityPage {
                factor: match factor {
                    None => FactorView::Off,
                    Some(one) if one.on_since.is_none() && !one.may_begin(now) => FactorView::Off,
                    Some(factor) => self.factor_view(user, &login, &factor),
                },
                recovery_left,
                passkeys: passkeys.iter().map(passkey_line).collect(),
                site: self.site().map(|site| site.address()),
                required: self.requires_second_factor()
                    && actor.grants().iter().any(|grant| grant.role.needs_factor()),
                strong: actor.proof().is_strong(now),
                devices: devices.collect(),
            })
        })
    }

    fn factor_view(
        &self,
        user: kernel::Id<User>,
        login: &str,
        factor: &FactorRecord,
    ) -> FactorView {
        if let Some(since) = factor.on_since {
            let since = since.rfc3339();
            return FactorView::On { since };
        }
        // The secret is shown until it is shown to work, and never again.
        let Some(secret) = self.inner().vault.open(user.raw(), &factor.sealed) else {
            return FactorView::Off;
        };
        let host = self.origin().split('/').next().unwrap_or_default();
        FactorView::Begun {
            secret: secret_text(&secret),
            address: address(&secret, &format!("Shanji {host}"), login),
        }
    }
}

fn passkey_line(key: &PasskeyRecord) -> PasskeyLine {
    PasskeyLine {
        handle: passkey_handle(&key.credential),
        name: key.name.clone(),
        added: key.added_at.rfc3339(),
        used: key.used_at.map(kernel::Timestamp::rfc3339),
        doubted: key.doubted_at.map(kernel::Timestamp::rfc3339),
    }
}
