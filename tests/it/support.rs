//! What several tests need: a folder of their own, and the program run in it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use rolecluster::embeddings::{Embeddings, ModelFingerprint};
use rolecluster::geometry::Matrix;
use rolecluster::role::Corpus;
use rolecluster::store::{RunWriter, StoredRoles};

/// A model of a few kilobytes with random weights: right shapes, quick, no sense.
pub fn tiny_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/tiny-bert")
}

/// The sample that comes with the program.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/roles.jsonl")
}

/// What a model that gives two numbers a role would be known by; there is none.
pub fn two_numbers() -> ModelFingerprint {
    ModelFingerprint {
        name: "tiny".into(),
        revision: "local".into(),
        digest: "0123456789abcdef".into(),
        dimension: 2,
        dtype: "f32".into(),
        prompt: String::new(),
    }
}

/// Writes a run folder with `corpus`, all its vectors the same, and gives what was written.
pub fn embedded_run(folder: &Path, corpus: Corpus) -> (StoredRoles, Embeddings) {
    let n = corpus.len();
    let ids = corpus.roles().iter().map(|role| role.id.clone()).collect();
    let vectors = Matrix::new(n, 2, [0.6, 0.8].repeat(n)).unwrap();
    let embeddings = Embeddings::new(ids, vectors, two_numbers()).unwrap();
    let texts = corpus.roles().iter().map(|role| role.text().into()).collect();
    let roles = StoredRoles { corpus, texts, representative: (0..n).collect() };
    let mut run = RunWriter::open(folder).unwrap();
    run.write_embedded(&roles, &embeddings).unwrap();
    run.commit().unwrap();
    (roles, embeddings)
}

/// A temporary folder the program runs in, deleted at the end of the test.
pub struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    /// An empty one.
    pub fn new() -> Self {
        Workspace { folder: tempfile::tempdir().unwrap() }
    }

    /// One with a finished run of [`postings`] in `jobs`.
    pub fn with_run() -> Self {
        let workspace = Workspace::new();
        workspace.write("postings.jsonl", postings(8));
        workspace.done(&["run", "postings.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"]);
        workspace
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        let path = self.folder.path().join(name);
        std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// The program with these arguments, in this folder, with the tiny model and none of the
    /// settings of whoever runs the tests.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("rolecluster").unwrap();
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("ROLECLUSTER_") || text.starts_with("HF_") {
                command.env_remove(&name);
            }
        }
        command
            .env("ROLECLUSTER_MODEL", tiny_model())
            .env("ROLECLUSTER_DEVICE", "cpu")
            .env("HF_HUB_OFFLINE", "1")
            .env("HF_HOME", self.path().join("hf"))
            .current_dir(self.path())
            .args(args);
        command
    }

    /// Runs the program and returns all it said, in one text for a snapshot.
    pub fn said(&self, args: &[&str]) -> String {
        self.transcript(&mut self.command(args))
    }

    /// Runs `command` and returns all it said.
    pub fn transcript(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let mut text = String::new();
        match output.status.code() {
            Some(code) => writeln!(text, "exit code {code}").unwrap(),
            None => writeln!(text, "ended by a signal").unwrap(),
        }
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let said = String::from_utf8_lossy(bytes);
            if !said.is_empty() {
                write!(text, "--- {name}\n{}", self.filtered(&said)).unwrap();
            }
        }
        text
    }

    /// Runs the program, expects success, and returns its stdout.
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {}\n{stderr}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the program and returns its exit code and stderr.
    pub fn failed(&self, args: &[&str]) -> (i32, String) {
        let output = self.command(args).output().unwrap();
        let stderr = self.filtered(&String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap_or(-1), stderr)
    }

    /// Paths that differ from run to run, replaced.
    fn filtered(&self, text: &str) -> String {
        let here = self.path().display().to_string();
        let canonical = self.path().canonicalize().unwrap().display().to_string();
        text.replace(&tiny_model().display().to_string(), "[MODEL]")
            .replace(&canonical, "[HERE]")
            .replace(&here, "[HERE]")
    }
}

/// `text` with whatever matches `pattern` replaced: figures that differ between machines.
pub fn masked(text: &str, pattern: &str, mask: &str) -> String {
    regex::Regex::new(pattern).unwrap().replace_all(text, mask).into_owned()
}

/// Three plain kinds of postings, `n` of each, as JSON Lines: far apart even for a model
/// that understands nothing.
pub fn postings(n: usize) -> String {
    let kinds = [
        ("storage", "Storage engineer", "Runs Ceph clusters and tunes disks", "Ceph"),
        ("web", "网页前端开发", "负责页面交互与组件库建设", "React"),
        ("data", "Data analyst", "Writes SQL reports for the sales people every week", "SQL"),
    ];
    let places = ["Berlin", "Hamburg", "Munich", "Cologne", "Leipzig", "Bremen", "Jena", "Trier"];
    let mut text = String::new();
    for i in 0..n {
        for (section, title, description, technology) in kinds {
            let place = places[i % places.len()];
            let role = serde_json::json!({
                "id": format!("{section}-{i}"),
                "section": section,
                "title": format!("{title} {place}"),
                "description": format!("{description} {place} {i}"),
                "stack": [technology],
            });
            writeln!(text, "{role}").unwrap();
        }
    }
    text
}
