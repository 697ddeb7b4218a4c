//! How much the rulebook may hold, each limit with its reason.

/// Rules in all their versions; part 1 of the law book has 210 rules, a rule changes every few years.
pub const RULES_MAX: usize = 2_000;
/// Laws, orders and standards that rules stand on.
pub const LAWS_MAX: usize = 500;
/// Places where a text was read.
pub const READINGS_MAX: usize = 200;
/// Deadlines.
pub const DEADLINES_MAX: usize = 500;
/// Named numbers of one rule.
pub const NUMBERS_MAX: usize = 40;
/// Articles that one rule stands on.
pub const SOURCES_MAX: usize = 20;
/// Who may be bound by one rule.
pub const BINDS_MAX: usize = 12;
/// Reminders before one deadline.
pub const REMINDERS_MAX: usize = 6;
/// Characters of a rule's text: two plain sentences.
pub const TEXT_CHARS_MAX: usize = 300;
/// Characters of a title or a name.
pub const TITLE_CHARS_MAX: usize = 60;
/// Troubles that are told at once when the data is wrong; whoever repairs reads no more.
pub const TROUBLES_MAX: usize = 200;
/// Characters of a text that cites laws, as refusals carry it.
pub const CITED_CHARS_MAX: usize = 400;
/// Parts of such a text.
pub const CITED_PARTS_MAX: usize = 20;
/// Findings of one check.
pub const FINDINGS_MAX: usize = 500;
/// Things of one kind that a check looks at: members of a council, meetings of a year, relations.
pub const FACTS_MAX: usize = 1_000;
/// Characters of one key of a document: what a name may have in an index of names.
pub const KEY_CHARS_MAX: usize = 200;
/// Keys of one document.
pub const KEYS_MAX: usize = 8;
