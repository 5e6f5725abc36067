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

fn codes(coder: &Coder, title: &str, near: &str, scheme: Scheme) -> Vec<StandardCode> {
    coder.codes(Query { title, vector: &vector_near(near) }, scheme, "en")
}

#[test]
fn titles_in_many_languages_find_their_unit_group() {
    let coder = Coder::new(occupations());
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
        let found = codes(&coder, title, near, Scheme::Isco);
        assert_eq!(found.first().map(|code| code.code), Some(group), "{title}: {found:?}");
        assert!(found.len() <= MOST && found.is_sorted_by(|a, b| a.score >= b.score));
    }
}

#[test]
fn titles_of_codes_are_in_the_language_asked_for_or_in_english() {
    let coder = Coder::new(occupations());
    let vector = vector_near("database administrator");
    let query = Query { title: "database administrator", vector: &vector };
    let of = |scheme, language| coder.codes(query, scheme, language)[0].clone();
    let english = of(Scheme::Esco, "en");
    assert!(english.code.starts_with("esco:") && english.title == "database administrator");
    assert_eq!(of(Scheme::Esco, "th"), english);
    assert_ne!(of(Scheme::Esco, "zh").title, english.title);
    assert_eq!(of(Scheme::Isco, "en").title, "Database designers and administrators");
}

#[test]
fn none_is_near_a_vector_far_from_all() {
    let coder = Coder::new(occupations());
    // The direction away from all occupations.
    let far: Vec<f32> = vector_near("cook").iter().map(|x| -x).collect();
    for title in ["xK9#pl!!", "", "asdf qwer"] {
        let query = Query { title, vector: &far };
        assert!(coder.codes(query, Scheme::Esco, "en").is_empty(), "{title}");
        assert!(coder.codes(query, Scheme::Isco, "en").is_empty(), "{title}");
    }
}

#[test]
fn the_letters_decide_between_occupations_that_mean_the_same() {
    let coder = Coder::new(occupations());
    let vector = vector_near("cook");
    let best = |title| coder.ranked(Query { title, vector: &vector }, Scheme::Esco)[0];
    assert!(best("cook").2 > best("xyz").2);
    assert!(best("cook").2 <= 1.0 + 1e-6);
}
