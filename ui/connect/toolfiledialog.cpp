// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/toolfiledialog.h"

#include "ui/connect/textdiff.h"
#include "ui/style/appearance.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPushButton>
#include <QTextEdit>
#include <QVBoxLayout>

namespace signalbox {

namespace {

const QString dots = QString(8, QChar(0x2022));

QString lineHtml(const DiffLine &line, const Theme &theme)
{
    const QString mark = line.kind == DiffLine::Kind::Added ? QStringLiteral("+ ")
        : line.kind == DiffLine::Kind::Removed              ? QStringLiteral("- ")
                                                            : QStringLiteral("&nbsp; ");
    const QString text = line.text.toHtmlEscaped().replace(QLatin1Char(' '), QLatin1String("&nbsp;"));
    if (line.kind == DiffLine::Kind::Same)
        return QStringLiteral("<div>%1%2</div>").arg(mark, text);
    const QColor back = line.kind == DiffLine::Kind::Added ? theme.tintProbing : theme.tintCritical;
    return QStringLiteral("<div style=\"background:%1\">%2%3</div>").arg(back.name(), mark, text);
}

} // namespace

ToolFileDialog::ToolFileDialog(const ToolFilePlan &plan, const QString &hidden, const Appearance &appearance,
                               QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("toolFileDialog"));
    setWindowTitle(tr("Write to %1?").arg(plan.path));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    auto *what = new QLabel(
        plan.existed ? tr("These lines of %1 change. A copy of the file as it is now is kept beside it.").arg(plan.path)
                     : tr("%1 does not exist yet. It would be made with this content.").arg(plan.path),
        this);
    what->setWordWrap(true);
    layout->addWidget(what);
    auto *text = new QTextEdit(this);
    text->setObjectName(QStringLiteral("toolFileDiff"));
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setAccessibleName(tr("What would change"));
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->setLineWrapMode(QTextEdit::NoWrap);
    text->setHtml(differenceHtml(plan, hidden, appearance));
    layout->addWidget(text, 1);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *write = buttons->addButton(tr("Write"), QDialogButtonBox::AcceptRole);
    write->setObjectName(QStringLiteral("writeToolFile"));
    buttons->addButton(QDialogButtonBox::Cancel)->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    resize(720, 480);
}

QString ToolFileDialog::differenceHtml(const ToolFilePlan &plan, const QString &hidden,
                                       const Appearance &appearance) const
{
    QString html;
    const QList<DiffLine> lines = diffLines(QString::fromUtf8(plan.before), QString::fromUtf8(plan.after));
    for (DiffLine line : lines) {
        if (!hidden.isEmpty())
            line.text.replace(hidden, dots);
        html += lineHtml(line, appearance.theme());
    }
    return html;
}

} // namespace signalbox
