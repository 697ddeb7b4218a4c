//! Gifts as lines, and the token of the donor's own link.

use crate::answer::Answer;
use crate::query::keys;
use crate::query::words::{channel, unit_word};
use crate::view::GiftLine;
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Session;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Id;
use leaf::ids;
use sha2::Sha256;
use store::fundraising::DonationRecord;

/// Bytes of a donor's token.
const TOKEN_BYTES: usize = 16;
/// What keeps tokens of donations and of intents apart.
const DONOR_TOKEN: &[u8] = b"shanji/donor/1\0";
const INTENT_TOKEN: &[u8] = b"shanji/intent/1\0";

impl App {
    /// Donations as lines, with the names of their campaigns.
    pub(crate) async fn gift_lines(
        &self,
        session: &mut Session,
        rows: &[DonationRecord],
    ) -> Result<Vec<GiftLine>, AppError> {
        let campaigns = keys(rows.iter().filter_map(|row| row.campaign).map(Id::raw));
        let names = store::fundraising::campaign_titles(session, &campaigns).await?;
        let line = |row: &DonationRecord| GiftLine {
            id: self.print(row.id),
            donor: row.donor_public.clone(),
            amount: row.amount,
            unit: unit_word(&row.unit).into(),
            day: row.day.to_string(),
            channel: channel(&row.channel),
            state: row.state.clone(),
            campaign: row.campaign.map(|id| self.link(id, &names)),
            leaf_index: row.leaf_index,
        };
        Ok(rows.iter().map(line).collect())
    }

    /// The token of the donor's own link: 128 bits that only this house can make.
    ///
    /// Whoever gets it reads the donor's private words; hand it to the donor and nobody else.
    ///
    /// # Errors
    /// `NotFound` for a number that is none.
    pub fn donor_token<'a>(&'a self, donation: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let id: Id<ids::Donation> = self.read_id(donation)?;
            Ok(self.token_of(id))
        })
    }

    pub(crate) fn token_of(&self, id: Id<ids::Donation>) -> String {
        printed(self.token_mac(DONOR_TOKEN, id.raw()))
    }

    /// True if this is the donation's token; compared in constant time.
    pub(crate) fn token_is_right(&self, id: Id<ids::Donation>, token: Option<&str>) -> bool {
        right(self.token_mac(DONOR_TOKEN, id.raw()), token)
    }

    /// The token of an intent, for whoever created it and nobody else: donors are told to hand out the number of
    /// their order, so the number alone must not lead to the donor's own link.
    ///
    /// # Errors
    /// `NotFound` for a number that is none.
    pub fn intent_token<'a>(&'a self, intent: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let id: Id<ids::Intent> = self.read_id(intent)?;
            Ok(printed(self.token_mac(INTENT_TOKEN, id.raw())))
        })
    }

    /// True if this is the intent's token; compared in constant time.
    pub(crate) fn intent_token_is_right(&self, id: Id<ids::Intent>, token: Option<&str>) -> bool {
        right(self.token_mac(INTENT_TOKEN, id.raw()), token)
    }

    fn token_mac(&self, purpose: &[u8], id: i64) -> Hmac<Sha256> {
        let key = self.secrets().session_key.expose();
        // HMAC fills a key up to the block of its hash with zeros; so it needs no error path.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(purpose);
        mac.update(&id.to_be_bytes());
        mac
    }
}

fn printed(mac: Hmac<Sha256>) -> String {
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    URL_SAFE_NO_PAD.encode(&full[..TOKEN_BYTES])
}

fn right(mac: Hmac<Sha256>, token: Option<&str>) -> bool {
    let Some(token) = token.and_then(|text| URL_SAFE_NO_PAD.decode(text.trim()).ok()) else {
        return false;
    };
    token.len() == TOKEN_BYTES && mac.verify_truncated_left(&token).is_ok()
}
