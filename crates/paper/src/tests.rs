//! Papers read back by other people's programs: poppler for text and pictures, rqrr for the code.
//!
//! The first half needs a font and poppler on the machine. Where they are missing it says so and is skipped, unless
//! `SHANJI_PAPER_TOOLS=required`, which `tests/checks.d/50-paper.sh` sets after it installed them.

use crate::limits::{BLOCK_CHARS, BLOCKS};
use crate::{Block, Language, Paper, PaperError, Row, Typeface, TypefaceError, qr, svg_of};
use std::path::Path;
use std::process::Command;

const ADDRESS: &str = "https://charity.example/donations/don_8f3Kq2Zr9LmX#leaf=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn paper(paragraphs: usize) -> Paper {
    let mut blocks = vec![
        Block::Title("捐赠凭据（非财政票据）".into()),
        Block::Lead("50.00元中，30.00元已用于冬衣，送达云山县；20.00元尚未使用。".into()),
        Block::Rule,
        Block::Heading("这笔捐赠".into()),
        Block::Rows(vec![
            Row::new("金额", "50.00元"),
            Row::new("大写", "伍拾元整"),
            Row::new("捐赠人", "𰻞先生"),
        ]),
        Block::Code {
            content: ADDRESS.into(),
            beside: vec!["用手机扫一扫，可以看到这笔钱现在在哪里。".into()],
        },
    ];
    blocks.extend((0..paragraphs).map(|n| Block::Text(format!("第{n}段：每人一件冬衣。"))));
    Paper {
        title: "捐赠凭据 don_8f3Kq2Zr9LmX".into(),
        author: "示范慈善会".into(),
        description: "捐赠凭据，不是财政票据".into(),
        creator: "shanji".into(),
        language: "zh-CN".into(),
        made: (2026, 11, 27, 9, 8, 7),
        blocks,
        foot: "第".into(),
    }
}

/// The machine's font, and whether poppler is there; nothing if they may be missing.
fn tools() -> Option<Typeface> {
    let face = Typeface::find(None, Language::Simplified);
    let poppler = Command::new("pdftotext").arg("-v").output().is_ok();
    match (face, poppler) {
        (Ok(face), true) => Some(face),
        (face, poppler) => {
            let required = std::env::var("SHANJI_PAPER_TOOLS").is_ok_and(|v| v == "required");
            assert!(!required, "font: {face:?}, poppler: {poppler}");
            eprintln!("SKIPPED: no font or no poppler on this machine");
            None
        }
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> Vec<u8> {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{program}: {done:?}");
    done.stdout
}

#[test]
fn poppler_reads_every_word_and_the_code_leads_back() {
    let Some(face) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = paper(0).draw(&face).unwrap();
    assert!(file.len() < 120_000, "{} bytes", file.len());
    std::fs::write(folder.path().join("a.pdf"), &file).unwrap();
    let text = run("pdftotext", &["-layout", "a.pdf", "-"], folder.path());
    let text = String::from_utf8(text).unwrap().replace(" / ", "/");
    for words in [
        "捐赠凭据（非财政票据）",
        "50.00元中，30.00元已用于冬衣",
        "伍拾元整",
        "用手机扫一扫",
        "1/1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let facts = String::from_utf8(run("pdfinfo", &["a.pdf"], folder.path())).unwrap();
    for words in [
        "捐赠凭据 don_8f3Kq2Zr9LmX",
        "示范慈善会",
        "A4",
        "Pages:           1",
    ] {
        assert!(facts.contains(words), "{words} in {facts}");
    }
    let fonts = String::from_utf8(run("pdffonts", &["a.pdf"], folder.path())).unwrap();
    assert!(
        fonts.contains("yes yes yes"),
        "embedded, a subset, readable: {fonts}"
    );
    run(
        "pdftoppm",
        &["-gray", "-r", "150", "a.pdf", "page"],
        folder.path(),
    );
    let picture = std::fs::read(folder.path().join("page-1.pgm")).unwrap();
    assert_eq!(scanned(&picture), [ADDRESS]);
}

/// What a scanner reads in a grey picture in the PGM format.
fn scanned(picture: &[u8]) -> Vec<String> {
    let mut fields = picture.splitn(4, |byte| byte.is_ascii_whitespace());
    assert_eq!(fields.next().unwrap(), b"P5");
    let mut number = || -> usize {
        let digits = std::str::from_utf8(fields.next().unwrap()).unwrap();
        digits.parse().unwrap()
    };
    let (width, height) = (number(), number());
    let pixels = &picture[picture.len() - width * height..];
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = image.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn long_papers_go_on_and_too_long_ones_are_refused() {
    let Some(face) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("b.pdf"), paper(120).draw(&face).unwrap()).unwrap();
    let text = String::from_utf8(run("pdftotext", &["b.pdf", "-"], folder.path())).unwrap();
    for n in 0..120 {
        assert!(text.contains(&format!("第{n}段：每人一件冬衣。")), "{n}");
    }
    assert!(matches!(
        paper(BLOCKS).draw(&face),
        Err(PaperError::TooLong)
    ));
    let mut long = paper(0);
    long.blocks.push(Block::Text("长".repeat(BLOCK_CHARS + 1)));
    assert!(matches!(long.draw(&face), Err(PaperError::TooLong)));
    let mut code = paper(0);
    code.blocks.push(Block::Code {
        content: "x".repeat(2_000),
        beside: Vec::new(),
    });
    assert!(matches!(code.draw(&face), Err(PaperError::Qr(_))));
}

#[test]
fn the_same_paper_is_the_same_file() {
    let Some(face) = tools() else { return };
    assert_eq!(paper(3).draw(&face).unwrap(), paper(3).draw(&face).unwrap());
}

#[test]
fn a_file_that_is_no_chinese_font_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ttf");
    let error = Typeface::find(Some(&path), Language::Simplified).unwrap_err();
    assert!(matches!(error, TypefaceError::Unreadable { .. }));
    std::fs::write(&path, b"no font").unwrap();
    let error = Typeface::find(Some(&path), Language::Simplified).unwrap_err();
    assert!(matches!(error, TypefaceError::NotChinese(p) if p == path));
}

#[test]
fn the_drawing_of_a_code_is_what_a_scanner_reads() {
    let code = qr::code(ADDRESS).unwrap();
    let dark = |x: usize, y: usize| {
        let runs = qr::runs(&code);
        runs.iter()
            .any(|(row, first, count)| *row == y && (*first..first + count).contains(&x))
    };
    let side = (code.size + 2 * qr::QUIET) * 4;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        let at = |n: usize| (n / 4).checked_sub(qr::QUIET);
        match (at(x), at(y)) {
            (Some(x), Some(y)) if dark(x, y) => 0,
            _ => 255,
        }
    });
    let grids = image.detect_grids();
    assert_eq!(grids[0].decode().unwrap().1, ADDRESS);
    let drawing = svg_of(ADDRESS, "<扫码>").unwrap();
    assert!(
        drawing.contains("&lt;扫码&gt;") && drawing.len() < 16_000,
        "{}",
        drawing.len()
    );
    assert!(svg_of(&"x".repeat(1_001), "").is_err());
}
