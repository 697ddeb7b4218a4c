//! The schema and every statement, on both engines.

mod statements;
