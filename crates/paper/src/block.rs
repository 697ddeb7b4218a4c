//! What stands on a paper.

/// A label and what it says, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Left, quiet.
    pub label: String,
    /// Right of it.
    pub words: String,
}

impl Row {
    /// A label and its words.
    pub fn new(label: impl Into<String>, words: impl Into<String>) -> Row {
        Row {
            label: label.into(),
            words: words.into(),
        }
    }
}

/// A piece of a paper, from edge to edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The name of the paper.
    Title(String),
    /// The sentence that matters most.
    Lead(String),
    /// The name of a part.
    Heading(String),
    /// A paragraph; line breaks in it are kept.
    Text(String),
    /// A paragraph in small print.
    Small(String),
    /// Labels and words with lines between them.
    Rows(Vec<Row>),
    /// A QR code with small print beside it.
    Code {
        /// What a scanner reads.
        content: String,
        /// Paragraphs beside the code.
        beside: Vec<String>,
    },
    /// A thin line across the page.
    Rule,
}

/// A paper to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper {
    /// Title in the file's own data.
    pub title: String,
    /// Who issued it.
    pub author: String,
    /// What it is, in one sentence.
    pub description: String,
    /// The program that made it.
    pub creator: String,
    /// Language tag of its text.
    pub language: String,
    /// When it was made: year, month, day, hour, minute, second, in Beijing.
    pub made: (u16, u8, u8, u8, u8, u8),
    /// Its pieces.
    pub blocks: Vec<Block>,
    /// Stands at the foot of every page, before the page's number.
    pub foot: String,
}
