#include "machine.h"

#include <cstdio>
#include <cstdlib>

#include "call.cuh"

Dim threadIdx;
Dim blockIdx;

// Saves the callee's registers on the stack it leaves and takes those on the stack it enters.
extern "C" void machine_switch(void **leave, void *enter);
#if defined(__x86_64__)
asm(R"(
.text
.globl machine_switch
.hidden machine_switch
machine_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
#else
#error "the emulation switches fibers on x86-64 only"
#endif

namespace machine {
namespace {

constexpr int kStack = 64 * 1024;
constexpr int kShared = 128 * 1024;
constexpr int kGuard = 64;

enum class At { Running, Warp, Block, Done };

struct Fiber {
    void *stack = nullptr;
    std::vector<unsigned char> memory = std::vector<unsigned char>(kStack);
    At at = At::Done;
    int slot = 0;
    Copies copies;
};

struct Warp {
    unsigned char slots[2][kWarp][kLaneBytes];
};

using Kernel = void (*)(longspan::Call);

std::vector<Fiber> fibers;
std::vector<Warp> warps;
alignas(1024) unsigned char shared[kShared + kGuard];
alignas(1024) unsigned char shown[kShared];
// A kernel's own shared variables come first, so its dynamic memory begins at no round address.
constexpr unsigned kSharedBase = 16;
int shared_bytes;
int current;
void *scheduler;
bool any_yes;
bool block_answer;
char error[256];
Kernel kernel;
const longspan::Call *argument;

void body() {
    kernel(*argument);
    fibers[current].at = At::Done;
    machine_switch(&fibers[current].stack, scheduler);
}

void start(Fiber &fiber) {
    // The entry sees a stack that is 8 off a multiple of 16, as after a call.
    auto top = reinterpret_cast<std::uintptr_t>(fiber.memory.data() + kStack) & ~std::uintptr_t(15);
    auto *place = reinterpret_cast<void **>(top) - 2;
    *place = reinterpret_cast<void *>(body);
    for (int i = 1; i <= 6; i++) {
        place[-i] = nullptr;
    }
    fiber.stack = place - 6;
    fiber.at = At::Running;
    fiber.slot = 0;
    fiber.copies.groups.assign(1, {});
    fiber.copies.arrived.clear();
    std::memset(fiber.copies.pending, 0, sizeof fiber.copies.pending);
}

void yield(At why) {
    fibers[current].at = why;
    int self = current;
    machine_switch(&fibers[self].stack, scheduler);
}

void enter(int fiber) {
    current = fiber;
    threadIdx.x = static_cast<unsigned>(fiber);
    machine_switch(&scheduler, fibers[fiber].stack);
}

bool all(int from, int to, At at) {
    for (int f = from; f < to; f++) {
        if (fibers[f].at != at) {
            return false;
        }
    }
    return true;
}

void release(int from, int to) {
    for (int f = from; f < to; f++) {
        fibers[f].at = At::Running;
    }
}

// Lets a warp run until all of its threads are done or wait for the block.
void run_warp(int first, bool backwards) {
    do {
        for (int i = 0; i < kWarp; i++) {
            int f = first + (backwards ? kWarp - 1 - i : i);
            if (fibers[f].at == At::Running) {
                enter(f);
                if (error[0] != 0) {
                    return;
                }
            }
        }
        if (!all(first, first + kWarp, At::Warp)) {
            break;
        }
        release(first, first + kWarp);
    } while (true);
    for (int f = first; f < first + kWarp; f++) {
        if (fibers[f].at == At::Warp) {
            fail("a warp's threads do not all come to the same instruction");
        }
    }
}

void run_block(int threads, bool backwards) {
    std::memset(shared, 0xFF, sizeof shared);
    std::memset(shown, 0xFF, sizeof shown);
    for (int f = 0; f < threads; f++) {
        start(fibers[f]);
    }
    any_yes = false;
    while (error[0] == 0 && !all(0, threads, At::Done)) {
        for (int w = 0; w < threads / kWarp && error[0] == 0; w++) {
            run_warp((backwards ? threads / kWarp - 1 - w : w) * kWarp, backwards);
        }
        if (error[0] == 0 && all(0, threads, At::Block)) {
            block_answer = any_yes;
            any_yes = false;
            release(0, threads);
        } else if (error[0] == 0 && !all(0, threads, At::Done)) {
            fail("some threads wait at a barrier that others never reach");
        }
    }
    for (int i = 0; i < kGuard; i++) {
        if (shared[shared_bytes + i] != 0xFF) {
            fail("shared memory was written beyond its end");
        }
    }
}

}  // namespace

void wait_block() { yield(At::Block); }
void wait_warp() { yield(At::Warp); }

bool any_of_block(bool yes) {
    any_yes |= yes;
    wait_block();
    return block_answer;
}

unsigned char *lane_slot() {
    return warps[current / kWarp].slots[fibers[current].slot][current % kWarp];
}

const unsigned char *slot_of(int lane) {
    return warps[current / kWarp].slots[fibers[current].slot][lane];
}

void next_slot() { fibers[current].slot ^= 1; }

unsigned char *dynamic_shared() { return shared; }

void require_shared(const void *p, int bytes, const char *what) {
    auto *at = static_cast<const unsigned char *>(p);
    if (at < shared || at + bytes > shared + shared_bytes) {
        fail(what);
    }
}

Copies &copies() { return fibers[current].copies; }

unsigned shared_address(const void *p) {
    return kSharedBase + static_cast<unsigned>(static_cast<const unsigned char *>(p) - shared);
}

const unsigned char *seen_by_tensor_cores(unsigned address, int bytes) {
    unsigned at = address - kSharedBase;
    if (at + bytes > static_cast<unsigned>(shared_bytes)) {
        fail("a tensor core reads beyond shared memory");
        at = 0;
    }
    return shown + at;
}

void show_to_tensor_cores(const void *p, int bytes) {
    auto *from = static_cast<const unsigned char *>(p);
    std::memcpy(shown + (from - shared), from, bytes);
}

void fail(const char *why) {
    if (error[0] == 0) {
        std::snprintf(error, sizeof error, "%s (block %u, thread %u)", why, blockIdx.x, threadIdx.x);
    }
}

}  // namespace machine

// Runs a kernel; null when all went well, else what went wrong.
extern "C" __attribute__((visibility("default"))) const char *machine_run(
    void (*kernel)(longspan::Call), unsigned grid, unsigned threads, unsigned sharedBytes,
    const longspan::Call *argument, int backwards) {
    using namespace machine;
    error[0] = 0;
    if (threads % kWarp != 0 || sharedBytes > kShared) {
        fail("the launch is impossible");
        return error;
    }
    machine::kernel = kernel;
    machine::argument = argument;
    shared_bytes = static_cast<int>(sharedBytes);
    if (fibers.size() < threads) {
        fibers.resize(threads);
        warps.resize(threads / kWarp);
    }
    for (unsigned b = 0; b < grid && error[0] == 0; b++) {
        blockIdx.x = b;
        run_block(static_cast<int>(threads), backwards != 0);
    }
    return error[0] == 0 ? nullptr : error;
}
