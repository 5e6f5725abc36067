//! General matrix products (GEMM): inner products of many rows with many rows, where nearly
//! all arithmetic happens.

/// `out[i * m + j] = a_i . b_j` for the `n` rows of `a` and the `m` rows of `b`, each `d`
/// numbers long, row-major. Runs on the calling thread: callers split the work among threads
/// themselves, so that the result does not depend on their number.
///
/// Each product differs from the exact one by at most about `d * 2^-24 * |a_i| * |b_j|`.
///
/// # Panics
/// If the norms do not fit together.
pub fn products(a: &[f32], b: &[f32], d: usize, out: &mut [f32]) {
    multiply(a, b, d, out);
}

/// [`products`] in `f64`.
///
/// # Panics
/// If the norms do not fit together.
pub fn products_f64(a: &[f64], b: &[f64], d: usize, out: &mut [f64]) {
    multiply(a, b, d, out);
}

#[allow(unsafe_code)]
fn multiply<T: Copy + From<u8> + 'static>(a: &[T], b: &[T], d: usize, out: &mut [T]) {
    let (zero, one) = (T::from(0), T::from(1));
    if d == 0 {
        out.fill(zero);
        return;
    }
    let (n, m) = (a.len() / d, b.len() / d);
    assert!(a.len() == n * d && b.len() == m * d, "rows are not {d} long");
    assert_eq!(out.len(), n * m, "the result is {n} x {m}");
    if out.is_empty() {
        return;
    }
    let stride = |length: usize| length as isize;
    // SAFETY: the asserts above say that `a` holds n x d, `b` m x d and `out` n x m numbers;
    // the strides below walk exactly these, `out` is borrowed exclusively, and the function
    // is only instantiated with f32 and f64, which gemm knows.
    unsafe {
        gemm::gemm(
            n,
            m,
            d,
            out.as_mut_ptr(),
            1,
            stride(m),
            false,
            a.as_ptr(),
            1,
            stride(d),
            b.as_ptr(),
            stride(d),
            1,
            zero,
            one,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_plain_sum(n in 0usize..20, m in 0usize..20, d in 0usize..40, seed in 1u32..1000) {
            let number = |i: usize| ((i as f64 + 1.0) * f64::from(seed) * 0.618).sin();
            let a: Vec<f64> = (0..n * d).map(number).collect();
            let b: Vec<f64> = (0..m * d).map(|i| number(i + 7919)).collect();
            let narrow = |rows: &[f64]| rows.iter().map(|&x| x as f32).collect::<Vec<f32>>();
            let mut wide = vec![f64::NAN; n * m];
            let mut single = vec![f32::NAN; n * m];
            products_f64(&a, &b, d, &mut wide);
            products(&narrow(&a), &narrow(&b), d, &mut single);
            for i in 0..n {
                for j in 0..m {
                    let exact: f64 = (0..d).map(|k| a[i * d + k] * b[j * d + k]).sum();
                    prop_assert!((wide[i * m + j] - exact).abs() < 1e-12);
                    prop_assert!((f64::from(single[i * m + j]) - exact).abs() < 1e-4);
                }
            }
        }
    }
}
