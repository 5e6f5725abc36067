//! A disk that fails at any step leaves the old run or the new one.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::*;
use crate::disk::faults::{self, EIO, ENOSPC, Fault};

/// Everything a run folder says.
#[derive(Debug, PartialEq)]
struct State {
    roles: StoredRoles,
    embeddings: Embeddings,
    clustering: Vec<u32>,
    found: Option<String>,
    words: Vec<u8>,
}

/// `None` when the folder holds no run.
fn state(folder: &Path) -> Option<State> {
    let run = match RunFolder::open(folder) {
        Err(StoreError::NoRun { .. }) => return None,
        run => run.unwrap(),
    };
    Some(State {
        roles: run.roles().unwrap(),
        embeddings: run.embeddings().unwrap(),
        clustering: run.json(Part::Clustering).unwrap(),
        found: run.has(Part::Found).then(|| run.json(Part::Found).unwrap()),
        words: run.map_index(IndexPart::Words).unwrap().unwrap().to_vec(),
    })
}

/// Two runs that differ in every file; only the first has corrections.
fn make(folder: &Path, is_second: bool) -> Result<(), StoreError> {
    let (mut stored, embeddings) = sample();
    let mark = if is_second { "second" } else { "first" };
    // More than one write to the file.
    let long: String =
        (0..2_000u64).map(|n| format!("{mark}{} ", n.wrapping_mul(n ^ 0x9e37))).collect();
    stored.texts[0] = long.into();
    let mut run = RunWriter::open(folder)?;
    let (ids, vectors) = (embeddings.ids().to_vec(), embeddings.vectors());
    let vectors = if is_second { vectors.select(&[1, 0]) } else { vectors.clone() };
    let embeddings = Embeddings::new(ids, vectors.clone(), model("a")).unwrap();
    let mut cache = Cache::open(&run, &model("a"))?;
    let keys = ["a", "b"].map(|text| cache.key(&format!("{mark} {text}")));
    cache.append(&keys, &vectors)?;
    run.write_embedded(&stored, &embeddings)?;
    run.write_json(Part::Clustering, &vec![u32::from(is_second); 2])?;
    match is_second {
        true => run.remove(Part::Found)?,
        false => run.write_json(Part::Found, &mark)?,
    }
    run.write_json(Part::History, &mark)?;
    run.write_json(Part::Report, &mark)?;
    run.write_view(View::Digest, |out| out.write_all(mark.as_bytes()))?;
    run.write_index(IndexPart::Words, |of, out| write!(out, "{mark} {of}"))?;
    run.commit()
}

fn digest(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("report.md")).ok()
}

/// Names in the folder that no run has.
fn litter(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with('.') && name != ".lock").collect()
}

/// Makes the second run over the first, or over nothing, with these faults, and looks at what
/// there is then. Whether a fault was reached.
fn survives(over_a_run: bool, fault: Fault, second: &State) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if over_a_run {
        make(folder, false).unwrap();
    }
    let first = state(folder);
    let (made, n_steps) = faults::during(fault, || make(folder, true));
    let after = state(folder);
    match &made {
        Ok(()) => assert_eq!(after.as_ref(), Some(second), "{fault:?}"),
        Err(error) => {
            assert!(after == first || after.as_ref() == Some(second), "a mixture: {fault:?}");
            let said = error.to_string();
            assert!(said.contains(&*folder.to_string_lossy()), "{fault:?}: {said}");
            let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
            let cause = cause.or_else(|| error.source()?.source()?.downcast_ref());
            let number = cause.and_then(std::io::Error::raw_os_error);
            assert_eq!(number, Some(fault.errno), "{fault:?}: {said}");
        }
    }
    // The next writer brings everything to its place, and forgets the rest.
    drop(RunWriter::open(folder).unwrap());
    assert_eq!(state(folder), after, "{fault:?}");
    assert_eq!(litter(folder), [""; 0], "{fault:?}");
    let mark = after.as_ref().map(|after| if after == second { "second" } else { "first" });
    assert_eq!(digest(folder).as_deref(), mark, "{fault:?}");
    let run = RunWriter::open(folder).unwrap();
    let cache = Cache::open(&run, &model("a")).unwrap();
    let key = cache.key("second a");
    if cache.knows(&key) {
        let vector = cache.vectors(&[key]).unwrap();
        assert_eq!(vector.as_slice(), second.embeddings.vectors().select(&[0]).as_slice());
    }
    drop(run);
    make(folder, true).unwrap();
    assert_eq!(state(folder).as_ref(), Some(second), "{fault:?}");
    n_steps > fault.after
}

#[test]
fn every_step_that_fails_leaves_the_old_run_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), true).unwrap();
    let second = state(folder.path()).unwrap();
    for errno in [EIO, ENOSPC] {
        // One step, or a disk that is gone from then on.
        for failing in [1, usize::MAX] {
            for over_a_run in [true, false] {
                let fault = |after| Fault { after, failing, errno };
                let n_steps = (0..).find(|&after| !survives(over_a_run, fault(after), &second));
                assert!(n_steps.unwrap() > 50, "{n_steps:?} steps are not all there are");
            }
        }
    }
}

#[test]
fn a_cache_that_could_not_grow_grows_later() {
    let folder = tempfile::tempdir().unwrap();
    let run = RunWriter::open(folder.path()).unwrap();
    let mut cache = Cache::open(&run, &model("a")).unwrap();
    let keys = ["a", "b"].map(|text| cache.key(text));
    let vectors = Matrix::new(2, 2, vec![1.0, 2.0, 3.0, 4.0]).unwrap();
    for failing in [1, usize::MAX] {
        for after in 0..2 {
            let fault = Fault { after, failing, errno: ENOSPC };
            let (failed, _) = faults::during(fault, || cache.append(&keys, &vectors));
            let said = failed.unwrap_err().to_string();
            assert!(said.starts_with("cannot write ") && said.contains(".vectors"), "{said}");
            assert!(!cache.knows(&keys[0]));
        }
    }
    cache.append(&keys, &vectors).unwrap();
    drop(cache);
    let cache = Cache::open(&run, &model("a")).unwrap();
    assert_eq!(cache.vectors(&keys).unwrap(), vectors);
}

#[test]
fn a_run_that_is_not_committed_is_seen_by_its_writer_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (stored, embeddings) = written(folder.path());
    let mut run = RunWriter::open(folder.path()).unwrap();
    run.write_json(Part::Clustering, &[1, 2]).unwrap();
    run.write_json(Part::Found, &"x").unwrap();
    run.remove(Part::Found).unwrap();
    assert_eq!(run.reader().json::<Vec<u32>>(Part::Clustering).unwrap(), [1, 2]);
    assert!(!RunFolder::open(folder.path()).unwrap().has(Part::Clustering));
    drop(run);
    assert_eq!(litter(folder.path()), [""; 0]);
    let reader = RunFolder::open(folder.path()).unwrap();
    assert_eq!((reader.roles().unwrap(), reader.embeddings().unwrap()), (stored, embeddings));
}

/// A file whose pages contradict each other can bear the right checksum, if somebody means it to.
#[test]
fn reading_rows_of_a_damaged_file_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stored, _) = sample();
    let roles: Vec<Role> = (0..60)
        .map(|at| Role {
            id: RoleId::new(format!("{at}")),
            stack: (0..at % 4).map(|n| format!("skill {n}").into()).collect(),
            ..stored.corpus.roles()[0].clone()
        })
        .collect();
    stored.texts = roles.iter().map(|role| role.title.as_str().into()).collect();
    stored.representative = (0..roles.len()).collect();
    stored.corpus = Corpus::new(roles);
    let mut whole = Vec::new();
    crate::store::role_writer::write(&stored, &mut whole).unwrap();
    let path = folder.path().join("roles.parquet");
    let read = |bytes: Vec<u8>| {
        let file = RoleFile::open(path.clone(), crate::mapped_file::Bytes::Owned(bytes))?;
        let parts = [RolePart::Stack, RolePart::Title, RolePart::Id];
        file.some(&parts, &[59, 3, 30])
    };
    let ids = |found: Vec<(Role, String)>| -> Vec<(String, usize)> {
        found.into_iter().map(|(role, _)| (role.id.to_string(), role.stack.len())).collect()
    };
    let expected = [("59", 3), ("3", 3), ("30", 2)].map(|(id, n)| (id.to_string(), n));
    assert_eq!(ids(read(whole.clone()).unwrap()), expected);
    let mut below = faults::draws(11);
    let mut n_refused = 0;
    for _ in 0..2_000 {
        let mut damaged = whole.clone();
        damaged[below(whole.len())] = below(256) as u8;
        n_refused += usize::from(read(damaged).is_err());
    }
    assert!(n_refused > 100, "{n_refused}");
}
