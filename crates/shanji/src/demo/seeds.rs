//! The seeds of the demo province, read from the files in `seeds/` that are built into the program.

use crate::outcome::Failure;
use serde::Deserialize;

const REGIONS: &str = include_str!("../../../../seeds/regions.csv");
const ORGANISATIONS: &str = include_str!("../../../../seeds/organisations.csv");
const CONTACTS: &str = include_str!("../../../../seeds/contacts.csv");
const REGISTERS: &str = include_str!("../../../../seeds/registers.csv");
const USERS: &str = include_str!("../../../../seeds/users.csv");
const DONORS: &str = include_str!("../../../../seeds/donors.toml");
const CAMPAIGNS: &str = include_str!("../../../../seeds/campaigns.toml");
const STORY: &str = include_str!("../../../../seeds/story.toml");
const WORDS: &str = include_str!("../../../../seeds/words.toml");

/// 〔演示种子〕 Everything that the province is played from.
#[derive(Debug)]
pub(super) struct Seeds {
    pub(super) regions: Vec<Region>,
    pub(super) organisations: Vec<Organisation>,
    pub(super) contacts: Vec<ContactRow>,
    pub(super) registers: Vec<RegisterRow>,
    pub(super) users: Vec<User>,
    pub(super) donors: Donors,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) story: Story,
    pub(super) words: Words,
}

/// What is said about campaigns.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) report: Vec<Report>,
    pub(super) question: Vec<Question>,
}

/// A report of a campaign; it tells of everything up to its day.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) day: String,
    pub(super) campaign: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) plan: String,
}

/// A question of the public, answered, declined or waiting.
#[derive(Debug, Deserialize)]
pub(super) struct Question {
    pub(super) day: String,
    pub(super) campaign: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) answered: String,
    #[serde(default)]
    pub(super) answer: String,
    #[serde(default)]
    pub(super) declined: String,
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Region {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Organisation {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) uscc: String,
    pub(super) region: String,
    pub(super) registered_on: String,
}

/// How an organisation is reached; telephones are parted by a wide semicolon, and no subscriber has them.
#[derive(Debug, Deserialize)]
pub(super) struct ContactRow {
    pub(super) organisation: String,
    pub(super) desk: String,
    pub(super) telephones: String,
    pub(super) mail: String,
    pub(super) address: String,
    pub(super) hours: String,
}

/// What the register of the authority says of an organisation.
#[derive(Debug, Deserialize)]
pub(super) struct RegisterRow {
    pub(super) organisation: String,
    pub(super) item: String,
    pub(super) standing: String,
    pub(super) words: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) office: String,
    pub(super) document: String,
    pub(super) law: String,
    pub(super) reason: String,
}

/// A demo sign-in; `organisation` is a key and may be empty.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) organisation: String,
    pub(super) region: String,
}

/// Words and sums from which gifts are put together.
#[derive(Debug, Deserialize)]
pub(super) struct Donors {
    pub(super) families: Vec<String>,
    pub(super) givens: Vec<String>,
    pub(super) companies: Vec<String>,
    pub(super) messages: Vec<String>,
    pub(super) amounts: Vec<AmountClass>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AmountClass {
    pub(super) weight: u64,
    pub(super) yuan: Vec<String>,
}

/// A campaign; days are texts such as `2026-03-10`.
#[derive(Debug, Deserialize)]
pub(super) struct Campaign {
    pub(super) key: String,
    pub(super) organisation: String,
    pub(super) title: String,
    pub(super) story: String,
    pub(super) promise: String,
    pub(super) filing: String,
    pub(super) region: String,
    pub(super) drafted: String,
    pub(super) starts: String,
    pub(super) ends: String,
    pub(super) target: String,
    pub(super) share: String,
    pub(super) gifts: u64,
    pub(super) opening: String,
    pub(super) opening_donor: String,
    pub(super) burst: u64,
    #[serde(default)]
    pub(super) ended_early: String,
    /// The day from which nothing is given because its organisation may not raise.
    #[serde(default)]
    pub(super) frozen: String,
    #[serde(default)]
    pub(super) draft: bool,
}

impl Campaign {
    /// True once its organisation may not raise any more.
    pub(super) fn is_frozen_on(&self, day: kernel::Day) -> bool {
        kernel::Day::parse(&self.frozen).is_ok_and(|from| from <= day)
    }
}

/// What happens to the money, day by day.
#[derive(Debug, Deserialize)]
pub(super) struct Story {
    pub(super) fund: Vec<FundStep>,
    pub(super) payment: Vec<Payment>,
    pub(super) counter: Vec<Counter>,
    pub(super) refund: Vec<Refund>,
    pub(super) held: Vec<Held>,
    pub(super) goods: Vec<Goods>,
    pub(super) peak: Vec<Peak>,
}

/// A fund opened under a restriction and filled from a campaign's fund.
#[derive(Debug, Deserialize)]
pub(super) struct FundStep {
    pub(super) day: String,
    pub(super) key: String,
    pub(super) organisation: String,
    pub(super) campaign: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) purpose: String,
    pub(super) from: String,
    pub(super) percent: i64,
    pub(super) reason: String,
}

/// An order to pay and what becomes of it. `fund` is empty (project), `administrative`, or a key of [`FundStep`].
#[derive(Debug, Deserialize)]
pub(super) struct Payment {
    pub(super) day: String,
    pub(super) campaign: String,
    #[serde(default)]
    pub(super) fund: String,
    pub(super) class: String,
    pub(super) payee_kind: String,
    pub(super) payee: String,
    #[serde(default)]
    pub(super) percent: i64,
    #[serde(default)]
    pub(super) yuan: String,
    pub(super) purpose: String,
    #[serde(default)]
    pub(super) partner: String,
    #[serde(default)]
    pub(super) evidence: Vec<String>,
    #[serde(default)]
    pub(super) until: String,
    #[serde(default)]
    pub(super) refused: String,
    pub(super) reversed: Option<Reversed>,
    pub(super) goods: Option<Bought>,
    #[serde(default)]
    pub(super) handout: Vec<GoodsOut>,
    #[serde(default)]
    pub(super) delivery: Vec<Delivery>,
    #[serde(default, rename = "return")]
    pub(super) returns: Vec<Return>,
}

/// What a purchase brings.
#[derive(Debug, Deserialize)]
pub(super) struct Bought {
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) unit: String,
    pub(super) units: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reversed {
    pub(super) day: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) day: String,
    pub(super) percent: i64,
    pub(super) payee: String,
    pub(super) scheme: String,
    pub(super) region: String,
    pub(super) persons: i64,
    pub(super) evidence: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Return {
    pub(super) day: String,
    pub(super) percent: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Counter {
    pub(super) day: String,
    pub(super) campaign: String,
    pub(super) channel: String,
    pub(super) yuan: String,
    pub(super) donor: String,
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) corrected: Option<Corrected>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Corrected {
    pub(super) day: String,
    pub(super) reason: String,
    pub(super) yuan: String,
}

/// Gives back (part of) the newest online gift of the campaign.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) day: String,
    pub(super) campaign: String,
    pub(super) yuan: String,
    pub(super) reason: String,
}

/// Money that is held; `reason` is the product's own code.
#[derive(Debug, Deserialize)]
pub(super) struct Held {
    pub(super) day: String,
    pub(super) reason: String,
    pub(super) campaign: String,
    pub(super) yuan: String,
    pub(super) reassign: Option<Reassign>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reassign {
    pub(super) day: String,
    pub(super) campaign: String,
    pub(super) consent: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Goods {
    pub(super) day: String,
    pub(super) organisation: String,
    pub(super) campaign: String,
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) unit: String,
    pub(super) units: i64,
    pub(super) donor: String,
    pub(super) out: Vec<GoodsOut>,
    pub(super) loss: Option<Loss>,
    pub(super) r#become: Option<Become>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Loss {
    pub(super) day: String,
    pub(super) units: i64,
    pub(super) reason: String,
}

/// Boxes that were opened: `units` of them became `into` pieces.
#[derive(Debug, Deserialize)]
pub(super) struct Become {
    pub(super) day: String,
    pub(super) units: i64,
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) unit: String,
    pub(super) into: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct GoodsOut {
    pub(super) day: String,
    pub(super) units: i64,
    pub(super) receiver: String,
}

/// Days on which more people give.
#[derive(Debug, Deserialize)]
pub(super) struct Peak {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) times: u64,
}

#[derive(Debug, Deserialize)]
struct CampaignFile {
    campaign: Vec<Campaign>,
}

impl Seeds {
    /// Reads the seeds that are built in.
    ///
    /// # Errors
    /// A seed file that cannot be understood: our mistake.
    pub(super) fn read() -> Result<Seeds, Failure> {
        Ok(Seeds {
            regions: table("regions.csv", REGIONS)?,
            organisations: table("organisations.csv", ORGANISATIONS)?,
            contacts: table("contacts.csv", CONTACTS)?,
            registers: table("registers.csv", REGISTERS)?,
            users: table("users.csv", USERS)?,
            donors: words("donors.toml", DONORS)?,
            campaigns: words::<CampaignFile>("campaigns.toml", CAMPAIGNS)?.campaign,
            story: words("story.toml", STORY)?,
            words: words("words.toml", WORDS)?,
        })
    }
}

fn table<T: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<Vec<T>, Failure> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| broken(name, &error))
}

fn words<T: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<T, Failure> {
    toml::from_str(text).map_err(|error| broken(name, &error))
}

fn broken(name: &str, error: &dyn std::error::Error) -> Failure {
    Failure::refused(
        "demo.seeds",
        format!("演示种子 {name} 读不懂，请把这行报告给开发者：{error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{RegionCode, Uscc};

    #[test]
    fn seeds_are_sound() {
        let seeds = Seeds::read().unwrap();
        for organisation in &seeds.organisations {
            let code = Uscc::parse(&organisation.uscc).unwrap();
            assert!(code.inner_check_ok(), "{code}");
            assert!(
                code.authority_region().starts_with("88"),
                "no real province: {code}"
            );
        }
        for region in &seeds.regions {
            assert!(
                RegionCode::parse(&region.code)
                    .unwrap()
                    .as_str()
                    .starts_with("88")
            );
        }
        for contact in &seeds.contacts {
            // No area code has two zeros, and example.org belongs to nobody.
            let telephones = contact.telephones.split('；').filter(|t| !t.is_empty());
            assert!(telephones.into_iter().all(|t| t.starts_with("0000-")));
            assert!(contact.mail.ends_with(".example.org"), "{}", contact.mail);
        }
        let known = |key: &str| seeds.campaigns.iter().any(|c| c.key == key);
        assert!(seeds.story.payment.iter().all(|p| known(&p.campaign)));
        assert!(seeds.story.held.iter().all(|h| known(&h.campaign)));
        let reasons: Vec<_> = seeds.story.held.iter().map(|h| h.reason.as_str()).collect();
        for reason in domain::fundraising::HeldReason::ALL {
            assert!(reasons.contains(&reason.code()), "{}", reason.code());
        }
        let roles: Vec<_> = seeds.users.iter().map(|u| u.role.as_str()).collect();
        for role in domain::identity::Role::ALL {
            assert!(roles.contains(&role.code()), "{}", role.code());
        }
    }
}
