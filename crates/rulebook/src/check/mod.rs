//! The checks: pure functions from facts to findings, one file for each subject.
//!
//! Each takes the law of a day and a place, and the day is the day on which is judged. Where a clock started
//! earlier or a duty falls due later, the check itself asks for the law of that day. An empty answer means that
//! every condition that the book knows is met.

mod application;
mod campaign_right;
mod charter;
mod council;
mod evaluation;
mod foundation;
mod identifier;
mod inspection;
mod officer;
mod official;
mod publication;
mod qualification;
mod recognition;
mod registered_change;
mod related;
mod termination;
mod timely;
mod yearly;

pub use application::{Application, Decision, Extension, Licence, Outcome, check_application};
pub use campaign_right::{
    CampaignDays, RevocationFacts, Term, check_campaign_right, check_revocation, reapply_from,
};
pub use charter::{CharterSection, check_charter};
pub use council::{
    CouncilFacts, MeetingFacts, ResolutionKind, SupervisorConflict, Vote, check_council,
};
pub use evaluation::{GradeFacts, check_grade, grade_term};
pub use foundation::{FoundationFacts, FoundationKind, check_foundation};
pub use identifier::{
    CodeFacts, RegionFacts, check_codes, check_id_number, check_region, check_uscc,
};
pub use inspection::{InspectionFacts, check_inspection};
pub use officer::{BarEnd, Capacity, OfficerFacts, Punishment, check_officer, officer_barred};
pub use official::{OfficialItem, check_official};
pub use publication::{
    AidText, Correction, DisclosureClass, Field, FieldKind, Placement, PublicationFacts,
    check_aid_texts, check_correction, check_fields, check_publication,
};
pub use qualification::{
    Basis, QualificationFacts, System, check_basis, check_eligibility, check_qualification,
    eligible_from,
};
pub use recognition::{RecognitionFacts, check_recognition};
pub use registered_change::{ChangeFacts, ChangeKind, check_change};
pub use related::{
    KnownRelation, RelatedKind, RelatedTransaction, check_related_parties, check_transaction,
};
pub use termination::{Heir, TerminationFacts, check_termination};
pub use timely::{
    EventKind, TimelyFacts, TrustRole, check_basic_data, check_event, check_partner, check_trust,
};
pub use yearly::{
    AnnualFacts, Form, InspectionReport, ReportPart, Sponsor, YearlyFacts, check_annual_report,
    check_inspection_report, check_major_projects, check_related_list,
};

#[cfg(test)]
mod coverage;
