// Rings that a C++ user would pick, moving our record from one pinned thread to another.
//
// rings TASK FOLDER, where TASK is boost, boost-1-to-64, boost-64 or moodycamel; the lines it
// exchanges with perf/peers are those of every side. Both threads retry at once when the ring is
// full or empty.

#include <boost/lockfree/spsc_queue.hpp>
#include <readerwriterqueue/readerwriterqueue.h>

#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kCapacity = 4096;
constexpr std::uint64_t kBatch = 64;

/// The size and the fields of a Tick.
struct Tick {
    std::int64_t time, receive_time;
    double bid, ask, bid_size, ask_size, last, last_size;
    std::uint64_t sequence;
    std::uint32_t symbol;
    std::uint16_t source, flags;
};
static_assert(sizeof(Tick) == 80, "the record of all sides");

/// What the receiver saw: how many, the sum of their prices, how many out of order.
struct Seen {
    std::uint64_t count = 0, misplaced = 0;
    double sum = 0;

    void take(const Tick &tick) {
        misplaced += tick.time != static_cast<std::int64_t>(count);
        sum += tick.last;
        ++count;
    }
};

struct Boost {
    boost::lockfree::spsc_queue<Tick, boost::lockfree::capacity<kCapacity>> queue;
    bool push(const Tick &tick) { return queue.push(tick); }
    bool pop(Tick &tick) { return queue.pop(tick); }
};

struct Moodycamel {
    moodycamel::ReaderWriterQueue<Tick> queue{kCapacity};
    bool push(const Tick &tick) { return queue.try_enqueue(tick); }
    bool pop(Tick &tick) { return queue.try_dequeue(tick); }
};

template <typename Ring>
void send(Ring &ring, std::uint64_t count) {
    Tick tick{};
    tick.last = 2;
    for (std::uint64_t i = 0; i < count; ++i) {
        tick.time = static_cast<std::int64_t>(i);
        while (!ring.push(tick)) {
        }
    }
}

template <typename Ring>
Seen receive(Ring &ring, std::uint64_t count) {
    Seen seen;
    Tick tick;
    while (seen.count < count)
        if (ring.pop(tick)) seen.take(tick);
    return seen;
}

struct BoostBatches : Boost {};

void send(BoostBatches &ring, std::uint64_t count) {
    std::vector<Tick> ticks(kBatch);
    for (Tick &tick : ticks) tick.last = 2;
    for (std::uint64_t sent = 0; sent < count; sent += kBatch) {
        for (std::uint64_t i = 0; i < kBatch; ++i)
            ticks[i].time = static_cast<std::int64_t>(sent + i);
        std::size_t done = 0;
        while (done < kBatch) done += ring.queue.push(ticks.data() + done, kBatch - done);
    }
}

/// Pushes singly and takes what is there, at most a batch.
struct BoostTakes : Boost {};

template <typename Ring>
Seen receive_batches(Ring &ring, std::uint64_t count) {
    Seen seen;
    std::vector<Tick> ticks(kBatch);
    while (seen.count < count) {
        std::size_t taken = ring.queue.pop(ticks.data(), kBatch);
        for (std::size_t i = 0; i < taken; ++i) seen.take(ticks[i]);
    }
    return seen;
}

Seen receive(BoostTakes &ring, std::uint64_t count) { return receive_batches(ring, count); }

Seen receive(BoostBatches &ring, std::uint64_t count) { return receive_batches(ring, count); }

void pin(std::int64_t core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

struct Run {
    Seen seen;
    std::int64_t nanoseconds = 0;
};

template <typename Ring>
Run move(std::uint64_t count, const std::vector<std::int64_t> &cores) {
    auto ring = std::make_unique<Ring>();
    pin(cores[1]);
    const auto start = std::chrono::steady_clock::now();
    std::thread sender([&] {
        pin(cores[0]);
        send(*ring, count);
    });
    Run run;
    run.seen = receive(*ring, count);
    run.nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
    sender.join();
    return run;
}

std::vector<std::int64_t> integers(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::int64_t> values;
    std::int64_t value;
    while (file.read(reinterpret_cast<char *>(&value), sizeof value)) values.push_back(value);
    return values;
}

using Mover = Run (*)(std::uint64_t, const std::vector<std::int64_t> &);

Mover mover(const std::string &task) {
    if (task == "boost") return move<Boost>;
    if (task == "boost-1-to-64") return move<BoostTakes>;
    if (task == "boost-64") return move<BoostBatches>;
    if (task == "moodycamel") return move<Moodycamel>;
    return nullptr;
}

}  // namespace

int main(int count, char **arguments) {
    const Mover mover = count == 3 ? ::mover(arguments[1]) : nullptr;
    if (!mover) {
        std::puts(R"({"error": "usage: rings boost|boost-1-to-64|boost-64|moodycamel FOLDER"})");
        return 2;
    }
    const std::string folder = arguments[2];
    const auto cores = integers(folder + "/cores.i64");
    const auto records = static_cast<std::uint64_t>(integers(folder + "/records.i64").at(0));
    std::cout << R"({"ready": true})" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const Run run = mover(records, cores);
        if (line == "time") {
            std::cout << R"({"nanoseconds": )" << run.nanoseconds << R"(, "operations": )"
                      << records << "}" << std::endl;
        } else {
            const double answer[] = {static_cast<double>(run.seen.count), run.seen.sum,
                                     static_cast<double>(run.seen.misplaced)};
            std::ofstream file(line.substr(std::strlen("answer ")), std::ios::binary);
            file.write(reinterpret_cast<const char *>(answer), sizeof answer);
            file.close();
            std::cout << R"({"values": 3})" << std::endl;
        }
    }
}
