// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestdetails.h"
#include "engine/base/secret.h"
#include "engine/dialect/eventlog.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QStringView>

#include <optional>
#include <vector>

namespace signalbox {

/// A provider that was thought of for a request.
struct TraceCandidate
{
    QString provider;
    QByteArray mappedModel;
    float score = 0;
};

/// Packs what RequestDetails shows, at the end of every request: a few memory copies into a buffer that stays.
/// The values of credential fields are left out here already; unpackTrace() masks whatever else may be secret. Calls in
/// this order: begin(), count() and candidate()s, count() of those not looked at, count() and attempt()s, end().
class TraceWriter
{
public:
    explicit TraceWriter(QByteArray &buffer);

    void begin(QByteArrayView target, const HeaderList &headers);
    void count(std::size_t things) { number(things); }
    /// `fate`: as ConsideredProvider::reason.
    void candidate(const TraceCandidate &candidate, QStringView fate);
    void attempt(QStringView provider, QByteArrayView target, const HeaderList &sent, int status,
                 const HeaderList &received);
    /// Nullptr: the answer was no stream. The view is valid until the buffer is used again.
    QByteArrayView end(const EventLog *events);

private:
    void makeRoom(qsizetype bytes);
    void put(std::uint64_t value);
    void put(QByteArrayView value);
    void number(std::uint64_t value);
    void bytes(QByteArrayView value);
    void text(QStringView value);
    void headers(const HeaderList &list);

    QByteArray &m_buffer;
    char *m_at;
    char *m_end;
};

/// Nullopt for bytes that TraceWriter did not write. `secrets` are masked wherever they stand, beside everything that
/// looks like a secret.
std::optional<RequestDetails> unpackTrace(QByteArrayView trace, const std::vector<Secret> &secrets);

} // namespace signalbox
