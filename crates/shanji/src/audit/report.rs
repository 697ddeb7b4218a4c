//! An audit in words and for machines.

use crate::screen::{count, yuan};
use leaf::{Finding, OrganisationTotals};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tlog::{SignedNote, Sm2Key};

/// Findings that are printed; `--json` gives all that are kept.
const PRINTED: usize = 100;
/// Funds and places that are printed for each organisation.
const TOTALS_PRINTED: usize = 20;

/// 〔合计的范围〕 Which leaves the sums by organisation count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Totals {
    /// All.
    Whole,
    /// Those before this one: what comes behind could not be read.
    UpTo(u64),
    /// None: nobody who is believed has signed for them.
    Unsigned,
}

/// 〔核对结论〕 What an audit says.
#[derive(Debug)]
pub(crate) struct Conclusion {
    /// What was audited: an origin or a database.
    pub(crate) subject: String,
    /// What was checked, one sentence each.
    pub(crate) checked: Vec<String>,
    /// What is wrong, with its words.
    pub(crate) wrong: Vec<Finding>,
    /// How many findings there are in all.
    pub(crate) found: u64,
    /// What could not be checked, one sentence each.
    pub(crate) unchecked: Vec<String>,
    /// Leaves read.
    pub(crate) leaves: u64,
    /// Bytes of the leaves; 0 where they were not counted.
    pub(crate) bytes: u64,
    /// Leaves read per second.
    pub(crate) speed: u64,
    /// Sums by organisation.
    pub(crate) organisations: Vec<OrganisationTotals>,
    /// What the sums count.
    pub(crate) totals: Totals,
}

impl Conclusion {
    /// Whether nothing is wrong.
    pub(crate) const fn is_clean(&self) -> bool {
        self.found == 0
    }

    /// Says that so many files were not loaded again.
    pub(crate) fn spared(&mut self, files: u64) {
        if files > 0 {
            let files = count(files);
            let sentence = format!("{files}个文件取自留存的目录，没有重新下载；内容全部从头核对");
            self.checked.push(sentence);
        }
    }

    /// Whether the log's SM2 key has signed the checkpoint in `note` too: whoever asks for it wants it to be there.
    pub(crate) fn also_signed(&mut self, key: &Sm2Key, note: &[u8]) {
        let note = SignedNote::parse(note).ok();
        let lines = note.as_ref().map_or(&[][..], SignedNote::signatures);
        let text = note.as_ref().map_or("", SignedNote::text);
        let own: Vec<_> = lines.iter().filter(|line| key.matches(line)).collect();
        let sentence = match own.as_slice() {
            [] => "检查点没有这把 SM2 公钥的签名，请核对公钥，或向运营方查问",
            own if own.iter().all(|line| key.verify(text, line)) => {
                let sentence = "检查点的 SM2 签名（SM3 摘要）有效";
                self.checked.push(sentence.to_owned());
                return;
            }
            _ => "检查点的 SM2 签名无效，检查点或签名被改动",
        };
        self.found = self.found.saturating_add(1);
        self.wrong.push(Finding {
            index: None,
            code: "log.sm2",
            sentence: sentence.to_owned(),
        });
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let mut out = String::new();
        let verdict = if self.is_clean() {
            "✓ 没有发现问题"
        } else {
            "✗ 发现问题"
        };
        let _ = writeln!(
            out,
            "{verdict}：{}，{}条陈述",
            self.subject,
            count(self.leaves)
        );
        for finding in self.wrong.iter().take(PRINTED) {
            let _ = writeln!(out, "  ✗ {}", finding_words(finding));
        }
        let hidden = self
            .found
            .saturating_sub(self.wrong.len().min(PRINTED) as u64);
        if hidden > 0 {
            let _ = writeln!(out, "  ……另有{}处，加 --json 可看更多", count(hidden));
        }
        list(&mut out, "已核对", &self.checked);
        list(&mut out, "未能核对", &self.unchecked);
        out.push_str(&self.totals.words(self.organisations.is_empty()));
        for organisation in &self.organisations {
            totals(&mut out, organisation);
        }
        match self.bytes.checked_div(self.leaves) {
            Some(each @ 1..) => {
                let _ = writeln!(
                    out,
                    "每条平均{}字节，每秒{}条",
                    count(each),
                    count(self.speed)
                );
            }
            _ => {
                let _ = writeln!(out, "每秒{}条", count(self.speed));
            }
        }
        out
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "ok": self.is_clean(),
            "subject": self.subject,
            "leaves": self.leaves,
            "bytes": self.bytes,
            "leaves_per_second": self.speed,
            "found": self.found,
            "findings": self.wrong.iter().map(|f| json!({
                "leaf": f.index, "code": f.code, "sentence": f.sentence,
            })).collect::<Vec<_>>(),
            "checked": self.checked,
            "unchecked": self.unchecked,
            "totals_before": match self.totals {
                Totals::UpTo(leaf) => Some(leaf),
                Totals::Whole | Totals::Unsigned => None,
            },
            "organisations": self.organisations.iter().map(organisation_json).collect::<Vec<_>>(),
        })
    }
}

impl Totals {
    /// What stands above the sums, where they are not those of the whole log.
    fn words(self, is_empty: bool) -> String {
        match self {
            Totals::Whole => String::new(),
            Totals::UpTo(_) if is_empty => String::new(),
            Totals::UpTo(leaf) => format!("合计只算到第{leaf}条以前，不是日志的全部：\n"),
            Totals::Unsigned => {
                "检查点没有可信的签名，各组织的合计不能算是日志的，没有列出。\n".to_owned()
            }
        }
    }
}

fn finding_words(finding: &Finding) -> String {
    match finding.index {
        Some(index) => format!("第{index}条：{} [{}]", finding.sentence, finding.code),
        None => format!("{} [{}]", finding.sentence, finding.code),
    }
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "{title}：");
    for line in lines {
        let _ = writeln!(out, "  · {line}");
    }
}

fn amount(unit: &str, number: i64) -> String {
    if unit == "fen" {
        format!("{} 元", yuan(number))
    } else {
        format!("{number} {unit}")
    }
}

fn totals(out: &mut String, organisation: &OrganisationTotals) {
    let id = organisation.id.as_deref().unwrap_or("（没有说明属于谁）");
    let _ = writeln!(out, "组织 {id}：");
    let money = organisation.funds.iter().filter(|fund| fund.unit == "fen");
    let (mut inflow, mut outflow) = (0_i64, 0_i64);
    for fund in money {
        inflow = inflow.saturating_add(fund.inflow);
        outflow = outflow.saturating_add(fund.outflow);
    }
    let _ = writeln!(
        out,
        "  资金合计 转入 {} 元，转出 {} 元，结余 {} 元",
        yuan(inflow),
        yuan(outflow),
        yuan(inflow.saturating_sub(outflow))
    );
    for fund in organisation.funds.iter().take(TOTALS_PRINTED) {
        let _ = writeln!(
            out,
            "  资金 {} 转入 {}，转出 {}，结余 {}",
            fund.id,
            amount(&fund.unit, fund.inflow),
            amount(&fund.unit, fund.outflow),
            amount(&fund.unit, fund.balance())
        );
    }
    for place in organisation.places.iter().take(TOTALS_PRINTED) {
        let _ = writeln!(
            out,
            "  存放处 {} 有 {}",
            place.id,
            amount(&place.unit, place.balance)
        );
    }
    let hidden = [organisation.funds.len(), organisation.places.len()]
        .iter()
        .map(|shown| shown.saturating_sub(TOTALS_PRINTED))
        .sum::<usize>();
    if hidden > 0 {
        let _ = writeln!(out, "  ……另有{hidden}行，加 --json 可看全部");
    }
}

fn organisation_json(organisation: &OrganisationTotals) -> Value {
    json!({
        "id": organisation.id,
        "funds": organisation.funds.iter().map(|f| json!({
            "id": f.id, "unit": f.unit, "inflow": f.inflow, "outflow": f.outflow, "balance": f.balance(),
        })).collect::<Vec<_>>(),
        "places": organisation.places.iter().map(|p| json!({
            "id": p.id, "unit": p.unit, "balance": p.balance,
        })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{Checkpoint, Hash, Signer, Sm2Signer, Sm2Use};

    #[test]
    fn an_sm2_line_that_is_asked_for_is_there_and_right() {
        let origin = "log.example/a";
        let sm2 = Sm2Signer::from_secret(origin, Sm2Use::Log, &[2; 32]).unwrap();
        let log = Signer::from_seed(origin, &[1; 32]).unwrap();
        let checkpoint = Checkpoint::new(origin, 3, Hash([7; 32])).unwrap();
        let note = checkpoint.sign(&[&log]).unwrap();
        let with = |line| note.clone().with_signatures([line]).unwrap().to_string();
        let check = |note: &str, found: u64| {
            let mut conclusion = Conclusion {
                subject: String::new(),
                checked: Vec::new(),
                wrong: Vec::new(),
                found: 0,
                unchecked: Vec::new(),
                leaves: 0,
                bytes: 0,
                speed: 0,
                organisations: Vec::new(),
                totals: Totals::Whole,
            };
            conclusion.also_signed(sm2.verifier(), note.as_bytes());
            assert_eq!(conclusion.found, found, "{:?}", conclusion.wrong);
            assert_eq!(conclusion.checked.is_empty(), found > 0);
        };
        check(&with(sm2.sign(note.text())), 0);
        check(&with(sm2.sign("something else\n")), 1);
        check(&note.to_string(), 1);
        check("no note", 1);
    }
}
