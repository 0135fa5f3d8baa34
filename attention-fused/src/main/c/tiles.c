/*
 * Tiles of attention with products of bfloat16: 64 queries against up to 64 keys, float32 sums and
 * softmax. The Java side walks the tiles and says who sees whom; see HalfTiles.java.
 *
 * One instruction, vdpbf16ps, multiplies two neighbouring components at once, so everything it
 * reads lies in pairs: queries by component [D/2][64], keys by key [64][D/2], values by pair of keys
 * [32][D], probabilities likewise [32][64]. D is the head size filled with zeros to a multiple of 16.
 */
#include <immintrin.h>
#include <stdint.h>

enum { SIZE = 64, LANES = 16, VECTORS = SIZE / LANES, PAIRS = SIZE / 2 };

/* A score above the cut by more than this moves the cut: 2^8.66 = e^6, as in TileRows.SLACK. */
static const float SLACK = 8.65617f;
/* A score that nobody sees: finite, so that a difference with it is no NaN, and so far below the cut
   of a query that has seen nothing (-1e30, see HalfScratch.java) that its power is zero. */
static const float UNSEEN = -1e36f;

#define EXPORT __attribute__((visibility("default")))
#define SMALL static inline __attribute__((always_inline))

EXPORT int longspan_tiles_ready(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512bf16");
}

#pragma GCC target("avx512f,avx512bw,avx512bf16")

SMALL __m512bh halves(const uint32_t *at) { return (__m512bh)_mm512_loadu_si512(at); }
SMALL __m512bh twice(const uint32_t *at) { return (__m512bh)_mm512_set1_epi32((int)*at); }

/* Of two vectors, lane by lane: the first rounded into the low half, the second into the high. */
SMALL __m512i paired(__m512 low, __m512 high) {
    const __m512i order = _mm512_set_epi16(
            31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8,
            23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

/* 2^x within 1e-4, a twentieth of what rounding to bfloat16 does to it; 0 far below. */
SMALL __m512 power(__m512 x) {
    __m512 whole = _mm512_roundscale_ps(x, 8);
    __m512 rest = _mm512_sub_ps(x, whole);
    __m512 y = _mm512_fmadd_ps(rest, _mm512_set1_ps(0.05582632f), _mm512_set1_ps(0.24015362f));
    y = _mm512_fmadd_ps(rest, y, _mm512_set1_ps(0.69314718f));
    y = _mm512_fmadd_ps(rest, y, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(y, whole);
}

SMALL __mmask16 below(int count) {
    return count >= LANES ? (__mmask16)0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1);
}

SMALL __m512 part(const float *row, int at, int size) {
    return row ? _mm512_maskz_loadu_ps(below(size - at), row + at) : _mm512_setzero_ps();
}

/* Queries by pairs of components: [padded / 2][64]. A null row is zeros. */
EXPORT void longspan_tiles_queries(const float *const *rows, int size, int padded, uint32_t *to) {
    uint32_t line[LANES / 2];
    for (int q = 0; q < SIZE; q++) {
        for (int d = 0; d < padded; d += LANES) {
            _mm256_storeu_si256((__m256i *)line, (__m256i)_mm512_cvtneps_pbh(part(rows[q], d, size)));
            for (int i = 0; i < LANES / 2; i++) {
                to[(d / 2 + i) * SIZE + q] = line[i];
            }
        }
    }
}

/* Keys as they are, rounded: [64][padded / 2]. A null row is zeros. */
EXPORT void longspan_tiles_keys(const float *const *rows, int size, int padded, uint32_t *to) {
    for (int k = 0; k < SIZE; k++) {
        for (int d = 0; d < padded; d += LANES) {
            _mm256_storeu_si256(
                    (__m256i *)(to + k * (padded / 2) + d / 2),
                    (__m256i)_mm512_cvtneps_pbh(part(rows[k], d, size)));
        }
    }
}

/* Values by pairs of keys: [32][padded]. A null row is zeros. */
EXPORT void longspan_tiles_values(const float *const *rows, int size, int padded, uint32_t *to) {
    for (int k = 0; k < SIZE; k += 2) {
        for (int d = 0; d < padded; d += LANES) {
            _mm512_storeu_si512(
                    to + k / 2 * padded + d, paired(part(rows[k], d, size), part(rows[k + 1], d, size)));
        }
    }
}

/* Output rows times their factors, to the caller's memory; a factor of 0 writes zeros whatever was
   summed, NaN too. A null row is skipped. */
EXPORT void longspan_tiles_store(
        const float *out, const float *factors, float *const *rows, int size, int padded) {
    for (int q = 0; q < SIZE; q++) {
        for (int d = 0; d < size && rows[q]; d += LANES) {
            __m512 x = factors[q] == 0
                    ? _mm512_setzero_ps()
                    : _mm512_mul_ps(_mm512_loadu_ps(out + q * padded + d), _mm512_set1_ps(factors[q]));
            _mm512_mask_storeu_ps(rows[q] + d, below(size - d), x);
        }
    }
}

/* Scores of `keys` keys and `vectors` vectors of queries: at most 24 sums, they stay in registers. */
SMALL void products(
        int keys, int vectors, const uint32_t *query, const uint32_t *key, int pairs, float *scores) {
    __m512 sums[6][VECTORS];
    for (int i = 0; i < keys; i++)
        for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_setzero_ps();
    for (int d = 0; d < pairs; d++) {
        __m512bh column[VECTORS];
        for (int v = 0; v < vectors; v++) column[v] = halves(query + d * SIZE + v * LANES);
        for (int i = 0; i < keys; i++) {
            __m512bh both = twice(key + i * pairs + d);
            for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_dpbf16_ps(sums[i][v], column[v], both);
        }
    }
    for (int i = 0; i < keys; i++)
        for (int v = 0; v < vectors; v++) _mm512_storeu_ps(scores + i * SIZE + v * LANES, sums[i][v]);
}

static void score(
        int keys, int vectors, const uint32_t *query, const uint32_t *key, int pairs, float *scores) {
    switch (keys * 8 + vectors) {
        case 6 * 8 + 4: products(6, 4, query, key, pairs, scores); break;
        case 6 * 8 + 3: products(6, 3, query, key, pairs, scores); break;
        case 6 * 8 + 2: products(6, 2, query, key, pairs, scores); break;
        case 6 * 8 + 1: products(6, 1, query, key, pairs, scores); break;
        case 4 * 8 + 4: products(4, 4, query, key, pairs, scores); break;
        case 4 * 8 + 3: products(4, 3, query, key, pairs, scores); break;
        case 4 * 8 + 2: products(4, 2, query, key, pairs, scores); break;
        case 4 * 8 + 1: products(4, 1, query, key, pairs, scores); break;
    }
}

/* Adds probabilities times values to `rows` rows of the output, `vectors` vectors of each. */
SMALL void sums(
        int rows, int vectors, const uint32_t *weights, const uint32_t *value, int from, int to,
        int padded, float *out) {
    __m512 all[6][VECTORS];
    for (int i = 0; i < rows; i++)
        for (int v = 0; v < vectors; v++) all[i][v] = _mm512_loadu_ps(out + i * padded + v * LANES);
    for (int k = from; k < to; k++) {
        __m512bh line[VECTORS];
        for (int v = 0; v < vectors; v++) line[v] = halves(value + k * padded + v * LANES);
        for (int i = 0; i < rows; i++) {
            __m512bh both = twice(weights + k * SIZE + i);
            for (int v = 0; v < vectors; v++) all[i][v] = _mm512_dpbf16_ps(all[i][v], line[v], both);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int v = 0; v < vectors; v++) _mm512_storeu_ps(out + i * padded + v * LANES, all[i][v]);
}

static void gather(
        int rows, const uint32_t *weights, const uint32_t *value, int from, int to, int padded,
        float *out) {
    int d = 0;
    for (; d + SIZE <= padded; d += SIZE) {
        if (rows == 6) sums(6, 4, weights, value + d, from, to, padded, out + d);
        else sums(4, 4, weights, value + d, from, to, padded, out + d);
    }
    for (; d < padded; d += LANES) {
        if (rows == 6) sums(6, 1, weights, value + d, from, to, padded, out + d);
        else sums(4, 1, weights, value + d, from, to, padded, out + d);
    }
}

/* The keys, from an even one on, that any query of a vector sees. */
static void range(int keys, const int *first, const int *end, int lane, int *from, int *to) {
    int low = keys, high = 0;
    for (int k = 0; k < keys; k++) {
        if (first[k] < lane + LANES && end[k] > lane && first[k] < end[k]) {
            low = k < low ? k : low;
            high = k + 1;
        }
    }
    *from = low < high ? low & ~1 : 0;
    *to = low < high ? (high + 1) & ~1 : 0;
}

/* Scores to probabilities for one vector of queries; moves the cut where a score is far above it. */
static void softmax(
        const float *scores, float scale, int from, int to, uint32_t *weights, float *out, int padded,
        float *cut, float *sum) {
    const __m512 unit = _mm512_set1_ps(scale);
    __m512 top = _mm512_loadu_ps(scores + from * SIZE);
    for (int k = from + 1; k < to; k++) top = _mm512_max_ps(top, _mm512_loadu_ps(scores + k * SIZE));
    top = _mm512_mul_ps(top, unit);
    __m512 level = _mm512_loadu_ps(cut);
    __m512 total = _mm512_loadu_ps(sum);
    __mmask16 raised =
            _mm512_cmp_ps_mask(top, _mm512_add_ps(level, _mm512_set1_ps(SLACK)), _CMP_GT_OQ);
    if (raised) {
        float shrink[LANES];
        __m512 factor = power(_mm512_maskz_sub_ps(raised, level, top));
        level = _mm512_mask_mov_ps(level, raised, top);
        total = _mm512_mul_ps(total, factor);
        _mm512_storeu_ps(cut, level);
        _mm512_storeu_ps(shrink, factor);
        for (int i = 0; i < LANES; i++) {
            for (int d = 0; d < padded && (raised >> i & 1); d += LANES) {
                float *at = out + i * padded + d;
                _mm512_storeu_ps(at, _mm512_mul_ps(_mm512_loadu_ps(at), _mm512_set1_ps(shrink[i])));
            }
        }
    }
    __m512 other = _mm512_setzero_ps();
    for (int k = from; k < to; k += 2) {
        __m512 even = power(_mm512_fmsub_ps(_mm512_loadu_ps(scores + k * SIZE), unit, level));
        __m512 odd = power(_mm512_fmsub_ps(_mm512_loadu_ps(scores + (k + 1) * SIZE), unit, level));
        total = _mm512_add_ps(total, even);
        other = _mm512_add_ps(other, odd);
        _mm512_storeu_si512(weights + k / 2 * SIZE, paired(even, odd));
    }
    _mm512_storeu_ps(sum, _mm512_add_ps(total, other));
}

/*
 * One tile. `scale` leads to binary exponents; it comes after the products, so that whole numbers stay
 * exact. `first` and `end`: per key the queries that see it; null when all see all. `cut`, `sum`: per
 * query, the softmax so far. `out`: [64][padded].
 */
EXPORT void longspan_tiles_tile(
        const uint32_t *query, const uint32_t *key, const uint32_t *value, float *out, float *cut,
        float *sum, float scale, int padded, int keys, const int *first, const int *end) {
    _Alignas(64) float scores[SIZE * SIZE];
    _Alignas(64) uint32_t weights[PAIRS * SIZE];
    int pairs = padded / 2;
    for (int k = 0, step; k < keys; k += step) {
        step = keys - k > 4 ? 6 : 4;
        int low = first ? SIZE : 0, high = first ? 0 : SIZE;
        for (int i = k; first && i < keys && i < k + step; i++) {
            if (first[i] < end[i]) {
                low = first[i] < low ? first[i] : low;
                high = end[i] > high ? end[i] : high;
            }
        }
        if (low < high) {
            int lane = low / LANES * LANES;
            int vectors = (high - lane + LANES - 1) / LANES;
            score(step, vectors, query + lane, key + k * pairs, pairs, scores + k * SIZE + lane);
        }
    }
    int from[VECTORS], to[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        int lane = v * LANES;
        from[v] = 0;
        to[v] = (keys + 1) & ~1;
        if (first) {
            range(keys, first, end, lane, &from[v], &to[v]);
            __m512i index = _mm512_add_epi32(
                    _mm512_set1_epi32(lane),
                    _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
            for (int k = from[v]; k < to[v] && k < keys; k++) {
                __mmask16 sees = _mm512_cmpge_epi32_mask(index, _mm512_set1_epi32(first[k]))
                        & _mm512_cmplt_epi32_mask(index, _mm512_set1_epi32(end[k]));
                float *at = scores + k * SIZE + lane;
                _mm512_storeu_ps(
                        at, _mm512_mask_mov_ps(_mm512_set1_ps(UNSEEN), sees, _mm512_loadu_ps(at)));
            }
        }
        if (to[v] > keys) _mm512_storeu_ps(scores + keys * SIZE + lane, _mm512_set1_ps(UNSEEN));
        for (int p = 0; p < (keys + 1) / 2; p++) {
            if (2 * p < from[v] || 2 * p >= to[v]) {
                _mm512_storeu_si512(weights + p * SIZE + lane, _mm512_setzero_si512());
            }
        }
        if (from[v] < to[v]) {
            softmax(scores + lane, scale, from[v], to[v], weights + lane, out + lane * padded, padded,
                    cut + lane, sum + lane);
        }
    }
    for (int q = 0; q < SIZE; q += 6) {
        int rows = q + 6 <= SIZE ? 6 : 4;
        int a = q / LANES, b = (q + rows - 1) / LANES;
        int low = from[a], high = to[a];
        if (from[b] < to[b]) {
            low = low < high && low < from[b] ? low : from[b];
            high = high > to[b] ? high : to[b];
        }
        if (low < high) {
            gather(rows, weights + q, value, low / 2, high / 2, padded, out + q * padded);
        }
    }
}
