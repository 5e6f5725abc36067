//! One loop, compiled for every instruction set and chosen at run time.
//!
//! Kernels are written as plain loops over arrays of [`LANES`] floats, which the compiler turns
//! into vector instructions of whatever set the surrounding function is compiled for. This is
//! the only file that says which sets those are.

use std::ops::{Deref, DerefMut};

/// Floats side by side in every inner loop: one 512-bit register, or two of 256 bits.
pub(super) const LANES: usize = 16;

/// Rows of a tile on AVX2: two sums each, two registers of weights and one of inputs fill all sixteen.
#[cfg(target_arch = "x86_64")]
pub(super) const AVX2_ROWS: usize = 6;

/// Rows of a tile on AVX-512: as many sums in flight as keep two multipliers busy.
#[cfg(target_arch = "x86_64")]
pub(super) const AVX512_ROWS: usize = 8;

/// [`LANES`] floats, aligned to a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Lane(pub(super) [f32; LANES]);

impl Lane {
    pub(super) const ZERO: Lane = Lane([0.0; LANES]);
}

/// The sums of a tile. Stored and loaded again as whole cache lines: halves of two lines take three
/// times as long, and whether the stack begins with a line differs from run to run.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Tile<T, const ROWS: usize>(pub(super) [[T; LANES]; ROWS]);

impl<T: Copy + Default, const ROWS: usize> Tile<T, ROWS> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Tile([[T::default(); LANES]; ROWS])
    }
}

/// A buffer of floats that begins with a cache line, for the same reason.
#[derive(Default)]
pub(super) struct Aligned {
    lanes: Vec<Lane>,
    len: usize,
}

impl Aligned {
    /// Keeps what there is; new numbers are zero or what they were before.
    pub(super) fn resize(&mut self, len: usize) {
        self.lanes.resize(len.div_ceil(LANES), Lane::ZERO);
        self.len = len;
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: a lane is `LANES` floats and nothing else, and `len` are no more than there are.
        #[allow(unsafe_code)]
        unsafe {
            std::slice::from_raw_parts(self.lanes.as_ptr().cast(), self.len)
        }
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above.
        #[allow(unsafe_code)]
        unsafe {
            std::slice::from_raw_parts_mut(self.lanes.as_mut_ptr().cast(), self.len)
        }
    }
}

/// The numbers from `left` on that fill a register; zeros past the end.
#[inline(always)]
pub(super) fn lanes_at<T: Copy + Default>(numbers: &[T], left: usize) -> [T; LANES] {
    let numbers = &numbers[left..];
    match numbers.first_chunk() {
        Some(lanes) => *lanes,
        None => lanes_of_few(numbers),
    }
}

/// Writes a register's numbers from `left` on, as far as there is room.
#[inline(always)]
pub(super) fn write_lanes(numbers: &mut [f32], left: usize, lanes: &[f32; LANES]) {
    let numbers = &mut numbers[left..];
    match numbers.first_chunk_mut() {
        Some(whole) => *whole = *lanes,
        None => write_few(numbers, lanes),
    }
}

// Apart from the above, or the compiler makes one copy of unknown length of both ways, which is a call.
#[cold]
#[inline(never)]
fn lanes_of_few<T: Copy + Default>(numbers: &[T]) -> [T; LANES] {
    let mut lanes = [T::default(); LANES];
    lanes[..numbers.len()].copy_from_slice(numbers);
    lanes
}

#[cold]
#[inline(never)]
fn write_few(numbers: &mut [f32], lanes: &[f32; LANES]) {
    numbers.copy_from_slice(&lanes[..numbers.len()]);
}

/// The instruction sets kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// x86-64 with AVX-512 (32 registers).
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// x86-64 with AVX2 and FMA (16 registers).
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Whatever the program was compiled for.
    Portable,
}

/// A loop to be compiled for several instruction sets. `run` and everything it calls in its
/// inner loops must be `#[inline(always)]`.
pub(super) trait Kernel {
    /// `FMA`: whether a fused multiply-add is one instruction. `ROWS`: rows of a product's
    /// tile, as many as the registers hold.
    fn run<const FMA: bool, const ROWS: usize>(self);
}

impl Level {
    /// The best this machine can do.
    pub(super) fn detect() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            let wide = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq");
            let fused = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if wide && fused {
                return Level::Avx512;
            }
            if fused {
                return Level::Avx2;
            }
        }
        Level::Portable
    }

    /// Every level this machine can run, for tests.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Level> {
        #[cfg(target_arch = "x86_64")]
        match Level::detect() {
            Level::Avx512 => return vec![Level::Avx512, Level::Avx2, Level::Portable],
            Level::Avx2 => return vec![Level::Avx2, Level::Portable],
            Level::Portable => {}
        }
        vec![Level::Portable]
    }

    /// Runs the kernel as compiled for this level.
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        match self {
            // SAFETY: both levels come from `detect` alone (or from `all`, which asks it), so
            // this machine has the instructions the functions are compiled for.
            #[cfg(target_arch = "x86_64")]
            #[allow(unsafe_code)]
            Level::Avx512 => unsafe { avx512(kernel) },
            #[cfg(target_arch = "x86_64")]
            #[allow(unsafe_code)]
            Level::Avx2 => unsafe { avx2(kernel) },
            Level::Portable if cfg!(target_arch = "aarch64") => kernel.run::<true, 6>(),
            Level::Portable => kernel.run::<false, 4>(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
fn avx512<K: Kernel>(kernel: K) {
    kernel.run::<true, AVX512_ROWS>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<K: Kernel>(kernel: K) {
    kernel.run::<true, AVX2_ROWS>();
}

/// `a * b + c`, in one rounding where that is one instruction.
#[inline(always)]
pub(super) fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}
