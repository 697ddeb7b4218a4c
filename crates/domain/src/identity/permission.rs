//! The one permission function: role × region subtree × organisation.
//!
//! `permit` answers for one object, `reach` narrows lists in SQL with the same rules; a test holds them together.

use super::actor::{Actor, Who};
use super::role::Role;
use crate::refusal::Refused;
use crate::sentence::Value;
use crate::{Sentence, say};
use kernel::{Id, RegionCode};
use leaf::ids::Organisation;

/// 〔操作〕 Everything that can be asked for. Public reading needs no permission and is not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Keep users and roles.
    UserManage,
    /// Enter or change an organisation of the register.
    OrganisationEdit,
    /// Draft and change a campaign.
    CampaignEdit,
    /// Enter what another register says of an organisation: the operator at the machine.
    RegisterImport,
    /// Publish or end a campaign.
    CampaignDecide,
    /// Publish a report of a campaign.
    ReportPublish,
    /// Ask a question about a campaign (everybody may).
    QuestionAsk,
    /// Answer a question or decline it.
    QuestionDecide,
    /// Enter a gift at the counter.
    DonationEnter,
    /// Read the private words of a donation.
    DonationPrivate,
    /// Open funds and places.
    FundOpen,
    /// Ask for a payment.
    DisbursementRequest,
    /// Check a payment.
    DisbursementCheck,
    /// Approve a payment above the threshold.
    DisbursementApprove,
    /// Pay.
    DisbursementPay,
    /// Report a delivery or the return of an advance.
    DeliveryRecord,
    /// Book a settlement of a channel.
    SettlementRecord,
    /// Ask for a refund, a correction, a reversal or a reclassification.
    CorrectionAsk,
    /// Confirm a refund, a correction, a reversal or a reclassification that a colleague asked for.
    CorrectionRecord,
    /// Stop showing a donor, restrict the donor's information, ask that words be withdrawn or a person erased.
    PrivacyAsk,
    /// Confirm a withdrawal or an erasure that a colleague asked for.
    PrivacyDecide,
    /// Read the information of a donor that is restricted.
    RestrictedRead,
    /// Receive, buy, move and hand out goods.
    GoodsRecord,
    /// Import files.
    ImportRun,
    /// Publish announced totals.
    AnnouncementRecord,
    /// Read the desk of an organisation.
    DeskRead,
    /// Read the audit entries.
    AuditRead,
    /// Capture a payment that a channel reported.
    PaymentCapture,
    /// Offer a gift (everybody may).
    IntentCreate,
    /// Announce or end a key of the log: the operator at the machine, and the house itself.
    LogKeyChange,
    /// State what the offline verifier of the log is: the house itself.
    VerifierState,
    /// State the log's root with SM3: the house itself.
    Sm3RootState,
    /// Bring a lost part of the log back from a mirror: the operator at the machine.
    LogRecover,
    /// Open an application, fill it in, hand it in, take it back.
    MatterApply,
    /// Accept an application, send it back with its gaps, look into it.
    MatterHandle,
    /// Decide an application, stop and lengthen its clocks.
    MatterDecide,
    /// Read applications with their answers and files.
    MatterRead,
    /// Hand an own duty in matters to a colleague for some days.
    DutyDelegate,
}

impl Action {
    /// Every action, for the policy matrix test.
    pub const ALL: [Action; 38] = [
        Action::UserManage,
        Action::OrganisationEdit,
        Action::CampaignEdit,
        Action::RegisterImport,
        Action::CampaignDecide,
        Action::ReportPublish,
        Action::QuestionAsk,
        Action::QuestionDecide,
        Action::DonationEnter,
        Action::DonationPrivate,
        Action::FundOpen,
        Action::DisbursementRequest,
        Action::DisbursementCheck,
        Action::DisbursementApprove,
        Action::DisbursementPay,
        Action::DeliveryRecord,
        Action::SettlementRecord,
        Action::CorrectionAsk,
        Action::CorrectionRecord,
        Action::PrivacyAsk,
        Action::PrivacyDecide,
        Action::RestrictedRead,
        Action::GoodsRecord,
        Action::ImportRun,
        Action::AnnouncementRecord,
        Action::DeskRead,
        Action::AuditRead,
        Action::PaymentCapture,
        Action::IntentCreate,
        Action::LogKeyChange,
        Action::VerifierState,
        Action::Sm3RootState,
        Action::LogRecover,
        Action::MatterApply,
        Action::MatterHandle,
        Action::MatterDecide,
        Action::MatterRead,
        Action::DutyDelegate,
    ];

    /// The code written into audit entries.
    pub fn code(self) -> &'static str {
        match self {
            Action::UserManage => "user_manage",
            Action::OrganisationEdit => "organisation_edit",
            Action::CampaignEdit => "campaign_edit",
            Action::RegisterImport => "register_import",
            Action::CampaignDecide => "campaign_decide",
            Action::ReportPublish => "report_publish",
            Action::QuestionAsk => "question_ask",
            Action::QuestionDecide => "question_decide",
            Action::DonationEnter => "donation_enter",
            Action::DonationPrivate => "donation_private",
            Action::FundOpen => "fund_open",
            Action::DisbursementRequest => "disbursement_request",
            Action::DisbursementCheck => "disbursement_check",
            Action::DisbursementApprove => "disbursement_approve",
            Action::DisbursementPay => "disbursement_pay",
            Action::DeliveryRecord => "delivery_record",
            Action::SettlementRecord => "settlement_record",
            Action::CorrectionAsk => "correction_ask",
            Action::CorrectionRecord => "correction_record",
            Action::PrivacyAsk => "privacy_ask",
            Action::PrivacyDecide => "privacy_decide",
            Action::RestrictedRead => "restricted_read",
            Action::GoodsRecord => "goods_record",
            Action::ImportRun => "import_run",
            Action::AnnouncementRecord => "announcement_record",
            Action::DeskRead => "desk_read",
            Action::AuditRead => "audit_read",
            Action::PaymentCapture => "payment_capture",
            Action::IntentCreate => "intent_create",
            Action::LogKeyChange => "log_key_change",
            Action::VerifierState => "verifier_state",
            Action::Sm3RootState => "sm3_root_state",
            Action::LogRecover => "log_recover",
            Action::MatterApply => "matter_apply",
            Action::MatterHandle => "matter_handle",
            Action::MatterDecide => "matter_decide",
            Action::MatterRead => "matter_read",
            Action::DutyDelegate => "duty_delegate",
        }
    }

    fn roles(self) -> &'static [Role] {
        use Role::{
            Administrator, Approver, Auditor, Checker, Decider, Handler, Maker, Partner, Payer,
            Supervisor,
        };
        match self {
            Action::UserManage => &[Administrator],
            Action::OrganisationEdit => &[Maker, Administrator],
            Action::CampaignEdit | Action::ImportRun | Action::AnnouncementRecord => &[Maker],
            Action::CampaignDecide => &[Approver],
            Action::ReportPublish | Action::QuestionDecide => &[Maker, Approver],
            Action::DonationEnter => &[Maker],
            Action::DonationPrivate => &[Maker, Checker],
            Action::FundOpen => &[Maker, Approver],
            Action::DisbursementRequest => &[Maker],
            Action::DisbursementCheck => &[Checker],
            Action::DisbursementApprove => &[Approver],
            Action::DisbursementPay => &[Payer],
            Action::DeliveryRecord => &[Maker, Partner],
            Action::SettlementRecord => &[Checker, Payer],
            Action::CorrectionAsk => &[Maker, Checker],
            Action::CorrectionRecord => &[Checker, Approver],
            Action::PrivacyAsk => &[Maker, Checker, Approver],
            Action::PrivacyDecide => &[Checker, Approver],
            Action::RestrictedRead => &[Approver],
            Action::GoodsRecord => &[Maker],
            Action::DeskRead => &[
                Maker,
                Checker,
                Approver,
                Payer,
                Partner,
                Auditor,
                Supervisor,
                Administrator,
            ],
            Action::AuditRead => &[Auditor, Supervisor],
            Action::MatterApply => &[Maker, Checker, Approver],
            Action::MatterHandle => &[Handler],
            Action::MatterDecide => &[Decider],
            Action::MatterRead => &[
                Maker, Checker, Approver, Auditor, Supervisor, Handler, Decider,
            ],
            Action::DutyDelegate => &[Maker, Checker, Approver, Handler, Decider],
            Action::RegisterImport
            | Action::PaymentCapture
            | Action::IntentCreate
            | Action::QuestionAsk
            | Action::LogKeyChange
            | Action::VerifierState
            | Action::Sm3RootState
            | Action::LogRecover => &[],
        }
    }
}

/// 〔对象〕 What an action is about: the organisation that owns it and where that is.
#[derive(Debug, Clone)]
pub struct Object {
    /// The owning organisation; absent for the house itself.
    pub organisation: Option<Id<Organisation>>,
    /// The region of the object.
    pub region: Option<RegionCode>,
    /// The executing partner that holds it, for advances: a partner reaches what it holds itself and nothing else.
    pub partner: Option<Id<Organisation>>,
}

impl Object {
    /// The house itself.
    pub fn house() -> Object {
        Object {
            organisation: None,
            region: None,
            partner: None,
        }
    }

    /// Something that belongs to an organisation.
    pub fn of(organisation: Id<Organisation>) -> Object {
        Object {
            organisation: Some(organisation),
            region: None,
            partner: None,
        }
    }

    /// The same, held by an executing partner.
    #[must_use]
    pub fn held_by(mut self, partner: Option<Id<Organisation>>) -> Object {
        self.partner = partner;
        self
    }
}

/// Why somebody may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in.
    SignInFirst,
    /// The actor has no role that permits it here.
    NoRole(Action),
}

impl Refused for Denied {
    fn code(&self) -> &'static str {
        match self {
            Denied::SignInFirst => "sign_in_first",
            Denied::NoRole(_) => "not_permitted",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            Denied::SignInFirst => "请先登录，再做这一步。".into(),
            Denied::NoRole(action) => {
                let roles: Vec<Sentence> = action
                    .roles()
                    .iter()
                    .map(|role| role.title().into())
                    .collect();
                if roles.is_empty() {
                    "这一步只由本系统办理，请从页面上的入口进入。".into()
                } else {
                    say!(
                        "您没有这一步的权限，请由本单位的{roles}办理。",
                        roles = Value::Several(roles, "或")
                    )
                }
            }
        }
    }
}

/// May this actor do this to this object?
///
/// # Errors
/// `Denied` in precedence order: sign in first, then no role.
pub fn permit(actor: &Actor, action: Action, object: &Object) -> Result<(), Denied> {
    match (&actor.who, action) {
        (_, Action::IntentCreate | Action::QuestionAsk) | (Who::House(_), _) => return Ok(()),
        (Who::Channel(_), Action::PaymentCapture) => return Ok(()),
        (Who::Public | Who::Channel(_), _) => return Err(Denied::SignInFirst),
        (Who::User(_), _) => {}
    }
    if reach(actor, action).covers(object) {
        Ok(())
    } else {
        Err(Denied::NoRole(action))
    }
}

/// 〔范围〕 Which objects an actor reaches with an action: what lists are narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Everything (house-wide roles).
    pub all: bool,
    /// These organisations, in id order.
    pub organisations: Vec<Id<Organisation>>,
    /// These region subtrees.
    pub regions: Vec<RegionCode>,
    /// What these executing partners hold, in id order.
    pub partners: Vec<Id<Organisation>>,
}

impl Reach {
    /// True if the object lies within.
    pub fn covers(&self, object: &Object) -> bool {
        self.all
            || object
                .organisation
                .is_some_and(|id| self.organisations.contains(&id))
            || object
                .region
                .as_ref()
                .is_some_and(|region| self.regions.iter().any(|root| root.contains(region)))
            || object.partner.is_some_and(|id| self.partners.contains(&id))
    }

    /// True if nothing is reached.
    pub fn is_empty(&self) -> bool {
        !self.all
            && self.organisations.is_empty()
            && self.regions.is_empty()
            && self.partners.is_empty()
    }
}

/// Which objects this actor reaches with this action.
pub fn reach(actor: &Actor, action: Action) -> Reach {
    if matches!(actor.who, Who::House(_)) {
        return Reach {
            all: true,
            ..Reach::default()
        };
    }
    let mut reach = Reach::default();
    for grant in actor
        .grants()
        .iter()
        .filter(|g| action.roles().contains(&g.role))
    {
        let holds = grant.role == Role::Partner && action == Action::DeliveryRecord;
        match (grant.organisation, &grant.region) {
            (Some(id), _) if holds => reach.partners.push(id),
            (Some(id), _) => reach.organisations.push(id),
            (None, Some(region)) => reach.regions.push(*region),
            (None, None) => reach.all = true,
        }
    }
    reach.organisations.sort_by_key(|id| id.raw());
    reach.organisations.dedup();
    reach.partners.sort_by_key(|id| id.raw());
    reach.partners.dedup();
    reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Grant;
    use kernel::Day;
    use leaf::ids::User;

    fn actor(role: Role, organisation: Option<i64>, region: Option<&str>) -> Actor {
        let grant = Grant {
            role,
            organisation: organisation.map(Id::from_raw),
            region: region.map(|r| RegionCode::parse(r).unwrap()),
            from: Day::from_number(0),
            to: None,
        };
        Actor::user(
            Id::<User>::from_raw(1),
            "甲",
            vec![grant],
            Day::from_number(20_000),
        )
    }

    fn object(organisation: i64, region: &str) -> Object {
        Object {
            organisation: Some(Id::from_raw(organisation)),
            region: Some(RegionCode::parse(region).unwrap()),
            partner: None,
        }
    }

    #[test]
    fn a_role_permits_in_its_own_organisation_only() {
        let maker = actor(Role::Maker, Some(7), None);
        assert_eq!(
            permit(&maker, Action::DonationEnter, &object(7, "4201")),
            Ok(())
        );
        assert_eq!(
            permit(&maker, Action::DonationEnter, &object(8, "4201")),
            Err(Denied::NoRole(Action::DonationEnter))
        );
        assert_eq!(
            permit(&maker, Action::DisbursementPay, &object(7, "4201")),
            Err(Denied::NoRole(Action::DisbursementPay))
        );
    }

    #[test]
    fn a_partner_reports_what_it_holds_itself_and_nothing_else() {
        let partner = actor(Role::Partner, Some(20), None);
        let advance = |holder: Option<i64>| object(7, "4201").held_by(holder.map(Id::from_raw));
        let may = |who: &Actor, what: &Object| permit(who, Action::DeliveryRecord, what).is_ok();
        assert!(may(&partner, &advance(Some(20))));
        assert!(!may(&partner, &advance(Some(21))));
        assert!(!may(&partner, &advance(None)));
        // the charity's own maker reports for any of its partners
        assert!(may(&actor(Role::Maker, Some(7), None), &advance(Some(21))));
        // a partner's role at the charity itself opens nobody's advance
        assert!(!may(
            &actor(Role::Partner, Some(7), None),
            &advance(Some(21))
        ));
    }

    #[test]
    fn a_supervisor_reaches_the_region_and_below() {
        let supervisor = actor(Role::Supervisor, None, Some("42"));
        assert!(permit(&supervisor, Action::AuditRead, &object(7, "420106")).is_ok());
        assert!(permit(&supervisor, Action::AuditRead, &object(7, "4301")).is_err());
        assert!(permit(&supervisor, Action::DisbursementPay, &object(7, "420106")).is_err());
    }

    #[test]
    fn officials_reach_applications_of_their_region_and_nothing_of_the_money() {
        let handler = actor(Role::Handler, None, Some("42"));
        let decider = actor(Role::Decider, None, Some("4201"));
        let may = |who: &Actor, action, region| permit(who, action, &object(7, region)).is_ok();
        assert!(may(&handler, Action::MatterHandle, "420106"));
        assert!(!may(&handler, Action::MatterHandle, "4301"));
        assert!(!may(&handler, Action::MatterDecide, "420106"));
        assert!(may(&decider, Action::MatterDecide, "420106"));
        assert!(!may(&decider, Action::MatterDecide, "42"), "never upwards");
        for action in Action::ALL {
            let of_matters = [
                Action::MatterHandle,
                Action::MatterDecide,
                Action::MatterRead,
                Action::DutyDelegate,
            ];
            for who in [&handler, &decider] {
                let reaches = of_matters.contains(&action)
                    || [Action::IntentCreate, Action::QuestionAsk].contains(&action);
                assert!(reaches || !may(who, action, "420106"), "{action:?}");
            }
        }
    }

    #[test]
    fn the_public_may_offer_gifts_and_nothing_else() {
        for action in Action::ALL {
            let permitted = permit(&Actor::public(), action, &Object::house()).is_ok();
            let everybody = [Action::IntentCreate, Action::QuestionAsk].contains(&action);
            assert_eq!(permitted, everybody, "{action:?}");
        }
    }

    #[test]
    fn nobody_holds_money_and_the_keys_of_the_house_at_once() {
        let money = [
            Action::DonationEnter,
            Action::DisbursementRequest,
            Action::DisbursementCheck,
            Action::DisbursementApprove,
            Action::DisbursementPay,
        ];
        for action in money {
            assert!(!action.roles().contains(&Role::Administrator), "{action:?}");
            assert!(!action.roles().contains(&Role::Auditor), "{action:?}");
        }
    }

    #[test]
    fn lists_and_single_objects_agree_for_every_role_and_action() {
        for role in Role::ALL {
            for action in Action::ALL {
                for (organisation, region) in [(Some(7), None), (None, Some("42")), (None, None)] {
                    let actor = actor(role, organisation, region);
                    for candidate in [object(7, "4201"), object(8, "4301"), object(9, "4201")] {
                        let one = permit(&actor, action, &candidate).is_ok();
                        let list = reach(&actor, action).covers(&candidate);
                        assert_eq!(
                            one,
                            list || [Action::IntentCreate, Action::QuestionAsk].contains(&action),
                            "{role:?} {action:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn an_ended_grant_permits_nothing() {
        let grant = Grant {
            role: Role::Maker,
            organisation: Some(Id::from_raw(7)),
            region: None,
            from: Day::from_number(10),
            to: Some(Day::from_number(19)),
        };
        let late = Actor::user(Id::from_raw(1), "甲", vec![grant], Day::from_number(20));
        assert!(permit(&late, Action::DonationEnter, &Object::of(Id::from_raw(7))).is_err());
    }
}
