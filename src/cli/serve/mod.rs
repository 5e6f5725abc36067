//! `rolecluster serve`: map, live search and role pages in a browser, and a small JSON API.
//!
//! The run folder is loaded once ([`served_run`]) and served until the program ends. Every
//! request passes the [`middleware`], which checks host, size, origin and token ([`access`]) and
//! adds error bodies and security headers. Searches run in a bounded
//! [worker pool](super::answering::WorkerPool).

mod access;
mod api;
mod api_error;
mod app;
mod assets;
mod connection;
mod failures;
mod highlight;
mod idle_connections;
mod middleware;
mod openapi;
mod pages;
mod search_params;
mod served_run;
#[cfg(test)]
mod tests;
mod ui_text;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use super::answering::WorkerPool;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::ServeSettings;
use access::AccessPolicy;
use api_error::ApiError;
use app::App;
use served_run::ServedRun;

/// Loads the run folder, prints the address, and serves until interrupted.
pub fn run(settings: &ServeSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let mut run = ServedRun::open(settings)?;
    let listener = listen(settings.address)?;
    let address = listener.local_addr().context("cannot find out the address listened on")?;
    // Before the first request, not by it; a browser that comes early waits in the backlog.
    run.prepare()?.iter().for_each(|note| printer.note(note));
    let n_roles = run.opened.n_roles();
    let app = Arc::new(App {
        run: Arc::new(run),
        pool: WorkerPool::new(rayon::current_num_threads()),
        access: AccessPolicy::new(address, settings.token.clone()),
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

fn router(app: Arc<App>) -> Router {
    let (api, _) = openapi::routes().split_for_parts();
    api.route("/", get(pages::search))
        .route("/hits", get(pages::hits))
        .route("/roles/{id}", get(pages::role))
        .route("/clusters/{id}", get(pages::cluster))
        .route("/map", get(pages::map))
        .route("/serve.css", get(assets::style))
        .route("/serve.js", get(assets::script))
        .route("/icon.svg", get(assets::icon))
        .fallback(async || ApiError::not_found("there is no such page"))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(from_fn_with_state(Arc::clone(&app), middleware::around))
        .with_state(app)
}
