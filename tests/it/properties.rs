//! Properties that hold for any input.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rolecluster::clustering::Clustering;
use rolecluster::export::{Format, TableOptions, export};
use rolecluster::intake::Intake;
use rolecluster::report::{Method, Report, SCHEMA_VERSION, Scores, placements};
use rolecluster::role::{Corpus, Origin, Role, RoleId};
use rolecluster::store::RunFolder;

use crate::support::{embedded_run, two_numbers};

/// Any text, and often one that means something to a format it is written in.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[=+@\\-]{1,2}[a-zA-Z]{1,8}",
        "[\"',;|\\r\\n\\t<>&]{1,6}",
        "\\PC{0,12}",
        Just("</script><script>".to_string()),
        Just("\u{2028}\u{202e}\u{0}\u{feff}".to_string()),
    ]
}

fn any_role() -> impl Strategy<Value = Role> {
    let list = prop::collection::vec(any_text(), 0..3);
    (any_text(), any_text(), any_text(), list, prop::option::of(any_text())).prop_map(
        |(id, title, description, stack, section)| Role {
            id: RoleId::new(id),
            title: title.into(),
            description: description.into(),
            stack: stack.into_iter().map(Into::into).collect(),
            section: section.as_deref().map(Into::into),
            origin: Origin { file: "a.jsonl".into(), line: 1 },
            facts: Default::default(),
            fields: BTreeMap::from_iter(section.map(|text| (text, "x".to_string()))).into(),
        },
    )
}

fn any_corpus() -> impl Strategy<Value = Corpus> {
    prop::collection::vec(any_role(), 1..12).prop_map(Corpus::new)
}

/// A report on `corpus` with labels that go round.
fn report(corpus: &Corpus) -> Report {
    let raw: Vec<Option<usize>> = (0..corpus.len()).map(|row| (row % 3).checked_sub(1)).collect();
    let (clustering, _) = Clustering::canonical(&raw, vec![0.5; corpus.len()]);
    let representative: Vec<usize> = (0..corpus.len()).collect();
    Report {
        schema_version: SCHEMA_VERSION,
        written_by: "test".into(),
        model: two_numbers(),
        method: Method::default(),
        scores: Scores::default(),
        profiles: vec![],
        directions: vec![],
        technologies: vec![],
        candidates: vec![],
        intake: Intake::default(),
        digest_tables: Default::default(),
        placements: placements(corpus, &representative, &clustering, &[], &[]),
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

fn exported(report: &Report, corpus: &Corpus, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(report, corpus.roles(), &TableOptions::default(), format, &mut bytes).unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ids_are_unique_and_nothing_else_changes(roles in prop::collection::vec(any_role(), 0..20)) {
        let corpus = Corpus::new(roles.clone());
        let mut ids: Vec<&str> = corpus.roles().iter().map(|r| r.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), roles.len());
        for (before, after) in roles.iter().zip(corpus.roles()) {
            prop_assert!(after.id.as_str().starts_with(before.id.as_str()));
            prop_assert_eq!(before.content_hash(), after.content_hash());
        }
    }

    #[test]
    fn clusters_are_numbered_by_falling_size(raw in prop::collection::vec(prop::option::of(0usize..7), 0..60)) {
        let (clustering, old_of_new) = Clustering::canonical(&raw, vec![1.0; raw.len()]);
        let members = clustering.members();
        prop_assert!(members.windows(2).all(|pair| pair[0].len() >= pair[1].len()));
        prop_assert!(members.iter().all(|rows| !rows.is_empty()));
        for (label, raw) in clustering.labels().iter().zip(&raw) {
            prop_assert_eq!(label.map(|id| old_of_new[id.index()]), *raw);
        }
    }

    #[test]
    fn any_text_survives_the_run_folder(corpus in any_corpus()) {
        let folder = tempfile::tempdir().unwrap();
        let (stored, embeddings) = embedded_run(folder.path(), corpus);
        let run = RunFolder::open(folder.path()).unwrap();
        prop_assert_eq!(run.roles().unwrap(), stored);
        prop_assert_eq!(run.embeddings().unwrap(), embeddings);
    }

    #[test]
    fn every_export_holds_every_role_once(corpus in any_corpus()) {
        let report = report(&corpus);
        let ids: Vec<&str> = corpus.roles().iter().map(|r| r.id.as_str()).collect();

        let document: serde_json::Value =
            serde_json::from_slice(&exported(&report, &corpus, Format::Json)).unwrap();
        let in_json: Vec<&str> = document["roles"].as_array().unwrap().iter()
            .map(|role| role["id"].as_str().unwrap()).collect();
        prop_assert_eq!(&in_json, &ids);

        let lines = String::from_utf8(exported(&report, &corpus, Format::Jsonl)).unwrap();
        prop_assert_eq!(lines.split_terminator('\n').count(), ids.len());

        let table = exported(&report, &corpus, Format::Csv);
        let mut reader = csv::Reader::from_reader(table.as_slice());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), ids.len());
        for (record, id) in records.iter().zip(&ids) {
            let escaped = format!("'{id}");
            prop_assert!(record[0] == **id || record[0] == escaped, "{id:?}");
            // -1 is the one cell that begins like a formula: noise.
            let formula = |cell: &str| cell != "-1" && cell.starts_with(['=', '+', '-', '@']);
            prop_assert!(!record.iter().any(formula), "{:?}", record);
        }
    }
}
