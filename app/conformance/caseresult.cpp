// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/conformance/caseresult.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace signalbox::conformance {

QString jsonText(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

QString differs(const QString &got, const QString &want)
{
    return QStringLiteral("got %1 want %2").arg(got, want);
}

} // namespace signalbox::conformance
