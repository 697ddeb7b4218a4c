//! Commands of visitors and of the staff: the body becomes a command, the house carries it out.

use app::command::{UserForm, Voucher};
use app::{App, AppError, Command};
use axum::extract::State;
use axum::response::Response;
use domain::identity::{Action, Object, permit};
use leaf::ids;

use super::answer::{Answer, Done, IntentMade, carry, created, done, json, made};
use super::body::{Asked, Json, Part, number};
use super::caller::{Key, Staff, Visitor};
use super::evidence;
use super::fault::Fault;
use super::request::{
    AdvanceReturnNew, CampaignNew, CounterGiftNew, DeliveryNew, DisbursementNew, EvidenceList,
    FundNew, GoodsConversionNew, GoodsDeliveryNew, GoodsGiftNew, GoodsLossNew, GrantNew, IntentNew,
    OrganisationNew, PayNew, ReasonNew, ReassignNew, ReclassificationNew, RefundNew, RepairStepNew,
    SettlementNew, StepNew, UserNew, WithdrawalNew,
};

type Body<T> = Json<T>;

// Parties and campaigns.

pub(super) async fn organisation_register(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Json(body): Body<OrganisationNew>,
) -> Answer {
    made(
        &app,
        (&staff, &key),
        "organisations",
        Command::OrganisationRegister(body.into()),
    )
    .await
}

pub(super) async fn campaign_draft(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(organisation): Part,
    Json(body): Body<CampaignNew>,
) -> Answer {
    number::<ids::Organisation>(&app, "组织", &organisation)?;
    let command = Command::CampaignDraft {
        organisation,
        form: body.into(),
    };
    made(&app, (&staff, &key), "campaigns", command).await
}

pub(super) async fn campaign_publish(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(campaign): Part,
) -> Answer {
    number::<ids::Campaign>(&app, "募捐活动", &campaign)?;
    done(&app, &staff, &key, Command::CampaignPublish { campaign }).await
}

pub(super) async fn campaign_end(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(campaign): Part,
) -> Answer {
    number::<ids::Campaign>(&app, "募捐活动", &campaign)?;
    done(&app, &staff, &key, Command::CampaignEnd { campaign }).await
}

// Gifts.

pub(super) async fn intent_create(
    State(app): State<App>,
    Visitor(actor): Visitor,
    key: Key,
    Part(campaign): Part,
    Json(body): Body<IntentNew>,
) -> Answer {
    number::<ids::Campaign>(&app, "募捐活动", &campaign)?;
    let command = Command::IntentCreate {
        campaign,
        form: body.into(),
    };
    let made = carry(&app, &actor, &key.0, command).await?;
    let Done::Record { id } = made else {
        let error = std::io::Error::other("an intent has an id");
        return Err(AppError::internal(error).into());
    };
    let token = app.intent_token(&id).await?;
    let said = IntentMade {
        done: "record",
        id: id.clone(),
        token,
    };
    Ok(created("intents", Some(&id), &said))
}

/// The demo gateway signs and delivers its notice; a house without it says so.
pub(super) async fn intent_demo_pay(
    State(app): State<App>,
    Part(intent): Part,
    asked: Asked,
) -> Answer {
    number::<ids::Intent>(&app, "捐赠意向", &intent)?;
    app.demo_pay(&intent).await?;
    json(app.intent_view(&intent, asked.token.as_deref()).await?)
}

pub(super) async fn counter_gift(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Json(body): Body<CounterGiftNew>,
) -> Answer {
    made(
        &app,
        (&staff, &key),
        "donations",
        Command::CounterGift(body.into()),
    )
    .await
}

pub(super) async fn refund(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<RefundNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    let RefundNew { amount, reason } = body;
    done(
        &app,
        &staff,
        &key,
        Command::Repair(app::command::Repair::Refund {
            donation,
            amount,
            reason,
        }),
    )
    .await
}

pub(super) async fn correct(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<ReasonNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    done(
        &app,
        &staff,
        &key,
        Command::Repair(app::command::Repair::Correct {
            donation,
            reason: body.reason,
        }),
    )
    .await
}

pub(super) async fn held_reassign(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<ReassignNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    let ReassignNew { campaign, consent } = body;
    done(
        &app,
        &staff,
        &key,
        Command::Repair(app::command::Repair::Reassign {
            donation,
            campaign,
            consent,
        }),
    )
    .await
}

// Funds and payments.

pub(super) async fn fund_open(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(organisation): Part,
    Json(body): Body<FundNew>,
) -> Answer {
    number::<ids::Organisation>(&app, "组织", &organisation)?;
    made(
        &app,
        (&staff, &key),
        "funds",
        Command::FundOpen(body.of(organisation)),
    )
    .await
}

pub(super) async fn reclassify(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(from): Part,
    Json(body): Body<ReclassificationNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &from)?;
    let ReclassificationNew {
        to,
        place,
        amount,
        reason,
        assumed,
    } = body;
    let command = Command::Repair(app::command::Repair::Reclassify {
        from,
        to,
        place,
        amount,
        reason,
        assumed,
    });
    done(&app, &staff, &key, command).await
}

pub(super) async fn disbursement_request(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<DisbursementNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let command = Command::DisbursementRequest {
        fund,
        request: body.into(),
    };
    made(&app, (&staff, &key), "disbursements", command).await
}

pub(super) async fn disbursement_step(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(disbursement): Part,
    Json(body): Body<StepNew>,
) -> Answer {
    number::<ids::Disbursement>(&app, "拨付", &disbursement)?;
    let StepNew { step, reason } = body;
    let command = Command::DisbursementStep {
        disbursement,
        step,
        reason,
    };
    done(&app, &staff, &key, command).await
}

pub(super) async fn disbursement_pay(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(disbursement): Part,
    Json(body): Body<PayNew>,
) -> Answer {
    number::<ids::Disbursement>(&app, "拨付", &disbursement)?;
    let command = Command::DisbursementPay {
        disbursement,
        place: body.place,
        voucher: Voucher {
            number: body.voucher,
            shared: body.voucher_shared,
        },
    };
    done(&app, &staff, &key, command).await
}

pub(super) async fn delivery_record(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<DeliveryNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let (form, files) = body.parts();
    let evidence = evidence::found(&app, files).await?;
    done(
        &app,
        &staff,
        &key,
        Command::DeliveryRecord {
            fund,
            form,
            evidence,
        },
    )
    .await
}

pub(super) async fn evidence_attach(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(delivery): Part,
    Json(body): Body<EvidenceList>,
) -> Answer {
    number::<ids::Delivery>(&app, "发放", &delivery)?;
    let evidence = evidence::found(&app, body.evidence).await?;
    done(
        &app,
        &staff,
        &key,
        Command::EvidenceAttach { delivery, evidence },
    )
    .await
}

pub(super) async fn advance_return(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<AdvanceReturnNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let AdvanceReturnNew { amount, place } = body;
    done(
        &app,
        &staff,
        &key,
        Command::AdvanceReturn {
            fund,
            amount,
            place,
        },
    )
    .await
}

pub(super) async fn settle(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Json(body): Body<SettlementNew>,
) -> Result<Response, Fault> {
    let bill = evidence::digest("bill_sha256", &body.bill_sha256)?;
    let SettlementNew { from, to, sum, .. } = body;
    done(
        &app,
        &staff,
        &key,
        Command::Settle {
            from,
            to,
            sum,
            bill,
        },
    )
    .await
}

pub(super) async fn reverse(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(movement): Part,
    Json(body): Body<ReasonNew>,
) -> Answer {
    done(
        &app,
        &staff,
        &key,
        Command::Repair(app::command::Repair::Reverse {
            movement,
            reason: body.reason,
        }),
    )
    .await
}

// Privacy. `reason` is a code.

pub(super) async fn donor_hide(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<ReasonNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    let reason = body.reason;
    done(&app, &staff, &key, Command::DonorHide { donation, reason }).await
}

pub(super) async fn donor_restrict(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<ReasonNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    let reason = body.reason;
    let command = Command::DonorRestrict { donation, reason };
    done(&app, &staff, &key, command).await
}

pub(super) async fn donor_erase(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(donation): Part,
    Json(body): Body<ReasonNew>,
) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &donation)?;
    let reason = body.reason;
    let asked = app::command::Repair::Erase { donation, reason };
    done(&app, &staff, &key, Command::Repair(asked)).await
}

pub(super) async fn withdraw(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Json(body): Body<WithdrawalNew>,
) -> Answer {
    let WithdrawalNew {
        record,
        field,
        file,
        reason,
    } = body;
    let asked = if file.is_empty() {
        app::command::Repair::Withdraw {
            record,
            field,
            reason,
        }
    } else {
        app::command::Repair::WithdrawFile {
            record,
            file,
            reason,
        }
    };
    done(&app, &staff, &key, Command::Repair(asked)).await
}

/// The second person answers to a repair that a colleague asked for.
pub(super) async fn repair_decide(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(repair): Part,
    Json(body): Body<RepairStepNew>,
) -> Answer {
    let RepairStepNew { step, note } = body;
    let command = Command::RepairDecide { repair, step, note };
    done(&app, &staff, &key, command).await
}

// Goods.

pub(super) async fn goods_gift(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(organisation): Part,
    Json(body): Body<GoodsGiftNew>,
) -> Answer {
    number::<ids::Organisation>(&app, "组织", &organisation)?;
    made(
        &app,
        (&staff, &key),
        "donations",
        Command::GoodsGift(body.of(organisation)),
    )
    .await
}

pub(super) async fn goods_deliver(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<GoodsDeliveryNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let GoodsDeliveryNew { units, receiver } = body;
    done(
        &app,
        &staff,
        &key,
        Command::GoodsDelivery {
            fund,
            units,
            receiver,
        },
    )
    .await
}

pub(super) async fn goods_convert(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<GoodsConversionNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let GoodsConversionNew { units, into } = body;
    let command = Command::GoodsConvert {
        fund,
        units,
        into: into.into(),
    };
    done(&app, &staff, &key, command).await
}

pub(super) async fn goods_lose(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(fund): Part,
    Json(body): Body<GoodsLossNew>,
) -> Answer {
    number::<ids::Fund>(&app, "资金", &fund)?;
    let GoodsLossNew { units, reason } = body;
    done(
        &app,
        &staff,
        &key,
        Command::GoodsLoss {
            fund,
            units,
            reason,
        },
    )
    .await
}

// Users.

pub(super) async fn user_create(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Json(body): Body<UserNew>,
) -> Answer {
    // Hashing takes a place in a short queue, so it is for those only who may create users.
    permit(&staff.actor, Action::UserManage, &Object::house()).map_err(AppError::denied)?;
    let UserNew {
        login,
        name,
        password,
    } = body;
    let password_hash = app.password_hash(&password).await?;
    let form = UserForm {
        login,
        name,
        password_hash,
    };
    done(&app, &staff, &key, Command::UserCreate(form)).await
}

pub(super) async fn role_grant(
    State(app): State<App>,
    staff: Staff,
    key: Key,
    Part(login): Part,
    Json(body): Body<GrantNew>,
) -> Answer {
    done(&app, &staff, &key, Command::RoleGrant(body.of(login))).await
}
