//! What a column within another is for: `description.text`, `details.requirements`.

use super::columns::Target;

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

/// The target of a dotted name, from what its parts would be for if they stood alone. `key`
/// writes a part without what makes no difference.
pub(super) fn target(
    name: &str,
    key: impl Fn(&str) -> String,
    alone: impl Fn(&str) -> Option<(Target, usize)>,
) -> Option<(Target, usize)> {
    let (parents, leaf) = name.rsplit_once('.')?;
    let parents: Vec<String> = parents.split('.').map(&key).collect();
    let leaf = key(leaf);
    let of_others = parents.iter().any(|parent| OTHERS.contains(&parent.as_str()));
    if leaf.is_empty() || parents.iter().any(String::is_empty) || of_others {
        return None;
    }
    let inside = parents.iter().rev().find_map(|parent| alone(parent));
    let own = alone(&leaf);
    match (inside, own) {
        // Parts of the text, or of the list of technologies.
        (Some((kind @ (Target::Description | Target::Stack), rank)), _) => {
            Some((kind, NESTED + rank))
        }
        (_, Some((kind @ (Target::Description | Target::Stack), rank)))
            if !VAGUE.contains(&leaf.as_str()) =>
        {
            Some((kind, NESTED + rank))
        }
        (_, Some((kind, rank))) => {
            let parent = parents.last().map_or("", String::as_str);
            POSTINGS.contains(&parent).then_some((kind, NESTED + rank))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::read::columns::{self, Columns};

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
            ("company.name", None),
            ("company.description", None),
            ("job.employer.text", None),
            ("title.fr", None),
            ("meta.title", None),
            ("Sr. No.", None),
            ("salary.text", None),
        ] {
            let found = columns::target(&Columns::default(), None, name).map(|(kind, _)| kind);
            assert_eq!(found, expected, "{name}");
        }
    }
}
