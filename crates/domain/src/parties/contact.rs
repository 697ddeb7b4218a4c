//! Contacts 联系方式: how the public reaches an organisation's desk for donors, as the organisation says itself.

use crate::say;
use crate::text::{Form, LINE_MAX, Problem};

/// The most telephones that are published.
const TELEPHONES_MAX: usize = 3;
/// The most characters of a telephone with its extension.
const TELEPHONE_MAX: usize = 30;
/// The fewest digits of a telephone: short numbers of services have five.
const TELEPHONE_DIGITS_MIN: usize = 5;
/// The most digits of a telephone with country, area and extension.
const TELEPHONE_DIGITS_MAX: usize = 20;
/// Digits of a mobile telephone, which begins with 1 and a digit from 3.
const MOBILE_DIGITS: usize = 11;
/// The most characters of a mail address.
const MAIL_MAX: usize = 100;
/// The longest name of a person; a desk with a shorter name has to end like a desk.
const SHORT_NAME_CHARS: usize = 4;

/// Stands before an extension.
const EXTENSION: char = '转';

/// How names of units, desks and posts end.
const DESK_ENDINGS: [char; 20] = [
    '处', '部', '室', '科', '组', '台', '口', '岗', '办', '会', '心', '站', '厅', '社', '队', '点',
    '股', '线', '员', '窗',
];

/// 〔联系方式表〕 What staff types.
#[derive(Debug, Clone, Default)]
pub struct ContactForm {
    /// The unit or desk that donors turn to; never a person.
    pub desk: String,
    /// Office telephones, one on each line.
    pub telephones: String,
    /// Mail address, may be empty.
    pub mail: String,
    /// Postal address, may be empty.
    pub address: String,
    /// Office hours, may be empty.
    pub hours: String,
    /// The version that the writer saw, 0 where there was none.
    pub version: i64,
}

/// 〔联系方式〕 How an organisation is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The unit or desk that donors turn to.
    pub desk: String,
    /// Office telephones, as they are dialled.
    pub telephones: Vec<String>,
    /// Mail address, may be empty.
    pub mail: String,
    /// Postal address, may be empty.
    pub address: String,
    /// Office hours, may be empty.
    pub hours: String,
}

/// Reads a form into what is published.
///
/// # Errors
/// All problems at once, field by field.
pub fn decide_contact(form: &ContactForm) -> Result<Contact, Vec<Problem>> {
    let mut check = Form::new();
    let desk = check.line("desk", "联系部门", &form.desk, LINE_MAX);
    if !desk.is_empty() && !is_desk(&desk) && !check.has("desk") {
        let sentence = "这里像是一个人的姓名，请写部门或岗位的名称，例如“捐赠服务处”。";
        check.refuse("desk", "person", sentence);
    }
    let telephones = telephones(&mut check, &form.telephones);
    let mail = mail(&mut check, &form.mail);
    let address = check.optional("address", "通信地址", &form.address, LINE_MAX);
    let hours = check.optional("hours", "办公时间", &form.hours, LINE_MAX);
    for (field, name, text) in [
        ("address", "通信地址", &address),
        ("hours", "办公时间", &hours),
    ] {
        if text.contains(['\n', '\r']) && !check.has(field) {
            let sentence = say!("{name}只能写一行，请删去换行后再提交。", name);
            check.refuse(field, "control_character", sentence);
        }
    }
    if telephones.is_empty() && mail.is_empty() && !check.has("telephones") && !check.has("mail") {
        let sentence = "电话和邮箱至少填一样，捐赠人才找得到你们。";
        check.refuse("telephones", "required", sentence);
    }
    check.finish(Contact {
        desk,
        telephones,
        mail,
        address,
        hours,
    })
}

/// True unless the name may be that of a person: short, Chinese, and without an ending of a desk.
fn is_desk(name: &str) -> bool {
    let plain: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    let is_han = |c: &char| ('\u{3400}'..='\u{9fff}').contains(c) || *c == '·';
    let pointed = plain.contains(&'·');
    let short = plain.len() <= SHORT_NAME_CHARS || pointed;
    let ends = plain.last().is_some_and(|c| DESK_ENDINGS.contains(c));
    !(short && plain.iter().all(is_han)) || ends
}

/// Wide digits and signs as they are dialled; an extension is marked by one sign whoever writes it.
fn dialled(line: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        0x2010..=0x2015 => '-',
        _ => c,
    };
    let plain: String = line.chars().map(narrow).collect();
    let plain = plain.to_ascii_lowercase();
    let mark = EXTENSION.to_string();
    let extended = plain.replace("ext.", &mark).replace("ext", &mark);
    extended.trim().into()
}

fn telephones(check: &mut Form, text: &str) -> Vec<String> {
    let lines = text.lines().map(dialled).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.take(TELEPHONES_MAX + 1).collect();
    if lines.len() > TELEPHONES_MAX {
        let sentence = say!(
            "电话最多公布{max}个，请留下最常用的。",
            max = TELEPHONES_MAX
        );
        check.refuse("telephones", "too_many", sentence);
        return Vec::new();
    }
    for line in &lines {
        if !is_telephone(line) {
            let sentence = say!(
                "“{line}”不像办公电话，请一行写一个，例如 027-88001234 或 400-800-1234 转 8001。",
                line = line.chars().take(TELEPHONE_MAX).collect::<String>()
            );
            check.refuse("telephones", "telephone", sentence);
        } else if holds_a_mobile(line) {
            let sentence = say!("{line}是个人手机号，公布以后收不回来；请填办公电话。", line);
            check.refuse("telephones", "mobile", sentence);
        }
    }
    lines
}

/// Digits with signs between them, and at most one extension behind `转`.
fn is_telephone(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let allowed = |c: char| matches!(c, '0'..='9' | ' ' | '-' | '+' | '(' | ')' | EXTENSION);
    let (number, extension) = line.split_once(EXTENSION).unwrap_or((line, "0"));
    line.chars().count() <= TELEPHONE_MAX
        && (TELEPHONE_DIGITS_MIN..=TELEPHONE_DIGITS_MAX).contains(&digits)
        && line.chars().all(allowed)
        && number.rfind('+').is_none_or(|at| at == 0)
        && extension.chars().all(|c| c.is_ascii_digit() || c == ' ')
        && extension.chars().any(|c| c.is_ascii_digit())
}

/// Eleven digits that begin like a mobile telephone, with or without the country, whatever stands between them.
fn holds_a_mobile(text: &str) -> bool {
    let number = text.split(EXTENSION).next().unwrap_or(text);
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let country: &[char] = &['8', '6'];
    let own = match digits.strip_prefix(country) {
        Some(rest) if rest.len() == MOBILE_DIGITS => rest,
        _ => &digits,
    };
    own.len() == MOBILE_DIGITS && matches!(own, ['1', '3'..='9', ..])
}

fn mail(check: &mut Form, text: &str) -> String {
    let mail = check.private("mail", "邮箱", text, MAIL_MAX);
    if !mail.is_empty() && !check.has("mail") && !is_mail(&mail) {
        let sentence = "邮箱的写法不对，请写成 office@example.org 这样，只写一个。";
        check.refuse("mail", "mail", sentence);
    }
    let own = mail.split('@').next().unwrap_or_default();
    if !check.has("mail") && holds_a_mobile(own) {
        let sentence = "邮箱里有个人手机号，请换一个办公邮箱。";
        check.refuse("mail", "mobile", sentence);
    }
    mail
}

/// Letters, digits and a few signs around one `@`, and a point behind it.
fn is_mail(text: &str) -> bool {
    let Some((own, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let dotted = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    !own.is_empty()
        && own.chars().all(|c| plain(c) || c == '+')
        && host.chars().all(plain)
        && dotted
}

/// A telephone as the address of a link: digits, a leading plus, and the extension as programs dial it.
#[must_use]
pub fn telephone_address(line: &str) -> String {
    let digits = |text: &str| {
        let kept = text.chars().filter(|c| c.is_ascii_digit() || *c == '+');
        kept.collect::<String>()
    };
    match line.split_once(EXTENSION) {
        Some((number, extension)) => format!("tel:{};ext={}", digits(number), digits(extension)),
        None => format!("tel:{}", digits(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ContactForm {
        ContactForm {
            desk: "捐赠服务处".into(),
            telephones: "0000-8800 1001\n\n（0000）88001002转3".into(),
            mail: "donors@jiangcheng.example.org".into(),
            address: "江城市和平路1号".into(),
            hours: "周一至周五 9:00-17:00".into(),
            version: 0,
        }
    }

    #[test]
    fn a_good_form_is_read_as_it_is_dialled() {
        let contact = decide_contact(&form()).unwrap();
        assert_eq!(contact.telephones, ["0000-8800 1001", "(0000)88001002转3"]);
        let links: Vec<_> = contact
            .telephones
            .iter()
            .map(|t| telephone_address(t))
            .collect();
        assert_eq!(links, ["tel:000088001001", "tel:000088001002;ext=3"]);
    }

    #[test]
    fn all_problems_come_at_once() {
        let wrong = ContactForm {
            desk: " ".into(),
            telephones: "打给小王".into(),
            mail: "不是邮箱".into(),
            address: "a\nb".into(),
            hours: "长".repeat(LINE_MAX + 1),
            version: 0,
        };
        let problems = decide_contact(&wrong).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| p.field).collect();
        assert_eq!(fields, ["desk", "telephones", "mail", "hours", "address"]);
    }

    #[test]
    fn one_way_is_enough_and_none_is_not() {
        let of = |telephones: &str, mail: &str| {
            let form = ContactForm {
                telephones: telephones.into(),
                mail: mail.into(),
                ..form()
            };
            decide_contact(&form).is_ok()
        };
        assert!(of("0000-88001001", ""));
        assert!(of("", "a@b.org"));
        assert!(!of("", ""));
        assert!(!of("1\n2\n3\n4", "a@b.org"), "at most three");
    }

    #[track_caller]
    fn check_desk(name: &str, want: bool) {
        assert_eq!(is_desk(name), want, "{name}");
    }

    #[test]
    fn a_desk_is_no_person() {
        check_desk("捐赠服务处", true);
        check_desk("办公室", true);
        check_desk("财务部", true);
        check_desk("Donor desk", true);
        check_desk("王小明", false);
        check_desk("欧阳建国", false);
        check_desk("阿卜杜热合曼·买买提", false);
    }

    #[track_caller]
    fn check_telephone(line: &str, code: Option<&str>) {
        let mut form = Form::new();
        telephones(&mut form, line);
        let got = form.problems().first().map(|problem| problem.code);
        assert_eq!(got, code, "{line}");
    }

    #[test]
    fn telephones_of_people_are_refused() {
        check_telephone("0000-88001001", None);
        check_telephone("400-800-1234 转 8001", None);
        check_telephone("+86 27 8800 1234", None);
        check_telephone("0000-88001001 Ext. 8", None);
        check_telephone("12345", None);
        check_telephone("138 0013 8000", Some("mobile"));
        check_telephone("+86-138-0013-8000", Some("mobile"));
        check_telephone("１３８００１３８０００", Some("mobile"));
        check_telephone("1234", Some("telephone"));
        check_telephone("88001234转", Some("telephone"));
        check_telephone("88+001234", Some("telephone"));
        check_telephone("<b>88001234</b>", Some("telephone"));
    }

    #[test]
    fn mail_addresses_are_told_from_other_texts() {
        for (text, want) in [
            ("office@example.org", true),
            ("a.b+c@x-y.org.cn", true),
            ("@example.org", false),
            ("a@b", false),
            ("a@b.", false),
            ("a b@example.org", false),
            ("a@b@c.org", false),
            ("a@example.org?cc=x", false),
        ] {
            assert_eq!(is_mail(text), want, "{text}");
        }
    }
}
