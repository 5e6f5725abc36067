//! How sure a share is: intervals and tests of proportions, and quartiles.

use crate::over_time::Interval;

/// The 97.5th percentile of the standard normal distribution: both tails of a 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of a share of `count` in `total` (E. B. Wilson, 1927); unlike the usual
/// one it stays within `[0, 1]` and holds for small counts. `None` for a total of 0.
pub fn wilson(count: usize, total: usize) -> Option<Interval> {
    if total == 0 {
        return None;
    }
    let (n, share) = (total as f64, count as f64 / total as f64);
    let denominator = 1.0 + Z95 * Z95 / n;
    let center = (share + Z95 * Z95 / (2.0 * n)) / denominator;
    let spread = (share * (1.0 - share) / n + Z95 * Z95 / (4.0 * n * n)).sqrt();
    let half = Z95 * spread / denominator;
    // At 0 and at the total the ends are exact; rounding must not move them.
    let low = if count == 0 { 0.0 } else { center - half };
    let high = if count == total { 1.0 } else { center + half };
    Some(Interval { low, high })
}

/// The 95 % interval of the second share less the first, each `(count, total)` (R. G. Newcombe,
/// 1998, method 10: made of the two score intervals). `None` for a total of 0.
pub fn difference(first: (usize, usize), second: (usize, usize)) -> Option<Interval> {
    let share = |(count, total): (usize, usize)| count as f64 / total as f64;
    let (a, b) = (wilson(first.0, first.1)?, wilson(second.0, second.1)?);
    let (p, q) = (share(first), share(second));
    let change = q - p;
    let low = change - ((q - b.low).powi(2) + (a.high - p).powi(2)).sqrt();
    let high = change + ((b.high - q).powi(2) + (p - a.low).powi(2)).sqrt();
    Some(Interval { low, high })
}

/// The two-sided p-value of the hypothesis that two shares, each `(count, total)`, are equal: the
/// z-test with the pooled share. 1 where both shares are 0 or both 1; `None` for a total of 0.
pub fn two_proportions(first: (usize, usize), second: (usize, usize)) -> Option<f64> {
    let ((a, n), (b, m)) = (first, second);
    if n == 0 || m == 0 {
        return None;
    }
    let (a, b, n, m) = (a as f64, b as f64, n as f64, m as f64);
    let pooled = (a + b) / (n + m);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    if variance <= 0.0 {
        return Some(1.0);
    }
    let z = (b / m - a / n) / variance.sqrt();
    Some(erfc(z.abs() / std::f64::consts::SQRT_2))
}

/// p-values adjusted so that of the results called significant at 5 % at most 5 % are expected to
/// be none (Y. Benjamini and Y. Hochberg, 1995), in the order given.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let n = p_values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| p_values[b].total_cmp(&p_values[a]));
    let (mut adjusted, mut lowest) = (vec![1.0; n], 1.0f64);
    for (at, &place) in order.iter().enumerate() {
        let rank = (n - at) as f64;
        lowest = lowest.min(p_values[place] * n as f64 / rank);
        adjusted[place] = lowest;
    }
    adjusted
}

/// The complementary error function for `x >= 0`, to about 1e-15: the series of the error function
/// below 2, Lentz's continued fraction above (Abramowitz and Stegun, 7.1.5 and 7.1.14).
fn erfc(x: f64) -> f64 {
    let root_pi = std::f64::consts::PI.sqrt();
    if x < 2.0 {
        let (mut term, mut sum, mut n) = (x, x, 0.0f64);
        while term.abs() > 1e-17 * sum.abs().max(1e-300) && n < 200.0 {
            n += 1.0;
            term *= -x * x / n;
            sum += term / (2.0 * n + 1.0);
        }
        return 1.0 - 2.0 / root_pi * sum;
    }
    let mut fraction = 0.0;
    for n in (1..=120).rev() {
        fraction = f64::from(n) / 2.0 / (x + fraction);
    }
    (-x * x).exp() / root_pi / (x + fraction)
}

/// Lower quartile, median and upper quartile, interpolated between neighbours (type 7 of Hyndman
/// and Fan, 1996, as numpy has it); `None` for no values.
pub fn quartiles(values: &[f64]) -> Option<[f64; 3]> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let at = |share: f64| {
        let place = share * last as f64;
        let low = place.floor() as usize;
        let high = (low + 1).min(last);
        sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
    };
    Some([at(0.25), at(0.5), at(0.75)])
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Values of statsmodels and numpy, see the script beside the file.
    fn reference() -> Value {
        serde_json::from_str(include_str!("../../tests/fixtures/tables/expected.json")).unwrap()
    }

    fn pair(value: &Value) -> (usize, usize) {
        (value[0].as_u64().unwrap() as usize, value[1].as_u64().unwrap() as usize)
    }

    fn close(ours: f64, theirs: &Value) {
        let theirs = theirs.as_f64().unwrap();
        // The same formulas in double precision: only rounding differs.
        assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1e-3), "{ours} {theirs}");
    }

    #[test]
    fn intervals_are_those_of_statsmodels() {
        let reference = reference();
        for case in reference["wilson"].as_array().unwrap() {
            let (count, total) = pair(&case["share"]);
            let ours = wilson(count, total).unwrap();
            close(ours.low, &case["low"]);
            close(ours.high, &case["high"]);
        }
        for case in reference["two"].as_array().unwrap() {
            let (first, second) = (pair(&case["first"]), pair(&case["second"]));
            let ours = difference(first, second).unwrap();
            close(ours.low, &case["low"]);
            close(ours.high, &case["high"]);
            let p = two_proportions(first, second).unwrap();
            let theirs = case["p"].as_f64().unwrap();
            assert!((p - theirs).abs() <= 1e-12 + 1e-9 * theirs, "{p} {theirs}");
        }
    }

    #[test]
    fn adjusted_p_values_and_quartiles_are_those_of_the_reference() {
        let reference = reference();
        let numbers = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
        };
        for case in reference["adjusted"].as_array().unwrap() {
            let ours = benjamini_hochberg(&numbers(&case["p"]));
            let theirs = case["q"].as_array().unwrap();
            assert_eq!(ours.len(), theirs.len());
            ours.iter().zip(theirs).for_each(|(&ours, theirs)| close(ours, theirs));
        }
        for case in reference["quartiles"].as_array().unwrap() {
            let ours = quartiles(&numbers(&case["values"])).unwrap();
            let theirs = case["quartiles"].as_array().unwrap();
            ours.iter().zip(theirs).for_each(|(&ours, theirs)| close(ours, theirs));
        }
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(two_proportions((0, 0), (1, 2)), None);
        assert_eq!(two_proportions((0, 5), (0, 7)), Some(1.0));
        assert!(benjamini_hochberg(&[]).is_empty() && quartiles(&[]).is_none());
        let none = wilson(0, 20).unwrap();
        assert!(none.low == 0.0 && none.high > 0.0);
    }
}
