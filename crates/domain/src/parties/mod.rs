//! Parties 主体: who exists. Organisations, and the register that says what each of them may do on which day.

mod contact;
mod donor;
mod organisation;
pub mod register;

pub use contact::{Contact, ContactForm, decide_contact, telephone_address};
pub use donor::{Display, DonorKind, said_donor};
pub use organisation::{
    APPROVAL_THRESHOLD, NewOrganisation, OUR_REGISTER, Organisation, OrganisationForm,
    OrganisationKind, RegisteredOrganisation, decide_organisation,
};
