// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace signalbox {

/// A language that nobody speaks: every translated text comes in brackets, with accents and about two fifths longer, as
/// German or Finnish would be. "&Open" becomes "[&Öþéñ~~]".
class PseudoTranslator : public QTranslator
{
    Q_OBJECT

public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *sourceText, const char *disambiguation = nullptr,
                      int n = -1) const override;
};

/// What is left of a text without what was translated.
QString untranslatedPart(const QString &text);

} // namespace signalbox
