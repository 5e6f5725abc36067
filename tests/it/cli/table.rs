//! `rolecluster table`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::Workspace;

/// Forty postings over two months in two cities: Kafka rises, Redis falls, Munich pays more.
fn market() -> Workspace {
    let mut text = String::new();
    for at in 0..40 {
        let (late, munich) = (at >= 20, at % 2 == 1);
        let technology = if (at % 20 < 15) == late { "Kafka" } else { "Redis" };
        let pay = if munich { 60 + at } else { 40 + at };
        let pay = match at {
            0 => "$90,000 a year".to_string(),
            2 => "55000 per year".to_string(),
            _ => format!("{pay}.000 € pro Jahr"),
        };
        let role = json!({
            "id": format!("1.{at}"),
            "title": format!("Senior backend developer {at}"),
            "description": format!("Number {at} builds services and looks after them"),
            "stack": [technology, "Kubernetes"],
            "date": if late { "2026-02-05" } else { "2026-01-05" },
            "city": if munich { "慕尼黑" } else { "Berlin" },
            "salary": pay,
        });
        writeln!(text, "{role}").unwrap();
    }
    let workspace = Workspace::new();
    workspace.write("market.jsonl", text);
    workspace.done(&["run", "market.jsonl", "--out", "jobs", "-k", "2", "--quiet"]);
    workspace
}

#[test]
fn roles_are_counted_by_two_fields() {
    let workspace = market();
    let args = ["table", "jobs", "--rows", "technology", "--columns", "city", "--with-duplicates"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stdout
    technology  Berlin  慕尼黑
    Kubernetes      20      20
    Kafka           10      10
    Redis           10      10
    roles           20      20
    ");
    let args = [
        "table",
        "jobs",
        "--rows",
        "technology",
        "--by",
        "month",
        "--values",
        "share",
        "--with-duplicates",
    ];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stdout
    technology         2026-01         2026-02
    Kubernetes  100 % (84-100)  100 % (84-100)
    Kafka         25 % (11-47)    75 % (53-89)
    Redis         75 % (53-89)    25 % (11-47)
    roles                   20              20
    ");
}

#[test]
fn pay_is_of_one_currency_and_small_cells_are_suppressed() {
    let workspace = market();
    let args = [
        "table",
        "jobs",
        "--rows",
        "city",
        "--columns",
        "technology",
        "--values",
        "pay",
        "--floor",
        "10",
        "--with-duplicates",
        "--json",
    ];
    let table: Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    assert_eq!(table["currency"], "EUR");
    assert_eq!((&table["other_currencies"], &table["unclear_pay"]), (&json!(1), &json!(1)));
    let cells = &table["content"]["cells"];
    assert_eq!(cells["rows"], json!(["慕尼黑", "Berlin"]));
    assert_eq!(cells["without"], 0, "every role states a city, a technology and pay");
    let said = workspace.said(&args[..args.len() - 1]);
    assert!(said.contains("1 role in other currencies than EUR"), "{said}");
    assert!(said.contains("1 role whose pay is without a currency"), "{said}");
    assert!(!said.contains("state nothing"), "{said}");
    assert!(said.contains("fewer than 10 roles are suppressed"), "{said}");
}

#[test]
fn the_last_period_is_compared_with_the_first() {
    let workspace = market();
    let args = ["table", "jobs", "--values", "change", "--with-duplicates"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stdout
                2026-01  2026-02  change in points   95 % interval       p
    Kafka          25 %     75 %             +50.0  +19.1 to +69.5  0.002*
    Kubernetes    100 %    100 %              +0.0  -16.1 to +16.1  1.000
    Redis          75 %     25 %             -50.0  -69.5 to -19.1  0.002*
    roles            20       20
    ");
    let csv =
        workspace.done(&["table", "jobs", "--values", "change", "--with-duplicates", "--csv"]);
    assert!(csv.starts_with("name,first,last,roles_first,"), "{csv}");
    assert!(csv.contains("\nKafka,2026-01,2026-02,5,15,0.25,0.75,"), "{csv}");
}

#[test]
fn technologies_stand_together() {
    let workspace = market();
    let args = ["table", "jobs", "--values", "together", "--with-duplicates"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stdout
                       roles  overlap  lift
    Kubernetes  Kafka     20     50 %   1.0
    Kubernetes  Redis     20     50 %   1.0
    ");
}

#[test]
fn what_was_found_is_counted() {
    let workspace = market();
    insta::assert_snapshot!(workspace.said(&["table", "jobs", "--values", "found",
        "--with-duplicates"]), @r"
    exit code 0
    --- stdout
                roles  share
    posted         40  100 %
    place          40  100 %
    company         0    0 %
    seniority      40  100 %
    experience      0    0 %
    education       0    0 %
    pay            40  100 %
    ");
}

#[test]
fn a_field_that_nobody_has_is_named_with_those_there_are() {
    let workspace = market();
    let (code, stderr) = workspace.failed(&["table", "jobs", "--rows", "colour"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("\"colour\"; there are: specialisation, technology, "), "{stderr}");
    assert!(stderr.contains(", salary"), "{stderr}");
}
