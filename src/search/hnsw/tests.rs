use super::walk::View;
use super::*;
use crate::geometry::Matrix;
use crate::mapped_file::{Bytes, map};
use crate::progress::Silent;
use crate::search::{ExactIndex, IndexError};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// `n` unit rows around 30 directions, a fifth of them anywhere.
fn groups(n: usize, d: usize) -> Matrix {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut next = || (0..4).map(|_| (rng.next_u64() >> 40) as f32).sum::<f32>() / 33554432.0 - 1.0;
    let centres: Vec<f32> = (0..30 * d).map(|_| next()).collect();
    let mut rows = Matrix::zeros(n, d);
    for i in 0..n {
        let centre = if i % 5 > 0 { 1.0 } else { 0.0 };
        for (at, x) in rows.row_mut(i).iter_mut().enumerate() {
            *x = centre * centres[i % 30 * d + at] + 0.7 * next();
        }
    }
    rows.normalize_rows();
    rows
}

fn written(rows: &Matrix) -> Vec<u8> {
    let mut bytes = Vec::new();
    let graph = HnswGraph::build(rows, &HnswParams::default(), &Silent);
    graph.write(rows, "x", &mut bytes).unwrap();
    bytes
}

fn mapped(bytes: &[u8]) -> Result<HnswIndex, IndexError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph");
    std::fs::write(&path, bytes).unwrap();
    HnswIndex::open(map(&path).unwrap(), "x")
}

#[test]
fn nearly_all_true_neighbours_are_found_with_their_exact_cosines() {
    let rows = groups(3000, 32);
    let index = mapped(&written(&rows)).unwrap();
    let exact = ExactIndex::new(&rows);
    let (mut hits, mut asked) = (0, 0);
    for at in (0..3000).step_by(25) {
        let query = rows.row(at);
        let truth = exact.nearest(query, 10, &|_| true);
        let found = index.near(query, 10, None).unwrap().unwrap();
        assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        assert_eq!(found[0].row, at);
        hits += truth.iter().filter(|n| found[..10].contains(n)).count();
        asked += 10;
        let scores = exact.scores(query);
        assert!(found.iter().all(|neighbor| neighbor.score == scores[neighbor.row]));
    }
    assert!(hits * 100 >= asked * 99, "recall {hits} of {asked}");
}

#[test]
fn a_pass_over_all_rows_equals_the_matrix() {
    let rows = groups(300, 20);
    let index = mapped(&written(&rows)).unwrap();
    let query = rows.row(7);
    assert_eq!(index.scores(query).unwrap(), ExactIndex::new(&rows).scores(query));
    let some = index.scores_of(&[5, 299], query).unwrap();
    assert_eq!(some, [index.scores(query).unwrap()[5], index.scores(query).unwrap()[299]]);
    assert_eq!(index.row(299).unwrap(), rows.row(299));
    assert!(index.row(300).is_err());
    assert_eq!((index.n_rows(), index.dimension()), (300, 20));
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let rows = groups(3000, 24);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&rows))
    };
    assert!(with(1) == with(2));
}

#[test]
fn copies_all_come_and_do_not_hide_the_rest() {
    let rows = groups(400, 16);
    // Every row of the first hundred ten times, in turns.
    let picked: Vec<usize> = (0..1000).map(|i| i % 100).chain(100..400).collect();
    let rows = rows.select(&picked);
    let index = mapped(&written(&rows)).unwrap();
    let found = index.candidates(rows.row(3), 60, None).unwrap();
    let first: Vec<usize> = found.iter().take(10).map(|n| n.row).collect();
    assert_eq!(first, (0..10).map(|i| 100 * i + 3).collect::<Vec<_>>());
    let truth = ExactIndex::new(&rows).nearest(rows.row(3), 60, &|_| true);
    assert_eq!(found[..60], truth);
}

#[test]
fn few_rows_equal_rows_and_none() {
    for n in [0, 1, 2, 3] {
        let rows = groups(n, 8);
        let index = mapped(&written(&rows)).unwrap();
        assert_eq!(index.candidates(&[0.1; 8], 10, None).unwrap().len(), n);
    }
    let rows = Matrix::zeros(5, 4);
    let index = mapped(&written(&rows)).unwrap();
    assert_eq!(index.candidates(&[1.0, 0.0, 0.0, 0.0], 2, None).unwrap().len(), 5);
}

#[test]
fn what_is_near_nothing_is_no_answer_but_a_pass_over_all() {
    let (d, n) = (128, 4000);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let mut next = || (0..4).map(|_| (rng.next_u64() >> 40) as f32).sum::<f32>() / 33554432.0 - 1.0;
    let mut rows = Matrix::new(n + 20, d, (0..(n + 20) * d).map(|_| next()).collect()).unwrap();
    rows.normalize_rows();
    let indexed = rows.select(&(0..n).collect::<Vec<_>>());
    let index = mapped(&written(&indexed)).unwrap();
    let exact = ExactIndex::new(&indexed);
    let mut wrong = 0;
    for at in n..n + 20 {
        let truth = exact.nearest(rows.row(at), 10, &|_| true);
        if let Some(found) = index.near(rows.row(at), 10, None).unwrap() {
            wrong += truth.iter().filter(|n| !found[..10].contains(n)).count();
        }
    }
    assert!(wrong <= 8, "{wrong} of 200 neighbours missed without a word");
    assert!(index.near(rows.row(0), n, None).unwrap().is_none());
}

#[test]
fn every_node_can_be_reached() {
    let rows = groups(4000, 32);
    let graph = HnswGraph::build(&rows, &HnswParams::default(), &Silent);
    let view: View<'_> = graph.view();
    let mut reached = vec![false; view.n()];
    let mut open = vec![graph.entry];
    reached[graph.entry as usize] = true;
    while let Some(node) = open.pop() {
        for link in view.links(node, 0) {
            if !std::mem::replace(&mut reached[link as usize], true) {
                open.push(link);
            }
        }
    }
    let lost = reached.iter().filter(|reached| !**reached).count();
    assert!(lost * 1000 <= view.n(), "{lost} of {} nodes", view.n());
}

#[test]
fn damage_is_found_and_a_cut_file_refused() {
    let rows = groups(60, 8);
    let sound = written(&rows);
    let expected = mapped(&sound).unwrap().candidates(rows.row(0), 60, None).unwrap();
    let mut gaps = 0;
    // Every byte of the header, some of the rest.
    for at in (0..512).chain((512..sound.len()).step_by(7)) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x41;
        match mapped(&bytes).and_then(|index| {
            index.verify()?;
            index.candidates(rows.row(0), 60, None)
        }) {
            Ok(found) => {
                // Bytes between the sections, which are nobody's.
                gaps += 1;
                assert_eq!(found, expected);
            }
            Err(IndexError::Damaged(_)) => {}
            Err(IndexError::Stale(_)) => panic!("byte {at}: called out of date"),
        }
    }
    assert!(gaps < 11 * 64 / 7, "{gaps}");
    for length in (0..sound.len()).step_by(61) {
        assert!(matches!(mapped(&sound[..length]), Err(IndexError::Damaged(_))));
    }
    let other = HnswIndex::open(Bytes::Owned(sound), "y").unwrap_err();
    assert!(matches!(other, IndexError::Stale(_)));
}

/// A file that is no accident: links, levels and rows say anything, checksums are right.
#[test]
fn a_graph_that_lies_is_walked_without_a_panic() {
    let rows = groups(200, 8);
    let sound = HnswGraph::build(&rows, &HnswParams::default(), &Silent);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(9);
    for round in 0..300 {
        let mut graph = sound.clone();
        for _ in 0..20 {
            let value = match rng.next_u64() % 3 {
                0 => u32::MAX,
                1 => 200,
                _ => (rng.next_u64() % 400) as u32,
            };
            let lists = [&mut graph.ground, &mut graph.upper, &mut graph.upper_starts];
            let list = &mut *lists.into_iter().nth(rng.next_u64() as usize % 3).unwrap();
            let at = rng.next_u64() as usize % list.len();
            list[at] = value;
        }
        graph.entry = (rng.next_u64() % 210) as u32;
        graph.top = (rng.next_u64() % 300) as usize;
        graph.scales[round % 200] = f32::NAN;
        let mut bytes = Vec::new();
        graph.write(&rows, "x", &mut bytes).unwrap();
        if let Ok(index) = mapped(&bytes) {
            let _ = index.near(rows.row(round % 200), 20, None);
        }
    }
}
