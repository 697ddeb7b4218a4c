//! 〔通行密钥〕 Passkeys (WebAuthn): what a browser is asked, and whether its answer is one.
//!
//! A key belongs to one domain and never leaves its device, so that a page of somebody else learns nothing that it could
//! use here. What was asked is kept by the house between the two halves and handed back once; this file decides only
//! whether the answer fits: challenge, origin, domain, user verification, signature and counter.

#[cfg(any(test, feature = "soft-passkey"))]
pub mod soft;

use std::net::IpAddr;
use thiserror::Error;
use webauthn_rp::AuthenticatedCredential;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{
    AllowedCredentials, AuthenticationVerificationOptions,
    NonDiscoverableAuthenticationServerState, NonDiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::register::{
    Nickname, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
    RegistrationServerState, RegistrationVerificationOptions, UserHandle, Username,
};
use webauthn_rp::request::{
    AsciiDomain, Credentials, DomainOrigin, Port, PublicKeyCredentialDescriptor, RpId, Scheme,
    UserVerificationRequirement,
};
use webauthn_rp::response::auth::NonDiscoverableAuthentication;
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, Registration, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};

/// The most bytes of a browser's answer that are read.
pub const ANSWER_BYTES_MAX: usize = 8 * 1024;
/// Bytes of the number under which a device keeps whose key it is; it says nothing about the person.
pub const HANDLE_BYTES: usize = 32;

/// Why a house has no passkeys at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoPasskeys {
    /// The address is none that a browser could open.
    #[error("the public address is no address")]
    Unreadable,
    /// The address has a number in place of a name: browsers know keys of domains only.
    #[error("the public address is an IP address")]
    Number,
    /// The address is not encrypted and not of this machine.
    #[error("the public address is not https")]
    Plain,
}

/// 〔本站地址〕 The public address to which keys belong.
#[derive(Debug, Clone)]
pub struct Site {
    domain: RpId,
    secure: bool,
    port: Option<u16>,
}

impl Site {
    /// Reads `https://host` or `https://host:port`; without encryption only `http://localhost`, at any port.
    ///
    /// # Errors
    /// Why keys cannot belong to this address.
    pub fn parse(address: &str) -> Result<Site, NoPasskeys> {
        let (secure, rest) = match address.trim().split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(NoPasskeys::Unreadable),
        };
        let place = rest.strip_suffix('/').unwrap_or(rest);
        if place.starts_with('[') {
            return Err(NoPasskeys::Number);
        }
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (
                host,
                Some(port.parse().map_err(|_| NoPasskeys::Unreadable)?),
            ),
            None => (place, None),
        };
        if host.parse::<IpAddr>().is_ok() {
            return Err(NoPasskeys::Number);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(NoPasskeys::Unreadable);
        }
        if !secure && host != "localhost" {
            return Err(NoPasskeys::Plain);
        }
        let domain = AsciiDomain::try_from(host.to_ascii_lowercase());
        Ok(Site {
            domain: RpId::Domain(domain.map_err(|_| NoPasskeys::Unreadable)?),
            secure,
            // The port that a browser leaves out.
            port: port.filter(|port| !(secure && *port == 443)),
        })
    }

    /// The domain of the keys.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.domain.as_ref()
    }

    /// The address as people open it.
    #[must_use]
    pub fn address(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let port = self.port.map_or(String::new(), |port| format!(":{port}"));
        format!("{scheme}://{}{port}", self.domain())
    }

    fn allowed(&self) -> DomainOrigin<'_, '_> {
        DomainOrigin {
            scheme: if self.secure {
                Scheme::Https
            } else {
                Scheme::Other("http")
            },
            host: self.domain(),
            port: match self.port {
                Some(port) => Port::Val(port),
                None if self.secure => Port::None,
                // A demonstration on this machine takes whatever port is free.
                None => Port::Any,
            },
        }
    }
}

/// What a browser is asked, and what the house keeps until it answers.
#[derive(Debug, Clone)]
pub struct Asked {
    /// For the house: handed back with the answer, once.
    pub state: Vec<u8>,
    /// For the browser, JSON.
    pub options: String,
}

/// 〔密钥〕 A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// What the device calls it.
    pub id: Vec<u8>,
    /// The number under which the device keeps whose it is.
    pub owner: [u8; HANDLE_BYTES],
    /// The public key.
    pub key: Vec<u8>,
    /// What may change: the counter above all.
    pub state: Vec<u8>,
    /// How the device is reached, as bits.
    pub transports: u8,
}

/// Whose key is made.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The number that the device keeps.
    pub handle: [u8; HANDLE_BYTES],
    /// Login, shown by the device.
    pub login: &'a str,
    /// Name, shown by the device.
    pub name: &'a str,
}

/// Why an answer does not count.
#[derive(Debug, Error)]
pub enum PasskeyError {
    /// It is longer than any answer.
    #[error("the answer is too long")]
    TooLong,
    /// It is none of ours, or not what was asked for.
    #[error("the answer does not fit")]
    Wrong(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The signature is right and the counter went back: there may be two of this key.
    #[error("the counter of the key went back")]
    WentBack,
    /// What was kept cannot be read.
    #[error("what was kept of the key or the question cannot be read")]
    Damaged,
}

fn wrong(error: impl std::error::Error + Send + Sync + 'static) -> PasskeyError {
    PasskeyError::Wrong(Box::new(error))
}

fn descriptor(key: &KeptKey) -> Result<PublicKeyCredentialDescriptor<Vec<u8>>, PasskeyError> {
    let id = CredentialId::<Vec<u8>>::decode(key.id.clone());
    let transports = AuthTransports::decode(key.transports);
    Ok(PublicKeyCredentialDescriptor {
        id: id.map_err(|_| PasskeyError::Damaged)?,
        transports: transports.map_err(|_| PasskeyError::Damaged)?,
    })
}

fn handle_of(bytes: [u8; HANDLE_BYTES]) -> UserHandle<HANDLE_BYTES> {
    match UserHandle::decode(bytes) {
        Ok(handle) => handle,
        Err(never) => match never {},
    }
}

/// Asks for a new key; devices that hold one of `known` make no second one.
///
/// # Errors
/// `Damaged`: what is known cannot be read.
pub fn ask_new(site: &Site, owner: Owner<'_>, known: &[KeptKey]) -> Result<Asked, PasskeyError> {
    let handle = handle_of(owner.handle);
    let user = PublicKeyCredentialUserEntity {
        name: Username::try_from(owner.login).map_err(|_| PasskeyError::Damaged)?,
        id: &handle,
        // A name that the standard does not take is left out; the login says whose it is.
        display_name: Nickname::try_from(owner.name).ok(),
    };
    let known: Result<Vec<_>, _> = known.iter().map(descriptor).collect();
    let mut options = PublicKeyCredentialCreationOptions::second_factor(&site.domain, user, known?);
    options.authenticator_selection.user_verification = UserVerificationRequirement::Required;
    options.extensions.cred_props = None;
    let (state, client) = options
        .start_ceremony()
        .map_err(|_| PasskeyError::Damaged)?;
    Ok(Asked {
        state: state.encode().map_err(|_| PasskeyError::Damaged)?,
        options: serde_json::to_string(&client).map_err(|_| PasskeyError::Damaged)?,
    })
}

/// Reads the answer to [`ask_new`].
///
/// # Errors
/// `TooLong`, `Wrong`, `Damaged`.
pub fn take_new(site: &Site, state: &[u8], answer: &str) -> Result<KeptKey, PasskeyError> {
    if answer.len() > ANSWER_BYTES_MAX {
        return Err(PasskeyError::TooLong);
    }
    let asked = RegistrationServerState::<HANDLE_BYTES>::decode(state);
    let asked = asked.map_err(|_| PasskeyError::Damaged)?;
    let given = Registration::from_json_relaxed(answer.as_bytes()).map_err(wrong)?;
    let origins = [site.allowed()];
    let rules = RegistrationVerificationOptions::<DomainOrigin<'_, '_>, &str> {
        allowed_origins: &origins,
        // Some devices say more than they were asked.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let made = asked.verify(&site.domain, &given, &rules).map_err(wrong)?;
    let (id, transports, owner, fixed, moving, _) = made.into_parts();
    let Ok(owner) = owner.encode();
    Ok(KeptKey {
        id: id.as_ref().to_vec(),
        owner,
        key: fixed.encode().map_err(|_| PasskeyError::Damaged)?,
        state: moving.encode().map_err(|_| PasskeyError::Damaged)?.to_vec(),
        transports: transports.encode().map_err(|_| PasskeyError::Damaged)?,
    })
}

/// Asks for a proof by any of these keys.
///
/// # Errors
/// `Damaged`: there are none, or what is known cannot be read.
pub fn ask_proof(site: &Site, keys: &[KeptKey]) -> Result<Asked, PasskeyError> {
    let mut allowed = AllowedCredentials::with_capacity(keys.len());
    for key in keys {
        allowed.push(descriptor(key)?.into());
    }
    let options = NonDiscoverableCredentialRequestOptions::second_factor(&site.domain, allowed);
    let mut options = options.map_err(|_| PasskeyError::Damaged)?;
    options.options().user_verification = UserVerificationRequirement::Required;
    let (state, client) = options
        .start_ceremony()
        .map_err(|_| PasskeyError::Damaged)?;
    Ok(Asked {
        state: state.encode().map_err(|_| PasskeyError::Damaged)?,
        options: serde_json::to_string(&client).map_err(|_| PasskeyError::Damaged)?,
    })
}

type Answer = NonDiscoverableAuthentication<HANDLE_BYTES>;
/// A public key of any kind, by the lengths of its kinds.
type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

fn answer_of(answer: &str) -> Result<Answer, PasskeyError> {
    if answer.len() > ANSWER_BYTES_MAX {
        return Err(PasskeyError::TooLong);
    }
    Answer::from_json_relaxed(answer.as_bytes()).map_err(wrong)
}

/// Which key an answer says it is by.
///
/// # Errors
/// `TooLong`, `Wrong`.
pub fn key_of_proof(answer: &str) -> Result<Vec<u8>, PasskeyError> {
    Ok(answer_of(answer)?.raw_id().as_ref().to_vec())
}

/// Reads the answer to [`ask_proof`], given by this key; the key with its new state.
///
/// # Errors
/// `TooLong`, `Wrong`, `WentBack`, `Damaged`.
pub fn take_proof(
    site: &Site,
    state: &[u8],
    key: &KeptKey,
    answer: &str,
) -> Result<KeptKey, PasskeyError> {
    let given = answer_of(answer)?;
    let asked = NonDiscoverableAuthenticationServerState::decode(state);
    let asked = asked.map_err(|_| PasskeyError::Damaged)?;
    let fixed = StaticState::decode(key.key.as_slice()).map_err(|_| PasskeyError::Damaged)?;
    let moving: [u8; 7] = key
        .state
        .as_slice()
        .try_into()
        .map_err(|_| PasskeyError::Damaged)?;
    let moving = DynamicState::decode(moving).map_err(|_| PasskeyError::Damaged)?;
    let id = CredentialId::<&[u8]>::decode(&key.id).map_err(|_| PasskeyError::Damaged)?;
    let handle = handle_of(key.owner);
    let known: StaticState<PublicKey> = fixed;
    let known = AuthenticatedCredential::new(id, &handle, known, moving);
    let mut known = known.map_err(|_| PasskeyError::Damaged)?;
    let origins = [site.allowed()];
    let rules = AuthenticationVerificationOptions::<DomainOrigin<'_, '_>, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    match asked.verify(&site.domain, &given, &mut known, &rules) {
        Ok(_) => {}
        Err(AuthCeremonyErr::SignatureCounter) => return Err(PasskeyError::WentBack),
        Err(error) => return Err(wrong(error)),
    }
    let state = known.dynamic_state().encode();
    Ok(KeptKey {
        state: state.map_err(|_| PasskeyError::Damaged)?.to_vec(),
        ..key.clone()
    })
}

#[cfg(test)]
mod tests;
