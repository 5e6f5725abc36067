//! Two runs compared, as a document for people: what happened to the specialisations, then the
//! technologies.

use super::document::{Block, Document, Run};
use super::html::page;
use super::markdown::document;
use super::report_text::{interval_points, n_roles, percent, pick};
use crate::compare::{Comparison, Fate, Fates, Named};
use crate::language::Language;
use crate::over_time::{Change, SIGNIFICANT, Trends};

/// Technologies shown of each list.
const MOST: usize = 15;

/// Technologies shown of one specialisation.
const MOST_WITHIN: usize = 5;

/// A comparison as Markdown.
pub fn comparison(found: &Comparison, language: Language) -> String {
    document(&told(found, language))
}

/// The same as one page of HTML, which needs no other file and runs nothing.
pub fn comparison_page(found: &Comparison, language: Language) -> String {
    page(&told(found, language), language)
}

/// Says that the runs are written in two languages and what to do; `None` where they are not.
pub fn two_languages(found: &Comparison, language: Language) -> Option<String> {
    let Comparison { first, second, .. } = found;
    let [one, other] = found.languages?;
    Some(match language {
        Language::Zh => format!(
            "{first} 的岗位多以 {one} 写成，{second} 的多以 {other} 写成：语言对向量的影响只能在同一次\
             运行内识别，因此同一工种会在前者中显示为消失、在后者中显示为新出现；请把两种语言的岗位\
             放进同一次运行，再用 table --columns language 对照"
        ),
        Language::En => format!(
            "most roles of {first} are in {one}, and most of {second} in {other}: what a language \
             adds to the vectors can be told within a run alone, so that one trade seems to vanish \
             here and to appear there; put both languages into one run and use table --columns \
             language"
        ),
    })
}

fn told(found: &Comparison, language: Language) -> Document {
    let Comparison { first, second, .. } = found;
    let title = match language {
        Language::Zh => format!("{first} 与 {second} 的比较"),
        Language::En => format!("{first} and {second} compared"),
    };
    let counts = [found.roles_before, found.roles_after].map(|n| n_roles(language, n));
    let mut blocks = vec![
        Block::Paragraph(format!("{first}: {}; {second}: {}", counts[0], counts[1])),
        Block::Paragraph(explained(language).to_string()),
    ];
    if let Some(warning) = two_languages(found, language) {
        blocks.push(Block::Paragraph(warning + pick(language, "。", ".")));
    }
    for fate in FATES {
        let all: Vec<&Fates> = found.specialisations.iter().filter(|f| f.fate == fate).collect();
        if !all.is_empty() {
            blocks.push(Block::Heading(format!("{} ({})", heading(fate, language), all.len())));
            let items = all.into_iter().map(|fates| specialisation(fates, language));
            blocks.push(Block::List(items.collect()));
        }
    }
    blocks.extend(technologies(&found.technologies, language));
    Document { title, blocks }
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

fn specialisation(fates: &Fates, language: Language) -> Vec<Run> {
    let mut line = Vec::new();
    for (at, side) in
        [&fates.before, &fates.after].into_iter().filter(|s| !s.is_empty()).enumerate()
    {
        if at > 0 {
            line.push(Run::plain(" → "));
        }
        line.extend(named(side, language));
    }
    line.push(Run::plain(format!(": {}", shares(fates))));
    let trends = fates.technologies.as_ref();
    let gained = trends.map_or_else(Vec::new, |trends| trends.rising(MOST_WITHIN));
    let lost = trends.map_or_else(Vec::new, |trends| trends.falling(MOST_WITHIN));
    for (changes, zh, en) in [(gained, "增加", "more"), (lost, "减少", "less")] {
        let names: Vec<&str> = changes.iter().map(|change| change.name.as_str()).collect();
        if !names.is_empty() {
            let lead = pick(language, zh, en);
            line.push(Run::plain(format!("; {lead}: {}", names.join(", "))));
        }
    }
    line
}

/// Specialisations with their roles: **Web** (12 roles) + **Mobile** (3 roles).
fn named(all: &[Named], language: Language) -> Vec<Run> {
    let mut runs = Vec::new();
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            runs.push(Run::plain(" + "));
        }
        runs.push(Run::strong(&one.name));
        runs.push(Run::plain(format!(" ({})", n_roles(language, one.roles))));
    }
    runs
}

fn shares(fates: &Fates) -> String {
    let star = if fates.p_adjusted < SIGNIFICANT { "*" } else { "" };
    format!(
        "{} → {} ({}){star}",
        percent(fates.share_before),
        percent(fates.share_after),
        interval_points(fates.difference)
    )
}

fn technologies(trends: &Trends, language: Language) -> Vec<Block> {
    let mut blocks = Vec::new();
    let parts = [
        ("更多需求的技术", "Technologies gained", trends.rising(MOST)),
        ("更少需求的技术", "Technologies lost", trends.falling(MOST)),
    ];
    for (zh, en, changes) in parts {
        blocks.push(Block::Heading(pick(language, zh, en).to_string()));
        if changes.is_empty() {
            let none = pick(language, "没有显著变化。", "None beyond chance.");
            blocks.push(Block::Paragraph(none.to_string()));
            continue;
        }
        let head = match language {
            Language::Zh => ["技术", "之前", "之后", "差异（百分点，95% 区间）"],
            Language::En => {
                ["technology", "before", "after", "difference in points, 95 % interval"]
            }
        };
        let row = |change: &Change| {
            vec![
                change.name.clone(),
                format!("{} ({})", percent(change.share_before), change.before),
                format!("{} ({})", percent(change.share_after), change.after),
                interval_points(change.difference),
            ]
        };
        blocks.push(Block::Table {
            head: head.map(String::from).to_vec(),
            rows: changes.into_iter().map(row).collect(),
        });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::super::sample::HOSTILE;
    use super::*;
    use crate::clustering::ClusterId;
    use crate::over_time::Interval;
    use crate::text::DetectedLanguage;

    fn change(name: &str, before: usize, after: usize) -> Change {
        Change {
            name: name.into(),
            before,
            after,
            share_before: before as f64 / 100.0,
            share_after: after as f64 / 100.0,
            difference: Interval { low: 0.01, high: 0.2 },
            p_adjusted: 0.001,
        }
    }

    fn compared() -> Comparison {
        let trends = Trends {
            first: "2025".into(),
            last: "2026".into(),
            n_first: 100,
            n_last: 100,
            changes: vec![change(HOSTILE, 10, 40), change("Perl", 20, 5)],
            suppressed: 0,
        };
        let one = |name: &str| vec![Named { id: ClusterId(0), name: name.into(), roles: 12 }];
        let fates = Fates {
            fate: Fate::Grew,
            before: one("Web & C++"),
            after: one(HOSTILE),
            similarity: Some(0.9),
            share_before: 0.12,
            share_after: 0.3,
            difference: Interval { low: 0.1, high: 0.25 },
            p_adjusted: 0.01,
            technologies: Some(trends.clone()),
        };
        Comparison {
            first: "jobs-2025".into(),
            second: "<jobs>".into(),
            roles_before: 100,
            roles_after: 100,
            languages: Some([DetectedLanguage::De, DetectedLanguage::En]),
            specialisations: vec![fates],
            technologies: trends,
        }
    }

    /// The text of a page as a reader sees it, without its style.
    fn read(page: &str) -> String {
        let body = page.split("</head>").nth(1).unwrap();
        let mut out = String::new();
        for piece in body.split('<') {
            out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
            out.push(' ');
        }
        let plain = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        plain.replace("&#39;", "'").replace("&amp;", "&")
    }

    #[test]
    fn the_page_says_what_the_markdown_says() {
        for language in [Language::En, Language::Zh] {
            let document = told(&compared(), language);
            let seen = read(&comparison_page(&compared(), language));
            let text = comparison(&compared(), language);
            assert!(text.starts_with("# jobs-2025"), "{text}");
            let words = |text: &str| crate::text::markdown::one_line(text).into_owned();
            let mut said = vec![document.title.clone()];
            for block in document.blocks {
                match block {
                    Block::Heading(text) | Block::Paragraph(text) => said.push(text),
                    Block::List(items) => {
                        said.extend(items.into_iter().flatten().map(|run| run.text));
                    }
                    Block::Table { head, rows } => {
                        said.extend(head.into_iter().chain(rows.into_iter().flatten()));
                    }
                }
            }
            for said in said {
                assert!(words(&seen).contains(words(&said).trim()), "{said}: {seen}");
                assert!(
                    text.contains(&crate::text::markdown::within_line(&said)),
                    "{said}: {text}"
                );
            }
        }
    }

    #[test]
    fn a_page_of_hostile_names_holds_its_own_markup_and_runs_nothing() {
        let page = comparison_page(&compared(), Language::En);
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "{page}");
        for bad in
            ["<script", "<img", "javascript:alert(1)\"", " style=", "http:", "https:", "\u{202e}"]
        {
            assert!(!page.contains(bad), "{bad}");
        }
        for tag in ["h1", "h2", "li", "table", "tr", "bdi", "strong", "ul", "p"] {
            let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
            assert_eq!(page.matches(&open).count(), page.matches(&close).count(), "{tag}");
        }
    }
}
