//! `shanji bench pages`: a campaign with many gifts behind it, and then how long each public page takes through HTTP.

use super::args::Pages;
use super::client::get;
use super::figures::Spread;
use super::fill::{Filled, fill};
use super::site::{Charity, Site, trouble};
use super::trace::{engine, over_http};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use gateway::payment::ChannelKeys;
use serde_json::json;
use std::sync::Arc;

/// The bar: half of the answers of a page within 50 milliseconds.
const P50_MICROS: u32 = 50_000;

/// A page and how long it took.
struct Measured {
    what: &'static str,
    path: String,
    spread: Spread,
}

/// Runs the bench.
pub(super) fn run(args: &Pages) -> Ended {
    let site = Site::open(&args.place)?;
    let charity = site.charity(1)?;
    let filled = site.house(fill(&site.app, &charity, args.gifts))?;
    site.house(site.app.seal_now())
        .map_err(|error| crate::house::failure(&error))?;
    let address = site.serve(ChannelKeys::new())?.address;
    let mut measured = Vec::new();
    for (what, path) in site.house(addresses(&site, &charity, &filled))? {
        let requests = Arc::new(vec![get(&path); args.times as usize]);
        let (times, _) = site.client(over_http(&address, &requests, 1))?;
        let spread = times.spread();
        measured.push(Measured { what, path, spread });
    }
    site.close();
    tell(args, &measured);
    let is_fast = measured.iter().all(|one| one.spread.p50 <= P50_MICROS);
    Ok(if is_fast { Exit::Fine } else { Exit::Found })
}

/// Every kind of public page with something behind it.
async fn addresses(
    site: &Site,
    charity: &Charity,
    filled: &Filled,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let failed = |error: app::AppError| crate::house::failure(&error);
    let none = || trouble(&std::io::Error::other("没有可看的记录"));
    let campaign = charity.campaigns.first().ok_or_else(none)?;
    let gift = filled.donations.first().ok_or_else(none)?;
    let movement = filled.movements.first().ok_or_else(none)?;
    let page = site.app.campaign_page(campaign, None).await;
    let fund = page.map_err(failed)?.funds.into_iter().next();
    let fund = fund.ok_or_else(none)?.id;
    let day = site.app.receipt_page(gift, None, None).await;
    let day = day.map_err(failed)?.day;
    let organisation = format!("/organisations/{}", charity.organisation);
    Ok(vec![
        ("首页", "/".into()),
        ("全部活动", "/campaigns".into()),
        ("活动", format!("/campaigns/{campaign}")),
        ("活动的全部捐赠", format!("/campaigns/{campaign}/gifts")),
        ("捐款表单", format!("/campaigns/{campaign}/give")),
        ("日", format!("{organisation}/days/{day}")),
        ("慈善组织", organisation),
        ("凭据（去向）", format!("/donations/{gift}")),
        ("资金", format!("/funds/{fund}")),
        ("流转（来源）", format!("/movements/{movement}")),
        ("日志", "/log".into()),
        ("核验", "/verify".into()),
        ("搜索", "/search?q=%E5%9F%BA%E9%87%91".into()),
    ])
}

fn tell(args: &Pages, measured: &[Measured]) {
    if args.json {
        let row = |one: &Measured| json!({"page": one.what, "path": one.path, "latency": one.spread.json()});
        say_json(&json!({
            "bench": "pages", "engine": engine(&args.place), "gifts": args.gifts, "times": args.times,
            "pages": measured.iter().map(row).collect::<Vec<_>>(),
        }));
        return;
    }
    let mut out = format!(
        "一个活动收到 {} 笔以后，每页问 {} 次，一个连接，首次不预热\n",
        count(args.gifts.into()),
        count(args.times.into())
    );
    for one in measured {
        let late = if one.spread.p50 > P50_MICROS {
            "（超过 50 毫秒的标准，因此退出码是 1）"
        } else {
            ""
        };
        out.push_str(&format!("{}：{}{late}\n", one.what, one.spread.text()));
    }
    say(&out);
}
