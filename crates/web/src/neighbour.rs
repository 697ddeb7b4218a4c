//! Who is on the line: the neighbour, or whom a proxy on this machine names, and the network of a household.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Who asks: the neighbour on the line, or whom a proxy on this machine names last. Of the new addresses a whole
/// network of one household counts as one.
pub(crate) fn address(headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let forwarded = headers.get("x-forwarded-for");
    let forwarded = forwarded.and_then(|value| value.to_str().ok());
    let named = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    let address = match named {
        Some(named) if peer.ip().is_loopback() => named,
        _ => peer.ip(),
    };
    Some(match address.to_canonical() {
        IpAddr::V6(long) => {
            let network = u128::from(long) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        short => short,
    })
}

/// The network of an address, so coarse that it tells a town and no household; nothing for this machine.
fn network(address: IpAddr) -> Option<String> {
    if address.is_loopback() {
        return None;
    }
    Some(match address {
        IpAddr::V4(short) => {
            let [a, b, c, _] = short.octets();
            format!("{a}.{b}.{c}.*")
        }
        IpAddr::V6(long) => {
            let [a, b, c, ..] = long.segments();
            format!("{a:x}:{b:x}:{c:x}:*")
        }
    })
}

/// 〔来处〕 The network somebody comes from, for the list of signed-in devices; empty where it is not known.
pub(crate) struct Network(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Network, Infallible> {
        let address = address(&parts.headers, &parts.extensions);
        Ok(Network(address.and_then(network).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_coarse() {
        let check = |address: &str, want: Option<&str>| {
            assert_eq!(
                network(address.parse().unwrap()).as_deref(),
                want,
                "{address}"
            );
        };
        check("203.0.113.9", Some("203.0.113.*"));
        check("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:*"));
        check("127.0.0.1", None);
        check("::1", None);
    }
}
