// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wall/wallpage.h"

#include "ui/page/providercommands.h"
#include "ui/wall/providerdetail.h"
#include "ui/wall/providertable.h"
#include "ui/wall/thresholdpanel.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace signalbox {

WallPage::WallPage(Console &console, QWidget *parent) : Page(console, parent), m_menu(new QMenu(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(buildProviders(), 1);
    layout->addSpacing(8);
    layout->addWidget(buildThresholds());
    console.commands().addTo(m_menu);
    m_table->setContextMenu(m_menu);
    connect(m_table, &ProviderTable::selectedProviderChanged, this, &WallPage::showSelection);
    connect(m_table, &ProviderTable::copyRequested, console.commands().copyAsText(), &QAction::trigger);
    connect(m_table, &QAbstractItemView::activated, console.commands().details(), &QAction::trigger);
    setFocusProxy(m_table);
}

QWidget *WallPage::buildProviders()
{
    auto *part = new QWidget(this);
    m_heading = heading({});
    m_table = new ProviderTable(console().providers(), console().appearance(), part);
    m_detail = new ProviderDetail(console().appearance(), part);
    m_noProviders = new QLabel(part);
    m_noProviders->setObjectName(QStringLiteral("noProviders"));
    m_noProviders->setAlignment(Qt::AlignCenter);
    m_noProviders->setWordWrap(true);
    m_noProviders->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_noProviders->setBackgroundRole(QPalette::AlternateBase);
    m_noProviders->setAutoFillBackground(true);
    m_stack = new QStackedWidget(part);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_noProviders);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_heading);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_detail);
    return part;
}

QWidget *WallPage::buildThresholds()
{
    auto *part = new QWidget(this);
    m_thresholds = new ThresholdPanel(console().engine(), console().appearance(), part);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(heading(tr("Thresholds of all providers")));
    layout->addWidget(m_thresholds);
    return part;
}

QLabel *WallPage::heading(const QString &text)
{
    auto *label = new QLabel(text, this);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

void WallPage::goTo(const PageTarget &target)
{
    const int row = console().providers().rowOf(target.provider);
    if (row >= 0)
        m_table->selectRow(row);
}

PageTarget WallPage::place() const
{
    PageTarget here;
    here.page = PageId::Wall;
    if (const ProviderSnapshot *provider = m_table->selectedProvider())
        here.provider = provider->name;
    return here;
}

void WallPage::refresh()
{
    if (!m_table->selectedProvider() && console().providers().rowCount() > 0)
        m_table->selectRow(0);
    m_thresholds->showSnapshot(snapshot());
    m_thresholds->setStale(console().age().isStale());
    showSelection();
    const bool empty = snapshot().providers.empty();
    m_stack->setCurrentIndex(empty ? 1 : 0);
    m_detail->setVisible(!empty);
    m_heading->setText(snapshot().strategy == Strategy::Health ? tr("Providers: the best score is used first")
                                                               : tr("Providers in failover order"));
    m_noProviders->setText(tr("No provider is configured.\n\nAdd one to %1; it is used as soon as the file is saved.\n"
                              "To look around first, start Signalbox with --demo.")
                               .arg(snapshot().configPath));
}

void WallPage::showSelection()
{
    const ProviderSnapshot *provider = m_table->selectedProvider();
    console().selectProvider(provider ? provider->name : QString());
    m_detail->showProvider(provider, console().providers().takenAt(), console().age().isStale());
}

} // namespace signalbox
