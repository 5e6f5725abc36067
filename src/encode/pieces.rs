//! The pieces of a Unigram vocabulary: their text, their scores, and finding them.
//!
//! Flat arrays that need no preparation, so that a quarter of a million pieces are ready at
//! once when they are part of the program. As tensors of `model.safetensors` (little-endian):
//!
//! | tensor | type | holds |
//! |---|---|---|
//! | `tokenizer.pieces` | u8 | the pieces in UTF-8, one behind the other, in order of id |
//! | `tokenizer.offsets` | u32 | where each begins, and the end: one more than there are pieces |
//! | `tokenizer.scores` | f32 | the log probability of each |
//! | `tokenizer.slots` | u32 | a hash table of ids, open addressing with linear probing |
//!
//! The hash is FNV-1a in 64 bits, because that of every prefix of a text comes along in one
//! pass, mixed at the end: `(h ^ h >> 32) * 0x9E3779B97F4A7C15`. Its upper half, scaled to the
//! number of slots, is the first slot looked at. A slot holds an id in its low bits (as many as
//! the number of pieces has) and, above them, the low bits of the hash as a tag; all ones means
//! empty. `models/train/bundle.py` writes the same tables as [`PieceTable::build`].

use std::collections::HashMap;

use safetensors::tensor::Dtype;

use super::model_bytes::ModelBytes;
use super::weights::Weights;

const EMPTY: u32 = u32::MAX;
const FNV_OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01B3;
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Pieces and their scores by id, and ids by piece.
pub(super) struct PieceTable {
    text: ModelBytes,
    offsets: ModelBytes,
    scores: Scores,
    slots: ModelBytes,
    /// Low bits of a slot that hold an id.
    id_bits: u32,
    /// Bytes of the longest piece.
    longest: usize,
    lowest_score: f64,
}

enum Scores {
    /// Little-endian `f32`, where they are stored.
    Stored(ModelBytes),
    /// As `tokenizer.json` has them.
    Parsed(Vec<f64>),
}

impl PieceTable {
    /// The pieces among the tensors of a model; `None` where it has none there.
    ///
    /// # Errors
    /// What does not fit together.
    pub(super) fn stored(weights: &Weights) -> Result<Option<Self>, String> {
        let part = |name: &str, dtype| weights.raw(&format!("tokenizer.{name}"), dtype);
        let Some(text) = part("pieces", Dtype::U8) else { return Ok(None) };
        let missing = |name: &str| format!("there is no tokenizer.{name} of the right type");
        let offsets = part("offsets", Dtype::U32).ok_or_else(|| missing("offsets"))?;
        let scores = part("scores", Dtype::F32).ok_or_else(|| missing("scores"))?;
        let slots = part("slots", Dtype::U32).ok_or_else(|| missing("slots"))?;
        Self::new(text, offsets, Scores::Stored(scores), slots).map(Some)
    }

    /// Lays out pieces and their scores, in order of id. Of equal pieces the last one is found.
    ///
    /// # Errors
    /// When their text takes more than 4 GB.
    pub(super) fn build(vocabulary: Vec<(String, f64)>) -> Result<Self, String> {
        let too_long = |_| "the pieces take more than 4 GB".to_string();
        let (mut text, mut offsets) = (Vec::new(), vec![0u32]);
        for (piece, _) in &vocabulary {
            text.extend_from_slice(piece.as_bytes());
            offsets.push(u32::try_from(text.len()).map_err(too_long)?);
        }
        let id_bits = bits(vocabulary.len());
        let n_slots = vocabulary.len() + vocabulary.len() / 4 + 1;
        let mut slots = vec![EMPTY; n_slots];
        for (id, (piece, _)) in vocabulary.iter().enumerate() {
            let hash = mixed(piece.bytes().fold(FNV_OFFSET, step));
            let mut slot = first_slot(hash, n_slots);
            while slots[slot] != EMPTY {
                let other = (slots[slot] & mask(id_bits)) as usize;
                if vocabulary[other].0 == *piece {
                    break;
                }
                slot = (slot + 1) % n_slots;
            }
            slots[slot] = tag(hash, id_bits) | id as u32;
        }
        let bytes = |numbers: Vec<u32>| -> ModelBytes {
            numbers.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>().into()
        };
        let scores = vocabulary.into_iter().map(|(_, score)| score).collect();
        Self::new(text.into(), bytes(offsets), Scores::Parsed(scores), bytes(slots))
    }

    fn new(
        text: ModelBytes,
        offsets: ModelBytes,
        scores: Scores,
        slots: ModelBytes,
    ) -> Result<Self, String> {
        let n = (offsets.len() / 4).saturating_sub(1);
        let has_scores = match &scores {
            Scores::Stored(bytes) => bytes.len() == 4 * n,
            Scores::Parsed(scores) => scores.len() == n,
        };
        if offsets.len() < 4 || !has_scores || n >= mask(31) as usize {
            return Err(format!("{n} pieces and another number of scores"));
        }
        let mut table = PieceTable {
            id_bits: bits(n),
            longest: 0,
            lowest_score: f64::INFINITY,
            text,
            offsets,
            scores,
            slots,
        };
        let bounds = table.offsets.as_chunks::<4>().0.windows(2);
        let lengths = bounds
            .map(|bounds| u32::from_le_bytes(bounds[1]).checked_sub(u32::from_le_bytes(bounds[0])));
        let Some(longest) = lengths
            .map(|n| n.map(|n| n as usize))
            .try_fold(0, |most, n| n.map(|n: usize| n.max(most)))
        else {
            return Err("the bounds of the pieces do not rise".to_string());
        };
        let end = table.offsets.last_chunk().map_or(0, |end| u32::from_le_bytes(*end));
        if end as usize != table.text.len() {
            return Err("the pieces do not end where their bounds do".to_string());
        }
        let lowest = (0..n).map(|id| table.score(id as u32)).fold(f64::INFINITY, f64::min);
        (table.longest, table.lowest_score) = (longest, lowest);
        Ok(table)
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len() / 4 - 1
    }

    /// The lowest score of any piece.
    pub(super) fn lowest_score(&self) -> f64 {
        self.lowest_score
    }

    /// The score of a piece; `id` is below [`PieceTable::len`].
    pub(super) fn score(&self, id: u32) -> f64 {
        match &self.scores {
            Scores::Stored(bytes) => {
                f64::from(f32::from_le_bytes(bytes.as_chunks::<4>().0[id as usize]))
            }
            Scores::Parsed(scores) => scores[id as usize],
        }
    }

    /// The text of a piece; `None` where there is no such id or it is no UTF-8.
    pub(super) fn piece(&self, id: u32) -> Option<&str> {
        std::str::from_utf8(piece_bytes(&self.text, self.offsets.as_chunks().0, id)?).ok()
    }

    /// The id of a piece.
    pub(super) fn id(&self, piece: &str) -> Option<u32> {
        let hash = mixed(piece.bytes().fold(FNV_OFFSET, step));
        self.find(piece.as_bytes(), hash)
    }

    /// All pieces by their text.
    pub(super) fn to_map(&self) -> HashMap<String, u32> {
        let named = |id: u32| Some((self.piece(id)?.to_string(), id));
        (0..self.len() as u32).filter_map(named).collect()
    }

    /// Calls `each` with length in bytes and id of every piece that `text` begins with, the
    /// shortest first.
    #[inline]
    pub(super) fn prefixes(&self, text: &str, mut each: impl FnMut(usize, u32)) {
        let bytes = text.as_bytes();
        let bytes = &bytes[..bytes.len().min(self.longest)];
        let mut hash = FNV_OFFSET;
        for (at, &byte) in bytes.iter().enumerate() {
            hash = step(hash, byte);
            let end = at + 1;
            if text.is_char_boundary(end)
                && let Some(id) = self.find(&bytes[..end], mixed(hash))
            {
                each(end, id);
            }
        }
    }

    fn find(&self, piece: &[u8], hash: u64) -> Option<u32> {
        let slots = self.slots.as_chunks::<4>().0;
        let (text, offsets) = (&*self.text, self.offsets.as_chunks().0);
        let wanted = tag(hash, self.id_bits);
        let start = first_slot(hash, slots.len());
        // A full table could otherwise be searched for ever.
        for slot in slots[start..].iter().chain(&slots[..start]) {
            let slot = u32::from_le_bytes(*slot);
            if slot == EMPTY {
                return None;
            }
            if slot & !mask(self.id_bits) == wanted {
                let id = slot & mask(self.id_bits);
                if piece_bytes(text, offsets, id) == Some(piece) {
                    return Some(id);
                }
            }
        }
        None
    }
}

fn piece_bytes<'a>(text: &'a [u8], offsets: &[[u8; 4]], id: u32) -> Option<&'a [u8]> {
    let bounds = offsets.get(id as usize..id as usize + 2)?;
    text.get(u32::from_le_bytes(bounds[0]) as usize..u32::from_le_bytes(bounds[1]) as usize)
}

#[inline(always)]
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)
}

#[inline(always)]
fn mixed(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(MIX)
}

#[inline(always)]
fn first_slot(hash: u64, n_slots: usize) -> usize {
    (((hash >> 32) * n_slots as u64) >> 32) as usize
}

/// Bits that every id takes, with one value left over, so that no slot of an id is [`EMPTY`].
fn bits(n: usize) -> u32 {
    usize::BITS - n.leading_zeros()
}

#[inline(always)]
fn mask(bits: u32) -> u32 {
    ((1u64 << bits) - 1) as u32
}

#[inline(always)]
fn tag(hash: u64, id_bits: u32) -> u32 {
    ((hash as u32 as u64) << id_bits) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pieces: &[&str]) -> PieceTable {
        let scored = pieces.iter().enumerate().map(|(i, piece)| (piece.to_string(), -(i as f64)));
        PieceTable::build(scored.collect()).unwrap()
    }

    #[test]
    fn every_piece_is_found_and_nothing_else() {
        let pieces: Vec<String> = (0..5000).map(|i| format!("{}·{i}", i * 7919 % 1000)).collect();
        let names: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let table = table(&names);
        assert_eq!(table.len(), 5000);
        for (id, piece) in names.iter().enumerate() {
            assert_eq!(table.id(piece), Some(id as u32));
            assert_eq!(table.piece(id as u32), Some(*piece));
            assert_eq!(table.score(id as u32), -(id as f64));
        }
        for i in 0..5000 {
            assert_eq!(table.id(&format!("{i}")), None);
        }
        assert_eq!(table.lowest_score(), -4999.0);
        assert_eq!(table.piece(5000), None);
        assert_eq!(table.to_map().len(), 5000);
    }

    #[test]
    fn prefixes_come_shortest_first_and_end_between_characters() {
        let table = table(&["a", "ab", "abc", "é", "运", "运维", "abcé"]);
        let found = |text: &str| {
            let mut found = Vec::new();
            table.prefixes(text, |length, id| found.push((length, id)));
            found
        };
        assert_eq!(found("abcd"), [(1, 0), (2, 1), (3, 2)]);
        assert_eq!(found("abcé"), [(1, 0), (2, 1), (3, 2), (5, 6)]);
        assert_eq!(found("运维x"), [(3, 4), (6, 5)]);
        assert!(found("x").is_empty() && found("").is_empty());
    }

    #[test]
    fn of_equal_pieces_the_last_is_found_and_none_at_all_are_fine() {
        assert_eq!(table(&["a", "b", "a"]).id("a"), Some(2));
        assert_eq!(table(&[]).id("a"), None);
    }

    #[test]
    fn damaged_tables_are_refused_or_find_nothing() {
        let bytes = |numbers: &[u32]| -> ModelBytes {
            numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>().into()
        };
        let new = |offsets: &[u32], n_scores: usize, slots: &[u32]| {
            let text = b"ab".to_vec().into();
            PieceTable::new(text, bytes(offsets), Scores::Parsed(vec![0.0; n_scores]), bytes(slots))
        };
        assert!(new(&[0, 1, 2], 2, &[]).is_ok_and(|table| table.id("a").is_none()));
        // Ids that do not exist, in a table without an empty slot.
        assert!(new(&[0, 1, 2], 2, &[3, 3]).is_ok_and(|table| table.id("a").is_none()));
        assert!(new(&[0, 1, 2], 1, &[]).is_err());
        assert!(new(&[0, 2, 1], 2, &[]).is_err());
        assert!(new(&[0, 1, 3], 2, &[]).is_err());
        assert!(new(&[], 0, &[]).is_err());
    }
}
