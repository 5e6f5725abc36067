//! Forms of one word.

/// Letters that two forms of one word share at least.
const LEAST_STEM: usize = 6;

/// Whether two words are the same, or differ in an ending of at most two letters, as those of genders
/// and numbers do: `conductor` and `conductora`, `técnico` and `técnica`.
pub fn is_form_of(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let longest = a.chars().count().max(b.chars().count());
    a == b || common >= LEAST_STEM && longest - common <= 2
}
