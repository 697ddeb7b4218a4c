//! Exchange 交换: files in and out.

mod part;

pub use part::ImportPart;
