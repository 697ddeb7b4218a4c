//! The steps of the schema and the public/private mark of every column.

use crate::search::sort_key;
use db::{Db, Migration, Result, args, sql};

/// All steps, oldest first; forward only.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "house",
        sql: include_str!("../../../migrations/0001_house.sql"),
    },
    Migration {
        number: 2,
        name: "campaign_words",
        sql: include_str!("../../../migrations/0002_campaign_words.sql"),
    },
    Migration {
        number: 3,
        name: "search_in_memory",
        sql: include_str!("../../../migrations/0003_search_in_memory.sql"),
    },
    Migration {
        number: 4,
        name: "import_mapping",
        sql: include_str!("../../../migrations/0004_import_mapping.sql"),
    },
    Migration {
        number: 5,
        name: "fewer_trees",
        sql: include_str!("../../../migrations/0005_fewer_trees.sql"),
    },
    Migration {
        number: 6,
        name: "stream_index",
        sql: include_str!("../../../migrations/0006_stream_index.sql"),
    },
    Migration {
        number: 7,
        name: "two doors",
        sql: include_str!("../../../migrations/0007_two_doors.sql"),
    },
    Migration {
        number: 8,
        name: "repair",
        sql: include_str!("../../../migrations/0008_repair.sql"),
    },
    Migration {
        number: 9,
        name: "cosignatures",
        sql: include_str!("../../../migrations/0009_cosignatures.sql"),
    },
    Migration {
        number: 10,
        name: "privacy",
        sql: include_str!("../../../migrations/0010_privacy.sql"),
    },
    Migration {
        number: 11,
        name: "matter",
        sql: include_str!("../../../migrations/0011_matter.sql"),
    },
    Migration {
        number: 12,
        name: "register",
        sql: include_str!("../../../migrations/0012_register.sql"),
    },
    Migration {
        number: 13,
        name: "second factor",
        sql: include_str!("../../../migrations/0013_second_factor.sql"),
    },
    Migration {
        number: 14,
        name: "contacts",
        sql: include_str!("../../../migrations/0014_contacts.sql"),
    },
    Migration {
        number: 15,
        name: "successor",
        sql: include_str!("../../../migrations/0015_successor.sql"),
    },
    Migration {
        number: 16,
        name: "undone",
        sql: include_str!("../../../migrations/0016_undone.sql"),
    },
    Migration {
        number: 17,
        name: "passkey",
        sql: include_str!("../../../migrations/0017_passkey.sql"),
    },
];

/// Names that are given their place in lists at once.
const NAMES_AT_ONCE: i64 = 1_000;

/// Brings the schema up to date, and fills what a step adds and only a program can compute; gives the numbers of the
/// steps that were applied now.
///
/// # Errors
/// As [`Db::migrate`], and the engine's refusal.
pub async fn migrate(db: &Db) -> Result<Vec<u32>> {
    let done = db.migrate(MIGRATIONS).await?;
    while names_placed(db).await? > 0 {}
    Ok(done)
}

/// Gives some organisations of before step 14 their place in lists of names; how many there were.
async fn names_placed(db: &Db) -> Result<usize> {
    let mut tx = db.begin().await?;
    let unplaced = sql!(
        "SELECT id, name FROM organisation WHERE sort_key = '' ORDER BY sort_key, id LIMIT $1"
    );
    let names: Vec<(i64, String)> = tx
        .rows(unplaced, args![NAMES_AT_ONCE], |r| {
            Ok((r.i64(0)?, r.text(1)?))
        })
        .await?;
    for (id, name) in &names {
        let place = sql!("UPDATE organisation SET sort_key = $2 WHERE id = $1");
        let key = sort_key(name);
        tx.exec(place, args![*id, &key]).await?;
    }
    tx.commit().await?;
    Ok(names.len())
}

/// Tables that grow with gifts, organisations and applications: no statement may read them whole.
pub const LARGE_TABLES: &[&str] = &[
    "movement",
    "donation",
    "donation_private",
    "donation_intent",
    "payment_key",
    "log_leaf",
    "log_tile",
    "log_cosignature",
    "audit_entry",
    "command_done",
    "opening",
    "swap",
    "stream",
    "stream_part",
    "stream_sealed",
    "organisation",
    "matter",
    "matter_taken",
    "matter_answer",
    "matter_file",
    "register_entry",
];

#[cfg(test)]
mod tests {
    use super::*;
    use db::Options;

    async fn keys(db: &Db) -> Vec<String> {
        let mut read = db.read_tx().await.unwrap();
        let found = crate::parties::organisations_after(&mut read, ("", 0), 10).await;
        found.unwrap().into_iter().map(|row| row.name).collect()
    }

    /// A house of before step 14 has no places for its names; one that stands keeps them.
    #[tokio::test]
    async fn names_of_before_get_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("house.db").display());
        let db = Db::open(&url, Options::default()).unwrap();
        migrate(&db).await.unwrap();
        for (id, name) in [(1, "云山会"), (2, "安平会"), (3, "重庆会")] {
            let mut tx = db.begin().await.unwrap();
            let old = sql!(
                "INSERT INTO organisation (id, name, name_key, kind, state, source, source_id, registered_text, marks, documents, approval_threshold, recorded_at) VALUES ($1, $2, $2, 'other', 'in_force', 'x', $2, '', '', '', 1, 1)"
            );
            tx.exec(old, args![id, name]).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(
            keys(&db).await,
            ["云山会", "安平会", "重庆会"],
            "as entered"
        );
        assert_eq!(migrate(&db).await.unwrap(), Vec::<u32>::new());
        assert_eq!(keys(&db).await, ["安平会", "重庆会", "云山会"]);
    }
}
