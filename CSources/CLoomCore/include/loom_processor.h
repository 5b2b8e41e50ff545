#ifndef LOOM_PROCESSOR_H
#define LOOM_PROCESSOR_H

/// The kind of the processor as far as results can depend on it: the level of the x86-64 psABI, by
/// which the C library chooses its `log` and OpenBLAS its kernels. A constant text.
const char *loom_processor_kind(void);

/// The kernel that OpenBLAS has chosen, such as "Haswell". A constant text.
const char *loom_blas_kernel(void);

#endif
