//! `rolecluster rename`, `merge`, `move`, `split`, `pin` and `correct`: what a person wants changed
//! in the groups of a run folder.

use std::path::Path;

use anyhow::Context;
use rolecluster::clustering::{ClusterId, DirectionId};
use rolecluster::corrections::{Change, Level, Outcome};
use rolecluster::pipeline::{self, check_corrections, roles_to_hold_by};
use rolecluster::profile::{ByHand, ClusterProfile, DirectionSource};
use rolecluster::report::{Placement, Report};
use rolecluster::role::RoleId;
use rolecluster::store::{RunFolder, RunWriter};

use super::correct_args::{CorrectArgs, CorrectCommand, MoveArgs, PinArgs, RenameArgs, SplitArgs};
use super::corrections::CorrectionsFile;
use super::exit_code::ExitCode;
use super::merge_args::MergeArgs;
use super::printer::Printer;
use super::settings::{Output, output};
use super::summary::{self, Summary};
use super::table::counted;
use super::usage_error::UsageError;

/// Runs one of the commands.
pub fn run(command: &CorrectCommand, printer: &Printer) -> anyhow::Result<ExitCode> {
    match command {
        CorrectCommand::Rename(args) => rename(args, printer),
        CorrectCommand::Move(args) => move_roles(args, printer),
        CorrectCommand::Split(args) => split(args, printer),
        CorrectCommand::Pin(args) => pin(args, printer),
        CorrectCommand::Correct(args) => correct(args, printer),
    }
}

/// Gives a specialisation or a direction a name.
fn rename(args: &RenameArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let report = report(&args.dir)?;
    let name = args.name.trim().to_string();
    let (level, roles, about, before) = if args.direction {
        let direction = DirectionId::try_from(args.number).ok();
        let direction = direction.and_then(|id| report.directions.get(id.index()));
        let direction =
            direction.ok_or_else(|| none("direction", args.number, report.directions.len()))?;
        let others = report.directions.iter().filter(|other| other.id != direction.id);
        let set = others.filter(|other| {
            let is_given = other.source == Some(DirectionSource::Given);
            is_given || other.by_hand.contains(&ByHand::Named)
        });
        refuse_taken("direction", &name, set.map(|other| (other.id.number(), &*other.name)))?;
        let surest = direction.clusters.iter().filter_map(|id| report.profiles.get(id.index()));
        let surest: Vec<RoleId> = surest.flat_map(|p| p.exemplars.iter().cloned()).collect();
        let is_in = |place: &Placement| place.direction == Some(direction.id);
        let roles = roles_to_hold_by(&report, &surest, is_in);
        (Level::Direction, roles, told(&direction.name, direction.size), &direction.name)
    } else {
        let profile = specialisation(&report, args.number)?;
        let others = report.profiles.iter().filter(|other| other.id != profile.id);
        let set = others.filter(|other| other.by_hand.contains(&ByHand::Named));
        refuse_taken("specialisation", &name, set.map(|other| (other.id.number(), &*other.name)))?;
        (Level::Specialisation, held_by(&report, profile), about(profile), &profile.name)
    };
    let change = Change::Rename { level, roles, name };
    // An entry that gave the name there is now has had its day.
    let replaced = |old: &Change| {
        let is_rename = matches!(old, Change::Rename { .. });
        (is_rename && old.name() == Some((level, before.as_str()))).then_some(None)
    };
    let file = CorrectionsFile::read(&args.dir)?.with(change, &about, replaced)?;
    make(&args.dir, file, output(args.json), printer)
}

/// Refuses a name that a person set for another group, of which `set` has number and name.
fn refuse_taken<'a>(
    what: &str,
    name: &str,
    mut set: impl Iterator<Item = (u32, &'a str)>,
) -> Result<(), UsageError> {
    let taken = set.find(|(_, other)| other.to_lowercase() == name.to_lowercase());
    let Some((number, other)) = taken else { return Ok(()) };
    Err(UsageError(format!(
        "{what} {number} is called {other:?} already, as a person wants it; choose another name, or \
         rename that one first"
    )))
}

/// Makes one specialisation of several.
pub fn merge(args: &MergeArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let report = report(&args.dir)?;
    let numbers = args.numbers()?;
    let profiles: Vec<&ClusterProfile> =
        numbers.iter().map(|&number| specialisation(&report, number)).collect::<Result<_, _>>()?;
    let groups = profiles.iter().map(|profile| held_by(&report, profile)).collect();
    let about = profiles.iter().map(|profile| about(profile)).collect::<Vec<_>>().join(" + ");
    let change = Change::Merge { groups, name: trimmed(args.name.as_deref()) };
    let file = CorrectionsFile::read(&args.dir)?.with(change, &about, |_| None)?;
    make(&args.dir, file, output(args.json), printer)
}

/// Puts roles into another specialisation.
fn move_roles(args: &MoveArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let report = report(&args.dir)?;
    let roles = ids(&args.roles);
    let target = specialisation(&report, args.to)?;
    let is_in = |place: &Placement| place.cluster == Some(target.id) && !roles.contains(&place.id);
    let to = roles_to_hold_by(&report, &target.exemplars, is_in);
    if to.is_empty() {
        let what = format!("specialisation {} holds no role but these already", args.to);
        return Err(UsageError(what).into());
    }
    let about = format!("{} to {}", titles(&report, &roles), about(target));
    // A role goes to one place only: what was said of it before leaves the other moves.
    let replaced = |old: &Change| match old {
        Change::Move { roles: before, to } if before.iter().any(|role| roles.contains(role)) => {
            let rest: Vec<RoleId> =
                before.iter().filter(|role| !roles.contains(role)).cloned().collect();
            Some((!rest.is_empty()).then(|| Change::Move { roles: rest, to: to.clone() }))
        }
        _ => None,
    };
    let change = Change::Move { roles: roles.clone(), to };
    let file = CorrectionsFile::read(&args.dir)?.with(change, &about, replaced)?;
    make(&args.dir, file, output(args.json), printer)
}

/// Makes a specialisation of roles.
fn split(args: &SplitArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let report = report(&args.dir)?;
    let roles = ids(&args.roles);
    let about = titles(&report, &roles);
    let change = Change::Split { roles, name: trimmed(args.name.as_deref()) };
    let file = CorrectionsFile::read(&args.dir)?.with(change, &about, |_| None)?;
    make(&args.dir, file, output(args.json), printer)
}

/// Keeps roles together.
fn pin(args: &PinArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let report = report(&args.dir)?;
    let roles = ids(&args.roles);
    let about = titles(&report, &roles);
    let change = Change::Pin { roles, name: args.name.trim().to_string() };
    let file = CorrectionsFile::read(&args.dir)?.with(change, &about, |_| None)?;
    make(&args.dir, file, output(args.json), printer)
}

/// Makes the corrections that the file holds now.
fn correct(args: &CorrectArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    report(&args.dir)?;
    let file = CorrectionsFile::read(&args.dir)?;
    if file.corrections().is_empty() {
        let path = args.dir.join(super::corrections::FILE);
        printer.note(format!("{} holds no correction", path.display()));
    }
    apply(&args.dir, &file, 0, output(args.json), printer)
}

/// Writes the file and makes the corrections in the folder.
fn make(
    folder: &Path,
    file: CorrectionsFile,
    output: Output,
    printer: &Printer,
) -> anyhow::Result<ExitCode> {
    let run = RunFolder::open(folder).map_err(rolecluster::Error::from)?;
    check_corrections(&run, file.corrections()).map_err(|error| file.refused(error))?;
    file.write().context("the correction was not made")?;
    let last = file.corrections().entries().len().saturating_sub(1);
    apply(folder, &file, last, output, printer)
}

/// Makes the corrections and says what to know of those from the number `new` on.
fn apply(
    folder: &Path,
    file: &CorrectionsFile,
    new: usize,
    output: Output,
    printer: &Printer,
) -> anyhow::Result<ExitCode> {
    let mut writer = RunWriter::open(folder).map_err(rolecluster::Error::from)?;
    let report = pipeline::correct_run(&mut writer, file.corrections())?;
    summary::warn_of_method(&report, printer);
    report.corrections.iter().skip(new).for_each(|made| tell(made, printer));
    Summary { report: &report, embedded: None, folder }.print(output, printer)?;
    Ok(ExitCode::Success)
}

/// Says what to know of a correction that found its groups; of one that did not the report warns.
fn tell(made: &Outcome, printer: &Printer) {
    let change = &made.correction.change;
    if let (true, Some(note)) = (made.held, &made.note) {
        let name = change.name().map_or_else(String::new, |(_, name)| format!(" {name:?}"));
        printer.note(format_args!("the {}{name}: {note}", change.kind()));
    }
}

/// The report of a folder that was clustered.
fn report(folder: &Path) -> anyhow::Result<Report> {
    let run = RunFolder::open(folder).map_err(rolecluster::Error::from)?;
    Ok(pipeline::load_report(&run)?.0)
}

fn specialisation(report: &Report, number: u32) -> Result<&ClusterProfile, UsageError> {
    let id = ClusterId::try_from(number).ok();
    let profile = id.and_then(|id| report.profiles.get(id.index()));
    profile.ok_or_else(|| none("specialisation", number, report.profiles.len()))
}

fn none(what: &str, number: u32, n: usize) -> UsageError {
    UsageError(format!("there is no {what} {number}; they are numbered from 1 to {n}"))
}

fn held_by(report: &Report, profile: &ClusterProfile) -> Vec<RoleId> {
    let is_in = |place: &Placement| place.cluster == Some(profile.id);
    roles_to_hold_by(report, &profile.exemplars, is_in)
}

/// A group in words, for the comment above an entry.
fn told(name: &str, size: usize) -> String {
    format!("{name:?}, {}", counted(size, "role"))
}

fn about(profile: &ClusterProfile) -> String {
    told(&profile.name, profile.size)
}

/// Roles in words, for the comment above an entry.
fn titles(report: &Report, roles: &[RoleId]) -> String {
    const SHOWN: usize = 3;
    let title = |id: &RoleId| {
        let place = report.placements.iter().find(|place| place.id == *id);
        place.map_or_else(|| id.to_string(), |place| place.title.to_string())
    };
    let mut told: Vec<String> = roles.iter().take(SHOWN).map(title).collect();
    if roles.len() > SHOWN {
        told.push(format!("{} more", roles.len() - SHOWN));
    }
    told.join(", ")
}

fn ids(typed: &[String]) -> Vec<RoleId> {
    typed.iter().map(RoleId::new).collect()
}

fn trimmed(name: Option<&str>) -> Option<String> {
    name.map(|name| name.trim().to_string())
}
