use super::*;

fn role(pairs: &[(&str, &str)]) -> Result<Role, String> {
    let record = pairs.iter().map(|(n, v)| (n.to_string(), Value::Text(v.to_string()))).collect();
    Mapper::new(&Columns::default()).role(record, "f", 3)
}

#[test]
fn columns_find_their_places() {
    let role = role(&[
        ("name", "other"),
        ("title", "SRE\n工程师"),
        ("requirements", "Go"),
        ("description", "<p>Runs it</p>"),
        ("skills", "Go, C/C++"),
        ("tags", "x"),
        ("城市", "上海"),
        ("empty", " "),
    ])
    .unwrap();
    assert_eq!(role.title, "SRE 工程师");
    assert_eq!(role.description, "Runs it\nGo");
    assert_eq!(role.stack, ["Go", "C/C++"]);
    let fields: Vec<(&str, &str)> =
        role.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(fields, [("name", "other"), ("tags", "x"), ("城市", "上海")]);
    assert_eq!(role.id.as_str(), role.content_hash());
}

#[test]
fn the_whole_beside_its_parts_is_said_once() {
    let role = role(&[("description", "a b"), ("text", "title a b"), ("jd", "b")]).unwrap();
    assert_eq!(role.description, "title a b");
}

#[test]
fn a_yes_or_no_is_no_text_and_sentences_stand_in_lines() {
    let role = role(&[("title", "true"), ("description", "Runs it")]).unwrap();
    assert_eq!((role.title.as_str(), role.fields["title"].as_str()), ("", "true"));
    let duties = Value::List(vec!["Plans".into(), "Builds, tests".into()]);
    let record = vec![("duties".to_string(), duties)];
    let role = Mapper::new(&Columns::default()).role(record, "f", 1).unwrap();
    assert_eq!(role.description, "Plans\nBuilds, tests");
}

#[test]
fn records_without_text_are_refused() {
    assert!(role(&[("id", "1"), ("title", " -- ")]).unwrap_err().contains("no title"));
    assert!(role(&[("title", "a\u{fffd}\u{fffd}b")]).unwrap_err().contains("encoding"));
    assert!(role(&[]).is_err());
    assert_eq!(role(&[("title", "🔥🔥"), ("description", "💰")]).unwrap().title, "🔥🔥");
}

#[test]
fn fields_that_are_merely_kept_lose_their_markup() {
    let role = role(&[
        ("title", "Nurse"),
        ("remarks", "<p>Ask <b>Eva</b> &amp; Tom</p><script>x()</script>"),
        ("link", "https://example.org/?a=1&copy=2&lt=3"),
        ("hint", "a < b, vector<int>"),
        ("hidden", "<sc\u{200b}ript>x()</sc\u{200b}ript>see below"),
    ])
    .unwrap();
    assert_eq!(role.fields["remarks"], "Ask Eva & Tom");
    assert_eq!(role.fields["link"], "https://example.org/?a=1&copy=2&lt=3");
    assert_eq!(role.fields["hint"], "a < b, vector<int>");
    assert_eq!(role.fields["hidden"], "see below");
}
