//! Lays out the reader of QR codes that pages load where a browser has none of its own.
//!
//! It is a package (`browser/packages`), brought by npm and never kept among our sources. The program is built as well
//! without it: then such browsers say what to do instead (decision 0036).

use std::path::Path;
use std::{env, fs, io};

/// The package's modules: the tables that it shares with its writer, and the reader.
const MODULES: [&str; 2] = ["index.js", "decode.js"];

fn main() -> io::Result<()> {
    let folder = Path::new("../../browser/packages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    for name in MODULES {
        // Not there is all right, both or none; what cannot be read is an error.
        let text = match fs::read_to_string(folder.join("node_modules/qr").join(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        fs::write(Path::new(&out).join(format!("qr_{name}")), text)?;
    }
    Ok(())
}
