// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/thresholds/versionmodel.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace signalbox {

class Appearance;

/// The versions of the configuration: what each change did, and the way back to before it.
class HistoryDialog : public QDialog
{
    Q_OBJECT

public:
    explicit HistoryDialog(const Appearance &appearance, QWidget *parent = nullptr);

    void showVersions(std::vector<ConfigVersion> versions);

Q_SIGNALS:
    /// The configuration shall be as before that change.
    void restoreRequested(quint64 version);

private:
    void showChosen();

    VersionModel m_model;
    QTableView *m_table;
    QLabel *m_empty;
    QPlainTextEdit *m_changes;
    QLabel *m_consequence;
    QPushButton *m_restore;
};

} // namespace signalbox
