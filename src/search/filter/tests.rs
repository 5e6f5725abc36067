use super::{Candidate, FieldIndexes, Filter};
use crate::clustering::{ClusterId, DirectionId};
use crate::role::{Role, RoleId};
use crate::search::RoleAttributes;

#[test]
fn filters_hold_whatever_the_case_and_width() {
    let role = Role {
        id: RoleId::new("1"),
        title: "Ｋ８Ｓ运维".into(),
        description: "负责 Kubernetes 集群".into(),
        stack: vec!["K8s".into(), "Helm".into(), "In-House Tool".into()],
        section: Some("Cloud Native".into()),
        fields: [("city", "上海市"), ("salary", "15k-30k"), ("posted", "2026-01-20")]
            .into_iter()
            .collect(),
        ..Role::default()
    };
    let candidate = Candidate {
        row: 0,
        role: &role,
        text: &role.text(),
        attributes: &RoleAttributes::default(),
        cluster: Some(ClusterId(2)),
        cluster_name: Some("容器平台 · Kubernetes"),
        direction: Some(DirectionId(0)),
        direction_name: Some("云原生"),
    };
    for (filter, expected) in [
        ("section=cloud", true),
        ("section=network", false),
        ("title=k8s", true),
        ("city=上海", true),
        ("city=北京", false),
        ("cluster=3", true),
        ("cluster=2", false),
        ("cluster=kubernetes", true),
        ("cluster=none", false),
        ("direction=1", true),
        ("direction=0", false),
        ("direction=云", true),
        ("direction=none", false),
        ("language=zh", true),
        ("technology=Kubernetes", true),
        ("technology=Kafka", false),
        ("technology=K8s", true),
        ("technology=容器编排工具X", false),
        ("technology=helm", true),
        ("technology=in-house tool", true),
        ("language=Chinese", true),
        ("language=英文", false),
        ("salary>=20000", true),
        ("salary > 30000", false),
        ("posted>=2026-01", true),
        ("posted<2026-01", false),
        ("city>=3", false),
    ] {
        let parsed: Filter = filter.parse().unwrap();
        assert_eq!(parsed.passes(&candidate), expected, "{filter}");
        let indexed = FieldIndexes::default().rows(&[parsed], 1, &|_| candidate);
        assert_eq!(indexed.contains(0), expected, "{filter} by index");
    }
    for wrong in ["section", "=x", "x=", "x= \u{3000}", "salary>=much", "salary>"] {
        assert!(wrong.parse::<Filter>().is_err(), "{wrong}");
    }
}
