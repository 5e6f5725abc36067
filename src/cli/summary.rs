//! The summary that `run`, `cluster` and `embed` print.

use std::path::{Path, PathBuf};

use rolecluster::corrections::Outcome;
use rolecluster::intake::{DuplicateKind, Intake};
use rolecluster::pipeline::Embedded;
use rolecluster::profile::{ClusterProfile, Direction, DirectionSource};
use rolecluster::report::Report;
use rolecluster::store::{Part, View};
use rolecluster::text::{MAX_TEXT_BYTES, truncate};
use serde::Serialize;

use super::printer::Printer;
use super::settings::Output;
use super::table::{Align, aligned, counted, percent, plain};

/// Columns of a list of facts: label and value.
pub const FACTS: &[Align] = &[Align::Left, Align::Left];

/// Columns of the list of specialisations.
const LIST: &[Align] = &[Align::Right, Align::Right, Align::Right, Align::Left, Align::Left];

/// Technologies shown per specialisation.
const TECHNOLOGIES_SHOWN: usize = 4;

/// The summary of a clustered run folder.
pub struct Summary<'a> {
    /// The report.
    pub report: &'a Report,
    /// What was embedded, if the same command did that.
    pub embedded: Option<&'a Embedded>,
    /// The run folder.
    pub folder: &'a Path,
}

/// The summary as JSON.
#[derive(Serialize)]
struct SummaryJson<'a> {
    roles: usize,
    skipped: u64,
    directions: &'a [Direction],
    clusters: &'a [ClusterProfile],
    noise: usize,
    noise_share: f64,
    duplicates: usize,
    boilerplate: usize,
    #[serde(skip_serializing_if = "<[Outcome]>::is_empty")]
    corrections: &'a [Outcome],
    #[serde(skip_serializing_if = "Option::is_none")]
    computed: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cached: Option<usize>,
    warnings: &'a [String],
    files: Vec<PathBuf>,
}

impl Summary<'_> {
    /// Prints it in the requested format.
    pub fn print(&self, output: Output, printer: &Printer) -> anyhow::Result<()> {
        match output {
            Output::Json => printer.json(&self.json()),
            Output::Text => Ok(printer.summary(&self.text())?),
        }
    }

    fn json(&self) -> SummaryJson<'_> {
        let Report { placements, profiles, directions, scores, method, intake, .. } = self.report;
        SummaryJson {
            roles: placements.len(),
            skipped: intake.skipped_total,
            directions,
            clusters: profiles,
            noise: self.n_noise(),
            noise_share: scores.noise_share,
            duplicates: intake.duplicates.len(),
            boilerplate: intake.boilerplate.len(),
            corrections: &self.report.corrections,
            computed: self.embedded.map(|e| e.n_computed),
            cached: self.embedded.map(|e| e.n_cached),
            warnings: &method.warnings,
            files: self.files().map(|(path, _)| path).collect(),
        }
    }

    fn text(&self) -> String {
        let Report { placements, profiles, directions, intake, scores, .. } = self.report;
        let (n_roles, n_noise) = (placements.len(), self.n_noise());
        let rest = match n_noise {
            0 => "every role has its place".to_string(),
            n => format!("{n} of them ({}) belong to none", percent(scores.noise_share)),
        };
        let roles = counted(n_roles, "role");
        let specialisations = counted(profiles.len(), "specialisation");
        let levels = match directions.len() {
            n if n == profiles.len() || n == 0 => specialisations,
            n => format!("{specialisations} of {}", counted(n, "direction")),
        };
        let mut text = format!("{roles} in {levels}; {rest}.\n\n");

        let heading = ["#", "roles", "share", "specialisation", "technologies"];
        let mut rows = vec![heading.map(String::from).to_vec()];
        rows.extend(self.listed());
        text.push_str(&aligned(LIST, &rows));
        text.push('\n');

        let mut facts = intake_facts(intake);
        facts.extend(self.by_hand());
        facts.extend(self.embedded.map(model_facts));
        let files: Vec<Vec<String>> = self
            .files()
            .map(|(path, what)| vec![plain(&path.display().to_string()), what.to_string()])
            .collect();
        for (at, line) in aligned(FACTS, &files).lines().enumerate() {
            let label = if at == 0 { "files" } else { "" };
            facts.push(vec![label.to_string(), line.to_string()]);
        }
        text.push_str(&aligned(FACTS, &facts));
        text
    }

    /// A row per specialisation, under a row per direction where a direction has several.
    fn listed(&self) -> Vec<Vec<String>> {
        let Report { placements, profiles, directions, .. } = self.report;
        let n_roles = placements.len();
        let is_plain =
            |d: &Direction| d.clusters.len() == 1 && d.source.is_none() && d.by_hand.is_empty();
        if directions.iter().all(is_plain) {
            return profiles.iter().map(|profile| profile_row(profile, n_roles, "")).collect();
        }
        let mut rows = Vec::new();
        for direction in directions {
            rows.push(vec![
                String::new(),
                direction.size.to_string(),
                percent(direction.size as f64 / n_roles as f64),
                marked(&direction.name, direction.source, !direction.by_hand.is_empty()),
                String::new(),
            ]);
            let within = direction.clusters.iter().filter_map(|id| profiles.get(id.index()));
            rows.extend(within.map(|profile| profile_row(profile, n_roles, "  ")));
        }
        rows
    }

    /// How much a person set.
    fn by_hand(&self) -> Option<Vec<String>> {
        let made = &self.report.corrections;
        let lost = made.iter().filter(|made| !made.held).count();
        let lost = if lost == 0 { String::new() } else { format!(", {lost} of them without hold") };
        let text = format!("{}{lost}; * is set by a person", counted(made.len(), "correction"));
        (!made.is_empty()).then(|| vec!["by hand".to_string(), text])
    }

    fn n_noise(&self) -> usize {
        self.report.placements.iter().filter(|p| p.cluster.is_none()).count()
    }

    /// The files meant for people and other programs that exist.
    fn files(&self) -> impl Iterator<Item = (PathBuf, &'static str)> {
        let views = View::ALL.map(|view| (view.file_name(), what_is(view)));
        let report = (Part::Report.file_name(), "everything found, for programs");
        views
            .into_iter()
            .chain([report])
            .map(|(name, what)| (self.folder.join(name), what))
            .filter(|(path, _)| path.exists())
    }
}

fn what_is(view: View) -> &'static str {
    match view {
        View::Digest => "the digest, to read",
        View::MapPage => "the map, opens in a browser",
        View::MapPicture => "the map as a picture",
        View::Table => "one row per role, for a spreadsheet",
    }
}

/// A name, whether it was given or found, and a star where a person set it.
fn marked(name: &str, source: Option<DirectionSource>, is_by_hand: bool) -> String {
    let source = source.map_or_else(String::new, |source| format!(" ({})", source.key()));
    let star = if is_by_hand { " *" } else { "" };
    format!("{}{source}{star}", truncate(&plain(name), 56))
}

fn profile_row(profile: &ClusterProfile, n_roles: usize, indent: &str) -> Vec<String> {
    let technologies: Vec<&str> =
        profile.telling().into_iter().take(TECHNOLOGIES_SHOWN).map(|t| t.label.as_str()).collect();
    vec![
        profile.id.to_string(),
        profile.size.to_string(),
        percent(profile.size as f64 / n_roles as f64),
        format!("{indent}{}", marked(&profile.name, None, !profile.by_hand.is_empty())),
        plain(&technologies.join(", ")),
    ]
}

/// Counts of skipped records, blocks set aside, duplicates and boilerplate; zeros are left out.
pub fn intake_facts(intake: &Intake) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut tell = |label: &str, text: String| rows.push(vec![label.to_string(), text]);
    if intake.skipped_total > 0 {
        tell("skipped", counted(intake.skipped_total as usize, "record"));
    }
    if !intake.set_aside.is_empty() {
        tell(
            "set aside",
            format!("{} that are no roles", counted(intake.set_aside.len(), "block")),
        );
    }
    if !intake.duplicates.is_empty() {
        let exact = intake.duplicates.iter().filter(|d| d.kind == DuplicateKind::Exact).count();
        let near = intake.duplicates.len() - exact;
        tell("duplicates", format!("{} ({exact} exact, {near} near)", intake.duplicates.len()));
    }
    let similar = intake.similar.pairs.len() + intake.similar.unlisted;
    if similar > 0 {
        tell("similar", format!("{} to check, not merged", counted(similar, "pair")));
    }
    if !intake.shortened.is_empty() {
        let texts = counted(intake.shortened.len(), "long text");
        tell(
            "excerpts",
            format!("{texts} compared by an excerpt of {} KiB at most", MAX_TEXT_BYTES / 1024),
        );
    }
    if !intake.boilerplate.is_empty() {
        let unlisted = intake.boilerplate_unlisted;
        let said = unlisted + intake.boilerplate.iter().map(|b| b.count).sum::<usize>();
        let sentences = counted(intake.boilerplate.len() + unlisted, "sentence");
        tell("boilerplate", format!("{sentences} left out of the comparison, said {said} times"));
    }
    rows
}

/// Vectors computed and cached, the model and the device.
pub fn model_facts(embedded: &Embedded) -> Vec<String> {
    let Embedded { model, device, n_computed, n_cached, .. } = embedded;
    let name = plain(&model.name);
    let text = format!("{n_computed} computed, {n_cached} known; model {name} on {device}");
    vec!["vectors".to_string(), text]
}

/// Prints why `--device auto` chose the device, and what was assumed about the model.
pub fn note_model(embedded: &Embedded, printer: &Printer) {
    for note in &embedded.notes {
        printer.note(plain(note));
    }
}

pub fn warn_of_shortened(intake: &Intake, printer: &Printer) {
    shortened(intake).iter().for_each(|warning| printer.warning(warning));
}

/// Says that texts are too long to be compared whole.
pub fn shortened(intake: &Intake) -> Option<String> {
    let first = intake.shortened.first()?;
    let (n, role) = (intake.shortened.len(), plain(first.role.as_str()));
    let texts = if n == 1 { "1 text is" } else { &format!("{n} texts are") };
    Some(format!(
        "{texts} longer than {} KiB or hold data that is no text (the first: role {role}, {} bytes, {} compared); \
         the whole text is kept, an excerpt is compared",
        MAX_TEXT_BYTES / 1024,
        first.bytes,
        first.kept
    ))
}

/// Prints the warnings of the clustering.
pub fn warn_of_method(report: &Report, printer: &Printer) {
    report.method.warnings.iter().for_each(|warning| printer.warning(warning));
}
