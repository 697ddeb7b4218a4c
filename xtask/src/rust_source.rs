//! A Rust file cut into code, text literals and test regions, line by line.
//!
//! Enough of the grammar to never take a word in a comment or in a text for code: checks on
//! raw text would forbid writing about what they forbid.

/// A text literal and the line on which it begins (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// An identifier or one sign, and its line (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Token {
    /// True for names and keywords, false for signs and numbers.
    pub(crate) fn is_word(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// A Rust file as the checks see it.
#[derive(Debug, Default)]
pub(crate) struct RustSource {
    /// Names, numbers and signs of the code; `::` is one token.
    pub(crate) tokens: Vec<Token>,
    /// Text literals, escapes as written.
    pub(crate) literals: Vec<Literal>,
    /// First and last line of each `#[cfg(test)]` item.
    tests: Vec<(usize, usize)>,
}

impl RustSource {
    /// Cuts `text`; never fails, a broken file is the compiler's business.
    pub(crate) fn parse(text: &str) -> RustSource {
        let mut reader = Reader {
            chars: text.chars().collect(),
            at: 0,
            line: 1,
        };
        let mut source = RustSource::default();
        while reader.at < reader.chars.len() {
            reader.step(&mut source);
        }
        source.tests = test_regions(&source.tokens);
        source
    }

    /// Whether `line` lies in an item marked `#[cfg(test)]`.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.tests
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&line))
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn advance(&mut self) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        c
    }

    fn step(&mut self, source: &mut RustSource) {
        let c = self.peek(0);
        if c == '/' && self.peek(1) == '/' {
            while self.at < self.chars.len() && self.peek(0) != '\n' {
                self.advance();
            }
        } else if c == '/' && self.peek(1) == '*' {
            self.skip_block_comment();
        } else if c == '"' {
            self.advance();
            source.literals.push(self.text());
        } else if c == '\'' {
            self.skip_char_or_lifetime();
        } else if c.is_alphabetic() || c == '_' {
            self.word(source);
        } else if c.is_ascii_digit() {
            let line = self.line;
            let text = self.take_while(|c| c.is_alphanumeric() || c == '_');
            source.tokens.push(Token { line, text });
        } else if c == ':' && self.peek(1) == ':' {
            source.tokens.push(Token {
                line: self.line,
                text: "::".to_owned(),
            });
            self.at += 2;
        } else {
            if !c.is_whitespace() {
                source.tokens.push(Token {
                    line: self.line,
                    text: c.to_string(),
                });
            }
            self.advance();
        }
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while self.at < self.chars.len() && keep(self.peek(0)) {
            text.push(self.advance());
        }
        text
    }

    /// A name, a keyword, or the prefix of a raw, byte or C text (`r"`, `br#"`, `c"`, `b'`).
    fn word(&mut self, source: &mut RustSource) {
        let line = self.line;
        let text = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let prefix = matches!(text.as_str(), "r" | "b" | "c" | "br" | "cr");
        if prefix && text.contains('r') {
            let hashes = (0..).take_while(|i| self.peek(*i) == '#').count();
            if self.peek(hashes) == '"' {
                self.at += hashes + 1;
                source.literals.push(self.raw_text(hashes));
                return;
            }
            if hashes == 1 {
                // r#type: the name follows
                self.at += 1;
                return;
            }
        }
        if prefix && self.peek(0) == '"' {
            self.advance();
            source.literals.push(self.text());
        } else if text == "b" && self.peek(0) == '\'' {
            self.skip_char_or_lifetime();
        } else {
            source.tokens.push(Token { line, text });
        }
    }

    fn text(&mut self) -> Literal {
        let line = self.line;
        let mut text = String::new();
        while self.at < self.chars.len() {
            match self.advance() {
                '"' => break,
                '\\' => {
                    text.push('\\');
                    text.push(self.advance());
                }
                c => text.push(c),
            }
        }
        Literal { line, text }
    }

    fn raw_text(&mut self, hashes: usize) -> Literal {
        let line = self.line;
        let mut text = String::new();
        while self.at < self.chars.len() {
            let c = self.advance();
            if c == '"' && (0..hashes).all(|i| self.peek(i) == '#') {
                self.at += hashes;
                break;
            }
            text.push(c);
        }
        Literal { line, text }
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            if self.peek(0) == '/' && self.peek(1) == '*' {
                depth += 1;
                self.at += 2;
            } else if self.peek(0) == '*' && self.peek(1) == '/' {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.advance();
            }
        }
    }

    fn skip_char_or_lifetime(&mut self) {
        self.advance();
        if self.peek(0) == '\\' {
            self.at += 2;
            while self.at < self.chars.len() && self.advance() != '\'' {}
        } else if self.peek(1) == '\'' {
            self.advance();
            self.at += 1;
        }
        // otherwise a lifetime or label: its name is read as a word, which harms no check
    }
}

/// Lines of the items that stand behind `#[cfg(test)]`.
fn test_regions(tokens: &[Token]) -> Vec<(usize, usize)> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut regions = Vec::new();
    for (start, window) in tokens.windows(MARK.len()).enumerate() {
        if window
            .iter()
            .zip(MARK)
            .any(|(token, mark)| token.text != mark)
        {
            continue;
        }
        let first = window.first().map_or(1, |token| token.line);
        let mut depth = 0_usize;
        let mut last = first;
        for token in tokens.iter().skip(start + MARK.len()) {
            last = token.line;
            match token.text.as_str() {
                "{" => depth += 1,
                "}" if depth <= 1 => break,
                "}" => depth -= 1,
                ";" if depth == 0 => break,
                _ => {}
            }
        }
        regions.push((first, last));
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let source = RustSource::parse(text);
        let words: Vec<&str> = source.tokens.iter().map(|t| t.text.as_str()).collect();
        words.join(" ")
    }

    fn literals(text: &str) -> Vec<(usize, String)> {
        RustSource::parse(text)
            .literals
            .into_iter()
            .map(|l| (l.line, l.text))
            .collect()
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f /// g"), "a f");
    }

    #[test]
    fn texts_are_not_code() {
        assert_eq!(
            words(r##"a("b \" c", r#"d " e"#, b"f", 'g', '\'', b'h')"##),
            "a ( , , , , , )"
        );
    }

    #[test]
    fn texts_keep_their_first_line() {
        let found = literals("\n\"one\ntwo\"; r\"three\"");
        assert_eq!(found, [(2, "one\ntwo".to_owned()), (3, "three".to_owned())]);
    }

    #[test]
    fn lifetimes_do_not_open_a_text() {
        assert_eq!(
            words("fn f<'a>(x: &'a str) -> r#type"),
            "fn f < a > ( x : & a str ) - > type"
        );
    }

    #[test]
    fn paths_have_one_sign() {
        assert_eq!(words("crate::funds::{a}"), "crate :: funds :: { a }");
    }

    #[test]
    fn tests_are_told_from_code() {
        let source =
            RustSource::parse("fn a() {}\n#[cfg(test)]\nmod t {\n fn b() {}\n}\nfn c() {}");
        let test_lines: Vec<usize> = (1..=6).filter(|line| source.is_test(*line)).collect();
        assert_eq!(test_lines, [2, 3, 4, 5]);
    }
}
