//! Where in the values of an input the records are.
//!
//! A known shape is looked for first. Otherwise the first values are judged: an object is a
//! record as far as its members are named and filled like those of a posting, and the
//! records are the collection (array, or object by id) whose objects are best, the outermost
//! of equals. What is found for the first values then holds for all.

use super::judge::{FOLLOWED, Judge, called};
use super::orient::{self, Layout};
use super::shapes::{self, Known};
use super::value::{Json, Object};

/// Objects of one collection that are judged; the others are like them.
const JUDGED: usize = 200;

/// From this score on an object is a posting: a title and something beside it.
const RECORD: f32 = 4.5;

/// An object in a list must be this much better than what holds it.
const BETTER: f32 = 1.3;

/// A list in a lone object need not be better, if it is called a list of postings.
const NEARLY: f32 = 0.7;

/// What a list of postings is called.
const LISTS: &str = "job posting vacanc position offer item result record row list data hit doc edge node \
    opening entr role ad card graph element content member value 职位 岗位 職缺 求人 募集 채용 공고 вакан stellen offre empleo vaga";

/// What a list within a posting is called.
const PARTS: &str = "similar related recommend question answer benefit skill requirement section tag location \
    office categor language attachment image photo link media salar compan employer contact author breadcrumb facet filter aggregat";

/// One step from a value to the records within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The member of this name.
    Member(String),
    /// Every item of an array.
    Each,
    /// Every value of an object, by id.
    Values,
}

/// What holds for all values of an input.
#[derive(Debug)]
pub(super) struct Plan {
    pub shape: Option<&'static Known>,
    pub path: Vec<Step>,
    pub layout: Layout,
    /// Whether the records are postings beyond doubt.
    pub is_sure: bool,
}

/// Records found somewhere below.
#[derive(Debug, Clone)]
struct Found {
    path: Vec<Step>,
    layout: Layout,
    score: f32,
    count: usize,
}

impl Plan {
    /// The plan for values like these. `nested` is whether a record may lie in a member of
    /// its own; columns that the user named by their whole path forbid it.
    pub fn of(values: &[&Json<'_>], nested: bool, judge: &mut Judge<'_>) -> Plan {
        if let Some(shape) = shape_of(values) {
            return Plan {
                shape: Some(shape),
                path: Vec::new(),
                layout: Layout::Records,
                is_sure: true,
            };
        }
        let found = find(values, judge);
        let Some(Found { mut path, layout, score, .. }) = found else {
            return Plan { shape: None, path: Vec::new(), layout: Layout::Records, is_sure: false };
        };
        while !nested && matches!(path.last(), Some(Step::Member(_))) && layout == Layout::Records {
            path.pop();
        }
        Plan { shape: None, path, layout, is_sure: score >= RECORD }
    }
}

/// The shape that most values hold a posting of.
fn shape_of(values: &[&Json<'_>]) -> Option<&'static Known> {
    let mut counts: Vec<(&'static Known, usize)> = Vec::new();
    for value in values {
        if let Some(known) = first_shape(value) {
            match counts.iter_mut().find(|(other, _)| std::ptr::eq(*other, known)) {
                Some((_, count)) => *count += 1,
                None => counts.push((known, 1)),
            }
        }
    }
    // The others of a typed vocabulary are set aside; otherwise most must be postings.
    let enough = |(known, count): &(&'static Known, usize)| known.typed || count * 2 > values.len();
    let (known, _) = counts.into_iter().filter(enough).max_by_key(|(_, count)| *count)?;
    Some(known)
}

fn first_shape(value: &Json<'_>) -> Option<&'static Known> {
    match value {
        Json::Object(object) => shapes::of(object)
            .or_else(|| object.members.iter().find_map(|(_, value)| first_shape(value))),
        Json::Array(array) => array.items.iter().take(JUDGED).find_map(first_shape),
        _ => None,
    }
}

/// The best records among and below `values`, which stand in the same place of their parents.
fn find(values: &[&Json<'_>], judge: &mut Judge<'_>) -> Option<Found> {
    let objects: Vec<&Object<'_>> = values.iter().filter_map(|value| value.object()).collect();
    let items: Vec<&Json<'_>> =
        values.iter().filter_map(|value| value.array()).flatten().take(JUDGED).collect();
    if objects.is_empty() && items.is_empty() {
        return None;
    }
    if let Some(found) = table(values, &objects, judge) {
        return Some(found);
    }
    let own = own(&objects, judge);
    let mut best: Option<(f32, Found)> = None;
    let mut consider = |weight: f32, step: Step, found: Option<Found>| {
        let Some(mut found) = found else { return };
        let score = found.score * weight;
        if best.as_ref().is_none_or(|(known, other)| (score, found.count) > (*known, other.count)) {
            found.path.insert(0, step);
            best = Some((score, found));
        }
    };
    if !items.is_empty() {
        let n_items = values.iter().filter_map(|v| v.array()).map(<[_]>::len).sum();
        let found = find(&items, judge).map(|f| Found { count: f.count.max(n_items), ..f });
        consider(1.0, Step::Each, found);
    }
    for name in member_names(&objects) {
        let inner: Vec<&Json<'_>> = objects.iter().filter_map(|object| object.get(name)).collect();
        let weight = if called(name, PARTS) { 0.4 } else { 1.0 };
        consider(weight, Step::Member(name.to_string()), find(&inner, judge));
    }
    if let Some(found) = by_id(&objects, judge) {
        consider(1.0, Step::Values, Some(found));
    }
    match (own, best) {
        (None, best) => best.map(|(_, found)| found),
        (own, None) => own,
        (Some(own), Some((score, inner))) => {
            let found = if prefers(&own, score, &inner) { inner } else { own };
            Some(found)
        }
    }
}

/// The objects themselves as records.
fn own(objects: &[&Object<'_>], judge: &mut Judge<'_>) -> Option<Found> {
    let judged = &objects[..objects.len().min(JUDGED)];
    if judged.is_empty() {
        return None;
    }
    let sum: f32 = judged.iter().map(|object| judge.score(object)).sum();
    let score = sum / judged.len() as f32;
    Some(Found { path: Vec::new(), layout: Layout::Records, score, count: objects.len() })
}

/// Whether what lies inside is rather the records than what holds it.
fn prefers(own: &Found, inner_score: f32, inner: &Found) -> bool {
    let collection = inner.path.iter().any(|step| !matches!(step, Step::Member(_)));
    let listed = inner.path.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(called(name, LISTS) && !called(name, PARTS)),
        _ => None,
    });
    if own.count == 1 && collection && inner.count > 1 && listed == Some(true) {
        return inner_score >= NEARLY * own.score;
    }
    if own.count == 1 && collection && own.score < RECORD {
        return inner_score >= own.score || listed == Some(true) && inner_score > 1.0;
    }
    inner_score > BETTER * own.score
}

/// Names of members that hold objects or arrays, in their order.
fn member_names<'j>(objects: &[&'j Object<'_>]) -> Vec<&'j str> {
    let mut names: Vec<&str> = Vec::new();
    for object in objects.iter().take(JUDGED) {
        for (name, value) in object.members.iter().take(FOLLOWED) {
            let nests = matches!(value, Json::Object(_) | Json::Array(_));
            if nests && names.len() < FOLLOWED && !names.contains(&&**name) {
                names.push(name);
            }
        }
    }
    names
}

/// Objects that hold nothing but objects, under names that are none of a posting's.
fn by_id(objects: &[&Object<'_>], judge: &mut Judge<'_>) -> Option<Found> {
    let holds = |object: &&Object<'_>| {
        object.members.len() > 1 && object.members.iter().all(|(_, value)| value.object().is_some())
    };
    if objects.is_empty() || !objects.iter().all(holds) {
        return None;
    }
    let names = objects.iter().flat_map(|object| &object.members).map(|(name, _)| name);
    if names.take(FOLLOWED).any(|name| (judge.target)(name).is_some()) {
        return None;
    }
    let inner = objects.iter().flat_map(|object| &object.members).map(|(_, value)| value);
    let count = objects.iter().map(|object| object.members.len()).sum();
    let inner: Vec<&Json<'_>> = inner.take(JUDGED).collect();
    // Members that share nothing are parts of one thing.
    let shared = inner[0].object()?.members.iter().filter(|(name, _)| {
        inner.iter().filter_map(|v| v.object()).filter(|o| o.has(name)).count() * 2 > inner.len()
    });
    if shared.count() == 0 {
        return None;
    }
    let mut found = find(&inner, judge)?;
    found.count = found.count.max(count);
    Some(found)
}

/// A table among the values, if most of them are one.
fn table(values: &[&Json<'_>], objects: &[&Object<'_>], judge: &mut Judge<'_>) -> Option<Found> {
    let found =
        |layout, count| Some(Found { path: Vec::new(), layout, score: RECORD + 2.5, count });
    if objects.len() == values.len() {
        let layouts: Vec<Option<Layout>> =
            objects.iter().take(3).map(|object| orient::of(object, judge)).collect();
        let first = layouts.first()?.clone()?;
        return if layouts.iter().all(Option::is_some) { found(first, 2) } else { None };
    }
    let rows = values.iter().filter_map(|value| value.array());
    let arrays: Vec<&[Json<'_>]> = rows.collect();
    if arrays.len() < values.len() {
        return None;
    }
    if arrays.iter().all(|items| orient::is_rows(items)) {
        return found(Layout::Rows, arrays.iter().map(|items| items.len()).sum());
    }
    let all_rows = arrays.len() > 1 && arrays.iter().all(|items| orient::is_row(items));
    if all_rows { found(Layout::Rows, arrays.len()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use crate::read::columns::{self, Columns};

    /// The plan for one value, written as a path.
    fn told(text: &str) -> String {
        let value = parse(text).unwrap();
        let mut target = |name: &str| columns::of_role(&Columns::default(), None, name);
        let plan = Plan::of(&[&value], true, &mut Judge { target: &mut target });
        let step = |step: &Step| match step {
            Step::Member(name) => format!(".{name}"),
            Step::Each => "[]".to_string(),
            Step::Values => "{}".to_string(),
        };
        let path: String = plan.path.iter().map(step).collect();
        let layout = match plan.layout {
            Layout::Records => String::new(),
            other => format!(" {other:?}"),
        };
        format!("{path}{layout}{}", plan.shape.map_or("", |known| known.shape.name))
    }

    #[test]
    fn records_are_found_under_any_name() {
        let job = r#"{"title":"Nurse","description":"Care for patients"}"#;
        for (text, expected) in [
            (job.to_string(), ""),
            (format!("{{\"jobs\":[{job},{job}]}}"), ".jobs[]"),
            (format!("{{\"status\":{{\"code\":200}},\"a\":{{\"b\":[{job}]}}}}"), ".a.b[]"),
            (
                format!(
                    "{{\"title\":\"Feed\",\"description\":\"All our jobs\",\"items\":[{job},{job}]}}"
                ),
                ".items[]",
            ),
            (
                format!(
                    "{{\"name\":\"Acme\",\"description\":\"We build\",\"jobs\":[{job},{job}]}}"
                ),
                ".jobs[]",
            ),
            (
                format!(
                    "{{\"hits\":{{\"total\":2,\"hits\":[{{\"_id\":\"a\",\"_source\":{job}}},{{\"_id\":\"b\",\"_source\":{job}}}]}}}}"
                ),
                ".hits.hits[]._source",
            ),
            (
                format!(
                    "{{\"data\":{{\"jobs\":{{\"edges\":[{{\"node\":{job}}},{{\"node\":{job}}}]}}}}}}"
                ),
                ".data.jobs.edges[].node",
            ),
            (
                format!(
                    "{{\"data\":[{{\"id\":\"1\",\"type\":\"job\",\"attributes\":{job}}},{{\"id\":\"2\",\"type\":\"job\",\"attributes\":{job}}}]}}"
                ),
                ".data[].attributes",
            ),
            (format!("{{\"a1\":{job},\"b2\":{job}}}"), "{}"),
            (format!("{{\"jobs\":{{\"-Nx1\":{job},\"-Nx2\":{job}}}}}"), ".jobs{}"),
            (
                format!(
                    "{{\"departments\":[{{\"name\":\"A\",\"jobs\":[{job}]}},{{\"name\":\"B\",\"jobs\":[{job},{job}]}}]}}"
                ),
                ".departments[].jobs[]",
            ),
            (format!("[[{job},{job}],[{job}]]"), "[][]"),
            (
                "{\"payload\":[{\"kopf\":\"a\",\"zahl\":1},{\"kopf\":\"b\",\"zahl\":2}]}"
                    .to_string(),
                ".payload[]",
            ),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_belongs_to_a_posting_is_not_taken_for_postings() {
        for text in [
            r#"{"title":"Nurse","description":"Care","skills":[{"name":"a"},{"name":"b"}]}"#,
            r#"{"title":"Nurse","description":"Care","questions":[{"title":"a","description":"b"},{"title":"c","description":"d"}]}"#,
            r#"{"title":"Nurse","description":"Care","similar_jobs":[{"title":"a","description":"b"},{"title":"c","description":"d"}]}"#,
            r#"{"title":"Nurse","company":{"name":"Acme","description":"We build"}}"#,
            r#"{"title":{"en":"Nurse"},"description":{"en":"Care"}}"#,
            r#"{"title":"Nurse","details":{"requirements":"Care"}}"#,
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }

    #[test]
    fn tables_the_other_way_round() {
        for (text, expected) in [
            (r#"{"title":{"0":"a","1":"b"},"text":{"0":"c","1":null}}"#, " Columns"),
            (r#"{"title":{"0":"Nurse"}}"#, " Columns"),
            (r#"{"title":["a","b"],"skills":[["x"],["y"]]}"#, " Lists"),
            (
                r#"{"columns":["title","text"],"index":[0,1],"data":[["a","b"],["c","d"]]}"#,
                " Split { names: \"columns\", rows: \"data\" }",
            ),
            (
                r#"{"result":{"fields":[{"name":"title"}],"records":[["a"],["b"]]}}"#,
                ".result Split { names: \"fields\", rows: \"records\" }",
            ),
            (r#"{"0":{"title":"a"},"1":{"title":"b"}}"#, "{}"),
            (
                r#"{"schema":{"fields":[{"name":"title"}]},"data":[{"title":"a"},{"title":"b"}]}"#,
                ".data[]",
            ),
            (r#"{"range":"A1","values":[["title","text"],["a","b"]]}"#, ".values Rows"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn known_shapes_are_found_at_any_depth() {
        assert_eq!(
            told(
                r#"{"@context":"x","@graph":[{"@type":"WebPage"},{"@type":"JobPosting","title":"a"}]}"#
            ),
            "schema.org JobPosting"
        );
        assert_eq!(
            told(r#"{"data":{"data":{"jobCardList":[{"job":{"title":"a"},"comp":{}}]}}}"#),
            "Liepin"
        );
    }
}
