// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/usage.h"
#include "engine/config/config.h"
#include "engine/dialect/jsonscan.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <optional>

namespace signalbox {

/// Reads what an answer says it used, from events or from a plain document. A later report replaces an earlier one
/// field by field, since streams repeat their totals. Numbers that make no sense are left out.
class UsageReader
{
public:
    static constexpr qsizetype documentBytes = qsizetype { 4 } << 20; ///< a longer document is not read
    static constexpr qsizetype modelBytes = 128;

    explicit UsageReader(Dialect dialect) : m_dialect(dialect) { }

    /// The data of one event.
    void readEvent(QByteArrayView data);
    /// A member of a plain answer that is walked over elsewhere.
    void readTopMember(const JsonMember &member, QByteArrayView document);
    /// The next piece of a plain answer that is not.
    void readDocument(QByteArrayView piece);
    /// The plain answer is complete.
    void finishDocument();

    /// In the one convention of TokenUsage.
    TokenUsage usage() const;
    /// Printable and short; empty if the answer names none.
    const QByteArray &servedModel() const { return m_model; }

private:
    /// As the dialect counts them.
    enum Field { Input, Cached, CacheWrite, CacheWriteHour, Output, Reasoning, ToolInput, FieldCount };

    void readObject(QByteArrayView object);
    void readUsage(QByteArrayView usage);
    void readMember(QByteArrayView key, QByteArrayView value);
    void readDetails(QByteArrayView key, QByteArrayView object);
    void set(Field field, QByteArrayView number);
    std::uint64_t get(Field field) const { return m_fields[field].value_or(0); }

    Dialect m_dialect;
    QByteArray m_document;
    bool m_tooLong = false;
    QByteArray m_model;
    std::array<std::optional<std::uint64_t>, FieldCount> m_fields;
};

} // namespace signalbox
