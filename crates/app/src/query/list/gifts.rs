//! Lists of gifts: of a campaign, of an organisation, of a day, and the money that is held.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{
    Audience, Column, Filter, How, Kind, List, Part, Question, Scope, Source, nowhere,
};
use super::open;
use super::value::{Row, Tally, Value};
use crate::answer::Answer;
use crate::query::links::Names;
use crate::query::words::{channel, channels, gift_state, gift_states, unit_word};
use crate::query::{cursor, keys, page_of};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::HeldReason;
use domain::identity::Action;
use domain::parties::said_donor;
use kernel::Id;
use std::collections::BTreeMap;
use store::Walk;
use store::fundraising::{DonationRecord, GiftFilter, GiftOrder, GiftScope};

const NUMBER: Column = Column::new(
    "number",
    "凭据编号",
    Kind::Number,
    "这笔捐赠的编号；打开可看去向和证明。",
);
const DONOR: Column = Column::new(
    "donor",
    "捐赠人",
    Kind::Text,
    "捐赠人同意公开的称呼，可能隐去了姓名。",
);
const AMOUNT: Column = Column::new(
    "amount",
    "金额",
    Kind::Mixed,
    "捐赠的全额，未扣手续费；实物是件数，单位见“单位”列。合计只加人民币。",
)
.sortable()
.summed();
const UNIT: Column = Column::new(
    "unit",
    "单位",
    Kind::Text,
    "金额的单位：元，或实物的计数单位。",
)
.file_only();
const FEE: Column = Column::new(
    "fee",
    "手续费",
    Kind::Fen,
    "支付渠道收取的手续费，已含在金额里。",
)
.summed();
const UNDONE: Column = Column::new(
    "undone",
    "更正和退款",
    Kind::Fen,
    "后来更正、退还或被支付渠道退回的钱。",
)
.summed();
const STANDING: Column = Column::new(
    "standing",
    "有效金额",
    Kind::Mixed,
    "减去手续费和更正、退款以后还有多少，待处理的暂不算；合计只加人民币，就是活动的“已筹”，捐赠以外调入调出的钱除外。",
)
.summed();
const DAY: Column = Column::new("day", "日期", Kind::Day, "到账的北京日期。").sortable();
const CHANNEL: Column = Column::new("channel", "方式", Kind::Code, "钱是怎样来的。");
const STATE: Column = Column::new("state", "状态", Kind::Code, "这笔捐赠现在是否仍然有效。");
const CAMPAIGN: Column = Column::new("campaign", "活动", Kind::Link, "捐给哪个募捐活动。");
const LEAF: Column = Column::new(
    "leaf",
    "日志",
    Kind::Number,
    "公开日志里记载这笔捐赠的那一条。",
);
/// The same where the database arranges the rows: the log has them in the order in which they were recorded.
const LEAF_IN_ORDER: Column = Column::new(
    "leaf",
    "日志",
    Kind::Number,
    "公开日志里记载这笔捐赠的那一条；按这一列排序即按登记先后。",
)
.sortable();
const WHY: Column = Column::new("reason", "原因", Kind::Code, "为什么暂时不能入账。");

const COLUMNS: &[Column] = &[
    NUMBER,
    DONOR,
    AMOUNT,
    UNIT,
    FEE,
    UNDONE,
    STANDING,
    DAY,
    CHANNEL,
    STATE,
    CAMPAIGN,
    LEAF_IN_ORDER,
];
const FILTERS: &[Filter] = &[
    Filter::new("donor", "捐赠人", "donor", How::Contains),
    Filter::new("channel", "方式", "channel", How::Choice(channels)),
    Filter::new("state", "状态", "state", How::Choice(gift_states)),
    Filter::new("from", "从哪天", "day", How::DayFrom),
    Filter::new("to", "到哪天", "day", How::DayTo),
    Filter::new("least", "金额不少于", "amount", How::AmountLeast),
    Filter::new("most", "金额不多于", "amount", How::AmountMost),
];
const DAY_FILTERS: &[Filter] = &[
    Filter::new("donor", "捐赠人", "donor", How::Contains),
    Filter::new("channel", "方式", "channel", How::Choice(channels)),
    Filter::new("state", "状态", "state", How::Choice(gift_states)),
    Filter::new("least", "金额不少于", "amount", How::AmountLeast),
    Filter::new("most", "金额不多于", "amount", How::AmountMost),
];

/// 〔活动的捐赠〕
pub(super) static OF_CAMPAIGN: List = List {
    name: "gifts-of-campaign",
    title: "捐赠记录",
    about: "这个活动收到的每一笔捐赠。",
    path: "/campaigns/{id}/gifts",
    columns: COLUMNS,
    filters: FILTERS,
    order: "-leaf",
    ledger: None,
    audience: Audience::Public,
    open: open::campaign,
    source: Source::Walked(rows, tally),
};

const SLIP: Column = Column::new(
    "slip",
    "单号",
    Kind::Text,
    "柜台登记时写的收据或银行流水号；其他来路的为空。",
);
const NAME: Column = Column::new(
    "name",
    "姓名",
    Kind::Text,
    "捐赠人登记的全名，只给经办和复核看；没有留名、已限制处理或已删除的为空。",
);

/// 〔某日的捐赠〕
pub static OF_DAY: List = List {
    name: "gifts-of-day",
    title: "当日捐赠",
    about: "这一天到账的每一笔捐赠。",
    path: "/organisations/{id}/days/{day}/gifts",
    columns: COLUMNS,
    filters: DAY_FILTERS,
    order: "day",
    ledger: None,
    audience: Audience::Public,
    open: open::day,
    source: Source::Walked(rows, tally),
};

/// 〔单位的捐赠〕
pub(super) static OF_DESK: List = List {
    name: "gifts-of-organisation",
    title: "全部捐赠",
    about: "本单位登记的每一笔捐赠。",
    path: "/desk/organisations/{organisation}/gifts",
    columns: &[
        NUMBER,
        SLIP,
        DONOR,
        NAME,
        AMOUNT,
        UNIT,
        FEE,
        UNDONE,
        STANDING,
        DAY,
        CHANNEL,
        STATE,
        CAMPAIGN,
        LEAF_IN_ORDER,
    ],
    filters: FILTERS,
    order: "-day",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Walked(rows_of_desk, tally),
};

/// 〔待处理款〕
pub(super) static HELD: List = List {
    name: "held",
    title: "待处理款",
    about: "收到但暂时不能归入活动的钱。",
    path: "/desk/organisations/{organisation}/held",
    columns: &[
        NUMBER, WHY, DONOR, AMOUNT, UNIT, FEE, UNDONE, DAY, CHANNEL, STATE, CAMPAIGN, LEAF,
    ],
    filters: DAY_FILTERS,
    order: "day",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Whole(held),
};

/// The filter of a question, and its order.
fn asked<'a>(q: &Question<'a>) -> Result<(GiftFilter<'a>, GiftOrder), AppError> {
    let (scope, day, list) = match q.scope {
        Scope::Campaign(id) => (GiftScope::Campaign(*id), None, &OF_CAMPAIGN),
        Scope::Organisation(id) => (GiftScope::Organisation(*id), None, &OF_DESK),
        Scope::Day(id, day) => (GiftScope::Organisation(*id), Some(*day), &OF_DAY),
        _ => return Err(nowhere()),
    };
    let day = day.map(|day| i64::from(day.number()));
    let filter = GiftFilter {
        scope,
        channel: q.asked.text(list, "channel"),
        state: q.asked.text(list, "state"),
        donor: q.asked.text(list, "donor"),
        days: day.map_or_else(|| q.asked.days(list), |day| (day, day)),
        amounts: q.asked.amounts(list),
    };
    let order = match q.asked.order.column {
        "amount" => GiftOrder::Amount,
        "day" => GiftOrder::Day,
        _ => GiftOrder::Recorded,
    };
    Ok((filter, order))
}

/// The gifts behind a place, and the place behind them.
async fn walked(
    session: &mut Session,
    q: &Question<'_>,
) -> Result<(Vec<DonationRecord>, Option<String>), AppError> {
    let (filter, order) = asked(q)?;
    let after = match q.place {
        None => None,
        Some(text) => Some(cursor::numbers::<2>(text)?.into()),
    };
    let walk = Walk {
        sign: q.asked.order.sign(),
        after,
        limit: q.limit.saturating_add(1),
    };
    let found = store::fundraising::gifts_listed(session, &filter, order, walk).await?;
    let (found, more) = page_of(found, q.limit);
    let place = |(row, key): &(DonationRecord, i64)| format!("{key}.{}", row.id.raw());
    let next = found.last().filter(|_| more).map(place);
    Ok((found.into_iter().map(|(row, _)| row).collect(), next))
}

fn rows<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let (records, next) = walked(session, &q).await?;
        let rows = lines(app, session, &records).await?;
        Ok(Part { rows, next })
    })
}

/// The same for the desk, which compares them with the paper: the slip, and for those who may read it the whole name.
fn rows_of_desk<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let (records, next) = walked(session, &q).await?;
        let mut rows = lines(app, session, &records).await?;
        let names = match q.may.contains(&Action::DonationPrivate.code()) {
            true => {
                let keys: Vec<i64> = records.iter().map(|row| row.id.raw()).collect();
                store::fundraising::donor_names(session, &keys).await?
            }
            false => BTreeMap::new(),
        };
        for (row, record) in rows.iter_mut().zip(&records) {
            let slip = app.slip_of(session, record).await?;
            let text = |text: Option<String>| text.map_or(Value::Empty, Value::Text);
            let name = names.get(&record.id.raw()).cloned();
            row.cells.insert(at("slip"), text(slip));
            row.cells.insert(at("name"), text(name));
        }
        Ok(Part { rows, next })
    })
}

/// Where a column of the desk's list stands.
fn at(name: &str) -> usize {
    OF_DESK.column(name).map_or(0, |(at, _)| at)
}

fn tally<'a>(_: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let (filter, _) = asked(&q)?;
        let limit = q.limit.saturating_add(1);
        let found = store::fundraising::gifts_tally(session, &filter, limit).await?;
        let sums = vec![found.amount, found.fees, found.undone, found.standing];
        let rows = found.rows;
        Ok((rows <= q.limit).then_some(Tally { rows, sums }))
    })
}

fn held<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let found = store::fundraising::donations_held(session, *id, WHOLE_ROWS_MAX + 1).await?;
        let mut rows = lines(app, session, &found).await?;
        for (row, record) in rows.iter_mut().zip(&found) {
            // Nothing that is held counts yet: this list has no column that says so row by row.
            if let Some((at, _)) = OF_CAMPAIGN.column("standing") {
                row.cells.remove(at);
            }
            let code = &record.held_reason;
            let words = HeldReason::parse(code).map_or("原因待查", HeldReason::sentence);
            row.cells.insert(1, Value::code(code, words));
        }
        Ok(rows)
    })
}

async fn lines(
    app: &App,
    session: &mut Session,
    found: &[DonationRecord],
) -> Result<Vec<Row>, AppError> {
    let campaigns = keys(found.iter().filter_map(|row| row.campaign).map(Id::raw));
    let names = store::fundraising::campaign_titles(session, &campaigns).await?;
    Ok(found.iter().map(|row| line(app, row, &names)).collect())
}

/// What of a gift still counts, in fen or units: what is held counts nowhere yet, as on the page of its campaign.
fn standing(row: &DonationRecord) -> i64 {
    if row.state == "held" {
        return 0;
    }
    // What was held first came in whole, and its fee never left it.
    let fee = match row.held_reason.as_str() {
        "" => row.fee,
        _ => 0,
    };
    row.amount.saturating_sub(fee).saturating_sub(row.undone)
}

fn line(app: &App, row: &DonationRecord, names: &Names) -> Row {
    let unit = unit_word(&row.unit).to_string();
    let campaign = row.campaign.map_or(Value::Empty, |id| {
        Value::link("campaigns", app.link(id, names))
    });
    let number = app.print(row.id);
    let cells = vec![
        Value::number("donations", number.clone()),
        Value::said(said_donor(&row.donor_public)),
        Value::Quantity {
            amount: row.amount,
            unit: unit.clone(),
        },
        Value::Text(unit.clone()),
        Value::Fen(row.fee),
        Value::Fen(row.undone),
        Value::Quantity {
            amount: standing(row),
            unit: unit.clone(),
        },
        Value::Day(row.day),
        Value::code(&row.channel, channel(&row.channel)),
        Value::code(&row.state, gift_state(&row.state)),
        campaign,
        Value::number("log/leaves", row.leaf_index.to_string()),
    ];
    Row { cells, key: number }
}
