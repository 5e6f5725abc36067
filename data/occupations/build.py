"""Makes the table of standard occupations: `labels.tsv`, `spoken.tsv` and, by the product's own encoder, `vectors.bin`.

    python build.py JOBS [--labels-only] [--profile dev]

JOBS is the folder of `titles.tsv` and `crosswalk.tsv`, or `none` to make the vectors anew and leave the labels as they
are, which is all that a new bundled model takes. README.md says what the files hold and where the labels come from.
"""

import argparse
import csv
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
GLOSSARY = HERE.parent.parent / "models/train/glossary"
LANGUAGES = ["en", "zh", "de", "fr", "es", "pt", "nl", "it", "pl", "ru", "sv", "fi", "ar", "ja", "ko"]
# A title with one of these says how far somebody has come, not what the work is.
LEVELS = re.compile(r"\b(senior|junior|lead|chief|principal|staff|intern|trainee|graduate|vice|head|deputy)\b", re.I)

# The same occupation by its name in ESCO and in our glossary.
SAME = {"nurse responsible for general care": "registered nurse"}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def esco(jobs):
    """Preferred labels by concept and language; the first of several forms, which is the masculine or the neutral one."""
    labels, isco = {}, {}
    for row in rows(jobs / "titles.tsv"):
        ours = row["concept_id"].startswith("esco:") and row["licence_class"] == "A"
        if ours and row["kind"] == "preferred" and row["lang"] in LANGUAGES:
            labels.setdefault(row["concept_id"], {}).setdefault(row["lang"], row["title"])
    for row in rows(jobs / "crosswalk.tsv"):
        if row["concept_a"].startswith("esco:") and row["concept_b"].startswith("isco:"):
            isco[row["concept_a"]] = row["concept_b"].removeprefix("isco:")
    ours = {row["en"]: row for path in sorted(GLOSSARY.glob("esco_*.tsv")) for row in rows(path)}
    for known in labels.values():
        for language, label in ours.get(known.get("en"), {}).items():
            if language in LANGUAGES and label:
                known.setdefault(language, label.split("|")[0])
    return labels, isco


def own():
    """Occupations of our own glossary, such as those of IT that ESCO does not know."""
    labels = {}
    for path in sorted(GLOSSARY.glob("occupations_?.tsv")):
        for row in rows(path):
            if not LEVELS.search(row["en"]):
                code = "own:" + re.sub("[^a-z0-9]+", "-", row["en"].lower()).strip("-")
                labels[code] = {language: row[language] for language in LANGUAGES if row.get(language)}
    return labels


def write_spoken():
    """What people call occupations whose official labels are missing or nobody's words (`Lehrkraft im Primarbereich`)."""
    labels = list(rows(HERE / "labels.tsv"))
    columns = ["de", "fr", "es", "pt", "pl", "ru", "ja", "ko"]
    glossary = {row["en"]: row for path in sorted(GLOSSARY.glob("occupations_?.tsv")) for row in rows(path)}
    with open(HERE / "spoken.tsv", "w", encoding="utf-8", newline="\n") as file:
        print("code", *columns, sep="\t", file=file)
        for row in labels:
            known = glossary.get(SAME.get(row["en"], row["en"]), {}) if row["isco"] else {}
            cells = [" ".join((known.get(language) or "").split()) for language in columns]
            if any(cells):
                print(row["code"], *cells, sep="\t", file=file)


def write_groups(jobs):
    """The titles of the groups above the occupations of `labels.tsv`; what was added by hand stays."""
    languages = ["en", "de", "fr", "es", "nl", "sv", "fi", "zh"]
    path = HERE / "isco.tsv"
    kept = {row["code"]: row for row in rows(path)} if path.exists() else {}
    titles = {}
    for row in rows(jobs / "titles.tsv"):
        if row["concept_id"].startswith("isco:") and row["kind"] == "preferred" and row["licence_class"] == "A":
            code = row["concept_id"].removeprefix("isco:")
            titles.setdefault(code, {}).setdefault(row["lang"], row["title"].strip())
    units = {row["isco"] for row in rows(HERE / "labels.tsv") if row["isco"]}
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        print("code", *languages, sep="\t", file=file)
        for code in sorted({unit[:digits] for unit in units for digits in range(1, 5)}):
            known, before = titles.get(code, {}), kept.get(code, {})
            print(code, *(known.get(lang) or before.get(lang, "") for lang in languages), sep="\t", file=file)


def write_labels(jobs):
    labels, isco = esco(jobs)
    # Written by hand where the sources have no English label, and for occupations kept out of training.
    for row in rows(HERE / "titles.tsv"):
        known = labels.setdefault(row["id"], {})
        known.update({"en": row["en"], "zh": row["zh"]})
        for language in LANGUAGES:
            known.setdefault(language, row.get(language) or "")
        isco[row["id"]] = row["isco"] or isco.get(row["id"], "")
    labels = {code: known for code, known in labels.items() if known.get("en") and isco.get(code)}
    english = {known["en"] for known in labels.values()}
    labels |= {code: known for code, known in own().items() if known["en"] not in english}
    with open(HERE / "labels.tsv", "w", encoding="utf-8", newline="\n") as file:
        print("code", "isco", *LANGUAGES, sep="\t", file=file)
        for code, known in sorted(labels.items()):
            cells = [" ".join(known.get(language, "").split()) for language in LANGUAGES]
            print(code, isco.get(code, ""), *cells, sep="\t", file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", metavar="JOBS")
    parser.add_argument("--labels-only", action="store_true")
    parser.add_argument("--profile", default="release", help="cargo profile to build the encoder with")
    options = parser.parse_args()
    if options.jobs != "none":
        write_labels(Path(options.jobs))
        write_groups(Path(options.jobs))
    write_spoken()
    if not options.labels_only:
        command = ["cargo", "run", "--profile", options.profile, "--locked", "--example", "occupation_vectors"]
        subprocess.run(command, check=True, cwd=HERE.parent.parent)


main()
