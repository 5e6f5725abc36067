//! The members of one JSON object -> a flat record of paths and values.

use std::borrow::Cow;

use super::value::{Json, Object};
use crate::read::limits::MAX_COLUMNS;
use crate::read::record::{Record, Value};

/// Languages a text may be keyed by, by their ISO 639-1 codes.
const LANGUAGES: &str = " ar be bg bn ca cs da de el en es et fa fi fr ga gl he hi hr hu hy id is it ja ka \
    kk ko lt lv mk ms nb nl nn no pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur uz vi zh cn jp kr ";

/// Members that hold the text of an object that is nothing but a text, the plainest first.
const TEXTS: [&str; 13] = [
    "text",
    "plain",
    "plaintext",
    "#text",
    "_text",
    "@value",
    "value",
    "_value",
    "__cdata",
    "content",
    "raw",
    "markdown",
    "html",
];

/// As [`TEXTS`], rendered by a content system.
const RENDERED: &str = "rendered";

/// Members that may stand beside the text of such an object.
const BESIDE: [&str; 9] = [
    "type",
    "@type",
    "format",
    "mimetype",
    "protected",
    "language",
    "@language",
    "lang",
    "block_version",
];

/// What an entry of a list is called, best first.
const CALLED: [&str; 14] = [
    "name",
    "title",
    "label",
    "displayname",
    "display_name",
    "libelle",
    "value",
    "text",
    "tag",
    "skill",
    "addressLocality",
    "city",
    "description",
    "content",
];

/// Where the text of a part of a posting stands, such as `lists[].content` or `sections[].body`.
const PART_TEXTS: [&str; 9] =
    ["content", "body", "text", "description", "html", "value", "details", "items", "paragraphs"];

/// What the heading of such a part is called.
const PART_HEADINGS: [&str; 6] = ["title", "heading", "name", "header", "label", "text"];

/// A part is a paragraph, not a word, from this many characters on.
const PART_CHARS: usize = 40;

/// The fields of an object, those of objects within it under dotted paths, nulls left out.
pub(super) fn record(object: &Object<'_>) -> Result<Record, String> {
    let mut record = Record::new();
    members(object, "", &mut record)?;
    Ok(record)
}

/// Adds the members of `object` under `prefix`.
pub(super) fn members(
    object: &Object<'_>,
    prefix: &str,
    record: &mut Record,
) -> Result<(), String> {
    for (name, value) in &object.members {
        let path = match prefix {
            "" => name.to_string(),
            prefix => format!("{prefix}.{name}"),
        };
        add(path, value, record)?;
    }
    Ok(())
}

pub(super) fn add(path: String, value: &Json<'_>, record: &mut Record) -> Result<(), String> {
    if record.len() >= MAX_COLUMNS {
        return Err(format!("has more than {MAX_COLUMNS} members"));
    }
    match value {
        Json::Null => {}
        Json::Object(object) => match text_of(object) {
            Some(Chosen::Whole(text)) => record.push((path, Value::Text(text))),
            Some(Chosen::Language(at)) => {
                for (other, (name, value)) in object.members.iter().enumerate() {
                    let path = if other == at { path.clone() } else { format!("{path}.{name}") };
                    add(path, value, record)?;
                }
            }
            None => members(object, &path, record)?,
        },
        Json::Array(array) => {
            if let Some((name, text)) = parts(&array.items) {
                record.push((format!("{path}.{name}"), Value::Text(text)));
            } else {
                let entries = array.items.iter().filter_map(entry).collect();
                record.push((path, Value::List(entries)));
            }
        }
        scalar => {
            let text = scalar.scalar().unwrap_or_default().into_owned();
            record.push((path, Value::Text(text)));
        }
    }
    Ok(())
}

/// Whether an object stands for a single text.
pub(super) fn is_text(object: &Object<'_>) -> bool {
    text_of(object).is_some()
}

/// What an object that stands for a single text says.
enum Chosen {
    Whole(String),
    /// Of a text in several languages, the first; the others are kept under their codes.
    Language(usize),
}

/// Of an object that is a text (by language, as HTML and plain, as MongoDB or a content
/// system exports one), the text.
fn text_of(object: &Object<'_>) -> Option<Chosen> {
    if let [(name, value)] = object.members.as_slice()
        && name.starts_with('$')
    {
        return match value {
            Json::Object(inner) => text_of(inner),
            value => value.scalar().map(|text| Chosen::Whole(text.into_owned())),
        };
    }
    if let Some(at) = language_of(object) {
        return Some(Chosen::Language(at));
    }
    let is_text = |name: &str| TEXTS.contains(&name) || name == RENDERED;
    let mut texts = 0;
    for (name, value) in &object.members {
        let lower = name.to_ascii_lowercase();
        match value {
            Json::Text(_) | Json::Number(_) | Json::Null if is_text(&lower) => texts += 1,
            _ if BESIDE.contains(&lower.as_str()) => {}
            _ => return None,
        }
    }
    let said = |wanted: &&str| {
        let found = object.members.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.and_then(|(_, value)| value.scalar()).filter(|text| !text.trim().is_empty())
    };
    let html = ["html", RENDERED, "markdown"].iter().any(|name| object.has(name));
    // Two texts are one said twice only if one of them is marked up; else one is a heading.
    if texts == 0 || texts > 1 && !html {
        return None;
    }
    let text = TEXTS.iter().chain(&[RENDERED]).find_map(said);
    Some(Chosen::Whole(text.unwrap_or_default().into_owned()))
}

/// Of an object keyed by languages, the place of the first that says something.
fn language_of(object: &Object<'_>) -> Option<usize> {
    let is_language = |name: &str| {
        let code = name.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let rest = name.len() - code.len();
        code.len() == 2 && rest <= 5 && LANGUAGES.contains(&format!(" {code} "))
    };
    let all = object
        .members
        .iter()
        .all(|(name, value)| is_language(name) && matches!(value, Json::Text(_) | Json::Null));
    // `id` alone is no Indonesian.
    let only_id = matches!(object.members.as_slice(), [(name, _)] if name == "id");
    if !all || only_id {
        return None;
    }
    let says = |(_, value): &(Cow<'_, str>, Json<'_>)| {
        value.text().is_some_and(|text| !text.trim().is_empty())
    };
    object.members.iter().position(says)
}

/// One entry of a list; of an object, what it is called.
fn entry(value: &Json<'_>) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Array(array) => {
            let texts: Vec<String> = array.items.iter().filter_map(entry).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Json::Object(object) => {
            if let Some(Chosen::Whole(text)) = text_of(object) {
                return Some(text);
            }
            let called = CALLED.iter().find_map(|wanted| {
                let found =
                    object.members.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                found.and_then(|(_, value)| value.scalar())
            });
            if let Some(called) = called {
                return Some(called.into_owned());
            }
            let members = object
                .members
                .iter()
                .filter(|(name, _)| !name.starts_with(['@', '_']) && name != "id");
            let (scalars, nested): (Vec<_>, Vec<_>) =
                members.map(|(_, value)| value).partition(|value| value.scalar().is_some());
            scalars.into_iter().chain(nested).find_map(entry)
        }
        scalar => scalar.scalar().map(Cow::into_owned),
    }
}

/// The text of a list of parts, each with a heading and paragraphs, and what the paragraphs
/// are called; `None` for any other list.
fn parts(items: &[Json<'_>]) -> Option<(&'static str, String)> {
    let objects: Vec<&Object<'_>> = items.iter().filter_map(Json::object).collect();
    if objects.is_empty() || objects.len() < items.len() {
        return None;
    }
    let name = PART_TEXTS.into_iter().find(|name| {
        let paragraphs = |object: &&Object<'_>| paragraphs(object.get(name)?);
        let long = |text: &String| {
            text.chars().take(PART_CHARS).count() == PART_CHARS || text.contains(['<', '\n'])
        };
        objects.iter().filter_map(paragraphs).any(|text| long(&text))
    })?;
    let mut lines: Vec<String> = Vec::new();
    for object in objects {
        let heading = PART_HEADINGS.iter().filter(|heading| **heading != name);
        let heading = heading.filter_map(|heading| object.get(heading)?.text()).next();
        lines.extend(heading.map(str::to_string));
        lines.extend(object.get(name).and_then(paragraphs));
    }
    Some((name, lines.join("\n")))
}

/// A text, or a list of texts one in each line.
fn paragraphs(value: &Json<'_>) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.to_string()),
        Json::Array(array) => {
            let texts: Vec<String> = array.items.iter().filter_map(entry).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        Json::Object(object) => match text_of(object)? {
            Chosen::Whole(text) => Some(text),
            Chosen::Language(at) => object.members[at].1.text().map(str::to_string),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    fn told(text: &str) -> String {
        let value = parse(text).unwrap();
        let record = record(value.object().unwrap()).unwrap();
        let field = |(path, value): (String, Value)| match value {
            Value::Text(text) => format!("{path}={text}"),
            Value::List(entries) => format!("{path}=[{}]", entries.join("|")),
        };
        record.into_iter().map(field).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn nested_members_have_dotted_paths() {
        let text = r#"{"id":7,"pay":{"min":1.50,"per":{"unit":"year"}},"ok":true,"x":null,"l":["a",null,2]}"#;
        assert_eq!(told(text), "id=7; pay.min=1.50; pay.per.unit=year; ok=true; l=[a|2]");
    }

    #[test]
    fn an_object_that_is_a_text_is_one() {
        for (text, expected) in [
            (r#"{"title":{"en":"Nurse","fr":"Infirmière"}}"#, "title=Nurse; title.fr=Infirmière"),
            (r#"{"title":{"zh-CN":"护士","en_US":null}}"#, "title=护士"),
            (
                r#"{"title":{"rendered":"Nurse"},"content":{"rendered":"<p>x</p>","protected":false}}"#,
                "title=Nurse; content=<p>x</p>",
            ),
            (r#"{"d":{"html":"<b>x</b>","text":"x"}}"#, "d=x"),
            (r#"{"d":{"@value":"x","@language":"en"}}"#, "d=x"),
            (r#"{"_id":{"$oid":"5f"},"at":{"$date":{"$numberLong":"17"}}}"#, "_id=5f; at=17"),
            (r#"{"e":{"id":"x"},"v":{"value":1,"unit":"h"}}"#, "e.id=x; v.value=1; v.unit=h"),
            (r#"{"p":{"text":"About","content":"We care"}}"#, "p.text=About; p.content=We care"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn entries_of_lists_are_what_they_are_called() {
        for (text, expected) in [
            (r#"{"s":[{"id":1,"name":"Go"},{"level":"2","skill":"SQL"}]}"#, "s=[Go|SQL]"),
            (
                r#"{"s":[{"@type":"Place","address":{"@type":"PostalAddress","addressLocality":"Leeds"}}]}"#,
                "s=[Leeds]",
            ),
            (r#"{"s":[["a","b"],[]]}"#, "s=[a, b]"),
            (r#"{"s":[{"libelle":"Pflege"}]}"#, "s=[Pflege]"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_of_a_posting_are_joined_with_their_headings() {
        let long = "Give medicines on a surgical ward, and check vital signs.";
        let text = format!(
            r#"{{"lists":[{{"text":"Duties","content":"<li>Care"}},{{"text":"You","content":"{long}"}}]}}"#
        );
        assert_eq!(told(&text), format!("lists.content=Duties\n<li>Care\nYou\n{long}"));
        let text = format!(r#"{{"blocks":[{{"heading":"A","items":["x","{long}"]}}]}}"#);
        assert_eq!(told(&text), format!("blocks.items=A\nx\n{long}"));
    }

    #[test]
    fn too_many_members_are_refused() {
        let members: Vec<String> = (0..=MAX_COLUMNS).map(|n| format!("\"m{n}\":1")).collect();
        let text = format!("{{\"a\":{{{}}}}}", members.join(","));
        let value = parse(&text).unwrap();
        let reason = record(value.object().unwrap()).unwrap_err();
        assert_eq!(reason, "has more than 16384 members");
    }
}
