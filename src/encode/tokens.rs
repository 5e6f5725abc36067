//! Texts to windows of token ids.
//!
//! The tokenizer file's own truncation and padding are switched off: a text over the model's
//! limit becomes several windows, and no token is dropped. Text that spells a special token
//! (`</s>` is also HTML's strike-through) stays text.

use std::borrow::Cow;

use rayon::prelude::*;
use tokenizers::{Model, ModelWrapper, Tokenizer};

use super::EncodeError;
use super::pieces::PieceTable;
use super::source::ModelFiles;
use super::unigram::UnigramTokenizer;
use super::weights::Weights;
use crate::text;

/// Longer texts are embedded by an excerpt. Those of roles are within it after cleaning, which
/// also counts them; a query may be of any length.
const MAX_BYTES: usize = 8 * text::MAX_TEXT_BYTES;

/// Cuts texts into tokens and tokens into windows.
pub(super) struct TextTokenizer {
    model: String,
    inner: Inner,
    lower_case: bool,
    /// Special tokens before the content.
    before: Vec<u32>,
    /// Special tokens after it.
    after: Vec<u32>,
    /// Left out of a text that has other tokens.
    dropped: Option<u32>,
    /// Content tokens that fit into one window.
    room: usize,
    /// Stands in for a text that has no token at all.
    filler: u32,
    vocabulary: usize,
}

/// Large, but there is one per program.
#[allow(clippy::large_enum_variant)]
enum Inner {
    /// Quicker to load.
    Unigram(UnigramTokenizer),
    /// Any model the tokenizers crate knows.
    Any(Tokenizer),
}

impl Inner {
    fn from_bytes(bytes: &[u8]) -> tokenizers::Result<Self> {
        // Another model's vocabulary has another form, so this soon fails where it must.
        if let Ok(mut inner) = serde_json::from_slice::<UnigramTokenizer>(bytes) {
            inner.with_padding(None).with_truncation(None)?;
            return Ok(Inner::Unigram(inner));
        }
        let mut inner = Tokenizer::from_bytes(bytes)?;
        inner.with_padding(None).with_truncation(None)?;
        Ok(Inner::Any(inner))
    }

    /// The same tokenizer over pieces kept elsewhere; the file itself has only the first of them,
    /// the special ones.
    fn with_pieces(self, pieces: PieceTable) -> Result<Self, String> {
        let Inner::Unigram(mut inner) = self else {
            return Err("only a Unigram model can have its pieces among the weights".to_string());
        };
        let special = inner.get_model().pieces();
        let mut ids = 0..special.len() as u32;
        if pieces.len() < special.len() || ids.any(|id| special.piece(id) != pieces.piece(id)) {
            return Err("its vocabulary does not begin as the pieces do".to_string());
        }
        let model = inner.get_model().with_pieces(pieces);
        inner.with_model(model);
        Ok(Inner::Unigram(inner))
    }

    /// From here on, text that spells a special token is text.
    fn keep_special_text(&mut self) {
        match self {
            Inner::Unigram(inner) => inner.set_encode_special_tokens(true),
            Inner::Any(inner) => inner.set_encode_special_tokens(true),
        }
    }

    /// The token that stands for what the vocabulary lacks.
    fn unknown(&self) -> Option<u32> {
        let by_name = |model: &ModelWrapper| match model {
            ModelWrapper::WordPiece(model) => model.token_to_id(&model.unk_token),
            ModelWrapper::WordLevel(model) => model.token_to_id(&model.unk_token),
            ModelWrapper::BPE(model) => model.token_to_id(model.unk_token.as_deref()?),
            // `from_bytes` has made its own form of it.
            ModelWrapper::Unigram(_) => None,
        };
        match self {
            Inner::Unigram(inner) => inner.get_model().unknown(),
            Inner::Any(inner) => by_name(inner.get_model()),
        }
    }

    fn ids(&self, text: &str, special: Special) -> Result<Vec<u32>, String> {
        let add = special == Special::Around;
        let encoding = match self {
            Inner::Unigram(inner) => inner.encode_fast(text, add),
            Inner::Any(inner) => inner.encode_fast(text, add),
        };
        encoding.map(|encoding| encoding.get_ids().to_vec()).map_err(|error| error.to_string())
    }
}

/// Whether special tokens are put around a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    Around,
    None,
}

/// One piece of a text, special tokens included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// Which text.
    pub(super) text: usize,
    /// What the network reads.
    pub(super) ids: Vec<u32>,
    /// Its share in the text's vector: content tokens, at least 1.
    pub(super) weight: usize,
}

/// What a model allows its tokenizer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Most tokens of a window, special ones included.
    pub(super) max_tokens: usize,
    /// Every token is below this.
    pub(super) vocabulary: usize,
    /// Lower the case of every text first.
    pub(super) lower_case: bool,
    /// Whether special tokens stand around every window.
    pub(super) has_special_tokens: bool,
    /// Whether tokens that stand for what the vocabulary lacks are left out of a text that has
    /// others.
    pub(super) drops_unknown: bool,
}

/// What is put before every text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prompt<'a> {
    /// For messages.
    pub(super) name: &'a str,
    /// May be empty.
    pub(super) text: &'a str,
}

impl TextTokenizer {
    /// Reads `tokenizer.json`, and the pieces where they are among `weights`.
    pub(super) fn load(
        files: &ModelFiles,
        folder: &str,
        weights: &Weights,
        limits: Limits,
    ) -> Result<Self, EncodeError> {
        let Limits { max_tokens, vocabulary, lower_case, .. } = limits;
        let file = format!("{folder}tokenizer.json");
        let advice = "only this form is read; save the model again with its fast tokenizer";
        let bytes = files.need(&file, advice)?;
        let mut inner = Inner::from_bytes(&bytes).map_err(|e| files.bad(&file, e))?;
        if let Some(pieces) = PieceTable::stored(weights).map_err(|e| files.bad(&file, e))? {
            inner = inner.with_pieces(pieces).map_err(|e| files.bad(&file, e))?;
        }
        let (before, after) = match limits.has_special_tokens {
            true => special_tokens(&inner).map_err(|e| files.bad(&file, e))?,
            false => (vec![], vec![]),
        };
        let dropped = if limits.drops_unknown { inner.unknown() } else { None };
        inner.keep_special_text();
        let room = max_tokens.saturating_sub(before.len() + after.len());
        if room == 0 {
            let reason = format!("a limit of {max_tokens} tokens leaves no room for text");
            return Err(files.bad(&file, reason));
        }
        let filler = before.first().or(after.first()).copied().unwrap_or(0);
        let model = files.name().to_string();
        Ok(TextTokenizer {
            model,
            inner,
            lower_case,
            before,
            after,
            dropped,
            room,
            filler,
            vocabulary,
        })
    }

    /// Every text's windows, in order of texts. A text that fits is one window of the prompt
    /// and the text, cut into tokens together. One that does not fit becomes as few windows as
    /// hold it, of sizes that differ by one token at most, each with the prompt before it.
    pub(super) fn windows(
        &self,
        texts: &[&str],
        prompt: Prompt,
    ) -> Result<Vec<Window>, EncodeError> {
        let lead = if prompt.text.is_empty() { vec![] } else { self.content(prompt.text)? };
        let one = |(at, text): (usize, &&str)| self.windows_of(at, text, prompt, &lead);
        let windows: Result<Vec<Vec<Window>>, EncodeError> =
            texts.par_iter().enumerate().map(one).collect();
        Ok(windows?.into_iter().flatten().collect())
    }

    fn windows_of(
        &self,
        text: usize,
        content: &str,
        prompt: Prompt,
        lead: &[u32],
    ) -> Result<Vec<Window>, EncodeError> {
        let content = &*bounded(content);
        let whole = match prompt.text {
            "" => self.content(content)?,
            prompt => self.content(&format!("{prompt}{content}"))?,
        };
        if whole.len() <= self.room {
            return Ok(vec![Window {
                text,
                weight: whole.len().max(1),
                ids: self.wrap(&[], &whole),
            }]);
        }
        let body = if prompt.text.is_empty() { whole } else { self.content(content)? };
        let room = self.room.saturating_sub(lead.len());
        if room == 0 {
            return Err(EncodeError::PromptTooLong {
                name: self.model.clone(),
                prompt: prompt.name.to_string(),
                tokens: lead.len(),
                limit: self.room,
            });
        }
        let window =
            |ids: &[u32]| Window { text, weight: ids.len().max(1), ids: self.wrap(lead, ids) };
        Ok(even_parts(&body, room).map(window).collect())
    }

    fn wrap(&self, lead: &[u32], content: &[u32]) -> Vec<u32> {
        let ids = [&self.before, lead, content, &self.after].concat();
        if ids.is_empty() { vec![self.filler] } else { ids }
    }

    /// The tokens of a text, without special ones.
    pub(super) fn content(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
        let failed = |reason| EncodeError::Tokenize { name: self.model.clone(), reason };
        let lowered = self.lower_case.then(|| text.to_lowercase());
        let text = lowered.as_deref().unwrap_or(text);
        let mut ids = self.inner.ids(text, Special::None).map_err(failed)?;
        if let Some(dropped) = self.dropped
            && ids.iter().any(|&id| id != dropped)
        {
            ids.retain(|&id| id != dropped);
        }
        match ids.iter().find(|&&id| id as usize >= self.vocabulary) {
            Some(id) => {
                let n = self.vocabulary;
                Err(failed(format!("it gives token {id}, but the model knows only {n}")))
            }
            None => Ok(ids),
        }
    }
}

/// A text within [`MAX_BYTES`] as it is, else an excerpt of it.
fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_BYTES { Cow::Borrowed(text) } else { text::excerpt(text) }
}

/// `ids` in as few parts of at most `room` as hold them, the longer ones first.
fn even_parts(ids: &[u32], room: usize) -> impl Iterator<Item = &[u32]> {
    let n = ids.len().div_ceil(room).max(1);
    let (size, longer) = (ids.len() / n, ids.len() % n);
    let bound = move |i: usize| i * size + i.min(longer);
    (0..n).map(move |i| &ids[bound(i)..bound(i + 1)])
}

/// The special tokens put before and after a text, found by cutting a probe with and without.
fn special_tokens(tokenizer: &Inner) -> Result<(Vec<u32>, Vec<u32>), String> {
    for probe in ["a", "1", "的", "."] {
        let bare = tokenizer.ids(probe, Special::None)?;
        let full = tokenizer.ids(probe, Special::Around)?;
        if bare.is_empty() {
            continue;
        }
        if let Some(at) = full.windows(bare.len()).position(|window| window == bare) {
            return Ok((full[..at].to_vec(), full[at + bare.len()..].to_vec()));
        }
    }
    Err("its special tokens do not simply stand around the text".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_text_is_cut_before_it_is_tokenized() {
        let text = "every night ".repeat(20_000);
        assert!(text.len() > MAX_BYTES && bounded(&text).len() <= text::MAX_TEXT_BYTES);
        assert_eq!(bounded(&text[..MAX_BYTES]), text[..MAX_BYTES]);
    }

    #[test]
    fn parts_are_even_and_lose_nothing() {
        let ids: Vec<u32> = (0..11).collect();
        let parts: Vec<&[u32]> = even_parts(&ids, 4).collect();
        assert_eq!(parts, [&ids[0..4], &ids[4..8], &ids[8..11]]);
        assert_eq!(even_parts(&ids, 11).count(), 1);
        assert_eq!(even_parts(&[], 4).collect::<Vec<_>>(), [&[] as &[u32]]);
        for n in 1..40 {
            let ids: Vec<u32> = (0..n).collect();
            for room in 1..12 {
                let parts: Vec<&[u32]> = even_parts(&ids, room).collect();
                assert_eq!(parts.concat(), ids);
                let sizes = parts.iter().map(|p| p.len());
                let (low, high) = (sizes.clone().min().unwrap(), sizes.max().unwrap());
                assert!(high <= room && high - low <= 1);
            }
        }
    }
}
