//! What the page of the own account shows.

/// 〔账号安全〕 The own second factor and sessions.
#[derive(Debug, Clone)]
pub struct SecurityPage {
    /// The second factor.
    pub factor: FactorView,
    /// True if a role of this person asks for one.
    pub required: bool,
    /// True if a code was given in this session a short while ago.
    pub strong: bool,
    /// Sessions that hold, newest first.
    pub devices: Vec<DeviceLine>,
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
        /// Recovery codes that are good still.
        recovery_left: i64,
    },
}

/// 〔登录设备〕 A session.
#[derive(Debug, Clone)]
pub struct DeviceLine {
    /// Tells it apart when it is ended.
    pub handle: String,
    /// The browser as it calls itself.
    pub device: String,
    /// When it began, RFC 3339.
    pub begun: String,
    /// When it was last used, RFC 3339.
    pub seen: String,
    /// True for the one that is looked from.
    pub here: bool,
}
