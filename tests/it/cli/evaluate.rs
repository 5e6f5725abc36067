//! `rolecluster evaluate`.

use serde_json::Value;

use crate::support::{Workspace, masked};

#[test]
fn clusters_that_follow_the_sections_agree_with_them() {
    let workspace = Workspace::with_run();
    let figures: Value =
        serde_json::from_str(&workspace.done(&["evaluate", "jobs", "--json"])).unwrap();
    assert_eq!(figures["labels"], "section");
    assert_eq!(figures["n_labelled"], 24);
    assert_eq!(figures["agreement"]["ari"], 1.0);
    assert_eq!(figures["scores"]["n_clusters"], 3);
    assert!(figures["scores"]["dbcv"].is_number());
    assert_eq!(figures["scores"]["stability"], figures["stability"]["mean_ari"]);
    assert_eq!(figures["stability"]["per_cluster"].as_array().unwrap().len(), 3);
}

#[test]
fn the_same_in_words() {
    let workspace = Workspace::with_run();
    let said = workspace.said(&["evaluate", "jobs"]);
    insta::assert_snapshot!(masked(&said, r"\d\.\d{3}", "[FIGURE]"), @r"
    exit code 0
    --- stdout
    3 clusters; 24 roles have a label in `section`

    silhouette    [FIGURE]  how much nearer its own cluster is than the next
    DBCV          [FIGURE]  denser inside than the gaps between
    stability     [FIGURE]  the same picture from parts of the roles, 0 is chance
    weakest       [FIGURE]  share of the least stable cluster that comes back
    noise         [FIGURE]  share of roles in no cluster
    largest       [FIGURE]  share of roles in the largest cluster
    ARI           [FIGURE]  pairs of roles judged alike, 0 is chance
    AMI           [FIGURE]  what clusters tell about labels, 0 is chance
    NMI           [FIGURE]  the same, not corrected for chance
    homogeneity   [FIGURE]  a cluster holds one label only
    completeness  [FIGURE]  a label lies in one cluster only
    V-measure     [FIGURE]  harmonic mean of these two
    purity        [FIGURE]  share of roles that have their cluster's main label
    ");
}

#[test]
fn a_field_that_is_not_there_lists_those_that_are() {
    let workspace = Workspace::with_run();
    insta::assert_snapshot!(workspace.said(&["evaluate", "jobs", "--labels", "colour"]), @r#"
    exit code 2
    --- stderr
    error: no role has a field "colour"; there are: section, title
    "#);
}

#[test]
fn pairs_measure_the_search() {
    let workspace = Workspace::new();
    let twins = |i: usize, word: &str| {
        let role = serde_json::json!({
            "id": format!("{word}-{i}"),
            "twin": i.to_string(),
            "title": format!("{word} engineer"),
            "description": format!("keeps project{i} and tool{i} alive"),
        });
        format!("{role}\n")
    };
    let text: String = (0..6).map(|i| twins(i, "one") + &twins(i, "two")).collect();
    workspace.write("twins.jsonl", text + &twins(99, "one"));
    workspace.done(&["embed", "twins.jsonl", "--out", "jobs"]);
    let figures: Value =
        serde_json::from_str(&workspace.done(&["evaluate", "jobs", "--pairs", "twin", "--json"]))
            .unwrap();
    assert_eq!((&figures["pairs"], &figures["n_paired"]), (&"twin".into(), &12.into()));
    let modes: Vec<&str> = figures["modes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mode| mode["mode"].as_str().unwrap())
        .collect();
    assert_eq!(modes, ["hybrid", "semantic", "lexical"]);
    // Twins share two words nobody else has.
    let lexical = &figures["modes"][2];
    for figure in ["recall_at_1", "recall_at_10", "mrr", "map"] {
        assert_eq!(lexical[figure], 1.0, "{figure}");
    }
    let said = workspace.said(&["evaluate", "jobs", "--pairs", "twin"]);
    insta::assert_snapshot!(masked(&said, r"\d\.\d{3}", "[FIGURE]"), @r"
    exit code 0
    --- stdout
    12 roles share their `twin` with another

    mode      recall@1  recall@10    MRR    MAP
    hybrid       [FIGURE]      [FIGURE]  [FIGURE]  [FIGURE]
    semantic     [FIGURE]      [FIGURE]  [FIGURE]  [FIGURE]
    lexical      [FIGURE]      [FIGURE]  [FIGURE]  [FIGURE]
    ");
    let (code, stderr) = workspace.failed(&["evaluate", "jobs", "--pairs", "colour"]);
    assert_eq!(code, 2, "{stderr}");
}
