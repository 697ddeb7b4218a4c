//! The log against what others say it should be: published vectors, a slow tree written from the
//! standard's definitions, another crate, and bytes that nobody expected.

#[cfg(test)]
mod maps;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod parsers;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod vectors;
