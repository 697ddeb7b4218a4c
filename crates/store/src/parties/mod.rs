//! Parties 主体: organisations and divisions as they are kept.

mod contact;
mod organisation;
mod region;
mod register;

pub use contact::{ContactRecord, contacts_of};
pub use organisation::{
    OrganisationFilter, OrganisationRecord, fundraising_organisations, list_of_text,
    organisation_by_id, organisation_by_uscc, organisation_count, organisation_duplicates,
    organisation_names, organisation_of_source, organisation_record, organisation_recorded,
    organisation_registered, organisations_after, organisations_by_ids, organisations_by_usccs,
    organisations_listed, organisations_listed_down, organisations_tally, text_of_list,
};
pub use region::{region_name, regions_after};
pub use register::{
    grades_of, register_entry, register_of, register_of_matter, register_predecessors, registers_of,
};
pub(crate) use register::{predecessor_names_between, register_names_between};
