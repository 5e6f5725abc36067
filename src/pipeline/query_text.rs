//! Embeds the texts of queries.

use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::Silent;

/// Unit rows of `texts`, put as queries: after the prompt named `prompt_name`, or the one that the
/// model itself names `query`, if it has one.
pub(super) fn embed_queries(
    encoder: &Encoder,
    prompt_name: Option<&str>,
    texts: &[&str],
) -> Result<Matrix, Error> {
    let of_model = || encoder.prompt_names().into_iter().find(|name| *name == "query");
    let prompt = prompt_name.or_else(of_model);
    Ok(encoder.encode(texts, prompt, &Silent)?)
}
