//! A strict little reader of our own HTML: it refuses what browsers would silently repair.

use std::collections::BTreeSet;

/// The largest page, in bytes before it is compressed: below the 150 kB of `ux.md`, "Pages and people", also where every
/// list is full and every text as long as it may be.
const PAGE_MAX: usize = 144 * 1024;

/// The only other site that pages lead to: 慈善中国, the national register of charities.
const OUTSIDE: [&str; 1] = ["https://cszg.mca.gov.cn/"];

const VOID: [&str; 8] = ["area", "br", "col", "hr", "img", "input", "link", "meta"];
/// Elements of drawings that may close themselves.
const PHRASING: [&str; 6] = ["p", "h1", "h2", "h3", "span", "label"];
const BLOCKS: [&str; 9] = [
    "p", "div", "section", "table", "ul", "ol", "dl", "form", "h2",
];

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    closing: bool,
    /// `<path …/>`, as drawings write it.
    ends_itself: bool,
}

/// Splits a page into its tags; text must not hold a bare `<`.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let inside = &rest[start + 1..];
        let end = end_of_tag(inside).expect("a tag ends");
        if !inside.starts_with('!') {
            found.push(tag(&inside[..end]));
        }
        rest = &inside[end + 1..];
    }
    assert!(!rest.contains('>'), "a bare > after the last tag");
    found
}

fn end_of_tag(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        if c == '"' {
            quoted = !quoted;
        }
        (c == '>' && !quoted).then_some(at)
    })
}

fn tag(text: &str) -> Tag<'_> {
    let (closing, text) = match text.strip_prefix('/') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let cut = text.find(char::is_whitespace).unwrap_or(text.len());
    let name = &text[..cut];
    assert!(
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
        "not a tag: <{text}>"
    );
    Tag {
        name,
        attributes: attributes(text[cut..].trim_end_matches('/')),
        closing,
        ends_itself: text.ends_with('/'),
    }
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return found;
        }
        let cut = text
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(text.len());
        let name = &text[..cut];
        text = &text[cut..];
        let value = match text.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"').expect("a value ends");
                text = &quoted[end + 1..];
                &quoted[..end]
            }
            None => {
                assert!(!text.starts_with('='), "unquoted value of {name}");
                ""
            }
        };
        assert!(
            !found.iter().any(|(other, _)| *other == name),
            "{name} stands twice"
        );
        found.push((name, value));
    }
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| *value)
    }
}

/// Refuses a page that is not what all our pages must be.
#[track_caller]
pub(crate) fn check_page(name: &str, html: &str) {
    assert!(html.len() <= PAGE_MAX, "{name}: {} bytes", html.len());
    assert!(html.starts_with("<!doctype html>\n<html lang=\""), "{name}");
    let tags = tags(html);
    check_nesting(name, &tags);
    check_attributes(name, &tags);
    check_labels(name, &tags);
    for (element, count) in [("h1", 1), ("main", 1), ("title", 1)] {
        let found = tags
            .iter()
            .filter(|tag| tag.name == element && !tag.closing)
            .count();
        // A drawing's bars have titles of their own.
        let titles = element == "title" && found >= 1;
        assert!(found == count || titles, "{name}: {found} times {element}");
    }
}

fn check_nesting(name: &str, tags: &[Tag<'_>]) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        if tag.closing {
            assert_eq!(
                open.pop(),
                Some(tag.name),
                "{name}: </{}> closes another",
                tag.name
            );
        } else if !tag.ends_itself && !VOID.contains(&tag.name) {
            if BLOCKS.contains(&tag.name) {
                let parent = open.last().copied().unwrap_or_default();
                assert!(
                    !PHRASING.contains(&parent),
                    "{name}: {} inside {parent}",
                    tag.name
                );
            }
            assert!(
                tag.name != "form" || !open.contains(&"form"),
                "{name}: form inside form"
            );
            assert!(
                tag.name != "a" || !open.contains(&"a"),
                "{name}: link inside link"
            );
            open.push(tag.name);
        }
    }
    assert!(open.is_empty(), "{name}: left open {open:?}");
}

fn check_attributes(name: &str, tags: &[Tag<'_>]) {
    let mut ids = BTreeSet::new();
    for tag in tags {
        let own = tag
            .get("src")
            .is_some_and(|src| src.starts_with("/assets/"));
        // A block of data is no script; nothing runs it.
        let is_data = tag.get("type") == Some("application/ld+json") && tag.get("src").is_none();
        let is_ours = own && tag.get("type") == Some("module");
        assert!(
            tag.name != "script" || tag.closing || is_ours || is_data,
            "{name}: a script that is not one of our own files"
        );
        assert_ne!(tag.name, "style", "{name}");
        for (attribute, value) in &tag.attributes {
            assert_ne!(*attribute, "style", "{name}: inline style");
            assert!(
                !attribute.starts_with("on"),
                "{name}: inline script {attribute}"
            );
            let links = ["href", "src", "action"].contains(attribute);
            assert!(
                !links
                    || value.starts_with(['/', '#'])
                    || OUTSIDE.contains(value)
                    || *attribute == "href" && is_dialled(value),
                "{name}: leads elsewhere: {value}"
            );
            assert!(
                *attribute != "id" || ids.insert(*value),
                "{name}: id {value} stands twice"
            );
        }
        assert!(
            tag.name != "img" || tag.get("alt").is_some(),
            "{name}: picture without words"
        );
        assert!(
            tag.name != "th" || tag.closing || tag.get("scope").is_some(),
            "{name}: th"
        );
    }
    for tag in tags {
        for attribute in ["for", "aria-labelledby", "aria-describedby"] {
            for wanted in tag.get(attribute).unwrap_or_default().split_whitespace() {
                assert!(ids.contains(wanted), "{name}: {attribute} names {wanted}");
            }
        }
        if let Some(place) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
            assert!(ids.contains(place), "{name}: link to #{place}");
        }
    }
}

/// Everything that is asked has a label: by `for`, or around it.
fn check_labels(name: &str, tags: &[Tag<'_>]) {
    let labelled: BTreeSet<_> = tags
        .iter()
        .filter(|tag| tag.name == "label")
        .filter_map(|tag| tag.get("for"))
        .collect();
    let mut inside = false;
    for tag in tags {
        if tag.name == "label" {
            inside = !tag.closing;
        }
        let asks = ["input", "select", "textarea"].contains(&tag.name) && !tag.closing;
        if !asks || tag.get("type") == Some("hidden") || inside {
            continue;
        }
        let id = tag.get("id").unwrap_or_default();
        assert!(labelled.contains(id), "{name}: no label for {id:?}");
    }
}

#[test]
#[should_panic(expected = "closes another")]
fn a_wrong_nesting_is_found() {
    check_nesting("x", &tags("<p><b></p></b>"));
}

#[test]
#[should_panic(expected = "not a tag")]
fn a_bare_bracket_is_found() {
    tags("<p>1 < 2</p>");
}

#[test]
#[should_panic(expected = "inline style")]
fn inline_style_is_found() {
    check_attributes("x", &tags("<p style=\"x\"></p>"));
}

#[test]
#[should_panic(expected = "no label")]
fn a_nameless_question_is_found() {
    check_labels("x", &tags("<input id=\"a\">"));
}

/// A telephone or one mail address: opens a program of the reader's own.
fn is_dialled(address: &str) -> bool {
    let number = address.strip_prefix("tel:");
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'+');
    let is_number = |text: &str| {
        text.split(";ext=")
            .all(|part| !part.is_empty() && digits(part))
    };
    let mail = address.strip_prefix("mailto:");
    number.is_some_and(is_number) || mail.is_some_and(|mail| mail.matches('@').count() == 1)
}
