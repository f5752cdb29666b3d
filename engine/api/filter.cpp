// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/filter.h"

#include "engine/api/filterterms.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype longestFilter = 4096;
constexpr std::size_t mostTerms = 64;

struct Parsed
{
    std::vector<Filter::Test> tests;
    std::optional<FilterProblem> problem;
};

Parsed parseTerms(const QString &text, const QDateTime &now)
{
    Parsed parsed;
    if (text.size() > longestFilter) {
        parsed.problem = { 0, text.size(), QStringLiteral("A filter has at most %1 characters.").arg(longestFilter) };
        return parsed;
    }
    FilterProblem problem;
    const Result<std::vector<FilterTerm>> terms = splitFilter(text, problem);
    if (!terms) {
        parsed.problem = problem;
        return parsed;
    }
    for (const FilterTerm &term : terms.value()) {
        Result<Filter::Test> test = parsed.tests.size() < mostTerms
            ? makeFilterTest(term, now)
            : Error { QStringLiteral("A filter has at most %1 terms.").arg(mostTerms), {} };
        if (!test) {
            parsed.problem = { term.position, term.length, test.error().reason };
            return parsed;
        }
        if (term.negated) {
            test = Filter::Test([inner = test.value()](const RequestEvent &event) { return !inner(event); });
        }
        parsed.tests.push_back(test.value());
    }
    return parsed;
}

/// Position of the operator in a word, or -1.
qsizetype operatorIn(QStringView word)
{
    for (qsizetype i = 0; i < word.size(); ++i) {
        if (word[i] == u':' || word[i] == u'>' || word[i] == u'<')
            return i;
    }
    return -1;
}

QStringList valueCompletions(const QString &head, QStringView typed, const QStringList &values)
{
    // "status:4xx,5" completes what follows the last comma.
    const qsizetype comma = typed.lastIndexOf(u',');
    const QString before = head + typed.first(comma + 1);
    const QStringView prefix = typed.sliced(comma + 1);
    QStringList result;
    for (const QString &value : values) {
        if (!value.startsWith(prefix, Qt::CaseInsensitive))
            continue;
        result.append(value.contains(u' ') ? QString(before + u'"' + value + u'"') : QString(before + value));
    }
    return result;
}

} // namespace

Result<Filter> Filter::parse(const QString &text, const QDateTime &now)
{
    Parsed parsed = parseTerms(text, now);
    if (parsed.problem)
        return Error { parsed.problem->explanation, QStringLiteral("column %1").arg(parsed.problem->position + 1) };
    Filter filter;
    filter.m_text = text.trimmed();
    filter.m_terms = std::move(parsed.tests);
    return filter;
}

std::optional<FilterProblem> Filter::problemIn(const QString &text)
{
    return parseTerms(text, QDateTime::currentDateTimeUtc()).problem;
}

bool Filter::matches(const RequestEvent &event) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Test &test) { return test(event); });
}

QStringList Filter::keys()
{
    QStringList names;
    for (const FilterKey &key : filterKeys())
        names.append(key.name);
    return names;
}

QStringList Filter::completions(const QString &text, qsizetype position, const KnownValues &values)
{
    const QStringView before = QStringView(text).first(std::clamp<qsizetype>(position, 0, text.size()));
    qsizetype start = before.size();
    while (start > 0 && !before[start - 1].isSpace())
        --start;
    QStringView word = before.sliced(start);
    const QString minus = word.startsWith(u'-') ? QStringLiteral("-") : QString();
    word = word.sliced(minus.size());
    const qsizetype at = operatorIn(word);
    if (at < 0) {
        QStringList result;
        for (const FilterKey &key : filterKeys()) {
            if (key.name.startsWith(word, Qt::CaseInsensitive))
                result.append(minus + key.name + key.example.at(key.name.size()));
        }
        return result;
    }
    const QString name = word.first(at).toString().toLower();
    const auto key = std::find_if(filterKeys().begin(), filterKeys().end(),
                                  [&](const FilterKey &candidate) { return candidate.name == name; });
    if (key == filterKeys().end())
        return {};
    const QStringList known = key->values.isEmpty() && values ? values(name) : key->values;
    return valueCompletions(minus + word.first(at + 1), word.sliced(at + 1), known);
}

} // namespace signalbox
