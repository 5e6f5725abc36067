//! The level of a role.

use super::lexicon::phrases;
use crate::details::Seniority;
use crate::text::normalize;

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

/// What titles say of rank beside the trade, such as `senior` and `deputy`; a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranks(u8);

impl Ranks {
    /// How many ranks there are.
    pub const COUNT: usize = 5;

    const BEGINNER: u8 = 1;
    const ASSISTANT: u8 = 1 << 1;
    const SENIOR: u8 = 1 << 2;
    const DEPUTY: u8 = 1 << 3;
    const HEAD: u8 = 1 << 4;

    /// Those that a title says.
    pub fn of(title: &str) -> Self {
        let lower = normalize(title).to_lowercase();
        let levels = phrases("seniority").find(&lower).into_iter();
        let levels = levels.filter_map(|word| word.label.parse().ok()).map(|level| match level {
            Seniority::Intern | Seniority::Junior => Self::BEGINNER,
            Seniority::Mid => 0,
            Seniority::Senior | Seniority::Principal => Self::SENIOR,
            Seniority::Lead | Seniority::Manager | Seniority::Director => Self::HEAD,
        });
        let ranks = phrases("rank").find(&lower).into_iter().map(|word| match word.label {
            "assistant" => Self::ASSISTANT,
            "senior" => Self::SENIOR,
            "deputy" => Self::DEPUTY,
            "head" => Self::HEAD,
            _ => 0,
        });
        Ranks(levels.chain(ranks).fold(0, |all, rank| all | rank))
    }

    /// Whether a title is a word of rank and nothing else, so that it says no trade; `chef` does in English.
    pub fn is_bare(title: &str, in_english: bool) -> bool {
        let lower = normalize(title).to_lowercase();
        let is_level = |label: &str| label != "not";
        let is_rank = |label: &str| label != "bare_but_en" || !in_english;
        phrases("seniority").whole(&lower).is_some_and(is_level)
            || phrases("rank").whole(&lower).is_some_and(is_rank)
    }

    /// Each of them by a number below [`Ranks::COUNT`].
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::COUNT).filter(move |rank| self.0 & 1 << rank != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_what_a_title_says_beside_the_trade() {
        let ranks = |title: &str| Ranks::of(title).0;
        for (title, expected) in [
            ("Advanced nurse practitioner", Ranks::SENIOR),
            ("Stellvertretender Küchenchef", Ranks::DEPUTY | Ranks::HEAD),
            ("Segundo jefe de cocina", Ranks::DEPUTY),
            ("副厨师长", Ranks::DEPUTY | Ranks::HEAD),
            ("Apprentice electrician", Ranks::BEGINNER),
            ("Главный бухгалтер", Ranks::HEAD),
            ("ผู้ช่วยพยาบาล", Ranks::ASSISTANT),
            ("Projektleiter", 0),
            ("Taxi driver", 0),
            ("护士", 0),
        ] {
            assert_eq!(ranks(title), expected, "{title}");
        }
        assert!(Ranks::is_bare("Ayudante", false) && Ranks::is_bare("Leiter", false));
        assert!(Ranks::is_bare("Chef", false) && !Ranks::is_bare("Chef", true));
        assert!(!Ranks::is_bare("Sales manager", true) && Ranks::of("Sales manager").0 == 0);
        assert_eq!(Ranks::of("Deputy head teacher").iter().collect::<Vec<_>>(), [3, 4]);
    }

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
