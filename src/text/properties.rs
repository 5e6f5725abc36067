//! What holds for any text.

use proptest::prelude::*;

use super::*;

/// Anything, with more of the characters the rules are about.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        any::<String>(),
        "[一-十0-9１-９①（）()、.．:：。；!?\n •*\\-+#/&'C N]{0,16}",
        prop::sample::select(vec![
            ".NET",
            "Node.js",
            "CI/CD",
            "e.g. ",
            "負責",
            "です",
            "합니다",
            "\u{202e}",
            "\u{200d}"
        ])
        .prop_map(str::to_string),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_are_pieces_of_the_text_in_order(text in any_text()) {
        let mut rest = text.as_str();
        for sentence in sentences(&text) {
            prop_assert_eq!(sentence, sentence.trim());
            prop_assert!(sentence.chars().any(char::is_alphanumeric));
            let at = rest.find(sentence);
            prop_assert!(at.is_some(), "{:?} not in {:?}", sentence, rest);
            rest = &rest[at.unwrap_or(0) + sentence.len()..];
        }
    }

    #[test]
    fn tidying_is_idempotent_and_hides_nothing(text in any_text()) {
        for tidied in [tidy(&text), normalize(&text)] {
            prop_assert_eq!(&tidy(&tidied), &tidied);
            prop_assert!(!tidied.chars().any(|c| c.is_control() && c != '\n'));
            let hidden = tidied.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']);
            prop_assert!(!hidden);
            prop_assert!(!tidied.contains("\n\n") && !tidied.contains("  "));
        }
    }

    #[test]
    fn words_hold_no_space_and_no_capital(text in any_text()) {
        for word in words(&text) {
            prop_assert!(!word.is_empty());
            prop_assert!(!word.contains(char::is_whitespace), "{:?}", word);
        }
    }

    #[test]
    fn no_text_is_too_odd_to_measure_or_guess(text in any_text(), columns in 0usize..40) {
        prop_assert!(display_width(&truncate(&text, columns)) <= columns);
        let _ = language(&text);
    }
}
