//! `rolecluster mcp`: one run folder for an assistant, by the Model Context Protocol on stdin and
//! stdout.
//!
//! [`server`] says what there is; each of the tools stands in [`search`], [`role`],
//! [`specialisations`] or [`assign`], with its arguments in [`arguments`] and its answer in
//! [`answers`]. Texts of postings are hostile: [`quote`] bounds them and marks them as quoted.
//! Nothing but the protocol is written to stdout, nothing is written to a file, and nothing is sent
//! over the network.

mod answers;
mod arguments;
mod assign;
mod comparison;
mod quote;
mod resources;
mod role;
mod search;
mod server;
mod specialisations;
mod tool_answer;
mod words;

use std::sync::Arc;

use anyhow::Context;
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::io::stdio_pipes;

use super::answering::OpenedRun;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::McpSettings;
use server::Server;

/// Loads the run folder and answers until stdin ends.
pub fn run(settings: &McpSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let run = Arc::new(OpenedRun::open(&settings.dir, settings.model.clone())?);
    printer.note(format_args!(
        "answering the Model Context Protocol on stdin and stdout, about {} roles",
        run.n_roles()
    ));
    let (early, printer) = (Arc::clone(&run), *printer);
    // While the client introduces itself. What fails here fails again, and is told, in the first
    // answer that needs it.
    std::thread::spawn(move || {
        let notes = early.prepare().unwrap_or_default();
        notes.iter().for_each(|note| printer.note(note));
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_io()
        .enable_time()
        .build()
        .context("cannot start the protocol")?;
    let answered = runtime.block_on(answer(Server::new(run)?));
    // A question under way has no one to answer any more.
    runtime.shutdown_background();
    answered?;
    Ok(ExitCode::Success)
}

async fn answer(server: Server) -> anyhow::Result<()> {
    match server.serve(stdio_pipes()).await {
        Ok(service) => {
            service.waiting().await.context("the protocol ended early")?;
            Ok(())
        }
        // The client went away without a word.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error).context("the client does not speak the protocol"),
    }
}
