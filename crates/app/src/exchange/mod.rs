//! Exchange 交换: files in and out.

mod importer;
mod open;
mod part;
mod post;
mod register_file;
mod run;

pub use importer::{
    ImportAsk, ImportFile, ImportPosted, ImportTarget, Progress, RejectsFile, RunPosted,
    WuhanReport,
};
pub use open::{DATASETS, Dataset, Dump, Field, Manifest, OPEN_LICENCE, OpenFile};
pub use part::{ImportGift, ImportGoods, ImportPart, ImportPayment, ImportRows, PART_ROWS_MAX};
pub(crate) use post::import_post;
pub use register_file::RegisterFile;
pub(crate) use run::run;
