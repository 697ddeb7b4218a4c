//! Ed25519 signatures of channels, checked one by one or many in one equation; both give the same verdict.
//!
//! A signature (R, s) of key A over message M is genuine if `8 (s B - k A - R)` is the neutral point, with
//! `k = SHA-512(R ‖ A ‖ M)`. RFC 8032 allows the equation with and without the factor eight; we take it with the factor,
//! because only then does a sum of many equations hold exactly when each of them does: whoever holds a key could
//! otherwise make signatures that pass in one company and fail in another. Record 0015 in `docs/decisions` argues which
//! signatures are accepted.
//!
//! Many are checked as `8 Σ zᵢ (sᵢ B - kᵢ A - Rᵢ)` with factors zᵢ of 128 bits that nobody can foresee: they are
//! hashed out of everything that is checked. One wrong signature survives with a chance of 2⁻¹²⁸. Points of the
//! same key are gathered, so that a signature in company costs a third of one alone.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::iter::once;
use std::sync::Arc;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity as _, VartimeMultiscalarMul as _};
use sha2::{Digest as _, Sha512};

use super::channel_keys::ChannelKeyError;

/// Bytes of a signature: R and s.
pub(super) const BYTES: usize = 64;
/// Bytes of a factor: so many chances against one that a wrong signature is seen, in bytes.
const FACTOR: usize = 16;
/// Tells these factors from every other use of the hash.
const FACTORS: &[u8] = b"shanji/signature group/1\0";

/// A public key that is fit to be believed.
#[derive(Clone, Debug)]
pub(super) struct Key(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bytes: [u8; 32],
    point: EdwardsPoint,
}

impl Key {
    /// Takes a key of RFC 8032 that has one spelling and no part of small order.
    ///
    /// # Errors
    /// Not the one spelling of a point, or a point outside the group of prime order: under some of those anything
    /// verifies, and honest keys are never there.
    pub(super) fn new(bytes: &[u8; 32]) -> Result<Key, ChannelKeyError> {
        let point = CompressedEdwardsY(*bytes).decompress();
        let point = point.ok_or(ChannelKeyError::BadKey)?;
        if point.compress().as_bytes() != bytes {
            return Err(ChannelKeyError::BadKey);
        }
        if point.is_small_order() || !point.is_torsion_free() {
            return Err(ChannelKeyError::WeakKey);
        }
        let bytes = *bytes;
        Ok(Key(Arc::new(Inner { bytes, point })))
    }

    /// The key as RFC 8032 writes it.
    pub(super) fn bytes(&self) -> [u8; 32] {
        self.0.bytes
    }

    /// What is to be checked of a signature; `None` if it is none of this form, whatever was signed.
    pub(super) fn claim(&self, message: &[u8], signature: &[u8]) -> Option<Claim> {
        let signature: &[u8; BYTES] = signature.try_into().ok()?;
        let (r, s) = signature.split_first_chunk::<32>()?;
        let s = Option::from(Scalar::from_canonical_bytes(s.try_into().ok()?))?;
        // A y of the field's size or more is a second spelling of a small one.
        let point = CompressedEdwardsY(*r)
            .decompress()
            .filter(|_| is_small(r))?;
        if point.is_small_order() {
            return None;
        }
        let hash = Sha512::new()
            .chain_update(r)
            .chain_update(self.0.bytes)
            .chain_update(message);
        Some(Claim {
            key: self.clone(),
            r: point,
            s,
            hash: hash.finalize().into(),
        })
    }
}

/// Whether the 255 bits of y are below 2²⁵⁵ - 19.
fn is_small(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    *first < 0xed || last & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

/// 〔验签结论〕 What was found of one signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Made with the private key, over exactly this text.
    Genuine,
    /// Anything else.
    Forged,
}

impl Verdict {
    pub(super) const fn of(genuine: bool) -> Verdict {
        if genuine {
            Verdict::Genuine
        } else {
            Verdict::Forged
        }
    }
}

/// 〔待验签名〕 A signature of the right form whose equation is still to be checked.
#[derive(Clone, Debug)]
pub struct Claim {
    key: Key,
    r: EdwardsPoint,
    s: Scalar,
    /// SHA-512 over R, key and message: stands for all three.
    hash: [u8; 64],
}

impl Claim {
    /// The verdict, found alone.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let (k, minus_key) = (self.k(), -self.key.0.point);
        let r = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &minus_key, &self.s);
        Verdict::of((r - self.r).mul_by_cofactor().is_identity())
    }

    fn k(&self) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&self.hash)
    }
}

/// Whether all of them are genuine, in one equation.
fn are_genuine<C: Borrow<Claim>>(claims: &[C]) -> bool {
    let factors = factors(claims);
    let mut of_base = Scalar::ZERO;
    let mut of_keys: BTreeMap<[u8; 32], (Scalar, EdwardsPoint)> = BTreeMap::new();
    for (claim, z) in claims.iter().map(C::borrow).zip(&factors) {
        of_base -= z * claim.s;
        let key = &claim.key.0;
        let (sum, _) = of_keys
            .entry(key.bytes)
            .or_insert((Scalar::ZERO, key.point));
        *sum += z * claim.k();
    }
    let keys = || of_keys.values();
    let numbers = once(&of_base)
        .chain(keys().map(|(number, _)| number))
        .chain(&factors);
    let points = once(&ED25519_BASEPOINT_POINT)
        .chain(keys().map(|(_, point)| point))
        .chain(claims.iter().map(|claim| &claim.borrow().r));
    EdwardsPoint::vartime_multiscalar_mul(numbers, points)
        .mul_by_cofactor()
        .is_identity()
}

/// One verdict for each: together, and one by one where not all are genuine.
#[must_use]
pub fn verdicts<C: Borrow<Claim>>(claims: &[C]) -> Vec<Verdict> {
    // One alone is cheaper without factors.
    if claims.len() > 1 && are_genuine(claims) {
        return vec![Verdict::Genuine; claims.len()];
    }
    claims
        .iter()
        .map(|claim| claim.borrow().verdict())
        .collect()
}

/// A factor for each, hashed out of all signatures, keys and messages: whoever would choose a signature by its factor
/// changes all factors with it. No entropy is drawn, so that a verdict can be computed again.
fn factors<C: Borrow<Claim>>(claims: &[C]) -> Vec<Scalar> {
    let mut all = Sha512::new().chain_update(FACTORS);
    for claim in claims.iter().map(C::borrow) {
        all.update(claim.hash);
        all.update(claim.s.as_bytes());
    }
    let all = all.finalize();
    let mut factors = Vec::with_capacity(claims.len());
    for count in 0_u64.. {
        let block = Sha512::new()
            .chain_update(all)
            .chain_update(count.to_le_bytes())
            .finalize();
        let (parts, _) = block.as_chunks::<FACTOR>();
        for part in parts {
            if factors.len() == claims.len() {
                return factors;
            }
            factors.push(Scalar::from(u128::from_le_bytes(*part)));
        }
    }
    factors
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
