//! Breaking text into lines: between any two Chinese characters, but no full stop begins a line and no opening
//! bracket ends one; a Latin word or a number is broken only where it is longer than a line.

/// Never the first of a line.
const NOT_FIRST: &str = "，。、；：？！）》」』】〉”’…—％%)]}.,;:?!元";
/// Never the last of a line.
const NOT_LAST: &str = "（《「『【〈“‘([{￥¥";

/// Breaks a text at its own line breaks and where a line is full.
pub(crate) fn broken(text: &str, room: i32, width: impl Fn(char) -> i32) -> Vec<String> {
    text.split('\n')
        .flat_map(|paragraph| lines(paragraph.trim_end(), room, &width))
        .collect()
}

fn lines(paragraph: &str, room: i32, width: &impl Fn(char) -> i32) -> Vec<String> {
    let measured = |word: &str| word.chars().map(width).sum::<i32>();
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in words(paragraph) {
        let length = measured(word.trim_end());
        if used + length > room && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        if length <= room {
            line.push_str(&word);
            used += measured(&word);
            continue;
        }
        for c in word.chars() {
            if used + width(c) > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width(c);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Pieces between which a line may end; blanks stay at the end of the piece before them.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for c in text.chars() {
        match (last, words.last_mut()) {
            (Some(before), Some(word)) if together(before, c) => word.push(c),
            _ => words.push(c.to_string()),
        }
        last = Some(c);
    }
    words
}

fn together(before: char, c: char) -> bool {
    if c.is_whitespace() || NOT_FIRST.contains(c) || NOT_LAST.contains(before) {
        return true;
    }
    !before.is_whitespace() && narrow(before) && narrow(c)
}

/// Latin letters, digits and their signs stay together.
fn narrow(c: char) -> bool {
    (c as u32) < 0x2000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn width(c: char) -> i32 {
        if narrow(c) { 1 } else { 2 }
    }

    #[track_caller]
    fn check(text: &str, room: i32, want: &[&str]) {
        assert_eq!(broken(text, room, width), want);
    }

    #[test]
    fn lines_end_where_they_may() {
        check("一二三四五", 4, &["一二", "三四", "五"]);
        check("一二三。四", 6, &["一二", "三。四"]);
        check("一“二三", 4, &["一", "“二", "三"]);
        check("共 1,234.50元 整", 10, &["共", "1,234.50元", "整"]);
        check("abcdefgh", 3, &["abc", "def", "gh"]);
        check("一\n\n二", 8, &["一", "", "二"]);
        check("", 8, &[""]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_overflows(text in "[一二，。“”a-c1-3 ]{0,40}", room in 4..30) {
            let lines = broken(&text, room, width);
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
            for line in lines.iter().map(|line| line.trim_end()) {
                prop_assert!(line.chars().map(width).sum::<i32>() <= room);
            }
        }
    }
}
