// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/timeoutsform.h"

#include "engine/config/settings.h"
#include "ui/style/format.h"
#include "ui/style/numberbox.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox {

namespace {

struct Kind
{
    const char *member;
    const char *text;
    Milliseconds Timeouts::*value;
};

constexpr std::array kinds {
    Kind { "connectMs", QT_TRANSLATE_NOOP("TimeoutsForm", "To connect"), &Timeouts::connectMs },
    Kind { "tlsMs", QT_TRANSLATE_NOOP("TimeoutsForm", "For the TLS handshake"), &Timeouts::tlsMs },
    Kind { "firstByteMs", QT_TRANSLATE_NOOP("TimeoutsForm", "Stream: until the first byte"), &Timeouts::firstByteMs },
    Kind { "idleMs", QT_TRANSLATE_NOOP("TimeoutsForm", "Stream: between two bytes"), &Timeouts::idleMs },
    Kind { "responseMs", QT_TRANSLATE_NOOP("TimeoutsForm", "Other answers: until they are there"),
           &Timeouts::responseMs },
    Kind { "defaultMs", QT_TRANSLATE_NOOP("TimeoutsForm", "Calls that generate nothing"), &Timeouts::defaultMs },
    Kind { "totalMs", QT_TRANSLATE_NOOP("TimeoutsForm", "Whole request, all attempts"), &Timeouts::totalMs },
};

double seconds(Milliseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

QString placeOf(const QString &provider, const QString &member)
{
    return QStringLiteral("/providers/%1/timeouts/%2").arg(provider, member);
}

} // namespace

TimeoutsForm::TimeoutsForm(QWidget *parent) : QWidget(parent), m_problems(new QLabel(this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(2, 1);
    for (const Kind &kind : kinds) {
        Row row { QLatin1String(kind.member), kind.value, new QCheckBox(tr(kind.text), this), new NumberBox(this) };
        row.own->setObjectName(QStringLiteral("own-") + row.member);
        row.own->setToolTip(tr("Its own value, in place of the one of all providers"));
        row.box->setObjectName(row.member);
        row.box->setAccessibleName(tr("%1, seconds").arg(row.own->text()));
        row.box->setDecimals(3);
        row.box->setRange(0.001, 86400);
        row.box->setSuffix(withUnit(QString(), tr("s")));
        const int line = grid->rowCount();
        grid->addWidget(row.own, line, 0);
        grid->addWidget(row.box, line, 1);
        connect(row.own, &QCheckBox::clicked, this, [this, box = row.box, value = row.value](bool on) {
            box->setEnabled(on);
            if (!on)
                box->setValue(seconds(m_global.*value));
            Q_EMIT edited();
        });
        connect(row.box, &QDoubleSpinBox::valueChanged, this, &TimeoutsForm::edited);
        m_rows.push_back(row);
    }
    m_problems->setObjectName(QStringLiteral("timeoutProblems"));
    m_problems->setWordWrap(true);
    m_problems->setTextFormat(Qt::PlainText);
    grid->addWidget(m_problems, grid->rowCount(), 0, 1, 3);
    connect(this, &TimeoutsForm::edited, this, &TimeoutsForm::showProblems);
}

void TimeoutsForm::setTimeouts(const Timeouts &effective, const Timeouts &global, const QStringList &own)
{
    m_global = global;
    for (Row &row : m_rows) {
        row.wasOwn = own.contains(row.member);
        row.before = effective.*(row.value);
        row.own->setChecked(row.wasOwn);
        row.box->setEnabled(row.wasOwn);
        const QSignalBlocker quiet(row.box);
        row.box->setValue(seconds(row.before));
    }
    showProblems();
}

Timeouts TimeoutsForm::timeouts() const
{
    Timeouts result = m_global;
    for (const Row &row : m_rows) {
        if (row.own->isChecked())
            result.*(row.value) = Milliseconds(std::llround(row.box->value() * 1000));
    }
    return result;
}

bool TimeoutsForm::differs(const Row &row) const
{
    const bool own = row.own->isChecked();
    return own != row.wasOwn || (own && timeouts().*(row.value) != row.before);
}

bool TimeoutsForm::isEdited() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [this](const Row &row) { return differs(row); });
}

QList<SettingEdit> TimeoutsForm::edits(const QString &provider) const
{
    QList<SettingEdit> edits;
    const Timeouts chosen = timeouts();
    for (const Row &row : m_rows) {
        if (!differs(row))
            continue;
        const QJsonValue value = row.own->isChecked() ? QJsonValue(qint64 { (chosen.*(row.value)).count() })
                                                      : QJsonValue(QJsonValue::Undefined);
        edits.append({ placeOf(provider, row.member), value });
    }
    return edits;
}

QList<SettingEdit> TimeoutsForm::inverseEdits(const QString &provider) const
{
    QList<SettingEdit> edits;
    for (const Row &row : m_rows) {
        if (!differs(row))
            continue;
        const QJsonValue value =
            row.wasOwn ? QJsonValue(qint64 { row.before.count() }) : QJsonValue(QJsonValue::Undefined);
        edits.append({ placeOf(provider, row.member), value });
    }
    return edits;
}

void TimeoutsForm::showProblems()
{
    QStringList lines;
    for (const SettingProblem &problem : problemsOf(timeouts())) {
        const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                      [&problem](const Row &each) { return each.member == problem.key; });
        lines.append(QStringLiteral("%1 %2").arg(row == m_rows.end() ? problem.key : row->own->text(), problem.reason));
    }
    m_problems->setText(lines.join(QLatin1Char('\n')));
    m_problems->setVisible(!lines.isEmpty());
}

} // namespace signalbox
