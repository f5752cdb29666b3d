// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <utility>
#include <vector>

namespace signalbox {

struct HeaderField
{
    QByteArray name; ///< as received; compared without case
    QByteArray value; ///< without surrounding white space
};

/// The name as its own array; ofStatic() for those that most messages have.
QByteArray headerName(QByteArrayView name);

/// HTTP fields in the order of the message; the same name may occur more than once.
class HeaderList
{
public:
    using const_iterator = std::vector<HeaderField>::const_iterator;

    HeaderList() = default;
    HeaderList(std::initializer_list<HeaderField> fields) : m_fields(fields) { }

    void append(QByteArray name, QByteArray value) { m_fields.push_back({ std::move(name), std::move(value) }); }
    /// Replaces every field of that name by one, at the place of the first.
    void set(const QByteArray &name, const QByteArray &value);
    void remove(QByteArrayView name);

    bool contains(QByteArrayView name) const { return find(name) != nullptr; }
    /// The first value of that name, or an empty array.
    QByteArray value(QByteArrayView name) const;
    std::vector<QByteArray> values(QByteArrayView name) const;
    struct Occurrences
    {
        int count = 0;
        QByteArrayView first; ///< value; valid while the list stays as it is
    };
    Occurrences occurrences(QByteArrayView name) const;
    int count(QByteArrayView name) const;

    /// True if the comma-separated list in the fields of that name holds the token (without case).
    bool hasToken(QByteArrayView name, QByteArrayView token) const;

    const_iterator begin() const { return m_fields.begin(); }
    const_iterator end() const { return m_fields.end(); }
    std::size_t size() const { return m_fields.size(); }
    bool isEmpty() const { return m_fields.empty(); }
    void clear() { m_fields.clear(); }
    void reserve(std::size_t n) { m_fields.reserve(n); }

private:
    const HeaderField *find(QByteArrayView name) const;

    std::vector<HeaderField> m_fields;
};

} // namespace signalbox
