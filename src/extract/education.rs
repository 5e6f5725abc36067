//! The lowest degree that is enough.

use super::lexicon::phrases;
use super::segments::clauses;
use super::source::Source;
use crate::details::Education;

/// The lowest degree that a segment in one spelling asks for. What is only preferred is not asked
/// for, and a clause without a degree changes nothing.
pub(super) fn education(segment: &str, source: Source) -> Option<Education> {
    let lower = segment.to_lowercase();
    let levels = clauses(&lower).filter_map(|clause| {
        let found = phrases("education").find(clause);
        if source == Source::Text && found.iter().any(|word| word.label == "prefer") {
            return None;
        }
        found.iter().filter_map(|word| word.label.parse::<Education>().ok()).min()
    });
    levels.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_no_demand() {
        let of = |text: &str| education(text, Source::Text);
        assert_eq!(of("本科及以上学历,硕士优先"), Some(Education::Bachelor));
        assert_eq!(of("PhD preferred"), None);
        assert_eq!(of("Bachelor's or Master's degree"), Some(Education::Bachelor));
        assert_eq!(of("Scrum Master"), None);
        assert_eq!(of("学历不限"), Some(Education::None));
    }
}
