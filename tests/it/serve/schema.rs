//! Answers checked against a schema of the OpenAPI file (OpenAPI 3.1 uses JSON Schema 2020-12).

use serde_json::Value;

/// What is wrong with `value`, checked against a `schema` that may refer to others of `document`.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    assert!(schema.is_object(), "no schema is given");
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}
