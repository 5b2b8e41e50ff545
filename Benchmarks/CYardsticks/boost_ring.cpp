// The ring that a C++ programmer would take, used as its manual shows: one record a call.
#include <boost/lockfree/spsc_queue.hpp>
#include <system_error>
#include <thread>
#include "yardsticks.h"

namespace {

/// As large as a tick.
struct Record {
    int64_t words[10];
};

using Queue = boost::lockfree::spsc_queue<Record>;
constexpr size_t places = 4096;

void send(Queue &queue, const Record &record)
{
    uint32_t tries = 0;
    while (!queue.push(record)) yardstick_wait(&tries);
}

void receive(Queue &queue, Record &record)
{
    uint32_t tries = 0;
    while (!queue.pop(record)) yardstick_wait(&tries);
}

/// Runs `far` on the second processor while `near` runs here on the first; the time of `near`.
template <typename Far, typename Near>
double beside(Far far, Near near)
{
    try {
        std::thread other([&] {
            yardstick_pin(1);
            far();
        });
        yardstick_pin(0);
        const int64_t start = yardstick_now();
        near();
        const int64_t end = yardstick_now();
        other.join();
        yardstick_unpin();
        return double(end - start);
    } catch (const std::system_error &) {
        return -1;
    }
}

}  // namespace

double yardstick_boost_one_thread(uint64_t records)
{
    Queue queue(places);
    Record record = {{1}};
    const int64_t start = yardstick_now();
    for (uint64_t i = 0; i < records; i++) {
        record.words[0] = int64_t(i);
        if (!queue.push(record) || !queue.pop(record)) return -1;
    }
    const int64_t end = yardstick_now();
    return record.words[0] == int64_t(records) - 1 ? double(end - start) : -1;
}

double yardstick_boost_two_threads(uint64_t records)
{
    Queue queue(places);
    int64_t wrong = 0;
    const double time = beside(
        [&] {
            Record record = {};
            for (uint64_t i = 0; i < records; i++) {
                record.words[0] = int64_t(i);
                send(queue, record);
            }
        },
        [&] {
            Record record;
            for (uint64_t i = 0; i < records; i++) {
                receive(queue, record);
                wrong += record.words[0] != int64_t(i);
            }
        });
    return wrong ? -1 : time;
}

double yardstick_boost_round_trips(uint64_t count, int64_t interval, int64_t *latencies)
{
    Queue there(places), back(places);
    return beside(
        [&] {
            Record record;
            for (uint64_t i = 0; i < count; i++) {
                receive(there, record);
                send(back, record);
            }
        },
        [&] {
            Record record = {};
            int64_t due = yardstick_now();
            for (uint64_t i = 0; i < count; i++) {
                while (interval && yardstick_now() < due) {}
                send(there, record);
                receive(back, record);
                if (latencies) latencies[i] = yardstick_now() - due;
                due += interval;
            }
        });
}
