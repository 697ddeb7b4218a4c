//! Words beside leaves: opened again where something says them, else kept as lost.

use super::{Flow, GivenWord, LostWord, Replay, Said};
use db::{Sql, args, sql};
use domain::fundraising::WORDS_LOST;
use leaf::{Leaf, Opening};
use std::collections::BTreeMap;

/// The one commitment of a gift, which opens for its donor alone.
const GIFT_FIELD: &str = "gift";

/// The words of one leaf as far as they were found, by field.
pub(super) struct Words(BTreeMap<String, String>);

impl Words {
    /// What was found.
    pub(super) fn found(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// What stands in a row: the words; that they are lost; nothing if the leaf never had any.
    pub(super) fn row(&self, said: &Said<'_>, field: &str) -> &str {
        match self.found(field) {
            Some(words) => words,
            None if said.leaf.commitments.contains_key(field) => WORDS_LOST,
            None => "",
        }
    }
}

impl Replay<'_> {
    /// Opens the commitments of a leaf with the words that are tried for its fields, and keeps a row for each field.
    pub(super) async fn open(&mut self, said: &Said<'_>, tried: &[(&str, String)]) -> Flow<Words> {
        let (id, index) = (&said.leaf.id, said.index);
        let key = self.batch.house.word_key(id, index);
        let mut words = BTreeMap::new();
        let is_gift = id.starts_with("don_");
        for (field, commitment) in &said.leaf.commitments {
            if is_gift && field == GIFT_FIELD {
                continue;
            }
            let salt = leaf::salt(&key, id, field);
            let here = tried.iter().filter(|one| one.0 == field).map(|one| &one.1);
            let given = self.clues.given(index, field).iter();
            let mut all = given.chain(here);
            let opens = |value: &&String| leaf::commit(&salt, id, field, value) == *commitment;
            let found = all.find(opens).cloned();
            let row = match &found {
                Some(value) => (&salt[..], value.as_str()),
                None => (&[0_u8; 32][..], WORDS_LOST),
            };
            let insert = sql!(
                "INSERT INTO opening (leaf_index, field, salt, value) VALUES ($1, $2, $3, $4)"
            );
            let values = args![index, field.as_str(), row.0, row.1];
            self.batch.change().await?.exec(insert, values).await?;
            match found {
                Some(value) => drop(words.insert(field.clone(), value)),
                None => self.losses.words.push(LostWord {
                    leaf_index: index,
                    id: id.clone(),
                    field: field.clone(),
                }),
            }
        }
        Ok(Words(words))
    }

    /// Gives lost words of leaves before the gap back, where they open their commitment. Returns how many were lost.
    pub(crate) async fn fill(&mut self, given: &[GivenWord], before: i64) -> Flow<u64> {
        let mut filled = 0;
        for one in given.iter().filter(|one| one.leaf_index < before) {
            filled += u64::from(self.fill_one(one).await?);
        }
        Ok(filled)
    }

    async fn fill_one(&mut self, one: &GivenWord) -> Flow<bool> {
        let Some(bytes) = self.batch.leaf_bytes(one.leaf_index).await? else {
            return Ok(false);
        };
        let (Ok(leaf), field) = (Leaf::parse(&bytes), one.field.as_str()) else {
            return Ok(false);
        };
        let key = self.batch.house.word_key(&leaf.id, one.leaf_index);
        let opening = Opening::of(&key, &leaf.id, field, &one.value);
        if opening.verify(&leaf).is_err() {
            return Ok(false);
        }
        let update = sql!(
            "UPDATE opening SET salt = $3, value = $4 WHERE leaf_index = $1 AND field = $2 AND salt = $5 AND value = $6 AND withdrawn_at IS NULL"
        );
        let no_salt = &[0_u8; 32][..];
        let values = args![
            one.leaf_index,
            field,
            &opening.salt[..],
            &one.value,
            no_salt,
            WORDS_LOST
        ];
        if self.batch.change().await?.exec(update, values).await? == 0 {
            return Ok(false);
        }
        let (prefix, raw) = self.record_of(&leaf.id)?;
        if let Some(update) = row_of(&prefix, field) {
            let values = args![raw, &one.value];
            self.batch.change().await?.exec(update, values).await?;
        }
        Ok(true)
    }
}

/// Where a record's row repeats a word.
fn row_of(prefix: &str, field: &str) -> Option<&'static Sql> {
    Some(match (prefix, field) {
        ("cam", "filing_number") => {
            sql!("UPDATE campaign SET filing_number = $2 WHERE id = $1")
        }
        ("org", "source") => sql!("UPDATE organisation SET source = $2 WHERE id = $1"),
        ("org", "source_id") => sql!("UPDATE organisation SET source_id = $2 WHERE id = $1"),
        ("reg", "source") => sql!("UPDATE register_entry SET source = $2 WHERE id = $1"),
        ("reg", "reason") => sql!("UPDATE register_entry SET reason = $2 WHERE id = $1"),
        ("reg", "words") => sql!("UPDATE register_entry SET words = $2 WHERE id = $1"),
        ("plc", "title") => sql!("UPDATE place SET title = $2 WHERE id = $1"),
        _ => return super::super::privacy::column(prefix, field),
    })
}
