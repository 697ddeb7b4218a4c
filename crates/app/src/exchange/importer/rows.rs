//! What the layouts propose, as the staircase takes it.

use crate::exchange::part::{ImportGift, ImportGoods, ImportPayment};
use domain::exchange::import::announced::ProposedAnnouncement;
use domain::exchange::import::cash_disbursed::{DisbursedAs, ProposedDisbursement};
use domain::exchange::import::goods::{Goods, ProposedGoodsIn, ProposedGoodsOut};
use domain::exchange::import::organisation::ProposedOrganisation;
use domain::exchange::import::{DonorKind as Said, Layout, ProposedGift, Reject};
use domain::fundraising::{Display, Donor, DonorKind};
use domain::funds::UNITS_MAX;
use domain::oversight::Announcement;
use domain::parties::NewOrganisation;
use kernel::{Day, Fen, Id};
use leaf::ids;
use std::collections::BTreeMap;

/// Which register the organisations of that layout come from.
pub(crate) const TW_SOURCE: &str = "台湾地区法院法人登记公告（截至2017年4月）";

/// 〔待排序捐赠〕 A gift with its place in the order of a fund: time, then file, then line.
#[derive(Debug, Clone)]
pub(crate) struct OrderedGift {
    /// The file it was published in; the imported file where none is named.
    pub file: String,
    /// The line there.
    pub line: u64,
    /// The gift.
    pub gift: ImportGift,
}

impl OrderedGift {
    /// Known time, else the end of the published day, then file and line.
    pub(crate) fn key(&self) -> (i64, &str, u64) {
        (self.gift.paid_at.micros(), &self.file, self.line)
    }
}

/// A gift; `row` is its line in the imported file and that file's name.
pub(crate) fn gift(layout: Layout, proposed: ProposedGift, row: (u64, &str)) -> OrderedGift {
    let (display, kind) = shown(layout, proposed.donor_kind);
    let display = proposed.display.unwrap_or(display);
    let file = match proposed.source_file.as_str() {
        "" => row.1.to_string(),
        published => published.to_string(),
    };
    OrderedGift {
        file,
        line: proposed.source_line,
        gift: ImportGift {
            line: line(row.0),
            channel: proposed.channel.code().to_string(),
            external_id: proposed.external_id,
            amount: proposed.amount,
            fee: proposed.fee.unwrap_or(Fen::ZERO),
            paid_at: proposed.time.order(),
            time_known: proposed.time.is_known(),
            published_day: proposed.published_for,
            donor: Donor {
                kind,
                name: proposed.donor,
                display,
                contact: String::new(),
                message: proposed.note,
            },
        },
    }
}

/// How a donor of a list is shown. Published lists were masked by their publisher and stay as published, but
/// for persons, who are masked once more; names of other lists are a person's until somebody says otherwise.
fn shown(layout: Layout, said: Said) -> (Display, DonorKind) {
    let published = layout == Layout::Named;
    match said {
        Said::Person => (Display::Masked, DonorKind::Person),
        Said::Masked => (
            if published {
                Display::Named
            } else {
                Display::Masked
            },
            DonorKind::Person,
        ),
        Said::Organisation => (Display::Named, DonorKind::Organisation),
        Said::Group | Said::Other if published => (Display::Named, DonorKind::Other),
        Said::Group | Said::Other => (Display::Masked, DonorKind::Other),
        Said::Anonymous => (Display::Anonymous, DonorKind::Other),
    }
}

/// 〔同行计数〕 Makes rows without a number of their own unique: what the row says, and how many equal rows stood
/// before it in the file. The same list saved in another form gives the same keys.
#[derive(Debug, Default)]
pub(crate) struct RowKeys(BTreeMap<String, u32>);

impl RowKeys {
    fn key(&mut self, said: &[&str]) -> String {
        let digest = sheet::sha256(said.join("\u{1f}").as_bytes());
        let text: String = digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let count = self.0.entry(text.clone()).or_default();
        *count += 1;
        format!("{text}/{count}")
    }
}

/// Goods received.
pub(crate) fn goods_in(
    proposed: ProposedGoodsIn,
    near: Option<Day>,
    keys: &mut RowKeys,
) -> Result<ImportGoods, Reject> {
    // Lists that say nothing of the donor may name a person.
    let person = matches!(proposed.donor_kind.as_str(), "" | "person");
    goods(proposed.goods, proposed.donor, (person, near), keys)
}

/// Goods handed out.
pub(crate) fn goods_out(
    proposed: ProposedGoodsOut,
    near: Option<Day>,
    keys: &mut RowKeys,
) -> Result<ImportGoods, Reject> {
    goods(proposed.goods, proposed.recipient, (false, near), keys)
}

fn goods(
    goods: Goods,
    party: String,
    (person, near): (bool, Option<Day>),
    keys: &mut RowKeys,
) -> Result<ImportGoods, Reject> {
    use domain::exchange::import::goods::GoodsDay;
    let day_known = matches!(goods.day, GoodsDay::On(_));
    let day = match &goods.day {
        GoodsDay::On(day) => Some(*day),
        up_to => near.and_then(|near| up_to.day(near)),
    };
    let Some(day) = day else {
        let reason = "只写了截至几日，文件里没有能说明年月的日期，请补上完整日期再导入这一行。";
        return Err(Reject::new("goods.day", reason));
    };
    if goods.quantity.number > UNITS_MAX {
        return Err(Reject::new(
            "goods.too_many",
            "数量超过10亿，请核对后再导入这一行。",
        ));
    }
    let said = day.to_string();
    let said = [
        said.as_str(),
        &party,
        &goods.item,
        &goods.spec,
        &goods.as_published,
    ];
    Ok(ImportGoods {
        line: line(goods.line),
        external_id: keys.key(&said),
        name: goods.item,
        spec: goods.spec,
        unit: goods.quantity.unit,
        units: goods.quantity.number,
        day,
        day_known,
        party,
        person,
    })
}

/// A payment that a notice published.
pub(crate) fn payment(
    proposed: ProposedDisbursement,
    keys: &mut RowKeys,
) -> Result<ImportPayment, Reject> {
    public_name(&proposed.recipient).map_err(|reject| reject.with(Some(proposed.amount)))?;
    let (day, amount) = (proposed.day.to_string(), proposed.amount.get().to_string());
    let said = [
        day.as_str(),
        &proposed.recipient,
        &amount,
        &proposed.purpose,
    ];
    Ok(ImportPayment {
        line: line(proposed.line),
        external_id: keys.key(&said),
        day: proposed.day,
        payee: proposed.recipient,
        amount: proposed.amount,
        designated: proposed.disbursed_as == DisbursedAs::Designated,
        advance: proposed.advance,
        purpose: proposed.purpose,
    })
}

/// An announced total, under the day whose gifts it counts where that is known.
pub(crate) fn announcement(
    organisation: Id<ids::Organisation>,
    proposed: &ProposedAnnouncement,
) -> Announcement {
    Announcement {
        id: Id::from_raw(0),
        organisation,
        by: proposed.by,
        day: proposed.covers.unwrap_or(proposed.day),
        measure: proposed.measure.to_string(),
        amount: proposed.amount.map(Fen::get),
        number: proposed.number,
    }
}

/// An organisation of the register, with everything doubtful as it came.
pub(crate) fn organisation(proposed: ProposedOrganisation) -> Result<NewOrganisation, Reject> {
    // Characters that the register lost are marked and stay; the statement has a mark in their place.
    public_name(&proposed.name.replace(
        |c: char| leaf::has_private_use(c.encode_utf8(&mut [0; 4])),
        "\u{fffd}",
    ))?;
    Ok(NewOrganisation {
        name: proposed.name,
        kind: proposed.kind,
        uscc: None,
        region: None,
        source: TW_SOURCE.into(),
        source_id: proposed.source_id,
        registered_text: proposed.registered_text,
        registered_day: proposed.registered_on,
        marks: proposed
            .marks
            .iter()
            .map(|mark| mark.code().to_string())
            .collect(),
        documents: proposed.documents,
    })
}

/// A name that stands in a public statement must have the form of one and hide no number of a person.
fn public_name(name: &str) -> Result<(), Reject> {
    let formed = leaf::Form::Name.accepts(&leaf::Json::from(name));
    if formed && leaf::scan(name).is_none() && !leaf::has_private_use(name) {
        return Ok(());
    }
    let reason =
        "名称里有换行、无法显示的字或像证件号、电话的数字，不能公开，请改正后再导入这一行。";
    Err(Reject::new("row.public_name", reason))
}

fn line(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}
