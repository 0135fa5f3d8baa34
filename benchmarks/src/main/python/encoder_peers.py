"""Times transformers' LongformerModel on the CPU, with weights from a checkpoint folder.

Arguments: folder tokens threads runs peer file. The peer is fp32, bf16, fp32-compile or bf16-compile; the
last hidden state goes to the file as float32.
Output: a line, tab separated: version, peak resident bytes, seconds of each run; or version and why there are none.
"""

import sys
import time

import torch

folder, tokens, threads, runs, peer, file = sys.argv[1:7]
tokens, threads, runs = int(tokens), int(threads), int(runs)
torch.set_num_threads(threads)


def model():
    import transformers

    transformers.logging.set_verbosity_error()
    dtype = torch.bfloat16 if peer.startswith("bf16") else torch.float32
    loaded = transformers.LongformerModel.from_pretrained(folder, add_pooling_layer=False, dtype=dtype).eval()
    return transformers.__version__, torch.compile(loaded) if peer.endswith("compile") else loaded


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


def ids():
    middle = [5 + (i * 7919 + 13) % 50000 for i in range(1, tokens)]
    return torch.tensor([[0] + middle])


try:
    version, encoder = model()
    versions = f"transformers {version}, torch {torch.__version__}"
except ImportError as missing:
    print(f"none\tnot installed: {missing.name}", flush=True)
    sys.exit(0)

batch = ids()
seen = torch.ones(1, tokens, dtype=torch.long)
is_global = torch.zeros(1, tokens, dtype=torch.long)
is_global[0, 0] = 1
taken = []
try:
    with torch.no_grad():
        for run in range(runs + 1):
            begin = time.perf_counter()
            state = encoder(batch, attention_mask=seen, global_attention_mask=is_global).last_hidden_state
            if run > 0:
                taken.append(time.perf_counter() - begin)
except Exception as failed:  # a compiler that is not there, memory that does not suffice: say so
    print(f"{versions}\tfailed: {type(failed).__name__}", flush=True)
    sys.exit(0)
with open(file, "wb") as out:
    out.write(state.float().contiguous().numpy().tobytes())
peak = most_resident()
print("\t".join([versions, str(peak), *[f"{s:.6f}" for s in taken]]), flush=True)
