//! What language a text is written in, guessed from its letters and its commonest words.
//!
//! Good enough to choose between words for a name, a stop list or a filter; it is no
//! classifier, and says [`Language::Unknown`] rather than guess from a bare number.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::script::Script;

/// A language by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Each variant is its code.
pub enum Language {
    Zh,
    En,
    Ja,
    Ko,
    De,
    Fr,
    Es,
    Pt,
    It,
    Nl,
    Pl,
    Cs,
    Tr,
    Sv,
    Da,
    Ru,
    Uk,
    El,
    He,
    Ar,
    Hi,
    Th,
    /// Sentences of more than one language, such as Chinese and English.
    Mixed,
    /// Too little to tell.
    Unknown,
}

impl Language {
    /// The ISO 639-1 code; `mixed` and `unknown` for the two that are none.
    pub fn code(self) -> &'static str {
        use Language::*;
        match self {
            Zh => "zh",
            En => "en",
            Ja => "ja",
            Ko => "ko",
            De => "de",
            Fr => "fr",
            Es => "es",
            Pt => "pt",
            It => "it",
            Nl => "nl",
            Pl => "pl",
            Cs => "cs",
            Tr => "tr",
            Sv => "sv",
            Da => "da",
            Ru => "ru",
            Uk => "uk",
            El => "el",
            He => "he",
            Ar => "ar",
            Hi => "hi",
            Th => "th",
            Mixed => "mixed",
            Unknown => "unknown",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// Function words of languages in Latin script; every list about as long, so that counts compare.
const FUNCTION_WORDS: [(Language, &str); 12] = [
    (
        Language::En,
        "the and of to in with for you we our is are a an as on your will be or from by that this experience",
    ),
    (
        Language::De,
        "und der die das mit für von im ein eine wir sie zu den auf ist oder du bei dich dein sowie als zur in erfahrung",
    ),
    (
        Language::Fr,
        "et de la le les des une un du en pour vous nous dans est sur avec au aux ou par votre nos d l expérience",
    ),
    (
        Language::Es,
        "y de la el los las en con para una un del por se que es al tu nuestro como su o más experiencia nos",
    ),
    (
        Language::Pt,
        "e de a o os as em com para uma um do da dos das no na por que você se ao mais experiência nosso não",
    ),
    (
        Language::It,
        "e di il la le gli in con per una un del della dei che nel si è al lo i come nostro esperienza o",
    ),
    (
        Language::Nl,
        "en de het een van in voor met je wij op te aan is bij om ons jij als of zijn ervaring naar dat onze",
    ),
    (
        Language::Pl,
        "i w z na do oraz się dla od o jest lub w po przez za jako nie doświadczenie znajomość praca nas przy praktyczna",
    ),
    (
        Language::Cs,
        "a v na se s z do pro je o k nebo jako při ve za co zkušenosti znalost práce jsme tým od není nabízíme",
    ),
    (
        Language::Tr,
        "ve bir ile için bu olan en az veya olarak da de iyi deneyim bilgi sahibi yıl daha gibi konusunda çok üzerinde",
    ),
    (
        Language::Sv,
        "och att i en som för med av till är du vi på det har om ett din vår eller den erfarenhet kan hos",
    ),
    (
        Language::Da,
        "og at i en som til med af er du vi på det har om et din vores eller den erfaring kan hos for",
    ),
];

/// Letters that betray a language in Latin script.
const TELLING_LETTERS: [(Language, &str); 9] = [
    (Language::De, "ßäöü"),
    (Language::Pl, "ąęłńśźż"),
    (Language::Cs, "ěřůďťň"),
    (Language::Tr, "ğış"),
    (Language::Es, "ñ¿¡"),
    (Language::Pt, "ãõ"),
    (Language::Sv, "å"),
    (Language::Da, "øæ"),
    (Language::Fr, "èêçœ"),
];

/// Characters in the form that Japan alone has given them: a posting without kana, such as
/// `AWS経験者歓迎`, has some.
const JAPANESE_FORMS: &[char] = &[
    '経', '験', '歓', '営', '応', '対', '発', '売', '読', '変', '図', '働', '込', '枠', '総', '検',
    '拡', '権', '継', '続', '縁', '銭', '鉄', '関', '険', '駅', '勧', '価', '仮', '実', '戦', '択',
    '沢', '浄', '渋', '両', '帰', '弾', '従', '徴', '恵', '払', '拝', '挙', '撃', '斎', '楽', '様',
    '桜', '焼', '犠', '獣', '畳', '県', '砕', '処', '円', '囲', '圧', '壱', '気', '辺', '遅', '郷',
    '釈', '隠', '黒', '黙', '齢',
];

/// The language of a text. Chinese text full of English technology names is Chinese; it is
/// [`Language::Mixed`] only when both are written in sentences. Only the first few thousand
/// characters are looked at.
pub fn language(text: &str) -> Language {
    let sample: String = text.chars().take(4_000).collect::<String>().to_lowercase();
    let count = Counts::of(&sample);
    let alphabetic = count.latin_words + count.cyrillic + count.other;
    // Two ideographs are about a word.
    let (han, kana, hangul) = (count.han / 2, count.kana, count.hangul / 2);
    if kana * 10 >= count.han.max(1) || sample.contains(JAPANESE_FORMS) {
        return Language::Ja;
    }
    let all = alphabetic + han + hangul;
    if all == 0 {
        return if count.han > 0 { Language::Zh } else { Language::Unknown };
    }
    if hangul * 4 >= all {
        return Language::Ko;
    }
    let latin = latin_language(&sample);
    if han * 5 >= all || count.han >= 2 && count.latin_words <= 3 {
        let (language, hits) = latin.unwrap_or((Language::Unknown, 0));
        let sentences = hits * 6 >= count.latin_words && hits >= 4;
        let balanced = count.latin_words * 3 >= han && language != Language::Unknown;
        return if sentences && balanced { Language::Mixed } else { Language::Zh };
    }
    if count.cyrillic * 2 > all {
        let ukrainian = sample.contains(['і', 'ї', 'є', 'ґ']);
        return if ukrainian { Language::Uk } else { Language::Ru };
    }
    if count.other * 2 > all {
        return other_script(&sample);
    }
    match latin {
        Some((language, _)) => language,
        None if count.latin_words > 0 && sample.is_ascii() => Language::En,
        None => Language::Unknown,
    }
}

#[derive(Default)]
struct Counts {
    han: usize,
    kana: usize,
    hangul: usize,
    latin_words: usize,
    cyrillic: usize,
    other: usize,
}

impl Counts {
    /// Characters of the scripts without spaces, words of the others.
    fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        let mut previous = Script::Common;
        for c in text.chars() {
            let script = Script::of(c);
            let begins = script != previous;
            match script {
                Script::Han => counts.han += 1,
                Script::Hiragana | Script::Katakana => counts.kana += 1,
                Script::Hangul => counts.hangul += 1,
                Script::Latin if begins => counts.latin_words += 1,
                Script::Cyrillic if begins => counts.cyrillic += 1,
                Script::Other if begins => counts.other += 1,
                _ => {}
            }
            previous = script;
        }
        counts
    }
}

/// Which languages a function word belongs to: bit `i` stands for the `i`-th of
/// [`FUNCTION_WORDS`].
static LANGUAGES_OF_WORD: LazyLock<HashMap<&str, u16>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for (at, (_, list)) in FUNCTION_WORDS.iter().enumerate() {
        list.split(' ').for_each(|word| *found.entry(word).or_default() |= 1 << at);
    }
    found
});

/// The best language in Latin script and its number of function words.
fn latin_language(text: &str) -> Option<(Language, usize)> {
    let mut hits = [0usize; FUNCTION_WORDS.len()];
    for word in text.split(|c| Script::of(c) != Script::Latin).filter(|w| !w.is_empty()) {
        let languages = LANGUAGES_OF_WORD.get(word).copied().unwrap_or_default();
        hits.iter_mut().enumerate().for_each(|(at, n)| *n += usize::from(languages >> at & 1));
    }
    let mut scores = hits.map(|n| n * 2);
    for c in text.chars().filter(|c| ('\u{80}'..'\u{250}').contains(c)) {
        for (language, _) in TELLING_LETTERS.iter().filter(|(_, letters)| letters.contains(c)) {
            let at = FUNCTION_WORDS.iter().position(|(other, _)| other == language);
            at.into_iter().for_each(|at| scores[at] += 1);
        }
    }
    let best = scores.iter().copied().max()?;
    let equals: Vec<usize> = (0..scores.len()).filter(|&at| scores[at] == best).collect();
    // Where the words do not decide, letters do.
    let by_letters = || {
        let language = by_letters(text)?;
        FUNCTION_WORDS.iter().position(|(known, _)| *known == language)
    };
    match equals[..] {
        [single] => Some((FUNCTION_WORDS[single].0, hits[single])),
        // Titles without a function word are English more often than anything else.
        _ if best == 0 && text.is_ascii() => None,
        _ => {
            let at = by_letters().filter(|at| best == 0 || equals.contains(at));
            let at = at.or(equals.first().copied().filter(|_| best > 0))?;
            Some((FUNCTION_WORDS[at].0, hits[at]))
        }
    }
}

/// The language of a text in Latin script by its runs of letters, if `whichlang` knows it.
fn by_letters(text: &str) -> Option<Language> {
    use whichlang::Lang;
    Some(match whichlang::detect_language(text) {
        Lang::Eng => Language::En,
        Lang::Deu => Language::De,
        Lang::Fra => Language::Fr,
        Lang::Spa => Language::Es,
        Lang::Por => Language::Pt,
        Lang::Ita => Language::It,
        Lang::Nld => Language::Nl,
        Lang::Swe => Language::Sv,
        Lang::Tur => Language::Tr,
        _ => return None,
    })
}

fn other_script(text: &str) -> Language {
    for c in text.chars() {
        let language = match c {
            '\u{370}'..='\u{3ff}' => Language::El,
            '\u{590}'..='\u{5ff}' => Language::He,
            '\u{600}'..='\u{6ff}' => Language::Ar,
            '\u{900}'..='\u{97f}' => Language::Hi,
            '\u{e00}'..='\u{e7f}' => Language::Th,
            _ => continue,
        };
        return language;
    }
    Language::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_many_languages() {
        let cases = [
            ("负责Kubernetes、Docker、Prometheus平台的建设，熟悉Go", Language::Zh),
            ("运维工程师", Language::Zh),
            ("SRE工程师", Language::Zh),
            ("We are looking for an engineer to run our Kubernetes clusters.", Language::En),
            ("Senior Software Engineer", Language::En),
            ("Wir suchen einen Entwickler mit Erfahrung in Java und Kubernetes.", Language::De),
            (
                "Nous recherchons un ingénieur pour rejoindre notre équipe et gérer les serveurs",
                Language::Fr,
            ),
            ("Buscamos una persona con experiencia en Java para el equipo de datos", Language::Es),
            (
                "Procuramos uma pessoa com experiência em Java para a equipe, não júnior",
                Language::Pt,
            ),
            (
                "Cerchiamo una persona con esperienza nella gestione dei sistemi per il nostro team",
                Language::It,
            ),
            ("Wij zoeken een ontwikkelaar met ervaring in Java voor het team", Language::Nl),
            ("Poszukujemy programisty z doświadczeniem w Javie oraz znajomością SQL", Language::Pl),
            ("Vi söker en utvecklare som har erfarenhet av Java och att leda", Language::Sv),
            ("機械学習基盤の設計と運用を担当します", Language::Ja),
            ("AWS経験者歓迎", Language::Ja),
            ("機械学習基盤の設計", Language::Ja),
            ("資深前端工程師", Language::Zh),
            ("熟悉机械制图与税务，顾问经验优先", Language::Zh),
            ("Enfermera de noche en Madrid", Language::Es),
            ("Infermière de nuit à Lyon", Language::Fr),
            ("쿠버네티스 클러스터를 운영하는 엔지니어를 찾습니다", Language::Ko),
            ("Ищем инженера с опытом работы", Language::Ru),
            ("Шукаємо інженера з досвідом роботи", Language::Uk),
            ("مهندس برمجيات", Language::Ar),
            ("12345 !!!", Language::Unknown),
            ("", Language::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(language(text), expected, "{text}");
        }
    }

    #[test]
    fn two_languages_in_sentences_are_mixed() {
        let text = "负责平台的建设与运维工作。You will work with the team to build and run our platform in the cloud.";
        assert_eq!(language(text), Language::Mixed);
    }

    #[test]
    fn codes_are_what_serde_writes() {
        for language in [Language::Zh, Language::Mixed, Language::Unknown] {
            assert_eq!(serde_json::to_value(language).unwrap(), language.code());
        }
    }
}
