//! Certificates on the command line (record 0040): the words behind a QR code, as a file or as they were read.

use super::{Doubt, Judged};
use leaf::{Certificate, CertificateError, CertificateKind, SignedCertificate, TrustedKeys};
use serde_json::json;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// How a payload begins.
const BEGINS: &str = "SJ1.";
/// Most bytes of an address with a payload; longer texts are something else.
const TEXT_BYTES_MAX: usize = 4_096;

/// The payload in a text: the text itself, or what stands behind `#` of an address.
fn payload(text: &str) -> Option<&str> {
    let text = text.trim();
    let behind = text.split_once('#').map_or(text, |(_, behind)| behind);
    let is_one = behind.starts_with(BEGINS) && !behind.contains(char::is_whitespace);
    is_one.then_some(behind)
}

/// What was written in place of a file's name, if it is a certificate: whoever scans a code has words and no file.
pub(super) fn written(name: &Path) -> Option<Cow<'_, [u8]>> {
    let text = name.to_str()?;
    payload(text).map(|_| Cow::Borrowed(text.as_bytes()))
}

/// A certificate's payload, if a file holds nothing else.
pub(super) fn in_file(bytes: &[u8]) -> Option<&str> {
    let bytes = Some(bytes).filter(|bytes| bytes.len() <= TEXT_BYTES_MAX)?;
    payload(std::str::from_utf8(bytes).ok()?)
}

/// Reads a payload as far as the name of its log.
pub(super) fn read(payload: &str) -> Result<SignedCertificate, Doubt> {
    SignedCertificate::parse(payload).map_err(doubt)
}

fn doubt(error: CertificateError) -> Doubt {
    let sentence = match error {
        CertificateError::TooLarge => "内容太长，不是证书二维码里的内容，请重新扫码",
        CertificateError::Malformed => "不是证书二维码里的内容，或者缺了一段，请重新扫码后完整粘贴",
        CertificateError::UnknownKey => {
            "证书由一把没有给出的公钥签名：从网站的 /log/vkeys 取得公钥历史，用 --history 给出"
        }
        CertificateError::Signature => "签名核对不上，内容被改过，或者不是这个日志签发的",
    };
    match error {
        CertificateError::UnknownKey => Doubt::open(error.code(), sentence),
        _ => Doubt::new(error.code(), sentence),
    }
}

/// Whether one of the believed keys has signed it that might sign when the log was so long.
pub(super) fn check(read: &SignedCertificate, trusted: &TrustedKeys) -> Result<Judged, Doubt> {
    let all: Vec<_> = trusted
        .keys()
        .iter()
        .map(|known| known.key.clone())
        .collect();
    let said = read.verify(&all).map_err(doubt)?;
    if read.verify(&trusted.for_size(said.size)).is_err() {
        let sentence = "签名的公钥在签发的时候已经停用或者还没有启用，请向出具证书的组织要新的证书";
        return Err(Doubt::new("key.ended", sentence));
    }
    Ok(Judged::Certificate(Box::new(said.clone())))
}

const fn title(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Registration => "法人登记",
        CertificateKind::Charity => "慈善组织",
        CertificateKind::Fundraising => "公开募捐资格",
        CertificateKind::Deduction => "公益性捐赠税前扣除资格",
    }
}

/// What it says, and what it cannot say.
pub(super) fn words(said: &Certificate) -> String {
    let mut out = String::new();
    let until = said.until.map_or("，没有写到哪天为止".into(), |day| {
        format!("到 {day}")
    });
    let rows = [
        ("证明的事项", Some(title(said.kind).into())),
        ("组织", Some(said.name.clone())),
        ("统一社会信用代码", said.uscc.clone()),
        ("组织编号", Some(said.organisation.clone())),
        ("文号", said.number.clone()),
        ("决定机关", said.office.clone()),
        ("有效期", Some(format!("自 {}{until}", said.from))),
        ("签发日", Some(said.issued.to_string())),
    ];
    let _ = writeln!(out, "✓ 证书的签名正确，由公开日志 {} 签发：", said.origin);
    for (label, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(out, "    {label}  {value}");
        }
    }
    let _ = writeln!(
        out,
        "  已证明：签发那一天，登记簿（日志第{}条，从0数起）是这样记载的，此后一字未改。\n  \
         未证明：现在是否仍然有效；中止、吊销、变更要联网看：打开签发网站的核验页，或者这家组织的页面。证书上没有见证人签名。",
        said.leaf
    );
    out
}

pub(super) fn as_json(file: &str, said: &Certificate) -> serde_json::Value {
    json!({
        "file": file, "ok": true, "certificate": said.kind.code(), "origin": said.origin, "size": said.size,
        "organisation": said.organisation, "name": said.name, "uscc": said.uscc, "number": said.number,
        "from": said.from.to_string(), "until": said.until.map(|day| day.to_string()), "office": said.office,
        "issued": said.issued.to_string(), "leaf": said.leaf,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{judge, words};
    use super::*;
    use crate::cli::Verify;
    use crate::sample;
    use kernel::Day;
    use tlog::SignedNote;

    fn of_sample(seed: u8) -> String {
        let certificate = Certificate {
            origin: sample::ORIGIN.into(),
            size: 270,
            kind: CertificateKind::Fundraising,
            organisation: "org_AAAAAAAAAAAAAA".into(),
            name: "云山乡村教育基金会".into(),
            uscc: None,
            number: Some("云民慈募〔2026〕5号".into()),
            from: Day::parse("2026-06-01").unwrap(),
            until: None,
            office: Some("云山省民政厅".into()),
            issued: Day::parse("2026-06-02").unwrap(),
            leaf: 42,
        };
        let signer = sample::signer(sample::ORIGIN, seed);
        let note = SignedNote::sign(&certificate.to_string(), &[&signer]).unwrap();
        certificate.payload(&note).unwrap()
    }

    fn judged(text: &str) -> Result<Judged, Doubt> {
        let args = Verify {
            files: Vec::new(),
            keys: crate::cli::Keys {
                vkeys: vec![sample::key().to_string()],
                remember: false,
            },
            history: None,
            policy: None,
            sm2_vkey: None,
            json: false,
        };
        // With another log's name no key is known, which ends the command before it judges.
        let no_key = |failure: crate::outcome::Failure| Err(Doubt::open("vkey.missing", failure));
        judge(text.as_bytes(), &args, (None, None, None)).unwrap_or_else(no_key)
    }

    #[test]
    fn a_code_is_judged_as_words_as_an_address_and_as_a_file() {
        let payload = of_sample(1);
        let address = format!("https://gongyi.example.cn/verify#{payload}");
        for text in [payload.clone(), address.clone(), format!("{address}\n")] {
            let said = words::of(Path::new("code.txt"), &judged(&text));
            for part in [
                "签名正确",
                "公开募捐资格",
                "云山乡村教育基金会",
                "自 2026-06-01",
                "未证明：现在",
            ] {
                assert!(said.contains(part), "{part}: {said}");
            }
            assert!(written(Path::new(text.trim())).is_some(), "{text}");
        }
        for name in ["receipt.tlog-proof", "./SJ1.txt and more", "a#b"] {
            assert!(written(Path::new(name)).is_none(), "{name}");
        }
    }

    #[test]
    fn a_code_of_another_key_is_open_and_a_changed_one_is_refused() {
        let other = judged(&of_sample(2)).unwrap_err();
        assert!(
            other.is_open && other.code == "certificate.unknown_key",
            "{other:?}"
        );
        let payload = of_sample(1);
        for at in BEGINS.len()..payload.len() {
            let mut changed = payload.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(judged(&changed).is_err(), "letter {at} was believed");
        }
    }
}
