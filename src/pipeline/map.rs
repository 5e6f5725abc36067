//! Where every role stands on the map.

use crate::geometry::Matrix;
use crate::progress::Progress;
use crate::project::{self, LayoutParams};

/// Lays out the distinct rows and puts those that repeat one around it: row `i` of the
/// corpus repeats, or is, row `source[i]` of `distinct`. Decimals beyond the fourth say
/// nothing and are dropped, so that the report stays small.
pub(super) fn places(
    distinct: &Matrix,
    source: &[usize],
    params: &LayoutParams,
    progress: &dyn Progress,
) -> Vec<[f32; 2]> {
    let places = project::layout(distinct, params, progress);
    let rounded = |x: f32| (x * 1e4).round() / 1e4;
    let all = project::fan_out(&places, source);
    all.iter_rows().map(|place| [rounded(place[0]), rounded(place[1])]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn every_role_has_a_place_and_repetitions_stand_close() {
        let data = (0..40).map(|i| (i as f32 * 0.37).sin()).collect();
        let distinct = Matrix::new(10, 4, data).unwrap();
        let source = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 3];
        let all = places(&distinct, &source, &LayoutParams::default(), &Silent);
        assert_eq!(all.len(), 12);
        let apart = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        let width = all.iter().map(|&p| apart(p, all[0])).fold(0.0, f32::max);
        for repeated in [10, 11] {
            let distance = apart(all[repeated], all[3]);
            assert!(distance > 0.0 && distance < 0.05 * width, "{distance} of {width}");
        }
    }
}
