//! Renders every page in every shape and checks it.

use app::AppError;
use askama::Template;
use domain::text::Problem;
use domain::{Refusal, Sentence};

use super::desk_examples as desk_example;
use super::examples::{self as example, HOSTILE, SHAPES, Shape};
use super::html::check_page;
use super::list_examples;
use super::log_examples;
use super::rule_examples;
use crate::exchange::{day, gallery, help, open, search, site};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::fundraising::{campaign, donation, intent, words};
use crate::funds::{disbursement, fund, movement};
use crate::identity::{desk, session};
use crate::list as lists;
use crate::oversight::rule;
use crate::parties::{certificate, organisation, report as annual_report};
use crate::routes::Continue;
use crate::transparency::log;
use crate::view::{Language, Size, Theme, View};

/// Checks a page in one shape and, if asked, writes it to a folder.
#[track_caller]
pub(super) fn check(name: &str, shape: Shape, page: &impl Template) {
    let name = format!("{name}-{shape:?}").to_lowercase();
    for (language, theme, size) in VIEWS {
        let view = View {
            language,
            theme,
            size,
            ..View::default()
        };
        let html = view.draw(page).unwrap();
        let name = format!("{name}-{}-{}-{}", language.tag(), theme.code(), size.code());
        check_page(&name, &html);
        keep(&name, &html);
    }
    let html = page.render().unwrap();
    assert!(
        !html.contains("<script>"),
        "{name}: hostile words are escaped"
    );
    if shape == Shape::Extreme {
        assert!(
            html.contains("&#60;script&#62;"),
            "{name}: hostile words are shown"
        );
    }
}

/// Each language, theme and size at least once.
const VIEWS: [(Language, Theme, Size); 3] = [
    (Language::Simplified, Theme::Auto, Size::Usual),
    (Language::Traditional, Theme::Dark, Size::Elder),
    (Language::English, Theme::Light, Size::Usual),
];

fn keep(name: &str, html: &str) {
    if let Some(folder) = std::env::var_os("SHANJI_PAGES") {
        let folder = std::path::Path::new(&folder);
        std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
}

#[test]
fn exchange_pages() {
    for shape in SHAPES {
        check(
            "home",
            shape,
            &site::Home {
                page: example::home(shape),
            },
        );
        check(
            "search",
            shape,
            &search::Results {
                page: example::search(shape),
            },
        );
        check(
            "day",
            shape,
            &day::DayShown::new(
                example::day_page(shape),
                list_examples::table("gifts-of-day", shape),
            ),
        );
    }
}

#[test]
fn help_and_gallery() {
    check("help", Shape::Everyday, &help::Index);
    check("help-give", Shape::Everyday, &help::Give);
    check("help-check", Shape::Everyday, &help::Check);
    check("help-privacy", Shape::Everyday, &help::Privacy);
    check("help-money", Shape::Everyday, &help::Money);
    check("help-log", Shape::Everyday, &help::Log);
    for shape in SHAPES {
        let about = shape.some(app::view::ReportAbout {
            id: "cam_06h2m9qxk4v7tz".into(),
            path: "/campaigns/cam_06h2m9qxk4v7tz".into(),
            title: shape.name("云山县乡村小学冬衣计划"),
            leaf_index: Some(18_420),
            contact: super::register_examples::contact(shape),
        });
        let report = help::Report::new(about, "https://shanji.example");
        assert_eq!(
            report.copied.lines().count(),
            if shape == Shape::Empty { 1 } else { 3 }
        );
        check("help-report", shape, &report);
    }
    check(
        "gallery",
        Shape::Everyday,
        &gallery::Gallery::new().unwrap(),
    );
}

#[test]
fn rule_pages() {
    for shape in SHAPES {
        let page = rule_examples::page(shape);
        check("rule", shape, &rule::RuleShown { page });
    }
}

#[test]
fn open_data_pages() {
    for shape in SHAPES {
        let dumps = shape.rows(2, |n| example::dump(shape, n));
        check("open", shape, &open::Shown { dumps });
    }
}

#[test]
fn organisation_pages() {
    for shape in SHAPES {
        check(
            "organisation",
            shape,
            &organisation::Shown::new(
                example::organisation(shape),
                app::AsOf {
                    on: shape.text("2026-05-01"),
                    known: shape.text("2026-05-01T11:59"),
                    ..app::AsOf::default()
                },
                shape.rows(1, |_| {
                    domain::text::Problem::new("on", "day", "查询日期请写成年-月-日。")
                }),
            ),
        );
    }
}

#[test]
fn annual_report_pages() {
    for shape in SHAPES {
        let page = super::register_examples::annual_report(shape);
        check("annual_report", shape, &annual_report::Shown { page });
    }
}

#[test]
fn certificate_pages() {
    for shape in SHAPES {
        let page = super::register_examples::certificate(shape);
        let shown = certificate::Shown::new(page, "https://shanji.example");
        assert_eq!(shown.code.contains("<svg"), shape == Shape::Everyday);
        check("certificate", shape, &shown);
    }
}

#[test]
fn campaign_pages() {
    for shape in SHAPES {
        check(
            "campaign",
            shape,
            &campaign::Shown::new(example::campaign(shape)),
        );
    }
    let campaigns = (0..3).map(|n| example::card(Shape::Extreme, n)).collect();
    check("campaigns", Shape::Extreme, &campaign::List { campaigns });
    check(
        "campaigns",
        Shape::Empty,
        &campaign::List {
            campaigns: Vec::new(),
        },
    );
}

fn typed() -> Typed {
    let pairs = [
        ("preset", ""),
        ("amount", "五十"),
        ("donor_name", HOSTILE),
        ("display", "named"),
    ];
    let mut pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| ((*name).to_string(), (*value).to_string()))
        .collect();
    pairs.push(("message".into(), format!("{HOSTILE}\n第二行")));
    Typed(pairs)
}

fn problems() -> AppError {
    AppError::Invalid(vec![
        Problem::new(
            "amount",
            "amount",
            "金额写法不对，请只填数字，最多两位小数，例如 50 或 50.00。",
        ),
        Problem::new(
            "donor_name",
            "too_long",
            "姓名最多100个字，请缩短后再提交。",
        ),
    ])
}

#[test]
fn giving_pages() {
    for shape in SHAPES {
        let page = example::campaign(shape);
        let form = intent::give_form(&page.card.id).unwrap();
        check("give", shape, &intent::Give { page, form });
        let page = example::campaign(shape);
        let form = words::ask_form(&page.card.id).unwrap();
        check("ask", shape, &words::Ask { page, form });
        for state in ["payable", "expired", "paid"] {
            let name = format!("pay-{state}");
            check(
                &name,
                shape,
                &intent::Pay {
                    own: "/intents/int_0".into(),
                    token: String::new(),
                    intent: example::intent(shape, state),
                },
            );
        }
        summaries(shape);
    }
}

fn summaries(shape: Shape) {
    let summary = |again| intent::Check {
        page: example::campaign(shape),
        facts: example::giving_facts(shape),
        typed: typed(),
        key: "k".into(),
        names: vec!["amount", "donor_name", "message"],
        amount: 5_000,
        amount_words: "伍拾元整".into(),
        shown_as: shape.name("王**"),
        again,
    };
    check("give-check", shape, &summary(None));
    let again = |problem: Option<&'static str>| intent::Again {
        reason: "这笔捐赠超过1万元，请再确认一次金额，以免多写了零。".into(),
        choices: vec![
            ("伍元整".into(), 500),
            ("伍拾元整".into(), 5_000),
            ("伍佰元整".into(), 50_000),
        ],
        problem: problem.map(Into::into),
    };
    check("give-check-large", shape, &summary(Some(again(None))));
    let wrong = again(Some(
        "请把金额用大写或数字再写一遍，或从给出的三个数里选出对的那一个。",
    ));
    check("give-check-large-wrong", shape, &summary(Some(wrong)));
    for (what, problem) in [
        ("plain", None),
        (
            "wrong",
            Some("编号有一处写错了，请对照原件重新输入。".into()),
        ),
    ] {
        let typed = shape.name("don_x");
        check(
            &format!("find-{what}"),
            shape,
            &donation::Find { typed, problem },
        );
    }
}

#[test]
fn a_wrong_form_comes_back_with_everything_typed() {
    let page = example::campaign(Shape::Extreme);
    let form = intent::give_form(&page.card.id)
        .unwrap()
        .answering(&typed(), &problems());
    let give = intent::Give { page, form };
    let html = give.render().unwrap();
    check("give-wrong", Shape::Extreme, &give);
    assert!(html.contains("value=\"五十\""));
    assert!(html.contains("第二行</textarea>"));
    assert!(html.contains("href=\"#amount\""));
    assert_eq!(
        html.matches("金额写法不对").count(),
        2,
        "at the top and at the field"
    );
}

#[test]
fn receipts_in_every_state() {
    for shape in SHAPES {
        for state in ["sealed", "waiting", "held", "refunded"] {
            let on = Continue {
                token: Some("t&=".into()),
                ..Continue::default()
            };
            let kept = example::keepsake(shape, state);
            let page = example::receipt(shape, state);
            let receipt = donation::Receipt::new(kept, page, &on, "http://localhost");
            let html = receipt.render().unwrap();
            // Only a token that opened something is carried along.
            assert_eq!(
                html.contains("token=t%26%3D"),
                shape == Shape::Extreme && state != "none"
            );
            check(&format!("receipt-{state}"), shape, &receipt);
        }
    }
}

#[test]
fn money_pages() {
    for shape in SHAPES {
        check(
            "fund",
            shape,
            &fund::Shown {
                tape: fund::Tape::of(&example::fund_page(shape).line),
                page: example::fund_page(shape),
                list: list_examples::table("movements-of-fund", shape),
            },
        );
        let shown = movement::Shown::new(
            example::movement_page(shape),
            Some(list_examples::table("sources-of-movement", shape)),
            "fen".into(),
        );
        check("movement", shape, &shown);
    }
}

#[test]
fn log_pages() {
    for shape in SHAPES {
        check(
            "log",
            shape,
            &log::LogShown {
                offline: log::OfflineStated {
                    digest: "d".into(),
                    spelt: "e".into(),
                    leaf: matches!(shape, Shape::Extreme).then_some(i64::MAX),
                },
                page: log_examples::log(shape),
            },
        );
        check(
            "leaf",
            shape,
            &log::LeafShown {
                page: log_examples::leaf(shape),
            },
        );
    }
    let verify = log::Verify {
        address: HOSTILE.into(),
        origin: "o".into(),
        key_history: String::new(),
        verifier_key: "k".into(),
        policy_file: HOSTILE.into(),
        online: true,
        offline: log::OfflineStated {
            digest: "d".into(),
            spelt: "e".into(),
            leaf: None,
        },
    };
    check("verify", Shape::Extreme, &verify);
}

#[test]
fn desk_pages() {
    for shape in SHAPES {
        let staff = &example::who(shape);
        check("desk-choose", shape, &desk::Choose { staff });
        let page = desk_example::desk(shape);
        let on = Continue {
            done: Some("gift".into()),
            id: Some("don_1".into()),
            ..Continue::default()
        };
        let tasks = desk::tasks(&page);
        check(
            "desk",
            shape,
            &desk::Home {
                staff,
                tasks,
                page,
                done: desk::done(&on),
            },
        );
        let page = desk_example::disbursement(shape);
        let forms = disbursement::step_forms(&page).unwrap();
        let refusal = Some("这一步已经由别人办过，请刷新页面。".into());
        let shown = disbursement::Shown {
            staff,
            page,
            forms,
            refusal,
            done: None,
        };
        check("disbursement", shape, &shown);
    }
}

#[test]
fn every_list_in_every_shape() {
    for list in app::list::LISTS {
        for shape in SHAPES {
            let table = || list_examples::table(list.name, shape);
            check(list.name, shape, &lists::PublicList { list: table() });
            let staff = &example::who(shape);
            let desk = lists::DeskList {
                staff,
                done: None,
                list: table(),
            };
            check(&format!("desk-{}", list.name), shape, &desk);
        }
    }
}

#[test]
fn sign_in_never_gives_a_password_back() {
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    let typed = Typed(vec![
        pair("login", HOSTILE),
        pair("password", "geheim-geheim"),
    ]);
    let refusal = Refusal {
        code: "wrong_password",
        sentence: "登录名或密码不对。".into(),
        law: None,
        field: None,
    };
    let form = session::sign_in_form("/desk/users", "")
        .unwrap()
        .answering(&typed, &AppError::Refused(refusal));
    let page = session::SignIn { form, ended: true };
    assert!(!page.render().unwrap().contains("geheim"));
    check("sign-in", Shape::Extreme, &page);
}

#[test]
fn a_sheet_with_every_kind_of_question() {
    let many: Vec<(String, Sentence)> = (0..9)
        .map(|n| (n.to_string(), HOSTILE.to_string().into()))
        .collect();
    let fields = vec![
        Field::new("line", "一行", Input::Line("off"))
            .focused()
            .hint(HOSTILE),
        Field::new("amount", "金额", Input::Amount),
        Field::new("number", "数量", Input::Number),
        Field::new("day", "日期", Input::Day).starting("不是日期"),
        Field::new("area", "几行", Input::Area(3)).starting(HOSTILE),
        Field::new(
            "choice",
            "选一个",
            Input::Choice(choices(&[("a", "甲"), ("b", "乙")])),
        )
        .starting("b"),
        Field::new("select", "选一个", Input::Select(many)),
        Field::new("password", "密码", Input::Password("new-password")),
        Field::new("files", "文件", Input::Files),
        Field::new("tick", "确认", Input::Tick).optional(),
        Field::hidden("hidden", HOSTILE),
    ];
    let wrong: Vec<Problem> = ["line", "amount", "day", "choice", "select", "files", "tick"]
        .into_iter()
        .map(|field| Problem::new(field, "x", format!("{field}不对。")))
        .collect();
    let form = FormView::new("/desk/x", "提交", fields).unwrap().grave();
    let form = form.answering(&Typed::default(), &AppError::Invalid(wrong));
    let sheet = desk::Sheet::under("/desk", "工作台", "什么都问", form)
        .facts(vec![("标签", HOSTILE.into())])
        .effect("会发生什么。");
    let html = sheet
        .render(&example::who(Shape::Everyday), &View::default())
        .unwrap();
    check_page("sheet", &html);
    assert!(html.contains("type=\"text\" autocomplete=\"off\" value=\"不是日期\""));
    assert!(html.contains("enctype=\"multipart/form-data\""));
    keep("sheet", &html);
}
