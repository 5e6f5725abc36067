// Runs a block of CUDA threads on one CPU thread, one fibre per CUDA thread.
//
// At a collective of a warp (shuffle, tensor-core product, turned load) a thread posts what it
// brings, gives the turn away and goes on when all threads of its warp have posted theirs. At a
// barrier it waits for the block. Each warp runs on to the next barrier before another one runs
// at all, in an order that can be changed, so that what lacks a barrier gives wrong numbers. All
// threads of a warp must reach the same collectives in the same order, and all warps the same
// barriers; both are checked.

#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <ucontext.h>
#include <vector>

#define ON_HOST
#define DEVICE inline
// Blocks run one after the other, so a static stands for the block's shared memory.
#define SHARED static __attribute__((aligned(16)))
#define KERNEL extern "C" void

struct uint3_ {
  unsigned int x, y, z;
};
struct uint4 {
  unsigned int x, y, z, w;
};
inline uint4 make_uint4(unsigned int x, unsigned int y, unsigned int z, unsigned int w) {
  return {x, y, z, w};
}

namespace emulate {

constexpr int N_THREADS = 128, N_LANES = 32;
constexpr size_t STACK = 256 * 1024;

// What a thread brings to a collective.
struct Posted {
  float number;
  uint32_t words[6];
  const unsigned short *row;
};

// Kinds of collectives, besides those of a warp.
constexpr int ENDED = 0, BARRIER = 1;

struct Block {
  ucontext_t scheduler, fibres[N_THREADS];
  std::vector<char> stacks = std::vector<char>(N_THREADS * STACK);
  // Two, because a thread may already post for the next collective.
  Posted posted[2][N_THREADS];
  int kind[N_THREADS];   // of the collective a thread waits at
  long count[N_THREADS]; // collectives it has reached
  int current = 0;
  std::function<void()> body;
};

inline Block &block() {
  static Block b;
  return b;
}

inline void fibre() {
  block().body();
  block().kind[block().current] = ENDED;
}

// Posts, waits for all others, and gives what they posted.
inline const Posted *collect(int kind, const Posted &mine) {
  Block &b = block();
  const int me = b.current;
  const int slot = b.count[me]++ % 2;
  b.posted[slot][me] = mine;
  b.kind[me] = kind;
  swapcontext(&b.fibres[me], &b.scheduler);
  return &b.posted[slot][me / N_LANES * N_LANES];
}

inline void check_alike(int thread, int other) {
  const Block &b = block();
  if (b.kind[thread] == b.kind[other] && b.count[thread] == b.count[other]) return;
  std::fprintf(stderr, "thread %d is at another collective than thread %d\n", thread, other);
  std::exit(1);
}

// Runs the block, its warps in this order.
inline void run(const std::function<void()> &body, const std::vector<int> &warps) {
  Block &b = block();
  b.body = body;
  for (int i = 0; i < N_THREADS; i++) {
    b.count[i] = 0;
    getcontext(&b.fibres[i]);
    b.fibres[i].uc_stack.ss_sp = b.stacks.data() + i * STACK;
    b.fibres[i].uc_stack.ss_size = STACK;
    b.fibres[i].uc_link = &b.scheduler;
    makecontext(&b.fibres[i], fibre, 0);
  }
  do {
    for (int warp : warps) {
      const int first = warp * N_LANES;
      do {
        for (int i = first; i < first + N_LANES; i++) {
          b.current = i;
          swapcontext(&b.scheduler, &b.fibres[i]);
        }
        for (int i = first; i < first + N_LANES; i++) check_alike(i, first);
      } while (b.kind[first] != ENDED && b.kind[first] != BARRIER);
    }
    for (int i = 0; i < N_THREADS; i += N_LANES) check_alike(i, 0);
  } while (b.kind[0] != ENDED);
}

inline int lane() { return block().current % N_LANES; }

inline float f16_to_float(uint16_t bits) {
  _Float16 half;
  std::memcpy(&half, &bits, 2);
  return static_cast<float>(half);
}
inline uint16_t f16_from_float(float x) {
  const _Float16 half = static_cast<_Float16>(x);
  uint16_t bits;
  std::memcpy(&bits, &half, 2);
  return bits;
}
inline float bf16_to_float(uint16_t bits) {
  const uint32_t wide = static_cast<uint32_t>(bits) << 16;
  float x;
  std::memcpy(&x, &wide, 4);
  return x;
}
inline uint16_t bf16_from_float(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  if (x != x) return 0x7fff;
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// The 16 x 8 x 16 product, fragments as the PTX manual draws them.
template <float (*TO_FLOAT)(uint16_t)>
void multiply(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  Posted mine = {};
  std::memcpy(mine.words, a, sizeof a);
  mine.words[4] = b0;
  mine.words[5] = b1;
  const Posted *all = collect(2, mine);
  const auto half = [](uint32_t word, int which) {
    return TO_FLOAT(static_cast<uint16_t>(which ? word >> 16 : word));
  };
  for (int i = 0; i < 4; i++) {
    // The place of c[i], then the lanes that hold its row of A and its column of B.
    const int row = lane() / 4 + (i / 2) * 8, column = lane() % 4 * 2 + i % 2;
    double sum = c[i];
    for (int k = 0; k < 16; k++) {
      const Posted &of_a = all[row % 8 * 4 + k % 8 / 2];
      const Posted &of_b = all[column * 4 + k % 8 / 2];
      const float x = half(of_a.words[k / 8 * 2 + row / 8], k % 2);
      const float y = half(of_b.words[4 + k / 8], k % 2);
      sum += static_cast<double>(x) * y;
    }
    c[i] = static_cast<float>(sum);
  }
}

} // namespace emulate

struct ThreadIndex {
  struct X {
    operator int() const { return emulate::block().current; }
  } x;
};
inline ThreadIndex threadIdx;
inline uint3_ blockIdx;

inline void sync() { emulate::collect(emulate::BARRIER, {}); }
inline float shuffle_xor(float x, int mask) {
  emulate::Posted mine = {};
  mine.number = x;
  const int from = emulate::lane() ^ mask;
  return emulate::collect(3, mine)[from].number;
}
inline float shuffle(float x, int from) {
  emulate::Posted mine = {};
  mine.number = x;
  return emulate::collect(4, mine)[from].number;
}
inline void load_turned(unsigned int (&to)[4], const unsigned short *row) {
  emulate::Posted mine = {};
  mine.row = row;
  if (reinterpret_cast<uintptr_t>(row) % 16 != 0) {
    std::fprintf(stderr, "a row to be turned does not start at a multiple of 16 bytes\n");
    std::exit(1);
  }
  const emulate::Posted *all = emulate::collect(5, mine);
  const int g = emulate::lane() / 4, t = emulate::lane() % 4;
  for (int i = 0; i < 4; i++) {
    const unsigned int low = all[i * 8 + 2 * t].row[g], high = all[i * 8 + 2 * t + 1].row[g];
    to[i] = low | high << 16;
  }
}

struct F16 {
  static unsigned int pack(float low, float high) {
    return emulate::f16_from_float(low) |
           static_cast<unsigned int>(emulate::f16_from_float(high)) << 16;
  }
  static void multiply(float (&c)[4], const unsigned int (&a)[4], unsigned int b0,
                       unsigned int b1) {
    emulate::multiply<emulate::f16_to_float>(c, a, b0, b1);
  }
};
struct Bf16 {
  static unsigned int pack(float low, float high) {
    return emulate::bf16_from_float(low) |
           static_cast<unsigned int>(emulate::bf16_from_float(high)) << 16;
  }
  static void multiply(float (&c)[4], const unsigned int (&a)[4], unsigned int b0,
                       unsigned int b1) {
    emulate::multiply<emulate::bf16_to_float>(c, a, b0, b1);
  }
};
