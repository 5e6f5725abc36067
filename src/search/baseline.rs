//! How near a text comes to the roles of a corpus that has nothing to do with them.

use std::io::{self, Write};

use super::index_file::{self, IndexError, IndexFile, Kind, damaged};
use crate::mapped_file::Bytes;

const KIND: Kind = Kind { magic: *b"rcbase \n", version: 1, n_sections: 0 };

/// Standard deviations added to the highest value that chance reaches, because some unrelated
/// queries stand nearer to a corpus than others.
const MARGIN: f32 = 1.5;

/// Where the noise ends at the latest, whatever the model: a role that has all words of a query
/// scores more.
const MOST_NOISE: f32 = 0.4;

/// The cosines of unrelated texts with the roles of a corpus.
///
/// The cosines of one model lie around 0 for unrelated texts, those of another around 0.8. What
/// they mean is shown by texts about other things (`data/lexicon/unrelated.txt`): the median of
/// their mean cosine is the zero of the scale, and the median of their standard deviations its
/// noise. Medians, because a corpus may be about a few of these texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// The cosine of an unrelated text with a role, on average.
    pub unrelated: f32,
    /// The standard deviation of that cosine over the roles.
    pub deviation: f32,
}

impl Baseline {
    /// For vectors of a model that cannot be asked: cosines are taken as they are.
    pub const UNKNOWN: Baseline = Baseline { unrelated: 0.0, deviation: 0.05 };

    /// The texts whose cosines are measured.
    pub fn texts() -> Vec<&'static str> {
        let lines = include_str!("../../data/lexicon/unrelated.txt").lines();
        lines.filter(|line| !line.starts_with('#')).collect()
    }

    /// From the cosines of each unrelated text with every role. The order of the roles makes no
    /// difference.
    pub fn measure(cosines: Vec<Vec<f32>>) -> Self {
        let (mut means, mut deviations) = (Vec::new(), Vec::new());
        for mut of_text in cosines.into_iter().filter(|of_text| !of_text.is_empty()) {
            // Sums of sorted numbers do not depend on the order of the roles.
            of_text.sort_unstable_by(f32::total_cmp);
            let n = of_text.len() as f64;
            let mean = of_text.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
            let variance = of_text.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n;
            means.push(mean as f32);
            deviations.push(variance.sqrt() as f32);
        }
        match (median(means), median(deviations)) {
            (Some(unrelated), Some(deviation)) => Baseline { unrelated, deviation },
            _ => Baseline::UNKNOWN,
        }
    }

    /// The nearness of a text with this cosine: 0 is as near as an unrelated text, 1 is the same
    /// text. Less than 0 is shown as 0, and kept to order the roles by.
    pub fn nearness(&self, cosine: f32) -> f32 {
        (cosine - self.unrelated) / (1.0 - self.unrelated).max(f32::EPSILON)
    }

    /// The nearness that the best of `n` roles may reach for an unrelated text: the expected
    /// maximum of `n` normal numbers, at most `sqrt(2 ln n)` standard deviations, and a margin.
    pub fn noise(&self, n: usize) -> f32 {
        let highest = (2.0 * (n.max(1) as f32).ln()).sqrt() + MARGIN;
        self.nearness(self.unrelated + highest * self.deviation).min(MOST_NOISE)
    }

    /// Writes what was measured with vectors that have the SHA-256 `of`.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write(&self, of: &str, out: &mut dyn Write) -> io::Result<()> {
        let bits = |value: f32| u64::from(value.to_bits());
        let numbers = [bits(self.unrelated), bits(self.deviation), 0, 0, 0, 0, 0, 0];
        index_file::write(out, KIND, of, numbers, &[])
    }

    /// Reads what [`Baseline::write`] wrote.
    ///
    /// # Errors
    /// When it was measured with other vectors, or is not what was written.
    pub fn open(bytes: Bytes, of: &str) -> Result<Self, IndexError> {
        let file = IndexFile::open(bytes, KIND, of)?;
        let value = |at: usize| u32::try_from(file.number(at)).map_or(f32::NAN, f32::from_bits);
        let (unrelated, deviation) = (value(0), value(1));
        match (-1.0..1.0).contains(&unrelated) && (0.0..=1.0).contains(&deviation) {
            true => Ok(Baseline { unrelated, deviation }),
            false => Err(damaged("its numbers are no cosines")),
        }
    }
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_unstable_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_of_the_model_makes_no_difference() {
        let cosines = |at: f32, by: f32| {
            (0..9).map(|t| (0..50).map(|r| at + by * ((r * 7 + t) % 11) as f32).collect()).collect()
        };
        let spread = Baseline::measure(cosines(-0.05, 0.01));
        let crowded = Baseline::measure(cosines(0.79, 0.002));
        assert!((spread.unrelated - 0.0).abs() < 0.01 && (crowded.unrelated - 0.8).abs() < 0.01);
        assert!((spread.nearness(0.5) - crowded.nearness(0.9)).abs() < 0.02);
        assert!((spread.noise(50) - crowded.noise(50)).abs() < 0.02);
        assert!(spread.nearness(-0.4) < 0.0 && spread.nearness(1.0) == 1.0);
    }

    #[test]
    fn a_corpus_may_be_about_some_of_the_texts_and_its_order_is_nothing() {
        let noise: Vec<Vec<f32>> =
            (0..7).map(|t| (0..40).map(|r| ((r * 13 + t) % 9) as f32 / 90.0).collect()).collect();
        let mut with_two = noise.clone();
        with_two[1].fill(0.7);
        with_two[2].fill(0.8);
        let plain = Baseline::measure(noise.clone());
        assert!((Baseline::measure(with_two).unrelated - plain.unrelated).abs() < 0.01);
        let turned = noise.iter().map(|row| row.iter().rev().copied().collect()).collect();
        assert_eq!(Baseline::measure(turned), plain);
        assert_eq!(Baseline::measure(vec![vec![]]), Baseline::UNKNOWN);
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_refused() {
        let measured = Baseline { unrelated: 0.06, deviation: 0.05 };
        let mut bytes = Vec::new();
        measured.write("x", &mut bytes).unwrap();
        assert_eq!(Baseline::open(Bytes::Owned(bytes.clone()), "x"), Ok(measured));
        assert!(matches!(
            Baseline::open(Bytes::Owned(bytes.clone()), "y"),
            Err(IndexError::Stale(_))
        ));
        let wrong = Baseline { unrelated: f32::NAN, ..measured };
        let mut bytes = Vec::new();
        wrong.write("x", &mut bytes).unwrap();
        assert!(Baseline::open(Bytes::Owned(bytes), "x").is_err());
    }
}
