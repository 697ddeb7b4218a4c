//! Entries of registers: each with its leaf, and what a new name changes beside it.

use super::Batch;
use crate::limits::PREDECESSORS_MAX;
use crate::posting::PostingError;
use crate::search::{Findable, IN_FORCE, normalise, sort_key};
use db::{Result, args, sql};
use domain::funds::posting::{Posting, Subject};
use domain::parties::register::{Entry, Item, NewEntry, Origin, Register};
use kernel::{Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use std::sync::Arc;

impl Batch {
    /// The register of an organisation as it stands now in this batch.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn register(&mut self, id: Id<ids::Organisation>) -> Result<Arc<Register>> {
        if let Some(register) = self.state.registers.get(&id.raw()) {
            return Ok(Arc::clone(register));
        }
        let register = crate::parties::register_of(self.sql().await?, id).await?;
        let register = Arc::new(register);
        let kept = Arc::clone(&register);
        self.state.registers.insert(id.raw(), kept);
        Ok(register)
    }

    /// Records an entry: its leaf and its row. A name that holds now becomes the name of the organisation, and the one
    /// before it is entered as it stood, so that it stays known as a former one.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn register_enter(
        &mut self,
        organisation: Id<ids::Organisation>,
        new: NewEntry,
        now: Timestamp,
    ) -> Result<std::result::Result<Entry, PostingError>> {
        if new.item == Item::Name {
            let register = self.register(organisation).await?;
            if register.counting(Item::Name).next().is_none()
                && let Some(before) = self.name_before(organisation, &new).await?
                && let Err(error) = self.enter_one(organisation, before, now).await?
            {
                return Ok(Err(error));
            }
        }
        self.enter_one(organisation, new, now).await
    }

    /// The name that the organisation was entered with, as an entry; `None` if the new one is the same.
    async fn name_before(
        &mut self,
        organisation: Id<ids::Organisation>,
        new: &NewEntry,
    ) -> Result<Option<NewEntry>> {
        let sql = sql!(
            "SELECT name, source, registered_day, recorded_at FROM organisation WHERE id = $1"
        );
        let (name, source, registered, recorded) = self
            .sql()
            .await?
            .one(sql, args![organisation.raw()], |r| {
                Ok((r.text(0)?, r.text(1)?, r.opt_i64(2)?, r.i64(3)?))
            })
            .await?;
        let recorded = Timestamp::from_micros(recorded).day();
        let from = registered.map(super::rows::day).transpose()?;
        let from = from.unwrap_or(recorded).min(new.from);
        Ok((name != new.words).then(|| NewEntry {
            item: Item::Name,
            standing: None,
            words: name,
            from,
            until: None,
            office: String::new(),
            document: String::new(),
            law: String::new(),
            reason: String::new(),
            source,
            origin: Origin::Imported,
            corrects: None,
            successor: None,
        }))
    }

    async fn enter_one(
        &mut self,
        organisation: Id<ids::Organisation>,
        new: NewEntry,
        now: Timestamp,
    ) -> Result<std::result::Result<Entry, PostingError>> {
        let register = self.register(organisation).await?;
        let id: Id<ids::RegisterEntry> = self.mint(now);
        let mut posting = self.posting_of(organisation, (id, &new), now);
        let corrected = new.corrects.and_then(|corrected| {
            let mut entries = register.entries().iter();
            entries.find(|entry| entry.id == corrected)
        });
        posting.reference = corrected.map(|entry| entry.leaf_index);
        let posted = match self.book(&posting).await? {
            Ok(posted) => posted,
            Err(error) => return Ok(Err(error)),
        };
        let entry = Entry {
            id,
            new,
            recorded_at: now,
            leaf_index: posted.leaf_index,
        };
        self.register_row(organisation, &entry).await?;
        let mut entries = register.entries().to_vec();
        entries.push(entry.clone());
        let register = Arc::new(Register::new(entries));
        let kept = Arc::clone(&register);
        self.state.registers.insert(organisation.raw(), kept);
        if entry.new.item == Item::Name
            && let Err(error) = self.rename(organisation, &register, now).await?
        {
            return Ok(Err(error));
        }
        Ok(Ok(entry))
    }

    pub(super) fn posting_of(
        &self,
        organisation: Id<ids::Organisation>,
        (id, new): (Id<ids::RegisterEntry>, &NewEntry),
        now: Timestamp,
    ) -> Posting {
        let subject = Subject::RegisterEntry(id);
        let mut posting = Posting::new(subject, LeafKind::Register, organisation, now)
            .fact("kind", new.item.code())
            .fact("from", new.from.to_string())
            .public_word("source", new.source.clone());
        for (word, text) in [
            ("office", &new.office),
            ("document", &new.document),
            ("law", &new.law),
        ] {
            if !text.is_empty() {
                posting = posting.fact(word, text.as_str());
            }
        }
        if let Some(standing) = new.standing {
            posting = posting.fact("state", standing.code());
        }
        if let Some(until) = new.until {
            posting = posting.fact("until", until.to_string());
        }
        if let Some(matter) = new.matter() {
            posting = posting.fact("matter", self.house.print(matter));
        }
        if let Some(successor) = new.successor {
            posting = posting.fact("successor", self.house.print(successor));
        }
        if !new.reason.is_empty() {
            posting = posting.public_word("reason", new.reason.clone());
        }
        // The name of a legal person stands in clear; whatever else is said in words is under a commitment.
        match new.item {
            Item::Name => posting.fact("name", new.words.as_str()),
            _ if new.words.is_empty() => posting,
            _ => posting.public_word("words", new.words.clone()),
        }
    }

    pub(super) async fn register_row(
        &mut self,
        organisation: Id<ids::Organisation>,
        entry: &Entry,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO register_entry (id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
        );
        let new = &entry.new;
        let arguments = args![
            entry.id.raw(),
            organisation.raw(),
            new.item.code(),
            new.standing.map(|standing| standing.code()),
            &new.words,
            i64::from(new.from.number()),
            new.until.map(|day| i64::from(day.number())),
            &new.office,
            &new.document,
            &new.law,
            &new.reason,
            &new.source,
            new.matter().map(Id::raw),
            new.corrects.map(Id::raw),
            entry.leaf_index,
            entry.recorded_at.micros(),
            new.successor.map(Id::raw)
        ];
        self.change().await?.exec(insert, arguments).await?;
        match new.successor {
            Some(successor) => self.succeeded(successor).await,
            None => Ok(()),
        }
    }

    /// The name of today becomes the name on pages and in lists, in a new version of the organisation's statement; the
    /// former ones still find it.
    pub(super) async fn rename(
        &mut self,
        organisation: Id<ids::Organisation>,
        register: &Register,
        now: Timestamp,
    ) -> Result<std::result::Result<(), PostingError>> {
        let named = register.on(Item::Name, now.day());
        let named = named.map(|entry| entry.new.words.clone());
        let sql = sql!("SELECT name, leaf_index FROM organisation WHERE id = $1");
        let (present, leaf_index) = self
            .sql()
            .await?
            .one(sql, args![organisation.raw()], |r| {
                Ok((r.text(0)?, r.opt_i64(1)?))
            })
            .await?;
        let name = named.unwrap_or_else(|| present.clone());
        let mut keys = vec![name.clone(), present.clone()];
        let named = register.counting(Item::Name);
        keys.extend(named.map(|entry| entry.new.words.clone()));
        if name != present {
            let subject = Subject::Organisation(organisation);
            let mut posting = Posting::new(subject, LeafKind::Organisation, organisation, now)
                .fact("name", name.as_str());
            posting.reference = leaf_index;
            let posted = match self.book(&posting).await? {
                Ok(posted) => posted,
                Err(error) => return Ok(Err(error)),
            };
            let update = sql!(
                "UPDATE organisation SET name = $2, name_key = $3, leaf_index = $4, sort_key = $5 WHERE id = $1"
            );
            let (key, sorted) = (normalise(&name), sort_key(&name));
            let arguments = args![organisation.raw(), &name, &key, posted.leaf_index, &sorted];
            self.change().await?.exec(update, arguments).await?;
        }
        let mut found = Findable::organisation(organisation.raw(), IN_FORCE, name);
        keys.extend(self.names_before(organisation).await?);
        for key in keys {
            if !found.keys.contains(&key) {
                found.keys.push(key);
            }
        }
        self.findable(found);
        Ok(Ok(()))
    }

    /// Names of those whose successor an organisation is.
    async fn names_before(&mut self, successor: Id<ids::Organisation>) -> Result<Vec<String>> {
        let session = self.sql().await?;
        let before = crate::parties::register_predecessors(session, successor, PREDECESSORS_MAX);
        Ok(before.await?.into_iter().map(|row| row.1).collect())
    }

    /// Whoever goes on is found by the names of the one before, too.
    async fn succeeded(&mut self, successor: Id<ids::Organisation>) -> Result<()> {
        let Some(known) = self.organisation(successor).await? else {
            return Ok(());
        };
        let register = self.register(successor).await?;
        let mut keys: Vec<String> = register
            .counting(Item::Name)
            .map(|entry| entry.new.words.clone())
            .collect();
        keys.extend(self.names_before(successor).await?);
        let mut found = Findable::organisation(successor.raw(), IN_FORCE, known.name);
        for key in keys {
            if !found.keys.contains(&key) {
                found.keys.push(key);
            }
        }
        self.findable(found);
        Ok(())
    }
}
