use std::collections::BTreeMap;

use super::super::sample::{HOSTILE, sample};
use super::*;
use arcstr::ArcStr;

use crate::intake::{BoilerplateSentence, BoilerplateSource, Duplicate, DuplicateKind};
use crate::progress::Silent;
use crate::read::{self, Input, ReadOptions};
use crate::role::{Corpus, RoleId};

/// What the reader makes of a file.
fn read_file(name: &str, text: &str) -> read::Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    read::read(&[Input::File(path)], &ReadOptions::default(), &Silent).unwrap()
}

/// Roles as the reader gives them, from title, text and technologies.
fn roles(of: &[(&str, &str, &[&str])]) -> Corpus {
    let line = |(at, (title, text, stack)): (usize, &(&str, &str, &[&str]))| {
        let role = serde_json::json!({
            "id": format!("a {at}.{at}"), "title": title, "description": text, "stack": stack,
            "company": "甲 | 地点：乙", "location": "杭州 · 余杭", "salary": "20-35K·15薪",
        });
        format!("{role}\n")
    };
    let text: String = of.iter().enumerate().map(line).collect();
    read_file("a.jsonl", &text).corpus
}

/// A report on these roles in some specialisations, nothing merged and nothing left out.
fn report_on(roles: &[Role], n_clusters: usize) -> Report {
    let (mut report, _) = sample(roles.len(), n_clusters);
    for (placement, role) in report.placements.iter_mut().zip(roles) {
        placement.id = role.id.clone();
        placement.duplicate_of = None;
    }
    report.intake.duplicates.clear();
    report.intake.boilerplate.clear();
    report
}

fn written(report: &Report, roles: &[Role], language: Language) -> String {
    let mut out = Vec::new();
    digest(report, roles, language, Boilerplate::Once, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What makes a role the same, by id.
type Told = (ArcStr, String, Vec<ArcStr>, [Option<ArcStr>; 3]);

fn told(roles: &[Role]) -> BTreeMap<RoleId, Told> {
    let one = |role: &Role| {
        let facts = [&role.facts.company, &role.facts.place, &role.facts.pay].map(Clone::clone);
        (
            role.id.clone(),
            (role.title.clone(), role.description.to_string(), role.stack.clone(), facts),
        )
    };
    roles.iter().map(one).collect()
}

#[test]
fn the_digest_read_again_gives_the_same_roles() {
    let tricky = [
        "# heading",
        "## 一、方向",
        "岗位3：x",
        "Role 2: Post (2024-05-01)",
        "1. Cook",
        ".NET engineer #",
        "- dash",
        "• dot",
        "| a | b |",
        "a `b` **c** [d](e) ![f](g) <h>",
        "技术栈：Go",
        "**技术栈**：Go、K8s",
        "地点：上海 | 公司：甲",
        "Apply: jobs@example.org",
        "anna commented on May 3, 2024:",
        "Comment 3",
        "3楼",
        "---",
        "```",
        "R&D & <T> &",
        "1、甲 2、乙",
        "技术频率统计",
        "Tech stack",
        "（无标题）x",
        HOSTILE,
    ];
    let texts: Vec<String> = tricky
        .iter()
        .map(|line| format!("{line}\nkeeps the line above, {line}\n{line}\n负责：{line}"))
        .collect();
    let stack: &[&str] = &["C, C++", "Go", "[x", "AWS（EC2、S3）", "- a;b", "`c`", "(open"];
    let of: Vec<(&str, &str, &[&str])> = tricky
        .iter()
        .zip(&texts)
        .enumerate()
        .map(|(at, (title, text))| (*title, text.as_str(), if at % 3 == 0 { stack } else { &[] }))
        .chain([("", "负责存储系统的研发", &["Ceph"] as &[&str]), ("只有标题", "", &[])])
        .collect();
    let corpus = roles(&of);
    assert_eq!(corpus.len(), of.len());
    for language in [Language::Zh, Language::En] {
        for n_clusters in [1, 3, 8] {
            let report = report_on(corpus.roles(), n_clusters);
            let text = written(&report, corpus.roles(), language);
            let again = read_file("a.md", &text);
            assert_eq!(told(again.corpus.roles()), told(corpus.roles()), "{text}");
            assert_eq!(again.skipped_total, 0);
            // And a digest of that digest says the same of them.
            let report = report_on(again.corpus.roles(), n_clusters);
            let twice = written(&report, again.corpus.roles(), language);
            assert_eq!(told(read_file("b.md", &twice).corpus.roles()), told(corpus.roles()));
        }
    }
}

#[test]
fn what_repeats_stands_once_with_its_sources() {
    let corpus = roles(&[
        ("存储研发", "负责存储系统的研发。良好的沟通能力。", &["Ceph"]),
        ("护士", "照顾病人。良好的沟通能力。", &[]),
        ("存储系统研发", "负责存储系统的研发", &[]),
        ("司机", "驾驶货车", &[]),
    ]);
    let mut report = report_on(corpus.roles(), 2);
    report.placements[2].duplicate_of = Some(corpus.roles()[0].id.clone());
    report.intake.duplicates = vec![Duplicate {
        role: corpus.roles()[2].id.clone(),
        of: corpus.roles()[0].id.clone(),
        kind: DuplicateKind::Near,
        similarity: 0.87,
    }];
    report.intake.boilerplate = vec![BoilerplateSentence {
        sentence: "良好的沟通能力。".into(),
        count: 2,
        source: BoilerplateSource::Recurring,
    }];
    let text = written(&report, corpus.roles(), Language::Zh);
    assert!(text.contains("- 良好的沟通能力。 (2 个岗位, 多处重复)\n"), "{text}");
    assert!(text.contains("合并重复的 1 个，列出 3 个；"), "{text}");
    assert!(
        text.contains("**来源**：a 0.0 (a.jsonl:1)；a 2.2 存储系统研发 (a.jsonl:3, 近似 0.87)\n"),
        "{text}"
    );
    let again = read_file("a.md", &text);
    let again: Vec<&str> = again.corpus.roles().iter().map(|r| r.description.as_str()).collect();
    assert_eq!(again, ["负责存储系统的研发。", "照顾病人。", "驾驶货车"]);
    let mut kept = Vec::new();
    digest(&report, corpus.roles(), Language::Zh, Boilerplate::Kept, &mut kept).unwrap();
    assert_eq!(String::from_utf8(kept).unwrap().matches("良好的沟通能力").count(), 3);
}

#[test]
fn the_parts_stand_in_order_and_none_but_the_roles_is_read_as_one() {
    let (report, roles) = sample(20, 3);
    for (language, headings) in [
        (
            Language::Zh,
            [
                "# 20 个岗位，3 个方向",
                "## 通用要求（不参与比较，仅列一次）",
                "## 一、方向 1",
                "### 1. GPU 集群 0 · Volcano",
                "#### 岗位1：岗位 role 0",
                "### 技术汇总",
                "## 二、方向 2",
                "## 未归入任何方向的岗位",
                "## 相似的岗位（请核对）",
                "## 技术频率统计",
                "### 容器与编排（共 20 次）",
            ],
        ),
        (
            Language::En,
            [
                "# 20 roles in 3 specialisations",
                "## Common requirements (not compared, listed once)",
                "## 1. 方向 1",
                "### 1. GPU 集群 0 · Volcano",
                "#### Role 1: 岗位 role 0",
                "### Technology summary",
                "## 2. 方向 2",
                "## In no specialisation",
                "## Similar pairs to check",
                "## Technology frequency statistics",
                "### Containers and orchestration (20 mentions)",
            ],
        ),
    ] {
        let text = written(&report, &roles, language);
        let mut from = 0;
        for heading in headings {
            let at = text[from..].find(&format!("{heading}\n"));
            from += at.unwrap_or_else(|| panic!("no {heading:?} after byte {from}:\n{text}"));
        }
        let again = read_file("a.md", &text);
        assert_eq!(again.corpus.len(), 19, "one repeats another");
        let kinds: Vec<crate::intake::SetAsideKind> =
            again.set_aside.iter().map(|block| block.kind).collect();
        use crate::intake::SetAsideKind::{CommonRequirements, Statistics, Summary};
        for kind in [CommonRequirements, Statistics, Summary] {
            assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
        }
    }
    assert!(written(&sample(0, 1).0, &[], Language::En).starts_with("# 0 roles"));
}
