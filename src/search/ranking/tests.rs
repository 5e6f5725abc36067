use std::convert::Infallible;

use super::*;
use crate::geometry::Matrix;
use crate::mapped_file::Bytes;
use crate::progress::Silent;
use crate::search::hnsw::{HnswGraph, HnswIndex, HnswParams};

const N: usize = 800;

/// Unit rows around twenty directions.
fn rows() -> Matrix {
    let d = 16;
    // The finalizer of SplitMix64.
    let noise = |seed: usize| {
        let x = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((x ^ (x >> 31)) % 1000) as f32 / 1000.0 - 0.5
    };
    let number = |at: usize| {
        let (row, column) = (at / d, at % d);
        noise(row % 20 * d + column + 7) + 0.2 * noise(at + 90_001)
    };
    let mut rows = Matrix::new(N, d, (0..N * d).map(number).collect()).unwrap();
    rows.normalize_rows();
    rows
}

fn indexes(rows: &Matrix) -> [VectorIndex; 2] {
    let graph = HnswGraph::build(rows, &HnswParams::default(), &Silent);
    let mut bytes = Vec::new();
    graph.write(rows, "x", &mut bytes).unwrap();
    let mapped = HnswIndex::open(Bytes::Owned(bytes), "x").unwrap();
    [VectorIndex::Exact(rows.clone()), VectorIndex::Hnsw(mapped)]
}

fn target(vector: &[f32]) -> Target<'_> {
    let baseline = Baseline::UNKNOWN;
    Target { vector, words: &[], unwanted: &[], baseline, excluded: None }
}

#[test]
fn a_filtered_walk_finds_the_best_of_the_rows_that_pass() {
    let rows = rows();
    let [exact, graph] = indexes(&rows);
    let words: Vec<f32> = (0..N).map(|row| if row % 11 == 0 { 0.4 } else { 0.0 }).collect();
    for (query, keep) in [(3, 2), (50, 3), (211, 7), (400, 60)] {
        let set = RowSet::new(N, (0..N).step_by(keep));
        let target = Target { words: &words, excluded: Some(query), ..target(rows.row(query)) };
        for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
            let all = ranked(&exact, &target, mode, N);
            let passing: Vec<Neighbor> =
                all.into_iter().filter(|n| set.contains(n.row)).take(5).collect();
            for index in [&exact, &graph] {
                let among = Among::<Infallible>::Rows(&set);
                let found = rank(index, &target, mode, 5, among).unwrap();
                assert_eq!(found, passing, "{mode:?} {query} one in {keep}");
            }
        }
    }
}

#[test]
fn unwanted_words_take_a_row_down_with_and_without_a_graph() {
    let rows = rows();
    let words = vec![0.0; N];
    let plain = Target { words: &words, ..target(rows.row(3)) };
    for index in indexes(&rows) {
        let best = ranked(&index, &plain, Mode::Hybrid, 5);
        let mut unwanted = vec![0.0; N];
        unwanted[best[0].row] = 1.0;
        let target = Target { unwanted: &unwanted, ..plain };
        let without = ranked(&index, &target, Mode::Hybrid, 4);
        let rows = |found: &[Neighbor]| found.iter().map(|n| n.row).collect::<Vec<_>>();
        assert_eq!(rows(&without), rows(&best[1..]));
    }
}

fn ranked(index: &VectorIndex, target: &Target<'_>, mode: Mode, k: usize) -> Vec<Neighbor> {
    rank::<Infallible>(index, target, mode, k, Among::All).unwrap()
}

#[test]
fn a_graph_finds_what_a_pass_over_all_rows_finds() {
    let rows = rows();
    let [exact, graph] = indexes(&rows);
    for query in (0..N).step_by(37) {
        // One text in nine shares a word, a few of them a rare one.
        let words: Vec<f32> = (0..N)
            .map(|row| match (row + query) % 9 {
                0 => (1 + (row * 31) % 50) as f32 / 60.0,
                _ => 0.0,
            })
            .collect();
        let vector = rows.row(query);
        let target = Target { words: &words, excluded: Some(query), ..target(vector) };
        for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
            let expected = ranked(&exact, &target, mode, 5);
            let found = ranked(&graph, &target, mode, 5);
            // The same cosine may differ in its last digit.
            for (a, b) in found.iter().zip(&expected) {
                let same = a.row == b.row || (a.score - b.score).abs() < 1e-6;
                assert!(same, "{mode:?} {query}: {a:?} {b:?}");
            }
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().all(|n| n.row != query));
            assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        }
    }
}

#[test]
fn the_graph_answers_where_it_is_sure() {
    let rows = rows();
    let [exact, graph] = indexes(&rows);
    let target = target(rows.row(3));
    assert!(by_graph(&graph, &target, Mode::Hybrid, 5, None).unwrap().is_some());
    assert!(by_graph(&exact, &target, Mode::Hybrid, 5, None).unwrap().is_none());
    // Every row scores the same by words: any of them may be the best.
    let words = vec![1.0; N];
    let target = Target { words: &words, ..target };
    let found = by_graph(&graph, &target, Mode::Hybrid, 5, None).unwrap();
    assert!(found.is_none_or(|found| found[0].row == 3));
}

#[test]
fn filters_are_asked_about_candidates_only_and_their_error_comes_back() {
    let rows = rows();
    let [exact, _] = indexes(&rows);
    let mut words = vec![0.0; N];
    words[5] = 0.5;
    words[8] = 0.9;
    let target = Target { words: &words, excluded: Some(8), ..target(&[]) };
    let mut asked = Vec::new();
    let mut keep = |some: &[usize]| {
        asked.extend_from_slice(some);
        Ok::<_, Infallible>(vec![true; some.len()])
    };
    let found = rank(&exact, &target, Mode::Lexical, 3, Among::Passing(&mut keep)).unwrap();
    assert_eq!(found, [Neighbor { row: 5, score: 0.5 }]);
    assert_eq!(asked, [5]);
    let mut refuse = |_: &[usize]| Err("no disk");
    let refused = rank(&exact, &target, Mode::Lexical, 3, Among::Passing(&mut refuse));
    assert_eq!(refused, Err(RankError::Filter("no disk")));
}

#[test]
fn a_filter_that_is_asked_needs_no_pass_over_all_rows_where_many_pass() {
    let rows = rows();
    let [exact, graph] = indexes(&rows);
    let words: Vec<f32> = (0..N).map(|row| if row % 11 == 0 { 0.4 } else { 0.0 }).collect();
    for (query, one_in) in [(3, 2), (50, 3), (211, 7), (400, 60)] {
        let passes = |rows: &[usize]| -> Result<Vec<bool>, Infallible> {
            Ok(rows.iter().map(|row| row.is_multiple_of(one_in)).collect())
        };
        let target = Target { words: &words, excluded: Some(query), ..target(rows.row(query)) };
        for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
            let all = ranked(&exact, &target, mode, N);
            let passing: Vec<Neighbor> =
                all.into_iter().filter(|n| n.row.is_multiple_of(one_in)).take(5).collect();
            for index in [&exact, &graph] {
                let mut keep = passes;
                let found = rank(index, &target, mode, 5, Among::Passing(&mut keep)).unwrap();
                assert_eq!(found, passing, "{mode:?} {query} one in {one_in}");
            }
        }
        let found = passing_by_graph(&graph, &target, Mode::Hybrid, 5, passes).unwrap();
        assert!(found.is_some() || one_in == 60, "one in {one_in}");
    }
}
