//! The languages of the pages.

/// The most languages of `Accept-Language` that are looked at.
const ACCEPTED_MAX: usize = 20;

/// 〔语言〕 A language in which every text of ours exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// 简体中文, in which the texts are written.
    #[default]
    Simplified,
    /// 繁體中文.
    Traditional,
    /// English.
    English,
}

impl Language {
    /// All, in the order of the controls.
    pub(crate) const ALL: [Language; 3] = [
        Language::Simplified,
        Language::Traditional,
        Language::English,
    ];

    /// The tag in `lang`, cookies and addresses (BCP 47).
    pub(crate) fn tag(&self) -> &'static str {
        match self {
            Language::Simplified => "zh-CN",
            Language::Traditional => "zh-Hant",
            Language::English => "en",
        }
    }

    /// True if its readers write amounts of money in Chinese capitals.
    pub(crate) fn writes_capitals(&self) -> bool {
        *self != Language::English
    }

    /// What the control says: each language in its own words.
    pub(crate) fn short(&self) -> &'static str {
        match self {
            Language::Simplified => "简",
            Language::Traditional => "繁",
            Language::English => "EN",
        }
    }

    /// Its own full name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Language::Simplified => "简体中文",
            Language::Traditional => "繁體中文",
            Language::English => "English",
        }
    }

    /// The language of a tag as people and browsers write it.
    pub(crate) fn parse(tag: &str) -> Option<Language> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Language::English),
            "zh" if parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) => {
                Some(Language::Traditional)
            }
            "zh" => Some(Language::Simplified),
            _ => None,
        }
    }

    /// The first of ours that `Accept-Language` names with the highest weight.
    pub(crate) fn accepted(header: &str) -> Option<Language> {
        let mut best: Option<(u32, Language)> = None;
        for item in header.split(',').take(ACCEPTED_MAX) {
            let (tag, weight) = item.split_once(';').unwrap_or((item, ""));
            let (Some(language), weight) = (Language::parse(tag), thousandths(weight)) else {
                continue;
            };
            if weight > best.map_or(0, |(known, _)| known) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// `q=0.85` as 850; nothing said is 1, nonsense is nothing.
fn thousandths(weight: &str) -> u32 {
    let Some(text) = weight.trim().strip_prefix("q=") else {
        return if weight.trim().is_empty() { 1_000 } else { 0 };
    };
    match text.split_once('.') {
        None => text.parse::<u32>().map_or(0, |whole| whole.min(1) * 1_000),
        Some(("0", digits)) if digits.len() <= 3 => format!("{digits:0<3}").parse().unwrap_or(0),
        Some(("1", _)) => 1_000,
        Some(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, want: Option<Language>) {
        assert_eq!(Language::accepted(header), want, "{header:?}");
    }

    #[test]
    fn what_browsers_ask_for_is_understood() {
        check("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Simplified));
        check("en-GB,en;q=0.9,zh-CN;q=0.8", Some(Language::English));
        check("zh-TW,zh;q=0.9", Some(Language::Traditional));
        check("zh-Hant-HK", Some(Language::Traditional));
        check("fr;q=0.9,en;q=0.2,zh;q=0.25", Some(Language::Simplified));
        check("fr, de", None);
        check("en;q=0", None);
        check("en;q=nonsense", None);
        check("", None);
    }
}
