//! Procedures 办理程序: how applications, filings, reports and complaints are handled, as constant tables.
//!
//! The engine is the crate `matter`; here stand the tables of the rulebook, one file each, and the sentences for its
//! refusals. To change how something is handled, change its table: the tests of this file say what is wrong with it
//! and play it to its end.

mod annual_report;
mod change;
mod complaint;
mod filing;
mod licence;
mod liquidation;
mod measure;
mod officers;
mod qualification;
mod recognition;
mod refusal;
mod registration;
pub mod roles;

pub use annual_report::ANNUAL_REPORT;
pub use change::CHANGE;
pub use complaint::COMPLAINT;
pub use filing::FILING;
pub use liquidation::{DEREGISTRATION, TERMINATION};
pub use measure::{CORRECTION, GRADING, LIFTING, ORDERED_STOP, REVOCATION, STRIKING, SUSPENSION};
pub use officers::OFFICERS;
pub use qualification::QUALIFICATION;
pub use recognition::RECOGNITION;
pub use refusal::StepRefusal;
pub use registration::REGISTRATION;

use matter::Procedure;

/// Every procedure, in the order of lists on pages.
pub static PROCEDURES: [&Procedure; 17] = [
    &REGISTRATION,
    &RECOGNITION,
    &QUALIFICATION,
    &FILING,
    &CHANGE,
    &ANNUAL_REPORT,
    &COMPLAINT,
    &OFFICERS,
    &TERMINATION,
    &DEREGISTRATION,
    &SUSPENSION,
    &LIFTING,
    &REVOCATION,
    &ORDERED_STOP,
    &STRIKING,
    &GRADING,
    &CORRECTION,
];

/// The procedure of a stored name.
#[must_use]
pub fn procedure(name: &str) -> Option<&'static Procedure> {
    PROCEDURES
        .into_iter()
        .find(|procedure| procedure.name == name)
}

/// True if an office begins it by itself: nobody applies, and it stands in no catalogue of what can be asked for.
#[must_use]
pub fn is_of_office(table: &Procedure) -> bool {
    let begins = |step: &&matter::Step| {
        step.effect == matter::Effect::Submit && step.from.contains(&table.start)
    };
    let mut first = table.steps.iter().filter(begins);
    first.any(|step| step.roles == [roles::CLERK])
}

#[cfg(test)]
mod journey_tests;
#[cfg(test)]
mod simulation_tests;
#[cfg(test)]
#[path = "procedures_tests.rs"]
mod tests;
