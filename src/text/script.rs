//! Which writing system a character belongs to, as far as cutting up text needs to know.

/// A coarse writing system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Chinese characters, in any language that uses them.
    Han,
    /// Japanese hiragana.
    Hiragana,
    /// Japanese katakana and its length mark.
    Katakana,
    /// Korean syllables and letters.
    Hangul,
    /// Latin letters with or without marks.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Thai, Lao, Khmer and Burmese letters, their vowels and tones: no spaces between words.
    SoutheastAsian,
    /// Letters of any other alphabet.
    Other,
    /// Digits of any kind.
    Digit,
    /// No letter at all: spaces, punctuation, symbols.
    Common,
}

impl Script {
    /// The writing system of one character.
    pub fn of(c: char) -> Script {
        match c {
            'a'..='z' | 'A'..='Z' => Script::Latin,
            '0'..='9' => Script::Digit,
            '\0'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' => {
                Script::Common
            }
            '\u{d7}' | '\u{f7}' => Script::Common,
            '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                Script::Latin
            }
            '\u{400}'..='\u{52f}' => Script::Cyrillic,
            '\u{3041}'..='\u{309f}' => Script::Hiragana,
            // The middle dot separates words rather than belonging to one.
            '\u{30fb}' => Script::Common,
            '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => {
                Script::Katakana
            }
            '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' => {
                Script::Hangul
            }
            '\u{4e00}'..='\u{9fff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{20000}'..='\u{323af}'
            | '\u{f900}'..='\u{faff}'
            | '々'
            | '〇' => Script::Han,
            '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' => Script::SoutheastAsian,
            '\u{e81}'..='\u{ece}' | '\u{edc}'..='\u{edf}' => Script::SoutheastAsian,
            '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}' | '\u{109a}'..='\u{109d}' => {
                Script::SoutheastAsian
            }
            '\u{a9e0}'..='\u{a9ef}' | '\u{a9fa}'..='\u{a9fe}' | '\u{aa60}'..='\u{aa7f}' => {
                Script::SoutheastAsian
            }
            '\u{1780}'..='\u{17d3}' | '\u{17d7}' | '\u{17dc}' | '\u{17dd}' => {
                Script::SoutheastAsian
            }
            c if c.is_numeric() => Script::Digit,
            c if c.is_alphabetic() => Script::Other,
            _ => Script::Common,
        }
    }
}

/// Whether a text is Japanese by its kana, which no other language is written in. One kana
/// among fifty Chinese characters is an ornament of shop names.
pub fn is_japanese(text: &str) -> bool {
    let (mut kana, mut han) = (0usize, 0usize);
    for c in text.chars() {
        match Script::of(c) {
            Script::Hiragana | Script::Katakana => kana += 1,
            Script::Han => han += 1,
            _ => {}
        }
    }
    kana > 0 && kana * 50 >= han
}

/// Whether a character is of a script written without spaces between words, or is
/// punctuation of such a script.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{30ff}' | '\u{3130}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart() {
        let cases = [
            ('运', Script::Han),
            ('々', Script::Han),
            ('の', Script::Hiragana),
            ('ー', Script::Katakana),
            ('・', Script::Common),
            ('한', Script::Hangul),
            ('ł', Script::Latin),
            ('ж', Script::Cyrillic),
            ('λ', Script::Other),
            ('अ', Script::Other),
            ('አ', Script::Other),
            ('ก', Script::SoutheastAsian),
            ('\u{e48}', Script::SoutheastAsian),
            ('ຄ', Script::SoutheastAsian),
            ('\u{17d2}', Script::SoutheastAsian),
            ('ဝ', Script::SoutheastAsian),
            ('។', Script::Common),
            ('๕', Script::Digit),
            ('7', Script::Digit),
            ('，', Script::Common),
            ('×', Script::Common),
        ];
        for (c, expected) in cases {
            assert_eq!(Script::of(c), expected, "{c}");
        }
    }
}
