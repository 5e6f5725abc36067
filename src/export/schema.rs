//! The shape of `report.json`, for programs that read it.

/// JSON Schema (draft 2020-12) of a serialised [`Report`](crate::report::Report).
pub const REPORT_SCHEMA: &str = include_str!("report.schema.json");

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::clustering::ClusterId;
    use crate::export::sample::sample;
    use crate::lineage::{Event, Fate, Lineage};

    /// Checks `value` against `schema` and says where it fails. Members the schema does not
    /// list are faults here, so that a new field cannot be forgotten in the schema; so is a
    /// keyword this check does not know.
    fn faults(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let schema = match schema.get("$ref").and_then(Value::as_str) {
            Some(path) => root.pointer(path.trim_start_matches('#')).expect("a target"),
            None => schema,
        };
        let mut fault = |why: String| found.push(format!("{at}: {why}"));
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            let number = value.as_f64();
            let length = value.as_array().map(Vec::len);
            match keyword.as_str() {
                "type" => {
                    let allowed: Vec<&str> = match rule {
                        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                        name => name.as_str().into_iter().collect(),
                    };
                    let is = |name: &&str| match *name {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "boolean" => value.is_boolean(),
                        "null" => value.is_null(),
                        "integer" => value.is_u64() || value.is_i64(),
                        "number" => value.is_number(),
                        other => panic!("type {other:?}"),
                    };
                    if !allowed.iter().any(is) {
                        fault(format!("{value} is no {allowed:?}"));
                    }
                }
                "const" if value != rule => fault(format!("{value} is not {rule}")),
                "enum" if !rule.as_array().is_some_and(|all| all.contains(value)) => {
                    fault(format!("{value} is none of {rule}"));
                }
                "minimum" if number.is_some_and(|x| x < rule.as_f64().unwrap()) => {
                    fault(format!("{value} is below {rule}"));
                }
                "maximum" if number.is_some_and(|x| x > rule.as_f64().unwrap()) => {
                    fault(format!("{value} is above {rule}"));
                }
                "minItems" if length.is_some_and(|n| (n as u64) < rule.as_u64().unwrap()) => {
                    fault(format!("fewer than {rule}"));
                }
                "maxItems" if length.is_some_and(|n| n as u64 > rule.as_u64().unwrap()) => {
                    fault(format!("more than {rule}"));
                }
                "required" => {
                    for name in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                        if value.get(name).is_none() {
                            fault(format!("no {name:?}"));
                        }
                    }
                }
                "properties" | "items" | "prefixItems" | "const" | "enum" | "minimum"
                | "maximum" | "minItems" | "maxItems" | "$schema" | "$defs" | "title"
                | "description" => {}
                other => panic!("the check does not know {other:?}"),
            }
        }
        if let (Some(known), Value::Object(members)) = (schema.get("properties"), value) {
            for (name, member) in members {
                match known.get(name) {
                    Some(rule) => faults(root, rule, member, &format!("{at}/{name}"), found),
                    None => found.push(format!("{at}: {name:?} is not in the schema")),
                }
            }
        }
        if let Value::Array(entries) = value {
            for (i, entry) in entries.iter().enumerate() {
                let rule = schema.get("prefixItems").and_then(|r| r.get(i));
                if let Some(rule) = rule.or(schema.get("items")) {
                    faults(root, rule, entry, &format!("{at}/{i}"), found);
                }
            }
        }
    }

    fn check(report: &Value) -> Vec<String> {
        let schema: Value = serde_json::from_str(REPORT_SCHEMA).unwrap();
        let mut found = Vec::new();
        faults(&schema, &schema, report, "", &mut found);
        found
    }

    #[test]
    fn a_report_is_what_the_schema_says() {
        for (n, n_clusters, with_map) in
            [(0, 1, false), (1, 1, true), (40, 3, true), (40, 3, false)]
        {
            let (mut report, _) = sample(n, n_clusters);
            if !with_map {
                report.map = None;
                report.raw_labels = Some(vec![None; n]);
                report.lineage = None;
            }
            report.raw_labels = Some(report.placements.iter().map(|p| p.cluster).collect());
            report.lineage = Some(Lineage {
                shared_roles: n,
                events: vec![Event { fate: Fate::New, old: vec![], new: vec![ClusterId(0)] }],
            });
            let report = serde_json::to_value(&report).unwrap();
            assert_eq!(check(&report), Vec::<String>::new());
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_found() {
        let whole = serde_json::to_value(sample(10, 2).0).unwrap();
        let spoilt = |path: &str, value: Value| {
            let mut report = whole.clone();
            *report.pointer_mut(path).expect("a member to spoil") = value;
            check(&report).len()
        };
        assert_eq!(spoilt("/schema_version", json!(2)), 1);
        assert_eq!(spoilt("/placements/9/cluster", json!(-1)), 1);
        assert_eq!(spoilt("/placements/0/strength", json!(1.5)), 1);
        assert_eq!(spoilt("/map/3", json!([1.0])), 1);
        assert_eq!(spoilt("/intake/duplicates/0/kind", json!("similar")), 1);
        assert_eq!(spoilt("/profiles/0", json!({ "id": 0 })), 5);
        let mut more = whole.clone();
        more["surprise"] = json!(1);
        assert_eq!(check(&more), [": \"surprise\" is not in the schema"]);
    }
}
