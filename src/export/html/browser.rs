//! The page in a real browser. Needs Chromium: named by `ROLECLUSTER_CHROMIUM`, or found on
//! the `PATH`; where there is none the test says so and passes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::sample::sample;
use super::*;

/// Longer than a browser on a busy machine has been seen to take.
const PATIENCE: Duration = Duration::from_secs(120);

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ROLECLUSTER_CHROMIUM") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mut found = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    found.find(|path| path.is_file())
}

/// The document after its script has run, and what the browser said meanwhile.
fn rendered(browser: &Path, page: &Path, state: &str, folder: &Path) -> (String, String) {
    let (dom, log) = (folder.join("dom.html"), folder.join("log.txt"));
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args(["--disable-quic", "--disable-background-networking", "--disable-component-update"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}#{state}", page.display()))
        .stdout(Stdio::from(File::create(&dom).unwrap()))
        .stderr(Stdio::from(File::create(&log).unwrap()))
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{} did not end:\n{}", browser.display(), read(&log));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    (read(&dom), read(&log))
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

#[test]
fn a_browser_filters_opens_a_role_and_runs_nothing_of_it() {
    let Some(browser) = chromium() else {
        let note = "SKIPPED: no Chromium found; name one by ROLECLUSTER_CHROMIUM";
        writeln!(io::stderr(), "{note}").unwrap();
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("map.html");
    let (report, roles) = sample(20, 3);
    html(&report, &roles, Language::En, &mut File::create(&page).unwrap()).unwrap();

    // Role 2.1 is the hostile one.
    let (dom, log) = rendered(&browser, &page, "q=gnp.exe&role=2.1&theme=dark", folder.path());
    assert!(dom.contains("data-state=\"ready\""), "{log}\n{dom:.2000}");
    assert!(dom.contains("data-theme=\"dark\""));
    assert!(!dom.contains("id=\"failure\""));
    for complaint in ["Uncaught", "Refused to", "violates the following"] {
        assert!(!log.contains(complaint), "{log}");
    }
    assert!(dom.contains("1 of 20 roles"), "the filter counts");
    assert!(dom.contains("<mark>gnp.exe</mark>"), "what was looked for is marked");

    let panel = dom.split("id=\"panel-title\"").nth(1).expect("the panel is open");
    assert!(panel.contains("&lt;/script&gt;&lt;script&gt;document.title='owned'"), "{panel}");
    assert!(dom.contains("<title>20 roles in 3 specialisations</title>"), "the title was changed");
    assert!(!dom.contains("<img"), "text became an element");
    // Ours are the data, the one block of texts (taken out once read) and the code.
    assert_eq!(dom.matches("<script").count(), 2, "text became a script");
    // The one cluster that holds what was looked for in the list, three names on the map.
    assert_eq!(dom.matches("class=\"cluster\"").count(), 1);
    assert_eq!(dom.matches("class=\"label").count(), 3);
}

#[test]
fn a_browser_isolates_a_cluster_and_says_the_rest_in_chinese() {
    let Some(browser) = chromium() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("map.html");
    let (report, roles) = sample(300, 12);
    html(&report, &roles, Language::Zh, &mut File::create(&page).unwrap()).unwrap();
    let (dom, log) = rendered(&browser, &page, "cluster=0", folder.path());
    assert!(dom.contains("data-state=\"ready\""), "{log}");
    assert!(dom.contains("25 / 300 个岗位"), "{dom:.3000}");
    assert!(dom.contains("class=\"cluster on\"") && dom.contains("aria-expanded=\"true\""));
    assert!(dom.contains("最典型的岗位") && dom.contains("class=\"bars\""));
    let title = words::table(Language::Zh)["map"];
    assert!(dom.contains(&format!("aria-label=\"{title}. ")), "the map says what it is");
}
