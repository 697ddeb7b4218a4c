//! Organisations of another register, many at once: whole columns instead of a statement for each.
//!
//! A register of this country has 900,000 organisations. Each has a statement of its own in the log, as one that is
//! entered by hand has; what is done at once is looking up, numbering and writing.

use super::Batch;
use super::organisation::posting_of;
use crate::posting::{PostingError, stream_names};
use crate::search::{Findable, IN_FORCE, normalise, sort_key};
use db::{Col, Result, bulk, sql};
use domain::funds::posting::Posting;
use domain::parties::register::{Entry, Item, NewEntry};
use domain::parties::{APPROVAL_THRESHOLD, NewOrganisation, RegisteredOrganisation};
use kernel::{Id, Timestamp};
use leaf::ids;
use std::collections::BTreeSet;

/// An entry, and whose it is.
type Written = (Id<ids::Organisation>, Entry);

/// An organisation that is new here, with its key and its statement.
struct Coming<'a> {
    id: Id<ids::Organisation>,
    row: &'a RegisteredOrganisation,
    posting: Posting,
    entries: Vec<(Id<ids::RegisterEntry>, Posting)>,
    leaf_index: i64,
}

impl Batch {
    /// Enters the organisations that are not here yet, with the entries of their registers. One whose key in its
    /// register or whose unified code is known adds nothing. How many were new.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why a leaf cannot be written; the batch must be undone then.
    pub async fn organisations_import(
        &mut self,
        rows: &[RegisteredOrganisation],
        now: Timestamp,
    ) -> Result<std::result::Result<usize, PostingError>> {
        let fresh = self.not_here(rows).await?;
        let mut coming: Vec<Coming<'_>> = Vec::with_capacity(fresh.len());
        for row in fresh {
            coming.push(self.coming(row, now));
        }
        self.load_streams_of(&coming).await?;
        let written = match self.book_all(&mut coming, now).await? {
            Ok(written) => written,
            Err(error) => return Ok(Err(error)),
        };
        self.organisation_rows(&coming, now).await?;
        self.register_rows(&written).await?;
        for one in &coming {
            self.findable(found_by(one));
        }
        // What the register calls otherwise than the list did is renamed like any other.
        for one in &coming {
            if let Err(error) = self.rename_if_needed(one, now).await? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(coming.len()))
    }

    /// Books the statements of the organisations and of their entries, in that order; answers the entries.
    async fn book_all(
        &mut self,
        coming: &mut [Coming<'_>],
        now: Timestamp,
    ) -> Result<std::result::Result<Vec<Written>, PostingError>> {
        let mut written = Vec::new();
        for one in coming {
            match self.book(&one.posting).await? {
                Ok(posted) => one.leaf_index = posted.leaf_index,
                Err(error) => return Ok(Err(error)),
            }
            for ((id, posting), new) in one.entries.iter().zip(&one.row.entries) {
                let posted = match self.book(posting).await? {
                    Ok(posted) => posted,
                    Err(error) => return Ok(Err(error)),
                };
                let entry = Entry {
                    id: *id,
                    new: new.clone(),
                    recorded_at: now,
                    leaf_index: posted.leaf_index,
                };
                written.push((one.id, entry));
            }
        }
        Ok(Ok(written))
    }

    /// The rows whose key and code nobody has, each once.
    async fn not_here<'a>(
        &mut self,
        rows: &'a [RegisteredOrganisation],
    ) -> Result<Vec<&'a RegisteredOrganisation>> {
        let by_source = sql!(
            pg: "SELECT o.source, o.source_id FROM UNNEST($1::text[], $2::text[]) AS k(source, source_id) JOIN organisation o ON o.source = k.source AND o.source_id = k.source_id",
            lite: "SELECT source, source_id FROM organisation WHERE source = $1 AND source_id = $2"
        );
        let by_code = sql!(
            pg: "SELECT uscc FROM organisation WHERE uscc = ANY($1)",
            lite: "SELECT uscc FROM organisation WHERE uscc = $1"
        );
        let each = || rows.iter().map(|row| &row.organisation);
        let sources: Vec<&str> = each().map(|new| new.source.as_str()).collect();
        let source_ids: Vec<&str> = each().map(|new| new.source_id.as_str()).collect();
        let codes = each().filter_map(|new| new.uscc.as_ref());
        let codes: Vec<&str> = codes.map(|code| code.as_str()).collect();
        let session = self.sql().await?;
        let keys = [Col::T(&sources), Col::T(&source_ids)];
        let known = session
            .by_columns(by_source, &keys, |r| Ok((r.text(0)?, r.text(1)?)))
            .await?;
        let mut known: BTreeSet<(String, String)> = known.into_iter().collect();
        let coded = session.by_texts(by_code, &codes, |r| r.text(0)).await?;
        let mut coded: BTreeSet<String> = coded.into_iter().collect();
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            let new = &row.organisation;
            let code = new.uscc.as_ref().map(|code| code.as_str().to_owned());
            let is_coded = code.as_ref().is_some_and(|code| coded.contains(code));
            // A row that comes twice in one part is entered once.
            if is_coded || !known.insert((new.source.clone(), new.source_id.clone())) {
                continue;
            }
            coded.extend(code);
            fresh.push(row);
        }
        Ok(fresh)
    }

    fn coming<'a>(&mut self, row: &'a RegisteredOrganisation, now: Timestamp) -> Coming<'a> {
        let id: Id<ids::Organisation> = self.mint(now);
        let mut entries = Vec::with_capacity(row.entries.len());
        for new in &row.entries {
            let entry: Id<ids::RegisterEntry> = self.mint(now);
            entries.push((entry, self.posting_of(id, (entry, new), now)));
        }
        Coming {
            id,
            row,
            posting: posting_of(id, &row.organisation, now),
            entries,
            leaf_index: 0,
        }
    }

    /// Streams of an organisation that has just been given its key are empty and need not be asked for.
    async fn load_streams_of(&mut self, coming: &[Coming<'_>]) -> Result<()> {
        let mut asked = BTreeSet::new();
        for one in coming {
            let printed = self.house.print(one.id);
            let own = [leaf::stream_name(&printed), leaf::register_stream(&printed)];
            for name in own.into_iter().flatten() {
                self.state.streams.insert(name, 0);
            }
            let entries = one.entries.iter().map(|(_, posting)| posting);
            for posting in std::iter::once(&one.posting).chain(entries) {
                asked.extend(stream_names(&self.house, posting));
            }
        }
        let asked: Vec<String> = asked.into_iter().collect();
        self.load_streams(&asked).await
    }

    async fn organisation_rows(&mut self, coming: &[Coming<'_>], now: Timestamp) -> Result<()> {
        let insert = bulk!(
            "organisation(id, name, name_key, kind, uscc, region, state, source, source_id, registered_text, registered_day, marks, documents, approval_threshold, leaf_index, recorded_at, sort_key)",
            ""
        );
        let new = || coming.iter().map(|one| &one.row.organisation);
        fn texts<'a>(
            rows: impl Iterator<Item = &'a NewOrganisation>,
            field: fn(&NewOrganisation) -> &str,
        ) -> Vec<&'a str> {
            rows.map(field).collect()
        }
        let days = new().map(|new| new.registered_day.map(|day| i64::from(day.number())));
        let keys: Vec<String> = new().map(|new| normalise(&new.name)).collect();
        let sorted: Vec<String> = new().map(|new| sort_key(&new.name)).collect();
        let marks: Vec<String> = new().map(|new| new.marks.join("\n")).collect();
        let documents: Vec<String> = new().map(|new| new.documents.join("\n")).collect();
        let codes: Vec<Option<&str>> = new().map(|n| n.uscc.as_ref().map(|c| c.as_str())).collect();
        let regions = new().map(|n| n.region.as_ref().map(|region| region.as_str()));
        let (regions, days): (Vec<Option<&str>>, Vec<Option<i64>>) =
            (regions.collect(), days.collect());
        let ids: Vec<i64> = coming.iter().map(|one| one.id.raw()).collect();
        let leaves: Vec<i64> = coming.iter().map(|one| one.leaf_index).collect();
        let (count, at) = (coming.len(), now.micros());
        let columns = [
            Col::I(&ids),
            Col::T(&texts(new(), |n| &n.name)),
            Col::T(&refs(&keys)),
            Col::T(&texts(new(), |n| n.kind.code())),
            Col::OptT(&codes),
            Col::OptT(&regions),
            Col::T(&vec![IN_FORCE; count]),
            Col::T(&texts(new(), |n| &n.source)),
            Col::T(&texts(new(), |n| &n.source_id)),
            Col::T(&texts(new(), |n| &n.registered_text)),
            Col::OptI(&days),
            Col::T(&refs(&marks)),
            Col::T(&refs(&documents)),
            Col::I(&vec![APPROVAL_THRESHOLD; count]),
            Col::I(&leaves),
            Col::I(&vec![at; count]),
            Col::T(&refs(&sorted)),
        ];
        self.change()
            .await?
            .bulk(insert, &columns)
            .await
            .map(|_| ())
    }

    async fn register_rows(&mut self, written: &[Written]) -> Result<()> {
        let insert = bulk!(
            "register_entry(id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at)",
            ""
        );
        let text = |field: fn(&NewEntry) -> &str| -> Vec<&str> {
            written.iter().map(|(_, entry)| field(&entry.new)).collect()
        };
        let numbers =
            |field: fn(&Written) -> i64| -> Vec<i64> { written.iter().map(field).collect() };
        let some = |field: fn(&NewEntry) -> Option<i64>| -> Vec<Option<i64>> {
            written.iter().map(|(_, entry)| field(&entry.new)).collect()
        };
        let standings = written
            .iter()
            .map(|(_, entry)| entry.new.standing.map(|standing| standing.code()));
        let standings: Vec<Option<&str>> = standings.collect();
        let columns = [
            Col::I(&numbers(|(_, entry)| entry.id.raw())),
            Col::I(&numbers(|(organisation, _)| organisation.raw())),
            Col::T(&text(|new| new.item.code())),
            Col::OptT(&standings),
            Col::T(&text(|new| &new.words)),
            Col::I(&numbers(|(_, entry)| i64::from(entry.new.from.number()))),
            Col::OptI(&some(|new| new.until.map(|day| i64::from(day.number())))),
            Col::T(&text(|new| &new.office)),
            Col::T(&text(|new| &new.document)),
            Col::T(&text(|new| &new.law)),
            Col::T(&text(|new| &new.reason)),
            Col::T(&text(|new| &new.source)),
            Col::OptI(&some(|new| new.matter().map(Id::raw))),
            Col::OptI(&some(|new| new.corrects.map(Id::raw))),
            Col::I(&numbers(|(_, entry)| entry.leaf_index)),
            Col::I(&numbers(|(_, entry)| entry.recorded_at.micros())),
        ];
        self.change()
            .await?
            .bulk(insert, &columns)
            .await
            .map(|_| ())
    }

    async fn rename_if_needed(
        &mut self,
        one: &Coming<'_>,
        now: Timestamp,
    ) -> Result<std::result::Result<(), PostingError>> {
        let mut entries = one.row.entries.iter();
        if !entries.any(|new| new.item == Item::Name) {
            return Ok(Ok(()));
        }
        let register = self.register(one.id).await?;
        let today = register.on(Item::Name, now.day());
        let is_same = today.is_none_or(|entry| entry.new.words == one.row.organisation.name);
        if is_same {
            return Ok(Ok(()));
        }
        self.rename(one.id, &register, now).await
    }
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Who is found by it: the present name, then the former ones.
fn found_by(one: &Coming<'_>) -> Findable {
    let name = &one.row.organisation.name;
    let mut found = Findable::organisation(one.id.raw(), IN_FORCE, name.clone());
    for entry in &one.row.entries {
        if entry.item == Item::Name && !found.keys.contains(&entry.words) {
            found.keys.push(entry.words.clone());
        }
    }
    found
}
