// The text of the attention kernel, run on the CPU by emulate.h, against plain attention in
// double precision. Every kernel; sequences of 0, 1, a tile less, more and exactly, and several
// tiles; memory around the sequences filled with NaN; warps in two orders.
//
// g++ -std=c++17 -O1 -fno-strict-aliasing -Wno-unknown-pragmas tests/cuda/attention.cpp

#include "emulate.h"

#include "../../src/encode/packed/attention.cu"

#include <algorithm>
#include <random>
#include <string>

namespace {

struct Case {
  const char *name;
  int size;
  bool floats;
  float (*to_float)(uint16_t);
  uint16_t (*from_float)(float);
  double allowed;
  void (*halves)(const half_bits *, const unsigned int *, half_bits *, int, float);
  void (*singles)(const float *, const unsigned int *, float *, int, float);
};

constexpr int HEADS = 2;

std::vector<double> plain(const std::vector<double> &joined, const std::vector<unsigned int> &starts,
                          int size) {
  const int width = HEADS * size;
  const size_t n = starts.back();
  std::vector<double> out(n * width);
  for (size_t s = 0; s + 1 < starts.size(); s++)
    for (int head = 0; head < HEADS; head++)
      for (unsigned int q = starts[s]; q < starts[s + 1]; q++) {
        std::vector<double> shares;
        double high = -INFINITY, total = 0;
        for (unsigned int k = starts[s]; k < starts[s + 1]; k++) {
          double score = 0;
          for (int i = 0; i < size; i++)
            score += joined[q * 3 * width + head * size + i] *
                     joined[k * 3 * width + width + head * size + i];
          shares.push_back(score / std::sqrt(size));
          high = std::max(high, shares.back());
        }
        for (double &share : shares) total += share = std::exp(share - high);
        for (unsigned int k = starts[s]; k < starts[s + 1]; k++)
          for (int i = 0; i < size; i++)
            out[q * width + head * size + i] += shares[k - starts[s]] / total *
                joined[k * 3 * width + 2 * width + head * size + i];
      }
  return out;
}

// Runs the kernel over the whole grid; what is written outside `out` is an error.
template <class T>
std::vector<T> launch(void (*kernel)(const T *, const unsigned int *, T *, int, float),
                      const std::vector<T> &joined, const std::vector<unsigned int> &starts, int size,
                      int tile, T guard, const std::vector<int> &order) {
  const int width = HEADS * size;
  const size_t n = starts.back(), margin = 64 * 3 * width;
  // NaN before and behind: reading past a sequence's end must not matter.
  std::vector<T> surrounded(margin, guard);
  surrounded.insert(surrounded.end(), joined.begin(), joined.end());
  surrounded.insert(surrounded.end(), margin, guard);
  std::vector<T> out(n * width + 2 * margin, guard);
  const float factor = static_cast<float>(1.4426950408889634 / std::sqrt(size));
  unsigned int longest = 0;
  for (size_t s = 0; s + 1 < starts.size(); s++)
    longest = std::max(longest, starts[s + 1] - starts[s]);
  for (unsigned int z = 0; z + 1 < starts.size(); z++)
    for (unsigned int y = 0; y < HEADS; y++)
      for (unsigned int x = 0; x * tile < longest; x++) {
        blockIdx = {x, y, z};
        emulate::run(
            [&] { kernel(surrounded.data() + margin, starts.data(), out.data() + margin, width, factor); },
            order);
      }
  for (size_t i = 0; i < margin; i++) {
    if (std::memcmp(&out[i], &guard, sizeof guard) ||
        std::memcmp(&out[out.size() - 1 - i], &guard, sizeof guard)) {
      std::fprintf(stderr, "wrote outside of the output\n");
      std::exit(1);
    }
  }
  return std::vector<T>(out.begin() + margin, out.end() - margin);
}

double check(const Case &c, const std::vector<unsigned int> &lengths, float spread,
             std::mt19937 &random) {
  std::vector<unsigned int> starts = {0};
  for (unsigned int length : lengths) starts.push_back(starts.back() + length);
  const size_t count = static_cast<size_t>(starts.back()) * 3 * HEADS * c.size;
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> singles(count);
  std::vector<half_bits> halves(count);
  std::vector<double> exact(count);
  for (size_t i = 0; i < count; i++) {
    singles[i] = normal(random);
    if (!c.floats) singles[i] = c.to_float(halves[i] = c.from_float(singles[i]));
    exact[i] = singles[i];
  }
  const std::vector<double> expected = plain(exact, starts, c.size);

  const std::vector<std::vector<int>> orders = {{0, 1, 2, 3}, {2, 3, 1, 0}};
  std::vector<float> found, before;
  for (const std::vector<int> &order : orders) {
    if (c.floats) {
      found = launch<float>(c.singles, singles, starts, c.size, QUERIES_F32, NAN, order);
    } else {
      found.clear();
      for (half_bits bits :
           launch<half_bits>(c.halves, halves, starts, c.size, QUERIES, 0x7fff, order))
        found.push_back(c.to_float(bits));
    }
    if (!before.empty() && std::memcmp(before.data(), found.data(), found.size() * sizeof(float))) {
      std::fprintf(stderr, "%s depends on the order of warps\n", c.name);
      std::exit(1);
    }
    before = found;
  }
  double largest = 0;
  for (size_t i = 0; i < found.size(); i++) {
    const double difference = std::fabs(found[i] - expected[i]);
    // Values grow with the spread; errors of scores, where they are sums of f32, with its square.
    if (!(difference <= c.allowed * spread * (c.floats ? spread * spread : 1))) {
      std::fprintf(stderr, "%s: number %zu is %g, not %g\n", c.name, i, found[i], expected[i]);
      std::exit(1);
    }
    largest = std::max(largest, difference);
  }
  return largest;
}

} // namespace

int main() {
  using namespace emulate;
  const auto f16 = [](const char *name, int size, auto kernel) {
    return Case{name, size, false, f16_to_float, f16_from_float, 2e-3, kernel, nullptr};
  };
  const auto bf16 = [](const char *name, int size, auto kernel) {
    return Case{name, size, false, bf16_to_float, bf16_from_float, 1.6e-2, kernel, nullptr};
  };
  const auto f32 = [](const char *name, int size, auto kernel) {
    return Case{name, size, true, nullptr, nullptr, 2e-6, nullptr, kernel};
  };
  const std::vector<Case> cases = {
      f16("attend_f16_32", 32, attend_f16_32),    f16("attend_f16_64", 64, attend_f16_64),
      f16("attend_f16_128", 128, attend_f16_128), bf16("attend_bf16_32", 32, attend_bf16_32),
      bf16("attend_bf16_64", 64, attend_bf16_64), bf16("attend_bf16_128", 128, attend_bf16_128),
      f32("attend_f32_32", 32, attend_f32_32),    f32("attend_f32_64", 64, attend_f32_64),
      f32("attend_f32_128", 128, attend_f32_128)};
  for (const Case &c : cases) {
    const unsigned int tile = c.floats ? KEYS_F32 : KEYS;
    std::mt19937 random(c.size);
    double largest = 0;
    largest = std::max(largest, check(c, {0, 1, tile - 1, 0, tile, tile + 1, 3}, 1, random));
    largest = std::max(largest, check(c, {2 * tile + 17}, 1, random));
    // Scores so far apart that one share is everything.
    largest = std::max(largest, check(c, {tile + 5, 2}, 8, random));
    std::printf("%-16s largest difference %.2g\n", c.name, largest);
  }
}
