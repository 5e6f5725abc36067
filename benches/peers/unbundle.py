"""The bundled model as other programs read it: a folder in Hub layout, in f32.

    python benches/peers/unbundle.py OUT

`models/train/layout.md` says how `models/bundled` is stored; here its 8-bit layers and 4-bit word rows
are multiplied out and its vocabulary goes back into `tokenizer.json`, so that onnxruntime,
sentence-transformers and this program run the very same network.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

BUNDLED = Path(__file__).resolve().parents[2] / "models/bundled"
BLOCK = 32
SPECIAL = {"cls_token": "<s>", "bos_token": "<s>", "sep_token": "</s>", "eos_token": "</s>",
           "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<unk>"}


def multiplied_out(stored, scales):
    """4-bit blocks or 8-bit rows as f32."""
    scales = scales.astype(np.float32)
    if stored.dtype == np.int8:
        return stored.astype(np.float32) * scales[:, None]
    halves = stored.reshape(len(stored), -1, BLOCK // 2)
    nibbles = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return (nibbles * scales[:, :, None]).reshape(len(stored), -1)


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    tensors = load_file(BUNDLED / "model.safetensors")
    weights = {}
    for name, stored in tensors.items():
        if name.startswith("tokenizer.") or name.endswith(".scales"):
            continue
        scales = tensors.get(f"{name}.scales")
        values = stored.astype(np.float32) if scales is None else multiplied_out(stored, scales)
        weights[name] = np.ascontiguousarray(values)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})

    pieces, offsets = tensors["tokenizer.pieces"].tobytes(), tensors["tokenizer.offsets"].tolist()
    texts = [pieces[a:b].decode("utf-8") for a, b in zip(offsets, offsets[1:])]
    tokenizer = json.loads((BUNDLED / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"] = [[text, score] for text, score in zip(texts, tensors["tokenizer.scores"].tolist())]
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    config = json.loads((BUNDLED / "tokenizer_config.json").read_text(encoding="utf-8"))
    (out / "tokenizer_config.json").write_text(json.dumps(config | SPECIAL, indent=2), encoding="utf-8")
    for name in ("config.json", "modules.json", "sentence_bert_config.json"):
        shutil.copyfile(BUNDLED / name, out / name)
    shutil.copytree(BUNDLED / "1_Pooling", out / "1_Pooling", dirs_exist_ok=True)


main()
