//! `shanji audit --database`: every money row against the statement that published it.
//!
//! The log is taken from the database too and checked like any log; that it is the log which others have seen
//! is for `shanji audit URL --since` to say.

mod compare;
mod coverage;
mod fates;
mod gifts;
mod matters;
mod names;
mod records;
mod recount;
mod said;
mod steps;
mod sums;
mod walk;
mod withdrawn;

use crate::audit::{Conclusion, Totals, table_key, tell};
use crate::cli::Audit;
use crate::house;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, progress};
pub(crate) use compare::{accounting_day, is_transfer};
use db::Session;
use gateway::{Secrets, Stopwatch};
use kernel::IdCipher;
use leaf::{Finding, KeyBook};
pub(crate) use names::Names;
use store::transparency::CheckpointRecord;
use tlog::{Checkpoint, SignedNote, Signer};
use walk::Walk;
pub(crate) use walk::unread;

/// Runs the command.
pub(crate) fn run(args: &Audit) -> Ended {
    let place = house::place_of(&args.log, args.data.as_deref())?;
    let secrets = house::secrets(&place)?;
    let conclusion = house::block_on(async {
        let db = house::open(&place)?;
        let mut session = db.read_tx().await.map_err(|e| unread(&e))?;
        conclude(&mut session, &secrets).await
    })??;
    tell(&conclusion, args.json);
    Ok(if conclusion.is_clean() {
        Exit::Fine
    } else {
        Exit::Found
    })
}

/// Audits the database behind a session.
pub(crate) async fn conclude(
    session: &mut Session,
    secrets: &Secrets,
) -> Result<Conclusion, Failure> {
    let watch = Stopwatch::start();
    let leaves = store::transparency::leaf_count(session)
        .await
        .map_err(|e| unread(&e))?;
    let bar = progress(leaves.unsigned_abs(), "核对数据库");
    let mut names = Names::new(IdCipher::new(*secrets.id_key.expose()));
    let mut walk = Walk::new(session, &mut names, &table_key()?);
    walk.run(&bar).await?;
    walk.sums().await?;
    bar.finish_and_clear();
    let unsealed = walk.edge.size().saturating_sub(
        walk.newest
            .as_ref()
            .map_or(0, |newest| newest.size.unsigned_abs()),
    );
    let (tiles, coverage) = (walk.tiles, walk.coverage.sentences());
    let is_test = walk.is_test;
    let (found, checker, newest) = (walk.found, walk.checker, walk.newest);
    let report = checker.finish();
    let unsigned = check_signature(newest.as_ref(), &report.keys, secrets);
    let total = found
        .count
        .saturating_add(report.found)
        .saturating_add(u64::from(unsigned.is_some()));
    let mut wrong = found.list;
    wrong.extend(unsigned);
    wrong.extend(report.findings);
    wrong.sort_by_key(|finding| (finding.index.is_none(), finding.index));
    let mut unchecked = report.unchecked;
    if unsealed > 0 {
        unchecked.insert(
            0,
            format!("最后{unsealed}条陈述还没有签名的检查点，服务运行时一秒内会补上"),
        );
    }
    let checked = if is_test {
        vec![format!(
            "{}条内容的摘要、{}块瓦片、检查点的根；没有一行业务数据",
            count(report.leaves),
            count(tiles)
        )]
    } else {
        unchecked.extend(coverage);
        checked_of_statements(report.leaves, tiles)
    };
    Ok(Conclusion {
        subject: "数据库与公开陈述".to_owned(),
        checked,
        wrong,
        found: total,
        unchecked,
        leaves: report.leaves,
        bytes: 0,
        speed: watch.per_second(report.leaves),
        organisations: report.organisations,
        totals: Totals::Whole,
    })
}

fn checked_of_statements(leaves: u64, tiles: u64) -> Vec<String> {
    vec![
        format!(
            "{}条陈述的内容、摘要、{}块瓦片、检查点的根",
            count(leaves),
            count(tiles)
        ),
        "每条陈述与它的流转、换位、捐赠逐行对比；捐赠的状态、手续费和显示的姓名按陈述重算；撤下和删除都有陈述".to_owned(),
        "每处公开文字打开陈述里的承诺，再与组织、活动、资金、存放处、报告、答复、公告、拨付、发放的行逐列对比".to_owned(),
        "资金、余额、日合计、渠道日合计、序列条数、预留、付款编号重新计数；拨付的办理步骤和经办人不同".to_owned(),
    ]
}

/// The newest checkpoint must be signed by a key that the log's leaves name, the first of which is of this house.
fn check_signature(
    newest: Option<&CheckpointRecord>,
    keys: &KeyBook,
    secrets: &Secrets,
) -> Option<Finding> {
    let newest = newest?;
    let signed = SignedNote::parse(&newest.note).ok().and_then(|note| {
        let stated: Checkpoint = note.text().parse().ok()?;
        let signer = Signer::from_seed(stated.origin(), secrets.log_seed.expose()).ok()?;
        let first = keys.keys().first()?;
        let is_ours = first.key == signer.verifier().to_string();
        Checkpoint::open(&note, stated.origin(), &keys.for_size(newest.size))
            .ok()
            .filter(|_| is_ours)
    });
    match signed {
        Some(_) => None,
        None => Some(Finding {
            index: None,
            code: "log.signature",
            sentence: "最新检查点的签名不是本机密钥签的，检查点或密钥被替换".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tampered;
#[cfg(test)]
mod tests;
