// Backward pass in float32 arithmetic: one kernel owns queries, the other keys. Both recompute the
// probabilities; nobody adds to memory of another, so a run repeats to the bit.
#pragma once
#include <ffma.cuh>

namespace longspan {

// Turns raw products into probabilities after dropout and gradients of scores.
__device__ inline void to_gradients(float (&scores)[kRows][kColumns],
                                    float (&products)[kRows][kColumns], const Sight &sees) {
    const Call &call = sees.call;
    const FfmaTile &tile = sees.tile;
    OffsetBias bias(call, tile.item);
    int row = first_row();
    int column = first_column();
    unsigned kept = call.samples != nullptr ? kept_places(call, tile) : ~0u;
    float keep = call.samples != nullptr ? call.keepScale : 1.0f;
#pragma unroll
    for (int i = 0; i < kRows; i++) {
        // Read anew for each tile: registers are scarcer than reads of a cached line.
        SavedRow saved = saved_row(
            call, {tile.queryToken[row + i], tile.queryRow[row + i], tile.queryLive[row + i]},
            tile.item.head);
#pragma unroll
        for (int j = 0; j < kColumns; j++) {
            float probability = 0;
            float gradient = 0;
            if (sees(row + i, column + j)) {
                float factor = kept >> (i * kColumns + j) & 1 ? keep : 0.0f;
                float score = bias.score(scores[i][j], sees.band, tile.item,
                                         sees.firstQuery + row + i, sees.firstKey + column + j);
                probability = power(score, bias.slope(), saved.cut) * saved.inverse;
                gradient = probability * fmaf(products[i][j], factor, -saved.delta);
                probability *= factor;
            }
            scores[i][j] = probability;
            products[i][j] = gradient;
        }
    }
}

// Gradients of 64 queries.
template <class E, int D>
__device__ void ffma_backward_queries(const Call &call) {
    __shared__ FfmaTile tile;
    const Item &item = take_item(tile, call, blockIdx.x);
    bool allLive = take_queries(tile, call, item, item.first);
    float sum[D / kChunk<D>][kRows][kChunk<D> / 16];
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
        clear(sum[chunk]);
    }

    KeyWalk walk(item);
    for (int t = 0; t < walk.count; t++) {
        __syncthreads();
        bool band = walk.is_band(t);
        int firstKey = walk.first(item, t);
        Keys keys = take_keys(tile, call, item, band, firstKey);
        if (keys == Keys::None) {
            continue;
        }
        float scores[kRows][kColumns];
        float products[kRows][kColumns];
        tile_products<E, D>(scores, tile, call, item.head, call.query, call.key);
        tile_products<E, D>(products, tile, call, item.head, call.outputGradient, call.value);
        bool inside = is_inside(item, allLive, keys, band, item.first, firstKey);
        to_gradients(scores, products, {tile, call, band, item.first, firstKey, inside});
        __syncthreads();
        put_weights<true>(tile, products);
        gather<E, D>(sum, tile, call, call.key, item.head, tile.keyToken, nullptr);
    }
    each_gathered<D>(sum, [&](int r, int d, float number) {
        if (tile.queryRow[r] >= 0 && d < call.headSize) {
            row_of<E>(call.queryGradient, tile.queryRow[r], item.head)[d] =
                E::store(number * call.scale);
        }
    });
}

// A stretch of queries' part of the gradient of the bias.
template <class E, int D>
__device__ void ffma_backward_bias(const Call &call) {
    __shared__ FfmaTile tile;
    const Item &item = take_item(tile, call, blockIdx.x);
    clear_bias(call, item, kFfmaThreads);
    for (int first = item.first; first < item.otherEnd; first += kTile) {
        __syncthreads();
        bool allLive = take_queries(tile, call, item, first);
        int end = band_end(item, first);
        for (int firstKey = band_begin(item, first); firstKey < end; firstKey += kTile) {
            __syncthreads();
            Keys keys = take_keys(tile, call, item, true, firstKey);
            if (keys == Keys::None) {
                continue;
            }
            float scores[kRows][kColumns];
            float products[kRows][kColumns];
            tile_products<E, D>(scores, tile, call, item.head, call.query, call.key);
            tile_products<E, D>(products, tile, call, item.head, call.outputGradient, call.value);
            bool inside = is_inside(item, allLive, keys, true, first, firstKey);
            to_gradients(scores, products, {tile, call, true, first, firstKey, inside});
            __syncthreads();
            put_weights<false>(tile, products);
            __syncthreads();
            add_diagonals(call, item, tile.a[0], kPitch, first, firstKey);
        }
    }
}

// Blocks per tile of keys: for large heads the sums of keys and of values do not fit into a thread's
// registers together, so one block makes either.
template <int D>
constexpr int kKeyBlocks = D > kTile ? 2 : 1;

template <int D>
using Gathered = float[D / kChunk<D>][kRows][kChunk<D> / 16];

// Writes what a block gathered for its keys.
template <class E, int D>
__device__ inline void write_keys(const Gathered<D> &sum, const Call &call, const Item &item,
                                  const View &view, int half, float factor) {
    if (item.part >= 0) {
        float *part = call.partial + (item.part * 2LL + half) * kTile * call.headSize;
        each_gathered<D>(sum, [&](int r, int d, float number) {
            if (d < call.headSize) {
                part[r * call.headSize + d] = number * factor;
            }
        });
        return;
    }
    // Gradients of global keys are written by the sum of their parts, those of masked ones are zero.
    each_gathered<D>(sum, [&](int r, int d, float number) {
        if (item.first + r < item.length && d < call.headSize) {
            int token = token_at(item, item.first + r);
            if (call.roles[token] != kGlobal) {
                row_of<E>(view, token, item.head)[d] = E::store(number * factor);
            }
        }
    });
}

// Gradients of 64 keys: neighbours in a strip, or global ones whose sum over a stretch of queries
// is a part of the whole.
template <class E, int D, bool ofKeys, bool ofValues>
__device__ void ffma_key_sums(FfmaTile &tile, const Call &call, const Item &item) {
    bool band = item.part < 0;
    Gathered<D> keySum;
    Gathered<D> valueSum;
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
        clear(keySum[chunk]);
        clear(valueSum[chunk]);
    }
    Keys keys = take_keys(tile, call, item, band, item.first);

    for (int first = item.otherFirst; keys != Keys::None && first < item.otherEnd; first += kTile) {
        __syncthreads();
        bool allLive = take_queries(tile, call, item, first);
        float scores[kRows][kColumns];
        float products[kRows][kColumns];
        tile_products<E, D>(scores, tile, call, item.head, call.query, call.key);
        if (ofKeys) {
            tile_products<E, D>(products, tile, call, item.head, call.outputGradient, call.value);
        } else {
            clear(products);
        }
        bool inside = is_inside(item, allLive, keys, band, first, item.first);
        to_gradients(scores, products, {tile, call, band, first, item.first, inside});
        if (ofValues) {
            __syncthreads();
            put_weights<false>(tile, scores);
            gather<E, D>(valueSum, tile, call, call.outputGradient, item.head, tile.queryRow,
                         tile.queryLive);
        }
        if (ofKeys) {
            __syncthreads();
            put_weights<false>(tile, products);
            gather<E, D>(keySum, tile, call, call.query, item.head, tile.queryRow, tile.queryLive);
        }
    }
    if (ofKeys) {
        write_keys<E, D>(keySum, call, item, call.keyGradient, 0, call.scale);
    }
    if (ofValues) {
        write_keys<E, D>(valueSum, call, item, call.valueGradient, 1, 1.0f);
    }
}

template <class E, int D>
__device__ void ffma_backward_keys(const Call &call) {
    __shared__ FfmaTile tile;
    const Item &item = take_item(tile, call, blockIdx.x / kKeyBlocks<D>);
    if constexpr (kKeyBlocks<D> == 1) {
        ffma_key_sums<E, D, true, true>(tile, call, item);
    } else if (blockIdx.x % 2 == 0) {
        ffma_key_sums<E, D, true, false>(tile, call, item);
    } else {
        ffma_key_sums<E, D, false, true>(tile, call, item);
    }
}

}  // namespace longspan
