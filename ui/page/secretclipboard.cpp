// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/secretclipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace signalbox {

void copySecret(const Secret &secret)
{
    auto *data = new QMimeData;
    data->setText(QString::fromLatin1(secret.reveal()));
    // Clipboard managers that know this hint do not keep the text in their history.
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    QGuiApplication::clipboard()->setMimeData(data);
}

} // namespace signalbox
