//! Markup as an answer, and texts inside of it.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use rolecluster::export::by_person;
use rolecluster::language::Language;
use rolecluster::profile::ByHand;

use super::super::assets;
use super::super::served_run::ServedRun;
use super::super::ui_text::ui_text;

/// An answer that holds markup.
pub fn respond(status: StatusCode, markup: Markup) -> Response {
    (status, [(header::CONTENT_TYPE, assets::HTML)], printable(markup)).into_response()
}

/// Replaces control characters, which HTML does not allow, by U+FFFD.
pub fn printable(markup: Markup) -> String {
    let forbidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    let text = markup.into_string();
    if text.contains(forbidden) { text.replace(forbidden, "\u{fffd}") } else { text }
}

/// Percent-encodes a text for use as one path segment or one query value.
pub fn encoded(text: &str) -> PercentEncode<'_> {
    const RESERVED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~').remove(b'.');
    utf8_percent_encode(text, RESERVED)
}

/// The title of a role, its first words, or what stands in their place.
pub fn title_or_placeholder<'a>(run: &'a ServedRun, id: &str, title: &'a str) -> &'a str {
    match run.opened.title(id, title) {
        "" => ui_text(run.language()).no_title,
        title => title,
    }
}

/// The sign of what a person set: words for those who point at it or cannot see it.
pub fn pen(by_hand: &[ByHand], language: Language) -> Markup {
    html! {
        @if let Some(words) = by_person(language, by_hand) {
            " " i.pen role="img" aria-label=(words) title=(words) { "✎" }
        }
    }
}

/// The same in words, after others.
pub fn set_by_hand(by_hand: &[ByHand], language: Language) -> Markup {
    html! { @if let Some(words) = by_person(language, by_hand) { " · ✎ " (words) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let hostile = "<script>alert(1)</script> \" & \0 \u{1b}[1m";
        let page = printable(html! { p title=(hostile) { (hostile) } });
        assert_eq!(page.matches('<').count(), 2, "{page}");
        assert_eq!(page.matches('"').count(), 2, "{page}");
        assert!(!page.contains(['\0', '\u{1b}']), "{page}");
        assert_eq!(printable(html! { "C++ & 存储\n" }), "C++ &amp; 存储\n");
    }

    #[test]
    fn an_id_stays_one_path_segment() {
        assert_eq!(encoded("1.4-zh").to_string(), "1.4-zh");
        assert_eq!(encoded("a/../?b#c%存\"").to_string(), "a%2F..%2F%3Fb%23c%25%E5%AD%98%22");
    }
}
