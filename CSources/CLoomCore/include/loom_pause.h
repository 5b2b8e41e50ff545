#ifndef LOOM_PAUSE_H
#define LOOM_PAUSE_H

/// Tells the processor that a loop waits for another thread: about 40 cycles in which it leaves the
/// core's resources to its sibling.
static inline void loom_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __builtin_arm_yield();
#endif
}

#endif
