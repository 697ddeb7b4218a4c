//! The charity of the demo province that ends: what it raised, and how that goes on elsewhere. Its matters stand with the
//! others.

use super::player::{Player, database, id_of};
use crate::outcome::Failure;
use app::Command;
use app::command::{CounterGift, FundForm, Repair};
use domain::fundraising::{CampaignForm, IntentForm};
use kernel::{Day, Fen, Id};
use leaf::ids;

const ENDS: &str = "wangjiang";
const GOES_ON: &str = "jiangcheng";

impl Player<'_> {
    /// What happens on this day.
    pub(super) async fn ending_of(&mut self, today: Day) -> Result<(), Failure> {
        match today.to_string().as_str() {
            "2026-03-12" => self.last_campaign().await,
            "2026-09-04" => self.hand_over().await,
            _ => Ok(()),
        }
    }

    /// The last campaign of the charity, with one gift.
    async fn last_campaign(&mut self) -> Result<(), Failure> {
        let draft = Command::CampaignDraft {
            organisation: self.organisation(ENDS)?,
            form: CampaignForm {
                title: "望江邻里互助金".into(),
                story: "区里六个老旧社区的邻居们，想给突然有难处的人家留一笔应急的钱。".into(),
                promise: "每户每次不超过3000元，由社区核实后三天内送到。".into(),
                filing_number: "51880101MJ0100916YA26001".into(),
                region: "880101".into(),
                starts_on: "2026-03-12".into(),
                ends_on: "2026-05-31".into(),
                target: "200000".into(),
                administrative_share: String::new(),
            },
        };
        let maker = self.login(ENDS, "maker")?;
        let campaign = id_of(self.act(maker, draft).await?)?;
        self.wait(9);
        let publish = Command::CampaignPublish {
            campaign: campaign.clone(),
        };
        self.act(self.login(ENDS, "approver")?, publish).await?;
        self.wait(9);
        let gift = Command::CounterGift(CounterGift {
            campaign,
            channel: "bank".into(),
            form: IntentForm {
                amount: "186400".into(),
                donor_name: "望江区老船工联谊会".into(),
                donor_kind: "organisation".into(),
                display: "named".into(),
                ..IntentForm::default()
            },
            slip: "WJ-2026-0312".into(),
            received_on: String::new(),
        });
        self.act(maker, gift).await.map(|_| ())
    }

    /// What is left goes to a fund for the same purpose of the charity that goes on.
    async fn hand_over(&mut self) -> Result<(), Failure> {
        let fund = FundForm {
            organisation: self.organisation(GOES_ON)?,
            kind: "designated".into(),
            title: "望江邻里互助金（承继）".into(),
            purpose: "望江区困难家庭的应急救助".into(),
            ..FundForm::default()
        };
        let keeper = self.login(GOES_ON, "maker")?;
        let to = id_of(self.act(keeper, Command::FundOpen(fund)).await?)?;
        let place = self.bank(ENDS).await?;
        let id: Id<ids::Organisation> = self.read(&self.organisation(ENDS)?)?;
        let funds = {
            let mut read = self.app.db().read_tx().await.map_err(database)?;
            let funds = store::funds::funds_of_organisation(&mut read, id).await;
            funds.map_err(database)?
        };
        let maker = self.login(ENDS, "maker")?;
        for fund in funds.iter().filter(|fund| fund.tape.balance() > 0) {
            self.wait(7);
            let repair = Repair::HandOver {
                from: self.app.print(fund.id),
                to: to.clone(),
                place: place.clone(),
                amount: Fen::new(fund.tape.balance()).to_string(),
                reason: "2026年9月1日两会签订的剩余财产移交协议".into(),
            };
            self.repair(maker, repair).await?;
        }
        Ok(())
    }
}
