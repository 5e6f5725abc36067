//! The standard occupations nearest a specialisation or direction.

use super::digest::Digest;
use super::escape::inline;
use crate::group_codes::GroupCode;

/// The codes with their unit groups and scores, best first, or that none is near.
pub(super) fn line(digest: &Digest, codes: &[GroupCode]) -> String {
    if codes.is_empty() {
        return digest.say("没有接近的", "none near").to_string();
    }
    let one = |near: &GroupCode| {
        let group = near.isco.as_ref().map(|isco| format!("ISCO {}, ", inline(isco)));
        format!("{} ({}{:.2})", inline(&near.title), group.unwrap_or_default(), near.score)
    };
    codes.iter().map(one).collect::<Vec<_>>().join(digest.comma())
}
