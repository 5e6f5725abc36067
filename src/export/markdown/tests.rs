use super::super::sample::{HOSTILE, sample};
use super::escape::inline;
use super::*;
use crate::tabulate::over_time;

fn digest(n: usize, n_clusters: usize, language: Language) -> String {
    let (report, roles) = sample(n, n_clusters);
    let mut out = Vec::new();
    markdown(&report, &roles, language, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_digest_goes_from_the_whole_to_the_role() {
    for (language, headings) in [
        (
            Language::En,
            [
                "# 20 roles in 3 specialisations",
                "## Overview",
                "## Specialisations within directions",
                "## Specialisations",
                "### 1. GPU 集群 0 · Volcano",
                "## In no specialisation",
                "## How often each technology is named",
                "## The digest\u{2019}s own tables beside its roles",
                "## Common requirements (not compared, listed once)",
                "## Similar pairs to check",
                "## Since the last time",
                "## Appendix: not in the lexicon yet",
                "## Appendix: roles that repeat others",
                "## Appendix: what was read",
                "## Appendix: how it was made",
            ],
        ),
        (
            Language::Zh,
            [
                "# 20 个岗位，3 个方向",
                "## 一览",
                "## 大方向与细分",
                "## 各方向",
                "### 1. GPU 集群 0 · Volcano",
                "## 未归入任何方向的岗位",
                "## 技术频率统计",
                "## 文档自己的表与岗位对照",
                "## 通用要求（不参与比较，仅列一次）",
                "## 相似的岗位（请核对）",
                "## 与上次相比",
                "## 附录：词表之外的技术词",
                "## 附录：重复的岗位",
                "## 附录：读入了什么",
                "## 附录：如何得到",
            ],
        ),
    ] {
        let text = digest(20, 3, language);
        let mut from = 0;
        for heading in headings {
            let line = format!("{heading}\n");
            let at = text[from..].find(&line);
            from += at.unwrap_or_else(|| panic!("no {heading:?} after byte {from}:\n{text}"));
        }
    }
}

#[test]
fn figures_and_merged_roles_are_stated() {
    let text = digest(20, 3, Language::En);
    assert!(text.contains("- 良好的沟通能力 (40 roles, recurs)"));
    assert!(text.contains("- **Programming languages**: Go 3 (15%, ×1.7)"), "{text}");
    assert!(text.contains("- 本科 (also in the text of 4 roles)\n"));
    assert!(
        text.contains("| **容器** | 200 | 20 | |\n| Kubernetes/K8s | 150 | 20 | 100% |\n"),
        "{text}"
    );
    assert!(
        text.contains("| 编程语言 | Go 10、") || text.contains("| 编程语言 | Go 10, "),
        "{text}"
    );
    assert!(
        text.contains("- **0.42** `1.1` 岗位 role 0 (1. GPU 集群 0 · Volcano) ~ `2.1`"),
        "{text}"
    );
    assert!(text.contains("and 7 more, in `report.json`."), "{text}");
    // Role 18 repeats role 0: it stands beside it, not on a line of its own.
    assert!(text.contains("| `1.1` | 岗位 role 0 | section 0 | 1.00 | `1.7` |"), "{text}");
    assert!(!text.contains("| `1.7` | 岗位 role 18 | section"));
    assert!(text.contains("| `1.7` 岗位 role 18 | `1.1` 岗位 role 0 | nearly the same | 0.93 |"));
    assert!(text.contains("**Records skipped: 3**") && text.contains("and 2 more"));
    assert!(text.contains("Kubernetes 100%"));
    assert!(text.contains("| `k` | `3` | number of specialisations |"), "{text}");
    assert!(text.contains("**Why 3 specialisations**: the roles hold no clear borders."), "{text}");
    assert!(text.contains("stay together 75% of the time"), "{text}");
    assert!(text.contains("**Worth a look** (sections below): 9 pairs of similar roles"), "{text}");
    assert!(text.contains("Present both times: 10 roles.") && text.contains("- gone: 4\n"));
}

#[test]
fn roles_with_dates_show_what_moves() {
    let (mut report, mut roles) = sample(80, 2);
    for (at, role) in roles.iter_mut().enumerate() {
        let late = at >= 40;
        role.facts.date = Some(if late { "2026-02-05" } else { "2026-01-05" }.into());
        role.stack = vec![if late == (at % 10 < 8) { "Kafka" } else { "Redis" }.into()];
    }
    let counted = |report: &Report, roles: &[Role]| over_time(report, roles);
    let written = |report: &Report, roles: &[Role]| {
        let mut out = Vec::new();
        markdown(report, roles, Language::En, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    report.over_time = counted(&report, &roles);
    let text = written(&report, &roles);
    assert!(text.contains("## Over time\n\n79 roles say when they were posted (100%;"), "{text}");
    assert!(text.contains("| 2026-01 | 40 | 51% (40–61) | ████████████████████ |"), "{text}");
    assert!(text.contains("| ↑ Kafka | 20% (10–35) |"), "{text}");
    assert!(text.contains("| ↓ Redis | 80% (65–90) |"), "{text}");
    report.placements.truncate(8);
    report.map = None;
    report.over_time = counted(&report, &roles[..8]);
    assert!(!written(&report, &roles[..8]).contains("## Over time"), "too few");
}

#[test]
fn hostile_text_stays_text() {
    let text = digest(20, 3, Language::Zh);
    for bad in ["<script", "<img", "</script", "\u{2028}", "\u{202e}", "[l](", " *b*", " # "] {
        let lines: Vec<&str> = text
            .lines()
            .filter(|l| l.contains(bad) && !l.starts_with('#') && !l.starts_with("| # |"))
            .collect();
        assert!(lines.is_empty(), "{bad:?} in {lines:#?}");
    }
    assert!(text.contains(&inline(HOSTILE)));
    // Every line of a table has the columns of its head.
    let mut columns = None;
    for line in text.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        match (line.starts_with('|'), columns) {
            (true, None) => columns = Some(bars),
            (true, Some(n)) => assert_eq!(bars, n, "{line}"),
            (false, _) => columns = None,
        }
    }
}

#[test]
fn a_run_without_clusters_or_roles_is_still_told() {
    assert!(digest(0, 1, Language::En).starts_with("# 0 roles in 1 specialisation\n"));
    let (mut report, roles) = sample(2, 1);
    report.profiles.clear();
    report.placements.iter_mut().for_each(|p| p.cluster = None);
    let mut out = Vec::new();
    markdown(&report, &roles, Language::En, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("2 in none of them (100%)"));
}
