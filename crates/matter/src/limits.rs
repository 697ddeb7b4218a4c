//! The limits of this room, each with its reason.

/// Most states of one procedure; the largest of the rulebook has fifteen.
pub const STATES_MAX: usize = 40;
/// Most steps of one procedure.
pub const STEPS_MAX: usize = 80;
/// Most clocks of one procedure.
pub const CLOCKS_MAX: usize = 40;
/// Most facts of one procedure: the search tries every set of what a step may state.
pub const FACTS_MAX: usize = 8;
/// Most entries in the history of one matter; a petition that went through every instance has about thirty.
pub const HISTORY_MAX: usize = 1_000;
/// Most gaps told with one return; they have to be told all at once.
pub const GAPS_MAX: usize = 60;
/// Longest reason, in characters.
pub const REASON_CHARS: usize = 2_000;
/// Longest name of a missing item and longest text of what is missing, in characters.
pub const GAP_CHARS: usize = 500;
/// Longest clock, in its own unit: ten years of days.
pub const LENGTH_MAX: u16 = 3_660;
/// Most days that are looked at to find a last day: a century.
pub const WALK_DAYS: u32 = 36_600;
/// Most posts and delegations of one office.
pub const OFFICE_MAX: usize = 1_000;
/// Most matters sorted, reported or counted at once: a province in a year.
pub const MATTERS_MAX: usize = 1_000_000;
/// Most people with whom a search may play: beyond, the permutations of people cost more than they save.
pub const PLAYERS_MAX: u8 = 5;
/// Most situations that one search may visit.
pub const SITUATIONS_MAX: usize = 2_000_000;
