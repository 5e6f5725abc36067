//! Languages in Latin script, told by function words, then by letters.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::detected_language::DetectedLanguage;
use super::script::Script;

/// Function words of languages in Latin script; every list about as long, so that counts compare.
const FUNCTION_WORDS: [(DetectedLanguage, &str); 13] = [
    (
        DetectedLanguage::En,
        "the and of to in with for you we our is are a an as on your will be or from by that this experience",
    ),
    (
        DetectedLanguage::De,
        "und der die das mit für von im ein eine wir sie zu den auf ist oder du bei dich dein sowie als zur in erfahrung",
    ),
    (
        DetectedLanguage::Fr,
        "et de la le les des une un du en pour vous nous dans est sur avec au aux ou par votre nos d l expérience",
    ),
    (
        DetectedLanguage::Es,
        "y de la el los las en con para una un del por se que es al tu nuestro como su o más experiencia nos",
    ),
    (
        DetectedLanguage::Pt,
        "e de a o os as em com para uma um do da dos das no na por que você se ao mais experiência nosso não",
    ),
    (
        DetectedLanguage::It,
        "e di il la le gli in con per una un del della dei che nel si è al lo i come nostro esperienza o",
    ),
    (
        DetectedLanguage::Nl,
        "en de het een van in voor met je wij op te aan is bij om ons jij als of zijn ervaring naar dat onze",
    ),
    (
        DetectedLanguage::Pl,
        "i w z na do oraz się dla od o jest lub w po przez za jako nie doświadczenie znajomość praca nas przy praktyczna",
    ),
    (
        DetectedLanguage::Cs,
        "a v na se s z do pro je o k nebo jako při ve za co zkušenosti znalost práce jsme tým od není nabízíme",
    ),
    (
        DetectedLanguage::Tr,
        "ve bir ile için bu olan en az veya olarak da de iyi deneyim bilgi sahibi yıl daha gibi konusunda çok üzerinde",
    ),
    (
        DetectedLanguage::Sv,
        "och att i en som för med av till är du vi på det har om ett din vår eller den erfarenhet kan hos",
    ),
    (
        DetectedLanguage::Da,
        "og at i en som til med af er du vi på det har om et din vores eller den erfaring kan hos for",
    ),
    (
        DetectedLanguage::Vi,
        "và của các cho trong với là được có những một không người để từ này đến tại về theo trên như",
    ),
];

/// Letters that betray a language in Latin script.
const TELLING_LETTERS: [(DetectedLanguage, &str); 10] = [
    (DetectedLanguage::De, "ßäöü"),
    (DetectedLanguage::Pl, "ąęłńśźż"),
    (DetectedLanguage::Cs, "ěřůďťň"),
    (DetectedLanguage::Tr, "ğış"),
    (DetectedLanguage::Es, "ñ¿¡"),
    (DetectedLanguage::Pt, "ãõ"),
    (DetectedLanguage::Sv, "å"),
    (DetectedLanguage::Da, "øæ"),
    (DetectedLanguage::Fr, "èêçœ"),
    (DetectedLanguage::Vi, "ăđơưạảấầẩẫậắằẳặẻẽếềểễệỉịọỏốồổỗộớờởỡợụủũứừửữựỳỷỹ"),
];

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
pub(super) fn latin_language(text: &str) -> Option<(DetectedLanguage, usize)> {
    let mut hits = [0usize; FUNCTION_WORDS.len()];
    for word in text.split(|c| Script::of(c) != Script::Latin).filter(|w| !w.is_empty()) {
        let languages = LANGUAGES_OF_WORD.get(word).copied().unwrap_or_default();
        hits.iter_mut().enumerate().for_each(|(at, n)| *n += usize::from(languages >> at & 1));
    }
    let mut scores = hits.map(|n| n * 2);
    for c in text.chars().filter(|c| !c.is_ascii() && Script::of(*c) == Script::Latin) {
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
fn by_letters(text: &str) -> Option<DetectedLanguage> {
    use whichlang::Lang;
    Some(match whichlang::detect_language(text) {
        Lang::Eng => DetectedLanguage::En,
        Lang::Deu => DetectedLanguage::De,
        Lang::Fra => DetectedLanguage::Fr,
        Lang::Spa => DetectedLanguage::Es,
        Lang::Por => DetectedLanguage::Pt,
        Lang::Ita => DetectedLanguage::It,
        Lang::Nld => DetectedLanguage::Nl,
        Lang::Swe => DetectedLanguage::Sv,
        Lang::Tur => DetectedLanguage::Tr,
        Lang::Vie => DetectedLanguage::Vi,
        _ => return None,
    })
}
