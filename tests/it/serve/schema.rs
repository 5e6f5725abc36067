//! Answers checked against a schema of the OpenAPI file (OpenAPI 3.1 uses JSON Schema 2020-12).

use serde_json::Value;

/// Refuses fields that a schema does not describe, in all its objects with named fields.
pub fn closed(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".into(), false.into());
            }
            fields.values_mut().for_each(closed);
        }
        Value::Array(all) => all.iter_mut().for_each(closed),
        _ => {}
    }
}

/// What is wrong with `value`, fields that are not described among it, checked against a `schema` that may refer to others of `document`.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    assert!(schema.is_object(), "no schema is given");
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    closed(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}
