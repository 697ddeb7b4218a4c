//! Certificates that a QR code carries: what the register of an organisation said on a day, signed by the log's key, short
//! enough for a code on paper and complete enough to be checked with the network off (record 0040).
//!
//! `SJ1.` text `.` signature, both base64url without padding. The text is a note (c2sp.org/signed-note) of thirteen lines,
//! each with its line feed; the signature is the key's id and the Ed25519 signature over exactly these bytes. Its first
//! line tells it from a checkpoint, so that no certificate can be shown as one, nor one as a certificate.

use crate::digest::{bytes_parse, bytes_text};
use crate::ids::is_printed_as;
use kernel::{Day, Uscc};
use std::fmt;
use tlog::{NoteSignature, SignedNote, VerifierKey};

/// The first line of every certificate of this form.
pub const CERTIFICATE_HEADER: &str = "shanji-certificate/1";
/// How a payload begins.
pub const CERTIFICATE_BEGINS: &str = "SJ1.";
/// Most bytes of the text: with address and signature the code stays readable from a telephone's photograph.
pub const CERTIFICATE_TEXT_BYTES: usize = 640;
/// Bytes of a key's id and a signature.
const SIGNATURE_BYTES: usize = 4 + 64;
/// Most characters of a payload.
const PAYLOAD_CHARS: usize =
    CERTIFICATE_BEGINS.len() + CERTIFICATE_TEXT_BYTES.div_ceil(3) * 4 + 1 + 91;
/// Stands where there is nothing to say.
const NOTHING: &str = "-";

/// 〔证书种类〕 What a certificate certifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CertificateKind {
    /// 〔法人登记〕 That it is registered.
    Registration,
    /// 〔慈善组织〕 That it is a charity.
    Charity,
    /// 〔公开募捐资格〕 That it may raise from the public.
    Fundraising,
    /// 〔税前扣除资格〕 That gifts to it are deducted from taxable income.
    Deduction,
}

impl CertificateKind {
    /// All kinds, in the order of pages.
    pub const ALL: [CertificateKind; 4] = [
        CertificateKind::Registration,
        CertificateKind::Charity,
        CertificateKind::Fundraising,
        CertificateKind::Deduction,
    ];

    /// The code in payloads and addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            CertificateKind::Registration => "registration",
            CertificateKind::Charity => "charity",
            CertificateKind::Fundraising => "fundraising",
            CertificateKind::Deduction => "deduction",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<CertificateKind> {
        CertificateKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// The item of registers that it is about.
    #[must_use]
    pub fn item(self) -> &'static str {
        match self {
            CertificateKind::Registration => "legal",
            CertificateKind::Charity => "charity",
            CertificateKind::Fundraising => "fundraising",
            CertificateKind::Deduction => "deduction",
        }
    }
}

/// 〔证书内容〕 What a certificate says: what an entry of a register said on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Name of the log whose key signed.
    pub origin: String,
    /// Leaves of the log when it was signed: tells which keys may have signed.
    pub size: u64,
    /// What it certifies.
    pub kind: CertificateKind,
    /// Printed id of the organisation.
    pub organisation: String,
    /// Its name on the day of issue.
    pub name: String,
    /// Its unified code, where it has one.
    pub uscc: Option<String>,
    /// 〔文号〕 Number of the decision.
    pub number: Option<String>,
    /// The first day.
    pub from: Day,
    /// The last day, where there is one.
    pub until: Option<Day>,
    /// Who decided.
    pub office: Option<String>,
    /// The day of issue: what it says was so on this day.
    pub issued: Day,
    /// Index of the leaf of the entry.
    pub leaf: u64,
}

/// Why a payload is no certificate; each code is the browser's too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is longer than a certificate can be.
    #[error("the certificate is too long")]
    TooLarge,
    /// It has not the form, or could be written in another way.
    #[error("this is no certificate")]
    Malformed,
    /// It names a key that is not among those that are believed.
    #[error("another key is said to have signed the certificate")]
    UnknownKey,
    /// The key did not sign this.
    #[error("the signature of the certificate is not right")]
    Signature,
}

impl CertificateError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            CertificateError::TooLarge => "certificate.too_large",
            CertificateError::Malformed => "certificate.malformed",
            CertificateError::UnknownKey => "certificate.unknown_key",
            CertificateError::Signature => "certificate.signature",
        }
    }
}

/// Shows the text, which is what is signed.
impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &Option<String>| text.clone().unwrap_or_else(|| NOTHING.to_owned());
        writeln!(f, "{CERTIFICATE_HEADER}\n{}\n{}", self.origin, self.size)?;
        writeln!(f, "{}\n{}", self.kind.code(), self.organisation)?;
        writeln!(f, "{}\n{}\n{}", self.name, or(&self.uscc), or(&self.number))?;
        let until = self.until.map(|day| day.to_string());
        writeln!(f, "{}\n{}\n{}", self.from, or(&until), or(&self.office))?;
        writeln!(f, "{}\n{}", self.issued, self.leaf)
    }
}

impl Certificate {
    /// Reads the text.
    ///
    /// # Errors
    /// `Malformed` for everything that [`Certificate`] would not write.
    pub fn parse(text: &str) -> Result<Certificate, CertificateError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [
            CERTIFICATE_HEADER,
            origin,
            size,
            kind,
            organisation,
            name,
            uscc,
            number,
            from,
            until,
            office,
            issued,
            leaf,
            "",
        ] = lines[..]
        else {
            return Err(CertificateError::Malformed);
        };
        let day = |text: &str| Day::parse(text).map_err(|_| CertificateError::Malformed);
        let some = |text: &str| (text != NOTHING).then(|| text.to_owned());
        let kind = CertificateKind::parse(kind).ok_or(CertificateError::Malformed)?;
        let number_of = |text: &str| text.parse().map_err(|_| CertificateError::Malformed);
        let read = Certificate {
            origin: origin.to_owned(),
            size: number_of(size)?,
            kind,
            organisation: organisation.to_owned(),
            name: name.to_owned(),
            uscc: some(uscc),
            number: some(number),
            from: day(from)?,
            until: some(until).as_deref().map(day).transpose()?,
            office: some(office),
            issued: day(issued)?,
            leaf: number_of(leaf)?,
        };
        match read.is_well_formed() && read.to_string() == text {
            true => Ok(read),
            false => Err(CertificateError::Malformed),
        }
    }

    /// True if every line is one, and days and numbers follow one another.
    fn is_well_formed(&self) -> bool {
        let is_line = |line: &str| {
            let is_plain = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
            !line.is_empty() && line.trim() == line && line.chars().all(is_plain)
        };
        let lines = [&self.name, &self.origin].into_iter();
        let lines = lines.chain(&self.number).chain(&self.office);
        lines.map(String::as_str).all(is_line)
            && !self.origin.contains(char::is_whitespace)
            && is_printed_as(&self.organisation, "org")
            && self.uscc.iter().all(|code| Uscc::parse(code).is_ok())
            && self.until.is_none_or(|until| self.from <= until)
            && self.from <= self.issued
            && self.leaf < self.size
            && self.size <= i64::MAX.unsigned_abs()
    }

    /// The payload of a signed text.
    ///
    /// # Errors
    /// `Malformed` if the note is none of this certificate, `TooLarge` if it is too long for a code.
    pub fn payload(&self, note: &SignedNote) -> Result<String, CertificateError> {
        let text = self.to_string();
        if text.len() > CERTIFICATE_TEXT_BYTES {
            return Err(CertificateError::TooLarge);
        }
        let mut own = note.signatures().iter();
        let own = own.find(|line| line.name() == self.origin && line.signature().len() == 64);
        let own = own.filter(|_| note.text() == text && self.is_well_formed());
        let own = own.ok_or(CertificateError::Malformed)?;
        let signature = [&own.key_id()[..], own.signature()].concat();
        let (text, signature) = (bytes_text(text.as_bytes()), bytes_text(&signature));
        Ok(format!("{CERTIFICATE_BEGINS}{text}.{signature}"))
    }
}

/// 〔待核证书〕 A payload that was read; nobody has said yet that its signature is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCertificate {
    certificate: Certificate,
    signature: NoteSignature,
}

impl SignedCertificate {
    /// Reads a payload.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`.
    pub fn parse(payload: &str) -> Result<SignedCertificate, CertificateError> {
        if payload.len() > PAYLOAD_CHARS {
            return Err(CertificateError::TooLarge);
        }
        let parts = payload.strip_prefix(CERTIFICATE_BEGINS);
        let parts = parts.and_then(|rest| rest.split_once('.'));
        let (text, signature) = parts.ok_or(CertificateError::Malformed)?;
        let text = bytes_parse(text).ok_or(CertificateError::Malformed)?;
        let text = String::from_utf8(text).map_err(|_| CertificateError::Malformed)?;
        let signature = bytes_parse(signature).filter(|bytes| bytes.len() == SIGNATURE_BYTES);
        let signature = signature.ok_or(CertificateError::Malformed)?;
        let certificate = Certificate::parse(&text)?;
        let parts = signature.split_first_chunk::<4>();
        let (id, signature) = parts.ok_or(CertificateError::Malformed)?;
        let signature = NoteSignature::new(&certificate.origin, *id, signature);
        Ok(SignedCertificate {
            certificate,
            signature: signature.map_err(|_| CertificateError::Malformed)?,
        })
    }

    /// What it says, once one of the keys has signed it.
    ///
    /// # Errors
    /// `UnknownKey`, `Signature`.
    pub fn verify(&self, known: &[VerifierKey]) -> Result<&Certificate, CertificateError> {
        let text = self.certificate.to_string();
        let keys: Vec<_> = known
            .iter()
            .filter(|key| key.matches(&self.signature))
            .collect();
        let mut signed = keys
            .iter()
            .map(|key| key.verify(&text, self.signature.signature()));
        match signed.any(|is_right| is_right) {
            true => Ok(&self.certificate),
            false if keys.is_empty() => Err(CertificateError::UnknownKey),
            false => Err(CertificateError::Signature),
        }
    }

    /// The name of the log that is said to have signed, not to be believed before [`SignedCertificate::verify`].
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.certificate.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::Signer;

    fn certificate() -> Certificate {
        Certificate {
            origin: "shanji.example/log".into(),
            size: 4_711,
            kind: CertificateKind::Fundraising,
            organisation: crate::samples::ORG.into(),
            name: "云山乡村教育基金会".into(),
            uscc: None,
            number: Some("云民慈募〔2026〕5号".into()),
            from: Day::parse("2026-06-01").unwrap(),
            until: Some(Day::parse("2029-05-31").unwrap()),
            office: Some("云山省民政厅".into()),
            issued: Day::parse("2026-06-02").unwrap(),
            leaf: 42,
        }
    }

    fn signer() -> Signer {
        Signer::from_seed("shanji.example/log", &[7; 32]).unwrap()
    }

    fn payload(certificate: &Certificate) -> Result<String, CertificateError> {
        let note = SignedNote::sign(&certificate.to_string(), &[&signer()]).unwrap();
        certificate.payload(&note)
    }

    #[test]
    fn what_was_signed_is_read_and_believed() {
        let keys = [signer().verifier().clone()];
        for kind in CertificateKind::ALL {
            let said = Certificate {
                kind,
                ..certificate()
            };
            let payload = payload(&said).unwrap();
            let read = SignedCertificate::parse(&payload).unwrap();
            assert_eq!(read.verify(&keys), Ok(&said));
            assert_eq!(CertificateKind::parse(kind.code()), Some(kind));
            assert!(payload.len() < 520, "{}", payload.len());
        }
    }

    #[test]
    fn no_other_letter_and_no_other_key_is_believed() {
        let keys = [signer().verifier().clone()];
        let good = payload(&certificate()).unwrap();
        for (at, _) in good.char_indices() {
            for other in ['A', 'z', '0', '-', '.'] {
                let mut letters: Vec<char> = good.chars().collect();
                if std::mem::replace(&mut letters[at], other) == other {
                    continue;
                }
                let changed: String = letters.into_iter().collect();
                let read = SignedCertificate::parse(&changed);
                assert!(
                    read.is_err() || read.unwrap().verify(&keys).is_err(),
                    "{at}"
                );
            }
        }
        let stranger = Signer::from_seed("shanji.example/log", &[8; 32]).unwrap();
        let read = SignedCertificate::parse(&good).unwrap();
        let refused = read.verify(&[stranger.verifier().clone()]);
        assert_eq!(refused, Err(CertificateError::UnknownKey));
        assert_eq!(read.origin(), "shanji.example/log");
    }

    #[test]
    fn other_forms_are_refused() {
        let refused = |change: &dyn Fn(&mut Certificate)| {
            let mut said = certificate();
            change(&mut said);
            assert!(Certificate::parse(&said.to_string()).is_err(), "{said}");
        };
        refused(&|c| c.name = String::new());
        refused(&|c| c.name = " 云山".into());
        refused(&|c| c.name = "云山\n基金会".into());
        refused(&|c| c.organisation = "don_00000000000000".into());
        refused(&|c| c.uscc = Some("91110000".into()));
        refused(&|c| c.until = Day::parse("2026-05-31").ok());
        refused(&|c| c.issued = Day::parse("2026-05-31").unwrap());
        refused(&|c| c.leaf = c.size);
        refused(&|c| c.office = Some(NOTHING.to_owned() + "\u{2028}"));
        let text = certificate().to_string();
        for (from, to) in [
            ("4711", "04711"),
            ("shanji-certificate/1", "shanji-certificate/2"),
            ("fundraising", "raising"),
            ("2026-06-01", "2026-6-1"),
        ] {
            let changed = text.replacen(from, to, 1);
            let refused = Certificate::parse(&changed).err();
            assert_eq!(refused, Some(CertificateError::Malformed), "{to}");
        }
        let long = Certificate {
            name: "云".repeat(300),
            ..certificate()
        };
        assert_eq!(payload(&long), Err(CertificateError::TooLarge));
        let long = "SJ1.".to_owned() + &"A".repeat(2_000);
        let refused = SignedCertificate::parse(&long).err();
        assert_eq!(refused, Some(CertificateError::TooLarge));
    }

    #[test]
    fn a_certificate_is_no_checkpoint_and_no_checkpoint_is_one() {
        let text = certificate().to_string();
        assert!(text.parse::<tlog::Checkpoint>().is_err());
        let checkpoint = "shanji.example/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        assert!(Certificate::parse(checkpoint).is_err());
    }
}
