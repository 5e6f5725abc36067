use proptest::prelude::*;

use super::bm25::{B, K1, KIND, LexicalIndex, OTHER_SPELLING, PRESENCE};
use super::terms::{index_terms, query_things};
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

/// The formula over plain lists: what an index must equal, bit for bit.
fn reference(texts: &[&str], query: &str) -> Vec<f32> {
    let terms: Vec<Vec<String>> = texts.iter().map(|text| index_terms(text)).collect();
    let total: f64 = terms.iter().map(|t| t.len() as f64).sum();
    let mean = (total / texts.len().max(1) as f64).max(1.0) as f32;
    let count = |text: usize, term: &String| terms[text].iter().filter(|t| *t == term).count();
    let idf_of = |with: usize| {
        let (all, with) = (texts.len() as f64, with as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln() as f32
    };
    let idf = |term: &String| idf_of((0..texts.len()).filter(|&t| count(t, term) > 0).count());
    let weight = |text: usize, term: &String| match count(text, term) as f32 {
        0.0 => 0.0,
        count => {
            let length = terms[text].len() as f32;
            let saturated = count / (count + K1 * (1.0 - B + B * length / mean));
            PRESENCE + (1.0 - PRESENCE) * saturated
        }
    };
    let words = |text: usize, words: &[String]| match words {
        [] => 0.0,
        [word] => weight(text, word),
        several => {
            let of = |word| idf(word) * weight(text, word);
            several.iter().map(of).sum::<f32>() / several.iter().map(idf).sum::<f32>()
        }
    };
    let mut scores = vec![0.0f32; texts.len()];
    let mut asked = 0.0;
    for thing in query_things(query) {
        let has = |text: usize| {
            let written = !thing.words.is_empty() && thing.words.iter().all(|w| count(text, w) > 0);
            written || thing.names.iter().any(|name| count(text, name) > 0)
        };
        let idf = idf_of((0..texts.len()).filter(|&text| has(text)).count());
        asked += idf;
        for (text, score) in scores.iter_mut().enumerate() {
            let names = thing.names.iter().map(|name| OTHER_SPELLING * weight(text, name));
            *score += idf * names.fold(words(text, &thing.words), f32::max);
        }
    }
    scores.iter().map(|score| if asked > 0.0 { score / asked } else { 0.0 }).collect()
}

#[test]
fn equals_the_formula_worked_by_hand() {
    let found = index(&["zorbel zorbel quandle", "quandle"]).scores("zorbel").unwrap();
    // tf = 2, length 3, mean length 2; the only word of the query, so its idf makes no difference.
    let expected = 0.75 + 0.25 * 2.0 / (2.0 + 1.2 * (0.25 + 0.75 * 1.5));
    assert!((found[0] - expected).abs() < 1e-6, "{found:?}");
    assert_eq!(found[1], 0.0);
}

#[test]
fn a_word_that_few_texts_have_and_one_that_none_has_weigh_more() {
    let index = index(&["quandle zorbel", "quandle", "quandle", "quandle"]);
    let scores = index.scores("quandle zorbel").unwrap();
    assert!(scores[0] > 0.7 && scores[1] < 0.2, "{scores:?}");
    assert!(index.scores("quandle unheard").unwrap()[1] < 0.2, "most of it is unknown");
}

#[test]
fn every_spelling_and_language_of_a_technology_finds_it() {
    let index =
        index(&["负责K8s集群，做压测", "Kubernetes and load testing", "Elasticsearch", "茶"]);
    for (query, expected) in [
        ("Kubernetes", [true, true, false, false]),
        ("k8s", [true, true, false, false]),
        ("压测", [true, true, false, false]),
        ("load tests", [true, true, false, false]),
        ("ES", [false, false, true, false]),
    ] {
        let scores = index.scores(query).unwrap();
        assert_eq!(scores.iter().map(|&s| s > 0.5).collect::<Vec<_>>(), expected, "{query}");
    }
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
