//! Lists as pages and files: one handler for the page of every list, one for its three files.

mod file;
mod limits;
mod sentence;
mod table;

use crate::error::Page;
use crate::identity::desk::{Done, done};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::filters;
use crate::state::AppState;
use crate::view::View;
use app::App;
use app::list::limits::PAGE_SIZES;
use app::list::{Asked, Audience, LISTS, List, ListAsk};
use app::view::WhoAmI;
use askama::Template;
use axum::Router;
use axum::extract::{Query, RawPathParams, State};
use axum::routing::get;
use domain::identity::Actor;

pub(crate) use table::{FieldKind, Shown, Table};

/// The pairs of an address, in their order.
type Pairs = Query<Vec<(String, String)>>;

#[derive(Template)]
#[template(path = "components/list_page.html")]
pub(crate) struct PublicList {
    pub(crate) list: Table,
}

#[derive(Template)]
#[template(path = "components/desk_list_page.html")]
pub(crate) struct DeskList<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) done: Option<Done>,
    pub(crate) list: Table,
}

/// The page and the files of every list.
pub(crate) fn list_routes(audience: Audience) -> Router<AppState> {
    let mut router = Router::new();
    for list in LISTS
        .iter()
        .copied()
        .filter(|list| list.audience == audience)
    {
        router = match audience {
            Audience::Public => router.route(
                list.path,
                get(move |State(app): State<App>, view, params, pairs| {
                    show((app, view), list, params, pairs)
                }),
            ),
            Audience::Desk => router.route(
                list.path,
                get(
                    move |State(app): State<App>, staff, params, (on, pairs): (_, _)| {
                        show_desk(app, list, (staff, params), (on, pairs))
                    },
                ),
            ),
        };
        for ending in file::Ending::ALL {
            let path = format!("{}.{}", list.path, ending.code());
            router = match audience {
                Audience::Public => router.route(
                    &path,
                    get(move |State(app): State<App>, view: View, params, pairs| {
                        let ask = asked(list, Actor::public(), params, &pairs);
                        file::send(app, ask, (ending, view))
                    }),
                ),
                Audience::Desk => router.route(
                    &path,
                    get(move |State(app): State<App>, staff: Staff, params, pairs| {
                        let ask = asked(list, staff.actor, params, &pairs);
                        file::send(app, ask, (ending, staff.view))
                    }),
                ),
            };
        }
    }
    router
}

fn asked(list: &'static List, actor: Actor, params: RawPathParams, pairs: &Pairs) -> ListAsk {
    let params = params.iter().map(|(_, value)| value.to_string()).collect();
    ListAsk {
        list,
        actor,
        params,
        asked: Asked::read(list, &pairs.0),
    }
}

async fn show(
    (app, view): (App, View),
    list: &'static List,
    params: RawPathParams,
    pairs: Pairs,
) -> Page {
    let ask = asked(list, Actor::public(), params, &pairs);
    let page = app.list_page(&ask).await?;
    let list = Table::new(&ask, page, view.language);
    view.page(&PublicList { list })
}

async fn show_desk(
    app: App,
    list: &'static List,
    (staff, params): (Staff, RawPathParams),
    (on, pairs): (Query<Continue>, Pairs),
) -> Page {
    let ask = asked(list, staff.actor, params, &pairs);
    let page = app.list_page(&ask).await?;
    let shown = DeskList {
        staff: &staff.who,
        done: done(&on),
        list: Table::new(&ask, page, staff.view.language),
    };
    staff.view.page(&shown)
}

/// The first page of a list as part of another page; its links lead to the list's own page.
///
/// # Errors
/// As [`App::list_page`].
pub(crate) async fn part(
    app: &App,
    view: &View,
    (list, params): (&'static List, Vec<String>),
) -> Result<Table, app::AppError> {
    let ask = ListAsk {
        list,
        actor: Actor::public(),
        params,
        // A page that shows a list below other things shows its shortest page: old phones draw fifty rows slowly.
        asked: Asked {
            size: PAGE_SIZES[0],
            ..Asked::read(list, &[])
        },
    };
    let page = app.list_page(&ask).await?;
    Ok(Table::new(&ask, page, view.language))
}
