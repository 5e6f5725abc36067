"""Writes a trained encoder in the layout of `models/bundled`, which the program reads in place.

    python bundle.py FOLDER OUT [--keep-pieces N] [--piece-counts FILE] [--layers-bits 8] [--max-tokens N]

FOLDER is a model in Hub layout: `config.json`, `tokenizer.json` (a Unigram model) and
`model.safetensors` (a BERT, `f32`, `f16` or `bf16`). Word rows that are in 4-bit blocks already
(`words.safetensors` in FOLDER) are copied bit by bit; otherwise the rows of `model.safetensors` are
rounded. README.md describes what is written.

`--keep-pieces N` keeps every piece of a single character, so that no script becomes unknown, then
the pieces that `--piece-counts` (from pieces.py) has seen in texts, then those of the highest score,
N in all. Without counts the score alone decides, which cuts long words of languages that write
compounds as one.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

FORMAT = "rolecluster-bundle-1"
WORDS = "embeddings.word_embeddings.weight"
DENSE = "2_Dense/model.safetensors"
BLOCK = 32
# Free places in the hash table, as a share of the pieces.
SPARE = 1.25
FNV_OFFSET, FNV_PRIME, MIX = 0xCBF29CE484222325, 0x100000001B3, 0x9E3779B97F4A7C15
EMPTY = 0xFFFFFFFF


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--keep-pieces", type=int, help="cut the vocabulary to about this many pieces")
    parser.add_argument("--piece-counts", type=Path, help="how often each piece stands in texts (pieces.py)")
    parser.add_argument("--layers-bits", type=int, default=8, choices=[8, 32], help="8: int8 rows; 32: f32")
    parser.add_argument("--max-tokens", type=int, help="tokens of a window; without it, what FOLDER says")
    return parser.parse_args()


def read_tensors(path):
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}


def kept_pieces(vocabulary, special, wanted, counts):
    """Ids to keep, in order of id."""
    if wanted is None or wanted >= len(vocabulary):
        return list(range(len(vocabulary)))
    forced = {i for i, (piece, _) in enumerate(vocabulary) if i in special or len(piece) == 1}
    worth = lambda i: (counts is None or counts[i] == 0, -vocabulary[i][1], i)
    by_worth = sorted((i for i in range(len(vocabulary)) if i not in forced), key=worth)
    return sorted(forced | set(by_worth[: max(0, wanted - len(forced))]))


def hashes(pieces):
    """FNV-1a of every piece, 64 bits, mixed: what `unigram.rs` computes byte by byte."""
    lengths = np.array([len(p) for p in pieces])
    table = np.zeros((len(pieces), max(1, lengths.max())), np.uint8)
    for row, piece in zip(table, pieces):
        row[: len(piece)] = np.frombuffer(piece, np.uint8)
    found = np.full(len(pieces), FNV_OFFSET, np.uint64)
    for place in range(table.shape[1]):
        here = lengths > place
        found[here] = (found[here] ^ table[here, place].astype(np.uint64)) * np.uint64(FNV_PRIME)
    return (found ^ (found >> np.uint64(32))) * np.uint64(MIX)


def hash_table(pieces):
    """Open addressing with linear probing. A slot holds a tag (high bits) and an id (low bits)."""
    id_bits = len(pieces).bit_length()
    n_slots = max(1, int(len(pieces) * SPARE) + 1)
    slots = np.full(n_slots, EMPTY, np.uint32)
    tag_bits = 32 - id_bits
    for piece_id, value in enumerate(hashes(pieces).tolist()):
        slot = (value >> 32) * n_slots >> 32
        while slots[slot] != EMPTY:
            slot = (slot + 1) % n_slots
        slots[slot] = (value & ((1 << tag_bits) - 1)) << id_bits | piece_id
    return slots


def tokenizer_tensors(tokenizer, kept):
    vocabulary = [tokenizer["model"]["vocab"][i] for i in kept]
    pieces = [piece.encode() for piece, _ in vocabulary]
    if len(set(pieces)) < len(pieces):
        raise SystemExit("tokenizer.json holds a piece twice")
    scores = np.array([score for _, score in vocabulary], np.float32)
    rounded = sum(float(a) != b for a, (_, b) in zip(scores, vocabulary))
    if rounded:
        print(f"{rounded} scores are no f32 and were rounded")
    return {
        "tokenizer.pieces": np.frombuffer(b"".join(pieces), np.uint8),
        "tokenizer.offsets": np.cumsum([0] + [len(p) for p in pieces]).astype(np.uint32),
        "tokenizer.scores": scores,
        "tokenizer.slots": hash_table(pieces),
    }


def renumbered(tokenizer, kept):
    """tokenizer.json around the pieces: the leading special pieces only, every id a new one."""
    new = {old: at for at, old in enumerate(kept)}
    model = tokenizer["model"]
    added = [dict(token, id=new[token["id"]]) for token in tokenizer["added_tokens"] if token["id"] in new]
    special = {token["id"] for token in added}
    leading = 0
    while leading in special:
        leading += 1
    unknown = model.get("unk_id")
    if unknown is not None and new[unknown] >= leading:
        raise SystemExit("the unknown piece must be among the leading special pieces")
    if special - set(range(leading)):
        raise SystemExit("special tokens must be the first pieces")
    around = json.loads(json.dumps(tokenizer["post_processor"]))
    for token in around["special_tokens"].values():
        token["ids"] = [new[i] for i in token["ids"]]
    kept_model = dict(model, unk_id=None if unknown is None else new[unknown],
                      vocab=[model["vocab"][kept[i]] for i in range(leading)])
    return dict(tokenizer, added_tokens=added, post_processor=around, model=kept_model)


def four_bits(rows):
    """Blocks of 32 numbers as one f16 scale and 32 nibbles minus 8: the scale of least squared error."""
    values = rows.float().numpy().reshape(len(rows), -1, BLOCK)
    at = np.abs(values).argmax(axis=2)[..., None]
    signed = np.take_along_axis(values, at, axis=2)[..., 0]
    best_scale = np.zeros(signed.shape, np.float16)
    best_error = np.full(signed.shape, np.inf, np.float32)
    for step in [-8, -7, -6, -5, -4, -3, -2, -1, 7, 6, 5, 4, 3, 2, 1]:
        scale = (signed / step).astype(np.float16)
        wide = scale.astype(np.float32)[..., None]
        with np.errstate(divide="ignore", invalid="ignore"):
            level = np.nan_to_num(np.clip(np.round(values / wide), -8, 7), nan=0.0)
        error = ((values - level * wide) ** 2).sum(axis=2)
        better = error < best_error
        best_scale[better], best_error[better] = scale[better], error[better]
    wide = best_scale.astype(np.float32)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.nan_to_num(np.clip(np.round(values / wide), -8, 7), nan=0.0)
    nibbles = (level + 8).astype(np.uint8)
    packed = nibbles[..., : BLOCK // 2] | nibbles[..., BLOCK // 2 :] << 4
    return packed.reshape(len(rows), -1), best_scale


def word_table(folder, tensors, kept):
    path = folder / "words.safetensors"
    if path.is_file():
        words = read_tensors(path)
        nibbles, scales = words["nibbles"][kept].numpy(), words["scales"][kept].numpy()
    else:
        nibbles, scales = four_bits(tensors[WORDS][kept])
    return {WORDS: np.ascontiguousarray(nibbles), f"{WORDS}.scales": np.ascontiguousarray(scales)}


def layer_tensors(tensors, bits):
    """Everything but the word rows; linear layers as int8 rows with a scale each."""
    written = {}
    for name, tensor in tensors.items():
        if name == WORDS or name.startswith("pooler.") or "position_ids" in name:
            continue
        values = tensor.float().numpy()
        if bits == 8 and name.startswith("encoder.layer.") and values.ndim == 2:
            largest = np.abs(values).max(axis=1)
            scales = np.where(largest > 0, largest / np.float32(127), np.float32(1)).astype(np.float32)
            written[name] = np.round(values / scales[:, None]).astype(np.int8)
            written[f"{name}.scales"] = scales
        elif name == "embeddings.position_embeddings.weight" and bits == 8:
            written[name] = values.astype(np.float16)
        else:
            written[name] = np.ascontiguousarray(values)
    return written


def write_json(path, value, indent=2):
    path.parent.mkdir(parents=True, exist_ok=True)
    separators = (",", ":") if indent is None else None
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent, separators=separators) + "\n", encoding="utf-8")


def main():
    chosen = options()
    read = lambda name: json.loads((chosen.folder / name).read_text(encoding="utf-8"))
    config, tokenizer = read("config.json"), read("tokenizer.json")
    if tokenizer["model"]["type"] != "Unigram":
        raise SystemExit("only a Unigram tokenizer can be bundled")
    tensors = read_tensors(chosen.folder / "model.safetensors")

    special = {token["id"] for token in tokenizer["added_tokens"]} | {tokenizer["model"].get("unk_id")}
    counts = np.load(chosen.piece_counts) if chosen.piece_counts else None
    kept = kept_pieces(tokenizer["model"]["vocab"], special, chosen.keep_pieces, counts)
    written = layer_tensors(tensors, chosen.layers_bits)
    written |= word_table(chosen.folder, tensors, kept) | tokenizer_tensors(tokenizer, kept)
    content = hashlib.sha256()
    for name in sorted(written):
        content.update(name.encode() + b"\0" + np.ascontiguousarray(written[name]).tobytes())
    chosen.out.mkdir(parents=True, exist_ok=True)
    path = chosen.out / "model.safetensors"
    save_file(written, path, metadata={"format": FORMAT, "content": content.hexdigest()})
    path.chmod(0o644)

    write_json(chosen.out / "tokenizer.json", renumbered(tokenizer, kept), indent=None)
    config["vocab_size"] = len(kept)
    config.pop("torch_dtype", None)
    write_json(chosen.out / "config.json", config)
    for name in ["modules.json", "1_Pooling/config.json", "2_Dense/config.json", "sentence_bert_config.json", "config_sentence_transformers.json"]:
        if (chosen.folder / name).is_file():
            write_json(chosen.out / name, read(name))
    if (chosen.folder / DENSE).is_file():
        shutil.copyfile(chosen.folder / DENSE, chosen.out / DENSE)
    if chosen.max_tokens:
        write_json(chosen.out / "sentence_bert_config.json", {"max_seq_length": chosen.max_tokens, "do_lower_case": False})
    size = sum(path.stat().st_size for path in chosen.out.rglob("*") if path.is_file())
    print(f"{len(kept)} pieces, {config['num_hidden_layers']} layers, {size} bytes")


if __name__ == "__main__":
    main()
