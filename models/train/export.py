"""Step 4. Writes the trained student as a model folder in Hub layout, weights as f16."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertModel

from common import arguments

LONGEST = 256


def main():
    options = arguments(__doc__, ("--model", {"default": "student-4"}), ("--out", {"type": Path, "required": True}))
    student = BertModel.from_pretrained(options.work / options.model, add_pooling_layer=False)
    out = options.out
    (out / "1_Pooling").mkdir(parents=True, exist_ok=True)
    weights = {k: v.to(torch.float16).contiguous() for k, v in student.state_dict().items() if "position_ids" not in k}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    tokenizer = json.loads((options.work / "tokenizer.json").read_text(encoding="utf-8"))
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    config = student.config

    def write(name, value):
        (out / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")

    write("config.json", {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": config.vocab_size,
        "hidden_size": config.hidden_size, "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": config.num_attention_heads, "intermediate_size": config.intermediate_size,
        "hidden_act": "gelu", "layer_norm_eps": config.layer_norm_eps, "max_position_embeddings": config.max_position_embeddings,
        "type_vocab_size": config.type_vocab_size, "pad_token_id": 0, "position_embedding_type": "absolute",
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.02, "torch_dtype": "float16"})
    write("modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])
    write("1_Pooling/config.json", {
        "word_embedding_dimension": config.hidden_size, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    write("sentence_bert_config.json", {"max_seq_length": LONGEST, "do_lower_case": False})
    write("tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": LONGEST, "cls_token": "[CLS]", "sep_token": "[SEP]",
        "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"})
    print(sum(v.numel() for v in weights.values()), "parameters", sum(p.stat().st_size for p in out.rglob("*") if p.is_file()), "bytes")


if __name__ == "__main__":
    main()
