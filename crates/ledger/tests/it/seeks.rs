//! A trace costs a few index seeks, however many gifts a fund has.
