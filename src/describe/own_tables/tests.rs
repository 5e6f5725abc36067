use super::*;
use crate::role::{Origin, RoleId};

fn role(id: &str, section: &str, description: &str, stack: &[&str]) -> Role {
    Role {
        id: RoleId::new(id),
        title: "岗位".into(),
        description: description.into(),
        stack: stack.iter().map(|&entry| entry.into()).collect(),
        section: Some(section.into()),
        origin: Origin { file: "a.md".into(), line: 1 },
        ..Role::default()
    }
}

fn roles() -> Vec<Role> {
    vec![
        role(
            "1",
            "云",
            "负责K8s集群。具有较强的沟通能力和团队精神。",
            &["Kubernetes", "Go", "Foobarite"],
        ),
        role("2", "云", "用 Python 写工具，本科以上学历。", &["Python", "Kubernetes"]),
        role("3", "数据", "维护 Kafka 与 foobarite 传输层", &["Kafka", "Python"]),
    ]
}

fn block(kind: SetAsideKind, section: Option<&str>, lines: &[&str]) -> SetAside {
    SetAside {
        file: "a.md".into(),
        line: 9,
        heading: "表".into(),
        section: section.map(String::from),
        kind,
        lines: lines.iter().map(|line| line.to_string()).collect(),
    }
}

#[test]
fn counts_stand_beside_those_of_the_roles() {
    let blocks = [block(
        SetAsideKind::Statistics,
        None,
        &[
            "容器（约200次）",
            "- Kubernetes/K8s：约150次",
            "其他",
            "- Go、Python：40%",
            "- Foobarite：5次",
            "- Rust：3次",
        ],
    )];
    let tables = own_tables(&blocks, &roles(), Language::Zh);
    let table = &tables.counts[0];
    let told: Vec<(&str, usize)> =
        table.groups.iter().flat_map(|g| &g.rows).map(|r| (r.label.as_str(), r.roles)).collect();
    assert_eq!(told, [("Kubernetes/K8s", 2), ("Go、Python", 3), ("Foobarite", 2), ("Rust", 0)]);
    assert_eq!(table.groups[0].stated.map(|figure| figure.value), Some(200.0));
    assert_eq!((table.groups[0].mentions, table.groups[1].mentions), (2, 5));
    assert!(table.groups[1].rows[0].stated.percent);
    assert_eq!(table.groups[0].rows[0].technologies, ["Kubernetes"]);
    assert!(table.groups[1].rows[1].technologies.is_empty(), "told by its word");
}

#[test]
fn a_summary_is_compared_with_the_roles_of_its_section() {
    let lines = ["**编程语言**：Go、Rust", "**传输**：Foobarite"];
    let of_cloud = block(SetAsideKind::Summary, Some("云"), &lines);
    let of_all = block(SetAsideKind::Summary, None, &lines);
    let tables = own_tables(&[of_cloud, of_all], &roles(), Language::Zh);
    let told = |at: usize| -> Vec<(String, usize)> {
        let entries = tables.summaries[at].kinds.iter().flat_map(|kind| &kind.entries);
        entries.map(|entry| (entry.label.clone(), entry.roles)).collect()
    };
    assert_eq!(told(0), [("Go".into(), 1), ("Rust".into(), 0), ("Foobarite".into(), 1)]);
    assert_eq!(told(1)[2], ("Foobarite".into(), 2));
    let unlisted: Vec<&str> =
        tables.summaries[0].unlisted.iter().map(|entry| entry.label.as_str()).collect();
    assert_eq!((tables.summaries[0].n_roles, unlisted), (2, vec!["Kubernetes"]));
}

#[test]
fn common_requirements_are_counted_in_the_texts() {
    let lines =
        ["- 本科及以上学历、计算机相关专业", "- 良好的沟通能力、责任心", "- 适应on-call轮值"];
    let blocks = [block(SetAsideKind::CommonRequirements, None, &lines)];
    let tables = own_tables(&blocks, &roles(), Language::Zh);
    let counts: Vec<usize> = tables.requirements.iter().map(|stated| stated.roles).collect();
    assert_eq!(counts, [1, 1, 0]);
    assert!(own_tables(&[], &roles(), Language::Zh).is_empty());
}
