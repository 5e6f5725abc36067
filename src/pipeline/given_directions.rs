//! Places roles in directions that were given, before a person sees the rest.

use serde_json::json;

use super::ground::Ground;
use super::model_settings::{QueryModel, role_prompt};
use crate::cluster::{Fitted, LanguageOffsets, NearGiven, Titles, near_given, within};
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::{Matrix, canonical_order};
use crate::given_direction::GivenDirection;
use crate::progress::Progress;
use crate::report::Method;

/// Titles that say what is near a direction at most.
const MOST_TITLES: usize = 600;

/// Directions that a person gives, and the model that tells what is near them.
#[derive(Debug, Clone, Default)]
pub struct GivenDirections {
    /// The directions.
    pub directions: Vec<GivenDirection>,
    /// The model that made the vectors of the run.
    pub model: QueryModel,
}

/// The clusters divided along the given directions, and the name of each direction that is one of
/// these, by direction id.
///
/// # Errors
/// When the model is not to be had, or is another one by now.
pub(super) fn place(
    ground: &Ground,
    given: &GivenDirections,
    fitted: Fitted,
    progress: &dyn Progress,
) -> Result<(Fitted, Vec<Option<String>>), Error> {
    let made_by = ground.embeddings.model();
    let encoder = given.model.load(made_by)?;
    let prompt = role_prompt(&encoder, made_by)?;
    let encode = |texts: &[&str]| -> Result<Matrix, Error> {
        progress.start("embedding titles and directions", texts.len() as u64);
        let vectors = Encoder::encode(&encoder, texts, prompt.as_deref(), progress)?;
        progress.finish();
        Ok(vectors)
    };
    let texts: Vec<String> = given.directions.iter().map(GivenDirection::text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rows = titled_rows(ground);
    let headings: Vec<_> = rows.iter().map(|&row| ground.roles()[row].heading()).collect();
    let headings: Vec<&str> = headings.iter().map(AsRef::as_ref).collect();
    let role_texts: Vec<&str> = rows.iter().map(|&row| ground.stored.texts[row].as_str()).collect();
    let titles = encode(&headings)?;
    // Short texts have something in common that postings do not have, and so do those of a language.
    // In what language the directions are is nothing to go by: a name has too few words.
    let means = LanguageOffsets::of(&titles, &role_texts);
    let directions = means.remove(&encode(&texts)?, &vec![""; texts.len()]);
    let titles = Titles { vectors: means.remove(&titles, &role_texts), rows };

    let near = near_given(&ground.vectors, &directions, &titles);
    let n_given = given.directions.len();
    let grouping = within(&fitted.clustering, &ground.vectors, &near.places, n_given);
    let mut regrouped = fitted.regrouped(&grouping);
    tell(&given.directions, &near, &mut regrouped.fitted.method);
    let name = |&number: &usize| given.directions.get(number).map(|given| given.name.clone());
    let names = regrouped.directions.iter().map(name).collect();
    Ok((regrouped.fitted, names))
}

/// Different roles with a title, at equal steps of an order of their content.
fn titled_rows(ground: &Ground) -> Vec<usize> {
    let mut rows = canonical_order(&ground.vectors);
    let is_first = |row: usize| ground.stored.representative[row] == row;
    rows.retain(|&row| is_first(row) && !ground.roles()[row].heading().is_empty());
    let n = rows.len();
    match n > MOST_TITLES {
        true => (0..MOST_TITLES).map(|at| rows[n * at / MOST_TITLES]).collect(),
        false => rows,
    }
}

/// Says how many roles each direction has, and which has none.
fn tell(directions: &[GivenDirection], near: &NearGiven, method: &mut Method) {
    let count = |at: usize| near.places.iter().filter(|place| **place == Some(at)).count();
    let counts: Vec<usize> = (0..directions.len()).map(count).collect();
    let told = directions.iter().zip(&counts);
    let told: Vec<_> = told.map(|(d, n)| json!({ "name": d.name, "roles": n })).collect();
    method.parameters.insert("given_directions".into(), json!(told));
    method.parameters.insert("given_directions_least".into(), json!(near.least));
    let empty: Vec<String> = directions
        .iter()
        .zip(&counts)
        .filter(|(_, n)| **n == 0)
        .map(|(direction, _)| format!("{:?}", direction.name))
        .collect();
    if !empty.is_empty() {
        method.warnings.push(format!(
            "no role is near the given {} {}; a description behind the name may say more",
            if empty.len() == 1 { "direction" } else { "directions" },
            empty.join(", ")
        ));
    }
}
