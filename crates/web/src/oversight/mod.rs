//! Oversight 监管: the service hall for everybody, and matters at the desk.

pub(crate) mod hall;
pub(crate) mod matter;
pub(crate) mod matter_form;
