//! Giving: the form, a calm summary, the payment page (a demo, and it says so), the receipt.

use app::view::{CampaignPage, GivingFacts, IntentView};
use app::{App, AppError, Command, Outcome};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::fundraising::{
    Display, IntentForm, NewIntent, choices as sums, decide_confirmation, read_intent, unusual,
};
use domain::identity::Actor;
use domain::{Refused, Sentence};
use kernel::Fen;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, KEY_FIELD, Typed, choices};
use crate::fundraising::campaign;
use crate::routes::Continue;
use crate::show::{filters, query_text};
use crate::view::View;

/// What the form of giving asks, in order; carried along by the summary.
const NAMES: [&str; 7] = [
    "preset",
    "amount",
    "donor_kind",
    "donor_name",
    "display",
    "contact",
    "message",
];

/// The amount in words, for the second look.
const CONFIRM_WORDS: &str = "confirm_words";
/// One of three sums, for those who cannot write capitals.
const CONFIRM_CHOICE: &str = "confirm_choice";

#[derive(Template)]
#[template(path = "fundraising/intent/give.html")]
pub(crate) struct Give {
    pub(crate) page: CampaignPage,
    pub(crate) form: FormView,
}

#[derive(Template)]
#[template(path = "fundraising/intent/check.html")]
pub(crate) struct Check {
    pub(crate) page: CampaignPage,
    pub(crate) facts: GivingFacts,
    pub(crate) typed: Typed,
    pub(crate) key: String,
    pub(crate) names: Vec<&'static str>,
    pub(crate) amount: i64,
    pub(crate) amount_words: String,
    pub(crate) shown_as: String,
    /// Why the amount is asked about again, and three sums to choose from, if it is.
    pub(crate) again: Option<Again>,
}

/// The second look at an unusual amount.
pub(crate) struct Again {
    pub(crate) reason: Sentence,
    /// Three sums, one of them right: in capitals and in fen.
    pub(crate) choices: Vec<(String, i64)>,
    pub(crate) problem: Option<Sentence>,
}

impl Check {
    /// The summary of a gift that was read.
    pub(crate) fn new(
        page: CampaignPage,
        facts: GivingFacts,
        typed: Typed,
        read: &NewIntent,
    ) -> Check {
        let reason = unusual(read.amount, facts.usual.map(Fen::new));
        Check {
            again: reason.map(|reason| Again {
                reason: reason.sentence(),
                choices: sums(read.amount)
                    .iter()
                    .map(|sum| (sum.chinese(), sum.get()))
                    .collect(),
                problem: None,
            }),
            page,
            facts,
            key: typed.text(KEY_FIELD),
            typed,
            names: NAMES.to_vec(),
            amount: read.amount.get(),
            amount_words: read.amount.fen().chinese(),
            shown_as: read.display.public_name(&read.donor_name),
        }
    }

    /// The same with what is wrong with the second look.
    fn refused(mut self, sentence: Sentence) -> Check {
        if let Some(again) = &mut self.again {
            again.problem = Some(sentence);
        }
        self
    }
}

#[derive(Template)]
#[template(path = "fundraising/intent/pay.html")]
pub(crate) struct Pay {
    pub(crate) intent: IntentView,
    /// This page's own address, with the donor's token if it was brought.
    pub(crate) own: String,
    /// The donor's token, empty if it was not brought.
    pub(crate) token: String,
}

/// The form of giving.
pub(crate) fn give_form(campaign: &str) -> Result<FormView, AppError> {
    let amounts = [
        ("20", "20元"),
        ("50", "50元"),
        ("100", "100元"),
        ("200", "200元"),
        ("500", "500元"),
        ("", "其他金额"),
    ];
    let kinds = [("person", "个人"), ("organisation", "单位")];
    let displays: Vec<(String, Sentence)> = Display::ALL
        .iter()
        .map(|d| (d.code().to_string(), d.title().into()))
        .collect();
    let fields = vec![
        Field::new("preset", "捐多少", Input::Choice(choices(&amounts))).starting("50"),
        Field::new("amount", "其他金额", Input::Amount)
            .optional()
            .hint("选“其他金额”时在这里填，最多两位小数。填了这里就以这里为准。"),
        Field::new("donor_kind", "以谁的名义", Input::Choice(choices(&kinds))).starting("person"),
        Field::new("donor_name", "姓名或单位名称", Input::Line("name"))
            .optional()
            .hint("匿名捐赠可以不填。"),
        Field::new("display", "公开时怎样显示", Input::Choice(displays)).starting("masked"),
        Field::new("contact", "手机或邮箱", Input::Line("on"))
            .optional()
            .hint("受赠组织有事时用它联系您，不会公开；凭据的网址请您自己收好。"),
        Field::new("message", "想说的话", Input::Area(3))
            .optional()
            .hint("最多200个字，只给受赠组织看。"),
    ];
    FormView::new(
        format!("/campaigns/{}/give", query_text(campaign)),
        "下一步：核对",
        fields,
    )
}

/// What was typed as the form of the command; a typed amount goes before a preset one.
fn intent_form(typed: &Typed) -> IntentForm {
    let own = typed.get("amount").trim();
    IntentForm {
        amount: if own.is_empty() {
            typed.text("preset")
        } else {
            own.to_string()
        },
        donor_name: typed.text("donor_name"),
        donor_kind: typed.text("donor_kind"),
        display: typed.text("display"),
        contact: typed.text("contact"),
        message: typed.text("message"),
    }
}

/// `GET /campaigns/{id}/give`
pub(crate) async fn give(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.campaign_page(&id, None).await?;
    campaign::hide_draft(&page)?;
    let form = give_form(&page.card.id)?;
    view.page(&Give { page, form })
}

/// `POST /campaigns/{id}/give`: first the summary, then, once confirmed, the intent.
pub(crate) async fn send(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.campaign_page(&id, None).await?;
    campaign::hide_draft(&page)?;
    if typed.get("step") == "edit" {
        let mut form = give_form(&page.card.id)?;
        form.keep(&typed);
        return view.page(&Give { page, form });
    }
    let intent = intent_form(&typed);
    let read = match read_intent(&intent, app.now()) {
        Ok(read) => read,
        Err(problems) => return again(&view, page, &typed, &AppError::Invalid(problems)),
    };
    let facts = app.giving_facts(&id).await?;
    let check = Check::new(page, facts, typed, &read);
    if check.typed.get("step") != "pay" {
        return view.page(&check);
    }
    if check.again.is_some()
        && let Err(refused) = decide_confirmation(
            read.amount,
            check.typed.get(CONFIRM_WORDS),
            check.typed.get(CONFIRM_CHOICE),
        )
    {
        let sentence = refused.sentence();
        let error = AppError::refused(refused);
        return view.again(&error, &check.refused(sentence));
    }
    let Check { page, typed, .. } = check;
    let command = Command::IntentCreate {
        campaign: id,
        form: intent,
    };
    match app.write(&Actor::public(), &typed.key(), command).await {
        Ok(Outcome::Record { id }) => {
            let token = app.intent_token(&id).await?;
            Ok(error::see_other(&order(&id, Some(&token))))
        }
        Ok(_) => Ok(error::see_other("/")),
        Err(error) if error::keeps_the_form(&error) => again(&view, page, &typed, &error),
        Err(error) => Err(error.into()),
    }
}

fn again(view: &View, page: CampaignPage, typed: &Typed, error: &AppError) -> Page {
    let form = give_form(&page.card.id)?.answering(typed, error).reaching();
    view.again(error, &Give { page, form })
}

/// `GET /intents/{id}`: to pay, or onwards to the receipt.
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let intent = app.intent_view(&id, on.token.as_deref()).await?;
    if let Some(donation) = &intent.donation {
        let token = intent
            .token
            .as_deref()
            .map_or(String::new(), |t| format!("?token={}", query_text(t)));
        return Ok(error::see_other(&format!("/donations/{donation}{token}")));
    }
    let pay = Pay {
        own: order(&intent.id, on.token.as_deref()),
        token: on.token.unwrap_or_default(),
        intent,
    };
    view.page(&pay)
}

/// The address of an order; with its token it leads on to the donor's own link.
fn order(id: &str, token: Option<&str>) -> String {
    match token.filter(|token| !token.is_empty()) {
        Some(token) => format!("/intents/{id}?token={}", query_text(token)),
        None => format!("/intents/{id}"),
    }
}

/// `POST /intents/{id}/pay`: the demo gateway signs and delivers its notice; paying twice pays once.
pub(crate) async fn pay(State(app): State<App>, Path(id): Path<String>, typed: Typed) -> Page {
    app.demo_pay(&id).await?;
    Ok(error::see_other(&order(&id, Some(typed.get("token")))))
}
