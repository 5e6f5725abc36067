//! Inner products of two rows in the widest registers of the machine, with the same bits on
//! every machine.

/// Floats summed side by side.
const LANES: usize = 16;
/// Small integers multiplied side by side.
const CODES: usize = 32;

/// `a . b` in `f32`. Sixteen running sums in a fixed order, each product rounded before it is
/// added, so that the result does not depend on the machine.
///
/// Differs from the exact product by at most about `d / 16 * 2^-24 * |a| * |b|`.
///
/// # Panics
/// If the rows differ in length.
pub fn inner_product(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "rows differ in length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this machine has AVX2, as just asked.
        #[allow(unsafe_code)]
        return unsafe { side_by_side_avx2([a], b)[0] };
    }
    floats(a, b)
}

/// `a . b` for every `a` of four rows, each with the bits of [`inner_product`]. Faster than one after
/// the other: their sums do not wait for each other, and `b` is read once.
///
/// # Panics
/// If the rows differ in length.
pub fn four_inner_products(a: [&[f32]; 4], b: &[f32]) -> [f32; 4] {
    assert!(a.iter().all(|a| a.len() == b.len()), "rows differ in length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this machine has AVX2, as just asked.
        #[allow(unsafe_code)]
        return unsafe { side_by_side_avx2(a, b) };
    }
    side_by_side(a, b)
}

/// `a . b` of two rows of small integers: exact, so the same on every machine.
///
/// # Panics
/// If the rows differ in length. Rows longer than 130,000 may overflow.
pub fn inner_product_i8(a: &[i8], b: &[i8]) -> i32 {
    assert_eq!(a.len(), b.len(), "rows differ in length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this machine has AVX2, as just asked.
        #[allow(unsafe_code)]
        return unsafe { codes_avx2(a, b) };
    }
    codes(a, b)
}

/// [`side_by_side`] in instructions written out: whether the compiler keeps the sums in registers hangs
/// on what else it compiles, and it is four times as slow where it does not.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn side_by_side_avx2<const N: usize>(a: [&[f32]; N], b: &[f32]) -> [f32; N] {
    use std::arch::x86_64::{
        _mm256_add_ps, _mm256_loadu_ps, _mm256_mul_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    };
    const HALF: usize = LANES / 2;
    let mut held = [[_mm256_setzero_ps(); 2]; N];
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let split = a.map(|a| a.as_chunks::<LANES>());
    for (at, y) in b_blocks.iter().enumerate() {
        for (row, (blocks, _)) in split.iter().enumerate() {
            let x = &blocks[at];
            for half in 0..2 {
                // SAFETY: each half of a block is one register, and these loads need no alignment.
                #[allow(unsafe_code)]
                let (x, y) = unsafe {
                    let from = half * HALF;
                    (_mm256_loadu_ps(x[from..].as_ptr()), _mm256_loadu_ps(y[from..].as_ptr()))
                };
                held[row][half] = _mm256_add_ps(held[row][half], _mm256_mul_ps(x, y));
            }
        }
    }
    let mut sums = [[0.0f32; LANES]; N];
    for (sums, held) in sums.iter_mut().zip(held) {
        for half in 0..2 {
            // SAFETY: as the loads.
            #[allow(unsafe_code)]
            unsafe {
                _mm256_storeu_ps(sums[half * HALF..].as_mut_ptr(), held[half]);
            }
        }
    }
    totals(&sums, &split.map(|(_, rest)| rest), b_rest)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn codes_avx2(a: &[i8], b: &[i8]) -> i32 {
    codes(a, b)
}

#[inline(always)]
fn floats(a: &[f32], b: &[f32]) -> f32 {
    let [product] = side_by_side([a], b);
    product
}

#[inline(always)]
fn side_by_side<const N: usize>(a: [&[f32]; N], b: &[f32]) -> [f32; N] {
    let mut sums = [[0.0f32; LANES]; N];
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let split = a.map(|a| a.as_chunks::<LANES>());
    for (at, y) in b_blocks.iter().enumerate() {
        for (sums, (blocks, _)) in sums.iter_mut().zip(&split) {
            let x = &blocks[at];
            for lane in 0..LANES {
                sums[lane] += x[lane] * y[lane];
            }
        }
    }
    totals(&sums, &split.map(|(_, rest)| rest), b_rest)
}

/// The sums of each row in order, and what is left of it times what is left of `b`.
#[inline(always)]
fn totals<const N: usize>(sums: &[[f32; LANES]; N], rests: &[&[f32]; N], b: &[f32]) -> [f32; N] {
    std::array::from_fn(|row| {
        let rest: f32 = rests[row].iter().zip(b).map(|(x, y)| x * y).sum();
        sums[row].iter().sum::<f32>() + rest
    })
}

#[inline(always)]
fn codes(a: &[i8], b: &[i8]) -> i32 {
    let product = |x: i8, y: i8| i32::from(i16::from(x)) * i32::from(i16::from(y));
    let (a_blocks, a_rest) = a.as_chunks::<CODES>();
    let (b_blocks, b_rest) = b.as_chunks::<CODES>();
    let mut sum = 0i32;
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..CODES {
            sum += product(x[lane], y[lane]);
        }
    }
    for (&x, &y) in a_rest.iter().zip(b_rest) {
        sum += product(x, y);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_plain_sum_whatever_the_registers(d in 0usize..100, seed in 1u32..1000) {
            let number = |i: usize| ((i as f64 + 1.0) * f64::from(seed) * 0.618).sin();
            let a: Vec<f32> = (0..d).map(|i| number(i) as f32).collect();
            let b: Vec<f32> = (0..d).map(|i| number(i + 7919) as f32).collect();
            let exact: f64 = a.iter().zip(&b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
            prop_assert!((f64::from(inner_product(&a, &b)) - exact).abs() < 1e-5);
            prop_assert_eq!(inner_product(&a, &b).to_bits(), floats(&a, &b).to_bits());
            let four = four_inner_products([&a, &b, &b, &a], &b);
            let each = [&a, &b, &b, &a].map(|a| inner_product(a, &b));
            prop_assert_eq!(four.map(f32::to_bits), each.map(f32::to_bits));
            let code = |x: &f32| (x * 127.0) as i8;
            let (a, b): (Vec<i8>, Vec<i8>) =
                (a.iter().map(code).collect(), b.iter().map(code).collect());
            let exact: i32 = a.iter().zip(&b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum();
            prop_assert_eq!(inner_product_i8(&a, &b), exact);
            prop_assert_eq!(codes(&a, &b), exact);
        }
    }

    #[test]
    fn the_largest_codes_do_not_overflow() {
        let row = vec![-127i8; 4096];
        assert_eq!(inner_product_i8(&row, &row), 127 * 127 * 4096);
    }
}
