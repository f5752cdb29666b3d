// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/helpdialogs.h"

#include <QAction>
#include <QCoreApplication>
#include <QMessageBox>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("HelpDialogs", text);
}

void openBox(const QString &title, const QString &html, QWidget *window)
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, title, html, QMessageBox::Close, window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::RichText);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->open();
}

} // namespace

void showShortcuts(const QList<QAction *> &actions, QWidget *window)
{
    QString rows;
    for (const QAction *action : actions) {
        QStringList keys;
        for (const QKeySequence &sequence : action->shortcuts())
            keys.append(sequence.toString(QKeySequence::NativeText));
        if (!keys.isEmpty())
            rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;&nbsp;</td><td>%2</td></tr>")
                        .arg(action->iconText().toHtmlEscaped(), keys.join(tr(" or ")).toHtmlEscaped());
    }
    openBox(tr("Keyboard shortcuts"), QStringLiteral("<table cellspacing=\"4\">%1</table>").arg(rows), window);
}

void showAbout(const QString &configPath, QWidget *window)
{
    const QString text =
        tr("<p><b>Signalbox %1</b></p><p>A local proxy for LLM APIs that fails over between providers, and its "
           "console.</p><p>Configuration: %2</p><p>Free software under the GNU GPL, version 3 or later. It comes "
           "with no warranty.</p>")
            .arg(QStringLiteral(SIGNALBOX_VERSION), configPath.isEmpty() ? tr("none") : configPath.toHtmlEscaped());
    openBox(tr("About Signalbox"), text, window);
}

} // namespace signalbox
