//! The checks: pure functions from facts to findings, one file for each subject.
