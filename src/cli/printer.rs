//! All the program says goes through here: results to stdout, talk to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use rolecluster::progress::Progress;
use serde::Serialize;

use super::progress_bar;

/// How much the program says beside its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// Summaries, notes and progress.
    Normal,
    /// Warnings and errors only.
    Quiet,
}

/// Decides what is said, where, and in which colours.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    volume: Volume,
    colored: bool,
}

impl Printer {
    /// Colours only on a terminal, and not where `NO_COLOR` is set (<https://no-color.org>).
    pub fn new(volume: Volume) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Printer { volume, colored: io::stderr().is_terminal() && !refused }
    }

    /// What was asked for.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// What was asked for, as indented JSON.
    pub fn json<T: Serialize>(&self, value: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        Ok(self.data(&text)?)
    }

    /// A command's own account of what it did.
    pub fn summary(&self, text: &str) -> io::Result<()> {
        match self.volume {
            Volume::Normal => self.data(text),
            Volume::Quiet => Ok(()),
        }
    }

    /// Good to know.
    pub fn note(&self, text: impl Display) {
        if self.volume == Volume::Normal {
            self.say("note", "36", text);
        }
    }

    /// Where the program can be reached; said even when little is wanted, since the port may
    /// be known from nowhere else.
    pub fn address(&self, text: impl Display) {
        self.say("serving", "32", text);
    }

    /// Something is not as it should be, and work goes on.
    pub fn warning(&self, text: impl Display) {
        self.say("warning", "33", text);
    }

    /// The end of the program, and what to do about it.
    pub fn error(&self, error: &anyhow::Error, hint: Option<&str>) {
        let mut chain: Vec<String> = Vec::new();
        for cause in error.chain().map(ToString::to_string) {
            // A transparent error repeats its source; say it once.
            if chain.last() != Some(&cause) {
                chain.push(cause);
            }
        }
        self.say("error", "31", chain.join(": "));
        if let Some(hint) = hint {
            self.say("hint", "36", hint);
        }
    }

    /// Draws how far a stage is, where somebody looks.
    pub fn progress(&self) -> Box<dyn Progress> {
        progress_bar::progress(self.volume)
    }

    fn say(&self, label: &str, color: &str, text: impl Display) {
        // Nobody can be told that stderr is gone.
        let _ = if self.colored {
            writeln!(io::stderr(), "\x1b[1;{color}m{label}\x1b[0m: {text}")
        } else {
            writeln!(io::stderr(), "{label}: {text}")
        };
    }
}
