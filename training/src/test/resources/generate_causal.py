"""Makes fixtures/causal-lm: the loss of transformers' RobertaForCausalLM on one batch.

Dense causal attention is a causal window that reaches over the whole sequence, so the same weights
under a Longformer's names have to give the same loss.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import RobertaConfig, RobertaForCausalLM

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
torch.manual_seed(3)
sizes = dict(
    vocab_size=53,
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=32,
    max_position_embeddings=34,
    type_vocab_size=1,
    pad_token_id=1,
    bos_token_id=0,
    eos_token_id=2,
    layer_norm_eps=1e-5,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
model = RobertaForCausalLM(RobertaConfig(is_decoder=True, initializer_range=0.2, **sizes)).eval()
ids = torch.randint(5, 53, (2, 24))
ids[:, 0] = 0
loss = model(input_ids=ids, labels=ids).loss.item()
tensors = {}
for name, value in model.state_dict().items():
    if name.endswith(("position_ids", "token_type_ids")) or name.startswith("lm_head.decoder"):
        continue
    name = name.replace("roberta.", "longformer.")
    tensors[name] = value.clone().contiguous()
    for part in ("query", "key", "value"):
        if f".self.{part}." in name:
            tensors[name.replace(part, f"{part}_global")] = value.clone().contiguous()
save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
config = dict(
    sizes,
    model_type="longspan",
    architectures=["LongspanForMaskedLM"],
    attention_window=64,
    causal=True,
    hidden_act="gelu",
    initializer_range=0.2,
    sep_token_id=2,
)
(out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
(out / "expected.json").write_text(json.dumps({"ids": ids.tolist(), "loss": loss}) + "\n")
