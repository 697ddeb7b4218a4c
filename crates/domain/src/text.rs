//! Words that strangers type: trimmed, measured and cleaned once, at the edge.

use kernel::{Fen, ParseFenError};

use crate::{Sentence, say};

/// The longest one-line text of a form, in characters.
pub const LINE_MAX: usize = 100;
/// The longest story or purpose, in characters.
pub const STORY_MAX: usize = 5_000;
/// The longest message of a donor, in characters (dictionary 2.6).
pub const MESSAGE_MAX: usize = 200;

/// 〔填写问题〕 One thing wrong with one field of a form or request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name as in the form and the API.
    pub field: &'static str,
    /// Stable code, for example `too_long`.
    pub code: &'static str,
    /// One plain Chinese sentence with what to do.
    pub sentence: Sentence,
}

impl Problem {
    /// A problem with a field.
    pub fn new(field: &'static str, code: &'static str, sentence: impl Into<Sentence>) -> Self {
        Problem {
            field,
            code,
            sentence: sentence.into(),
        }
    }
}

/// 〔填写检查〕 Collects all problems of a form at once, so that nobody has to send it twice.
#[derive(Debug, Default)]
pub struct Form {
    problems: Vec<Problem>,
}

/// Why a text is no amount, and what to type instead: what somebody probably means is said in digits and in capitals,
/// so that a slip of a factor of ten is seen before it is booked.
fn no_amount(text: &str) -> Sentence {
    match Fen::parse(text) {
        Ok(_) => "金额要大于零，请填写至少0.01元。".into(),
        Err(ParseFenError::Empty) => "请填写金额，例如 50 或 50.00。".into(),
        Err(ParseFenError::TooLarge) => "金额太大，请检查是否多写了数字。".into(),
        Err(ParseFenError::TooManyDecimals) => "金额最多到分，请保留两位小数。".into(),
        Err(_) => match Fen::guessed(text) {
            Some(meant) => say!(
                "您是说{amount}（{words}）吗？是的话请用数字填写：{digits}。",
                amount = meant,
                words = meant.chinese(),
                digits = meant.typed()
            ),
            None => "金额写法不对，请只填数字，最多两位小数，例如 50 或 50.00。".into(),
        },
    }
}

impl Form {
    /// A form without problems.
    pub fn new() -> Self {
        Form::default()
    }

    /// Notes a problem.
    pub fn refuse(
        &mut self,
        field: &'static str,
        code: &'static str,
        sentence: impl Into<Sentence>,
    ) {
        self.problems.push(Problem::new(field, code, sentence));
    }

    /// A required line of at most `max` characters that everybody will read; returns the trimmed text.
    pub fn line(
        &mut self,
        field: &'static str,
        name: &'static str,
        value: &str,
        max: usize,
    ) -> String {
        let text = self.private_line(field, name, value, max);
        self.public(field, name, &text);
        text
    }

    /// An optional text of at most `max` characters that everybody will read.
    pub fn optional(
        &mut self,
        field: &'static str,
        name: &'static str,
        value: &str,
        max: usize,
    ) -> String {
        let text = self.private(field, name, value, max);
        self.public(field, name, &text);
        text
    }

    /// Refuses numbers of people in words that everybody will read: what is public once is public for ever.
    pub fn public(&mut self, field: &'static str, name: &'static str, text: &str) {
        self.personal(field, name, leaf::scan_words(text));
    }

    /// The same for words that stand in the leaf itself, where a date with a tail is taken for a number too.
    pub fn stated(&mut self, field: &'static str, name: &'static str, text: &str) {
        self.personal(field, name, leaf::scan(text));
    }

    fn personal(&mut self, field: &'static str, name: &'static str, found: Option<leaf::Personal>) {
        if let Some(what) = found
            && !self.has(field)
        {
            let sentence = say!(
                "{name}会向所有人公开，里面像是有{what}，请删去个人的号码后再提交。",
                name,
                what = what.title()
            );
            self.refuse(field, "personal_number", sentence);
        }
    }

    /// A required line of at most `max` characters that only those concerned read, or whose form proves itself.
    pub fn private_line(
        &mut self,
        field: &'static str,
        name: &'static str,
        value: &str,
        max: usize,
    ) -> String {
        let text = self.private(field, name, value, max);
        if text.is_empty() && !self.has(field) {
            self.refuse(field, "required", say!("请填写{name}。", name));
        }
        text
    }

    /// A name that may be shown in public: one line, no number that belongs to a person; may be empty.
    pub fn name(&mut self, field: &'static str, name: &'static str, value: &str) -> String {
        let text = self.private(field, name, value, LINE_MAX);
        if text.chars().any(char::is_control) && !self.has(field) {
            self.refuse(
                field,
                "control_character",
                say!("{name}只能写一行，请删去换行后再提交。", name),
            );
        }
        if holds_a_number(&text) && !self.has(field) {
            self.refuse(
                field,
                "number",
                say!("{name}里不要写电话、证件号或账号，请只写名字。", name),
            );
        }
        self.public(field, name, &text);
        text
    }

    /// An optional text of at most `max` characters that only those concerned read; characters that nobody sees
    /// are refused.
    pub fn private(
        &mut self,
        field: &'static str,
        name: &'static str,
        value: &str,
        max: usize,
    ) -> String {
        let text = value.trim();
        if text.chars().count() > max {
            self.refuse(
                field,
                "too_long",
                say!("{name}最多{max}个字，请缩短后再提交。", name, max),
            );
        } else if text.chars().any(unseen) {
            self.refuse(
                field,
                "control_character",
                say!("{name}里有看不见的控制字符，请删去后再提交。", name),
            );
        }
        text.to_string()
    }

    /// An amount in yuan with at most two decimals, more than zero.
    pub fn amount(&mut self, field: &'static str, value: &str) -> Option<kernel::Amount> {
        match kernel::Amount::parse(value.trim()) {
            Ok(amount) => Some(amount),
            Err(_) => {
                self.refuse(field, "amount", no_amount(value.trim()));
                None
            }
        }
    }

    /// A day written like 2026-11-22.
    pub fn day(
        &mut self,
        field: &'static str,
        name: &'static str,
        value: &str,
    ) -> Option<kernel::Day> {
        let day = kernel::Day::parse(value.trim()).ok();
        if day.is_none() {
            self.refuse(
                field,
                "day",
                say!("{name}请写成年-月-日，例如 2026-11-22。", name),
            );
        }
        day
    }

    /// True if the field has a problem already.
    pub fn has(&self, field: &str) -> bool {
        self.problems.iter().any(|p| p.field == field)
    }

    /// The value if there was no problem, else all problems.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(self.problems)
        }
    }

    /// All problems so far, in the order of the fields.
    pub fn problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// As many digits in a row are a telephone, a document or an account.
const NUMBER_DIGITS: usize = 7;

/// Characters that change what is read without being seen: controls, those that turn the direction of writing, and
/// blanks without width. Joiners stay, because some scripts and pictures are not written without them.
fn unseen(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

/// Whether a name holds a telephone, a document's or an account's number; blanks and hyphens do not hide it.
fn holds_a_number(name: &str) -> bool {
    let mut digits = 0_usize;
    for c in name.chars() {
        match c {
            '0'..='9' | '\u{ff10}'..='\u{ff19}' => digits = digits.saturating_add(1),
            ' ' | '-' | '－' | '\u{3000}' => {}
            _ => digits = 0,
        }
        if digits >= NUMBER_DIGITS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_amount(text: &str, want: Option<i64>) {
        let mut form = Form::new();
        assert_eq!(
            form.amount("amount", text).map(kernel::Amount::get),
            want,
            "{text:?}"
        );
        assert_eq!(form.problems().is_empty(), want.is_some());
    }

    #[test]
    fn amounts_are_read_or_refused_with_words() {
        check_amount("50", Some(5_000));
        check_amount(" 0.01 ", Some(1));
        check_amount("0", None);
        check_amount("-5", None);
        check_amount("1.234", None);
        check_amount("五十", None);
        check_amount("", None);
    }

    #[test]
    fn numbers_of_people_are_refused_where_everybody_reads() {
        let mut form = Form::new();
        form.line(
            "payee",
            "收款人",
            "张三 手机１３８-００１３-８０００",
            LINE_MAX,
        );
        form.optional("purpose", "用途", "给110101199003077758", STORY_MAX);
        form.private("contact", "联系方式", "13800138000", LINE_MAX);
        form.line("scheme", "项目", "2026.3.1-2026.4.30", LINE_MAX);
        let found: Vec<_> = form.problems().iter().map(|p| (p.field, p.code)).collect();
        let expected = [("payee", "personal_number"), ("purpose", "personal_number")];
        assert_eq!(found, expected);
    }

    #[test]
    fn all_problems_come_at_once() {
        let mut form = Form::new();
        form.line("name", "姓名", "  ", 10);
        form.optional("message", "留言", &"长".repeat(11), 10);
        form.optional("story", "说明", "a\u{0}b", 10);
        let fields: Vec<_> = form.problems().iter().map(|p| (p.field, p.code)).collect();
        assert_eq!(
            fields,
            [
                ("name", "required"),
                ("message", "too_long"),
                ("story", "control_character")
            ]
        );
    }

    #[track_caller]
    fn check_name(name: &str, want: Option<&str>) {
        let mut form = Form::new();
        form.name("donor_name", "姓名", name);
        let got = form.problems().first().map(|problem| problem.code);
        assert_eq!(got, want, "{name:?}");
    }

    #[test]
    fn names_are_seen_as_they_are_written() {
        check_name("王小明", None);
        check_name("阿卜杜热合曼·买买提", None);
        check_name("江城第101中学2016级3班", None);
        check_name("张三\u{202e}四李", Some("control_character"));
        check_name("张\u{200b}三", Some("control_character"));
        check_name("张三\n李四", Some("control_character"));
        check_name("13812345678", Some("number"));
        check_name("张三 138-1234-5678", Some("number"));
        check_name("１３８１２３４５６７８", Some("number"));
        check_name("330106198002290011", Some("number"));
    }
}
