//! Oversight 监管: the rules of the law, the service hall for everybody, and matters at the desk.

pub(crate) mod cited;
pub(crate) mod eligibility;
pub(crate) mod hall;
pub(crate) mod matter;
pub(crate) mod matter_form;
pub(crate) mod measure;
pub(crate) mod rule;
