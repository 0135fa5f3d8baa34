"""Times steps of training of transformers' LongformerForMaskedLM on the CPU, with weights from a checkpoint folder.

Arguments: folder tokens threads runs peer. The peer is checkpointing (of gradients) or plain.
Output: a line, tab separated: version, peak resident bytes, loss of the first and of the last step, seconds of each
step; or version and why there are none. The first step warms up and is not counted.
"""

import sys
import time

import torch

folder, tokens, threads, runs, peer = sys.argv[1:6]
tokens, threads, runs = int(tokens), int(threads), int(runs)
torch.set_num_threads(threads)


def model():
    import transformers

    transformers.logging.set_verbosity_error()
    loaded = transformers.LongformerForMaskedLM.from_pretrained(
        folder, dtype=torch.float32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    ).train()
    if peer == "checkpointing":
        loaded.gradient_checkpointing_enable()
    return transformers.__version__, loaded


def most_resident():
    # Not getrusage: what it says begins with the memory of the process that started this one.
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return -1


try:
    version, trained = model()
    versions = f"transformers {version}, torch {torch.__version__}"
except ImportError as missing:
    print(f"none\tnot installed: {missing.name}", flush=True)
    sys.exit(0)

vocabulary = trained.config.vocab_size
ids = torch.tensor([[0] + [5 + (i * 7919 + 13) % (vocabulary - 6) for i in range(1, tokens)]])
labels = torch.full_like(ids, -100)
hidden = torch.arange(tokens) % 7 == 3
labels[0, hidden] = ids[0, hidden]
ids[0, hidden] = vocabulary - 1
seen = torch.ones_like(ids)
decayed = [p for p in trained.parameters() if p.dim() > 1]
others = [p for p in trained.parameters() if p.dim() <= 1]
optimiser = torch.optim.AdamW(
    [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
    lr=1e-5,
    betas=(0.9, 0.98),
    eps=1e-6,
)
losses, taken = [], []
try:
    for run in range(runs + 1):
        begin = time.perf_counter()
        optimiser.zero_grad()
        loss = trained(ids, attention_mask=seen, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
        if run > 0:
            taken.append(time.perf_counter() - begin)
except Exception as failed:  # memory that does not suffice: say so
    print(f"{versions}\tfailed: {type(failed).__name__}", flush=True)
    sys.exit(0)
numbers = [str(most_resident()), f"{losses[0]:.6f}", f"{losses[-1]:.6f}", *[f"{s:.6f}" for s in taken]]
print("\t".join([versions, *numbers]), flush=True)
