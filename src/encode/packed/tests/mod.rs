//! The kernel's reference, the products and plain attention against each other, element by element.

use std::sync::Arc;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use super::attention_reference::{self as reference, FLOATS, HALVES, Tile};
use super::*;
use crate::encode::candle_weights::CandleWeights;
use crate::encode::family::bert::Bert;
use crate::encode::pooling::Pooling;
use crate::encode::test_models;
use crate::encode::test_random::random;

const KERNEL: &str = include_str!("../attention.cu");

fn starts_of(lengths: &[usize]) -> Vec<u32> {
    let mut end = 0;
    let ends = lengths.iter().map(|&length| {
        end += length as u32;
        end
    });
    [0].into_iter().chain(ends).collect()
}

/// Attention as the formula has it, in `f64`.
fn plain(joined: &[f32], starts: &[u32], n_heads: usize, width: usize) -> Vec<f64> {
    let size = width / n_heads;
    let at = |token: usize, which: usize, place: usize| {
        f64::from(joined[token * 3 * width + which * width + place])
    };
    let mut out = vec![0.0; joined.len() / 3];
    for bounds in starts.windows(2) {
        let tokens = bounds[0] as usize..bounds[1] as usize;
        for head in 0..n_heads {
            for query in tokens.clone() {
                let places = head * size..(head + 1) * size;
                let score = |key: usize| {
                    places.clone().map(|p| at(query, 0, p) * at(key, 1, p)).sum::<f64>()
                        / (size as f64).sqrt()
                };
                let scores: Vec<f64> = tokens.clone().map(score).collect();
                let high = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let shares: Vec<f64> = scores.iter().map(|s| (s - high).exp()).collect();
                let total: f64 = shares.iter().sum();
                for place in places {
                    out[query * width + place] = tokens
                        .clone()
                        .zip(&shares)
                        .map(|(key, share)| share / total * at(key, 2, place))
                        .sum();
                }
            }
        }
    }
    out
}

fn largest_difference(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).fold(0.0, |largest, (&x, &y)| {
        assert!(x.is_finite());
        f64::max(largest, (f64::from(x) - y).abs())
    })
}

/// None, one, a tile less one, a tile, a tile and one, several tiles.
fn lengths(tile: Tile) -> Vec<usize> {
    let (queries, keys) = (tile.queries, tile.keys);
    vec![0, 1, keys - 1, keys, keys + 1, 2 * keys + 3, queries - 1, queries + 1, 2]
}

#[test]
fn the_kernel_and_its_reference_have_the_same_tiles() {
    for (name, value) in [
        ("QUERIES", HALVES.queries),
        ("KEYS", HALVES.keys),
        ("QUERIES_F32", FLOATS.queries),
        ("KEYS_F32", FLOATS.keys),
    ] {
        let line = format!("\nconstexpr int {name} = {value};\n");
        assert!(KERNEL.contains(&line), "attention.cu has another {name}");
    }
}

#[test]
fn there_is_a_kernel_for_every_type_and_size_of_a_head() {
    for dtype in ["f16", "bf16", "f32"] {
        for size in super::operation::HEAD_SIZES {
            assert!(KERNEL.contains(&format!("(attend_{dtype}_{size}, ")), "{dtype} {size}");
        }
    }
}

#[test]
fn the_reference_equals_plain_attention() {
    for size in super::operation::HEAD_SIZES {
        for tile in [FLOATS, HALVES, Tile { queries: 3, keys: 5 }] {
            let (n_heads, starts) = (2, starts_of(&lengths(tile)));
            let width = n_heads * size;
            let n = starts[starts.len() - 1] as usize;
            let joined = random(n * 3 * width, size as u64);
            let expected = plain(&joined, &starts, n_heads, width);
            let found = reference::attend(&joined, &starts, n_heads, width, tile, |x| x);
            let difference = largest_difference(&found, &expected);
            assert!(difference < 1e-6, "heads of {size}, {tile:?}: {difference}");
        }
    }
}

#[test]
fn the_reference_in_halves_stays_near() {
    for (size, dtype, allowed) in [
        (32, DType::F16, 2e-3),
        (64, DType::F16, 2e-3),
        (128, DType::F16, 2e-3),
        (32, DType::BF16, 1.6e-2),
        (64, DType::BF16, 1.6e-2),
        (128, DType::BF16, 1.6e-2),
    ] {
        let lengths = &lengths(HALVES)[1..];
        let (n_heads, starts) = (2, starts_of(lengths));
        let width = n_heads * size;
        let n = starts[starts.len() - 1] as usize;
        let joined = Tensor::from_vec(random(n * 3 * width, 9), (n, 3 * width), &Device::Cpu);
        let joined = joined.unwrap().to_dtype(dtype).unwrap();
        // What rounding the input costs is not the kernel's doing.
        let rounded: Vec<f32> =
            joined.to_dtype(DType::F32).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        let expected = plain(&rounded, &starts, n_heads, width);
        let ids: Vec<Vec<u32>> = lengths.iter().map(|&length| vec![0; length]).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let packed = Packed::new(&ids, &Device::Cpu).unwrap();
        for attention in [Attention::Fused, Attention::Products] {
            let found = attention.attend(&joined, &packed, n_heads).unwrap();
            assert_eq!((found.dtype(), found.dims()), (dtype, &[n, width][..]));
            let found: Vec<f32> =
                found.to_dtype(DType::F32).unwrap().flatten_all().unwrap().to_vec1().unwrap();
            let difference = largest_difference(&found, &expected);
            assert!(difference < allowed, "{attention:?} {size} {dtype:?}: {difference}");
        }
    }
}

#[test]
fn scores_far_apart_and_equal_do_not_become_nan() {
    let (n_heads, width) = (1, 32);
    for value in [0.0, 30.0, -30.0] {
        let joined = vec![value; 70 * 3 * width];
        let found = reference::attend(&joined, &[0, 70], n_heads, width, FLOATS, |x| x);
        assert!(found.iter().all(|x| (x - value).abs() < 1e-4), "{value}");
    }
}

fn tiny_bert_on(device: &Device, dtype: DType) -> Bert {
    let (weights, config) = test_models::tiny_bert("tiny-bert");
    let backend = Box::new(CandleWeights(Arc::new(weights)));
    let builder = VarBuilder::from_backend(backend, dtype, device.clone());
    Bert::load(builder, &config).unwrap()
}

fn tiny_bert(attention: Attention, dtype: DType) -> Bert {
    tiny_bert_on(&Device::Cpu, dtype).with_attention(attention)
}

#[test]
fn a_network_gives_the_same_on_both_ways_alone_and_among_others() {
    for (dtype, allowed) in [(DType::F32, 1e-5), (DType::F16, 1e-2), (DType::BF16, 1e-1)] {
        let (fused, products) =
            (tiny_bert(Attention::Fused, dtype), tiny_bert(Attention::Products, dtype));
        let sequences: Vec<Vec<u32>> =
            [1, 40, 7, 33, 32, 2].iter().map(|&n| (0..n).map(|i| i * 5 % 97).collect()).collect();
        let batch: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
        let rows = |network: &Bert, batch: &[&[u32]]| {
            let packed = network.pack(batch).unwrap();
            packed.rows(&network.forward(&packed).unwrap()).unwrap()
        };
        let expected = rows(&products, &batch);
        for (i, found) in rows(&fused, &batch).iter().enumerate() {
            let alone = &rows(&products, &batch[i..=i])[0];
            for found in [found, alone] {
                let expected: Vec<f64> = expected[i].iter().map(|&x| f64::from(x)).collect();
                let difference = largest_difference(found, &expected);
                assert!(difference < allowed, "{} tokens, {dtype:?}: {difference}", batch[i].len());
            }
        }
    }
}

#[test]
fn pooling_on_the_device_equals_pooling_on_the_host() {
    let poolings = [
        Pooling::Cls,
        Pooling::Max,
        Pooling::Mean,
        Pooling::MeanSqrtLen,
        Pooling::WeightedMean,
        Pooling::Last,
    ];
    let width = 5;
    for lengths in [vec![3, 1, 4], vec![2, 2], vec![1]] {
        let ids: Vec<Vec<u32>> = lengths.iter().map(|&length| vec![0; length]).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let packed = Packed::new(&ids, &Device::Cpu).unwrap();
        let n: usize = lengths.iter().sum();
        let hidden = Tensor::from_vec(random(n * width, 3), (n, width), &Device::Cpu).unwrap();
        let found = pool(&hidden, &packed, &poolings).unwrap().to_vec2::<f32>().unwrap();
        for (tokens, found) in packed.rows(&hidden).unwrap().iter().zip(&found) {
            for (pooling, found) in poolings.iter().zip(found.chunks_exact(width)) {
                let mut expected = vec![0.0; width];
                pooling.pool(tokens, &mut expected);
                let expected: Vec<f64> = expected.iter().map(|&x| f64::from(x)).collect();
                assert!(largest_difference(found, &expected) < 1e-6, "{pooling:?}");
            }
        }
    }
}

mod trial;

#[cfg(feature = "cuda")]
mod on_a_gpu;
