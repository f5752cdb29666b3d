// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider/modelmap.h"

namespace signalbox {

namespace {

/// '*' matches any run of characters; nothing else is special.
bool matchesGlob(QStringView pattern, QStringView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            retry = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

QByteArray targetOf(const ModelMapping &mapping, const QByteArray &model)
{
    const QByteArray target = mapping.target.toUtf8();
    return target == "*" || target == model ? QByteArray() : target;
}

} // namespace

std::optional<QByteArray> mapModel(const std::vector<ModelMapping> &mappings, const QByteArray &model)
{
    const auto passesAll = [](const ModelMapping &mapping) {
        return mapping.pattern == u"*" && mapping.target == u"*";
    };
    if (model.isEmpty() || (mappings.size() == 1 && passesAll(mappings.front())))
        return QByteArray();
    const QString name = QString::fromUtf8(model);
    for (const ModelMapping &mapping : mappings) {
        if (mapping.pattern == name)
            return targetOf(mapping, model);
    }
    for (const ModelMapping &mapping : mappings) {
        if (mapping.pattern.contains(u'*') && matchesGlob(mapping.pattern, name))
            return targetOf(mapping, model);
    }
    return std::nullopt;
}

} // namespace signalbox
