//! The fast path against the slow one, and every instruction set against the plain one.

use std::sync::Arc;

use candle_core::{DType, Device};
use candle_nn::VarBuilder;

use super::elementwise::{activate, exp2, sum_of};
use super::simd::{Kernel, LANES};
use super::*;
use crate::encode::candle_weights::CandleWeights;
use crate::encode::family::bert::Bert;
use crate::encode::storage::{Storage, Table};
use crate::encode::test_models;
use crate::encode::test_random::random;

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() }).fold(0.0, |m, d| {
        // Not `max`, which would pass over NaN.
        if d <= m { m } else { d }
    })
}

/// Reads rows out of a whole matrix.
fn rows_of(weight: &[f32], inputs: usize) -> impl Fn(usize, &mut [f32]) + '_ {
    move |row, out| out.copy_from_slice(&weight[row * inputs..(row + 1) * inputs])
}

/// Reads rows out of a whole matrix, rounded to 8 bits.
fn int8_rows_of(weight: &[f32], inputs: usize) -> impl Fn(usize, &mut [i8]) -> f32 {
    let bytes: Vec<u8> = weight.iter().flat_map(|x| x.to_le_bytes()).collect();
    let shape = (weight.len() / inputs, inputs);
    let table = Table::new(Storage::F32, bytes.into(), Vec::new().into(), shape).unwrap();
    move |row, out| table.read_int8_row(row, out)
}

/// A tiny model on both paths.
fn both(name: &str) -> (BertCpu, Bert, usize) {
    let (weights, config) = test_models::tiny_bert(name);
    let weights = Arc::new(weights);
    let fast = BertCpu::load(&weights, &config, Precision::F32).unwrap();
    let backend = Box::new(CandleWeights(weights));
    let slow = Bert::load(VarBuilder::from_backend(backend, DType::F32, Device::Cpu), &config);
    (fast, slow.unwrap(), config.vocab_size)
}

fn sequences(vocabulary: usize) -> Vec<Vec<u32>> {
    [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 40]
        .iter()
        .map(|&n| (0..n).map(|i| ((i * i * 7 + n * 13) % vocabulary) as u32).collect())
        .collect()
}

#[test]
fn the_fast_path_equals_the_slow_path_at_every_level() {
    for name in ["tiny-bert", "tiny-xlm-roberta"] {
        let (mut fast, slow, vocabulary) = both(name);
        let sequences = sequences(vocabulary);
        let batch: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
        let packed = slow.pack(&batch).unwrap();
        let expected = packed.rows(&slow.forward(&packed).unwrap()).unwrap();
        for level in Level::all() {
            fast.level = level;
            let found = fast.forward(&batch, &mut Scratch::default(), <[f32]>::to_vec);
            for (found, expected) in found.iter().zip(&expected) {
                let difference = largest_difference(found, expected);
                assert!(difference < 2e-5, "{name} at {level:?}: {difference}");
            }
        }
    }
}

#[test]
fn a_sequence_gives_the_same_bits_alone_and_among_others() {
    let (mut fast, _, vocabulary) = both("tiny-bert");
    let sequences = sequences(vocabulary);
    let batch: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
    for level in Level::all() {
        fast.level = level;
        let mut scratch = Scratch::default();
        let together = fast.forward(&batch, &mut scratch, <[f32]>::to_vec);
        for (ids, expected) in batch.iter().zip(&together) {
            // The same buffers, so that what they held before is seen not to matter.
            let alone = fast.forward(&[*ids], &mut scratch, <[f32]>::to_vec);
            assert_eq!(alone[0], *expected, "{} tokens at {level:?}", ids.len());
        }
    }
}

#[test]
fn products_of_any_shape_equal_plain_sums() {
    let shapes = [(1, 1, 1), (3, 17, 5), (8, 16, 16), (9, 40, 33), (25, 600, 48), (2, 1100, 31)];
    for (m, inputs, outputs) in shapes {
        let (rows, weight) = (random(m * inputs, 1), random(outputs * inputs, 2));
        let bias = random(outputs, 3);
        let mut expected = Vec::with_capacity(m * outputs);
        for row in rows.chunks_exact(inputs) {
            for (weights, b) in weight.chunks_exact(inputs).zip(&bias) {
                let sum: f64 =
                    row.iter().zip(weights).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
                expected.push((sum + f64::from(*b)) as f32);
            }
        }
        let packed = Packed::new(inputs, bias, &rows_of(&weight, inputs));
        for level in Level::all() {
            let mut out = vec![f32::NAN; m * outputs];
            product(level, &rows, &packed, Finish::Plain, &mut out);
            let difference = largest_difference(&out, &expected);
            let allowed = 1e-6 * (inputs as f32).sqrt() * 4.0;
            assert!(difference < allowed, "{m} x {inputs} x {outputs} {level:?}: {difference}");
            let finish = Finish::Activate(Activation::Relu);
            product(level, &rows, &packed, finish, &mut out);
            assert!(out.iter().zip(&expected).all(|(x, y)| *x >= 0.0 && (*y < 1e-4 || *x > 0.0)));
        }
    }
}

/// Runs a function over blocks of numbers at some level.
struct Each<'a, const WHICH: u8>(&'a mut [[f32; LANES]]);

impl<const WHICH: u8> Kernel for Each<'_, WHICH> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        for block in self.0 {
            match WHICH {
                0 => block.iter_mut().for_each(|x| *x = exp2::<FMA>(*x)),
                1 => activate::<FMA>(Activation::Gelu, block),
                _ => activate::<FMA>(Activation::GeluTanh, block),
            }
        }
    }
}

#[test]
fn exponentials_and_activations_are_exact_enough() {
    let gelu = |x: f64| 0.5 * x * (1.0 + candle_core::cpu::erf::erf_f64(x * 0.5f64.sqrt()));
    let tanh = |x: f64| {
        0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x * x * x)).tanh())
    };
    let grid: Vec<f32> = (-64_000..64_000).map(|i| i as f32 / 8000.0).collect();
    for level in Level::all() {
        let blocks = || grid.as_chunks::<LANES>().0.to_vec();
        let (mut e, mut g, mut t) = (blocks(), blocks(), blocks());
        level.run(Each::<0>(&mut e));
        level.run(Each::<1>(&mut g));
        level.run(Each::<2>(&mut t));
        let (e, g, t) = (e.as_flattened(), g.as_flattened(), t.as_flattened());
        for (i, &x) in grid.iter().enumerate() {
            let x = f64::from(x);
            let relative = (f64::from(e[i]) / x.exp2() - 1.0).abs();
            assert!(relative < 2e-7, "exp2({x}) at {level:?}: {relative}");
            let difference = (f64::from(g[i]) - gelu(x)).abs();
            // 1e-6 of the larger of 1 and x: at 5, neighbouring f32 are 5e-7 apart.
            assert!(difference < 1e-6 * x.abs().max(1.0), "gelu({x}) at {level:?}: {difference}");
            let difference = (f64::from(t[i]) - tanh(x)).abs();
            assert!(difference < 2e-6, "tanh gelu({x}) at {level:?}: {difference}");
        }
        let mut ends = [[0.0; LANES]; 3];
        ends[0][..4].copy_from_slice(&[-1e30, -200.0, -87.0, 0.0]);
        level.run(Each::<0>(&mut ends[..1]));
        assert!(ends[0][0] < 1e-37 && ends[0][1] < 1e-37 && ends[0][3] == 1.0);
        ends[1][..4].copy_from_slice(&[-1e6, 1e6, -50.0, 50.0]);
        ends[2] = ends[1];
        level.run(Each::<1>(&mut ends[1..2]));
        level.run(Each::<2>(&mut ends[2..]));
        for block in &ends[1..] {
            // Within one rounding of 0 and x.
            assert!(block[0].abs() < 1e-1 && block[2].abs() < 1e-5, "{block:?}");
            assert!((block[1] - 1e6).abs() < 1e-1 && (block[3] - 50.0).abs() < 1e-5, "{block:?}");
        }
    }
}

#[test]
fn layer_norm_gives_mean_0_and_variance_1() {
    for width in [1, 5, 16, 40, 384] {
        for level in Level::all() {
            let (mut rows, added) = (random(3 * width, 4), random(3 * width, 5));
            let expected: Vec<f32> = rows
                .iter()
                .zip(&added)
                .map(|(a, b)| a + b)
                .collect::<Vec<f32>>()
                .chunks_exact(width)
                .flat_map(|row| {
                    let mean = row.iter().map(|&x| f64::from(x)).sum::<f64>() / width as f64;
                    let square = |&x: &f32| (f64::from(x) - mean).powi(2);
                    let variance = row.iter().map(square).sum::<f64>() / width as f64;
                    let scaled = move |&x: &f32| (f64::from(x) - mean) / (variance + 1e-5).sqrt();
                    row.iter().map(|x| (2.0 * scaled(x) + 0.5) as f32).collect::<Vec<f32>>()
                })
                .collect();
            let (weight, bias) = (vec![2.0; width], vec![0.5; width]);
            layer_norm(level, &mut rows, Some(&added), &weight, &bias, 1e-5);
            let difference = largest_difference(&rows, &expected);
            assert!(difference < 5e-6, "{width} at {level:?}: {difference}");
        }
    }
}

#[test]
fn sums_run_over_every_number_once() {
    for n in 0..50 {
        let row: Vec<f32> = (0..n).map(|i| i as f32).collect();
        assert_eq!(sum_of(&row, |x| x), row.iter().sum::<f32>());
    }
}

#[test]
fn rounded_products_are_near_and_the_same_with_and_without_vnni() {
    for (m, inputs, outputs) in [(1, 1, 1), (3, 17, 5), (9, 40, 33), (25, 384, 48)] {
        let (rows, weight) = (random(m * inputs, 6), random(outputs * inputs, 7));
        let bias = random(outputs, 8);
        let exact = Packed::new(inputs, bias.clone(), &rows_of(&weight, inputs));
        let mut expected = vec![0.0; m * outputs];
        product(Level::Portable, &rows, &exact, Finish::Plain, &mut expected);
        let mut first: Option<Vec<f32>> = None;
        for level in Level::all() {
            for vnni in [None, Vnni::detect()] {
                let read_row = int8_rows_of(&weight, inputs);
                let packed = PackedInt8::new(vnni, inputs, bias.clone(), &read_row);
                let mut out = vec![f32::NAN; m * outputs];
                let mut rounded = Rounded::default();
                product_int8(level, &rows, &packed, Finish::Plain, &mut rounded, &mut out);
                let difference = largest_difference(&out, &expected);
                let allowed = 0.01 * (inputs as f32).sqrt();
                assert!(difference < allowed, "{m} x {inputs} x {outputs}: {difference}");
                let first = first.get_or_insert_with(|| out.clone());
                assert!(largest_difference(first, &out) < 1e-6 * inputs as f32);
            }
        }
    }
}

#[test]
fn every_rounded_product_is_that_of_its_own_rounded_numbers() {
    let round = |row: &[f32]| -> (Vec<f64>, f64) {
        let lowest = row.iter().fold(0.0f32, |m, &x| m.min(x));
        let highest = row.iter().fold(0.0f32, |m, &x| m.max(x));
        let step = (highest - lowest) / 255.0;
        let zero = (-lowest / step).round_ties_even();
        // To even, as adding and taking away a large number does.
        let level = |x: &f32| (x / step + zero).min(255.0).round_ties_even() - zero;
        (row.iter().map(|x| f64::from(level(x))).collect(), f64::from(step))
    };
    for (m, inputs, outputs) in [(3, 17, 5), (9, 40, 33), (17, 384, 48), (5, 1536, 16)] {
        let (rows, weight) = (random(m * inputs, 11), random(outputs * inputs, 12));
        let bias = random(outputs, 13);
        let read_row = int8_rows_of(&weight, inputs);
        for level in Level::all() {
            for vnni in [None, Vnni::detect()] {
                let packed = PackedInt8::new(vnni, inputs, bias.clone(), &read_row);
                let mut out = vec![f32::NAN; m * outputs];
                let mut rounded = Rounded::default();
                product_int8(level, &rows, &packed, Finish::Plain, &mut rounded, &mut out);
                for (row, out) in rows.chunks_exact(inputs).zip(out.chunks_exact(outputs)) {
                    let (levels, step) = round(row);
                    for (output, found) in out.iter().enumerate() {
                        let mut weights = vec![0i8; inputs];
                        let worth = f64::from(read_row(output, &mut weights));
                        let sum: f64 =
                            levels.iter().zip(&weights).map(|(x, &w)| x * f64::from(w)).sum();
                        let expected = sum * step * worth + f64::from(bias[output]);
                        let difference = (f64::from(*found) - expected).abs();
                        assert!(difference < 2e-5, "{m} x {inputs} x {outputs}: {difference}");
                    }
                }
            }
        }
    }
}

#[test]
fn sums_of_the_largest_bytes_are_exact() {
    // Every level is the highest and every weight the lowest: the longest row that a layer has.
    let inputs = 4096;
    let (rows, bias) = (vec![1.0; inputs], vec![0.0; 3]);
    for level in Level::all() {
        for vnni in [None, Vnni::detect()] {
            let lowest = |_: usize, out: &mut [i8]| {
                out.fill(-128);
                0.5
            };
            let packed = PackedInt8::new(vnni, inputs, bias.clone(), &lowest);
            let (mut rounded, mut out) = (Rounded::default(), vec![f32::NAN; 3]);
            product_int8(level, &rows, &packed, Finish::Plain, &mut rounded, &mut out);
            let sum = -(255 * 128 * inputs as i32) as f32;
            assert_eq!(out, [sum * (1.0 / 255.0 * 0.5); 3], "{level:?}");
        }
    }
}

#[test]
fn an_8_bit_sequence_gives_the_same_bits_alone_and_among_others() {
    let (weights, config) = test_models::tiny_bert("tiny-bert");
    let network = BertCpu::load(&weights, &config, Precision::Int8).unwrap();
    let sequences = sequences(config.vocab_size);
    let batch: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
    let mut scratch = Scratch::default();
    let together = network.forward(&batch, &mut scratch, <[f32]>::to_vec);
    for (ids, expected) in batch.iter().zip(&together) {
        let alone = network.forward(&[*ids], &mut scratch, <[f32]>::to_vec);
        assert_eq!(alone[0], *expected);
    }
}
