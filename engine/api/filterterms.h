// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/filter.h"

#include <QStringView>

#include <vector>

namespace signalbox {

/// One word of a filter: KEY OPERATOR VALUES, or a text to look for if the key is empty.
struct FilterTerm
{
    qsizetype position = 0;
    qsizetype length = 0;
    bool negated = false;
    QString key; ///< lower case
    QString comparison; ///< ":", ">", "<", ">=" or "<="
    QStringList values; ///< one, or several after ':'
};

/// The words of a filter, or the first one that cannot be read.
Result<std::vector<FilterTerm>> splitFilter(QStringView text, FilterProblem &problem);

/// What the term asks of a request; the error's reason says what it should look like.
Result<Filter::Test> makeFilterTest(const FilterTerm &term, const QDateTime &now);

struct FilterKey
{
    QString name;
    QString example; ///< "ttft>2s"
    QStringList values; ///< if they are known
};
const std::vector<FilterKey> &filterKeys();

} // namespace signalbox
