//! Passkeys as they are kept.

use db::{Result, Row, Session, args, sql};
use domain::identity::passkey::PASSKEYS_MAX;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔通行密钥〕 A key of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// What the device calls it.
    pub credential: Vec<u8>,
    /// The number under which devices keep whose it is.
    pub owner: [u8; 32],
    /// As its owner calls it.
    pub name: String,
    /// The public half.
    pub public_key: Vec<u8>,
    /// What may change: the counter above all.
    pub state: Vec<u8>,
    /// How the device is reached, as bits.
    pub transports: u8,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it last proved somebody.
    pub used_at: Option<Timestamp>,
    /// When its counter went back; it counts no more.
    pub doubted_at: Option<Timestamp>,
}

/// 〔通行密钥概况〕 How a user stands with passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PasskeyStanding {
    /// Keys that were not removed, the doubted ones included.
    pub kept: i64,
    /// Those of them whose counter went back.
    pub doubted: i64,
}

impl PasskeyStanding {
    /// True if there is a key that can prove somebody.
    #[must_use]
    pub fn can_prove(self) -> bool {
        self.kept > self.doubted
    }
}

pub(crate) fn passkey_row(r: &Row<'_>) -> Result<PasskeyRecord> {
    Ok(PasskeyRecord {
        credential: r.bytes(0)?,
        owner: r.array(1)?,
        name: r.text(2)?,
        public_key: r.bytes(3)?,
        state: r.bytes(4)?,
        // Bits that do not fit were not written by us; the gateway refuses them.
        transports: u8::try_from(r.i64(5)?).unwrap_or(u8::MAX),
        added_at: Timestamp::from_micros(r.i64(6)?),
        used_at: r.opt_i64(7)?.map(Timestamp::from_micros),
        doubted_at: r.opt_i64(8)?.map(Timestamp::from_micros),
    })
}

/// The keys of a user that were not removed, oldest first, at most [`PASSKEYS_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn passkeys_of_user(
    session: &mut Session,
    user: Id<ids::User>,
) -> Result<Vec<PasskeyRecord>> {
    let sql = sql!(
        "SELECT credential, owner, name, public_key, state, transports, added_at, used_at, doubted_at FROM passkey WHERE user_id = $1 AND removed_at IS NULL ORDER BY added_at, credential LIMIT $2"
    );
    let arguments = args![user.raw(), PASSKEYS_MAX];
    session.rows(sql, arguments, passkey_row).await
}

/// How a user stands with passkeys.
///
/// # Errors
/// The engine's refusal.
pub async fn passkey_standing(
    session: &mut Session,
    user: Id<ids::User>,
) -> Result<PasskeyStanding> {
    let sql = sql!(
        "SELECT count(*), count(doubted_at) FROM passkey WHERE user_id = $1 AND removed_at IS NULL"
    );
    let found = session
        .opt(sql, args![user.raw()], |r| {
            Ok(PasskeyStanding {
                kept: r.i64(0)?,
                doubted: r.i64(1)?,
            })
        })
        .await?;
    Ok(found.unwrap_or_default())
}
