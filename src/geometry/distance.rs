//! Distances between rows, in `f64` and the same at any row order or thread count.

/// Squared Euclidean distance.
///
/// Differences are taken before squaring, so that equal rows are at exactly 0, and
/// `(a, b)` gives the same bits as `(b, a)`. Eight running sums in a fixed order let the
/// compiler use vector registers without making the result depend on the machine.
///
/// # Panics
/// If the rows differ in length.
pub fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len(), "rows differ in length");
    const LANES: usize = 8;
    let mut sums = [0.0f64; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            let difference = f64::from(x[lane]) - f64::from(y[lane]);
            sums[lane] += difference * difference;
        }
    }
    for (x, y) in a_rest.iter().zip(b_rest) {
        let difference = f64::from(*x) - f64::from(*y);
        sums[0] += difference * difference;
    }
    sums.iter().sum()
}

/// Squared length, summed like [`squared_distance`].
pub fn squared_length(a: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0f64; LANES];
    let (blocks, rest) = a.as_chunks::<LANES>();
    for x in blocks {
        for lane in 0..LANES {
            sums[lane] += f64::from(x[lane]) * f64::from(x[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>()
}

/// The first number that is not finite, as `(row, column)`.
pub fn first_not_finite(rows: &super::Matrix) -> Option<(usize, usize)> {
    let at = rows.as_slice().iter().position(|x| !x.is_finite())?;
    Some((at / rows.cols(), at % rows.cols()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_symmetric_and_zero_only_for_equal_rows() {
        let a: Vec<f32> = (0..21).map(|i| (i as f32 * 0.37).sin()).collect();
        let b: Vec<f32> = (0..21).map(|i| (i as f32 * 0.71).cos()).collect();
        assert_eq!(squared_distance(&a, &b).to_bits(), squared_distance(&b, &a).to_bits());
        assert_eq!(squared_distance(&a, &a), 0.0);
        let plain: f64 = a.iter().zip(&b).map(|(x, y)| f64::from(x - y).powi(2)).sum();
        assert!((squared_distance(&a, &b) - plain).abs() < 1e-5);
        assert!((squared_length(&a) - squared_distance(&a, &[0.0; 21])).abs() < 1e-12);
    }
}
