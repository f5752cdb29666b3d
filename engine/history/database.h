// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <cstdint>
#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace signalbox {

/// What a caller can do about a failure of the database.
enum class DatabaseProblem { None, Full, Busy, Corrupt, Unreadable, Other };

/// A prepared statement. Bind, then step; reset() makes it ready again. Parameters count from 1, columns from 0.
class Statement
{
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt *statement) : m_statement(statement) { }

    Statement &bind(int index, std::int64_t value);
    /// The bytes must live until the next reset() or bind.
    Statement &bindBytes(int index, QByteArrayView bytes);
    Statement &bindText(int index, const QString &text);

    /// True: a row is there to read. False: done, or failed (see failed()).
    bool step();
    /// step() to the end and reset(). False if it failed.
    bool run();
    void reset();
    bool failed() const { return m_failed; }

    std::int64_t integer(int column) const;
    QByteArray bytes(int column) const;
    /// Valid until the next step().
    QByteArrayView view(int column) const;
    QString text(int column) const;

private:
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    bool m_failed = false;
};

/// One connection to one SQLite file, for one thread at a time.
class Database
{
public:
    enum class Access { ReadWrite, ReadOnly };

    /// The file is created with mode 0600. The error names the file and the reason.
    static Result<Database> open(const QString &path, Access access);

    Status execute(const char *sql);
    Result<Statement> prepare(const char *sql);
    /// The first column of the first row; 0 if there is none.
    std::int64_t integer(const char *sql);

    /// Of the last call that failed.
    DatabaseProblem problem() const;
    QString problemText() const;
    /// Another thread may call it: the running statement ends with an error.
    void interrupt();

private:
    struct Close
    {
        void operator()(sqlite3 *handle) const;
    };
    explicit Database(sqlite3 *handle) : m_handle(handle) { }

    std::unique_ptr<sqlite3, Close> m_handle;
};

} // namespace signalbox
