//! What no role can be made of.

use arcstr::ArcStr;

use crate::role::Role;

/// Whether a character says something by itself: a letter, a digit, a picture.
pub(in crate::read) fn says_something(c: char) -> bool {
    c.is_alphanumeric() || ('\u{1f300}'..='\u{1faff}').contains(&c)
}

/// A role needs a letter or a picture somewhere, and must not be made of replacement characters.
pub(in crate::read) fn refuse_without_text(role: &Role) -> Result<(), String> {
    let stack = role.stack.iter().map(ArcStr::as_str);
    let parts = [&*role.title, &*role.description].into_iter().chain(stack);
    let (mut letters, mut replaced) = (0usize, 0usize);
    for c in parts.flat_map(|part| part.chars()) {
        letters += usize::from(says_something(c));
        replaced += usize::from(c == '\u{fffd}');
    }
    if replaced * 5 > letters {
        return Err("its bytes are no text in the encoding of the file".into());
    }
    if letters == 0 {
        return Err("has no title, no description and no stack".into());
    }
    Ok(())
}
