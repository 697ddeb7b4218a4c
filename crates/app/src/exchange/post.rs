//! Posts the rows of an import through the same decisions as everything else.
//!
//! A row whose external id is known adds nothing; so a part that arrives twice adds nothing.

use super::part::{ImportGift, ImportGoods, ImportPart, ImportPayment, ImportRows};
use crate::command::Outcome;
use crate::error::AppError;
use crate::fundraising::{Meant, Origin, place, receive};
use crate::funds::{advance_end, goods_fund, goods_place, goods_row};
use crate::staircase::{Call, Flow, booked, missing, refused};
use domain::fundraising::{Campaign, DonorKind, Gate, Incoming};
use domain::funds::posting::{End, MoveOrder, Posting, Subject, Word};
use domain::funds::{
    ASSUMED_PURPOSE, Class, Disbursement, DisbursementState, FundKind, NewFund, NewItem, PayeeKind,
    Restriction, account, assumed_title, decide_goods_delivery, decide_goods_gift,
};
use domain::identity::{Action, Object};
use domain::oversight::{Announcement, decide_announcement};
use domain::parties::RegisteredOrganisation;
use kernel::{Day, Id, Timestamp, mask_given_name};
use leaf::{Kind as LeafKind, ids};
use ledger::Kind;
use store::batch::{DeliveryRow, DonationPrivate, DonationRow};

pub(crate) async fn import_post(call: &mut Call<'_>, part: &ImportPart) -> Flow<Outcome> {
    let object = part.organisation.map_or_else(Object::house, Object::of);
    call.permit(Action::ImportRun, &object)?;
    let state = call
        .batch
        .import_state(part.run)
        .await?
        .ok_or(missing("这次导入"))?;
    match state.as_str() {
        "undone" => return Err(missing("这次导入（它已撤销）")),
        "posted" => {
            let sentence = "这次导入已经全部入账，不能再加行；新的行请放在另一个文件里导入。";
            return Err(AppError::conflict("import_posted", sentence).into());
        }
        _ => {}
    }
    let (rows, known) = match &part.rows {
        ImportRows::Gifts(gifts) => post_gifts(call, part, gifts).await?,
        ImportRows::GoodsIn(goods) => post_goods_in(call, part, goods).await?,
        ImportRows::GoodsOut(goods) => post_goods_out(call, part, goods).await?,
        ImportRows::Payments(payments) => post_payments(call, part, payments).await?,
        ImportRows::Announcements(said) => post_announcements(call, part, said).await?,
        ImportRows::Organisations(new) => post_organisations(call, new).await?,
        ImportRows::Regions(rows, stood_on) => {
            let from = i64::from(stood_on.number());
            let new = call.batch.regions_insert(rows, from).await?;
            let new = usize::try_from(new).unwrap_or(rows.len());
            (new, rows.len().saturating_sub(new))
        }
    };
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let known = i64::try_from(known).unwrap_or(i64::MAX);
    let now = call.now();
    call.batch
        .import_advance(part.run, "posting", rows, now)
        .await?;
    Ok(Outcome::Posted { rows, known })
}

fn owner(part: &ImportPart) -> Flow<Id<ids::Organisation>> {
    part.organisation.ok_or(missing("导入的单位"))
}

async fn campaign_of(call: &mut Call<'_>, part: &ImportPart) -> Flow<Campaign> {
    let id = part.campaign.ok_or(missing("导入的活动"))?;
    call.batch.campaign(id).await?.ok_or(missing("导入的活动"))
}

async fn post_announcements(
    call: &mut Call<'_>,
    part: &ImportPart,
    rows: &[Announcement],
) -> Flow<(usize, usize)> {
    let mut known = 0;
    for said in rows {
        if call.batch.announcement_known(said).await? {
            known += 1;
            continue;
        }
        let now = call.now();
        let said = Announcement {
            id: call.batch.mint(now),
            ..said.clone()
        };
        let posted = call.book(&decide_announcement(&said, now)).await?;
        call.batch
            .announcement_insert(&said, Some(part.run), posted.leaf_index)
            .await?;
    }
    Ok((rows.len() - known, known))
}

/// Where each channel's money physically is.
fn account_of(channel: &str) -> &'static str {
    match channel {
        "cash" => account::CASH,
        code if code.starts_with("bank") => account::BANK,
        _ => account::CLEARING,
    }
}

async fn post_gifts(
    call: &mut Call<'_>,
    part: &ImportPart,
    gifts: &[ImportGift],
) -> Flow<(usize, usize)> {
    let organisation = owner(part)?;
    let campaign = campaign_of(call, part).await?;
    let printed = call.print(organisation);
    let key = |gift: &ImportGift| {
        (
            format!("{}/{printed}", gift.channel),
            gift.external_id.clone(),
        )
    };
    let keys: Vec<_> = gifts.iter().map(key).collect();
    call.batch.payments_prefetch(&keys, &[]).await?;
    let mut known = 0;
    for (n, (gift, payment)) in gifts.iter().zip(keys).enumerate() {
        if call
            .batch
            .payment_known(&payment.0, &payment.1)
            .await?
            .is_some()
        {
            known += 1;
            continue;
        }
        let channel = place(call, organisation, account_of(&gift.channel), &gift.channel).await?;
        let incoming = Incoming {
            amount: gift.amount,
            fee: gift.fee,
            channel,
            paid_at: gift.paid_at,
            time_known: gift.time_known,
            donor: gift.donor.clone(),
        };
        let origin = Origin {
            payment,
            import: Some((part.run, gift.line)),
            published_day: gift.published_day,
            key: n as u64,
        };
        let meant = Meant {
            organisation,
            campaign: Some(&campaign),
            intent: None,
            intent_required: false,
            paid_before: false,
            gate: gate(&campaign, gift),
        };
        receive(call, &meant, &incoming, origin).await?;
    }
    Ok((gifts.len() - known, known))
}

/// A list may arrive after its campaign has ended; what was paid outside its days is held all the same.
fn gate(campaign: &Campaign, gift: &ImportGift) -> Gate {
    let day = gift.paid_at.day();
    if campaign.starts_on <= day && day <= campaign.ends_on {
        Gate::Published
    } else {
        Gate::Enforced
    }
}

/// The key under which an imported row that is no gift of money exists once for ever, if it is new.
async fn row_key(
    call: &mut Call<'_>,
    part: &ImportPart,
    (what, external_id): (&str, &str),
) -> Flow<Option<(String, String)>> {
    let payment = (
        format!("{what}/{}", call.print(owner(part)?)),
        external_id.to_string(),
    );
    let known = call.batch.payment_known(&payment.0, &payment.1).await?;
    Ok(if known.is_some() { None } else { Some(payment) })
}

async fn post_goods_in(
    call: &mut Call<'_>,
    part: &ImportPart,
    rows: &[ImportGoods],
) -> Flow<(usize, usize)> {
    let organisation = owner(part)?;
    let place = goods_place(call, organisation).await?;
    let mut known = 0;
    for (n, row) in rows.iter().enumerate() {
        let Some(payment) = row_key(call, part, ("goods", &row.external_id)).await? else {
            known += 1;
            continue;
        };
        let item = item_of(row);
        let fund = goods_fund(call, organisation, &item).await?;
        let now = call.now();
        let id: Id<ids::Donation> = call.batch.mint(now);
        let end = End {
            fund: fund.id,
            place,
        };
        let mut posting = decide_goods_gift(&fund, end, row.units, (id, now)).map_err(refused)?;
        posting.day = row.day;
        posting.campaign = part.campaign;
        posting.word_key = call.word_key(n as u64);
        posting.words.push(Word {
            field: "gift",
            value: row.party.clone(),
            public: false,
        });
        if !row.day_known {
            posting = posting.fact("time_known", false);
        }
        let posted = call.book(&posting).await?;
        let kind = if row.person {
            DonorKind::Person
        } else {
            DonorKind::Organisation
        };
        let shown = if row.person {
            mask_given_name(&row.party)
        } else {
            row.party.clone()
        };
        let donor = (kind, shown, row.party.clone());
        let base = goods_row(&fund, (id, row.units), &posted, donor);
        let private = DonationPrivate {
            key: posting.word_key,
            ..base.private.clone()
        };
        call.batch.donation_keep_row(DonationRow {
            campaign: part.campaign.map(Id::raw),
            paid_at: posting.day.end().micros(),
            time_known: false,
            day: i64::from(posting.day.number()),
            published_day: Some(i64::from(row.day.number())),
            import: Some((part.run.raw(), row.line)),
            payment: Some(payment),
            private,
            ..base
        });
    }
    Ok((rows.len() - known, known))
}

fn item_of(row: &ImportGoods) -> NewItem {
    NewItem {
        name: row.name.clone(),
        spec: row.spec.clone(),
        unit: row.unit.clone(),
    }
}

/// Goods handed out under a name that was never received: counted first (盘盈), so that no tape lies.
async fn post_goods_out(
    call: &mut Call<'_>,
    part: &ImportPart,
    rows: &[ImportGoods],
) -> Flow<(usize, usize)> {
    let organisation = owner(part)?;
    let place = goods_place(call, organisation).await?;
    let mut known = 0;
    for row in rows {
        let Some(payment) = row_key(call, part, ("out", &row.external_id)).await? else {
            known += 1;
            continue;
        };
        let fund = goods_fund(call, organisation, &item_of(row)).await?;
        let end = End {
            fund: fund.id,
            place,
        };
        let lacking = row.units - fund.tape.spendable();
        let now = call.now();
        if lacking > 0 {
            count_in(call, end, organisation, (lacking, row.day)).await?;
        }
        let fund = call.batch.fund(fund.id).await?.ok_or(missing("这项物资"))?;
        let id: Id<ids::Delivery> = call.batch.mint(now);
        let mut posting =
            decide_goods_delivery(&fund, end, row.units, &row.party, (id, now)).map_err(refused)?;
        posting = posting.fact("acc", row.day.to_string());
        posting.day = row.day;
        posting.campaign = part.campaign;
        posting.matter = Some(id.raw());
        let posted = call.book(&posting).await?;
        let movement = posted
            .movements
            .first()
            .copied()
            .ok_or(missing("这笔流转"))?;
        let delivery = DeliveryRow {
            id,
            organisation,
            fund: fund.id,
            campaign: part.campaign,
            movement,
            disbursement: None,
            payee_kind: PayeeKind::Organisation.code(),
            payee: row.party.clone(),
            scheme: fund.title.clone(),
            region: None,
            persons: 0,
            reached_on: row.day,
        };
        call.batch.delivery_insert(&delivery, now).await?;
        call.batch.payment_keep(payment, id.raw(), row.units);
    }
    Ok((rows.len() - known, known))
}

/// Books units of unknown origin, labelled as an assumption.
async fn count_in(
    call: &mut Call<'_>,
    end: End,
    organisation: Id<ids::Organisation>,
    what: (i64, Day),
) -> Flow<()> {
    let now = call.now();
    let record = call.batch.mint(now);
    let reason = "发放清单的品名或单位与接收清单对不上，按发放数补记来源不明的入库";
    let mut count = Posting::new(
        Subject::Movement(record),
        LeafKind::Count,
        organisation,
        now,
    )
    .fact("assumed", true)
    .fact("acc", what.1.to_string())
    .public_word("reason", reason);
    count.day = what.1;
    count
        .moves
        .push(MoveOrder::inflow(Kind::Count, end, what.0));
    call.book(&count).await.map(|_| ())
}

async fn post_payments(
    call: &mut Call<'_>,
    part: &ImportPart,
    rows: &[ImportPayment],
) -> Flow<(usize, usize)> {
    let campaign = campaign_of(call, part).await?;
    let mut known = 0;
    for row in rows {
        let Some(payment) = row_key(call, part, ("paid", &row.external_id)).await? else {
            known += 1;
            continue;
        };
        let order = post_payment(call, &campaign, row).await?;
        call.batch
            .payment_keep(payment, order.raw(), row.amount.get());
    }
    Ok((rows.len() - known, known))
}

/// The sentence that labels the assumption on every designated payment.
pub(crate) const DESIGNATED_ASSUMPTION: &str = "公布的名单没有说明哪些捐赠是定向的；本系统按公告金额把款项转入定向资金，这是标明的假设，因此无法对应到具体捐赠。";

/// The notice says who got how much; the four eyes of that time are not known and are not invented.
async fn post_payment(
    call: &mut Call<'_>,
    campaign: &Campaign,
    row: &ImportPayment,
) -> Flow<Id<ids::Disbursement>> {
    let now = call.now();
    let project = campaign.project_fund.ok_or(missing("这个活动的资金"))?;
    let source = if row.designated {
        designate(call, campaign, row).await?
    } else {
        project
    };
    let fund = call.batch.fund(source).await?.ok_or(missing("这项资金"))?;
    let (place, there) = call
        .batch
        .fullest_place(source)
        .await?
        .ok_or(missing("有余额的账户"))?;
    let amount = row.amount.get();
    let order = imported_order(call, campaign, (source, row));
    if there < amount {
        gather(call, source, place, (amount - there, row.day)).await?;
    }
    let from = End {
        fund: source,
        place,
    };
    let advance = match row.advance {
        true => Some(advance_end(call, &order, &fund).await?),
        false => None,
    };
    let posting = imported_posting(&order, (from, advance), (row, now));
    let posted = call.book(&posting).await?;
    let movement = posted
        .movements
        .first()
        .copied()
        .ok_or(missing("这笔流转"))?;
    call.batch.disbursement_imported(&order, now).await?;
    call.batch
        .disbursement_paid(order.id, movement, advance.map(|end| end.fund))
        .await?;
    if advance.is_none() {
        keep_delivery(call, &order, movement, row.day).await?;
    }
    Ok(order.id)
}

/// The order as the notice gives it: paid, by whom is not known.
fn imported_order(
    call: &mut Call<'_>,
    campaign: &Campaign,
    what: (Id<ids::Fund>, &ImportPayment),
) -> Disbursement {
    let (source, row) = what;
    let now = call.now();
    let assumption = if row.designated {
        DESIGNATED_ASSUMPTION
    } else {
        ""
    };
    Disbursement {
        id: call.batch.mint(now),
        organisation: campaign.organisation,
        fund: source,
        campaign: Some(campaign.id),
        class: if row.advance {
            Class::Advance
        } else {
            Class::Direct
        },
        payee_kind: PayeeKind::Organisation,
        payee: row.payee.clone(),
        amount: row.amount,
        purpose: row.purpose.clone(),
        assumption: assumption.into(),
        state: DisbursementState::Paid,
        maker: call.user(),
        checker: None,
        approver: None,
    }
}

/// An advance to a headquarters is an allotment, everything else reached its receiver.
fn imported_posting(
    order: &Disbursement,
    ends: (End, Option<End>),
    when: (&ImportPayment, Timestamp),
) -> Posting {
    let (from, advance) = ends;
    let (row, now) = when;
    let amount = order.amount.get();
    let (kind, moved) = match advance {
        Some(to) => (
            LeafKind::Allotment,
            MoveOrder::between(Kind::Allotment, from, to, amount),
        ),
        None => (
            LeafKind::Delivery,
            MoveOrder::outflow(Kind::Delivery, from, amount),
        ),
    };
    let subject = Subject::Disbursement(order.id);
    let mut posting = Posting::new(subject, kind, order.organisation, now)
        .fact("class", order.class.code())
        .fact("payee", order.payee.clone())
        .fact("acc", row.day.to_string())
        .public_word("purpose", order.purpose.clone());
    posting.day = row.day;
    posting.campaign = order.campaign;
    posting.matter = Some(order.id.raw());
    posting.moves.push(moved);
    posting
}

async fn keep_delivery(
    call: &mut Call<'_>,
    order: &Disbursement,
    movement: Id<ids::Movement>,
    day: Day,
) -> Flow<()> {
    let now = call.now();
    let delivery = DeliveryRow {
        id: call.batch.mint(now),
        organisation: order.organisation,
        fund: order.fund,
        campaign: order.campaign,
        movement,
        disbursement: Some(order.id),
        payee_kind: order.payee_kind.code(),
        payee: order.payee.clone(),
        scheme: order.purpose.clone(),
        region: None,
        persons: 0,
        reached_on: day,
    };
    call.batch.delivery_insert(&delivery, now).await?;
    Ok(())
}

/// Moves a designated payment's money to the designated fund, labelled as an assumption.
async fn designate(
    call: &mut Call<'_>,
    campaign: &Campaign,
    row: &ImportPayment,
) -> Flow<Id<ids::Fund>> {
    let now = call.now();
    let project = campaign.project_fund.ok_or(missing("这个活动的资金"))?;
    let known = call.batch.designated_fund(campaign.id).await?;
    let fund = match known {
        Some(fund) => fund,
        None => {
            let title = assumed_title(&campaign.title).to_string();
            let new = NewFund::money(
                campaign.organisation,
                FundKind::Designated,
                title,
                Restriction::Purpose,
            )
            .for_campaign(campaign.id)
            .with_purpose(ASSUMED_PURPOSE);
            booked(call.batch.fund_open(&new, now).await?)?
        }
    };
    let amount = row.amount.get();
    let (place, there) = call
        .batch
        .fullest_place(project)
        .await?
        .ok_or(missing("有余额的账户"))?;
    if there < amount {
        gather(call, project, place, (amount - there, row.day)).await?;
    }
    let record = call.batch.mint(now);
    let kind = LeafKind::Reclassification;
    let mut posting = Posting::new(Subject::Movement(record), kind, campaign.organisation, now)
        .fact("assumed", true)
        .fact("acc", row.day.to_string())
        .public_word("reason", DESIGNATED_ASSUMPTION);
    posting.day = row.day;
    posting.campaign = Some(campaign.id);
    let ends = (
        End {
            fund: project,
            place,
        },
        End { fund, place },
    );
    posting.moves.push(MoveOrder::between(
        Kind::Reclassification,
        ends.0,
        ends.1,
        amount,
    ));
    call.book(&posting).await?;
    Ok(fund)
}

/// The published lists do not say from which account was paid: what lacks at one place comes from the others.
async fn gather(
    call: &mut Call<'_>,
    fund: Id<ids::Fund>,
    to: Id<ids::Place>,
    (lacking, day): (i64, Day),
) -> Flow<()> {
    let mut left = lacking;
    let now = call.now();
    let organisation = call
        .batch
        .fund(fund)
        .await?
        .ok_or(missing("这项资金"))?
        .organisation;
    let record = call.batch.mint(now);
    let kind = LeafKind::Settlement;
    let mut posting = Posting::new(Subject::Movement(record), kind, organisation, now)
        .fact("assumed", true)
        .fact("acc", day.to_string())
        .fact("bill", leaf::digest_text(&[0; 32]));
    posting.day = day;
    for (place, there) in call.batch.places_of_fund(fund).await? {
        let take = there.min(left);
        if place == to || take == 0 {
            continue;
        }
        let transfer = domain::funds::posting::PlaceTransfer {
            fund,
            from: place,
            to,
            amount: take,
        };
        posting.transfers.push(transfer);
        left -= take;
    }
    if left > 0 {
        let there = lacking - left;
        return Err(refused(domain::funds::DisbursementRefused::Place { there }));
    }
    call.book(&posting).await.map(|_| ())
}

async fn post_organisations(
    call: &mut Call<'_>,
    rows: &[RegisteredOrganisation],
) -> Flow<(usize, usize)> {
    let now = call.now();
    let added = booked(call.batch.organisations_import(rows, now).await?)?;
    Ok((added, rows.len() - added))
}
