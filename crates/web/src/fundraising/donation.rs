//! The receipt page: where is my money now, the story along the tape, the proof; and the same to keep, as a paper, as
//! one file for offline, as a proof file.

use app::view::{Keepsake, ReceiptPage};
use app::{App, AppError, GiftNumber};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Sentence;

use crate::error::{self, Page, refreshing};
use crate::fundraising::paper::{Press, code_content};
use crate::fundraising::shares::{Part, shares};
use crate::printer::{house_address, saved};
use crate::routes::Continue;
use crate::show::{filters, query_text};
use crate::state::AppState;
use crate::view::View;

/// Letters of a number that stand together where people copy it by hand.
const GROUP_CHARS: usize = 4;

#[derive(Template)]
#[template(path = "fundraising/donation/receipt.html")]
pub(crate) struct Receipt {
    pub(crate) kept: Keepsake,
    pub(crate) page: ReceiptPage,
    /// Shares of the gift by what became of them; they sum to the gift. Empty on later pages of a story.
    pub(crate) parts: Vec<Part>,
    /// `?token=…`, or nothing.
    pub(crate) token_query: String,
    /// `&token=…`, or nothing.
    pub(crate) token_more: String,
    /// True if earlier segments stand on an earlier page.
    pub(crate) continued: bool,
    /// The QR code with address and fingerprint.
    pub(crate) code: String,
    /// The public address in full, to pass on.
    pub(crate) address: String,
}

impl Receipt {
    pub(crate) fn new(kept: Keepsake, page: ReceiptPage, on: &Continue, house: &str) -> Receipt {
        // A token that opened nothing is not carried along.
        let token = on.token.as_deref().filter(|_| page.own).map(query_text);
        let with = |mark: &str| {
            token
                .as_ref()
                .map_or(String::new(), |t| format!("{mark}token={t}"))
        };
        let continued = on.cursor.is_some();
        Receipt {
            parts: if continued {
                Vec::new()
            } else {
                shares(&kept.page)
            },
            token_query: with("?"),
            token_more: with("&"),
            continued,
            // A code that cannot be drawn is no reason to hide the receipt.
            code: paper::svg_of(&code_content(&kept, house), &page.id).unwrap_or_default(),
            address: format!("{house}/donations/{}", page.id),
            kept,
            page,
        }
    }
}

/// `GET /donations/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let token = on.token.as_deref();
    let kept = app.receipt_keepsake(&id, token).await?;
    let page = match on.cursor.as_deref() {
        None if kept.pages == 1 => kept.page.clone(),
        cursor => app.receipt_page(&id, token, cursor).await?,
    };
    let house = house_address(app.origin(), &headers);
    // Where sealing has stopped it does not come by waiting.
    let waits = !page.seal.sealed && app.seal_stopped().is_none();
    let answer = view.page(&Receipt::new(kept, page, &on, &house))?;
    Ok(if waits { refreshing(answer) } else { answer })
}

/// The receipt as one file that opens from a disk without network.
#[derive(Template)]
#[template(path = "fundraising/donation/keepsake.html")]
pub(crate) struct Kept {
    pub(crate) kept: Keepsake,
    pub(crate) parts: Vec<Part>,
    pub(crate) code: String,
    pub(crate) address: String,
    pub(crate) house: String,
    /// The proof file as an address that needs no network.
    pub(crate) proof_data: String,
}

impl Kept {
    pub(crate) fn new(kept: Keepsake, house: String) -> Kept {
        Kept {
            parts: shares(&kept.page),
            code: paper::svg_of(&code_content(&kept, &house), &kept.page.id).unwrap_or_default(),
            address: format!("{house}/donations/{}", kept.page.id),
            proof_data: kept.proof.as_deref().map_or(String::new(), |proof| {
                format!("data:text/plain;base64,{}", STANDARD.encode(proof))
            }),
            house,
            kept,
        }
    }
}

/// `GET /donations/{id}/receipt.html`
pub(crate) async fn keep(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let kept = app.receipt_keepsake(&id, on.token.as_deref()).await?;
    let house = house_address(app.origin(), &headers);
    let name = format!("shanji-{}.html", kept.page.id);
    let html = view.draw(&Kept::new(kept, house))?;
    Ok(saved("text/html; charset=utf-8", &name, html))
}

/// `GET /donations/{id}/receipt.pdf`
pub(crate) async fn print(
    State(state): State<AppState>,
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let app = state.app();
    let kept = app.receipt_keepsake(&id, on.token.as_deref()).await?;
    let press = Press {
        kept: &kept,
        house: &house_address(app.origin(), &headers),
        language: view.language,
    };
    let file = state.printer().print(press.paper(), view.language).await?;
    let name = format!("shanji-{}.pdf", kept.page.id);
    Ok(saved("application/pdf", &name, file))
}

/// `GET /donations/{id}/proof`: the `.tlog-proof` file to keep.
pub(crate) async fn proof(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let file = app.receipt_proof(&id, on.token.as_deref()).await?;
    let file = file.ok_or(AppError::NotFound("证明文件，它可能还在封存；等一秒钟再试"))?;
    let name = format!("{id}.tlog-proof");
    Ok(saved("text/plain; charset=utf-8", &name, file))
}

/// Said where no number was typed.
const NOTHING_TYPED: &str = "请填写凭据编号（以 don_ 开头），或付款页上的订单号（以 int_ 开头）。";

/// Finding a gift again by its number.
#[derive(Template)]
#[template(path = "fundraising/donation/find.html")]
pub(crate) struct Find {
    pub(crate) typed: String,
    /// What is wrong with it.
    pub(crate) problem: Option<Sentence>,
}

/// A number in parts that an eye can hold while the hand writes.
pub(crate) fn groups(number: &str) -> Vec<String> {
    let (begins, body) = number.split_at(number.find('_').map_or(0, |at| at + 1));
    let letters: Vec<char> = body.chars().collect();
    let parts = letters
        .chunks(GROUP_CHARS)
        .map(|part| part.iter().collect());
    std::iter::once(begins.to_string()).chain(parts).collect()
}

/// `GET /donations?number=…`
pub(crate) async fn find(State(app): State<App>, view: View, Query(on): Query<Continue>) -> Page {
    let Some(typed) = on.number else {
        let (typed, problem) = (String::new(), None);
        return view.page(&Find { typed, problem });
    };
    if typed.trim().is_empty() {
        let problem = Some(NOTHING_TYPED.into());
        return view.again(&AppError::Invalid(Vec::new()), &Find { typed, problem });
    }
    match app.gift_number(&typed).await? {
        GiftNumber::Gift(number) => Ok(error::see_other(&format!("/donations/{number}"))),
        GiftNumber::Order(number) => Ok(error::see_other(&format!("/intents/{number}"))),
        GiftNumber::Wrong(sentence) => {
            let problem = Some(sentence);
            view.again(
                &AppError::NotFound("这个编号对应的记录"),
                &Find { typed, problem },
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_parts_is_the_number() {
        let parts = groups("don_3S2JYB060S4AV0");
        assert_eq!(parts, ["don_", "3S2J", "YB06", "0S4A", "V0"]);
        assert_eq!(parts.concat(), "don_3S2JYB060S4AV0");
    }
}
