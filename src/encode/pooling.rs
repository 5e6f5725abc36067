//! From one vector per token to one per text, the same for every family.

use super::spec::{Activation, HeadSpec};
use super::weights::Weights;
use super::{EncodeError, ModelFiles};

/// How token vectors become one. The order is that in which several are laid end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pooling {
    /// The first token's vector.
    Cls,
    /// The largest value in each place.
    Max,
    /// The mean over all tokens.
    Mean,
    /// The sum over all tokens, divided by the root of their number.
    MeanSqrtLen,
    /// The mean with weights 1, 2, 3, ...
    WeightedMean,
    /// The last token's vector.
    Last,
}

impl Pooling {
    /// All names, for messages.
    pub(super) const NAMES: &'static str =
        "mean, cls, lasttoken, max, mean_sqrt_len_tokens, weightedmean";

    /// The name as `pooling_mode` has it, or as it stands behind `pooling_mode_` in a flag.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "cls" | "cls_token" => Some(Pooling::Cls),
            "max" | "max_tokens" => Some(Pooling::Max),
            "mean" | "mean_tokens" => Some(Pooling::Mean),
            "mean_sqrt_len_tokens" => Some(Pooling::MeanSqrtLen),
            "weightedmean" | "weightedmean_tokens" => Some(Pooling::WeightedMean),
            "lasttoken" => Some(Pooling::Last),
            _ => None,
        }
    }

    /// The name in a model's description.
    pub(super) fn name(self) -> &'static str {
        match self {
            Pooling::Cls => "cls",
            Pooling::Max => "max",
            Pooling::Mean => "mean",
            Pooling::MeanSqrtLen => "mean-sqrt-len",
            Pooling::WeightedMean => "weighted-mean",
            Pooling::Last => "last-token",
        }
    }

    /// Pools `tokens` (`t x width`, `t >= 1`) into `out` (`width` long).
    pub(super) fn pool(self, tokens: &[f32], out: &mut [f32]) {
        let width = out.len();
        let rows = tokens.chunks_exact(width);
        let n = rows.len();
        match self {
            Pooling::Cls => out.copy_from_slice(&tokens[..width]),
            Pooling::Last => out.copy_from_slice(&tokens[(n - 1) * width..]),
            Pooling::Max => {
                out.fill(f32::NEG_INFINITY);
                for row in rows {
                    out.iter_mut().zip(row).for_each(|(o, &x)| *o = o.max(x));
                }
            }
            Pooling::Mean | Pooling::MeanSqrtLen | Pooling::WeightedMean => {
                let weighted = self == Pooling::WeightedMean;
                let mut sums = vec![0.0f64; width];
                for (i, row) in rows.enumerate() {
                    let weight = if weighted { (i + 1) as f64 } else { 1.0 };
                    sums.iter_mut().zip(row).for_each(|(s, &x)| *s += weight * f64::from(x));
                }
                let divisor = match self {
                    Pooling::Mean => n as f64,
                    Pooling::MeanSqrtLen => (n as f64).sqrt(),
                    _ => (n * (n + 1) / 2) as f64,
                };
                out.iter_mut().zip(&sums).for_each(|(o, s)| *o = (s / divisor) as f32);
            }
        }
    }
}

/// Pooling and what follows it, with weights.
#[derive(Debug)]
pub(super) struct Head {
    poolings: Vec<Pooling>,
    layers: Vec<Layer>,
    width: usize,
    /// Numbers that leave the last layer.
    full_dimension: usize,
    /// How many of them are kept: the first ones.
    dimension: usize,
}

#[derive(Debug)]
enum Layer {
    Dense { weight: Vec<f32>, bias: Vec<f32>, activation: Activation },
    Normalize,
}

impl Head {
    /// Loads the Dense layers' weights. `width` is the length of a token's vector.
    pub(super) fn load(
        files: &ModelFiles,
        poolings: &[Pooling],
        specs: &[HeadSpec],
        width: usize,
    ) -> Result<Self, EncodeError> {
        let mut dimension = width * poolings.len();
        let mut layers = Vec::with_capacity(specs.len());
        for spec in specs {
            layers.push(match spec {
                HeadSpec::Normalize => Layer::Normalize,
                HeadSpec::Dense { folder, inputs, outputs, bias, activation } => {
                    if *inputs != dimension {
                        let reason =
                            format!("in_features is {inputs}, but {dimension} numbers reach it");
                        return Err(files.bad(&format!("{folder}config.json"), reason));
                    }
                    dimension = *outputs;
                    let weights = Weights::open(files, folder)?;
                    let weight = weights.f32("linear.weight", &[*outputs, *inputs])?;
                    let bias = match bias {
                        true => weights.f32("linear.bias", &[*outputs])?,
                        false => vec![0.0; *outputs],
                    };
                    Layer::Dense { weight, bias, activation: *activation }
                }
            });
        }
        Ok(Head {
            poolings: poolings.to_vec(),
            layers,
            width,
            full_dimension: dimension,
            dimension,
        })
    }

    /// Length of a vector.
    pub(super) fn dimension(&self) -> usize {
        self.dimension
    }

    /// Keeps the first `dimension` numbers of every vector, as Matryoshka representations allow
    /// (Kusupati et al. 2022, arXiv:2205.13147).
    ///
    /// # Errors
    /// The full length, where `dimension` is 0 or more than that.
    pub(super) fn truncate(&mut self, dimension: usize) -> Result<(), usize> {
        if dimension == 0 || dimension > self.full_dimension {
            return Err(self.full_dimension);
        }
        self.dimension = dimension;
        Ok(())
    }

    /// What [`Head::finish`] expects, laid end to end.
    pub(super) fn poolings(&self) -> &[Pooling] {
        &self.poolings
    }

    /// One text's token vectors (`t x width`) to its unit vector.
    pub(super) fn apply(&self, tokens: &[f32]) -> Vec<f32> {
        let mut vector = vec![0.0; self.width * self.poolings.len()];
        for (pooling, out) in self.poolings.iter().zip(vector.chunks_exact_mut(self.width)) {
            pooling.pool(tokens, out);
        }
        self.finish(vector)
    }

    /// What follows pooling: the other half of [`Head::apply`].
    pub(super) fn finish(&self, mut vector: Vec<f32>) -> Vec<f32> {
        for layer in &self.layers {
            match layer {
                Layer::Normalize => normalize(&mut vector),
                Layer::Dense { weight, bias, activation } => {
                    let row = |(w, b): (&[f32], &f32)| {
                        let products = w.iter().zip(&vector).map(|(w, x)| f64::from(w * x));
                        activation.apply(products.sum::<f64>() + f64::from(*b)) as f32
                    };
                    vector = weight.chunks_exact(vector.len()).zip(bias).map(row).collect();
                }
            }
        }
        vector.truncate(self.dimension);
        normalize(&mut vector);
        vector
    }
}

impl Activation {
    fn apply(self, x: f64) -> f64 {
        match self {
            Activation::Identity => x,
            Activation::Tanh => x.tanh(),
            Activation::Relu => x.max(0.0),
            Activation::Gelu => {
                let erf = candle_core::cpu::erf::erf_f64(x / std::f64::consts::SQRT_2);
                0.5 * x * (1.0 + erf)
            }
        }
    }
}

/// Scales to unit length; a zero vector stays zero.
fn normalize(vector: &mut [f32]) {
    let squares: f64 = vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    if squares > 0.0 {
        let scale = 1.0 / squares.sqrt();
        vector.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pooling_by_hand() {
        let tokens = [1.0, -2.0, 3.0, 0.0, 5.0, -4.0];
        let pooled = |pooling: Pooling| {
            let mut out = [0.0; 2];
            pooling.pool(&tokens, &mut out);
            out
        };
        assert_eq!(pooled(Pooling::Cls), [1.0, -2.0]);
        assert_eq!(pooled(Pooling::Last), [5.0, -4.0]);
        assert_eq!(pooled(Pooling::Max), [5.0, 0.0]);
        assert_eq!(pooled(Pooling::Mean), [3.0, -2.0]);
        let root = 3.0f64.sqrt();
        let expected = [(9.0 / root) as f32, (-6.0 / root) as f32];
        assert_eq!(pooled(Pooling::MeanSqrtLen), expected);
        assert_eq!(pooled(Pooling::WeightedMean), [22.0 / 6.0, -14.0 / 6.0]);
    }

    #[test]
    fn poolings_are_laid_end_to_end_and_the_result_is_a_unit_vector() {
        let poolings = vec![Pooling::Cls, Pooling::Last];
        let mut head = Head { poolings, layers: vec![], width: 1, full_dimension: 2, dimension: 2 };
        assert_eq!(head.apply(&[3.0, 7.0, 4.0]), [0.6, 0.8]);
        assert_eq!(head.truncate(1), Ok(()));
        assert_eq!((head.apply(&[3.0, 7.0, 4.0]), head.dimension()), (vec![1.0], 1));
        assert_eq!((head.truncate(3), head.truncate(0)), (Err(2), Err(2)));
    }

    #[test]
    fn activations() {
        assert_eq!(Activation::Relu.apply(-1.0), 0.0);
        assert_eq!(Activation::Identity.apply(-1.0), -1.0);
        assert!((Activation::Gelu.apply(1.0) - 0.841_344_746_068_543).abs() < 1e-12);
        assert!((Activation::Tanh.apply(0.5) - 0.462_117_157_260_01).abs() < 1e-12);
    }
}
