// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/database.h"

#include <sqlite3.h>

#include <QFile>

#include <sys/stat.h>

namespace signalbox {

namespace {

/// A reader never waits for the writer (WAL), so only a foreign process can hold a lock: give it a moment.
constexpr int busyWaitMs = 250;

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Statement &Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
    return *this;
}

Statement &Statement::bindBytes(int index, QByteArrayView bytes)
{
    sqlite3_bind_blob64(m_statement.get(), index, bytes.data(), static_cast<sqlite3_uint64>(bytes.size()),
                        SQLITE_STATIC);
    return *this;
}

Statement &Statement::bindText(int index, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    sqlite3_bind_text64(m_statement.get(), index, utf8.constData(), static_cast<sqlite3_uint64>(utf8.size()),
                        SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

bool Statement::step()
{
    const int result = sqlite3_step(m_statement.get());
    m_failed = result != SQLITE_ROW && result != SQLITE_DONE;
    return result == SQLITE_ROW;
}

bool Statement::run()
{
    while (step()) { }
    const bool ok = !m_failed;
    reset();
    return ok;
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

QByteArrayView Statement::view(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
    return { data, sqlite3_column_bytes(m_statement.get(), column) };
}

QByteArray Statement::bytes(int column) const
{
    return view(column).toByteArray();
}

QString Statement::text(int column) const
{
    return QString::fromUtf8(bytes(column));
}

void Database::Close::operator()(sqlite3 *handle) const
{
    sqlite3_close_v2(handle);
}

Result<Database> Database::open(const QString &path, Access access)
{
    const QByteArray file = QFile::encodeName(path);
    const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3 *handle = nullptr;
    const mode_t before = umask(0077);
    const int result = sqlite3_open_v2(file.constData(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    umask(before);
    Database database(handle);
    if (result != SQLITE_OK)
        return Error { QStringLiteral("%1: %2").arg(path, database.problemText()), {} };
    sqlite3_busy_timeout(handle, busyWaitMs);
    return database;
}

Status Database::execute(const char *sql)
{
    if (sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK)
        return ok();
    return Error { problemText(), {} };
}

Result<Statement> Database::prepare(const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_handle.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK)
        return Statement(statement);
    return Error { problemText(), {} };
}

std::int64_t Database::integer(const char *sql)
{
    Result<Statement> statement = prepare(sql);
    return statement && statement.value().step() ? statement.value().integer(0) : 0;
}

DatabaseProblem Database::problem() const
{
    switch (sqlite3_errcode(m_handle.get()) & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DatabaseProblem::None;
    case SQLITE_FULL:
        return DatabaseProblem::Full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DatabaseProblem::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DatabaseProblem::Corrupt;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
        return DatabaseProblem::Unreadable;
    default:
        return DatabaseProblem::Other;
    }
}

QString Database::problemText() const
{
    return QString::fromUtf8(sqlite3_errmsg(m_handle.get()));
}

void Database::interrupt()
{
    sqlite3_interrupt(m_handle.get());
}

} // namespace signalbox
