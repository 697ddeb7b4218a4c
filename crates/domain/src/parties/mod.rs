//! Parties 主体: who exists. This issue holds organisations; the register grows in a later one.

mod donor;
mod organisation;

pub use donor::{Display, DonorKind, said_donor};
pub use organisation::{
    APPROVAL_THRESHOLD, NewOrganisation, OUR_REGISTER, Organisation, OrganisationForm,
    OrganisationKind, decide_organisation,
};
