use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;

use super::*;
use crate::intake::ColumnUse;
use crate::read::Columns;

fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &rows.schema()).unwrap();
    writer.write(&rows).unwrap();
    writer.into_inner().unwrap()
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

#[test]
fn columns_are_told_by_name_whatever_stands_in_them() {
    // A file with these values would take the notes for the text and drop the description.
    let bytes = written(vec![
        ("ref", texts(&["r1", "r2"])),
        ("job title", texts(&["Nurse", "Driver"])),
        ("Description", texts(&["1", "2"])),
        ("requirements", texts(&["Calm", "Awake"])),
        ("salary", Arc::new(Int64Array::from(vec![Some(3000), None]))),
    ]);
    let mut stream = ArrowStream::open(bytes.as_slice()).unwrap();
    let stated = Columns::default();
    let mut reader = RowReader::new(&stream.empty_batch(), &stated).unwrap();
    let used = reader.used();
    let of = |name: &str| used.iter().find(|(found, _)| found == name).unwrap().1;
    assert_eq!(of("job title"), ColumnUse::Title);
    assert_eq!(of("Description"), ColumnUse::Text);
    assert_eq!(of("requirements"), ColumnUse::Text);
    assert_eq!(of("salary"), ColumnUse::Pay);
    let batch = stream.next_batch().unwrap().unwrap();
    let roles = reader.roles(&batch);
    let role = roles[0].as_ref().unwrap();
    assert_eq!((role.title.as_str(), role.description.as_str()), ("Nurse", "1\nCalm"));
    assert_eq!(role.facts.pay.as_deref(), Some("3000"));
    assert!(stream.next_batch().unwrap().is_none());
    stream.end().unwrap();
}

#[test]
fn lists_are_lists_and_fields_are_read_where_they_are_wanted() {
    let stack =
        ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>(vec![Some(vec![
            Some(1),
            Some(2),
        ])]);
    let bytes = written(vec![
        ("title", texts(&["Nurse"])),
        ("stack", Arc::new(stack)),
        ("shift", texts(&["night"])),
    ]);
    let mut stream = ArrowStream::open(bytes.as_slice()).unwrap();
    let stated = Columns::default();
    let batch = stream.next_batch().unwrap().unwrap();
    let role = |mut reader: RowReader<'_>| reader.roles(&batch).remove(0).unwrap();
    let whole = role(RowReader::new(&stream.empty_batch(), &stated).unwrap());
    assert_eq!(
        (whole.stack.join("+"), whole.fields["shift"].as_str()),
        ("1+2".to_string(), "night")
    );
    let without = role(RowReader::new(&stream.empty_batch(), &stated).unwrap().without_fields());
    assert!(without.fields.is_empty());
    assert_eq!((without.text(), without.id), (whole.text(), whole.id));
}

#[test]
fn a_row_beyond_measure_is_refused_by_itself() {
    let long = "x".repeat(crate::read::MAX_RECORD_BYTES + 1);
    let bytes = written(vec![("title", texts(&["Nurse", &long]))]);
    let mut stream = ArrowStream::open(bytes.as_slice()).unwrap();
    let stated = Columns::default();
    let mut reader = RowReader::new(&stream.empty_batch(), &stated).unwrap();
    let roles = reader.roles(&stream.next_batch().unwrap().unwrap());
    assert!(roles[0].is_ok());
    assert_eq!(roles[1].as_ref().unwrap_err(), "holds 16777217 bytes, more than 16777216");
}
