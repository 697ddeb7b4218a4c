//! Titles that the house writes itself: put together once, recorded for ever, and said again in every language.

use crate::funds::place::{PLACE_ACCOUNTS, account};
use crate::funds::{FundKind, shown_place};
use crate::{Sentence, say};

/// 〔项目资金名称〕 What the fund of a campaign is called.
pub fn project_title(campaign: &str) -> Sentence {
    say!("{campaign} 项目资金", campaign = campaign.to_string())
}

/// 〔管理费名称〕 What the fund of a campaign's administrative share is called.
pub fn administrative_title(campaign: &str) -> Sentence {
    say!("{campaign} 管理费", campaign = campaign.to_string())
}

/// 〔假设资金名称〕 What the fund is called that holds what a notice called designated without saying whose.
pub fn assumed_title(campaign: &str) -> Sentence {
    say!(
        "{campaign} 定向资金（假设）",
        campaign = campaign.to_string()
    )
}

/// 〔预付名称〕 What an advance to a partner is called, fund and place alike.
pub fn advance_title(partner: &str) -> Sentence {
    say!("预付 {partner}", partner = partner.to_string())
}

/// 〔物资仓库〕 What the place is called where goods lie.
pub const STORE_TITLE: &str = "物资仓库";

/// 〔管理费用途〕 What the fund of a campaign's administrative share is for.
pub const ADMINISTRATIVE_PURPOSE: &str = "项目执行的管理费用";
/// 〔假设资金用途〕 What the fund is for that holds what a notice called designated.
pub const ASSUMED_PURPOSE: &str = "公告所称定向捐赠";

/// The titles that hold a name.
const NAMED: [fn(&str) -> Sentence; 4] = [
    project_title,
    administrative_title,
    assumed_title,
    advance_title,
];

/// 〔名称的说法〕 A recorded title of a fund or a place: our own words in it find their translation, the words of others
/// stay as they are.
pub fn said_title(title: &str) -> Sentence {
    for titled in NAMED {
        // Around no name at all stand only our own words, before it or behind it.
        let ours = titled("").to_string();
        let name = title
            .strip_suffix(&ours)
            .or_else(|| title.strip_prefix(&ours));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            return titled(name);
        }
    }
    let title = shown_place(title);
    let kind = FundKind::ALL.iter().any(|kind| kind.title() == title);
    let is_account = |words: &str| {
        PLACE_ACCOUNTS
            .iter()
            .any(|code| account::title(code) == words)
    };
    match title.split_once(' ') {
        Some((account, channel)) if is_account(account) => say!(
            "{account} {channel}",
            account = Sentence::known(account),
            channel = Sentence::known(channel)
        ),
        _ if kind || title == STORE_TITLE || is_account(&title) => Sentence::known(&title),
        _ => Sentence::from(title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funds::place_name;

    /// The pattern that is translated, and the Chinese as it was recorded.
    #[track_caller]
    fn check(title: &str, pattern: &str) {
        let said = said_title(title);
        assert_eq!(said.to_string(), title);
        assert_eq!(said.pattern(), pattern, "{title}");
    }

    #[test]
    fn titles_of_ours_are_known_again() {
        let name = "热乎午餐 2026";
        for titled in NAMED {
            let written = titled(name);
            assert_eq!(said_title(&written.to_string()), written);
        }
        check("待处理款", "待处理款");
        check("现金", "现金");
        check(STORE_TITLE, STORE_TITLE);
        let place = place_name(account::BANK, "交通银行");
        check(&place, "{account} {channel}");
    }

    #[test]
    fn words_of_others_stay() {
        for title in ["棉被 1.5米×2米（床）", "管理费用", " 项目资金", "预付 ", ""]
        {
            check(title, "{words}");
        }
    }
}
