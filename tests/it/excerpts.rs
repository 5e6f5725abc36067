//! A search that reads a few roles answers as one that has them all in memory.

use std::fmt::Write as _;

use rolecluster::pipeline::{Explain, Query, QueryModel, SearchOptions, Searcher};
use rolecluster::role::RoleId;
use rolecluster::search::Mode;
use rolecluster::store::{RolePart, RunFolder};

use crate::support::{Workspace, postings};

/// 900 roles, enough for several pages of each text, with a column of their own.
fn embedded() -> Workspace {
    let workspace = Workspace::new();
    let mut text = String::new();
    for (at, line) in postings(300).lines().enumerate() {
        let mut role: serde_json::Value = serde_json::from_str(line).unwrap();
        role["city"] = ["Berlin", "上海", "São Paulo"][at / 3 % 3].into();
        writeln!(text, "{role}").unwrap();
    }
    workspace.write("many.jsonl", text);
    workspace.done(&["embed", "many.jsonl", "--out", "jobs"]);
    workspace
}

#[test]
fn a_search_reads_as_much_of_the_roles_as_it_needs_and_answers_the_same() {
    let workspace = embedded();
    let run = RunFolder::open(&workspace.path().join("jobs")).unwrap();
    let fresh = || Searcher::open(&run, QueryModel::default()).unwrap();
    let whole = fresh();
    assert_eq!(whole.languages().unwrap().iter().map(|(_, n)| n).sum::<usize>(), 900);

    let filters: [&[&str]; 10] = [
        &[],
        &["section=web"],
        &["title=munich"],
        &["city=上海"],
        &["language=zh"],
        &["technology=ceph"],
        &["cluster=none"],
        &["city=berlin", "language=en", "technology=sql"],
        &["title=in no title"],
        &["planet=mars"],
    ];
    let queries = [
        (Query::Like(RoleId::new("web-299")), Mode::Hybrid),
        (Query::Like(RoleId::new("data-7")), Mode::Semantic),
        (Query::Text("Ceph disks in 上海".into()), Mode::Lexical),
        (Query::Like(RoleId::new("no such role")), Mode::Hybrid),
    ];
    let mut answers = 0;
    for filters in filters {
        let filters: Vec<_> = filters.iter().map(|filter| filter.parse().unwrap()).collect();
        for (query, mode) in &queries {
            let options = SearchOptions {
                k: 7,
                mode: *mode,
                filters: filters.clone(),
                not: None,
                explain: Explain::ByWords,
                min_score: Some(0.0),
            };
            let found = fresh().search(query, &options).map_err(|e| e.to_string());
            let expected = whole.search(query, &options).map_err(|e| e.to_string());
            answers += found.as_ref().map_or(0, |answer| answer.hits.len());
            assert_eq!(found, expected, "{query:?} {options:?}");
        }
    }
    assert!(answers > 100, "{answers}");
}

#[test]
fn any_rows_in_any_order() {
    let workspace = embedded();
    let run = RunFolder::open(&workspace.path().join("jobs")).unwrap();
    let (file, all) = (run.role_file().unwrap(), run.roles().unwrap());
    assert_eq!(file.n_roles(), 900);
    let rows = [899, 0, 17, 450, 449, 3];
    let parts = [RolePart::Id, RolePart::Stack, RolePart::Fields, RolePart::Text];
    for ((role, text), row) in file.some(&parts, &rows).unwrap().into_iter().zip(rows) {
        let expected = &all.corpus.roles()[row];
        assert_eq!((&role.id, &role.stack), (&expected.id, &expected.stack));
        assert_eq!((&role.fields, &text), (&expected.fields, &all.texts[row].to_string()));
        assert!(role.description.is_empty(), "nobody asked for it");
        assert_eq!(file.row_of(&role.id).unwrap(), Some(row));
    }
    assert_eq!(file.row_of(&RoleId::new("x")).unwrap(), None);
    assert!(file.some(&parts, &[]).unwrap().is_empty());
    assert!(file.some(&parts, &[900]).is_err());
}
