use proptest::prelude::*;

use super::*;
use crate::role::RoleId;

fn role(id: &str, title: &str, description: &str, stack: &[&str]) -> Role {
    Role {
        id: RoleId::new(id),
        title: title.into(),
        description: description.into(),
        stack: stack.iter().map(|&entry| entry.into()).collect(),
        ..Role::default()
    }
}

/// Twelve roles in three clusters, written for these tests; the figures below were counted
/// by hand.
fn digest() -> (Vec<Role>, Vec<Option<usize>>) {
    let roles = vec![
        role("a1", "GPU集群运维（北京）", "维护K8S集群上的H100与A100", &["Kubernetes", "Volcano"]),
        role(
            "a2",
            "高级GPU集群工程师",
            "用k8s调度显卡作业，会Python更好",
            &["Nvidia H100/A100", "Volcano"],
        ),
        role("a3", "GPU cluster operations engineer", "Runs Slurm and Kubernetes", &["NCCL", "Go"]),
        role("a4", "Senior GPU Cluster SRE", "Keeps A100 nodes healthy", &["K8s", "MyOwnTool"]),
        role("b1", "MySQL数据库运维", "管理MySQL与Redis，备份恢复", &["MySQL", "Redis"]),
        role("b2", "数据库管理员DBA", "精通Oracle、Mysql，会shell", &["Oracle", "PostgreSQL"]),
        role("b3", "Database administrator", "Postgres and MySQL on Linux", &["my-own-tool"]),
        role("b4", "资深数据库工程师", "负责ES、Redis的调优", &["ES", "Redis"]),
        role("c1", "Registered Nurse", "Ready to go to the ward, excels in care", &[]),
        role("c2", "护士（夜班）", "病房护理", &[]),
        role("c3", "Staff nurse", "Swift help in spring and summer", &[]),
        role("c4", "Noise", "Sells C端 products", &["Sales", "C"]),
    ];
    let labels = (0..12).map(|row| (row < 11).then_some(row / 4)).collect();
    (roles, labels)
}

fn run(roles: &[Role], raw: &[Option<usize>], language: Option<Language>) -> Description {
    let (clustering, _) = Clustering::canonical(raw, vec![1.0; raw.len()]);
    let texts: Vec<LongText> = roles.iter().map(|role| role.text().into()).collect();
    // One direction per role, so that every role is as near its centre as the others.
    let vectors = Matrix::new(roles.len(), 1, vec![1.0; roles.len()]).unwrap();
    let params = DescribeParams { language, ..DescribeParams::default() };
    describe(Postings { roles, texts: &texts }, &clustering, &vectors, &params, &Meaning::default())
}

fn figures(uses: &[TechnologyUse], name: &str) -> Option<(usize, f64, f64)> {
    uses.iter().find(|of| of.name == name).map(|of| (of.count, of.share, of.lift))
}

#[test]
fn technologies_are_counted_as_by_hand() {
    let (roles, labels) = digest();
    let found = run(&roles, &labels, None);
    for (name, count) in [
        ("Kubernetes", 4),
        ("MySQL", 3),
        ("Redis", 2),
        ("H100", 2),
        ("A100", 3),
        ("Volcano", 2),
        ("NVIDIA", 1),
        ("PostgreSQL", 2),
        ("Elasticsearch", 1),
        ("Go", 1),
        ("C", 1),
        ("Slurm", 1),
        ("GPU", 4),
        ("Oracle", 1),
        ("Shell", 1),
    ] {
        let counted = figures(&found.technologies, name);
        assert_eq!(counted, Some((count, count as f64 / 12.0, 1.0)), "{name}");
    }
    for absent in ["Swift", "Spring", "Microsoft Excel", "Sentry"] {
        assert_eq!(figures(&found.technologies, absent), None, "{absent}");
    }
    let gpu = &found.profiles[0].technologies;
    assert_eq!(figures(gpu, "Kubernetes"), Some((4, 1.0, 3.0)));
    assert_eq!(figures(gpu, "A100"), Some((3, 0.75, 3.0)));
    assert_eq!(figures(&found.profiles[2].technologies, "Go"), None);
    let counts: Vec<usize> = found.technologies.iter().map(|of| of.count).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b));
}

#[test]
fn providers_count_within_the_names_of_their_services() {
    let roles = [role("1", "", "Knows AWS Lambda and GPU调度", &["React Native"])];
    let found = run(&roles, &[Some(0)], None);
    let names: Vec<&str> = found.technologies.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, ["AWS", "AWS Lambda", "GPU", "GPU scheduling", "React Native"]);
}

#[test]
fn unknown_stack_entries_are_candidates() {
    let (roles, labels) = digest();
    let found = run(&roles, &labels, None);
    assert_eq!(found.candidates, [("MyOwnTool".to_string(), 2), ("Sales".to_string(), 1)]);
}

#[test]
fn names_speak_either_language_whatever_the_postings_are_in() {
    let (roles, labels) = digest();
    let names = |language| -> Vec<String> {
        run(&roles, &labels, Some(language)).profiles.into_iter().map(|p| p.name).collect()
    };
    let english = names(Language::En);
    assert!(english[0].starts_with("GPU cluster"), "{english:?}");
    assert!(english[0].contains(" · ") && english[0].contains("Kubernetes"), "{english:?}");
    assert!(english[1].starts_with("Database"), "{english:?}");
    assert!(english[2].starts_with("Nursing"), "{english:?}");
    let chinese = names(Language::Zh);
    assert!(chinese[0].starts_with("GPU集群"), "{chinese:?}");
    assert!(chinese[1].starts_with("数据库"), "{chinese:?}");
    assert!(chinese[2].starts_with("护理"), "{chinese:?}");
    for name in english.iter().chain(&chinese) {
        for word in ["北京", "Beijing", "高级", "Senior", "工程师", "engineer", "(", "（"] {
            assert!(!name.contains(word), "{name}");
        }
    }
}

/// The name in `language` of a cluster with these titles, beside one of nurses.
fn head_of(titles: &[&str], language: Language) -> String {
    let nurses = ["Staff nurse", "Night nurse", "Ward nurse"].repeat(4);
    let titles: Vec<&str> = titles.iter().copied().chain(nurses).collect();
    let roles: Vec<Role> =
        titles.iter().enumerate().map(|(n, t)| role(&n.to_string(), t, "", &[])).collect();
    let labels: Vec<Option<usize>> =
        titles.iter().map(|title| Some(usize::from(title.ends_with("nurse")))).collect();
    // The nurses are more, so they come first.
    let name = run(&roles, &labels, Some(language)).profiles.remove(1).name;
    name.split(" · ").next().unwrap_or_default().to_string()
}

#[test]
fn two_subjects_that_share_the_titles_stand_side_by_side() {
    let titles = [
        "Storage engineer, HDFS",
        "Storage expert",
        "Storage operations",
        "Big data engineer",
        "Big data lead",
        "Big data operations",
        "Fintech risk",
        "Compiler",
    ];
    assert_eq!(head_of(&titles, Language::En), "Big data and storage");
}

#[test]
fn a_subject_and_a_way_of_working_are_not_joined() {
    let titles = [
        "Middleware engineer",
        "Middleware expert",
        "SRE, maps",
        "SRE, ride hailing",
        "SRE, payments",
        "SRE, search",
        "Database",
        "Compiler",
    ];
    let name = head_of(&titles, Language::En);
    assert!(["SRE", "Middleware"].contains(&name.as_str()), "{name}");
}

#[test]
fn the_title_of_one_role_does_not_name_its_neighbours() {
    let titles = [
        "负载均衡专家",
        "负载均衡系统研发",
        "负载均衡工程师",
        "接入层架构师",
        "业务保障",
        "网约车",
        "地图导航",
        "云盘架构师",
    ];
    assert_eq!(head_of(&titles, Language::Zh), "负载均衡");
    let titles = [
        "搜推平台研发",
        "搜推工程师",
        "搜推机器学习平台后端工程师",
        "搜推机器学习平台研发",
        "制造",
        "产品安全",
    ];
    assert_eq!(head_of(&titles, Language::Zh), "推荐系统");
}

#[test]
fn what_somebody_is_stays_out_of_the_name() {
    let titles = ["云平台架构师", "Cloud platform architect", "云平台工程师", "云平台专家"];
    assert_eq!(head_of(&titles, Language::Zh), "云平台");
    assert_eq!(head_of(&titles, Language::En), "Cloud platform");
}

#[test]
fn the_employer_named_in_a_column_is_no_name() {
    let mut roles = vec![];
    for n in 0..6 {
        let title = if n < 3 { "Vexol storage engineer" } else { "Chef" };
        let mut role = role(&n.to_string(), title, "", &[]);
        role.fields.insert("company", "Vexol");
        roles.push(role);
    }
    let labels: Vec<Option<usize>> = (0..6).map(|n| Some(n / 3)).collect();
    assert_eq!(run(&roles, &labels, None).profiles[0].name, "Storage");
}

#[test]
fn exemplars_are_nearest_first_and_never_the_same_text() {
    let titles = ["far", "near", "nearest", "nearest", "middle"];
    let roles: Vec<Role> =
        titles.iter().enumerate().map(|(n, t)| role(&n.to_string(), t, "", &[])).collect();
    let texts: Vec<LongText> = roles.iter().map(|role| role.text().into()).collect();
    let angles = [1.2f32, 0.3, 0.0, 0.0, -0.9];
    let rows = angles.iter().flat_map(|a| [a.cos(), a.sin()]).collect();
    let vectors = Matrix::new(5, 2, rows).unwrap();
    let (clustering, _) = Clustering::canonical(&[Some(0); 5], vec![1.0; 5]);
    let found = describe(
        Postings { roles: &roles, texts: &texts },
        &clustering,
        &vectors,
        &DescribeParams::default(),
        &Meaning::default(),
    );
    let ids: Vec<&str> = found.profiles[0].exemplars.iter().map(RoleId::as_str).collect();
    assert_eq!(ids, ["2", "1", "4"]);
}

#[test]
fn nothing_to_say_is_still_said_apart() {
    let roles: Vec<Role> = (0..6).map(|n| role(&n.to_string(), "", "", &[])).collect();
    let labels: Vec<Option<usize>> = (0..6).map(|n| Some(n / 2)).collect();
    let names: Vec<String> =
        run(&roles, &labels, None).profiles.into_iter().map(|p| p.name).collect();
    assert_eq!(names, ["Group 1", "Group 2", "Group 3"]);
    assert!(run(&[], &[], None).profiles.is_empty());
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (roles, labels) = digest();
    let expected = run(&roles, &labels, Some(Language::En));
    // Rows of a cluster change places; the clusters keep their sizes and first rows' order.
    let order = [3, 2, 1, 0, 7, 4, 6, 5, 10, 8, 9, 11];
    let shuffled: Vec<Role> = order.iter().map(|&row| roles[row].clone()).collect();
    let labels: Vec<Option<usize>> = order.iter().map(|&row| labels[row]).collect();
    assert_eq!(run(&shuffled, &labels, Some(Language::En)), expected);
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        any::<String>(),
        Just("<script>alert(1)</script>\u{2028}\u{202e}工程师".to_string()),
        Just("=HYPERLINK(\"x\")\r\n## 一级".to_string()),
        Just("Go Go Go C++/C/R K8s".to_string()),
        Just("高级".to_string()),
        Just("GPU集群运维".to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn names_are_distinct_and_harmless_for_any_clustering(
        rows in prop::collection::vec(
            (hostile(), hostile(), prop::collection::vec(hostile(), 0..3), prop::option::of(0usize..5)),
            0..14,
        ),
        chinese in any::<bool>(),
    ) {
        let roles: Vec<Role> = rows
            .iter()
            .enumerate()
            .map(|(n, (title, text, stack, _))| {
                let stack: Vec<&str> = stack.iter().map(String::as_str).collect();
                role(&n.to_string(), title, text, &stack)
            })
            .collect();
        let labels: Vec<Option<usize>> = rows.iter().map(|row| row.3).collect();
        let language = if chinese { Language::Zh } else { Language::En };
        let found = run(&roles, &labels, Some(language));
        let mut seen = std::collections::HashSet::new();
        for profile in &found.profiles {
            prop_assert!(seen.insert(profile.name.to_lowercase()), "twice: {}", profile.name);
            prop_assert!(!profile.name.trim().is_empty());
            prop_assert!(profile.name.chars().count() <= 140);
            let odd = |c: char| c.is_control() || "<>\"\u{2028}\u{2029}\u{202e}\u{200b}=@".contains(c);
            prop_assert!(!profile.name.contains(odd), "{:?}", profile.name);
            for term in &profile.terms {
                prop_assert!(!term.term.contains(char::is_control), "{:?}", term.term);
            }
        }
    }
}
