// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/englishplurals.h"

namespace signalbox {

QString EnglishPlurals::translate(const char *, const char *sourceText, const char *, int n) const
{
    const QLatin1String plural("(s)");
    QString text = QString::fromUtf8(sourceText);
    if (n < 0 || !text.contains(plural))
        return {};
    return text.replace(plural, n == 1 ? QLatin1String() : QLatin1String("s"));
}

} // namespace signalbox
