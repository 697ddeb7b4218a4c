//! Every way to change something: the commands of the house, with ids as printed and words as typed.

use domain::fundraising::{CampaignForm, IntentForm, ReportForm};
use domain::funds::{DeliveryForm, DisbursementRequest};
use domain::identity::Action;
use domain::parties::{ContactForm, OrganisationForm};
use gateway::payment::PaymentNotice;
use kernel::{Id, Secret};
use leaf::ids;
use serde::{Deserialize, Serialize};

/// 〔命令编号〕 The caller's key of a command: the same key never acts twice.
///
/// Forms carry a random one, API clients send `Idempotency-Key`; it is kept for 30 days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandKey(pub String);

/// The longest key a caller may send.
pub const KEY_MAX: usize = 100;

/// 〔命令〕 What somebody asks the house to do.
#[derive(Debug, Clone)]
pub enum Command {
    /// Create a user.
    UserCreate(UserForm),
    /// Give a role.
    RoleGrant(GrantForm),
    /// Hand an own duty to a colleague.
    DelegationGive(DelegationForm),
    /// End a delegation that was given or received.
    DelegationEnd {
        /// Tells it apart on the lists.
        handle: String,
    },
    /// Sign in was checked outside; keep the session.
    SessionOpen(SessionOpen),
    /// End a session.
    SessionEnd {
        /// SHA-256 of the session token.
        token_hash: [u8; 32],
    },
    /// What somebody does with the own second factor and the own sessions.
    Security(SecurityCommand),
    /// Enter an organisation.
    OrganisationRegister(OrganisationForm),
    /// Publish how an organisation is reached.
    ContactPublish {
        /// Printed organisation id.
        organisation: String,
        /// What is published.
        form: ContactForm,
    },
    /// Draft a campaign for an organisation.
    CampaignDraft {
        /// Printed organisation id.
        organisation: String,
        /// The plan.
        form: CampaignForm,
    },
    /// Publish a drafted campaign: opens its funds.
    CampaignPublish {
        /// Printed campaign id.
        campaign: String,
    },
    /// Enter a drafted campaign of the past as ended: opens its funds, takes no live payments.
    CampaignPublishHistoric {
        /// Printed campaign id.
        campaign: String,
    },
    /// End a live campaign.
    CampaignEnd {
        /// Printed campaign id.
        campaign: String,
    },
    /// Publish a report of a campaign.
    ReportPublish {
        /// Printed campaign id.
        campaign: String,
        /// The report.
        form: ReportForm,
    },
    /// Ask a question about a campaign.
    QuestionAsk {
        /// Printed campaign id.
        campaign: String,
        /// The question.
        text: String,
    },
    /// Answer a question in public.
    QuestionAnswer {
        /// Printed question id.
        question: String,
        /// The answer.
        text: String,
    },
    /// Do not answer a question in public.
    QuestionDecline {
        /// Printed question id.
        question: String,
        /// Code of the reason.
        reason: String,
    },
    /// Offer a gift.
    IntentCreate {
        /// Printed campaign id.
        campaign: String,
        /// The form.
        form: IntentForm,
    },
    /// A verified payment notice of a channel.
    PaymentCapture(Box<PaymentNotice>),
    /// A gift at the counter.
    CounterGift(CounterGift),
    /// Ask for a repair of the books; the house itself does it at once.
    Repair(Repair),
    /// Confirm a repair that a colleague asked for, or send it back.
    RepairDecide {
        /// Printed repair id.
        repair: String,
        /// Which of both.
        step: RepairStep,
        /// Note; required when sending back.
        note: String,
    },
    /// Show a donor's name no more, as the donor asks.
    DonorHide {
        /// Printed donation id.
        donation: String,
        /// Code of the reason.
        reason: String,
    },
    /// Only store a donor's information from now on, until it may be erased.
    DonorRestrict {
        /// Printed donation id.
        donation: String,
        /// Code of the reason.
        reason: String,
    },
    /// A channel paid out what waits at it.
    Settle {
        /// Printed place id of the channel.
        from: String,
        /// Printed place id of the bank account.
        to: String,
        /// Sum of the channel's bill in yuan.
        sum: String,
        /// SHA-256 of the bill.
        bill: [u8; 32],
    },
    /// Open a fund under a restriction (designated, pool, unrestricted).
    FundOpen(FundForm),
    /// Ask for a payment.
    DisbursementRequest {
        /// Printed fund id.
        fund: String,
        /// The request.
        request: DisbursementRequest,
    },
    /// Check, approve or send back a payment.
    DisbursementStep {
        /// Printed disbursement id.
        disbursement: String,
        /// Which step.
        step: DisbursementStep,
        /// Reason or note; required when sending back.
        reason: String,
    },
    /// Pay.
    DisbursementPay {
        /// Printed disbursement id.
        disbursement: String,
        /// Printed place id to pay from.
        place: String,
        /// The bank's slip, if there is one already.
        voucher: Voucher,
    },
    /// Report the use of an advance.
    DeliveryRecord {
        /// Printed fund id of the advance.
        fund: String,
        /// The report.
        form: DeliveryForm,
        /// Evidence that is already stored: digests and titles.
        evidence: Vec<EvidenceRef>,
    },
    /// Attach evidence to a delivery that was paid directly.
    EvidenceAttach {
        /// Printed delivery id.
        delivery: String,
        /// Evidence that is already stored.
        evidence: Vec<EvidenceRef>,
    },
    /// Unused advance money came back.
    AdvanceReturn {
        /// Printed fund id of the advance.
        fund: String,
        /// Yuan.
        amount: String,
        /// Printed place id it came back to.
        place: String,
    },
    /// Goods were given.
    GoodsGift(GoodsGift),
    /// Goods were handed out.
    GoodsDelivery {
        /// Printed fund id of the goods.
        fund: String,
        /// Units.
        units: String,
        /// Who received.
        receiver: String,
    },
    /// Keep a file that was read as a run to post; made by the importer only.
    ImportStage(Box<store::batch::ImportProgress>),
    /// Take a staged run back before anything of it is posted.
    ImportUndo {
        /// Printed run id.
        run: String,
    },
    /// All rows of a run are posted; keep its rejects for the pages of their days.
    ImportFinish {
        /// Printed run id.
        run: String,
        /// Rejected rows whose channel and day are known.
        rejects: Vec<store::exchange::RejectRow>,
    },
    /// Propose likely duplicates of the register, for people to decide: two printed ids each.
    DuplicatesPropose {
        /// Pairs, the earlier entry first.
        pairs: Vec<(String, String)>,
    },
    /// Units of one item became units of another: boxes become pieces.
    GoodsConvert {
        /// Printed fund id of the goods.
        fund: String,
        /// Units that leave.
        units: String,
        /// What they became and how many.
        into: domain::funds::GoodsForm,
    },
    /// Units were lost, spoilt or counted short.
    GoodsLoss {
        /// Printed fund id of the goods.
        fund: String,
        /// Units.
        units: String,
        /// Why.
        reason: String,
    },
    /// Rows of an import, some hundreds at a time; made by the importer only.
    ImportPost(Box<crate::exchange::ImportPart>),
    /// Enter what another register says of an organisation; the operator at the machine.
    RegisterImport {
        /// Printed organisation id.
        organisation: String,
        /// The register that says so.
        source: String,
        /// Its entries.
        entries: Vec<domain::parties::register::ImportedEntry>,
    },
    /// Open an application.
    MatterOpen {
        /// Printed organisation id.
        organisation: String,
        /// Name of the procedure.
        procedure: String,
    },
    /// Save the draft of an application, complete or not.
    MatterAnswer(Box<MatterAnswer>),
    /// Take a step of a matter.
    MatterStep(Box<MatterStep>),
    /// What the house does for itself: jobs, housekeeping, the list of divisions.
    House(HouseCommand),
}

/// 〔本宅事务〕 What only the house itself may ask for; it carries no key, because each is safe to repeat.
#[derive(Debug, Clone)]
pub enum HouseCommand {
    /// Run a job that is due: its effect and its mark are one transaction.
    JobRun {
        /// Key of the job.
        job: i64,
    },
    /// Note that a job failed.
    JobFail {
        /// Key of the job.
        job: i64,
        /// What went wrong.
        error: String,
    },
    /// Forget command keys that are older than 30 days.
    KeysForget,
    /// Announce or end a key of the log.
    LogKey(Box<crate::log_keys::KeyChange>),
    /// State what the offline verifier is.
    Verifier(Box<crate::verifier_pages::VerifierChange>),
    /// State with which SM2 keys the log signs.
    Sm2Keys(Box<crate::sm2_keys::Sm2Change>),
    /// State the log's root with SM3.
    Sm3Root(Box<crate::sm3_root::Sm3Change>),
    /// Enter administrative divisions; known codes stay as they are.
    RegionsLoad(Vec<(kernel::RegionCode, String)>),
}

/// 〔更正事项〕 What changes the books afterwards: one person asks for it, another one confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Repair {
    /// Held money goes to a campaign with the donor's consent.
    Reassign {
        /// Printed donation id.
        donation: String,
        /// Printed campaign id.
        campaign: String,
        /// How the donor agreed.
        consent: String,
    },
    /// Give money back to a donor.
    Refund {
        /// Printed donation id.
        donation: String,
        /// Yuan; empty means all that is left.
        amount: String,
        /// Why.
        reason: String,
    },
    /// Take a wrong gift out again.
    Correct {
        /// Printed donation id.
        donation: String,
        /// Why.
        reason: String,
    },
    /// Undo a wrong outflow.
    Reverse {
        /// Printed movement id.
        movement: String,
        /// Why.
        reason: String,
    },
    /// Move money between two funds of one organisation for a stated reason.
    Reclassify {
        /// Printed fund id it leaves.
        from: String,
        /// Printed fund id it reaches.
        to: String,
        /// Printed place id where the money is.
        place: String,
        /// Yuan.
        amount: String,
        /// Why.
        reason: String,
        /// True if a labelled assumption replaces a fact: the trace reads "not attributable".
        assumed: bool,
    },
    /// Hand what an organisation in liquidation has left to a fund of another charity.
    HandOver {
        /// Printed fund id it leaves.
        from: String,
        /// Printed fund id it reaches: of another organisation.
        to: String,
        /// Printed place id where the money is.
        place: String,
        /// Yuan.
        amount: String,
        /// The agreement, by its name and day.
        reason: String,
    },
    /// Take public words down; a tombstone stays.
    Withdraw {
        /// Printed id of the record whose words they are.
        record: String,
        /// Which of its words: title, story …
        field: String,
        /// Code of the reason.
        reason: String,
    },
    /// Show a photograph or another file no more; a tombstone stays.
    WithdrawFile {
        /// Printed id of the record that shows it.
        record: String,
        /// SHA-256 of the file, in hexadecimal.
        file: String,
        /// Code of the reason.
        reason: String,
    },
    /// Delete what opens a donor's words, after the law lets it go.
    Erase {
        /// Printed donation id.
        donation: String,
        /// Code of the reason.
        reason: String,
    },
}

impl Repair {
    /// True if it takes something down or erases somebody, and books nothing.
    #[must_use]
    pub fn is_privacy(&self) -> bool {
        matches!(
            self,
            Repair::Withdraw { .. } | Repair::WithdrawFile { .. } | Repair::Erase { .. }
        )
    }

    /// The gift or the movement whose money it changes, as it was typed.
    #[must_use]
    pub fn touched(&self) -> Option<&str> {
        match self {
            Repair::Reassign { donation, .. }
            | Repair::Refund { donation, .. }
            | Repair::Correct { donation, .. } => Some(donation),
            Repair::Reverse { movement, .. } => Some(movement),
            _ => None,
        }
    }

    /// What the second person must be allowed to do.
    #[must_use]
    pub fn decided_by(&self) -> Action {
        if self.is_privacy() {
            Action::PrivacyDecide
        } else {
            Action::CorrectionRecord
        }
    }
}

/// How a second person answers to a repair that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairStep {
    /// 确认: it is done now
    Confirm,
    /// 退回: nothing is booked
    Refuse,
}

/// 〔回单〕 The number that the bank gave a payment.
#[derive(Debug, Clone, Default)]
pub struct Voucher {
    /// As it stands on the slip, may be empty.
    pub number: String,
    /// True if one slip stands for several payments, so that its number may be known already.
    pub shared: bool,
}

/// A step of a disbursement that needs no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisbursementStep {
    /// 复核
    Check,
    /// 批准
    Approve,
    /// 退回
    Refuse,
}

/// 〔申请草稿〕 The draft of an application.
#[derive(Debug, Clone, Default)]
pub struct MatterAnswer {
    /// Printed matter id.
    pub matter: String,
    /// The version that the writer saw.
    pub version: i64,
    /// All answers, by field.
    pub answers: Vec<(String, String)>,
    /// New files that are already stored, each with its document.
    pub files: Vec<(String, EvidenceRef)>,
    /// Files that count no more: document and digest.
    pub dropped: Vec<(String, [u8; 32])>,
}

/// 〔办理〕 A step of a matter.
#[derive(Debug, Clone, Default)]
pub struct MatterStep {
    /// Printed matter id.
    pub matter: String,
    /// The version that the actor saw.
    pub version: i64,
    /// Name of the step.
    pub step: String,
    /// Why, where it has to be said.
    pub reason: String,
    /// All gaps of a return: the item by its name, and what is missing.
    pub gaps: Vec<(String, String)>,
    /// The day of an event elsewhere, may be empty.
    pub dated: String,
    /// Days by which a clock is made longer, may be empty.
    pub longer_by: String,
    /// Number of the document, where the step writes into the register.
    pub document: String,
    /// Last day of what is entered there, may be empty.
    pub until: String,
    /// Handle of the delegation under which somebody is represented, empty for oneself.
    pub on_behalf: String,
}

/// A new user.
#[derive(Debug, Clone)]
pub struct UserForm {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// PHC string of the password.
    pub password_hash: String,
}

/// A role for a user.
#[derive(Debug, Clone)]
pub struct GrantForm {
    /// Login of the user.
    pub login: String,
    /// Code of the role.
    pub role: String,
    /// Printed organisation id, may be empty.
    pub organisation: String,
    /// Region code, may be empty.
    pub region: String,
}

/// A duty for a colleague.
#[derive(Debug, Clone, Default)]
pub struct DelegationForm {
    /// Code of one of the own duties.
    pub duty: String,
    /// Login of the colleague.
    pub login: String,
    /// First day.
    pub first: String,
    /// Last day.
    pub last: String,
    /// Why.
    pub reason: String,
}

/// A session to keep.
#[derive(Debug, Clone, Default)]
pub struct SessionOpen {
    /// Login of the user whose password was verified.
    pub login: String,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The browser as it calls itself.
    pub device: String,
    /// The network that was signed in from, may be empty.
    pub network: String,
    /// The second step; needed by whoever has a second factor.
    pub code: Option<Secret<String>>,
    /// SHA-256 of the ticket for which a passkey was asked, if one was.
    pub ticket: Option<[u8; 32]>,
}

/// 〔账号安全〕 What somebody does with the own second factor and sessions. It carries no key: a code counts once, and
/// everything else is safe to repeat.
#[derive(Debug, Clone)]
pub enum SecurityCommand {
    /// Draw a secret for an authenticator; the password was verified before.
    FactorBegin,
    /// Give a code, and what it is given for. Right codes make the session strong.
    CodeGive {
        /// SHA-256 of the token of the session.
        session: [u8; 32],
        /// What was typed.
        code: Secret<String>,
        /// What for.
        act: CodeAct,
    },
    /// Ask a browser for a new passkey; who has no factor yet has given the password before.
    PasskeyAsk {
        /// SHA-256 of the token of the session.
        session: [u8; 32],
        /// As its owner will call it: a name that will not do is told before the device is asked.
        name: String,
    },
    /// Keep the passkey that a browser made.
    PasskeyAdd {
        /// SHA-256 of the token of the session.
        session: [u8; 32],
        /// As its owner calls it.
        name: String,
        /// What the browser answered.
        answer: Secret<String>,
    },
    /// Remove one of the own passkeys.
    PasskeyRemove {
        /// Tells it apart on its owner's list.
        handle: String,
    },
    /// Ask a browser to prove with a passkey who is there.
    ProofAsk {
        /// SHA-256 of the token of the session.
        session: [u8; 32],
    },
    /// The same between password and session: the house itself asks, for the owner of a ticket that it has read.
    TicketAsk {
        /// SHA-256 of the ticket.
        ticket: [u8; 32],
        /// Whose it is.
        user: Id<ids::User>,
    },
    /// Take the second factor from somebody who lost the authenticator and all recovery codes.
    FactorReset {
        /// Login.
        login: String,
    },
    /// A session was used.
    SessionSeen {
        /// SHA-256 of its token.
        session: [u8; 32],
    },
    /// End one of the own sessions.
    SessionEnd {
        /// SHA-256 of its token.
        session: [u8; 32],
    },
    /// End all own sessions but this one.
    SessionsEndOthers {
        /// SHA-256 of the token of the one that stays.
        kept: [u8; 32],
    },
}

/// Why the answer of a passkey does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasskeyFault {
    /// Nothing was asked, or it was answered before, or too long ago.
    Late,
    /// It does not fit what was asked.
    Wrong,
    /// The counter of the key went back; it counts no more.
    Doubted,
}

/// What a code is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeAct {
    /// Switch the second factor on.
    On,
    /// Switch it off.
    Off,
    /// Make new recovery codes.
    Renew,
    /// Nothing but to show who is there.
    Confirm,
}

/// A gift at the counter.
#[derive(Debug, Clone, Default)]
pub struct CounterGift {
    /// Printed campaign id.
    pub campaign: String,
    /// `cash` or `bank`.
    pub channel: String,
    /// The form as for an intent.
    pub form: IntentForm,
    /// Number of the slip or bank line; makes the gift unique.
    pub slip: String,
    /// The day on which it was received; empty for now.
    pub received_on: String,
}

/// A fund under a restriction.
#[derive(Debug, Clone, Default)]
pub struct FundForm {
    /// Printed organisation id.
    pub organisation: String,
    /// Printed campaign id, may be empty.
    pub campaign: String,
    /// designated, pool, unrestricted or agency.
    pub kind: String,
    /// Its name.
    pub title: String,
    /// Its purpose.
    pub purpose: String,
}

/// Goods that were given.
#[derive(Debug, Clone, Default)]
pub struct GoodsGift {
    /// Printed organisation id.
    pub organisation: String,
    /// Printed campaign id, may be empty.
    pub campaign: String,
    /// Item.
    pub name: String,
    /// Specification.
    pub spec: String,
    /// Unit.
    pub unit: String,
    /// How many.
    pub units: String,
    /// Donor's name, may be empty.
    pub donor_name: String,
    /// Code of the donor's kind.
    pub donor_kind: String,
    /// Code of the display.
    pub display: String,
}

/// An evidence file in the evidence store.
#[derive(Debug, Clone)]
pub struct EvidenceRef {
    /// Its digest.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub length: i64,
    /// Its type.
    pub mime: String,
    /// What it shows.
    pub title: String,
}

/// 〔结果〕 What a command led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Outcome {
    /// A record was made or changed; its printed id.
    Record {
        /// Printed id.
        id: String,
    },
    /// Money came in.
    Gift {
        /// Printed donation id: the acknowledgement number.
        donation: String,
        /// Why it is held, if it is.
        held: Option<String>,
        /// True if this payment was known already.
        replay: bool,
    },
    /// Money moved.
    Moved {
        /// Printed id of the record.
        id: String,
        /// Printed ids of the movements.
        movements: Vec<String>,
    },
    /// An order to pay stands at a new step.
    Step {
        /// Printed disbursement id.
        id: String,
        /// Code of the new state.
        state: String,
    },
    /// Rows were posted.
    Posted {
        /// How many were new.
        rows: i64,
        /// How many were known already.
        known: i64,
    },
    /// New recovery codes, shown this once and kept nowhere.
    RecoveryCodes {
        /// All of them.
        codes: Vec<String>,
    },
    /// The code does not count; it was counted.
    CodeWrong {
        /// Tries that are left.
        left: u32,
    },
    /// The passkey does not count; the question is used up.
    PasskeyWrong {
        /// Why.
        fault: PasskeyFault,
    },
    /// What a browser is asked, JSON.
    Asked {
        /// For the browser's own function.
        options: String,
    },
    /// No code is looked at for a while.
    CodePaused {
        /// Seconds to wait.
        seconds: i64,
    },
    /// Done, nothing to name.
    Done,
}
