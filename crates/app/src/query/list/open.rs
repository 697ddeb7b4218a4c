//! Whose list it is: found by the numbers in its address, and read only by whom it concerns.

use super::meta::{Opened, Scope, nowhere};
use crate::answer::Answer;
use crate::query::found;
use crate::view::Link;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use domain::identity::{Action, Actor, Object, permit};
use kernel::{Day, Id};
use leaf::ids;

/// Who asks, and what stands where the address has braces.
pub(super) type Who<'a> = (&'a Actor, &'a [String]);

fn param<'a>(who: Who<'a>, at: usize) -> Result<&'a str, AppError> {
    who.1.get(at).map(String::as_str).ok_or_else(nowhere)
}

fn back(path: String, title: impl Into<String>) -> Link {
    let title = title.into();
    Link { id: path, title }
}

/// What this person may do there.
fn may(actor: &Actor, object: &Object) -> Vec<&'static str> {
    let allowed = |action: &Action| permit(actor, *action, object).is_ok();
    let all = Action::ALL.into_iter();
    all.filter(allowed).map(Action::code).collect()
}

/// Lists of the whole house.
pub(super) fn house<'a>(_: &'a App, _: &'a mut Session, _: Who<'a>) -> Answer<'a, Opened> {
    let opened = Opened {
        of: String::new(),
        back: back("/".into(), "首页"),
        scope: Scope::House,
        may: Vec::new(),
    };
    Box::pin(async move { Ok(opened) })
}

/// Lists of the log.
pub(super) fn log<'a>(_: &'a App, _: &'a mut Session, _: Who<'a>) -> Answer<'a, Opened> {
    let opened = Opened {
        of: String::new(),
        back: back("/log".into(), "公开日志"),
        scope: Scope::House,
        may: Vec::new(),
    };
    Box::pin(async move { Ok(opened) })
}

/// Lists of the administrator.
pub(super) fn users<'a>(_: &'a App, _: &'a mut Session, who: Who<'a>) -> Answer<'a, Opened> {
    Box::pin(async move {
        permit(who.0, Action::UserManage, &Object::house()).map_err(AppError::denied)?;
        Ok(Opened {
            of: String::new(),
            back: back("/desk".into(), "工作台"),
            scope: Scope::House,
            may: Vec::new(),
        })
    })
}

/// Lists of an organisation.
pub(super) fn organisation<'a>(
    app: &'a App,
    session: &'a mut Session,
    who: Who<'a>,
) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Organisation> = app.read_id(param(who, 0)?)?;
        let row = store::parties::organisation_by_id(session, id).await?;
        let row = found(row, "这个组织")?;
        Ok(Opened {
            back: back(
                format!("/organisations/{}", app.print(id)),
                row.name.clone(),
            ),
            of: row.name,
            scope: Scope::Organisation(id),
            may: Vec::new(),
        })
    })
}

/// Lists of an organisation's desk that only those read who may restrict and erase.
pub(super) fn desk_privacy<'a>(
    app: &'a App,
    session: &'a mut Session,
    who: Who<'a>,
) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Organisation> = app.read_id(param(who, 0)?)?;
        permit(who.0, Action::PrivacyAsk, &Object::of(id)).map_err(AppError::denied)?;
        desk(app, session, who).await
    })
}

/// Lists of an organisation's desk.
pub(super) fn desk<'a>(app: &'a App, session: &'a mut Session, who: Who<'a>) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Organisation> = app.read_id(param(who, 0)?)?;
        let row = store::parties::organisation_by_id(session, id).await?;
        let row = found(row, "这个组织")?;
        let object = Object {
            organisation: Some(row.id),
            region: row.region,
            partner: None,
        };
        permit(who.0, Action::DeskRead, &object).map_err(AppError::denied)?;
        Ok(Opened {
            back: back(format!("/desk/organisations/{}", app.print(id)), "工作台"),
            of: row.name,
            scope: Scope::Organisation(id),
            may: may(who.0, &object),
        })
    })
}

/// Lists of a campaign; a draft is nobody's business but the desk's.
pub(super) fn campaign<'a>(
    app: &'a App,
    session: &'a mut Session,
    who: Who<'a>,
) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Campaign> = app.read_id(param(who, 0)?)?;
        let row = store::fundraising::campaign_by_id(session, id).await?;
        let row = row.filter(|row| row.state != CampaignState::Draft);
        let row = found(row, "这个募捐活动")?;
        Ok(Opened {
            back: back(format!("/campaigns/{}", app.print(id)), row.title.clone()),
            of: row.title,
            scope: Scope::Campaign(id),
            may: Vec::new(),
        })
    })
}

/// Lists of a campaign for the desk of its organisation.
pub(super) fn campaign_desk<'a>(
    app: &'a App,
    session: &'a mut Session,
    who: Who<'a>,
) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Campaign> = app.read_id(param(who, 0)?)?;
        let row = store::fundraising::campaign_by_id(session, id).await?;
        let row = found(row, "这个募捐活动")?;
        let owner = store::parties::organisation_by_id(session, row.organisation).await?;
        let owner = found(owner, "这个组织")?;
        let object = Object {
            organisation: Some(owner.id),
            region: owner.region,
            partner: None,
        };
        permit(who.0, Action::DeskRead, &object).map_err(AppError::denied)?;
        Ok(Opened {
            back: back(
                format!("/desk/organisations/{}", app.print(owner.id)),
                "工作台",
            ),
            of: row.title,
            scope: Scope::Campaign(id),
            may: may(who.0, &object),
        })
    })
}

/// Lists of a fund.
pub(super) fn fund<'a>(app: &'a App, session: &'a mut Session, who: Who<'a>) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Fund> = app.read_id(param(who, 0)?)?;
        let record = found(store::funds::fund_record(session, id).await?, "这项资金")?;
        Ok(Opened {
            back: back(
                format!("/funds/{}", app.print(id)),
                record.fund.title.clone(),
            ),
            of: record.fund.title.clone(),
            scope: Scope::Fund(Box::new(record)),
            may: Vec::new(),
        })
    })
}

/// Lists of a movement.
pub(super) fn movement<'a>(
    app: &'a App,
    session: &'a mut Session,
    who: Who<'a>,
) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Movement> = app.read_id(param(who, 0)?)?;
        let record = found(store::funds::movement_by_id(session, id).await?, "这笔流转")?;
        let printed = app.print(id);
        Ok(Opened {
            back: back(
                format!("/movements/{printed}"),
                record.movement.kind.title(),
            ),
            of: printed,
            scope: Scope::Movement(Box::new(record)),
            may: Vec::new(),
        })
    })
}

/// Lists of an organisation's day.
pub(super) fn day<'a>(app: &'a App, session: &'a mut Session, who: Who<'a>) -> Answer<'a, Opened> {
    Box::pin(async move {
        let id: Id<ids::Organisation> = app.read_id(param(who, 0)?)?;
        let day = Day::parse(param(who, 1)?).map_err(|_| AppError::NotFound("这一天"))?;
        let row = store::parties::organisation_by_id(session, id).await?;
        let row = found(row, "这个组织")?;
        let path = format!("/organisations/{}/days/{day}", app.print(id));
        Ok(Opened {
            back: back(path, day.to_string()),
            of: format!("{} {day}", row.name),
            scope: Scope::Day(id, day),
            may: Vec::new(),
        })
    })
}
