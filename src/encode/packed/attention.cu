// Attention within packed sequences of unequal length, fused: scores, softmax and the product
// with the values never leave the chip.
//
// One block computes one tile of queries of one head of one sequence. It walks over the keys
// tile by tile and keeps, for every query, the largest score so far, the sum of the exponentials
// and the weighted sum of values, all in f32, rescaled when the largest score grows (online
// softmax: Milakov & Gimelshein 2018, arXiv:1805.02867; tiling: Dao et al. 2022,
// arXiv:2205.14135, loop order of Dao 2023, arXiv:2307.08691).
//
// joined  n x 3 width: query, key and value of every token side by side, heads side by side
// starts  first token of every sequence, and behind the last the number of tokens
// out     n x width
// factor  log2(e) / sqrt(size of a head), because exponentials are taken to base 2
// grid    (tiles of the longest sequence, heads, sequences)
//
// Keys past the end of a sequence score minus infinity, and their values are zero rather than
// what lies in memory there; every tile that is visited holds a real key, so no row is ever
// without a finite score and nothing becomes NaN by itself.
//
// Halves use the tensor cores by `mma.m16n8k16` (sm_80 and later). Its fragments, with
// g = lane / 4 and t = lane % 4, two halves to a register:
//   A 16 x 16  a0 (g, 2t)  a1 (g + 8, 2t)  a2 (g, 2t + 8)  a3 (g + 8, 2t + 8)
//   B 16 x 8   b0 (2t, g)  b1 (2t + 8, g)
//   C 16 x 8   c0, c1 (g, 2t)  c2, c3 (g + 8, 2t)
// so scores lie where the next product wants its A.
//
// The file needs no header. Compiled for the host with ON_HOST it takes its primitives from
// tests/cuda/emulate.h, which runs it thread by thread; packed/attention_reference.rs is the same algorithm in
// Rust. The constants below must equal those of attention_reference.rs; a test compares them.

constexpr int QUERIES = 64;
constexpr int KEYS = 64;
constexpr int QUERIES_F32 = 16;
constexpr int KEYS_F32 = 32;

constexpr int LANES = 32;
constexpr int WARPS = 4;
constexpr int THREADS = WARPS * LANES;
// Halves between two rows in shared memory, so that eight rows fall into different banks.
constexpr int PAD = 8;
constexpr int QUERIES_PER_WARP = QUERIES / WARPS;
constexpr int ROWS_F32 = QUERIES_F32 / WARPS;
static_assert(QUERIES_PER_WARP == 16, "a warp computes one row of fragments");
static_assert(KEYS_F32 == LANES, "a lane scores one key");

typedef unsigned int word;       // two halves
typedef unsigned short half_bits;

#ifndef ON_HOST
#define DEVICE __device__ __forceinline__
#define SHARED __shared__ __align__(16)
#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS)

DEVICE void sync() { __syncthreads(); }
DEVICE float shuffle_xor(float x, int mask) { return __shfl_xor_sync(0xffffffffu, x, mask); }
DEVICE float shuffle(float x, int lane) { return __shfl_sync(0xffffffffu, x, lane); }

// Four 8 x 8 blocks of halves, each turned over on the way: lane l names row l % 8 of block
// l / 8, and of block i gets the halves (2t, g) and (2t + 1, g) in to[i].
DEVICE void load_turned(word (&to)[4], const half_bits *row) {
  const word address = static_cast<word>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address)
               : "memory");
}

struct F16 {
  static DEVICE word pack(float low, float high) {
    word packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
  }
  // c += a b
  static DEVICE void multiply(float (&c)[4], const word (&a)[4], word b0, word b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  }
};

struct Bf16 {
  static DEVICE word pack(float low, float high) {
    word packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
  }
  static DEVICE void multiply(float (&c)[4], const word (&a)[4], word b0, word b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  }
};
#endif

// e^x to base 2 of minus infinity is 0, which both kernels rely on.
#define MINUS_INFINITY (-__builtin_inff())

DEVICE float sum_of_quad(float x) {
  x += shuffle_xor(x, 1);
  return x + shuffle_xor(x, 2);
}

DEVICE float max_of_quad(float x) {
  x = fmaxf(x, shuffle_xor(x, 1));
  return fmaxf(x, shuffle_xor(x, 2));
}

template <class T, int SIZE>
DEVICE void attend_halves(const half_bits *joined, const unsigned int *starts, half_bits *out,
                          int width, float factor) {
  constexpr int STRIDE = SIZE + PAD;
  constexpr int CHUNK = 8; // halves in one 16-byte load
  SHARED half_bits keys[KEYS * STRIDE];
  SHARED half_bits values[KEYS * STRIDE];

  const unsigned int first = starts[blockIdx.z];
  const int length = static_cast<int>(starts[blockIdx.z + 1] - first);
  const int top = blockIdx.x * QUERIES;
  if (top >= length) return; // the whole block

  const int lane = threadIdx.x % LANES;
  const int g = lane / 4, t2 = lane % 4 * 2;
  const int row0 = top + threadIdx.x / LANES * QUERIES_PER_WARP + g, row1 = row0 + 8;
  const size_t step = 3 * static_cast<size_t>(width);
  const half_bits *base = joined + first * step + blockIdx.y * SIZE;

  word queries[SIZE / 16][4];
#pragma unroll
  for (int k = 0; k < SIZE / 16; k++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const int row = i % 2 ? row1 : row0;
      const half_bits *from = base + row * step + k * 16 + i / 2 * 8 + t2;
      queries[k][i] = row < length ? *reinterpret_cast<const word *>(from) : 0;
    }
  }

  float sums[SIZE / 8][4] = {};
  float largest0 = MINUS_INFINITY, largest1 = MINUS_INFINITY;
  float total0 = 0, total1 = 0; // of this lane's keys only, until the end

  for (int left = 0; left < length; left += KEYS) {
    sync(); // nobody reads the last tile any more
    for (int i = threadIdx.x; i < KEYS * SIZE / CHUNK; i += THREADS) {
      const int row = i / (SIZE / CHUNK), column = i % (SIZE / CHUNK) * CHUNK;
      uint4 key = make_uint4(0, 0, 0, 0), value = make_uint4(0, 0, 0, 0);
      if (left + row < length) {
        const half_bits *from = base + (left + row) * step + width + column;
        key = *reinterpret_cast<const uint4 *>(from);
        value = *reinterpret_cast<const uint4 *>(from + width);
      }
      *reinterpret_cast<uint4 *>(keys + row * STRIDE + column) = key;
      *reinterpret_cast<uint4 *>(values + row * STRIDE + column) = value;
    }
    sync();

    float scores[KEYS / 8][4] = {};
    float high0 = MINUS_INFINITY, high1 = MINUS_INFINITY;
#pragma unroll
    for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
      for (int k = 0; k < SIZE / 16; k++) {
        const half_bits *from = keys + (n * 8 + g) * STRIDE + k * 16 + t2;
        T::multiply(scores[n], queries[k], *reinterpret_cast<const word *>(from),
                    *reinterpret_cast<const word *>(from + 8));
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
        const bool real = left + n * 8 + t2 + i % 2 < length;
        scores[n][i] = real ? scores[n][i] * factor : MINUS_INFINITY;
      }
      high0 = fmaxf(high0, fmaxf(scores[n][0], scores[n][1]));
      high1 = fmaxf(high1, fmaxf(scores[n][2], scores[n][3]));
    }

    high0 = fmaxf(largest0, max_of_quad(high0));
    high1 = fmaxf(largest1, max_of_quad(high1));
    const float kept0 = exp2f(largest0 - high0), kept1 = exp2f(largest1 - high1);
    largest0 = high0;
    largest1 = high1;
    total0 *= kept0;
    total1 *= kept1;
#pragma unroll
    for (int d = 0; d < SIZE / 8; d++) {
      sums[d][0] *= kept0;
      sums[d][1] *= kept0;
      sums[d][2] *= kept1;
      sums[d][3] *= kept1;
    }

#pragma unroll
    for (int k = 0; k < KEYS / 16; k++) {
      word shares[4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        const float(&pair)[4] = scores[2 * k + i / 2];
        const float low = exp2f(pair[i % 2 * 2] - (i % 2 ? high1 : high0));
        const float high = exp2f(pair[i % 2 * 2 + 1] - (i % 2 ? high1 : high0));
        if (i % 2) total1 += low + high;
        else total0 += low + high;
        shares[i] = T::pack(low, high);
      }
      // Blocks 0 and 1: keys 0..8 and 8..16 of eight places; blocks 2 and 3: the next eight.
      const half_bits *from = values + (k * 16 + lane % 16) * STRIDE + lane / 16 * 8;
#pragma unroll
      for (int d = 0; d < SIZE / 8; d += 2) {
        word turned[4];
        load_turned(turned, from + d * 8);
        T::multiply(sums[d], shares, turned[0], turned[1]);
        T::multiply(sums[d + 1], shares, turned[2], turned[3]);
      }
    }
  }

  const float inverse0 = 1.0f / sum_of_quad(total0), inverse1 = 1.0f / sum_of_quad(total1);
  half_bits *to = out + static_cast<size_t>(first) * width + blockIdx.y * SIZE + t2;
#pragma unroll
  for (int d = 0; d < SIZE / 8; d++) {
    if (row0 < length)
      *reinterpret_cast<word *>(to + static_cast<size_t>(row0) * width + d * 8) =
          T::pack(sums[d][0] * inverse0, sums[d][1] * inverse0);
    if (row1 < length)
      *reinterpret_cast<word *>(to + static_cast<size_t>(row1) * width + d * 8) =
          T::pack(sums[d][2] * inverse1, sums[d][3] * inverse1);
  }
}

// Without tensor cores: a warp computes a few queries, a lane scores one key of the tile and
// sums up every 32nd place.
template <int SIZE>
DEVICE void attend_floats(const float *joined, const unsigned int *starts, float *out, int width,
                          float factor) {
  SHARED float queries[QUERIES_F32 * SIZE];
  // One more, so that lanes reading one column fall into different banks.
  SHARED float keys[KEYS_F32 * (SIZE + 1)];
  SHARED float values[KEYS_F32 * SIZE];

  const unsigned int first = starts[blockIdx.z];
  const int length = static_cast<int>(starts[blockIdx.z + 1] - first);
  const int top = blockIdx.x * QUERIES_F32;
  if (top >= length) return; // the whole block

  const int lane = threadIdx.x % LANES, rows = threadIdx.x / LANES * ROWS_F32;
  const size_t step = 3 * static_cast<size_t>(width);
  const float *base = joined + first * step + blockIdx.y * SIZE;
  for (int i = threadIdx.x; i < QUERIES_F32 * SIZE; i += THREADS) {
    const int row = top + i / SIZE;
    queries[i] = row < length ? base[row * step + i % SIZE] : 0.0f;
  }

  float sums[ROWS_F32][SIZE / LANES] = {};
  float largest[ROWS_F32], totals[ROWS_F32] = {};
#pragma unroll
  for (int r = 0; r < ROWS_F32; r++) largest[r] = MINUS_INFINITY;

  for (int left = 0; left < length; left += KEYS_F32) {
    sync(); // nobody reads the last tile any more
    for (int i = threadIdx.x; i < KEYS_F32 * SIZE; i += THREADS) {
      const int row = i / SIZE, column = i % SIZE;
      const float *from = base + (left + row) * step + width + column;
      const bool real = left + row < length;
      keys[row * (SIZE + 1) + column] = real ? from[0] : 0.0f;
      values[i] = real ? from[width] : 0.0f;
    }
    sync();
#pragma unroll
    for (int r = 0; r < ROWS_F32; r++) {
      float score = 0;
      for (int i = 0; i < SIZE; i++)
        score += queries[(rows + r) * SIZE + i] * keys[lane * (SIZE + 1) + i];
      score = left + lane < length ? score * factor : MINUS_INFINITY;
      float high = score;
#pragma unroll
      for (int mask = LANES / 2; mask > 0; mask /= 2) high = fmaxf(high, shuffle_xor(high, mask));
      high = fmaxf(largest[r], high);
      const float kept = exp2f(largest[r] - high), share = exp2f(score - high);
      largest[r] = high;
      totals[r] = totals[r] * kept + share;
#pragma unroll
      for (int c = 0; c < SIZE / LANES; c++) sums[r][c] *= kept;
      for (int key = 0; key < KEYS_F32; key++) {
        const float other = shuffle(share, key);
#pragma unroll
        for (int c = 0; c < SIZE / LANES; c++)
          sums[r][c] += other * values[key * SIZE + c * LANES + lane];
      }
    }
  }

#pragma unroll
  for (int r = 0; r < ROWS_F32; r++) {
    float total = totals[r];
#pragma unroll
    for (int mask = LANES / 2; mask > 0; mask /= 2) total += shuffle_xor(total, mask);
    const int row = top + rows + r;
    if (row >= length) continue;
    float *to = out + static_cast<size_t>(first + row) * width + blockIdx.y * SIZE + lane;
#pragma unroll
    for (int c = 0; c < SIZE / LANES; c++) to[c * LANES] = sums[r][c] / total;
  }
}

#define HALVES(name, type, size)                                                                 \
  KERNEL name(const half_bits *joined, const unsigned int *starts, half_bits *out, int width,    \
              float factor) {                                                                    \
    attend_halves<type, size>(joined, starts, out, width, factor);                               \
  }
#define FLOATS(name, size)                                                                       \
  KERNEL name(const float *joined, const unsigned int *starts, float *out, int width,            \
              float factor) {                                                                    \
    attend_floats<size>(joined, starts, out, width, factor);                                     \
  }

HALVES(attend_f16_32, F16, 32)
HALVES(attend_f16_64, F16, 64)
HALVES(attend_f16_128, F16, 128)
HALVES(attend_bf16_32, Bf16, 32)
HALVES(attend_bf16_64, Bf16, 64)
HALVES(attend_bf16_128, Bf16, 128)
FLOATS(attend_f32_32, 32)
FLOATS(attend_f32_64, 64)
FLOATS(attend_f32_128, 128)
