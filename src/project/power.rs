//! Powers in `f32`, several side by side, with the same bits on every machine. The C library's `powf`
//! differs from one version to the next and takes one number at a time.

/// Numbers side by side: those of the widest registers in use.
pub(super) const LANES: usize = 8;

/// Added and taken away again it leaves a number rounded to a whole one, which its bits then hold.
const ROUNDS: f32 = 12_582_912.0;
/// The bits of the square root of one half: mantissas lie between it and the square root of two.
const ROOT_OF_HALF: i32 = 0x3f35_04f3;

/// Every `x` to the power `exponent`: off by at most two millionths of itself for `x` between 1e-8
/// and 1e6 and exponents up to 1.4, which is about what maps have; `2^(-127 exponent)` for `x = 0`, and
/// finite everywhere.
#[inline(always)]
pub(super) fn powers(x: &[f32; LANES], exponent: f32) -> [f32; LANES] {
    let mut found = [0.0; LANES];
    for (found, &x) in found.iter_mut().zip(x) {
        *found = exp2(exponent * log2(x));
    }
    found
}

/// By the series of the inverse hyperbolic tangent.
#[inline(always)]
fn log2(x: f32) -> f32 {
    const K: f32 = 2.0 * std::f32::consts::LOG2_E;
    let bits = x.to_bits() as i32;
    let whole = (bits - ROOT_OF_HALF) >> 23;
    let mantissa = f32::from_bits((bits - (whole << 23)) as u32);
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    let series = K + square * (K / 3.0 + square * (K / 5.0 + square * (K / 7.0)));
    whole as f32 + z * series
}

/// By the series of the exponential function.
#[inline(always)]
fn exp2(x: f32) -> f32 {
    const L: f32 = std::f32::consts::LN_2;
    let x = x.clamp(-126.0, 127.0);
    let shifted = x + ROUNDS;
    let rest = L * (x - (shifted - ROUNDS));
    let series = 1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0));
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * series)));
    let whole = shifted.to_bits().wrapping_sub(ROUNDS.to_bits());
    series * f32::from_bits(whole.wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn power(x: f32, exponent: f32) -> f32 {
        powers(&[x; LANES], exponent)[LANES - 1]
    }

    proptest! {
        #[test]
        fn is_as_exact_as_it_says(log in -18.5f64..14.0, exponent in 0.3f32..1.4) {
            let x = log.exp() as f32;
            let exact = f64::from(x).powf(f64::from(exponent));
            prop_assert!((f64::from(power(x, exponent)) / exact - 1.0).abs() < 2e-6);
        }
    }

    #[test]
    fn is_finite_at_the_ends_and_one_at_one() {
        for x in [0.0, f32::MIN_POSITIVE, 1e-40, f32::MAX] {
            for exponent in [0.3, 1.0, 2.0] {
                let power = power(x, exponent);
                assert!(power.is_finite() && power >= 0.0, "{x} {exponent}");
            }
        }
        assert_eq!(power(1.0, 0.9), 1.0);
        assert!(power(0.0, 0.9) < 1e-30);
    }
}
