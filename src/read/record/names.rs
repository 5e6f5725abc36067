//! Names that come again, told apart.

use std::collections::{HashMap, HashSet};

/// Numbers the names that come again: `tag`, `tag (2)`. What stands in brackets does not count when names
/// are compared, so both are taken for the same thing.
pub(in crate::read) fn tell_apart(mut names: Vec<&mut String>) {
    let mut sorted: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    sorted.sort_unstable();
    if sorted.is_sorted_by(|a, b| a < b) {
        return;
    }
    let mut taken: HashSet<String> = sorted.into_iter().map(str::to_string).collect();
    let mut times: HashMap<String, usize> = HashMap::new();
    for name in &mut names {
        let times = times.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 {
            continue;
        }
        while !taken.insert(format!("{name} ({times})")) {
            *times += 1;
        }
        **name = format!("{name} ({times})");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_come_again_are_told_apart() {
        let of = |names: &[&str]| -> Vec<String> {
            let mut names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            tell_apart(names.iter_mut().collect());
            names
        };
        assert_eq!(of(&["title", "tag"]), ["title", "tag"]);
        assert_eq!(of(&["tag", "title", "tag", "tag"]), ["tag", "title", "tag (2)", "tag (3)"]);
        assert_eq!(of(&["tag", "tag", "tag (2)"]), ["tag", "tag (3)", "tag (2)"]);
        assert_eq!(of(&["tag (2)", "tag (2)", ""]), ["tag (2)", "tag (2) (2)", ""]);
    }
}
