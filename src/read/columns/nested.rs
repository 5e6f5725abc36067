//! What a column within another is for: `description.text`, `details.requirements`.

use super::fold::key;
use super::names::{self, Guess, Tier, Verdict};
use super::target::Target;

/// Whose names, texts and ids say nothing about the role itself.
const OTHERS: [&str; 38] = [
    "company",
    "employer",
    "organization",
    "organisation",
    "hiringorganization",
    "org",
    "comp",
    "brand",
    "client",
    "customer",
    "recruiter",
    "recruiting",
    "contact",
    "author",
    "user",
    "owner",
    "creator",
    "location",
    "joblocation",
    "address",
    "city",
    "place",
    "area",
    "country",
    "region",
    "salary",
    "basesalary",
    "pay",
    "compensation",
    "currency",
    "department",
    "team",
    "category",
    "benefits",
    "similar",
    "related",
    "meta",
    "logo",
];

/// What wraps a posting.
const POSTINGS: [&str; 18] = [
    "job",
    "jobs",
    "posting",
    "position",
    "vacancy",
    "role",
    "offer",
    "opening",
    "jobinfo",
    "jobpost",
    "jobposting",
    "jobad",
    "source",
    "node",
    "attributes",
    "fields",
    "row",
    "item",
];

/// Names that only mean something together with what they stand in.
const VAGUE: [&str; 8] = ["name", "text", "content", "body", "value", "details", "summary", "id"];

/// Added to the rank of a name within another, so that one that stands alone goes before.
const NESTED: usize = 1_000;

/// What a name says: one that stands in other objects (`job.description.text`) by all its parts.
pub(super) fn verdict(name: &str) -> Verdict {
    let plain = names::verdict(name);
    let listed = matches!(&plain, Verdict::Is(guess) if guess.tier == Tier::Listed);
    if listed || names::is_listed(name) || !is_path(name) {
        return plain;
    }
    if let Some((target, rank)) = target(name) {
        let tier = Tier::Decorated;
        return Verdict::Is(Guess { target, tier, rank: NESTED + rank, meant: None });
    }
    match plain {
        // `salary.text` and `jobLocation.address.city` are what their holders are.
        Verdict::Is(guess)
            if matches!(guess.target, Target::Date | Target::Place | Target::Pay(_))
                || guess.target == Target::Company && names_its_holder(name) =>
        {
            Verdict::Is(Guess { rank: NESTED + guess.rank, ..guess })
        }
        _ => Verdict::Other,
    }
}

/// Whether the last part of a path is what its holder is called.
fn names_its_holder(path: &str) -> bool {
    let leaf = path.rsplit('.').next().map(key).unwrap_or_default();
    let company = || match names::verdict(&leaf) {
        Verdict::Is(guess) => guess.target == Target::Company,
        _ => false,
    };
    ["name", "title", "label", "value", "displayname"].contains(&leaf.as_str()) || company()
}

/// Whether the dots in a name stand between the names of objects.
fn is_path(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.trim() == part;
    name.contains('.') && name.split('.').all(part)
}

/// What makes a role, from what the parts of a name would be for if they stood alone.
fn target(name: &str) -> Option<(Target, usize)> {
    let (parents, leaf) = name.rsplit_once('.')?;
    let parents: Vec<String> = parents.split('.').map(key).collect();
    let leaf = key(leaf);
    let of_others = parents.iter().any(|parent| OTHERS.contains(&parent.as_str()));
    if leaf.is_empty() || parents.iter().any(String::is_empty) || of_others {
        return None;
    }
    let alone = |part: &str| match names::verdict(part) {
        Verdict::Is(guess) if guess.tier == Tier::Listed || guess.tier == Tier::Weak => {
            let of_role =
                guess.target.is_text() || matches!(guess.target, Target::Id | Target::Section);
            of_role.then_some((guess.target, guess.rank))
        }
        _ => None,
    };
    let inside = parents.iter().rev().find_map(|parent| alone(parent));
    let own = alone(&leaf);
    match (inside, own) {
        // Parts of the text, or of the list of technologies.
        (Some((kind @ (Target::Description | Target::Stack), rank)), _) => Some((kind, rank)),
        (_, Some((kind @ (Target::Description | Target::Stack), rank)))
            if !VAGUE.contains(&leaf.as_str()) =>
        {
            Some((kind, rank))
        }
        (_, Some((kind, rank))) => {
            let parent = parents.last().map_or("", String::as_str);
            POSTINGS.contains(&parent).then_some((kind, rank))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_posting_are_told_from_those_of_others() {
        for (name, expected) in [
            ("description.text", Some(Target::Description)),
            ("details.requirements", Some(Target::Description)),
            ("snippet.responsibilities", Some(Target::Description)),
            ("skills.must", Some(Target::Stack)),
            ("job.title", Some(Target::Title)),
            ("_source.name", Some(Target::Title)),
            ("attributes.content", Some(Target::Description)),
            ("job.id", Some(Target::Id)),
            ("company.name", Some(Target::Company)),
            ("company.description", None),
            ("job.employer.text", None),
            ("title.fr", None),
            ("meta.title", None),
            ("Sr. No.", None),
            ("salary.text", None),
        ] {
            let found = match verdict(name) {
                Verdict::Is(guess) if !matches!(guess.target, Target::Pay(_)) => Some(guess.target),
                _ => None,
            };
            assert_eq!(found, expected, "{name}");
        }
    }
}
