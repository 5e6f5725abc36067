//! The description of the API agrees with the limits.

use serde_json::Value;

use super::super::answering::limits;
use super::openapi::DOCUMENT;

#[test]
fn limits_in_the_description_are_the_ones_enforced() {
    let document: Value = serde_json::from_str(&DOCUMENT).unwrap();
    let parameters = document["paths"]["/api/search"]["get"]["parameters"].as_array().unwrap();
    let schema = |name: &str| {
        &parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]
    };
    assert_eq!(schema("q")["maxLength"], limits::LONGEST_QUERY);
    assert_eq!(schema("k")["maximum"], limits::MOST_ROLES);
    assert_eq!(schema("k")["default"], limits::DEFAULT_ROLES);
    assert_eq!(schema("filter")["maxItems"], limits::MOST_FILTERS);
    assert_eq!(
        document["components"]["schemas"]["SearchAnswer"]["properties"]["k"]["maximum"],
        limits::MOST_ROLES
    );
}
