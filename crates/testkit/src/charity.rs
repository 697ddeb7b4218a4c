//! A charity that raises money: organisation, people, campaign, and gifts as signed notices bring them.

use crate::{Staff, TestApp, sure};
use app::{AppError, Command, DEMO_CHANNEL, Outcome};
use domain::fundraising::{CampaignForm, IntentForm};
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use domain::parties::register::{ImportedEntry, Standing};
use gateway::payment::{NoticeKind, PaymentNotice};
use kernel::{Amount, Day, Fen};

/// 〔慈善组织〕 An organisation with people and one live campaign. Ids are printed ones.
#[derive(Debug, Clone)]
pub struct Charity {
    /// The organisation.
    pub organisation: String,
    /// Its people.
    pub staff: Staff,
    /// Its campaign, live.
    pub campaign: String,
}

/// What a test says of a campaign.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Public name.
    pub title: String,
    /// Per cent, empty for none.
    pub share: String,
    /// Last day.
    pub ends_on: String,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            title: "云山助学".into(),
            share: "10".into(),
            ends_on: "2027-06-30".into(),
        }
    }
}

impl TestApp {
    /// An organisation of the register.
    ///
    /// # Panics
    /// The name is taken.
    pub async fn organisation(&self, name: &str) -> String {
        let form = OrganisationForm {
            name: name.into(),
            kind: "foundation".into(),
            region: "330106".into(),
            ..OrganisationForm::default()
        };
        record(
            self.done(&Actor::house("test"), Command::OrganisationRegister(form))
                .await,
        )
    }

    /// Another register says that an organisation may raise from the public.
    ///
    /// # Panics
    /// The organisation is unknown.
    pub async fn entitle(&self, organisation: &str) {
        self.entered(
            organisation,
            &[
                (Standing::Recognised, "2020-01-01"),
                (Standing::Valid, "2021-02-01"),
            ],
        )
        .await;
    }

    /// Another register says this of an organisation: standings, each from a day on.
    ///
    /// # Panics
    /// The organisation is unknown, or a day is none.
    pub async fn entered(&self, organisation: &str, standings: &[(Standing, &str)]) {
        let entry = |(standing, from): &(Standing, &str)| {
            let from = sure(Day::parse(from), "a day");
            ImportedEntry::of(*standing, from, ("浙江省民政厅", "浙民慈〔2021〕1号"))
        };
        let import = Command::RegisterImport {
            organisation: organisation.into(),
            source: "浙江省社会组织登记簿".into(),
            entries: standings.iter().map(entry).collect(),
        };
        self.done(&Actor::house("test"), import).await;
    }

    /// A live campaign of an organisation.
    ///
    /// # Panics
    /// Drafting or publishing is refused.
    pub async fn campaign(&self, organisation: &str, staff: &Staff, plan: &Plan) -> String {
        let form = CampaignForm {
            title: plan.title.clone(),
            story: "山里的孩子要走两个小时去上学。".into(),
            promise: "每名学生每学期资助一千元。".into(),
            // One filing is one campaign, also in tests.
            filing_number: format!("{}-{}", &organisation[4..], plan.title),
            starts_on: "2026-11-01".into(),
            ends_on: plan.ends_on.clone(),
            administrative_share: plan.share.clone(),
            ..CampaignForm::default()
        };
        let draft = Command::CampaignDraft {
            organisation: organisation.into(),
            form,
        };
        let campaign = record(self.done(&staff.maker, draft).await);
        self.done(
            &staff.approver,
            Command::CampaignPublish {
                campaign: campaign.clone(),
            },
        )
        .await;
        campaign
    }

    /// A charity with people and a live campaign of 10 per cent administrative share.
    ///
    /// # Panics
    /// The name is taken.
    pub async fn charity(&self, name: &str) -> Charity {
        let organisation = self.organisation(name).await;
        self.entitle(&organisation).await;
        let staff = self.staff(&organisation).await;
        let campaign = self.campaign(&organisation, &staff, &Plan::default()).await;
        Charity {
            organisation,
            staff,
            campaign,
        }
    }

    /// An intent of a public giver.
    ///
    /// # Errors
    /// As [`TestApp::ask`].
    pub async fn intent(&self, campaign: &str, yuan: &str) -> Result<String, AppError> {
        let form = IntentForm {
            amount: yuan.into(),
            donor_name: "王小明".into(),
            ..IntentForm::default()
        };
        let command = Command::IntentCreate {
            campaign: campaign.into(),
            form,
        };
        self.ask(&Actor::public(), command).await.map(record)
    }

    /// A notice of the demo channel about a payment: `number` is the channel's own, `order` an intent or nothing.
    ///
    /// # Panics
    /// The amount is not one.
    pub fn notice(
        &self,
        organisation: &str,
        number: &str,
        order: &str,
        yuan: &str,
    ) -> PaymentNotice {
        PaymentNotice {
            channel: DEMO_CHANNEL.into(),
            merchant: organisation.into(),
            external_id: number.into(),
            order: order.into(),
            concerns: None,
            kind: NoticeKind::Payment,
            amount: sure(Amount::parse(yuan), "an amount"),
            fee: Fen::ZERO,
            paid_at: self.now(),
        }
    }

    /// Books a notice, as if its signature had been verified.
    ///
    /// # Errors
    /// As [`TestApp::ask`].
    pub async fn capture(&self, notice: PaymentNotice) -> Result<Outcome, AppError> {
        let actor = Actor::channel(&notice.channel);
        self.ask(&actor, Command::PaymentCapture(Box::new(notice)))
            .await
    }

    /// A gift from intent to payment; its printed donation id.
    ///
    /// # Panics
    /// It is refused.
    pub async fn gift(&self, charity: &Charity, yuan: &str) -> String {
        let intent = sure(self.intent(&charity.campaign, yuan).await, "an intent");
        let number = format!("pay-{intent}");
        let notice = self.notice(&charity.organisation, &number, &intent, yuan);
        match sure(self.capture(notice).await, "a payment") {
            Outcome::Gift {
                donation,
                held: None,
                replay: false,
            } => donation,
            other => panic!("no plain gift: {other:?}"),
        }
    }
}

/// The id of what a command made.
fn record(outcome: Outcome) -> String {
    match outcome {
        Outcome::Record { id } => id,
        other => panic!("no record: {other:?}"),
    }
}
