//! Characters, words, sentences and languages. Knows nothing of roles.
//!
//! [`tidy`] makes text safe to keep and show, [`normalize()`] makes it comparable;
//! [`sentences()`] and [`words()`] cut it up; [`language()`] guesses what it is written in;
//! [`display_width`] and [`truncate`] fit it to a terminal.

mod clusters;
mod detected_language;
pub mod excerpt;
pub mod language;
mod latin_language;
pub mod markdown;
pub mod normalize;
pub mod script;
#[cfg(feature = "segmenter")]
mod segmenter;
#[cfg(not(feature = "segmenter"))]
#[path = "segmenter_disabled.rs"]
mod segmenter;
pub mod sentences;
pub mod stopwords;
pub mod width;
mod word_forms;
pub mod words;

pub use detected_language::DetectedLanguage;
pub use excerpt::{MAX_TEXT_BYTES, excerpt};
pub use language::language;
pub use normalize::{normalize, tidy, without_invisible};
pub use sentences::sentences;
pub use stopwords::is_stopword;
pub use width::{display_width, pad, truncate};
pub use word_forms::is_form_of;
pub use words::{japanese_words, terms, words};

#[cfg(test)]
mod properties;
