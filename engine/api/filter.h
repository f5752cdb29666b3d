// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestevent.h"
#include "engine/base/result.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace signalbox {

/// A term that cannot be understood, and where it stands in the text.
struct FilterProblem
{
    qsizetype position = 0;
    qsizetype length = 0;
    QString explanation; ///< one sentence: what is wrong and what would be right
};

/// Which requests to show: `status:5xx provider:openai model:gpt* ttft>2s attempts>1 outcome:failed "text" -term`.
/// Terms are separated by spaces and all must hold; '-' before one negates it; "KEY:a,b" holds for either value; '*'
/// stands for any run of characters; case is ignored. An empty filter takes everything. Immutable and cheap to copy.
class Filter
{
public:
    Filter() = default;

    /// The error's place is "column N". `now` is what "since:10m" counts from.
    static Result<Filter> parse(const QString &text, const QDateTime &now = QDateTime::currentDateTimeUtc());
    /// The first bad term; nullopt if parse() takes the text.
    static std::optional<FilterProblem> problemIn(const QString &text);

    bool matches(const RequestEvent &event) const;
    bool isEmpty() const { return m_terms.empty(); }
    const QString &text() const { return m_text; }

    /// What could stand at the place of the word that ends at `position`: keys ("status:", "ttft>"), or values of the
    /// key that is there. `values`: known names for keys whose values the filter cannot know (provider, model ...).
    using KnownValues = std::function<QStringList(const QString &key)>;
    static QStringList completions(const QString &text, qsizetype position, const KnownValues &values = {});
    /// Every key, in the order of the documentation: "status", "provider" ...
    static QStringList keys();

    using Test = std::function<bool(const RequestEvent &)>;

private:
    QString m_text;
    std::vector<Test> m_terms;
};

} // namespace signalbox
