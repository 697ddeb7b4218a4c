//! Journeys through the staircase on both engines, with real files and a real log.

#[cfg(test)]
mod batch;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod house;
#[cfg(test)]
mod import;
#[cfg(test)]
mod index;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod log_keys;
#[cfg(test)]
mod matters;
#[cfg(test)]
mod matters_folded;
#[cfg(test)]
mod money;
#[cfg(test)]
mod open;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod personal;
#[cfg(test)]
mod privacy;
mod registers;
#[cfg(test)]
mod search;
#[cfg(test)]
mod slips;
#[cfg(test)]
mod sm3_root;
#[cfg(test)]
mod vouchers;
#[cfg(test)]
mod words;
