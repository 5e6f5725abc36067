//! Every fault ends in a clear error or a counted skip, and a rerun heals.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Workspace, masked, postings, tiny_model};

const PARTS: &[&str] = &[
    "manifest.json",
    "roles.parquet",
    "vectors.parquet",
    "intake.json",
    "clustering.json",
    "clusters.json",
    "report.json",
];

/// Commands that between them read every part.
fn read_everything(workspace: &Workspace) -> Vec<(i32, String)> {
    let commands: [&[&str]; 3] = [
        &["cluster", "jobs", "-k", "3"],
        &["export", "jobs", "--format", "json", "--neighbors", "1"],
        &["evaluate", "jobs"],
    ];
    commands.iter().map(|args| workspace.failed(args)).collect()
}

#[test]
fn a_truncated_flipped_or_missing_part_names_itself_and_a_rerun_heals() {
    let run = ["run", "postings.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"];
    for part in PARTS {
        let workspace = Workspace::with_run();
        let name = format!("jobs/{part}");
        let sound = workspace.read(&name);
        let mut flipped = sound.clone();
        flipped[sound.len() / 2] ^= 0x04;
        let damages: &[&[u8]] = match *part {
            "manifest.json" => &[&sound[..sound.len() / 2], &flipped, &[]],
            _ => &[&flipped],
        };
        for damage in damages {
            workspace.write(&name, damage);
            let said = read_everything(&workspace);
            let named = said.iter().any(|(code, stderr)| *code == 6 && stderr.contains(part));
            // `cluster` writes clustering and report anew, which heals them.
            let healed = said.iter().all(|(code, _)| *code == 0);
            assert!(named || healed, "{part}: {said:?}");
            assert!(said.iter().all(|(_, stderr)| !stderr.contains("panicked")), "{said:?}");
            workspace.done(&run);
            assert!(workspace.read(&name) == sound, "{part} is not healed by a rerun");
        }
    }
}

#[test]
fn a_damaged_part_is_told_from_a_missing_run() {
    let workspace = Workspace::with_run();
    let vectors = workspace.read("jobs/vectors.parquet");
    workspace.write("jobs/vectors.parquet", &vectors[..100]);
    let said = workspace.said(&["search", "jobs", "Ceph"]);
    insta::assert_snapshot!(masked(&said, "[0-9a-f]{16}", "[CHECKSUM]"), @r"
    exit code 6
    --- stderr
    error: jobs/vectors.parquet is damaged: its checksum is [CHECKSUM], the manifest says [CHECKSUM] (a write was interrupted, or the file was changed); run the command that made it again (vectors in the cache are not computed twice)
    ");
}

#[test]
fn a_run_of_a_newer_program_is_not_touched() {
    let workspace = Workspace::with_run();
    let manifest = String::from_utf8(workspace.read("jobs/manifest.json")).unwrap();
    let newer = manifest.replace("\"format_version\": 2", "\"format_version\": 99");
    workspace.write("jobs/manifest.json", &newer);
    let said = workspace.said(&["run", "postings.jsonl", "--out", "jobs"]);
    assert!(said.starts_with("exit code 6\n"), "{said}");
    assert!(said.contains("format version 99"), "{said}");
    assert_eq!(workspace.read("jobs/manifest.json"), newer.as_bytes());
}

#[test]
fn two_writers_on_one_folder() {
    let workspace = Workspace::with_run();
    let lock = fs::File::open(workspace.path().join("jobs/.lock")).unwrap();
    lock.lock().unwrap();
    insta::assert_snapshot!(workspace.said(&["cluster", "jobs", "-k", "2"]), @r"
    exit code 7
    --- stderr
    error: jobs is being written by another rolecluster; wait for it to end
    ");
    workspace.done(&["search", "jobs", "Ceph"]);
    drop(lock);
    workspace.done(&["cluster", "jobs", "-k", "2"]);
}

#[test]
fn a_damaged_cache_is_computed_again() {
    let workspace = Workspace::with_run();
    let cache = fs::read_dir(workspace.path().join("jobs/cache")).unwrap().next().unwrap();
    let path = cache.unwrap().path();
    let sound = fs::read(&path).unwrap();
    let vectors = workspace.read("jobs/vectors.parquet");
    for damaged in [sound[..sound.len() - 5].to_vec(), b"nonsense".to_vec(), vec![0xff; 4096]] {
        fs::write(&path, damaged).unwrap();
        workspace.done(&["embed", "postings.jsonl", "--out", "jobs"]);
        assert!(workspace.read("jobs/vectors.parquet") == vectors);
    }
}

#[test]
fn inputs_that_hold_nothing() {
    let workspace = Workspace::new();
    workspace.write("empty.jsonl", "");
    workspace.write("blank.csv", "title,description\n\n\n");
    workspace.write("prose.md", "Just a few words.\n");
    for input in ["empty.jsonl", "blank.csv", "prose.md", "gone.jsonl", "."] {
        let (code, stderr) = workspace.failed(&["run", input, "--out", "jobs"]);
        assert_eq!(code, 4, "{input}: {stderr}");
        assert!(stderr.starts_with("error: ") || stderr.contains("\nerror: "), "{stderr}");
    }
    assert!(!workspace.path().join("jobs").exists(), "no folder for a run that never was");
}

#[test]
fn bytes_of_every_kind() {
    let workspace = Workspace::new();
    let mut text = postings(4).into_bytes();
    text.extend_from_slice(
        b"{\"title\": \"nul \\u0000 and lone \\ud800\", \"description\": \"x\"}\n",
    );
    text.extend_from_slice(b"{\"title\": \"bytes \xff\xfe\", \"description\": \"broken utf-8\"}\n");
    text.extend_from_slice(&[0; 64]);
    text.extend_from_slice(b"\n");
    let long = "word ".repeat(60_000);
    text.extend_from_slice(
        serde_json::json!({"title": "long", "description": long}).to_string().as_bytes(),
    );
    workspace.write("odd.jsonl", text);
    let (code, stderr) = workspace.failed(&["run", "odd.jsonl", "--out", "jobs", "-k", "3"]);
    assert!(code == 0 || code == 3, "{code}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(stderr.contains("odd.jsonl: some bytes are no "), "{stderr}");
    let kept = workspace.done(&["export", "jobs", "--format", "csv"]);
    assert!(kept.contains(",long,"), "{kept}");
    workspace.done(&["search", "jobs", "word"]);
}

#[test]
fn a_file_where_the_run_folder_should_be() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(2));
    workspace.write("jobs", "a file");
    let (code, stderr) = workspace.failed(&["run", "a.jsonl", "--out", "jobs"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(stderr, @r"
    error: cannot read jobs/corrections.toml: Not a directory (os error 20)
    hint: a file stands where a folder is wanted; choose another folder
    ");
}

#[test]
fn a_read_only_folder() {
    let workspace = Workspace::with_run();
    let folder = workspace.path().join("jobs");
    set_writable(workspace.path(), true);
    set_writable(&folder, false);
    // Permissions do not bind root: then the user `nobody` must try, with a copy of the program
    // in a folder that anyone may enter.
    let is_root = fs::write(folder.join("probe"), "").is_ok();
    let program = match is_root {
        true => workspace.path().join("rolecluster"),
        false => env!("CARGO_BIN_EXE_rolecluster").into(),
    };
    if is_root {
        fs::copy(env!("CARGO_BIN_EXE_rolecluster"), &program).unwrap();
    }
    let run = |args: &[&str]| {
        let mut command = Command::new(&program);
        command.args(args).current_dir(workspace.path());
        if is_root {
            std::os::unix::process::CommandExt::uid(&mut command, 65534);
        }
        command.output().unwrap()
    };
    let cluster = run(&["cluster", "jobs", "-k", "2"]);
    let export = run(&["export", "jobs", "--format", "csv"]);
    set_writable(&folder, true);
    let stderr = String::from_utf8_lossy(&cluster.stderr);
    assert_eq!(cluster.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("jobs/"), "{stderr}");
    assert!(stderr.contains("hint: check the permissions"), "{stderr}");
    assert!(export.status.success(), "a run that may not be written can still be read");
}

fn set_writable(folder: &Path, writable: bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = if writable { 0o755 } else { 0o555 };
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
#[ignore = "mounts a file system of 64 KiB, which takes root; .ci/run runs it where it may"]
fn a_full_disk() {
    let workspace = Workspace::new();
    let disk = workspace.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&disk);
    assert!(mount.status().unwrap().success(), "cannot mount a small file system");
    workspace.write("many.jsonl", postings(400));
    let (code, stderr) = workspace.failed(&["embed", "many.jsonl", "--out", "disk/jobs"]);
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("disk/jobs"), "{stderr}");
    assert!(stderr.contains("hint: free some space"), "{stderr}");
}

/// A copy of the tiny model with one file of it replaced.
fn damaged_model(workspace: &Workspace, file: &str, content: &[u8]) {
    let folder = workspace.path().join("model");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json", "modules.json"]
        .iter()
        .chain(&["sentence_bert_config.json", "1_Pooling/config.json", "model.safetensors"])
    {
        fs::copy(tiny_model().join(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join(file), content).unwrap();
}

#[test]
fn a_damaged_model_or_tokenizer_is_named() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(1));
    for file in ["model.safetensors", "tokenizer.json", "config.json", "modules.json"] {
        let sound = fs::read(tiny_model().join(file)).unwrap();
        let half = &sound[..sound.len() / 2];
        for damage in [&[][..], half, &sound[..7], &[0xff; 64], b"{}", b"[]", b"null", b"{\"a\":"] {
            damaged_model(&workspace, file, damage);
            let args = ["embed", "a.jsonl", "--out", "jobs", "--model", "model"];
            let (code, stderr) = workspace.failed(&args);
            let what = String::from_utf8_lossy(&damage[..damage.len().min(9)]);
            assert_eq!(code, 5, "{file} {what:?}: {stderr}");
            assert!(stderr.contains(file) && !stderr.contains("panicked"), "{file}: {stderr}");
        }
    }
}

#[test]
fn flipped_bits_of_a_model_never_end_in_a_panic() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(1));
    for file in ["model.safetensors", "tokenizer.json"] {
        let sound = fs::read(tiny_model().join(file)).unwrap();
        for place in 0..12 {
            let mut flipped = sound.clone();
            // The beginning, which says what follows, and a few places all over.
            let at = if place < 6 { place * 40 + 3 } else { place * (sound.len() / 12) };
            flipped[at] ^= 1 << (place % 8);
            damaged_model(&workspace, file, &flipped);
            let args = ["embed", "a.jsonl", "--out", "jobs", "--model", "model"];
            let (code, stderr) = workspace.failed(&args);
            assert!([0, 5, 6].contains(&code), "{file} {at}: {code} {stderr}");
            assert!(!stderr.contains("panicked"), "{file} {at}: {stderr}");
        }
    }
    // Weights that are no numbers.
    let mut weights = fs::read(tiny_model().join("model.safetensors")).unwrap();
    let header = u64::from_le_bytes(weights[..8].try_into().unwrap()) as usize;
    weights[8 + header..].fill(0xff);
    damaged_model(&workspace, "model.safetensors", &weights);
    let args = ["embed", "a.jsonl", "--out", "new", "--model", "model"];
    let (code, stderr) = workspace.failed(&args);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("finite") || stderr.contains("NaN"), "{stderr}");
}

#[test]
fn the_clock_decides_nothing() {
    let workspace = Workspace::with_run();
    let before = workspace.read("jobs/report.json");
    let jobs = workspace.path().join("jobs");
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    for time in [std::time::SystemTime::UNIX_EPOCH + day, std::time::SystemTime::now() + 9999 * day]
    {
        for entry in fs::read_dir(&jobs).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
            }
        }
        workspace.done(&["search", "jobs", "Ceph"]);
        workspace.done(&["run", "postings.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"]);
        assert!(workspace.read("jobs/report.json") == before);
    }
}

#[test]
fn lines_in_two_encodings() {
    let workspace = Workspace::new();
    let mut bytes = postings(20).into_bytes();
    // 运维 in GB18030 among UTF-8.
    bytes.extend_from_slice(b"{\"title\": \"\xd4\xcb\xce\xac SRE engineer for the platform\"}\n");
    bytes.extend_from_slice(b"{\"title\": \"\xd4\xcb\xce\xac\"}\n");
    workspace.write("two.jsonl", bytes);
    let (code, stderr) = workspace.failed(&["embed", "two.jsonl", "--out", "jobs"]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("two.jsonl: some bytes are no UTF-8"), "{stderr}");
    let kept = workspace.done(&["search", "jobs", "SRE platform", "--mode", "lexical"]);
    assert!(kept.contains("SRE engineer for the platform"), "{kept}");
    assert!(workspace.done(&["search", "jobs", "Ceph"]).contains("Storage engineer"));
}
