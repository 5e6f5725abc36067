//! The words that state facts, from `data/lexicon/facts.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::Phrases;

static LEXICON: LazyLock<HashMap<&'static str, Phrases>> =
    LazyLock::new(|| parse(include_str!("../../data/lexicon/facts.tsv")));

static NONE: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[]));

/// The forms of one group of labels: `education` holds `education.bachelor` as `bachelor`.
pub(super) fn phrases(group: &str) -> &'static Phrases {
    LEXICON.get(group).unwrap_or(&NONE)
}

fn parse(text: &'static str) -> HashMap<&'static str, Phrases> {
    let mut groups: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t');
        let (Some(label), Some(_), Some(forms)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let Some((group, label)) = label.split_once('.') else { continue };
        let forms = forms.split('|').map(|form| (label, form));
        groups.entry(group).or_default().extend(forms);
    }
    groups.into_iter().map(|(group, forms)| (group, Phrases::new(&forms))).collect()
}

#[cfg(test)]
mod tests {
    use crate::text::normalize;

    #[test]
    fn every_line_of_the_file_is_understood() {
        let text = include_str!("../../data/lexicon/facts.tsv");
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('\t').collect();
            assert!(parts.len() == 3 && parts[0].contains('.'), "{line}");
            for form in parts[2].split('|') {
                assert_eq!(form, normalize(form).to_lowercase(), "in {line}");
                assert!(!form.trim_end_matches('*').is_empty(), "an empty form in {line}");
            }
        }
    }
}
