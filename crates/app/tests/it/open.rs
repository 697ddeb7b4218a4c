//! Open data: the same checkpoint gives the same bytes, what is new is the delta, and strangers' readers find in it
//! what the ledger says.

use crate::house::{House, on_each_engine};
use app::Command;
use app::exchange::{DATASETS, Dump};
use domain::parties::OrganisationForm;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use testkit::sure;

const STRANGE: &str = "=SUM(A1)公益服务中心";

async fn dump(house: &House, folder: &Path) -> Dump {
    sure(house.app.seal_now().await, "a checkpoint");
    let dump = sure(house.app.dump(folder).await, "a dump");
    sure(dump.ok_or("nothing"), "a dump of something")
}

fn bytes(folder: &Path, size: i64, name: &str) -> Vec<u8> {
    let file = folder.join(size.to_string()).join(name);
    sure(std::fs::read(file), name)
}

/// Rows of a CSV file as the crate `csv` reads them, by their heads.
fn rows(folder: &Path, size: i64, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = bytes(folder, size, name);
    let mut reader =
        csv::Reader::from_reader(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text));
    let read = reader.deserialize().map(|row| sure(row, name));
    read.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dumps_are_the_log_and_the_ledger() {
    on_each_engine(|house| async move {
        let folder = sure(tempfile::tempdir(), "a folder");
        let folder = folder.path();
        let campaign = house.campaign().await;
        house.give(&campaign, "123.45", "open-1").await;
        let first = dump(&house, folder).await;
        assert!(first.delta.is_none());
        for file in &first.manifest.files {
            let bytes = bytes(folder, first.manifest.size, &file.name);
            assert_eq!(hex(&bytes), file.sha256, "{}", file.name);
            assert_eq!(bytes.len() as u64, file.bytes);
        }
        let again = folder.join("again");
        let repeated = dump(&house, &again).await;
        assert_eq!(repeated.manifest, first.manifest);
        let size = first.manifest.size;
        for name in ["manifest.json", "manifest.note", "movements.csv"] {
            assert_eq!(bytes(&again, size, name), bytes(folder, size, name));
        }
        let form = OrganisationForm {
            name: STRANGE.into(),
            kind: "association".into(),
            ..OrganisationForm::default()
        };
        house.record(Command::OrganisationRegister(form)).await;
        let second = dump(&house, folder).await;
        let delta = sure(second.delta.ok_or("no delta"), "a delta");
        assert_eq!(delta.since, Some(size));
        let name = format!("organisations-since-{size}.csv");
        let new = rows(folder, second.manifest.size, &name);
        assert_eq!(new.len(), 1);
        assert!(!new[0]["name"].starts_with('='), "{:?}", new[0]);
        compare(&house, folder, second.manifest.size).await;
    })
    .await;
}

/// What the tables say of each fund is what its tape says.
async fn compare(house: &House, folder: &Path, size: i64) {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let number = |text: &str| -> i64 { text.parse().unwrap_or(0) };
    for row in rows(folder, size, "movements.csv") {
        let (out, into) = (number(&row["out_end"]), number(&row["in_end"]));
        let tape = sums.entry(row["out_fund"].clone()).or_default();
        tape.1 = tape.1.max(out);
        let tape = sums.entry(row["in_fund"].clone()).or_default();
        tape.0 = tape.0.max(into);
    }
    let funds = rows(folder, size, "funds.csv");
    assert!(!funds.is_empty());
    let mut read = sure(house.app.db().read_tx().await, "a session");
    for fund in &funds {
        let id = sure(house.app.read_id(&fund["id"]), "an id");
        let known = sure(store::funds::fund_by_id(&mut read, id).await, "a fund");
        let tape = sure(known.ok_or("none"), "a fund").tape;
        let said = sums.get(&fund["id"]).copied().unwrap_or_default();
        assert_eq!(said, (tape.inflow, tape.outflow), "{fund:?}");
    }
    let lines = bytes(folder, size, "organisations.jsonl");
    let lines = String::from_utf8_lossy(&lines).into_owned();
    let names: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| sure(serde_json::from_str(line), "a line"))
        .collect();
    assert!(names.iter().any(|row| row["name"] == STRANGE));
    assert_eq!(DATASETS.len(), 5);
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
