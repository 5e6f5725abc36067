//! The same on a GPU: the kernel, the products, pooling and a network.

use super::*;
use crate::encode::DeviceChoice;

/// The first GPU.
fn gpu() -> Device {
    DeviceChoice::Cuda(0).open().expect("these tests need a GPU").candle().clone()
}

fn to_host(tensor: &Tensor) -> Vec<f32> {
    let tensor = tensor.to_device(&Device::Cpu).unwrap().to_dtype(DType::F32).unwrap();
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
#[ignore = "needs an NVIDIA GPU and the feature cuda; .ci/cuda runs it where there is one"]
fn the_kernel_equals_plain_attention() {
    let gpu = gpu();
    for (dtype, tile, allowed) in
        [(DType::F32, FLOATS, 1e-5), (DType::F16, HALVES, 2e-3), (DType::BF16, HALVES, 1.6e-2)]
    {
        for size in super::operation::HEAD_SIZES {
            let lengths = &lengths(tile)[1..];
            let (n_heads, starts) = (3, starts_of(lengths));
            let width = n_heads * size;
            let n = starts[starts.len() - 1] as usize;
            let joined = Tensor::from_vec(random(n * 3 * width, 4), (n, 3 * width), &gpu).unwrap();
            let joined = joined.to_dtype(dtype).unwrap();
            let expected = plain(&to_host(&joined), &starts, n_heads, width);
            let ids: Vec<Vec<u32>> = lengths.iter().map(|&length| vec![0; length]).collect();
            let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
            let packed = Packed::new(&ids, &gpu).unwrap();
            let (chosen, note) = Attention::choose(&gpu, dtype, size);
            assert_eq!((chosen, note), (Attention::Fused, None));
            for attention in [Attention::Fused, Attention::Products] {
                let found = to_host(&attention.attend(&joined, &packed, n_heads).unwrap());
                let difference = largest_difference(&found, &expected);
                assert!(difference < allowed, "{attention:?} {size} {dtype:?}: {difference}");
            }
        }
    }
}

#[test]
#[ignore = "needs an NVIDIA GPU and the feature cuda; .ci/cuda runs it where there is one"]
fn a_network_and_pooling_give_what_they_give_on_the_cpu() {
    let gpu = gpu();
    let poolings = [Pooling::Cls, Pooling::Max, Pooling::Mean, Pooling::WeightedMean];
    let sequences: Vec<Vec<u32>> =
        [1, 40, 7, 33, 32, 2].iter().map(|&n| (0..n).map(|i| i * 5 % 97).collect()).collect();
    let batch: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
    let pooled = |network: &Bert| {
        let packed = network.pack(&batch).unwrap();
        to_host(&pool(&network.forward(&packed).unwrap(), &packed, &poolings).unwrap())
    };
    let exact = pooled(&tiny_bert_on(&Device::Cpu, DType::F32));
    let exact: Vec<f64> = exact.iter().map(|&x| f64::from(x)).collect();
    for (dtype, allowed) in [(DType::F32, 1e-4), (DType::F16, 2e-2), (DType::BF16, 1e-1)] {
        let difference = largest_difference(&pooled(&tiny_bert_on(&gpu, dtype)), &exact);
        assert!(difference < allowed, "{dtype:?}: {difference}");
    }
}
