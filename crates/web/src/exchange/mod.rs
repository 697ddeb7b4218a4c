//! Exchange 交换: the site's own pages, search, days.

pub(crate) mod crawl;
pub(crate) mod day;
pub(crate) mod gallery;
pub(crate) mod help;
pub(crate) mod imports;
pub(crate) mod open;
pub(crate) mod search;
pub(crate) mod site;
