//! How fast a device runs networks of well-known shapes, with random weights: no model is needed.

use std::time::Instant;

use candle_core::{DType, Device, Result, Shape, Tensor};
use candle_nn::VarBuilder;
use candle_nn::var_builder::SimpleBackend;

use super::device::{Dtype, OpenedDevice};
use super::device_check::candle_dtype;
use super::family::bert::{Bert, Config};
use super::packed::{self, pool};
use super::pooling::Pooling;

/// Rows of the table of words; how many there are changes no time.
const N_WORDS: usize = 1000;

/// The shape of a BERT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkShape {
    /// Layers.
    pub n_layers: usize,
    /// Numbers in a token's vector.
    pub width: usize,
    /// Heads of attention.
    pub n_heads: usize,
    /// Numbers between the two products of a layer.
    pub inner: usize,
}

/// How long to time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Texts computed at once.
    pub n_texts: usize,
    /// Tokens of each.
    pub n_tokens: usize,
    /// Batches go on until so much time has passed.
    pub seconds: f64,
}

/// How fast a network ran.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Texts in a second.
    pub texts_per_second: f64,
    /// Additions and multiplications in a second, those of products alone.
    pub flops: f64,
}

impl OpenedDevice {
    /// Additions and multiplications in a second of a product of two square matrices with `size`
    /// rows: what the device can do at best.
    ///
    /// # Errors
    /// Why the device refuses.
    pub fn product_flops(
        &self,
        dtype: Dtype,
        size: usize,
        seconds: f64,
    ) -> std::result::Result<f64, String> {
        let timed = || -> Result<f64> {
            let of = || {
                Tensor::randn(0f32, 1., (size, size), self.candle())?.to_dtype(candle_dtype(dtype))
            };
            let (a, b) = (of()?, of()?);
            let last =
                |product: Tensor| product.narrow(0, 0, 1)?.to_dtype(DType::F32)?.to_vec2::<f32>();
            let n = repeated(seconds, || a.matmul(&b), last)?;
            Ok(n * 2.0 * (size as f64).powi(3))
        };
        timed().map_err(|error| packed::first_line(&error))
    }

    /// How fast a BERT of this shape runs, from token ids on the host to one vector per text there.
    ///
    /// # Errors
    /// Why the device refuses.
    pub fn network_speed(
        &self,
        shape: &NetworkShape,
        dtype: Dtype,
        timing: &Timing,
    ) -> std::result::Result<Speed, String> {
        let timed = || -> Result<Speed> {
            let builder = VarBuilder::from_backend(
                Box::new(RandomWeights),
                candle_dtype(dtype),
                self.candle().clone(),
            );
            let config = shape.config(timing.n_tokens).map_err(candle_core::Error::wrap)?;
            let bert = Bert::load(builder, &config)?;
            let ids: Vec<u32> = (0..timing.n_tokens).map(|i| (i * 7 % N_WORDS) as u32).collect();
            let batch = vec![ids.as_slice(); timing.n_texts];
            let start = || {
                let packed = bert.pack(&batch)?;
                pool(&bert.forward(&packed)?, &packed, &[Pooling::Mean])
            };
            let batches = repeated(timing.seconds, start, |rows| {
                rows.to_dtype(DType::F32)?.to_vec2::<f32>()
            })?;
            let texts_per_second = batches * timing.n_texts as f64;
            Ok(Speed { texts_per_second, flops: texts_per_second * shape.flops(timing.n_tokens) })
        };
        timed().map_err(|error| packed::first_line(&error))
    }
}

/// How often in a second `start` runs whose results are fetched by `finish`. As with real batches
/// the next one is started before the last one is waited for; the first is not timed.
fn repeated<T>(
    seconds: f64,
    start: impl Fn() -> Result<Tensor>,
    finish: impl Fn(Tensor) -> Result<T>,
) -> Result<f64> {
    finish(start()?)?;
    let began = Instant::now();
    let (mut n, mut waiting) = (0.0, start()?);
    loop {
        let next = start()?;
        finish(std::mem::replace(&mut waiting, next))?;
        n += 1.0;
        let passed = began.elapsed().as_secs_f64();
        if passed >= seconds {
            finish(waiting)?;
            return Ok((n + 1.0) / began.elapsed().as_secs_f64());
        }
    }
}

impl NetworkShape {
    /// Additions and multiplications that a text of so many tokens takes.
    fn flops(&self, n_tokens: usize) -> f64 {
        let (width, inner, n) = (self.width as f64, self.inner as f64, n_tokens as f64);
        let of_a_token = 2.0 * (4.0 * width * width + 2.0 * width * inner) + 4.0 * n * width;
        self.n_layers as f64 * n * of_a_token
    }

    fn config(&self, n_tokens: usize) -> serde_json::Result<Config> {
        serde_json::from_value(serde_json::json!({
            "model_type": "bert", "vocab_size": N_WORDS, "hidden_size": self.width,
            "num_hidden_layers": self.n_layers, "num_attention_heads": self.n_heads,
            "intermediate_size": self.inner, "hidden_act": "gelu",
            "max_position_embeddings": n_tokens, "type_vocab_size": 0, "layer_norm_eps": 1e-12,
        }))
    }
}

/// Every tensor that is asked for, of small random numbers.
struct RandomWeights;

impl SimpleBackend for RandomWeights {
    fn get(
        &self,
        shape: Shape,
        _name: &str,
        _init: candle_nn::Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        Tensor::randn(0f32, 0.02, shape, device)?.to_dtype(dtype)
    }

    fn get_unchecked(&self, name: &str, _dtype: DType, _device: &Device) -> Result<Tensor> {
        candle_core::bail!("{name} has no shape")
    }

    fn contains_tensor(&self, _name: &str) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::DeviceChoice;

    const TINY: NetworkShape = NetworkShape { n_layers: 2, width: 64, n_heads: 2, inner: 128 };

    #[test]
    fn a_network_is_timed_in_every_arithmetic() {
        let device = DeviceChoice::Cpu.open().unwrap();
        for dtype in [Dtype::F32, Dtype::F16, Dtype::Bf16] {
            let timing = Timing { n_texts: 3, n_tokens: 9, seconds: 0.0 };
            let speed = device.network_speed(&TINY, dtype, &timing).unwrap();
            assert!(speed.texts_per_second > 0.0 && speed.flops.is_finite(), "{speed:?}");
            assert_eq!(speed.flops, speed.texts_per_second * TINY.flops(9));
            assert!(device.product_flops(dtype, 16, 0.0).unwrap() > 0.0);
        }
    }

    #[test]
    fn flops_are_those_of_the_products() {
        // Query, key, value and output; two wide products; scores and sums of values.
        let (w, i, n) = (64.0, 128.0, 9.0);
        let layer = 4.0 * (2.0 * n * w * w) + 2.0 * (2.0 * n * w * i) + 2.0 * (2.0 * n * n * w);
        assert_eq!(TINY.flops(9), 2.0 * layer);
    }
}
