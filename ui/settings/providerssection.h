// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/section.h"

class QListView;
class QPushButton;

namespace signalbox {

class ProviderEditor;

/// The providers in failover order, and the one that is chosen to edit.
class ProvidersSection : public Section
{
    Q_OBJECT

public:
    explicit ProvidersSection(Console &console, QWidget *parent = nullptr);

    void refresh() override;
    /// Its provider, or "addProvider".
    void goTo(const PageTarget &target) override;
    void describe(PageTarget &target) const override;

private:
    Card *buildList();
    QString chosen() const;
    void choose(const QString &name);
    /// Asks before what was typed is lost.
    void leave(const std::function<void()> &then);
    void startNew();
    void onChosen();
    void askToDelete();
    void deleteProvider(const ProviderConfig &provider, bool withKey);

    QListView *m_list;
    QPushButton *m_add;
    QPushButton *m_delete;
    ProviderEditor *m_editor;
    bool m_following = false; ///< the selection is set by this, not by whoever uses it
};

} // namespace signalbox
