//! `map.html`, opened from the disk.

use std::fs::File;
use std::path::PathBuf;

use rolecluster::export::html;
use rolecluster::language::Language;
use rolecluster::pipeline::load_report;
use rolecluster::report::Report;
use rolecluster::role::Role;
use rolecluster::store::RunFolder;

use super::chromium::Browser;
use super::{BACKGROUND, HOSTILE, OVERFLOWS};
use crate::support::Workspace;

/// Row of the role that is hostile wherever a text may stand.
const HOSTILE_ROW: usize = 1;

/// The map of 24 roles in three specialisations, after `change`.
fn page(
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
    role.fields.insert(HOSTILE.into(), HOSTILE.into());
    placement.title = HOSTILE.into();
    placement.section = Some(HOSTILE.into());
    let cluster = placement.cluster.unwrap().index();
    report.profiles[cluster].name = HOSTILE.into();
    report.profiles[cluster].terms[0].term = HOSTILE.into();
}

fn url(path: &std::path::Path, state: &str) -> String {
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

/// Marks of roles within the box of a name that is shown: for each name, whether any pixel below it
/// is painted as strongly as a mark is.
const COVERED: &str = "(() => { const map = document.getElementById('map'); \
    const ratio = map.width / map.clientWidth; const ctx = map.getContext('2d'); \
    return [...document.querySelectorAll('.label:not(.gone)')].map((label) => { \
      const box = label.getBoundingClientRect(), at = map.getBoundingClientRect(); \
      const d = ctx.getImageData((box.x - at.x) * ratio, (box.y - at.y) * ratio, \
        box.width * ratio, box.height * ratio).data; \
      return d.some((v, i) => i % 4 === 3 && v > 180); }); })()";

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn names_never_cover_roles() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::En, |_, _| ());
    let mut browser = Browser::start();
    for (width, height) in [(1400, 900), (820, 700), (390, 844)] {
        browser.resize(width, height);
        browser.open(&url(&path, ""));
        for zoom in 0..3 {
            let covered = browser.eval(COVERED);
            let covered = covered.as_array().unwrap();
            assert!(zoom > 0 || covered.len() == 3, "{width}: {covered:?}");
            assert!(covered.iter().all(|any| any == false), "{width}, zoom {zoom}: {covered:?}");
            browser.click("#zoom-in");
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }
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
