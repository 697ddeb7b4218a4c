//! Exchange 交换: imports as they are kept.

mod import_run;

pub use import_run::{
    ImportRunRecord, RejectRow, import_run_by_digest, import_run_by_id, import_runs_newest,
    import_runs_of_organisation, rejects_add, rejects_of_day,
};
