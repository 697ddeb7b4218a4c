//! One row of the interface: its address, what it takes and gives, and the handler that does it.

use app::view::Page;
use axum::routing::MethodRouter;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::problem::PROBLEM_TYPE;
use crate::state::AppState;

/// What bytes of a request or answer are.
pub(super) struct Shape {
    /// Media type.
    pub(super) media: &'static str,
    /// Schema.
    pub(super) schema: RefOr<Schema>,
    /// Schemas that it refers to, itself included, by name.
    pub(super) named: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    fn json<T: ToSchema + PartialSchema>() -> Shape {
        Shape {
            media: "application/json",
            ..Shape::of::<T>()
        }
    }

    /// Any bytes. The schema says nothing that the kind of media does not say; makers of clients want one.
    fn file(media: &'static str) -> Shape {
        let bytes = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        Shape {
            media,
            schema: RefOr::T(bytes.build().into()),
            named: Vec::new(),
        }
    }

    /// A JSON object whose form others have set.
    fn foreign_json() -> Shape {
        let object = ObjectBuilder::new().schema_type(Type::Object);
        Shape {
            media: "application/json",
            schema: RefOr::T(object.build().into()),
            named: Vec::new(),
        }
    }

    /// A problem (RFC 9457).
    pub(super) fn problem() -> Shape {
        Shape {
            media: PROBLEM_TYPE,
            ..Shape::of::<super::problem::ProblemJson>()
        }
    }

    fn of<T: ToSchema + PartialSchema>() -> Shape {
        let mut named = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut named);
        let schema = utoipa::openapi::Ref::from_schema_name(T::name());
        Shape {
            media: "",
            schema: RefOr::Ref(schema),
            named,
        }
    }
}

/// Who may call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Door {
    /// Everybody.
    Public,
    /// Who is signed in, with the right role.
    Staff,
    /// A payment channel with a known key.
    Channel,
}

/// What a success is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Success {
    /// 200 with a body.
    Shown,
    /// 201 with the address of what was made.
    Created,
    /// 204 without a body.
    Gone,
}

/// 〔接口行〕 One row of the interface.
pub(super) struct Row {
    pub(super) method: HttpMethod,
    /// Address below `/api/v1`.
    pub(super) path: &'static str,
    /// What it is for, in Chinese.
    pub(super) summary: &'static str,
    pub(super) door: Door,
    pub(super) success: Success,
    /// True if `Idempotency-Key` is required.
    pub(super) keyed: bool,
    /// What may stand behind `?`.
    pub(super) query: &'static [&'static str],
    pub(super) body: Option<Shape>,
    pub(super) answer: Option<Shape>,
    pub(super) route: MethodRouter<AppState>,
}

impl Row {
    /// A public row without body, query or key.
    pub(super) fn new(
        method: HttpMethod,
        path: &'static str,
        summary: &'static str,
        route: MethodRouter<AppState>,
    ) -> Row {
        Row {
            method,
            path,
            summary,
            door: Door::Public,
            success: Success::Shown,
            keyed: false,
            query: &[],
            body: None,
            answer: None,
            route,
        }
    }

    /// Through which door one comes.
    pub(super) fn door(self, door: Door) -> Row {
        Row { door, ..self }
    }

    /// Answers JSON of this type.
    pub(super) fn shows<T: ToSchema + PartialSchema>(self) -> Row {
        Row {
            answer: Some(Shape::json::<T>()),
            ..self
        }
    }

    /// Answers a page of such rows. A generic page names its rows' schema and does not bring it along; and it has one
    /// name for all kinds of rows, under which the last kind would stand for all.
    pub(super) fn lists<T: ToSchema + PartialSchema>(self) -> Row {
        let name = format!("{}_{}", Page::<T>::name(), T::name());
        let mut named = vec![(name.clone(), Page::<T>::schema())];
        named.extend(Shape::of::<T>().named);
        let schema = utoipa::openapi::Ref::from_schema_name(name);
        Row {
            answer: Some(Shape {
                media: "application/json",
                schema: RefOr::Ref(schema),
                named,
            }),
            ..self
        }
    }

    /// Answers with a file.
    pub(super) fn sends(self, media: &'static str) -> Row {
        Row {
            answer: Some(Shape::file(media)),
            ..self
        }
    }

    /// Takes JSON of this type.
    pub(super) fn takes<T: ToSchema + PartialSchema>(self) -> Row {
        Row {
            body: Some(Shape::json::<T>()),
            ..self
        }
    }

    /// Takes any bytes of this kind.
    pub(super) fn takes_file(self, media: &'static str) -> Row {
        Row {
            body: Some(Shape::file(media)),
            ..self
        }
    }

    /// Takes a JSON object whose form others have set.
    pub(super) fn takes_foreign_json(self) -> Row {
        Row {
            body: Some(Shape::foreign_json()),
            ..self
        }
    }

    /// Takes these parameters behind `?`.
    pub(super) fn query(self, query: &'static [&'static str]) -> Row {
        Row { query, ..self }
    }

    /// Requires `Idempotency-Key`.
    pub(super) fn keyed(self) -> Row {
        Row {
            keyed: true,
            ..self
        }
    }

    /// Makes something that can be read at the address it answers.
    pub(super) fn creates(self) -> Row {
        Row {
            success: Success::Created,
            ..self
        }
    }

    /// Answers nothing.
    pub(super) fn gone(self) -> Row {
        Row {
            success: Success::Gone,
            ..self
        }
    }
}
