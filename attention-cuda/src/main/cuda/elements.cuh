// How elements are stored. Arithmetic is float32 whatever the storage.
#pragma once
#include <instructions.cuh>

namespace longspan {

struct Float32 {
    using Stored = float;
    static __device__ inline float load(float x) { return x; }
    static __device__ inline float store(float x) { return x; }
};

struct Float16 {
    using Stored = unsigned short;
    static __device__ inline float load(unsigned short x) { return half_to_float(x); }
    static __device__ inline unsigned short store(float x) { return float_to_half(x); }
};

// The upper half of a float32: needs no instruction of its own, so every device has it.
struct BFloat16 {
    using Stored = unsigned short;
    static __device__ inline float load(unsigned short x) {
        return bits_float(static_cast<unsigned>(x) << 16);
    }
    static __device__ inline unsigned short store(float x) {
        unsigned bits = float_bits(x);
        if ((bits & 0x7FFFFFFFu) > 0x7F800000u) {
            return static_cast<unsigned short>(bits >> 16 | 0x40);
        }
        // To the nearest, ties to even.
        return static_cast<unsigned short>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
    }
};

// The first element of a row and head.
template <class E>
__device__ inline typename E::Stored *row_of(const View &view, long long row, int head) {
    return reinterpret_cast<typename E::Stored *>(view.address) + row * view.row + head * view.head;
}

}  // namespace longspan
