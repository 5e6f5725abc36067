//! Two runs compared, as Markdown.

use std::fmt::Write;

use super::escape::inline;
use crate::compare::{Comparison, Fate, Fates, Named};
use crate::export::report_text::{n_roles, percent, pick};
use crate::language::Language;
use crate::tabulate::{Change, Trends};

/// Technologies shown of each list.
const MOST: usize = 15;

/// Technologies shown of one specialisation.
const MOST_WITHIN: usize = 5;

/// A comparison for people: what happened to the specialisations, then the technologies.
pub fn comparison(found: &Comparison, language: Language) -> String {
    let mut out = String::new();
    let (first, second) = (inline(&found.first), inline(&found.second));
    let title = match language {
        Language::Zh => format!("{first} 与 {second} 的比较"),
        Language::En => format!("{first} and {second} compared"),
    };
    let counts = [found.roles_before, found.roles_after].map(|n| n_roles(language, n));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {title}\n\n{first}: {}; {second}: {}\n", counts[0], counts[1]);
    let _ = writeln!(out, "{}\n", explained(language));
    for fate in FATES {
        let all: Vec<&Fates> = found.specialisations.iter().filter(|f| f.fate == fate).collect();
        if !all.is_empty() {
            let _ = writeln!(out, "## {} ({})\n", heading(fate, language), all.len());
            all.into_iter().for_each(|fates| out.push_str(&specialisation(fates, language)));
            out.push('\n');
        }
    }
    out.push_str(&technologies(&found.technologies, language));
    out
}

const FATES: [Fate; 8] = [
    Fate::Appeared,
    Fate::Vanished,
    Fate::Grew,
    Fate::Shrank,
    Fate::Split,
    Fate::Merged,
    Fate::Regrouped,
    Fate::Stayed,
];

fn explained(language: Language) -> &'static str {
    pick(
        language,
        "重复的岗位不计。占比后的括号是两次占比之差的 95% 置信区间（百分点）；* 表示差异显著\
         （双比例检验，Benjamini-Hochberg 校正后 p < 0.05）。",
        "Roles that repeat others do not count. In brackets behind the shares stands the 95 % \
         interval of their difference, in points; * marks a difference beyond chance (z-test of \
         two proportions, p < 0.05 after the adjustment of Benjamini and Hochberg).",
    )
}

fn heading(fate: Fate, language: Language) -> &'static str {
    let (zh, en) = match fate {
        Fate::Appeared => ("新出现", "Appeared"),
        Fate::Vanished => ("消失", "Vanished"),
        Fate::Grew => ("增长", "Grew"),
        Fate::Shrank => ("收缩", "Shrank"),
        Fate::Split => ("拆分", "Split"),
        Fate::Merged => ("合并", "Merged"),
        Fate::Regrouped => ("重组", "Regrouped"),
        Fate::Stayed => ("基本不变", "Stayed"),
    };
    pick(language, zh, en)
}

fn specialisation(fates: &Fates, language: Language) -> String {
    let named = |all: &[Named]| -> String {
        let one = |c: &Named| format!("**{}** ({})", inline(&c.name), n_roles(language, c.roles));
        all.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    let sides: Vec<String> = [&fates.before, &fates.after]
        .into_iter()
        .filter(|side| !side.is_empty())
        .map(|side| named(side))
        .collect();
    let mut line = format!("- {}: {}", sides.join(" → "), shares(fates));
    let changed = fates.technologies.iter().flat_map(|trends| &trends.changes);
    let significant: Vec<&Change> = changed.filter(|change| change.is_significant()).collect();
    let list = |gained: bool| {
        let mut all: Vec<&&Change> =
            significant.iter().filter(|change| (change.change() > 0.0) == gained).collect();
        all.sort_by(|a, b| b.change().abs().total_cmp(&a.change().abs()));
        let names: Vec<String> = all.iter().take(MOST_WITHIN).map(|c| inline(&c.name)).collect();
        names.join(", ")
    };
    for (gained, zh, en) in [(true, "增加", "more"), (false, "减少", "less")] {
        let names = list(gained);
        if !names.is_empty() {
            let _ = write!(line, "; {}: {names}", pick(language, zh, en));
        }
    }
    line.push('\n');
    line
}

fn shares(fates: &Fates) -> String {
    let star = if fates.p_adjusted < crate::tabulate::SIGNIFICANT { "*" } else { "" };
    format!(
        "{} → {} ({:+.1} … {:+.1}){}",
        percent(fates.share_before),
        percent(fates.share_after),
        fates.difference.low * 100.0,
        fates.difference.high * 100.0,
        inline(star)
    )
}

fn technologies(trends: &Trends, language: Language) -> String {
    let mut out = String::new();
    let significant = || trends.changes.iter().filter(|change| change.is_significant());
    let gained: Vec<&Change> = significant().filter(|change| change.change() > 0.0).collect();
    let lost: Vec<&Change> = significant().rev().filter(|change| change.change() < 0.0).collect();
    let parts = [
        ("更多需求的技术", "Technologies gained", gained),
        ("更少需求的技术", "Technologies lost", lost),
    ];
    for (zh, en, changes) in parts {
        let _ = writeln!(out, "## {}\n", pick(language, zh, en));
        if changes.is_empty() {
            let _ = writeln!(out, "{}\n", pick(language, "没有显著变化。", "None beyond chance."));
            continue;
        }
        let header = pick(
            language,
            "| 技术 | 之前 | 之后 | 差异（百分点，95% 区间） |",
            "| technology | before | after | difference in points, 95 % interval |",
        );
        let _ = writeln!(out, "{header}\n|---|---:|---:|---:|");
        for change in changes.into_iter().take(MOST) {
            let _ = writeln!(
                out,
                "| {} | {} ({}) | {} ({}) | {:+.1} … {:+.1} |",
                inline(&change.name),
                percent(change.share_before),
                change.before,
                percent(change.share_after),
                change.after,
                change.difference.low * 100.0,
                change.difference.high * 100.0
            );
        }
        out.push('\n');
    }
    out
}
