//! Text of the reports in Chinese and English, and the format of numbers.

use crate::intake::{BoilerplateSource, ColumnUse, DuplicateKind, SetAsideKind};
use crate::language::Language;
use crate::over_time::{Change, Interval, OverTime, Trends};
use crate::profile::{ByHand, DirectionSource, KINDS};
use crate::tabulate::wilson;

/// Picks one of two wordings.
pub(super) fn pick<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// `12 roles`, `1 role`, `12 个岗位`.
pub(super) fn n_roles(language: Language, n: usize) -> String {
    match (language, n) {
        (Language::Zh, _) => format!("{} 个岗位", grouped(n)),
        (Language::En, 1) => "1 role".into(),
        (Language::En, _) => format!("{} roles", grouped(n)),
    }
}

/// `12 specialisations`, `12 个方向`.
pub(super) fn n_specialisations(language: Language, n: usize) -> String {
    match (language, n) {
        (Language::Zh, _) => format!("{} 个方向", grouped(n)),
        (Language::En, 1) => "1 specialisation".into(),
        (Language::En, _) => format!("{} specialisations", grouped(n)),
    }
}

/// How many roles are compared by an excerpt of their text; nothing where none is.
pub(super) fn compared_by_excerpt(language: Language, n: usize) -> Option<String> {
    let count = grouped(n);
    match (language, n) {
        (_, 0) => None,
        (Language::Zh, _) => Some(format!("{count} 个岗位的正文过长，按节选比较")),
        (Language::En, 1) => Some("1 long text was compared by an excerpt".into()),
        (Language::En, _) => Some(format!("{count} long texts were compared by excerpts")),
    }
}

/// The title of a report: roles and specialisations.
pub(super) fn title(language: Language, roles: usize, specialisations: usize) -> String {
    let (roles, found) = (n_roles(language, roles), n_specialisations(language, specialisations));
    match language {
        Language::Zh => format!("{roles}，{found}"),
        Language::En => format!("{roles} in {found}"),
    }
}

/// Thousands separated by commas: `6,000`.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share as a percentage: without decimals from 10 % on, else with one.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if !percent.is_finite() {
        "-".into()
    } else if percent >= 9.95 || percent == 0.0 {
        format!("{percent:.0}%")
    } else {
        format!("{percent:.1}%")
    }
}

/// A share with its interval: `25% (11–47)`.
pub(super) fn share_with_interval(share: f64, interval: Interval) -> String {
    format!("{} ({:.0}–{:.0})", percent(share), 100.0 * interval.low, 100.0 * interval.high)
}

/// The interval of a difference of shares in points: `-1.0 … +3.5`.
pub(super) fn interval_points(interval: Interval) -> String {
    format!("{:+.1} … {:+.1}", 100.0 * interval.low, 100.0 * interval.high)
}

/// Both shares of a change, with their intervals.
pub(super) fn shares_of(change: &Change, trends: &Trends) -> [String; 2] {
    let of = |share: f64, count: usize, total: usize| match wilson(count, total) {
        Some(interval) => share_with_interval(share, interval),
        None => percent(share),
    };
    [
        of(change.share_before, change.before, trends.n_first),
        of(change.share_after, change.after, trends.n_last),
    ]
}

/// How many roles say when they were posted, and what the brackets mean.
pub(super) fn dated(language: Language, over_time: &OverTime) -> String {
    let with = n_roles(language, over_time.dated);
    let share = percent(over_time.dated as f64 / over_time.roles.max(1) as f64);
    match language {
        Language::Zh => format!(
            "{with}写明了发布日期（{share}，重复的岗位不计）；括号内是 95% 置信区间（Wilson）。"
        ),
        Language::En => format!(
            "{with} say when they were posted ({share}; repetitions do not count); in brackets stand \
             95 % intervals (Wilson)."
        ),
    }
}

/// What an empty cell means.
pub(super) fn suppressed(language: Language, floor: usize) -> String {
    match language {
        Language::Zh => format!("岗位数不足 {floor} 的格子不显示。"),
        Language::En => format!("Cells of fewer than {floor} roles are not shown."),
    }
}

/// How much was left out for being of few roles.
pub(super) fn few_left_out(language: Language, over_time: &OverTime) -> String {
    let OverTime { floor, specialisation_changes, technology_changes, .. } = over_time;
    let n = grouped(specialisation_changes.suppressed + technology_changes.suppressed);
    match language {
        Language::Zh => format!("两个时期合计不足 {floor} 个岗位的 {n} 项未作比较。"),
        Language::En => {
            format!("{n} with fewer than {floor} roles in both periods are not compared.")
        }
    }
}

/// Said where nothing rises or falls.
pub(super) fn no_change(language: Language) -> &'static str {
    pick(language, "没有超出偶然的变化", "nothing changed beyond chance")
}

/// The heading of a column of differences.
pub(super) fn difference(language: Language) -> &'static str {
    pick(language, "差异（百分点，95% 区间）", "Difference in points, 95 % interval")
}

/// The lift, how many times as often as on average: `×1.4`, `×12`.
pub(super) fn lift(lift: f64) -> String {
    if lift >= 9.95 { format!("×{lift:.0}") } else { format!("×{lift:.1}") }
}

/// A technology's kind as a heading. A kind this version does not know is shown as it is
/// written.
pub(super) fn kind(language: Language, kind: &str) -> String {
    if let Some(known) = KINDS.iter().find(|known| known.key == kind) {
        return known.label(language).to_string();
    }
    let spaced = kind.replace(['_', '-'], " ");
    let mut chars = spaced.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

/// An algorithm in words. One this version does not know is shown as it is written.
pub(super) fn algorithm(language: Language, name: &str) -> String {
    let words = match name {
        "kmeans" => pick(
            language,
            "k-means（每个岗位归入最近的中心）",
            "k-means (each role joins the nearest centre)",
        ),
        "hdbscan" => pick(
            language,
            "HDBSCAN（密集的区域成为方向）",
            "HDBSCAN (regions where roles lie close together)",
        ),
        "gmm" => pick(language, "高斯混合模型", "Gaussian mixture"),
        other => other,
    };
    words.to_string()
}

/// The kind of a block that was set aside.
pub(super) fn set_aside(language: Language, kind: SetAsideKind) -> &'static str {
    match kind {
        SetAsideKind::CommonRequirements => pick(language, "通用要求", "common requirements"),
        SetAsideKind::Summary => pick(language, "技术汇总", "summary of technologies"),
        SetAsideKind::Statistics => pick(language, "统计", "statistics"),
        SetAsideKind::Other => pick(language, "其他", "other"),
    }
}

/// What a column is taken for.
pub(super) fn column_use(language: Language, used_as: ColumnUse) -> &'static str {
    let zh = match used_as {
        ColumnUse::Title => "标题",
        ColumnUse::Text => "正文",
        ColumnUse::Stack => "技术",
        ColumnUse::Section => "分类",
        ColumnUse::Id => "编号",
        ColumnUse::Date => "日期",
        ColumnUse::Place => "地点",
        ColumnUse::Company => "公司",
        ColumnUse::Pay => "薪资",
        ColumnUse::Kept => "仅保留",
    };
    pick(language, zh, used_as.name())
}

/// What a person set.
pub(super) fn by_hand(language: Language, what: ByHand) -> &'static str {
    let zh = match what {
        ByHand::Named => "命名",
        ByHand::Merged => "合并",
        ByHand::Split => "拆出",
        ByHand::Pinned => "固定",
        ByHand::Moved => "移入",
    };
    pick(language, zh, what.key())
}

/// `named by a person`, `moved here by a person`; nothing where a person set nothing.
pub fn by_person(language: Language, all: &[ByHand]) -> Option<String> {
    let en = |what: &ByHand| match what {
        ByHand::Split => "split off",
        ByHand::Moved => "moved here",
        other => other.key(),
    };
    let zh = |what: &ByHand| by_hand(Language::Zh, *what);
    if all.is_empty() {
        return None;
    }
    Some(match language {
        Language::Zh => format!("由人工{}", all.iter().map(zh).collect::<Vec<_>>().join("、")),
        Language::En => {
            format!("{} by a person", all.iter().map(en).collect::<Vec<_>>().join(", "))
        }
    })
}

/// Whether a direction was given.
pub(super) fn direction_source(language: Language, source: DirectionSource) -> &'static str {
    match source {
        DirectionSource::Given => pick(language, "给定", "given"),
        DirectionSource::Found => pick(language, "自动发现", "found"),
    }
}

/// How a boilerplate sentence was recognised.
pub(super) fn boilerplate(language: Language, source: BoilerplateSource) -> &'static str {
    match source {
        BoilerplateSource::Recurring => pick(language, "多处重复", "recurs"),
        BoilerplateSource::Lexicon => pick(language, "词表", "lexicon"),
    }
}

/// The kind of a duplicate.
pub(super) fn duplicate(language: Language, kind: DuplicateKind) -> &'static str {
    match kind {
        DuplicateKind::Exact => pick(language, "完全相同", "same text"),
        DuplicateKind::Near => pick(language, "近似", "nearly the same"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        let all = [0, 7, 999, 1000, 1234567].map(grouped);
        assert_eq!(all, ["0", "7", "999", "1,000", "1,234,567"]);
        let shares = [0.0, 0.004, 0.0995, 0.5, 1.0, f64::NAN].map(percent);
        assert_eq!(shares, ["0%", "0.4%", "10%", "50%", "100%", "-"]);
        assert_eq!([lift(1.44), lift(12.3)], ["×1.4", "×12"]);
    }

    #[test]
    fn what_a_person_did_is_told_in_both_languages() {
        let said = |language, all: &[ByHand]| by_person(language, all).unwrap_or_default();
        assert_eq!(said(Language::En, &[ByHand::Named]), "named by a person");
        let both = [ByHand::Named, ByHand::Merged];
        assert_eq!(said(Language::En, &both), "named, merged by a person");
        assert_eq!(said(Language::Zh, &both), "由人工命名、合并");
        assert_eq!(said(Language::En, &[ByHand::Moved]), "moved here by a person");
        assert_eq!(by_person(Language::En, &[]), None);
    }

    #[test]
    fn an_unknown_kind_is_shown_as_it_is_written() {
        assert_eq!(kind(Language::Zh, "database"), "数据库与搜索");
        assert_eq!(kind(Language::Zh, "rocket_engine"), "Rocket engine");
    }
}
