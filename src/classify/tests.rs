//! Codes of titles written by hand. The vector of a title is that of an occupation here, blurred by
//! those of others, so that no model is needed.

use super::*;
use crate::geometry::Matrix;
use crate::occupations::Occupations;

fn occupations() -> &'static Occupations {
    Occupations::any_model().unwrap()
}

/// The unit vector between the occupation that has this English label and the mean of all.
fn vector_near(label: &str) -> Vec<f32> {
    let table = occupations();
    let rows = 0..table.rows().len();
    let row = rows.clone().find(|&row| table.label(row, "en") == Some(label));
    let row = row.unwrap_or_else(|| panic!("no occupation is called {label}"));
    let n = table.vectors().cols();
    let mean = |at: usize| {
        let sum: f32 = table.vectors().iter_rows().map(|vector| vector[at]).sum();
        sum / table.rows().len() as f32
    };
    let blurred = (0..n).map(|at| table.vectors().row(row)[at] + mean(at)).collect();
    let mut vectors = Matrix::new(1, n, blurred).unwrap();
    vectors.normalize_rows();
    vectors.row(0).to_vec()
}

fn codes(coder: &Coder, title: &str, near: &str) -> Vec<StandardCode> {
    coder.codes(Query { title, vector: &vector_near(near) }, "en")
}

#[test]
fn titles_in_many_languages_find_their_unit_group() {
    let coder = Coder::new(occupations(), Scheme::Isco);
    for (title, near, group) in [
        ("database administrator", "database administrator", "2521"),
        ("数据库管理员", "database administrator", "2521"),
        ("Datenbankadministrator (m/w/d)", "database administrator", "2521"),
        ("cook", "cook", "5120"),
        ("cuisinier", "cook", "5120"),
        ("厨师", "cook", "5120"),
        ("truck driver", "cargo vehicle driver", "8332"),
        ("Krankenpfleger", "nurse responsible for general care", "2221"),
        ("enfermero", "nurse responsible for general care", "2221"),
    ] {
        let found = codes(&coder, title, near);
        assert_eq!(found.first().map(|code| code.code), Some(group), "{title}: {found:?}");
        assert!(found.len() <= MOST && found.is_sorted_by(|a, b| a.score >= b.score));
    }
}

#[test]
fn titles_of_codes_are_in_the_language_asked_for_or_in_english() {
    let vector = vector_near("database administrator");
    let query = Query { title: "database administrator", vector: &vector };
    let of = |scheme, language| Coder::new(occupations(), scheme).codes(query, language)[0].clone();
    let english = of(Scheme::Esco, "en");
    assert!(english.code.starts_with("esco:") && english.title == "database administrator");
    assert_eq!(of(Scheme::Esco, "th"), english);
    assert_ne!(of(Scheme::Esco, "zh").title, english.title);
    assert_eq!(of(Scheme::Isco, "en").title, "Database designers and administrators");
}

#[test]
fn none_is_near_a_vector_far_from_all() {
    let coders = [Scheme::Esco, Scheme::Isco].map(|scheme| Coder::new(occupations(), scheme));
    // The direction away from all occupations.
    let far: Vec<f32> = vector_near("cook").iter().map(|x| -x).collect();
    for title in ["xK9#pl!!", "", "asdf qwer"] {
        let query = Query { title, vector: &far };
        assert!(coders.iter().all(|coder| coder.codes(query, "en").is_empty()), "{title}");
        let nothing = Tally::of(&coders[0], [query; 3].into_iter());
        assert!(nothing.codes(&coders[0], "en").is_empty(), "{title}");
    }
    assert!(Tally::default().codes(&coders[0], "en").is_empty(), "a group without roles");
}

#[test]
fn the_letters_decide_between_occupations_that_mean_the_same() {
    let coder = Coder::new(occupations(), Scheme::Esco);
    let vector = vector_near("cook");
    let best = |title| coder.ranked(Query { title, vector: &vector })[0].1.score;
    assert!(best("cook") > best("xyz"));
    assert!(best("cook") <= 1.0 + 1e-6);
}

#[test]
fn a_group_is_near_what_its_roles_are_near_on_average() {
    let coder = Coder::new(occupations(), Scheme::Isco);
    let [cook, nurse] = ["cook", "nurse responsible for general care"].map(vector_near);
    let cooks = ["cook", "厨师", "cuisinier"].map(|title| Query { title, vector: &cook });
    let nurses = [Query { title: "nurse", vector: &nurse }];
    let of_cooks = Tally::of(&coder, cooks.into_iter());
    let found = of_cooks.codes(&coder, "en");
    assert_eq!((found[0].code.as_str(), found[0].share), ("5120", 1.0), "{found:?}");
    let mean = cooks.map(|role| f64::from(coder.codes(role, "en")[0].score)).iter().sum::<f64>();
    assert!((found[0].score - mean / 3.0).abs() < 1e-6, "{found:?}");
    assert!(found.len() <= MOST && found.is_sorted_by(|a, b| a.score >= b.score));
    assert!(found.iter().all(|code| code.isco.is_none() && code.score >= f64::from(NEAR)));

    // A direction of three cooks, which stand for thirty, and one nurse.
    let mut both = Tally::default();
    both.add(&of_cooks, 30);
    both.add(&Tally::of(&coder, nurses.into_iter()), 10);
    both.add(&Tally::default(), 5);
    let found = both.codes(&coder, "en");
    assert_eq!(found[0].code, "5120", "{found:?}");
    assert!((found[0].share - 0.75).abs() < 1e-9, "{found:?}");
}

#[test]
fn roles_looked_at_together_are_as_near_as_each_by_itself() {
    let coder = Coder::new(occupations(), Scheme::Isco);
    let vectors = ["cook", "nurse responsible for general care"].map(vector_near);
    let titles = ["cook", "", "nurse", "cook", "厨师", "cook"];
    for n in 0..=titles.len() {
        let queries: Vec<Query> =
            (0..n).map(|at| Query { title: titles[at], vector: &vectors[at % 2] }).collect();
        let mut found = Vec::new();
        coder.nearness_of_each(&queries, |nearness| found.push(nearness.to_vec()));
        let each: Vec<_> = queries.iter().map(|&query| coder.nearness(query)).collect();
        assert_eq!(found, each, "{n} roles");
    }
}

#[test]
fn a_code_of_esco_says_its_unit_group() {
    let coder = Coder::new(occupations(), Scheme::Esco);
    let vector = vector_near("database administrator");
    let query = Query { title: "database administrator", vector: &vector };
    let found = Tally::of(&coder, std::iter::once(query)).codes(&coder, "en");
    assert_eq!(found[0].title, "database administrator");
    assert_eq!(found[0].isco.as_deref(), Some("2521"));
}
