//! Products of 8-bit integers on AVX-512 VNNI, where one instruction multiplies 64 bytes and
//! adds them up in fours. All `unsafe` of the 8-bit paths is here.

/// Numbers multiplied and added in one step.
pub(crate) const GROUP: usize = 4;
/// Columns of a block: 32-bit sums in one register.
pub(crate) const COLUMNS: usize = 16;

/// [`GROUP`] numbers for each of [`COLUMNS`] columns, one column after the other.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Block(pub(crate) [i8; COLUMNS * GROUP]);

impl Block {
    pub(crate) const ZERO: Block = Block([0; COLUMNS * GROUP]);
}

/// Proof that this machine has AVX-512 VNNI: [`Vnni::detect`] is the only way to get one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vnni(());

impl Vnni {
    /// `None` where the machine lacks the instructions.
    pub(crate) fn detect() -> Option<Vnni> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni")
        {
            return Some(Vnni(()));
        }
        None
    }

    /// Runs loops as compiled for AVX-512, as far as they are `#[inline(always)]`: the same
    /// results, sooner.
    pub(crate) fn compiled<R>(self, work: impl FnOnce() -> R) -> R {
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: `self` exists, so the machine has the instructions.
            #[allow(unsafe_code)]
            unsafe {
                compiled_avx512(work)
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            work()
        }
    }

    /// `sums[r][j]` becomes the sum over `g`, `i` of `tile[r][g][i] * blocks[g][j][i]`. All
    /// rows of the tile are as long as there are blocks.
    pub(crate) fn multiply<const ROWS: usize>(
        self,
        tile: &[&[[u8; GROUP]]; ROWS],
        blocks: &[Block],
        sums: &mut [[i32; COLUMNS]; ROWS],
    ) {
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: `self` exists, so the machine has the instructions.
            #[allow(unsafe_code)]
            unsafe {
                multiply_vnni(tile, blocks, sums);
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = (tile, blocks, sums);
            unreachable!("detect gives no proof on this architecture")
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn compiled_avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn multiply_vnni<const ROWS: usize>(
    tile: &[&[[u8; GROUP]]; ROWS],
    blocks: &[Block],
    out: &mut [[i32; COLUMNS]; ROWS],
) {
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
    for (out, sum) in out.iter_mut().zip(sums) {
        // SAFETY: `out` is 16 numbers of 32 bits, and the store needs no alignment.
        #[allow(unsafe_code)]
        unsafe {
            _mm512_storeu_si512(out.as_mut_ptr().cast(), sum);
        }
    }
}
