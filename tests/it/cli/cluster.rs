//! `rolecluster cluster`.

use crate::support::Workspace;

#[test]
fn a_folder_can_be_clustered_again_in_another_way() {
    let workspace = Workspace::with_run();
    let said = workspace.done(&["cluster", "jobs", "-k", "2", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["clusters"].as_array().unwrap().len(), 2);
    let args = ["cluster", "jobs", "--algorithm", "hdbscan", "--min-cluster-size", "4", "--json"];
    let summary: serde_json::Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    let clusters = summary["clusters"].as_array().unwrap();
    assert!(clusters.iter().all(|c| c["size"].as_u64().unwrap() >= 4), "{summary}");
    let report: serde_json::Value =
        serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["method"]["algorithm"], "hdbscan");
}

#[test]
fn a_mixture_gives_every_role_its_shares() {
    let workspace = Workspace::with_run();
    let args = ["cluster", "jobs", "--algorithm", "gmm", "-k", "3", "--json"];
    let summary: serde_json::Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    assert_eq!(summary["clusters"].as_array().unwrap().len(), 3, "{summary}");
    let clustering: serde_json::Value =
        serde_json::from_slice(&workspace.read("jobs/clustering.json")).unwrap();
    let shares = clustering["shares"].as_array().unwrap();
    assert_eq!(shares.len(), 24);
    for (shares, label) in shares.iter().zip(clustering["labels"].as_array().unwrap()) {
        assert_eq!(shares[0]["cluster"], *label);
        let sum: f64 =
            shares.as_array().unwrap().iter().map(|s| s["share"].as_f64().unwrap()).sum();
        assert!((0.9..1.001).contains(&sum), "{shares}");
    }
}

#[test]
fn a_setting_that_makes_no_difference_is_noted() {
    let workspace = Workspace::with_run();
    let (code, stderr) =
        workspace.failed(&["cluster", "jobs", "--algorithm", "hdbscan", "-k", "3"]);
    assert_eq!(code, 0);
    assert!(stderr.contains("note: -k is for kmeans and gmm"), "{stderr}");
}

#[test]
fn more_clusters_than_roles_is_a_usage_error() {
    let workspace = Workspace::with_run();
    let (code, stderr) = workspace.failed(&["cluster", "jobs", "-k", "1000"]);
    assert_eq!(code, 2, "{stderr}");
    insta::assert_snapshot!(stderr, @"error: 1000 clusters cannot be made of 24 roles; ask for 1 to 24, or for auto");
}

#[test]
fn a_folder_without_a_run_says_how_to_make_one() {
    let workspace = Workspace::new();
    insta::assert_snapshot!(workspace.said(&["cluster", "nowhere"]), @r"
    exit code 6
    --- stderr
    error: nowhere holds no finished run (no manifest.json); make one with `rolecluster run INPUT --out nowhere`
    ");
    assert!(!workspace.path().join("nowhere").exists(), "nothing is left behind");
}
