//! Directions that a person names before the roles are grouped.

use std::collections::HashMap;

/// A direction that is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenDirection {
    /// Its name, as reports show it.
    pub name: String,
    /// What is meant by it; may be empty.
    pub description: String,
}

/// Lines that give no directions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GivenDirectionsError {
    /// There is no line with a name.
    #[error("names no direction; write one name a line, a description after a tab or \" - \"")]
    Empty,
    /// A line has a description only.
    #[error("line {line} has no name before the description {seen:?}; put the name first")]
    NoName {
        /// The line, counted from 1.
        line: usize,
        /// The description.
        seen: String,
    },
    /// A name stands on two lines.
    #[error("line {line} names {name:?}, as line {first} does; delete one of the two")]
    Twice {
        /// The line, counted from 1.
        line: usize,
        /// The name.
        name: String,
        /// The line it stands on first.
        first: usize,
    },
    /// A name is none.
    #[error(
        "line {line} has a name of {length} characters, {most} are the most; put what explains it \
         behind a tab or \" - \""
    )]
    TooLong {
        /// The line, counted from 1.
        line: usize,
        /// Its characters.
        length: usize,
        /// Characters at most.
        most: usize,
    },
}

/// Characters of a name at most.
const LONGEST_NAME: usize = 120;

/// What may stand between name and description.
const SEPARATORS: [&str; 4] = ["\t", " - ", " – ", " — "];

impl GivenDirection {
    /// From lines of text: a name each, a description after a tab or a dash between spaces. Empty
    /// lines and those that begin with `#` are none.
    ///
    /// # Errors
    /// When there is no name, or one stands twice.
    pub fn parse(text: &str) -> Result<Vec<GivenDirection>, GivenDirectionsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut found: Vec<GivenDirection> = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        for (at, content) in text.lines().enumerate() {
            let line = at + 1;
            if content.trim().is_empty() || content.trim_start().starts_with('#') {
                continue;
            }
            let direction = GivenDirection::of_line(content);
            let GivenDirection { name, description } = &direction;
            if name.is_empty() {
                return Err(GivenDirectionsError::NoName { line, seen: description.clone() });
            }
            let (length, most) = (name.chars().count(), LONGEST_NAME);
            if length > most {
                return Err(GivenDirectionsError::TooLong { line, length, most });
            }
            if let Some(first) = lines.insert(name.to_lowercase(), line) {
                let name = name.clone();
                return Err(GivenDirectionsError::Twice { line, name, first });
            }
            found.push(direction);
        }
        if found.is_empty() { Err(GivenDirectionsError::Empty) } else { Ok(found) }
    }

    /// The first separator divides.
    fn of_line(line: &str) -> GivenDirection {
        let places = SEPARATORS.iter().filter_map(|s| Some((line.find(s)?, s.len())));
        let (name, description) = match places.min() {
            Some((at, length)) => (&line[..at], &line[at + length..]),
            None => (line, ""),
        };
        let tidy = |text: &str| -> String {
            let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        GivenDirection { name: tidy(name), description: tidy(description) }
    }

    /// The text it is compared with roles by.
    pub fn text(&self) -> String {
        match self.description.as_str() {
            "" => self.name.clone(),
            description => format!("{}\n{description}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_and_what_is_said_of_it() {
        let text = "\u{feff}# Schema 2026\r\nNetzwerk\tRouter, BGP - und mehr\r\n\n\
                    存储 — 分布式存储\nC++ - embedded\nA/B-Tests\nSRE – Betrieb";
        let found = GivenDirection::parse(text).unwrap();
        let told: Vec<(&str, &str)> =
            found.iter().map(|d| (d.name.as_str(), d.description.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Netzwerk", "Router, BGP - und mehr"),
                ("存储", "分布式存储"),
                ("C++", "embedded"),
                ("A/B-Tests", ""),
                ("SRE", "Betrieb"),
            ]
        );
        assert_eq!(found[1].text(), "存储\n分布式存储");
    }

    #[test]
    fn what_gives_no_direction_is_said_with_its_line() {
        let refused = |text: &str| GivenDirection::parse(text).unwrap_err().to_string();
        assert!(refused("# nothing\n\n").starts_with("names no direction"));
        assert_eq!(
            refused("Storage\n\nstorage - again"),
            "line 3 names \"storage\", as line 1 does; delete one of the two"
        );
        assert!(refused("a\n\tonly this").starts_with("line 2 has no name"));
        assert!(refused(&"x".repeat(121)).contains("121 characters"));
    }
}
