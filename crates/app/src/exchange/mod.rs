//! Exchange 交换: files in and out.

mod part;
mod post;

pub use part::{
    ImportGift, ImportGoods, ImportPart, ImportPayment, ImportRows, PART_ROWS_MAX,
};
pub(crate) use post::import_post;
