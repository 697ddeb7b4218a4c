//! The pages of the own account in every state.

use super::examples::{self as example, HOSTILE, Shape};
use super::rendered::check;
use crate::identity::{delegation, passkey, security, session};
use app::view::{
    DelegationLine, DelegationsPage, DeviceLine, FactorView, PasskeyLine, SecurityPage,
};
use gateway::passkey::NoPasskeys;

fn device(n: usize, agent: &str) -> DeviceLine {
    DeviceLine {
        handle: format!("{n:016x}"),
        device: agent.into(),
        network: ["203.0.113.*", ""][n % 2].into(),
        begun: "2026-11-20T02:00:00Z".into(),
        seen: "2026-11-20T03:10:00Z".into(),
        here: n == 0,
    }
}

fn key(n: usize, name: &str) -> PasskeyLine {
    PasskeyLine {
        handle: format!("{n:016x}"),
        name: name.into(),
        added: "2026-11-20T02:00:00Z".into(),
        used: (n == 0).then(|| "2026-11-20T03:10:00Z".into()),
        doubted: (n == 0).then(|| "2026-11-20T03:20:00Z".into()),
    }
}

#[test]
fn the_own_account_in_every_state() {
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_string();
    let states = [
        ("off", FactorView::Off),
        (
            "begun",
            FactorView::Begun {
                address: format!("otpauth://totp/Shanji:li?secret={secret}"),
                secret,
            },
        ),
        (
            "on",
            FactorView::On {
                since: "2026-11-20T02:00:00Z".into(),
            },
        ),
        ("keys", FactorView::Off),
        ("number", FactorView::Off),
        ("plain", FactorView::Off),
        ("unreadable", FactorView::Off),
    ];
    for (name, factor) in states {
        let drawing = match &factor {
            FactorView::Begun { address, .. } => paper::svg_of(address, "二维码").unwrap(),
            _ => String::new(),
        };
        let who = example::who(Shape::Extreme);
        let own = SecurityPage {
            factor,
            recovery_left: 9,
            passkeys: match name {
                "keys" => vec![key(0, HOSTILE), key(1, "办公室电脑")],
                _ => Vec::new(),
            },
            site: match name {
                "number" => Err(NoPasskeys::Number),
                "plain" => Err(NoPasskeys::Plain),
                "unreadable" => Err(NoPasskeys::Unreadable),
                _ => Ok("https://gongyi.example".into()),
            },
            required: true,
            strong: false,
            devices: vec![device(0, HOSTILE), device(1, "curl/8"), device(2, "")],
        };
        let page = security::Security {
            staff: &who,
            forms: security::forms(&own).unwrap(),
            removals: security::removals(&own).unwrap(),
            page: own,
            drawing,
            done: None,
        };
        check(&format!("security-{name}"), Shape::Extreme, &page);
    }
}

#[test]
fn recovery_codes_and_the_second_step() {
    let who = example::who(Shape::Everyday);
    let codes = (0..10).map(|n| format!("k7m2-9qxt-4w2{n}")).collect();
    let page = security::Codes { staff: &who, codes };
    check("security-codes", Shape::Everyday, &page);
    let form = session::second_step_form("ticket", "/desk", HOSTILE).unwrap();
    check(
        "second-step",
        Shape::Everyday,
        &session::SecondStep {
            form,
            passkey: Some("localhost".into()),
        },
    );
    let page = passkey::PasskeyNew {
        staff: &who,
        options: format!("{{\"challenge\":\"{HOSTILE}\"}}"),
        domain: "localhost".into(),
        name: HOSTILE.into(),
    };
    check("passkey-new", Shape::Everyday, &page);
}

#[test]
fn delegations_in_every_state() {
    let line = |shape: Shape, n: usize| DelegationLine {
        handle: format!("{n:016x}"),
        who: shape.name("王静"),
        duty: "经办".into(),
        first: "2026-11-20".into(),
        last: "2026-11-30".into(),
        reason: shape.text("出差"),
        state: ["还没开始", "正在委托", "已到期", "提前结束"][n % 4],
        open: n % 4 < 2,
    };
    for shape in example::SHAPES {
        let who = example::who(shape);
        let own = DelegationsPage {
            duties: match shape {
                Shape::Empty => Vec::new(),
                _ => vec![("a1".into(), "经办".into()), ("b2".into(), HOSTILE.into())],
            },
            today: "2026-11-20".into(),
            given: shape.rows(4, |n| line(shape, n)),
            received: shape.rows(4, |n| line(shape, n)),
        };
        let page = delegation::Delegations {
            staff: &who,
            form: delegation::form(&own).unwrap(),
            page: own,
            done: None,
        };
        check(&format!("delegations-{shape:?}"), shape, &page);
    }
}
