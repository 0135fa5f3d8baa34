// A CUDA driver without a GPU: it keeps a log of calls, injects errors, and runs kernels on the
// emulated machine. Device memory is host memory that only this file hands out, and every copy and
// every view of a launch must lie in it. The kernels are libraries beside this one, named by the
// image: the PTX text says its name in a comment.
#include <dlfcn.h>
#include <elf.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "call.cuh"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using Run = const char *(*)(void (*)(longspan::Call), unsigned, unsigned, unsigned,
                            const longspan::Call *, int);

// More shared memory than any kernel with dynamic shared memory declares.
constexpr int kDeclared = 2048;

struct Module {
    void *library;
};

struct Function {
    std::string name;
    void (*kernel)(longspan::Call);
    Run run;
    int sharedLimit = 48 * 1024;
};

std::recursive_mutex lock;
std::string log_text;
bool logging = true;
std::string failing;
int failing_after;
int failing_code;
int broken;
int major_ = 8, minor_ = 6, version_ = 12040, devices_ = 1;
long memory_limit = 1L << 40;
long memory_used;
int context_depth, retained, modules_loaded, events;
int backwards;
std::string folder;
std::string last_kernel_error;
std::map<std::uintptr_t, std::size_t> blocks;

// Notes a call and says what to answer: an error that was asked for, or that of a broken context.
int note(const char *name, const std::string &arguments = "") {
    if (logging) {
        log_text += name + (arguments.empty() ? "" : " " + arguments) + "\n";
    }
    if (failing == name && failing_after-- == 0) {
        failing.clear();
        if (failing_code >= 700) {
            broken = failing_code;
        }
        return failing_code;
    }
    return broken;
}

// Text, or machine code in an ELF file, which says itself how long it is.
std::string image_name(const char *image, bool &text) {
    std::size_t bytes = std::strlen(image);
    text = std::memcmp(image, ELFMAG, SELFMAG) != 0;
    if (!text) {
        Elf64_Ehdr header;
        std::memcpy(&header, image, sizeof header);
        bytes = header.e_shoff + static_cast<std::size_t>(header.e_shentsize) * header.e_shnum;
    }
    const char mark[] = "longspan-image: ";
    auto *at = static_cast<const char *>(memmem(image, bytes, mark, sizeof mark - 1));
    return at == nullptr ? "" : std::string(at + sizeof mark - 1, std::strcspn(at + sizeof mark - 1, " \n"));
}

bool inside(const void *p, std::size_t bytes) {
    auto at = reinterpret_cast<std::uintptr_t>(p);
    auto next = blocks.upper_bound(at);
    if (next == blocks.begin()) {
        return false;
    }
    auto block = std::prev(next);
    return at + bytes <= block->first + block->second;
}

#define NOTE(arguments)                                \
    std::lock_guard<std::recursive_mutex> guard(lock); \
    if (int status = note(__func__, arguments)) return status

}  // namespace

// What a test asks of the fake.
EXPORT void fake_reset(const char *kernels) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    // What a test left behind with a broken context is gone with it.
    for (const auto &block : blocks) {
        std::free(reinterpret_cast<void *>(block.first));
    }
    blocks.clear();
    memory_used = 0;
    context_depth = retained = modules_loaded = events = 0;
    log_text.clear();
    logging = true;
    failing.clear();
    broken = 0;
    major_ = 8, minor_ = 6, version_ = 12040, devices_ = 1;
    memory_limit = 1L << 40;
    backwards = 0;
    folder = kernels;
}
EXPORT void fake_device(int major, int minor, int version, int devices) {
    major_ = major, minor_ = minor, version_ = version, devices_ = devices;
}
EXPORT void fake_fail(const char *function, int after, int code) {
    failing = function;
    failing_after = after;
    failing_code = code;
}
EXPORT void fake_memory(long bytes) { memory_limit = bytes; }
EXPORT void fake_backwards(int on) { backwards = on; }
EXPORT void fake_logging(int on) { logging = on != 0; }
EXPORT const char *fake_log() { return log_text.c_str(); }
EXPORT const char *fake_kernel_error() { return last_kernel_error.c_str(); }
EXPORT long fake_blocks() { return static_cast<long>(blocks.size()); }
EXPORT int fake_balance() { return events * 1000000 + context_depth * 10000 + retained * 100 + modules_loaded; }


// Where the C compiler puts a field, such as "Call.query"; -1 for one that it does not know.
EXPORT long fake_offset(const char *field) {
    static const std::map<std::string, std::size_t> offsets = {
#define FIELD(S, F) {#S "." #F, offsetof(longspan::S, F)}
        FIELD(View, address), FIELD(View, row), FIELD(View, head),
        FIELD(Call, query),
        FIELD(Call, key),
        FIELD(Call, value),
        FIELD(Call, output),
        FIELD(Call, outputGradient),
        FIELD(Call, queryGradient),
        FIELD(Call, keyGradient),
        FIELD(Call, valueGradient),
        FIELD(Call, logSumExp),
        FIELD(Call, bias),
        FIELD(Call, biasGradient),
        FIELD(Call, items),
        FIELD(Call, roles),
        FIELD(Call, rowOf),
        FIELD(Call, globals),
        FIELD(Call, softmax),
        FIELD(Call, delta),
        FIELD(Call, partial),
        FIELD(Call, biasPartial),
        FIELD(Call, samples),
        FIELD(Call, dropoutKey),
        FIELD(Call, heads),
        FIELD(Call, headSize),
        FIELD(Call, rows),
        FIELD(Call, causal),
        FIELD(Call, dropThreshold),
        FIELD(Call, keepScale),
        FIELD(Call, scale),
        FIELD(Call, scoreLog2),
        FIELD(Call, biasLeft),
        FIELD(Call, biasColumns),
        FIELD(Item, start),
        FIELD(Item, sequence),
        FIELD(Item, head),
        FIELD(Item, residue),
        FIELD(Item, dilation),
        FIELD(Item, length),
        FIELD(Item, left),
        FIELD(Item, right),
        FIELD(Item, first),
        FIELD(Item, firstGlobal),
        FIELD(Item, globalCount),
        FIELD(Item, otherFirst),
        FIELD(Item, otherEnd),
        FIELD(Item, part),
#undef FIELD
    };
    auto found = offsets.find(field);
    return found == offsets.end() ? -1 : static_cast<long>(found->second);
}

EXPORT int cuInit(unsigned) {
    NOTE("");
    return 0;
}
EXPORT int cuDriverGetVersion(int *version) {
    NOTE("");
    *version = version_;
    return 0;
}
EXPORT int cuDeviceGetCount(int *count) {
    NOTE("");
    *count = devices_;
    return 0;
}
EXPORT int cuDeviceGet(int *device, int ordinal) {
    NOTE("");
    *device = ordinal;
    return ordinal < devices_ ? 0 : 101;
}
EXPORT int cuDeviceGetName(char *name, int length, int) {
    NOTE("");
    std::snprintf(name, static_cast<std::size_t>(length), "Emulated GPU");
    return 0;
}
EXPORT int cuDeviceGetAttribute(int *value, int attribute, int) {
    NOTE("");
    *value = attribute == 75 ? major_ : attribute == 76 ? minor_ : attribute == 97 ? 101376 : 0;
    return 0;
}
EXPORT int cuGetErrorName(int error, const char **name) {
    *name = error == 2     ? "CUDA_ERROR_OUT_OF_MEMORY"
            : error == 100 ? "CUDA_ERROR_NO_DEVICE"
            : error == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS"
            : error == 719 ? "CUDA_ERROR_LAUNCH_FAILED"
                           : nullptr;
    return *name == nullptr ? 1 : 0;
}
EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
    NOTE("");
    *context = reinterpret_cast<void *>(0x1000L + device);
    retained++;
    return 0;
}
EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
    retained--;
    NOTE("");
    return 0;
}
EXPORT int cuCtxPushCurrent_v2(void *) {
    NOTE("");
    context_depth++;
    return 0;
}
EXPORT int cuCtxPopCurrent_v2(void **) {
    context_depth--;
    NOTE("");
    return 0;
}
EXPORT int cuModuleLoadDataEx(void **module, const char *image, unsigned options, int *names,
                              void **values) {
    if (options == 2 && names[0] == 5 && names[1] == 6) {
        std::snprintf(static_cast<char *>(values[0]), reinterpret_cast<std::size_t>(values[1]),
                      "%s", "line 1: the fake's compiler has no opinion");
    }
    bool text;
    std::string name = image_name(image, text);
    NOTE((text ? "text " : "cubin ") + name);
    if (name.empty()) {
        return 218;  // invalid PTX
    }
    if (folder.empty()) {
        // Loaded by a program that knows nothing of the fake: its kernels are beside it.
        Dl_info self;
        dladdr(reinterpret_cast<void *>(&fake_reset), &self);
        folder = std::string(self.dli_fname, std::strrchr(self.dli_fname, '/') - self.dli_fname);
    }
    void *library = dlopen((folder + "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        std::fprintf(stderr, "fake driver: %s\n", dlerror());
        return 218;
    }
    modules_loaded++;
    *module = new Module{library};
    return 0;
}
EXPORT int cuModuleUnload(Module *module) {
    modules_loaded--;
    NOTE("");
    dlclose(module->library);
    delete module;
    return 0;
}
EXPORT int cuModuleGetFunction(Function **function, Module *module, const char *name) {
    NOTE(name);
    auto kernel = reinterpret_cast<void (*)(longspan::Call)>(dlsym(module->library, name));
    if (kernel == nullptr) {
        return 500;
    }
    *function =
        new Function{name, kernel, reinterpret_cast<Run>(dlsym(module->library, "machine_run"))};
    return 0;
}
EXPORT int cuFuncSetAttribute(Function *function, int attribute, int value) {
    NOTE("");
    if (attribute == 8) {
        function->sharedLimit = value + kDeclared;
    }
    return 0;
}
EXPORT int cuMemAlloc_v2(void **pointer, std::size_t bytes) {
    NOTE(std::to_string(bytes));
    if (memory_used + static_cast<long>(bytes) > memory_limit) {
        return 2;
    }
    *pointer = std::aligned_alloc(512, (bytes + 511) / 512 * 512);
    std::memset(*pointer, 0xFF, bytes);
    blocks[reinterpret_cast<std::uintptr_t>(*pointer)] = bytes;
    memory_used += static_cast<long>(bytes);
    return 0;
}
EXPORT int cuMemFree_v2(void *pointer) {
    std::lock_guard<std::recursive_mutex> own(lock);
    auto block = blocks.find(reinterpret_cast<std::uintptr_t>(pointer));
    if (block == blocks.end()) {
        return 1;
    }
    memory_used -= static_cast<long>(block->second);
    blocks.erase(block);
    std::free(pointer);
    NOTE("");
    return 0;
}
EXPORT int cuMemGetInfo_v2(std::size_t *free, std::size_t *total) {
    NOTE("");
    *free = static_cast<std::size_t>(memory_limit - memory_used);
    *total = static_cast<std::size_t>(memory_limit);
    return 0;
}
EXPORT int cuMemcpyHtoD_v2(void *to, const void *from, std::size_t bytes) {
    NOTE(std::to_string(bytes));
    if (!inside(to, bytes)) {
        return 1;
    }
    std::memcpy(to, from, bytes);
    return 0;
}
EXPORT int cuMemcpyDtoH_v2(void *to, const void *from, std::size_t bytes) {
    NOTE(std::to_string(bytes));
    if (!inside(from, bytes)) {
        return 1;
    }
    std::memcpy(to, from, bytes);
    return 0;
}
EXPORT int cuStreamSynchronize(void *) {
    NOTE("");
    return 0;
}
EXPORT int cuCtxSynchronize() {
    NOTE("");
    return 0;
}
EXPORT int cuEventCreate(void **event, unsigned flags) {
    NOTE(std::to_string(flags));
    events++;
    *event = reinterpret_cast<void *>(0x2000L);
    return 0;
}
EXPORT int cuEventDestroy_v2(void *) {
    events--;
    NOTE("");
    return 0;
}
EXPORT int cuEventRecord(void *, void *stream) {
    NOTE(std::to_string(reinterpret_cast<long>(stream)));
    return 0;
}
EXPORT int cuStreamWaitEvent(void *stream, void *, unsigned) {
    NOTE(std::to_string(reinterpret_cast<long>(stream)));
    return 0;
}
EXPORT int cuLaunchKernel(Function *function, unsigned gridX, unsigned gridY, unsigned gridZ,
                          unsigned threadsX, unsigned threadsY, unsigned threadsZ, unsigned shared,
                          void *stream, void **parameters, void **) {
    NOTE(function->name + " grid " + std::to_string(gridX) + " threads " +
         std::to_string(threadsX) +
         (stream == nullptr ? "" : " stream " + std::to_string(reinterpret_cast<long>(stream))));
    auto *call = static_cast<const longspan::Call *>(parameters[0]);
    const longspan::View *views = &call->query;
    for (int i = 0; i < 11; i++) {
        if (views[i].address != 0 && !inside(reinterpret_cast<void *>(views[i].address), 1)) {
            last_kernel_error = "view " + std::to_string(i) + " is not in device memory";
            return broken = 700;
        }
    }
    if (gridX == 0 || gridY != 1 || gridZ != 1 || threadsY != 1 || threadsZ != 1 ||
        // What a kernel declares itself counts too.
        static_cast<int>(shared + (shared > 0 ? kDeclared : 0)) > function->sharedLimit) {
        return 1;
    }
    const char *error =
        function->run(function->kernel, gridX, threadsX, shared, call, backwards);
    if (error != nullptr) {
        last_kernel_error = error;
        std::fprintf(stderr, "fake driver: %s: %s\n", function->name.c_str(), error);
        return broken = 719;
    }
    return 0;
}
