//! `rolecluster worker`: rows in, answers out, whatever batches they come in.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, DictionaryArray, Int32Array, LargeStringArray, RecordBatch,
    StringArray, StringViewArray, StructArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use rolecluster::store::RunFolder;
use serde_json::Value;

use crate::support::{Workspace, postings, tiny_model};

/// The parts of postings that are texts, as columns.
fn batch(postings: &str) -> RecordBatch {
    let rows: Vec<Value> =
        postings.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = |name: &str| -> ArrayRef {
        let texts = rows.iter().map(|row| match &row[name] {
            Value::Array(entries) => Some(entries[0].as_str().unwrap().to_string()),
            other => other.as_str().map(str::to_string),
        });
        Arc::new(texts.collect::<StringArray>())
    };
    let names = ["id", "section", "title", "description", "stack"];
    RecordBatch::try_from_iter(names.map(|name| (name, text(name)))).unwrap()
}

fn stream_of(schema: &Schema, batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), schema).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    stream_of(&batches[0].schema(), batches)
}

/// Exit code, answers and stderr of the worker.
fn worked(workspace: &Workspace, args: &[&str], input: Vec<u8>) -> (i32, Vec<RecordBatch>, String) {
    let args = [&["worker"][..], args].concat();
    let output = workspace.command(&args).write_stdin(input).output().unwrap();
    let answers = match StreamReader::try_new(output.stdout.as_slice(), None) {
        Ok(reader) => reader.map_while(Result::ok).collect(),
        Err(_) => Vec::new(),
    };
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), answers, stderr)
}

fn answers(workspace: &Workspace, args: &[&str], input: Vec<u8>) -> Vec<RecordBatch> {
    let (code, answers, stderr) = worked(workspace, args, input);
    assert_eq!(code, 0, "{args:?}: {stderr}");
    answers
}

/// Every row in full, by id; numbers are printed so that equal text is equal bits.
fn by_id(answers: &[RecordBatch]) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    for answers in answers {
        let ids = answers.column_by_name("id").unwrap().as_string::<i32>();
        for row in 0..answers.num_rows() {
            let cells: Vec<String> = answers
                .columns()
                .iter()
                .map(|column| format!("{:?}", column.slice(row, 1)))
                .collect();
            rows.insert(ids.value(row).to_string(), cells.join("\n"));
        }
    }
    rows
}

fn texts(answers: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = answers.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|text| text.map(str::to_string)).collect()
}

fn numbers(list: &ArrayRef) -> Vec<f32> {
    list.as_primitive::<Float32Type>().values().to_vec()
}

/// A finished run, and new postings of its trades, of another, and one of the run's own.
fn with_new_postings() -> (Workspace, RecordBatch) {
    let workspace = Workspace::with_run();
    let new = postings(4).replace("Runs", "Keeps running").replace("reports", "queries");
    let nurse = r#"{"id": "n", "title": "Nurse", "description": "Cares for patients", "section": null, "stack": ["ward"]}"#;
    let own = postings(1).lines().next().unwrap().replace("storage-0", "own");
    (workspace, batch(&format!("{new}{nurse}\n{own}")))
}

#[test]
fn batches_and_their_order_change_no_row() {
    let (workspace, rows) = with_new_postings();
    workspace.write("sentences.txt", "Runs Ceph.\n");
    let one_by_one: Vec<RecordBatch> = (0..rows.num_rows()).map(|row| rows.slice(row, 1)).collect();
    let backwards: Vec<RecordBatch> = one_by_one.iter().rev().cloned().collect();
    let uneven = [rows.slice(0, 2), rows.slice(2, 0), rows.slice(2, rows.num_rows() - 2)];
    let queries = ["--run", "jobs", "--text-column", "description"];
    let model = tiny_model();
    let model = ["--model", model.to_str().unwrap()];
    for (task, options) in [
        ("read", &[][..]),
        ("clean", &[]),
        ("clean", &["--run", "jobs"]),
        ("clean", &["--boilerplate", "sentences.txt"]),
        ("embed", &model),
        ("embed", &["--run", "jobs"]),
        ("assign", &["--run", "jobs"]),
        ("search", &queries),
    ] {
        let args = [&["--task", task, "--keep", "section"][..], options].concat();
        let args = if task == "read" { vec!["--task", "read"] } else { args };
        let whole = by_id(&answers(&workspace, &args, stream(std::slice::from_ref(&rows))));
        assert_eq!(whole.len(), rows.num_rows(), "{task}");
        for batches in [&one_by_one[..], &backwards, &uneven] {
            let found = by_id(&answers(&workspace, &args, stream(batches)));
            assert!(found == whole, "{task}: {found:#?}\n{whole:#?}");
        }
    }
}

#[test]
fn vectors_are_those_of_one_machine() {
    let workspace = Workspace::with_run();
    let expected = RunFolder::open(&workspace.path().join("jobs")).unwrap().embeddings().unwrap();
    let model = tiny_model();
    let rows = batch(&postings(8));
    let cleaned = answers(&workspace, &["--task", "clean"], stream(std::slice::from_ref(&rows)));
    for (options, input) in [
        (&["--run", "jobs"][..], stream(std::slice::from_ref(&rows))),
        (&["--model", model.to_str().unwrap()], stream(&[rows])),
        // What was cleaned before is embedded as it is.
        (&["--model", model.to_str().unwrap()], stream(&cleaned)),
    ] {
        let args = [&["--task", "embed"][..], options].concat();
        let found = answers(&workspace, &args, input);
        let vectors = found[0].column_by_name("vector").unwrap().as_fixed_size_list();
        let ids = texts(&found[0], "id");
        assert_eq!(ids.len(), expected.ids().len());
        for (row, (id, vector)) in
            expected.ids().iter().zip(expected.vectors().iter_rows()).enumerate()
        {
            assert_eq!(ids[row].as_deref(), Some(id.as_str()));
            assert_eq!(numbers(&vectors.value(row)), vector, "{options:?}: row {row}");
        }
        let metadata = found[0].schema().metadata().clone();
        assert_eq!(metadata["rolecluster.task"], "embed");
        assert_eq!(metadata["rolecluster.version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(metadata["rolecluster.digest"], expected.model().digest);
    }
}

#[test]
fn places_and_hits_are_those_of_the_commands() {
    let (workspace, rows) = with_new_postings();
    let lines = postings(4).replace("Runs", "Keeps running").replace("reports", "queries");
    workspace.write("new.jsonl", &lines);
    let expected: Vec<Value> =
        serde_json::from_str(&workspace.done(&["assign", "jobs", "new.jsonl", "--json"])).unwrap();
    let found = &answers(&workspace, &["--task", "assign", "--run", "jobs"], stream(&[rows]))[0];
    let clusters = found.column_by_name("cluster").unwrap().as_primitive::<Int64Type>();
    let strengths = found.column_by_name("strength").unwrap().as_primitive::<Float32Type>();
    let (names, reasons) = (texts(found, "cluster_name"), texts(found, "reason"));
    for (row, place) in expected.iter().enumerate() {
        let cluster = clusters.is_valid(row).then(|| clusters.value(row));
        assert_eq!(cluster, place["cluster"].as_i64(), "{place}");
        assert_eq!(names[row].as_deref(), place["cluster_name"].as_str());
        assert_eq!(reasons[row].as_deref(), place["reason"].as_str());
        if cluster.is_some() {
            assert_eq!(
                strengths.value(row) as f64,
                place["strength"].as_f64().unwrap() as f32 as f64
            );
        }
        assert_eq!(strengths.is_null(row), cluster.is_none());
    }

    let queries = StringArray::from(vec![Some("Ceph disks"), None, Some("SQL reports")]);
    let queries = RecordBatch::try_from_iter([("query", Arc::new(queries) as ArrayRef)]).unwrap();
    let args = ["--task", "search", "--run", "jobs", "-k", "3"];
    let found = &answers(&workspace, &args, stream(&[queries]))[0];
    let (ids, scores) =
        (found.column_by_name("ids").unwrap(), found.column_by_name("scores").unwrap());
    assert_eq!(texts(found, "reason")[1].as_deref(), Some("the text is empty"));
    assert!(ids.is_null(1) && scores.is_null(1));
    for (row, query) in [(0, "Ceph disks"), (2, "SQL reports")] {
        let said = workspace.done(&["search", "jobs", query, "-k", "3", "--json"]);
        let expected: Vec<Value> = serde_json::from_str(&said).unwrap();
        let ids = ids.as_list::<i32>().value(row);
        let ids: Vec<&str> = ids.as_string::<i32>().iter().flatten().collect();
        let expected_ids: Vec<&str> =
            expected.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected_ids, "{query}");
        let expected: Vec<f32> =
            expected.iter().map(|hit| hit["score"].as_f64().unwrap() as f32).collect();
        assert_eq!(numbers(&scores.as_list::<i32>().value(row)), expected, "{query}");
    }
}

/// Trades in three languages, a text that is none, and one that the program cannot read.
#[cfg(feature = "bundled-model")]
const TRADES: &str = r#"{"id":"dba","title":"Database administrator","description":"Administers Oracle and PostgreSQL databases: backups, tuning, access rights and upgrades.","section":null,"stack":["SQL"]}
{"id":"nurse","title":"Krankenpfleger (m/w/d)","description":"Sie versorgen Patienten auf der Station und geben Medikamente.","section":null,"stack":["ward"]}
{"id":"cook","title":"厨师","description":"负责餐厅菜品的烹饪和厨房卫生。","section":null,"stack":["wok"]}
{"id":"weather","title":"今天天气很好","description":"今天天气很好，我们去公园散步。","section":null,"stack":["-"]}
{"id":"bad","title":"!!","description":" ","section":null,"stack":["-"]}"#;

#[cfg(feature = "bundled-model")]
#[test]
fn codes_are_those_of_the_export_in_any_batches_and_shards() {
    let workspace = Workspace::new();
    workspace.write("trades.jsonl", TRADES);
    let run = ["run", "trades.jsonl", "--out", "jobs", "-k", "2", "--quiet", "--model", "bundled"];
    // A row says nothing.
    assert_eq!(workspace.command(&run).output().unwrap().status.code(), Some(3));
    let rows = batch(TRADES);
    let one_by_one: Vec<RecordBatch> =
        (0..rows.num_rows()).rev().map(|row| rows.slice(row, 1)).collect();
    for (scheme, options) in [
        ("isco", &["--run", "jobs", "--lang", "en"][..]),
        ("esco", &["--run", "jobs", "--lang", "en"]),
        ("isco", &["--model", "bundled", "--lang", "en"]),
    ] {
        let args = [&["--task", "codes", "--codes", scheme][..], options].concat();
        let found = answers(&workspace, &args, stream(std::slice::from_ref(&rows)));
        let whole = by_id(&found);
        assert_eq!(by_id(&answers(&workspace, &args, stream(&one_by_one))), whole, "{scheme}");
        // Two shards, each a worker of its own.
        let mut shards = BTreeMap::new();
        for shard in [rows.slice(0, 2), rows.slice(2, 3)] {
            shards.extend(by_id(&answers(&workspace, &args, stream(&[shard]))));
        }
        assert_eq!(shards, whole, "{scheme}");

        let export = ["export", "jobs", "--format", "jsonl", "--lang", "en", "--codes", scheme];
        let told = workspace.done(&export);
        for line in told.lines() {
            let role: Value = serde_json::from_str(line).unwrap();
            let ids = texts(&found[0], "id");
            let row = ids.iter().position(|id| id.as_deref() == role["id"].as_str()).unwrap();
            for name in ["code", "code_title"] {
                let expected = role[name].as_str().filter(|text| !text.is_empty());
                assert_eq!(texts(&found[0], name)[row].as_deref(), expected, "{role}");
            }
            let scores = found[0].column_by_name("code_score").unwrap();
            let score = scores.as_primitive::<Float32Type>();
            let score = score.is_valid(row).then(|| score.value(row));
            assert_eq!(score, role["code_score"].as_f64().map(|score| score as f32), "{role}");
        }
        let reasons = texts(&found[0], "reason");
        assert_eq!(reasons[3].as_deref(), Some("no standard occupation is near"));
        assert_eq!(reasons[4].as_deref(), Some("has no title, no description and no stack"));
        assert_eq!(reasons[0], None);
    }
}

#[test]
fn codes_need_the_bundled_model() {
    let workspace = Workspace::with_run();
    let rows = batch(&postings(1));
    let args = ["--task", "codes", "--run", "jobs"];
    let (code, _, stderr) = worked(&workspace, &args, stream(&[rows]));
    assert!(code == 6 && stderr.contains("--model bundled"), "{code}: {stderr}");
}

#[test]
fn what_is_no_group_is_told() {
    let workspace = Workspace::new();
    let gathered = r#"{"roles": [{"title": "a"}], "pairs": [[0, 1]], "n_roles": 1, "counts": []}"#;
    let rows = StringArray::from(vec![Some("{}"), Some(gathered), None]);
    let rows = RecordBatch::try_from_iter([("gathered", Arc::new(rows) as ArrayRef)]).unwrap();
    let found = answers(&workspace, &["--task", "duplicates"], stream(&[rows]));
    let reasons: Vec<Option<String>> =
        found.iter().flat_map(|found| texts(found, "reason")).collect();
    assert!(reasons[0].as_ref().unwrap().contains("missing field `roles`"), "{reasons:?}");
    assert!(reasons[1].as_ref().unwrap().contains("place 1 is that of no role"), "{reasons:?}");
    assert_eq!(reasons[2].as_deref(), Some("the text is empty"));
}

#[test]
fn bad_rows_come_back_with_a_reason_and_sink_nothing() {
    let workspace = Workspace::new();
    let title = StringArray::from(vec![
        Some("Storage engineer"),
        None,
        Some("!!"),
        Some("\u{202e}"),
        Some("Nurse"),
    ]);
    let id = Int32Array::from(vec![Some(1), Some(2), Some(3), None, Some(5)]);
    let rows = RecordBatch::try_from_iter([
        ("id", Arc::new(id) as ArrayRef),
        ("title", Arc::new(title) as ArrayRef),
    ])
    .unwrap();
    let model = tiny_model();
    let args = ["--task", "embed", "--keep", "title", "--model", model.to_str().unwrap()];
    let (code, found, stderr) = worked(&workspace, &args, stream(&[rows]));
    assert_eq!((code, found[0].num_rows()), (0, 5), "{stderr}");
    let reasons = texts(&found[0], "reason");
    let vectors = found[0].column_by_name("vector").unwrap();
    for row in 0..5 {
        let is_bad = (1..4).contains(&row);
        assert_eq!((reasons[row].is_some(), vectors.is_null(row)), (is_bad, is_bad), "row {row}");
    }
    assert_eq!(reasons[1].as_deref(), Some("has no title, no description and no stack"));
    assert_eq!(texts(&found[0], "id")[..3], ["1", "2", "3"].map(|id| Some(id.to_string())));
    assert_eq!(texts(&found[0], "title")[2].as_deref(), Some("!!"), "kept as it came");
    let last: Value = serde_json::from_str(stderr.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["event"], &last["rows"], &last["bad"]),
        (&"done".into(), &5.into(), &3.into())
    );
    let first: Value = serde_json::from_str(stderr.lines().next().unwrap()).unwrap();
    assert_eq!((&first["event"], &first["task"]), (&"ready".into(), &"embed".into()));
}

#[test]
fn texts_of_every_kind_are_the_same_texts() {
    let workspace = Workspace::new();
    let titles = [Some("Lastwagenfahrer 运输"), None, Some("Nurse"), Some("Nurse")];
    let keys = Int32Array::from(vec![Some(1), None, Some(0), Some(0)]);
    let values: ArrayRef = Arc::new(StringArray::from(vec!["Nurse", "Lastwagenfahrer 运输"]));
    let of_views: ArrayRef = Arc::new(StringViewArray::from(vec!["Nurse", "Lastwagenfahrer 运输"]));
    let bytes: Vec<Option<&[u8]>> = titles.iter().map(|title| title.map(str::as_bytes)).collect();
    let kinds: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(titles.to_vec())),
        Arc::new(LargeStringArray::from(titles.to_vec())),
        Arc::new(StringViewArray::from(titles.to_vec())),
        Arc::new(BinaryArray::from(bytes)),
        Arc::new(DictionaryArray::<Int32Type>::new(keys.clone(), values)),
        Arc::new(DictionaryArray::<Int32Type>::new(keys, of_views)),
    ];
    let mut read = kinds.into_iter().map(|kind| {
        let rows = RecordBatch::try_from_iter_with_nullable([("title", kind, true)]).unwrap();
        // Twice, so that a dictionary is sent, used and used again.
        let found = answers(&workspace, &["--task", "read"], stream(&[rows.clone(), rows]));
        assert_eq!(found.len(), 2);
        format!("{:?}", found.iter().map(|found| found.columns().to_vec()).collect::<Vec<_>>())
    });
    let first = read.next().unwrap();
    assert!(first.contains("Lastwagenfahrer 运输"), "{first}");
    read.for_each(|other| assert_eq!(other, first));
}

#[test]
fn a_stream_that_breaks_off_is_told_and_what_came_is_answered() {
    let workspace = Workspace::new();
    let rows = batch(&postings(2));
    let whole = stream(&[rows.clone(), rows.clone()]);
    let one = stream(std::slice::from_ref(&rows)).len() - 8;
    for (cut, batches, said) in [
        (0, 0, "standard input is empty"),
        (6, 0, "breaks off within a marker, in message 1 at byte 6"),
        (40, 0, "breaks off within the head"),
        (one + 20, 1, "breaks off within the head"),
        (whole.len() - 60, 1, "breaks off within the body, in message 3"),
        (whole.len() - 8, 2, "breaks off before the mark of its end"),
        (whole.len() - 3, 2, "breaks off within a marker"),
    ] {
        let (code, found, stderr) = worked(&workspace, &["--task", "read"], whole[..cut].to_vec());
        assert_eq!((code, found.len()), (4, batches), "at {cut}: {stderr}");
        assert!(stderr.contains(said), "at {cut}: {stderr}");
        assert!(!stderr.contains("\"done\""), "at {cut}: {stderr}");
    }
    let (code, found, stderr) =
        worked(&workspace, &["--task", "read"], [whole.clone(), whole].concat());
    assert_eq!((code, found.len()), (4, 2), "{stderr}");
    assert!(stderr.contains("more bytes follow the mark of its end"), "{stderr}");
}

#[test]
fn what_is_no_stream_of_postings_is_told() {
    let workspace = Workspace::new();
    let rows = batch(&postings(1));
    let mut file = FileWriter::try_new(Vec::new(), &rows.schema()).unwrap();
    file.write(&rows).unwrap();
    let refused = |args: &[&str], input: Vec<u8>| {
        let args = [&["--task", "read"][..], args].concat();
        let (code, found, stderr) = worked(&workspace, &args, input);
        assert_eq!((code, found.len()), (4, 0), "{stderr}");
        stderr
    };
    let said = refused(&[], file.into_inner().unwrap());
    assert!(said.contains("it is an Arrow file (Feather), not a stream"), "{said}");
    let said = refused(&[], postings(1).into_bytes());
    assert!(said.contains("it begins like JSON"), "{said}");
    let said = refused(&["--title-column", "post"], stream(std::slice::from_ref(&rows)));
    assert!(said.contains("no column \"post\"; it has: \"id\", \"section\""), "{said}");
    let said = refused(&["--keep", "url"], stream(std::slice::from_ref(&rows)));
    assert!(said.contains("no column \"url\"; it has: \"id\""), "{said}");
    let numbers = RecordBatch::try_from_iter([
        ("colour", Arc::new(StringArray::from(vec!["x"])) as ArrayRef),
        ("n", Arc::new(Int32Array::from(vec![1])) as ArrayRef),
    ]);
    let said = refused(&[], stream(&[numbers.unwrap()]));
    assert!(said.contains("it has: \"colour\", \"n\""), "{said}");
    assert!(said.contains("--title-column NAME --text-column NAME"), "{said}");
    let field = Arc::new(Field::new("a", DataType::Int32, false));
    let nested = StructArray::from(vec![(field, Arc::new(Int32Array::from(vec![1])) as ArrayRef)]);
    let nested = RecordBatch::try_from_iter([("title", Arc::new(nested) as ArrayRef)]).unwrap();
    let said = refused(&["--title-column", "title"], stream(&[nested]));
    assert!(said.contains("column \"title\" is of type Struct"), "{said}");

    let (code, _, stderr) =
        worked(&workspace, &["--task", "clean", "--keep", "id"], stream(&[rows]));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("the column \"id\" cannot be kept"), "{stderr}");
    assert_eq!(workspace.failed(&["worker", "--task", "assign"]).0, 2);
    assert_eq!(workspace.failed(&["worker", "--task", "search", "--run", "nowhere"]).0, 6);
    let args = ["worker", "--task", "embed", "--model", "./nowhere"];
    assert_eq!(workspace.failed(&args).0, 5);
}

#[test]
fn bytes_that_lie_end_in_an_error_and_not_in_a_crash() {
    let workspace = Workspace::new();
    let whole = stream(&[batch(&postings(1))]);
    for at in (8..whole.len()).step_by(131) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        let (code, _, stderr) = worked(&workspace, &["--task", "read"], bytes);
        assert!(code == 0 || code == 4, "byte {at}: exit code {code}: {stderr}");
        assert!(!stderr.contains("panicked"), "byte {at}: {stderr}");
    }
}

#[test]
fn a_stream_without_rows_is_answered_by_one_without_rows() {
    let workspace = Workspace::new();
    let schema = batch(&postings(1)).schema();
    let args = ["worker", "--task", "read"];
    let output = workspace.command(&args).write_stdin(stream_of(&schema, &[])).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let reader = StreamReader::try_new(output.stdout.as_slice(), None).unwrap();
    let schema = reader.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!((names[0], names[1], names[names.len() - 1]), ("id", "title", "reason"));
    assert_eq!(reader.count(), 0);
}

#[test]
fn a_reader_that_goes_away_is_a_failure() {
    let workspace = Workspace::new();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolecluster"))
        .args(["worker", "--task", "read"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .current_dir(workspace.path())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    // The worker may be gone before it has read all of it.
    let _ = child.stdin.take().unwrap().write_all(&stream(&[batch(&postings(2))]));
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot be written"), "{stderr}");
}
