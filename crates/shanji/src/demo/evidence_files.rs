//! Evidence files for the demo: small pictures, PDF pages and texts that say of themselves that they are samples.

use flate2::Compression;
use flate2::Crc;
use flate2::write::ZlibEncoder;
use std::io::Write;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;
/// Rows of the drawn list.
const ROWS: u32 = 9;

/// A file as it would be uploaded.
#[derive(Debug)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) mime: &'static str,
    pub(super) title: String,
}

/// A file of the wanted kind (`png`, `pdf`, else text) about a scheme; `number` makes it unlike all others.
pub(super) fn make(kind: &str, scheme: &str, number: u64) -> File {
    match kind {
        "png" => File {
            bytes: png(number),
            mime: "image/png",
            title: format!("{scheme} 现场签收表（示例图 {number}）"),
        },
        "pdf" => File {
            bytes: pdf(number),
            mime: "application/pdf",
            title: format!("{scheme} 发票与付款回单（示例 {number}）"),
        },
        _ => File {
            bytes: text(scheme, number).into_bytes(),
            mime: "text/plain",
            title: format!("{scheme} 情况说明（示例 {number}）"),
        },
    }
}

fn text(scheme: &str, number: u64) -> String {
    format!(
        "示例凭证 第 {number} 号\n项目：{scheme}\n\n这是演示省的虚构文件，只用来说明：凭证按内容的摘要保存，\n\
         公开记录里写的是摘要，文件改动一个字就对不上。\n"
    )
}

/// A drawn list with ticks: grey lines, and in each row a bar whose length and colour come from the number.
fn png(number: u64) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            rows.extend(pixel(x, y, number));
        }
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(&rows);
    let packed = encoder.finish().unwrap_or_default();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", &header),
        (b"IDAT", &packed),
        (b"IEND", &Vec::new()),
    ] {
        chunk(&mut file, name, data);
    }
    file
}

fn pixel(x: u32, y: u32, number: u64) -> [u8; 3] {
    let height = HEIGHT / (ROWS + 1);
    let row = y / height;
    if y.is_multiple_of(height) || x == 60 || x == 240 {
        return [190, 190, 190];
    }
    let throw = number
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(row * 7);
    let length = 70 + u32::try_from(throw % 150).unwrap_or(0);
    let inside = (4..height - 3).contains(&(y % height));
    match (row, x) {
        (0, _) => [232, 240, 236],
        (_, 70..) if inside && x < length => [96, 128, 120],
        (_, 250..290) if inside && !throw.is_multiple_of(5) => [180, 70, 60],
        (_, 12..48) if inside => [210, 214, 220],
        _ => [252, 252, 250],
    }
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    file.extend(name);
    file.extend(data);
    file.extend(crc.sum().to_be_bytes());
}

/// One page of plain letters with its table of offsets.
fn pdf(number: u64) -> Vec<u8> {
    let line = format!(
        "BT /F1 20 Tf 60 760 Td (SAMPLE VOUCHER {number:04}) Tj 0 -32 Td /F1 12 Tf (Fictional province of Yunshan. No real payment.) Tj ET"
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{line}\nendstream", line.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = String::from("0000000000 65535 f \n");
    for (n, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway::SystemEntropy;
    use gateway::evidence::EvidenceStore;

    #[test]
    fn the_evidence_store_takes_them() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::new(folder.path()).unwrap();
        let mut digests = Vec::new();
        for (kind, number) in [("png", 1), ("png", 2), ("pdf", 1), ("pdf", 2), ("text", 1)] {
            let file = make(kind, "午餐", number);
            assert!(file.bytes.len() < 20_000, "{} bytes", file.bytes.len());
            digests.push(
                store
                    .put(&file.bytes, file.mime, &SystemEntropy)
                    .unwrap()
                    .sha256,
            );
        }
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), 5);
    }
}
