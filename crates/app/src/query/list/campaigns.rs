//! Lists of campaigns, and of what was paid and delivered under one.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{Audience, Column, Filter, How, Kind, List, Question, Scope, Source, nowhere};
use super::open;
use super::value::{Row, Value};
use crate::answer::Answer;
use crate::query::fundraising::campaign::{DELIVERY_STATES, FROZEN, FROZEN_TITLE, UNDONE_PAYMENTS};
use crate::query::words::unit_word;
use crate::view::{CampaignCard, DisbursementLine};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use domain::funds::DisbursementState;
use kernel::Day;
use store::funds::{DeliveryRecord, DisbursementRecord};

/// 〔募捐活动〕
pub(super) static ALL: List = List {
    name: "campaigns",
    title: "募捐活动清单",
    about: "所有已发布的募捐活动和它们的收支。",
    path: "/campaigns/table",
    columns: &[
        Column::new(
            "campaign",
            "活动",
            Kind::Link,
            "活动的名称，打开可看全部内容。",
        )
        .sortable(),
        Column::new("organisation", "慈善组织", Kind::Link, "由谁募捐。").sortable(),
        Column::new("state", "状态", Kind::Code, "活动是否还在募捐。"),
        Column::new(
            "raised",
            "已筹",
            Kind::Fen,
            "收到的捐款，已减去更正和退款。",
        )
        .sortable()
        .summed(),
        Column::new(
            "gifts",
            "捐赠笔数",
            Kind::Count,
            "收到多少笔捐款，含后来更正和退款的。",
        )
        .sortable()
        .summed(),
        Column::new("delivered", "已送达", Kind::Fen, "已经到达受益人的钱。")
            .sortable()
            .summed(),
        Column::new(
            "advanced",
            "在执行机构",
            Kind::Fen,
            "已拨给执行机构、还没有送达的钱。",
        )
        .summed(),
        Column::new(
            "purchased",
            "已购物资",
            Kind::Fen,
            "已经买成物资的钱，物资在库或已发放。",
        )
        .summed(),
        Column::new("cost", "成本", Kind::Fen, "管理和募捐的花费。").summed(),
        Column::new("unspent", "未用", Kind::Fen, "还没有使用的钱。")
            .sortable()
            .summed(),
        Column::new(
            "target",
            "目标",
            Kind::Fen,
            "计划筹集多少；没有目标时为空。",
        )
        .sortable(),
        Column::new("starts_on", "开始", Kind::Day, "募捐的第一天。").sortable(),
        Column::new("ends_on", "结束", Kind::Day, "募捐的最后一天。").sortable(),
    ],
    filters: &[
        Filter::new("title", "活动名称", "campaign", How::Contains),
        Filter::new("organisation", "慈善组织", "organisation", How::Contains),
        Filter::new("state", "状态", "state", How::Choice(states)),
        Filter::new("from", "开始不早于", "starts_on", How::DayFrom),
        Filter::new("to", "开始不晚于", "starts_on", How::DayTo),
        Filter::new("least", "已筹不少于", "raised", How::AmountLeast),
        Filter::new("most", "已筹不多于", "raised", How::AmountMost),
    ],
    order: "-starts_on",
    ledger: None,
    audience: Audience::Public,
    open: open::house,
    source: Source::Whole(campaigns),
};

const PAYMENT_COLUMNS: &[Column] = &[
    Column::new("number", "拨付编号", Kind::Text, "这笔拨付的编号。"),
    Column::new("payee", "收款人", Kind::Text, "钱付给谁；个人只写类别。").sortable(),
    Column::new(
        "amount",
        "金额",
        Kind::Fen,
        "拨付的金额，没有减去后来退回或撤销的。",
    )
    .sortable(),
    Column::new(
        "standing",
        "有效金额",
        Kind::Fen,
        "减去退回和撤销的以后还有多少。",
    )
    .sortable()
    .summed(),
    Column::new("class", "类别", Kind::Code, "直接资助、预付、采购或费用。").sortable(),
    Column::new("purpose", "用途", Kind::Text, "钱用来做什么。"),
    Column::new("state", "状态", Kind::Code, "办到了哪一步。"),
    Column::new("day", "最近办理", Kind::Day, "最近一步办理的日期。").sortable(),
    Column::new("fund", "资金", Kind::Link, "从哪项资金支出。"),
    Column::new(
        "movement",
        "流转",
        Kind::Number,
        "付款的那笔流转；还没有付款时为空。",
    ),
];

/// 〔活动的拨付〕
pub(super) static PAYMENTS: List = List {
    name: "payments-of-campaign",
    title: "拨付记录",
    about: "这个活动已经付出的每一笔钱。",
    path: "/campaigns/{id}/payments",
    columns: PAYMENT_COLUMNS,
    filters: &[
        Filter::new("payee", "收款人", "payee", How::Contains),
        Filter::new("from", "从哪天", "day", How::DayFrom),
        Filter::new("to", "到哪天", "day", How::DayTo),
        Filter::new("least", "金额不少于", "amount", How::AmountLeast),
        Filter::new("most", "金额不多于", "amount", How::AmountMost),
    ],
    order: "-day",
    ledger: None,
    audience: Audience::Public,
    open: open::campaign,
    source: Source::Whole(payments),
};

/// 〔单位的拨付〕
pub(super) static PAYMENTS_OF_DESK: List = List {
    name: "payments-of-organisation",
    title: "全部拨付",
    about: "本单位申请过的每一笔拨付和它办到哪一步。",
    path: "/desk/organisations/{organisation}/payments",
    columns: &[
        Column::new(
            "number",
            "拨付编号",
            Kind::Number,
            "这笔拨付的编号；打开可以办理下一步。",
        ),
        PAYMENT_COLUMNS[1],
        PAYMENT_COLUMNS[2],
        PAYMENT_COLUMNS[3],
        PAYMENT_COLUMNS[4],
        PAYMENT_COLUMNS[5],
        PAYMENT_COLUMNS[6],
        PAYMENT_COLUMNS[7],
        PAYMENT_COLUMNS[8],
        PAYMENT_COLUMNS[9],
    ],
    filters: &[
        Filter::new("payee", "收款人", "payee", How::Contains),
        Filter::new("state", "状态", "state", How::Choice(payment_states)),
        Filter::new("from", "从哪天", "day", How::DayFrom),
        Filter::new("to", "到哪天", "day", How::DayTo),
        Filter::new("least", "金额不少于", "amount", How::AmountLeast),
        Filter::new("most", "金额不多于", "amount", How::AmountMost),
    ],
    order: "-day",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Whole(payments),
};

const PAYEE: Column = Column::new(
    "payee",
    "受益对象",
    Kind::Text,
    "谁收到了钱或物资；个人只写类别。",
)
.sortable();
const SCHEME: Column = Column::new("scheme", "项目", Kind::Text, "属于哪个项目。").sortable();
const DELIVERED: Column = Column::new(
    "amount",
    "数额",
    Kind::Mixed,
    "送达时记的金额或件数，没有减去后来撤销的。",
)
.sortable();
const DELIVERED_STATE: Column = Column::new(
    "state",
    "状态",
    Kind::Code,
    "后来有没有撤销：记错了会撤销，再重新登记。",
);
const DELIVERED_STANDING: Column = Column::new(
    "standing",
    "有效数额",
    Kind::Mixed,
    "减去撤销的以后还有多少；合计只加人民币。",
)
.sortable()
.summed();
const DELIVERED_UNIT: Column = Column::new(
    "unit",
    "单位",
    Kind::Text,
    "数额的单位：元，或实物的计数单位。",
)
.file_only();
const PERSONS: Column = Column::new(
    "persons",
    "受益人数",
    Kind::Count,
    "多少人受益；少于五人时不公布。",
);
const REACHED: Column =
    Column::new("day", "送达日期", Kind::Day, "到达受益对象的日期。").sortable();
const EVIDENCE: Column =
    Column::new("evidence", "凭证", Kind::Count, "有几份凭证文件。").sortable();
const MOVEMENT: Column = Column::new("movement", "流转", Kind::Number, "送达的那笔流转。");
const DELIVERY_FILTERS: &[Filter] = &[
    Filter::new("payee", "受益对象", "payee", How::Contains),
    Filter::new("scheme", "项目", "scheme", How::Contains),
    Filter::new("state", "状态", "state", How::Choice(delivery_states)),
    Filter::new("from", "从哪天", "day", How::DayFrom),
    Filter::new("to", "到哪天", "day", How::DayTo),
    Filter::new("least", "数额不少于", "amount", How::AmountLeast),
    Filter::new("most", "数额不多于", "amount", How::AmountMost),
];

/// 〔活动的送达〕
pub(super) static DELIVERIES: List = List {
    name: "deliveries-of-campaign",
    title: "送达记录",
    about: "这个活动的钱和物资到了谁手里。",
    path: "/campaigns/{id}/deliveries",
    columns: &[
        PAYEE,
        SCHEME,
        DELIVERED,
        DELIVERED_STATE,
        DELIVERED_STANDING,
        DELIVERED_UNIT,
        PERSONS,
        REACHED,
        EVIDENCE,
        MOVEMENT,
    ],
    filters: DELIVERY_FILTERS,
    order: "-day",
    ledger: None,
    audience: Audience::Public,
    open: open::campaign,
    source: Source::Whole(deliveries),
};

/// 〔送达和凭证〕
pub(super) static DELIVERIES_OF_DESK: List = List {
    name: "deliveries-of-desk",
    title: "送达和凭证",
    about: "这个活动的送达记录；从编号进入可以补充凭证。",
    path: "/desk/campaigns/{id}/deliveries",
    columns: &[
        PAYEE,
        SCHEME,
        DELIVERED,
        DELIVERED_STATE,
        DELIVERED_STANDING,
        DELIVERED_UNIT,
        PERSONS,
        REACHED,
        EVIDENCE,
        MOVEMENT,
        Column::new(
            "number",
            "补充凭证",
            Kind::Number,
            "送达记录的编号；打开可以补充凭证。",
        ),
    ],
    filters: DELIVERY_FILTERS,
    order: "-day",
    ledger: None,
    audience: Audience::Desk,
    open: open::campaign_desk,
    source: Source::Whole(deliveries_of_desk),
};

fn states() -> Vec<(String, String)> {
    let pair = |state: CampaignState| (state.code().to_string(), state.title().to_string());
    // Not a state that is stored: what the register makes of a live one today.
    let frozen = (FROZEN.to_string(), FROZEN_TITLE.to_string());
    vec![
        pair(CampaignState::Live),
        frozen,
        pair(CampaignState::Ended),
    ]
}

fn delivery_states() -> Vec<(String, String)> {
    let pair = |(code, title): (&str, &str)| (code.to_string(), title.to_string());
    DELIVERY_STATES.map(pair).to_vec()
}

fn payment_states() -> Vec<(String, String)> {
    let pair = |state: DisbursementState| (state.code().to_string(), state.title().to_string());
    let undone = UNDONE_PAYMENTS.map(|(code, title)| (code.to_string(), title.to_string()));
    let states = DisbursementState::ALL.into_iter().map(pair);
    states.chain(undone).collect()
}

fn day(text: &str) -> Value {
    Day::parse(text).map_or(Value::Empty, Value::Day)
}

fn campaigns<'a>(app: &'a App, session: &'a mut Session, _: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let cards = app.published_cards(session, WHOLE_ROWS_MAX + 1).await?;
        Ok(cards.into_iter().map(campaign_row).collect())
    })
}

fn campaign_row(card: CampaignCard) -> Row {
    let key = card.id.clone();
    let link = crate::view::Link {
        id: card.id,
        title: card.title,
    };
    let target = match card.target {
        0 => Value::Empty,
        target => Value::Fen(target),
    };
    let cells = vec![
        Value::link("campaigns", link),
        Value::link("organisations", card.organisation),
        Value::code(&card.state, card.state_title),
        Value::Fen(card.raised),
        Value::Count(card.gifts),
        Value::Fen(card.delivered),
        Value::Fen(card.advanced),
        Value::Fen(card.purchased),
        Value::Fen(card.cost),
        Value::Fen(card.unspent),
        target,
        day(&card.starts_on),
        day(&card.ends_on),
    ];
    Row { cells, key }
}

fn payments<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let most = WHOLE_ROWS_MAX + 1;
        // On the desk a payment's number leads to its page; the public has none.
        let (found, number): (_, fn(&str) -> Value) = match q.scope {
            Scope::Campaign(id) => {
                let found = store::funds::disbursements_of_campaign(session, *id, most).await?;
                (found, |id| Value::text(id))
            }
            Scope::Organisation(id) => {
                let found = store::funds::disbursements_of_organisation(session, *id, most).await?;
                (found, |id| Value::number("desk/disbursements", id))
            }
            _ => return Err(nowhere()),
        };
        let lines = app.disbursement_lines(session, &found).await?;
        let rows = lines.into_iter().zip(&found);
        Ok(rows
            .map(|(line, record)| payment_row(line, record, number))
            .collect())
    })
}

fn payment_row(
    line: DisbursementLine,
    record: &DisbursementRecord,
    number: fn(&str) -> Value,
) -> Row {
    let cells = vec![
        number(&line.id),
        Value::text(line.payee),
        Value::Fen(line.amount),
        Value::Fen(line.standing),
        Value::code(record.order.class.code(), line.class),
        Value::text(line.purpose),
        Value::code(&line.state, line.state_title),
        Value::Day(record.changed_at.day()),
        Value::link("funds", line.fund),
        line.movement
            .map_or(Value::Empty, |id| Value::number("movements", id)),
    ];
    Row {
        cells,
        key: line.id,
    }
}

fn deliveries<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move { delivery_rows(app, session, q).await })
}

fn deliveries_of_desk<'a>(
    app: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let mut rows = delivery_rows(app, session, q).await?;
        for row in &mut rows {
            let path = format!("/desk/deliveries/{}/evidence", row.key);
            let id = row.key.clone();
            row.cells.push(Value::Number { path, id });
        }
        Ok(rows)
    })
}

async fn delivery_rows(
    app: &App,
    session: &mut Session,
    q: Question<'_>,
) -> Result<Vec<Row>, AppError> {
    let Scope::Campaign(id) = q.scope else {
        return Err(nowhere());
    };
    let found = store::funds::deliveries_of_campaign(session, *id, WHOLE_ROWS_MAX + 1).await?;
    let lines = app.delivery_lines(session, &found).await?;
    let row = |(line, record): (crate::view::DeliveryLine, &DeliveryRecord)| {
        let unit = unit_word(&record.unit).to_string();
        let persons = match line.persons {
            0 => Value::Empty,
            persons => Value::Count(persons),
        };
        let cells = vec![
            Value::text(line.payee),
            Value::text(line.scheme),
            Value::Quantity {
                amount: line.amount,
                unit: unit.clone(),
            },
            Value::code(&line.state, line.state_title),
            Value::Quantity {
                amount: line.standing,
                unit: unit.clone(),
            },
            Value::Text(unit),
            persons,
            Value::Day(record.reached_on),
            Value::Count(line.evidence),
            Value::number("movements", line.movement),
        ];
        Row {
            cells,
            key: line.id,
        }
    };
    Ok(lines.into_iter().zip(&found).map(row).collect())
}
