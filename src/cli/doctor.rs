//! `rolecluster doctor`: a check of the installation.

use std::path::Path;

use rolecluster::encode::DeviceChoice;
use rolecluster::pipeline::ModelSettings;
use rolecluster::report::SCHEMA_VERSION;
use rolecluster::store::FORMAT_VERSION;
use serde::Serialize;

use super::device_report::DeviceReport;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::{DoctorSettings, Output};
use super::summary;
use super::table::aligned;

/// The findings. Every check is made, whatever fails.
#[derive(Serialize)]
struct Findings {
    version: &'static str,
    run_folder_format: u32,
    json_schema: u32,
    cores: usize,
    threads: usize,
    /// `None` if there is a GPU, else the reason why not.
    cuda_missing: Option<String>,
    /// The device a run would use.
    device: Finding<String>,
    model: Finding<ModelFound>,
    hub_cache: Option<String>,
    hub_offline: bool,
    /// Where a device was named and is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_report: Option<DeviceReport>,
}

/// A finding, or the reason why there is none.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Finding<T> {
    Found(T),
    Missing(String),
}

impl<T> Finding<T> {
    fn new(looked: Result<T, impl std::fmt::Display>) -> Self {
        match looked {
            Ok(found) => Finding::Found(found),
            Err(why) => Finding::Missing(why.to_string()),
        }
    }
}

#[derive(Serialize)]
struct ModelFound {
    name: String,
    revision: String,
    digest: String,
    dimension: usize,
    prompts: Vec<String>,
}

/// Checks devices, model and caches, and what a device computes that was named. If the model or
/// the device is not available, or the device computes wrongly, the exit code is that of a run that
/// needs it.
pub fn run(settings: &DoctorSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let opened = settings.model.device.open();
    // What is opened when nobody names a device is checked by every run that uses it.
    let is_named = settings.model.device != DeviceChoice::Auto;
    let device_report = opened
        .as_ref()
        .ok()
        .filter(|_| is_named)
        .map(|device| DeviceReport::of(device, &settings.model, settings.speed));
    let findings = Findings {
        version: env!("CARGO_PKG_VERSION"),
        run_folder_format: FORMAT_VERSION,
        json_schema: SCHEMA_VERSION,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        threads: rayon::current_num_threads(),
        cuda_missing: DeviceChoice::Cuda(0).open().err().map(|e| e.to_string()),
        device: Finding::new(opened.map(|device| device.name().to_string())),
        model: Finding::new(check_model(&settings.model)),
        hub_cache: hub_cache(),
        hub_offline: std::env::var("HF_HUB_OFFLINE").is_ok_and(|v| v == "1" || v == "true"),
        device_report,
    };
    match settings.output {
        Output::Json => printer.json(&findings)?,
        Output::Text => printer.data(&findings.text())?,
    }
    let is_right = findings.device_report.as_ref().is_none_or(DeviceReport::is_right);
    Ok(match (&findings.device, &findings.model) {
        (Finding::Found(_), Finding::Found(_)) if is_right => ExitCode::Success,
        _ => ExitCode::Model,
    })
}

fn check_model(settings: &ModelSettings) -> Result<ModelFound, rolecluster::Error> {
    // The device is checked separately.
    let settings = ModelSettings { device: DeviceChoice::Cpu, ..settings.clone() };
    let (encoder, _) = settings.load()?;
    let found = encoder.fingerprint(None)?;
    Ok(ModelFound {
        name: found.name,
        revision: found.revision,
        digest: found.digest,
        dimension: found.dimension,
        prompts: encoder.prompt_names().into_iter().map(str::to_string).collect(),
    })
}

/// The cache of Hub models, by the same rules as the Hub's own tools.
fn hub_cache() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("HF_HUB_CACHE")
        .or_else(|| set("HF_HOME").map(|home| format!("{home}/hub")))
        .or_else(|| set("HOME").map(|home| format!("{home}/.cache/huggingface/hub")))
}

impl Findings {
    fn text(&self) -> String {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut tell = |label: &str, text: String| rows.push(vec![label.to_string(), text]);
        let (folder, schema) = (self.run_folder_format, self.json_schema);
        tell("rolecluster", self.version.to_string());
        tell("formats", format!("run folder {folder}, JSON schema {schema}"));
        tell("cpu", format!("{} cores, {} threads used", self.cores, self.threads));
        match &self.cuda_missing {
            None => tell("cuda", "cuda:0 is there".into()),
            Some(why) => tell("cuda", format!("none: {why}")),
        }
        match &self.device {
            Finding::Found(device) => tell("device", device.clone()),
            Finding::Missing(why) => tell("device", format!("NOT AVAILABLE: {why}")),
        }
        match &self.model {
            Finding::Found(model) => {
                let ModelFound { name, revision, digest, dimension, prompts } = model;
                tell("model", format!("{name} ({revision}, {digest}), {dimension} numbers a role"));
                if !prompts.is_empty() {
                    tell("prompts", prompts.join(", "));
                }
            }
            Finding::Missing(why) => tell("model", format!("NOT AVAILABLE: {why}")),
        }
        let offline = if self.hub_offline { "; HF_HUB_OFFLINE is set" } else { "" };
        match &self.hub_cache {
            Some(path) => {
                let there = if Path::new(path).is_dir() { "" } else { ", not made yet" };
                tell("hub cache", format!("{path}{there}{offline}"));
            }
            None => tell("hub cache", format!("none: HOME and HF_HOME are not set{offline}")),
        }
        tell("vector cache", "cache/ in every run folder".into());
        let mut text = aligned(summary::FACTS, &rows);
        if let Some(report) = &self.device_report {
            text.push('\n');
            text.push_str(&report.text());
        }
        text
    }
}
