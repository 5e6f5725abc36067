//! What the elements of HTML mean for the text between them.

/// The role of an element in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    /// Begins and ends a paragraph, a heading, a list item or a larger part.
    Paragraph,
    /// A line break.
    Break,
    /// A cell of a table.
    Cell,
    /// Without content: an image, a form field.
    Void,
    /// Dresses the text.
    Inline,
    /// Its content is neither text nor markup.
    Raw,
    /// Its content is markup that shows no text of the page's own.
    Hidden,
    /// Not an element of HTML.
    Unknown,
}

const ELEMENTS: [(Kind, &str); 7] = [
    (
        Kind::Paragraph,
        " p div li ul ol dl dt dd table thead tbody tfoot tr caption colgroup h1 h2 h3 h4 h5 h6 section article \
         header footer nav main aside blockquote pre address figure figcaption fieldset details summary form hgroup \
         html body center dir menu search option legend title ",
    ),
    (Kind::Break, " br hr "),
    (Kind::Cell, " td th "),
    (Kind::Void, " img input link meta base col embed source track wbr area param "),
    (
        Kind::Inline,
        " a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label map mark meter nobr \
         object output picture progress q rp rt ruby s samp select slot small span strike strong sub sup textarea \
         time tt u var marquee blink basefont optgroup datalist ",
    ),
    (Kind::Raw, " script style "),
    (Kind::Hidden, " head template noscript iframe svg math canvas audio video dialog noframes "),
];

/// What kind of element has this name, in any case.
pub(in crate::read) fn kind(name: &str) -> Kind {
    let wanted = format!(" {} ", name.to_ascii_lowercase());
    ELEMENTS
        .into_iter()
        .find(|(_, names)| names.contains(&wanted))
        .map_or(Kind::Unknown, |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_whole_and_in_any_case() {
        assert_eq!(kind("P"), Kind::Paragraph);
        assert_eq!(kind("td"), Kind::Cell);
        assert_eq!(kind("highlighttext"), Kind::Unknown);
        assert_eq!(kind("o:p"), Kind::Unknown);
        assert_eq!(kind("h"), Kind::Unknown);
    }
}
