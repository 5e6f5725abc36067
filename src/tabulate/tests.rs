//! Tables of a few roles whose cells can be counted by hand.

use super::*;

fn values(text: &str) -> Vec<Vec<String>> {
    let words = |role: &str| role.split_whitespace().map(str::to_string).collect();
    text.split(',').map(words).collect()
}

#[test]
fn roles_are_counted_in_every_value_once() {
    let rows = values("go k8s, go go, go, rust, ");
    let columns = values("berlin, berlin, hamburg, berlin, berlin");
    let layout = Layout { floor: 1, ..Layout::default() };
    let table = cross_tab(&rows, &columns, Values::Count, layout);
    assert_eq!(table.rows, ["go", "k8s", "rust"]);
    assert_eq!(table.columns, ["berlin", "hamburg"]);
    assert_eq!(table.column_totals, [4, 1]);
    assert_eq!(table.cells[0], [Cell::Count(2), Cell::Count(1)]);
    assert_eq!(table.cells[2], [Cell::Count(1), Cell::Count(0)]);
    assert_eq!((table.suppressed, table.without), (0, 1));
}

#[test]
fn a_share_is_of_all_roles_of_its_column() {
    let rows = values("go, go, go, go, go, , , , , rust");
    let columns = values("b, b, b, b, b, b, b, b, b, b");
    let table = cross_tab(&rows, &columns, Values::Share, Layout::default());
    let Cell::Share { count, share, interval } = table.cells[0][0] else { panic!("{table:?}") };
    assert_eq!((count, share), (5, 0.5));
    assert_eq!(Some(interval), wilson(5, 10));
    // One role of ten is under the floor; none at all would be a fact.
    assert_eq!(table.cells[1][0], Cell::Suppressed);
    assert_eq!(table.suppressed, 1);
}

#[test]
fn pay_is_of_the_roles_that_state_it() {
    let rows = values("go, go, go, go, rust");
    let columns = values("b, b, b, b, b");
    let pay = [Some(1.0), Some(2.0), Some(3.0), None, None];
    let layout = Layout { floor: 3, ..Layout::default() };
    let table = cross_tab(&rows, &columns, Values::Pay(&pay), layout);
    assert_eq!(table.rows, ["go"]);
    assert_eq!(table.cells[0][0], Cell::Pay { count: 3, quartiles: [1.5, 2.0, 2.5] });
    assert_eq!(table.without, 2);
}

#[test]
fn the_first_and_the_last_period_are_compared() {
    let mut roles = vec!["a"; 10];
    roles.extend(vec!["a b"; 2]);
    roles.extend(vec!["b"; 30]);
    let rows = values(&roles.join(","));
    let period = |at: usize| match at {
        0..10 => "2026-01",
        10 => "2026-02",
        _ => "2026-03",
    };
    let periods: Vec<Vec<String>> =
        (0..rows.len()).map(|at| vec![period(at).to_string()]).collect();
    let found = trends(&rows, &periods, 5).unwrap();
    assert_eq!((found.first.as_str(), found.last.as_str()), ("2026-01", "2026-03"));
    assert_eq!((found.n_first, found.n_last), (10, 31));
    let told: Vec<(&str, usize, usize, bool)> = found
        .changes
        .iter()
        .map(|change| (&*change.name, change.before, change.after, change.is_significant()))
        .collect();
    assert_eq!(told, [("b", 0, 31, true), ("a", 10, 1, true)]);
    assert!(found.changes[0].difference.low > 0.0);
    assert!(trends(&rows, &vec![vec!["2026".to_string()]; rows.len()], 5).is_none());
}

#[test]
fn values_together_are_counted_once_a_role() {
    let pairs = together(&values("go k8s k8s, go k8s, go rust, go, java"), 1);
    assert_eq!((&*pairs[0].first, &*pairs[0].second, pairs[0].count), ("go", "k8s", 2));
    assert_eq!(pairs[0].overlap, 0.5);
    assert_eq!(pairs[0].lift, 2.0 * 5.0 / (4.0 * 2.0));
    assert_eq!(pairs.len(), 2);
    assert_eq!(together(&values("go k8s, go"), 2).len(), 0);
}

#[test]
fn periods_sort_as_text() {
    let day = |y, m| jiff::civil::Date::new(y, m, 5).unwrap();
    assert_eq!(Span::Month.of(day(2026, 3)), "2026-03");
    assert_eq!(Span::Quarter.of(day(2026, 12)), "2026-Q4");
    assert_eq!(Span::Year.of(day(2026, 12)), "2026");
    assert!("decade".parse::<Span>().is_err());
}
