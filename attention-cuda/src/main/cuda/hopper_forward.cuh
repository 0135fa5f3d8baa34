// Forward pass with the instructions of compute capability 9.0, for heads of up to 64 without a
// bias. A block takes 128 queries, a group of four warps 64 of them: it multiplies a whole tile of
// keys at once, straight from shared memory, and leaves out the tiles that its own queries do not
// reach. The rows lie in shared memory as the other kernels put them: 128 bytes each, the pieces of
// 16 bytes exchanged by the row's number, which is the pattern that the instructions know.
#pragma once
#include <mma_forward.cuh>

namespace longspan {

constexpr int kGroupRows = 64;
constexpr int kPatternBytes = 1024;  // eight rows; where the pattern begins anew

// Describes 64 rows, or 16 as the depth of a product, to the instructions: where they begin, from
// eight rows to the next, and the pattern. The third number is not used for rows of 128 bytes.
__device__ inline unsigned long long rows_in_shared(const unsigned short *from) {
    constexpr unsigned long long step = kPatternBytes >> 4;
    return (shared_address(from) & 0x3FFFFull) >> 4 | step << 16 | step << 32 | 1ull << 62;
}

template <class E>
struct Group;

template <>
struct Group<Float16> {
    static __device__ inline void scores(float (&sum)[8][4], unsigned long long a,
                                         unsigned long long b) {
        group_scores_half(sum, a, b);
    }
    static __device__ inline void output(float (&sum)[8][4], const unsigned (&a)[4],
                                         unsigned long long b) {
        group_output_half(sum, a, b);
    }
};

template <>
struct Group<BFloat16> {
    static __device__ inline void scores(float (&sum)[8][4], unsigned long long a,
                                         unsigned long long b) {
        group_scores_bf16(sum, a, b);
    }
    static __device__ inline void output(float (&sum)[8][4], const unsigned (&a)[4],
                                         unsigned long long b) {
        group_output_bf16(sum, a, b);
    }
};

template <class E>
__device__ void hopper_forward(const Call &call) {
    constexpr int D = 64;
    __shared__ LiveBits live;
    const Item item = call.items[blockIdx.x];
    auto *memory = reinterpret_cast<unsigned short *>(dynamic_shared());
    memory += (kPatternBytes - shared_address(memory) % kPatternBytes) % kPatternBytes / 2;
    Rows<D> queries{memory};
    auto keys = [&](int stage) {
        return Rows<D>{memory + (kForwardRows + stage * 2 * kTile) * D};
    };
    auto values = [&](int stage) {
        return Rows<D>{memory + (kForwardRows + (stage * 2 + 1) * kTile) * D};
    };
    int warp = threadIdx.x >> 5;
    int groupRow = warp / 4 * kGroupRows;
    int firstQuery = item.first + warp * kGranule;
    KeyWalk walk(item);

    auto key_token = [&](int t, int r) {
        int at = walk.first(item, t) + r;
        return walk.is_band(t) ? band_key(call, item, at) : global_key(call, item, at);
    };
    auto start = [&](int t) {
        int stage = t % kStages;
        auto token = [&](int r) { return key_token(t, r); };
        copy_rows(keys(stage), kTile, kForwardThreads, call, call.key, item.head, token);
        copy_rows(values(stage), kTile, kForwardThreads, call, call.value, item.head, token);
        if (threadIdx.x < kTile) {
            live.set(stage, key_token(t, static_cast<int>(threadIdx.x)) >= 0);
        }
    };
    copy_rows(queries, kForwardRows, kForwardThreads, call, call.query, item.head, [&](int r) {
        Query query = query_at(call, item, item.first + r);
        return query.live ? query.row : -1;
    });
    if (walk.count > 0) {
        start(0);
    }
    copy_commit();

    Query own[2];
    Running running[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        own[half] = query_at(call, item, firstQuery + lane_row() + half * 8);
    }
    OffsetBias bias(call, item);
    bool everyone = __any_sync(kAllLanes, !own[0].live || !own[1].live) == 0;
    WarpQueries<D, false> mine{call, item, own, live, everyone, firstQuery};
    float output[8][4];
    clear_tile(output);

    for (int t = 0; t < walk.count; t++) {
        int stage = t % kStages;
        if (t + 1 < walk.count) {
            start(t + 1);
            copy_commit();
            copy_wait<1>();
        } else {
            copy_wait<0>();
        }
        // Shared memory is read by another unit than the one that wrote it.
        shared_fence();
        __syncthreads();
        bool band = walk.is_band(t);
        int firstKey = walk.first(item, t);
        int from = band ? item.first + groupRow - item.left - firstKey : 0;
        int to = band ? item.first + groupRow + kGroupRows + item.right - firstKey
                      : item.globalCount - firstKey;
        // The same for the whole group, which has to come to its instructions together.
        if (to > 0 && from < kTile) {
            float scores[8][4];
            clear_tile(scores);
            group_begin(scores);
#pragma unroll
            for (int k = 0; k < D / 16; k++) {
                Group<E>::scores(scores, rows_in_shared(queries.data + groupRow * D + k * 16),
                                 rows_in_shared(keys(stage).data + k * 16));
            }
            group_end(scores);
            mine.weigh(scores, output, running, bias, call.scoreLog2, stage, band, firstKey,
                       [&](int r) { return key_token(t, r); });
            unsigned weights[kTile / 16][4];
#pragma unroll
            for (int g = 0; g < kTile / 16; g++) {
                as_left<E>(weights[g], scores[2 * g], scores[2 * g + 1]);
            }
            group_begin(output);
#pragma unroll
            for (int g = 0; g < kTile / 16; g++) {
                Group<E>::output(output, weights[g], rows_in_shared(values(stage).data + g * 16 * D));
            }
            group_end(output);
        }
        __syncthreads();
    }

    float inverse[2];
    finish_rows(call, item.head, own, running, inverse);
    write_rows<E, D>(output, call, call.output, item.head, inverse,
                     [&](int r) { return r < 8 ? own[0].row : own[1].row; });
}

}  // namespace longspan
