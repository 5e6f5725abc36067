//! Words that stand where there is nothing: a whole cell of `NaN`, `N/A` or `暂无` is empty.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::text;

/// Longer values are not looked up.
const LONGEST: usize = 48;

static LISTED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../data/lexicon/placeholders.txt").lines();
    lines.filter(|line| !line.starts_with("# ")).map(form).filter(|form| !form.is_empty()).collect()
});

/// Whether `value`, a whole cell, says nothing: it is blank, a sign that stands for nothing, or a
/// listed word.
pub(super) fn is_nothing(value: &str) -> bool {
    let value = value.trim();
    if value.len() > LONGEST {
        return false;
    }
    value.chars().all(is_sign) || LISTED.contains(&form(value))
}

/// Lower case, without signs around it; those inside stay, since `k. A.` is no `KA`.
fn form(value: &str) -> String {
    text::normalize(value).to_lowercase().trim_matches(is_sign).to_string()
}

fn is_sign(c: char) -> bool {
    const SIGNS: &str = "-–—―−.…/\\?？_*,;:\"'`|[](){}<>#!";
    c.is_whitespace() || SIGNS.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_nothing_as_a_whole_cell() {
        for value in [
            "",
            " ",
            "NaN",
            "None",
            "null",
            "N/A",
            "n.a.",
            "NA",
            "#N/A",
            "Not available",
            "Not Specified",
            "无",
            "暂无",
            "無",
            "なし",
            "該当なし",
            "없음",
            "не указано",
            "غير محدد",
            "keine Angabe",
            "k. A.",
            "Não informado",
            "Non renseigné",
            "-",
            "--",
            "—",
            "…",
            "?",
            "[]",
            "{}",
            "('')",
            "\u{3000}暂无\u{a0}",
        ] {
            assert!(is_nothing(value), "{value:?}");
        }
        for value in [
            "None of your business",
            "无人机驾驶员",
            "暂无学历要求",
            "Nullarbor",
            "C",
            "0",
            "Nana",
            "NA West",
            "無線",
        ] {
            assert!(!is_nothing(value), "{value:?}");
        }
    }
}
