//! Certificates of organisations: a page and a paper, each with a code that is checked without a network (record 0040).

use app::App;
use app::view::{CertificateView, RegisterLine};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::{Sentence, say};
use paper::{Block, Paper, Row};

use crate::error::{Page, refreshing};
use crate::printer::{CREATOR, house_address, made, saved};
use crate::show::{day_text, filters, moment_text};
use crate::state::AppState;
use crate::view::{Language, View, localised};

#[derive(Template)]
#[template(path = "parties/certificate/page.html")]
pub(crate) struct Shown {
    pub(crate) page: CertificateView,
    /// The drawing of the code; empty without one.
    pub(crate) code: String,
}

impl Shown {
    pub(crate) fn new(page: CertificateView, house: &str) -> Shown {
        let content = content(&page, house);
        // A code that cannot be drawn is no reason to hide what the register says.
        let drawn = content.map(|content| paper::svg_of(&content, &page.organisation.id));
        Shown {
            code: drawn.and_then(Result::ok).unwrap_or_default(),
            page,
        }
    }
}

/// What the code holds: an address whose last part stays in the browser.
fn content(page: &CertificateView, house: &str) -> Option<String> {
    let payload = page.payload.as_ref()?;
    Some(format!("{house}/verify#{payload}"))
}

/// `GET /organisations/{id}/certificates/{kind}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Path((id, kind)): Path<(String, String)>,
) -> Page {
    let page = app.certificate(&id, &kind).await?;
    let house = house_address(app.origin(), &headers);
    // Where sealing has stopped it does not come by waiting.
    let waits = page.waits && app.seal_stopped().is_none();
    let answer = view.page(&Shown::new(page, &house))?;
    Ok(if waits { refreshing(answer) } else { answer })
}

/// `GET /organisations/{id}/certificates/{kind}/certificate.pdf`
pub(crate) async fn print(
    State(state): State<AppState>,
    view: View,
    headers: HeaderMap,
    Path((id, kind)): Path<(String, String)>,
) -> Page {
    let app = state.app();
    let page = app.certificate(&id, &kind).await?;
    let (Some(entry), Some(_)) = (&page.entry, &page.payload) else {
        return Err(app::AppError::NotFound("现在可以出具的这种证书").into());
    };
    let press = Press {
        page: &page,
        entry,
        house: &house_address(app.origin(), &headers),
        language: view.language,
    };
    let file = state.printer().print(press.paper(), view.language).await?;
    let name = format!("shanji-{}-{}.pdf", page.organisation.id, page.kind);
    Ok(saved("application/pdf", &name, file))
}

/// Puts one certificate into words of one language.
struct Press<'a> {
    page: &'a CertificateView,
    entry: &'a RegisterLine,
    house: &'a str,
    language: Language,
}

impl Press<'_> {
    fn say(&self, sentence: impl Into<Sentence>) -> String {
        localised(&sentence.into(), self.language)
    }

    fn known(&self, words: &str) -> String {
        self.say(Sentence::known(words))
    }

    fn paper(&self) -> Paper {
        let page = self.page;
        let name = page.organisation.name.clone();
        let title = self.known(&page.title);
        let lead = say!(
            "登记簿在{day}的记载：{name}，{item}：{state}。",
            day = day_text(&page.issued, self.language),
            name = name.clone(),
            item = self.known(&page.item_title),
            state = self.known(self.entry.state_words())
        );
        Paper {
            title: format!("{title} {name}"),
            author: name,
            description: self.say("登记簿记载的打印件，不是登记管理机关颁发的纸质证书。"),
            creator: CREATOR.into(),
            language: self.language.tag().into(),
            made: made(&page.drawn_at),
            blocks: vec![
                Block::Title(title.clone()),
                Block::Small(self.say(say!(
                    "签发日 {day}　打印时间 {moment}（北京时间）",
                    day = day_text(&page.issued, self.language),
                    moment = moment_text(&page.drawn_at, self.language)
                ))),
                Block::Lead(self.say(lead)),
                Block::Rows(self.facts()),
                Block::Heading(self.say("怎样核验")),
                Block::Code {
                    content: content(page, self.house).unwrap_or_default(),
                    beside: self.beside(),
                },
                Block::Rule,
                Block::Small(self.say(
                    "本证明由登记簿的记载生成，说的是签发那一天的情况；以后中止、吊销、变更的，扫码联网就能看到。",
                )),
            ],
            foot: format!("{title}　{}", page.organisation.id),
        }
    }

    fn facts(&self) -> Vec<Row> {
        let (page, entry) = (self.page, self.entry);
        let mut rows = Vec::new();
        let mut row = |label: &'static str, words: String| {
            if !words.is_empty() {
                rows.push(Row::new(self.say(label), words));
            }
        };
        row("组织", page.organisation.name.clone());
        row(
            "统一社会信用代码",
            page.organisation.uscc.clone().unwrap_or_default(),
        );
        row("编号", page.organisation.id.clone());
        row("文号", entry.document.clone());
        row("决定机关", entry.office.clone());
        row("有效期", self.validity());
        row("依据", entry.law.clone());
        row("来源登记册", self.known(&entry.source));
        let place = say!(
            "公开日志：{origin}，第{n}条。",
            origin = page.origin.clone(),
            n = entry.leaf_index
        );
        row("记载", self.say(place));
        rows
    }

    fn validity(&self) -> String {
        let from = day_text(&self.entry.from, self.language);
        match &self.entry.until {
            Some(until) => self.say(say!(
                "{first} 至 {last}",
                first = from,
                last = day_text(until, self.language)
            )),
            None => self.say(say!("自 {day} 起", day = from)),
        }
    }

    fn beside(&self) -> Vec<String> {
        let page = self.page;
        vec![
            self.say("用手机扫码：签名在您的浏览器里核对；能联网时，同时显示现在是否仍然有效。"),
            self.say(say!(
                "断网时：打开 {address} 或者存下的离线核验页，选这个二维码的照片，或粘贴码里的文字。",
                address = format!("{}/verify", self.house)
            )),
            self.say(say!(
                "签发所用公钥（日志的公钥，请从别处也取一份比对）：{key}",
                key = page.key.clone()
            )),
        ]
    }
}
