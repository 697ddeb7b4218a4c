//! Tests of the data that is built in.

mod book;
