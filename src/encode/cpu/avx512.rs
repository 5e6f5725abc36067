//! The innermost loop of products on AVX-512, in instructions written out: whether the compiler keeps
//! sums in registers otherwise hangs on how they are used afterwards, and it is twice as slow where it
//! does not.

use super::simd::{LANES, Lane};

/// `out[r * stride + j] += sum over k of rows[r][k] * lanes[k][j]`, or `=` where it is `FRESH`; the
/// same bits as the plain loop.
///
/// # Panics
/// If a row is shorter than there are lanes, or `out` has no room.
#[inline]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
pub(super) fn multiply<const ROWS: usize, const FRESH: bool>(
    rows: &[&[f32]; ROWS],
    lanes: &[Lane],
    out: &mut [f32],
    stride: usize,
) {
    use std::arch::x86_64::{
        _mm512_fmadd_ps, _mm512_load_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
        _mm512_storeu_ps,
    };
    // Said once, so that the loop needs no bounds checks.
    let mut inputs: [&[f32]; ROWS] = [&[]; ROWS];
    let mut held = [_mm512_setzero_ps(); ROWS];
    for r in 0..ROWS {
        inputs[r] = &rows[r][..lanes.len()];
        if !FRESH {
            let before = &out[r * stride..][..LANES];
            // SAFETY: 16 numbers are one register, and this load needs no alignment.
            #[allow(unsafe_code)]
            unsafe {
                held[r] = _mm512_loadu_ps(before.as_ptr());
            }
        }
    }
    for (k, lane) in lanes.iter().enumerate() {
        // SAFETY: a lane is 16 numbers, aligned to 64 bytes.
        #[allow(unsafe_code)]
        let weights = unsafe { _mm512_load_ps(lane.0.as_ptr()) };
        for r in 0..ROWS {
            held[r] = _mm512_fmadd_ps(_mm512_set1_ps(inputs[r][k]), weights, held[r]);
        }
    }
    for (r, held) in held.into_iter().enumerate() {
        let after = &mut out[r * stride..][..LANES];
        // SAFETY: as the load.
        #[allow(unsafe_code)]
        unsafe {
            _mm512_storeu_ps(after.as_mut_ptr(), held);
        }
    }
}
