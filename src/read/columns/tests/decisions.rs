//! What is decided where names leave it open.

use crate::read::columns::*;
use crate::read::record::{Record, Value};
use crate::read::sink::{Account, Header, Sink};
use crate::read::{ReadError, accumulator::Accumulator};
use crate::role::Role;

fn decide(names: &[&str], rows: &[&[&str]]) -> Result<(Vec<Role>, Account), ReadError> {
    let (columns, mut gathered) = (Columns::default(), Accumulator::default());
    let mut sink = Sink::new("f", &columns, &mut gathered);
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    sink.header(Header { names: names.clone(), line: Some(1) })?;
    for (at, cells) in rows.iter().enumerate() {
        let cells = cells.iter().map(|cell| Value::Text(cell.to_string()));
        sink.record(at as u64 + 2, names.iter().cloned().zip(cells).collect::<Record>());
    }
    let account = sink.finish()?;
    Ok((gathered.roles, account))
}

fn uses(account: &Account) -> Vec<&'static str> {
    account.columns.iter().map(|column| column.used_as.name()).collect()
}

const LONG: &str = "Fährt die Linie im Stadtgebiet, verkauft Fahrkarten, hilft beim Einsteigen und \
    meldet Störungen an die Leitstelle.";

#[test]
fn of_several_candidates_the_better_filled_one_is_taken_aloud() {
    let rows: [&[&str]; 4] = [
        &["", "Bus driver", "N/A", "Drives"],
        &["null", "Tram driver", "", "Steers"],
        &["Pilot", "Pilot (h/f)", "", "Flies"],
        &["-", "", "Cook", "Cooks"],
    ];
    let (roles, account) =
        decide(&["title", "position name (web)", "role", "tasks"], &rows).unwrap();
    let titles: Vec<&str> = roles.iter().map(|role| role.title.as_str()).collect();
    assert_eq!(titles, ["Bus driver", "Tram driver", "Pilot (h/f)", "Cook"]);
    assert_eq!(uses(&account), ["title", "title", "title", "text"]);
    let why = account.columns[1].why.as_deref().unwrap_or_default();
    assert!(why.contains("better filled than \"title\", which has 1"), "{why}");
    let filled: Vec<u64> = account.columns.iter().map(|column| column.filled).collect();
    assert_eq!(filled, [1, 3, 1, 4]);
}

#[test]
fn a_name_that_may_mean_anything_gives_way() {
    let rows: [&[&str]; 2] = [&["Acme", "Nurse", "Cares"], &["Umbrella", "Cook", "Cooks"]];
    let (roles, account) = decide(&["name", "job title", "tasks"], &rows).unwrap();
    assert_eq!(roles[0].title, "Nurse");
    assert_eq!(uses(&account), ["kept", "title", "text"]);
    assert_eq!(roles[0].fields["name"], "Acme");
    let (roles, _) = decide(&["name", "x", "tasks"], &rows).unwrap();
    assert_eq!(roles[0].title, "Acme");
}

#[test]
fn content_overrules_a_name_it_cannot_bear() {
    // `position` counts, `job` holds whole texts, `skills` whole sentences, `details` a link.
    let rows: [&[&str]; 2] = [
        &["1", "Busfahrer", LONG, "https://example.org/1"],
        &["2", "Lokführer", LONG, "https://example.org/2"],
    ];
    let (roles, account) = decide(&["position", "title", "skills", "details"], &rows).unwrap();
    assert_eq!(uses(&account), ["kept", "title", "text", "kept"]);
    assert_eq!((roles[0].title.as_str(), roles[0].description.as_str()), ("Busfahrer", LONG));
    assert!(roles[0].stack.is_empty());
    let twice = format!("{LONG} {LONG}");
    let rows: [&[&str]; 2] = [&[&twice, "Busfahrer"], &[&twice, "Lokführer"]];
    let (roles, account) = decide(&["job", "title"], &rows).unwrap();
    assert_eq!(uses(&account), ["text", "title"]);
    assert_eq!(roles[1].title, "Lokführer");
}

#[test]
fn a_lone_column_of_texts_is_the_text_aloud() {
    let rows: [&[&str]; 2] = [&["Fahrer", LONG, "7"], &["Koch", LONG, "8"]];
    let (roles, account) = decide(&["Stelle", "Xyzzy", "n"], &rows).unwrap();
    assert_eq!(roles[0].description, LONG);
    assert_eq!(account.columns[1].why.as_deref(), Some("by its content"));
    let (roles, account) = decide(&["Xyzzy", "Aufgaben", "n"], &rows).unwrap();
    assert_eq!((roles[1].title.as_str(), uses(&account)), ("Koch", vec!["title", "text", "kept"]));
    // Two that might be it are named, none is taken.
    let rows: [&[&str]; 2] = [&["Fahrer", LONG, LONG], &["Koch", LONG, LONG]];
    let (_, account) = decide(&["Stelle", "Xyzzy", "Qwerty"], &rows).unwrap();
    assert_eq!(uses(&account), ["title", "kept", "kept"]);
    let said = account.warnings.join("\n");
    assert!(said.contains("no role has a text") && said.contains("--text-column"), "{said}");
    assert!(said.contains("\"Xyzzy\", \"Qwerty\""), "{said}");
}

#[test]
fn missing_titles_and_texts_are_a_warning_with_the_cause() {
    let empty: [&[&str]; 3] = [&["Fahrer", "NaN"], &["Koch", "None"], &["Arzt", ""]];
    let (_, account) = decide(&["title", "description"], &empty).unwrap();
    let said = account.warnings.join("\n");
    assert!(
        said.contains("no role has a text: of 3 records something stands in \"description\" in 0"),
        "{said}"
    );
    let rows: Vec<Vec<&str>> =
        (0..10).map(|i| vec![if i < 3 { "" } else { "Koch" }, "Kocht jeden Tag"]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let (_, account) = decide(&["title", "description"], &rows).unwrap();
    assert!(account.warnings[0].contains("3 of 10 roles have no title"), "{:?}", account.warnings);
    let (_, account) = decide(&["title", "description"], &rows[2..]).unwrap();
    assert!(account.warnings.is_empty(), "{:?}", account.warnings);
}

#[test]
fn facts_are_kept_in_their_places_and_as_fields() {
    let rows: [&[&str]; 2] = [
        &["Koch", "Kocht", "Ulm", "Zum Adler", "2026-01-05", "2500", "2900", "EUR", "Monat"],
        &["Arzt", "Heilt", "暂无", "N/A", "", "-", "3000", "", ""],
    ];
    let names = [
        "Stelle",
        "Aufgaben",
        "Ort",
        "Firma",
        "Veröffentlicht am",
        "salary_from",
        "salary_to",
        "currency",
        "pay_period",
    ];
    let (roles, account) = decide(&names, &rows).unwrap();
    let facts = &roles[0].facts;
    let told =
        [&facts.place, &facts.company, &facts.date, &facts.pay].map(|f| f.as_deref().unwrap());
    assert_eq!(told, ["Ulm", "Zum Adler", "2026-01-05", "2500-2900 EUR Monat"]);
    assert_eq!(roles[0].fields["Ort"], "Ulm");
    assert_eq!((roles[1].facts.place.clone(), roles[1].facts.company.clone()), (None, None));
    assert_eq!(roles[1].facts.pay.as_deref(), Some("≤3000"));
    assert!(roles[1].fields.keys().eq(["salary_to"]), "{:?}", roles[1].fields);
    let expected = ["title", "text", "place", "company", "date", "pay", "pay", "pay", "pay"];
    assert_eq!(uses(&account), expected);
}

#[test]
fn what_the_user_names_is_not_guessed_as_well() {
    let columns = Columns { title: Some("Berufs-Name".into()), ..Columns::default() };
    assert_eq!(of_role(&columns, None, "berufs name"), Some((Target::Title, 0)));
    assert_eq!(of_role(&columns, None, "title"), None);
    assert_eq!(columns.missing(&["title".into()]), Some("Berufs-Name".into()));
    let columns = Columns { title: Some("2".into()), ..Columns::default() };
    assert_eq!(columns.missing(&["a".into(), "b".into()]), None);
    assert_eq!(columns.missing(&["a".into()]), Some("2".into()));
    assert_eq!(columns.stated_for("b", Some(2)), Some((Target::Title, 0)));
}
