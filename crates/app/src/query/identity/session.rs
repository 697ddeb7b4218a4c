//! Sessions and users.

use crate::answer::Answer;
use crate::command::SecurityCommand;
use crate::identity::token_hash;
use crate::query::keys;
use crate::query::links::Names;
use crate::view::{UserLine, WhoAmI};
use crate::{App, AppError};
use db::Session;
use domain::identity::delegation::Duty;
use domain::identity::{Action, Actor, Grant, Object, permit, reach};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Id;

/// The longest session token that is looked at, in bytes.
const TOKEN_BYTES_MAX: usize = 200;
/// A session is marked as seen this seldom: 5 minutes, so that reading hardly ever writes.
const SEEN_MICROS: i64 = 5 * 60 * 1_000_000;

impl App {
    /// Who acts with this session token; the public if nobody is signed in with it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn session_actor<'a>(&'a self, token: &'a str) -> Answer<'a, Actor> {
        Box::pin(async move {
            if token.is_empty() || token.len() > TOKEN_BYTES_MAX {
                return Ok(Actor::public());
            }
            let mut read = self.db().read_tx().await?;
            let hash = token_hash(token);
            let now = self.now();
            let found = store::identity::session_actor(&mut read, &hash, now).await?;
            drop(read);
            let Some((actor, seen_at)) = found else {
                return Ok(Actor::public());
            };
            if now.micros().saturating_sub(seen_at.micros()) >= SEEN_MICROS {
                let seen = SecurityCommand::SessionSeen { session: hash };
                // Reading goes on where nothing can be written.
                if let Err(error) = self.security(&actor, seen).await {
                    tracing::debug!(%error, "a session was not marked as seen");
                }
            }
            Ok(actor)
        })
    }

    /// The signed-in user with roles in words.
    ///
    /// # Errors
    /// `Denied` with `sign_in_first`.
    pub fn who_am_i<'a>(&'a self, actor: &'a Actor) -> Answer<'a, WhoAmI> {
        Box::pin(async move {
            let Some(id) = actor.user_id() else {
                return Err(AppError::denied(domain::identity::Denied::SignInFirst));
            };
            let mut read = self.db().read_tx().await?;
            let user = store::identity::user_by_id(&mut read, id).await?;
            let organisations = actor.organisations();
            let raw: Vec<i64> = organisations.iter().map(|id| id.raw()).collect();
            let names = store::parties::organisation_names(&mut read, &raw).await?;
            let keys = store::identity::passkey_standing(&mut read, id).await?;
            Ok(WhoAmI {
                login: user.map(|user| user.login).unwrap_or_default(),
                name: actor.name.clone(),
                keeps_users: permit(actor, Action::UserManage, &Object::house()).is_ok(),
                passkey: self
                    .site()
                    .ok()
                    .filter(|_| keys.can_prove())
                    .map(|site| site.domain().to_string()),
                doubted: keys.doubted > 0,
                delegates: actor.grants().iter().any(|grant| Duty::of(grant).is_some()),
                office: !reach(actor, Action::MatterRead).regions.is_empty(),
                roles: actor
                    .grants()
                    .iter()
                    .map(|grant| role_words(grant, &names))
                    .collect(),
                organisations: organisations
                    .into_iter()
                    .map(|id| self.link(id, &names))
                    .collect(),
            })
        })
    }

    /// All users with their roles, by login.
    ///
    /// # Errors
    /// `Denied` unless the actor keeps users.
    pub fn users<'a>(&'a self, actor: &'a Actor) -> Answer<'a, Vec<UserLine>> {
        Box::pin(async move {
            permit(actor, Action::UserManage, &Object::house()).map_err(AppError::denied)?;
            let mut read = self.db().read_tx().await?;
            self.user_lines(&mut read).await
        })
    }

    /// All users as lines, by login.
    pub(crate) async fn user_lines(&self, read: &mut Session) -> Result<Vec<UserLine>, AppError> {
        let mut rows = Vec::new();
        let mut after = String::new();
        // Page by page, so that no account is left out.
        loop {
            let part = store::identity::users_with_grants(read, &after).await?;
            let Some(last) = part.last() else { break };
            after = last.0.login.clone();
            rows.extend(part);
        }
        let grants = rows.iter().flat_map(|row| &row.1);
        let organisations = keys(grants.filter_map(|grant| grant.organisation).map(Id::raw));
        let names = store::parties::organisation_names(read, &organisations).await?;
        let line = |(user, grants): &(store::identity::UserRecord, Vec<Grant>)| UserLine {
            id: self.print(user.id),
            login: user.login.clone(),
            name: user.name.clone(),
            roles: grants
                .iter()
                .map(|grant| role_words(grant, &names))
                .collect(),
        };
        Ok(rows.iter().map(line).collect())
    }
}

/// 「经办 · 云山县慈善总会」
pub(super) fn role_words(grant: &Grant, names: &Names) -> Sentence {
    let role = grant.role.title();
    match (grant.organisation, &grant.region) {
        (Some(id), _) => {
            let name = names.get(&id.raw());
            let name = name.map_or(Value::Term("（单位已不在登记簿）"), Value::from);
            say!("{role} · {name}", role, name)
        }
        (None, Some(region)) => say!(
            "{role} · 区划{region}",
            role,
            region = region.as_str().to_string()
        ),
        (None, None) => say!("{role} · 全平台", role),
    }
}
