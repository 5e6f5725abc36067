use super::super::sample::{HOSTILE, sample};
use super::*;
use crate::tabulate::{Facets, Repeats, over_time};

fn page(n: usize, n_clusters: usize, language: Language) -> String {
    let (report, roles) = sample(n, n_clusters);
    let mut out = Vec::new();
    html(&report, &roles, language, None, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The contents of the data blocks of a class.
fn blocks(page: &str, class: &str) -> Vec<serde_json::Value> {
    let open = format!("<script type=\"application/json\" class=\"{class}\">");
    let contents = page.split(&open).skip(1).map(|rest| rest.split("</script>").next().unwrap());
    contents.map(|json| serde_json::from_str(json).unwrap()).collect()
}

#[test]
fn the_page_holds_its_own_markup_and_no_other() {
    let page = page(600, 3, Language::Zh);
    // Two pairs of script tags around code and data, the rest blocks of texts.
    let n_blocks = 600usize.div_ceil(ROLES_PER_BLOCK) + 1;
    assert_eq!(page.matches("<script").count(), n_blocks + 1);
    assert_eq!(page.matches("</script").count(), n_blocks + 1);
    assert!(!page.contains("<img"), "markup of a posting");
    assert!(!page.contains('\u{2028}') && !page.contains('\u{2029}'));
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(page.contains("lang=\"zh-Hans\"") && !page.contains("{{"));
}

#[test]
fn hostile_text_arrives_unchanged_in_the_data() {
    let page = page(20, 3, Language::En);
    let data = &blocks(&page, "data")[0];
    assert_eq!(data["titles"][1], HOSTILE);
    assert_eq!(data["clusters"][1]["name"], HOSTILE);
    assert_eq!(data["words"]["filter"], "Filter roles");
    assert_eq!(data["cluster"][19], -1);
    assert_eq!(data["repeats"], serde_json::json!([[18, 0]]));
    assert_eq!(data["places"].as_array().unwrap().len(), 40);
    let texts = &blocks(&page, "texts")[0];
    assert_eq!(texts[1][0], HOSTILE);
    assert_eq!(texts[0][1][0], "Kubernetes");
}

#[test]
fn the_policy_names_what_the_page_runs_and_forbids_the_rest() {
    let page = page(20, 3, Language::En);
    let policy = embed::policy(SCRIPT, STYLE, false);
    assert!(page.contains(&format!("content=\"{policy}\"")));
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    assert!(!policy.contains("unsafe"));
    // The hashes hold for exactly what stands between the tags.
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
    // An attribute that runs code or styles would be refused by the policy: use none.
    assert!(!PAGE.contains(" style=") && !PAGE.contains(" onclick="));
    for way_out in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "http://",
        "https://",
        "@import",
        "url(",
    ] {
        assert!(!SCRIPT.contains(way_out) && !STYLE.contains(way_out), "{way_out}");
    }
}

#[test]
fn every_word_the_script_says_is_in_the_table() {
    let words = map_text::table(Language::Zh);
    for used in SCRIPT.split("say.").skip(1) {
        let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        assert!(words.contains_key(name.as_str()), "say.{name}");
    }
}

#[test]
fn a_served_page_links_to_the_others_and_may_ask_its_server_alone() {
    let (report, roles) = sample(20, 3);
    let links = Links { search: "/", role: "/roles/", cluster: "/clusters/", api: "/api/search" };
    let mut out = Vec::new();
    html(&report, &roles, Language::En, Some(&links), &mut out).unwrap();
    let served = String::from_utf8(out).unwrap();
    assert_eq!(blocks(&served, "data")[0]["links"]["role"], "/roles/");
    assert!(served.contains("default-src 'none'; connect-src 'self'; script-src"));
    let from_disk = page(20, 3, Language::En);
    assert_eq!(blocks(&from_disk, "data")[0]["links"], serde_json::Value::Null);
    assert!(!from_disk.contains("connect-src"));
}

#[test]
fn a_role_without_a_title_shows_its_first_words() {
    let (report, mut roles) = sample(4, 1);
    roles[2].title = " ".into();
    roles[2].description = "Keeps the storage of a bank running.\nOn call.".into();
    let mut out = Vec::new();
    html(&report, &roles, Language::En, None, &mut out).unwrap();
    let page = String::from_utf8(out).unwrap();
    let titles = &blocks(&page, "data")[0]["titles"];
    assert_eq!(titles[2], "Keeps the storage of a bank running.");
}

#[test]
fn a_report_without_a_map_is_refused() {
    let (mut report, roles) = sample(3, 1);
    report.map = None;
    assert!(html(&report, &roles, Language::En, None, &mut Vec::new()).is_err());
}

#[test]
fn figures_and_changes_need_no_script() {
    let (mut report, mut roles) = sample(80, 2);
    let without = {
        let mut out = Vec::new();
        html(&report, &roles, Language::En, None, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(without.contains("<desc id=\"technologies-desc\">Kubernetes 80 (100%); Go 40 (50%);"));
    assert!(!without.contains("periods-desc"));
    for (at, role) in roles.iter_mut().enumerate() {
        let late = at >= 40;
        role.facts.date = Some(if late { "2026-02-05" } else { "2026-01-05" }.into());
        role.stack = vec![if late == (at % 10 < 8) { "Kafka" } else { "Redis" }.into()];
    }
    let facets = Facets::new(&report, &roles, None, Repeats::LeftOut);
    let over_time = over_time(&facets);
    report.over_time = over_time;
    let mut out = Vec::new();
    html(&report, &roles, Language::En, None, &mut out).unwrap();
    let page = String::from_utf8(out).unwrap();
    assert!(page.contains("<desc id=\"periods-desc\">2026-01 40 (51%); 2026-02 39 (49%)</desc>"));
    assert!(page.contains("↑ <bdi>Kafka</bdi></th><td>20% (10–35)</td>"), "rising");
    assert!(page.contains("↓ <bdi>Redis</bdi></th><td>80% (65–90)</td>"), "falling");
    assert!(page.contains("79 roles say when they were posted"));
    // An attribute that styles would be refused by the policy.
    assert!(!page.contains(" style=\""));
}
