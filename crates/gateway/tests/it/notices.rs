//! Notices that are believed, and every way in which one is not.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::SeededEntropy;
use gateway::payment::demo::fresh_rsa_key;
use gateway::payment::limits::BODY_BYTES;
use gateway::payment::{
    ChannelKeys, DemoGateway, Header, Merchant, NoticeHeaders, NoticeKind, NoticeRefused,
    PaymentNotice, SignedNotice, verify,
};
use kernel::{Amount, Fen, Secret, Timestamp};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_micros(1_795_320_000_000_000);
const SECOND: i64 = 1_000_000;

/// A house that knows two merchants, one with each algorithm.
struct House {
    ed25519: DemoGateway,
    rsa: DemoGateway,
    keys: ChannelKeys,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let merchant = |number: &str| Merchant {
        channel: "demo".into(),
        number: number.into(),
    };
    let private = fresh_rsa_key(&SeededEntropy::new(11)).unwrap();
    let house = House {
        ed25519: DemoGateway::ed25519(&Secret::new([7; 32]), &merchant("M1")).unwrap(),
        rsa: DemoGateway::rsa(&private, &merchant("M2")).unwrap(),
        keys: ChannelKeys::new(),
    };
    let mut keys = house.keys.clone();
    keys.add(house.ed25519.key().clone()).unwrap();
    keys.add(house.rsa.key().clone()).unwrap();
    House { keys, ..house }
});

fn notice(merchant: &str) -> PaymentNotice {
    PaymentNotice {
        channel: "demo".into(),
        merchant: merchant.into(),
        external_id: "4200002026".into(),
        order: "int_01HZX5".into(),
        concerns: None,
        kind: NoticeKind::Payment,
        amount: Amount::new(5_000).unwrap(),
        fee: Fen::new(30),
        paid_at: NOW,
    }
}

fn signed(gateway: &DemoGateway) -> SignedNotice {
    let notice = notice(&gateway.key().merchant);
    gateway.sign(&notice, NOW, &SeededEntropy::new(1)).unwrap()
}

fn ask(post: &SignedNotice, now: Timestamp) -> Result<PaymentNotice, NoticeRefused> {
    verify(&HOUSE.keys, &post.as_headers(), &post.body, now)
}

fn both() -> [&'static DemoGateway; 2] {
    [&HOUSE.ed25519, &HOUSE.rsa]
}

#[test]
fn a_genuine_notice_is_believed_and_a_replay_too() {
    for gateway in both() {
        let post = signed(gateway);
        let expected = notice(&gateway.key().merchant);
        assert_eq!(ask(&post, NOW), Ok(expected.clone()));
        assert_eq!(ask(&post, NOW), Ok(expected));
    }
}

#[test]
fn headers_are_found_by_their_names() {
    let post = signed(&HOUSE.ed25519);
    let list = post.headers();
    let headers = NoticeHeaders::gather(|name| {
        list.iter()
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.as_bytes())
    });
    assert!(verify(&HOUSE.keys, &headers, &post.body, NOW).is_ok());
}

#[test]
fn the_signature_of_a_seed_is_pinned() {
    // A change here is a change of the format that channels have built against.
    let post = signed(&HOUSE.ed25519);
    assert_eq!(post.timestamp, "1795320000");
    let text = format!("{}\n{}\n", post.timestamp, post.nonce);
    let text = [text.as_bytes(), &post.body, b"\n"].concat();
    let key = ring::signature::UnparsedPublicKey::new(
        &ring::signature::ED25519,
        spki_tail(&HOUSE.ed25519.key().key.pem()),
    );
    let signature = STANDARD.decode(&post.signature).unwrap();
    assert!(
        key.verify(&text, &signature).is_ok(),
        "another library agrees"
    );
}

/// The last 32 bytes of an Ed25519 public key in PEM are the key.
fn spki_tail(pem: &str) -> Vec<u8> {
    let inner: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(inner).unwrap().split_off(12)
}

fn check_age(seconds: i64, expected: Option<NoticeRefused>) {
    let now = Timestamp::from_micros(NOW.micros() + seconds * SECOND);
    assert_eq!(
        ask(&signed(&HOUSE.ed25519), now).err(),
        expected,
        "{seconds} s"
    );
}

#[test]
fn a_notice_lives_five_minutes_each_way() {
    check_age(300, None);
    check_age(301, Some(NoticeRefused::TooOld));
    check_age(-300, None);
    check_age(-301, Some(NoticeRefused::TooNew));
    check_age(-1_795_320_000, Some(NoticeRefused::TooNew));
}

type Spoil = fn(&mut SignedNotice);

fn check(expected: NoticeRefused, spoil: Spoil) {
    for gateway in both() {
        let mut post = signed(gateway);
        spoil(&mut post);
        assert_eq!(ask(&post, NOW), Err(expected));
    }
}

#[test]
fn every_header_has_its_form() {
    use Header::{KeyId, Nonce, Signature, Timestamp};
    let rows: [(Header, Spoil); 14] = [
        (KeyId, |p| p.key_id.clear()),
        (KeyId, |p| p.key_id.push(' ')),
        (KeyId, |p| p.key_id = "k".repeat(65)),
        (Timestamp, |p| p.timestamp.clear()),
        (Timestamp, |p| p.timestamp.insert(0, '+')),
        (Timestamp, |p| p.timestamp.insert(0, '0')),
        (Timestamp, |p| p.timestamp = "9".repeat(13)),
        (Nonce, |p| p.nonce.truncate(7)),
        (Nonce, |p| p.nonce.push('\n')),
        (Nonce, |p| p.nonce = "n".repeat(65)),
        (Signature, |p| p.signature.push('=')),
        (Signature, |p| p.signature.insert(3, '\n')),
        (Signature, |p| p.signature = "A".repeat(688)),
        (Signature, |p| p.signature = "签名".into()),
    ];
    for (header, spoil) in rows {
        check(NoticeRefused::MalformedHeader(header), spoil);
    }
    let none = verify(&HOUSE.keys, &NoticeHeaders::default(), b"{}", NOW);
    assert_eq!(none, Err(NoticeRefused::MalformedHeader(KeyId)));
}

#[test]
fn forgeries_are_refused() {
    check(NoticeRefused::UnknownKey, |p| p.key_id.push('x'));
    check(NoticeRefused::SignatureWrong, |p| p.signature.clear());
    check(NoticeRefused::SignatureWrong, |p| {
        p.signature = STANDARD.encode([0; 64])
    });
    check(NoticeRefused::SignatureWrong, |p| {
        p.signature = STANDARD.encode([0; 512])
    });
    check(NoticeRefused::SignatureWrong, |p| p.body.push(b' '));
    check(NoticeRefused::SignatureWrong, |p| {
        p.timestamp = "1795320001".into()
    });
    check(NoticeRefused::SignatureWrong, |p| {
        p.nonce = "another-nonce".into()
    });
    check(NoticeRefused::BodyTooLarge, |p| {
        p.body.resize(BODY_BYTES + 1, b' ')
    });
    // The other merchant's key id with this one's signature.
    let mut post = signed(&HOUSE.ed25519);
    post.key_id.clone_from(&HOUSE.rsa.key().id);
    assert_eq!(ask(&post, NOW), Err(NoticeRefused::SignatureWrong));
}

fn check_genuine(body: Vec<u8>, expected: NoticeRefused) {
    for gateway in both() {
        let post = gateway
            .sign_bytes(body.clone(), NOW, &SeededEntropy::new(2))
            .unwrap();
        assert_eq!(ask(&post, NOW), Err(expected));
        assert!(expected.is_authentic());
    }
}

#[test]
fn genuine_nonsense_is_refused_as_genuine() {
    for body in ["", "{}", "[]", "null", "{\"amount_fen\":5000", "\u{feff}{}"] {
        check_genuine(body.into(), NoticeRefused::MalformedBody);
    }
    check_genuine(vec![0xff, 0xfe], NoticeRefused::MalformedBody);
    check_genuine("[".repeat(BODY_BYTES).into(), NoticeRefused::MalformedBody);
    check_genuine(notice("M3").body().unwrap(), NoticeRefused::WrongMerchant);
    let elsewhere = PaymentNotice {
        channel: "wechat".into(),
        ..notice("M3")
    };
    check_genuine(elsewhere.body().unwrap(), NoticeRefused::WrongChannel);
}

#[test]
fn a_merchants_key_cannot_speak_for_another() {
    let post = HOUSE
        .ed25519
        .sign(&notice("M2"), NOW, &SeededEntropy::new(3))
        .unwrap();
    assert_eq!(ask(&post, NOW), Err(NoticeRefused::WrongMerchant));
}

#[test]
fn codes_differ_and_sentences_are_chinese() {
    let mut all = vec![
        NoticeRefused::BodyTooLarge,
        NoticeRefused::UnknownKey,
        NoticeRefused::SignatureWrong,
        NoticeRefused::TooOld,
        NoticeRefused::TooNew,
        NoticeRefused::MalformedBody,
        NoticeRefused::WrongChannel,
        NoticeRefused::WrongMerchant,
    ];
    all.extend(Header::ALL.map(NoticeRefused::MalformedHeader));
    let mut codes: Vec<_> = all.iter().map(|refusal| refusal.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|refusal| refusal.to_string().contains('，')));
}

/// The five parts of a post, to be changed byte by byte.
fn parts(post: &SignedNotice) -> [Vec<u8>; 5] {
    [&post.key_id, &post.timestamp, &post.nonce, &post.signature]
        .map(|text| text.clone().into_bytes())
        .into_iter()
        .chain([post.body.clone()])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

fn ask_parts(parts: &[Vec<u8>; 5]) -> Result<PaymentNotice, NoticeRefused> {
    let [key_id, timestamp, nonce, signature, body] = parts;
    let headers = NoticeHeaders {
        key_id: Some(key_id),
        timestamp: Some(timestamp),
        nonce: Some(nonce),
        signature: Some(signature),
    };
    verify(&HOUSE.keys, &headers, body, NOW)
}

#[test]
fn every_single_byte_counts() {
    let whole = parts(&signed(&HOUSE.ed25519));
    for part in 0..whole.len() {
        for place in 0..whole[part].len() {
            for bit in [1, 0x20, 0x80] {
                let mut spoilt = whole.clone();
                spoilt[part][place] ^= bit;
                assert!(
                    ask_parts(&spoilt).is_err(),
                    "part {part}, byte {place}, bit {bit}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn any_change_of_one_byte_is_refused(
        rsa in any::<bool>(), part in 0..5_usize, place in any::<prop::sample::Index>(),
        change in 1..=u8::MAX, shape in 0..3_u8,
    ) {
        let mut spoilt = parts(&signed(both()[usize::from(rsa)]));
        let place = place.index(spoilt[part].len());
        match shape {
            0 => spoilt[part][place] ^= change,
            1 => spoilt[part].insert(place, change),
            _ => { spoilt[part].remove(place); }
        }
        // A repeated digit that is inserted beside itself is a change of length all the same.
        prop_assert!(ask_parts(&spoilt).is_err());
    }

    #[test]
    fn strangers_bytes_never_panic(
        raw in prop::array::uniform5(prop::option::of(prop::collection::vec(any::<u8>(), 0..700))),
        body in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let headers = NoticeHeaders {
            key_id: raw[0].as_deref(), timestamp: raw[1].as_deref(),
            nonce: raw[2].as_deref(), signature: raw[3].as_deref(),
        };
        prop_assert!(verify(&HOUSE.keys, &headers, &body, NOW).is_err());
    }

    #[test]
    fn genuine_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..400), text in "[\\[\\]{}\":,0-9a-z_\\\\ ]{0,200}") {
        for body in [body, text.into_bytes()] {
            let post = HOUSE.ed25519.sign_bytes(body, NOW, &SeededEntropy::new(5)).unwrap();
            prop_assert_eq!(ask(&post, NOW), Err(NoticeRefused::MalformedBody));
        }
    }

    #[test]
    fn what_is_signed_is_what_is_believed(
        fen in 1..=1_000_000_000_000_000_i64, fee in 0..=10_000_u16,
        external in "[!-~]{1,64}", order in "[!-~]{0,64}", concerns in "[!-~]{1,64}",
        kind in 0..3_usize, paid in 0..=9_007_199_254_740_991_i64,
    ) {
        let kind = [NoticeKind::Payment, NoticeKind::Refund, NoticeKind::Chargeback][kind];
        let said = PaymentNotice {
            external_id: external, order, kind,
            concerns: (kind != NoticeKind::Payment).then_some(concerns),
            amount: Amount::new(fen).unwrap(),
            fee: Fen::new(fen / 10_000 * i64::from(fee)),
            paid_at: Timestamp::from_micros(paid),
            ..notice("M1")
        };
        let post = HOUSE.ed25519.sign(&said, NOW, &SeededEntropy::new(6)).unwrap();
        prop_assert_eq!(ask(&post, NOW), Ok(said));
    }
}
