//! What the page of delegations shows.

use domain::Sentence;

/// 〔委托办理〕 Duties in the hands of colleagues, and those of colleagues in one's own.
#[derive(Debug, Clone)]
pub struct DelegationsPage {
    /// Duties that can be handed over: code and words.
    pub duties: Vec<(String, Sentence)>,
    /// The day of today.
    pub today: String,
    /// What was given, newest first.
    pub given: Vec<DelegationLine>,
    /// What was received, newest first.
    pub received: Vec<DelegationLine>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct DelegationLine {
    /// Tells it apart when it is ended.
    pub handle: String,
    /// The other person.
    pub who: String,
    /// The duty in words.
    pub duty: Sentence,
    /// First day.
    pub first: String,
    /// Last day.
    pub last: String,
    /// Why.
    pub reason: String,
    /// Coming, running, over or ended early.
    pub state: &'static str,
    /// True while it can be ended.
    pub open: bool,
}
