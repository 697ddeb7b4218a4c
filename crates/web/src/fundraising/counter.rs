//! A gift at the counter: few fields, in the order of the slip, ready for the next one at once.

use app::command::CounterGift;
use app::{App, AppError, Command, Outcome};
use axum::extract::{Path, Query, State};
use domain::fundraising::{
    ConfirmationRefused, Display, IntentForm, ONLINE_MAX, RECEIVED_DAYS_MAX, decide_confirmation,
    unusual,
};
use domain::text::Problem;
use domain::{Refused, Sentence, say};
use kernel::{Amount, Fen};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Sheet, options, pick};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::query_text;

/// The amount once more.
const CONFIRM: &str = "confirm_words";

async fn sheet(
    app: &App,
    staff: &Staff,
    (organisation, just): (&str, Option<&str>),
) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let mut open: Vec<_> = desk
        .campaigns
        .iter()
        .filter(|card| card.state != "draft")
        .collect();
    // A slip is mostly for a campaign that is live; the form begins with one.
    open.sort_by_key(|card| card.state != "live");
    let campaigns = options(open.into_iter().map(|card| {
        (
            &card.id,
            say!(
                "{campaign}（{state}）",
                campaign = &card.title,
                state = Sentence::known(&card.state_title)
            ),
        )
    }));
    let displays: Vec<(String, Sentence)> = Display::ALL
        .iter()
        .map(|d| (d.code().to_string(), d.title().into()))
        .collect();
    let first = campaigns
        .first()
        .map(|(id, _)| id.clone())
        .unwrap_or_default();
    let fields = vec![
        Field::new("amount", "金额", Input::Amount).focused(),
        Field::new("slip", "单号", Input::Line("off")).hint("收据或银行流水号，同一号不会记两次。"),
        Field::new("donor_name", "捐赠人", Input::Line("off"))
            .optional()
            .hint("匿名可不填。"),
        Field::new(
            "donor_kind",
            "类型",
            Input::Choice(choices(&[("person", "个人"), ("organisation", "单位")])),
        )
        .starting("person"),
        Field::new("display", "公开方式", Input::Choice(displays)).starting("masked"),
        Field::new(
            "channel",
            "方式",
            Input::Choice(choices(&[("cash", "现金"), ("bank", "银行转账")])),
        )
        .starting("cash"),
        Field::new("campaign", "活动", pick(campaigns)).starting(&first),
        Field::new("received_on", "收到日期", Input::Day)
            .optional()
            .starting(&app.now().day().to_string())
            .hint(say!(
                "以前收到今天补记的，改成收到那天；不能晚于今天，最多补记{days}天。",
                days = i64::from(RECEIVED_DAYS_MAX)
            )),
        Field::new("contact", "手机或邮箱", Input::Line("off")).optional(),
        Field::new("message", "留言", Input::Line("off")).optional(),
    ];
    let action = format!("/desk/organisations/{organisation}/counter");
    let form = FormView::new(action, "登记", fields)?;
    let slips = app.slips_today(&staff.actor, organisation, just).await?;
    Ok(Sheet::of_desk(&desk, "柜台登记捐赠", form)
        .slips(slips)
        .effect("立刻记账并写进日志，得到凭据编号；活动已结束的，款收下后记为待处理款。"))
}

/// The amount once more, where it is unusual: the same question that donors are asked.
fn confirmation(reason: &Sentence) -> Field {
    Field::new(CONFIRM, "再写一遍金额", Input::Line("off")).hint(reason.clone())
}

/// Why an amount is asked about again and what is wrong with the answer, if it is and something is. What cannot be
/// read at all is left to the command, which tells all problems.
async fn second_look(app: &App, typed: &Typed) -> Result<Option<(Sentence, Problem)>, AppError> {
    let Ok(amount) = Amount::parse(typed.get("amount").trim()) else {
        return Ok(None);
    };
    // Above the limit nothing is asked twice: the command says the limit.
    if amount.get() > ONLINE_MAX {
        return Ok(None);
    }
    let usual = match app.giving_facts(typed.get("campaign")).await {
        Ok(facts) => facts.usual.map(Fen::new),
        Err(AppError::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let Some(reason) = unusual(amount, usual) else {
        return Ok(None);
    };
    let refused = decide_confirmation(amount, typed.get(CONFIRM), "").err();
    Ok(refused.map(|refused| {
        // Donors may choose from three sums instead; this form has none.
        let sentence = match refused {
            ConfirmationRefused::Missing => "请把金额用大写或数字再写一遍。".into(),
            other => other.sentence(),
        };
        let problem = Problem::new(CONFIRM, "confirm", sentence);
        (reason.sentence(), problem)
    }))
}

/// `GET /desk/organisations/{organisation}/counter`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let just = (organisation.as_str(), on.id.as_deref());
    let mut sheet = sheet(&app, &staff, just).await?.done(&on);
    // The next slip is mostly of the same kind.
    let kept = [
        ("campaign", &on.campaign),
        ("channel", &on.channel),
        ("received_on", &on.received_on),
    ];
    for (name, value) in kept {
        if let Some(value) = value {
            sheet
                .form_mut()
                .keep(&Typed(vec![(name.to_string(), value.clone())]));
        }
    }
    sheet.show(&staff)
}

/// `POST /desk/organisations/{organisation}/counter`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::CounterGift(CounterGift {
        campaign: typed.text("campaign"),
        channel: typed.text("channel"),
        form: IntentForm {
            amount: typed.text("amount"),
            donor_name: typed.text("donor_name"),
            donor_kind: typed.text("donor_kind"),
            display: typed.text("display"),
            contact: typed.text("contact"),
            message: typed.text("message"),
        },
        slip: typed.text("slip"),
        received_on: typed.text("received_on"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    if let Some(refusal) = second_look(&app, &typed).await? {
        let mut again = sheet(&app, &staff, (&organisation, None)).await?;
        let fields = &mut again.form_mut().fields;
        fields.insert(1, confirmation(&refusal.0));
        return again.again(&sent, &AppError::Invalid(vec![refusal.1]));
    }
    let outcome = match sent.write(command).await? {
        Ok(outcome) => outcome,
        Err(error) => {
            return sheet(&app, &staff, (&organisation, None))
                .await?
                .again(&sent, &error);
        }
    };
    let (done, id) = match outcome {
        Outcome::Gift {
            donation,
            replay: true,
            ..
        } => ("gift-known", donation),
        Outcome::Gift {
            donation,
            held: Some(_),
            ..
        } => ("gift-held", donation),
        Outcome::Gift { donation, .. } => ("gift", donation),
        _ => ("gift", String::new()),
    };
    let (campaign, channel) = (
        query_text(typed.get("campaign")),
        query_text(typed.get("channel")),
    );
    // An envelope of yesterday holds more than one slip; what came today needs no word.
    let day = typed.get("received_on").trim();
    let day = match day.is_empty() || day == app.now().day().to_string() {
        true => String::new(),
        false => format!("&received_on={}", query_text(day)),
    };
    Ok(error::see_other(&format!(
        "/desk/organisations/{organisation}/counter?done={done}&id={id}&campaign={campaign}&channel={channel}{day}"
    )))
}
