//! What language a text is written in, guessed from its letters and its commonest words.
//!
//! Good enough to choose between words for a name, a stop list or a filter; it is no
//! classifier, and says [`DetectedLanguage::Unknown`] rather than guess from a bare number.

use unicode_normalization::UnicodeNormalization;

use super::detected_language::DetectedLanguage;
use super::latin_language::latin_language;
use super::script::{Script, is_japanese};

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
/// [`DetectedLanguage::Mixed`] only when both are written in sentences. Only the first few thousand
/// characters are looked at.
pub fn language(text: &str) -> DetectedLanguage {
    let sample: String = text.chars().take(4_000).nfc().collect::<String>().to_lowercase();
    let count = Counts::of(&sample);
    let alphabetic = count.latin_words + count.cyrillic + count.other;
    // Two ideographs are about a word.
    let (han, hangul) = (count.han / 2, count.hangul / 2);
    if is_japanese(&sample) || sample.contains(JAPANESE_FORMS) {
        return DetectedLanguage::Ja;
    }
    let all = alphabetic + han + hangul;
    if all == 0 {
        return if count.han > 0 { DetectedLanguage::Zh } else { DetectedLanguage::Unknown };
    }
    if hangul * 4 >= all {
        return DetectedLanguage::Ko;
    }
    let latin = latin_language(&sample);
    if han * 5 >= all || count.han >= 2 && count.latin_words <= 3 {
        let (language, hits) = latin.unwrap_or((DetectedLanguage::Unknown, 0));
        let sentences = hits * 6 >= count.latin_words && hits >= 4;
        let balanced = count.latin_words * 3 >= han && language != DetectedLanguage::Unknown;
        return if sentences && balanced { DetectedLanguage::Mixed } else { DetectedLanguage::Zh };
    }
    if count.cyrillic * 2 > all {
        let ukrainian = sample.contains(['і', 'ї', 'є', 'ґ']);
        return if ukrainian { DetectedLanguage::Uk } else { DetectedLanguage::Ru };
    }
    if count.other * 2 > all {
        return other_script(&sample);
    }
    match latin {
        Some((language, _)) => language,
        None if count.latin_words > 0 && sample.is_ascii() => DetectedLanguage::En,
        None => DetectedLanguage::Unknown,
    }
}

/// About as many letters and vowels make a word of Thai or Khmer.
const LETTERS_OF_A_WORD: usize = 4;

#[derive(Default)]
struct Counts {
    han: usize,
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
        let mut southeast_asian = 0;
        for c in text.chars() {
            let script = Script::of(c);
            let begins = script != previous;
            match script {
                Script::Han => counts.han += 1,
                Script::SoutheastAsian => southeast_asian += 1,
                Script::Hangul => counts.hangul += 1,
                Script::Latin if begins => counts.latin_words += 1,
                Script::Cyrillic if begins => counts.cyrillic += 1,
                Script::Other if begins => counts.other += 1,
                _ => {}
            }
            previous = script;
        }
        counts.other += southeast_asian / LETTERS_OF_A_WORD;
        counts
    }
}

fn other_script(text: &str) -> DetectedLanguage {
    for c in text.chars() {
        let language = match c {
            '\u{370}'..='\u{3ff}' => DetectedLanguage::El,
            '\u{590}'..='\u{5ff}' => DetectedLanguage::He,
            '\u{600}'..='\u{6ff}' => DetectedLanguage::Ar,
            '\u{900}'..='\u{97f}' => DetectedLanguage::Hi,
            '\u{e00}'..='\u{e7f}' => DetectedLanguage::Th,
            '\u{e80}'..='\u{eff}' => DetectedLanguage::Lo,
            '\u{1000}'..='\u{109f}' => DetectedLanguage::My,
            '\u{1200}'..='\u{137f}' => DetectedLanguage::Am,
            '\u{1780}'..='\u{17ff}' => DetectedLanguage::Km,
            _ => continue,
        };
        return language;
    }
    DetectedLanguage::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_many_languages() {
        use DetectedLanguage as Is;
        let cases = [
            ("负责Kubernetes、Docker、Prometheus平台的建设，熟悉Go", Is::Zh),
            ("运维工程师", Is::Zh),
            ("SRE工程师", Is::Zh),
            ("We are looking for an engineer to run our Kubernetes clusters.", Is::En),
            ("Senior Software Engineer", Is::En),
            ("Wir suchen einen Entwickler mit Erfahrung in Java und Kubernetes.", Is::De),
            (
                "Nous recherchons un ingénieur pour rejoindre notre équipe et gérer les serveurs",
                Is::Fr,
            ),
            ("Buscamos una persona con experiencia en Java para el equipo de datos", Is::Es),
            ("Procuramos uma pessoa com experiência em Java para a equipe, não júnior", Is::Pt),
            (
                "Cerchiamo una persona con esperienza nella gestione dei sistemi per il nostro team",
                Is::It,
            ),
            ("Wij zoeken een ontwikkelaar met ervaring in Java voor het team", Is::Nl),
            ("Poszukujemy programisty z doświadczeniem w Javie oraz znajomością SQL", Is::Pl),
            ("Vi söker en utvecklare som har erfarenhet av Java och att leda", Is::Sv),
            ("機械学習基盤の設計と運用を担当します", Is::Ja),
            ("AWS経験者歓迎", Is::Ja),
            ("機械学習基盤の設計", Is::Ja),
            ("資深前端工程師", Is::Zh),
            ("熟悉机械制图与税务，顾问经验优先", Is::Zh),
            ("Enfermera de noche en Madrid", Is::Es),
            ("Infermière de nuit à Lyon", Is::Fr),
            ("쿠버네티스 클러스터를 운영하는 엔지니어를 찾습니다", Is::Ko),
            ("Ищем инженера с опытом работы", Is::Ru),
            ("Шукаємо інженера з досвідом роботи", Is::Uk),
            ("مهندس برمجيات", Is::Ar),
            ("พยาบาลดูแลผู้ป่วยในหอผู้ป่วยหนัก และทำงานเป็นกะ", Is::Th),
            ("พนักงานบัญชี ใช้ SAP และ Excel", Is::Th),
            ("គ្រូបង្រៀនភាសាអង់គ្លេសនៅភ្នំពេញ", Is::Km),
            ("ພະນັກງານຂາຍເຄື່ອງໃນຮ້ານ", Is::Lo),
            ("ဆေးရုံတွင် သူနာပြု အလုပ်ခေါ်သည်", Is::My),
            ("በሆስፒታል ውስጥ የሚሠራ ነርስ እንፈልጋለን", Is::Am),
            ("अस्पताल में रात की पाली के लिए नर्स चाहिए", Is::Hi),
            ("Chúng tôi tuyển kỹ sư phần mềm làm việc tại Hà Nội", Is::Vi),
            ("Lái xe tải đường dài", Is::Vi),
            ("Ke\u{302}\u{301} toa\u{301}n tru\u{31b}o\u{31b}\u{309}ng cho công ty", Is::Vi),
            ("倉庫スタッフ", Is::Ja),
            ("東京の企業", Is::Ja),
            ("12345 !!!", Is::Unknown),
            ("", Is::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(language(text), expected, "{text}");
        }
    }

    #[test]
    fn two_languages_in_sentences_are_mixed() {
        let text = "负责平台的建设与运维工作。You will work with the team to build and run our platform in the cloud.";
        assert_eq!(language(text), DetectedLanguage::Mixed);
    }

    #[test]
    fn codes_are_what_serde_writes() {
        for language in [DetectedLanguage::Zh, DetectedLanguage::Mixed, DetectedLanguage::Unknown] {
            assert_eq!(serde_json::to_value(language).unwrap(), language.code());
        }
    }
}
