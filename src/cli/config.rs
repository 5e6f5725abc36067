//! The settings file: values for options given neither as a flag nor in the environment.
//!
//! Every option with an environment variable may stand in the file under its long name. The value
//! goes through the same parser as a flag.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::usage_error::UsageError;

/// Used from the current folder if it exists.
const DEFAULT_NAME: &str = "rolecluster.toml";

/// Values by the long name of their option.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Config {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

impl Config {
    /// Reads the file asked for, or the one in the current folder if there is one.
    pub fn find(asked_for: Option<&Path>) -> Result<Self, UsageError> {
        let path = asked_for.unwrap_or(Path::new(DEFAULT_NAME));
        if asked_for.is_none() && !path.exists() {
            return Ok(Config::default());
        }
        let text = std::fs::read_to_string(path).map_err(|e| {
            UsageError(format!("cannot read settings from {}: {e}", path.display()))
        })?;
        Config::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, UsageError> {
        let refuse = |why: String| UsageError(format!("{}: {why}", path.display()));
        let table: toml::Table =
            toml::from_str(text).map_err(|e| refuse(e.to_string().trim_end().to_string()))?;
        let mut values = BTreeMap::new();
        for (key, value) in table {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                other => {
                    let kind = other.type_str();
                    return Err(refuse(format!(
                        "`{key}` is of type {kind}; a text or a whole number is wanted"
                    )));
                }
            };
            values.insert(key, value);
        }
        Ok(Config { path: path.to_path_buf(), values })
    }

    /// Refuses a key that is no option of any command, most likely a typing error.
    pub fn check(&self, program: &Command) -> Result<(), UsageError> {
        let mut known: Vec<&str> = program
            .get_subcommands()
            .chain([program])
            .flat_map(Command::get_arguments)
            .filter(|arg| is_setting(arg))
            .filter_map(clap::Arg::get_long)
            .collect();
        known.sort_unstable();
        known.dedup();
        match self.values.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(UsageError(format!(
                "{}: unknown setting `{key}`; there are {}",
                self.path.display(),
                known.join(", ")
            ))),
        }
    }

    /// The settings that `command` has and that were not `given` otherwise, as flags.
    pub fn flags(&self, command: &Command, given: &ArgMatches) -> Vec<OsString> {
        let missing = |arg: &&clap::Arg| {
            let source = given.value_source(arg.get_id().as_str());
            is_setting(arg) && matches!(source, None | Some(ValueSource::DefaultValue))
        };
        command
            .get_arguments()
            .filter(missing)
            .filter_map(|arg| arg.get_long())
            .filter_map(|long| Some((long, self.values.get(long)?)))
            .map(|(long, value)| format!("--{long}={value}").into())
            .collect()
    }
}

/// Whether an option may stand in the file.
fn is_setting(arg: &clap::Arg) -> bool {
    arg.get_env().is_some() && arg.get_id() != "config"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Config, UsageError> {
        Config::parse(Path::new("s.toml"), text)
    }

    #[test]
    fn numbers_and_texts_become_values_and_anything_else_is_refused() {
        let found = config("k = 12\ndevice = \"cpu\"\n").unwrap();
        assert_eq!(found.values["k"], "12");
        assert_eq!(found.values["device"], "cpu");
        let error = config("k = [1]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "s.toml: `k` is of type array; a text or a whole number is wanted"
        );
        assert!(config("k = ").is_err());
    }
}
