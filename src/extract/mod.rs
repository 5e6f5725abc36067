//! Understands what a posting states about the job: date, place, company, seniority, experience,
//! education and pay, each where it is found.
//!
//! What the reader took from a column goes before what the text says. In a text a number counts
//! only where the words around it say what it is, since a wrong fact is worse than a missing one.
//! The words are those of `data/lexicon/facts.tsv`, in ten languages.

mod date;
mod education;
mod experience;
mod labelled;
mod lexicon;
mod pay;
mod phrases;
mod segments;
mod seniority;
mod source;

use arcstr::ArcStr;
use jiff::civil::Date;

use crate::details::{Details, Pay};
use crate::role::Role;
use crate::text::{self, normalize};
use labelled::{city, dated, labelled, labelled_name};
use lexicon::phrases;
use segments::segments;
pub use seniority::Ranks;
use source::Source;

/// What a role states. Relative dates such as `3 days ago` are understood where `today` is given.
pub fn extract(role: &Role, today: Option<Date>) -> Details {
    let title = normalize(&role.title);
    let description = normalize(&role.description);
    let language = text::language(&format!("{title}\n{description}"));
    let mut details = of_columns(role, today, language);
    details.seniority = details.seniority.or_else(|| seniority::seniority(&title));
    details.pay = details.pay.or_else(|| pay::pay(&title, Source::Text, language));
    for segment in segments(&description) {
        fill(&mut details, segment, today, language);
    }
    details.city = details.place.as_deref().and_then(city);
    details
}

/// Fills what is still missing with what a segment says.
fn fill(
    details: &mut Details,
    segment: &str,
    today: Option<Date>,
    language: text::DetectedLanguage,
) {
    let said = Source::Text;
    let posted = || date::date(&dated(segment)?, today);
    details.posted = details.posted.or_else(posted);
    let name = |name: &str| labelled_name(segment, name).map(str::to_string);
    details.place = details.place.take().or_else(|| name("place"));
    details.company = details.company.take().or_else(|| name("company"));
    let level = || seniority::seniority(labelled(segment, "seniority")?);
    details.seniority = details.seniority.or_else(level);
    details.experience = details.experience.or_else(|| experience::experience(segment, said));
    details.education = details.education.or_else(|| education::education(segment, said));
    details.pay = details.pay.take().or_else(|| pay::pay(segment, said, language));
}

/// What columns of the input say.
fn of_columns(role: &Role, today: Option<Date>, language: text::DetectedLanguage) -> Details {
    let facts = &role.facts;
    let mut details = Details {
        posted: facts.date.as_deref().and_then(|text| date::date(&normalize(text), today)),
        place: facts.place.as_ref().map(ArcStr::to_string),
        company: facts.company.as_ref().map(ArcStr::to_string),
        pay: facts.pay.as_deref().and_then(|text| of_pay_column(text, language)),
        ..Details::default()
    };
    for (name, value) in role.fields.iter() {
        let name = normalize(name).to_lowercase().replace(['_', '-', '.'], " ");
        let value = || normalize(value);
        match phrases("column").whole(name.trim()) {
            Some("experience") => {
                let found = || experience::experience(&value(), Source::Column);
                details.experience = details.experience.or_else(found);
            }
            Some("education") => {
                let found = || education::education(&value(), Source::Column);
                details.education = details.education.or_else(found);
            }
            Some("seniority") => {
                details.seniority = details.seniority.or_else(|| seniority::seniority(&value()));
            }
            _ => {}
        }
    }
    details
}

/// The pay in a column, beside the text as the input has it.
fn of_pay_column(text: &str, language: text::DetectedLanguage) -> Option<Pay> {
    let found = pay::pay(&normalize(text), Source::Column, language)?;
    Some(Pay { raw: text.to_string(), ..found })
}

#[cfg(test)]
mod tests;
