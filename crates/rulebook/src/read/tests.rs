//! The data is taken whole or not at all, and all its troubles are told at once.

use super::{Text, Troubles};
use crate::book::Rulebook;

const LAWS: &str =
    "[[law]]\nkey = \"甲法\"\ntitle = \"中华人民共和国甲法\"\nfrom = \"2024-09-05\"\n";
const READINGS: &str = "[[reading]]\nkey = \"S1\"\nwhat = \"甲法全文\"\nplace = \"某处\"\n";
const RULE: &str = "[[rule]]\nid = \"OR-01\"\ntitle = \"登记\"\ntext = \"要登记。\"\nsource = [\"甲法 第一条\"]\n\
    from = \"2024-09-05\"\nbinds = [\"CA\"]\nseverity = \"warn\"\nstatus = \"C\"\nread = [\"S1\"]\n\
    numbers = [{ name = \"decide\", is = \"30 d\", title = \"决定\" }]\n";
const DEADLINE: &str = "[[deadline]]\nkey = \"decide\"\ntrigger = \"a.accepted\"\nsince = \"受理\"\nduty = \"决定\"\n\
    timing = \"after\"\nrule = \"OR-01\"\nnumber = \"decide\"\nowes = [\"CA\"]\n";

/// A book of four files; the text lives as long as the test.
fn read(laws: &str, readings: &str, rules: &str, deadlines: &str) -> Result<Rulebook, Troubles> {
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let text = |file, text| Text {
        file,
        text: leak(text),
    };
    Rulebook::read(
        &text("laws.toml", laws),
        &text("readings.toml", readings),
        &[text("rules.toml", rules)],
        &text("deadlines.toml", deadlines),
    )
}

/// The troubles of rules that are like [`RULE`] with some words changed.
fn changed(from: &str, to: &str) -> Vec<String> {
    let rules = RULE.replace(from, to);
    assert_ne!(rules, RULE, "{from} is not there");
    troubles(read(LAWS, READINGS, &rules, DEADLINE))
}

fn troubles(read: Result<Rulebook, Troubles>) -> Vec<String> {
    let troubles = read.err().unwrap_or_default();
    troubles
        .iter()
        .map(|trouble| trouble.what.clone())
        .collect()
}

#[test]
fn a_good_book_is_read() {
    let book = read(LAWS, READINGS, RULE, DEADLINE).unwrap();
    assert_eq!((book.rules().len(), book.deadlines().len()), (1, 1));
}

#[test]
fn each_mistake_is_told() {
    let check = |from, to, told: &str| {
        let found = changed(from, to);
        assert!(
            found.iter().any(|what| what.contains(told)),
            "{to}: {found:?}"
        );
    };
    let long = format!("text = \"{}\"", "善".repeat(301));
    check("id = \"OR-01\"", "id = \"OR-1\"", "id 里的“OR-1”读不懂");
    check("title = \"登记\"\n", "", "缺少 title");
    check("title = \"登记\"", "title = \" \"", "title 应为不空的文字");
    check("text = \"要登记。\"", &long, "text 超过 300 字");
    check(
        "甲法 第一条",
        "乙法 第一条",
        "source 里的“乙法 第一条”读不懂",
    );
    check("甲法 第一条", "甲法 第1条", "source 里的");
    check("[\"甲法 第一条\"]", "[]", "缺少 source");
    check(
        "from = \"2024-09-05\"",
        "from = \"2024-13-05\"",
        "from 里的",
    );
    check("[\"CA\"]", "[\"SOMEBODY\"]", "缺少 binds");
    check("\"warn\"", "\"info\"", "severity 里的“info”读不懂");
    check("status = \"C\"", "status = \"X\"", "status 里的");
    check("read = [\"S1\"]\n", "", "没有写在哪里读到");
    check("read = [\"S1\"]", "read = [\"S9\"]", "read 里的“S9”读不懂");
    check("30 d", "30 days", "is 里的“30 days”读不懂");
    check("title = \"决定\"", "titel = \"决定\"", "多出的键 titel");
    check("binds", "who", "多出的键 who");
    check("from =", "to = \"2020-01-01\"\nfrom =", "to 早于 from");
    check(
        "title = \"决定\" }",
        "title = \"决定\", ours = false }",
        "ours 只能写 true",
    );
    check(
        "[[rule]]\nid",
        "[[rule]]\nid = 1\n[[rule]]\nid",
        "id 应为不空的文字",
    );
    check("[[rule]]", "extra = 1\n[[rule]]", "多出的键");
    check("[[rule]]", "[[rule]", "不是 TOML");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let rules = RULE.replace("\"warn\"", "\"info\"").replace("30 d", "30 x");
    let rules = format!("{rules}\n{rules}").replace("甲法 第一条", "乙法");
    let deadlines = DEADLINE.replace("OR-01", "OR-02");
    let laws = format!("{LAWS}\n{LAWS}");
    let found = troubles(read(&laws, READINGS, &rules, &deadlines));
    for told in [
        "“甲法”已有",
        "“info”读不懂",
        "“30 x”读不懂",
        "“乙法”读不懂",
        "没有规则 OR-02",
    ] {
        assert!(
            found.iter().any(|what| what.contains(told)),
            "{told}: {found:?}"
        );
    }
}

#[test]
fn versions_of_one_rule_do_not_overlap() {
    let versions = |first: &str, second: &str| {
        let first = RULE.replace("from = \"2024-09-05\"", first);
        let second = RULE.replace("from = \"2024-09-05\"", second);
        troubles(read(
            LAWS,
            READINGS,
            &format!("{first}\n{second}"),
            DEADLINE,
        ))
    };
    let older = "to = \"2025-12-31\"";
    let newer = "from = \"2026-01-01\"";
    assert_eq!(versions(older, newer), [""; 0]);
    assert_eq!(versions(newer, older), [""; 0]);
    assert_eq!(versions("region = \"31\"", newer), [""; 0]);
    for (first, second) in [
        (older, "from = \"2025-12-31\""),
        (newer, newer),
        (older, older),
        ("", newer),
    ] {
        let found = versions(first, second);
        assert!(
            found.iter().any(|what| what.contains("时间重叠")),
            "{first} {second}"
        );
    }
}

#[test]
fn deadlines_name_what_the_rules_have() {
    let check = |from, to, told: &str| {
        let deadlines = DEADLINE.replace(from, to);
        assert_ne!(deadlines, DEADLINE);
        let found = troubles(read(LAWS, READINGS, RULE, &deadlines));
        assert!(
            found.iter().any(|what| what.contains(told)),
            "{to}: {found:?}"
        );
    };
    check(
        "number = \"decide\"",
        "number = \"publish\"",
        "没有数值 publish",
    );
    check("number = \"decide\"\n", "", "与 number 不符");
    check("\"after\"", "\"month_end\"", "与 number 不符");
    check("\"after\"", "\"later\"", "timing 里的");
    check("owes = [\"CA\"]", "owes = []", "缺少 owes");
    check("timing", "reminders = [\"5 d\"]\ntiming", "reminders 里的");
    check("timing", "counted = \"calendar\"\ntiming", "counted 里的");
    check("timing", "law_of = \"start\"\ntiming", "law_of 里的");
    check(
        "[[deadline]]\n",
        &format!("{DEADLINE}[[deadline]]\n"),
        "期限名称重复",
    );
}
