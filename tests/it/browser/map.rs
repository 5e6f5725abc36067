//! `map.html`, opened from the disk.

use std::fs::File;
use std::path::PathBuf;

use rolecluster::clustering::{ClusterId, DirectionId};
use rolecluster::export::html;
use rolecluster::language::Language;
use rolecluster::pipeline::load_report;
use rolecluster::profile::{ByHand, Direction};
use rolecluster::report::Report;
use rolecluster::role::Role;
use rolecluster::store::RunFolder;

use super::chromium::Browser;
use super::{BACKGROUND, HOSTILE, OVERFLOWS};
use crate::support::Workspace;

/// Row of the role that is hostile wherever a text may stand.
const HOSTILE_ROW: usize = 1;

/// The map of 24 roles in three specialisations, after `change`.
pub fn page(
    workspace: &Workspace,
    language: Language,
    change: impl FnOnce(&mut Report, &mut [Role]),
) -> PathBuf {
    let run = RunFolder::open(&workspace.path().join("jobs")).unwrap();
    let (mut report, _) = load_report(&run).unwrap();
    let mut roles = run.roles().unwrap().corpus.roles().to_vec();
    change(&mut report, &mut roles);
    let path = workspace.path().join("map.html");
    html(&report, &roles, language, None, &mut File::create(&path).unwrap()).unwrap();
    path
}

fn hostile(report: &mut Report, roles: &mut [Role]) {
    let (role, placement) = (&mut roles[HOSTILE_ROW], &mut report.placements[HOSTILE_ROW]);
    role.title = HOSTILE.into();
    role.description = HOSTILE.into();
    role.stack = vec![HOSTILE.into()];
    role.section = Some(HOSTILE.into());
    role.fields.insert(HOSTILE, HOSTILE);
    placement.title = HOSTILE.into();
    placement.section = Some(HOSTILE.into());
    let cluster = placement.cluster.unwrap().index();
    report.profiles[cluster].name = HOSTILE.into();
    report.profiles[cluster].terms[0].term = HOSTILE.into();
}

pub fn url(path: &std::path::Path, state: &str) -> String {
    format!("file://{}#{state}", path.display())
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn hostile_text_is_shown_and_neither_run_nor_rendered() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::En, hostile);
    let id = {
        let run = RunFolder::open(&workspace.path().join("jobs")).unwrap();
        run.roles().unwrap().corpus.roles()[HOSTILE_ROW].id.as_str().to_string()
    };
    let mut browser = Browser::start();
    browser.open(&url(&path, &format!("q=gnp.exe&role={id}&theme=dark")));
    assert_eq!(browser.eval("document.documentElement.dataset.theme"), "dark");
    assert_eq!(browser.text("document.querySelector('#count span').textContent"), "1 of 24 roles");
    assert_eq!(browser.text("document.querySelector('#panel mark').textContent"), "gnp.exe");
    assert_eq!(browser.text("document.getElementById('panel-title').textContent"), HOSTILE);
    assert_eq!(browser.text("document.title"), "24 roles in 3 specialisations");
    assert_eq!(browser.eval("document.images.length"), 0, "text became an element");
    // The data and the code; the block of texts is taken out once it is read.
    assert_eq!(browser.eval("document.scripts.length"), 2, "text became a script");
    assert_eq!(browser.eval("document.querySelectorAll('#clusters > .cluster').length"), 1);
    assert_eq!(browser.eval("document.querySelectorAll('#labels > .label').length"), 3);
    assert_eq!(browser.eval("document.getElementById('failure')"), serde_json::Value::Null);
    browser.assert_clean("file://");
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn a_role_is_found_opened_and_closed_by_keyboard_alone() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::En, |_, _| ());
    let mut browser = Browser::start();
    browser.open(&url(&path, ""));
    browser.press("/");
    assert_eq!(browser.text("document.activeElement.id"), "filter");
    browser.type_text("sales sql");
    browser.wait("document.querySelector('#count span').textContent === '8 of 24 roles'");
    browser.press("Enter");
    browser.wait("!document.getElementById('panel').hidden");
    let title = browser.text("document.getElementById('panel-title').textContent");
    assert!(title.starts_with("Data analyst"), "{title}");
    assert_eq!(browser.text("document.activeElement.id"), "panel-title");
    assert!(browser.text("location.hash").contains("role=data-"));
    browser.press("Escape");
    browser.wait("document.getElementById('panel').hidden");
    assert!(!browser.text("location.hash").contains("role="));
    browser.press("Escape");
    browser.wait("document.querySelector('#count span').textContent === '24 roles'");

    // Enter on the map opens the role at the cross.
    browser.eval("document.getElementById('map').focus()");
    browser.press("ArrowDown");
    browser.press("Enter");
    browser.wait("!document.getElementById('panel').hidden");
    browser.assert_clean("file://");
}

/// Two directions: the first two specialisations, and the last; names that sort as they stand.
pub fn in_two_directions(report: &mut Report) {
    let of = |cluster: ClusterId| DirectionId(u32::from(cluster == ClusterId(2)));
    let direction = |id: DirectionId, name: &str| Direction {
        id,
        name: name.into(),
        size: report.placements.iter().filter(|p| p.cluster.map(of) == Some(id)).count(),
        clusters: report.profiles.iter().map(|p| p.id).filter(|&p| of(p) == id).collect(),
        source: None,
        by_hand: vec![],
    };
    let both = vec![direction(DirectionId(0), "Infrastructure"), direction(DirectionId(1), "数据")];
    report.directions = both;
    report.profiles.iter_mut().for_each(|profile| profile.direction = Some(of(profile.id)));
    report.placements.iter_mut().for_each(|place| place.direction = place.cluster.map(of));
    for (profile, name) in report.profiles.iter_mut().zip(["First", "Second", "Third"]) {
        profile.name = name.into();
    }
}

/// Moves the pointer over the whole map until the card beside it says this, and tells whether it
/// did.
fn card_says(words: &str) -> String {
    format!(
        "(() => {{ const map = document.getElementById('map'), b = map.getBoundingClientRect(); \
         for (let y = 4; y < b.height; y += 4) for (let x = 4; x < b.width; x += 4) {{ \
           const at = {{ clientX: b.x + x, clientY: b.y + y, pointerId: 1 }}; \
           map.dispatchEvent(new PointerEvent('pointermove', at)); \
           const card = document.getElementById('card'); \
           if (!card.hidden && card.textContent.includes({words:?})) return true; }} \
         return false; }})()"
    )
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn what_a_person_set_is_marked() {
    let workspace = Workspace::with_run();
    let corrected = |report: &mut Report, _: &mut [Role]| {
        in_two_directions(report);
        report.directions[1].by_hand = vec![ByHand::Named];
        report.profiles[0].by_hand = vec![ByHand::Named];
        let moved = report.placements.iter_mut().find(|place| place.id.as_str() == "web-3");
        moved.unwrap().by_hand = Some(ByHand::Moved);
    };
    let path = page(&workspace, Language::En, corrected);
    let mut browser = Browser::start();
    browser.open(&url(&path, "role=web-3"));
    let of = |place: &str| format!("document.querySelector(\"{place} .pen\").ariaLabel");
    assert_eq!(browser.text(&of("#clusters button[data-cluster='0']")), "named by a person");
    assert_eq!(browser.text(&of(".label.direction:nth-child(2)")), "named by a person");
    assert_eq!(browser.eval("document.querySelectorAll('#clusters .pen').length"), 1);
    let said = "document.querySelector('#panel .hand').textContent";
    assert_eq!(browser.text(said), "✎ moved here by a person");
    browser.press("Escape");
    browser.wait("document.getElementById('panel').hidden");
    assert_eq!(browser.eval(&card_says("✎ moved here by a person")), true);
    assert_eq!(browser.eval(&card_says("✎ named by a person")), true);
    let listed = "[...document.querySelectorAll('#roles .under')].filter((e) => \
                  e.textContent === 'web-3 · web · ✎ moved here by a person').length";
    assert_eq!(browser.eval(listed), 1);

    let path = page(&workspace, Language::Zh, corrected);
    browser.open(&url(&path, "role=web-3"));
    assert_eq!(browser.text(said), "✎ 由人工移入");
    browser.assert_clean("file://");
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn one_specialisation_alone_in_chinese() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::Zh, |_, _| ());
    let mut browser = Browser::start();
    browser.open(&url(&path, ""));
    assert_eq!(browser.text("document.querySelector('#count span').textContent"), "24 个岗位");
    browser.click("#clusters button[data-cluster='0']");
    browser.wait("document.querySelector('#count span').textContent === '8 / 24 个岗位'");
    assert!(browser.text("location.hash").contains("cluster=1"));
    let open = "document.querySelector('#clusters .on')";
    let expanded = format!("{open}.querySelector('button').getAttribute('aria-expanded')");
    assert_eq!(browser.text(&expanded), "true");
    assert!(browser.text(&format!("{open}.textContent")).contains("最典型的岗位"));
    assert!(browser.text("document.getElementById('map').ariaLabel").starts_with("岗位地图"));
    browser.click("#count button");
    browser.wait("document.querySelector('#count span').textContent === '24 个岗位'");
    browser.assert_clean("file://");
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn it_follows_the_system_into_the_dark_and_fits_a_telephone() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::En, |_, _| ());
    let mut browser = Browser::start();
    browser.prefer("light");
    browser.open(&url(&path, ""));
    let light = browser.text(BACKGROUND);
    browser.prefer("dark");
    let dark = browser.text(BACKGROUND);
    assert_ne!(light, dark);
    browser.click("#theme");
    assert_eq!(browser.text("document.documentElement.dataset.theme"), "light");
    assert_eq!(browser.text(BACKGROUND), light);

    browser.resize(390, 844);
    browser.open(&url(&path, "role=web-3"));
    assert_eq!(browser.eval(OVERFLOWS), false);
    let drawn = "(() => { const m = document.getElementById('map'); \
         const d = m.getContext('2d').getImageData(0, 0, m.width, m.height).data; \
         return d.some((v) => v > 0); })()";
    assert_eq!(browser.eval(drawn), true, "the map is empty");
    browser.assert_clean("file://");
}
