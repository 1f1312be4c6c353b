//! The description of the API as OpenAPI 3.1, made of the table of operations.

use counterproof_sim::vocabulary::Lang;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema as _, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::model::{RecordPart, Refused};
use super::operations::{Method, operations};
use crate::texts::serve as texts;

/// The description, in one language.
pub fn openapi(lang: Lang) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    let problem = generator.subschema_for::<Refused>();
    let mut add = |path: &str, method: &str, described: Value| {
        let place = paths.entry(path).or_insert_with(|| json!({}));
        place[method] = described;
    };
    for operation in operations() {
        let mut described = json!({
            "operationId": operation.name,
            "summary": (operation.summary)(lang),
            "parameters": parameters(operation.path, &(operation.parameters)(&mut generator).into()),
            "responses": {
                operation.status.to_string(): {
                    "description": texts::api_done(lang),
                    "content": { "application/json": { "schema": (operation.answers)(&mut generator) } },
                },
                "default": {
                    "description": texts::api_not_done(lang),
                    "content": { "application/json": { "schema": problem } },
                },
            },
        });
        if let Some(takes) = operation.takes {
            described["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": takes(&mut generator) } },
            });
        }
        add(operation.path, method(operation.method), described);
    }
    add("/v1/record", "get", record(&mut generator, lang));
    add(
        "/v1/stop",
        "post",
        json!({
            "operationId": "stop",
            "summary": texts::api_stop(lang),
            "responses": { "202": { "description": texts::api_done(lang) } },
        }),
    );
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "counterproof serve",
            "version": env!("CARGO_PKG_VERSION"),
            "description": texts::api_about(lang),
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
        "security": [{}, { "token": [] }],
    })
}

/// The member of a path that describes a method.
pub const fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Patch => "patch",
        Method::Delete => "delete",
    }
}

fn record(generator: &mut SchemaGenerator, lang: Lang) -> Value {
    json!({
        "operationId": "record",
        "summary": texts::api_record(lang),
        "parameters": parameters("/v1/record", &RecordPart::json_schema(generator).into()),
        "responses": {
            "200": {
                "description": texts::api_record_lines(lang),
                "content": { "application/x-ndjson": { "schema": { "type": "string" } } },
            },
        },
    })
}

/// Parameters of path and query, of the schema of the type that they are read into.
fn parameters(path: &str, schema: &Value) -> Value {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|other| other == name))
    };
    let described = properties.iter().map(|(name, schema)| {
        let in_path = path.contains(&format!("{{{name}}}"));
        let mut schema = schema.clone();
        let description = schema
            .as_object_mut()
            .and_then(|schema| schema.remove("description"));
        json!({
            "name": name,
            "in": if in_path { "path" } else { "query" },
            "required": in_path || required(name),
            "description": description.unwrap_or_default(),
            "schema": schema,
        })
    });
    described.collect()
}
