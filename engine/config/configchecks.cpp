// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configchecks.h"

#include <QRegularExpression>

#include <algorithm>

namespace signalbox {

namespace {

bool matches(const char *pattern, const QString &text)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(pattern))).match(text).hasMatch();
}

Error refused(const QString &reason, const QString &text)
{
    const QString got = shown(text);
    return Error { got.isEmpty() ? reason : reason + QStringLiteral(", got ") + got, {} };
}

bool isIpv4(const QString &text)
{
    return matches("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}", text);
}

/// In the shortest usual spelling, without brackets; empty if it is none.
QString normalIpv6(const QString &text)
{
    if (!text.contains(QLatin1Char(':')) || text.contains(QLatin1Char('%')))
        return {};
    const QUrl url(QStringLiteral("http://[") + text + QStringLiteral("]/"), QUrl::StrictMode);
    return url.isValid() ? url.host() : QString();
}

bool hasControls(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

} // namespace

QString shown(const QString &text)
{
    constexpr qsizetype longest = 60;
    if (text.contains(QLatin1Char('@')) || text.contains(QLatin1Char('?')))
        return {};
    QString safe = text.left(longest);
    for (QChar &c : safe) {
        if (!c.isPrint())
            c = QLatin1Char('?');
    }
    return QLatin1Char('\'') + safe + (text.size() > longest ? QStringLiteral("...'") : QStringLiteral("'"));
}

bool isLoopbackHost(const QString &host)
{
    const QString name = host.toLower();
    if (isIpv4(name))
        return name.startsWith(QLatin1String("127."));
    return name == QLatin1String("localhost") || name.endsWith(QLatin1String(".localhost")) ||
        name == QLatin1String("::1") || name.startsWith(QLatin1String("::ffff:127."));
}

Result<QString> checkedProviderName(const QString &text)
{
    if (!matches("[A-Za-z0-9._-]{1,64}", text) || text == QLatin1String(".") || text == QLatin1String(".."))
        return refused(QStringLiteral("must be 1 to 64 of the characters A-Z a-z 0-9 . _ -"), text);
    return text;
}

Result<QUrl> checkedBaseUrl(const QString &text)
{
    QUrl url(text, QUrl::StrictMode);
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !web || url.host().isEmpty() || url.port(1) == 0)
        return refused(QStringLiteral("must be an http or https URL"), text);
    if (!url.userInfo().isEmpty() || text.contains(QLatin1Char('@')))
        return Error { QStringLiteral("must not hold a user name or password: name the key in \"key\""), {} };
    if (url.hasQuery() || url.hasFragment())
        return Error { QStringLiteral("must have no query (?) and no fragment (#)"), {} };
    QString path = url.path(QUrl::FullyEncoded);
    if (matches(".*(/|^)(\\.|%2e){1,2}(/.*|$)", path.toLower()))
        return refused(QStringLiteral("must have no . or .. in its path"), text);
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    url.setPath(path, QUrl::StrictMode);
    return url;
}

Result<QUrl> checkedWebhookUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !web || url.host().isEmpty() || url.port(1) == 0 || url.hasFragment() || hasControls(text))
        return Error { QStringLiteral("must be an http or https URL without a fragment (#)"), {} };
    if (!url.userInfo().isEmpty())
        return Error { QStringLiteral("must not hold a user name or password: name the key in \"key\""), {} };
    return url;
}

Result<QUrl> checkedForwardProxy(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool known = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("socks5");
    const bool bare =
        (url.path().isEmpty() || url.path() == QLatin1String("/")) && !url.hasQuery() && !url.hasFragment();
    if (!url.isValid() || !known || !bare || url.host().isEmpty() || url.port(0) == 0)
        return refused(QStringLiteral("must be http://HOST:PORT, socks5://HOST:PORT or null"), text);
    if (hasControls(url.userName(QUrl::FullyDecoded)) || hasControls(url.password(QUrl::FullyDecoded)))
        return Error { QStringLiteral("the user name and password must have no control characters"), {} };
    return url;
}

Result<QString> checkedListenAddress(const QString &text)
{
    if (text.toLower() == QLatin1String("localhost"))
        return QStringLiteral("127.0.0.1");
    if (isIpv4(text))
        return text;
    const QString ipv6 = normalIpv6(text);
    if (ipv6.isEmpty())
        return refused(QStringLiteral("must be an IPv4 or IPv6 address or localhost"), text);
    return ipv6;
}

Result<QString> checkedHost(const QString &text)
{
    const QString host = text.toLower();
    const bool bracketed = host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'));
    const QString ipv6 = normalIpv6(bracketed ? host.mid(1, host.size() - 2) : host);
    if (!ipv6.isEmpty())
        return ipv6;
    if (!matches("[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9])?", host))
        return refused(QStringLiteral("must be a host name or address without scheme, port, path or wildcard"), text);
    return host;
}

Result<QString> checkedOrigin(const QString &text)
{
    const QString origin = text.toLower();
    if (!matches("[a-z][a-z0-9+.-]*://(\\*|[a-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9a-f:.]+\\](:[0-9]{1,5})?)", origin))
        return refused(QStringLiteral("must be an origin such as https://app.example.com or vscode-webview://*"), text);
    if (matches("https?://\\*", origin))
        return Error { QStringLiteral("a wildcard would let every web page in: only for an application's own scheme, "
                                      "such as vscode-webview://*"),
                       {} };
    return origin;
}

Result<QString> checkedToken(const QString &text)
{
    const bool visible = std::all_of(text.begin(), text.end(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
    if (text.isEmpty() || !visible || text.size() > 512)
        return Error { QStringLiteral("must be 1 to 512 visible ASCII characters without spaces, or null"), {} };
    return text;
}

Result<QString> checkedVariableName(const QString &text)
{
    if (!matches("[A-Za-z_][A-Za-z0-9_]{0,127}", text))
        return Error { QStringLiteral("must be the name of an environment variable, such as OPENAI_API_KEY"), {} };
    if (matches("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9_]{24,}", text))
        return Error { QStringLiteral("looks like a key; write the name of the environment variable that holds it"),
                       {} };
    return text;
}

Result<QString> checkedPlainText(const QString &text)
{
    if (text.isEmpty() || hasControls(text))
        return refused(QStringLiteral("must be a text without control characters, and not empty"), text);
    return text;
}

} // namespace signalbox
