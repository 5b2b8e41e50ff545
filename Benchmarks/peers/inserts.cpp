// Plain SQLite: the bars of a Store, one prepared insert for each row.
//
// inserts TASK FOLDER; all rows are one transaction, and the lines it exchanges with
// perf/peers are those of every side. The answer is the file theirs.db.

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<double> doubles(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<double> values;
    double value;
    while (file.read(reinterpret_cast<char *>(&value), sizeof value)) values.push_back(value);
    return values;
}

/// The columns of the bars, and their returns.
struct Bars {
    std::vector<double> open, high, low, close, volume, vwap, spread, count, log_return;

    explicit Bars(const std::string &folder) {
        const auto column = [&](const char *name) { return doubles(folder + "/" + name + ".f64"); };
        open = column("open");
        high = column("high");
        low = column("low");
        close = column("close");
        volume = column("volume");
        vwap = column("vwap");
        spread = column("spread");
        count = column("count");
        log_return = column("log_return");
    }
};

class Database {
  public:
    explicit Database(const std::string &path) { check(sqlite3_open(path.c_str(), &handle_)); }
    ~Database() { sqlite3_close(handle_); }
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    void execute(const char *sql) { check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr)); }

    sqlite3_stmt *prepare(const char *sql) {
        sqlite3_stmt *statement = nullptr;
        check(sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr));
        return statement;
    }

    void check(int code) {
        if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
    }

  private:
    sqlite3 *handle_ = nullptr;
};

constexpr const char *kTables = R"(
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE bars (
        start_ns INTEGER NOT NULL, symbol INTEGER NOT NULL,
        open REAL, high REAL, low REAL, close REAL, volume REAL,
        log_return_1 REAL, spread_estimate REAL,
        is_outlier INTEGER NOT NULL, valid_bar INTEGER NOT NULL,
        source INTEGER NOT NULL, tick_count INTEGER NOT NULL, vwap REAL,
        gap_slots INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        revision INTEGER NOT NULL))";

/// NaN becomes NULL, as SQLite does it by itself.
void bind(sqlite3_stmt *statement, const Bars &bars, std::size_t row) {
    const auto integer = [&](int place, std::int64_t value) {
        sqlite3_bind_int64(statement, place, value);
    };
    const auto number = [&](int place, double value) {
        sqlite3_bind_double(statement, place, value);
    };
    integer(1, static_cast<std::int64_t>(row) * 1'000'000'000);
    integer(2, 0);
    number(3, bars.open[row]);
    number(4, bars.high[row]);
    number(5, bars.low[row]);
    number(6, bars.close[row]);
    number(7, bars.volume[row]);
    number(8, bars.log_return[row]);
    number(9, bars.spread[row]);
    integer(10, 0);
    integer(11, 1);
    integer(12, 0);
    integer(13, static_cast<std::int64_t>(bars.count[row]));
    number(14, bars.vwap[row]);
    for (int place = 15; place <= 18; ++place) integer(place, 0);
}

void fill(const std::string &path, const Bars &bars) {
    Database database(path);
    database.execute(kTables);
    sqlite3_stmt *insert =
        database.prepare("INSERT INTO bars VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    database.execute("BEGIN");
    for (std::size_t row = 0; row < bars.close.size(); ++row) {
        bind(insert, bars, row);
        if (sqlite3_step(insert) != SQLITE_DONE) database.check(SQLITE_ERROR);
        sqlite3_reset(insert);
    }
    database.execute("COMMIT");
    sqlite3_finalize(insert);
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 3) {
        std::puts(R"({"error": "usage: inserts TASK FOLDER"})");
        return 2;
    }
    const std::string folder = arguments[2], path = folder + "/theirs.db";
    try {
        const Bars bars(folder);
        std::cout << R"({"ready": true})" << std::endl;
        for (std::string line; std::getline(std::cin, line);) {
            std::remove(path.c_str());
            const auto start = std::chrono::steady_clock::now();
            fill(path, bars);
            const std::chrono::duration<double, std::nano> time =
                std::chrono::steady_clock::now() - start;
            if (line != "time") std::ofstream(line.substr(line.find(' ') + 1));
            std::cout << R"({"nanoseconds": )" << std::fixed << time.count()
                      << R"(, "operations": )" << bars.close.size() << "}" << std::endl;
        }
    } catch (const std::exception &error) {
        std::cout << R"({"error": ")" << error.what() << R"("})" << std::endl;
        return 1;
    }
}
