//! Reads documents of schema version 1, which counted clusters from 0.

use serde::Deserialize;
use serde_json::Value;

use super::file_names::Part;
use crate::clustering::SCHEMA_VERSION;

/// Only the version; documents other than the report had none in version 1.
#[derive(Deserialize)]
struct VersionOnly {
    schema_version: Option<u32>,
}

/// The document as this version would have written it; `None` where it is of this version, or
/// names no cluster.
pub(super) fn upgraded(part: Part, bytes: &[u8]) -> Option<Result<Value, serde_json::Error>> {
    if !matches!(part, Part::Clustering | Part::History | Part::Report) {
        return None;
    }
    let version = serde_json::from_slice::<VersionOnly>(bytes).map(|found| found.schema_version);
    match version {
        Ok(None | Some(1)) => Some(serde_json::from_slice(bytes).map(|mut document| {
            count_from_one(part, &mut document);
            if let Some(members) = document.as_object_mut() {
                members.insert("schema_version".into(), SCHEMA_VERSION.into());
            }
            document
        })),
        // What else is wrong with it, reading it as it is will say.
        _ => None,
    }
}

fn count_from_one(part: Part, document: &mut Value) {
    match part {
        Part::Clustering => {
            each(document, "/labels", raise);
            each(document, "/shares", |row| each(row, "", |share| raise_at(share, "/cluster")));
        }
        Part::History => {
            for labels in ["/earlier/labels", "/current/labels"] {
                let labels = document.pointer_mut(labels).and_then(Value::as_object_mut);
                labels.into_iter().flat_map(|labels| labels.values_mut()).for_each(raise);
            }
        }
        _ => {
            each(document, "/placements", |placement| raise_at(placement, "/cluster"));
            each(document, "/profiles", |profile| raise_at(profile, "/id"));
            each(document, "/raw_labels", raise);
            each(document, "/hierarchy/branches", |branch| raise_at(branch, "/cluster"));
            each(document, "/lineage/events", |event| {
                each(event, "/old", raise);
                each(event, "/new", raise);
            });
        }
    }
}

/// Changes the entries of a list, where there is one.
fn each(document: &mut Value, list: &str, change: impl FnMut(&mut Value)) {
    let entries = document.pointer_mut(list).and_then(Value::as_array_mut);
    entries.into_iter().flatten().for_each(change);
}

fn raise_at(document: &mut Value, id: &str) {
    document.pointer_mut(id).into_iter().for_each(raise);
}

/// Numbers go up by one; `null`, which is noise, stays.
fn raise(id: &mut Value) {
    if let Some(number) = id.as_u64() {
        *id = (number + 1).into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(part: Part, document: Value) -> Option<Value> {
        upgraded(part, document.to_string().as_bytes()).map(Result::unwrap)
    }

    #[test]
    fn every_cluster_of_a_report_is_counted_from_one() {
        let old = json!({
            "schema_version": 1,
            "placements": [{ "cluster": 0 }, { "cluster": null }],
            "profiles": [{ "id": 0, "size": 1 }],
            "raw_labels": [0, null],
            "hierarchy": { "branches": [{ "cluster": null, "parent": 0 }, { "cluster": 3 }] },
            "lineage": { "shared_roles": 2, "events": [{ "old": [0, 2], "new": [] }] },
        });
        let new = json!({
            "schema_version": 2,
            "placements": [{ "cluster": 1 }, { "cluster": null }],
            "profiles": [{ "id": 1, "size": 1 }],
            "raw_labels": [1, null],
            "hierarchy": { "branches": [{ "cluster": null, "parent": 0 }, { "cluster": 4 }] },
            "lineage": { "shared_roles": 2, "events": [{ "old": [1, 3], "new": [] }] },
        });
        assert_eq!(read(Part::Report, old), Some(new.clone()));
        assert_eq!(read(Part::Report, new), None);
        let few = json!({ "schema_version": 1, "placements": [], "profiles": [] });
        let found = read(Part::Report, few).unwrap();
        assert_eq!(found.as_object().unwrap().len(), 3, "{found}");
    }

    #[test]
    fn labels_and_history_too() {
        let old = json!({ "labels": [0, null, 1], "shares": [[{ "cluster": 0, "share": 0.5 }]] });
        let found = read(Part::Clustering, old).unwrap();
        assert_eq!(found["labels"], json!([1, null, 2]));
        assert_eq!(found["shares"][0][0]["cluster"], 1);
        let old = json!({ "earlier": null, "current": { "labels": { "a": 0, "b": null } } });
        let found = read(Part::History, old).unwrap();
        assert_eq!(found["current"]["labels"], json!({ "a": 1, "b": null }));
        assert!(found["earlier"].is_null());
        assert_eq!(read(Part::Intake, json!({ "labels": [0] })), None);
    }
}
