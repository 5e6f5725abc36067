//! All output goes through here: results to stdout, notes, warnings and errors to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use rolecluster::progress::Progress;
use serde::Serialize;

use super::progress_bar;
use super::volume::Volume;

/// An error and its causes, as one line.
pub fn words(error: &anyhow::Error) -> String {
    let mut chain: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // A transparent error repeats its source, and some messages quote theirs; print it once.
        if chain.last().is_none_or(|told| !told.contains(&cause)) {
            chain.push(cause);
        }
    }
    chain.join(": ")
}

/// Decides what is printed, where, and in which colours.
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

    /// Prints a result.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Prints a result as indented JSON.
    pub fn json<T: Serialize>(&self, value: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        Ok(self.data(&text)?)
    }

    /// Prints a command's summary of what it did, unless told to be quiet.
    pub fn summary(&self, text: &str) -> io::Result<()> {
        match self.volume {
            Volume::Normal => self.data(text),
            Volume::Quiet => Ok(()),
        }
    }

    /// Prints a note, unless told to be quiet.
    pub fn note(&self, text: impl Display) {
        if self.volume == Volume::Normal {
            self.say("note", "36", text);
        }
    }

    /// Prints an event as a line of JSON on stderr, unless told to be quiet: for programs that
    /// watch a worker.
    pub fn event<T: Serialize>(&self, event: &T) {
        if let (Volume::Normal, Ok(line)) = (self.volume, serde_json::to_string(event)) {
            // Where stderr is closed nobody watches.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Prints the address of the server, even when told to be quiet: with `--port 0` the port is
    /// known from nowhere else.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    pub fn address(&self, text: impl Display) {
        self.say("serving", "32", text);
    }

    /// Prints a warning: something is wrong, and work goes on.
    pub fn warning(&self, text: impl Display) {
        self.say("warning", "33", text);
    }

    /// Prints the error that ends the program, with its causes, and a hint.
    pub fn error(&self, error: &anyhow::Error, hint: Option<&str>) {
        self.say("error", "31", words(error));
        if let Some(hint) = hint {
            self.say("hint", "36", hint);
        }
    }

    /// A progress bar for a long stage, on a terminal only.
    pub fn progress(&self) -> Box<dyn Progress> {
        progress_bar::progress(self.volume)
    }

    fn say(&self, label: &str, color: &str, text: impl Display) {
        // Where stderr is closed there is no place left to report that.
        let _ = if self.colored {
            writeln!(io::stderr(), "\x1b[1;{color}m{label}\x1b[0m: {text}")
        } else {
            writeln!(io::stderr(), "{label}: {text}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecluster::read::ReadError;

    #[test]
    fn a_cause_that_the_message_quotes_is_told_once() {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let read = ReadError::Io { file: "a.csv".into(), source: gone() };
        assert_eq!(
            words(&rolecluster::Error::from(read).into()),
            "cannot read a.csv: entity not found; check the path and who may read it"
        );
        let error = anyhow::Error::new(gone()).context("cannot write x.csv");
        assert_eq!(words(&error), "cannot write x.csv: entity not found");
    }
}
