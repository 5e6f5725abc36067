//! What follows the network: pooling, dense layers, truncation, normalisation.

use super::error::EncodeError;
use super::pooling::Pooling;
use super::source::ModelFiles;
use super::spec::{Activation, HeadSpec};
use super::weights::Weights;

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
