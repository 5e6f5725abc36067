//! The shape of `report.json`, for programs that read it.

/// JSON Schema (draft 2020-12) of a serialised [`Report`](crate::report::Report).
pub const REPORT_SCHEMA: &str = include_str!("report.schema.json");

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::clustering::ClusterId;
    use crate::corrections::{Change, Correction, Level, Outcome};
    use crate::export::sample::sample;
    use crate::language::Language;
    use crate::lineage::{Event, Fate, Lineage};
    use crate::over_time::OverTime;
    use crate::profile::{ByHand, DirectionSource};
    use crate::report::Report;
    use crate::role::RoleId;
    use crate::tabulate::over_time;

    /// The schema, with members it does not list made faults, so that a new field cannot be
    /// forgotten in it.
    fn strict(schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                members.values_mut().for_each(strict);
                if members.get("properties").is_some_and(Value::is_object) {
                    members.insert("additionalProperties".into(), json!(false));
                }
            }
            Value::Array(entries) => entries.iter_mut().for_each(strict),
            _ => {}
        }
    }

    fn check(report: &Value) -> Vec<String> {
        let mut schema: Value = serde_json::from_str(REPORT_SCHEMA).unwrap();
        strict(&mut schema);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path)).collect()
    }

    /// Fills what only a corrected report has.
    fn correct(report: &mut Report) {
        let roles = vec![RoleId::new("1.1")];
        let changes = [
            Change::Move { roles: roles.clone(), to: roles.clone() },
            Change::Merge { groups: vec![roles.clone(), roles.clone()], name: None },
            Change::Rename { level: Level::Direction, roles, name: "x".into() },
        ];
        report.corrections = changes
            .into_iter()
            .map(|change| Outcome {
                correction: Correction { line: 3, change },
                held: false,
                note: Some("why".into()),
            })
            .collect();
        report.language = Some(Language::En);
        for profile in &mut report.profiles {
            profile.by_hand = vec![ByHand::Named, ByHand::Merged];
        }
        for direction in &mut report.directions {
            direction.source = Some(DirectionSource::Given);
            direction.by_hand = vec![ByHand::Named];
        }
        for placement in &mut report.placements {
            placement.direction_source = Some(DirectionSource::Found);
            placement.by_hand = Some(ByHand::Moved);
        }
    }

    /// Half of the roles in each of two months, a technology in one of them.
    fn dated(n: usize) -> Option<OverTime> {
        let (report, mut roles) = sample(n, 3);
        for (at, role) in roles.iter_mut().enumerate() {
            role.facts.date = Some(format!("2026-0{}-05", 1 + at % 2).into());
        }
        over_time(&report, &roles)
    }

    #[test]
    fn a_report_is_what_the_schema_says() {
        for (n, n_clusters, with_map) in
            [(0, 1, false), (1, 1, true), (40, 3, true), (40, 3, false)]
        {
            let (mut report, _) = sample(n, n_clusters);
            if !with_map {
                report.map = None;
                report.raw_labels = Some(vec![None; n]);
                report.lineage = None;
            }
            report.raw_labels = Some(report.placements.iter().map(|p| p.cluster).collect());
            report.lineage = Some(Lineage {
                shared_roles: n,
                events: vec![Event { fate: Fate::New, old: vec![], new: vec![ClusterId(0)] }],
            });
            report.over_time = dated(n);
            assert_eq!(report.over_time.is_some(), n == 40);
            correct(&mut report);
            let report = serde_json::to_value(&report).unwrap();
            assert_eq!(check(&report), Vec::<String>::new());
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_found() {
        let whole = serde_json::to_value(sample(10, 2).0).unwrap();
        let spoilt = |path: &str, value: Value| {
            let mut report = whole.clone();
            *report.pointer_mut(path).expect("a member to spoil") = value;
            check(&report).len()
        };
        assert_eq!(spoilt("/schema_version", json!(3)), 1);
        assert_eq!(spoilt("/placements/9/cluster", json!(0)), 1);
        assert_eq!(spoilt("/placements/0/strength", json!(1.5)), 1);
        assert_eq!(spoilt("/map/3", json!([1.0])), 1);
        assert_eq!(spoilt("/intake/duplicates/0/kind", json!("similar")), 1);
        assert_eq!(spoilt("/profiles/0", json!({ "id": 1 })), 5);
        let mut more = whole.clone();
        more["surprise"] = json!(1);
        let faults = check(&more);
        assert!(faults.len() == 1 && faults[0].contains("surprise"), "{faults:?}");
    }
}
