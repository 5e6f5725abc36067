//! What an engine gathered over all rows, a group a row, as JSON.

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::answers::{Answers, Given, Rows, number_lists, share_lists, text_lists};
use crate::clean::{CleanParams, GatheredDuplicates, GatheredSentences};

/// The sentences of a group that recur.
pub(super) fn recurring(rows: Rows<Given>) -> Answers {
    let found = settled(rows, |group: GatheredSentences| group.recurring(&CleanParams::default()));
    let columns = vec![
        ("keys", number_lists(&found, |found| Some(found.keys().map(|&key| key as i64).collect()))),
        ("sentences", text_lists(&found, |found| found.values().cloned().collect())),
    ];
    Answers::of(&found, columns)
}

/// Who repeats whom in a group.
pub(super) fn duplicates(rows: Rows<Given>) -> Answers {
    let found = settled(rows, |group: GatheredDuplicates| group.merged(&CleanParams::default()));
    let columns = vec![
        ("repeats", number_lists(&found, |(of, _)| Some(of.iter().map(|&at| at as i64).collect()))),
        ("similarity", share_lists(&found, |(_, found)| found.iter().map(|&s| s as f32).collect())),
    ];
    Answers::of(&found, columns)
}

fn settled<G: DeserializeOwned, T: Send>(
    rows: Rows<Given>,
    settle: impl Fn(G) -> Result<T, String> + Sync,
) -> Rows<T> {
    let one = |given: Given| match given {
        Given::Text(json) => {
            let group = serde_json::from_str(&json)
                .map_err(|error| format!("is no group as this task takes it: {error}"))?;
            settle(group)
        }
        Given::Role(_) => Err("is a role and no group".to_string()),
    };
    rows.into_par_iter().map(|row| row.and_then(one)).collect()
}
