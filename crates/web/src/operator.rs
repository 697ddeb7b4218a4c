//! Who runs the house: the lines at the foot of every page that the law or custom asks for, all empty by default.
//!
//! The lines are words. The national emblem and the mark of party and state bodies may only be shown by
//! those who are entitled to them, so there is no place for a picture.

use serde::Deserialize;

/// The longest line, in characters.
const LINE_MAX: usize = 200;

/// 〔运营者〕 What the operator says of itself (`operator.toml`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// 主办单位.
    pub sponsor: String,
    /// 联系方式.
    pub contact: String,
    /// 网站标识码.
    pub site_code: String,
    /// ICP 备案号.
    pub icp: String,
    /// 公安备案号.
    pub police: String,
}

impl Operator {
    /// Reads `operator.toml`.
    ///
    /// # Errors
    /// Not TOML, a key that is none of ours, or a line that is too long; the words say which.
    pub fn from_toml(text: &str) -> Result<Operator, String> {
        let read: Operator = toml::from_str(text).map_err(|error| error.to_string())?;
        let long = read
            .lines()
            .find(|(_, words)| words.chars().count() > LINE_MAX)
            .map(|(label, _)| label);
        match long {
            Some(label) => Err(format!("{label}: more than {LINE_MAX} characters")),
            None => Ok(read),
        }
    }

    /// The lines that are there, with their labels.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("主办单位", self.sponsor.as_str()),
            ("联系方式", self.contact.as_str()),
            ("网站标识码", self.site_code.as_str()),
            ("ICP备案", self.icp.as_str()),
            ("公安备案", self.police.as_str()),
        ]
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_are_there_are_shown() {
        let read = Operator::from_toml("sponsor = \"云山县慈善总会\"\nicp = \"\"").unwrap();
        let lines: Vec<_> = read.lines().collect();
        assert_eq!(lines, [("主办单位", "云山县慈善总会")]);
        assert!(Operator::from_toml("emblem = \"x.png\"").is_err());
        let long = format!("contact = \"{}\"", "长".repeat(LINE_MAX + 1));
        assert!(Operator::from_toml(&long).is_err());
        assert_eq!(Operator::from_toml("").unwrap(), Operator::default());
    }
}
