// SQLite behind a door: connection, prepared statement, transaction. The only pair of files that
// knows its API. Every failure is a Result whose text has the file, SQLite's own words and what to
// do about it, and whose kind is `transient` where the same call may succeed later (a lock, a full
// disk); a wrong index or a bind out of range is a programmer's error (CHECK). A connection
// and its statements belong to one thread; statements must not outlive their Database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"

struct sqlite3_stmt;

namespace paperd::storage {

struct Connection;

// A prepared statement, used again and again: bind (from 1), step or run, columns (from 0).
class Statement {
public:
    Statement() = default;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    void bind_int(int index, std::int64_t value);
    // SQLite stores NaN as NULL and -0 as 0; everything else reads back as the same double.
    void bind_real(int index, double value);
    void bind_null(int index);
    // Copied.
    void bind_text(int index, std::string_view text);
    // Not copied: the bytes must live until the statement is reset.
    void bind_blob(int index, std::span<const std::byte> bytes);

    // True: there is a row. False: done, and reset for the next use.
    Result<bool> step();
    // Steps to the end and resets; for statements whose rows nobody reads.
    Result<void> run();
    void reset();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t column_int(int column) const;
    [[nodiscard]] double column_real(int column) const;  // NaN where NULL
    [[nodiscard]] std::string column_text(int column) const;
    [[nodiscard]] std::vector<std::byte> column_blob(int column) const;

private:
    friend class Database;

    Statement(Connection* connection, sqlite3_stmt* handle)
        : connection_(connection), handle_(handle) {}

    Connection* connection_ = nullptr;
    sqlite3_stmt* handle_ = nullptr;
};

// "3.40.1": of the library in use.
std::string sqlite_version();

enum class OpenMode : std::uint8_t { read_only, read_write, create };

class Database {
public:
    // Opens the file and sets what every connection has: foreign keys on, busy_timeout_ms of
    // patience with another writer. A read-only database whose directory cannot be written is
    // opened as immutable when no write-ahead log lies beside it.
    static Result<Database> open(const std::string& path, OpenMode mode, int busy_timeout_ms);

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    // One or several statements without parameters; rows are discarded.
    Result<void> execute(const std::string& sql);
    Result<Statement> prepare(std::string_view sql);
    // The first column of the first row; `otherwise` where there is none or it is NULL.
    Result<std::int64_t> integer(std::string_view sql, std::int64_t otherwise = 0);
    Result<std::string> text(std::string_view sql);

    // SQLite's online backup: a consistent copy at `to`, which is replaced.
    Result<void> backup(const std::string& to);

    [[nodiscard]] const std::string& path() const;
    [[nodiscard]] bool in_transaction() const;
    // Whether the path names another file than the open one, or none.
    [[nodiscard]] bool has_moved() const;

private:
    explicit Database(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

// Begins in begin(), rolls back when it goes out of scope without commit().
class Transaction {
public:
    // write: takes the write lock at once, so that what follows cannot fail for being second.
    // read: one snapshot for all that is read in it.
    enum class Kind : std::uint8_t { read, write };

    static Result<Transaction> begin(Database& database, Kind kind);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    // Durable when it returns (with synchronous=FULL). On an error nothing was stored.
    Result<void> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}

    Database* database_;
};

}  // namespace paperd::storage
