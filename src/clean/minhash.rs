//! Pairs of sets that may well be similar, without comparing all (MinHash, Broder 1997, with
//! banding, Leskovec et al., "Mining of Massive Datasets", chapter 3).

use std::num::NonZeroU32;
use std::ops::Range;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

/// Bands of [`ROWS`] hashes: two sets of Jaccard similarity `s` share a band with
/// probability `1 - (1 - s^4)^24`: 0.79 at 0.5, 0.97 at 0.6, 0.999 at 0.7.
const BANDS: usize = 24;
const ROWS: usize = 4;
const HASHES: usize = BANDS * ROWS;

/// In a band shared by many, each set is paired with this many before it and this many of
/// the first, which keeps the number of pairs linear in the number of sets.
const NEIGHBOURS: usize = 12;

/// The hash functions are fixed, so that equal sets give equal pairs.
const SEED: u64 = 0x005e_ed0f_c1ea;

/// The band hashes of one set.
pub(super) type Signature = [u64; BANDS];

/// The hash functions `x -> a x + b` modulo 2^32.
pub(super) struct Hasher {
    factors: [u32; HASHES],
    terms: [u32; HASHES],
}

impl Hasher {
    pub fn new() -> Self {
        let mut random = SplitMix64::seed_from_u64(SEED);
        let mut draw = || random.next_u32();
        Hasher {
            factors: std::array::from_fn(|_| draw() | 1),
            terms: std::array::from_fn(|_| draw()),
        }
    }

    pub fn signature(&self, set: &[u32]) -> Signature {
        banded(&self.least(set))
    }

    /// The signature of a set, and what is kept of it to tell similar sets from others.
    pub fn signature_and_sketch(&self, set: &[u32]) -> (Signature, Sketch) {
        let least = self.least(set);
        (banded(&least), Sketch(least.map(|value| value as u8)))
    }

    /// The sketch alone.
    pub fn sketch(&self, set: &[u32]) -> Sketch {
        Sketch(self.least(set).map(|value| value as u8))
    }

    fn least(&self, set: &[u32]) -> [u32; HASHES] {
        let mut least = [u32::MAX; HASHES];
        for &element in set {
            // A multiplication carries only upwards, so high and low bits are mixed first.
            let x = (element ^ (element >> 15)).wrapping_mul(0x2c1b_3c6d);
            let x = x ^ (x >> 13);
            for at in 0..HASHES {
                let value = x.wrapping_mul(self.factors[at]).wrapping_add(self.terms[at]);
                least[at] = least[at].min(value);
            }
        }
        least
    }
}

fn banded(least: &[u32; HASHES]) -> Signature {
    std::array::from_fn(|band| {
        let rows = &least[band * ROWS..(band + 1) * ROWS];
        rows.iter().fold(band as u64, |h, &v| {
            (h.rotate_left(23) ^ u64::from(v)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    })
}

/// The low bits of the least hashes of one set. In two sets of Jaccard similarity `s` a share of
/// `s + (1 - s) / 256` of them is equal (P. Li and A. C. König, "b-Bit minwise hashing", WWW 2010).
#[derive(Clone, Copy)]
pub(super) struct Sketch([u8; HASHES]);

impl Sketch {
    /// Of no set that is ever compared.
    pub const NONE: Sketch = Sketch([0; HASHES]);

    /// Whether two sets may have a similarity of which [`fewest_equal`] gives `fewest`.
    pub fn may_reach(&self, other: &Sketch, fewest: usize) -> bool {
        self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count() >= fewest
    }
}

/// How many hashes of two sketches are equal at the least when the sets are as similar as this: four
/// and a half standard deviations below the mean, so that of a million such pairs three are missed.
pub(super) fn fewest_equal(similarity: f64) -> usize {
    let n = HASHES as f64;
    let deviation = (n * similarity * (1.0 - similarity)).max(0.0).sqrt();
    (n * similarity - 4.5 * deviation).max(0.0) as usize
}

/// The rows of each band, by which pairs are told for some rows at a time: crowded bands give
/// hundreds of pairs a row.
pub(super) struct Candidates {
    bands: Vec<Band>,
}

/// Rows by the hash of a band, those of one hash in order.
#[derive(Default)]
struct Band {
    rows: Vec<u32>,
    /// For each row where it stands in `rows`, and where the first of its hash does; `None` for
    /// a row without a signature.
    places: Vec<Option<(NonZeroU32, u32)>>,
}

impl Candidates {
    /// Of the signatures of all rows; rows without one are in no pair.
    pub fn new(signatures: &[Option<Signature>]) -> Self {
        let bands = (0..BANDS).into_par_iter().map(|band| Band::new(signatures, band));
        Candidates { bands: bands.collect() }
    }

    /// Pairs `(earlier, later)` that share a band and `is_meant` takes, for the later in `rows`: sorted by
    /// the later and then the earlier, each once.
    pub fn pairs(
        &self,
        rows: Range<usize>,
        is_meant: &(dyn Fn(u32, u32) -> bool + Sync),
    ) -> Vec<(u32, u32)> {
        let of_row = |row: usize| {
            let mut earlier: Vec<u32> =
                self.bands.iter().flat_map(|band| band.before(row)).collect();
            earlier.sort_unstable();
            earlier.dedup();
            let pairs = earlier.into_iter().map(move |earlier| (earlier, row as u32));
            pairs.filter(|&(earlier, later)| is_meant(earlier, later))
        };
        rows.into_par_iter().flat_map_iter(of_row).collect()
    }
}

impl Band {
    fn new(signatures: &[Option<Signature>], band: usize) -> Self {
        let mut keyed: Vec<(u64, u32)> = signatures
            .iter()
            .enumerate()
            .filter_map(|(row, signature)| signature.map(|s| (s[band], row as u32)))
            .collect();
        keyed.sort_unstable();
        let mut places = vec![None; signatures.len()];
        let mut first = 0;
        for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (at, &(_, row)) in (first..).zip(bucket) {
                places[row as usize] = NonZeroU32::new(at + 1).map(|after| (after, first));
            }
            first += bucket.len() as u32;
        }
        Band { rows: keyed.into_iter().map(|(_, row)| row).collect(), places }
    }

    /// Rows before this one in its band.
    fn before(&self, row: usize) -> impl Iterator<Item = u32> {
        let (first, at) = match self.places[row] {
            Some((after, first)) => (first as usize, after.get() as usize - 1),
            None => (0, 0),
        };
        let near = at.saturating_sub(NEIGHBOURS).max(first)..at;
        let earliest = first..near.start.min(first + NEIGHBOURS);
        earliest.chain(near).map(|at| self.rows[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_sets_meet_and_others_hardly_ever() {
        let hasher = Hasher::new();
        let set = |from: u32, to: u32| {
            (from..to).map(|x| x.wrapping_mul(0x9e37_79b1)).collect::<Vec<_>>()
        };
        // Jaccard 0.8 with the first, 0.05 with the first, and the first again.
        let sets = [set(0, 900), set(100, 1000), set(810, 1710), set(0, 900)];
        let signatures: Vec<_> = sets.iter().map(|s| Some(hasher.signature(s))).collect();
        let pairs = Candidates::new(&signatures).pairs(0..4, &|_, _| true);
        assert!(pairs.contains(&(0, 1)) && pairs.contains(&(0, 3)) && !pairs.contains(&(0, 2)));
    }

    #[test]
    fn a_sketch_lets_no_similar_pair_go_and_stops_most_others() {
        let hasher = Hasher::new();
        let sketch = |from: u32, to: u32| {
            let set: Vec<u32> = (from..to).map(|x| x.wrapping_mul(0x9e37_79b1)).collect();
            hasher.sketch(&set)
        };
        let fewest = fewest_equal(0.5);
        assert_eq!((fewest, fewest_equal(1.0), fewest_equal(0.0)), (25, HASHES, 0));
        let (mut kept, mut others) = (0, 0);
        for from in (0..200_000u32).step_by(1_000) {
            let one = sketch(from, from + 300);
            // Jaccard 0.5, and 0.1.
            kept += usize::from(one.may_reach(&sketch(from + 100, from + 400), fewest));
            others += usize::from(one.may_reach(&sketch(from + 245, from + 545), fewest));
        }
        assert_eq!(kept, 200);
        assert!(others <= 2, "{others}");
        let signature = hasher.signature(&[1, 2, 3]);
        assert_eq!(hasher.signature_and_sketch(&[1, 2, 3]).0, signature);
    }

    #[test]
    fn a_crowded_band_gives_few_pairs() {
        let signatures = vec![Some([7u64; BANDS]); 5_000];
        let candidates = Candidates::new(&signatures);
        let of_rows = |rows| candidates.pairs(rows, &|_, _| true);
        let pairs = of_rows(0..5_000);
        let in_parts: Vec<(u32, u32)> =
            (0..5).flat_map(|part| of_rows(part * 1_000..(part + 1) * 1_000)).collect();
        assert!(candidates.pairs(0..5_000, &|earlier, _| earlier > 5_000).is_empty());
        assert_eq!(in_parts, pairs);
        assert!(pairs.len() <= 5_000 * 2 * NEIGHBOURS);
        // Everyone is linked to someone earlier.
        let linked: std::collections::HashSet<u32> = pairs.iter().map(|p| p.1).collect();
        assert_eq!(linked.len(), 4_999);
        assert!(Candidates::new(&[None, None]).pairs(0..2, &|_, _| true).is_empty());
    }
}
