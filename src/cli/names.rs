//! Parsers for options that take one of a fixed list of names. `--help` and completions show the
//! list.

use std::error::Error;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use rolecluster::classify::Scheme;
use rolecluster::export;
use rolecluster::language::Language;
use strum::VariantNames;

/// What `export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The roles, in one of the formats of the library.
    Roles(export::Format),
    /// The digest: the postings in order, as Markdown.
    Digest,
    /// The map as a PNG.
    Picture,
}

/// What `compare` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonFormat {
    /// For people, as text.
    Markdown,
    /// For people, as one page.
    Html,
    /// For programs.
    Json,
}

/// A language, or `auto` (`None`) for the one most roles are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LanguageChoice(pub Option<Language>);

/// A parser for an enum of the library.
pub fn one_of<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr + VariantNames + Clone + Send + Sync + 'static,
    T::Err: Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|name| name.parse::<T>())
}

/// A language, or `auto`.
pub fn language_choice() -> impl TypedValueParser<Value = LanguageChoice> {
    let names = ["auto"].into_iter().chain(Language::VARIANTS.iter().copied());
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        "auto" => Ok(LanguageChoice(None)),
        code => code.parse().map(|language| LanguageChoice(Some(language))),
    })
}

/// A standard of codes. O*NET is known by name, since people ask for it, and refused with the reason.
pub fn scheme() -> impl TypedValueParser<Value = Scheme> {
    let named = Scheme::VARIANTS.iter().copied().map(PossibleValue::new);
    let names = named.chain([PossibleValue::new("onet").hide(true)]);
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        "onet" => Err("the table of occupations has no rows of O*NET yet; esco and isco are there"
            .to_string()),
        known => known.parse::<Scheme>().map_err(|unknown| unknown.to_string()),
    })
}

/// A format of comparisons.
pub fn comparison_format() -> impl TypedValueParser<Value = ComparisonFormat> {
    PossibleValuesParser::new(["markdown", "html", "json"]).map(|name| match name.as_str() {
        "html" => ComparisonFormat::Html,
        "json" => ComparisonFormat::Json,
        _ => ComparisonFormat::Markdown,
    })
}

/// A table format of the library, `markdown` or `png`.
pub fn export_format() -> impl TypedValueParser<Value = ExportFormat> {
    let names = export::Format::VARIANTS.iter().copied().chain(["markdown", "png"]);
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        "markdown" => Ok(ExportFormat::Digest),
        "png" => Ok(ExportFormat::Picture),
        table => table.parse().map(ExportFormat::Roles),
    })
}
