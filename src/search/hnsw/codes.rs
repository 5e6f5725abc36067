//! Rows as 8-bit integers.

/// Appends the row as 8-bit integers to `codes` and returns the scale: a number of the row is
/// about its code times the scale. The number of the largest magnitude gets the code 127 or -127;
/// the scale of a row of zeros is 0.
pub(super) fn encode(row: &[f32], codes: &mut Vec<i8>) -> f32 {
    let largest = row.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    if !(largest > 0.0 && largest.is_finite()) {
        codes.resize(codes.len() + row.len(), 0);
        return 0.0;
    }
    let scale = largest / 127.0;
    codes.extend(row.iter().map(|x| (x / scale).round() as i8));
    scale
}
