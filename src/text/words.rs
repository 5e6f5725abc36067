//! Words of a text in any script.
//!
//! Chinese is cut by jieba, whose dictionary is loaded once, at the first Chinese text
//! (a few hundred milliseconds, about 100 MB); programs that meet none never pay for it. Thai,
//! Lao, Khmer and Burmese are cut by ICU's dictionaries (Cargo feature `segmenter`).

use std::sync::LazyLock;

use jieba_rs::Jieba;
use unicode_normalization::char::is_combining_mark;

use super::clusters::{begins_cluster, clusters};
use super::normalize::normalize;
use super::script::{Script, is_japanese};
use super::segmenter::segment;

/// A longer word is none (an encoded image, a key); a longer run of a script without spaces
/// is cut into pieces.
const LONGEST_TOKEN: usize = 64;
const LONGEST_RUN: usize = 2_000;

/// Letters, with their marks, that a term of Thai, Lao, Khmer or Burmese consists of: about a
/// syllable.
const CLUSTERS_OF_A_TERM: usize = 3;

/// Compounds of the trade that the general dictionary cuts apart.
const COMPOUNDS: &str = "大模型 大语言模型 多模态 云原生 微服务 高可用 高并发 可观测性 可观测 中间件 \
    负载均衡 机器学习 深度学习 强化学习 计算机视觉 自然语言处理 自动驾驶 数据仓库 数据湖 数据库 \
    分布式 容器化 虚拟化 物联网 边缘计算 云计算 大数据 服务网格 消息队列 向量数据库 知识图谱 \
    持续集成 持续交付 混沌工程 故障自愈 压力测试 性能测试 渗透测试 等级保护 隐私计算 区块链 \
    推荐系统 搜索引擎 操作系统 文件系统 对象存储 块存储 算力 算子 智能体 低代码 灰度发布 应急响应 \
    嵌入式 单片机 小程序 前端 后端 全栈 运维 运维开发 产品经理 数据分析 数据挖掘 数据治理 风控 量化";

static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for word in COMPOUNDS.split_whitespace() {
        jieba.add_word(word, None, None);
    }
    jieba
});

/// The words of a text in order, repeats kept, lower case, after
/// [`normalize`](super::normalize()).
///
/// Names that carry punctuation stay whole: `c++`, `c#`, `.net`, `node.js`, `ci/cd`, `tcp/ip`,
/// `a/b`, `k8s`, `on-call`, `r&d`. Chinese is cut by dictionary; in a Japanese text runs of
/// Chinese characters are cut in twos, katakana runs stay whole and short hiragana, which is
/// grammar, is left out; Korean words lose their commonest particles; Thai, Lao, Khmer and
/// Burmese are cut by dictionary. No word is cut at a combining mark. Punctuation is no word.
pub fn words(text: &str) -> Vec<String> {
    cut(text, &Cutters { han: chinese, southeast_asian: by_dictionary })
}

/// The [`words`] of a Japanese text that may hold no kana, such as a title.
pub fn japanese_words(text: &str) -> Vec<String> {
    cut(text, &Cutters { han: japanese_compounds, southeast_asian: by_dictionary })
}

/// What a lexical index holds of a text: its [`words`], but with Chinese cut into
/// overlapping pairs of characters (`运维平台` is `运维`, `维平`, `平台`), and Thai, Lao, Khmer
/// and Burmese into overlapping threes of letters, which needs no dictionary: a query and a text
/// meet even where two dictionaries would cut them apart, and a search is answered before jieba
/// would have been loaded.
pub fn terms(text: &str) -> Vec<String> {
    cut(text, &Cutters { han: pairs, southeast_asian: threes })
}

/// How runs of scripts without spaces are cut.
struct Cutters {
    han: fn(&str, &mut Vec<String>),
    southeast_asian: fn(&str, &mut Vec<String>),
}

fn cut(text: &str, cutters: &Cutters) -> Vec<String> {
    let text = normalize(text).to_lowercase();
    let japanese = is_japanese(&text);
    let mut out = Vec::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let script = Script::of(first);
        let taken = match script {
            _ if starts_dotnet(rest) => ".net".len(),
            _ if is_letter(first) => alphabetic_token(rest),
            Script::Common => first.len_utf8(),
            Script::SoutheastAsian => run(rest, |c| Script::of(c) == script || is_mark(c)),
            _ => run(rest, |c| Script::of(c) == script),
        };
        let (token, tail) = rest.split_at(taken);
        match script {
            Script::Common if !is_letter(first) && token != ".net" => {}
            Script::Han if japanese => japanese_compounds(token, &mut out),
            Script::Han => (cutters.han)(token, &mut out),
            Script::SoutheastAsian => (cutters.southeast_asian)(token, &mut out),
            Script::Hiragana if token.chars().count() < 3 => {}
            Script::Hangul => out.push(without_particle(token).to_string()),
            Script::Other => {
                pieces(token, LONGEST_TOKEN).for_each(|p| push_alphabetic(p, &mut out))
            }
            // What is longer was put together by a program.
            _ if token.len() > LONGEST_TOKEN && token.chars().count() > LONGEST_TOKEN => {}
            _ => push_alphabetic(token, &mut out),
        }
        rest = tail;
    }
    out
}

/// Bytes at the start of `text` whose characters all satisfy `member`.
fn run(text: &str, member: impl Fn(char) -> bool) -> usize {
    text.find(|c| !member(c)).unwrap_or(text.len())
}

fn starts_dotnet(text: &str) -> bool {
    text.strip_prefix(".net").is_some_and(|after| !starts_with_letter(after))
}

fn starts_with_letter(text: &str) -> bool {
    text.chars().next().is_some_and(is_letter)
}

/// Letters and digits of scripts that put spaces between words, and the marks on them.
fn is_letter(c: char) -> bool {
    c == '_'
        || match Script::of(c) {
            Script::Latin | Script::Cyrillic | Script::Digit | Script::Other => true,
            Script::Common => !c.is_ascii() && is_combining_mark(c),
            _ => false,
        }
}

/// What belongs to the letter before it: combining marks, and the joiners that
/// [`normalize`](super::normalize()) keeps.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || !c.is_ascii() && is_combining_mark(c)
}

/// Endings by which a dot joins two parts of a name: `node.js`, `spring.io`, `asp.net`.
const DOTTED: [&str; 10] = ["js", "net", "io", "ai", "ts", "py", "com", "cn", "org", "rs"];

/// Names around a slash that are one notion.
const SLASHED: [&str; 7] = ["ci/cd", "tcp/ip", "pl/sql", "ui/ux", "z/os", "24/7", "s/4hana"];

/// Bytes of the token at the start of `text`, which begins with a letter or digit.
fn alphabetic_token(text: &str) -> usize {
    if let Some(name) = SLASHED
        .iter()
        .find(|name| text.strip_prefix(**name).is_some_and(|after| !starts_with_letter(after)))
    {
        return name.len();
    }
    let in_word = |c: char| is_letter(c) || is_mark(c);
    let mut end = run(text, in_word);
    loop {
        let (token, rest) = text.split_at(end);
        let Some(mark) = rest.chars().next() else { return end };
        let after = &rest[mark.len_utf8()..];
        let next = if starts_with_letter(after) { run(after, in_word) } else { 0 };
        let part = token.rsplit(['.', '/', '-', '&', '\'', '’']).next().unwrap_or(token);
        let digit = |t: &str, last: bool| {
            let c = if last { t.chars().next_back() } else { t.chars().next() };
            c.is_some_and(|c| c.is_ascii_digit())
        };
        let single = |t: &str| t.chars().count() == 1;
        let joins = next > 0
            && match mark {
                '.' => {
                    DOTTED.contains(&&after[..next]) || (digit(token, true) && digit(after, false))
                }
                '/' => {
                    single(token)
                        && single(&after[..next])
                        && !after[next..].starts_with(['+', '#'])
                        && !digit(token, true)
                }
                '&' => part.chars().count() <= 2 && next <= 2,
                '-' | '‐' | '‑' => true,
                '\'' | '’' => true,
                _ => false,
            };
        if joins {
            end += mark.len_utf8() + next;
            continue;
        }
        return end + name_suffix(token, rest);
    }
}

/// Bytes of a `+`, `++` or `#` that belongs to the name before it: `c++`, `c#`, `notepad++`,
/// `g++`, but not `python+go` or `issue #3`.
fn name_suffix(token: &str, rest: &str) -> usize {
    let part = token.rsplit(['/', '-']).next().unwrap_or(token);
    if rest.starts_with("++") && part.chars().any(char::is_alphabetic) {
        return 2;
    }
    let single = part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    let sharp = rest.starts_with('#') && !starts_with_letter(&rest[1..]);
    usize::from(sharp && single)
}

/// A token without its possessive, and `l'équipe` without its article.
fn push_alphabetic(token: &str, out: &mut Vec<String>) {
    let token = token.trim_matches(['\'', '’', '-', '_', '‐', '‑', '\u{200c}', '\u{200d}']);
    let word = match token.rsplit_once(['\'', '’']) {
        Some((stem, "s")) => stem,
        Some((_, "t" | "re" | "ve" | "ll" | "d" | "m")) | None => token,
        Some((_, word)) => word,
    };
    if !word.is_empty() {
        out.push(word.replace('’', "'"));
    }
}

fn chinese(run: &str, out: &mut Vec<String>) {
    for piece in pieces(run, LONGEST_RUN) {
        out.extend(JIEBA.cut(piece, true).into_iter().map(|token| token.word.to_string()));
    }
}

fn pairs(run: &str, out: &mut Vec<String>) {
    let chars: Vec<char> = run.chars().collect();
    out.extend(chars.windows(2.min(chars.len())).map(|pair| pair.iter().collect::<String>()));
}

fn by_dictionary(run: &str, out: &mut Vec<String>) {
    for piece in pieces(run, LONGEST_RUN) {
        // Without a dictionary a run is one piece of any length.
        let words = segment(piece).into_iter().flat_map(|word| pieces(word, LONGEST_TOKEN));
        out.extend(words.map(str::to_string));
    }
}

fn threes(run: &str, out: &mut Vec<String>) {
    let clusters = clusters(run);
    let n = CLUSTERS_OF_A_TERM.min(clusters.len());
    out.extend(clusters.windows(n.max(1)).map(|window| window.concat()));
}

/// Most Sino-Japanese words have two characters, so a run is cut in twos; what is left of
/// an odd run stays with the last two (`経験者`).
fn japanese_compounds(run: &str, out: &mut Vec<String>) {
    let chars: Vec<char> = run.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let left = chars.len() - at;
        let take = if left <= 3 { left } else { 2 };
        out.push(chars[at..at + take].iter().collect());
        at += take;
    }
}

/// Korean particles and verb endings that are hardly ever the end of a noun.
const PARTICLES: [&str; 17] = [
    "합니다",
    "입니다",
    "에서는",
    "에서",
    "에게",
    "으로",
    "까지",
    "부터",
    "하는",
    "하고",
    "하며",
    "을",
    "를",
    "은",
    "는",
    "의",
    "와",
];

fn without_particle(word: &str) -> &str {
    let syllables = word.chars().count();
    let stem = PARTICLES.iter().find_map(|particle| {
        word.strip_suffix(particle).filter(|_| syllables >= particle.chars().count() + 2)
    });
    stem.unwrap_or(word)
}

/// `text` in pieces of about `longest` characters, at most twice as many, cut before a letter.
fn pieces(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut after = rest.char_indices().skip(longest);
        let may_cut = |&(at, c): &(usize, char)| {
            rest[..at].chars().next_back().is_none_or(|previous| begins_cluster(previous, c))
        };
        let cut = after.clone().take(longest).find(may_cut).or_else(|| after.nth(longest));
        let end = cut.map_or(rest.len(), |(at, _)| at);
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        words(text).join(" ")
    }

    #[test]
    fn technology_names_stay_whole() {
        assert_eq!(
            joined("C++/C#, .NET、Node.js; ASP.NET K8s CI/CD(TCP/IP) A/B测试 C/C++ Python/Go"),
            "c++ c# .net node.js asp.net k8s ci/cd tcp/ip a/b 测试 c c++ python go"
        );
        assert_eq!(
            joined("On-call, R&D, gpt-4, v1.2.3, Notepad++ F#"),
            "on-call r&d gpt-4 v1.2.3 notepad++ f#"
        );
        assert_eq!(joined("熟悉.NET开发。"), "熟悉 .net 开发");
        assert_eq!(joined("Use Go.Then rest. Issue #3, C++17"), "use go then rest issue 3 c++ 17");
    }

    #[test]
    fn chinese_is_cut_into_words() {
        assert_eq!(joined("负责云原生平台的运维"), "负责 云原生 平台 的 运维");
        assert_eq!(joined("大模型推理，Ｋ８Ｓ集群"), "大模型 推理 k8s 集群");
    }

    #[test]
    fn terms_cut_chinese_into_pairs_and_leave_the_rest() {
        assert_eq!(terms("K8s运维平台 Go").join(" "), "k8s 运维 维平 平台 go");
        assert_eq!(terms("中 C++").join(" "), "中 c++");
    }

    #[test]
    fn other_languages_give_sensible_words() {
        assert_eq!(joined("機械学習基盤エンジニアの経験者"), "機械 学習 基盤 エンジニア 経験者");
        assert_eq!(joined("클라우드 인프라를 운영하는 개발자"), "클라우드 인프라 운영 개발자");
        assert_eq!(joined("l'équipe d’Anna doesn't bachelor's"), "équipe anna doesn't bachelor");
        assert_eq!(joined("Straße łódź Инженер"), "straße łódź инженер");
    }

    #[test]
    #[cfg(feature = "segmenter")]
    fn scripts_of_southeast_asia_are_cut_by_dictionary() {
        for (text, expected) in [
            ("พยาบาลวิชาชีพดูแลผู้ป่วย", "พยาบาล วิชาชีพ ดูแล ผู้ ป่วย"),
            ("รับสมัครพนักงานบัญชี ใช้ SAP", "รับ สมัคร พนักงาน บัญชี ใช้ sap"),
            ("น้ำดื่มและสำนักงาน", "น้ำ ดื่ม และ สำนักงาน"),
            ("วิศวกรคลาวด์", "วิศวกร คลาวด์"),
            ("បុគ្គលិកនៅភ្នំពេញ", "បុគ្គលិក នៅ ភ្នំពេញ"),
            ("ພະນັກງານຂາຍ", "ພະນັກງານ ຂາຍ"),
            ("စာရင်းကိုင်အလုပ်", "စာရင်းကိုင် အလုပ်"),
        ] {
            assert_eq!(joined(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_is_cut_at_a_mark() {
        for (text, expected) in [
            ("नर्स अस्पताल में मरीज़ों की देखभाल करती है", "नर्स अस्पताल में मरीज\u{93c}ों की देखभाल करती है"),
            ("Quản lý kho hàng", "quản lý kho hàng"),
            ("Qua\u{309}n ly\u{301} kho ha\u{300}ng", "quản lý kho hàng"),
            ("የሒሳብ ሠራተኛ፣ አዲስ አበባ፡፡", "የሒሳብ ሠራተኛ አዲስ አበባ"),
            ("می\u{200c}خواهم کار کنم", "می\u{200c}خواهم کار کنم"),
            ("👩\u{200d}🔧 Schlosser", "schlosser"),
        ] {
            assert_eq!(joined(text), expected, "{text}");
        }
        let marked = "क\u{93f}".repeat(1_000);
        assert!(words(&marked).iter().all(|word| word.starts_with('क')));
    }

    #[test]
    fn terms_of_southeast_asian_scripts_need_no_dictionary() {
        assert_eq!(terms("น้ำดื่ม").join(" "), "น้ำดื่ ำดื่ม");
        assert_eq!(terms("กข K8s").join(" "), "กข k8s");
    }

    #[test]
    fn one_kana_does_not_make_a_long_chinese_text_japanese() {
        let chinese = "负责云原生平台的运维与监控。".repeat(5);
        let decorated = format!("优の良品，{chinese}");
        assert!(joined(&decorated).contains("云原生 平台"), "{}", joined(&decorated));
    }

    #[test]
    fn what_is_too_long_for_a_word_is_none_or_cut_in_pieces() {
        let long = "a".repeat(1_000);
        assert!(words(&long).is_empty() && words(&"ab12".repeat(100)).is_empty());
        assert_eq!(words(&"x".repeat(LONGEST_TOKEN)).len(), 1);
        let thai = "ก".repeat(1_000);
        assert!(words(&thai).iter().all(|w| w.chars().count() <= LONGEST_TOKEN));
        assert_eq!(words(&thai).concat(), thai);
        assert!(words("\u{0}...///+++###'''---").is_empty());
    }
}
