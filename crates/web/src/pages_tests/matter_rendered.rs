//! Renders the hall and the pages of matters in every shape.

use super::examples::{self as example, SHAPES, Shape};
use super::matter_examples as matters;
use super::rendered::check;
use crate::oversight::{eligibility, hall, matter, matter_form};
use app::view::HallPage;

#[test]
fn hall_pages() {
    for shape in [Shape::Everyday, Shape::Empty] {
        let lines = vec![matters::hall_line(shape), matters::hall_line(shape)];
        let page = HallPage { lines };
        check("hall", shape, &hall::Index { page });
        let page = matters::guide(shape);
        check("hall-guide", shape, &hall::Guide { page });
        let found = shape.some(matters::track(shape));
        let form = hall::track_form().unwrap();
        check("hall-track", shape, &hall::Track { form, found });
    }
}

#[test]
fn matter_pages() {
    for shape in SHAPES {
        let who = example::who(shape);
        let page = matters::page(shape);
        let shown = matter::Shown {
            staff: &who,
            page: page.clone(),
            done: None,
        };
        check("matter", shape, &shown);
        let shown = matter_form::Shown {
            staff: &who,
            form: matter_form::form_of(&page).unwrap(),
            page: page.clone(),
            drop_key: "k".into(),
            done: None,
        };
        check("matter-form", shape, &shown);
        for (step, may) in [("return", true), ("prepare", true), ("return", false)] {
            let offer = matters::offer(shape, step, may);
            let shown = matter::StepShown {
                staff: &who,
                form: matter::step_form(&page, &offer).unwrap(),
                page: page.clone(),
                offer,
            };
            check("matter-step", shape, &shown);
        }
    }
}

#[test]
fn eligibility_pages() {
    for shape in SHAPES {
        let shown = eligibility::Shown {
            staff: &example::who(shape),
            organisation: example::link(shape, "org", "云山县慈善总会"),
            checked: matters::eligibility(),
        };
        check("eligibility", shape, &shown);
    }
}
