"""How often each piece of the tokenizer stands in the texts that the encoder learns from.

    python pieces.py --base base --jobs jobs --pairs pairs.tsv.zst --out work/pieces.npy

`bundle.py --piece-counts` cuts the vocabulary by it: a piece's score says how often it stood in the
web pages that the base has read, where the words of occupations are rare.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from data import GLOSSARY, rows


def texts_of_table(path, column):
    """The different texts of a column; titles also as they stand in headings."""
    texts = sorted({row[column] for row in rows(path) if row.get(column)})
    yield from texts
    if column == "title":
        for text in texts:
            yield text.title()
            yield text[:1].upper() + text[1:]


def texts(jobs, pairs):
    for name, column in (("titles", "title"), ("descriptions", "text"), ("skills", "label")):
        yield from texts_of_table(jobs / f"{name}.tsv", column)
    for path in sorted(GLOSSARY.glob("*.tsv")):
        yield from path.read_text(encoding="utf-8").replace("\t", "\n").replace("|", "\n").split("\n")
    stream = subprocess.Popen(["zstd", "-dc", "--long=27", str(pairs)], stdout=subprocess.PIPE)
    for line in stream.stdout:
        yield from line.decode("utf-8").split("\t")[:2]


def batches(stream, size=5000):
    batch = []
    for text in stream:
        batch.append(text)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--jobs", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    tokenizer.no_padding(), tokenizer.no_truncation()
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for batch in batches(texts(options.jobs, options.pairs)):
        for encoded in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            np.add.at(counts, encoded.ids, 1)
    np.save(options.out, counts)
    print(f"{(counts > 0).sum()} of {len(counts)} pieces are used")


if __name__ == "__main__":
    main()
