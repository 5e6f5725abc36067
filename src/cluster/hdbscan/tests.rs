//! Properties of the whole of HDBSCAN on small and awkward data.

use proptest::prelude::*;

use super::*;
use crate::clustering::Clustering;
use crate::geometry::{complete_graph_tree, squared_distance};
use crate::progress::Silent;

fn matrix(rows: &[Vec<f32>]) -> Matrix {
    let cols = rows.first().map_or(0, Vec::len);
    Matrix::new(rows.len(), cols, rows.concat()).unwrap()
}

fn params(min_cluster_size: usize) -> HdbscanParams {
    HdbscanParams { min_cluster_size, ..HdbscanParams::default() }
}

fn grouped(cut: &Cut) -> Vec<Vec<usize>> {
    let clustering = Clustering::canonical(cut.labels(), cut.probabilities().to_vec()).0;
    clustering.members()
}

/// Rows on a coarse grid: copies and equal distances everywhere.
fn tied_rows() -> impl Strategy<Value = Vec<Vec<f32>>> {
    let row = prop::collection::vec(0u8..5, 2);
    let rows = prop::collection::vec(row, 1..60);
    rows.prop_map(|rows| rows.iter().map(|r| r.iter().map(|&x| f32::from(x)).collect()).collect())
}

fn any_params() -> impl Strategy<Value = HdbscanParams> {
    (2usize..7, 1usize..7, any::<u8>(), 0u8..4, prop::option::of(7usize..30)).prop_map(
        |(min_cluster_size, min_samples, choice, epsilon, max_cluster_size)| HdbscanParams {
            min_cluster_size,
            min_samples: Some(min_samples),
            selection: if choice & 1 == 0 { Selection::ExcessOfMass } else { Selection::Leaf },
            epsilon: f64::from(epsilon) * 0.5,
            max_cluster_size,
            single_cluster: if choice & 2 == 0 {
                SingleCluster::Refuse
            } else {
                SingleCluster::Allow
            },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_partition_does_not_depend_on_row_order(
        rows in tied_rows(),
        mut params in any_params(),
        seed in any::<u64>(),
    ) {
        params.min_samples = params.min_samples.map(|k| k.min(rows.len()));
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let mut state = seed | 1;
        for i in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(i, (state % (i as u64 + 1)) as usize);
        }
        let permuted: Vec<Vec<f32>> = order.iter().map(|&i| rows[i].clone()).collect();
        let (tree_a, a) = hdbscan(&matrix(&rows), &params, &Silent).unwrap();
        let (tree_b, b) = hdbscan(&matrix(&permuted), &params, &Silent).unwrap();

        prop_assert_eq!(tree_a.linkage().tree_weights(), tree_b.linkage().tree_weights());
        for (new, &old) in order.iter().enumerate() {
            prop_assert_eq!(a.probabilities()[old], b.probabilities()[new]);
            prop_assert_eq!(a.labels()[old].is_some(), b.labels()[new].is_some());
        }
        let mut groups_a = grouped(&a);
        let mut groups_b: Vec<Vec<usize>> = grouped(&b)
            .into_iter()
            .map(|group| group.into_iter().map(|row| order[row]).collect())
            .collect();
        groups_b.iter_mut().for_each(|group| group.sort_unstable());
        groups_a.sort();
        groups_b.sort();
        prop_assert_eq!(groups_a, groups_b);
    }

    #[test]
    fn the_tree_is_the_one_of_all_pairs_in_f64(rows in tied_rows(), k in 1usize..9) {
        let (rows, k) = (matrix(&rows), k.min(rows.len()));
        let n = rows.rows();
        let squared = |i: usize, j: usize| squared_distance(rows.row(i), rows.row(j));
        let core: Vec<f64> = (0..n)
            .map(|i| {
                let mut all: Vec<f64> = (0..n).map(|j| squared(i, j)).collect();
                all.sort_by(f64::total_cmp);
                all[k - 1]
            })
            .collect();
        let prim = complete_graph_tree(n, |i, outside, out| {
            for (&j, weight) in outside.iter().zip(out) {
                *weight = squared(i, j as usize).max(core[i]).max(core[j as usize]);
            }
        });
        let tree = Tree::build(&rows, k, &Silent).unwrap();
        prop_assert_eq!(tree.core_distances().squared(), core);
        let weights: Vec<f64> = prim.iter().map(|edge| edge.weight.sqrt()).collect();
        prop_assert_eq!(tree.linkage().tree_weights(), weights);
        prop_assert_eq!(tree.linkage(), &Linkage::from_tree(n, &prim));
    }

    #[test]
    fn fitted_rows_are_predicted_as_they_were_fitted(rows in tied_rows(), mut params in any_params()) {
        params.min_samples = params.min_samples.map(|k| k.min(rows.len()));
        let rows = matrix(&rows);
        let (tree, cut) = hdbscan(&rows, &params, &Silent).unwrap();
        let model = Model::new(&tree, &cut);
        let text = serde_json::to_string(&model).unwrap();
        let model: Model = serde_json::from_str(&text).unwrap();
        let all = model.predict(&rows, &rows, &Silent).unwrap();
        for (row, found) in all.iter().enumerate() {
            prop_assert_eq!(found.label, cut.labels()[row]);
            prop_assert_eq!(found.probability, cut.probabilities()[row]);
            let alone = model.predict(&rows, &rows.select(&[row]), &Silent).unwrap();
            prop_assert_eq!(&alone[0], found);
        }
    }

    #[test]
    fn labels_are_numbered_by_size_and_every_number_is_used(rows in tied_rows(), mut params in any_params()) {
        params.min_samples = params.min_samples.map(|k| k.min(rows.len()));
        let (_, cut) = hdbscan(&matrix(&rows), &params, &Silent).unwrap();
        let (clustering, old) =
            Clustering::canonical(cut.labels(), cut.probabilities().to_vec());
        prop_assert_eq!(old, (0..cut.n_clusters()).collect::<Vec<_>>());
        for (members, exemplars) in clustering.members().iter().zip(cut.exemplars()) {
            prop_assert!(!exemplars.is_empty());
            prop_assert!(exemplars.iter().all(|row| members.contains(row)));
        }
    }

    #[test]
    fn soft_membership_is_a_share(rows in tied_rows(), mut params in any_params()) {
        params.min_samples = params.min_samples.map(|k| k.min(rows.len()));
        let rows = matrix(&rows);
        let (_, cut) = hdbscan(&rows, &params, &Silent).unwrap();
        let soft = cut.membership(&rows).unwrap();
        prop_assert_eq!((soft.rows(), soft.cols()), (rows.rows(), cut.n_clusters()));
        for line in soft.iter_rows() {
            prop_assert!(line.iter().all(|x| x.is_finite() && *x >= 0.0));
            prop_assert!(line.iter().sum::<f32>() <= 1.0 + 1e-5);
        }
    }
}

#[test]
fn identical_rows_are_one_cluster_only_when_asked() {
    let rows = matrix(&vec![vec![0.25f32, 0.5]; 12]);
    let (tree, cut) = hdbscan(&rows, &params(3), &Silent).unwrap();
    assert_eq!(tree.linkage().tree_weights(), [0.0; 11]);
    assert_eq!(cut.n_clusters(), 0);
    let allow = HdbscanParams { single_cluster: SingleCluster::Allow, ..params(3) };
    let cut = tree.cut(&allow).unwrap();
    assert_eq!(cut.labels(), [Some(0); 12]);
    assert_eq!(cut.probabilities(), [1.0; 12]);
}

#[test]
fn copies_with_infinite_density_make_clusters_and_finite_numbers() {
    let mut rows = vec![vec![0.0f32, 0.0]; 6];
    rows.extend(vec![vec![10.0, 0.0]; 6]);
    rows.push(vec![5.0, 5.0]);
    let (_, cut) = hdbscan(&matrix(&rows), &params(4), &Silent).unwrap();
    let mut expected = vec![Some(0); 6];
    expected.extend([Some(1); 6]);
    expected.push(None);
    assert_eq!(cut.labels(), expected);
    assert!(cut.condensed().clusters()[1].stability.is_infinite());
}

#[test]
fn few_rows_are_noise_not_an_error() {
    for n in 0..4 {
        let rows: Vec<Vec<f32>> = (0..n).map(|i| vec![i as f32]).collect();
        let (tree, cut) = hdbscan(&matrix(&rows), &params(5), &Silent).unwrap();
        assert_eq!(cut.labels(), vec![None; n]);
        assert_eq!(tree.linkage().tree_weights().len(), n.saturating_sub(1));
        let found =
            Model::new(&tree, &cut).predict(&matrix(&rows), &matrix(&rows), &Silent).unwrap();
        assert!(found.iter().all(|p| p.label.is_none()));
    }
}

#[test]
fn what_does_not_fit_is_said_with_its_numbers() {
    let rows = Matrix::new(3, 2, vec![0.0, 1.0, f32::NAN, 0.0, 1.0, 1.0]).unwrap();
    let error = Tree::build(&rows, 2, &Silent).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 1 is not finite (column 0): embed it again, or leave it out"
    );
    let rows = Matrix::zeros(3, 2);
    let error = Tree::build(&rows, 4, &Silent).unwrap_err();
    assert_eq!(error.to_string(), "min_samples is 4, but there are 3 rows: give 1 to 3");
    let tree = Tree::build(&rows, 2, &Silent).unwrap();
    let error = |params: HdbscanParams| tree.cut(&params).unwrap_err().to_string();
    assert!(error(params(1)).contains("at least 2"));
    assert!(error(HdbscanParams { min_samples: Some(3), ..params(2) }).contains("built with 2"));
    assert!(error(HdbscanParams { epsilon: f64::NAN, ..params(2) }).contains("epsilon"));
    assert!(
        error(HdbscanParams { max_cluster_size: Some(2), ..params(3) }).contains("to 3 or more")
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let rows: Vec<Vec<f32>> = (0..1500)
        .map(|i| (0..6).map(|j| ((i * 7 + j * 13) as f32 * 0.61).sin() + (i % 3) as f32).collect())
        .collect();
    let rows = matrix(&rows);
    let in_pool = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| hdbscan(&rows, &params(5), &Silent).unwrap())
    };
    assert_eq!(in_pool(1), in_pool(3));
}

#[test]
fn an_approximate_tree_finds_clear_groups_and_says_what_it_is() {
    let rows: Vec<Vec<f32>> = (0..5000)
        .map(|i| {
            let wobble = |j: usize| ((i * 31 + j * 17) as f32 * 0.37).sin();
            (0..8).map(|j| 6.0 * f32::from(u8::from(i % 8 == j)) + 0.5 * wobble(j)).collect()
        })
        .collect();
    let rows = matrix(&rows);
    let precision = Precision::Approximate { seed: 1, near_blocks: 2 };
    let near = Tree::build_with(&rows, 5, precision, &Silent).unwrap();
    assert_eq!(near.precision(), precision);
    let exact = Tree::build(&rows, 5, &Silent).unwrap();
    let sum = |tree: &Tree| tree.linkage().tree_weights().iter().sum::<f64>();
    assert!(sum(&near) >= sum(&exact) - 1e-9 && sum(&near) < 1.02 * sum(&exact));
    let cut = |tree: &Tree| grouped(&tree.cut(&params(100)).unwrap());
    assert_eq!(cut(&near).len(), 8);
    assert_eq!(cut(&near), cut(&exact));

    let all = Precision::Approximate { seed: 1, near_blocks: 99 };
    let all = Tree::build_with(&rows, 5, all, &Silent).unwrap();
    assert_eq!(all.core_distances(), exact.core_distances());
    assert_eq!(all.linkage().tree_weights(), exact.linkage().tree_weights());
}

#[test]
fn an_approximate_tree_depends_neither_on_row_order_nor_on_threads() {
    // No groups at all: one near block of five does not hold all that is near.
    let number = |i: u32| (i.wrapping_mul(2_654_435_761).rotate_left(13) % 4093) as f32 / 4093.0;
    let rows = Matrix::new(3000, 12, (0..36_000).map(number).collect()).unwrap();
    let turned: Vec<usize> = (0..3000).map(|i| (i * 1009 + 17) % 3000).collect();
    let precision = Precision::Approximate { seed: 3, near_blocks: 1 };
    let build = |rows: &Matrix| Tree::build_with(rows, 4, precision, &Silent).unwrap();
    let a = build(&rows);
    let exact = Tree::build(&rows, 4, &Silent).unwrap();
    assert_ne!(a.linkage().tree_weights(), exact.linkage().tree_weights());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let b = pool.install(|| build(&rows.select(&turned)));
    assert_eq!(a.linkage().tree_weights(), b.linkage().tree_weights());
    for (new, &old) in turned.iter().enumerate() {
        assert_eq!(a.core_distances().squared()[old], b.core_distances().squared()[new]);
    }
}

#[test]
fn rows_of_few_dimensions_have_the_tree_that_all_pairs_give() {
    // Whole numbers: most distances occur many times.
    let number = |i: u32| (i.wrapping_mul(2_654_435_761).rotate_left(13) % 5) as f32;
    let few = Matrix::new(700, 3, (0..2100).map(number).collect()).unwrap();
    // The same rows in more dimensions than a k-d tree takes.
    let mut many = Matrix::zeros(700, 12);
    (0..700).for_each(|row| many.row_mut(row)[..3].copy_from_slice(few.row(row)));
    for min_samples in [1, 4, 9] {
        let [a, b] = [&few, &many].map(|rows| Tree::build(rows, min_samples, &Silent).unwrap());
        assert_eq!(a, b);
    }
}
