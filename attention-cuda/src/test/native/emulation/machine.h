// A GPU of one multiprocessor on the host: the threads of a block are fibers that take turns at
// barriers and at instructions of a whole warp. Included before an unmodified kernel source.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#define __device__
#define __global__ __attribute__((visibility("default")))
#define __launch_bounds__(...)
// One block runs at a time, so what its threads share is what there is once.
#define __shared__ static

struct Dim {
    unsigned x;
};

extern Dim threadIdx;
extern Dim blockIdx;

namespace machine {

constexpr int kWarp = 32;
constexpr int kLaneBytes = 32;

// Waits until every thread of the block, or of the warp, is there.
void wait_block();
void wait_warp();
// Like wait_block; tells every thread whether any of them said yes.
bool any_of_block(bool yes);
// A place to leave something for the other lanes of this warp-wide instruction.
unsigned char *lane_slot();
// What another lane left, after wait_warp.
const unsigned char *slot_of(int lane);
// Ends a warp-wide instruction of this thread.
void next_slot();
unsigned char *dynamic_shared();
// Stops the launch unless all bytes are in the block's dynamic shared memory.
void require_shared(const void *p, int bytes, const char *what);
void fail(const char *why);

// Copies that a thread has started and not waited for.
struct Copies {
    struct One {
        void *to;
        const void *from;
        bool real;
    };
    std::vector<std::vector<One>> groups{1};
    // Arrived, and not yet made visible to the tensor cores' own reads.
    std::vector<void *> arrived;
    // What instructions of a group of warps have added and the thread has not waited for.
    float pending[8][4];
};
Copies &copies();
// Shared memory as the tensor cores' own reads see it, by its address as a kernel sees it.
const unsigned char *seen_by_tensor_cores(unsigned address, int bytes);
void show_to_tensor_cores(const void *p, int bytes);
unsigned shared_address(const void *p);

inline int lane() { return static_cast<int>(threadIdx.x) % kWarp; }

template <class T>
T exchange(T mine, int from) {
    static_assert(sizeof(T) <= kLaneBytes, "fits");
    std::memcpy(lane_slot(), &mine, sizeof(T));
    wait_warp();
    T theirs;
    std::memcpy(&theirs, slot_of(from), sizeof(T));
    next_slot();
    return theirs;
}

}  // namespace machine

inline void __syncthreads() { machine::wait_block(); }
inline int __syncthreads_or(int yes) { return machine::any_of_block(yes != 0); }
inline void __syncwarp() { machine::wait_warp(); }

template <class T>
T __shfl_xor_sync(unsigned, T mine, int mask) {
    return machine::exchange(mine, machine::lane() ^ mask);
}

inline unsigned __ballot_sync(unsigned, int yes) {
    int word = yes != 0;
    std::memcpy(machine::lane_slot(), &word, sizeof word);
    machine::wait_warp();
    unsigned bits = 0;
    for (int l = 0; l < machine::kWarp; l++) {
        std::memcpy(&word, machine::slot_of(l), sizeof word);
        bits |= static_cast<unsigned>(word) << l;
    }
    machine::next_slot();
    return bits;
}

inline int __any_sync(unsigned all, int yes) { return __ballot_sync(all, yes) != 0; }
