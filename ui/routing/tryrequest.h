// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/routing/candidatemodel.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QStringListModel;

namespace signalbox {

class Console;
class FlatTable;

/// Where a request would go right now, without sending it: asked of the engine anew as it is described, and with each
/// of its snapshots.
class TryRequest : public QWidget
{
    Q_OBJECT

public:
    explicit TryRequest(Console &console, QWidget *parent = nullptr);

    /// The newest snapshot.
    void refresh();
    void focusModel();

protected:
    void hideEvent(QHideEvent *event) override;

private:
    QLayout *buildQuestion();
    void buildEndpoints();
    CandidateModel::Wait wait() const;
    void ask();
    void show(const DryRun &run, const QByteArray &model);
    /// What the question's own size and kind mean, whoever is asked.
    QString remarks() const;
    void suggestModels();

    Console &m_console;
    CandidateModel *m_candidates;
    QComboBox *m_endpoint;
    QLineEdit *m_model;
    QStringListModel *m_suggestions;
    QCheckBox *m_stream;
    QSpinBox *m_size;
    QLabel *m_summary;
    FlatTable *m_table;
    QTimer m_typing;
    quint64 m_question = 0; ///< numbers the questions, so that only the newest answer counts
};

} // namespace signalbox
