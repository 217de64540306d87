#include "storage/database.h"

#include <cerrno>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sqlite3.h>

#include "execution/types/check.h"

namespace paperd::storage {

struct Connection {
    sqlite3* handle = nullptr;
    std::string path;

    ~Connection() { sqlite3_close_v2(handle); }
};

namespace {

// What a person can do about a result code, without the extended bits.
std::string remedy(int code, const std::string& path) {
    switch (code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another process is writing to it: only one may; stop it, or name another file";
        case SQLITE_CORRUPT:
            return "the file is damaged: restore it from a backup, or replay the run into a new "
                   "file; sqlite3's command .recover saves what can still be read";
        case SQLITE_NOTADB:
            return "this is not a trade database: name the right file with --db";
        case SQLITE_FULL:
            return "the disk or the file's size limit is full: free space and start again; nothing "
                   "of the failed transaction is stored";
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return "the file or its directory is read-only for this user: change the permissions "
                   "(SQLite also writes " +
                   path + "-wal and -shm)";
        case SQLITE_CANTOPEN:
            return "check that the file and its directory exist and that this user may use them "
                   "(SQLite also needs " +
                   path + "-wal and -shm)";
        case SQLITE_IOERR:
            return "the disk reported an error or refused to write: check it and the space left, "
                   "then start again";
        case SQLITE_CONSTRAINT:
            return "the row breaks a rule of the database: another process may have written to it; "
                   "start again, which recovers from what is stored";
        default:
            return "try again, on a copy of the file; if it stays so, restore it from a backup or "
                   "replay the run into a new file";
    }
}

// What the same call may overcome later, without anyone starting again: another connection's lock,
// a full disk, a limit of the file's size. SQLite calls a full disk so where a write says it, and
// an I/O error where its shared
// memory or a sync does.
ErrorKind kind_of(const Connection& connection, int primary) {
    switch (primary) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
            return ErrorKind::transient;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: {
            if (connection.handle == nullptr) {
                return ErrorKind::failed;
            }
            // Where SQLite does not keep the cause: no room for the shared memory, and a write that
            // was refused, whose errno its own clearing up overwrites. Neither stored anything.
            const int extended = sqlite3_extended_errcode(connection.handle);
            if (extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_WRITE) {
                return ErrorKind::transient;
            }
            const int cause = sqlite3_system_errno(connection.handle);
            const bool room = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
            return room ? ErrorKind::transient : ErrorKind::failed;
        }
        case SQLITE_NOTADB:
            return ErrorKind::usage;
        default:
            return ErrorKind::failed;
    }
}

Error error_of(const Connection& connection, int code) {
    const int primary = code & 0xFF;
    const std::string words =
        connection.handle != nullptr ? sqlite3_errmsg(connection.handle) : sqlite3_errstr(code);
    return fail(connection.path + ": " + words + "; " + remedy(primary, connection.path),
                kind_of(connection, primary));
}

std::string uri_path(const std::string& path) {
    std::string text;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            constexpr const char* kHex = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            text += '%';
            text += kHex[byte >> 4U];
            text += kHex[byte & 15U];
        } else {
            text += c;
        }
    }
    return text;
}

// Only before SQLite is first used. Nobody asks it how much memory it holds, and keeping count
// takes a lock an allocation; refused, it is merely slower. And a file may be called
// file:a.db?mode=rwc: names are no URIs, whatever the library was built for, but where an open asks
// for it.
void configure() {
    static const bool kDone = [] {
        static_cast<void>(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
        static_cast<void>(sqlite3_config(SQLITE_CONFIG_URI, 0));
        return true;
    }();
    static_cast<void>(kDone);
}

// Opens and reads the header once, so that a wrong file is noticed here and not at first use.
int open_and_read(Connection& connection, const std::string& name, int flags) {
    configure();
    int code = sqlite3_open_v2(name.c_str(), &connection.handle,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(connection.handle, "PRAGMA schema_version", nullptr, nullptr, nullptr);
    }
    return code;
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(connection_, other.connection_);
    std::swap(handle_, other.handle_);
    return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::bind_int(int index, std::int64_t value) {
    CHECK(sqlite3_bind_int64(handle_, index, value) == SQLITE_OK, "no such parameter");
}

void Statement::bind_real(int index, double value) {
    CHECK(sqlite3_bind_double(handle_, index, value) == SQLITE_OK, "no such parameter");
}

void Statement::bind_null(int index) {
    CHECK(sqlite3_bind_null(handle_, index) == SQLITE_OK, "no such parameter");
}

void Statement::bind_text(int index, std::string_view text) {
    // A null pointer would be stored as NULL.
    const char* data = text.data() != nullptr ? text.data() : "";
    CHECK(sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) ==
              SQLITE_OK,
          "no such parameter, or a text beyond SQLite's limit");
}

void Statement::bind_blob(int index, std::span<const std::byte> bytes) {
    const int code = bytes.empty()
                         ? sqlite3_bind_zeroblob(handle_, index, 0)
                         : sqlite3_bind_blob64(handle_, index, bytes.data(), bytes.size(), nullptr);
    CHECK(code == SQLITE_OK, "no such parameter, or a blob beyond SQLite's limit");
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        sqlite3_reset(handle_);
        return false;
    }
    Error error = error_of(*connection_, code);
    sqlite3_reset(handle_);
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        TRY_LET(const auto row, step());
        if (!row) {
            return {};
        }
    }
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::column_int(int column) const {
    return sqlite3_column_int64(handle_, column);
}

double Statement::column_real(int column) const {
    return is_null(column) ? std::nan("") : sqlite3_column_double(handle_, column);
}

std::string Statement::column_text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return text == nullptr ? std::string() : std::string(text, size);
}

std::vector<std::byte> Statement::column_blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return bytes == nullptr ? std::vector<std::byte>()
                            : std::vector<std::byte>(bytes, bytes + size);
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

std::string sqlite_version() { return sqlite3_libversion(); }

Result<Database> Database::open(const std::string& path, OpenMode mode, int busy_timeout_ms) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        return fail(path + ": this is a directory; name a database file in it");
    }
    const bool exists = std::filesystem::exists(path, ignored);
    if (mode != OpenMode::create && !exists) {
        return fail(path + ": there is no such file; name a trade database with --db");
    }
    auto connection = std::make_unique<Connection>();
    connection->path = path;
    int flags = SQLITE_OPEN_READONLY;
    if (mode != OpenMode::read_only) {
        flags = SQLITE_OPEN_READWRITE | (mode == OpenMode::create ? SQLITE_OPEN_CREATE : 0);
    }
    int code = open_and_read(*connection, path, flags);
    const bool refused = (code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_READONLY;
    if (refused && mode == OpenMode::read_only &&
        !std::filesystem::exists(path + "-wal", ignored)) {
        // A reader of a WAL database needs to create files beside it. Where it may not, and nobody
        // writes, the file alone is the whole database.
        auto second = std::make_unique<Connection>();
        second->path = path;
        const int second_code = open_and_read(*second, "file:" + uri_path(path) + "?immutable=1",
                                              flags | SQLITE_OPEN_URI);
        if (second_code == SQLITE_OK) {
            connection = std::move(second);
            code = SQLITE_OK;
        }
    }
    if (code != SQLITE_OK) {
        return error_of(*connection, code);
    }
    if (mode != OpenMode::read_only && sqlite3_db_readonly(connection->handle, "main") == 1) {
        return fail(path + ": attempt to write a read-only database; " +
                    remedy(SQLITE_READONLY, path));
    }
    sqlite3_busy_timeout(connection->handle, busy_timeout_ms);
    Database database(std::move(connection));
    TRY(database.execute("PRAGMA foreign_keys=ON"));
    return database;
}

Result<void> Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(connection_->handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return error_of(*connection_, code);
    }
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v3(connection_->handle, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) {
        return error_of(*connection_, code);
    }
    return Statement(connection_.get(), handle);
}

Result<std::int64_t> Database::integer(std::string_view sql, std::int64_t otherwise) {
    TRY_LET(auto statement, prepare(sql));
    TRY_LET(const auto row, statement.step());
    return row && !statement.is_null(0) ? statement.column_int(0) : otherwise;
}

Result<std::string> Database::text(std::string_view sql) {
    TRY_LET(auto statement, prepare(sql));
    TRY_LET(const auto row, statement.step());
    return row ? statement.column_text(0) : std::string();
}

Result<void> Database::backup(const std::string& to) {
    Connection target;
    target.path = to;
    int code = sqlite3_open_v2(to.c_str(), &target.handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code != SQLITE_OK) {
        return error_of(target, code);
    }
    sqlite3_backup* backup =
        sqlite3_backup_init(target.handle, "main", connection_->handle, "main");
    if (backup == nullptr) {
        return error_of(target, sqlite3_errcode(target.handle));
    }
    sqlite3_backup_step(backup, -1);
    code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) {
        return error_of(target, code);
    }
    return {};
}

const std::string& Database::path() const { return connection_->path; }

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_->handle) == 0; }

bool Database::has_moved() const {
    int moved = 0;
    return sqlite3_file_control(connection_->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) !=
               SQLITE_OK ||
           moved != 0;
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
    TRY(database.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
    // Some failures (a full disk among them) have already rolled back. A failing disk can fail the
    // rollback as well: whoever begins again asks in_transaction() first.
    if (database_ != nullptr && database_->in_transaction()) {
        (void)database_->execute("ROLLBACK");
    }
}

Result<void> Transaction::commit() {
    TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace paperd::storage
