//! The desk: what is to be done, and the one shape of all its forms.
//!
//! A desk form is a [`Sheet`]: where it belongs, what is known, what will happen, the questions.
//! What will happen is always said before the button.

use app::command::CodeAct;
use app::view::{DeskPage, DutyLine, Link, SlipsToday, WhoAmI};
use app::{App, AppError, Command, Outcome};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::identity::{Action, Denied};
use domain::text::Problem;
use domain::{Sentence, say};

use crate::error::{self, Page, PageError};
use crate::form::{CODE_FIELD, FormView, Input, REVIEW_FIELD, Typed};
use crate::refusals;
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::{DAYS_AHEAD, filters, query_text};
use crate::view::View;

/// Said on every form of a repair.
pub(crate) const TWO_PEOPLE: &str = "提交后由另一位同事确认，确认了才记账。";

/// What was just done, told once after the redirect.
pub(crate) struct Done {
    pub(crate) sentence: &'static str,
    pub(crate) link: Option<Link>,
}

/// The sentence of a code in `?done=…`; unknown codes say nothing.
pub(crate) fn done(on: &Continue) -> Option<Done> {
    let sentence = match on.done.as_deref()? {
        "gift" => "捐赠已登记并记账，凭据编号：",
        "gift-held" => "款已收下，但暂记为待处理款，请到工作台办理。凭据编号：",
        "gift-known" => "这笔款之前已经登记过，没有重复记账。凭据编号：",
        "draft" => "活动草稿已保存，请负责人核对后发布。",
        "published" => "活动已发布，资金已开立，可以开始募捐。",
        "ended" => "活动已结束，不再接受捐赠。",
        "fund" => "资金已开立。",
        "contact" => "联系方式已公布，公开页上马上看得到。",
        "settled" => "渠道结算已记账。",
        "asked" => "申请已提交，等另一位同事确认后记账。",
        "confirmed" => "已确认并记账。",
        "declined" => "已退回，没有记账。",
        "hidden" => "称呼已停止公开，日志里写明了撤下。",
        "restricted" => "已限制处理：只保存，不使用，不显示。",
        "asked-privacy" => "申请已提交，等另一位同事确认后执行。",
        "done-privacy" => "已确认并执行，原处写明了撤下。",
        "delivered" => "送达已记账，捐赠人的凭据页会显示。",
        "returned" => "余款退回已记账。",
        "goods" => "物资已登记。",
        "goods-out" => "物资变动已记账。",
        "evidence" => "凭证已补充。",
        "step" => "已办理，等待下一位同事。",
        "paid" => "付款已记账，捐赠人的凭据页会显示。",
        "user" => "用户已建立，请再授予角色。",
        "reported" => "报告已公布，活动页上可以看到。",
        "answered" => "提问已办理。",
        "matter-open" => "已立项，请填写申请表，填完再交给复核。",
        "matter-saved" => "草稿已保存。",
        "matter-step" => "已办理，写进了经过。",
        "factor-reset" => "两步验证已重设，请本人登录后重新开启。",
        "factor-off" => "两步验证已关闭，恢复码已作废。",
        "passkey-added" => "通行密钥已添加，下次登录和办理批准、付款时可以用它。",
        "passkey-removed" => "通行密钥已移除，不能再用；设备里的那一份也请删掉。",
        "delegated" => "已委托，同事从第一天起可以代您办理。",
        "delegation-ended" => "委托已结束，从现在起不能再代办。",
        "session-ended" => "登录已结束，那台设备要重新登录。",
        "grant" => "角色已授予，下次打开页面生效。",
        _ => return None,
    };
    let link = on.id.as_deref().and_then(public_page);
    Some(Done { sentence, link })
}

/// The public page of what was made, by its printed id; a gift is called by its number, which the clerk writes down.
fn public_page(id: &str) -> Option<Link> {
    let (kind, _) = id.split_once('_')?;
    let (folder, title) = match kind {
        "don" => ("donations", id),
        "mov" => ("movements", "看这一笔的公开页面"),
        "cam" => ("campaigns", "看活动的公开页面"),
        "fnd" => ("funds", "看资金的公开页面"),
        _ => return None,
    };
    is_printed_id(id).then(|| Link {
        id: format!("/{folder}/{id}"),
        title: title.into(),
    })
}

/// `&id=…` of what was just made, for the page that says so; nothing if it has no page of its own.
pub(crate) fn made(outcome: &Outcome) -> String {
    let id = match outcome {
        Outcome::Moved { movements, .. } => movements.first(),
        Outcome::Record { id } => Some(id),
        Outcome::Gift { donation, .. } => Some(donation),
        _ => None,
    };
    id.map_or(String::new(), |id| format!("&id={}", query_text(id)))
}

/// Only what looks like a printed id is put into a link.
fn is_printed_id(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[derive(Template)]
#[template(path = "components/desk_form.html")]
struct SheetShown<'a> {
    staff: &'a WhoAmI,
    title: &'a str,
    back: &'a str,
    back_title: &'a Sentence,
    facts: &'a [(&'static str, Sentence)],
    effect: &'a Sentence,
    done: &'a Option<Done>,
    form: &'a FormView,
    closed: bool,
    slips: &'a Option<SlipsToday>,
    links: &'a [(String, &'static str)],
    entries: &'a [Sentence],
}

/// Gifts of the last days that the desk shows; the list has all.
pub(crate) const GIFTS_SHOWN: usize = 10;

/// A form of the desk.
pub(crate) struct Sheet {
    title: &'static str,
    back: String,
    back_title: Sentence,
    facts: Vec<(&'static str, Sentence)>,
    effect: Sentence,
    done: Option<Done>,
    form: FormView,
    closed: bool,
    slips: Option<SlipsToday>,
    links: Vec<(String, &'static str)>,
    entries: Vec<Sentence>,
    owner: Option<String>,
}

impl Sheet {
    /// A form that belongs to an organisation's desk.
    pub(crate) fn of(organisation: &Link, title: &'static str, form: FormView) -> Sheet {
        let back = format!("/desk/organisations/{}", organisation.id);
        let name = say!("工作台：{name}", name = &organisation.title);
        let owner = Some(organisation.id.clone());
        Sheet {
            owner,
            ..Sheet::under(&back, name, title, form)
        }
    }

    /// The same, from the desk that was read anyway.
    pub(crate) fn of_desk(desk: &DeskPage, title: &'static str, form: FormView) -> Sheet {
        Sheet::of(&desk.organisation, title, form)
    }

    /// A form that belongs to another page.
    pub(crate) fn under(
        back: &str,
        back_title: impl Into<Sentence>,
        title: &'static str,
        form: FormView,
    ) -> Sheet {
        Sheet {
            title,
            back: back.into(),
            back_title: back_title.into(),
            facts: Vec::new(),
            effect: "".into(),
            done: None,
            form,
            closed: false,
            slips: None,
            links: Vec::new(),
            entries: Vec::new(),
            owner: None,
        }
    }

    /// What is known already.
    pub(crate) fn facts(mut self, facts: Vec<(&'static str, Sentence)>) -> Sheet {
        self.facts = facts;
        self
    }

    /// Where more can be looked at: address and words.
    pub(crate) fn links(mut self, links: Vec<(String, &'static str)>) -> Sheet {
        self.links = links;
        self
    }

    /// What the books would do, entry by entry.
    pub(crate) fn entries(mut self, entries: Vec<Sentence>) -> Sheet {
        self.entries = entries;
        self
    }

    /// What will happen.
    pub(crate) fn effect(mut self, effect: impl Into<Sentence>) -> Sheet {
        self.effect = effect.into();
        self
    }

    /// Nothing can be done here by this person: the facts and the reason, no form.
    pub(crate) fn closed(mut self, closed: bool) -> Sheet {
        self.closed = closed;
        self
    }

    /// What was just done here.
    pub(crate) fn done(mut self, on: &Continue) -> Sheet {
        self.done = done(on);
        self
    }

    /// What the clerk entered here today.
    pub(crate) fn slips(mut self, slips: SlipsToday) -> Sheet {
        self.slips = Some(slips);
        self
    }

    /// Changes the form before it is shown.
    pub(crate) fn form_mut(&mut self) -> &mut FormView {
        &mut self.form
    }

    /// A form of an organisation is for those who have a desk there, whatever they may do at it.
    fn is_theirs(&self, staff: &WhoAmI) -> Result<(), AppError> {
        let desks = &staff.organisations;
        let is_open = self
            .owner
            .as_ref()
            .is_none_or(|owner| desks.iter().any(|desk| &desk.id == owner));
        if is_open {
            return Ok(());
        }
        Err(AppError::denied(Denied::NoRole(Action::DeskRead)))
    }

    /// The page.
    pub(crate) fn show(&self, staff: &Staff) -> Page {
        self.is_theirs(&staff.who)?;
        Ok(error::ok(self.render(&staff.who, &staff.view)?))
    }

    /// Where the region that was typed means several, they are offered.
    ///
    /// # Errors
    /// The engine's refusal.
    pub(crate) async fn regions(mut self, app: &App, typed: &Typed) -> Result<Sheet, AppError> {
        let text = typed.get("region");
        if kernel::RegionCode::parse(&app.region_code(text).await?).is_err() {
            let choices = app.region_choices(text).await?;
            self.form = self.form.offering("region", &choices);
        }
        Ok(self)
    }

    /// The page again, with everything typed and what is wrong with it.
    pub(crate) fn again(mut self, sent: &DeskForm<'_>, error: &AppError) -> Page {
        self.is_theirs(&sent.staff.who)?;
        self.form = self.form.answering(sent.typed, error);
        let html = self.render(&sent.staff.who, &sent.staff.view)?;
        Ok(error::refused_form(error, html))
    }

    /// The page that asks whether what was typed is meant. It answers a form and can be come back to.
    pub(crate) fn ask_again(&self, staff: &Staff) -> Page {
        self.is_theirs(&staff.who)?;
        let html = self.render(&staff.who, &staff.view)?;
        Ok(refusals::carrying(error::ok(html)))
    }

    /// The HTML for this person.
    pub(crate) fn render(&self, staff: &WhoAmI, view: &View) -> askama::Result<String> {
        let shown = SheetShown {
            staff,
            title: self.title,
            back: &self.back,
            back_title: &self.back_title,
            facts: &self.facts,
            effect: &self.effect,
            done: &self.done,
            form: &self.form,
            closed: self.closed,
            slips: &self.slips,
            links: &self.links,
            entries: &self.entries,
        };
        view.draw(&shown)
    }
}

/// A form that somebody of the staff sent.
pub(crate) struct DeskForm<'a> {
    /// The house.
    pub(crate) app: &'a App,
    /// Who sent it.
    pub(crate) staff: &'a Staff,
    /// What was typed.
    pub(crate) typed: &'a Typed,
}

impl DeskForm<'_> {
    /// Carries the command out under the form's key. The inner error is one that shows the form again.
    ///
    /// # Errors
    /// What has a page of its own: no permission, not found, our own mistakes.
    pub(crate) async fn write(
        &self,
        command: Command,
    ) -> Result<Result<Outcome, AppError>, PageError> {
        // Whoever comes back from a sign-in may look at the filled form before anything is done.
        if !self.typed.get(REVIEW_FIELD).is_empty() {
            let sentence = "填写的内容都在，还没有提交；请看一遍，没有错就提交。";
            let look = Problem::new("", "review", sentence);
            return Ok(Err(AppError::Invalid(vec![look])));
        }
        match self.confirmed_write(command).await {
            Ok(outcome) => Ok(Ok(outcome)),
            Err(error) if error::keeps_the_form(&error) || lacks_a_role(&error) => Ok(Err(error)),
            Err(error) => Err(error.into()),
        }
    }

    /// The command as it is first: what was done already is answered again, although its code is spent, and a session
    /// that is strong needs none. Only what is refused for want of a code takes the one that came with the form.
    async fn confirmed_write(&self, command: Command) -> Result<Outcome, AppError> {
        let Staff { actor, token, .. } = self.staff;
        let (key, code) = (self.typed.key(), self.typed.proof());
        let first = self.app.write(actor, &key, command.clone()).await;
        if code.is_empty() || !first.as_ref().is_err_and(wants_code) {
            return first;
        }
        let given = self.app.code_give((actor, token), code, CodeAct::Confirm);
        let given = given.await;
        let actor = self.app.session_actor(token).await?;
        if !actor.proof().is_strong(self.app.now()) {
            given?;
        }
        // Its twin may have spent the code a moment ago: then the session is strong and the act is answered again.
        self.app.write(&actor, &key, command).await
    }
}

/// True if a code would help.
fn wants_code(error: &AppError) -> bool {
    matches!(error, AppError::Denied(refusal) if refusal.field == Some(CODE_FIELD))
}

/// Who may not do it is told at the form who may, and keeps what was typed for that colleague.
pub(crate) fn lacks_a_role(error: &AppError) -> bool {
    matches!(error, AppError::Denied(refusal) if refusal.code != "sign_in_first")
}

/// Choices of a select from ids and words.
pub(crate) fn options<'a, W: Into<Sentence>>(
    rows: impl Iterator<Item = (&'a String, W)>,
) -> Vec<(String, Sentence)> {
    rows.map(|(id, words)| (id.clone(), words.into())).collect()
}

/// A select, or a choice that is all visible where there are few.
pub(crate) fn pick(options: Vec<(String, Sentence)>) -> Input {
    if (1..=4).contains(&options.len()) {
        Input::Choice(options)
    } else {
        Input::Select(options)
    }
}

#[derive(Template)]
#[template(path = "identity/desk/choose.html")]
pub(crate) struct Choose<'a> {
    pub(crate) staff: &'a WhoAmI,
}

#[derive(Template)]
#[template(path = "identity/desk/home.html")]
pub(crate) struct Home<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: DeskPage,
    pub(crate) tasks: Vec<Link>,
    pub(crate) done: Option<Done>,
}

impl Home<'_> {
    /// My duties that are due soon enough to be seen at once; mine that are folded away; those of colleagues, folded
    /// too. All due first.
    fn duties(&self) -> [Vec<&DutyLine>; 3] {
        let near = |duty: &&DutyLine| duty.urgency == "late" || duty.days <= DAYS_AHEAD;
        let (mine, others): (Vec<_>, Vec<_>) = self.page.duties.iter().partition(|duty| duty.mine);
        let (near, far) = mine.into_iter().partition(near);
        [near, far, others]
    }

    /// True if the user may do this here; what may not be done is not offered.
    fn may(&self, action: &str) -> bool {
        self.page.may.iter().any(|may| may == action)
    }
}

/// Where a duty is done; nothing where this program has no page for it.
pub(crate) fn duty_href(duty: &DutyLine) -> Option<String> {
    let (wing, step) = match duty.kind.as_str() {
        "disclosure_progress" | "disclosure_final" => ("campaigns", "/report"),
        "publish" => ("campaigns", "/publish"),
        "check" | "approve" | "pay" => ("disbursements", ""),
        "held" => ("donations", "/reassign"),
        "question" => ("questions", ""),
        "import" => ("imports", ""),
        "confirm" | "confirm_privacy" => ("repairs", ""),
        _ => return None,
    };
    duty.mine
        .then(|| format!("/desk/{wing}/{}{step}", duty.object.id))
}

/// What can be started from the desk, by what the user may do.
pub(crate) fn tasks(desk: &DeskPage) -> Vec<Link> {
    let home = format!("/desk/organisations/{}", desk.organisation.id);
    [
        ("donation_enter", "counter", "柜台登记捐赠"),
        ("desk_read", "find", "查找捐赠"),
        ("import_run", "imports/new", "导入文件"),
        ("campaign_edit", "campaigns/new", "起草募捐活动"),
        ("settlement_record", "settle", "渠道结算入账"),
        ("fund_open", "funds/new", "开立资金"),
        ("organisation_edit", "contact", "公布联系方式"),
        ("correction_ask", "reclassify", "在资金之间调整"),
        ("correction_ask", "handover", "移交剩余财产"),
        ("matter_apply", "matters", "向登记管理机关申请"),
        ("matter_apply", "eligibility", "能不能申请公开募捐资格"),
        ("privacy_ask", "withdraw", "撤下公开的内容"),
        ("privacy_ask", "restricted", "限制处理的捐赠人"),
        ("goods_record", "goods/new", "登记捐赠物资"),
        ("goods_record", "goods", "发放和盘点物资"),
    ]
    .into_iter()
    .filter(|(action, _, _)| desk.may.iter().any(|may| may == action))
    // Only who is being liquidated has something to hand over.
    .filter(|(_, path, _)| *path != "handover" || desk.ended.is_some())
    .map(|(_, path, title)| Link {
        id: format!("{home}/{path}"),
        title: title.into(),
    })
    .collect()
}

/// `GET /desk`: straight to the only organisation, or the choice.
pub(crate) async fn choose(staff: Staff, Query(on): Query<Continue>) -> Page {
    // What was just done is said on the page where this ends.
    let done = on
        .done
        .as_deref()
        .map_or(String::new(), |code| format!("?done={}", query_text(code)));
    let id = on.id.as_deref().filter(|_| !done.is_empty());
    let id = id.map_or(String::new(), |id| format!("&id={}", query_text(id)));
    match staff.who.organisations.as_slice() {
        [only] => Ok(error::see_other(&format!(
            "/desk/organisations/{}{done}{id}",
            only.id
        ))),
        _ => staff.view.page(&Choose { staff: &staff.who }),
    }
}

/// `GET /desk/organisations/{organisation}`
pub(crate) async fn home(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = app.desk_page(&staff.actor, &organisation).await?;
    let home = Home {
        staff: &staff.who,
        tasks: tasks(&page),
        page,
        done: done(&on),
    };
    staff.view.page(&home)
}
