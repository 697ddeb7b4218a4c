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

/// Rows of each short list in 长辈模式: fewer things at once (SE-17); the pages of the campaigns have all of them.
const ELDER_ROWS: usize = 3;

/// `GET /`
pub(crate) async fn home(State(app): State<App>, view: View) -> Page {
    let mut page = app.home().await?;
    if view.elder() {
        page.recent.truncate(ELDER_ROWS);
        page.deliveries.truncate(ELDER_ROWS);
    }
    view.page(&Home { page })
}
