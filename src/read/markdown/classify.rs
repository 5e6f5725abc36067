//! Blocks that are not roles, told by what they are called and by their shape.

use std::sync::LazyLock;

use regex::Regex;

use super::labels;
use super::outline::Block;
use crate::intake::SetAsideKind;
use crate::text::script::is_wide;
use crate::text::sentences::without_marker;

/// A line this long (in columns of a terminal) without a label is prose.
const PROSE_COLUMNS: usize = 40;

/// Endings of headings of requirements said once for all roles.
const COMMON: &str = "通用要求|通用素质|共同要求|共性要求|公共要求|通用条件|通用任职要求|共通要件|共通条件|共通の要件|応募共通条件|공통 요건|공통 자격|공통 자격요건\
    |common requirements|general requirements|shared requirements|requirements common to all roles|allgemeine anforderungen\
    |gemeinsame anforderungen|exigences communes|requisitos comunes|requisitos generales|requisitos comuns|requisiti comuni\
    |wymagania wspólne|wymagania ogólne|algemene vereisten|общие требования";

/// Endings of headings of technology lists.
const SUMMARY: &str = "技术汇总|技术总结|技术栈|核心技术|核心技术栈|关键技术|技术一览|技术清单|技术全景|技能汇总|技能总结|技術まとめ|技術一覧|技術スタック|使用技術まとめ\
    |技術總結|技術彙總|기술 요약|기술 정리|기술 스택|기술스택|technology summary|tech summary|technologies summary|summary of technologies|technical summary\
    |technology overview|tech overview|core technologies|key technologies|tech stack|technology stack|stack summary|technologies|technology landscape\
    |skills summary|technologien|technologieübersicht|technologie-stack|technologieüberblick|résumé des technologies|technologies clés|stack technique\
    |resumen de tecnologías|tecnologías|resumo de tecnologias|tecnologias|riepilogo tecnologie|podsumowanie technologii|technologie|технологии";

/// Endings of headings of counts.
const STATISTICS: &str = "频率统计|技术频率|技术频率统计|频次统计|词频|词频统计|统计|出现次数|出现频率|頻度|出現頻度|統計|集計|빈도|통계|frequency|frequencies\
    |technology frequency|technology frequencies|frequency statistics|frequency table|frequency counts|statistics|technology statistics|counts\
    |häufigkeit|häufigkeiten|statistik|fréquence|fréquences|statistiques|frecuencia|frecuencias|estadísticas|frequência|estatísticas|statystyki|częstotliwość|статистика";

/// Headings, as a whole, of remarks about the digest.
const REMARKS: &str = "目录|说明|备注|附录|前言|简介|引言|小结|总结|结语|版本说明|更新日志|更新记录|参考资料|图例|目次|はじめに|凡例|注意事項|備考|おわりに|목차|안내|참고\
    |contents|table of contents|toc|introduction|intro|preface|notes|note|appendix|about|about this digest|about this document|changelog|change log\
    |disclaimer|legend|conclusion|summary|sources|references|license|how to read this|inhalt|inhaltsverzeichnis|einleitung|hinweise|anhang|fazit\
    |sommaire|remarques|annexe|índice|introducción|notas|introdução|spis treści|wstęp|uwagi|содержание|примечания";

/// Headings, as a whole or at their end, of a list of openings.
const OPENINGS: &str = "open positions|open roles|current openings|openings|current vacancies|vacancies|job openings|open jobs|jobs|we are hiring\
    |we're hiring|now hiring|offene stellen|stellenangebote|offres d'emploi|postes ouverts|vacantes|ofertas de empleo|vagas|vagas abertas|posizioni aperte\
    |vacatures|oferty pracy|вакансии|вакансії|在招岗位|在招职位|招聘岗位|招聘职位|热招岗位|岗位列表|职位列表|招聘信息|職缺|職缺列表|募集職種|求人一覧|채용 공고|채용공고|모집 직무";

/// `Python：约120次`, `- K8s: ~150`, `Go 40%`, `Java × 12`, `| Rust | 7 |`.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^.{1,80}?[:：|\s×x（(]\s*(?:约|約|大约|近|超|超过|about|approx\.?|ca\.?|~|≈|>)?\s*[0-9][0-9,. ]*\+?\s*(?:次|个|個|条|回|件|篇|%|％|times?|x|×|roles?|jobs?|postings?|mentions?|mal|fois|veces|vezes|razy|회|건|раз)?\s*(?:[（(].*[）)])?\s*[|）)]?$",
    )
    .ok()
});

/// What a block is by its heading; `None` when the words do not say.
pub(super) fn by_words(heading: &str) -> Option<SetAsideKind> {
    let heading = bare(heading);
    let (_, heading) = super::numbering::numbered(&heading);
    let ends = |list: &str| list.split('|').any(|ending| ends_with_word(heading, ending.trim()));
    if ends(COMMON) {
        Some(SetAsideKind::CommonRequirements)
    } else if ends(STATISTICS) {
        Some(SetAsideKind::Statistics)
    } else if ends(SUMMARY) {
        Some(SetAsideKind::Summary)
    } else if REMARKS.split('|').any(|whole| whole.trim() == heading) {
        Some(SetAsideKind::Other)
    } else {
        None
    }
}

/// Whether a heading says that openings follow.
pub(super) fn is_openings(heading: &str) -> bool {
    let heading = bare(heading);
    let (_, heading) = super::numbering::numbered(&heading);
    OPENINGS.split('|').any(|ending| ends_with_word(heading, ending.trim()))
}

/// What a block is by its shape alone: counts, or nothing but lists by kind.
pub(super) fn by_shape(block: &Block<'_>) -> Option<SetAsideKind> {
    let lines: Vec<&str> = block.text_lines().collect();
    if lines.len() < 2 {
        return None;
    }
    let counts = lines.iter().filter(|line| is_count(line)).count();
    if counts * 5 >= lines.len() * 4 {
        return Some(SetAsideKind::Statistics);
    }
    let labels: Vec<_> = lines.iter().map(|line| labels::label(line)).collect();
    let kinds = |label: &Option<labels::Label>| {
        label
            .as_ref()
            .is_some_and(|l| l.bold && labels::meaning(l.name).is_none() && !l.value.is_empty())
    };
    // A role is labelled by duties, place or stack; a summary by kinds of technology.
    let known = labels
        .iter()
        .flatten()
        .any(|label| !matches!(labels::meaning(label.name), None | Some(labels::Meaning::Stack)));
    let listed = labels.iter().filter(|label| kinds(label)).count();
    (!known && listed >= 2 && listed * 5 >= lines.len() * 4).then_some(SetAsideKind::Summary)
}

/// Whether a block describes something in sentences.
pub(super) fn has_prose(block: &Block<'_>) -> bool {
    block.text_lines().any(|line| {
        let item = without_marker(line);
        labels::label(line).is_none()
            && !labels::leads_list(line)
            && !is_count(line)
            && !line.trim_start().starts_with('|')
            && crate::text::display_width(item) >= PROSE_COLUMNS
    })
}

/// Whether a block has a line such as `**技术栈**：…`.
pub(super) fn has_stack(block: &Block<'_>) -> bool {
    block
        .text_lines()
        .filter_map(labels::label)
        .any(|label| labels::meaning(label.name) == Some(labels::Meaning::Stack))
}

fn is_count(line: &str) -> bool {
    let line = without_marker(line).trim_start_matches('|').trim();
    let separator = !line.is_empty() && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    separator || COUNT.as_ref().is_some_and(|count| count.is_match(line))
}

/// A heading in lower case without markup and what stands in parentheses at its end.
fn bare(heading: &str) -> String {
    let text = crate::text::normalize(&super::inline::plain(heading)).to_lowercase();
    let mut text = text.trim().trim_end_matches(':');
    while let Some(open) = text.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        text = text[..open].trim_end();
    }
    text.to_string()
}

/// Whether `text` ends with `ending`, and before it a word boundary where words have spaces.
fn ends_with_word(text: &str, ending: &str) -> bool {
    let Some(before) = text.strip_suffix(ending) else { return false };
    match (before.chars().next_back(), ending.chars().next()) {
        (Some(last), Some(first)) => is_wide(first) || !last.is_alphanumeric(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markdown::outline::Outline;
    use crate::read::markdown::source;

    #[test]
    fn words_name_what_is_no_role() {
        for (heading, expected) in [
            ("通用要求（出现数百次，仅列一次）", Some(SetAsideKind::CommonRequirements)),
            ("AI Infra技术汇总", Some(SetAsideKind::Summary)),
            ("SRE核心技术栈", Some(SetAsideKind::Summary)),
            ("三、技术频率统计", Some(SetAsideKind::Statistics)),
            ("Backend technology summary", Some(SetAsideKind::Summary)),
            ("Common requirements (listed once)", Some(SetAsideKind::CommonRequirements)),
            ("**目录**", Some(SetAsideKind::Other)),
            ("Statistics", Some(SetAsideKind::Statistics)),
            ("Statistics Analyst", None),
            ("Notes engineer", None),
            ("核心技术研发工程师", None),
            ("Biotechnologies", None),
        ] {
            assert_eq!(by_words(heading), expected, "{heading}");
        }
    }

    #[test]
    fn shapes_name_what_is_no_role() {
        let shape = |text: &str| {
            let lines = source::lines(&format!("## x\n{text}"));
            by_shape(&Outline::of(&lines).blocks[1])
        };
        assert_eq!(
            shape("- Go：约60次\n- C/C++：约30次\n- Kafka：约30次（已计入中间件）"),
            Some(SetAsideKind::Statistics)
        );
        assert_eq!(shape("Python: 120\nGo: 40 %"), Some(SetAsideKind::Statistics));
        assert_eq!(
            shape("| Tech | Count |\n|---|---|\n| Go | 12 |\n| Rust | 7 |\n| C | 7 |"),
            Some(SetAsideKind::Statistics)
        );
        assert_eq!(
            shape("**Languages**: Go, C\n**Databases**: Redis"),
            Some(SetAsideKind::Summary)
        );
        assert_eq!(shape("**Responsibilities**: run it\n**Location**: Berlin"), None);
        assert_eq!(shape("**技术栈**：Go、C"), None);
        assert_eq!(shape("- runs 24 hours\n- has no counts\n- at all"), None);
    }
}
