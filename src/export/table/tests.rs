use std::collections::BTreeMap;

use super::*;
use crate::corrections::{Change, Correction, Outcome};
use crate::export::sample::{HOSTILE, sample};
use crate::export::{Format, export};
use crate::profile::ByHand;
use crate::report::Report;
use crate::role::{Role, RoleId};

/// A run of 12 roles whose input had more columns.
fn run() -> (Report, Vec<Role>) {
    let (report, mut roles) = sample(12, 3);
    for (at, role) in roles.iter_mut().enumerate() {
        role.facts.pay = Some(format!("{}-{}K·14薪", 10 + at, 20 + at).into());
        role.facts.date = Some("2026-03-05".into());
        role.fields = BTreeMap::from([
            ("city".to_string(), "=cmd()".to_string()),
            ("openings".to_string(), at.to_string()),
            ("version".to_string(), "1.10".to_string()),
            ("remote".to_string(), "true".to_string()),
        ])
        .into();
    }
    (report, roles)
}

fn written(format: Format, options: &TableOptions) -> (Vec<u8>, Changed) {
    let (report, roles) = run();
    let mut out = Vec::new();
    let changed = export(&report, &roles, options, format, &mut out).unwrap();
    (out, changed)
}

fn csv_rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    ::csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_column_of_the_input_is_in_the_table() {
    let (bytes, changed) = written(Format::Csv, &TableOptions::default());
    let rows = csv_rows(&bytes);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[3]["openings"], "3");
    assert_eq!(rows[3]["version"], "1.10");
    // The input's own column stands beside the one that was understood.
    assert_eq!((rows[3]["city"].as_str(), rows[3]["input.city"].as_str()), ("", "'=cmd()"));
    let month: f64 = rows[3]["pay_month_max"].parse().unwrap();
    assert!((month - 23000.0 * 14.0 / 12.0).abs() < 1e-6, "{month}");
    assert_eq!(
        (rows[3]["posted"].as_str(), rows[3]["pay_currency"].as_str()),
        ("2026-03-05", "CNY")
    );
    assert_eq!(rows[11]["cluster"], "-1");
    assert_eq!(rows[3]["technologies"], "Go; Kubernetes; Reliability engineering");
    assert_eq!(rows[1]["title"], HOSTILE);
    assert_eq!(changed.neutralised, 12);
}

#[test]
fn options_of_csv_are_for_spreadsheets() {
    let neighbors = vec![vec![RoleId::new("1.1"), RoleId::new("1.10")]; 12];
    let options = TableOptions {
        neighbors: Some(&neighbors),
        id_prefix: "r",
        byte_order_mark: true,
        formulas: Formulas::Kept,
        ..TableOptions::default()
    };
    let (bytes, changed) = written(Format::Csv, &options);
    let rows = csv_rows(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap());
    assert_eq!(rows[0]["id"], "r1.1");
    assert_eq!(rows[10]["duplicate_of"], "r1.1");
    assert_eq!(rows[0]["duplicate_of"], "");
    assert_eq!(rows[0]["neighbors"], "r1.1 r1.10");
    assert_eq!((rows[0]["input.city"].as_str(), changed.neutralised), ("=cmd()", 0));
}

#[test]
fn lines_of_json_have_types_and_nulls() {
    let (bytes, _) = written(Format::Jsonl, &TableOptions::default());
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[3]["openings"], 3);
    assert_eq!(rows[3]["remote"], true);
    assert_eq!(rows[3]["version"], "1.10");
    assert!(rows[11]["cluster"].is_null() && rows[11]["place"].is_null());
    assert_eq!(
        rows[3]["technologies"],
        serde_json::json!(["Go", "Kubernetes", "Reliability engineering"])
    );
    assert!(text.starts_with("{\"id\":"));
}

#[test]
fn parquet_has_the_types() {
    use arrow_schema::DataType;
    let (bytes, _) = written(Format::Parquet, &TableOptions::default());
    let reader = ::parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(
        bytes::Bytes::from(bytes),
        100,
    );
    let batch = reader.unwrap().next().unwrap().unwrap();
    let schema = batch.schema();
    let of = |name: &str| schema.field_with_name(name).unwrap().data_type().clone();
    assert_eq!(of("id"), DataType::Utf8);
    assert_eq!(of("version"), DataType::Utf8);
    assert_eq!(of("openings"), DataType::Int32);
    assert_eq!(of("remote"), DataType::Boolean);
    assert_eq!(of("posted"), DataType::Date32);
    assert_eq!(of("pay_min"), DataType::Float64);
    assert!(matches!(of("technologies"), DataType::List(_)));
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_has_four_sheets_and_ids_are_texts() {
    use calamine::{Data, Reader, Xlsx};
    let (bytes, _) = written(Format::Xlsx, &TableOptions::default());
    let again = written(Format::Xlsx, &TableOptions::default()).0;
    assert!(bytes == again, "a workbook differs from run to run");
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["roles", "specialisations", "technologies", "trends"]);
    let roles = book.worksheet_range("roles").unwrap();
    assert_eq!(roles.get_value((1, 0)), Some(&Data::String("1.1".into())));
    assert_eq!(roles.get_value((2, 1)), Some(&Data::String(HOSTILE.into())));
    assert_eq!(roles.height(), 13);
    assert_eq!(book.worksheet_range("specialisations").unwrap().height(), 4);
}

/// A run whose first specialisation was named by a person, who moved the fourth role.
fn corrected_run() -> (Report, Vec<Role>) {
    let (mut report, roles) = run();
    let change = Change::Move { roles: vec![RoleId::new("1.2")], to: vec![RoleId::new("1.1")] };
    let correction = Correction { line: 1, change };
    report.corrections = vec![Outcome { correction, held: true, note: None }];
    report.profiles[0].by_hand = vec![ByHand::Named];
    report.placements[3].by_hand = Some(ByHand::Moved);
    (report, roles)
}

fn corrected(format: Format) -> Vec<u8> {
    let (report, roles) = corrected_run();
    let mut out = Vec::new();
    export(&report, &roles, &TableOptions::default(), format, &mut out).unwrap();
    out
}

#[test]
fn what_a_person_set_is_a_column() {
    let rows = csv_rows(&corrected(Format::Csv));
    let of = |row: usize| rows[row]["by_hand"].as_str();
    assert_eq!((of(0), of(1), of(3)), ("named", "", "named; moved"));
    let (bytes, _) = written(Format::Csv, &TableOptions::default());
    assert!(!csv_rows(&bytes)[0].contains_key("by_hand"), "there are no corrections");
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_names_the_directions_and_says_what_a_person_set() {
    use calamine::{Data, Reader, Xlsx};
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(corrected(Format::Xlsx))).unwrap();
    let sheet = book.worksheet_range("specialisations").unwrap();
    let text = |row: u32, column: u32| match sheet.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    };
    assert_eq!((text(0, 7), text(0, 8)), ("direction".into(), "by_hand".into()));
    assert_eq!((text(1, 7), text(1, 8)), ("方向 1".into(), "named".into()));
    assert_eq!((text(3, 7), text(3, 8)), ("方向 2".into(), String::new()));
    let roles = book.worksheet_range("roles").unwrap();
    let row = roles.rows().nth(4).unwrap();
    assert!(row.contains(&Data::String("named; moved".into())), "{row:?}");
}
