// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/deleteproviderdialog.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace signalbox {

namespace {

CommandQuestion question(const ProviderConfig &provider, int inFlight)
{
    CommandQuestion question;
    question.title = DeleteProviderDialog::tr("Delete %1?").arg(provider.name);
    question.consequence = DeleteProviderDialog::tr("It gets no more requests; %n in flight finish(es). What was "
                                                    "recorded of it stays. Ctrl+Z brings its entry back.",
                                                    nullptr, inFlight);
    question.verb = DeleteProviderDialog::tr("Delete");
    return question;
}

} // namespace

DeleteProviderDialog::DeleteProviderDialog(const ProviderConfig &provider, int inFlight, QWidget *parent)
    : CommandDialog(question(provider, inFlight), parent)
{
    if (provider.key.kind != KeySource::Kind::Keychain)
        return;
    m_key = new QCheckBox(tr("Delete its &key from the keyring too; that cannot be undone"), this);
    m_key->setObjectName(QStringLiteral("deleteKey"));
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->insertWidget(column->count() - 2, m_key);
}

bool DeleteProviderDialog::deletesKey() const
{
    return m_key && m_key->isChecked();
}

} // namespace signalbox
