//! Campaigns 募捐活动: one public appeal with dates, purpose and shares (basic lifecycle).

use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem, STORY_MAX};
use crate::{Sentence, say};
use kernel::{BasisPoints, Day, Fen, Id, RegionCode};
use leaf::ids;

/// The longest campaign in days: three years (rules 3.3).
pub(crate) const DAYS_MAX: i32 = 3 * 366;
/// The largest administrative share a plan may file here, in basis points (EX: 10 per cent).
pub(crate) const ADMINISTRATIVE_SHARE_MAX: u32 = 1_000;

/// 〔活动状态〕 Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 草稿
    Draft,
    /// 募捐中
    Live,
    /// 已结束
    Ended,
}

impl State {
    /// All states.
    pub const ALL: [State; 3] = [State::Draft, State::Live, State::Ended];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Live => "live",
            State::Ended => "ended",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            State::Draft => "草稿",
            State::Live => "募捐中",
            State::Ended => "已结束",
        }
    }

    /// The state of a stored code.
    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// 〔募捐活动〕 What decisions need to know of a campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its key.
    pub id: Id<ids::Campaign>,
    /// Who raises.
    pub organisation: Id<ids::Organisation>,
    /// Its public name.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// First day of giving.
    pub starts_on: Day,
    /// Last day of giving.
    pub ends_on: Day,
    /// The administrative share of the filed plan.
    pub administrative_share: BasisPoints,
    /// The fund of its purpose; opened when it is published.
    pub project_fund: Option<Id<ids::Fund>>,
    /// The fund of its administrative share.
    pub administrative_fund: Option<Id<ids::Fund>>,
}

/// What a maker drafts.
#[derive(Debug, Clone, Default)]
pub struct CampaignForm {
    /// Public name.
    pub title: String,
    /// Why money is needed.
    pub story: String,
    /// What will be done with it.
    pub promise: String,
    /// Filing number 备案编号.
    pub filing_number: String,
    /// Region code, may be empty.
    pub region: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Target in yuan, may be empty.
    pub target: String,
    /// Administrative share in per cent with at most two decimals, may be empty.
    pub administrative_share: String,
}

/// 〔募捐方案〕 A campaign ready to be drafted.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// Public name.
    pub title: String,
    /// Why money is needed.
    pub story: String,
    /// What will be done with it.
    pub promise: String,
    /// Filing number.
    pub filing_number: String,
    /// Where.
    pub region: Option<RegionCode>,
    /// First day.
    pub starts_on: Day,
    /// Last day.
    pub ends_on: Day,
    /// Target, zero if none.
    pub target: Fen,
    /// Administrative share.
    pub administrative_share: BasisPoints,
}

impl NewCampaign {
    /// Reads a draft.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(form: &CampaignForm) -> Result<NewCampaign, Vec<Problem>> {
        let mut check = Form::new();
        let title = check.line("title", "活动名称", &form.title, LINE_MAX);
        let story = check.line("story", "募捐缘由", &form.story, STORY_MAX);
        let promise = check.line("promise", "使用计划", &form.promise, STORY_MAX);
        let filing_number =
            check.private_line("filing_number", "备案编号", &form.filing_number, 40);
        let region = match form.region.trim() {
            "" => None,
            text => RegionCode::parse(text)
                .map_err(|_| check.refuse("region", "region", "没有认出是哪个地方：请写省、市、县的名称，例如“浙江省 杭州市 西湖区”；同名的请从列出的里选一个。"))
                .ok(),
        };
        let starts_on = check.day("starts_on", "开始日期", &form.starts_on);
        let ends_on = check.day("ends_on", "结束日期", &form.ends_on);
        if let (Some(start), Some(end)) = (starts_on, ends_on) {
            let days = end.number() - start.number();
            if !(0..=DAYS_MAX).contains(&days) {
                check.refuse(
                    "ends_on",
                    "range",
                    "结束日期要在开始日期之后三年以内，请改正。",
                );
            }
        }
        let target = match form.target.trim() {
            "" => Fen::ZERO,
            text => check
                .amount("target", text)
                .map_or(Fen::ZERO, kernel::Amount::fen),
        };
        let share = read_share(&mut check, &form.administrative_share);
        check.finish(()).and_then(|()| match (starts_on, ends_on) {
            (Some(starts_on), Some(ends_on)) => Ok(NewCampaign {
                title,
                story,
                promise,
                filing_number,
                region,
                starts_on,
                ends_on,
                target,
                administrative_share: share,
            }),
            _ => Err(Vec::new()),
        })
    }
}

/// Per cent with two decimals is exactly basis points: `8.5` is 850.
fn read_share(check: &mut Form, text: &str) -> BasisPoints {
    let text = text.trim().trim_end_matches('%');
    let points = if text.is_empty() {
        Some(0)
    } else {
        Fen::parse(text).ok().map(Fen::get)
    };
    let points = points
        .and_then(|p| u32::try_from(p).ok())
        .filter(|p| *p <= ADMINISTRATIVE_SHARE_MAX);
    match points.and_then(BasisPoints::new) {
        Some(share) => share,
        None => {
            check.refuse(
                "administrative_share",
                "share",
                "管理费比例请填0到10之间的数，最多两位小数。",
            );
            BasisPoints::ZERO
        }
    }
}

/// Why a campaign cannot take a step, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignRefused {
    /// The step does not fit its state.
    WrongState(State),
    /// Its last day is over.
    Over,
    /// It is not over yet, so it cannot be entered as one of the past.
    NotOver,
}

impl Refused for CampaignRefused {
    fn code(&self) -> &'static str {
        match self {
            CampaignRefused::WrongState(_) => "campaign_wrong_state",
            CampaignRefused::Over => "campaign_over",
            CampaignRefused::NotOver => "campaign_not_over",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            CampaignRefused::WrongState(state) => {
                say!(
                    "这个活动现在是“{state}”，不能做这一步，请刷新页面查看。",
                    state = state.title()
                )
            }
            CampaignRefused::Over => "活动的结束日期已过，请先修改日期并重新备案。".into(),
            CampaignRefused::NotOver => {
                "活动还没有结束，不能作为历史活动补录，请按正常流程发布。".into()
            }
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some("慈善法 第二十四条")
    }
}

/// May the campaign go live today?
///
/// # Errors
/// `CampaignRefused` in precedence order.
pub fn decide_publication(campaign: &Campaign, today: Day) -> Result<(), CampaignRefused> {
    if campaign.state != State::Draft {
        return Err(CampaignRefused::WrongState(campaign.state));
    }
    if campaign.ends_on < today {
        Err(CampaignRefused::Over)
    } else {
        Ok(())
    }
}

/// May a campaign of the past be entered afterwards? It is stated as ended and never takes live payments.
///
/// # Errors
/// `WrongState` unless it is a draft, `NotOver` while its days are not over.
pub fn decide_historic(campaign: &Campaign, today: Day) -> Result<(), CampaignRefused> {
    if campaign.state != State::Draft {
        return Err(CampaignRefused::WrongState(campaign.state));
    }
    if campaign.ends_on < today {
        Ok(())
    } else {
        Err(CampaignRefused::NotOver)
    }
}

/// May the campaign end now?
///
/// # Errors
/// `WrongState` unless it is live.
pub fn decide_end(campaign: &Campaign) -> Result<(), CampaignRefused> {
    match campaign.state {
        State::Live => Ok(()),
        state => Err(CampaignRefused::WrongState(state)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(share: &str, ends_on: &str) -> CampaignForm {
        CampaignForm {
            title: "云山县冬衣计划".into(),
            story: "山区冬天冷".into(),
            promise: "每人一件冬衣".into(),
            filing_number: "53330000MJX00000X326001".into(),
            region: "3301".into(),
            starts_on: "2026-11-01".into(),
            ends_on: ends_on.into(),
            target: "100000".into(),
            administrative_share: share.into(),
        }
    }

    #[track_caller]
    fn check(share: &str, ends_on: &str, want: Result<u32, &str>) {
        let got = NewCampaign::read(&form(share, ends_on));
        let got = got
            .map(|c| c.administrative_share.get())
            .map_err(|p| p[0].field);
        assert_eq!(got, want);
    }

    #[test]
    fn plans_are_read_exactly() {
        check("8.5", "2026-12-31", Ok(850));
        check("", "2026-12-31", Ok(0));
        check("10%", "2026-12-31", Ok(1_000));
        check("10.01", "2026-12-31", Err("administrative_share"));
        check("5", "2026-10-31", Err("ends_on"));
        check("5", "2036-10-31", Err("ends_on"));
    }

    #[test]
    fn the_lifecycle_has_one_way() {
        let day = |text: &str| Day::parse(text).unwrap();
        let mut campaign = Campaign {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            title: String::new(),
            state: State::Draft,
            starts_on: day("2026-11-01"),
            ends_on: day("2026-11-30"),
            administrative_share: BasisPoints::ZERO,
            project_fund: None,
            administrative_fund: None,
        };
        assert_eq!(decide_publication(&campaign, day("2026-11-30")), Ok(()));
        assert_eq!(
            decide_publication(&campaign, day("2026-12-01")),
            Err(CampaignRefused::Over)
        );
        assert_eq!(
            decide_historic(&campaign, day("2026-11-30")),
            Err(CampaignRefused::NotOver)
        );
        assert_eq!(decide_historic(&campaign, day("2026-12-01")), Ok(()));
        assert_eq!(
            decide_end(&campaign),
            Err(CampaignRefused::WrongState(State::Draft))
        );
        campaign.state = State::Live;
        assert_eq!(decide_end(&campaign), Ok(()));
        assert!(decide_publication(&campaign, day("2026-11-02")).is_err());
    }
}
