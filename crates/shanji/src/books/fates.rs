//! What became of gifts: the state of a donation follows from the leaves that name its leaf.

use super::said::campaign_stream;
use super::walk::{Walk, unread};
use crate::outcome::Failure;
use leaf::{Kind, Leaf, ids};
use std::collections::BTreeMap;
use store::audit::{self as rows, DonationAuditRow, MoneyRow};

/// Gifts that are looked up at once.
const CHUNK: usize = 500;

/// 〔下落〕 What later leaves did to one gift.
#[derive(Debug, Default)]
struct Effect {
    /// The newest leaf about it.
    index: u64,
    /// The donation that the rows of these leaves name.
    donation: Option<i64>,
    /// The newest state that is certain.
    state: Option<&'static str>,
    /// The campaign that it was moved to, by its stream.
    campaign: Option<String>,
    /// Fen that the organisation gave back.
    refunded: i64,
    /// Fen that the channel took back.
    charged: i64,
    /// Fen that were no gift.
    corrected: i64,
}

/// A gift whose row says that something became of it.
#[derive(Debug)]
struct Claim {
    index: u64,
    id: String,
    state: String,
    undone: i64,
}

/// 〔捐赠下落〕 Claims of rows and effects of leaves, both by the hash of the gift's leaf.
#[derive(Debug, Default)]
pub(super) struct Fates {
    claims: BTreeMap<[u8; 32], Claim>,
    effects: BTreeMap<[u8; 32], Effect>,
}

/// The state with which a gift begins.
pub(super) fn birth(held_reason: &str) -> &'static str {
    if held_reason.is_empty() {
        "standing"
    } else {
        "held"
    }
}

/// Whether rows of this leaf belong to the donation whose leaf it names.
pub(super) fn names_a_gift(leaf: &Leaf) -> bool {
    let is_named = matches!(
        leaf.kind,
        Kind::Refund | Kind::Correction | Kind::Chargeback | Kind::Reclassification
    );
    is_named && leaf.reference.is_some()
}

impl Fates {
    /// Notes a gift that is no longer as it began, or says so.
    pub(super) fn gift(&mut self, hash: [u8; 32], at: (u64, &Leaf), row: &DonationAuditRow) {
        if row.state != birth(&row.held_reason) || row.undone != 0 {
            let claim = Claim {
                index: at.0,
                id: at.1.id.clone(),
                state: row.state.clone(),
                undone: row.undone,
            };
            self.claims.insert(hash, claim);
        }
    }

    /// Notes what a leaf does to the gift that it names.
    pub(super) fn leaf(&mut self, index: u64, leaf: &Leaf, own: &[MoneyRow]) {
        let Some(reference) = leaf.reference.filter(|_| names_a_gift(leaf)) else {
            return;
        };
        let effect = self.effects.entry(reference).or_default();
        effect.index = index;
        effect.donation = own.first().and_then(|row| row.donation);
        let moved = leaf
            .moves
            .iter()
            .fold(0_i64, |sum, m| sum.saturating_add(m.n));
        match leaf.kind {
            Kind::Correction => {
                effect.state = Some("corrected");
                effect.corrected = effect.corrected.saturating_add(moved);
            }
            Kind::Reclassification => {
                effect.state = Some("reassigned");
                effect.campaign = Some(campaign_stream(leaf));
            }
            Kind::Chargeback => effect.charged = effect.charged.saturating_add(moved),
            _ => effect.refunded = effect.refunded.saturating_add(moved),
        }
    }
}

impl Walk<'_> {
    /// Every gift that a later leaf names, and every row that says more than the leaves do.
    pub(super) async fn fates(&mut self) -> Result<(), Failure> {
        let mut fates = std::mem::take(&mut self.fates);
        let effects: Vec<([u8; 32], Effect)> =
            std::mem::take(&mut fates.effects).into_iter().collect();
        for chunk in effects.chunks(CHUNK) {
            self.fates_of(chunk, &mut fates.claims).await?;
        }
        for claim in fates.claims.into_values() {
            let sentence = format!(
                "捐赠行 {} 的状态是“{}”、已退出 {} 分，没有陈述说过它退款、更正或转入其他活动，请查明是谁改了数据库",
                claim.id, claim.state, claim.undone
            );
            self.found
                .add(Some(claim.index), "rows.donation_state", sentence);
        }
        Ok(())
    }

    async fn fates_of(
        &mut self,
        chunk: &[([u8; 32], Effect)],
        claims: &mut BTreeMap<[u8; 32], Claim>,
    ) -> Result<(), Failure> {
        let keys: Vec<i64> = chunk.iter().filter_map(|(_, e)| e.donation).collect();
        let donations = rows::donation_rows_by_id(self.session, &keys)
            .await
            .map_err(|e| unread(&e))?;
        let indexes: Vec<i64> = donations.iter().map(|row| row.leaf_index).collect();
        let leaves = store::transparency::leaves_at(self.session, &indexes)
            .await
            .map_err(|e| unread(&e))?;
        let leaves: BTreeMap<i64, _> = leaves.into_iter().map(|row| (row.index, row)).collect();
        let donations: BTreeMap<i64, DonationAuditRow> =
            donations.into_iter().map(|row| (row.id, row)).collect();
        for (reference, effect) in chunk {
            let row = effect.donation.and_then(|id| donations.get(&id));
            let stated = row.and_then(|row| leaves.get(&row.leaf_index));
            let (Some(row), Some(stated)) = (row, stated.filter(|leaf| leaf.hash == *reference))
            else {
                let sentence =
                    "流转行所记的捐赠不是陈述所指的那一笔，请查明是谁改了数据库".to_owned();
                self.found
                    .add(Some(effect.index), "rows.movement_donation", sentence);
                claims.remove(reference);
                continue;
            };
            claims.remove(reference);
            let born = Leaf::parse(&stated.bytes).map(|leaf| campaign_stream(&leaf));
            self.fate(effect, row, &born.unwrap_or_default());
        }
        Ok(())
    }

    fn fate(&mut self, effect: &Effect, row: &DonationAuditRow, born: &str) {
        let name = format!("捐赠行 {}", self.names.print::<ids::Donation>(row.id));
        let certain = effect.state.unwrap_or(birth(&row.held_reason));
        // The fee of a gift that stood is the channel's: a refund of all the rest is a refund of all.
        let refundable = match birth(&row.held_reason) {
            "standing" => row.amount.saturating_sub(row.fee),
            _ => row.amount,
        };
        let back = effect.refunded.saturating_add(effect.charged);
        let is_whole = back >= row.amount || (refundable > 0 && effect.refunded >= refundable);
        let expected = if is_whole { "refunded" } else { certain };
        // What was used cannot go back, so that a gift may be refunded by less than its amount.
        let may_be_refunded = back > 0 && row.state == "refunded";
        if back > 0 && !is_whole {
            self.coverage.partial = self.coverage.partial.saturating_add(1);
        }
        if row.state != expected && !may_be_refunded {
            let sentence = format!(
                "{name} 的状态是“{}”，按公开陈述应为“{expected}”，请查明是谁改了数据库",
                row.state
            );
            self.found
                .add(Some(effect.index), "rows.donation_state", sentence);
        }
        let undone = back.saturating_add(effect.corrected);
        if row.undone != undone {
            let sentence = format!(
                "{name} 记着退款、更正和拒付共 {} 分，公开陈述是 {undone} 分，请查明是谁改了数据库",
                row.undone
            );
            self.found
                .add(Some(effect.index), "rows.donation_undone", sentence);
        }
        let campaign = self.campaign_name(row.campaign);
        let stated = effect.campaign.as_deref().unwrap_or(born);
        if campaign != stated {
            let sentence = format!(
                "{name} 的募捐活动是“{campaign}”，公开陈述是“{stated}”，请查明是谁改了数据库"
            );
            self.found
                .add(Some(effect.index), "rows.donation_campaign", sentence);
        }
    }

    /// What a movement undoes: the leaf names it, or it is the allotment that wrote the returned positions.
    pub(super) async fn undone(
        &mut self,
        index: u64,
        leaf: &Leaf,
        own: &[MoneyRow],
    ) -> Result<(), Failure> {
        let keys: Vec<i64> = own.iter().filter_map(|row| row.undoes).collect();
        let undone = match keys.is_empty() {
            true => Vec::new(),
            false => rows::money_rows_by_id(self.session, &keys)
                .await
                .map_err(|e| unread(&e))?,
        };
        for row in own {
            let target = undone.iter().find(|known| Some(known.id) == row.undoes);
            let is_right = match (&leaf.kind, target) {
                (Kind::Reversal, Some(target)) => {
                    let leaves = store::transparency::leaves_at(self.session, &[target.leaf_index])
                        .await
                        .map_err(|e| unread(&e))?;
                    let hash = leaves.first().map(|leaf| leaf.hash);
                    hash == leaf.reference && row.undoes_offset == Some(0)
                }
                (Kind::Return, Some(target)) => is_returned(row, target),
                (Kind::Reversal | Kind::Return, None) => false,
                _ => row.undoes.is_none() && row.undoes_offset.is_none(),
            };
            if !is_right {
                let name = self.names.print::<ids::Movement>(row.id);
                let sentence =
                    format!("流转行 {name} 所冲回的流转与陈述不符，请查明是谁改了数据库");
                self.found
                    .add(Some(index), "rows.movement_undoes", sentence);
            }
        }
        Ok(())
    }
}

/// Whether a return gives back positions that this allotment wrote.
fn is_returned(row: &MoneyRow, allotment: &MoneyRow) -> bool {
    let ([Some(fund), Some(start), _], [Some(wrote), Some(first), Some(len)]) =
        (row.out, allotment.into)
    else {
        return false;
    };
    fund == wrote
        && row.into[0] == allotment.out[0]
        && first <= start
        && start < first.saturating_add(len)
        && row.undoes_offset == Some(start.saturating_sub(first))
}
