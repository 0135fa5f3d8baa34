// Tiles, positions and who sees whom.
#pragma once
#include <call.cuh>

namespace longspan {

// Rows of a tile of keys, and of queries but for the tensor cores' forward pass.
constexpr int kTile = 64;

__device__ inline int least(int a, int b) { return a < b ? a : b; }

__device__ inline int tiles(int count) { return (count + kTile - 1) / kTile; }

__device__ inline int token_at(const Item &item, int position) {
    return item.start + item.residue + position * item.dilation;
}

// A query of a tile.
struct Query {
    int token;
    int row;    // in the output, -1 when it is not wanted or there is none
    bool live;  // wanted and LOCAL: it sees
};

__device__ inline Query query_at(const Call &call, const Item &item, int position) {
    if (position >= item.length) {
        return {0, -1, false};
    }
    int token = token_at(item, position);
    int row = call.rowOf == nullptr ? token : call.rowOf[token];
    return {token, row, row >= 0 && call.roles[token] == kLocal};
}

// The keys that a tile of queries visits, in tiles: first the sequence's global ones, then the band.
struct KeyWalk {
    int globalTiles;
    int count;

    __device__ explicit KeyWalk(const Item &item)
        : globalTiles(tiles(item.globalCount)),
          count(globalTiles + tiles(item.otherEnd - item.otherFirst)) {}

    __device__ bool is_band(int tile) const { return tile >= globalTiles; }

    // Position of the first key of a tile, or its index among the globals.
    __device__ int first(const Item &item, int tile) const {
        return is_band(tile) ? item.otherFirst + (tile - globalTiles) * kTile : tile * kTile;
    }
};

// Packed index of a key of the band that may be seen there, or -1: global ones are seen elsewhere.
__device__ inline int band_key(const Call &call, const Item &item, int position) {
    if (position >= item.length) {
        return -1;
    }
    int token = token_at(item, position);
    return call.roles[token] == kLocal ? token : -1;
}

// Packed index of a global key, or -1.
__device__ inline int global_key(const Call &call, const Item &item, int index) {
    return index < item.globalCount ? call.globals[item.firstGlobal + index] : -1;
}

__device__ inline bool in_window(const Item &item, int query, int key) {
    int step = key - query;
    return step >= -item.left && step <= item.right;
}

__device__ inline bool sees_global(const Call &call, int queryToken, int keyToken) {
    return call.causal == 0 || keyToken <= queryToken;
}

}  // namespace longspan
