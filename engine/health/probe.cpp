// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health/probe.h"

#include "engine/base/bytes.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QHostInfo>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int sliceMs = 50;
constexpr qsizetype answerBytes = 64 << 10;

/// One probe in the calling thread: each phase waits in slices, so that a cancellation is noticed.
class ProbeRun
{
public:
    ProbeRun(const ProbeTarget &target, const Clock &clock, const std::function<bool()> &cancelled)
        : m_target(target), m_clock(clock), m_cancelled(cancelled), m_begun(clock.now())
    {
        m_result.provider = target.name;
        m_result.path = target.path;
    }

    ProbeResult run()
    {
        if (connectTcp() && startTls() && (m_target.path.isEmpty() ? reached() : ask()))
            m_result.reachable = true;
        m_socket.abort();
        m_result.timings.total = since(m_begun);
        return std::move(m_result);
    }

private:
    ProbeTimings::Duration since(std::chrono::nanoseconds start) const
    {
        return std::chrono::duration_cast<ProbeTimings::Duration>(m_clock.now() - start);
    }

    bool fail(ProbePhase phase, const QString &why)
    {
        m_result.failedIn = phase;
        m_result.error = QString::fromLatin1(toString(phase)) % QLatin1String(": ") % why;
        return false;
    }

    /// Waits until `ready`, the limit, the deadline, a lost connection or a cancellation.
    template <typename Ready, typename Wait>
    bool await(ProbePhase phase, std::chrono::milliseconds limit, const Ready &ready, const Wait &wait)
    {
        const auto phaseBegun = m_clock.now();
        while (!ready()) {
            if (m_cancelled())
                return fail(phase, QStringLiteral("cancelled"));
            if (m_clock.now() - phaseBegun >= limit || m_clock.now() - m_begun >= m_target.deadline)
                return fail(phase,
                            QStringLiteral("no answer within %1 ms").arg(std::min(limit, m_target.deadline).count()));
            wait();
            if (!ready() && m_socket.error() != QAbstractSocket::UnknownSocketError &&
                m_socket.error() != QAbstractSocket::SocketTimeoutError)
                return fail(phase, m_socket.errorString());
        }
        return true;
    }

    /// The wait for the name is told apart by the moment at which the socket begins to connect.
    void watchForName()
    {
        const QHostAddress literal(m_target.host);
        if (!literal.isNull() || m_target.proxy.type() != QNetworkProxy::NoProxy)
            return;
        QObject::connect(&m_socket, &QAbstractSocket::stateChanged, &m_socket, [this](QAbstractSocket::SocketState s) {
            if (s == QAbstractSocket::ConnectingState && !m_result.timings.dns)
                m_result.timings.dns = since(m_begun);
        });
    }

    bool connectTcp()
    {
        watchForName();
        m_socket.setProxy(m_target.proxy);
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        if (!m_target.caFile.isEmpty())
            tls.addCaCertificates(m_target.caFile);
        m_socket.setSslConfiguration(tls);
        const auto begun = m_clock.now();
        m_socket.connectToHost(m_target.host, m_target.port);
        const bool connected = await(
            ProbePhase::Connect, m_target.connectLimit,
            [this] { return m_socket.state() == QAbstractSocket::ConnectedState; },
            [this] { m_socket.waitForConnected(sliceMs); });
        if (connected)
            m_result.timings.connect = since(begun) - m_result.timings.dns.value_or(ProbeTimings::Duration(0));
        else if (m_socket.error() == QAbstractSocket::HostNotFoundError)
            fail(ProbePhase::Dns, m_socket.errorString());
        return connected;
    }

    bool startTls()
    {
        if (!m_target.tls)
            return true;
        const auto begun = m_clock.now();
        m_socket.setPeerVerifyName(m_target.host);
        m_socket.startClientEncryption();
        const bool encrypted = await(
            ProbePhase::Tls, m_target.tlsLimit, [this] { return m_socket.isEncrypted(); },
            [this] { m_socket.waitForEncrypted(sliceMs); });
        if (encrypted)
            m_result.timings.tls = since(begun);
        if (const QSslCertificate certificate = m_socket.peerCertificate(); !certificate.isNull())
            m_result.certificateExpiry = certificate.expiryDate().toUTC();
        return encrypted;
    }

    bool reached() const { return true; }

    bool ask()
    {
        QByteArray request = "GET " + m_target.path + " HTTP/1.1\r\nHost: " + authority() + "\r\nConnection: close\r\n";
        for (const HeaderField &field : m_target.headers) {
            if (!isHttpToken(field.name) || !isHttpFieldValue(field.value))
                return fail(ProbePhase::Request, QStringLiteral("a header cannot be sent"));
            request += field.name + ": " + field.value + "\r\n";
        }
        m_socket.write(request + "\r\n");
        const auto sent = m_clock.now();
        const bool answered = await(
            ProbePhase::FirstByte, m_target.deadline, [this] { return m_socket.bytesAvailable() > 0; },
            [this] { m_socket.waitForReadyRead(sliceMs); });
        if (!answered)
            return false;
        m_result.timings.firstByte = since(sent);
        return readStatus();
    }

    QByteArray authority() const
    {
        const QByteArray host =
            m_target.host.contains(u':') ? '[' + m_target.host.toLatin1() + ']' : m_target.host.toLatin1();
        return m_target.port == (m_target.tls ? 443 : 80) ? host : host + ':' + QByteArray::number(m_target.port);
    }

    bool readStatus()
    {
        QByteArray head;
        const bool complete = await(
            ProbePhase::Response, m_target.deadline,
            [&] {
                head += m_socket.read(answerBytes - head.size());
                return head.contains("\r\n\r\n") || head.size() >= answerBytes;
            },
            [this] { m_socket.waitForReadyRead(sliceMs); });
        if (!complete)
            return false;
        const QByteArray line = head.left(head.indexOf('\r'));
        const std::optional<std::int64_t> status =
            parseDecimal(QByteArrayView(line)
                             .sliced(std::min<qsizetype>(9, line.size()))
                             .first(std::clamp<qsizetype>(line.size() - 9, 0, 3)));
        if (!line.startsWith("HTTP/1.") || !status || *status < 100)
            return fail(ProbePhase::Response, QStringLiteral("the answer is no HTTP"));
        m_result.status = static_cast<int>(*status);
        m_result.authenticated2xx = *status >= 200 && *status < 300;
        if (m_target.bodyLimit > 0)
            readBody(head);
        return *status < 500 || fail(ProbePhase::Response, QStringLiteral("HTTP status %1").arg(*status));
    }

    /// As the head frames it: chunked, by length, or until the end. What is not whole is not given.
    void readBody(const QByteArray &head)
    {
        const qsizetype headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        const QByteArray fields = head.left(headEnd).toLower();
        m_result.contentEncoding = fieldValue(fields, "content-encoding");
        const std::optional<std::int64_t> length = parseDecimal(fieldValue(fields, "content-length"));
        const bool chunked = fieldValue(fields, "transfer-encoding").contains("chunked");
        QByteArray raw = head.mid(headEnd + 4);
        std::optional<QByteArray> body;
        const qsizetype most = m_target.bodyLimit;
        const auto whole = [&] {
            raw += m_socket.read(most + 1 - raw.size());
            body = chunked ? unchunked(raw) : std::nullopt;
            if (!chunked && length && raw.size() >= *length)
                body = raw.left(*length);
            const bool ended = m_socket.state() != QAbstractSocket::ConnectedState && m_socket.bytesAvailable() == 0;
            if (ended && !chunked && !length)
                body = raw;
            return body || ended || raw.size() > most;
        };
        const std::optional<ProbePhase> failedBefore = m_result.failedIn;
        const QString errorBefore = m_result.error;
        if (await(ProbePhase::Response, m_target.deadline, whole, [this] { m_socket.waitForReadyRead(sliceMs); }) &&
            body && raw.size() <= most)
            m_result.body = *body;
        // The head has told what there is to know: a body that breaks off only leaves the body out.
        m_result.failedIn = failedBefore;
        m_result.error = errorBefore;
    }

    static QByteArray fieldValue(const QByteArray &fields, const QByteArray &name)
    {
        const QByteArray start = "\r\n" + name + ':';
        const qsizetype at = fields.indexOf(start);
        if (at < 0)
            return {};
        const qsizetype from = at + start.size();
        const qsizetype end = fields.indexOf('\r', from);
        return fields.mid(from, end < 0 ? -1 : end - from).trimmed();
    }

    /// nullopt: not whole yet, or broken.
    static std::optional<QByteArray> unchunked(const QByteArray &raw)
    {
        QByteArray body;
        qsizetype at = 0;
        for (;;) {
            const qsizetype lineEnd = raw.indexOf("\r\n", at);
            if (lineEnd < 0)
                return std::nullopt;
            bool number = false;
            const QByteArray size = raw.mid(at, lineEnd - at).split(';').first().trimmed();
            const qsizetype bytes = size.toLongLong(&number, 16);
            if (!number || bytes < 0 || bytes > raw.size() - lineEnd - 2)
                return std::nullopt;
            if (bytes == 0)
                return body;
            body += raw.mid(lineEnd + 2, bytes);
            at = lineEnd + 2 + bytes + 2;
        }
    }

    const ProbeTarget &m_target;
    const Clock &m_clock;
    const std::function<bool()> &m_cancelled;
    std::chrono::nanoseconds m_begun;
    QSslSocket m_socket;
    ProbeResult m_result;
};

} // namespace

bool ProbeTarget::operator==(const ProbeTarget &other) const
{
    const auto sameHeaders = [](const HeaderList &a, const HeaderList &b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const HeaderField &x, const HeaderField &y) {
            return x.name == y.name && x.value == y.value;
        });
    };
    return name == other.name && host == other.host && port == other.port && tls == other.tls && path == other.path &&
        sameHeaders(headers, other.headers) && proxy == other.proxy && caFile == other.caFile &&
        connectLimit == other.connectLimit && tlsLimit == other.tlsLimit && deadline == other.deadline &&
        interval == other.interval && bodyLimit == other.bodyLimit;
}

const char *toString(ProbePhase phase) noexcept
{
    switch (phase) {
    case ProbePhase::Request:
        return "request";
    case ProbePhase::Dns:
        return "dns";
    case ProbePhase::Connect:
        return "connect";
    case ProbePhase::Tls:
        return "tls";
    case ProbePhase::FirstByte:
        return "first byte";
    case ProbePhase::Response:
        return "response";
    }
    return "";
}

ProbeResult runProbe(const ProbeTarget &target, const Clock &clock, const std::function<bool()> &cancelled)
{
    return ProbeRun(target, clock, cancelled).run();
}

} // namespace signalbox
