//! From one vector per token to one per text, the same for every family.

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
}
