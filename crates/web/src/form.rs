//! Forms: what is asked, what was typed, what is wrong with it, and the key that keeps a form from acting twice.
//!
//! A form is data ([`FormView`]), drawn by `components/form.html`; so every form has its labels,
//! its hints, its summary of problems at the top and its problems at the fields in the same way.

use app::{AppError, CommandKey};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use domain::text::Problem;
use domain::{Refusal, Sentence};

use crate::error;
use crate::view::REACH;

/// Name of the hidden field with the command key.
pub(crate) const KEY_FIELD: &str = "command_key";
/// Name of the button that shows the filled form once more and does nothing.
pub(crate) const REVIEW_FIELD: &str = "review";
/// What stands before the name of a field of files whose files are kept already.
pub(crate) const KEPT_BEFORE: &str = "kept_";
/// Says in which field a file was chosen; only we write it.
pub(crate) const CHOSEN_FIELD: &str = "chosen:file";
/// Marks the name of a kept file behind its ticket.
const KEPT_NAME: &str = ":name";
/// The most fields of a form that are read.
const FIELDS_MAX: usize = 60;
/// Choices with more characters than this stand in wider boxes.
const SHORT_CHOICE_CHARS: usize = 9;

/// Name of the field with a code of the second factor.
pub(crate) const CODE_FIELD: &str = "one_time_code";

/// Name of the field with the answer of a passkey, which stands in place of a code; only scripts send it.
pub(crate) const PASSKEY_FIELD: &str = "passkey";

/// The field of a code of the second factor.
pub(crate) fn code_field() -> Field {
    Field::new(CODE_FIELD, "验证码", Input::Line("one-time-code"))
}

/// What somebody typed, kept as it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

impl Typed {
    /// The value of a field, empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// What shows who is there: the answer of a passkey if there is one, else the code that was typed.
    pub(crate) fn proof(&self) -> &str {
        match self.get(PASSKEY_FIELD) {
            "" => self.get(CODE_FIELD),
            answer => answer,
        }
    }

    /// The same as an owned text, for the forms of commands.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).to_string()
    }

    /// Files of a field that are kept already: ticket and name.
    pub(crate) fn kept_of(&self, field: &str) -> Vec<(String, String)> {
        let ticket = format!("{KEPT_BEFORE}{field}");
        let name = format!("{ticket}{KEPT_NAME}");
        let all = |wanted: String| {
            let pairs = self.0.iter();
            pairs
                .filter(move |(known, _)| *known == wanted)
                .map(|(_, value)| value.clone())
        };
        all(ticket).zip(all(name)).collect()
    }

    /// Says which files of a field are kept, in place of what was said before.
    pub(crate) fn keep_files(&mut self, field: &str, kept: Vec<(String, String)>) {
        let ticket = format!("{KEPT_BEFORE}{field}");
        let name = format!("{ticket}{KEPT_NAME}");
        self.0
            .retain(|(known, _)| *known != ticket && *known != name);
        for (one, called) in kept {
            self.0.push((ticket.clone(), one));
            self.0.push((name.clone(), called));
        }
    }

    /// The command key that the form carried.
    pub(crate) fn key(&self) -> CommandKey {
        CommandKey(self.text(KEY_FIELD))
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Typed, Response> {
        match axum::Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(axum::Form(mut pairs)) => {
                pairs.truncate(FIELDS_MAX);
                Ok(Typed(pairs))
            }
            Err(_) => Err(error::page(unreadable())),
        }
    }
}

/// A body that is no form, or longer than any form of ours.
pub(crate) fn unreadable() -> AppError {
    AppError::Refused(Refusal {
        code: "form_unreadable",
        sentence: "表单内容读不出来或太长，没有执行；请返回上一页缩短后重新提交。".into(),
        law: None,
        field: None,
    })
}

/// How a field is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// One line; the text is the `autocomplete` purpose, `off` if none.
    Line(&'static str),
    /// Yuan.
    Amount,
    /// Hundredths of a whole.
    Percent,
    /// A division of the country, by name or code; scripts suggest, the server reads names as well.
    Region,
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// Several lines; so many are visible at first.
    Area(u8),
    /// One of a few, all visible: code and words.
    Choice(Vec<(String, Sentence)>),
    /// One of many: code and words.
    Select(Vec<(String, Sentence)>),
    /// A password that exists, or a new one.
    Password(&'static str),
    /// Files of evidence.
    Files,
    /// One file with a table, as it came from a bank or a channel.
    Sheet,
    /// A box to tick.
    Tick,
    /// Carried along unseen.
    Hidden,
}

/// One field of a form.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Name as in the request and in problems.
    pub(crate) name: &'static str,
    /// Its place on the page; differs from the name where several forms stand on one page.
    pub(crate) anchor: String,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What to know before typing; may be empty.
    pub(crate) hint: Sentence,
    /// How it is asked.
    pub(crate) input: Input,
    /// True if it must be filled.
    pub(crate) required: bool,
    /// True if the cursor starts here.
    pub(crate) first: bool,
    /// What stands in it.
    pub(crate) value: String,
    /// What is wrong with it.
    pub(crate) problems: Vec<Sentence>,
    /// Files that are kept already: ticket and name.
    pub(crate) kept: Vec<(String, String)>,
}

impl Field {
    /// A required field.
    pub(crate) fn new(name: &'static str, label: &'static str, input: Input) -> Field {
        Field {
            name,
            anchor: name.to_string(),
            label,
            hint: "".into(),
            input,
            required: true,
            first: false,
            value: String::new(),
            problems: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Carried along unseen.
    pub(crate) fn hidden(name: &'static str, value: &str) -> Field {
        Field::new(name, "", Input::Hidden)
            .optional()
            .starting(value)
    }

    /// With a hint.
    pub(crate) fn hint(mut self, hint: impl Into<Sentence>) -> Field {
        self.hint = hint.into();
        self
    }

    /// May stay empty.
    pub(crate) fn optional(mut self) -> Field {
        self.required = false;
        self
    }

    /// The cursor starts here.
    pub(crate) fn focused(mut self) -> Field {
        self.first = true;
        self
    }

    /// With this value until something is typed.
    pub(crate) fn starting(mut self, value: &str) -> Field {
        self.value = value.to_string();
        self
    }

    /// The unit written behind the entry.
    pub(crate) fn suffix(&self) -> &'static str {
        match self.input {
            Input::Amount => "元",
            Input::Percent => "%",
            _ => "",
        }
    }

    /// True for entries whose value is never sent back.
    pub(crate) fn takes_no_value(&self) -> bool {
        matches!(self.input, Input::Password(_) | Input::Files | Input::Sheet)
    }

    /// Attributes of a one-line entry; fixed words only, nothing that was typed.
    pub(crate) fn attributes(&self) -> String {
        match &self.input {
            // A browser brings back after its back button only what it may complete.
            Input::Amount => entry(
                "text",
                "inputmode=\"decimal\" autocomplete=\"transaction-amount\"",
            ),
            Input::Percent => entry("text", "inputmode=\"decimal\" autocomplete=\"off\""),
            Input::Region => entry(
                "text",
                "autocomplete=\"off\" maxlength=\"100\" data-regions=\"/regions/suggest?q=\"",
            ),
            Input::Number => entry("text", "inputmode=\"numeric\" autocomplete=\"off\""),
            // A day picker would drop words that are no day; then they are shown as text.
            Input::Day if self.value.is_empty() || kernel::Day::parse(&self.value).is_ok() => {
                entry("date", "")
            }
            Input::Password(purpose) => entry(
                "password",
                &format!("autocomplete=\"{purpose}\" maxlength=\"200\""),
            ),
            Input::Files => entry(
                "file",
                "multiple accept=\".pdf,.jpg,.jpeg,.png,.webp,.xlsx,.csv,.txt\"",
            ),
            Input::Sheet => entry("file", "accept=\".csv,.xlsx,.txt,.gz,.zip\""),
            Input::Line(purpose) => entry("text", &format!("autocomplete=\"{purpose}\"")),
            _ => entry("text", "autocomplete=\"off\""),
        }
    }

    /// True if a choice has words that need more room than a number or a name.
    pub(crate) fn is_wordy(&self) -> bool {
        let Input::Choice(options) = &self.input else {
            return false;
        };
        let long = |words: &Sentence| words.to_string().chars().count() > SHORT_CHOICE_CHARS;
        options.iter().any(|(_, words)| long(words))
    }

    /// Names what describes the field, for `aria-describedby`.
    pub(crate) fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.anchor));
        }
        if !self.problems.is_empty() {
            ids.push(format!("{}-problem", self.anchor));
        }
        ids.join(" ")
    }
}

fn entry(kind: &str, rest: &str) -> String {
    format!("type=\"{kind}\" {rest}").trim_end().to_string()
}

/// One problem in the list at the top of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProblemLine {
    /// Place of its field on the page; empty if it has none here.
    pub(crate) anchor: String,
    /// Name of the field, where the sentence does not say which one it means.
    pub(crate) label: Option<&'static str>,
    /// What is wrong, with what to do next.
    pub(crate) sentence: Sentence,
}

/// A form as it is drawn.
#[derive(Debug, Clone)]
pub(crate) struct FormView {
    /// Where it is sent.
    pub(crate) action: String,
    /// The command key.
    pub(crate) key: String,
    /// Its fields, in order.
    pub(crate) fields: Vec<Field>,
    /// All problems, for the top of the form.
    pub(crate) problems: Vec<ProblemLine>,
    /// The article behind a refusal.
    pub(crate) law: Option<&'static str>,
    /// Words of the button.
    pub(crate) submit: &'static str,
    /// Where to go first, with the words of the link.
    pub(crate) way: Option<(&'static str, &'static str)>,
    /// True if files are sent.
    pub(crate) multipart: bool,
    /// True if it cannot be undone.
    pub(crate) grave: bool,
    /// True if nothing is wrong: it is only to be looked at once more.
    pub(crate) looked_at: bool,
    /// True if it only asks whether what was typed is meant: a second button leads back to the filled form.
    pub(crate) asks_again: bool,
}

impl FormView {
    /// A form with a fresh command key.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(crate) fn new(
        action: impl Into<String>,
        submit: &'static str,
        fields: Vec<Field>,
    ) -> Result<FormView, AppError> {
        let multipart = fields
            .iter()
            .any(|field| matches!(field.input, Input::Files | Input::Sheet));
        Ok(FormView {
            action: action.into(),
            key: fresh_key()?,
            fields,
            problems: Vec::new(),
            law: None,
            submit,
            way: None,
            multipart,
            grave: false,
            looked_at: false,
            asks_again: false,
        })
    }

    /// A form that only asks whether what was typed is meant: everything stands in it unseen, under the same key.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(crate) fn asking_again(
        action: impl Into<String>,
        submit: &'static str,
        typed: &Typed,
    ) -> Result<FormView, AppError> {
        let mut form = FormView::new(action, submit, Vec::new())?;
        form.keep(typed);
        form.asks_again = true;
        Ok(form)
    }

    /// Marks the button of what cannot be undone.
    pub(crate) fn grave(mut self) -> FormView {
        self.grave = true;
        self
    }

    /// Keeps the places of this form's fields apart from those of other forms on the page.
    pub(crate) fn apart(mut self, prefix: &str) -> FormView {
        for field in &mut self.fields {
            field.anchor = format!("{prefix}-{}", field.name);
        }
        self
    }

    /// Shows what was typed and what is wrong with it. The key stays: what was refused did not act.
    pub(crate) fn answering(mut self, typed: &Typed, error: &AppError) -> FormView {
        self.keep(typed);
        self.tell_lost_files(typed);
        self.unchoose(typed);
        self.ask_for_code(error);
        match error {
            AppError::Invalid(problems) => {
                self.looked_at = problems.iter().all(|problem| problem.code == REVIEW_FIELD);
                self.show_problems(problems);
            }
            AppError::Refused(refusal) | AppError::Denied(refusal) => {
                let field = refusal.field.unwrap_or_default();
                self.show_problem(field, None, &refusal.sentence);
                self.law = refusal.law;
            }
            AppError::Conflict(refusal) => {
                // The old key is spent: sending again must be a new act.
                self.key = fresh_key().unwrap_or_default();
                self.show_problem("", None, &refusal.sentence);
            }
            AppError::NotFound(_) => self.show_unchosen(&error.sentence()),
            other => self.show_problem("", None, &other.sentence()),
        }
        self.show_problems_first();
        self
    }

    /// Where a problem sends somebody to the organisation, the summary leads to where this page says how it is reached.
    pub(crate) fn reaching(mut self) -> FormView {
        let sends = |line: &ProblemLine| line.sentence.to_string().contains(REACH);
        if self.problems.iter().any(sends) {
            self.way = Some(("#whom", "找谁问"));
        }
        self
    }

    /// Where several divisions are called as it was typed, they are offered in place of the entry.
    pub(crate) fn offering(mut self, name: &str, choices: &[app::view::RegionChoice]) -> FormView {
        let several = choices.len() > 1;
        for field in self
            .fields
            .iter_mut()
            .filter(|field| several && field.name == name)
        {
            let words = choices.iter().map(app::view::RegionChoice::words);
            field.input = Input::Select(words.map(|words| (words.clone(), words.into())).collect());
        }
        self
    }

    /// What wants a code is done from this very form, so that nothing typed is lost; a code that was sent is spent.
    fn ask_for_code(&mut self, error: &AppError) {
        let field = |field: &Field| field.name == CODE_FIELD;
        if let AppError::Denied(refusal) = error {
            if refusal.field == Some(CODE_FIELD) && !self.fields.iter().any(field) {
                let hint = "手机验证器上的六位数字，也可以填一个恢复码。";
                self.fields.push(code_field().hint(hint));
            }
            if refusal.code == "second_factor_required" {
                self.way = Some(("/desk/security", "开启两步验证"));
            }
        }
        for field in self.fields.iter_mut().filter(|one| field(one)) {
            field.value.clear();
        }
    }

    /// Sets what is carried along in a field, whatever was sent.
    pub(crate) fn with_value(mut self, name: &str, value: String) -> FormView {
        let mut fields = self.fields.iter_mut();
        if let Some(field) = fields.find(|field| field.name == name) {
            field.value = value;
        }
        self
    }

    /// Shows what was typed.
    pub(crate) fn keep(&mut self, typed: &Typed) {
        let key = typed.get(KEY_FIELD);
        if !key.is_empty() && key.len() <= app::command::KEY_MAX {
            self.key = key.to_string();
        }
        for field in &mut self.fields {
            // Passwords are typed again; files cannot be kept by a browser, but by us.
            if field.takes_no_value() {
                field.kept = typed.kept_of(field.name);
                continue;
            }
            if typed.0.iter().any(|(name, _)| name == field.name) {
                field.value = typed.text(field.name);
            }
        }
    }

    /// A browser never sends a file twice: where one was chosen and is not kept, its field says so at once.
    fn tell_lost_files(&mut self, typed: &Typed) {
        let lost = |name: &str| {
            let mut pairs = typed.0.iter();
            pairs.any(|(field, chosen)| field == CHOSEN_FIELD && chosen == name)
        };
        for field in &mut self.fields {
            if field.kept.is_empty() && lost(field.name) {
                let sentence = "刚才选的文件没有留下，请在这里重新选择。";
                field.problems.push(sentence.into());
            }
        }
    }

    /// Of several choices none was sent: none is shown as chosen, though the form began with one.
    fn unchoose(&mut self, typed: &Typed) {
        for field in &mut self.fields {
            let is_choice = matches!(field.input, Input::Choice(_));
            if is_choice && typed.0.iter().all(|(name, _)| name != field.name) {
                field.value.clear();
            }
        }
    }

    /// What was chosen is not there: every list with nothing chosen and every needed field without a word says so at
    /// its place, so that all problems are seen at once.
    fn show_unchosen(&mut self, sentence: &Sentence) {
        let missing = |field: &Field| match &field.input {
            Input::Choice(options) | Input::Select(options) => options
                .iter()
                .all(|(code, _)| *code != field.value)
                .then_some("请在这里选一项。"),
            Input::Amount | Input::Number | Input::Day | Input::Line(_) | Input::Area(_) => {
                field.value.trim().is_empty().then_some("请填写这一项。")
            }
            _ => None,
        };
        let needed = self.fields.iter().filter(|field| field.required);
        let unfilled: Vec<_> = needed
            .filter_map(|field| Some((field.name, field.label, missing(field)?)))
            .collect();
        if unfilled.is_empty() {
            self.show_problem("", None, sentence);
        }
        for (name, label, words) in unfilled {
            self.show_problem(name, Some(label), &words.into());
        }
    }

    fn show_problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            self.show_problem(problem.field, None, &problem.sentence);
        }
    }

    /// Shows a problem at the top and, if this form has the field, at the field. At the top, far from the field, a
    /// sentence that says only "this one" needs the field's `label` before it.
    fn show_problem(&mut self, name: &str, label: Option<&'static str>, sentence: &Sentence) {
        let mut anchor = String::new();
        for field in self.fields.iter_mut().filter(|field| field.name == name) {
            field.problems.push(sentence.clone());
            anchor.clone_from(&field.anchor);
        }
        self.problems.push(ProblemLine {
            anchor,
            label,
            sentence: sentence.clone(),
        });
    }

    /// The summary of problems is read first, in the order of the fields; each line leads to its field.
    fn show_problems_first(&mut self) {
        let place = |line: &ProblemLine| {
            let mut fields = self.fields.iter();
            fields
                .position(|field| field.anchor == line.anchor)
                .unwrap_or(usize::MAX)
        };
        self.problems.sort_by_key(place);
        for field in &mut self.fields {
            field.first = false;
        }
    }
}

/// A fresh random command key: 128 bits in hex.
pub(crate) fn fresh_key() -> Result<String, AppError> {
    let bytes =
        gateway::entropy::draw::<16>(&gateway::SystemEntropy).map_err(AppError::internal)?;
    Ok(hex::encode(bytes))
}

/// Codes and words for a choice.
pub(crate) fn choices(pairs: &[(&str, &'static str)]) -> Vec<(String, Sentence)> {
    pairs
        .iter()
        .map(|(code, words)| ((*code).to_string(), (*words).into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> FormView {
        let fields = vec![
            Field::new("amount", "金额", Input::Amount),
            Field::new("secret", "密码", Input::Password("current-password")),
        ];
        FormView::new("/x", "提交", fields).unwrap()
    }

    fn typed() -> Typed {
        let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
        Typed(vec![
            pair("amount", "五十"),
            pair("secret", "s"),
            pair(KEY_FIELD, "k1"),
        ])
    }

    fn line(anchor: &str, label: Option<&'static str>, sentence: &'static str) -> ProblemLine {
        ProblemLine {
            anchor: anchor.into(),
            label,
            sentence: sentence.into(),
        }
    }

    #[test]
    fn everything_typed_is_kept_but_passwords() {
        let problem = Problem::new("amount", "amount", "金额写法不对。");
        let other = Problem::new("nowhere", "x", "别的问题。");
        let shown = form().answering(&typed(), &AppError::Invalid(vec![problem, other]));
        assert_eq!(shown.fields[0].value, "五十");
        assert_eq!(shown.fields[0].problems, ["金额写法不对。".into()]);
        assert_eq!(shown.fields[1].value, "");
        assert_eq!(shown.key, "k1");
        assert_eq!(shown.problems[0], line("amount", None, "金额写法不对。"));
        assert_eq!(shown.problems[1], line("", None, "别的问题。"));
    }

    #[test]
    fn problems_stand_in_the_order_of_the_fields() {
        let fields = vec![
            Field::new("name", "姓名", Input::Line("name")).focused(),
            Field::new("contact", "手机或邮箱", Input::Line("on")),
        ];
        let form = FormView::new("/x", "提交", fields).unwrap();
        let problems = [
            ("contact", "手机不对。"),
            ("", "别的。"),
            ("name", "请填写。"),
        ];
        let problems = problems.map(|(field, words)| Problem::new(field, "x", words));
        let shown = form.answering(&Typed::default(), &AppError::Invalid(problems.to_vec()));
        let anchors: Vec<&str> = shown.problems.iter().map(|p| p.anchor.as_str()).collect();
        assert_eq!(anchors, ["name", "contact", ""]);
        assert!(shown.fields.iter().all(|field| !field.first));
    }

    #[test]
    fn a_conflict_gets_a_new_key() {
        let shown = form().answering(&typed(), &AppError::conflict("x", "已经变化。"));
        assert_ne!(shown.key, "k1");
        assert_eq!(shown.key.len(), 32);
    }

    #[test]
    fn a_list_with_nothing_chosen_says_so() {
        let place = Input::Select(choices(&[("a", "现金"), ("b", "银行")]));
        let fields = vec![Field::new("place", "从哪里付", place)];
        let form = FormView::new("/x", "提交", fields).unwrap();
        let gone = AppError::NotFound("存放处");
        let empty = form.clone().answering(&Typed::default(), &gone);
        let asked = line("place", Some("从哪里付"), "请在这里选一项。");
        assert_eq!(empty.problems, [asked]);
        assert_eq!(empty.fields[0].problems.len(), 1);
        let chosen = Typed(vec![("place".into(), "b".into())]);
        let other = form.answering(&chosen, &gone);
        assert_eq!(other.problems.len(), 1);
        assert_eq!(other.problems[0].sentence, gone.sentence());
    }

    #[test]
    fn a_refusal_about_one_field_stands_beside_it() {
        let refusal = domain::Refusal {
            code: "x",
            sentence: "钱不够，请减少金额。".into(),
            law: None,
            field: Some("amount"),
        };
        let shown = form().answering(&typed(), &AppError::Refused(refusal));
        let told = line("amount", None, "钱不够，请减少金额。");
        assert_eq!(shown.problems, [told]);
        assert_eq!(shown.fields[0].problems, ["钱不够，请减少金额。".into()]);
        assert!(!shown.fields[0].first, "the summary is read first");
    }

    #[test]
    fn where_only_the_organisation_helps_the_summary_leads_there() {
        let told = |words: &'static str| {
            let problem = Problem::new("amount", "x", words);
            let shown = form().answering(&typed(), &AppError::Invalid(vec![problem]));
            shown.reaching().way
        };
        let way = Some(("#whom", "找谁问"));
        assert_eq!(told("更大的善款请直接联系慈善组织办理。"), way);
        assert_eq!(told("金额写法不对。"), None);
    }

    #[test]
    fn keys_differ() {
        assert_ne!(fresh_key().unwrap(), fresh_key().unwrap());
    }
}
