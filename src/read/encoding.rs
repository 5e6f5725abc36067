//! Bytes in any encoding -> UTF-8, as a stream.
//!
//! Plain ASCII is passed on until the first byte that is none; only then, with text to look
//! at, is the encoding guessed, so a long English beginning hides nothing and a stream from
//! stdin is read once.

use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadError;

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
                let encoding = wider(known);
                (encoding, Stage::Decoding(encoding.new_decoder_with_bom_removal()))
            }
        };
        let (raw, text) = (Vec::new(), Vec::new());
        Ok(TextReader { inner, raw, text, at: 0, ended: false, stage, encoding, malformed: false })
    }

    /// The encoding's usual name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Whether bytes had to be replaced because they are no text in that encoding.
    pub fn malformed(&self) -> bool {
        self.malformed
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
            if let Some((encoding, skip)) = wide_encoding(&self.raw) {
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
            let encoding = guess(&self.raw, self.ended);
            self.decode_as(encoding);
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

/// GB18030 reads all that GBK does, and more.
fn wider(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// Encodings told by a byte order mark or, for UTF-16, by zero bytes in every other place;
/// and the length of the mark.
fn wide_encoding(start: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some((encoding, length)) = Encoding::for_bom(start) {
        return Some((encoding, length));
    }
    let sample = &start[..start.len().min(4096)];
    let zeros_at = |parity| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    // A few stray zero bytes in a text in another encoding are no UTF-16.
    if std::str::from_utf8(sample).is_ok() && (even + odd) * 5 < sample.len() || even + odd < 2 {
        return None;
    }
    match (even, odd) {
        (even, odd) if even * 10 <= odd => Some((UTF_16LE, 0)),
        (even, odd) if odd * 10 <= even => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// The likeliest encoding of bytes that are not all ASCII.
fn guess(sample: &[u8], complete: bool) -> &'static Encoding {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // Text in another encoding is hardly ever valid UTF-8 by chance, so mostly valid means
    // UTF-8 with damage; one bad piece may be a character cut off at the end of the sample.
    if bad == 0 || good >= 5 * bad && good > 0 {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, complete);
    wider(detector.guess(None, Utf8Detection::Deny))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, &'static str, bool) {
        let mut reader = TextReader::new(bytes, None).unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        (text, reader.encoding(), reader.malformed())
    }

    const CHINESE: &str = "岗位：运维工程师，负责容器平台的建设与稳定性保障，熟悉Kubernetes。";
    const JAPANESE: &str = "クラウド基盤の設計と運用を担当するエンジニアを募集しています。";
    const KOREAN: &str = "클라우드 인프라를 운영하는 엔지니어를 찾고 있습니다. 경력 3년 이상.";
    const GERMAN: &str =
        "Wir suchen einen Entwickler für unser Büro in München, Straße 5, schöne Grüße.";

    #[test]
    fn encodings_of_several_languages_are_told() {
        for (text, name) in [
            (CHINESE, "gb18030"),
            (JAPANESE, "Shift_JIS"),
            (KOREAN, "EUC-KR"),
            (GERMAN, "windows-1252"),
        ] {
            let encoding = Encoding::for_label(name.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(text);
            let (found, told, malformed) = decoded(&bytes);
            assert_eq!((found.as_str(), malformed), (text, false), "{told}");
            assert_eq!(told.to_lowercase(), name.to_lowercase());
        }
        assert_eq!(decoded(CHINESE.as_bytes()), (CHINESE.into(), "UTF-8", false));
    }

    #[test]
    fn utf16_is_told_with_and_without_a_mark() {
        for text in [CHINESE, "title,text\na,b\n"] {
            let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let marked = [&[0xff, 0xfe], le.as_slice()].concat();
            assert_eq!(decoded(&marked), (text.into(), "UTF-16LE", false));
            if text.is_ascii() {
                assert_eq!(decoded(&le), (text.into(), "UTF-16LE", false));
                assert_eq!(decoded(&be), (text.into(), "UTF-16BE", false));
            }
        }
        let marked = [&[0xef, 0xbb, 0xbf], CHINESE.as_bytes()].concat();
        assert_eq!(decoded(&marked), (CHINESE.into(), "UTF-8", false));
    }

    #[test]
    fn a_long_ascii_beginning_hides_nothing() {
        let mut bytes = vec![b'a'; 3 * CHUNK - 1];
        bytes.extend_from_slice(&GB18030.encode(CHINESE).0);
        let (text, name, malformed) = decoded(&bytes);
        assert!(text.ends_with(CHINESE) && !malformed);
        assert_eq!(name, "gb18030");
    }

    #[test]
    fn damage_is_replaced_and_flagged() {
        let bytes = [CHINESE.as_bytes(), b"\xff\xfe", CHINESE.as_bytes()].concat();
        let (text, name, malformed) = decoded(&bytes);
        assert!(text.contains('\u{fffd}') && malformed);
        assert_eq!(name, "UTF-8");
        assert!(decoded(b"a\0b").0.contains('\0'));
    }

    #[test]
    fn characters_survive_chunk_ends() {
        let text = CHINESE.repeat(5_000);
        for shift in 0..3 {
            let shifted = format!("{}{text}", "x".repeat(shift));
            assert_eq!(decoded(shifted.as_bytes()), (shifted, "UTF-8", false));
        }
    }

    #[test]
    fn an_encoding_can_be_asked_for() {
        let bytes = GB18030.encode(CHINESE).0;
        let mut reader = TextReader::new(&*bytes, Some("GBK")).unwrap();
        assert_eq!(reader.peek(1_000).unwrap(), CHINESE);
        assert!(TextReader::new(&b""[..], Some("utf-99")).is_err());
    }
}
