//! The level of a role.

use super::lexicon::phrases;
use crate::details::Seniority;

/// The level that a title or the value of a column says. A title that names beginners and seniors
/// alike says none.
pub(super) fn seniority(title: &str) -> Option<Seniority> {
    let lower = title.to_lowercase();
    let found = phrases("seniority").find(&lower);
    let levels: Vec<Seniority> = found.iter().filter_map(|word| word.label.parse().ok()).collect();
    if levels.contains(&Seniority::Intern) {
        return Some(Seniority::Intern);
    }
    let (lowest, highest) = (levels.iter().min()?, levels.iter().max()?);
    let is_open = *lowest <= Seniority::Mid && *highest >= Seniority::Senior
        || *lowest == Seniority::Junior && *highest == Seniority::Mid;
    (!is_open).then_some(*highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_level_of_a_title_counts() {
        assert_eq!(seniority("Senior Staff Engineer"), Some(Seniority::Principal));
        assert_eq!(seniority("Senior Developer (Intern)"), Some(Seniority::Intern));
        assert_eq!(seniority("Junior/Senior Java Developer"), None);
        assert_eq!(seniority("Lead Generation Specialist"), None);
        assert_eq!(seniority("高级产品经理"), Some(Seniority::Senior));
        assert_eq!(seniority("International Sales"), None);
    }
}
