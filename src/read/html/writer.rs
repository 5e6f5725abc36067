//! The tokens of a page -> Markdown lines, one after another.

use super::cards::{self, Card};
use super::elements::Kind;
use super::lines::{Between, Page, PageLine, escaped, heading_level, link_target};
use super::table::Table;
use super::tokens::Tag;

/// What hides its content from the page's text.
struct Hidden<'a> {
    name: &'a str,
    /// Elements of that name within it.
    depth: usize,
    /// Where its text goes, if anywhere.
    to: HiddenTo,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HiddenTo {
    Nowhere,
    Title,
    LeftOut,
}

/// Inline markup begun but not ended.
struct Span<'a> {
    tag: Tag<'a>,
    /// Bytes of the open line, or of the open cell, before it.
    start: usize,
    /// Lines finished before it: one that runs over several is no markup.
    lines: usize,
}

/// Writes the lines of a page token by token.
pub(super) struct Writer<'a> {
    page: Page,
    between: Between,
    number: u64,
    /// The line being written, and where it begins.
    line: String,
    line_number: u64,
    /// `#` marks or a bullet before the line being written.
    prefix: String,
    list_depth: usize,
    spans: Vec<Span<'a>>,
    hidden: Option<Hidden<'a>>,
    linked_data: bool,
    /// Where the tables of data begin.
    data_tables: Vec<usize>,
    table: Option<Table>,
    cards: Vec<Card<'a>>,
    /// The element that is written as a heading, by its name.
    heading: Option<&'a str>,
}

impl<'a> Writer<'a> {
    pub fn new(between: Between, data_tables: Vec<usize>) -> Self {
        Writer {
            page: Page::default(),
            between,
            number: 1,
            line: String::new(),
            line_number: 1,
            prefix: String::new(),
            list_depth: 0,
            spans: Vec::new(),
            hidden: None,
            linked_data: false,
            data_tables,
            table: None,
            cards: Vec::new(),
            heading: None,
        }
    }

    /// What follows begins in this line of the input.
    pub fn at_line(&mut self, number: u64) {
        self.number = number;
    }

    pub fn finish(mut self) -> Page {
        self.end_table();
        self.end_line();
        while let Some(card) = self.cards.pop() {
            cards::close(card, &mut self.page.lines, self.cards.last_mut());
        }
        self.page.title = super::to_text(&self.page.title).trim().to_string();
        self.page
    }

    pub fn raw(&mut self, content: &str) {
        if std::mem::take(&mut self.linked_data) {
            self.page.linked_data.push((self.number, content.to_string()));
        }
    }

    pub fn text(&mut self, text: &str) {
        if let Some(hidden) = &self.hidden {
            match hidden.to {
                HiddenTo::Nowhere => {}
                HiddenTo::Title => self.page.title.push_str(text),
                HiddenTo::LeftOut => {
                    let text = super::to_text(text).trim().to_string();
                    if !text.is_empty() {
                        self.page.left_out.push((self.number, text));
                    }
                }
            }
            return;
        }
        if let Some(table) = &mut self.table {
            return table.text(text);
        }
        if self.between == Between::Markdown {
            for (at, piece) in text.split('\n').enumerate() {
                if at > 0 {
                    self.end_line_as_written();
                    self.number += 1;
                }
                self.push(piece.trim_end_matches('\r'));
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.space();
        }
        for (at, word) in text.split_whitespace().enumerate() {
            if at > 0 {
                self.space();
            }
            self.push(word);
        }
        if text.ends_with(char::is_whitespace) {
            self.space();
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn push(&mut self, text: &str) {
        if self.line.is_empty() {
            self.line_number = self.number;
        }
        self.line.push_str(text);
    }

    /// Ends the line and the paragraph.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.trim();
        let text = if self.between == Between::Html { escaped(text) } else { text.to_string() };
        if !text.is_empty() {
            let text = format!("{}{text}", self.prefix);
            let (number, announces) = (self.line_number, false);
            self.page.lines.push(PageLine { number, text, announces });
            self.blank();
            self.prefix.clear();
        }
        self.spans.clear();
    }

    fn blank(&mut self) {
        let (number, text) = (self.number, String::new());
        self.page.lines.push(PageLine { number, text, announces: false });
    }

    fn end_line_as_written(&mut self) {
        let text = format!("{}{}", self.prefix, std::mem::take(&mut self.line));
        let number = if text.trim().is_empty() { self.number } else { self.line_number };
        self.page.lines.push(PageLine { number, text, announces: false });
        self.prefix.clear();
        self.spans.clear();
    }

    pub fn open(&mut self, tag: Tag<'a>, at: usize, closed: bool) {
        if let Some(hidden) = &mut self.hidden {
            hidden.depth += usize::from(tag.is(hidden.name));
            return;
        }
        self.linked_data = tag.is("script")
            && tag
                .attribute("type")
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"));
        if closed && let Some(to) = self.hides(&tag) {
            self.hidden = Some(Hidden { name: tag.name, depth: 0, to });
            return;
        }
        if self.table.is_some() {
            return self.open_in_table(tag);
        }
        if tag.is("table") && self.data_tables.binary_search(&at).is_ok() {
            self.end_line();
            self.table = Some(Table::new(self.number));
            return;
        }
        if closed && cards::is_card(&tag) {
            self.end_line();
            self.cards.push(Card::new(tag.name, self.page.lines.len()));
        } else if let Some(card) = self.cards.last_mut().filter(|card| tag.is(card.name)) {
            card.depth += 1;
        }
        let level = heading_level(&tag).or_else(|| {
            let named = !self.cards.is_empty() && closed && cards::is_title(&tag);
            named.then_some(6)
        });
        match tag.kind() {
            _ if level.is_some() && self.heading.is_none() => {
                self.end_line();
                self.prefix = format!("{} ", "#".repeat(level.unwrap_or(6)));
                self.heading = Some(tag.name);
            }
            _ if self.heading.is_some() => self.span(tag),
            Kind::Paragraph if tag.is("dd") && self.line.ends_with("**: ") => {}
            Kind::Paragraph => self.open_paragraph(&tag),
            Kind::Break | Kind::Cell => self.end_line(),
            Kind::Inline | Kind::Void => self.span(tag),
            _ => {}
        }
    }

    fn open_paragraph(&mut self, tag: &Tag<'a>) {
        if self.line.trim().is_empty() && !self.prefix.is_empty() && !tag.is("li") {
            // A paragraph at the start of a list item is the item's own.
            return;
        }
        self.end_line();
        match tag.name.to_ascii_lowercase().as_str() {
            "ul" | "ol" => self.list_depth = (self.list_depth + 1).min(8),
            "li" => {
                self.prefix = format!("{}- ", "  ".repeat(self.list_depth.saturating_sub(1)));
            }
            _ => {}
        }
        if tag.is("dt") {
            self.spans.push(Span { tag: *tag, start: 0, lines: self.page.lines.len() });
        }
    }

    fn span(&mut self, tag: Tag<'a>) {
        if tag.is("img") {
            // An image says something only where it is all a link has.
            if let Some(span) = self.spans.last()
                && span.tag.is("a")
                && span.start == self.line.len()
                && let Some(alt) = tag.attribute("alt")
            {
                self.push(alt.trim());
            }
            return;
        }
        if ["a", "b", "strong"].iter().any(|name| tag.is(name)) {
            self.spans.push(Span { tag, start: self.line.len(), lines: self.page.lines.len() });
        }
    }

    fn open_in_table(&mut self, tag: Tag<'a>) {
        let Some(table) = &mut self.table else { return };
        match tag.kind() {
            _ if tag.is("tr") => table.row(self.number),
            Kind::Cell => {
                let span = |name| tag.attribute(name).and_then(|n| n.trim().parse().ok());
                table.cell(span("colspan").unwrap_or(1), span("rowspan").unwrap_or(1));
            }
            Kind::Break | Kind::Paragraph => table.line_break(),
            _ if tag.is("a") => table.link(tag.attribute("href").as_deref()),
            _ if tag.is("img") => table.image(tag.attribute("alt").as_deref()),
            _ => {}
        }
    }

    pub fn close(&mut self, tag: Tag<'a>) {
        if let Some(hidden) = &mut self.hidden {
            if tag.is(hidden.name) && hidden.depth > 0 {
                hidden.depth -= 1;
            } else if tag.is(hidden.name) {
                self.hidden = None;
            }
            return;
        }
        if let Some(table) = &mut self.table {
            match tag.kind() {
                _ if tag.is("table") => self.end_table(),
                _ if tag.is("a") => table.end_link(),
                Kind::Break | Kind::Paragraph if !tag.is("tr") => table.line_break(),
                _ => {}
            }
            return;
        }
        if self.heading.is_some_and(|name| tag.is(name)) {
            self.heading = None;
            self.end_line();
        } else if tag.is("dt") {
            self.end_span(&tag);
            self.line.push_str(": ");
            return;
        } else {
            match tag.kind() {
                Kind::Inline => self.end_span(&tag),
                Kind::Paragraph | Kind::Break if self.heading.is_none() => {
                    self.end_line();
                    self.prefix.clear();
                }
                _ => {}
            }
            if tag.is("ul") || tag.is("ol") {
                self.list_depth = self.list_depth.saturating_sub(1);
            }
        }
        self.close_card(&tag);
    }

    fn close_card(&mut self, tag: &Tag<'a>) {
        let Some(card) = self.cards.last_mut().filter(|card| tag.is(card.name)) else { return };
        if card.depth > 0 {
            card.depth -= 1;
            return;
        }
        self.end_line();
        if let Some(card) = self.cards.pop() {
            cards::close(card, &mut self.page.lines, self.cards.last_mut());
        }
    }

    /// Writes a link or bold text that lies within one line; other markup only dresses.
    fn end_span(&mut self, tag: &Tag<'a>) {
        let Some(at) = self.spans.iter().rposition(|span| tag.is(span.tag.name)) else { return };
        let span = self.spans.remove(at);
        if span.lines != self.page.lines.len() || span.start > self.line.len() {
            return;
        }
        let inner = self.line.split_off(span.start);
        let text = inner.trim();
        let target = span.tag.attribute("href").and_then(|href| link_target(&href));
        let written = match target {
            _ if text.is_empty() => inner,
            Some(target) if tag.is("a") => format!("[{text}]({target})"),
            None if tag.is("a") => inner,
            _ if self.heading.is_some() || text.contains("**") => inner,
            _ => {
                let after = if inner.ends_with(' ') { " " } else { "" };
                format!("**{text}**{after}")
            }
        };
        self.line.push_str(&written);
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        for (number, text) in table.lines() {
            self.page.lines.push(PageLine { number, text, announces: false });
        }
        self.blank();
    }

    /// What is not the page's own text, and where it goes.
    fn hides(&self, tag: &Tag<'_>) -> Option<HiddenTo> {
        if tag.is("title") {
            return Some(HiddenTo::Title);
        }
        if tag.is("head") {
            // The title is in it.
            return None;
        }
        if tag.kind() == Kind::Hidden {
            return Some(HiddenTo::Nowhere);
        }
        let menu = ["nav", "select", "button", "menu", "dialog"].iter().any(|name| tag.is(name))
            || tag.is("footer") && self.cards.is_empty()
            || tag.attribute("role").is_some_and(|role| role.trim() == "navigation")
            || cards::is_menu(tag);
        let in_page = self.between == Between::Html && self.table.is_none();
        (menu && in_page).then_some(HiddenTo::LeftOut)
    }
}
