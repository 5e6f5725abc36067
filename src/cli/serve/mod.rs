//! `rolecluster serve`: map, live search and role pages in a browser, and a small JSON API.
//!
//! What was opened is served until the program ends ([`Site`]). Every request passes the
//! [`guard`] (where it comes from, how large it is, whose it is) on its way in and gets its
//! headers and the shape of its error on its way out. What costs computing waits its turn at
//! the [`Desk`], so that load makes requests slower, then refused, and never the memory grow.

mod api;
mod assets;
mod connection;
mod desk;
mod guard;
mod html;
mod marks;
mod pages;
mod patience;
mod problem;
mod request;
mod site;
#[cfg(test)]
mod tests;
mod words;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get};

use super::settings::ServeSettings;
use super::{ExitCode, Printer};
use desk::Desk;
use guard::Guard;
use problem::Problem;
use site::Site;

/// All a handler may need.
struct App {
    site: Arc<Site>,
    desk: Desk,
    guard: Guard,
    printer: Printer,
}

type Shared = State<Arc<App>>;

/// Opens the run folder, says where it can be looked at, and serves until it is interrupted.
pub fn run(settings: &ServeSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let mut site = Site::open(settings)?;
    let listener = listen(settings.address)?;
    let address = listener.local_addr().context("cannot find out the address listened on")?;
    // Asked for before the first request rather than by it; a browser that comes early waits.
    site.prepare()?.iter().for_each(|note| printer.note(note));
    let n_roles = site.n_roles();
    let app = Arc::new(App {
        site: Arc::new(site),
        desk: Desk::new(rayon::current_num_threads()),
        guard: Guard::new(address, settings.token.clone()),
        printer: *printer,
    });
    printer.address(format_args!("http://{address}/ shows {n_roles} roles; Ctrl-C ends it"));
    if settings.token.is_some() {
        printer.note("open it once with ?token=... at the end; the browser remembers");
    }
    connection::serve_until_interrupted(listener, router(app)).context("cannot serve")?;
    printer.note("ended");
    Ok(ExitCode::Success)
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}; choose another --port, or 0 for any that is free")
    })?;
    listener.set_nonblocking(true).context("cannot set up the listening socket")?;
    Ok(listener)
}

/// What the OpenAPI file describes, route by route.
fn api_routes() -> [(&'static str, MethodRouter<Arc<App>>); 6] {
    [
        ("/api/search", get(api::search)),
        ("/api/roles/{id}", get(api::role)),
        ("/api/roles/{id}/similar", get(api::similar)),
        ("/api/clusters", get(api::clusters)),
        ("/api/health", get(api::health)),
        ("/openapi.json", get(assets::openapi)),
    ]
}

fn router(app: Arc<App>) -> Router {
    let mut router = Router::new()
        .route("/", get(pages::search))
        .route("/hits", get(pages::hits))
        .route("/roles/{id}", get(pages::role))
        .route("/clusters/{id}", get(pages::cluster))
        .route("/map", get(pages::map))
        .route("/serve.css", get(assets::style))
        .route("/serve.js", get(assets::script))
        .route("/icon.svg", get(assets::icon));
    for (path, method) in api_routes() {
        router = router.route(path, method);
    }
    router
        .fallback(async || Problem::not_found("there is no such page"))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(Arc::clone(&app), guard::pass))
        .with_state(app)
}
