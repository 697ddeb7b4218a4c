//! What the page of the own account shows.

use gateway::passkey::NoPasskeys;

/// 〔账号安全〕 The own second factor and sessions.
#[derive(Debug, Clone)]
pub struct SecurityPage {
    /// The second factor.
    pub factor: FactorView,
    /// Recovery codes that are good still.
    pub recovery_left: i64,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// The address at which passkeys work, or why they cannot.
    pub site: Result<String, NoPasskeys>,
    /// True if a role of this person asks for one.
    pub required: bool,
    /// True if a code was given in this session a short while ago.
    pub strong: bool,
    /// Sessions that hold, newest first.
    pub devices: Vec<DeviceLine>,
}

impl SecurityPage {
    /// True if a password alone opens nothing.
    #[must_use]
    pub fn has_factor(&self) -> bool {
        matches!(self.factor, FactorView::On { .. }) || !self.passkeys.is_empty()
    }
}

/// 〔通行密钥〕 One key on its owner's list.
#[derive(Debug, Clone)]
pub struct PasskeyLine {
    /// Tells it apart when it is removed.
    pub handle: String,
    /// As its owner calls it.
    pub name: String,
    /// When it was added, RFC 3339.
    pub added: String,
    /// When it last proved somebody, RFC 3339.
    pub used: Option<String>,
    /// When its counter went back, RFC 3339: it counts no more.
    pub doubted: Option<String>,
}

/// How far somebody is with a second factor.
#[derive(Debug, Clone)]
pub enum FactorView {
    /// There is none.
    Off,
    /// A secret was drawn, and no code was given yet.
    Begun {
        /// For typing, in base 32.
        secret: String,
        /// For the QR code.
        address: String,
    },
    /// It is asked for.
    On {
        /// Since when, RFC 3339.
        since: String,
    },
}

/// 〔登录设备〕 A session.
#[derive(Debug, Clone)]
pub struct DeviceLine {
    /// Tells it apart when it is ended.
    pub handle: String,
    /// The browser as it calls itself.
    pub device: String,
    /// The network that was signed in from, may be empty.
    pub network: String,
    /// When it began, RFC 3339.
    pub begun: String,
    /// When it was last used, RFC 3339.
    pub seen: String,
    /// True for the one that is looked from.
    pub here: bool,
}
