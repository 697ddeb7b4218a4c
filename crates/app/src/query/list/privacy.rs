//! Lists of what an organisation took down, and of donors whose information is restricted.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{Audience, Column, Filter, How, Kind, List, Question, Scope, Source, nowhere};
use super::open;
use super::value::{Row, Value};
use crate::answer::Answer;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{WithdrawReason, Withdrawn, field_title};

/// 〔撤下记录〕
pub(super) static WITHDRAWN: List = List {
    name: "withdrawals-of-organisation",
    title: "撤下记录",
    about: "这个组织撤下过的文字、称呼和文件；原文不再公开，承诺和证明仍在日志里。",
    path: "/organisations/{id}/withdrawn",
    columns: &[
        Column::new("at", "时间", Kind::Moment, "撤下的时间。").sortable(),
        Column::new(
            "what",
            "撤下了什么",
            Kind::Code,
            "是文字、称呼、文件还是姓名。",
        ),
        Column::new("title", "哪一项", Kind::Text, "是记录里的哪一项。"),
        Column::new("reason", "理由", Kind::Code, "为什么撤下。"),
        Column::new(
            "leaf",
            "承诺所在",
            Kind::Number,
            "日志里有它的承诺的那一条，没有改动。",
        ),
        Column::new(
            "stated",
            "撤下所在",
            Kind::Number,
            "日志里说明撤下的那一条。",
        ),
    ],
    filters: &[
        Filter::new("reason", "理由", "reason", How::Choice(reasons)),
        Filter::new("from", "从哪天", "at", How::DayFrom),
        Filter::new("to", "到哪天", "at", How::DayTo),
    ],
    order: "-at",
    ledger: None,
    audience: Audience::Public,
    open: open::organisation,
    source: Source::Whole(withdrawn),
};

/// 〔限制处理的捐赠人〕
pub(super) static RESTRICTED: List = List {
    name: "restricted",
    title: "限制处理的捐赠人",
    about: "只保存、不使用的捐赠人信息，保存期满可以删除的排在前面；不列姓名。",
    path: "/desk/organisations/{organisation}/restricted",
    columns: &[
        Column::new("number", "捐赠", Kind::Number, "凭据编号；打开可以办理。"),
        Column::new("state", "状态", Kind::Code, "限制处理，或者已经删除。"),
        Column::new("reason", "理由", Kind::Code, "为什么限制处理。"),
        Column::new("since", "开始", Kind::Moment, "限制处理的时间。").sortable(),
        Column::new("until", "可删除日", Kind::Day, "从这一天起可以删除。").sortable(),
    ],
    filters: &[
        Filter::new("state", "状态", "state", How::Choice(states)),
        Filter::new("to", "可删除日到", "until", How::DayTo),
    ],
    order: "until",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk_privacy,
    source: Source::Whole(restricted),
};

fn reasons() -> Vec<(String, String)> {
    let pair = |reason: &WithdrawReason| (reason.code().into(), reason.title().into());
    WithdrawReason::ALL.iter().map(pair).collect()
}

fn states() -> Vec<(String, String)> {
    let pair = |erased| {
        let (code, title) = state(erased);
        (code.to_owned(), title.to_owned())
    };
    [false, true].map(pair).into()
}

const fn state(erased: bool) -> (&'static str, &'static str) {
    if erased {
        ("erased", "已删除")
    } else {
        ("restricted", "限制处理")
    }
}

const fn kind(what: Withdrawn) -> &'static str {
    match what {
        Withdrawn::Words => "文字",
        Withdrawn::Donor => "称呼",
        Withdrawn::File => "文件",
        Withdrawn::Key => "姓名",
    }
}

fn withdrawn<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let most = WHOLE_ROWS_MAX + 1;
        let found = store::fundraising::withdrawals_of_organisation(session, *id, most).await?;
        let row = |one: &store::fundraising::WithdrawalRecord| Row {
            cells: vec![
                Value::Moment(one.at),
                Value::code(one.what.code(), kind(one.what)),
                Value::text(field_title(one.what, &one.field).to_owned()),
                Value::code(one.reason.code(), one.reason.title()),
                Value::number("log/leaves", one.leaf_index.to_string()),
                Value::number("log/leaves", one.stated_at.to_string()),
            ],
            key: app.print(one.id),
        };
        Ok(found.iter().map(row).collect())
    })
}

fn restricted<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err::<_, AppError>(nowhere());
        };
        let most = WHOLE_ROWS_MAX + 1;
        let found = store::fundraising::restrictions_of_organisation(session, *id, most).await?;
        let row = |one: &store::fundraising::RestrictionRecord| {
            let (code, title) = state(one.erased);
            let number = app.print(one.donation);
            Row {
                cells: vec![
                    Value::number("desk/privacy", number.clone()),
                    Value::code(code, title),
                    Value::code(one.reason.code(), one.reason.title()),
                    Value::Moment(one.since),
                    Value::Day(one.keep_until),
                ],
                key: number,
            }
        };
        Ok(found.iter().map(row).collect())
    })
}
