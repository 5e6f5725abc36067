//! The Unigram model of `tokenizer.json`, quick to load.
//!
//! The tokenizers crate builds a trie with a hash table in every node, which takes longer than
//! everything else at the start of a program. Here pieces are looked up in a [`PieceTable`],
//! which the bundled model has ready in its file; a prefix is looked up once per length, which
//! costs little beside the network. The results are the same token for token: the best path
//! after Kudo 2018 (arXiv:1804.10959), unknown characters joined, then spelt in bytes where the
//! vocabulary has them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokenizers::models::unigram::UnigramTrainer;
use tokenizers::{
    DecoderWrapper, Model, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, Result,
    Token, TokenizerImpl,
};

use super::pieces::PieceTable;

/// A whole tokenizer around the model.
pub(super) type UnigramTokenizer = TokenizerImpl<
    Unigram,
    NormalizerWrapper,
    PreTokenizerWrapper,
    PostProcessorWrapper,
    DecoderWrapper,
>;

/// What a character that no piece holds costs more than the worst piece.
const UNKNOWN_PENALTY: f64 = 10.0;

/// Pieces and how text is cut into them.
#[derive(Deserialize)]
#[serde(try_from = "File")]
pub(super) struct Unigram {
    pieces: PieceTable,
    unknown: Option<u32>,
    byte_fallback: bool,
}

/// The model as it stands in the file.
#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    vocab: Vec<(String, f64)>,
    unk_id: Option<usize>,
    #[serde(default)]
    byte_fallback: bool,
}

impl TryFrom<File> for Unigram {
    type Error = String;

    fn try_from(file: File) -> std::result::Result<Self, String> {
        if file.kind != "Unigram" {
            return Err(format!("the model is {}, not Unigram", file.kind));
        }
        if file.unk_id.is_some_and(|id| id >= file.vocab.len()) {
            return Err("unk_id lies outside the vocabulary".to_string());
        }
        Ok(Unigram {
            pieces: PieceTable::build(file.vocab)?,
            unknown: file.unk_id.map(|id| id as u32),
            byte_fallback: file.byte_fallback,
        })
    }
}

/// The best way to reach a place in the text.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    /// Where its last piece begins; `None` while the place has not been reached.
    from: Option<usize>,
    id: u32,
}

impl Unigram {
    /// The same model over other pieces, of which these are the first.
    pub(super) fn with_pieces(&self, pieces: PieceTable) -> Self {
        Unigram { pieces, unknown: self.unknown, byte_fallback: self.byte_fallback }
    }

    /// The pieces.
    pub(super) fn pieces(&self) -> &PieceTable {
        &self.pieces
    }

    /// The token that stands for what no piece holds.
    pub(super) fn unknown(&self) -> Option<u32> {
        self.unknown
    }

    /// The bounds of the best path's pieces, unknown stretches joined.
    fn best_path(&self, text: &str) -> Result<Vec<(usize, usize)>> {
        let missing = || "a character is unknown and the vocabulary has no unknown token";
        let unknown_score = self.pieces.lowest_score() - UNKNOWN_PENALTY;
        let mut steps = vec![Step { score: 0.0, from: None, id: 0 }; text.len() + 1];
        for (from, first) in text.char_indices() {
            let here = steps[from].score;
            let mut reach = |to: usize, score: f64, id: u32| {
                if steps[to].from.is_none() || score > steps[to].score {
                    steps[to] = Step { score, from: Some(from), id };
                }
            };
            let mut is_known = false;
            self.pieces.prefixes(&text[from..], |length, id| {
                reach(from + length, self.pieces.score(id) + here, id);
                is_known |= length == first.len_utf8();
            });
            if !is_known {
                let id = self.unknown.ok_or_else(missing)?;
                reach(from + first.len_utf8(), unknown_score + here, id);
            }
        }
        let mut path: Vec<(usize, usize)> = Vec::new();
        let mut end = text.len();
        let mut after_unknown = false;
        while let Some(from) = steps[end].from {
            let is_unknown = Some(steps[end].id) == self.unknown;
            match path.last_mut() {
                Some(last) if is_unknown && after_unknown => last.0 = from,
                _ => path.push((from, end)),
            }
            after_unknown = is_unknown;
            end = from;
        }
        path.reverse();
        Ok(path)
    }

    /// A stretch without a piece of its own, byte by byte; `None` where a byte has no piece.
    fn bytes(&self, stretch: &str, offsets: (usize, usize)) -> Option<Vec<Token>> {
        let byte = |byte: u8| {
            let piece = format!("<0x{byte:02X}>");
            self.pieces.id(&piece).map(|id| Token::new(id, piece, offsets))
        };
        self.byte_fallback.then(|| stretch.bytes().map(byte).collect())?
    }
}

impl Model for Unigram {
    type Trainer = UnigramTrainer;

    fn tokenize(&self, text: &str) -> Result<Vec<Token>> {
        let path = self.best_path(text)?;
        let mut tokens = Vec::with_capacity(path.len());
        for (from, to) in path {
            let stretch = &text[from..to];
            if let Some(id) = self.pieces.id(stretch) {
                tokens.push(Token::new(id, stretch.to_string(), (from, to)));
            } else if let Some(bytes) = self.bytes(stretch, (from, to)) {
                tokens.extend(bytes);
            } else {
                let id = self.unknown.ok_or("the vocabulary has no unknown token")?;
                tokens.push(Token::new(id, stretch.to_string(), (from, to)));
            }
        }
        Ok(tokens)
    }

    fn token_to_id(&self, token: &str) -> Option<u32> {
        self.pieces.id(token)
    }

    fn id_to_token(&self, id: u32) -> Option<String> {
        self.pieces.piece(id).map(str::to_string)
    }

    fn get_vocab(&self) -> HashMap<String, u32> {
        self.pieces.to_map()
    }

    fn get_vocab_size(&self) -> usize {
        self.pieces.len()
    }

    fn save(&self, _folder: &Path, _prefix: Option<&str>) -> Result<Vec<PathBuf>> {
        Err("this form of the model is for reading only".into())
    }

    fn get_trainer(&self) -> UnigramTrainer {
        UnigramTrainer::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::test_random::Xorshift;
    use tokenizers::models::unigram;

    /// Text of pieces, unknown characters and bytes from a seed.
    fn text(seed: u64) -> String {
        let mut numbers = Xorshift::new(seed);
        let letters: Vec<char> = "aabbccdd▁▁é运维x😀z".chars().collect();
        let length = numbers.below(24);
        (0..length).map(|_| letters[numbers.below(letters.len())]).collect()
    }

    #[test]
    fn tokens_equal_those_of_the_tokenizers_crate() {
        let mut vocab: Vec<(String, f64)> = vec![("<unk>".into(), 0.0)];
        let pieces = "a b c d ab abc abcd cd bc ▁ ▁a ▁ab 运 运维 é dd dda aab".split(' ');
        for (i, piece) in pieces.enumerate() {
            vocab.push((piece.into(), -1.5 - 0.37 * ((i * 5) % 11) as f64));
        }
        let mut with_bytes = vocab.clone();
        with_bytes.extend((0..256).map(|byte| (format!("<0x{byte:02X}>"), -25.0)));
        for (vocab, byte_fallback) in [(vocab.clone(), false), (vocab, true), (with_bytes, true)] {
            let theirs = unigram::Unigram::from(vocab.clone(), Some(0), byte_fallback).unwrap();
            let kind = "Unigram".to_string();
            let file = File { kind, vocab, unk_id: Some(0), byte_fallback };
            let ours = Unigram::try_from(file).unwrap();
            for seed in 0..2000 {
                let text = text(seed);
                let (ours, theirs) =
                    (ours.tokenize(&text).unwrap(), theirs.tokenize(&text).unwrap());
                assert_eq!(ours, theirs, "{text:?}");
            }
        }
    }

    #[test]
    fn a_vocabulary_without_an_unknown_token_says_so() {
        let vocab = vec![("a".to_string(), -1.0)];
        let file = File { kind: "Unigram".into(), vocab, unk_id: None, byte_fallback: false };
        let model = Unigram::try_from(file).unwrap();
        assert_eq!(model.tokenize("aa").unwrap().len(), 2);
        assert!(model.tokenize("ab").is_err());
        let file =
            File { kind: "Unigram".into(), vocab: vec![], unk_id: Some(0), byte_fallback: true };
        assert!(Unigram::try_from(file).is_err());
    }
}
