//! Signatures alone and in company, against the library's strict check.

use super::*;
use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use proptest::prelude::*;

fn pair(seed: u8) -> (SigningKey, Key) {
    let signing = SigningKey::from_bytes(&[seed; 32]);
    let key = Key::new(&signing.verifying_key().to_bytes()).unwrap();
    (signing, key)
}

fn claim(seed: u8, message: &[u8]) -> Claim {
    let (signing, key) = pair(seed);
    key.claim(message, &signing.sign(message).to_bytes())
        .unwrap()
}

/// The library's own strict check, one by one: the judge of these tests.
fn strictly(key: &Key, message: &[u8], signature: &[u8]) -> Verdict {
    let known = VerifyingKey::from_bytes(&key.bytes()).unwrap();
    let good = Signature::from_slice(signature)
        .is_ok_and(|signature| known.verify_strict(message, &signature).is_ok());
    Verdict::of(good)
}

/// What this room says of one signature that stands alone.
fn alone(key: &Key, message: &[u8], signature: &[u8]) -> Verdict {
    let claim = key.claim(message, signature);
    claim.map_or(Verdict::Forged, |claim| claim.verdict())
}

/// A signature whose maker, who holds the private key, adds a point of small order to R.
fn with_torsion(seed: u8, message: &[u8], torsion: EdwardsPoint) -> [u8; BYTES] {
    let signing = SigningKey::from_bytes(&[seed; 32]);
    let private = signing.to_scalar();
    let nonce = Scalar::from(20_261_127_u64);
    let r = (EdwardsPoint::mul_base(&nonce) + torsion).compress();
    let hash = Sha512::new()
        .chain_update(r.as_bytes())
        .chain_update(signing.verifying_key().to_bytes())
        .chain_update(message);
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let mut signature = [0; BYTES];
    signature[..32].copy_from_slice(r.as_bytes());
    signature[32..].copy_from_slice((nonce + k * private).as_bytes());
    signature
}

#[test]
fn keys_outside_the_group_of_prime_order_are_refused() {
    for point in EIGHT_TORSION {
        let weak = Key::new(point.compress().as_bytes());
        assert_eq!(weak.unwrap_err(), ChannelKeyError::WeakKey);
        if point.is_identity() {
            continue;
        }
        let honest = SigningKey::from_bytes(&[9; 32]).verifying_key();
        let mixed = (honest.to_edwards() + point).compress();
        assert_eq!(
            Key::new(mixed.as_bytes()).unwrap_err(),
            ChannelKeyError::WeakKey
        );
    }
    // y = 2²⁵⁵ - 19 + 1 is a second spelling of y = 1.
    let mut second = [0xff; 32];
    (second[0], second[31]) = (0xee, 0x7f);
    assert_eq!(Key::new(&second).unwrap_err(), ChannelKeyError::BadKey);
    assert_eq!(Key::new(&[2; 32]).unwrap_err(), ChannelKeyError::BadKey);
}

#[test]
fn only_one_spelling_of_a_signature_is_looked_at() {
    let (signing, key) = pair(1);
    let good = signing.sign(b"m").to_bytes();
    assert!(key.claim(b"m", &good).is_some());
    assert!(key.claim(b"m", &good[1..]).is_none(), "too short");
    // s plus the order of the group is the same number again.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0_u16;
    let mut second = good;
    for (byte, more) in second[32..].iter_mut().zip(order.unwrap()) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (u8::try_from(sum & 0xff).unwrap(), sum >> 8);
    }
    assert!(key.claim(b"m", &second).is_none(), "s is not reduced");
    for point in EIGHT_TORSION {
        let mut small = good;
        small[..32].copy_from_slice(point.compress().as_bytes());
        assert!(key.claim(b"m", &small).is_none(), "R of small order");
    }
    for first in 0xed..=0xff {
        let mut second = good;
        second[..32].fill(0xff);
        (second[0], second[31]) = (first, 0x7f);
        assert!(key.claim(b"m", &second).is_none(), "y is not reduced");
        assert_eq!(strictly(&key, b"m", &second), Verdict::Forged);
    }
}

/// The one difference to the strict check, see record 0015: only the holder of the key can make such a signature,
/// and company makes no difference to it.
#[test]
fn a_signature_with_a_part_of_small_order_has_one_verdict_in_every_company() {
    let (_, key) = pair(3);
    for point in EIGHT_TORSION {
        let odd = with_torsion(3, b"odd", point);
        let odd = key.claim(b"odd", &odd).unwrap();
        assert_eq!(odd.verdict(), Verdict::Genuine);
        for others in 1..6_u8 {
            let mut group: Vec<Claim> = (0..others).map(|n| claim(n, &[n])).collect();
            group.push(odd.clone());
            assert!(are_genuine(&group), "no fall-back");
            group.push(odd.clone());
            group.rotate_left(usize::from(others) / 2);
            assert!(are_genuine(&group));
        }
        // Without the private key nothing is gained: another text, or R moved by a stranger.
        let (signing, _) = pair(3);
        let mut moved = signing.sign(b"odd").to_bytes();
        let r = CompressedEdwardsY(moved[..32].try_into().unwrap()).decompress();
        let r = (r.unwrap() + point).compress();
        moved[..32].copy_from_slice(r.as_bytes());
        assert_eq!(alone(&key, b"odd", &moved), strictly(&key, b"odd", &moved));
    }
}

#[test]
fn wrong_signatures_that_would_cancel_without_factors_do_not() {
    let (signing, key) = pair(4);
    let mut signatures: Vec<_> = (0..2_u8).map(|n| signing.sign(&[n]).to_bytes()).collect();
    // One s too large and one too small by the same number: their sum is right.
    for (signature, change) in signatures.iter_mut().zip([Scalar::ONE, -Scalar::ONE]) {
        let s = Scalar::from_canonical_bytes(signature[32..].try_into().unwrap()).unwrap();
        signature[32..].copy_from_slice((s + change).as_bytes());
    }
    let claims: Vec<Claim> = (0..2_u8)
        .map(|n| key.claim(&[n], &signatures[usize::from(n)]).unwrap())
        .collect();
    assert_eq!(verdicts(&claims), [Verdict::Forged; 2]);
}

#[test]
fn factors_differ_and_depend_on_everything() {
    let group: Vec<Claim> = (0..9).map(|n| claim(n, b"same")).collect();
    let before = factors(&group);
    assert_eq!(before, factors(&group), "no chance in it");
    let distinct: std::collections::BTreeSet<_> = before.iter().map(Scalar::to_bytes).collect();
    assert_eq!(distinct.len(), group.len());
    let mut other = group.clone();
    other[8] = claim(8, b"other");
    assert!(before.iter().zip(factors(&other)).all(|(a, b)| *a != b));
    other[8] = group[8].clone();
    other[8].s += Scalar::ONE;
    assert!(before.iter().zip(factors(&other)).all(|(a, b)| *a != b));
}

#[test]
fn nobody_gets_no_verdict() {
    assert!(verdicts::<Claim>(&[]).is_empty());
}

/// How a signature of the property test is made.
#[derive(Clone, Debug)]
struct Made {
    seed: u8,
    message: Vec<u8>,
    spoil: u8,
    place: prop::sample::Index,
    bit: u8,
}

impl Made {
    fn signature(&self) -> (Key, Vec<u8>, Vec<u8>) {
        let (signing, key) = pair(self.seed);
        let mut message = self.message.clone();
        let mut signature = signing.sign(&message).to_bytes().to_vec();
        match self.spoil {
            // Genuine as it is, more often than not.
            0..=5 => {}
            6 => signature[self.place.index(BYTES)] ^= 1 << self.bit,
            7 => message.push(self.bit),
            8 => signature = pair(self.seed + 1).0.sign(&message).to_bytes().to_vec(),
            9 => signature.swap_with_slice(&mut [self.bit; BYTES]),
            _ => signature.truncate(self.place.index(BYTES)),
        }
        (key, message, signature)
    }
}

fn made() -> impl Strategy<Value = Made> {
    let message = prop::collection::vec(any::<u8>(), 0..40);
    let place = any::<prop::sample::Index>();
    (0..4_u8, message, 0..11_u8, place, 0..8_u8).prop_map(|(seed, message, spoil, place, bit)| {
        Made {
            seed,
            message,
            spoil,
            place,
            bit,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Forged and genuine ones of several keys in any order and company: the verdicts are those of the library's
    /// strict check, one by one.
    #[test]
    fn a_group_says_what_each_alone_would_say(
        made in prop::collection::vec(made(), 0..24), turn in any::<prop::sample::Index>(),
    ) {
        let mut wanted = Vec::new();
        let mut claims = Vec::new();
        for (key, message, signature) in made.iter().map(Made::signature) {
            let strict = strictly(&key, &message, &signature);
            prop_assert_eq!(alone(&key, &message, &signature), strict);
            if let Some(claim) = key.claim(&message, &signature) {
                wanted.push(strict);
                claims.push(claim);
            }
        }
        prop_assert_eq!(&verdicts(&claims), &wanted);
        let forged = wanted.contains(&Verdict::Forged);
        prop_assert_eq!(are_genuine(&claims), !forged);
        if !claims.is_empty() {
            let turn = turn.index(claims.len());
            claims.rotate_left(turn);
            wanted.rotate_left(turn);
            prop_assert_eq!(verdicts(&claims), wanted);
        }
    }
}
