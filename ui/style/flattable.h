// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace signalbox {

class Appearance;

/// A table without a grid whose rows are selected as a whole and which is left with Tab.
class FlatTable : public QTableView
{
    Q_OBJECT

public:
    /// The roles are those of RowDelegate.
    FlatTable(QAbstractItemModel &model, const Appearance &appearance, int lampRole, int tintRole,
              QWidget *parent = nullptr);

    /// As wide as the widest of these texts, by column; the last column takes the rest.
    void sizeColumns(const QStringList &samples);
    /// -1: none.
    virtual int selectedRow() const;
    /// What stands in its middle while it has no rows.
    void setEmptyText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Appearance &m_appearance;
    QString m_emptyText;
};

} // namespace signalbox
