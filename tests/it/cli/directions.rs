//! `--directions FILE`.

use std::process::Output;

use serde_json::Value;

use crate::support::{Workspace, sample};

const GERMAN: &str = "# Unser Schema\n\
    KI-Infrastruktur und GPU-Cluster - verteiltes Training und Inferenz großer Modelle\n\
    Netzwerk und Lastverteilung\tBGP, DPDK, CDN, DNS\n\
    Datenbanken und Speicher\n\
    Krankenpflege\n";
const CHINESE: &str = "AI 基础设施与 GPU 集群 - 大模型训练与推理\n网络与负载均衡 - BGP、DPDK、CDN、DNS\n数据库与存储\n";

/// With the bundled model, which knows languages.
fn bundled(workspace: &Workspace, args: &[&str]) -> Output {
    let mut command = workspace.command(args);
    let output = command.env_remove("ROLECLUSTER_MODEL").output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {stderr}");
    output
}

fn report(workspace: &Workspace) -> Value {
    serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap()
}

/// Of the roles placed in a direction the share that stands in a section, and how many of the
/// section's are placed there.
fn agreement(report: &Value, direction: &str, section: &str) -> (f64, f64) {
    let placements = report["placements"].as_array().unwrap();
    let count = |of: &dyn Fn(&Value) -> bool| placements.iter().filter(|p| of(p)).count() as f64;
    let (there, of_section) =
        (|p: &Value| p["direction_name"] == direction, |p: &Value| p["section"] == section);
    let both = count(&|p| there(p) && of_section(p));
    (both / count(&there).max(1.0), both / count(&of_section))
}

#[test]
fn roles_are_placed_in_given_directions_of_any_language() {
    let workspace = Workspace::new();
    workspace.write("german.txt", GERMAN);
    workspace.write("chinese.txt", CHINESE);
    let sample = sample();
    let run = ["run", sample.to_str().unwrap(), "--out", "jobs", "--directions", "german.txt"];
    let said = bundled(&workspace, &run);
    let warned = String::from_utf8(said.stderr).unwrap();
    let german = report(&workspace);
    // Nobody nurses here.
    let counts = &german["method"]["parameters"]["given_directions"];
    assert_eq!(
        (counts[3]["name"].as_str(), counts.as_array().unwrap().len()),
        (Some("Krankenpflege"), 4)
    );
    let nurses = counts[3]["roles"].as_u64().unwrap();
    assert!(nurses <= 4, "{counts}");
    assert_eq!(
        warned.contains("no role is near the given direction \"Krankenpflege\""),
        nurses == 0
    );
    let names = [
        "KI-Infrastruktur und GPU-Cluster",
        "Netzwerk und Lastverteilung",
        "Datenbanken und Speicher",
    ];
    let sections = [
        "AI infrastructure and GPU clusters",
        "Network and load balancing",
        "Databases and storage",
    ];
    for (name, section) in names.iter().zip(sections) {
        let (precision, recall) = agreement(&german, name, section);
        assert!(precision >= 0.3 && recall >= 0.5, "{name}: {precision:.2} {recall:.2}");
    }
    let directions = german["directions"].as_array().unwrap();
    assert!(directions.iter().any(|direction| direction["source"] == "found"), "{directions:?}");
    let is_given = |name: &str| names.contains(&name) || name == "Krankenpflege";
    for direction in directions {
        let given = is_given(direction["name"].as_str().unwrap());
        assert_eq!(direction["source"], if given { "given" } else { "found" }, "{direction}");
    }
    for place in german["placements"].as_array().unwrap() {
        let given = is_given(place["direction_name"].as_str().unwrap());
        assert_eq!(place["direction_source"], if given { "given" } else { "found" }, "{place}");
    }
    let digest = String::from_utf8(workspace.read("jobs/report.md")).unwrap();
    assert!(digest.contains("Netzwerk und Lastverteilung** ("), "{digest:.3000}");
    let table = String::from_utf8(workspace.read("jobs/roles.csv")).unwrap();
    assert!(table.contains("direction_name,direction_source,cluster,"), "{table:.200}");
    // A correction comes after it, and does not need the file again.
    workspace.done(&["rename", "jobs", "1", "Mine"]);
    let renamed = report(&workspace);
    assert_eq!(renamed["profiles"][0]["name"], "Mine");
    for (now, before) in renamed["directions"].as_array().unwrap().iter().zip(directions) {
        assert_eq!((&now["source"], &now["size"]), (&before["source"], &before["size"]));
    }

    let again = ["cluster", "jobs", "--directions", "chinese.txt"];
    bundled(&workspace, &again);
    let chinese = report(&workspace);
    for (name, section) in
        ["AI 基础设施与 GPU 集群", "网络与负载均衡", "数据库与存储"].iter().zip(sections)
    {
        let (precision, recall) = agreement(&chinese, name, section);
        assert!(precision >= 0.3 && recall >= 0.5, "{name}: {precision:.2} {recall:.2}");
    }
    let once = workspace.read("jobs/report.json");
    bundled(&workspace, &again);
    assert!(once == workspace.read("jobs/report.json"), "the second time differs");
    // Without the option no direction is given.
    bundled(&workspace, &["cluster", "jobs"]);
    assert!(report(&workspace)["directions"][0]["source"].is_null());
}

#[test]
fn a_file_that_gives_no_directions_is_refused_with_its_line() {
    let workspace = Workspace::with_run();
    let refused = |text: &[u8]| {
        workspace.write("d.txt", text);
        let (code, stderr) = workspace.failed(&["cluster", "jobs", "--directions", "d.txt"]);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    insta::assert_snapshot!(refused(b"# only this\n"), @r#"error: --directions d.txt: names no direction; write one name a line, a description after a tab or " - ""#);
    insta::assert_snapshot!(refused(b"Storage\nstorage - again\n"), @r#"error: --directions d.txt: line 2 names "storage", as line 1 does; delete one of the two"#);
    insta::assert_snapshot!(refused(b"a\n\xff\n"), @"error: --directions d.txt: line 2 is not UTF-8; save the file as UTF-8");
    let (code, stderr) = workspace.failed(&["cluster", "jobs", "--directions", "none.txt"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("none.txt: cannot be read"), "{stderr}");
}
