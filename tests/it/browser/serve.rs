//! The pages of `rolecluster serve`.

use super::chromium::Browser;
use super::{BACKGROUND, OVERFLOWS};
use crate::serve::Server;
use crate::support::{Workspace, postings};

/// The ids of the hits, best first.
const HITS: &str = "[...document.querySelectorAll('.hits .role')]\
     .map((a) => a.getAttribute('href').replace('/roles/', '')).join(' ')";

fn home(server: &Server) -> String {
    format!("http://{}/", server.address)
}

/// Sets a list to a value, as a choice by hand does.
fn choose(browser: &mut Browser, name: &str, value: &str) {
    browser.eval(&format!(
        "(() => {{ const list = document.querySelector('[name={name}]'); list.value = {value:?}; \
         list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn it_searches_while_a_query_is_typed_and_filters() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.open(&home(&server));
    assert_eq!(browser.text("document.activeElement.id"), "q");
    assert_eq!(browser.eval("document.getElementById('all').hidden"), false);
    browser.type_text("Ceph disks");
    browser.wait("document.querySelectorAll('.hits > li').length > 0");
    browser.wait("new URLSearchParams(location.search).get('q') === 'Ceph disks'");
    browser.wait("document.querySelector('.hits mark')?.textContent === 'Ceph'");
    assert!(browser.text(HITS).starts_with("storage-"), "{}", browser.text(HITS));
    assert_eq!(browser.eval("document.getElementById('all').hidden"), true);

    choose(&mut browser, "section", "storage");
    browser.wait("document.querySelectorAll('.hits > li').length === 8");
    assert!(browser.text(HITS).split(' ').all(|id| id.starts_with("storage-")));
    browser.click(".modes label:last-of-type span");
    choose(&mut browser, "section", "web");
    browser.wait("document.querySelector('#found .count')?.textContent.startsWith('No role')");
    choose(&mut browser, "section", "");
    browser.wait("document.querySelectorAll('.hits > li').length === 8");
    assert!(browser.text(HITS).split(' ').all(|id| id.starts_with("storage-")));

    // An emptied box shows the specialisations again.
    browser.eval("document.getElementById('q').select()");
    browser.type_text(" ");
    browser.wait("!document.getElementById('all').hidden");
    browser.assert_clean(&home(&server));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn a_role_its_specialisation_and_the_map_by_keyboard_and_links() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.open(&home(&server));
    browser.type_text("weekly SQL reports");
    browser.wait("new URLSearchParams(location.search).get('q') === 'weekly SQL reports'");
    browser.wait("document.querySelectorAll('.hits > li').length > 1");
    browser.wait("!document.documentElement.classList.contains('waiting')");
    let focused = "[...document.querySelectorAll('.hits .role')].indexOf(document.activeElement)";
    for (key, at) in [("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1)] {
        browser.press(key);
        assert_eq!(browser.eval(focused), at, "after {key}");
    }
    assert_eq!(browser.text("document.activeElement.id"), "q");
    browser.press("ArrowDown");
    browser.press("Enter");
    browser.wait("location.pathname.startsWith('/roles/') && document.readyState === 'complete'");

    let title = browser.text("document.querySelector('h1').textContent");
    assert!(title.starts_with("Data analyst"), "{title}");
    assert!(browser.text("document.querySelector('.text').textContent").contains("SQL reports"));
    assert_eq!(browser.eval("document.querySelectorAll('.hits > li').length"), 10);
    browser.click("article .place");
    browser
        .wait("location.pathname.startsWith('/clusters/') && document.readyState === 'complete'");
    assert!(browser.eval("document.querySelectorAll('.roles a').length").as_u64().unwrap() >= 8);
    assert!(browser.eval("document.querySelectorAll('table tr').length").as_u64().unwrap() >= 1);
    browser.click("article a[href^='/map']");
    browser
        .wait("location.pathname === '/map' && document.documentElement.dataset.state === 'ready'");
    assert!(browser.text("location.hash").contains("cluster="));
    assert_eq!(browser.eval("document.querySelectorAll('#clusters .on').length"), 1);

    // From any page `/` leads back to the search box, and going back keeps what was found.
    browser.eval("history.go(-3)");
    browser.wait("location.pathname === '/' && document.querySelectorAll('.hits > li').length > 1");
    browser.wait("!document.documentElement.classList.contains('waiting')");
    assert!(browser.text(HITS).starts_with("data-"));
    browser.click(".hits .role");
    browser.wait("location.pathname.startsWith('/roles/') && document.readyState === 'complete'");
    browser.press("/");
    browser.wait("location.pathname === '/' && document.activeElement.id === 'q'");
    browser.assert_clean(&home(&server));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn every_page_fits_a_telephone_and_follows_the_theme() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.resize(390, 844);
    browser.prefer("light");
    let pages = ["", "?q=Ceph+clusters", "roles/web-3", "clusters/1", "map", "?q=x&mode=lexical"];
    for page in pages {
        browser.open(&format!("{}{page}", home(&server)));
        assert_eq!(browser.eval(OVERFLOWS), false, "/{page} is wider than 390 px");
    }

    browser.open(&home(&server));
    let light = browser.text(BACKGROUND);
    browser.prefer("dark");
    let dark = browser.text(BACKGROUND);
    assert_ne!(light, dark);
    browser.click("#theme");
    assert_eq!(browser.text(BACKGROUND), light, "the button overrules the system");
    browser.open(&format!("{}roles/web-3", home(&server)));
    assert_eq!(browser.text(BACKGROUND), light, "the choice is remembered");
    browser.click("article a[href^='/map']");
    browser
        .wait("location.pathname === '/map' && document.documentElement.dataset.state === 'ready'");
    assert_eq!(browser.text("document.documentElement.dataset.theme"), "light");
    browser.assert_clean(&home(&server));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn the_map_shows_a_search_opens_roles_and_leads_back() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.open(&format!("{}?q=Ceph+disks&mode=lexical", home(&server)));
    browser.click("#found a[href^='/map']");
    browser
        .wait("location.pathname === '/map' && document.documentElement.dataset.state === 'ready'");
    // The server's answer, not the words of the box: only lexical search finds eight alone.
    browser.wait("document.querySelector('#count span')?.textContent.startsWith('8 of 24 roles')");
    assert_eq!(browser.text("document.getElementById('filter').value"), "Ceph disks");
    let ids = "[...document.querySelectorAll('#roles .under')].map((e) => e.textContent).join(' ')";
    assert_eq!(browser.text(ids).matches("storage-").count(), 8);

    // A point opens its role, and the role leads to its page.
    browser.click("#roles button");
    browser.wait("!document.getElementById('panel').hidden");
    browser.click("#panel a.page");
    browser.wait("location.pathname.startsWith('/roles/storage-')");
    browser.eval("history.back()");
    browser.wait("location.pathname === '/map' && document.readyState === 'complete'");
    browser.wait("document.documentElement.dataset.state === 'ready'");
    browser.wait("document.querySelector('#count span')?.textContent.startsWith('8 of 24 roles')");
    browser.click("#back");
    browser
        .wait("location.pathname === '/' && document.querySelectorAll('.hits > li').length === 8");
    assert_eq!(browser.text("new URLSearchParams(location.search).get('mode')"), "lexical");
    browser.assert_clean(&home(&server));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn hostile_postings_stay_text() {
    let mut input = postings(6);
    // Reading takes tags out, and escaped ones where an end tag or a line break shows that they are
    // meant; what is escaped and never closed may be about a tag, and stays as it reads.
    let hidden =
        "&lt;script&gt;document.title='owned'&lt;img src=x onerror=\"document.title='owned'\"&gt;";
    let role = serde_json::json!({
        "id": "evil", "title": format!("Ceph {hidden}"), "section": hidden,
        "description": format!("Runs Ceph {hidden}"), "stack": ["Ceph", hidden], "note": hidden,
    });
    input.push_str(&format!("{role}\n"));
    let workspace = Workspace::new();
    workspace.write("a.jsonl", input);
    workspace.done(&["run", "a.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"]);
    let server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.open(&home(&server));
    browser.type_text("owned onerror <img src=x>");
    browser.wait("document.querySelector('.hits .role')?.getAttribute('href') === '/roles/evil'");
    assert_eq!(browser.eval("document.images.length"), 0);
    browser.open(&format!("{}roles/evil", home(&server)));
    assert!(
        browser.text("document.querySelector('h1').textContent").contains("<img src=x onerror=")
    );
    assert!(!browser.text("document.title").starts_with("owned"));
    assert_eq!(browser.eval("document.images.length"), 0);
    assert_eq!(browser.eval("document.scripts.length"), 1);
    browser.open(&format!("{}map#role=evil", home(&server)));
    assert_eq!(browser.eval("document.images.length"), 0);
    browser.assert_clean(&home(&server));
}

#[test]
#[ignore = "needs Chromium; .ci/run runs it"]
fn a_server_that_is_gone_is_said_on_the_page() {
    let workspace = Workspace::with_run();
    let mut server = Server::start(&workspace, &[]);
    let mut browser = Browser::start();
    browser.open(&home(&server));
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    browser.type_text("Ceph");
    browser
        .wait("document.querySelector('#found .count')?.textContent.includes('does not answer')");
    assert_eq!(browser.eval("document.documentElement.classList.contains('waiting')"), false);
}
