//! Numbers before headings: `一、` `3.` `（二）` `Part IV:` `岗位5：` `Role 2 -`.

use std::sync::LazyLock;

use regex::Regex;

/// Words that announce a role when a number follows.
const ROLE_WORDS: &str = "招聘岗位|招聘职位|岗位|职位|職位|職缺|角色|求人|ポジション|募集職種|職種|직무|포지션|채용공고|공고\
    |job role|role|position|job|posting|vacancy|opening|stelle|rolle|poste|offre|puesto|vacante|oferta\
    |vaga|ruolo|functie|vacature|stanowisko";

static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^(?:{ROLE_WORDS})\s*(?:no\.?|nr\.?|n[ºo°]\.?|#|№|第)?\s*([0-9０-９]{{1,6}}|[一二三四五六七八九十百]{{1,5}})\s*(?:[:：.．、,，)）|—–-]+\s*|\s+|$)(.*)$"
    ))
    .ok()
});

static NUMBERED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 1. 1) 1、 1.4 (the dotted form needs no further mark)
        r"^([0-9０-９]{1,3}(?:\.[0-9]{1,3})+)[.:：)）、]?\s+(.+)$",
        r"^[(（]?([0-9０-９]{1,3})\s*[.．、:：)）]\s*(.+)$",
        r"^[(（]?([一二三四五六七八九十百]{1,5})\s*[.．、:：)）]\s*(.+)$",
        r"^([一二三四五六七八九十百]{1,5})\s+(.+)$",
        r"^第\s*([0-9０-９]{1,3}|[一二三四五六七八九十百]{1,5})\s*(?:部分|部|章|节|節|类|類|篇|組|组)\s*[:：、.\s]*(.+)$",
        r"(?i)^(?:part|section|chapter|teil|abschnitt|kapitel|partie|parte|sección|część|rozdział)\s+([0-9]{1,3}|[ivx]{1,6})\s*[:.)—–-]*\s+(.+)$",
        r"^([IVX]{1,6})\s*[.)、:：]\s*(.+)$",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// What stands for the title of a role that has none.
const UNTITLED: [&str; 2] = ["（无标题）", "(no title)"];

/// Whether a role's heading says that it has no title.
pub(super) fn is_untitled(title: &str) -> bool {
    UNTITLED.contains(&title.trim())
}

/// The number and title of a heading that announces a role in so many words.
pub(super) fn role_heading(heading: &str) -> Option<(Option<u32>, &str)> {
    let found = ROLE.as_ref()?.captures(heading.trim())?;
    let (number, title) = (found.get(1)?.as_str(), found.get(2)?.as_str().trim());
    let title = if title.is_empty() { heading.trim() } else { title };
    Some((value(number), title))
}

/// A heading's own number in Arabic digits, dots kept, and the rest of it.
pub(super) fn numbered(heading: &str) -> (Option<String>, &str) {
    let heading = heading.trim();
    for pattern in NUMBERED.iter() {
        let Some(found) = pattern.captures(heading) else { continue };
        let (Some(number), Some(title)) = (found.get(1), found.get(2)) else { continue };
        let parts: Option<Vec<String>> =
            number.as_str().split('.').map(|part| value(part).map(|v| v.to_string())).collect();
        if let Some(parts) = parts {
            return (Some(parts.join(".")), title.as_str().trim());
        }
    }
    (None, heading)
}

/// The value of a number in digits of either width, Chinese numerals below a thousand, or
/// Roman numerals.
fn value(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    if first.is_numeric() && !"一二三四五六七八九十百".contains(first) {
        return crate::text::normalize(text).parse().ok();
    }
    if first.is_ascii_alphabetic() { roman(text) } else { chinese(text) }
}

fn chinese(text: &str) -> Option<u32> {
    let (mut total, mut digit) = (0, None);
    for c in text.chars() {
        match c {
            '百' | '十' => {
                let unit = if c == '百' { 100 } else { 10 };
                total += digit.take().unwrap_or(1) * unit;
            }
            _ => {
                let value = "一二三四五六七八九".chars().position(|known| known == c)? as u32 + 1;
                digit = Some(digit.map_or(value, |before: u32| before * 10 + value));
            }
        }
    }
    Some(total + digit.unwrap_or(0)).filter(|value| *value > 0)
}

fn roman(text: &str) -> Option<u32> {
    let worth = |c: char| match c.to_ascii_uppercase() {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let values: Vec<u32> = text.chars().map(worth).collect::<Option<_>>()?;
    // A smaller numeral before a greater one is taken away.
    let (mut total, mut greatest) = (0u32, 0);
    for &value in values.iter().rev() {
        total = if value < greatest { total.checked_sub(value)? } else { total + value };
        greatest = greatest.max(value);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_announced_in_many_ways() {
        for (heading, number, title) in [
            ("岗位1：分布式推理", 1, "分布式推理"),
            ("岗位十二：推理", 12, "推理"),
            ("Role 2: Backend Engineer", 2, "Backend Engineer"),
            ("JOB #3 - Cook", 3, "Cook"),
            ("Position 4", 4, "Position 4"),
            ("Stelle Nr. 5: Koch", 5, "Koch"),
            ("ポジション３：設計", 3, "設計"),
            ("직무 7. 개발", 7, "개발"),
        ] {
            assert_eq!(role_heading(heading), Some((Some(number), title)), "{heading}");
        }
        for heading in ["岗位职责", "Role model 3", "Jobs 2 do", "3D artist"] {
            assert_eq!(role_heading(heading), None, "{heading}");
        }
    }

    #[test]
    fn numbers_of_many_kinds_are_read() {
        for (heading, number, title) in [
            ("一、AI Infra / GPU", Some("1"), "AI Infra / GPU"),
            ("十二、其他", Some("12"), "其他"),
            ("二十一、其他", Some("21"), "其他"),
            ("（三）网络", Some("3"), "网络"),
            ("1. Backend", Some("1"), "Backend"),
            ("1.4 SRE", Some("1.4"), "SRE"),
            ("第二部分：数据", Some("2"), "数据"),
            ("Part IV: Data", Some("4"), "Data"),
            ("IX. Data", Some("9"), "Data"),
            ("3D 渲染", None, "3D 渲染"),
            ("一站式平台", None, "一站式平台"),
            ("5G网络优化", None, "5G网络优化"),
            ("24/7 Support", None, "24/7 Support"),
            ("IT. Support", None, "IT. Support"),
        ] {
            assert_eq!(numbered(heading), (number.map(str::to_string), title), "{heading}");
        }
    }
}
