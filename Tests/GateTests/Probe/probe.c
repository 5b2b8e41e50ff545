// A stand-in for the bench: two workloads, one of them hot, made worse by the word in PROBE.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile unsigned sink;
static void *volatile kept;

// Counted by their names, as those of the runtime are.
__attribute__((noinline)) void swift_retain(void) { sink++; }
__attribute__((noinline)) void swift_beginAccess(void) { sink++; }

static int is(const char *mutant) {
    const char *given = getenv("PROBE");
    return given && strcmp(given, mutant) == 0;
}

static void work(int hot) {
    unsigned turns = 1000 * (hot ? 1 : 2);
    if (hot && is("longer")) turns += 30;
    if (hot && is("shorter")) turns -= 30;
    for (unsigned i = 0; i < turns; i++) sink += i;
    if (hot && !is("allocation")) return;
    kept = malloc(16);
    free(kept);
}

static void count(const char *name, int iterations) {
    int hot = strcmp(name, "probe.hot") == 0;
    for (int i = 0; i < iterations; i++) {
        work(hot);
        if (hot && is("retain")) swift_retain();
        if (hot && is("access")) swift_beginAccess();
    }
}

static int gate(const char *kind) {
    if (strcmp(kind, "counts") == 0) {
        puts("probe.cold\t100\tcounted\nprobe.hot\t100\thot");
    } else if (strcmp(kind, "ratios") == 0) {
        puts(is("elsewhere") ? "# Other (1-2-3)" : "# Probe (1-2-3)");
        printf("probe.hot\t%s\n", is("slow") || is("elsewhere") ? "4.5" : "2.0");
        puts("probe.cold\t3.0");
    } else {
        printf("probe.size\tMB\t%s\n", is("large") ? "11" : "9");
    }
    return 0;
}

int main(int count_of_words, char **words) {
    const char *name = "";
    if (is("crash")) return 3;
    for (int i = 1; i + 1 < count_of_words; i++) {
        if (strcmp(words[i], "--filter") == 0) name = words[i + 1];
        if (strcmp(words[i], "--gate") == 0) return gate(words[i + 1]);
        if (strcmp(words[i], "--count") == 0) count(name, atoi(words[i + 1]));
    }
    return 0;
}
