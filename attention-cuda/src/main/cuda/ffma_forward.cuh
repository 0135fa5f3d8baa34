// Forward pass of a tile of 64 queries in float32 arithmetic.
#pragma once
#include <ffma.cuh>

namespace longspan {

template <class E, int D>
__device__ void ffma_forward(const Call &call) {
    __shared__ FfmaTile tile;
    const Item &item = take_item(tile, call, blockIdx.x);
    bool allLive = take_queries(tile, call, item, item.first);
    Running running[kRows];
    float output[D / kChunk<D>][kRows][kChunk<D> / 16];
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
        clear(output[chunk]);
    }
    int row = first_row();
    int column = first_column();

    OffsetBias bias(call, item);
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
        tile_products<E, D>(scores, tile, call, item.head, call.query, call.key);
        unsigned kept = call.samples != nullptr ? kept_places(call, tile) : 0;
        bool inside = is_inside(item, allLive, keys, band, item.first, firstKey);
        Sight sees{tile, call, band, item.first, firstKey, inside};
#pragma unroll
        for (int i = 0; i < kRows; i++) {
            float top = kUnseen;
#pragma unroll
            for (int j = 0; j < kColumns; j++) {
                scores[i][j] =
                    sees(row + i, column + j)
                        ? bias.score(scores[i][j], band, item, item.first + row + i,
                                     firstKey + column + j)
                        : bits_float(0xFF800000u);
                top = fmaxf(top, scores[i][j]);
            }
#pragma unroll
            for (int step = 8; step > 0; step /= 2) {
                top = fmaxf(top, __shfl_xor_sync(0xFFFFFFFFu, top, step));
            }
            float shrink = running[i].raise(top, bias.slope());
#pragma unroll
            for (int j = 0; j < kColumns; j++) {
                scores[i][j] = power(scores[i][j], bias.slope(), running[i].cut);
                running[i].sum += scores[i][j];
            }
            if (call.samples != nullptr) {
#pragma unroll
                for (int j = 0; j < kColumns; j++) {
                    scores[i][j] *= kept >> (i * kColumns + j) & 1 ? call.keepScale : 0.0f;
                }
            }
#pragma unroll
            for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
#pragma unroll
                for (int j = 0; j < kChunk<D> / 16; j++) {
                    output[chunk][i][j] *= shrink;
                }
            }
        }
        __syncthreads();
        put_weights<true>(tile, scores);
        gather<E, D>(output, tile, call, call.value, item.head, tile.keyToken, nullptr);
    }

    float inverse[kRows];
#pragma unroll
    for (int i = 0; i < kRows; i++) {
        float sum = running[i].sum;
#pragma unroll
        for (int step = 8; step > 0; step /= 2) {
            sum += __shfl_xor_sync(0xFFFFFFFFu, sum, step);
        }
        inverse[i] = sum > 0 ? 1 / sum : 0.0f;
        if ((threadIdx.x & 15) == 0 && tile.queryRow[row + i] >= 0) {
            write_row(call, tile.queryRow[row + i], item.head, running[i].cut, sum);
        }
    }
    // A row that sees nothing was never added to: it is zero.
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
#pragma unroll
        for (int i = 0; i < kRows; i++) {
#pragma unroll
            for (int j = 0; j < kChunk<D> / 16; j++) {
                output[chunk][i][j] *= inverse[i];
            }
        }
    }
    each_gathered<D>(output, [&](int r, int d, float number) {
        if (tile.queryRow[r] >= 0 && d < call.headSize) {
            row_of<E>(call.output, tile.queryRow[r], item.head)[d] = E::store(number);
        }
    });
}

}  // namespace longspan
