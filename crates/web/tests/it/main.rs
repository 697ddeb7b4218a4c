//! The faces of the house, asked over HTTP without a network: the router answers against a real house.

#[cfg(test)]
mod api;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod client;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod delegation;
#[cfg(test)]
mod desk_back;
#[cfg(test)]
mod files;
#[cfg(test)]
mod giving;
#[cfg(test)]
mod hand_witness;
#[cfg(test)]
#[path = "../../src/pages_tests/html.rs"]
mod html;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod list_house;
#[cfg(test)]
mod list_screen;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod locales;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod matters;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod passkey;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod refusals;
mod rules;
#[cfg(test)]
mod search;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod test_log;
#[cfg(test)]
mod witnesses;
