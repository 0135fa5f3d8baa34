#!/usr/bin/env python3
"""Small checkpoints of the families that `longspan convert` reads, with what transformers answers.

    pip install torch transformers safetensors
    python generate.py OUT_DIR

Every folder holds config.json and model.safetensors (random weights), inputs.safetensors, and outputs.safetensors with
the logits. `bert-converted` and `xlm-roberta-converted` hold the Longformer that the conversion has to make, built here
with transformers' own classes and loaded strictly; the script stops when it does not answer as its source does.
"""
import os, sys
import torch
from safetensors.torch import save_file
from transformers import (BertConfig, BertForPreTraining, BertForSequenceClassification, LongformerConfig,
                          LongformerForMaskedLM, LongformerForSequenceClassification, XLMRobertaConfig,
                          XLMRobertaForMaskedLM)

POSITIONS, LONGER, WINDOW, LENGTHS = 24, 59, 64, (23, 14)
SIZES = dict(vocab_size=131, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
             hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def scramble(model, generator):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            centre = 1.0 if name.lower().endswith("layernorm.weight") or name.endswith("layer_norm.weight") else 0.0
            weight.copy_(centre + torch.randn(weight.shape, generator=generator) * 0.15)
    return model.eval()


def save(out, name, model, inputs, outputs, aliases):
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    model.config.architectures = [type(model).__name__]
    model.config.to_json_file(os.path.join(folder, "config.json"))
    tensors = {k: v.detach().clone().contiguous() for k, v in model.state_dict().items()
               if k not in aliases and not k.endswith("position_ids")}
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    if inputs:
        save_file(inputs, os.path.join(folder, "inputs.safetensors"))
    if outputs:
        save_file({k: v.detach().clone().contiguous() for k, v in outputs.items()},
                  os.path.join(folder, "outputs.safetensors"))


def batch(generator, pad, begin, end, types):
    length = max(LENGTHS)
    ids = torch.full((len(LENGTHS), length), pad)
    mask = torch.zeros_like(ids)
    kinds = torch.zeros_like(ids)
    for row, n in enumerate(LENGTHS):
        ids[row, :n] = torch.randint(4, 100, (n,), generator=generator)
        ids[row, 0], ids[row, n - 1] = begin, end
        mask[row, :n] = 1
        if types > 1:
            kinds[row, n // 2:n] = 1
    made = dict(input_ids=ids, attention_mask=mask)
    return made | (dict(token_type_ids=kinds) if types > 1 else {})


def tiled(table, reserved_old, reserved_new, rows):
    """Rows before the first position, then position j from position j mod S."""
    learned = table[reserved_old:]
    new = torch.zeros(reserved_new + rows, table.shape[1])
    new[:min(reserved_old, reserved_new)] = table[:min(reserved_old, reserved_new)]
    new[reserved_new:] = learned[torch.arange(rows) % len(learned)]
    return new


def longformer_of(source, kind, pad, ids, rename, reserved_old):
    config = LongformerConfig(**SIZES, attention_window=[WINDOW] * SIZES["num_hidden_layers"],
                              max_position_embeddings=LONGER + pad + 1, layer_norm_eps=source.config.layer_norm_eps,
                              type_vocab_size=source.config.type_vocab_size, pad_token_id=pad,
                              num_labels=source.config.num_labels, **ids)
    made = kind(config).eval()
    tensors = {}
    for name, value in source.state_dict().items():
        new = rename(name)
        if new is None:
            continue
        if new.endswith("embeddings.position_embeddings.weight"):
            value = tiled(value, reserved_old, pad + 1, LONGER)
        tensors[new] = value
        for part in ("query", "key", "value"):
            if f"attention.self.{part}." in new:
                tensors[new.replace(f".{part}.", f".{part}_global.")] = value
    if "lm_head.bias" in tensors:
        tensors["lm_head.decoder.weight"] = tensors["longformer.embeddings.word_embeddings.weight"]
        tensors["lm_head.decoder.bias"] = tensors["lm_head.bias"]
    made.load_state_dict(tensors, strict=True)
    return made


def agree(one, other, mask=None):
    gap = (one - other).abs() if mask is None else (one - other).abs()[mask.bool()]
    print("largest difference", gap.max().item())
    assert gap.max() < 1e-5


def bert_name(name):
    for old, new in (("bert.embeddings.", "longformer.embeddings."), ("bert.encoder.", "longformer.encoder."),
                     ("bert.pooler.dense.", "classifier.dense."),
                     ("cls.predictions.transform.dense.", "lm_head.dense."),
                     ("cls.predictions.transform.LayerNorm.", "lm_head.layer_norm."),
                     ("cls.predictions.bias", "lm_head.bias"), ("classifier.", "classifier.out_proj.")):
        if name.startswith(old):
            return new + name[len(old):]
    return None


def masked_bert_name(name):
    return None if name.startswith("bert.pooler.") or name.endswith("position_ids") else bert_name(name)


def main(out):
    torch.set_num_threads(1)
    tied = ("cls.predictions.decoder.weight", "cls.predictions.decoder.bias",
            "lm_head.decoder.weight", "lm_head.decoder.bias")
    ids = dict(bos_token_id=101, eos_token_id=102, sep_token_id=102)

    generator = torch.Generator().manual_seed(40)
    config = BertConfig(**SIZES, max_position_embeddings=POSITIONS)
    bert = scramble(BertForPreTraining(config), generator)
    inputs = batch(generator, 0, 101, 102, 2)
    logits = bert(**inputs).prediction_logits
    save(out, "bert", bert, inputs, dict(logits=logits), tied)
    longer = longformer_of(bert, LongformerForMaskedLM, 0, ids, masked_bert_name, 0)
    agree(longer(**inputs).logits, logits, inputs["attention_mask"])
    save(out, "bert-converted", longer, {}, {}, tied)

    config = BertConfig(**SIZES, max_position_embeddings=POSITIONS, num_labels=3)
    bert = scramble(BertForSequenceClassification(config), generator)
    inputs = batch(generator, 0, 101, 102, 2)
    logits = bert(**inputs).logits
    save(out, "bert-classifier", bert, inputs, dict(logits=logits), tied)
    longer = longformer_of(bert, LongformerForSequenceClassification, 0, ids,
                           lambda name: None if name.endswith("position_ids") else bert_name(name), 0)
    agree(longer(**inputs).logits, logits)

    config = XLMRobertaConfig(**SIZES, max_position_embeddings=POSITIONS + 2, layer_norm_eps=1e-5, type_vocab_size=1)
    xlmr = scramble(XLMRobertaForMaskedLM(config), generator)
    inputs = batch(generator, 1, 0, 2, 1)
    logits = xlmr(**inputs).logits
    save(out, "xlm-roberta", xlmr, inputs, dict(logits=logits), tied)
    longer = longformer_of(xlmr, LongformerForMaskedLM, 1, dict(bos_token_id=0, eos_token_id=2, sep_token_id=2),
                           lambda name: name.replace("roberta.", "longformer.") if name not in tied else None, 2)
    agree(longer(**inputs).logits, logits, inputs["attention_mask"])
    save(out, "xlm-roberta-converted", longer, {}, {}, tied)


main(sys.argv[1])
