// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/toolview.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDir>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

namespace signalbox {

namespace {

QString shortPath(const QString &path)
{
    const QString home = QDir::homePath();
    return path.startsWith(home) ? QLatin1Char('~') + path.mid(home.size()) : path;
}

} // namespace

ToolView::ToolView(QWidget *parent)
    : QWidget(parent), m_name(new QLabel(this)), m_advice(new QLabel(this)), m_tabs(new QTabWidget(this)),
      m_copy(new QPushButton(tr("&Copy"), this)), m_showToken(new QCheckBox(tr("Show &token"), this)),
      m_write(new QPushButton(this)), m_undo(new QPushButton(tr("&Undo the change"), this))
{
    m_name->setObjectName(QStringLiteral("toolName"));
    QFont font = m_name->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.25);
    m_name->setFont(font);
    m_advice->setObjectName(QStringLiteral("toolAdvice"));
    m_advice->setWordWrap(true);
    m_advice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_tabs->setObjectName(QStringLiteral("toolSnippets"));
    m_tabs->setAccessibleName(tr("Texts for this tool"));
    m_copy->setObjectName(QStringLiteral("copySnippet"));
    m_showToken->setObjectName(QStringLiteral("showToken"));
    m_write->setObjectName(QStringLiteral("planToolFile"));
    m_undo->setObjectName(QStringLiteral("undoToolFile"));
    m_undo->hide();

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_showToken);
    buttons->addStretch(1);
    buttons->addWidget(m_undo);
    buttons->addWidget(m_write);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_name);
    layout->addWidget(m_advice);
    layout->addWidget(m_tabs, 1);
    layout->addLayout(buttons);

    connect(m_copy, &QPushButton::clicked, this, &ToolView::copyCurrent);
    connect(m_showToken, &QCheckBox::toggled, this, &ToolView::showTokenChanged);
    connect(m_write, &QPushButton::clicked, this, &ToolView::writeRequested);
    connect(m_undo, &QPushButton::clicked, this, &ToolView::undoRequested);
}

void ToolView::showTool(const ConnectTool &shown, const ConnectTool &real)
{
    const bool same = m_real.id == real.id;
    m_real = real;
    m_name->setText(shown.name);
    m_advice->setText(shown.advice);
    const int current = same ? m_tabs->currentIndex() : 0;
    fillTabs(shown.snippets);
    m_tabs->setCurrentIndex(qMin(current, m_tabs->count() - 1));
    const QString path = toolFilePath(real.file, QDir::homePath());
    m_write->setVisible(!path.isEmpty());
    m_write->setText(tr("&Write to %1…").arg(shortPath(path)));
}

void ToolView::fillTabs(const QList<Snippet> &snippets)
{
    for (qsizetype index = 0; index < snippets.size(); ++index) {
        const int at = static_cast<int>(index);
        auto *text = qobject_cast<QPlainTextEdit *>(m_tabs->widget(at));
        if (!text) {
            text = new QPlainTextEdit(m_tabs);
            text->setReadOnly(true);
            text->setTabChangesFocus(true);
            text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
            text->setLineWrapMode(QPlainTextEdit::NoWrap);
            m_tabs->addTab(text, QString());
        }
        m_tabs->setTabText(at, snippets.at(index).title);
        text->setAccessibleName(tr("Text for %1").arg(snippets.at(index).title));
        if (text->toPlainText() != snippets.at(index).text)
            text->setPlainText(snippets.at(index).text);
    }
    while (m_tabs->count() > snippets.size()) {
        QWidget *last = m_tabs->widget(m_tabs->count() - 1);
        m_tabs->removeTab(m_tabs->count() - 1);
        delete last;
    }
}

bool ToolView::mayShowToken() const
{
    return m_showToken->isChecked();
}

void ToolView::setHasToken(bool hasToken)
{
    m_showToken->setVisible(hasToken);
}

void ToolView::setCanUndo(bool canUndo)
{
    m_undo->setVisible(canUndo);
}

void ToolView::copyCurrent()
{
    const int index = m_tabs->currentIndex();
    if (index < 0 || index >= m_real.snippets.size())
        return;
    QGuiApplication::clipboard()->setText(m_real.snippets.at(index).text);
    Q_EMIT copied(m_real.snippets.at(index).title);
}

} // namespace signalbox
