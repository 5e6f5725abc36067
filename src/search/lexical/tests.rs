use std::collections::HashMap;

use proptest::prelude::*;

use super::bm25::{B, K1, KIND, LexicalIndex};
use super::terms::index_terms;
use crate::mapped_file::Bytes;
use crate::search::index_file::{self, IndexError};

fn index(texts: &[&str]) -> LexicalIndex {
    LexicalIndex::build(texts).unwrap()
}

fn bytes_of(texts: &[&str], of: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    LexicalIndex::write(texts, of, &mut bytes).unwrap();
    bytes
}

/// The formula over plain maps: what an index must equal, bit for bit.
fn reference(texts: &[&str], query: &str) -> Vec<f32> {
    let terms: Vec<Vec<String>> = texts.iter().map(|text| index_terms(text).collect()).collect();
    let total: f64 = terms.iter().map(|t| t.len() as f64).sum();
    let mean = (total / texts.len().max(1) as f64).max(1.0) as f32;
    let mut asked: Vec<String> = index_terms(query).collect();
    asked.sort_unstable();
    asked.dedup();
    let mut scores = vec![0.0f32; texts.len()];
    for term in &asked {
        let counts: HashMap<usize, usize> = terms
            .iter()
            .map(|t| t.iter().filter(|t| *t == term).count())
            .enumerate()
            .filter(|(_, count)| *count > 0)
            .collect();
        let (all, with) = (texts.len() as f64, counts.len() as f64);
        let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln() as f32;
        for (text, count) in counts {
            let (count, length) = (count as f32, terms[text].len() as f32);
            let weight = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / mean));
            scores[text] += idf * weight;
        }
    }
    scores
}

#[test]
fn equals_the_formula_worked_by_hand() {
    let found = index(&["kafka kafka redis", "redis"]).scores("kafka").unwrap();
    // N = 2, n = 1, tf = 2, length 3, mean length 2.
    let idf = (1.0f32 + 1.5 / 1.5).ln();
    let expected = idf * 2.0 * 2.2 / (2.0 + 1.2 * (0.25 + 0.75 * 1.5));
    assert!((found[0] - expected).abs() < 1e-6, "{found:?}");
    assert_eq!(found[1], 0.0);
}

#[test]
fn names_of_the_trade_are_found_in_any_script_and_width() {
    let index = index(&["负责Ｋ８Ｓ调度，熟悉Volcano", "前端开发 C++", "安卓开发 C#"]);
    for query in ["K8s Volcano", "k8s调度", "VOLCANO"] {
        let scores = index.scores(query).unwrap();
        assert!(scores[0] > 0.0 && scores[1] == 0.0 && scores[2] == 0.0, "{query}: {scores:?}");
    }
    let scores = index.scores("C++").unwrap();
    assert!(scores[1] > 0.0 && scores[2] == 0.0);
}

#[test]
fn word_order_repeats_and_emptiness_change_nothing() {
    let found = index(&["a redis kafka", "kafka flink", ""]);
    assert_eq!(found.scores("redis kafka"), found.scores("kafka redis kafka"));
    assert_eq!(found.scores("…").unwrap(), [0.0; 3]);
    assert!(index(&[]).scores("x").unwrap().is_empty());
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let texts: Vec<String> =
        (0..5000).map(|i| format!("w{} w{} 运维{}", i % 71, i % 13, i)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes_of(&texts, "x"))
    };
    assert!(with(1) == with(2));
}

#[test]
fn damage_is_found_before_it_is_believed() {
    let texts = ["kafka redis 运维平台", "redis flink", "kafka kafka"];
    let sound = bytes_of(&texts, "x");
    let expected = index(&texts).scores("kafka redis 运维").unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x21;
        let found = LexicalIndex::open(Bytes::Owned(bytes), "x")
            .and_then(|index| index.scores("kafka redis 运维"));
        // Either the damage is found, or it lies where this query does not look.
        assert!(found.is_err() || found.as_ref() == Ok(&expected), "byte {at}: {found:?}");
    }
    let other = LexicalIndex::open(Bytes::Owned(sound), "y").unwrap_err();
    assert!(matches!(other, IndexError::Stale(_)));
}

/// A file that is no accident: whatever its sections say, checksums are right.
#[test]
fn sections_that_lie_are_refused_without_a_panic() {
    let le =
        |numbers: &[u32]| -> Vec<u8> { numbers.iter().flat_map(|n| n.to_le_bytes()).collect() };
    let list = [0x05u8, 0x01];
    let crc = crc32fast::hash(&list);
    let with = |numbers: [u64; 8], terms: &[u32], lists: &[u32], facts: &[u32]| {
        let mut bytes = Vec::new();
        let lengths = le(&[3]);
        let sections: [&[u8]; 6] = [b"kafka", &le(terms), &list, &le(lists), &le(facts), &lengths];
        index_file::write(&mut bytes, KIND, "x", numbers, &sections).unwrap();
        LexicalIndex::open(Bytes::Owned(bytes), "x").and_then(|index| index.scores("kafka"))
    };
    let n = [1, 1, 3, 0, 0, 0, 0, 0];
    let text_5_of_1 = with(n, &[0, 5], &[0, 0, 2, 0], &[1, crc]);
    assert!(text_5_of_1.unwrap_err().to_string().contains("names text 5"));
    assert!(with(n, &[3, 99], &[0, 0, 2, 0], &[1, crc]).is_err());
    assert!(with(n, &[5, 0], &[0, 0, 2, 0], &[1, crc]).is_err());
    assert!(with(n, &[0, 5], &[9, 9, 2, 0], &[1, crc]).is_err());
    assert!(with([u64::MAX; 8], &[0, 5], &[0, 0, 2, 0], &[1, crc]).is_err());
    assert!(with([1, 2, 3, 0, 0, 0, 0, 0], &[0, 5], &[0, 0, 2, 0], &[1, crc]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_mapped_file_scores_as_plain_maps_do(
        texts in prop::collection::vec("([a-d]{1,2}|运维|平台|K8s|C\\+\\+| |，){0,12}", 0..12),
        query in "([a-d]{1,2}|运维|平台|k8s| ){0,6}",
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words");
        std::fs::write(&path, bytes_of(&texts, "x")).unwrap();
        let mapped = LexicalIndex::open(crate::mapped_file::map(&path).unwrap(), "x").unwrap();
        mapped.verify().unwrap();
        let expected = reference(&texts, &query);
        prop_assert_eq!(&mapped.scores(&query).unwrap(), &expected);
        prop_assert_eq!(&index(&texts).scores(&query).unwrap(), &expected);
    }
}
