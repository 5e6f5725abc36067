//! The columns of standard codes.

use super::column::{Column, Values};
use crate::classify::StandardCode;

/// The nearest code of each role with its title and score, and the codes of the next ones; empty
/// where none is near.
pub(super) fn columns(codes: &[Vec<StandardCode>]) -> Vec<Column> {
    let best = || codes.iter().map(|near| near.first());
    let also =
        |near: &Vec<StandardCode>| near.iter().skip(1).map(|next| next.code.to_string()).collect();
    vec![
        Column::of("code", Values::text(best().map(|best| Some(best?.code.to_string())))),
        Column::of("code_title", Values::text(best().map(|best| Some(best?.title.to_string())))),
        Column::of("code_score", Values::Single(best().map(|best| Some(best?.score)).collect())),
        Column::of("code_also", Values::List(codes.iter().map(also).collect())),
    ]
}
