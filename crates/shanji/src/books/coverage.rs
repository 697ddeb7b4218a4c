//! What this audit does not compare, said as plainly as what it does.

use super::said::Said;
use crate::screen::count;

/// Records whose withdrawn words are named.
const NAMED: usize = 5;

/// 〔未核对〕 Counters of what could not be held against a statement.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// Movement rows whose accounting day no leaf states.
    pub(crate) days: u64,
    /// Records without a leaf: drafts, questions that nobody answered.
    pub(crate) unstated: u64,
    /// Orders that are not paid.
    pub(crate) orders: u64,
    /// Gifts whose private words were erased.
    pub(crate) erased: u64,
    /// Gifts whose private words were lost with a database; the log gave back the rest.
    pub(crate) lost: u64,
    /// Public words that were lost with a database.
    pub(crate) words: u64,
    /// Payments of which it was lost who asked, checked and paid.
    pub(crate) people: u64,
    /// Gifts of which a part was refunded.
    pub(crate) partial: u64,
    /// Payees and assumptions that the leaf does not repeat.
    pub(crate) payees: u64,
    /// Evidence that was attached after the leaf.
    pub(crate) evidence: u64,
    /// Entries of the audit trail.
    pub(crate) trail: u64,
    /// Words that cannot be opened any more.
    closed: u64,
    closed_names: Vec<String>,
}

impl Coverage {
    /// Notes the words of a record that nobody can open.
    pub(crate) fn closed(&mut self, what: &str, said: &Said) {
        if said.closed.is_empty() {
            return;
        }
        self.closed = self.closed.saturating_add(said.closed.len() as u64);
        if self.closed_names.len() < NAMED {
            let words: Vec<&str> = said.closed.iter().map(String::as_str).collect();
            self.closed_names
                .push(format!("{what}（{}）", words.join("、")));
        }
    }

    /// One sentence each, what was met first.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut say = |number: u64, words: &str| {
            if number > 0 {
                out.push(format!("{}{words}", count(number)));
            }
        };
        say(
            self.days,
            "行流转的记账日与记录日不同，陈述没有写明，无法核对",
        );
        say(self.erased, "笔捐赠的非公开内容已经删除，只核对了公开部分");
        say(
            self.lost,
            "笔捐赠的非公开内容在一次事故中遗失，其余由公开日志恢复，只核对了公开部分；请向运营方查问事故",
        );
        say(
            self.words,
            "处公开文字在一次事故中遗失，日志里只有承诺，无法核对",
        );
        say(
            self.people,
            "笔拨付由公开日志恢复，申请、复核、付款各是谁在事故中遗失，只核对了还知道的",
        );
        say(
            self.partial,
            "笔捐赠只退了一部分，是否算“已退款”无法从陈述判断",
        );
        say(
            self.payees,
            "笔拨付或发放的收款方或假设说明没有写进陈述（自然人收款、导入的通知），无法核对",
        );
        say(
            self.evidence,
            "份凭证是陈述之后补的，只有本机的行；凭证文件本身没有打开核对",
        );
        say(self.orders, "笔拨付还没有付款，没有公开陈述，无法核对");
        say(self.unstated, "行草稿或未答复的提问没有公开陈述，无法核对");
        if self.closed > 0 {
            out.push(format!(
                "{}处公开文字已撤回或打不开，无法核对：{}",
                count(self.closed),
                self.closed_names.join("；")
            ));
        }
        out.push(format!(
            "操作审计记录（{}条）、账号、角色、任务、办理步骤的时间和理由没有公开陈述，只核对了条数和经办人",
            count(self.trail)
        ));
        out.push(
            "没有写进陈述的列无法核对：捐赠人类型、联系方式、意向和导入批次；组织的登记原文、标记和审批限额；活动的区划；资金的区划和可用期；存放处的渠道和合作方；退款、更正和冲回背后的申请"
                .to_owned(),
        );
        out
    }
}
