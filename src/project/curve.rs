//! Similarity of two points at a low-dimensional distance `x`: `1 / (1 + a x^2b)`, fitted to a
//! curve that is 1 up to `min_dist` and then decays exponentially over `spread` (section 3.2 of
//! the paper).

/// Points of the curve that is fitted, from 0 to three spreads, as the reference has it.
const N_SAMPLES: usize = 300;
/// Steps after which the fit has long stood still.
const N_STEPS: usize = 200;

/// The two numbers of `1 / (1 + a x^2b)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve {
    pub a: f64,
    pub b: f64,
}

/// Fits by damped least squares (Levenberg-Marquardt) from `a = b = 1`.
pub(super) fn fit(min_dist: f64, spread: f64) -> Curve {
    let spread = spread.max(1e-3);
    let min_dist = min_dist.max(0.0);
    let samples: Vec<(f64, f64)> = (0..N_SAMPLES)
        .map(|i| {
            let x = 3.0 * spread * i as f64 / (N_SAMPLES - 1) as f64;
            (x, if x < min_dist { 1.0 } else { (-(x - min_dist) / spread).exp() })
        })
        .collect();
    let mut curve = Curve { a: 1.0, b: 1.0 };
    let mut error = squared_error(&samples, curve);
    let mut damping = 1e-3;
    for _ in 0..N_STEPS {
        let (da, db) = step(&samples, curve, damping);
        let next = Curve { a: (curve.a + da).max(1e-6), b: (curve.b + db).max(1e-3) };
        let next_error = squared_error(&samples, next);
        if next_error < error {
            (curve, error) = (next, next_error);
            damping *= 0.3;
        } else {
            damping *= 4.0;
        }
    }
    curve
}

fn value(x: f64, curve: Curve) -> f64 {
    1.0 / (1.0 + curve.a * x.powf(2.0 * curve.b))
}

fn squared_error(samples: &[(f64, f64)], curve: Curve) -> f64 {
    samples.iter().map(|&(x, y)| (value(x, curve) - y).powi(2)).sum()
}

/// Solves the damped 2 x 2 normal equations.
fn step(samples: &[(f64, f64)], curve: Curve, damping: f64) -> (f64, f64) {
    let (mut aa, mut ab, mut bb, mut ra, mut rb) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for &(x, y) in samples.iter().filter(|(x, _)| *x > 0.0) {
        let power = x.powf(2.0 * curve.b);
        let f = value(x, curve);
        let by_a = -f * f * power;
        let by_b = -f * f * curve.a * power * 2.0 * x.ln();
        let residual = y - f;
        aa += by_a * by_a;
        ab += by_a * by_b;
        bb += by_b * by_b;
        ra += by_a * residual;
        rb += by_b * residual;
    }
    let (aa, bb) = (aa * (1.0 + damping), bb * (1.0 + damping));
    let determinant = aa * bb - ab * ab;
    if determinant.abs() < 1e-300 {
        return (0.0, 0.0);
    }
    ((ra * bb - rb * ab) / determinant, (rb * aa - ra * ab) / determinant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_reference_fit() {
        // umap-learn 0.5, find_ab_params(spread, min_dist).
        for (min_dist, spread, a, b) in
            [(0.1, 1.0, 1.576_943_460, 0.895_060_878), (0.5, 1.0, 0.583_030_020, 1.334_166_993)]
        {
            let curve = fit(min_dist, spread);
            assert!((curve.a - a).abs() < 1e-5, "{curve:?} for {min_dist}, {spread}");
            assert!((curve.b - b).abs() < 1e-5, "{curve:?} for {min_dist}, {spread}");
        }
    }

    #[test]
    fn odd_parameters_stay_finite() {
        for (min_dist, spread) in [(0.0, 1.0), (5.0, 1.0), (0.1, 0.0), (-1.0, 10.0)] {
            let curve = fit(min_dist, spread);
            assert!(curve.a.is_finite() && curve.b.is_finite() && curve.a > 0.0, "{curve:?}");
        }
    }
}
