//! The steps of the schema and the public/private mark of every column.

use db::Migration;

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
        number: 15,
        name: "successor",
        sql: include_str!("../../../migrations/0015_successor.sql"),
    },
];

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
