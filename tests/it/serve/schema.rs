//! As much of JSON Schema 2020-12 as the OpenAPI file uses.

use serde_json::Value;

/// What is wrong with `value`, held against `schema` of `document`.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

/// The keywords [`check`] knows; another one would be passed over in silence.
const KNOWN: [&str; 11] = [
    "$ref",
    "type",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "minimum",
    "maximum",
    "description",
    "default",
];

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return check(document, target, value, at, found);
    }
    for keyword in schema.as_object().unwrap().keys() {
        assert!(KNOWN.contains(&keyword.as_str()), "{keyword} is not checked");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => panic!("{at}: a schema without a type"),
    };
    if !types.iter().any(|name| is_a(value, name)) {
        found.push(format!("{at}: {value} is no {types:?}"));
        return;
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        found.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if let Some(number) = value.as_f64() {
        let below = schema["minimum"].as_f64().is_some_and(|least| number < least);
        let above = schema["maximum"].as_f64().is_some_and(|most| number > most);
        if below || above {
            found.push(format!("{at}: {number} is out of range"));
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(document, &schema["items"], item, &format!("{at}/{index}"), found);
    }
    let Some(members) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !members.contains_key(name.as_str().unwrap()) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members {
        let at = format!("{at}/{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => found.push(format!("{at}: not in the schema")),
            (Value::Null, Value::Null | Value::Bool(true)) => {}
            (Value::Null, others) => check(document, others, member, &at, found),
            (known, _) => check(document, known, member, &at, found),
        }
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    }
}

#[test]
fn it_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {"a": {"type": ["integer", "null"], "minimum": 0}, "b": {"type": "array", "items": {"type": "string"}}}
    });
    let faults = |text: &str| faults(&schema, &schema, &serde_json::from_str(text).unwrap()).len();
    assert_eq!(faults(r#"{"a": 1, "b": ["x"]}"#), 0);
    assert_eq!(faults(r#"{"a": null}"#), 0);
    assert_eq!(faults(r#"{"a": -1, "b": [1, "x", null], "c": 0}"#), 4);
    assert_eq!(faults("{}"), 1);
    assert_eq!(faults("[]"), 1);
}
