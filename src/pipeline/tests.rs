//! A disk that fails while a use case writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::cluster::Algorithm;
use crate::disk::faults::{self, EIO, ENOSPC, Fault};
use crate::encode::DeviceChoice;
use crate::error::Error;
use crate::progress::Silent;
use crate::store::RunWriter;

const ROLES: &str = r#"{"title": "Storage engineer", "description": "Keeps Ceph disks healthy."}
{"title": "Storage administrator", "description": "Runs Ceph clusters and their backups."}
{"title": "Front end developer", "description": "Builds pages with React."}
{"title": "Web developer", "description": "Builds shops with React and TypeScript."}
{"title": "Data analyst", "description": "Answers questions with SQL."}
"#;
const ONE_MORE: &str = r#"{"title": "Gardener", "description": "Keeps the roses."}"#;

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Bench { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn embed(&self, text: &str, out: &str) -> Result<(), Error> {
        let input = self.path("roles.jsonl");
        fs::write(&input, text).unwrap();
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/tiny-bert");
        let inputs = vec![input.display().to_string().parse().unwrap()];
        let mut settings = EmbedSettings::new(inputs, self.path(out));
        settings.model.source = model.display().to_string().parse().unwrap();
        settings.model.device = DeviceChoice::Cpu;
        embed(&settings, &Silent).map(drop)
    }

    fn discover(&self, out: &str) -> Result<(), Error> {
        let mut settings = DiscoverSettings { device: DeviceChoice::Cpu, ..Default::default() };
        settings.algorithm = Algorithm::default();
        discover(&mut RunWriter::open(&self.path(out))?, &settings, &Silent).map(drop)
    }

    /// What is in the files of a run, once a writer has opened it.
    fn files(&self, run: &str) -> BTreeMap<String, Vec<u8>> {
        drop(RunWriter::open(&self.path(run)).unwrap());
        let entries = fs::read_dir(self.path(run)).unwrap().map(|entry| entry.unwrap().path());
        let files = entries.filter(|path| path.is_file() && !path.ends_with(".lock"));
        let named = |path: PathBuf| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
        };
        files.map(named).collect()
    }

    /// A copy of a run without its cache.
    fn copy(&self, from: &BTreeMap<String, Vec<u8>>, to: &str) {
        let folder = self.path(to);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(".lock"), "").unwrap();
        from.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
    }

    /// Lets every step of `work` fail that changes a file, in turn; each time the folder holds all
    /// of the files `before` it or all of those after it.
    fn survives(
        &self,
        before: &BTreeMap<String, Vec<u8>>,
        work: impl Fn(&str) -> Result<(), Error>,
    ) -> BTreeMap<String, Vec<u8>> {
        self.copy(before, "sound");
        work("sound").unwrap();
        let after = self.files("sound");
        assert_ne!(*before, after);
        for step in 0.. {
            self.copy(before, "faulty");
            let (errno, failing) = if step % 2 == 0 { (ENOSPC, usize::MAX) } else { (EIO, 1) };
            let fault = Fault { after: step, failing, errno };
            let (done, n_steps) = faults::during(fault, || work("faulty"));
            let found = self.files("faulty");
            assert!(found == *before && done.is_err() || found == after, "{fault:?}: {done:?}");
            if let Err(error) = done {
                assert!(error.to_string().contains("faulty"), "{fault:?}: {error}");
            }
            if n_steps <= step {
                assert!(step > 20, "{step} steps are not all there are");
                break;
            }
        }
        after
    }
}

#[test]
fn a_disk_that_fails_leaves_the_run_before_or_the_run_after() {
    let bench = Bench::new();
    bench.embed(ROLES, "run").unwrap();
    bench.discover("run").unwrap();
    let clustered = bench.files("run");
    let more = format!("{ROLES}{ONE_MORE}");
    let embedded = bench.survives(&clustered, |out| bench.embed(&more, out));
    bench.survives(&embedded, |out| bench.discover(out));
}
