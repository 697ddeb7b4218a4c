//! The divisions that ship with the product: provinces to townships as of 2023-06-30.

use super::ImportFile;

/// data/regions/regions.csv.gz; its SOURCE.txt says where it comes from.
static REGIONS: &[u8] = include_bytes!("../../../../../data/regions/regions.csv.gz");

impl ImportFile {
    /// The divisions that ship with the product.
    pub fn divisions() -> ImportFile {
        ImportFile {
            name: "regions.csv.gz（随产品提供）".into(),
            bytes: REGIONS.to_vec(),
        }
    }
}
