//! How much one page shows.

/// Rows of a list on a public page.
pub(crate) const LIST_ROWS: i64 = 50;
/// Latest gifts on the home page.
pub(crate) const RECENT_GIFTS: i64 = 10;
/// Latest deliveries on the home page, and as many asked of each of its campaigns.
pub(crate) const HOME_DELIVERIES: usize = 6;
/// Campaigns on the home page.
pub(crate) const HOME_CAMPAIGNS: i64 = 12;
/// Campaigns of a list, payments and deliveries of a campaign.
pub(crate) const CARDS: i64 = 100;
/// Parts of a gift's story, or sources of a movement, per page.
pub(crate) const STORY_PARTS: usize = 100;
/// Parts that the one sentence about a gift names; the rest is summed.
pub(crate) const SENTENCE_PARTS: usize = 4;
/// Latest gifts of a campaign whose median says what is usual.
pub(crate) const MEDIAN_GIFTS: i64 = 199;
/// Checkpoints and leaves that the log page lists.
pub(crate) const LOG_ROWS: i64 = 20;
/// Checkpoints in the feed.
pub(crate) const FEED_ROWS: i64 = 50;
/// Longest text of a search, in characters.
pub(crate) const SEARCH_CHARS: usize = 100;
/// Hits of one kind on a page of that kind.
pub(crate) const SEARCH_ROWS: usize = 20;
/// Hits of each kind on the page of all kinds.
pub(crate) const SEARCH_ROWS_EACH: usize = 6;
/// Newest deliveries in whose words a place is looked for.
pub(crate) const SEARCH_SAID_ROWS: i64 = 2_000;
/// Best hits of each of two words that are held against one another.
pub(crate) const RAISER_HITS: usize = 100;
/// Pages of hits of one kind; whoever wants more asks more precisely.
pub(crate) const SEARCH_PAGES: usize = 50;
/// Names that a search without an exact hit proposes.
pub(crate) const SIMILAR_NAMES: usize = 3;
/// Suggestions while typing.
pub(crate) const SUGGESTIONS: usize = 8;
/// Organisations whose page of a day a search for the day names.
pub(crate) const DAY_HITS: usize = 10;
/// Likely duplicates that an organisation's page names.
pub(crate) const DUPLICATES: i64 = 20;
/// Organisations whose successor one is, that its page names: mergers join a few.
pub(crate) const PREDECESSORS: i64 = 50;
/// A donor's link is handed out with the intent for this long after it was offered, in microseconds: a day.
pub(crate) const TOKEN_SHOWN_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// Movements that undo one movement, as far as its page names them.
pub(crate) const UNDOINGS: i64 = 50;
/// Newest gifts of an organisation whose private words are read when a clerk looks for a donor.
pub(crate) const FIND_SCANNED: i64 = 100_000;
/// Gifts that such a search shows.
pub(crate) const FIND_ROWS: i64 = 50;
/// Slips of one clerk and one day that are counted; nobody writes more by hand.
pub(crate) const SLIPS_OF_DAY: i64 = 2_000;
/// The last of them that the counter shows.
pub(crate) const SLIPS_SHOWN: usize = 50;
/// Tombstones of a campaign's page; the list has all.
pub(crate) const TOMBSTONES: i64 = 20;
/// Rows of the list of divisions that are read at a time.
pub(crate) const REGIONS_PAGE: i64 = 5_000;
/// Times that this is done: twice what the country has.
pub(crate) const REGION_PAGES: usize = 20;
/// Divisions offered for what was typed.
pub(crate) const REGION_CHOICES: usize = 20;
/// Characters of it that are looked at.
pub(crate) const REGION_CHARS: usize = 40;
/// Campaigns in the map of the site; what the format allows is 50,000 addresses.
pub(crate) const WALKED_CAMPAIGNS: i64 = 40_000;
