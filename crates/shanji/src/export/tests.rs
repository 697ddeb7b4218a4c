//! Exports of a house.
