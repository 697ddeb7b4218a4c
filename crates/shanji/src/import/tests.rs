//! The import command from files on disk to posted rows.

use super::*;
use crate::cli::{Cli, Command};
use clap::Parser;

fn import(line: &str, house: &Path) -> Ended {
    let house = house.display().to_string();
    let words = line.split(' ').chain(["--data", &house]);
    match Cli::try_parse_from(["shanji", "import"].into_iter().chain(words))
        .unwrap()
        .command
    {
        Command::Import(args) => run(&args),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_register_goes_in_once_and_its_rejects_come_out() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let list = home.path().join("a.csv");
    std::fs::write(
        &list,
        "id,name,registered_on,approval_documents\n1,甲會,1999-01-02,\n,乙會,,\n",
    )
    .unwrap();
    let rejects = home.path().join("r.csv");
    let (list, out) = (list.display(), rejects.display());
    assert_eq!(
        import(
            &format!("organisations {list} --dry-run --rejects {out}"),
            &data
        ),
        Ok(Exit::Fine)
    );
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(
        text.lines().count() == 2 && text.contains("乙會,,,row.empty"),
        "{text}"
    );
    for _ in 0..2 {
        assert_eq!(
            import(&format!("organisations {list} --json"), &data),
            Ok(Exit::Fine)
        );
    }
    assert_eq!(import("list", &data), Ok(Exit::Fine));
}

#[test]
fn what_cannot_be_done_is_said() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let code = |ended: Ended| ended.unwrap_err().code;
    assert_eq!(code(import("no-such-file.csv", &data)), "import.file");
    assert_eq!(code(import("undo imp_0000000000000A", &data)), "not_found");
    let list = home.path().join("a.csv");
    std::fs::write(&list, "渠道单号,金额,时间\n1,1.00,2026-11-20 10:00:00\n").unwrap();
    assert_eq!(
        code(import(&list.display().to_string(), &data)),
        "import.organisation"
    );
    let held = Db::open(
        &format!("sqlite:{}", data.join("shanji.db").display()),
        Options::default(),
    );
    assert!(held.is_ok());
    assert_eq!(code(import("list", &data)), "import.locked");
}

#[test]
fn rejects_of_several_files_have_a_folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("rejects");
    let of = |name: &str, rows| RejectsFile {
        name: name.into(),
        rows,
        bytes: name.into(),
    };
    write_all(&folder, &[of("a.退回.csv", 2), of("b.退回.csv", 0)]).unwrap();
    let there: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(there.len(), 1, "who has no rejects has no file");
    let bytes = std::fs::read(folder.join("a.退回.csv")).unwrap();
    assert_eq!(bytes, "a.退回.csv".as_bytes());
    // A file in its place is said, not written over.
    std::fs::write(home.path().join("x"), "mine").unwrap();
    let failed = write_all(&home.path().join("x"), &[of("a", 1)]).unwrap_err();
    assert_eq!(failed.code, "import.rejects");
}
