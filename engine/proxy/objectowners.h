// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

#include <deque>
#include <unordered_map>

namespace signalbox {

/// Which provider issued a file, batch, response or conversation. Remembers the newest 10,000.
class ObjectOwners
{
public:
    void remember(const QByteArray &objectId, const QString &provider);
    /// Empty if it is not known.
    QString ownerOf(const QByteArray &objectId) const;

private:
    struct Hash
    {
        std::size_t operator()(const QByteArray &key) const noexcept { return qHash(QByteArrayView(key)); }
    };
    std::unordered_map<QByteArray, QString, Hash> m_owners;
    std::deque<QByteArray> m_order;
};

} // namespace signalbox
