//! The real lists, read whole: every row is taken or rejected, and the sums agree to the fen.
//!
//! The lists stand beside the checkout and are not part of it; without them these tests say
//! so loudly and pass.

use super::*;
use kernel::{Amount, Fen};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What became of a file.
#[derive(Debug, Default)]
struct Read {
    accepted: usize,
    sum_accepted: i64,
    sum_rejected: i64,
    /// Code to number.
    rejects: BTreeMap<&'static str, usize>,
    proposals: Vec<Proposal>,
}

impl Read {
    fn rejected(&self) -> usize {
        self.rejects.values().sum()
    }
}

fn amount_of(proposal: &Proposal) -> Option<Amount> {
    match proposal {
        Proposal::Gift(gift) => Some(gift.amount),
        Proposal::Disbursement(disbursement) => Some(disbursement.amount),
        _ => None,
    }
}

fn open(name: &str) -> Option<sheet::Table> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    if !path.exists() {
        eprintln!("SKIPPED: {name} is not there ({})", path.display());
        return None;
    }
    Some(sheet::Table::from_path(&path, &sheet::Options::default()).unwrap())
}

/// Reads a file whose first row is its heading.
fn read(name: &str, layout: Layout) -> Option<Read> {
    let mut table = open(name)?;
    let mut rows = table.rows().unwrap();
    let reader = Reader::recognise(&rows.next().unwrap().unwrap().cells).unwrap();
    assert_eq!(reader.layout(), layout);
    let mut read = Read::default();
    for row in rows {
        let row = row.unwrap();
        assert_eq!(row.trouble, None);
        match reader.read_row(&Row {
            line: row.line,
            cells: &row.cells,
        }) {
            Ok(proposal) => {
                read.accepted += 1;
                read.sum_accepted += amount_of(&proposal).map_or(0, Amount::get);
                read.proposals.push(proposal);
            }
            Err(reject) => {
                *read.rejects.entry(reject.code).or_default() += 1;
                read.sum_rejected += reject.amount.map_or(0, Amount::get);
            }
        }
    }
    let (accepted, rejected) = (Fen::new(read.sum_accepted), Fen::new(read.sum_rejected));
    println!(
        "{name}: {} accepted {}, rejected {} {:?}",
        read.accepted,
        accepted.grouped(),
        rejected.grouped(),
        read.rejects
    );
    Some(read)
}

/// The sum of a column, counted by hand and not by the layouts.
fn column_sum(name: &str, column: &str) -> i64 {
    let mut table = open(name).unwrap();
    let mut rows = table.rows().unwrap();
    let place = rows
        .next()
        .unwrap()
        .unwrap()
        .cells
        .iter()
        .position(|c| c == column)
        .unwrap();
    rows.map(|row| {
        let (yuan, fen) = row.as_ref().unwrap().cells[place].split_once('.').unwrap();
        assert_eq!(fen.len(), 2);
        yuan.parse::<i64>().unwrap() * 100 + fen.parse::<i64>().unwrap()
    })
    .sum()
}

fn gifts(read: &Read) -> impl Iterator<Item = &ProposedGift> {
    read.proposals.iter().filter_map(|p| match p {
        Proposal::Gift(gift) => Some(&**gift),
        _ => None,
    })
}

fn distinct(read: &Read) -> usize {
    gifts(read)
        .map(|g| (g.channel, g.external_id.as_str()))
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

#[test]
fn qr_pos_payments() {
    let name = "wuhan-redcross-2020/donations_qr_pos.csv.gz";
    let Some(read) = read(name, Layout::QrPos) else {
        return;
    };
    assert_eq!((read.accepted, read.rejected()), (116_443, 0));
    assert_eq!(
        (read.sum_accepted, column_sum(name, "amount_cny")),
        (1_376_388_541, 1_376_388_541)
    );
    assert_eq!(distinct(&read), 116_443);
    assert_eq!(gifts(&read).filter(|g| g.amount.get() == 1).count(), 2_279);
    assert_eq!(
        gifts(&read)
            .filter(|g| g.published_for != Some(g.time.day()))
            .count(),
        6
    );
}

#[test]
fn named_gifts() {
    let name = "wuhan-redcross-2020/donations_named.csv.gz";
    let Some(read) = read(name, Layout::Named) else {
        return;
    };
    assert_eq!((read.accepted, read.rejected()), (61_194, 5));
    assert_eq!(
        read.rejects,
        BTreeMap::from([("named.nameless", 2), ("named.subtotal", 3)])
    );
    assert_eq!(read.sum_rejected, 403_860_419);
    assert_eq!(
        read.sum_accepted + read.sum_rejected,
        column_sum(name, "amount")
    );
    assert_eq!(read.sum_accepted, 68_142_716_835);
    assert_eq!(distinct(&read), 61_194);
    assert!(
        gifts(&read).all(|g| !g.time.is_known()),
        "the lists have no times"
    );
    let mut by_list: BTreeMap<(&str, String), i64> = BTreeMap::new();
    for gift in gifts(&read) {
        *by_list
            .entry((gift.channel.code(), gift.time.day().to_string()))
            .or_default() += gift.amount.get();
    }
    assert_eq!(by_list[&("bank_comm", "2020-01-29".into())], 6_484_237_064);
    assert_eq!(by_list[&("bank_comm", "2020-01-30".into())], 12_578_229_495);
}

#[test]
fn disbursements() {
    let name = "wuhan-redcross-2020/cash_disbursed.csv";
    let Some(read) = read(name, Layout::CashDisbursed) else {
        return;
    };
    assert_eq!((read.accepted, read.rejected()), (13, 0));
    assert_eq!(read.sum_accepted, column_sum(name, "amount_cny"));
    let of = |advance: bool| -> (usize, i64) {
        let all = read.proposals.iter().filter_map(|p| match p {
            Proposal::Disbursement(d) if d.advance == advance => Some(d.amount.get()),
            _ => None,
        });
        all.fold((0, 0), |(count, sum), fen| (count + 1, sum + fen))
    };
    assert_eq!(
        of(true),
        (2, 30_783_030_000),
        "both rows to the headquarters are the advance"
    );
    assert_eq!(of(false), (11, 2_100_000_000), "the designated grants");
}

#[test]
fn goods_received() {
    let Some(read) = read("wuhan-redcross-2020/inkind_received.csv", Layout::GoodsIn) else {
        return;
    };
    assert_eq!(read.accepted + read.rejected(), 1_441);
    let want = [
        ("goods.name_only", 7),
        ("goods.no_item", 10),
        ("goods.no_quantity", 9),
        ("goods.no_unit", 5),
        ("goods.unit", 1),
    ];
    assert_eq!(read.rejects, BTreeMap::from(want));
    let undated = read.proposals.iter().filter(|p| matches!(p, Proposal::GoodsIn(g) if matches!(g.goods.day, goods::GoodsDay::UpTo(28)))).count();
    println!("undated: {undated}");
}

#[test]
fn goods_handed_out() {
    let name = "wuhan-redcross-2020/inkind_distributed.csv";
    let Some(read) = read(name, Layout::GoodsOut) else {
        return;
    };
    assert_eq!(
        (read.accepted, read.rejects.clone()),
        (469, BTreeMap::from([("goods.name_only", 3)]))
    );
    let mut table = open(name).unwrap();
    let mut rows = table.rows().unwrap().map(Result::unwrap);
    let header = Header::new(&rows.next().unwrap().cells);
    let all: Vec<_> = rows
        .map(|r| {
            goods::recipient_row(
                &header,
                &Row {
                    line: r.line,
                    cells: &r.cells,
                },
            )
        })
        .collect();
    let broken = goods::broken_names(&all);
    for warning in &broken {
        println!("{}", warning.sentence);
    }
    assert!(
        broken
            .iter()
            .any(|b| b.sentence.contains("汉阳市政建设") && b.sentence.contains("集团有限公司"))
    );
}

#[test]
fn announced_totals() {
    let Some(read) = read(
        "wuhan-redcross-2020/daily_published_vs_items.csv",
        Layout::Announced,
    ) else {
        return;
    };
    assert_eq!((read.accepted, read.rejected()), (8, 0));
    let totals = read.proposals.iter().map(|p| match p {
        Proposal::Announcements(all) => all.len(),
        _ => 0,
    });
    println!("totals: {}", totals.sum::<usize>());
    // The table's QR sum of the 30th is that of the payments made on the 29th.
    let told = read.proposals.iter().flat_map(|p| match p {
        Proposal::Announcements(all) => all.clone(),
        _ => vec![],
    });
    let day = kernel::Day::from_ymd(2020, 1, 29);
    let qr: Vec<_> = told
        .filter(|a| a.measure == "qr_pos" && a.covers == day)
        .map(|a| a.amount)
        .collect();
    assert_eq!(qr, [Some(Fen::new(171_263_986))]);
}

#[test]
fn register_of_organisations() {
    let Some(read) = read(
        "tw-legal-persons/organisations.csv.gz",
        Layout::TwOrganisations,
    ) else {
        return;
    };
    assert_eq!((read.accepted, read.rejected()), (20_582, 0));
    let organisations: Vec<_> = read
        .proposals
        .iter()
        .filter_map(|p| match p {
            Proposal::Organisation(o) => Some(&**o),
            _ => None,
        })
        .collect();
    let mut marks: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in organisations.iter().flat_map(|o| &o.marks) {
        *marks.entry(mark.code()).or_default() += 1;
    }
    assert_eq!(
        (
            marks["date_unknown"],
            marks["date_incomplete"],
            marks.get("date_wrong")
        ),
        (81, 10, None)
    );
    let duplicates = organisation::likely_duplicates(
        organisations
            .iter()
            .map(|o| (o.source_id.as_str(), o.name.as_str())),
    );
    println!(
        "{marks:?}, {} names stand for {} entries",
        duplicates.len(),
        duplicates.iter().map(|d| d.ids.len()).sum::<usize>()
    );
    assert!(duplicates.len() > 900);
}

#[test]
fn divisions_of_the_country() {
    for (name, count) in [("provinces", 31), ("cities", 342), ("areas", 2_978)] {
        let Some(read) = read(&format!("cn-divisions/{name}.csv"), Layout::Divisions) else {
            return;
        };
        assert_eq!((read.accepted, read.rejected()), (count, 0));
    }
}
