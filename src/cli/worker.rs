//! `rolecluster worker`: rows from stdin to answers on stdout, for engines.

use std::io::{self, BufReader, BufWriter};
use std::time::{Duration, Instant};

use rolecluster::pipeline::{
    self, CodeSettings, ModelSettings, SearchOptions, WorkerEvent, WorkerSettings,
};
use serde::Serialize;

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings;
use super::vector_args::WorkerArgs;

/// Progress is told no more often.
const BETWEEN: Duration = Duration::from_secs(1);

/// Room for answers before they go to the pipe.
const BUFFER_BYTES: usize = 1 << 20;

/// An event with the seconds since the start.
#[derive(Serialize)]
struct Timed<'a> {
    #[serde(flatten)]
    event: &'a WorkerEvent,
    seconds: f64,
}

/// Answers rows until there are no more. A row that cannot be answered has a reason beside it and is
/// no failure.
pub fn run(args: WorkerArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let settings = worker_settings(args);
    let started = Instant::now();
    let mut told: Option<Instant> = None;
    let mut tell = |event: WorkerEvent| {
        let is_progress = matches!(event, WorkerEvent::Progress(_));
        if is_progress && told.is_some_and(|told| told.elapsed() < BETWEEN) {
            return;
        }
        if is_progress {
            told = Some(Instant::now());
        }
        let seconds = (started.elapsed().as_secs_f64() * 1e3).round() / 1e3;
        printer.event(&Timed { event: &event, seconds });
    };
    let input = BufReader::with_capacity(BUFFER_BYTES, io::stdin().lock());
    let output = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    pipeline::work(&settings, input, output, &mut tell)?;
    Ok(ExitCode::Success)
}

/// What the library is told.
pub fn worker_settings(args: WorkerArgs) -> WorkerSettings {
    let (source, run_model) = match args.run {
        Some(_) => (None, args.model),
        None => (args.model, None),
    };
    let model = ModelSettings {
        source: source.unwrap_or(ModelSettings::default().source),
        revision: args.revision,
        device: args.device.device,
        dtype: args.dtype,
        dimensions: args.dimensions,
    };
    WorkerSettings {
        task: args.task,
        run: args.run,
        model,
        prompt_name: args.prompt_name,
        run_model,
        boilerplate: args.boilerplate.as_ref().map(settings::sentences).unwrap_or_default(),
        codes: CodeSettings { scheme: args.codes, language: settings::title_language(args.lang) },
        search: SearchOptions { k: args.k, mode: args.mode, ..SearchOptions::default() },
        columns: settings::columns(args.columns),
        keep: args.keep,
    }
}
