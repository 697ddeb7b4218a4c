//! Applications of the demo province, in every state that a page can show: granted, waiting, overdue, sent back.

use super::evidence_files;
use super::gifts::day;
use super::player::{Player, database, id_of, lost};
use crate::outcome::Failure;
use app::Command;
use app::command::{EvidenceRef, MatterAnswer, MatterStep};
use domain::oversight::effects::effect;
use domain::oversight::forms;
use gateway::SystemEntropy;
use kernel::{Day, Id};
use leaf::ids;

/// One application: whose, for what, and what happens to it on which day.
struct Play {
    key: &'static str,
    organisation: &'static str,
    procedure: &'static str,
    answers: &'static [(&'static str, &'static str)],
    steps: &'static [(&'static str, &'static str, &'static str)],
}

const CONTACT: [(&str, &str); 2] = [("contact", "办公室"), ("contact_phone", "见章程所载")];
const RECOGNITION: &[(&str, &str)] = &[
    ("purpose", "帮助本地的老人和孩子，不以营利为目的。"),
    ("spending", "860000.00"),
    ("management", "64000.00"),
    ("penalties", "no"),
];
const QUALIFICATION: &[(&str, &str)] = &[
    ("charity_since", "2018-07-09"),
    ("council", "9"),
    ("council_same", "3"),
    ("council_outside", "0"),
    ("relatives", "no"),
    ("secretary", "yes"),
    ("representative_inside", "yes"),
    ("staff", "6"),
    ("supervisors", "3"),
    ("violations", "no"),
];
const CHANGE: &[(&str, &str)] = &[
    ("new_domicile", "江城市望江区渡口街道8号"),
    ("why", "原来的办公地点租约到期。"),
];

/// Day, who, step. People are logins; `self` stands for filling in.
const PLAYS: [Play; 12] = [
    Play {
        key: "granted",
        organisation: "heyu",
        procedure: "recognition",
        answers: RECOGNITION,
        steps: &[
            ("2026-05-11", "hy-maker", "prepare"),
            ("2026-05-12", "hy-checker", "submit"),
            ("2026-05-14", "handler", "accept"),
            ("2026-05-25", "handler-2", "review"),
            ("2026-06-03", "decider", "grant"),
        ],
    },
    Play {
        key: "waiting",
        organisation: "qiaotou",
        procedure: "qualification",
        answers: QUALIFICATION,
        steps: &[
            ("2026-11-09", "qt-maker", "prepare"),
            ("2026-11-10", "qt-approver", "resolve"),
            ("2026-11-11", "qt-checker", "submit"),
            ("2026-11-13", "handler", "accept"),
        ],
    },
    Play {
        key: "overdue",
        organisation: "yingdeng",
        procedure: "registration_change",
        answers: CHANGE,
        steps: &[
            ("2026-09-21", "yd-maker", "prepare"),
            ("2026-09-22", "yd-checker", "submit"),
            ("2026-09-24", "handler-2", "accept"),
        ],
    },
    Play {
        key: "returned",
        organisation: "jiangcheng",
        procedure: "registration_change",
        answers: CHANGE,
        steps: &[
            ("2026-11-16", "jc-maker", "prepare"),
            ("2026-11-17", "jc-checker", "submit"),
            ("2026-11-19", "jc-handler", "return"),
        ],
    },
    Play {
        key: "submitted",
        organisation: "federation",
        procedure: "registration_change",
        answers: CHANGE,
        steps: &[
            ("2026-11-18", "maker", "prepare"),
            ("2026-11-20", "checker", "submit"),
        ],
    },
    Play {
        key: "suspended",
        organisation: "shanquan",
        procedure: "suspension",
        answers: &FINDINGS,
        steps: &[
            ("2026-11-09", "handler", "propose"),
            ("2026-11-16", "handler-2", "notify"),
            ("2026-11-20", "decider", "decide"),
        ],
    },
    Play {
        key: "graded",
        organisation: "yingdeng",
        procedure: "grading",
        answers: &GRADE,
        steps: &[
            ("2026-10-21", "handler", "propose"),
            ("2026-10-23", "decider", "decide"),
        ],
    },
    Play {
        key: "elected",
        organisation: "qiaotou",
        procedure: "officers",
        answers: OFFICER,
        steps: &[
            ("2026-07-13", "qt-maker", "prepare"),
            ("2026-07-14", "qt-approver", "resolve"),
            ("2026-07-15", "qt-checker", "submit"),
            ("2026-07-16", "handler", "accept"),
            ("2026-07-20", "handler-2", "review"),
            ("2026-07-22", "decider", "grant"),
        ],
    },
    Play {
        key: "reported",
        organisation: "jiangcheng",
        procedure: "annual_report",
        answers: REPORT,
        steps: &[
            ("2026-03-16", "jc-maker", "prepare"),
            ("2026-03-20", "jc-maker", "attach_audit"),
            ("2026-03-24", "jc-approver", "resolve"),
            ("2026-03-30", "jc-checker", "submit"),
            ("2026-04-20", "jc-checker", "publish"),
        ],
    },
    Play {
        key: "unreported",
        organisation: "yingdeng",
        procedure: "annual_report",
        answers: REPORT,
        steps: &[("2026-05-25", "yd-maker", "prepare")],
    },
    Play {
        key: "terminated",
        organisation: "wangjiang",
        procedure: "termination",
        answers: &GROUND,
        steps: &[
            ("2026-06-08", "wj-maker", "prepare"),
            ("2026-06-10", "wj-approver", "resolve"),
            ("2026-06-24", "wj-checker", "form_group"),
        ],
    },
    Play {
        key: "deregistered",
        organisation: "wangjiang",
        procedure: "deregistration",
        answers: LIQUIDATED,
        steps: &[
            ("2026-09-07", "wj-maker", "report"),
            ("2026-09-09", "wj-approver", "confirm"),
            ("2026-09-11", "wj-checker", "apply"),
            ("2026-09-14", "jc-handler", "accept"),
            ("2026-09-16", "jc-handler", "review"),
            ("2026-09-21", "jc-decider", "deregister"),
        ],
    },
];

const GRADE: [(&str, &str); 4] = [
    ("grade", "3a"),
    ("announced_on", "2026-10-20"),
    ("facts", "评估委员会第三次会议评定，公示七日没有异议。"),
    ("public_reason", "社会组织评估委员会公告的结论。"),
];
const OFFICER: &[(&str, &str)] = &[
    ("post", "chair"),
    ("name", "乔守真"),
    ("term_from", "2026-07-10"),
    ("term_until", "2030-07-09"),
    ("capacity", "yes"),
    ("crime", "no"),
    ("struck", "no"),
    ("civil_servant", "no"),
];
const REPORT: &[(&str, &str)] = &[
    ("other_income", "4268000.00"),
    ("other_charity", "3575000.00"),
    ("total_spending", "3984000.00"),
    ("management", "286000.00"),
    ("fundraising_cost", "31000.00"),
    ("last_income", "4790000.00"),
    ("last_assets", "6120000.00"),
    (
        "activities",
        "助医、助学、为老三类项目共十一个，受益三千余人次，主要在江城市各区县。",
    ),
    ("staff", "7"),
    ("volunteers", "418"),
    ("meetings", "3"),
    (
        "governance",
        "理事会召开三次会议，修订财务和信息公开制度，监事列席并审阅了全年账目。",
    ),
    ("auditor", "江城明衡会计师事务所"),
];
const GROUND: [(&str, &str); 3] = [
    ("ground", "merger"),
    ("group_head", "理事会指定两名理事和一名会计师。"),
    ("public_reason", "与江城市慈善总会合并，由其承继全部项目。"),
];
/// The organisation that goes on is named by its unified code, as people do.
const LIQUIDATED: &[(&str, &str)] = &[
    ("noticed_on", "2026-06-26"),
    ("claims_until", "2026-08-31"),
    ("debts", "0"),
    ("remaining", "186400.00"),
    ("successors", "51880100MJ0100270C"),
    ("similar", "yes"),
    (
        "public_reason",
        "清算结束，剩余财产和项目由江城市慈善总会承继。",
    ),
];

/// The last day of the suspension that is decided.
const SUSPENDED_UNTIL: &str = "2027-02-19";

/// What the office found out.
const FINDINGS: [(&str, &str); 2] = [
    (
        "facts",
        "检查发现2026年上半年三批手术费的验收单与医院结算单不符，差额尚未说明。",
    ),
    (
        "public_reason",
        "救助款结算资料与医院记录不符，限期三个月整改，期间暂停募捐；已经募得的善款继续用于已排期的手术。",
    ),
];

/// What the returned one has to mend.
const GAPS: [(&str, &str); 3] = [
    ("resolution", "会议纪要缺少到会人数和签名，请重新上传。"),
    ("domicile_proof", "租赁合同没有房屋权属证明，请补上。"),
    ("other", "请附上新址的消防验收情况说明。"),
];

impl Player<'_> {
    /// What is applied for and decided on this day.
    pub(super) async fn matters_of(&mut self, today: Day) -> Result<(), Failure> {
        for play in &PLAYS {
            for (at, who, step) in play.steps {
                if day(at)? != today {
                    continue;
                }
                self.wait(7);
                if play.steps.first().is_some_and(|first| first.0 == *at) {
                    self.open_matter(play, who).await?;
                }
                self.decided_step(play, (who, step), today).await?;
            }
        }
        Ok(())
    }

    /// A step; what was offered before a suspension and is paid behind it is held.
    async fn decided_step(
        &mut self,
        play: &Play,
        taken: (&str, &str),
        today: Day,
    ) -> Result<(), Failure> {
        if (play.procedure, taken.1) != ("suspension", "decide") {
            return self.matter_step(play, taken).await;
        }
        let offered = self.offer_late(today).await?;
        self.wait(3);
        self.matter_step(play, taken).await?;
        self.wait(1);
        for (at, order) in offered {
            self.pay_late((at, &order)).await?;
        }
        Ok(())
    }

    async fn open_matter(&mut self, play: &Play, maker: &str) -> Result<(), Failure> {
        let open = Command::MatterOpen {
            organisation: self.organisation(play.organisation)?,
            procedure: play.procedure.into(),
        };
        let id = id_of(self.act(maker, open).await?)?;
        self.matters.insert(play.key, id.clone());
        let form = forms::form(play.procedure).ok_or_else(|| lost("申请表"))?;
        let pairs = play.answers.iter().chain(&CONTACT);
        let answers: Vec<(String, String)> = pairs
            .map(|(name, text)| ((*name).into(), (*text).into()))
            .collect();
        let read = forms::Answers::read(form, answers.iter().map(|(n, t)| (n, t)));
        let read = read.map_err(|_| lost("申请内容"))?;
        let mut files = Vec::new();
        for slot in form.slots.iter().filter(|slot| slot.needed.holds(&read)) {
            files.push((slot.name.to_string(), self.paper(slot.label)?));
        }
        let answer = MatterAnswer {
            version: self.matter_version(&id).await?,
            matter: id,
            answers,
            files,
            dropped: Vec::new(),
        };
        self.act(maker, Command::MatterAnswer(Box::new(answer)))
            .await
            .map(|_| ())
    }

    /// A sample file that says of itself that it is one.
    fn paper(&mut self, label: &str) -> Result<EvidenceRef, Failure> {
        self.files += 1;
        let file = evidence_files::make("txt", label, self.files);
        let store = self.app.evidence();
        let kept = store.put(&file.bytes, file.mime, &SystemEntropy);
        let kept = kept.map_err(|error| lost(&format!("申请材料（{error}）")))?;
        Ok(EvidenceRef {
            sha256: kept.sha256,
            length: i64::try_from(kept.len).unwrap_or(i64::MAX),
            mime: kept.media_type.mime().into(),
            title: file.title,
        })
    }

    async fn matter_version(&self, id: &str) -> Result<i64, Failure> {
        let id: Id<ids::Matter> = self.read(id)?;
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        let record = store::oversight::matter_record(&mut read, id).await;
        let record = record.map_err(database)?.ok_or_else(|| lost("办件"))?;
        Ok(record.version)
    }

    async fn matter_step(&mut self, play: &Play, (who, step): (&str, &str)) -> Result<(), Failure> {
        let id = self.matters.get(play.key).cloned();
        let matter = id.ok_or_else(|| lost(&format!("办件 {}", play.key)))?;
        let gaps = GAPS
            .iter()
            .map(|(item, missing)| ((*item).into(), (*missing).into()));
        let writes = effect(play.procedure, step);
        let decided = self.matters.len();
        let command = MatterStep {
            version: self.matter_version(&matter).await?,
            matter,
            step: step.into(),
            reason: match step {
                "notify" => {
                    "11月13日送达告知书，该基金会书面陈述称资料正在补齐，没有申请听证。".into()
                }
                "decide" => "事实清楚，告知程序完备，同意经办意见。".into(),
                _ => String::new(),
            },
            dated: match step {
                "notify" => "2026-11-13".into(),
                "confirm" => self.app.now().day().to_string(),
                "resolve" if play.procedure == "termination" => self.app.now().day().to_string(),
                _ => String::new(),
            },
            document: writes.map_or_else(String::new, |_| {
                // What a council resolves has a number of its own, not the office's.
                let of = match step {
                    "resolve" | "form_group" | "publish" => "会字",
                    _ => "云民慈",
                };
                format!("{of}〔2026〕{}号", decided + 10)
            }),
            until: match step {
                "decide" => SUSPENDED_UNTIL.into(),
                _ => String::new(),
            },
            gaps: match step {
                "return" => gaps.collect(),
                _ => Vec::new(),
            },
            ..MatterStep::default()
        };
        self.act(who, Command::MatterStep(Box::new(command)))
            .await
            .map(|_| ())
    }
}
