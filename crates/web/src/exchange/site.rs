//! Home: what is happening now, totals as of the checkpoint, search first.

use app::App;
use app::view::{CampaignCard, HomePage};
use askama::Template;
use axum::extract::State;
use domain::fundraising::CampaignState;

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "exchange/site/home.html")]
pub(crate) struct Home {
    pub(crate) page: HomePage,
}

impl Home {
    /// The campaigns that run: what has ended is not happening now, however many cards there is room for.
    fn running(&self) -> Vec<&CampaignCard> {
        self.in_state(CampaignState::Live)
    }

    /// Those that ended last, for a house where none runs.
    fn ended(&self) -> Vec<&CampaignCard> {
        self.in_state(CampaignState::Ended)
    }

    fn in_state(&self, state: CampaignState) -> Vec<&CampaignCard> {
        let cards = self.page.campaigns.iter();
        cards.filter(|card| card.state == state.code()).collect()
    }
}

/// `GET /`
pub(crate) async fn home(State(app): State<App>, view: View) -> Page {
    let page = app.home().await?;
    view.page(&Home { page })
}
