//! Character references: `&amp;`, `&eacute;`, `&#8211;`.

use std::borrow::Cow;

use htmlize::{Context, unescape_in};

/// Character references -> characters, as browsers read them in attributes, where `&copy=1`
/// stays what it is.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if text.contains('&') { unescape_in(text, Context::Attribute) } else { Cow::Borrowed(text) }
}
