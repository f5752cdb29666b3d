// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/page.h"

#include <vector>

class QLineEdit;
class QListView;
class QListWidget;
class QStackedWidget;

namespace signalbox {

class Section;
class SettingSearch;

/// Everything that is set once. Each change takes effect at once and can be undone.
class SettingsPage : public Page
{
    Q_OBJECT

public:
    explicit SettingsPage(Console &console, QWidget *parent = nullptr);
    ~SettingsPage() override;

    void goTo(const PageTarget &target) override;
    bool stepBack() override;
    PageTarget place() const override;
    QList<QAction *> pageActions() const override;

protected:
    void refresh() override;
    void focusInEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildSections();
    void buildSearch();
    Section *current() const;
    void openSection(const QString &id);
    void search(const QString &typed);
    void openFound(int row);

    std::vector<Section *> m_sections;
    QLineEdit *m_search;
    QStackedWidget *m_lists; ///< the sections, or what was found
    QListWidget *m_list;
    QListView *m_foundView;
    SettingSearch *m_found = nullptr;
    QStackedWidget *m_stack;
    QAction *m_find;
};

} // namespace signalbox
