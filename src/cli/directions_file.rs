//! The file of `--directions`.

use std::path::Path;

use rolecluster::encode::Source;
use rolecluster::given_direction::GivenDirection;
use rolecluster::pipeline::{DiscoverSettings, GivenDirections, QueryModel};

use super::usage_error::UsageError;

/// The settings with the directions of a file, where one is given. `model` says where the model of
/// the run is, if it was moved.
pub fn with_directions(
    settings: DiscoverSettings,
    file: Option<&Path>,
    model: Option<Source>,
) -> Result<DiscoverSettings, UsageError> {
    let Some(file) = file else { return Ok(settings) };
    let model = QueryModel { source: model, device: settings.device, prompt_name: None };
    let directions = Some(GivenDirections { directions: read(file)?, model });
    Ok(DiscoverSettings { directions, ..settings })
}

fn read(file: &Path) -> Result<Vec<GivenDirection>, UsageError> {
    let refuse = |why: String| UsageError(format!("--directions {}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| {
        refuse(format!("cannot be read: {error}; give a text file with a name a line"))
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count();
        refuse(format!("line {line} is not UTF-8; save the file as UTF-8"))
    })?;
    GivenDirection::parse(&text).map_err(|error| refuse(error.to_string()))
}
