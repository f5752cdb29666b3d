// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartaccessible.h"

#include "ui/charts/timechart.h"

#include <QAccessibleWidget>

namespace signalbox {

namespace {

class AccessibleChart : public QAccessibleWidget
{
public:
    explicit AccessibleChart(TimeChart *chart) : QAccessibleWidget(chart, QAccessible::Chart) { }

    QString text(QAccessible::Text kind) const override
    {
        const auto *chart = static_cast<const TimeChart *>(widget());
        if (kind == QAccessible::Description)
            return chart->summary();
        if (kind == QAccessible::Value)
            return chart->readout();
        return QAccessibleWidget::text(kind);
    }
};

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *chart = qobject_cast<TimeChart *>(object);
    return chart ? new AccessibleChart(chart) : nullptr;
}

} // namespace

void installChartAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(installed)
}

void announce(QWidget *widget, const QString &text)
{
    if (!QAccessible::isActive())
        return;
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    QAccessibleAnnouncementEvent event(widget, text);
#else
    QAccessibleValueChangeEvent event(widget, text);
#endif
    QAccessible::updateAccessibility(&event);
}

} // namespace signalbox
