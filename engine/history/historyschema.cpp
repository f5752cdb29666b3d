// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/history/historyschema.h"

namespace signalbox {

namespace {

// The id of an event is its sequence number: wall time in microseconds, moved up where two would be equal. So the
// primary key is the index over time, and no other is needed.
constexpr const char *tables = R"(
BEGIN IMMEDIATE;
CREATE TABLE requests(id INTEGER PRIMARY KEY, event BLOB NOT NULL);
CREATE TABLE states(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, provider TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE breaker_inputs(id INTEGER PRIMARY KEY, provider TEXT NOT NULL, records BLOB NOT NULL);
CREATE TABLE rollups(span INTEGER NOT NULL, start INTEGER NOT NULL, provider TEXT NOT NULL, numbers BLOB NOT NULL,
    PRIMARY KEY(span, start, provider)) WITHOUT ROWID;
CREATE TABLE captures(id INTEGER PRIMARY KEY, request BLOB NOT NULL, provider TEXT NOT NULL, kind INTEGER NOT NULL,
    body BLOB NOT NULL, complete INTEGER NOT NULL);
PRAGMA user_version=1;
COMMIT;
)";

// auto_vacuum must be chosen before the first table. The checkpoint limit keeps the WAL at about 16 MB.
constexpr const char *settings = R"(
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA wal_autocheckpoint=4000;
PRAGMA cache_size=-8192;
PRAGMA temp_store=MEMORY;
)";

} // namespace

Result<Database> openHistory(const QString &path)
{
    Result<Database> opened = Database::open(path, Database::Access::ReadWrite);
    if (!opened)
        return opened;
    Database database = std::move(opened).value();
    if (const Status status = database.execute(settings); !status)
        return Error { status.error().reason, path };
    const std::int64_t version = database.integer("PRAGMA user_version");
    if (version > historySchemaVersion) {
        return Error { QStringLiteral("%1 was written by a newer Signalbox (format %2, this one knows %3)")
                           .arg(path)
                           .arg(version)
                           .arg(historySchemaVersion),
                       {} };
    }
    if (version == 0) {
        if (const Status status = database.execute(tables); !status)
            return Error { status.error().reason, path };
    }
    return database;
}

} // namespace signalbox
