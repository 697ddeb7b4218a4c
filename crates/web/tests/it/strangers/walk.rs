//! Walks the desk by its links as somebody who may, and notes every page and every form on the way, so that what a
//! stranger tries is what the house really offers, today and after the next change.

use crate::browser::{Browser, percent};
use crate::client::{Answer, Client};
use axum::body::Body;
use axum::http::Request;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Pages of one walk; more would be a loop.
const PAGES_MAX: usize = 400;
/// Pages of one kind, which differ by their numbers only.
const LIKE_MAX: usize = 2;

/// A form as it stands on a page, with what its fields hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sent {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
    /// The names of the fields that take words.
    pub(super) words: Vec<String>,
}

impl Sent {
    /// The same form with this text in every field that takes words.
    pub(super) fn saying(&self, text: &str) -> Sent {
        let said = |(name, value): &(String, String)| {
            let is_word = self.words.contains(name);
            (
                name.clone(),
                if is_word { text.into() } else { value.clone() },
            )
        };
        Sent {
            fields: self.fields.iter().map(said).collect(),
            ..self.clone()
        }
    }

    /// As a browser would send it.
    pub(super) fn body(&self) -> String {
        let pairs = self.fields.iter();
        let words: Vec<String> = pairs
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect();
        words.join("&")
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) pages: BTreeSet<String>,
    pub(super) forms: BTreeSet<Sent>,
    /// All that was shown, for those who ask whether something was shown at all.
    pub(super) text: String,
}

/// Where a request says it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Here,
    OtherSite,
    OtherOrigin,
    Nowhere,
}

/// Opens an address with this session.
pub(super) async fn open(client: &Client, session: &str, path: &str) -> Answer {
    let browser = match session {
        "" => Browser::stranger(client),
        session => Browser::with_session(client, session),
    };
    browser.open(path).await
}

/// Sends a form with this session.
pub(super) async fn send(client: &Client, session: &str, form: &Sent, from: From) -> Answer {
    let mut request = Request::post(form.action.as_str())
        .header("host", "shanji.test")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("shanji_session={session}"));
    request = match from {
        From::Here => request
            .header("origin", "http://shanji.test")
            .header("sec-fetch-site", "same-origin"),
        From::OtherSite => request
            .header("origin", "http://shanji.test")
            .header("sec-fetch-site", "cross-site"),
        From::OtherOrigin => request.header("origin", "http://shanji.test.evil.example"),
        From::Nowhere => request,
    };
    client
        .send(request.body(Body::from(form.body())).unwrap())
        .await
}

/// The walk of one session through the desk from these addresses.
pub(super) async fn walk(client: &Client, session: &str, from: &[&str]) -> Walk {
    walk_where(client, session, from, |path| path.starts_with("/desk")).await
}

/// The walk of one session from these addresses along the links that are `wanted`.
pub(super) async fn walk_where(
    client: &Client,
    session: &str,
    from: &[&str],
    wanted: fn(&str) -> bool,
) -> Walk {
    let mut seen = Walk::default();
    let mut like: BTreeMap<String, usize> = BTreeMap::new();
    let mut ahead = from
        .iter()
        .map(ToString::to_string)
        .collect::<VecDeque<_>>();
    while let Some(path) = ahead.pop_front() {
        if seen.pages.len() >= PAGES_MAX || seen.pages.contains(&path) {
            continue;
        }
        let count = like.entry(shape(&path)).or_default();
        if *count >= LIKE_MAX {
            continue;
        }
        *count += 1;
        let answer = open(client, session, &path).await;
        if answer.status == 303 {
            ahead.push_back(answer.header("location").to_string());
            continue;
        }
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let html = answer.text();
        ahead.extend(links(&html).into_iter().filter(|path| wanted(path)));
        seen.forms.extend(forms(&html));
        seen.text.push_str(&html);
        seen.pages.insert(path);
    }
    seen
}

/// The same for all pages that differ by their numbers only.
pub(super) fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_name = |part: &&str| part.contains('_') || part.chars().any(|c| c.is_ascii_digit());
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if is_name(&part) { "{}" } else { part })
        .collect();
    let asked: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .collect();
    format!("{}?{}", parts.join("/"), asked.join("&"))
}

/// The links of a page into the house, in the language that it is read in.
fn links(html: &str) -> Vec<String> {
    let addresses = html.split("href=\"").skip(1);
    addresses
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with('/') && !address.contains("lang="))
        .map(|address| plain(address.split('#').next().unwrap_or(address)))
        .collect()
}

/// The forms of a page that change something.
pub(super) fn forms(html: &str) -> Vec<Sent> {
    let forms = html.split("<form ").skip(1);
    let inner = forms.filter_map(|form| form.split("</form>").next());
    inner
        .filter(|form| form.contains("method=\"post\""))
        .map(|form| Sent {
            action: plain(attribute(form, "action").unwrap_or_default()),
            fields: fields(form),
            words: words(form),
        })
        .collect()
}

fn fields(form: &str) -> Vec<(String, String)> {
    let tags = form.split('<').skip(1);
    tags.filter(|tag| {
        ["input ", "textarea ", "select "]
            .iter()
            .any(|name| tag.starts_with(name))
    })
    .filter_map(|tag| {
        let name = attribute(tag, "name")?;
        let value = attribute(tag, "value").filter(|value| !value.is_empty());
        Some((plain(name), plain(value.unwrap_or("1"))))
    })
    .collect()
}

/// The names of the fields of a form that take words.
fn words(form: &str) -> Vec<String> {
    let tags = form.split('<').skip(1);
    let takes_words = |tag: &&str| {
        let kind = attribute(tag, "type").unwrap_or("text");
        let is_line = ["text", "search", "tel", "email", "url"].contains(&kind);
        tag.starts_with("textarea ") || tag.starts_with("input ") && is_line
    };
    tags.filter(takes_words)
        .filter_map(|tag| attribute(tag, "name").map(plain))
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

fn plain(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&#38;", "&")
        .replace("&quot;", "\"")
}
