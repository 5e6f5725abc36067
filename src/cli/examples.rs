//! Examples shown below `--help`, one block per command.

pub const OVERVIEW: &str = "\
Get started:
  rolecluster run postings.jsonl --out jobs
  rolecluster search jobs \"GPU cluster scheduling with Volcano\"

Exit codes:
  0  done
  1  failed otherwise (full disk, ...)
  2  wrong command line or settings file
  3  done, but records were skipped
  4  an input cannot be read or holds no role
  5  model or device not available
  6  run folder missing, damaged or of another model
  7  run folder in use by another process

Options with an environment variable can also be set in ./rolecluster.toml, under their long name.
A flag takes precedence over the environment, the environment over the file.";

pub const RUN: &str = "\
Examples:
  rolecluster run digest.md --out jobs
  rolecluster run a.jsonl b.csv --out jobs --algorithm hdbscan
  cat postings.jsonl | rolecluster run - --out jobs -k 12
  rolecluster run jobs.csv --out jobs --title-column post --text-column duties
  rolecluster run more.jsonl --out jobs --add
  rolecluster run digest.md --out jobs --model intfloat/multilingual-e5-small";

pub const EMBED: &str = "\
Examples:
  rolecluster embed postings.parquet --out jobs
  rolecluster embed postings.parquet --out jobs --model ./e5-small --prompt-name passage
  rolecluster embed postings.parquet --out jobs --device cuda --dtype bf16
  rolecluster embed postings.parquet --out jobs --index hnsw
  rolecluster embed postings.parquet --shard 2/8 --out jobs.2";

pub const WORKER: &str = "\
Examples:
  rolecluster worker --task embed < postings.arrows > vectors.arrows
  rolecluster worker --task clean --keep url < postings.arrows > cleaned.arrows
  rolecluster worker --task assign --run jobs < postings.arrows > places.arrows
  rolecluster worker --task search --run jobs -k 5 < queries.arrows > found.arrows

Both are Arrow IPC streams. For every row there is one of answers, in the same order, with the id and,
where there is no answer, the reason. The answer to a row does not depend on the other rows. Columns
are told by their names alone; the options below name those that are called otherwise. Progress goes
to stderr as a line of JSON a second. Exit code 0 says that every row was answered, by a reason or
otherwise; 4 that the stream broke off or has no column that can be used; 1 that the answers were
not taken.";

pub const CLUSTER: &str = "\
Examples:
  rolecluster cluster jobs
  rolecluster cluster jobs -k 12 --seed 7
  rolecluster cluster jobs --directions scheme.txt
  rolecluster cluster jobs --algorithm hdbscan --min-cluster-size 4";

pub const RENAME: &str = "\
Examples:
  rolecluster rename jobs 3 \"Platform engineering\"
  rolecluster rename jobs 1 \"Infrastructure\" --direction

The name stays with the roles, not with the number: it is kept in jobs/corrections.toml, with roles
by which `run`, `cluster` and `assign` find the specialisation again. Delete the entry there and run
`rolecluster correct jobs` to undo it.";

pub const MERGE: &str = "\
Examples:
  rolecluster merge jobs 3 7
  rolecluster merge jobs 3 7 12 --name \"Networks\"
  rolecluster merge jobs.1 jobs.2 jobs.3 --out jobs

Merged specialisations are kept in jobs/corrections.toml; delete the entry and run
`rolecluster correct jobs` to undo it.";

pub const MOVE: &str = "\
Examples:
  rolecluster move jobs 1.4 --to 3
  rolecluster move jobs 1.4 2.10 --to 3

A role takes those that repeat it along. Kept in jobs/corrections.toml; delete the entry and run
`rolecluster correct jobs` to undo it.";

pub const SPLIT: &str = "\
Examples:
  rolecluster split jobs 1.4 2.10 8.2
  rolecluster split jobs 1.4 2.10 8.2 --name \"DNS\"

Kept in jobs/corrections.toml; delete the entry and run `rolecluster correct jobs` to undo it.";

pub const PIN: &str = "\
Example:
  rolecluster pin jobs 1.4 2.10 8.2 --name \"DNS\"

Unlike split, the specialisation that has most of these roles keeps its others too. Kept in
jobs/corrections.toml; delete the entry and run `rolecluster correct jobs` to undo it.";

pub const CORRECT: &str = "\
Example:
  rolecluster correct jobs

For after editing jobs/corrections.toml by hand; `rename`, `merge`, `move`, `split` and `pin` do it
by themselves.";

pub const SEARCH: &str = "\
Examples:
  rolecluster search jobs \"存储系统研发，熟悉 Ceph\"
  rolecluster search jobs --like 1.4 -k 5
  rolecluster search jobs \"K8s Volcano\" --filter language=zh --not \"internship\" --explain
  rolecluster search jobs \"on-call SRE for Kubernetes\" --json
  rolecluster search jobs --json < queries.txt";

pub const SERVE: &str = "\
Examples:
  rolecluster serve jobs
  rolecluster serve jobs --port 0
  rolecluster serve jobs --listen 192.168.1.5:7717   # and ROLECLUSTER_TOKEN in the environment

The folder is loaded once; start it again after `rolecluster run` or `rolecluster cluster` on the
same folder.";

pub const MCP: &str = "\
Example:
  rolecluster mcp /home/me/jobs

An assistant starts it and talks to it; most are told by an entry like this in their settings:
  {\"mcpServers\": {\"jobs\": {\"command\": \"rolecluster\", \"args\": [\"mcp\", \"/home/me/jobs\"]}}}

Nothing is written, and nothing is sent over the network. The folder is loaded once.";

pub const ASSIGN: &str = "\
Examples:
  rolecluster assign jobs new.jsonl
  echo '{\"title\": \"SRE\", \"description\": \"...\"}' | rolecluster assign jobs - --json";

pub const EXPORT: &str = "\
Examples:
  rolecluster export jobs --format csv --bom --id-prefix r --out jobs.csv
  rolecluster export jobs --format xlsx --out jobs.xlsx
  rolecluster export jobs --format json --neighbors 5
  rolecluster export jobs --format csv --codes esco
  rolecluster export jobs --format jsonl | head
  rolecluster export jobs --format markdown --out digest.md
  rolecluster export jobs --format png --out map.png";

pub const TABLE: &str = "\
Examples:
  rolecluster table jobs --rows technology --columns city
  rolecluster table jobs --rows specialisation --by month --values share
  rolecluster table jobs --rows seniority --columns education --values pay --currency CNY
  rolecluster table jobs --rows technology --values change --by quarter
  rolecluster table jobs --values together --csv
  rolecluster table jobs --rows specialisation --columns isco2
  rolecluster table jobs --values found";

pub const COMPARE: &str = "\
Examples:
  rolecluster compare jobs-2025 jobs-2026
  rolecluster compare jobs-berlin jobs-munich --json
  rolecluster compare jobs-2025 jobs-2026 --format html --out comparison.html";

pub const EVALUATE: &str = "\
Examples:
  rolecluster evaluate jobs
  rolecluster evaluate jobs --labels category --json
  rolecluster evaluate jobs --pairs pair";

pub const DOCTOR: &str = "\
Examples:
  rolecluster doctor
  rolecluster doctor --device cuda
  rolecluster doctor --device cuda --speed
  rolecluster doctor --model BAAI/bge-m3 --json";

pub const COMPLETIONS: &str = "\
Examples:
  rolecluster completions bash > ~/.local/share/bash-completion/completions/rolecluster
  rolecluster completions zsh > \"${fpath[1]}/_rolecluster\"
  rolecluster completions fish > ~/.config/fish/completions/rolecluster.fish";

pub const MANUAL: &str = "\
Example:
  rolecluster manual > ~/.local/share/man/man1/rolecluster.1";
