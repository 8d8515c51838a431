//! How the shared types look in the API document.

use crate::{Id, Millis, PartialDate};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
    },
};

fn text(pattern: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples([example]).build().into()
}

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        text("^[0-9]{1,19}$", "914793472098304")
    }
}
impl ToSchema for Id {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

impl PartialSchema for Millis {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("Milliseconds since 1970-01-01T00:00:00Z."))
            .build()
            .into()
    }
}
impl ToSchema for Millis {
    fn name() -> Cow<'static, str> {
        "Millis".into()
    }
}

impl PartialSchema for PartialDate {
    fn schema() -> RefOr<Schema> {
        text("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "2024-05")
    }
}
impl ToSchema for PartialDate {
    fn name() -> Cow<'static, str> {
        "PartialDate".into()
    }
}
