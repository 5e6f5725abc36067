//! Parquet files made here.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, FixedSizeBinaryArray,
    Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray, StructArray,
};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::*;
use crate::disk::faults::draws;
use crate::read::accumulator::Accumulator;
use crate::read::columns::Columns;

fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    compressed(columns, Compression::UNCOMPRESSED)
}

fn compressed(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let fields: Vec<Field> =
        columns.iter().map(|(n, a)| Field::new(*n, a.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn gather(bytes: Vec<u8>) -> Result<Accumulator, ReadError> {
    let columns = Columns::default();
    let mut gathered = Accumulator::default();
    let mut sink = Sink::new("f", &columns, &mut gathered);
    read(Seekable::Bytes(bytes.into()), &mut sink)?;
    sink.finish()?;
    Ok(gathered)
}

fn sample() -> Vec<u8> {
    let mut skills = ListBuilder::new(StringBuilder::new());
    skills.append_value([Some("Go"), None, Some("C/C++")]);
    skills.append_null();
    let pay = StructArray::from(vec![(
        Arc::new(Field::new("min", DataType::Int64, true)),
        Arc::new(Int64Array::from(vec![Some(5), None])) as ArrayRef,
    )]);
    file(vec![
        ("job_id", Arc::new(Int64Array::from(vec![11, 12]))),
        ("title", Arc::new(LargeStringArray::from(vec![Some("SRE"), None]))),
        ("description", Arc::new(StringArray::from(vec![Some("Runs it"), Some(" ")]))),
        ("skills", Arc::new(skills.finish())),
        ("pay", Arc::new(pay)),
        ("remote", Arc::new(BooleanArray::from(vec![true, false]))),
        ("posted", Arc::new(Date32Array::from(vec![19_000, 19_001]))),
    ])
}

#[test]
fn columns_of_many_types_become_a_role() {
    let gathered = gather(sample()).unwrap();
    let role = &gathered.roles[0];
    assert_eq!((role.id.as_str(), role.title.as_str()), ("11", "SRE"));
    assert_eq!(role.stack, ["Go", "C/C++"]);
    assert_eq!(role.fields["pay.min"], "5");
    assert_eq!(role.fields["remote"], "true");
    assert_eq!(role.fields["posted"], "2022-01-08");
    assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 2));
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let whole = sample();
    for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
        assert!(gather(whole[..cut].to_vec()).is_err());
    }
    for at in (4..whole.len()).step_by(7) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        let _ = gather(flipped);
    }
}

#[test]
fn columns_that_say_nothing_are_an_error() {
    let bytes = file(vec![("n", Arc::new(Int64Array::from(vec![1])))]);
    assert!(matches!(gather(bytes), Err(ReadError::NoTextColumn { .. })));
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn object(members: Vec<(&str, ArrayRef)>) -> ArrayRef {
    let members: Vec<(Arc<Field>, ArrayRef)> = members
        .into_iter()
        .map(|(name, values)| {
            (Arc::new(Field::new(name, values.data_type().clone(), true)), values)
        })
        .collect();
    Arc::new(StructArray::from(members))
}

#[test]
fn every_compression_is_read() {
    let mut compressions = vec![
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
    ];
    #[cfg(feature = "formats")]
    compressions.extend([
        Compression::BROTLI(Default::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ]);
    for compression in compressions {
        let bytes = compressed(vec![("title", texts(&["Nurse", "Driver"]))], compression);
        let gathered = gather(bytes).unwrap();
        assert_eq!(gathered.roles.len(), 2, "{compression:?}");
    }
}

#[test]
fn texts_of_every_type() {
    let dictionary: DictionaryArray<Int32Type> = vec!["Nurse", "Driver"].into_iter().collect();
    let latin: Vec<&[u8]> =
        vec![b"Pflege f\xfcr \xe4ltere Menschen in M\xfcnchen", b"\x00\x01\xff"];
    let ids: Vec<&[u8]> = vec![b"id01", b"id02"];
    let bytes = file(vec![
        ("title", Arc::new(dictionary)),
        ("description", Arc::new(BinaryArray::from(latin))),
        ("skills", Arc::new(StringViewArray::from(vec!["triage, charting at night", "lorry"]))),
        ("id", Arc::new(FixedSizeBinaryArray::try_from_iter(ids.into_iter()).unwrap())),
        ("nothing", Arc::new(NullArray::new(2))),
    ]);
    let gathered = gather(bytes).unwrap();
    let told: Vec<String> = gathered
        .roles
        .iter()
        .map(|r| format!("{} {} {} {}", r.id, r.title, r.description, r.stack.join("+")))
        .collect();
    assert_eq!(
        told,
        [
            "id01 Nurse Pflege für ältere Menschen in München triage+charting at night",
            "id02 Driver  lorry"
        ]
    );
}

#[test]
fn structs_are_looked_into() {
    let description = object(vec![
        ("text", texts(&["Care for patients", "Drive a lorry"])),
        ("lang", texts(&["en", "en"])),
    ]);
    let bytes = file(vec![("title", texts(&["Nurse", "Driver"])), ("description", description)]);
    let gathered = gather(bytes).unwrap();
    let told: Vec<&str> = gathered.roles.iter().map(|r| r.description.as_str()).collect();
    assert_eq!(told, ["Care for patients", "Drive a lorry"]);

    let job = object(vec![
        ("title", texts(&["Nurse", "Driver"])),
        ("text", texts(&["Care for patients", "Drive a lorry"])),
    ]);
    let company = object(vec![("name", texts(&["Acme", "Bcme"]))]);
    let gathered = gather(file(vec![("company", company), ("job", job)])).unwrap();
    assert_eq!(gathered.roles[1].title, "Driver");
    assert_eq!(gathered.roles[1].description, "Drive a lorry");
    assert_eq!(gathered.roles[1].fields["company.name"], "Bcme");
}

#[test]
fn lists_of_structs_are_what_their_items_are_called() {
    let fields = ["name", "level"].map(|name| Field::new(name, DataType::Utf8, true));
    let mut skills = ListBuilder::new(StructBuilder::from_fields(fields.to_vec(), 3));
    for list in [&["Go", "SQL"][..], &["Rust"]] {
        for name in list {
            for (at, text) in [(0, *name), (1, "3")] {
                let texts = skills.values().field_builder::<StringBuilder>(at).unwrap();
                texts.append_value(text);
            }
            skills.values().append(true);
        }
        skills.append(true);
    }
    let bytes =
        file(vec![("title", texts(&["Backend", "Kernel"])), ("skills", Arc::new(skills.finish()))]);
    let gathered = gather(bytes).unwrap();
    assert_eq!(gathered.roles[0].stack, ["Go", "SQL"]);
    assert_eq!(gathered.roles[1].stack, ["Rust"]);
}

#[test]
fn a_file_that_unpacks_to_far_more_than_its_size_is_refused() {
    let long = "x".repeat(1 << 20);
    // Different, so that no dictionary holds them; all alike to a compressor.
    let rows: Vec<String> = (0..80).map(|n| format!("{n} {long}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let bytes = compressed(vec![("title", texts(&rows))], Compression::ZSTD(Default::default()));
    let error = gather(bytes).unwrap_err().to_string();
    assert!(error.contains("its columns unpack to more than 250 times"), "{error}");
}

#[test]
fn a_value_of_the_dictionary_that_many_rows_name_is_a_bomb() {
    let rows = |n: usize, text: &str| -> Vec<(&'static str, ArrayRef)> {
        let keys = arrow_array::Int32Array::from(vec![0; n]);
        let values = Arc::new(StringArray::from(vec![text]));
        let titles: Vec<String> = (0..n).map(|at| format!("Nurse {at}")).collect();
        vec![
            ("title", Arc::new(StringArray::from(titles))),
            ("description", Arc::new(DictionaryArray::<Int32Type>::new(keys, values))),
        ]
    };
    let zstd = Compression::ZSTD(Default::default());
    let bomb = compressed(rows(400, &"x".repeat(1 << 19)), zstd);
    let error = gather(bomb).unwrap_err().to_string();
    assert!(error.contains("its rows unpack to more than 250 times"), "{error}");
    // What all postings of a company say is no bomb.
    let usual = compressed(rows(2_000, &"We care for patients. ".repeat(200)), zstd);
    assert_eq!(gather(usual).unwrap().roles.len(), 2_000);
}

#[test]
fn millions_of_nulls_in_a_few_bytes_are_a_bomb() {
    let nulls = |n: usize| {
        let texts = (0..n).map(|at| (at == 0).then_some("Nurse"));
        file(vec![("title", Arc::new(texts.collect::<StringArray>()))])
    };
    let bomb = nulls(4_300_000);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let error = gather(bomb).unwrap_err().to_string();
    assert!(error.contains("its pages unpack to more than 250 times"), "{error}");
    assert_eq!(gather(nulls(10_000)).unwrap().roles.len(), 1);
}

/// A page that says it holds more items of lists than it does, or fewer rows than the footer says,
/// and so on: whatever is damaged, reading ends.
#[test]
fn reading_a_damaged_file_ends() {
    let mut skills = ListBuilder::new(StringBuilder::new());
    let (mut titles, mut pay) = (Vec::new(), Vec::new());
    for at in 0..40 {
        skills.append_value((0..at % 4).map(|n| Some(format!("skill {n}"))));
        titles.push(Some(format!("Nurse {at}")).filter(|_| at % 5 > 0));
        pay.push((at % 3 > 0).then_some(at));
    }
    let whole = file(vec![
        ("title", Arc::new(StringArray::from(titles))),
        ("skills", Arc::new(skills.finish())),
        ("pay", Arc::new(Int64Array::from(pay))),
    ]);
    let mut below = draws(7);
    let mut n_read = 0;
    for _ in 0..600 {
        let mut damaged = whole.clone();
        for _ in 0..=below(3) {
            damaged[below(whole.len())] = below(256) as u8;
        }
        if let Ok(gathered) = gather(damaged) {
            n_read += 1;
            let n_rows = gathered.roles.len() as u64 + gathered.skipped_total;
            assert!(n_rows * 16 <= RATIO_FROM_BYTES, "{n_rows}");
        }
    }
    // Neither all nor none of it is damage.
    assert!((20..580).contains(&n_read), "{n_read}");
}

#[test]
fn texts_of_a_dictionary_are_read_as_views() {
    let schema = Schema::new(vec![
        Field::new("a", DataType::Utf8, true),
        Field::new("b", DataType::new_list(DataType::LargeBinary, true), true),
        Field::new("c", DataType::Int32, true),
    ]);
    let kinds: Vec<DataType> =
        views::of(&schema).fields().iter().map(|field| field.data_type().clone()).collect();
    let expected =
        [DataType::Utf8View, DataType::new_list(DataType::BinaryView, true), DataType::Int32];
    assert_eq!(kinds, expected);
}
