//! The OpenAPI file agrees with the routes and limits.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

#[test]
fn the_openapi_file_describes_every_route_and_no_other() {
    let document: Value = serde_json::from_str(assets::OPENAPI).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<&str> =
        document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let served: BTreeSet<&str> = api_routes().iter().map(|(path, _)| *path).collect();
    assert_eq!(described, served);
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert_eq!(methods.as_object().unwrap().keys().collect::<Vec<_>>(), ["get"], "{path}");
    }
}

#[test]
fn limits_in_the_openapi_file_are_the_ones_enforced() {
    let document: Value = serde_json::from_str(assets::OPENAPI).unwrap();
    let parameters = document["paths"]["/api/search"]["get"]["parameters"].as_array().unwrap();
    let schema = |name: &str| {
        &parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]
    };
    assert_eq!(schema("q")["maxLength"], search_params::LONGEST_QUERY);
    assert_eq!(schema("k")["maximum"], search_params::MOST_ROLES);
    assert_eq!(schema("k")["default"], search_params::DEFAULT_ROLES);
}
