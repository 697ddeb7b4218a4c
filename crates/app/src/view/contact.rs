//! How an organisation is reached.

use super::Link;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔联系方式〕 How an organisation is reached, as it says itself. It does not stand in the log.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct ContactView {
    /// Whose.
    pub organisation: Link,
    /// The unit or desk that donors turn to; empty if nothing was published.
    pub desk: String,
    /// Office telephones as they are dialled.
    pub telephones: Vec<String>,
    /// Mail address, may be empty.
    pub mail: String,
    /// Postal address, may be empty.
    pub address: String,
    /// Office hours, may be empty.
    pub hours: String,
    /// Beijing day on which the organisation said so; absent if it published nothing.
    pub said_on: Option<String>,
    /// The office that registered it, as the register names it; empty where it does not.
    pub register_office: String,
}

impl ContactView {
    /// True if the organisation published how it is reached.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.said_on.is_some()
    }

    /// Telephones, each with the address that dials it.
    #[must_use]
    pub fn dialled(&self) -> Vec<(&str, String)> {
        let with_address = |line: &String| domain::parties::telephone_address(line);
        let lines = self.telephones.iter();
        lines
            .map(|line| (line.as_str(), with_address(line)))
            .collect()
    }
}

/// 〔所涉页面〕 The page that somebody thinks is wrong, and who answers for it.
#[derive(Debug, Clone)]
pub struct ReportAbout {
    /// Its printed number.
    pub id: String,
    /// Its address in this house.
    pub path: String,
    /// The name of an organisation or a campaign as recorded; of others what they are, in Chinese.
    pub title: String,
    /// The leaf that states it.
    pub leaf_index: Option<i64>,
    /// How its organisation is reached.
    pub contact: ContactView,
}

/// 〔联系方式各版〕 What the staff sees of it: what stands now, and what stood before.
#[derive(Debug, Clone, Default)]
pub struct ContactDesk {
    /// What everybody reads now.
    pub now: ContactView,
    /// Its version, 0 before the first.
    pub version: i64,
    /// Versions, newest first: who wrote it, when (RFC 3339), and its lines.
    pub versions: Vec<ContactVersion>,
}

/// A version of how an organisation is reached.
#[derive(Debug, Clone)]
pub struct ContactVersion {
    /// Who wrote it.
    pub who: String,
    /// RFC 3339.
    pub at: String,
    /// Everything it says, in the order of the form, without what is empty.
    pub lines: Vec<String>,
}
