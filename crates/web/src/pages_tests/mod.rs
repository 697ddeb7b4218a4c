//! Every page with everyday and with extreme values: well-formed, labelled, escaped, small, without inline style or script.
//!
//! With `SHANJI_PAGES=/some/folder` the pages are also written there, so that a person can look at them.

mod desk_examples;
mod examples;
mod html;
mod list_examples;
mod log_examples;
mod matter_examples;
mod matter_rendered;
mod people;
mod register_examples;
mod rendered;
mod rule_examples;
mod security_rendered;
mod tables;

/// A fund as on most days, for tests beside the code.
pub(crate) fn usual_fund_page() -> app::view::FundPage {
    examples::fund_page(examples::Shape::Everyday)
}
