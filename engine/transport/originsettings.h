// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QNetworkProxy>
#include <QString>
#include <QUrl>

#include <cstdint>

namespace signalbox {

/// Where connections go and how. All of it is the pool's key: a connection never serves another setting.
struct OriginSettings
{
    bool tls = false;
    QString host; ///< name or address literal, without brackets
    std::uint16_t port = 80;
    QUrl proxy; ///< forward proxy, http (CONNECT) or socks5; empty: direct, never the system's
    QString caFile; ///< PEM file of authorities trusted in addition to the system's

    /// Of a base URL; an empty host if it is neither http nor https.
    static OriginSettings fromUrl(const QUrl &url, const QUrl &proxy = {}, const QString &caFile = {});
    bool isValid() const { return !host.isEmpty() && port != 0; }
    /// The Host field: brackets around IPv6, the port unless it is the scheme's.
    QByteArray authority() const;
    QUrl url() const;

    bool operator==(const OriginSettings &) const = default;
};

/// Of a forward proxy's URL, with its credentials decoded; NoProxy (never the system's) if it is empty.
QNetworkProxy toNetworkProxy(const QUrl &url);

size_t qHash(const OriginSettings &origin, size_t seed = 0) noexcept;

} // namespace signalbox
