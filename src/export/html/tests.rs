use serde_json::Value;

use super::super::sample::{HOSTILE, sample};
use super::*;
use crate::clustering::ClusterId;
use crate::profile::{ByHand, DirectionSource};
use crate::tabulate::over_time;

fn page(n: usize, n_clusters: usize, language: Language) -> String {
    let (report, roles) = sample(n, n_clusters);
    let mut out = Vec::new();
    html(&report, &roles, language, None, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The contents of the data blocks of a class.
fn blocks(page: &str, class: &str) -> Vec<Value> {
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
    assert_eq!(blocks(&from_disk, "data")[0]["links"], Value::Null);
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

/// The data of the page of `n_clusters` after `change`.
fn data(n_clusters: usize, language: Language, change: impl FnOnce(&mut Report)) -> Value {
    let (mut report, roles) = sample(20, n_clusters);
    change(&mut report);
    let mut out = Vec::new();
    html(&report, &roles, language, None, &mut out).unwrap();
    blocks(&String::from_utf8(out).unwrap(), "data").remove(0)
}

#[test]
fn directions_are_told_with_their_place_and_their_specialisations() {
    let data = data(3, Language::En, |_| ());
    let told = data["directions"].as_array().unwrap();
    let names: Vec<&Value> = told.iter().map(|direction| &direction["name"]).collect();
    assert_eq!(names, ["方向 1", "方向 2"]);
    let clusters = data["clusters"].as_array().unwrap().iter();
    let of: Vec<u64> = clusters.map(|c| c["direction"].as_u64().unwrap()).collect();
    assert_eq!(of, [0, 0, 1]);
    // Its name stands at one of its own roles.
    let places: Vec<&[Value]> = data["places"].as_array().unwrap().chunks(2).collect();
    let own = |row: &usize| data["cluster"][*row] == 2;
    let anchor = told[1]["anchor"].as_array().unwrap();
    assert!((0..20).filter(own).any(|row| places[row] == anchor.as_slice()), "{anchor:?}");
}

#[test]
fn directions_that_tell_no_more_than_specialisations_are_left_out() {
    let n_told = |data: Value| data["directions"].as_array().unwrap().len();
    assert_eq!(n_told(data(2, Language::En, |_| ())), 0, "all are in one");
    assert_eq!(n_told(data(3, Language::En, |report| report.directions.clear())), 0);
    let single = |report: &mut Report| {
        for (at, direction) in report.directions.iter_mut().enumerate() {
            direction.clusters = vec![ClusterId(at as u32)];
        }
    };
    let plain = data(3, Language::En, single);
    assert_eq!(plain["clusters"][0]["direction"], Value::Null);
    assert_eq!(n_told(plain), 0, "each is one specialisation");
    let named = |report: &mut Report| {
        single(report);
        report.directions[1].by_hand = vec![ByHand::Named];
    };
    let named = data(3, Language::En, named);
    assert_eq!(named["directions"][1]["by_hand"], "named by a person");
    assert_eq!(named["directions"][0]["by_hand"], Value::Null);
    let given = |report: &mut Report| {
        single(report);
        report.directions.iter_mut().for_each(|d| d.source = Some(DirectionSource::Given));
    };
    assert_eq!(n_told(data(3, Language::En, given)), 2);
}

#[test]
fn what_a_person_set_is_told_in_words() {
    let corrected = |report: &mut Report| {
        report.profiles[2].by_hand = vec![ByHand::Named, ByHand::Merged];
        report.placements[4].by_hand = Some(ByHand::Moved);
    };
    let english = data(3, Language::En, corrected);
    assert_eq!(english["clusters"][2]["by_hand"], "named, merged by a person");
    assert_eq!(english["clusters"][1]["by_hand"], Value::Null);
    assert_eq!(english["by_hand"], serde_json::json!([[4, "moved here by a person"]]));
    let chinese = data(3, Language::Zh, corrected);
    assert_eq!(chinese["clusters"][2]["by_hand"], "由人工命名、合并");
    assert_eq!(chinese["by_hand"], serde_json::json!([[4, "由人工移入"]]));
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
    let over_time = over_time(&report, &roles);
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
