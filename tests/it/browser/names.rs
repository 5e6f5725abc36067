//! The names on `map.html`: which are shown how near, and where they stand.

use rolecluster::language::Language;

use super::chromium::Browser;
use super::map::{in_two_directions, page, url};
use crate::support::Workspace;

/// The names shown on the map, without what stands beside them, in alphabetical order.
const NAMED: &str = "[...document.querySelectorAll('.label:not(.gone) b')]\
     .map((b) => b.firstChild.textContent).sort().join(' ')";

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn the_whole_map_names_directions_and_a_part_of_it_specialisations() {
    let workspace = Workspace::with_run();
    let path = page(&workspace, Language::En, |report, _| in_two_directions(report));
    let mut browser = Browser::start();
    browser.open(&url(&path, ""));
    assert_eq!(browser.text(NAMED), "Infrastructure 数据");
    let size = |kind: &str| {
        format!("parseFloat(getComputedStyle(document.querySelector('.{kind}')).fontSize)")
    };
    let larger = format!("{} > {}", size("label.direction"), size("label.specialisation"));
    assert_eq!(browser.eval(&larger), true);

    // Nearer, at any place, no direction is named; the whole map names them again.
    let no_direction = "document.querySelector('.label.direction:not(.gone)') === null";
    browser.click("#zoom-in");
    browser.wait(no_direction);
    browser.click("#fit");
    browser.wait(&format!("{NAMED} === 'Infrastructure 数据'"));

    // A direction leads to its specialisations, and a specialisation alone has its name.
    // By its element: the name may still be on its way.
    browser.eval("document.querySelector('.label.direction:nth-child(2)').click()");
    browser.wait(no_direction);
    browser.wait(&format!("{NAMED}.includes('Third')"));
    browser.click("#fit");
    browser.wait(&format!("{NAMED} === 'Infrastructure 数据'"));
    browser.click("#clusters button[data-cluster='1']");
    browser.wait(&format!("{NAMED}.includes('Second')"));
    assert_eq!(browser.eval(no_direction), true);
    let inside = browser.text("document.querySelector('#clusters .on .inside').textContent");
    assert!(inside.contains("DirectionInfrastructure"), "{inside}");
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

/// Whether any two of the names shown overlap.
const OVERLAPPING: &str = "(() => { const boxes = [...document.querySelectorAll('.label:not(.gone)')]\
     .map((label) => label.getBoundingClientRect()); \
    return boxes.some((a, i) => boxes.slice(0, i).some((b) => \
      a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)); })()";

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn names_never_cover_roles() {
    let workspace = Workspace::with_run();
    let mut browser = Browser::start();
    for n_names in [3, 2] {
        let path = page(&workspace, Language::En, |report, _| {
            if n_names == 2 {
                in_two_directions(report);
            }
        });
        for (width, height) in [(1400, 900), (820, 700), (390, 844)] {
            browser.resize(width, height);
            browser.open(&url(&path, ""));
            for zoom in 0..3 {
                let place = format!("{n_names} names, {width}, zoom {zoom}");
                let covered = browser.eval(COVERED);
                let covered = covered.as_array().unwrap();
                assert!(zoom > 0 || covered.len() == n_names, "{place}: {covered:?}");
                assert!(covered.iter().all(|any| any == false), "{place}: {covered:?}");
                assert_eq!(browser.eval(OVERLAPPING), false, "{place}");
                browser.click("#zoom-in");
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
        }
    }
}
