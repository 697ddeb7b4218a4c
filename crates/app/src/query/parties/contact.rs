//! How organisations are reached: what pages show, and what the staff sees of earlier versions.

use crate::answer::Answer;
use crate::query::{found, keys};
use crate::view::{ContactDesk, ContactVersion, ContactView, ReportAbout};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use domain::funds::Fund;
use domain::identity::{Action, Actor, Object, permit};
use domain::parties::register::{Item, Register};
use kernel::Id;
use leaf::{Leaf, ids};
use store::fundraising::{CampaignRecord, DonationRecord};
use store::parties::ContactRecord;

/// Versions that the staff sees beside the form.
const VERSIONS_SHOWN: i64 = 5;

/// What a printed number stands for.
struct Stated {
    owner: Id<ids::Organisation>,
    title: String,
    leaf: Option<i64>,
}

impl Stated {
    fn new(owner: Id<ids::Organisation>, title: &str, leaf: Option<i64>) -> Stated {
        let title = title.to_owned();
        Stated { owner, title, leaf }
    }
}

impl App {
    /// How an organisation is reached, and which office registered it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn contact<'a>(&'a self, organisation: &'a str) -> Answer<'a, ContactView> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            let mut read = self.db().read_tx().await?;
            let register = store::parties::register_of(&mut read, id).await?;
            self.contact_view(&mut read, id, &register).await
        })
    }

    /// The page of the printed number of an organisation, a campaign, a gift or a movement, and who answers for it;
    /// nothing for other numbers, and for those that nobody has.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn report_about<'a>(&'a self, printed: &'a str) -> Answer<'a, Option<ReportAbout>> {
        Box::pin(async move {
            let printed = printed.trim();
            let mut read = self.db().read_tx().await?;
            let found = self.stated_of(&mut read, printed).await?;
            let (Some(Stated { owner, title, leaf }), Some(path)) = (found, self.path_of(printed))
            else {
                return Ok(None);
            };
            let register = store::parties::register_of(&mut read, owner).await?;
            Ok(Some(ReportAbout {
                id: printed.to_owned(),
                path,
                title,
                leaf_index: leaf,
                contact: self.contact_view(&mut read, owner, &register).await?,
            }))
        })
    }

    /// How the organisation is reached that stated a leaf; nothing for leaves of the house itself.
    ///
    /// # Errors
    /// `NotFound` for a leaf that is not there.
    pub fn contact_of_leaf(&self, index: i64) -> Answer<'_, Option<ContactView>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let leaf = store::transparency::leaf_at(&mut read, index).await?;
            let leaf = Leaf::parse(&found(leaf, "这条日志")?.bytes).map_err(AppError::internal)?;
            let Some(printed) = leaf.organisation else {
                return Ok(None);
            };
            let id: Id<ids::Organisation> = self.read_id(&printed)?;
            let register = store::parties::register_of(&mut read, id).await?;
            self.contact_view(&mut read, id, &register).await.map(Some)
        })
    }

    /// Whose a printed number is, what it is, and which leaf states it. Drafts are nobody's yet.
    async fn stated_of(
        &self,
        session: &mut Session,
        printed: &str,
    ) -> Result<Option<Stated>, AppError> {
        let cipher = self.cipher();
        if let Ok(id) = cipher.read::<ids::Organisation>(printed) {
            let known = store::parties::organisation_record(session, id).await?;
            return Ok(known.map(|row| Stated::new(row.id, &row.name, row.leaf_index)));
        }
        if let Ok(id) = cipher.read::<ids::Campaign>(printed) {
            let known = store::fundraising::campaign_record(session, id).await?;
            let known = known.filter(|row| row.campaign.state != CampaignState::Draft);
            let stated = |row: CampaignRecord| {
                Stated::new(
                    row.campaign.organisation,
                    &row.campaign.title,
                    row.leaf_index,
                )
            };
            return Ok(known.map(stated));
        }
        if let Ok(id) = cipher.read::<ids::Donation>(printed) {
            let known = store::fundraising::donation_by_id(session, id).await?;
            let stated = |row: DonationRecord| {
                Stated::new(row.organisation, "捐赠凭据", Some(row.leaf_index))
            };
            return Ok(known.map(stated));
        }
        let Ok(id) = cipher.read::<ids::Movement>(printed) else {
            return Ok(None);
        };
        let Some(record) = store::funds::movement_by_id(session, id).await? else {
            return Ok(None);
        };
        let sides = [record.movement.out, record.movement.into];
        let funds = keys(sides.into_iter().flatten().map(|side| side.tape.0));
        let funds = store::funds::funds_by_ids(session, &funds).await?;
        let stated = |fund: &Fund| Stated::new(fund.organisation, "流转", Some(record.leaf_index));
        Ok(funds.first().map(stated))
    }

    /// The same inside of a page that is being read.
    pub(crate) async fn contact_view(
        &self,
        session: &mut Session,
        id: Id<ids::Organisation>,
        register: &Register,
    ) -> Result<ContactView, AppError> {
        let newest = store::parties::contacts_of(session, id, 1).await?;
        let today = self.now().day();
        let registered = [Item::Legal, Item::Charity, Item::Fundraising];
        let mut offices = registered
            .into_iter()
            .filter_map(|item| register.on(item, today))
            .map(|entry| entry.new.office.clone())
            .filter(|office| !office.is_empty());
        let empty = ContactView {
            organisation: self.organisation_link(session, id).await?,
            register_office: offices.next().unwrap_or_default(),
            ..ContactView::default()
        };
        Ok(match newest.into_iter().next() {
            None => empty,
            Some(record) => said(empty, record),
        })
    }

    /// What everybody reads, its version, and the versions before it, for those who may change it.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn contact_desk<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
    ) -> Answer<'a, ContactDesk> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            permit(actor, Action::DeskRead, &Object::of(id)).map_err(AppError::denied)?;
            let mut read = self.db().read_tx().await?;
            let register = store::parties::register_of(&mut read, id).await?;
            let rows = store::parties::contacts_of(&mut read, id, VERSIONS_SHOWN).await?;
            let users = keys(rows.iter().map(|row| row.user.raw()));
            let names = store::identity::user_names(&mut read, &users).await?;
            let version = |row: &ContactRecord| ContactVersion {
                who: names.get(&row.user.raw()).cloned().unwrap_or_default(),
                at: row.at.rfc3339(),
                lines: lines(row),
            };
            Ok(ContactDesk {
                now: self.contact_view(&mut read, id, &register).await?,
                version: rows.first().map_or(0, |row| row.version),
                versions: rows.iter().map(version).collect(),
            })
        })
    }
}

fn said(empty: ContactView, record: ContactRecord) -> ContactView {
    let contact = record.contact;
    ContactView {
        desk: contact.desk,
        telephones: contact.telephones,
        mail: contact.mail,
        address: contact.address,
        hours: contact.hours,
        said_on: Some(record.at.day().to_string()),
        ..empty
    }
}

fn lines(row: &ContactRecord) -> Vec<String> {
    let contact = &row.contact;
    let mut lines = vec![contact.desk.clone()];
    lines.extend(contact.telephones.iter().cloned());
    lines.extend([
        contact.mail.clone(),
        contact.address.clone(),
        contact.hours.clone(),
    ]);
    lines.retain(|line| !line.is_empty());
    lines
}
