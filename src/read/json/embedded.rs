//! JSON documents that stand as texts inside other JSON: responses in a HAR file, the bodies that
//! a crawler kept.

use super::parse::parse;
use super::value::Json;

/// Shorter texts hold no posting.
const SHORTEST: usize = 20;

/// Documents within documents.
const DEEPEST: usize = 3;

/// The documents in the texts of `value`, in their order. One that holds further documents in its
/// own texts is given too, before them.
pub(super) fn documents(value: &Json<'_>) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, DEEPEST, &mut found);
    found
}

fn collect(value: &Json<'_>, depth: usize, found: &mut Vec<String>) {
    match value {
        Json::Text(text) => {
            let Some(document) = document(text) else { return };
            found.push(text.trim().to_string());
            if depth > 1 {
                collect(&document, depth - 1, found);
            }
        }
        Json::Array(array) => array.items.iter().for_each(|item| collect(item, depth, found)),
        Json::Object(object) => {
            object.members.iter().for_each(|(_, value)| collect(value, depth, found));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Whether a value is an HTTP archive, as browsers save what they were answered.
pub(super) fn is_har(value: &Json<'_>) -> bool {
    let log = value.object().and_then(|object| object.get("log")).and_then(Json::object);
    log.is_some_and(|log| log.get("entries").is_some_and(|entries| entries.array().is_some()))
}

/// Whether a text begins as an object, or an array of objects, does.
pub(super) fn looks_like_document(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    matches!((marks.next(), marks.next()), (Some('{'), Some('"')) | (Some('['), Some('{')))
}

/// The object, or the array of objects, that a text is.
fn document(text: &str) -> Option<Json<'_>> {
    if text.len() < SHORTEST || !looks_like_document(text) {
        return None;
    }
    parse(text.trim()).ok().filter(|value| matches!(value, Json::Object(_) | Json::Array(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_in_texts_at_any_depth() {
        let inner = r#"{\"title\":\"Nurse\",\"text\":\"{\\\"team\\\": \\\"night shift\\\"}\"}"#;
        let outer = format!(
            r#"{{"log":[{{"body":"{inner}"}},{{"body":"{{not JSON at all here"}},{{"body":"[1, 2, 3, 4, 5, 6, 7, 8]"}}]}}"#
        );
        let found = documents(&parse(&outer).unwrap());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("\"title\":\"Nurse\""));
        assert_eq!(found[1], "{\"team\": \"night shift\"}");
    }
}
