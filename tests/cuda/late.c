/* The archives of .ci/cuda-toolchain: without the libraries every call returns an error code;
 * with them it reaches the library with all its arguments, the first time and later.
 *
 * Compiled twice by .ci/cuda: with FAKE into a library that stands for cuRAND, without into the
 * program. The program is told what to expect: "none" or "found". */

#include <stddef.h>

#ifdef FAKE

/* Whole numbers, and floats in vector registers. */
int curandGenerateNormal(void *generator, float *out, size_t n, float mean, float deviation) {
  out[0] = mean;
  out[1] = deviation;
  return generator == out && n == 7 ? 0 : 1;
}

/* Not one of cuRAND's, but declared by nobody else either: arguments on the stack. */
int curandSetGeneratorOffset(void *a, size_t b, size_t c, size_t d, size_t e, size_t f, size_t g,
                             size_t h) {
  return a == NULL && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8 ? 0 : 1;
}

#else

#include <stdio.h>
#include <string.h>

int cuInit(unsigned int flags);
int cublasCreate_v2(void **handle);
int cublasLtCreate(void **handle);
int nvrtcVersion(int *major, int *minor);
int curandGenerateNormal(void *generator, float *out, size_t n, float mean, float deviation);
int curandSetGeneratorOffset(void *a, size_t b, size_t c, size_t d, size_t e, size_t f, size_t g,
                             size_t h);

static int failures = 0;

static void expect(const char *call, int found, int expected) {
  if (found == expected) return;
  fprintf(stderr, "%s gave %d, not %d\n", call, found, expected);
  failures++;
}

int main(int n, char **arguments) {
  void *handle = 0;
  int major, minor;
  float out[2] = {0, 0};
  if (n == 2 && !strcmp(arguments[1], "none")) {
    for (int again = 0; again < 2; again++) {
      expect("cuInit", cuInit(0), 100);
      expect("cublasCreate_v2", cublasCreate_v2(&handle), 1);
      expect("cublasLtCreate", cublasLtCreate(&handle), 1);
      expect("nvrtcVersion", nvrtcVersion(&major, &minor), 11);
      expect("curandGenerateNormal", curandGenerateNormal(out, out, 7, 0.5f, 2.5f), 203);
    }
    return failures;
  }
  for (int again = 0; again < 2; again++) {
    expect("curandGenerateNormal", curandGenerateNormal(out, out, 7, 0.5f, 2.5f), 0);
    expect("its floats", out[0] == 0.5f && out[1] == 2.5f, 1);
    expect("curandSetGeneratorOffset", curandSetGeneratorOffset(NULL, 2, 3, 4, 5, 6, 7, 8), 0);
  }
  return failures;
}

#endif
