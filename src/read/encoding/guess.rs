//! Which encoding bytes are in, as far as the bytes themselves can tell.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, KOI8_U, SHIFT_JIS, UTF_8, UTF_16BE,
    UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, X_MAC_CYRILLIC,
};

use super::plausible;

/// Encodings always tried beside the one the detector proposes: those that short texts in one
/// are easily taken for another of.
const TRIED: [&Encoding; 12] = [
    SHIFT_JIS,
    GB18030,
    EUC_KR,
    BIG5,
    EUC_JP,
    WINDOWS_1251,
    KOI8_U,
    IBM866,
    X_MAC_CYRILLIC,
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1254,
];

/// Bytes decoded to compare encodings.
const COMPARED_BYTES: usize = 16 * 1024;

/// The detector knows more languages than our lists do.
const DETECTOR_BONUS: f64 = 0.15;

/// A text in the right encoding reaches this score.
const SURE_SCORE: f64 = 0.45;

/// The next best encoding that gives another text stays this far behind.
const SURE_MARGIN: f64 = 0.1;

/// Share of plain characters in UTF-16 of the right byte order.
const WIDE_SHARE: f64 = 0.6;

/// The same, where the bytes are valid UTF-8 as well.
const SURE_WIDE_SHARE: f64 = 0.85;

/// A guess, and what else it might be where that is not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub encoding: &'static Encoding,
    /// The next best where the text leaves it open; the same encoding where nothing fits well.
    pub doubt: Option<&'static Encoding>,
}

/// GB18030 reads all that GBK does, and more.
pub(super) fn wider(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// Encodings told by a byte order mark or, for UTF-16, by what their two-byte units are; and
/// the length of the mark.
pub(super) fn wide_encoding(start: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some((encoding, length)) = Encoding::for_bom(start) {
        return Some((encoding, length));
    }
    let sample = &start[..start.len().min(4096) & !1];
    let zeros_at = |parity| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    // Ends of lines and separators have one each.
    if even + odd < 2 {
        return None;
    }
    // A few stray zero bytes in a text in another encoding are no UTF-16.
    let stray = std::str::from_utf8(sample).is_ok() && (even + odd) * 5 < sample.len();
    let enough = if stray { SURE_WIDE_SHARE } else { WIDE_SHARE };
    let share = |encoding: &'static Encoding| {
        let (text, broken) = encoding.decode_without_bom_handling(sample);
        if broken && sample.len() < 4096 { 0.0 } else { plausible::wide_share(&text) }
    };
    let (little, big) = (share(UTF_16LE), share(UTF_16BE));
    match () {
        () if little.max(big) < enough => None,
        () if little >= big => Some((UTF_16LE, 0)),
        () => Some((UTF_16BE, 0)),
    }
}

/// The likeliest encoding of bytes that are not all ASCII.
pub(super) fn guess(sample: &[u8], complete: bool) -> Guess {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // Text in another encoding is hardly ever valid UTF-8 by chance, so mostly valid means
    // UTF-8 with damage; one bad piece may be a character cut off at the end of the sample.
    if bad == 0 || good >= 5 * bad && good > 0 {
        return Guess { encoding: UTF_8, doubt: None };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, complete);
    compared(sample, wider(detector.guess(None, Utf8Detection::Deny)))
}

/// The encoding whose text looks most like text, among those usually meant and the one proposed.
fn compared(sample: &[u8], proposed: &'static Encoding) -> Guess {
    let sample = &sample[..sample.len().min(COMPARED_BYTES)];
    let mut texts: Vec<(f64, &'static Encoding, String)> = Vec::new();
    for encoding in std::iter::once(proposed).chain(TRIED) {
        if texts.iter().any(|(_, known, _)| *known == encoding) {
            continue;
        }
        // A character may be cut off at the end of the sample.
        let mut text = encoding.decode_without_bom_handling(sample).0.into_owned();
        if text.ends_with('\u{fffd}') {
            text.pop();
        }
        let bonus = if encoding == proposed { DETECTOR_BONUS } else { 0.0 };
        texts.push((plausible::score(&text, encoding) + bonus, encoding, text));
    }
    // Stable, so that of equals the proposed one wins.
    texts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, encoding, ref text) = texts[0];
    let other =
        texts[1..].iter().find(|(score, _, other)| other != text && best - score < SURE_MARGIN);
    let doubt = match other {
        Some((_, other, _)) => Some(*other),
        None if best < SURE_SCORE => Some(encoding),
        None => None,
    };
    Guess { encoding, doubt }
}
