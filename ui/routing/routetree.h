// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

class QMenu;

namespace signalbox {

class Appearance;
class RouteModel;

/// The providers in failover order, to be dragged into another one.
class RouteTree : public QTreeView
{
    Q_OBJECT

public:
    RouteTree(RouteModel &model, const Appearance &appearance, QWidget *parent = nullptr);

    void setContextMenu(QMenu *menu) { m_menu = menu; }
    /// Empty: none.
    QString selectedProvider() const;
    void selectProvider(const QString &name);

Q_SIGNALS:
    void selectedProviderChanged(const QString &name);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

private:
    void sizeColumns();
    void openGroups();
    void keepSelection();

    RouteModel &m_routes;
    const Appearance &m_appearance;
    QMenu *m_menu = nullptr;
    QString m_selected; ///< survives a reset of the model
};

} // namespace signalbox
