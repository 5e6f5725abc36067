//! The 8-bit product on AVX-512 VNNI, where one instruction multiplies 64 bytes and adds them
//! up in fours. All `unsafe` of the 8-bit path is here.

use super::int8::{Block, GROUP};
use super::simd::LANES;

/// Proof that this machine has AVX-512 VNNI: [`Vnni::detect`] is the only way to get one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vnni(());

impl Vnni {
    /// `None` where the machine lacks the instructions.
    pub(super) fn detect() -> Option<Vnni> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
            return Some(Vnni(()));
        }
        None
    }

    /// `sums[r][j] = sum over g, i of tile[r][g][i] * blocks[g][j][i]`. All rows of the tile
    /// are as long as there are blocks.
    pub(super) fn multiply<const ROWS: usize>(
        self,
        tile: &[&[[u8; GROUP]]; ROWS],
        blocks: &[Block],
    ) -> [[i32; LANES]; ROWS] {
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: `self` exists, so the machine has the instructions.
            #[allow(unsafe_code)]
            unsafe {
                multiply_vnni(tile, blocks)
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = (tile, blocks);
            unreachable!("detect gives no proof on this architecture")
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vnni")]
fn multiply_vnni<const ROWS: usize>(
    tile: &[&[[u8; GROUP]]; ROWS],
    blocks: &[Block],
) -> [[i32; LANES]; ROWS] {
    use std::arch::x86_64::{
        _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_set1_epi32, _mm512_setzero_si512,
        _mm512_storeu_si512,
    };
    // Said once, so that the loop needs no bounds checks.
    let mut rows: [&[[u8; GROUP]]; ROWS] = [&[]; ROWS];
    for r in 0..ROWS {
        rows[r] = &tile[r][..blocks.len()];
    }
    let mut sums = [_mm512_setzero_si512(); ROWS];
    for (g, block) in blocks.iter().enumerate() {
        // SAFETY: a block is 64 bytes, aligned to 64.
        #[allow(unsafe_code)]
        let weights = unsafe { _mm512_load_si512(block.0.as_ptr().cast()) };
        for r in 0..ROWS {
            let x = _mm512_set1_epi32(i32::from_le_bytes(rows[r][g]));
            sums[r] = _mm512_dpbusd_epi32(sums[r], x, weights);
        }
    }
    let mut out = [[0; LANES]; ROWS];
    for (out, sum) in out.iter_mut().zip(sums) {
        // SAFETY: `out` is 16 numbers of 32 bits, and the store needs no alignment.
        #[allow(unsafe_code)]
        unsafe {
            _mm512_storeu_si512(out.as_mut_ptr().cast(), sum);
        }
    }
    out
}
