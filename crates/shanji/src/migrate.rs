//! `shanji migrate`: the database brought up to this version, with nothing else started.

use crate::cli::Migrate;
use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use db::{Db, Options};
use store::schema::MIGRATIONS;

/// Runs the command. A database that is not there yet is made.
pub(crate) fn run(args: &Migrate) -> Ended {
    let place = Place::of(&args.house);
    let failed =
        |error: &dyn std::fmt::Display| Failure::unreachable("database.migrate", error.to_string());
    std::fs::create_dir_all(&place.data).map_err(|error| failed(&error))?;
    house::block_on(async {
        let db = Db::open(&place.database, Options::default()).map_err(|error| failed(&error))?;
        store::schema::migrate(&db)
            .await
            .map_err(|error| failed(&error))?;
        db.close();
        Ok::<(), Failure>(())
    })??;
    let newest = MIGRATIONS.last().map_or(0, |migration| migration.number);
    say(&format!("数据库已是第{newest}版\n"));
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::House;

    #[test]
    fn a_new_house_and_an_old_one_are_brought_up() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let args = Migrate {
            house: House {
                passphrase_file: None,
                data: data.clone(),
                database: None,
            },
        };
        for _ in 0..2 {
            assert_eq!(run(&args), Ok(Exit::Fine));
        }
        assert!(data.join("shanji.db").exists());
    }

    #[test]
    fn what_cannot_be_opened_is_said() {
        let home = tempfile::tempdir().unwrap();
        let args = Migrate {
            house: House {
                passphrase_file: None,
                data: home.path().into(),
                database: Some("mysql://x".into()),
            },
        };
        assert_eq!(
            run(&args).map_err(|failure| failure.exit),
            Err(Exit::Unreachable)
        );
    }
}
