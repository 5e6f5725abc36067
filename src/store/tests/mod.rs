mod faults;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::cache::{header, record_bytes};
use super::*;
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::geometry::Matrix;
use crate::role::{Corpus, Origin, Role, RoleId};

fn model(digest: &str) -> ModelFingerprint {
    ModelFingerprint {
        name: "tiny".into(),
        revision: "local".into(),
        digest: digest.into(),
        dimension: 2,
        dtype: "f32".into(),
        prompt: String::new(),
    }
}

fn sample() -> (StoredRoles, Embeddings) {
    let role = |id: &str, title: &str, section: Option<&str>| Role {
        id: RoleId::new(id),
        title: title.into(),
        description: "负责 Kubernetes 集群\u{0}\u{202e}<script>".into(),
        stack: vec!["Go".into(), "C++".into()],
        section: section.map(Into::into),
        origin: Origin { file: "a.md".into(), line: 7 },
        fields: BTreeMap::from([("lang".to_string(), "zh".to_string())]).into(),
        ..Role::default()
    };
    let corpus = Corpus::new(vec![role("1.1", "容器平台", Some("云")), role("1.2", "", None)]);
    let stored =
        StoredRoles { corpus, texts: vec!["x".into(), "y".into()], representative: vec![0, 0] };
    let ids = vec![RoleId::new("1.1"), RoleId::new("1.2")];
    let vectors = Matrix::new(2, 2, vec![1.0, 0.0, 0.6, 0.8]).unwrap();
    (stored, Embeddings::new(ids, vectors, model("a")).unwrap())
}

fn written(folder: &Path) -> (StoredRoles, Embeddings) {
    let (stored, embeddings) = sample();
    let mut run = RunWriter::open(folder).unwrap();
    run.write_embedded(&stored, &embeddings).unwrap();
    run.commit().unwrap();
    (stored, embeddings)
}

#[test]
fn what_is_written_is_read_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    let (stored, embeddings) = written(folder.path());
    let run = RunFolder::open(folder.path()).unwrap();
    assert_eq!(run.roles().unwrap(), stored);
    assert_eq!(run.embeddings().unwrap(), embeddings);
}

#[test]
fn writing_twice_gives_equal_bytes() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    written(a.path());
    written(b.path());
    for name in ["roles.parquet", "vectors.parquet", "manifest.json"] {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert_eq!(read(a.path()), read(b.path()), "{name}");
    }
}

#[test]
fn every_flipped_byte_is_found_and_the_file_named() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let manifest = folder.path().join("manifest.json");
    let sound = fs::read(&manifest).unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x01;
        fs::write(&manifest, &bytes).unwrap();
        let error = RunFolder::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("manifest.json"), "{error}");
    }
    fs::write(&manifest, &sound).unwrap();
    let path = folder.path().join("vectors.parquet");
    let sound = fs::read(&path).unwrap();
    for at in (0..sound.len()).step_by(97) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let error = RunFolder::open(folder.path()).unwrap().embeddings().unwrap_err();
        assert!(error.to_string().contains("vectors.parquet is damaged"), "{error}");
    }
    fs::write(&path, &sound[..sound.len() / 2]).unwrap();
    assert!(RunFolder::open(folder.path()).unwrap().embeddings().is_err());
    fs::remove_file(&path).unwrap();
    let error = RunFolder::open(folder.path()).unwrap().embeddings().unwrap_err();
    assert!(error.to_string().contains("the file is gone"), "{error}");
}

#[test]
fn two_writers_and_another_model_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let first = RunWriter::open(folder.path()).unwrap();
    assert!(matches!(RunWriter::open(folder.path()), Err(StoreError::Locked { .. })));
    assert!(first.refuse_other_model(&model("a")).is_ok());
    let error = first.refuse_other_model(&model("b")).unwrap_err();
    assert!(error.to_string().contains("holds vectors of model tiny"), "{error}");
    let moved = ModelFingerprint { name: "/elsewhere".into(), ..model("a") };
    assert!(first.refuse_other_model(&moved).is_ok(), "the same weights found elsewhere");
    drop(first);
    assert!(RunWriter::open(folder.path()).is_ok());
}

#[test]
fn a_folder_read_while_it_is_written_says_so_instead_of_damaged() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let reader = RunFolder::open(folder.path()).unwrap();
    let writer = RunWriter::open(folder.path()).unwrap();
    assert!(reader.roles().is_ok(), "what is whole is read");
    fs::write(folder.path().join("roles.parquet"), "the next run's").unwrap();
    assert!(matches!(reader.roles(), Err(StoreError::Locked { .. })));
    drop(writer);
    assert!(matches!(reader.roles(), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_folder_without_a_run_and_one_of_another_version_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = RunFolder::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("holds no finished run"), "{error}");
    fs::write(folder.path().join("manifest.json"), r#"{"format_version": 99}"#).unwrap();
    let error = RunFolder::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("format version 99"), "{error}");
    assert!(RunWriter::open(folder.path()).is_err(), "a newer run is not written over");
    fs::write(folder.path().join("manifest.json"), "").unwrap();
    let error = RunFolder::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("manifest.json is damaged"), "{error}");
    assert!(RunWriter::open(folder.path()).is_ok(), "a damaged manifest is healed by a new run");
}

#[test]
fn a_clustering_goes_when_its_roles_change_and_stays_when_they_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stored, embeddings) = written(folder.path());
    let mut run = RunWriter::open(folder.path()).unwrap();
    run.write_json(Part::Clustering, &vec![1, 2]).unwrap();
    run.write_embedded(&stored, &embeddings).unwrap();
    assert_eq!(run.reader().json::<Vec<u32>>(Part::Clustering).unwrap(), [1, 2]);
    stored.texts[0] = format!("{}!", stored.texts[0]).into();
    run.write_embedded(&stored, &embeddings).unwrap();
    let error = run.reader().json::<Vec<u32>>(Part::Clustering).unwrap_err();
    assert!(matches!(error, StoreError::NotClustered { .. }), "{error}");
}

#[test]
fn the_cache_survives_a_torn_tail_and_passes_over_a_bad_record() {
    let folder = tempfile::tempdir().unwrap();
    let run = RunWriter::open(folder.path()).unwrap();
    let mut cache = Cache::open(&run, &model("a")).unwrap();
    let keys = ["a", "b", "c"].map(|t| cache.key(t));
    let vectors = Matrix::new(3, 2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    cache.append(&keys, &vectors).unwrap();
    let path = cache.path.clone();
    drop(cache);

    let sound = fs::read(&path).unwrap();
    fs::write(&path, &sound[..sound.len() - 3]).unwrap();
    let mut cache = Cache::open(&run, &model("a")).unwrap();
    assert_eq!(cache.vectors(&keys[1..2]).unwrap().as_slice(), [3.0, 4.0]);
    assert!(!cache.knows(&keys[2]) && cache.vectors(&keys).is_err());
    cache.append(&keys[2..], &vectors.select(&[2])).unwrap();
    drop(cache);
    assert_eq!(fs::read(&path).unwrap(), sound, "the torn record is written again in its place");

    let mut flipped = sound;
    let middle = header(2).len() + record_bytes(2) + 20;
    flipped[middle] ^= 1;
    fs::write(&path, &flipped).unwrap();
    let cache = Cache::open(&run, &model("a")).unwrap();
    assert!(!cache.knows(&keys[1]), "a damaged vector is computed again");
    let found = cache.vectors(&[keys[2], keys[0], keys[2]]).unwrap();
    assert_eq!(found.as_slice(), [5.0, 6.0, 1.0, 2.0, 5.0, 6.0]);
    fs::write(&path, header(2)).unwrap();
    assert!(cache.vectors(&keys[..1]).is_err(), "a log cut short meanwhile");
    assert_ne!(Cache::open(&run, &model("b")).unwrap().key("a"), keys[0]);
}

#[test]
fn litter_of_a_killed_run_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let litter = folder.path().join(".rolecluster-abc.tmp");
    fs::write(&litter, "half").unwrap();
    RunWriter::open(folder.path()).unwrap();
    assert!(!litter.exists());
}

#[test]
fn numbers_that_are_none_are_damage() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let folder = tempfile::tempdir().unwrap();
        let (stored, embeddings) = sample();
        let vectors = Matrix::new(2, 2, vec![1.0, 0.0, 0.6, wrong]).unwrap();
        let ids = embeddings.ids().to_vec();
        let embeddings = Embeddings::new(ids, vectors, model("a")).unwrap();
        let mut run = RunWriter::open(folder.path()).unwrap();
        run.write_embedded(&stored, &embeddings).unwrap();
        run.commit().unwrap();
        let error = RunFolder::open(folder.path()).unwrap().embeddings().unwrap_err();
        assert!(error.to_string().contains("vector 1 holds a number that is not"), "{error}");
    }
}
