use super::*;
use crate::clustering::{ClusterId, DirectionId, Share};
use crate::embeddings::ModelFingerprint;
use crate::intake::Intake;
use crate::report::Placement;
use crate::report::{Method, SCHEMA_VERSION, Scores};
use crate::role::RoleId;

fn report() -> Report {
    let placement = |id: &str, title: &str, cluster: Option<u32>| Placement {
        id: RoleId::new(id),
        title: title.into(),
        section: Some("云, \"原生\"".into()),
        cluster: cluster.map(ClusterId),
        cluster_name: cluster.map(|_| "容器 · Go".into()),
        direction: cluster.map(DirectionId),
        direction_name: cluster.map(|_| "云".into()),
        direction_source: None,
        by_hand: None,
        strength: 0.5,
        shares: cluster
            .map(|c| Share { cluster: ClusterId(c), share: 0.625 })
            .into_iter()
            .collect(),
        between: None,
        duplicate_of: None,
    };
    Report {
        schema_version: SCHEMA_VERSION,
        written_by: "test".into(),
        model: ModelFingerprint {
            name: "m".into(),
            revision: "local".into(),
            digest: "d".into(),
            dimension: 2,
            dtype: "f32".into(),
            prompt: String::new(),
        },
        method: Method::default(),
        scores: Scores::default(),
        profiles: vec![],
        directions: vec![],
        technologies: vec![],
        candidates: vec![],
        intake: Intake::default(),
        digest_tables: Default::default(),
        placements: vec![
            placement("1", "=cmd|' /C calc'!A0", Some(0)),
            placement("2", "a\u{2028}b\u{202e}</script>\n", None),
        ],
        raw_labels: None,
        hierarchy: None,
        lineage: None,
        corrections: vec![],
        language: None,
        codes: None,
        over_time: None,
        map: None,
    }
}

fn exported(format: Format, with_neighbors: bool) -> Vec<u8> {
    let neighbors = vec![vec![RoleId::new("2")], vec![RoleId::new("1")]];
    let mut out = Vec::new();
    let neighbors = with_neighbors.then_some(neighbors.as_slice());
    let report = report();
    let role = |place: &Placement| Role {
        id: place.id.clone(),
        title: place.title.clone(),
        section: place.section.clone(),
        ..Role::default()
    };
    let roles: Vec<Role> = report.placements.iter().map(role).collect();
    let options = TableOptions { neighbors, ..TableOptions::default() };
    export(&report, &roles, &options, format, &mut out).unwrap();
    out
}

#[test]
fn noise_is_null_in_json_and_minus_one_in_csv() {
    let document: serde_json::Value =
        serde_json::from_slice(&exported(Format::Json, false)).unwrap();
    assert_eq!(document["schema_version"], 2);
    assert_eq!(document["roles"][0]["cluster"], 1);
    assert_eq!(document["roles"][0]["direction"], 1);
    assert_eq!(document["roles"][0]["shares"][0]["cluster"], 1);
    assert!(document["roles"][1]["cluster"].is_null());
    assert!(document["roles"][1].get("neighbors").is_none());
    let mut reader = ::csv::Reader::from_reader(std::io::Cursor::new(exported(Format::Csv, true)));
    let place = reader.headers().unwrap().iter().position(|name| name == "neighbors").unwrap();
    let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let first: Vec<&str> = records[0].iter().skip(3).take(8).collect();
    assert_eq!(first, ["1", "云", "1", "容器 · Go", "0.5", "1:0.62", "", ""]);
    assert_eq!((&records[1][3], &records[1][5]), ("-1", "-1"));
    assert_eq!(&records[1][1], "a\u{2028}b\u{202e}</script>\n");
    assert_eq!(&records[0][1], "'=cmd|' /C calc'!A0", "a formula is made harmless");
    assert_eq!(&records[0][place], "2");
}

#[test]
fn every_line_is_a_document_of_its_own() {
    let text = String::from_utf8(exported(Format::Jsonl, true)).unwrap();
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["neighbors"][0], "1");
}

#[test]
fn parquet_keeps_types_and_nulls() {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    let bytes = bytes::Bytes::from(exported(Format::Parquet, true));
    let reader = ::parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(bytes, 10);
    let batch = reader.unwrap().next().unwrap().unwrap();
    let clusters = batch.column_by_name("cluster").unwrap();
    assert!(clusters.is_valid(0) && clusters.is_null(1));
    assert_eq!(batch.column_by_name("id").unwrap().as_string::<i32>().value(1), "2");
    assert!(batch.column_by_name("neighbors").is_some());
    assert_eq!(batch.column_by_name("direction_name").unwrap().as_string::<i32>().value(0), "云");
    let shares = batch.column_by_name("shares").unwrap().as_list::<i32>();
    assert_eq!((shares.value_length(0), shares.value_length(1)), (1, 0));
}

#[test]
fn an_unknown_format_lists_the_known_ones() {
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert_eq!(error, "no export format \"xml\"; there are json, jsonl, csv, parquet and xlsx");
}
