#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include "yardsticks.h"

int64_t yardstick_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// What the process was started with, read once before anything is pinned.
static cpu_set_t allowed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_allowed(void)
{
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) CPU_ZERO(&allowed);
}

int yardstick_processors(void)
{
    pthread_once(&once, read_allowed);
    return CPU_COUNT(&allowed);
}

bool yardstick_pin(int place)
{
    const int count = yardstick_processors();
    if (count == 0) return false;
    int left = place % count;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || left-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        return sched_setaffinity(0, sizeof one, &one) == 0;
    }
    return false;
}

void yardstick_unpin(void)
{
    if (yardstick_processors() > 0) sched_setaffinity(0, sizeof allowed, &allowed);
}
