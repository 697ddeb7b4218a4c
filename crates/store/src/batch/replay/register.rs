//! Entries of registers, and the new names that some of them bring.

use super::{Flow, Replay, Said, broken};
use crate::search::{normalise, sort_key};
use db::{args, sql};
use domain::parties::register::{Entry, Item, NewEntry, Origin, Standing};
use kernel::Id;
use leaf::ids;

/// Entries, and organisations, that are asked for the names of their registers: the newest ones.
const SOURCES_READ: i64 = 2_000;
/// Registers whose names are tried.
const SOURCES_MAX: usize = 100;

impl Replay<'_> {
    pub(super) async fn register_entry(&mut self, said: &Said<'_>) -> Flow<()> {
        let organisation = self.owner(said)?;
        let sources = self.sources().await?;
        let tried: Vec<_> = sources
            .into_iter()
            .map(|source| ("source", source))
            .collect();
        let words = self.open(said, &tried).await?;
        if let (Some(known), Some(source)) = (&mut self.sources, words.found("source"))
            && !known.iter().any(|one| one == source)
        {
            known.push(source.to_owned());
        }
        let item = Item::parse(said.text("kind"));
        let (Some(item), Some(from)) = (item, said.day("from")) else {
            return broken("登记记载没有事项或起始日");
        };
        let text = |word: &str| said.text(word).to_owned();
        let word = |field: &str| words.row(said, field).to_owned();
        let entry = Entry {
            id: self.id(&said.leaf.id)?,
            new: NewEntry {
                item,
                standing: Standing::parse(item, said.text("state")),
                words: match item {
                    Item::Name => text("name"),
                    _ => word("words"),
                },
                from,
                until: said.day("until"),
                office: text("office"),
                document: text("document"),
                law: text("law"),
                reason: word("reason"),
                source: word("source"),
                origin: match said.text("matter") {
                    "" => Origin::Imported,
                    matter => Origin::Matter(self.id(matter)?),
                },
                corrects: self.corrected(said).await?,
                successor: match said.text("successor") {
                    "" => None,
                    successor => Some(self.id(successor)?),
                },
            },
            recorded_at: said.at(),
            leaf_index: said.index,
        };
        self.batch.register_row(organisation, &entry).await?;
        if let Origin::Matter(matter) = entry.new.origin {
            self.decided(said, matter).await?;
        }
        self.batch.state.registers.remove(&organisation.raw());
        Ok(())
    }

    /// A matter that is open here was decided: it must not be decided again, which `domain` refuses by the entry.
    async fn decided(&mut self, said: &Said<'_>, matter: Id<ids::Matter>) -> Flow<()> {
        let known = self.batch.matter(matter).await?;
        let printed = said.text("matter");
        if known.is_some_and(|known| known.ended_at.is_none())
            && !self.losses.matters.iter().any(|one| one == printed)
        {
            self.losses.matters.push(printed.to_owned());
        }
        Ok(())
    }

    /// The organisation has another name from here on.
    pub(super) async fn renamed(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Organisation>(&said.leaf.id)?;
        self.open(said, &[]).await?;
        let name = said.text("name");
        let update = sql!(
            "UPDATE organisation SET name = $2, name_key = $3, leaf_index = $4, sort_key = $5 WHERE id = $1"
        );
        let (key, sorted) = (normalise(name), sort_key(name));
        let values = args![id.raw(), name, &key, said.index, &sorted];
        match self.batch.change().await?.exec(update, values).await? {
            0 => broken("改名的组织不在"),
            _ => Ok(()),
        }
    }

    /// The entry that this one calls a mistake.
    async fn corrected(&mut self, said: &Said<'_>) -> Flow<Option<Id<ids::RegisterEntry>>> {
        if said.leaf.reference.is_none() {
            return Ok(None);
        }
        let index = self.named(said)?;
        let organisation = self.owner(said)?;
        let sql =
            sql!("SELECT id FROM register_entry WHERE organisation_id = $1 AND leaf_index = $2");
        let found = self
            .batch
            .sql()
            .await?
            .opt(sql, args![organisation.raw(), index], |r| r.i64(0))
            .await?;
        match found {
            Some(id) => Ok(Some(Id::from_raw(id))),
            None => broken("登记记载所更正的记载不在"),
        }
    }

    /// Names of registers that the house knows.
    async fn sources(&mut self) -> Flow<Vec<String>> {
        if let Some(known) = &self.sources {
            return Ok(known.clone());
        }
        let session = self.batch.sql().await?;
        let mut read: Vec<String> = Vec::new();
        for sql in [
            sql!("SELECT source FROM register_entry WHERE id < $1 ORDER BY id DESC LIMIT $2"),
            sql!("SELECT source FROM organisation WHERE id < $1 ORDER BY id DESC LIMIT $2"),
        ] {
            let values = args![i64::MAX, SOURCES_READ];
            read.extend(session.rows(sql, values, |r| r.text(0)).await?);
        }
        read.sort_unstable();
        read.dedup();
        read.truncate(SOURCES_MAX);
        self.sources = Some(read.clone());
        Ok(read)
    }
}
