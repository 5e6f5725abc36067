//! `rolecluster search`: roles similar to a text or to another role.

use std::io::{self, BufRead, IsTerminal};

use anyhow::Context;
use rolecluster::pipeline::{Answer, Hit, Query, Searcher};
use rolecluster::search::Explanation;
use rolecluster::store::RunFolder;
use rolecluster::text::truncate;

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::{Output, Queries, SearchSettings};
use super::table::{Align, aligned, plain};

/// Answers the query, or one query per line of stdin, with the model loaded once.
pub fn run(settings: &SearchSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let run = RunFolder::open(&settings.dir).map_err(rolecluster::Error::from)?;
    let searcher = Searcher::open(&run, settings.model.clone())?;
    match &settings.queries {
        Queries::One(query) => {
            let answer = searcher.search(query, &settings.search)?;
            note(&searcher, &answer, settings.search.min_score, printer);
            match settings.output {
                Output::Json => printer.json(&answer.hits)?,
                Output::Text => printer.data(&listing(&answer.hits))?,
            }
        }
        Queries::Stdin => {
            if io::stdin().is_terminal() {
                printer.note("one query per line; end with Ctrl-D");
            }
            for line in io::stdin().lock().lines() {
                let line = line.context("cannot read queries from stdin")?;
                let text = line.trim();
                if text.is_empty() {
                    continue;
                }
                let answer = searcher.search(&Query::Text(text.to_string()), &settings.search)?;
                note(&searcher, &answer, settings.search.min_score, printer);
                let hits = &answer.hits;
                match settings.output {
                    Output::Json => printer.data(&(serde_json::to_string(hits)? + "\n"))?,
                    Output::Text => {
                        printer.data(&format!("> {}\n{}\n", plain(text), listing(hits)))?;
                    }
                }
            }
        }
    }
    Ok(ExitCode::Success)
}

/// Prints what the search had to do without, once each, and what became of the query.
fn note(searcher: &Searcher, answer: &Answer, least: Option<f32>, printer: &Printer) {
    searcher.take_notes().iter().for_each(|note| printer.note(note));
    if let Some(text) = &answer.searched_for {
        printer.note(format_args!("showing results for \"{}\"", plain(text)));
    }
    if let Some(text) = &answer.unwanted {
        printer.note(format_args!("roles about \"{}\" come later", plain(text)));
    }
    let Some(best) = answer.best else { return printer.note("no role matches") };
    if !answer.hits.is_empty() {
        return;
    }
    match least {
        Some(_) => printer.note(format_args!("no role has that score; the best has {best:.3}")),
        None => printer.note(format_args!(
            "nothing is near: the best role has {best:.3}, and a text about something else may have \
             {:.3}; --min-score 0 shows the roles all the same",
            answer.noise
        )),
    }
}

fn listing(hits: &[Hit]) -> String {
    let rows: Vec<Vec<String>> = hits
        .iter()
        .map(|hit| {
            vec![
                hit.rank.to_string(),
                format!("{:.3}", hit.score),
                plain(hit.id.as_str()),
                truncate(&plain(&hit.title), 56).into_owned(),
                hit.cluster_name.as_deref().map_or_else(|| "-".into(), plain),
            ]
        })
        .collect();
    let table =
        aligned(&[Align::Right, Align::Right, Align::Left, Align::Left, Align::Left], &rows);
    let mut said = String::new();
    for (line, hit) in table.lines().zip(hits) {
        said.push_str(line);
        said.push('\n');
        said.extend(hit.explanation.iter().map(explanation));
    }
    said
}

/// The explanation of a hit, on lines of its own below it.
fn explanation(why: &Explanation) -> String {
    let mut said = format!("     “{}”\n", truncate(&plain(&why.sentence), 96));
    for (what, shared) in [("technologies", &why.technologies), ("words", &why.words)] {
        if !shared.is_empty() {
            said.push_str(&format!("     shared {what}: {}\n", plain(&shared.join(", "))));
        }
    }
    said
}
