//! Gifts in kind: onto tapes of units, for a campaign if the donor says so.

use crate::command::{GoodsGift, Outcome};
use crate::funds::{goods_fund, goods_place, goods_row, units};
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::fundraising::decide_intent;
use domain::funds::NewItem;
use domain::funds::decide_goods_gift;
use domain::funds::posting::{End, Word};
use domain::identity::{Action, Object};
use domain::parties::{Display, DonorKind};
use domain::text::Form;
use kernel::Id;
use leaf::ids;
use store::batch::{DonationPrivate, DonationRow};

pub(crate) async fn gift(call: &mut Call<'_>, gift: &GoodsGift) -> Flow<Outcome> {
    let organisation = call.id::<ids::Organisation>(&gift.organisation, "这个组织")?;
    call.permit(Action::GoodsRecord, &Object::of(organisation))?;
    let item = NewItem::read(&gift.name, &gift.spec, &gift.unit).map_err(invalid)?;
    let units = units(&gift.units)?;
    let mut form = Form::new();
    let name = form.name("donor_name", "捐赠人", &gift.donor_name);
    form.finish(()).map_err(invalid)?;
    let campaign = meant(call, organisation, &gift.campaign).await?;
    let display = Display::parse(gift.display.trim()).unwrap_or(Display::Masked);
    let kind = DonorKind::parse(gift.donor_kind.trim()).unwrap_or(DonorKind::Person);
    let fund = goods_fund(call, organisation, &item).await?;
    let place = goods_place(call, organisation).await?;
    let now = call.now();
    let id: Id<ids::Donation> = call.batch.mint(now);
    let end = End {
        fund: fund.id,
        place,
    };
    let mut posting = decide_goods_gift(&fund, end, units, (id, now)).map_err(refused)?;
    posting.campaign = campaign;
    posting.word_key = call.word_key(0);
    posting.words.push(Word {
        field: "gift",
        value: name.clone(),
        public: false,
    });
    let posted = call.book(&posting).await?;
    let public = display.public_name(&name);
    let row = goods_row(&fund, (id, units), &posted, (kind, public, name));
    let key = posting.word_key;
    let private = DonationPrivate { key, ..row.private };
    call.batch.donation_keep_row(DonationRow {
        paid_at: now.micros(),
        day: i64::from(now.day().number()),
        campaign: campaign.map(Id::raw),
        private,
        ..row
    });
    let donation = call.print(id);
    call.audit(Action::GoodsRecord, donation.clone(), "gift");
    Ok(Outcome::Gift {
        donation,
        held: None,
        replay: false,
    })
}

/// The campaign that goods are meant for: one of this organisation that takes gifts today, as for money.
async fn meant(
    call: &mut Call<'_>,
    organisation: Id<ids::Organisation>,
    text: &str,
) -> Flow<Option<Id<ids::Campaign>>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id = call.id::<ids::Campaign>(text, "这个活动")?;
    let campaign = call.batch.campaign(id).await?.ok_or(missing("这个活动"))?;
    if campaign.organisation != organisation {
        return Err(missing("本单位的这个活动"));
    }
    let (register, today) = (call.batch.register(organisation).await?, call.now().day());
    decide_intent(&campaign, register.right(today), today).map_err(refused)?;
    Ok(Some(campaign.id))
}
