//! The bundled tokenizer against the tokenizers crate on the same pieces, in many scripts.

use std::path::Path;

use tokenizers::Tokenizer;

use crate::encode::pieces::PieceTable;
use crate::encode::spec::Spec;
use crate::encode::test_random::Xorshift;
use crate::encode::tokens::{Limits, TextTokenizer};
use crate::encode::weights::Weights;
use crate::encode::{ModelFiles, Source};

/// A sentence per script, as postings have them.
const SENTENCES: [(&str, &str); 27] = [
    ("Latin", "Wir suchen eine Pflegefachkraft (m/w/d) für die Nachtschicht; Señor naïve Œuvre."),
    ("Vietnamese", "Tuyển dụng kỹ sư phần mềm tại Hà Nội, lương thoả thuận"),
    ("Cyrillic", "Требуется водитель погрузчика, опыт работы от трёх лет. Київ, щодня"),
    ("Greek", "Ζητείται νοσηλευτής με εμπειρία στη χειρουργική"),
    ("Armenian", "Փնտրում ենք հաշվապահ երկու տարվա փորձով"),
    ("Georgian", "ვეძებთ გამოცდილ მზარეულს რესტორნისთვის"),
    ("Hebrew", "דרוש מהנדס תוכנה עם ניסיון של שלוש שנים"),
    ("Arabic", "مطلوب محاسب بخبرة لا تقل عن ثلاث سنوات، الرِّيَاض"),
    ("Persian", "استخدام برنامه‌نویس با سابقهٔ کار"),
    ("Urdu", "ہمیں ایک تجربہ کار استاد کی ضرورت ہے"),
    ("Devanagari", "हमें एक अनुभवी शिक्षक की आवश्यकता है, क्षेत्र दिल्ली"),
    ("Bengali", "একজন অভিজ্ঞ নার্স প্রয়োজন, ঢাকা"),
    ("Gurmukhi", "ਸਾਨੂੰ ਇੱਕ ਤਜਰਬੇਕਾਰ ਡਰਾਈਵਰ ਚਾਹੀਦਾ ਹੈ"),
    ("Gujarati", "અમને અનુભવી શિક્ષકની જરૂર છે"),
    ("Oriya", "ଆମକୁ ଜଣେ ଅଭିଜ୍ଞ ଶିକ୍ଷକ ଦରକାର"),
    ("Tamil", "அனுபவமுள்ள செவிலியர் தேவை"),
    ("Telugu", "అనుభవజ్ఞుడైన ఉపాధ్యాయుడు కావాలి"),
    ("Kannada", "ಅನುಭವಿ ಶಿಕ್ಷಕರು ಬೇಕಾಗಿದ್ದಾರೆ"),
    ("Malayalam", "പരിചയസമ്പന്നനായ അധ്യാപകനെ ആവശ്യമുണ്ട്"),
    ("Sinhala", "පළපුරුදු ගුරුවරයෙකු අවශ්‍යයි"),
    ("Thai", "รับสมัครวิศวกรซอฟต์แวร์ประสบการณ์สามปีขึ้นไป"),
    ("Lao", "ຮັບສະໝັກພະນັກງານບັນຊີ"),
    ("Burmese", "အတွေ့အကြုံရှိသော ဆရာ လိုအပ်သည်"),
    ("Khmer", "ត្រូវការគ្រូបង្រៀនដែលមានបទពិសោធន៍"),
    ("Amharic", "ልምድ ያለው መምህር እንፈልጋለን"),
    ("Korean", "경력 3년 이상의 백엔드 개발자를 모집합니다"),
    ("Han and kana", "负责数据库运维與監控。機械学習エンジニアを募集しています"),
];

/// What is hard about text rather than about a language.
const FORMS: [&str; 22] = [
    "",
    " ",
    "   two  spaces   and more    ",
    "ＦＵＬＬ－ｗｉｄｔｈ　ＡＢＣ１２３（株）",
    "ﾊﾝｶｸｶﾀｶﾅ ﾃﾞｰﾀﾍﾞｰｽ ｴﾝｼﾞﾆｱ ﾊﾟｰﾄ",
    "e\u{301}cole cafe\u{301} A\u{30A}ngstro\u{308}m \u{1100}\u{1161}\u{11A8} か\u{3099}",
    "ﬁne oﬃce ﬂow ① ② ㈱ ㎏ ½ ™ ℃ Ⅳ",
    "👩‍💻 👨‍👩‍👧 🇩🇪🇯🇵 👍🏽 ❤️ 🚀🚀🚀",
    "tab\tline\nreturn\r\nfeed\u{0C}null\u{0}bell\u{7}escape\u{1B}",
    "zero\u{200B}width\u{200C}joiners\u{200D}and\u{2060}marks\u{FEFF}",
    "soft\u{AD}hyphen non\u{A0}breaking\u{202F}space thin\u{2009}space ideographic\u{3000}space",
    "<s>strike</s> <unk> <pad> <mask> [CLS] [SEP] ▁ ▁▁ ▁word",
    "C++ C# .NET k8s CI/CD O'Reilly a_b-c.d@example.org https://example.org/a?b=c&d=%20",
    "\u{202E}right to left override\u{202C} \u{2066}isolate\u{2069}",
    "𝓢𝓽𝔂𝓵𝓮𝓭 𝐥𝐞𝐭𝐭𝐞𝐫𝐬 𝟙𝟚𝟛 ⓐⓑⓒ ʰᵃ ₁₂₃ ²³",
    "\u{E000}\u{F8FF} private \u{10FFFD} use \u{FFFD} and \u{FFFE}",
    "ﷺ ﻻ ﺍﻟﻌﺮﺑﻴﺔ presentation forms",
    "ᠮᠣᠩᠭᠣᠯ བོད་ཡིག ᏣᎳᎩ ⵜⴰⵎⴰⵣⵉⵖⵜ 𒀀𒀁 scripts that few know",
    "İstanbul ırmak ǅ ß ẞ ς σ Σ",
    "1,234.56 € 100% -5 +3 3×4 ≥ 10 →",
    "龘龗𠀀𪚥𰻞 rare characters",
    "........!!!!!!??????------======______",
];

struct Both {
    ours: TextTokenizer,
    theirs: Tokenizer,
    unknown: Option<u32>,
}

/// A model's tokenizer as this program reads it, and all its pieces in that of the crate.
fn both(source: Source) -> Both {
    let files = ModelFiles::resolve(&source, None).unwrap();
    let spec = Spec::read(&files).unwrap();
    let weights = Weights::open(&files, &spec.folder).unwrap();
    let limits = Limits {
        max_tokens: 1 << 20,
        vocabulary: usize::MAX,
        lower_case: spec.lower_case,
        has_special_tokens: true,
        drops_unknown: false,
    };
    let ours = TextTokenizer::load(&files, &spec.folder, &weights, limits).unwrap();
    let bytes = files.open("tokenizer.json").unwrap().unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    file["truncation"] = serde_json::Value::Null;
    file["padding"] = serde_json::Value::Null;
    if let Some(pieces) = PieceTable::stored(&weights).unwrap() {
        let piece = |id: u32| serde_json::json!([pieces.piece(id).unwrap(), pieces.score(id)]);
        file["model"]["vocab"] = (0..pieces.len() as u32).map(piece).collect();
    }
    let unknown = file["model"]["unk_id"].as_u64().map(|id| id as u32);
    let mut theirs = Tokenizer::from_bytes(file.to_string()).unwrap();
    theirs.set_encode_special_tokens(true);
    Both { ours, theirs, unknown }
}

impl Both {
    fn check(&self, text: &str) -> Vec<u32> {
        let ours = self.ours.content(text).unwrap();
        let theirs = self.theirs.encode_fast(text, false).unwrap();
        assert_eq!(ours, theirs.get_ids(), "{text:?}");
        ours
    }
}

/// Parts of all the texts above, joined and cut without regard for what they mean.
fn mixture(seed: u64) -> String {
    let mut numbers = Xorshift::new(seed);
    let mut next = |n: usize| numbers.below(n);
    let mut text = String::new();
    for _ in 0..next(6) + 1 {
        let at = next(SENTENCES.len() + FORMS.len());
        let part = if at < SENTENCES.len() { SENTENCES[at].1 } else { FORMS[at - SENTENCES.len()] };
        let characters: Vec<char> = part.chars().collect();
        let from = next(characters.len() + 1);
        let to = from + next(characters.len() + 1 - from);
        text.extend(&characters[from..to]);
    }
    text
}

#[test]
fn tokens_in_every_script_equal_those_of_the_tokenizers_crate() {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/tiny-bundled");
    for source in [Source::Bundled, Source::Dir(tiny)] {
        let both = both(source);
        for text in SENTENCES.iter().map(|(_, text)| *text).chain(FORMS) {
            both.check(text);
            // Long and without a single space.
            both.check(&text.replace(' ', "").repeat(40));
        }
        for seed in 0..2000 {
            both.check(&mixture(seed));
        }
    }
}

#[test]
fn no_script_of_the_bundled_model_is_unknown() {
    let both = both(Source::Bundled);
    for (script, text) in SENTENCES {
        let ids = both.check(text);
        assert!(!ids.iter().any(|id| Some(*id) == both.unknown), "{script}: {ids:?}");
    }
}
