// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/metricssection.h"

#include "ui/style/card.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHostAddress>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace signalbox {

MetricsSection::MetricsSection(Console &console, QWidget *parent)
    : Section(QStringLiteral("metrics"), tr("Metrics"), console, parent)
{
    setKeywords(tr("Prometheus scrape exporter address Grafana"));
    Card *card = addCard(tr("Prometheus"));
    m_where = new QLabel(card);
    m_where->setObjectName(QStringLiteral("metricsAddress"));
    m_where->setWordWrap(true);
    m_where->setTextFormat(Qt::PlainText);
    m_where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_copyAddress = new QPushButton(tr("&Copy address"), card);
    m_copyAddress->setObjectName(QStringLiteral("copyMetricsAddress"));
    auto *where = new QHBoxLayout;
    where->setSpacing(8);
    where->addWidget(m_where, 1);
    where->addWidget(m_copyAddress);
    card->body()->addLayout(where);

    auto *label = new QLabel(tr("&Scrape job for prometheus.yml:"), card);
    m_job = new QPlainTextEdit(card);
    m_job->setObjectName(QStringLiteral("scrapeJob"));
    m_job->setAccessibleName(tr("Scrape job"));
    m_job->setReadOnly(true);
    m_job->setTabChangesFocus(true);
    m_job->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_job->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_job->setFixedHeight(8 * m_job->fontMetrics().lineSpacing() + 16);
    label->setBuddy(m_job);
    auto *copyJob = new QPushButton(tr("Copy &job"), card);
    copyJob->setObjectName(QStringLiteral("copyScrapeJob"));
    card->body()->addWidget(label);
    card->body()->addWidget(m_job);
    card->body()->addWidget(copyJob, 0, Qt::AlignLeft);

    connect(m_copyAddress, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(address());
        this->console().tell(tr("Copied: %1").arg(address()));
    });
    connect(copyJob, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(scrapeJob());
        this->console().tell(tr("Scrape job copied."));
    });
}

QString MetricsSection::address() const
{
    return snapshot().listener.url.isEmpty() ? QString() : snapshot().listener.url + QStringLiteral("/metrics");
}

QString MetricsSection::scrapeJob() const
{
    const ListenerSnapshot &listener = snapshot().listener;
    const bool local = QHostAddress(listener.address).isLoopback();
    QString job = QStringLiteral("scrape_configs:\n  - job_name: signalbox\n    scrape_interval: 15s\n");
    if (!local && listener.tokenRequired)
        job += QStringLiteral("    authorization:\n      credentials_file: /etc/prometheus/signalbox.token\n");
    return job +
        QStringLiteral("    static_configs:\n      - targets: [\"%1:%2\"]\n")
            .arg(listener.address, QString::number(listener.port));
}

void MetricsSection::refresh()
{
    Section::refresh();
    const ListenerSnapshot &listener = snapshot().listener;
    const bool listens = listener.state == ListenState::Listening;
    m_copyAddress->setEnabled(listens);
    const bool local = QHostAddress(listener.address).isLoopback();
    QString text = tr("The proxy does not listen, so there are no figures to fetch.");
    if (listens && local)
        text = tr("%1, for programs on this machine without a token.").arg(address());
    else if (listens)
        text = tr("%1. Another machine needs the access token.").arg(address());
    if (m_where->text() != text)
        m_where->setText(text);
    if (const QString job = scrapeJob(); m_job->toPlainText() != job)
        m_job->setPlainText(job);
}

} // namespace signalbox
