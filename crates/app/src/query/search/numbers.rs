//! Numbers in the box: printed numbers, unified codes, indexes of the log, days.
//!
//! A number may be typed with blanks, dashes, small letters or full-width digits. One that is mistyped is told so
//! in words, because its check character knows.

use crate::answer::Answer;
use crate::query::limits::{DAY_HITS, SEARCH_CHARS, SIMILAR_NAMES};
use crate::view::{NumberHit, SearchPage, Suggestion};
use crate::{App, AppError};
use db::Session;
use domain::{Sentence, say};
use kernel::{Day, Id, IdKind, ParseIdError, Uscc, UsccError};
use leaf::ids;
use store::limits::DAY_LIST_MAX;

/// Said of a number that is well written and that nobody has.
const NUMBER_UNKNOWN: &str = "没有这个编号，请对照原件重新输入。";
/// Said of an order that this house never took, or whose time has passed.
const ORDER_UNKNOWN: &str = "没有这个订单号，请对照付款页重新输入；没有付款的订单过期以后会清除。";
/// What the numbers begin with that donors have.
const BEGINNINGS: [&str; 2] = ["don_", "int_"];
/// Said of a unified code that is well written and that no organisation here has.
const CODE_UNKNOWN: &str =
    "这个统一社会信用代码书写无误，但本系统没有登记这个组织，请到登记机关核实。";
/// Said of a number that is written like a filing number and that no campaign has.
const FILING_UNKNOWN: &str =
    "没有备案编号正好是这个的活动，请对照备案公告重新输入；下面如果列出活动，只是编号相近。";
/// Said of a number whose beginning no number has.
const PREFIX_UNKNOWN: &str =
    "编号开头的三个字母不对，捐赠凭据的编号以 don_ 开头，请对照原件重新输入。";
/// Letters with which a printed number begins.
const PREFIX_LETTERS: usize = 3;
/// Characters of a unified code.
const USCC_CHARS: usize = 18;
/// A text of so many characters with so many digits among them was meant as a unified code.
const USCC_DIGITS_MIN: usize = 8;

/// 〔捐赠人手里的编号〕 What somebody has who looks for a gift again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GiftNumber {
    /// A receipt: its printed number.
    Gift(String),
    /// An order that was paid or not: its printed number.
    Order(String),
    /// None of this house: what is wrong with it, and what to do.
    Wrong(Sentence),
}

impl App {
    /// What a donor means who types the number of a receipt or of an order: with or without its beginning, as on paper, or
    /// inside of an address. It says what is wrong like the search box does.
    ///
    /// # Errors
    /// `Internal`.
    pub fn gift_number<'a>(&'a self, typed: &'a str) -> Answer<'a, GiftNumber> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let text = number_in(typed);
            match self.cipher().read::<ids::Intent>(&text) {
                Err(ParseIdError::Prefix { .. }) => {}
                Err(error) => return Ok(GiftNumber::Wrong(number_advice(error).into())),
                Ok(order) => {
                    let row = store::fundraising::intent_by_id(read, order).await?;
                    return Ok(match row {
                        Some(_) => GiftNumber::Order(self.print(order)),
                        None => GiftNumber::Wrong(ORDER_UNKNOWN.into()),
                    });
                }
            }
            let gift = match self.cipher().read::<ids::Donation>(&text) {
                Err(ParseIdError::Prefix { .. }) => {
                    let printed = format!("{}_{text}", ids::Donation::PREFIX);
                    self.cipher().read::<ids::Donation>(&printed)
                }
                other => other,
            };
            Ok(match gift {
                Err(error) => GiftNumber::Wrong(number_advice(error).into()),
                Ok(id) => match store::fundraising::donation_by_id(read, id).await? {
                    Some(_) => GiftNumber::Gift(self.print(id)),
                    None => GiftNumber::Wrong(NUMBER_UNKNOWN.into()),
                },
            })
        })
    }

    /// Notes on the page what exactly has this number, or what is wrong with it.
    pub(super) async fn number_hits(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        let plain = self.with_prefix(session, plain(text)).await?;
        if !self.printed_number(session, &plain, page).await? {
            self.unified_code(session, &plain, page).await?;
            self.filing_number(session, &plain, page).await?;
            // 18.2 is no entry 182.
            if !text.contains(['.', '·', '．']) {
                self.leaf_index(session, &plain, page).await?;
            }
            if let Some(day) = day_of(text) {
                self.days(session, day, page).await?;
            }
        }
        if let [only] = &page.numbers[..] {
            page.direct = Some(only.path.clone());
        }
        Ok(())
    }

    /// A receipt's number with the prefix that all of them have, which people leave out. Only of one that exists: other
    /// texts have the same form, and nothing is said of those.
    async fn with_prefix(&self, session: &mut Session, text: String) -> Result<String, AppError> {
        let printed = format!("{}_{text}", ids::Donation::PREFIX);
        let Ok(id) = self.cipher().read::<ids::Donation>(&printed) else {
            return Ok(text);
        };
        let row = store::fundraising::donation_by_id(session, id).await?;
        Ok(if row.is_some() { printed } else { text })
    }

    /// True if the text is a number as this house prints them, right or wrong.
    async fn printed_number(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<bool, AppError> {
        if let Some(id) = self.meant::<ids::Donation>(text, page) {
            let row = store::fundraising::donation_by_id(session, id).await?;
            if let Some(row) = &row {
                let lines = self.gift_lines(session, std::slice::from_ref(row)).await?;
                page.donation = lines.into_iter().next();
            }
            let exists = row.is_some();
            self.note(("donation", "捐赠凭据", "donations"), id, exists, page);
        } else if let Some(id) = self.meant::<ids::Organisation>(text, page) {
            let rows = store::parties::organisations_by_ids(session, &[id.raw()]).await?;
            page.organisations = rows.iter().map(|row| self.organisation_line(row)).collect();
            let kind = ("organisation", "慈善组织", "organisations");
            self.note(kind, id, !rows.is_empty(), page);
        } else if let Some(id) = self.meant::<ids::Campaign>(text, page) {
            let row = store::fundraising::campaign_by_id(session, id).await?;
            let is_public =
                row.is_some_and(|row| row.state != domain::fundraising::CampaignState::Draft);
            self.note(("campaign", "募捐活动", "campaigns"), id, is_public, page);
        } else if let Some(id) = self.meant::<ids::Fund>(text, page) {
            let exists = store::funds::fund_by_id(session, id).await?.is_some();
            self.note(("fund", "资金", "funds"), id, exists, page);
        } else if let Some(id) = self.meant::<ids::Movement>(text, page) {
            let exists = store::funds::movement_by_id(session, id).await?.is_some();
            self.note(("movement", "流转", "movements"), id, exists, page);
        } else if let Some(id) = self.meant::<ids::Delivery>(text, page) {
            let row = store::funds::delivery_by_id(session, id).await?;
            let path = row.map(|row| format!("/movements/{}", self.print(row.movement)));
            let hit = path.map(|path| hit(("delivery", "送达"), self.print(id), path));
            missing_or(hit, page);
        } else {
            if page.advice.is_none() && begins_as_number(text) {
                page.advice = Some(PREFIX_UNKNOWN.into());
            }
            return Ok(page.advice.is_some());
        }
        Ok(true)
    }

    /// The key of a printed number of this kind. What is wrong with one that was meant so goes on the page.
    fn meant<K: IdKind>(&self, text: &str, page: &mut SearchPage) -> Option<Id<K>> {
        if page.advice.is_some() {
            return None;
        }
        match self.cipher().read::<K>(text) {
            Ok(id) => Some(id),
            Err(ParseIdError::Prefix { .. }) => None,
            Err(error) => {
                // `dongguan` begins like a number too; only what has a number's form is told about its form.
                let is_formed = matches!(
                    error,
                    ParseIdError::Check | ParseIdError::TooLarge | ParseIdError::NeverPrinted
                );
                if is_formed || text.contains('_') {
                    page.advice = Some(number_advice(error).into());
                }
                None
            }
        }
    }

    /// Notes a hit, or that nobody has this number.
    fn note<K: IdKind>(
        &self,
        (kind, title, folder): (&str, &str, &str),
        id: Id<K>,
        exists: bool,
        page: &mut SearchPage,
    ) {
        let printed = self.print(id);
        let path = format!("/{folder}/{printed}");
        missing_or(exists.then(|| hit((kind, title), printed, path)), page);
    }

    async fn unified_code(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        match Uscc::parse(text) {
            Ok(code) => {
                let row = store::parties::organisation_by_uscc(session, code.as_str()).await?;
                let Some(row) = row else {
                    page.advice = Some(CODE_UNKNOWN.into());
                    return Ok(());
                };
                let path = format!("/organisations/{}", self.print(row.id));
                page.numbers
                    .push(hit(("organisation", "慈善组织"), row.name.clone(), path));
                page.organisations = vec![self.organisation_line(&row)];
            }
            Err(error @ (UsccError::Check | UsccError::Character(_) | UsccError::Region))
                if looks_like_code(text) =>
            {
                page.advice = Some(code_advice(error));
                page.similar = self.codes_near(session, text).await?;
            }
            Err(_) => {}
        }
        Ok(())
    }

    /// Organisations whose code somebody may have meant who mistyped one character, or changed two neighbours.
    async fn codes_near(
        &self,
        session: &mut Session,
        text: &str,
    ) -> Result<Vec<Suggestion>, AppError> {
        let near = Uscc::near(text);
        let codes: Vec<&str> = near.iter().map(Uscc::as_str).collect();
        let mut rows = store::parties::organisations_by_usccs(session, &codes).await?;
        rows.sort_by_key(|row| row.id.raw());
        let suggested = rows.into_iter().take(SIMILAR_NAMES).map(|row| Suggestion {
            kind: "organisation".into(),
            kind_title: "慈善组织".into(),
            path: format!("/organisations/{}", self.print(row.id)),
            title: row.name,
            how: "close".into(),
        });
        Ok(suggested.collect())
    }

    /// The campaign that was filed under this number 〔备案编号〕, which differs from others by its last digit.
    async fn filing_number(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        if !looks_like_filing(text) {
            return Ok(());
        }
        let upper = text.to_ascii_uppercase();
        let filed = store::fundraising::campaign_by_filing(session, &upper).await?;
        match filed {
            Some((id, title)) => {
                let path = format!("/campaigns/{}", self.print(id));
                page.numbers
                    .push(hit(("campaign", "募捐活动"), title, path));
            }
            None if page.advice.is_none() => page.advice = Some(FILING_UNKNOWN.into()),
            None => {}
        }
        Ok(())
    }

    async fn leaf_index(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let index = text.parse::<i64>().ok().filter(|_| is_number);
        let Some(index) = index else {
            return Ok(());
        };
        if store::transparency::leaf_at(session, index)
            .await?
            .is_some()
        {
            let path = format!("/log/leaves/{index}");
            let leaf = hit(("leaf", "日志条目"), index.to_string(), path);
            page.numbers.push(leaf);
        }
        Ok(())
    }

    /// The day's pages of the organisations that raise money.
    async fn days(
        &self,
        session: &mut Session,
        day: Day,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        let raising = store::parties::fundraising_organisations(session).await?;
        let mut having = Vec::new();
        for id in raising.into_iter().take(DAY_HITS) {
            let days = store::fundraising::days_of_organisation(session, id, DAY_LIST_MAX).await?;
            if days.contains(&i64::from(day.number())) {
                having.push(id);
            }
        }
        let keys: Vec<i64> = having.iter().map(|id| id.raw()).collect();
        let names = store::parties::organisation_names(session, &keys).await?;
        for id in having {
            let link = self.link(id, &names);
            let path = format!("/organisations/{}/days/{day}", link.id);
            page.numbers.push(hit(("day", "日公告"), link.title, path));
        }
        Ok(())
    }
}

/// True for what begins as printed numbers do, with three letters and a low line, finished or not.
pub(super) fn begins_as_number(text: &str) -> bool {
    let plain = plain(text);
    let letters = plain.split_once('_').map(|(letters, _)| letters);
    letters.is_some_and(|letters| {
        letters.len() == PREFIX_LETTERS && letters.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

/// The number inside of what was typed: behind its beginning and before what an address goes on with.
fn number_in(typed: &str) -> String {
    let narrow = plain_letters(typed);
    let lower = narrow.to_ascii_lowercase();
    let begins = BEGINNINGS.iter().filter_map(|begin| lower.find(begin));
    let from = begins.min().unwrap_or_default();
    let number = narrow.get(from..).unwrap_or(&narrow);
    number
        .split(['?', '/', '#'])
        .next()
        .unwrap_or_default()
        .to_string()
}

fn hit((kind, kind_title): (&str, &str), title: String, path: String) -> NumberHit {
    NumberHit {
        kind: kind.into(),
        kind_title: kind_title.into(),
        title,
        path,
    }
}

fn missing_or(hit: Option<NumberHit>, page: &mut SearchPage) {
    match hit {
        Some(hit) => page.numbers.push(hit),
        None => page.advice = Some(NUMBER_UNKNOWN.into()),
    }
}

/// What is wrong with a printed number, and what to do.
fn number_advice(error: ParseIdError) -> &'static str {
    match error {
        ParseIdError::Check => "编号有一处写错了，请对照原件重新输入。",
        ParseIdError::Length | ParseIdError::Prefix { .. } => {
            "编号的位数不对，请检查是否漏写或多写。"
        }
        ParseIdError::Character(_) => "编号里有不会出现的字符，请对照原件重新输入。",
        ParseIdError::TooLarge | ParseIdError::NeverPrinted => NUMBER_UNKNOWN,
    }
}

/// What is wrong with a unified code, and what to do.
fn code_advice(error: UsccError) -> Sentence {
    match error {
        UsccError::Character(c) => {
            let letter = c.to_string();
            say!(
                "统一社会信用代码里没有“{letter}”，请检查是否与形近的数字或字母混淆。",
                letter
            )
        }
        UsccError::Region => {
            "统一社会信用代码第 3 至 8 位应全是数字，请对照登记证书重新输入。".into()
        }
        _ => "统一社会信用代码的校验码不符，有一处写错了，请对照登记证书重新输入。".into(),
    }
}

/// Full-width forms are plain.
fn plain_letters(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// A number without what people put between its characters; full-width forms are plain.
fn plain(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '.' | '·');
    plain_letters(text)
        .chars()
        .filter(kept)
        .take(SEARCH_CHARS)
        .collect()
}

/// A filing number begins with a unified code and goes on.
fn looks_like_filing(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() > USCC_CHARS
        && digits >= USCC_DIGITS_MIN
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn looks_like_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() == USCC_CHARS
        && digits >= USCC_DIGITS_MIN
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A day as people write it: 2026-11-22, 2026/11/22, 2026.11.22, 20261122, 2026年11月22日.
fn day_of(text: &str) -> Option<Day> {
    let narrow = plain(&text.replace(['-', '.'], "/"));
    let even = narrow.replace(['年', '月'], "/").replace('日', "");
    let parts: Vec<&str> = even.split('/').collect();
    let (year, month, day) = match parts[..] {
        [year, month, day] => (year, month, day),
        [all] if all.len() == 8 && all.is_ascii() => (&all[..4], &all[4..6], &all[6..]),
        _ => return None,
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Day::parse(&format!("{year}-{month:0>2}-{day:0>2}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_what_people_paste() {
        for (typed, want) in [
            ("don_3S2JYB060S4AV0", "don_3S2JYB060S4AV0"),
            ("编号：don_3S2JYB060S4AV0", "don_3S2JYB060S4AV0"),
            ("ｄｏｎ＿３Ｓ２ＪＹＢ０６０Ｓ４ＡＶ０", "don_3S2JYB060S4AV0"),
            (
                "https://example.org/donations/don_3S2JYB060S4AV0?token=int_x#proof",
                "don_3S2JYB060S4AV0",
            ),
            (
                "https://example.org/intents/int_3S2JYB060S4AV0?token=abc#proof",
                "int_3S2JYB060S4AV0",
            ),
            ("3s2j yb06 0s4a v0", "3s2j yb06 0s4a v0"),
        ] {
            assert_eq!(number_in(typed), want, "{typed}");
        }
    }

    #[track_caller]
    fn check_day(text: &str, want: Option<&str>) {
        assert_eq!(day_of(text).map(|day| day.to_string()).as_deref(), want);
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in [
            "2026-11-02",
            "2026/11/2",
            "2026.11.02",
            "20261102",
            "2026年11月2日",
            "２０２６年11月02日",
        ] {
            check_day(text, Some("2026-11-02"));
        }
        for text in [
            "",
            "2026-13-01",
            "2026-11",
            "善善善善善善善善",
            "1-1-1",
            "2026-11-02-03",
        ] {
            check_day(text, None);
        }
    }

    #[test]
    fn numbers_that_are_not_finished_are_known() {
        for text in ["don_", "DON_3S2J", "ｄｏｎ＿", "d-o-n_3", "xyz_"] {
            assert!(begins_as_number(text), "{text}");
        }
        for text in ["don", "dongguan", "", "_", "do_", "善_款", "abcd_"] {
            assert!(!begins_as_number(text), "{text}");
        }
    }

    #[test]
    fn numbers_lose_what_stands_between() {
        assert_eq!(plain(" ５３33-0000 MJX0‐0000X3 "), "53330000MJX00000X3");
        assert!(looks_like_code("53330000MJX00000X4"));
        assert!(!looks_like_code("wuhanhongshizihuix"));
    }
}
