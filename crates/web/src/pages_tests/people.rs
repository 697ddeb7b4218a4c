//! Who looks at the pages of the desk.

use super::examples::{Shape, link};
use app::view::WhoAmI;

pub(super) fn who(shape: Shape) -> WhoAmI {
    WhoAmI {
        passkey: shape.some("localhost".into()),
        doubted: shape == Shape::Extreme,
        delegates: shape != Shape::Empty,
        office: shape == Shape::Extreme,
        login: "wangjing".into(),
        name: shape.name("王静"),
        roles: shape.rows(2, |n| {
            let (role, name) = [("经办", "云山县慈善总会"), ("复核", "清河镇慈善工作站")][n % 2];
            domain::say!("{role} · {name}", role, name = name.to_string())
        }),
        keeps_users: shape == Shape::Extreme,
        organisations: shape.rows(2, |_| link(shape, "org", "云山县慈善总会")),
    }
}
