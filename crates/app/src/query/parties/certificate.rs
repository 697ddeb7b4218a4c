//! Certificates of what the register of an organisation says today, signed for a code that is read without a network.

use crate::answer::Answer;
use crate::query::found;
use crate::view::CertificateView;
use crate::{App, AppError};
use domain::parties::register::{Entry, Item};
use kernel::Id;
use leaf::{Certificate, CertificateError, CertificateKind, ids};
use store::parties::OrganisationRecord;

impl App {
    /// What a certificate of this kind says today, and what its code holds.
    ///
    /// # Errors
    /// `NotFound`: there is no such organisation, or no such kind of certificate.
    pub fn certificate<'a>(
        &'a self,
        organisation: &'a str,
        kind: &'a str,
    ) -> Answer<'a, CertificateView> {
        Box::pin(async move {
            let kind = found(CertificateKind::parse(kind), "这种证书")?;
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            let now = self.now();
            let mut read = self.db().read_tx().await?;
            let row = store::parties::organisation_record(&mut read, id).await?;
            let row = found(row, "这个组织")?;
            let register = store::parties::register_of(&mut read, id).await?;
            let checkpoint = store::transparency::checkpoint_newest(&mut read).await?;
            let size = checkpoint.map_or(0, |newest| newest.size);
            let entry = register.certified(kind, now.day());
            let item = found(Item::parse(kind.item()), "这种证书")?;
            let payload = match entry {
                Some(entry) if entry.leaf_index < size => {
                    self.certify(kind, (&row, entry), size.unsigned_abs())?
                }
                _ => None,
            };
            Ok(CertificateView {
                kind: kind.code().into(),
                title: title(kind).into(),
                item_title: item.title().into(),
                organisation: self.organisation_line(&row),
                waits: entry.is_some_and(|entry| entry.leaf_index >= size),
                entry: entry.map(|entry| self.entry_line(&register, entry)),
                issued: now.day().to_string(),
                drawn_at: now.rfc3339(),
                origin: self.origin().into(),
                key: self.verifier_key(),
                payload,
            })
        })
    }

    /// The signed payload; nothing where the words are too long for a code that a telephone reads.
    fn certify(
        &self,
        kind: CertificateKind,
        (row, entry): (&OrganisationRecord, &Entry),
        size: u64,
    ) -> Result<Option<String>, AppError> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let certificate = Certificate {
            origin: self.origin().to_owned(),
            size,
            kind,
            organisation: self.print(row.id),
            name: row.name.clone(),
            uscc: row.uscc.clone(),
            number: some(&entry.new.document),
            from: entry.new.from,
            until: entry.new.last_day(),
            office: some(&entry.new.office),
            issued: self.now().day(),
            leaf: entry.leaf_index.unsigned_abs(),
        };
        let keys = self.inner().seals.keys();
        let note = keys.certify(&certificate, certificate.issued);
        let Some(note) = note.map_err(AppError::internal)? else {
            return Ok(None);
        };
        match certificate.payload(&note) {
            Ok(payload) => Ok(Some(payload)),
            Err(CertificateError::TooLarge) => Ok(None),
            Err(error) => Err(AppError::internal(error)),
        }
    }
}

/// What a certificate is called.
fn title(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Registration => "法人登记证明",
        CertificateKind::Charity => "慈善组织证明",
        CertificateKind::Fundraising => "公开募捐资格证明",
        CertificateKind::Deduction => "公益性捐赠税前扣除资格证明",
    }
}
