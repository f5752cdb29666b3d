// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/providerssection.h"

#include "ui/page/answer.h"
#include "ui/page/commanddialog.h"
#include "ui/settings/configfield.h"
#include "ui/settings/deleteproviderdialog.h"
#include "ui/settings/providereditor.h"
#include "ui/settings/providersave.h"
#include "ui/style/appearance.h"
#include "ui/style/card.h"
#include "ui/style/rowdelegate.h"

#include <QHBoxLayout>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int listHeight = 108; ///< four rows
constexpr int rowHeight = 26;

class TallRowDelegate : public RowDelegate
{
public:
    using RowDelegate::RowDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return { RowDelegate::sizeHint(option, index).width(), rowHeight };
    }
};

} // namespace

ProvidersSection::ProvidersSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("providers"), tr("Providers"), console, parent), m_list(nullptr), m_add(nullptr),
      m_delete(nullptr), m_editor(nullptr)
{
    setKeywords(
        tr("key keyring base URL dialect models timeouts preset add delete test connection environment variable"));
    // The editor scrolls by itself, so that its buttons stay in sight.
    delete column()->takeAt(column()->count() - 1);
    column()->addWidget(buildList());
    auto *card = new Card({}, console.appearance(), widget());
    m_editor = new ProviderEditor(console, card);
    card->body()->addWidget(m_editor);
    column()->addWidget(card, 1);
    connect(m_editor, &ProviderEditor::saved, this, &ProvidersSection::choose);
    connect(m_editor, &ProviderEditor::discarded, this, [this] { choose(chosen()); });
}

Card *ProvidersSection::buildList()
{
    auto *card = new Card(tr("In the order in which they are tried"), console().appearance(), widget());
    m_list = new QListView(card);
    m_list->setObjectName(QStringLiteral("providerList"));
    m_list->setAccessibleName(tr("Providers"));
    m_list->setModel(&console().providers());
    m_list->setModelColumn(ProviderModel::NameColumn);
    m_list->setItemDelegate(
        new TallRowDelegate(console().appearance(), ProviderModel::LampRole, RowDelegate::noRole, m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    m_list->setFixedHeight(listHeight);
    m_add = new QPushButton(tr("&Add provider…"), card);
    m_add->setObjectName(QStringLiteral("addProviderButton"));
    m_delete = new QPushButton(tr("De&lete…"), card);
    m_delete->setObjectName(QStringLiteral("deleteProvider"));
    auto *buttons = new QVBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_add);
    buttons->addWidget(m_delete);
    buttons->addStretch(1);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_list, 1);
    row->addLayout(buttons);
    card->body()->addLayout(row);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProvidersSection::onChosen);
    connect(m_add, &QPushButton::clicked, this, [this] { leave([this] { startNew(); }); });
    connect(m_delete, &QPushButton::clicked, this, &ProvidersSection::askToDelete);
    return card;
}

QString ProvidersSection::chosen() const
{
    const ProviderSnapshot *provider = console().providers().provider(m_list->currentIndex().row());
    return provider ? provider->name : QString();
}

void ProvidersSection::choose(const QString &name)
{
    const int row = console().providers().rowOf(name);
    {
        const QScopedValueRollback following(m_following, true);
        m_list->setCurrentIndex(console().providers().index(row, ProviderModel::NameColumn));
    }
    if (row < 0)
        m_editor->showNone();
    else if (m_editor->provider() != name || m_editor->isNew())
        m_editor->edit(name);
    refresh();
}

void ProvidersSection::leave(const std::function<void()> &then)
{
    if (!m_editor->isEdited())
        return then();
    CommandQuestion question;
    question.title = m_editor->isNew() ? tr("Discard the new provider?")
                                       : tr("Discard the changes to %1?").arg(m_editor->provider());
    question.consequence = tr("What was typed and not saved is lost.");
    question.verb = tr("Discard");
    auto *dialog = new CommandDialog(question, window());
    connect(dialog, &QDialog::accepted, this, then);
    connect(dialog, &QDialog::rejected, this, [this] {
        const QScopedValueRollback following(m_following, true);
        m_list->setCurrentIndex(
            console().providers().index(console().providers().rowOf(m_editor->provider()), ProviderModel::NameColumn));
    });
    dialog->open();
}

void ProvidersSection::startNew()
{
    {
        const QScopedValueRollback following(m_following, true);
        m_list->setCurrentIndex({});
    }
    m_editor->startNew();
    m_editor->focusFirst();
    refresh();
}

void ProvidersSection::onChosen()
{
    const QString name = chosen();
    if (m_following || name.isEmpty() || name == m_editor->provider())
        return;
    leave([this, name] { choose(name); });
}

void ProvidersSection::goTo(const PageTarget &target)
{
    refresh();
    if (target.item == QLatin1String("addProvider")) {
        if (!m_editor->isNew())
            leave([this] { startNew(); });
    } else if (!target.provider.isEmpty() && target.provider != m_editor->provider()) {
        leave([this, name = target.provider] { choose(name); });
    }
}

void ProvidersSection::describe(PageTarget &target) const
{
    target.provider = m_editor->provider();
}

void ProvidersSection::refresh()
{
    Section::refresh();
    m_editor->refresh();
    const bool none = m_editor->provider().isEmpty() && !m_editor->isNew();
    if (none && !m_following && console().providers().rowCount() > 0) {
        const QScopedValueRollback following(m_following, true);
        choose(console().providers().provider(0)->name);
    }
    const auto &all = snapshot().config->providers;
    const bool real = std::any_of(all.begin(), all.end(), [this](const ProviderConfig &each) {
        return each.name == m_editor->provider() && !each.simulated;
    });
    m_delete->setEnabled(real && !console().age().isStale());
}

void ProvidersSection::askToDelete()
{
    const auto &all = snapshot().config->providers;
    const auto found =
        std::find_if(all.begin(), all.end(), [this](const auto &each) { return each.name == m_editor->provider(); });
    const ProviderSnapshot *state = console().providers().provider(console().providers().rowOf(m_editor->provider()));
    if (found == all.end())
        return;
    auto *dialog = new DeleteProviderDialog(*found, state ? state->inFlight : 0, window());
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, provider = *found] { deleteProvider(provider, dialog->deletesKey()); });
    dialog->open();
}

void ProvidersSection::deleteProvider(const ProviderConfig &provider, bool withKey)
{
    m_editor->discard();
    removeProvider(
        console(), provider.name,
        [this, self = QPointer<ProvidersSection>(this), provider, withKey](const Status &status) {
            if (!self)
                return;
            if (!status)
                return console().reportFailure(
                    tr("%1 was not deleted: %2")
                        .arg(provider.name, refusal(status.error(), QStringLiteral("/providers"))));
            console().tell(tr("%1 is deleted.").arg(provider.name));
            console().refresh();
            refresh();
            if (!withKey)
                return;
            onAnswer(console().engine().deleteKey(provider.key.reference), this, [this](const Status &deleted) {
                if (!deleted)
                    console().reportFailure(tr("The key is still in the keyring: %1").arg(deleted.error().reason));
            });
        });
}

} // namespace signalbox
