//! How values are written for people: yuan, days, times, shares and positions.
//!
//! Templates use these as filters (`{{ card.raised|yuan }}`) or call them as functions
//! (`crate::show::quantity`). Nothing here decides anything; it only writes.

use app::view::{Link, WordSalts};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::{Day, Fen, Timestamp};

use crate::view::{Language, localised};

/// Beijing is eight hours before UTC, in microseconds.
const BEIJING_MICROS: i64 = 8 * 3_600 * 1_000_000;

/// Days ahead in which something due is seen at once; what is due later is folded away or stands in the calendar.
pub(crate) const DAYS_AHEAD: i64 = 120;

/// The months, as English writes them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1,234.50元` or `¥1,234.50`; a negative amount keeps its sign.
pub(crate) fn yuan_text(fen: i64, language: Language) -> String {
    let text = Fen::new(fen).grouped();
    match (language, text.strip_prefix('-')) {
        (Language::English, Some(positive)) => format!("-¥{positive}"),
        (Language::English, None) => format!("¥{text}"),
        _ => format!("{text}元"),
    }
}

/// Fen as yuan, anything else as a whole number with its unit.
pub(crate) fn quantity(amount: i64, unit: &str, language: Language) -> String {
    if unit == "fen" {
        yuan_text(amount, language)
    } else {
        format!("{} {unit}", count_text(amount))
    }
}

/// An amount of money as a sentence of its own.
pub(crate) fn money(fen: i64) -> Sentence {
    say!("{money}", money = Value::Fen(fen))
}

/// Fen as money, anything else with its unit, as a sentence of its own.
pub(crate) fn amount_of(amount: i64, unit: &str) -> Sentence {
    let amount = Value::Quantity(amount, unit.to_string());
    say!("{amount}", amount)
}

/// A day as a sentence of its own; words that are no day are shown as they are.
pub(crate) fn day_words(day: &str) -> Sentence {
    match Day::parse(day) {
        Ok(day) => say!("{day}", day),
        Err(_) => day.to_string().into(),
    }
}

/// `12,345`.
pub(crate) fn count_text(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2026年11月22日` or `22 November 2026`; words that are no day are shown as they are.
pub(crate) fn day_text(day: &str, language: Language) -> String {
    let Ok(parsed) = Day::parse(day) else {
        return day.to_string();
    };
    let (year, month, date) = parsed.ymd();
    let name = MONTHS.get(usize::from(month).saturating_sub(1));
    match (language, name) {
        (Language::English, Some(name)) => format!("{date} {name} {year}"),
        _ => format!("{year}年{month}月{date}日"),
    }
}

/// `2026年11月22日 20:40`, Beijing time, from RFC 3339.
pub(crate) fn moment_text(moment: &str, language: Language) -> String {
    let Some(time) = Timestamp::parse_rfc3339(moment).ok() else {
        return moment.to_string();
    };
    let minutes = beijing_seconds(time).div_euclid(60).rem_euclid(24 * 60);
    format!(
        "{} {:02}:{:02}",
        day_text(&time.day().to_string(), language),
        minutes / 60,
        minutes % 60
    )
}

/// Seconds since 1970-01-01 00:00 as clocks in Beijing show them.
pub(crate) fn beijing_seconds(time: Timestamp) -> i64 {
    let beijing = time.micros().saturating_add(BEIJING_MICROS);
    beijing.div_euclid(1_000_000)
}

/// Hundredths of a per cent as `12.34%`, without needless zeros.
pub(crate) fn percent_text(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    let text = format!(
        "{sign}{}.{rest:02}",
        count_text(i64::try_from(whole).unwrap_or(i64::MAX))
    );
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `[start, end)` as people count: the first is number 1 and the last is included.
pub(crate) fn span_text(span: &(i64, i64), unit: &str, language: Language) -> String {
    let first = span.0.saturating_add(1);
    let unit = if unit == "fen" {
        Value::Term("分")
    } else {
        Value::Words(unit.to_string())
    };
    let first_words = Value::Words(count_text(first));
    let sentence = if first == span.1 {
        say!("第{first}{unit}", first = first_words, unit)
    } else {
        let last = Value::Words(count_text(span.1));
        say!("第{first}至第{last}{unit}", first = first_words, last, unit)
    };
    localised(&sentence, language)
}

/// A side of a movement as it stands on the tape, `fund start end`; scripts that check a page find the movement by it.
pub(crate) fn side_text(fund: &Link, span: &Option<(i64, i64)>) -> String {
    match span {
        Some((start, end)) => format!("{} {start} {end}", fund.id),
        None => fund.id.clone(),
    }
}

/// The marks of a public word that a leaf commits to, so that the badge can open it; nothing where there is no salt.
pub(crate) fn said_word(salts: &WordSalts, leaf_index: &i64, field: &str) -> String {
    let Some(salt) = salts.of(*leaf_index, field) else {
        return String::new();
    };
    format!(r#" data-leaf="{leaf_index}" data-says="word {field}" data-salt="{salt}""#)
}

/// `part` of `whole` in thousandths for drawings, 0..=1000; something that is there is never drawn as nothing.
pub(crate) fn permille(part: i64, whole: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    let scaled = i128::from(part) * 1_000 / i128::from(whole);
    i64::try_from(scaled.clamp(1, 1_000)).unwrap_or(1_000)
}

/// The difference between an announced number and ours, with its sign.
pub(crate) fn difference_text(difference: i64, money: bool, language: Language) -> String {
    let text = if money {
        yuan_text(difference, language)
    } else {
        count_text(difference)
    };
    if difference > 0 {
        format!("+{text}")
    } else {
        text
    }
}

/// A text for a query string: everything but letters and digits as `%XX`.
pub(crate) fn query_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A recorded title, the words of ours in it for a reader of `language`; words that are wholly ours are translated.
pub(crate) fn named_text(title: &str, language: Language) -> String {
    let said = domain::funds::said_title(title);
    if said.pattern() == "{words}" {
        return localised(&Sentence::known(title), language);
    }
    localised(&said, language)
}

/// The filters that templates use. All write for the language of the page's view.
#[expect(unreachable_pub, reason = "the filter macro writes public items")]
pub(crate) mod filters {
    use std::fmt::Display;

    use askama::Values;

    use crate::oversight::cited::Cited;
    use crate::view::{Phrase, Rich, Say, Stress, View};

    /// A text of ours in the reader's language.
    #[askama::filter_fn]
    pub(crate) fn t<'a, T: Say + ?Sized>(
        words: &'a T,
        values: &dyn Values,
    ) -> askama::Result<Phrase<'a>> {
        Ok(words.phrase(View::language_of(values)))
    }

    /// A recorded title, the words of ours in it in the reader's language.
    #[askama::filter_fn]
    pub(crate) fn named(title: &str, values: &dyn Values) -> askama::Result<String> {
        Ok(super::named_text(title, View::language_of(values)))
    }

    /// A value in the place `name` of a text.
    #[askama::filter_fn]
    pub(crate) fn put<'a, V: Display>(
        phrase: Phrase<'a>,
        _: &dyn Values,
        name: &str,
        value: V,
    ) -> askama::Result<Phrase<'a>> {
        Ok(phrase.put(name, &value, Stress::Plain))
    }

    /// The same, as an amount that stands out where the text is `rich`.
    #[askama::filter_fn]
    pub(crate) fn put_money<'a, V: Display>(
        phrase: Phrase<'a>,
        _: &dyn Values,
        name: &str,
        value: V,
    ) -> askama::Result<Phrase<'a>> {
        Ok(phrase.put(name, &value, Stress::Money))
    }

    /// The same, as a code.
    #[askama::filter_fn]
    pub(crate) fn put_code<'a, V: Display>(
        phrase: Phrase<'a>,
        _: &dyn Values,
        name: &str,
        value: V,
    ) -> askama::Result<Phrase<'a>> {
        Ok(phrase.put(name, &value, Stress::Code))
    }

    /// An address for the next `[words]` of a text that is `rich`.
    #[askama::filter_fn]
    pub(crate) fn link<'a, V: Display>(
        phrase: Phrase<'a>,
        _: &dyn Values,
        href: V,
    ) -> askama::Result<Phrase<'a>> {
        Ok(phrase.link(&href))
    }

    /// Where a text sends somebody to the organisation, its words lead to where that is reached.
    #[askama::filter_fn]
    pub(crate) fn reach<'a>(
        phrase: Phrase<'a>,
        values: &dyn Values,
        href: &str,
    ) -> askama::Result<Phrase<'a>> {
        Ok(phrase.reaching(href, View::language_of(values)))
    }

    /// A text with its links and marks as HTML.
    #[askama::filter_fn]
    pub(crate) fn rich<'a>(phrase: Phrase<'a>, _: &dyn Values) -> askama::Result<Rich<'a>> {
        Ok(Rich(phrase))
    }

    /// What cites a law, as a link to the rules behind it.
    #[askama::filter_fn]
    pub(crate) fn cited(law: &str, values: &dyn Values) -> askama::Result<Cited> {
        Ok(Cited::new(law, View::language_of(values)))
    }

    /// Fen as `1,234.50元`.
    #[askama::filter_fn]
    pub(crate) fn yuan(fen: &i64, values: &dyn Values) -> askama::Result<String> {
        Ok(super::yuan_text(*fen, View::language_of(values)))
    }

    /// Fen as yuan, anything else with its unit.
    #[askama::filter_fn]
    pub(crate) fn quantity(
        amount: &i64,
        values: &dyn Values,
        unit: &str,
    ) -> askama::Result<String> {
        Ok(super::quantity(*amount, unit, View::language_of(values)))
    }

    /// A span of a tape as people count.
    #[askama::filter_fn]
    pub(crate) fn span(
        span: &(i64, i64),
        values: &dyn Values,
        unit: &str,
    ) -> askama::Result<String> {
        Ok(super::span_text(span, unit, View::language_of(values)))
    }

    /// A difference of fen or of counts, with its sign.
    #[askama::filter_fn]
    pub(crate) fn difference(
        difference: &i64,
        values: &dyn Values,
        money: &bool,
    ) -> askama::Result<String> {
        let language = View::language_of(values);
        Ok(super::difference_text(*difference, *money, language))
    }

    /// `12,345`.
    #[askama::filter_fn]
    pub(crate) fn count(number: &i64, _: &dyn Values) -> askama::Result<String> {
        Ok(super::count_text(*number))
    }

    /// `2026年11月22日`.
    #[askama::filter_fn]
    pub(crate) fn day<V: Display>(day: V, values: &dyn Values) -> askama::Result<String> {
        Ok(super::day_text(&day.to_string(), View::language_of(values)))
    }

    /// `2026年11月22日 20:40` in Beijing.
    #[askama::filter_fn]
    pub(crate) fn moment(moment: &str, values: &dyn Values) -> askama::Result<String> {
        Ok(super::moment_text(moment, View::language_of(values)))
    }

    /// Hundredths of a per cent as `12.34%`.
    #[askama::filter_fn]
    pub(crate) fn percent(hundredths: &i64, _: &dyn Values) -> askama::Result<String> {
        Ok(super::percent_text(*hundredths))
    }

    /// A text for a query string.
    #[askama::filter_fn]
    pub(crate) fn query(text: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(super::query_text(text))
    }

    /// The view that the page is drawn with, for the layout: `{% let view = "view"|seen %}`.
    #[askama::filter_fn]
    pub(crate) fn seen(_: &str, values: &dyn Values) -> askama::Result<View> {
        Ok(View::drawn_with(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: Language = Language::Simplified;

    #[track_caller]
    fn check(got: String, want: &str) {
        assert_eq!(got, want);
    }

    #[test]
    fn money_and_numbers_are_grouped() {
        check(yuan_text(123_450, CHINESE), "1,234.50元");
        check(yuan_text(-5, CHINESE), "-0.05元");
        check(yuan_text(-5, Language::English), "-¥0.05");
        check(count_text(0), "0");
        check(count_text(999), "999");
        check(count_text(1_000), "1,000");
        check(count_text(-1_234_567), "-1,234,567");
        check(count_text(i64::MIN), "-9,223,372,036,854,775,808");
        check(quantity(1_200, "箱", CHINESE), "1,200 箱");
    }

    #[test]
    fn days_and_times_are_chinese_and_in_beijing() {
        check(day_text("2026-01-02", CHINESE), "2026年1月2日");
        check(day_text("民国九十年", CHINESE), "民国九十年");
        check(
            moment_text("2026-11-22T16:05:00Z", CHINESE),
            "2026年11月23日 00:05",
        );
        check(moment_text("不详", CHINESE), "不详");
    }

    #[test]
    fn shares_lose_needless_zeros() {
        check(percent_text(10_000), "100%");
        check(percent_text(1_234), "12.34%");
        check(percent_text(850), "8.5%");
        check(percent_text(0), "0%");
        check(percent_text(12_345_600), "123,456%");
    }

    #[test]
    fn positions_are_counted_from_one() {
        check(span_text(&(0, 5_000), "fen", CHINESE), "第1至第5,000分");
        check(span_text(&(7, 8), "件", CHINESE), "第8件");
    }

    #[test]
    fn what_is_there_is_drawn() {
        assert_eq!(permille(1, i64::MAX), 1);
        assert_eq!(permille(i64::MAX, i64::MAX), 1_000);
        assert_eq!(permille(0, 10), 0);
        assert_eq!(permille(5, 0), 0);
    }

    #[test]
    fn query_texts_are_safe() {
        check(query_text("a b&c=云"), "a%20b%26c%3D%E4%BA%91");
    }
}
