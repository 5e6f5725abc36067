//! What is around every page.

use std::fmt::{self, Display, Formatter};

use rolecluster::language::Language;

use super::super::html::Text;
use super::super::words::words;

/// A whole page; `body` is markup, `title` text.
pub struct Page<'a> {
    pub language: Language,
    pub title: &'a str,
    /// Where on the map this is, if there is a map: empty for all of it.
    pub map: Option<&'a str>,
    pub body: &'a str,
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = words(self.language);
        let map = match self.map {
            Some(place) => format!("<a href=\"/map{}\">{}</a>", Text(place), words.map),
            None => String::new(),
        };
        write!(
            f,
            "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
             <link rel=\"icon\" href=\"/icon.svg\">\n<link rel=\"stylesheet\" href=\"/serve.css\">\n\
             <script src=\"/serve.js\" defer></script>\n</head>\n\
             <body data-unreachable=\"{unreachable}\">\n\
             <a class=\"skip\" href=\"#content\">{skip}</a>\n\
             <header><a class=\"home\" href=\"/\">rolecluster</a><nav><a href=\"/\">{home}</a>{map}\
             </nav><button id=\"theme\" type=\"button\" aria-label=\"{theme}\" title=\"{theme}\" \
             hidden><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" \
             r=\"5.5\"/><path d=\"M8 2.5a5.5 5.5 0 0 1 0 11z\"/></svg></button></header>\n\
             <main id=\"content\" tabindex=\"-1\">\n{body}\n</main>\n</body>\n</html>\n",
            code = self.language.code(),
            title = Text(self.title),
            unreachable = words.unreachable,
            skip = words.skip,
            home = words.home,
            theme = words.theme,
            body = self.body,
        )
    }
}
