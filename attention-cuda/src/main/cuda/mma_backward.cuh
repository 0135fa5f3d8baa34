// Backward pass on tensor cores: one kernel owns 64 queries, the other 64 keys; a warp owns 16 and
// goes through the other side by granules of 16, leaving out those beyond its reach.
#pragma once
#include <mma.cuh>

namespace longspan {

// Numbers from one row of gradients of scores to the next.
constexpr int kPanelPitch = kTile + 4;

// Probability after dropout and gradient of the score, from the score and a raw product.
__device__ inline void to_gradient(float &score, float &product, bool sees, bool kept,
                                   const SavedRow &saved, const Call &call, float slope) {
    float probability = 0;
    float gradient = 0;
    if (sees) {
        float factor = call.samples == nullptr ? 1.0f : kept ? call.keepScale : 0.0f;
        probability = power(score, slope, saved.cut) * saved.inverse;
        gradient = probability * fmaf(product, factor, -saved.delta);
        probability *= factor;
    }
    score = probability;
    product = gradient;
}

// A warp's 16 queries, two of them the lane's, and a tile of keys.
struct QueryTile {
    const Call &call;
    const Item &item;
    const Query (&own)[2];
    const SavedRow (&saved)[2];
    const LiveBits &live;
    int stage;
    bool band;
    int firstQuery;
    int firstKey;

    // Turns scores and products with the 16 keys from g on into probabilities and gradients of
    // scores. key_token(r) is the packed index of key r of a tile of global ones.
    template <class K>
    __device__ void gradients(float (&scores)[2][4], float (&products)[2][4], int g,
                              Dropout &dropout, const OffsetBias &bias, K key_token) const {
        unsigned kept = 0;
        if (call.samples != nullptr) {
#pragma unroll 1
            for (int n = 0; n < 8; n++) {
                int r = g + (n >> 1 & 1) * 8 + lane_column() + (n & 1);
                int key = band ? token_at(item, firstKey + r) : key_token(r);
                int row = n < 4 ? own[0].token : own[1].token;
                kept |= static_cast<unsigned>(dropout.keeps(row - item.start, key - item.start))
                        << n;
            }
            __syncwarp();
        }
#pragma unroll
        for (int n = 0; n < 2; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int half = i >> 1;
                int r = g + n * 8 + lane_column() + (i & 1);
                int query = firstQuery + lane_row() + half * 8;
                bool sees = own[half].live && live.has(stage, r);
                if (band) {
                    sees = sees && in_window(item, query, firstKey + r);
                } else if (sees && call.causal != 0) {
                    sees = sees_global(call, own[half].token, key_token(r));
                }
                scores[n][i] = bias.score(scores[n][i], band, item, query, firstKey + r);
                to_gradient(scores[n][i], products[n][i], sees,
                            kept >> (half * 4 + n * 2 + (i & 1)) & 1, saved[half], call,
                            bias.slope());
            }
        }
    }
};

// sum = 16 rows of a times 16 rows of b, over the head. Both sides are read from shared memory each
// time: fragments of a large head would not fit into registers beside the sums.
template <class E, int D>
__device__ inline void row_products(float (&sum)[2][4], const Rows<D> &a, int aRow,
                                    const Rows<D> &b, int row) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        sum[0][i] = 0;
        sum[1][i] = 0;
    }
#pragma unroll
    for (int k = 0; k < D / 16; k++) {
        unsigned left[4];
        unsigned right[4];
        left_fragment(left, a, aRow, k * 16);
        right_fragment(right, b, row, k * 16);
        Tensor<E>::multiply(sum[0], left, right[0], right[1]);
        Tensor<E>::multiply(sum[1], left, right[2], right[3]);
    }
}

// sum[16 x D] += weights[16 x 16] * 16 rows of b
template <class E, int D>
__device__ inline void weigh_rows(float (&sum)[D / 8][4], const float (&weights)[2][4],
                                  const Rows<D> &b, int row) {
    unsigned left[4];
    as_left<E>(left, weights[0], weights[1]);
#pragma unroll
    for (int n = 0; n < D / 16; n++) {
        unsigned right[4];
        depth_fragment(right, b, row, n * 16);
        Tensor<E>::multiply(sum[2 * n], left, right[0], right[1]);
        Tensor<E>::multiply(sum[2 * n + 1], left, right[2], right[3]);
    }
}

template <int D>
__device__ inline void clear_sums(float (&sum)[D / 8][4]) {
#pragma unroll
    for (int n = 0; n < D / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            sum[n][i] = 0;
        }
    }
}

template <class E, int D>
__device__ void mma_backward_queries(const Call &call) {
    __shared__ LiveBits live;
    const Item item = call.items[blockIdx.x];
    auto *memory = reinterpret_cast<unsigned short *>(dynamic_shared());
    Rows<D> queries{memory};
    Rows<D> gradients{memory + kTile * D};
    auto keys = [&](int stage) { return Rows<D>{memory + (2 + stage * 2) * kTile * D}; };
    auto values = [&](int stage) { return Rows<D>{memory + (3 + stage * 2) * kTile * D}; };
    int warpRow = (threadIdx.x >> 5) * kGranule;
    int firstQuery = item.first + warpRow;
    KeyWalk walk(item);

    auto key_token = [&](int t, int r) {
        int at = walk.first(item, t) + r;
        return walk.is_band(t) ? band_key(call, item, at) : global_key(call, item, at);
    };
    auto start = [&](int t) {
        int stage = t % kStages;
        auto token = [&](int r) { return key_token(t, r); };
        copy_rows(keys(stage), kTile, kBackwardThreads, call, call.key, item.head, token);
        copy_rows(values(stage), kTile, kBackwardThreads, call, call.value, item.head, token);
        if (threadIdx.x < kTile) {
            live.set(stage, key_token(t, static_cast<int>(threadIdx.x)) >= 0);
        }
    };
    auto query_row = [&](int r) {
        Query query = query_at(call, item, item.first + r);
        return query.live ? query.row : -1;
    };
    copy_rows(queries, kTile, kBackwardThreads, call, call.query, item.head, query_row);
    copy_rows(gradients, kTile, kBackwardThreads, call, call.outputGradient, item.head, query_row);
    if (walk.count > 0) {
        start(0);
    }
    copy_commit();

    Query own[2];
    SavedRow saved[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        own[half] = query_at(call, item, firstQuery + lane_row() + half * 8);
        saved[half] = saved_row(call, own[half], item.head);
    }
    OffsetBias bias(call, item);
    bool anyone = __any_sync(kAllLanes, own[0].live || own[1].live) != 0;
    float sum[D / 8][4];
    clear_sums<D>(sum);

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
        int from = band ? firstQuery - item.left - firstKey : 0;
        int to = band ? firstQuery + kGranule + item.right - firstKey : item.globalCount - firstKey;
        from = from < 0 ? 0 : from / kGranule * kGranule;
        to = least(to, kTile);
        Dropout dropout(call, item);
        QueryTile tile{call, item, own, saved, live, stage, band, firstQuery, firstKey};
#pragma unroll 1
        for (int g = from; anyone && g < to; g += kGranule) {
            float scores[2][4];
            float products[2][4];
            row_products<E, D>(scores, queries, warpRow, keys(stage), g);
            row_products<E, D>(products, gradients, warpRow, values(stage), g);
            tile.gradients(scores, products, g, dropout, bias, [&](int r) { return key_token(t, r); });
            weigh_rows<E, D>(sum, products, keys(stage), g);
        }
        __syncthreads();
    }
    float factor[2] = {call.scale, call.scale};
    write_rows<E, D>(sum, call, call.queryGradient, item.head, factor,
                     [&](int r) { return r < 8 ? own[0].row : own[1].row; });
}

// A stretch of queries' part of the gradient of the bias. One stage only: the gradients of scores
// need the memory of the other.
template <class E, int D>
__device__ void mma_backward_bias(const Call &call) {
    __shared__ LiveBits live;
    const Item item = call.items[blockIdx.x];
    auto *memory = reinterpret_cast<unsigned short *>(dynamic_shared());
    Rows<D> queries{memory};
    Rows<D> gradients{memory + kTile * D};
    Rows<D> keys{memory + 2 * kTile * D};
    Rows<D> values{memory + 3 * kTile * D};
    float *panel = reinterpret_cast<float *>(memory + 4 * kTile * D);
    int warpRow = (threadIdx.x >> 5) * kGranule;
    OffsetBias bias(call, item);
    clear_bias(call, item, kBackwardThreads);

    for (int first = item.first; first < item.otherEnd; first += kTile) {
        auto query_row = [&](int r) {
            Query query = query_at(call, item, first + r);
            return query.live ? query.row : -1;
        };
        copy_rows(queries, kTile, kBackwardThreads, call, call.query, item.head, query_row);
        copy_rows(gradients, kTile, kBackwardThreads, call, call.outputGradient, item.head,
                  query_row);
        int firstQuery = first + warpRow;
        Query own[2];
        SavedRow saved[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            own[half] = query_at(call, item, firstQuery + lane_row() + half * 8);
            saved[half] = saved_row(call, own[half], item.head);
        }
        int end = band_end(item, first);
        for (int firstKey = band_begin(item, first); firstKey < end; firstKey += kTile) {
            auto token = [&](int r) { return band_key(call, item, firstKey + r); };
            copy_rows(keys, kTile, kBackwardThreads, call, call.key, item.head, token);
            copy_rows(values, kTile, kBackwardThreads, call, call.value, item.head, token);
            if (threadIdx.x < kTile) {
                live.set(0, token(static_cast<int>(threadIdx.x)) >= 0);
            }
            copy_commit();
            copy_wait<0>();
            __syncthreads();
            int from = firstQuery - item.left - firstKey;
            int to = least(firstQuery + kGranule + item.right - firstKey, kTile);
            Dropout dropout(call, item);
            QueryTile tile{call, item, own, saved, live, 0, true, firstQuery, firstKey};
#pragma unroll 1
            for (int g = from < 0 ? 0 : from / kGranule * kGranule; g < to; g += kGranule) {
                float scores[2][4];
                float products[2][4];
                row_products<E, D>(scores, queries, warpRow, keys, g);
                row_products<E, D>(products, gradients, warpRow, values, g);
                tile.gradients(scores, products, g, dropout, bias, token);
#pragma unroll
                for (int n = 0; n < 2; n++) {
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        panel[(warpRow + lane_row() + (i >> 1) * 8) * kPanelPitch + g + n * 8 +
                              lane_column() + (i & 1)] = products[n][i];
                    }
                }
            }
            __syncthreads();
            add_diagonals(call, item, panel, kPanelPitch, first, firstKey);
            __syncthreads();
        }
    }
}

template <class E, int D>
__device__ void mma_backward_keys(const Call &call) {
    __shared__ LiveBits live;
    __shared__ SavedRow saved[kStages][kTile];
    const Item item = call.items[blockIdx.x];
    bool band = item.part < 0;
    auto *memory = reinterpret_cast<unsigned short *>(dynamic_shared());
    Rows<D> keys{memory};
    Rows<D> values{memory + kTile * D};
    auto queries = [&](int stage) { return Rows<D>{memory + (2 + stage * 2) * kTile * D}; };
    auto gradients = [&](int stage) { return Rows<D>{memory + (3 + stage * 2) * kTile * D}; };
    int warpRow = (threadIdx.x >> 5) * kGranule;
    int firstKey = item.first + warpRow;
    int count = tiles(item.otherEnd - item.otherFirst);

    auto key_token = [&](int r) {
        int at = item.first + r;
        return band ? band_key(call, item, at) : global_key(call, item, at);
    };
    auto start = [&](int t) {
        int stage = t % kStages;
        int first = item.otherFirst + t * kTile;
        auto row = [&](int r) {
            if (first + r >= item.otherEnd) {
                return -1;
            }
            Query query = query_at(call, item, first + r);
            return query.live ? query.row : -1;
        };
        copy_rows(queries(stage), kTile, kBackwardThreads, call, call.query, item.head, row);
        copy_rows(gradients(stage), kTile, kBackwardThreads, call, call.outputGradient, item.head,
                  row);
        if (threadIdx.x < kTile) {
            int r = static_cast<int>(threadIdx.x);
            Query query = query_at(call, item, first + r);
            query.live = query.live && first + r < item.otherEnd;
            saved[stage][r] = saved_row(call, query, item.head);
            live.set(stage, query.live);
        }
    };
    copy_rows(keys, kTile, kBackwardThreads, call, call.key, item.head, key_token);
    copy_rows(values, kTile, kBackwardThreads, call, call.value, item.head, key_token);
    if (count > 0) {
        start(0);
    }
    copy_commit();

    // The lane's two rows are keys here, and its columns queries.
    int own[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        own[half] = key_token(warpRow + lane_row() + half * 8);
    }
    OffsetBias bias(call, item);
    bool anyone = __any_sync(kAllLanes, own[0] >= 0 || own[1] >= 0) != 0;
    float keySum[D / 8][4];
    float valueSum[D / 8][4];
    clear_sums<D>(keySum);
    clear_sums<D>(valueSum);

    for (int t = 0; t < count; t++) {
        int stage = t % kStages;
        if (t + 1 < count) {
            start(t + 1);
            copy_commit();
            copy_wait<1>();
        } else {
            copy_wait<0>();
        }
        __syncthreads();
        int firstQuery = item.otherFirst + t * kTile;
        int from = band ? firstKey - item.right - firstQuery : 0;
        int to = band ? firstKey + kGranule + item.left - firstQuery : kTile;
        from = from < 0 ? 0 : from / kGranule * kGranule;
        to = least(to, kTile);
        Dropout dropout(call, item);
#pragma unroll 1
        for (int g = from; anyone && g < to; g += kGranule) {
            float scores[2][4];
            float products[2][4];
            row_products<E, D>(scores, keys, warpRow, queries(stage), g);
            row_products<E, D>(products, values, warpRow, gradients(stage), g);
            unsigned kept = 0;
            if (call.samples != nullptr) {
#pragma unroll 1
                for (int n = 0; n < 8; n++) {
                    int r = g + (n >> 1 & 1) * 8 + lane_column() + (n & 1);
                    int key = n < 4 ? own[0] : own[1];
                    kept |= static_cast<unsigned>(
                                dropout.keeps(token_at(item, firstQuery + r) - item.start,
                                              key - item.start))
                            << n;
                }
                __syncwarp();
            }
#pragma unroll
            for (int n = 0; n < 2; n++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    int half = i >> 1;
                    int r = g + n * 8 + lane_column() + (i & 1);
                    bool sees = own[half] >= 0 && live.has(stage, r);
                    if (band) {
                        sees = sees && in_window(item, firstQuery + r,
                                                 firstKey + lane_row() + half * 8);
                    } else {
                        sees = sees && sees_global(call, token_at(item, firstQuery + r), own[half]);
                    }
                    scores[n][i] = bias.score(scores[n][i], band, item, firstQuery + r,
                                              firstKey + lane_row() + half * 8);
                    to_gradient(scores[n][i], products[n][i], sees,
                                kept >> (half * 4 + n * 2 + (i & 1)) & 1, saved[stage][r], call,
                                bias.slope());
                }
            }
            weigh_rows<E, D>(valueSum, scores, gradients(stage), g);
            weigh_rows<E, D>(keySum, products, queries(stage), g);
        }
        __syncthreads();
    }

    if (!band) {
        float *part = call.partial + item.part * 2LL * kTile * call.headSize;
#pragma unroll
        for (int n = 0; n < D / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int r = warpRow + lane_row() + (i >> 1) * 8;
                int d = n * 8 + lane_column() + (i & 1);
                if (d < call.headSize) {
                    part[r * call.headSize + d] = keySum[n][i] * call.scale;
                    part[(kTile + r) * call.headSize + d] = valueSum[n][i];
                }
            }
        }
        return;
    }
    // Gradients of global keys are written by the sum of their parts, those of masked ones are zero.
    auto row = [&](int r) {
        int position = firstKey + r;
        if (position >= item.length) {
            return -1;
        }
        int token = token_at(item, position);
        return call.roles[token] == kGlobal ? -1 : token;
    };
    float scale[2] = {call.scale, call.scale};
    float one[2] = {1, 1};
    write_rows<E, D>(keySum, call, call.keyGradient, item.head, scale, row);
    write_rows<E, D>(valueSum, call, call.valueGradient, item.head, one, row);
}

}  // namespace longspan
