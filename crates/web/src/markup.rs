//! What a page is about, in the words of schema.org, for machines that read pages: JSON-LD in a block of data.
//!
//! It is data and no script, so that the content policy has nothing to allow; what could end the block is escaped.

use app::view::{CampaignPage, OrganisationPage};
use serde_json::{Value, json};

const CONTEXT: &str = "https://schema.org";
/// Characters of a campaign's title that are said: the page, which has its weight, says all of it.
const TITLE_CHARS: usize = 40;
/// What a unified code is called where identifiers are named.
const CODE: &str = "统一社会信用代码";

/// The block of an organisation.
pub(crate) fn organisation(page: &OrganisationPage) -> String {
    let mut words = json!({
        "@context": CONTEXT,
        "@type": "NGO",
        "@id": format!("/organisations/{}", page.line.id),
        "url": format!("/organisations/{}", page.line.id),
        "name": page.line.name,
    });
    let former = page.register.former_names.iter();
    let former: Vec<&str> = former.map(|line| line.words.as_str()).collect();
    if !former.is_empty() {
        words["alternateName"] = json!(former);
    }
    if let Some(code) = &page.line.uscc {
        words["identifier"] = json!({"@type": "PropertyValue", "propertyID": CODE, "value": code});
    }
    if kernel::Day::parse(&page.registered).is_ok() {
        words["foundingDate"] = json!(page.registered);
    }
    if let Some(region) = &page.region {
        words["areaServed"] = json!(region);
    }
    block(&words)
}

/// The block of a campaign: an invitation to give, and to whom.
pub(crate) fn campaign(page: &CampaignPage) -> String {
    let card = &page.card;
    let path = format!("/campaigns/{}", card.id);
    let words = json!({
        "@context": CONTEXT,
        "@type": "DonateAction",
        "@id": path,
        "name": card.title.chars().take(TITLE_CHARS).collect::<String>(),
        "startTime": card.starts_on,
        "endTime": card.ends_on,
        "recipient": {
            "@type": "NGO",
            "@id": format!("/organisations/{}", card.organisation.id),
        },
    });
    block(&words)
}

/// JSON as it may stand inside of a block: no character of it can end the block or begin markup.
fn block(words: &Value) -> String {
    let text = words.to_string();
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            other => safe.push(other),
        }
    }
    format!(r#"<script type="application/ld+json">{safe}</script>"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_block_but_its_end() {
        let block = block(&json!({"name": "</script><script>alert(1)&\u{2028}"}));
        assert_eq!(block.matches("</script>").count(), 1);
        let inner = block.trim_start_matches(r#"<script type="application/ld+json">"#);
        let inner = inner.trim_end_matches("</script>");
        let read: Value = serde_json::from_str(inner).unwrap();
        assert_eq!(read["name"], "</script><script>alert(1)&\u{2028}");
    }
}
