//! The innermost loop of products on AVX2, in instructions written out: a build for tests
//! (`opt-level = 1`) turns no loop into vector instructions, and is ten times as slow without.

use super::simd::{LANES, Lane};

/// `out[r * stride + j] += sum over k of rows[r][k] * lanes[k][j]`, or `=` where it is `FRESH`; the
/// same bits as the plain loop.
///
/// # Panics
/// If a row is shorter than there are lanes, or `out` has no room.
#[target_feature(enable = "avx2,fma")]
pub(super) fn multiply<const ROWS: usize, const FRESH: bool>(
    rows: &[&[f32]; ROWS],
    lanes: &[Lane],
    out: &mut [f32],
    stride: usize,
) {
    use std::arch::x86_64::{
        _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_load_ps, _mm256_loadu_ps, _mm256_setzero_ps,
        _mm256_storeu_ps,
    };
    // Said once, so that the loop needs no bounds checks.
    let mut inputs: [&[f32]; ROWS] = [&[]; ROWS];
    let mut held = [[_mm256_setzero_ps(); 2]; ROWS];
    for r in 0..ROWS {
        inputs[r] = &rows[r][..lanes.len()];
        if !FRESH {
            let before = &out[r * stride..][..LANES];
            // SAFETY: 16 numbers are two registers, and these loads need no alignment.
            #[allow(unsafe_code)]
            unsafe {
                held[r] = [_mm256_loadu_ps(before.as_ptr()), _mm256_loadu_ps(before[8..].as_ptr())];
            }
        }
    }
    for (k, lane) in lanes.iter().enumerate() {
        // SAFETY: a lane is 16 numbers, aligned to 64 bytes.
        #[allow(unsafe_code)]
        let (low, high) =
            unsafe { (_mm256_load_ps(lane.0.as_ptr()), _mm256_load_ps(lane.0[8..].as_ptr())) };
        for r in 0..ROWS {
            let x = _mm256_broadcast_ss(&inputs[r][k]);
            held[r][0] = _mm256_fmadd_ps(x, low, held[r][0]);
            held[r][1] = _mm256_fmadd_ps(x, high, held[r][1]);
        }
    }
    for (r, held) in held.into_iter().enumerate() {
        let after = &mut out[r * stride..][..LANES];
        // SAFETY: as the loads.
        #[allow(unsafe_code)]
        unsafe {
            _mm256_storeu_ps(after.as_mut_ptr(), held[0]);
            _mm256_storeu_ps(after[8..].as_mut_ptr(), held[1]);
        }
    }
}
