// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/thresholds/historydialog.h"

#include "ui/style/appearance.h"
#include "ui/style/rowdelegate.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

HistoryDialog::HistoryDialog(const Appearance &appearance, QWidget *parent)
    : QDialog(parent), m_table(new QTableView(this)), m_empty(new QLabel(tr("Nothing was changed yet."), this)),
      m_changes(new QPlainTextEdit(this)), m_consequence(new QLabel(this))
{
    setObjectName(QStringLiteral("historyDialog"));
    setWindowTitle(tr("Versions of the configuration"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_table->setObjectName(QStringLiteral("versions"));
    m_table->setAccessibleName(tr("Changes, newest first"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new RowDelegate(appearance, RowDelegate::noRole, RowDelegate::noRole, this));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(std::max(26, fontMetrics().height() + 10));
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto widthOf = [this](const QString &text) {
        return fontMetrics().horizontalAdvance(text) + 2 * RowDelegate::padding + 4;
    };
    m_table->setColumnWidth(VersionModel::TimeColumn, widthOf(QStringLiteral("0000-00-00 00:00:00")));
    m_table->setColumnWidth(VersionModel::ByColumn, widthOf(QStringLiteral("signalboxctl")));
    m_changes->setObjectName(QStringLiteral("versionChanges"));
    m_changes->setAccessibleName(tr("What that change did"));
    m_changes->setReadOnly(true);
    m_changes->setTabChangesFocus(true);
    m_changes->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_changes->setFixedHeight(6 * fontMetrics().lineSpacing());
    m_consequence->setObjectName(QStringLiteral("restoreConsequence"));
    m_consequence->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_restore = buttons->addButton(tr("&Restore the state before it"), QDialogButtonBox::ActionRole);
    m_restore->setObjectName(QStringLiteral("restoreVersion"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_restore, &QPushButton::clicked, this, [this] {
        if (const ConfigVersion *version = m_model.versionAt(m_table->currentIndex().row()))
            Q_EMIT restoreRequested(version->id);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &HistoryDialog::showChosen);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_empty);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_changes);
    layout->addWidget(m_consequence);
    layout->addWidget(buttons);
    resize(760, 520);
    showVersions({});
}

void HistoryDialog::showVersions(std::vector<ConfigVersion> versions)
{
    const int row = std::max(0, m_table->currentIndex().row());
    m_model.setVersions(std::move(versions));
    m_empty->setVisible(m_model.rowCount() == 0);
    m_table->setCurrentIndex(m_model.index(std::min(row, m_model.rowCount() - 1), 0));
    showChosen();
}

void HistoryDialog::showChosen()
{
    const int row = m_table->currentIndex().row();
    const ConfigVersion *version = m_model.versionAt(row);
    m_changes->setPlainText(version ? version->changes.join(QLatin1Char('\n')) : QString());
    m_restore->setEnabled(version != nullptr);
    m_consequence->setText(
        !version ? QString()
            : row == 0
            ? tr("Restoring brings the file back as it was before this change. It is a change too, so it can "
                 "be undone.")
            : tr("Restoring brings the file back as it was before this change, without the %n later one(s). "
                 "It is a change too, so it can be undone.",
                 nullptr, row));
}

} // namespace signalbox
