// The machine instructions on the host: stands where the file of the same name in src/main/cuda
// stands on a GPU.
#pragma once
#include "machine.h"

namespace longspan {

inline float bits_float(unsigned bits) {
    float x;
    std::memcpy(&x, &bits, 4);
    return x;
}

inline unsigned float_bits(float x) {
    unsigned bits;
    std::memcpy(&bits, &x, 4);
    return bits;
}

inline float exp2_approx(float x) {
    float power = exp2f(x);
    return power < 1.17549435e-38f ? 0 : power;  // .ftz; a NaN stays one
}

inline unsigned multiply_high(unsigned a, unsigned b) {
    return static_cast<unsigned>(static_cast<std::uint64_t>(a) * b >> 32);
}

inline float half_to_float(unsigned short bits) {
    unsigned sign = (bits & 0x8000u) << 16;
    unsigned exponent = bits >> 10 & 31u;
    unsigned fraction = bits & 1023u;
    if (exponent == 31) {
        return bits_float(sign | 0x7F800000u | fraction << 13);
    }
    float magnitude = exponent == 0 ? static_cast<float>(fraction) * 0x1p-24f
                                    : bits_float((exponent + 112) << 23 | fraction << 13);
    return bits_float(float_bits(magnitude) | sign);
}

inline unsigned short float_to_half(float x) {
    unsigned sign = float_bits(x) >> 16 & 0x8000u;
    float magnitude = std::fabs(x);
    if (magnitude != magnitude) {
        return 0x7FFF;
    }
    if (magnitude >= 65520.0f) {
        return static_cast<unsigned short>(sign | 0x7C00u);
    }
    if (magnitude < 0x1p-14f) {
        return static_cast<unsigned short>(sign | static_cast<unsigned>(std::nearbyintf(magnitude * 0x1p24f)));
    }
    unsigned bits = float_bits(magnitude);
    bits += 0xFFFu + (bits >> 13 & 1u);
    return static_cast<unsigned short>(sign | ((bits >> 13) - (112u << 10)));
}

inline float bf16_to_float(unsigned short bits) {
    return bits_float(static_cast<unsigned>(bits) << 16);
}

inline unsigned short float_to_bf16(float x) {
    unsigned bits = float_bits(x);
    return static_cast<unsigned short>(
        x != x ? bits >> 16 | 0x40u : (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

inline unsigned char *dynamic_shared() { return machine::dynamic_shared(); }

inline unsigned pack_half(float low, float high) {
    return float_to_half(low) | static_cast<unsigned>(float_to_half(high)) << 16;
}

inline unsigned pack_bf16(float low, float high) {
    return float_to_bf16(low) | static_cast<unsigned>(float_to_bf16(high)) << 16;
}

inline void load_matrices(unsigned (&r)[4], const void *row, bool turned) {
    machine::require_shared(row, 16, "ldmatrix");
    std::memcpy(machine::lane_slot(), &row, sizeof row);
    machine::wait_warp();
    int lane = machine::lane();
    for (int m = 0; m < 4; m++) {
        r[m] = 0;
        for (int half = 0; half < 2; half++) {
            int across = lane % 4 * 2 + half;
            int along = lane / 4;
            const unsigned short *from;
            std::memcpy(&from, machine::slot_of(m * 8 + (turned ? across : along)), sizeof from);
            r[m] |= static_cast<unsigned>(from[turned ? along : across]) << 16 * half;
        }
    }
    machine::next_slot();
}

inline void load_matrices(unsigned (&r)[4], const void *row) { load_matrices(r, row, false); }
inline void load_matrices_turned(unsigned (&r)[4], const void *row) { load_matrices(r, row, true); }

template <class Widen>
inline void multiply_fragments(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1,
                               Widen widen) {
    unsigned mine[6] = {a[0], a[1], a[2], a[3], b0, b1};
    std::memcpy(machine::lane_slot(), mine, sizeof mine);
    machine::wait_warp();
    int lane = machine::lane();
    auto number = [&](int owner, int reg, int half) {
        unsigned pair;
        std::memcpy(&pair, machine::slot_of(owner) + 4 * reg, 4);
        return widen(static_cast<unsigned short>(pair >> 16 * half));
    };
    for (int i = 0; i < 4; i++) {
        int row = lane / 4 + (i >= 2 ? 8 : 0);
        int column = lane % 4 * 2 + i % 2;
        for (int k = 0; k < 16; k++) {
            float left = number(row % 8 * 4 + k % 8 / 2, (row >= 8) + 2 * (k >= 8), k % 2);
            float right = number(column * 4 + k % 8 / 2, 4 + (k >= 8), k % 2);
            sum[i] += left * right;
        }
    }
    machine::next_slot();
}

inline void multiply_half(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    multiply_fragments(sum, a, b0, b1, half_to_float);
}

inline void multiply_bf16(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    multiply_fragments(sum, a, b0, b1, bf16_to_float);
}

// Nothing arrives before it is waited for; until then the place holds NaN.
inline void copy_async(void *to, const void *from, bool real) {
    machine::require_shared(to, 16, "cp.async");
    if (reinterpret_cast<std::uintptr_t>(to) % 16 != 0 ||
        (real && reinterpret_cast<std::uintptr_t>(from) % 16 != 0)) {
        machine::fail("cp.async at an address that is not a multiple of 16");
    }
    std::memset(to, 0xFF, 16);
    machine::copies().groups.back().push_back({to, from, real});
}

inline void copy_commit() { machine::copies().groups.emplace_back(); }

template <int left>
inline void copy_wait() {
    auto &groups = machine::copies().groups;
    // The last group is the one that is still being filled.
    while (groups.size() > left + 1) {
        for (const auto &one : groups.front()) {
            if (one.real) {
                std::memcpy(one.to, one.from, 16);
            } else {
                std::memset(one.to, 0, 16);
            }
            machine::copies().arrived.push_back(one.to);
        }
        groups.erase(groups.begin());
    }
}

inline unsigned shared_address(const void *p) { return machine::shared_address(p); }

inline void shared_fence() {
    for (void *one : machine::copies().arrived) {
        machine::show_to_tensor_cores(one, 16);
    }
    machine::copies().arrived.clear();
}

inline void group_begin(float (&)[8][4]) {}

// Sums arrive when they are waited for.
inline void group_end(float (&sum)[8][4]) {
    machine::wait_warp();
    for (int i = 0; i < 32; i++) {
        sum[i / 4][i % 4] += machine::copies().pending[i / 4][i % 4];
        machine::copies().pending[i / 4][i % 4] = 0;
    }
}

// A number of a matrix that a descriptor names: rows of 128 bytes, eight of them a pattern.
inline unsigned short described(unsigned long long matrix, int row, int column) {
    if (matrix >> 62 != 1 || (matrix >> 49 & 7) != 0) {
        machine::fail("a descriptor of another pattern");
    }
    unsigned start = static_cast<unsigned>(matrix & 0x3FFF) << 4;
    unsigned step = static_cast<unsigned>(matrix >> 32 & 0x3FFF) << 4;
    unsigned address = start + row / 8 * step + row % 8 * 128 + column * 2;
    address ^= (address >> 7 & 7) << 4;
    unsigned short bits;
    std::memcpy(&bits, machine::seen_by_tensor_cores(address, 2), 2);
    return bits;
}

// Each warp of the group has 16 rows; a sum's place in a lane is as in an instruction of one warp.
template <class Left, class Right>
inline void multiply_group(Left left, Right right) {
    auto &pending = machine::copies().pending;
    int lane = machine::lane();
    for (int n = 0; n < 8; n++) {
        for (int i = 0; i < 4; i++) {
            for (int k = 0; k < 16; k++) {
                pending[n][i] += left(lane / 4 + (i >= 2 ? 8 : 0), k) *
                                 right(n * 8 + lane % 4 * 2 + i % 2, k);
            }
        }
    }
}

template <class Widen>
inline void group_scores(unsigned long long a, unsigned long long b, Widen widen) {
    machine::wait_warp();
    int first = static_cast<int>(threadIdx.x) / 32 % 4 * 16;
    multiply_group([&](int row, int k) { return widen(described(a, first + row, k)); },
                   [&](int column, int k) { return widen(described(b, column, k)); });
}

template <class Widen>
inline void group_output(const unsigned (&a)[4], unsigned long long b, Widen widen) {
    std::memcpy(machine::lane_slot(), a, sizeof a);
    machine::wait_warp();
    multiply_group(
        [&](int row, int k) {
            unsigned pair;
            const unsigned char *owner = machine::slot_of(row % 8 * 4 + k % 8 / 2);
            std::memcpy(&pair, owner + 4 * ((row >= 8) + 2 * (k >= 8)), 4);
            return widen(static_cast<unsigned short>(pair >> 16 * (k % 2)));
        },
        [&](int column, int k) { return widen(described(b, k, column)); });
    machine::next_slot();
}

inline void group_scores_half(float (&)[8][4], unsigned long long a, unsigned long long b) {
    group_scores(a, b, half_to_float);
}
inline void group_scores_bf16(float (&)[8][4], unsigned long long a, unsigned long long b) {
    group_scores(a, b, bf16_to_float);
}
inline void group_output_half(float (&)[8][4], const unsigned (&a)[4], unsigned long long b) {
    group_output(a, b, half_to_float);
}
inline void group_output_bf16(float (&)[8][4], const unsigned (&a)[4], unsigned long long b) {
    group_output(a, b, bf16_to_float);
}

}  // namespace longspan
