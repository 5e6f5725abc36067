//! Where others can reach it, a token opens the door.

use super::client::Server;
use crate::support::Workspace;

const TOKEN: &str = "a-long-and-secret-word";

#[test]
fn nothing_is_answered_without_the_token() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &["--listen", "0.0.0.0:0", "--token", TOKEN]);
    for target in ["/api/health", "/", "/map", "/roles/web-1", "/serve.js", "/nowhere"] {
        let reply = server.get(target);
        assert_eq!(reply.status, 401, "{target}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        assert!(!reply.body.contains("24 roles") && !reply.body.contains(TOKEN));
        reply.is_guarded();
    }
    assert!(server.get("/api/health").error().contains("Bearer"));
    assert!(server.get("/").body.contains("name=\"token\""), "a page asks for it");

    let bearer = |value: &str| server.get_with("/api/health", &[("Authorization", value)]).status;
    assert_eq!(bearer(&format!("Bearer {TOKEN}")), 200);
    assert_eq!(bearer(&format!("bearer {TOKEN}")), 200);
    for wrong in ["Bearer ", "Bearer a-long-and-secret-wor", TOKEN, "Basic Og=="] {
        assert_eq!(bearer(wrong), 401, "{wrong}");
    }
    // Any name may lead to it, since the token is not sent to another one.
    let named = [("Host", "jobs.example"), ("Authorization", &format!("Bearer {TOKEN}"))];
    assert_eq!(server.get_with("/", &named).status, 200);
}

#[test]
fn a_browser_gives_the_token_once_and_keeps_a_cookie() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &["--token", TOKEN]);
    let reply = server.get(&format!("/?q=Ceph+%26+%E5%AD%98&token={TOKEN}"));
    assert_eq!((reply.status, reply.body.as_str()), (303, ""));
    assert_eq!(reply.header("location"), "/?q=Ceph+%26+%E5%AD%98");
    let cookie = reply.header("set-cookie");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(TOKEN), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let with = |cookie: &str| server.get_with("/", &[("Cookie", cookie)]).status;
    assert_eq!(with(cookie), 200);
    assert_eq!(with(&format!("other=1; {cookie}; more=2")), 200);
    assert_eq!(with(&cookie[..cookie.len() - 1]), 401);
    assert_eq!(with(&format!("{}={TOKEN}", cookie.split('=').next().unwrap())), 401);

    let elsewhere = server.get(&format!("//evil.example/?token={TOKEN}"));
    assert_eq!(elsewhere.header("location"), "/evil.example/");
    let wrong = server.get("/?token=wrong");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, ""));
    // A program may repeat it instead.
    assert_eq!(server.get(&format!("/api/search?q=x&token={TOKEN}")).status, 200);
    // Without the token no other name is answered, whatever it asks.
    let other = [("Host", "evil.example")];
    assert_eq!(server.get_with("/api/health", &other).status, 401);
}
