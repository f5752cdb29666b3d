// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingspage.h"

#include "ui/settings/alarmssection.h"
#include "ui/settings/field.h"
#include "ui/settings/generalsection.h"
#include "ui/settings/metricssection.h"
#include "ui/settings/providerssection.h"
#include "ui/settings/proxysection.h"
#include "ui/settings/recordingsection.h"
#include "ui/settings/settingsearch.h"
#include "ui/settings/shortcutssection.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace signalbox {

namespace {

constexpr int listWidth = 220;
constexpr int rowHeight = 28;

} // namespace

SettingsPage::SettingsPage(Console &console, QWidget *parent)
    : Page(console, parent), m_search(new QLineEdit(this)), m_lists(new QStackedWidget(this)),
      m_list(new QListWidget(m_lists)), m_foundView(new QListView(m_lists)), m_stack(new QStackedWidget(this)),
      m_find(new QAction(tr("Find a settin&g"), this))
{
    setObjectName(QStringLiteral("settingsPage"));
    m_list->setObjectName(QStringLiteral("settingsSections"));
    m_list->setAccessibleName(tr("Parts of the settings"));
    for (QAbstractItemView *view :
         { static_cast<QAbstractItemView *>(m_list), static_cast<QAbstractItemView *>(m_foundView) }) {
        view->setFrameShape(QFrame::NoFrame); // seven lines need no box as high as the window
        view->viewport()->setAutoFillBackground(false);
    }
    buildSections();
    buildSearch();
    m_lists->addWidget(m_list);
    m_lists->addWidget(m_foundView);
    auto *left = new QVBoxLayout;
    left->setSpacing(8);
    left->addWidget(m_search);
    left->addWidget(m_lists, 1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(16);
    layout->addLayout(left);
    layout->addWidget(m_stack, 1);
    layout->addStretch();
    m_stack->setMaximumWidth(m_sections.front()->maximumWidth());
    m_search->setFixedWidth(listWidth);
    m_lists->setFixedWidth(listWidth);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        m_stack->setCurrentIndex(row);
        if (isVisible())
            refresh();
    });
    m_list->setCurrentRow(0);
}

SettingsPage::~SettingsPage() = default;

void SettingsPage::buildSections()
{
    m_sections = { new GeneralSection(console(), m_stack),   new ProxySection(console(), m_stack),
                   new ProvidersSection(console(), m_stack), new RecordingSection(console(), m_stack),
                   new AlarmsSection(console(), m_stack),    new MetricsSection(console(), m_stack),
                   new ShortcutsSection(console(), m_stack) };
    for (Section *section : m_sections) {
        m_stack->addWidget(section);
        auto *item = new QListWidgetItem(section->title(), m_list);
        item->setSizeHint(QSize(0, rowHeight));
    }
}

void SettingsPage::buildSearch()
{
    m_search->setObjectName(QStringLiteral("settingsSearch"));
    m_search->setAccessibleName(tr("Find a setting"));
    m_search->setPlaceholderText(tr("Find a setting"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_found = new SettingSearch(m_sections, this);
    m_foundView->setObjectName(QStringLiteral("settingsFound"));
    m_foundView->setAccessibleName(tr("Settings that fit"));
    m_foundView->setModel(m_found);
    m_foundView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_foundView->setTextElideMode(Qt::ElideRight);
    m_foundView->setUniformItemSizes(true);
    m_find->setObjectName(QStringLiteral("findSetting"));
    m_find->setShortcuts({ QKeySequence(QKeySequence::Find), QKeySequence(Qt::Key_Slash) });
    m_find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_find);
    connect(m_find, &QAction::triggered, m_search, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    connect(m_search, &QLineEdit::textChanged, this, &SettingsPage::search);
    connect(m_search, &QLineEdit::returnPressed, this,
            [this] { openFound(std::max(0, m_foundView->currentIndex().row())); });
    connect(m_foundView, &QAbstractItemView::activated, this, [this](const QModelIndex &at) { openFound(at.row()); });
    connect(m_foundView, &QAbstractItemView::clicked, this, [this](const QModelIndex &at) { openFound(at.row()); });
}

void SettingsPage::search(const QString &typed)
{
    const bool searches = !typed.trimmed().isEmpty();
    m_found->setTyped(typed);
    m_lists->setCurrentWidget(searches ? static_cast<QWidget *>(m_foundView) : m_list);
    if (searches && m_found->rowCount() > 0)
        m_foundView->setCurrentIndex(m_found->index(0));
    m_search->setAccessibleDescription(searches ? tr("%n setting(s) found", nullptr, m_found->rowCount()) : QString());
}

void SettingsPage::openFound(int row)
{
    const SettingSearch::Found found = m_found->at(row);
    if (!found.section)
        return;
    m_search->clear();
    openSection(found.section->id());
    if (!found.field) {
        m_list->setFocus();
        return;
    }
    found.field->focusControl();
    found.section->ensureWidgetVisible(found.field);
}

/// Not by a focus proxy: Tab would come to the list past the search line.
void SettingsPage::focusInEvent(QFocusEvent *event)
{
    m_list->setFocus(event->reason());
}

/// In the search line the arrows move in what was found, and Esc leaves it.
bool SettingsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int by = key->key() == Qt::Key_Down ? 1 : key->key() == Qt::Key_Up ? -1 : 0;
        if (by != 0 && m_found->rowCount() > 0) {
            const int row = std::clamp(m_foundView->currentIndex().row() + by, 0, m_found->rowCount() - 1);
            m_foundView->setCurrentIndex(m_found->index(row));
            return true;
        }
        if (key->key() == Qt::Key_Escape && stepBack())
            return true;
    }
    return Page::eventFilter(watched, event);
}

Section *SettingsPage::current() const
{
    return static_cast<Section *>(m_stack->currentWidget());
}

void SettingsPage::openSection(const QString &id)
{
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        if (m_sections[i]->id() == id)
            m_list->setCurrentRow(static_cast<int>(i));
    }
}

void SettingsPage::goTo(const PageTarget &target)
{
    const bool adds = target.item == QLatin1String("addProvider");
    openSection(adds ? QStringLiteral("providers") : target.item);
    current()->goTo(target);
}

bool SettingsPage::stepBack()
{
    if (m_search->text().isEmpty())
        return current()->stepBack();
    m_search->clear();
    m_list->setFocus();
    return true;
}

PageTarget SettingsPage::place() const
{
    PageTarget target;
    target.page = PageId::Settings;
    target.item = current()->id();
    current()->describe(target);
    return target;
}

QList<QAction *> SettingsPage::pageActions() const
{
    return { m_find };
}

void SettingsPage::refresh()
{
    current()->refresh();
}

} // namespace signalbox
