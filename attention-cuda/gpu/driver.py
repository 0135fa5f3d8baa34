"""The kernels from Python: the driver through ctypes, the structs of call.cuh, the work lists.

Written apart from the Java side on purpose: both have to agree with the kernels.
"""

import ctypes as c
import gzip
import os

IMAGES = os.path.join(
    os.path.dirname(__file__), "../src/main/resources/io/longspan/attention/cuda/images"
)
TILE, PART, WIDE, ROWS = 64, 512, 128, 128
LOG2_E = 1.4426950408889634


class View(c.Structure):
    _fields_ = [("address", c.c_uint64), ("row", c.c_int64), ("head", c.c_int64)]


class Item(c.Structure):
    _fields_ = [
        (name, c.c_int32)
        for name in (
            "start sequence head residue dilation length left right first firstGlobal globalCount"
            " otherFirst otherEnd part"
        ).split()
    ]


VIEWS = (
    "query key value output outputGradient queryGradient keyGradient valueGradient logSumExp"
    " bias biasGradient"
).split()


class Call(c.Structure):
    _fields_ = (
        [(name, View) for name in VIEWS]
        + [
            (name, c.c_uint64)
            for name in (
                "items roles rowOf globals softmax delta partial biasPartial samples dropoutKey"
            ).split()
        ]
        + [(name, c.c_int32) for name in "heads headSize rows causal dropThreshold".split()]
        + [(name, c.c_float) for name in "keepScale scale scoreLog2".split()]
        + [(name, c.c_int32) for name in "biasLeft biasColumns".split()]
    )


assert c.sizeof(Call) == 384 and c.sizeof(Item) == 56


class Cuda:
    """The driver, checked, on the current context."""

    def __init__(self, library="libcuda.so.1", retain=True, cubins=True, hopper=False):
        self.cubins, self.hopper = cubins, hopper
        self.lib = c.CDLL(library)
        self.call("cuInit", 0)
        device = c.c_int()
        self.call("cuDeviceGet", c.byref(device), 0)
        if retain:
            context = c.c_void_p()
            self.call("cuDevicePrimaryCtxRetain", c.byref(context), device)
            self.call("cuCtxPushCurrent_v2", context)
        major, minor = c.c_int(), c.c_int()
        self.call("cuDeviceGetAttribute", c.byref(major), 75, device)
        self.call("cuDeviceGetAttribute", c.byref(minor), 76, device)
        self.capability = major.value * 10 + minor.value
        if hopper and self.capability != 90:
            raise RuntimeError(f"compute capability is {self.capability / 10}; --hopper wants 9.0")
        version = c.c_int()
        self.call("cuDriverGetVersion", c.byref(version))
        self.version = version.value
        self.functions = {}
        self.modules = {}
        self.loaded = []

    def call(self, name, *arguments):
        status = getattr(self.lib, name)(*arguments)
        if status != 0:
            raise RuntimeError(f"{name} answered {status}")

    def function(self, image, kernel, shared):
        if (image, kernel) not in self.functions:
            if image not in self.modules:
                cubin = os.path.join(IMAGES, f"{image}.sm_{self.capability}.cubin.gz")
                use = self.cubins and self.version >= 13000 and os.path.exists(cubin)
                with gzip.open(cubin if use else os.path.join(IMAGES, image + ".ptx.gz")) as f:
                    text = f.read() + b"\0"
                module = c.c_void_p()
                self.call("cuModuleLoadDataEx", c.byref(module), text, 0, None, None)
                self.modules[image] = module
                self.loaded.append(image + (f" (sm_{self.capability})" if use else " (text)"))
            function = c.c_void_p()
            self.call("cuModuleGetFunction", c.byref(function), self.modules[image], kernel.encode())
            if shared > 40 * 1024:  # 48 KB with what the kernel itself declares
                self.call("cuFuncSetAttribute", function, 8, shared)
            self.functions[image, kernel] = function
        return self.functions[image, kernel]

    def launch(self, image, kernel, grid, threads, shared, call, stream=None):
        arguments = (c.c_void_p * 1)(c.addressof(call))
        self.call(
            "cuLaunchKernel", self.function(image, kernel, shared), grid, 1, 1, threads, 1, 1,
            shared, c.c_void_p(stream), arguments, None,
        )  # fmt: skip

    def allocate(self, size):
        pointer = c.c_uint64()
        self.call("cuMemAlloc_v2", c.byref(pointer), c.c_size_t(max(1, size)))
        return pointer.value

    def free(self, pointer):
        self.call("cuMemFree_v2", c.c_uint64(pointer))

    def write(self, pointer, data):
        if data:
            self.call("cuMemcpyHtoD_v2", c.c_uint64(pointer), data, c.c_size_t(len(data)))

    def read(self, pointer, size):
        data = c.create_string_buffer(size)
        self.call("cuMemcpyDtoH_v2", data, c.c_uint64(pointer), c.c_size_t(size))
        return data.raw


class Pattern:
    """Lists by head, as AttentionPattern."""

    def __init__(self, left, right, dilation, scale, causal=False):
        self.left, self.right, self.dilation = left, right, dilation
        self.columns = max(left) + max(right) + 1
        self.scale, self.causal, self.heads = scale, causal, len(left)


class Layout:
    """starts: B + 1 packed indices; roles: a byte per token, 0 masked, 1 local, 2 global."""

    def __init__(self, starts, roles):
        self.starts, self.roles = list(starts), bytes(roles)
        self.tokens = self.starts[-1]
        self.globals = [t for t in range(self.tokens) if self.roles[t] == 2]

    def sequences(self):
        first = 0
        for b in range(len(self.starts) - 1):
            start, end = self.starts[b], self.starts[b + 1]
            count = sum(1 for t in range(start, end) if self.roles[t] == 2)
            yield b, start, end - start, first, count
            first += count


def strips(layout, pattern):
    for b, start, n, first, count in layout.sequences():
        for h in range(pattern.heads):
            step = pattern.dilation[h]
            for residue in range(min(step, n)):
                length = -(-(n - residue) // step)
                yield (start, b, h, residue, step, length, pattern.left[h], pattern.right[h]), first, count


def items(layout, pattern):
    """The lists of items: queries by 64 and by 128, keys, parts and sums of global keys."""
    names = "queries wide keys parts sums bias_parts bias_sums"
    lists = {name: [] for name in names.split()}
    for strip, first_global, count in strips(layout, pattern):
        length, left, right = strip[5:8]
        for name, rows in (("queries", TILE), ("wide", WIDE)):
            for first in range(0, length, rows):
                begin = max(0, first - left) // 8 * 8
                end = min(length, first + rows + right)
                lists[name].append(strip + (first, first_global, count, begin, end, -1))
        for first in range(0, length, TILE):
            begin, end = max(0, first - right), min(length, first + TILE + left)
            lists["keys"].append(strip + (first, first_global, count, begin, end, -1))
    for b, start, n, first_global, count in layout.sequences():
        for h in range(pattern.heads):
            strip = (start, b, h, 0, 1, n, 0, 0)
            for first in range(0, count, TILE):
                part = len(lists["parts"])
                for begin in range(0, n, PART):
                    at = len(lists["parts"])
                    end = min(n, begin + PART)
                    lists["parts"].append(strip + (first, first_global, count, begin, end, at))
                parts = len(lists["parts"]) - part
                lists["sums"].append(strip + (first, first_global, count, 0, parts, part))
    parts, sums = lists["bias_parts"], lists["bias_sums"]
    for h in range(pattern.heads):
        begin_part = len(parts)
        for strip, _, _ in strips(layout, pattern):
            if strip[2] == h:
                for begin in range(0, strip[5], PART):
                    end = min(strip[5], begin + PART)
                    parts.append(strip + (begin, 0, 0, begin, end, len(parts)))
        for column in range(0, pattern.columns, ROWS):
            strip = (0, 0, h, 0, 1, 1, 0, 0)
            sums.append(strip + (column, 0, 0, 0, len(parts) - begin_part, begin_part))
    return {name: (Item * len(rows))(*[Item(*row) for row in rows]) for name, rows in lists.items()}


class Kernels:
    """Forward and backward of one layout and pattern; tables on the device."""

    def __init__(self, cuda, layout, pattern, head_size, element, tensor_cores):
        self.cuda, self.layout, self.pattern = cuda, layout, pattern
        self.head_size, self.element, self.mma = head_size, element, tensor_cores
        self.size = next(d for d in (32, 64, 128) if d >= head_size)
        self.lists = items(layout, pattern)
        self.blocks = []
        self.at = {name: self.put(bytes(rows)) for name, rows in self.lists.items()}
        self.roles = self.put(layout.roles)
        self.globals = self.put(bytes((c.c_int32 * len(layout.globals))(*layout.globals)))
        rows = layout.tokens * pattern.heads
        self.softmax = self.space(8 * rows)
        self.delta = self.space(4 * rows)
        self.partial = self.space(len(self.lists["parts"]) * 2 * TILE * head_size * 4)
        self.bias_partial = 0

    def space(self, size):
        self.blocks.append(self.cuda.allocate(size))
        return self.blocks[-1]

    def put(self, data):
        pointer = self.space(len(data))
        self.cuda.write(pointer, data)
        return pointer

    def close(self):
        for block in self.blocks:
            self.cuda.free(block)

    def call(self, views, dropout=None):
        """views: addresses of dense tensors by name; dropout: (samples address, key, threshold, keep)."""
        call = Call()
        heads, size = self.pattern.heads, self.head_size
        for name, address in views.items():
            setattr(call, name, View(address, heads * size, size))
        if "logSumExp" in views:
            call.logSumExp = View(views["logSumExp"], heads, 1)
        call.roles, call.globals = self.roles, self.globals
        call.softmax, call.delta, call.partial = self.softmax, self.delta, self.partial
        if "bias" in views:
            columns = self.pattern.columns
            self.bias_partial = self.bias_partial or self.space(len(self.lists["bias_parts"]) * columns * 4)
            call.bias, call.biasGradient = (View(views[n], columns, 1) for n in ("bias", "biasGradient"))
            call.biasPartial, call.biasLeft, call.biasColumns = self.bias_partial, max(self.pattern.left), columns
        call.heads, call.headSize, call.rows = heads, size, self.layout.tokens
        call.causal, call.scale = int(self.pattern.causal), self.pattern.scale
        call.scoreLog2 = self.pattern.scale * LOG2_E
        if dropout:
            call.samples, call.dropoutKey, call.dropThreshold, call.keepScale = dropout
        return call

    def run(self, call, name, image, kernel, threads, shared, grid=None, stream=None):
        call.items = self.at[name]
        grid = grid or len(self.lists[name])
        self.cuda.launch(image, kernel, grid, threads, shared, call, stream)

    def forward(self, call, stream=None):
        if self.mma:
            shared = (WIDE + 4 * TILE) * self.size * 2
            name = "biased" if call.bias.address else "forward"
            image, kernel = f"mma-{self.element}", f"mma_{name}_{self.size}"
            if self.cuda.hopper and self.size == 64 and name == "forward":
                image, kernel, shared = f"hopper-{self.element}", "hopper_forward_64", shared + 1024
            self.run(call, "wide", image, kernel, 256, shared, stream=stream)
        else:
            image, kernel = f"ffma-{self.element}", f"ffma_forward_{self.size}"
            self.run(call, "queries", image, kernel, 128, 0, stream=stream)

    def backward(self, call, stream=None):
        family = "mma" if self.mma else "ffma"
        image = f"{family}-{self.element}"
        shared = 6 * TILE * self.size * 2 if self.mma else 0
        halves = 2 if not self.mma and self.size > TILE else 1
        pairs = self.layout.tokens * self.pattern.heads
        self.cuda.launch(image, "delta_rows", -(-pairs // 4), 128, 0, call, stream)
        self.run(call, "queries", image, f"{family}_queries_{self.size}", 128, shared, stream=stream)
        for name in ("keys", "parts"):
            if self.lists[name]:
                grid = halves * len(self.lists[name])
                kernel = f"{family}_keys_{self.size}"
                self.run(call, name, image, kernel, 128, shared, grid, stream)
        if self.lists["sums"]:
            self.run(call, "sums", image, "sum_parts", ROWS, 0, stream=stream)
        if call.bias.address:
            shared = (4 * TILE * self.size * 2 + TILE * (TILE + 4) * 4) if self.mma else 0
            self.run(call, "bias_parts", image, f"{family}_bias_{self.size}", 128, shared, stream=stream)
            self.run(call, "bias_sums", image, "sum_bias", ROWS, 0, stream=stream)
