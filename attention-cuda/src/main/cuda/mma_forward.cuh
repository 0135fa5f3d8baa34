// Forward pass on tensor cores: a block takes 128 queries, a warp 16 of them. Tiles of 64 keys are
// loaded by the whole block; each warp leaves out the granules of 16 keys that its own queries do
// not reach, and masks only where a window's edge or an unseen key is.
#pragma once
#include <mma.cuh>

namespace longspan {

// A warp's 16 queries, two of them the lane's, and what the softmax does with a tile of their scores.
template <int D, bool biased>
struct WarpQueries {
    const Call &call;
    const Item &item;
    const Query (&own)[2];
    const LiveBits &live;
    bool everyone;
    int firstQuery;

    // Turns raw products with 64 keys into weights and shrinks the output so far. key_token(r) is
    // the packed index of key r of a tile of global ones.
    template <class K>
    __device__ void weigh(float (&scores)[kTile / 8][4], float (&output)[D / 8][4],
                          Running (&running)[2], const OffsetBias &bias, float slope, int stage,
                          bool band, int firstKey, K key_token) const {
        if constexpr (biased) {
#pragma unroll
            for (int n = 0; n < kTile / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    scores[n][i] = bias.score(scores[n][i], band, item,
                                              firstQuery + lane_row() + (i >> 1) * 8,
                                              firstKey + n * 8 + lane_column() + (i & 1));
                }
            }
        }
        // Inside the band every query of the warp sees every key of the tile.
        bool inside = band && everyone && live.all(stage) &&
                      firstKey >= firstQuery + kGranule - 1 - item.left &&
                      firstKey + kTile - 1 <= firstQuery + item.right;
        if (!inside) {
#pragma unroll
            for (int n = 0; n < kTile / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    int r = n * 8 + lane_column() + (i & 1);
                    const Query &mine = own[i >> 1];
                    bool sees = mine.live && live.has(stage, r);
                    if (band) {
                        sees = sees && in_window(item, firstQuery + lane_row() + (i >> 1) * 8,
                                                 firstKey + r);
                    } else if (sees && call.causal != 0) {
                        sees = sees_global(call, mine.token, key_token(r));
                    }
                    if (!sees) {
                        scores[n][i] = bits_float(0xFF800000u);
                    }
                }
            }
        }
        float shrink[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float top = kUnseen;
#pragma unroll
            for (int n = 0; n < kTile / 8; n++) {
                top = fmaxf(top, fmaxf(scores[n][half * 2], scores[n][half * 2 + 1]));
            }
            top = fmaxf(top, __shfl_xor_sync(kAllLanes, top, 1));
            top = fmaxf(top, __shfl_xor_sync(kAllLanes, top, 2));
            shrink[half] = running[half].raise(top, slope);
#pragma unroll
            for (int n = 0; n < kTile / 8; n++) {
#pragma unroll
                for (int i = half * 2; i < half * 2 + 2; i++) {
                    scores[n][i] = power(scores[n][i], slope, running[half].cut);
                    running[half].sum += scores[n][i];
                }
            }
        }
        if (__any_sync(kAllLanes, shrink[0] != 1 || shrink[1] != 1)) {
#pragma unroll
            for (int n = 0; n < D / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    output[n][i] *= shrink[i >> 1];
                }
            }
        }
        if (call.samples != nullptr) {
            unsigned kept = 0;
            Dropout dropout(call, item);
#pragma unroll 1
            for (int n = 0; n < kTile / 2; n++) {
                // Row by row, so that neighbouring keys share a draw.
                int half = n >> 4;
                int r = (n >> 1 & 7) * 8 + lane_column() + (n & 1);
                int key = band ? token_at(item, firstKey + r) : key_token(r);
                int row = half == 0 ? own[0].token : own[1].token;
                kept |= static_cast<unsigned>(
                            dropout.keeps(row - item.start, key - item.start))
                        << n;
            }
            __syncwarp();
#pragma unroll
            for (int n = 0; n < kTile / 8; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    scores[n][i] *=
                        kept >> ((i >> 1) * 16 + n * 2 + (i & 1)) & 1 ? call.keepScale : 0.0f;
                }
            }
        }
    }
};

__device__ inline void clear_tile(float (&scores)[kTile / 8][4]) {
#pragma unroll
    for (int n = 0; n < kTile / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            scores[n][i] = 0;
        }
    }
}

// Ends the softmax of the lane's two rows: what they leave behind, and the factor on their output.
__device__ inline void finish_rows(const Call &call, int head, const Query (&own)[2],
                                   const Running (&running)[2], float (&inverse)[2]) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float sum = running[half].sum;
        sum += __shfl_xor_sync(kAllLanes, sum, 1);
        sum += __shfl_xor_sync(kAllLanes, sum, 2);
        inverse[half] = sum > 0 ? 1 / sum : 0.0f;
        if ((threadIdx.x & 3) == 0 && own[half].row >= 0) {
            write_row(call, own[half].row, head, running[half].cut, sum);
        }
    }
}

// A kernel of its own with a bias: the registers that it takes would cost the usual one a block
// per multiprocessor.
template <class E, int D, bool biased>
__device__ void mma_forward(const Call &call) {
    __shared__ LiveBits live;
    const Item item = call.items[blockIdx.x];
    auto *memory = reinterpret_cast<unsigned short *>(dynamic_shared());
    Rows<D> queries{memory};
    auto keys = [&](int stage) {
        return Rows<D>{memory + (kForwardRows + stage * 2 * kTile) * D};
    };
    auto values = [&](int stage) {
        return Rows<D>{memory + (kForwardRows + (stage * 2 + 1) * kTile) * D};
    };
    int warp = threadIdx.x >> 5;
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

    // The lane's two rows.
    Query own[2];
    Running running[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        own[half] = query_at(call, item, firstQuery + lane_row() + half * 8);
    }
    OffsetBias bias(call, item);
    float slope = biased ? bias.slope() : call.scoreLog2;
    bool anyone = __any_sync(kAllLanes, own[0].live || own[1].live) != 0;
    bool everyone = __any_sync(kAllLanes, !own[0].live || !own[1].live) == 0;
    WarpQueries<D, biased> queries_of{call, item, own, live, everyone, firstQuery};
    float output[D / 8][4];
#pragma unroll
    for (int n = 0; n < D / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            output[n][i] = 0;
        }
    }

    for (int t = 0; t < walk.count; t++) {
        int stage = t % kStages;
        if (t + 1 < walk.count) {
            start(t + 1);
            copy_commit();
            copy_wait<1>();
        } else {
            copy_wait<0>();
        }
        __syncthreads();
        bool band = walk.is_band(t);
        int firstKey = walk.first(item, t);
        // Granules that any of the warp's queries reaches.
        int from = band ? firstQuery - item.left - firstKey : 0;
        int to = band ? firstQuery + kGranule + item.right - firstKey : item.globalCount - firstKey;
        if (anyone && to > 0 && from < kTile) {
            float scores[kTile / 8][4];
            clear_tile(scores);
            // Queries are read anew for each tile: kept in registers they would cost a block per
            // multiprocessor.
#pragma unroll
            for (int k = 0; k < D / 16; k++) {
                unsigned query[4];
                left_fragment(query, queries, warp * kGranule, k * 16);
#pragma unroll
                for (int g = 0; g < kTile / kGranule; g++) {
                    if ((g + 1) * kGranule > from && g * kGranule < to) {
                        unsigned b[4];
                        right_fragment(b, keys(stage), g * kGranule, k * 16);
                        Tensor<E>::multiply(scores[2 * g], query, b[0], b[1]);
                        Tensor<E>::multiply(scores[2 * g + 1], query, b[2], b[3]);
                    }
                }
            }
            queries_of.weigh(scores, output, running, bias, slope, stage, band, firstKey,
                             [&](int r) { return key_token(t, r); });
#pragma unroll
            for (int g = 0; g < kTile / kGranule; g++) {
                if ((g + 1) * kGranule > from && g * kGranule < to) {
                    unsigned weights[4];
                    as_left<E>(weights, scores[2 * g], scores[2 * g + 1]);
#pragma unroll
                    for (int n = 0; n < D / 16; n++) {
                        unsigned b[4];
                        depth_fragment(b, values(stage), g * kGranule, n * 16);
                        Tensor<E>::multiply(output[2 * n], weights, b[0], b[1]);
                        Tensor<E>::multiply(output[2 * n + 1], weights, b[2], b[3]);
                    }
                }
            }
        }
        __syncthreads();
    }

    float inverse[2];
    finish_rows(call, item.head, own, running, inverse);
    write_rows<E, D>(output, call, call.output, item.head, inverse,
                     [&](int r) { return r < 8 ? own[0].row : own[1].row; });
}

}  // namespace longspan
