use super::*;
use crate::geometry::nearest_neighbors;
use crate::progress::Silent;

fn layout(rows: &Matrix, params: &LayoutParams, progress: &dyn Progress) -> Matrix {
    super::layout(&Neighborhoods::of(rows, params.seed), params, progress)
}

#[derive(serde::Deserialize)]
struct Fixture {
    rows: Vec<Vec<f32>>,
    pca: Vec<Vec<f32>>,
    tsne_layout: Vec<Vec<f32>>,
    quality_of_pca: Quality,
    quality_of_tsne: Quality,
}

/// How well a layout keeps neighbours, as scikit-learn says.
#[derive(serde::Deserialize)]
struct Quality {
    /// Whether neighbours on paper are neighbours.
    trustworthiness: f64,
    /// Whether neighbours are neighbours on paper.
    continuity: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../tests/fixtures/layout/digits.json")).unwrap()
}

fn matrix(rows: &[Vec<f32>]) -> Matrix {
    let cols = rows.first().map_or(0, Vec::len);
    Matrix::new(rows.len(), cols, rows.concat()).unwrap()
}

/// Venna and Kaski 2001: 1 where the `k` nearest on paper are among the `k` nearest rows, less
/// for every intruder by how far its rank lies behind.
fn trustworthiness(rows: &Matrix, paper: &Matrix, k: usize) -> f64 {
    let n = rows.rows();
    let order = |m: &Matrix, i: usize| -> Vec<usize> {
        let distance = |j: usize| -> f64 {
            m.row(i)
                .iter()
                .zip(m.row(j))
                .map(|(x, y)| (f64::from(*x) - f64::from(*y)).powi(2))
                .sum()
        };
        let mut others: Vec<usize> = (0..n).filter(|&j| j != i).collect();
        others.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        others
    };
    let mut penalty = 0.0;
    for i in 0..n {
        let mut rank = vec![0usize; n];
        order(rows, i).iter().enumerate().for_each(|(at, &j)| rank[j] = at + 1);
        for &j in &order(paper, i)[..k] {
            penalty += rank[j].saturating_sub(k) as f64;
        }
    }
    let (n, k) = (n as f64, k as f64);
    1.0 - penalty * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0))
}

/// `n` rows in `n_blobs` tight heaps on the unit sphere of `d` dimensions.
fn blobs(n: usize, n_blobs: usize, d: usize, seed: u64) -> Matrix {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % 20_000) as f32 / 10_000.0 - 1.0
    };
    let centres: Vec<Vec<f32>> = (0..n_blobs).map(|_| (0..d).map(|_| next()).collect()).collect();
    let data = (0..n).flat_map(|i| centres[i % n_blobs].clone()).map(|c| c + 0.3 * next());
    let data: Vec<f32> = data.collect();
    let mut rows = Matrix::new(n, d, data).unwrap();
    rows.normalize_rows();
    rows
}

#[test]
fn trustworthiness_is_measured_as_scikit_learn_does() {
    let fixture = fixture();
    let (rows, pca) = (matrix(&fixture.rows), matrix(&fixture.pca));
    let tsne = matrix(&fixture.tsne_layout);
    // Ties between whole-number distances are ranked in no agreed order: hence 1e-3.
    for (paper, quality) in [(&pca, &fixture.quality_of_pca), (&tsne, &fixture.quality_of_tsne)] {
        assert!((trustworthiness(&rows, paper, 10) - quality.trustworthiness).abs() < 1e-3);
        assert!((trustworthiness(paper, &rows, 10) - quality.continuity).abs() < 1e-3);
    }
}

#[test]
fn principal_components_equal_the_reference() {
    let fixture = fixture();
    let found = pca::project(&matrix(&fixture.rows), 2, 7);
    for (found, expected) in found.iter_rows().zip(&fixture.pca) {
        for (x, y) in found.iter().zip(expected) {
            assert!((x - y).abs() < 1e-4, "{found:?} against {expected:?}");
        }
    }
}

#[test]
fn neighbours_are_kept_as_well_as_by_t_sne_and_better_than_by_pca() {
    let fixture = fixture();
    let rows = matrix(&fixture.rows);
    for seed in [0, 1] {
        let paper = layout(&rows, &LayoutParams { seed, ..Default::default() }, &Silent);
        let (t, c) = (trustworthiness(&rows, &paper, 10), trustworthiness(&paper, &rows, 10));
        let (tsne, pca) = (&fixture.quality_of_tsne, &fixture.quality_of_pca);
        assert!(t > tsne.trustworthiness - 0.015, "{t} against {}", tsne.trustworthiness);
        assert!(c > tsne.continuity - 0.015, "{c} against {}", tsne.continuity);
        assert!(t > pca.trustworthiness + 0.1, "{t} against {}", pca.trustworthiness);
    }
}

#[test]
fn heaps_stay_heaps() {
    assert_heaps(60_000);
}

#[test]
fn heaps_stay_heaps_when_only_a_sample_is_laid_out() {
    assert_heaps(100);
}

fn assert_heaps(most_rows: usize) {
    let (n, n_blobs) = (240, 6);
    let rows = blobs(n, n_blobs, 32, 11);
    let rows = Neighborhoods::with(&rows, 15, most_rows, 0);
    let paper = super::layout(&rows, &LayoutParams::default(), &Silent);
    let distance = |i: usize, j: usize| {
        let (p, q) = (paper.row(i), paper.row(j));
        (p[0] - q[0]).hypot(p[1] - q[1])
    };
    for i in 0..n {
        let nearest =
            (0..n).filter(|&j| j != i).min_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b)));
        assert_eq!(nearest.unwrap() % n_blobs, i % n_blobs, "row {i}");
    }
}

#[test]
fn reduced_rows_lie_with_their_heap() {
    let rows = blobs(240, 6, 32, 11);
    for most_rows in [60_000, 100] {
        let places = reduce(&Neighborhoods::with(&rows, 15, most_rows, 0), 0, &Silent);
        assert_eq!((places.rows(), places.cols()), (240, REDUCED));
        let neighbors = nearest_neighbors(&places, 1, &Silent);
        for row in 0..240 {
            assert!(neighbors.of(row).all(|(other, _)| other % 6 == row % 6), "row {row}");
        }
    }
    let reduced = |rows: &Matrix| reduce(&Neighborhoods::of(rows, 0), 0, &Silent);
    assert_eq!(reduced(&rows.select(&[0, 1, 2])).cols(), REDUCED);
    assert_eq!(reduced(&Matrix::default()).rows(), 0);
}

#[test]
fn equal_positions_in_any_order_of_the_rows() {
    let rows = blobs(90, 3, 16, 5).select(&(0..90).chain([4, 4, 7]).collect::<Vec<_>>());
    let order: Vec<usize> = (0..93).map(|i| (i * 22 + 5) % 93).collect();
    let shuffled = rows.select(&order);
    let params = LayoutParams { n_epochs: Some(30), ..Default::default() };
    let (straight, turned) = (layout(&rows, &params, &Silent), layout(&shuffled, &params, &Silent));
    assert_eq!(straight.select(&order), turned);
    assert_eq!(straight.row(4), straight.row(91));
    let reduced = |rows: &Matrix| reduce(&Neighborhoods::of(rows, 9), 9, &Silent);
    assert_eq!(reduced(&rows).select(&order), reduced(&shuffled));
}

#[test]
fn both_layouts_share_one_neighbour_graph() {
    #[derive(Default)]
    struct Counted(std::sync::atomic::AtomicUsize);
    impl Progress for Counted {
        fn start(&self, what: &str, _: u64) {
            let search = usize::from(what == "nearest neighbours");
            self.0.fetch_add(search, std::sync::atomic::Ordering::Relaxed);
        }
        fn advance(&self, _: u64) {}
        fn finish(&self) {}
    }
    let rows = blobs(60, 3, 16, 5);
    let (counted, neighborhoods) = (Counted::default(), Neighborhoods::of(&rows, 1));
    reduce(&neighborhoods, 1, &counted);
    super::layout(&neighborhoods, &LayoutParams::default(), &counted);
    assert_eq!(counted.0.into_inner(), 1);
}

#[test]
fn equal_bytes_at_any_number_of_threads() {
    let rows = blobs(120, 3, 16, 5);
    let with = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let params = LayoutParams { seed, n_epochs: Some(50), ..Default::default() };
        pool.install(|| layout(&rows, &params, &Silent))
    };
    let one = with(1, 3);
    assert_eq!(one, with(4, 3));
    assert_ne!(one, with(1, 4), "the seed decides");
}

#[test]
fn a_handful_of_rows_is_drawn_too() {
    for n in [0, 1, 2, 3, 7, 8, 9, 16] {
        let paper = layout(&blobs(n, 2, 5, 9), &LayoutParams::default(), &Silent);
        assert_eq!((paper.rows(), paper.cols()), (n, 2));
        assert!(paper.as_slice().iter().all(|x| x.is_finite()), "{n} rows: {paper:?}");
    }
    assert_eq!(
        layout(&Matrix::zeros(1, 4), &LayoutParams::default(), &Silent).as_slice(),
        [0.0; 2]
    );
    let two = layout(&blobs(2, 2, 5, 9), &LayoutParams::default(), &Silent);
    assert_ne!(two.row(0), two.row(1));
}

#[test]
fn equal_rows_and_broken_rows_stay_finite() {
    let mut rows = Matrix::zeros(40, 6);
    for i in 0..40 {
        rows.row_mut(i)[0] = 1.0;
    }
    let paper = layout(&rows, &LayoutParams::default(), &Silent);
    assert!(paper.as_slice().iter().all(|x| x.is_finite() && x.abs() < 1e3));
    rows.row_mut(3)[2] = f32::NAN;
    rows.row_mut(4)[2] = f32::INFINITY;
    let paper = layout(&rows, &LayoutParams::default(), &Silent);
    assert!(paper.as_slice().iter().all(|x| x.is_finite()));
}
