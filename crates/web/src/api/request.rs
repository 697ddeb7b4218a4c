//! Bodies of requests: the words of a form, as JSON. What they mean is judged by the house.
//!
//! Amounts are yuan as text (`"50.00"`), days are `YYYY-MM-DD`; optional fields may be absent or empty.

use app::command::{CounterGift, DisbursementStep, FundForm, GoodsGift, GrantForm, RepairStep};
use domain::fundraising::{CampaignForm, IntentForm};
use domain::funds::{DeliveryForm, DisbursementRequest, GoodsForm};
use domain::parties::OrganisationForm;
use serde::Deserialize;
use utoipa::ToSchema;

/// 〔登录〕 Login and password, and the code of whoever has a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Login.
    pub(crate) login: String,
    /// Password.
    pub(crate) password: String,
    /// Code of the authenticator or a recovery code; absent without a second factor.
    #[serde(default)]
    pub(crate) code: String,
}

/// 〔组织登记〕 A new organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationNew {
    /// Registered name.
    name: String,
    /// `association`, `foundation`, `service_institution` or `other`.
    kind: String,
    /// Unified code 统一社会信用代码, may be absent.
    #[serde(default)]
    uscc: String,
    /// Region code, may be absent.
    #[serde(default)]
    region: String,
    /// Day of registration, may be absent.
    #[serde(default)]
    registered_on: String,
}

impl From<OrganisationNew> for OrganisationForm {
    fn from(body: OrganisationNew) -> Self {
        let OrganisationNew {
            name,
            kind,
            uscc,
            region,
            registered_on,
        } = body;
        OrganisationForm {
            name,
            kind,
            uscc,
            region,
            registered_on,
        }
    }
}

/// 〔募捐方案〕 A campaign to draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignNew {
    /// Public name.
    title: String,
    /// Why money is needed.
    story: String,
    /// What will be done with it.
    promise: String,
    /// Filing number 备案编号.
    #[serde(default)]
    filing_number: String,
    /// Region code, may be absent.
    #[serde(default)]
    region: String,
    /// First day.
    starts_on: String,
    /// Last day.
    ends_on: String,
    /// Target in yuan, may be absent.
    #[serde(default)]
    target: String,
    /// Administrative share in per cent with at most two decimals, may be absent.
    #[serde(default)]
    administrative_share: String,
}

impl From<CampaignNew> for CampaignForm {
    fn from(body: CampaignNew) -> Self {
        CampaignForm {
            title: body.title,
            story: body.story,
            promise: body.promise,
            filing_number: body.filing_number,
            region: body.region,
            starts_on: body.starts_on,
            ends_on: body.ends_on,
            target: body.target,
            administrative_share: body.administrative_share,
        }
    }
}

/// 〔捐赠意向〕 A gift that is offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntentNew {
    /// Yuan with at most two decimals, for example `50.00`.
    amount: String,
    /// Name; absent for an anonymous gift.
    #[serde(default)]
    donor_name: String,
    /// `person` (if absent), `organisation` or `other`.
    #[serde(default)]
    donor_kind: String,
    /// How the donor is shown: `masked` (if absent), `named` or `anonymous`.
    #[serde(default)]
    display: String,
    /// Telephone or mail for the donor's own link, may be absent.
    #[serde(default)]
    contact: String,
    /// Words to the organisation, may be absent.
    #[serde(default)]
    message: String,
}

impl From<IntentNew> for IntentForm {
    fn from(body: IntentNew) -> Self {
        let IntentNew {
            amount,
            donor_name,
            donor_kind,
            display,
            contact,
            message,
        } = body;
        IntentForm {
            amount,
            donor_name,
            donor_kind,
            display,
            contact,
            message,
        }
    }
}

/// 〔柜台捐赠〕 A gift at the counter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CounterGiftNew {
    /// Printed campaign id.
    campaign: String,
    /// `cash` or `bank`.
    channel: String,
    /// Number of the slip or bank line; the same slip is booked once.
    slip: String,
    /// The day on which it was received, such as `2026-11-28`; absent for now.
    #[serde(default)]
    received_on: String,
    /// The gift.
    gift: IntentNew,
}

impl From<CounterGiftNew> for CounterGift {
    fn from(body: CounterGiftNew) -> Self {
        let CounterGiftNew {
            campaign,
            channel,
            slip,
            received_on,
            gift,
        } = body;
        CounterGift {
            campaign,
            channel,
            slip,
            received_on,
            form: gift.into(),
        }
    }
}

/// 〔专项资金〕 A fund under a restriction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FundNew {
    /// Printed campaign id, may be absent.
    #[serde(default)]
    campaign: String,
    /// `designated`, `pool`, `unrestricted` or `agency`.
    kind: String,
    /// Its name.
    title: String,
    /// Its purpose.
    purpose: String,
}

impl FundNew {
    /// The form for an organisation.
    pub(crate) fn of(self, organisation: String) -> FundForm {
        let FundNew {
            campaign,
            kind,
            title,
            purpose,
        } = self;
        FundForm {
            organisation,
            campaign,
            kind,
            title,
            purpose,
        }
    }
}

/// 〔拨付申请〕 A payment that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisbursementNew {
    /// `direct`, `advance`, `administration`, `fundraising` or `purchase`.
    class: String,
    /// `organisation`, `persons` or `supplier`.
    payee_kind: String,
    /// The payee's name; for persons a description without names.
    payee: String,
    /// Yuan.
    amount: String,
    /// What for.
    purpose: String,
    /// A labelled assumption that replaces an unknown fact; usually absent.
    #[serde(default)]
    assumption: String,
    /// What a purchase buys; absent for the other classes.
    #[serde(default)]
    goods: GoodsNew,
}

impl From<DisbursementNew> for DisbursementRequest {
    fn from(body: DisbursementNew) -> Self {
        let DisbursementNew {
            class,
            payee_kind,
            payee,
            amount,
            purpose,
            assumption,
            goods,
        } = body;
        let goods = goods.into();
        DisbursementRequest {
            class,
            payee_kind,
            payee,
            amount,
            purpose,
            assumption,
            goods,
        }
    }
}

/// 〔物资〕 An item of goods and how many.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsNew {
    /// Item.
    name: String,
    /// Specification, may be absent.
    #[serde(default)]
    spec: String,
    /// Unit.
    unit: String,
    /// How many, as text.
    units: String,
}

impl From<GoodsNew> for GoodsForm {
    fn from(body: GoodsNew) -> Self {
        let GoodsNew {
            name,
            spec,
            unit,
            units,
        } = body;
        GoodsForm {
            name,
            spec,
            unit,
            units,
        }
    }
}

/// 〔拨付步骤〕 Check, approve or send back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepNew {
    /// `check`, `approve` or `refuse`.
    #[schema(value_type = String)]
    pub(crate) step: DisbursementStep,
    /// Reason or note; required when sending back.
    #[serde(default)]
    pub(crate) reason: String,
}

/// 〔更正申请步骤〕 Confirm a repair that a colleague asked for, or send it back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepairStepNew {
    /// `confirm` or `refuse`.
    #[schema(value_type = String)]
    pub(crate) step: RepairStep,
    /// Note; required when sending back.
    #[serde(default)]
    pub(crate) note: String,
}

/// 〔撤下申请〕 What shall not be shown any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalNew {
    /// Printed id of the record whose words or file it is.
    pub(crate) record: String,
    /// Which of its words: `title`, `story`, `promise`, `body`, `plan`, `question`, `answer`, `payee`, `purpose`,
    /// `assumption`, `scheme`, `reason`; left out for a file.
    #[serde(default)]
    pub(crate) field: String,
    /// SHA-256 of the file in hex; left out for words.
    #[serde(default)]
    pub(crate) file: String,
    /// `consent`, `personal`, `infringing`, `unlawful` or `mistaken`.
    pub(crate) reason: String,
}

/// 〔付款〕 From where a payment is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayNew {
    /// Printed place id to pay from.
    pub(crate) place: String,
    /// Number of the bank's slip; may be left out.
    #[serde(default)]
    pub(crate) voucher: String,
    /// True if one slip stands for several payments, so that its number may be known already.
    #[serde(default)]
    pub(crate) voucher_shared: bool,
}

/// 〔附件引用〕 A file that was sent to `POST /evidence` before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceNamed {
    /// SHA-256 in hex, as `POST /evidence` answered.
    pub(crate) sha256: String,
    /// Media type, as `POST /evidence` answered.
    pub(crate) media_type: String,
    /// Length in bytes, as `POST /evidence` answered; may be absent.
    #[serde(default)]
    pub(crate) length: Option<u64>,
    /// What it shows.
    pub(crate) title: String,
}

/// 〔附件清单〕 Evidence for a delivery that was paid directly.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceList {
    /// The files.
    pub(crate) evidence: Vec<EvidenceNamed>,
}

/// 〔发放报告〕 The use of an advance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryNew {
    /// Yuan.
    amount: String,
    /// Who received, without persons' names.
    payee: String,
    /// The scheme or project.
    scheme: String,
    /// Region code down to the county, may be absent.
    #[serde(default)]
    region: String,
    /// How many persons it reached, as text.
    #[serde(default)]
    persons: String,
    /// The day it reached them.
    reached_on: String,
    /// The files that show it.
    pub(crate) evidence: Vec<EvidenceNamed>,
}

impl DeliveryNew {
    /// The form and its files.
    pub(crate) fn parts(self) -> (DeliveryForm, Vec<EvidenceNamed>) {
        let DeliveryNew {
            amount,
            payee,
            scheme,
            region,
            persons,
            reached_on,
            evidence,
        } = self;
        (
            DeliveryForm {
                amount,
                payee,
                scheme,
                region,
                persons,
                reached_on,
            },
            evidence,
        )
    }
}

/// 〔退回预付〕 Unused advance money that came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdvanceReturnNew {
    /// Yuan.
    pub(crate) amount: String,
    /// Printed place id it came back to.
    pub(crate) place: String,
}

/// 〔渠道结算〕 A channel paid out what waited at it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettlementNew {
    /// Printed place id of the channel.
    pub(crate) from: String,
    /// Printed place id of the bank account.
    pub(crate) to: String,
    /// Sum of the channel's bill in yuan.
    pub(crate) sum: String,
    /// SHA-256 of the bill in hex.
    pub(crate) bill_sha256: String,
}

/// 〔退款〕 Money that goes back to the donor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundNew {
    /// Yuan; absent means all that is left.
    #[serde(default)]
    pub(crate) amount: String,
    /// Why.
    pub(crate) reason: String,
}

/// 〔更正〕 Why something is taken out or undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonNew {
    /// Why.
    pub(crate) reason: String,
}

/// 〔改投〕 Where held money goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReassignNew {
    /// Printed campaign id.
    pub(crate) campaign: String,
    /// How the donor agreed.
    pub(crate) consent: String,
}

/// 〔调整用途〕 Money that moves between two funds of one organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReclassificationNew {
    /// Printed fund id it reaches.
    pub(crate) to: String,
    /// Printed place id where the money is.
    pub(crate) place: String,
    /// Yuan.
    pub(crate) amount: String,
    /// Why.
    pub(crate) reason: String,
    /// True if a labelled assumption replaces a fact.
    #[serde(default)]
    pub(crate) assumed: bool,
}

/// 〔物资捐赠〕 Goods that were given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsGiftNew {
    /// Printed campaign id, may be absent.
    #[serde(default)]
    campaign: String,
    /// Item.
    name: String,
    /// Specification.
    #[serde(default)]
    spec: String,
    /// Unit.
    unit: String,
    /// How many, as text.
    units: String,
    /// Donor's name, may be absent.
    #[serde(default)]
    donor_name: String,
    /// `person` (if absent), `organisation` or `other`.
    #[serde(default)]
    donor_kind: String,
    /// `masked` (if absent), `named` or `anonymous`.
    #[serde(default)]
    display: String,
}

impl GoodsGiftNew {
    /// The form for an organisation.
    pub(crate) fn of(self, organisation: String) -> GoodsGift {
        let GoodsGiftNew {
            campaign,
            name,
            spec,
            unit,
            units,
            donor_name,
            donor_kind,
            display,
        } = self;
        GoodsGift {
            organisation,
            campaign,
            name,
            spec,
            unit,
            units,
            donor_name,
            donor_kind,
            display,
        }
    }
}

/// 〔物资发放〕 Goods that were handed out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsDeliveryNew {
    /// Units, as text.
    pub(crate) units: String,
    /// Who received.
    pub(crate) receiver: String,
}

/// 〔物资换算〕 Units of one item that became units of another: boxes become pieces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsConversionNew {
    /// Units that leave, as text.
    pub(crate) units: String,
    /// What they became and how many.
    pub(crate) into: GoodsNew,
}

/// 〔物资损耗〕 Units that were lost, spoilt or counted short.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsLossNew {
    /// Units, as text.
    pub(crate) units: String,
    /// Why.
    pub(crate) reason: String,
}

/// 〔用户〕 A new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserNew {
    /// Login.
    pub(crate) login: String,
    /// Name.
    pub(crate) name: String,
    /// First password.
    pub(crate) password: String,
}

/// 〔授权〕 A role for a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantNew {
    /// Code of the role, for example `maker` or `checker`.
    role: String,
    /// Printed organisation id, may be absent.
    #[serde(default)]
    organisation: String,
    /// Region code, may be absent.
    #[serde(default)]
    region: String,
}

impl GrantNew {
    /// The form for a user.
    pub(crate) fn of(self, login: String) -> GrantForm {
        let GrantNew {
            role,
            organisation,
            region,
        } = self;
        GrantForm {
            login,
            role,
            organisation,
            region,
        }
    }
}
