//! Bytes in any encoding -> UTF-8, as a stream.
//!
//! Plain ASCII is passed on until the first byte that is none; only then, with text to look
//! at, is the encoding guessed, so a long English beginning hides nothing and a stream from
//! stdin is read once.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};

use super::ReadError;

mod guess;
mod plausible;

const CHUNK: usize = 64 * 1024;

/// A reader of UTF-8 over a reader of anything.
pub(super) struct TextReader<R> {
    inner: R,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    stage: Stage,
    encoding: &'static Encoding,
    /// What else the text might be, where that was left open.
    doubt: Option<&'static Encoding>,
    malformed: bool,
}

enum Stage {
    /// Nothing read yet.
    Start,
    /// Only ASCII so far: any encoding but UTF-16 would do.
    Ascii,
    Decoding(Decoder),
}

impl<R: Read> TextReader<R> {
    /// `label` overrides what the bytes look like.
    pub fn new(inner: R, label: Option<&str>) -> Result<Self, ReadError> {
        let (encoding, stage) = match label {
            None => (UTF_8, Stage::Start),
            Some(label) => {
                let known = Encoding::for_label(label.trim().as_bytes());
                let known =
                    known.ok_or_else(|| ReadError::UnknownEncoding { label: label.into() })?;
                let encoding = guess::wider(known);
                (encoding, Stage::Decoding(encoding.new_decoder_with_bom_removal()))
            }
        };
        let (raw, text) = (Vec::new(), Vec::new());
        let doubt = None;
        let (ended, malformed) = (false, false);
        Ok(TextReader { inner, raw, text, at: 0, ended, stage, encoding, doubt, malformed })
    }

    /// The encoding's usual name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Whether bytes had to be replaced because they are no text in that encoding.
    pub fn malformed(&self) -> bool {
        self.malformed
    }

    /// What to know before the text is trusted, `sample` being its beginning.
    pub fn doubt(&self, sample: &str) -> Option<String> {
        let guessed = self.encoding.name();
        match self.doubt {
            Some(other) if other == self.encoding => Some(format!(
                "its encoding is not clear: it was read as {guessed}, and the text does not look \
                 like any language; --encoding sets another"
            )),
            Some(other) => Some(format!(
                "its encoding is not clear: it was read as {guessed} and might be {}; \
                 --encoding sets it",
                other.name()
            )),
            None if plausible::decoded_twice(sample) => Some(
                "its text looks like UTF-8 that was once read as windows-1252 and saved again \
                 (`Ã¼` for `ü`); save it again from where it was still right"
                    .to_string(),
            ),
            None => None,
        }
    }

    /// The beginning of the text that is still to be read, about `wanted` bytes of it.
    pub fn peek(&mut self, wanted: usize) -> io::Result<String> {
        while self.text.len() - self.at < wanted && !self.ended {
            self.decode_more()?;
        }
        let end = self.text.len().min(self.at + wanted);
        Ok(String::from_utf8_lossy(&self.text[self.at..end])
            .trim_end_matches('\u{fffd}')
            .to_string())
    }

    fn read_raw(&mut self) -> io::Result<()> {
        let before = self.raw.len();
        let chunk = CHUNK as u64;
        self.inner.by_ref().take(chunk).read_to_end(&mut self.raw)?;
        self.ended = self.raw.len() < before + CHUNK;
        Ok(())
    }

    /// Decodes one more chunk onto the end of `text`.
    fn decode_more(&mut self) -> io::Result<()> {
        if self.at > 0 {
            self.text.drain(..self.at);
            self.at = 0;
        }
        self.read_raw()?;
        if matches!(self.stage, Stage::Start) {
            self.stage = Stage::Ascii;
            if let Some((encoding, skip)) = guess::wide_encoding(&self.raw) {
                self.raw.drain(..skip);
                self.decode_as(encoding);
            }
        }
        if matches!(self.stage, Stage::Ascii) {
            let plain = self.raw.iter().position(|b| !b.is_ascii()).unwrap_or(self.raw.len());
            self.text.extend(self.raw.drain(..plain));
            if self.raw.is_empty() {
                return Ok(());
            }
            // Some more to judge by, so that the guess does not rest on the end of a chunk.
            if !self.ended && self.raw.len() < CHUNK {
                self.read_raw()?;
            }
            let guess = guess::guess(&self.raw, self.ended);
            self.doubt = guess.doubt;
            self.decode_as(guess.encoding);
        }
        if let Stage::Decoding(decoder) = &mut self.stage {
            let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(self.raw.len() * 4);
            let start = self.text.len();
            self.text.resize(start + room, 0);
            let (_, read, written, replaced) =
                decoder.decode_to_utf8(&self.raw, &mut self.text[start..], self.ended);
            self.text.truncate(start + written);
            self.raw.drain(..read);
            self.malformed |= replaced;
        }
        Ok(())
    }

    fn decode_as(&mut self, encoding: &'static Encoding) {
        self.encoding = encoding;
        self.stage = Stage::Decoding(encoding.new_decoder_without_bom_handling());
    }
}

impl<R: Read> BufRead for TextReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.text.len() && !self.ended {
            self.decode_more()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.text.len());
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut ready = self.fill_buf()?;
        let count = ready.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
