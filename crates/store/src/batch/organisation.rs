//! Organisations and divisions entered by hand or by import.

use super::Batch;
use crate::posting::PostingError;
use crate::search::{Findable, IN_FORCE, normalise, sort_key};
use db::{Col, Result, args, bulk, sql};
use domain::funds::posting::{Posting, Subject};
use domain::parties::{APPROVAL_THRESHOLD, NewOrganisation, Organisation};
use kernel::{Id, RegionCode, Timestamp};
use leaf::{Kind as LeafKind, ids};

impl Batch {
    /// An organisation.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn organisation(
        &mut self,
        id: Id<ids::Organisation>,
    ) -> Result<Option<Organisation>> {
        let sql =
            sql!("SELECT id, name, region, approval_threshold FROM organisation WHERE id = $1");
        self.tx
            .opt(sql, args![id.raw()], |r| {
                Ok(Organisation {
                    id: Id::from_raw(r.i64(0)?),
                    name: r.text(1)?,
                    region: r
                        .opt_text(2)?
                        .and_then(|code| RegionCode::parse(&code).ok()),
                    approval_threshold: r.i64(3)?,
                })
            })
            .await
    }

    /// The organisation that a register knows by this key.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn organisation_by_source(
        &mut self,
        source: &str,
        source_id: &str,
    ) -> Result<Option<Id<ids::Organisation>>> {
        let sql = sql!("SELECT id FROM organisation WHERE source = $1 AND source_id = $2");
        self.tx
            .opt(sql, args![source, source_id], |r| {
                r.i64(0).map(Id::from_raw)
            })
            .await
    }

    /// True if another organisation has this unified code.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn organisation_has_uscc(&mut self, uscc: &str) -> Result<bool> {
        let sql = sql!("SELECT id FROM organisation WHERE uscc = $1");
        Ok(self.tx.opt(sql, args![uscc], |r| r.i64(0)).await?.is_some())
    }

    /// Enters an organisation: its leaf and its row; it can be found once it is committed.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn organisation_insert(
        &mut self,
        new: &NewOrganisation,
        now: Timestamp,
    ) -> Result<std::result::Result<Id<ids::Organisation>, PostingError>> {
        let id: Id<ids::Organisation> = self.mint(now);
        let posting = posting_of(id, new, now);
        let posted = match self.book(&posting).await? {
            Ok(posted) => posted,
            Err(error) => return Ok(Err(error)),
        };
        self.organisation_row(id, new, posted.leaf_index, now)
            .await?;
        self.findable(Findable::organisation(id.raw(), IN_FORCE, new.name.clone()));
        Ok(Ok(id))
    }

    async fn organisation_row(
        &mut self,
        id: Id<ids::Organisation>,
        new: &NewOrganisation,
        leaf_index: i64,
        now: Timestamp,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO organisation (id, name, name_key, kind, uscc, region, state, source, source_id, registered_text, registered_day, marks, documents, approval_threshold, leaf_index, recorded_at, sort_key) VALUES ($1, $2, $3, $4, $5, $6, 'in_force', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        );
        let (name_key, sort_key) = (normalise(&new.name), sort_key(&new.name));
        let region = new.region.as_ref().map(|r| r.as_str().to_string());
        let (marks, documents) = (new.marks.join("\n"), new.documents.join("\n"));
        let arguments = args![
            id.raw(),
            &new.name,
            &name_key,
            new.kind.code(),
            new.uscc.as_ref().map(|code| code.as_str()),
            region.as_deref(),
            &new.source,
            &new.source_id,
            &new.registered_text,
            new.registered_day.map(|day| i64::from(day.number())),
            &marks,
            &documents,
            APPROVAL_THRESHOLD,
            leaf_index,
            now.micros(),
            &sort_key
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// Proposes likely duplicates; nobody merges them here.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn duplicates_propose(
        &mut self,
        pairs: &[(Id<ids::Organisation>, Id<ids::Organisation>, &str)],
    ) -> Result<u64> {
        let ones: Vec<i64> = pairs.iter().map(|p| p.0.raw()).collect();
        let others: Vec<i64> = pairs.iter().map(|p| p.1.raw()).collect();
        let reasons: Vec<&str> = pairs.iter().map(|p| p.2).collect();
        let states = vec!["proposed"; pairs.len()];
        let insert = bulk!(
            "duplicate_proposal(organisation_id, other_id, reason, state)",
            "ON CONFLICT (organisation_id, other_id) DO NOTHING"
        );
        let columns = [
            Col::I(&ones),
            Col::I(&others),
            Col::T(&reasons),
            Col::T(&states),
        ];
        self.change().await?.bulk(insert, &columns).await
    }

    /// Enters divisions; known codes stay as they are. Returns how many were new.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn regions_insert(
        &mut self,
        rows: &[(RegionCode, String)],
        valid_from: i64,
    ) -> Result<u64> {
        let codes: Vec<String> = rows.iter().map(|r| r.0.as_str().to_string()).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let names: Vec<&str> = rows.iter().map(|r| r.1.as_str()).collect();
        let levels: Vec<i64> = rows.iter().map(|r| i64::from(r.0.level())).collect();
        let froms = vec![valid_from; rows.len()];
        let insert = bulk!(
            "region(code, name, level, valid_from)",
            "ON CONFLICT (code) DO NOTHING"
        );
        let columns = [
            Col::T(&codes),
            Col::T(&names),
            Col::I(&levels),
            Col::I(&froms),
        ];
        self.change().await?.bulk(insert, &columns).await
    }

    /// Organisations by their normalised name, for proposals of duplicates: (key, id) in order.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn organisations_named(
        &mut self,
        name_key: &str,
    ) -> Result<Vec<Id<ids::Organisation>>> {
        let sql = sql!("SELECT id FROM organisation WHERE name_key = $1 ORDER BY id LIMIT 50");
        self.sql()
            .await?
            .rows(sql, args![name_key], |r| r.i64(0).map(Id::from_raw))
            .await
    }
}

/// What the log says of a new organisation.
pub(super) fn posting_of(
    id: Id<ids::Organisation>,
    new: &NewOrganisation,
    now: Timestamp,
) -> Posting {
    let subject = Subject::Organisation(id);
    let mut posting = Posting::new(subject, LeafKind::Organisation, id, now)
        .fact("name", stated_name(&new.name))
        .fact("kind", new.kind.code())
        .public_word("source", new.source.clone())
        .public_word("source_id", new.source_id.clone());
    if let Some(uscc) = &new.uscc {
        posting = posting.fact("uscc", uscc.as_str());
    }
    if let Some(region) = &new.region {
        posting = posting.fact("region", region.as_str());
    }
    if let Some(day) = new.registered_day {
        posting = posting.fact("registered", day.to_string());
    }
    posting
}

/// A statement has no private characters: where a register lost one, the mark of a lost character stands in the
/// leaf. The row keeps the name as it came, and its marks say so.
fn stated_name(name: &str) -> String {
    let mut bytes = [0; 4];
    let stated = |c: char| {
        if leaf::has_private_use(c.encode_utf8(&mut bytes)) {
            '\u{fffd}'
        } else {
            c
        }
    };
    name.chars().map(stated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_character_is_marked_and_the_rest_stays() {
        assert_eq!(stated_name("財團法人\u{e05b}會"), "財團法人\u{fffd}會");
        assert_eq!(stated_name("財團法人臺北會"), "財團法人臺北會");
    }
}
