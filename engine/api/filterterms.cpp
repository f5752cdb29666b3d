// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/filterterms.h"

#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox {

namespace {

// Words

class WordReader
{
public:
    WordReader(QStringView text, FilterProblem &problem) : m_text(text), m_problem(problem) { }

    bool next(FilterTerm &term)
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
        if (m_at == m_text.size())
            return false;
        term = {};
        term.position = m_at;
        if (m_text[m_at] == u'-') {
            term.negated = true;
            ++m_at;
        }
        readKey(term);
        readValues(term);
        term.length = m_at - term.position;
        return !m_failed;
    }
    bool failed() const { return m_failed; }

private:
    bool atEnd() const { return m_at == m_text.size() || m_text[m_at].isSpace(); }

    void readKey(FilterTerm &term)
    {
        qsizetype end = m_at;
        while (end < m_text.size() && (m_text[end].isLetterOrNumber() || m_text[end] == u'_'))
            ++end;
        const bool named =
            end > m_at && end < m_text.size() && (m_text[end] == u':' || m_text[end] == u'>' || m_text[end] == u'<');
        if (!named)
            return;
        term.key = m_text.sliced(m_at, end - m_at).toString().toLower();
        term.comparison = m_text[end];
        m_at = end + 1;
        if (term.comparison != QLatin1String(":") && m_at < m_text.size() && m_text[m_at] == u'=') {
            term.comparison += u'=';
            ++m_at;
        }
    }

    void readValues(FilterTerm &term)
    {
        const bool list = term.comparison == QLatin1String(":");
        QString value;
        bool quoted = false;
        while (!atEnd() && !m_failed) {
            if (m_text[m_at] == u'"') {
                quoted = true;
                readQuoted(value);
            } else if (list && m_text[m_at] == u',') {
                term.values.append(std::exchange(value, {}));
                ++m_at;
            } else {
                value += m_text[m_at++];
            }
        }
        term.values.append(value);
        const bool empty =
            std::any_of(term.values.begin(), term.values.end(), [](const QString &v) { return v.isEmpty(); });
        if (m_failed || !empty)
            return;
        if (!term.key.isEmpty())
            fail(term.position, QStringLiteral("'%1%2' needs a value.").arg(term.key, term.comparison));
        else if (quoted)
            fail(term.position, QStringLiteral("The quotes are empty: put the text to look for between them."));
        else
            fail(term.position, QStringLiteral("'-' needs a term right after it, e.g. -status:2xx."));
    }

    void readQuoted(QString &value)
    {
        const qsizetype start = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != u'"') {
            if (m_text[m_at] == u'\\' && m_at + 1 < m_text.size())
                ++m_at;
            value += m_text[m_at++];
        }
        if (m_at == m_text.size())
            return fail(start, QStringLiteral("The closing quote is missing."));
        ++m_at;
    }

    void fail(qsizetype position, const QString &explanation)
    {
        m_failed = true;
        m_problem = { position, std::max<qsizetype>(1, m_at - position), explanation };
    }

    QStringView m_text;
    FilterProblem &m_problem;
    qsizetype m_at = 0;
    bool m_failed = false;
};

// Patterns

/// '*' is any run of characters; linear in memory and at worst text times pattern in time.
bool matchesGlob(QStringView pattern, QStringView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p].toCaseFolded() == text[t].toCaseFolded()) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

using Texts = QStringList (*)(const RequestEvent &);

template <typename Of> QStringList ofAttempts(const RequestEvent &event, Of of)
{
    QStringList texts;
    for (const AttemptEvent &attempt : event.attempts)
        texts.append(of(attempt));
    return texts;
}

QStringList providersOf(const RequestEvent &event)
{
    return QStringList { event.provider } + ofAttempts(event, [](const AttemptEvent &a) { return a.provider; });
}

QStringList modelsOf(const RequestEvent &event)
{
    return QStringList { QString::fromUtf8(event.model) } +
        ofAttempts(event, [](const AttemptEvent &a) { return QString::fromUtf8(a.servedModel); });
}

QStringList reasonsOf(const RequestEvent &event)
{
    return ofAttempts(event, [](const AttemptEvent &a) { return a.reason; });
}

QStringList endsOf(const RequestEvent &event)
{
    QStringList ends { QString::fromLatin1(toString(event.end)) };
    if (event.streamEnd != RequestEvent::StreamEnd::NoStream)
        ends.append(QString::fromLatin1(toString(event.streamEnd)));
    return ends;
}

QStringList outcomesOf(const RequestEvent &event)
{
    using End = RequestEvent::End;
    QStringList outcomes;
    if (event.end == End::ClientGone || event.end == End::Cancelled)
        outcomes.append(QStringLiteral("cancelled"));
    else if (event.end == End::Failed || event.end == End::Truncated || event.status >= 400)
        outcomes.append(QStringLiteral("failed"));
    else
        outcomes.append(QStringLiteral("ok"));
    if (event.end == End::LocalAnswer)
        outcomes.append(QStringLiteral("local"));
    if (event.attempts.size() > 1)
        outcomes.append(QStringLiteral("retried"));
    const bool throttled = std::any_of(event.attempts.begin(), event.attempts.end(),
                                       [](const AttemptEvent &a) { return a.outcome == Outcome::Throttled; });
    if (throttled)
        outcomes.append(QStringLiteral("throttled"));
    return outcomes;
}

QStringList statusesOf(const RequestEvent &event)
{
    return { event.status == 0 ? QStringLiteral("none") : QString::number(event.status) };
}

QStringList dialectsOf(const RequestEvent &event)
{
    return event.dialect ? QStringList { QString::fromLatin1(toString(*event.dialect)) } : QStringList();
}

QStringList allTexts(const RequestEvent &event)
{
    return providersOf(event) + modelsOf(event) + reasonsOf(event) + endsOf(event) + dialectsOf(event) +
        ofAttempts(event, [](const AttemptEvent &a) { return a.detail; }) +
        QStringList { QString::fromLatin1(event.id),        QString::fromUtf8(event.path),
                      QString::fromLatin1(event.method),    QString::fromLatin1(event.endpoint),
                      QString::fromLatin1(event.userAgent), QString::fromLatin1(event.session) };
}

// Quantities

enum class Unit { Count, Time, Dollars };
using Amount = std::optional<double> (*)(const RequestEvent &);

std::optional<double> timeOf(std::chrono::microseconds time)
{
    return time.count() > 0 ? std::optional(static_cast<double>(time.count())) : std::nullopt;
}

std::optional<double> tokensOf(const RequestEvent &event)
{
    const TokenUsage usage = event.usage();
    if (!usage.known)
        return std::nullopt;
    return static_cast<double>(usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens + usage.outputTokens);
}

/// In microseconds.
std::optional<double> parseTime(const QString &text)
{
    static const QRegularExpression shape(QStringLiteral("^([0-9]{1,9}(?:\\.[0-9]{1,6})?)(us|ms|s|m|min|h|d)$"));
    const QRegularExpressionMatch match = shape.match(text.toLower());
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    const double factor = unit == QLatin1String("us") ? 1
        : unit == QLatin1String("ms")                 ? 1e3
        : unit == QLatin1String("s")                  ? 1e6
        : unit == QLatin1String("h")                  ? 3600e6
        : unit == QLatin1String("d")                  ? 86400e6
                                                      : 60e6;
    return match.captured(1).toDouble() * factor;
}

std::optional<double> parseNumber(const QString &text, Unit unit)
{
    static const QRegularExpression shape(QStringLiteral("^(\\$?)([0-9]{1,15}(?:\\.[0-9]{1,9})?)([km]?)$"));
    const QRegularExpressionMatch match = shape.match(text.toLower());
    if (!match.hasMatch() || (unit != Unit::Dollars && !match.captured(1).isEmpty()))
        return std::nullopt;
    const QString suffix = match.captured(3);
    const double factor = suffix.isEmpty() ? 1 : suffix == QLatin1String("k") ? 1e3 : 1e6;
    return match.captured(2).toDouble() * factor;
}

bool holds(const QString &comparison, double left, double right)
{
    if (comparison == QLatin1String(">"))
        return left > right;
    if (comparison == QLatin1String("<"))
        return left < right;
    if (comparison == QLatin1String(">="))
        return left >= right;
    if (comparison == QLatin1String("<="))
        return left <= right;
    return left == right;
}

// Keys

enum class Kind { Pattern, Choice, Quantity, Since };

struct KeyRule
{
    FilterKey key;
    Kind kind = Kind::Pattern;
    Texts texts = nullptr;
    Amount amount = nullptr;
    Unit unit = Unit::Count;
};

KeyRule pattern(const char *name, const char *example, Texts texts, const QStringList &values = {})
{
    return { { QString::fromLatin1(name), QString::fromLatin1(example), values }, Kind::Pattern, texts };
}

KeyRule choice(const char *name, const char *example, Texts texts, const char *values)
{
    return { { QString::fromLatin1(name), QString::fromLatin1(example),
               QString::fromLatin1(values).split(QLatin1Char(' ')) },
             Kind::Choice,
             texts };
}

KeyRule quantity(const char *name, const char *example, Unit unit, Amount amount)
{
    return { { QString::fromLatin1(name), QString::fromLatin1(example), {} }, Kind::Quantity, nullptr, amount, unit };
}

std::vector<KeyRule> makeRules()
{
    using Event = const RequestEvent &;
    const QStringList statuses { QStringLiteral("2xx"), QStringLiteral("4xx"), QStringLiteral("429"),
                                 QStringLiteral("5xx"), QStringLiteral("none") };
    return {
        pattern("status", "status:5xx", statusesOf, statuses),
        pattern("provider", "provider:openai", providersOf),
        pattern("model", "model:gpt*", modelsOf),
        choice("dialect", "dialect:anthropic", dialectsOf, "openai anthropic gemini"),
        pattern("endpoint", "endpoint:messages",
                [](Event e) { return QStringList { QString::fromLatin1(e.endpoint) }; }),
        pattern("client", "client:claude-code",
                [](Event e) { return QStringList { QString::fromLatin1(e.userAgent) }; }),
        pattern("session", "session:1a2b*", [](Event e) { return QStringList { QString::fromLatin1(e.session) }; }),
        choice(
            "stream", "stream:yes",
            [](Event e) { return QStringList { e.stream ? QStringLiteral("yes") : QStringLiteral("no") }; }, "yes no"),
        choice("outcome", "outcome:failed", outcomesOf, "ok failed retried throttled cancelled local"),
        choice("end", "end:truncated", endsOf,
               "completed local_answer failed truncated client_gone error_event stalled"),
        pattern("reason", "reason:status_5xx", reasonsOf),
        quantity("ttft", "ttft>2s", Unit::Time, [](Event e) { return timeOf(e.firstByte); }),
        quantity("total", "total>30s", Unit::Time, [](Event e) { return timeOf(e.total); }),
        quantity("overhead", "overhead>5ms", Unit::Time, [](Event e) { return timeOf(e.overhead); }),
        quantity("attempts", "attempts>1", Unit::Count,
                 [](Event e) { return std::optional(static_cast<double>(e.attempts.size())); }),
        quantity("tokens", "tokens>10k", Unit::Count, tokensOf),
        quantity("cost", "cost>0.05", Unit::Dollars, [](Event e) { return e.costUsd(); }),
        pattern("method", "method:POST", [](Event e) { return QStringList { QString::fromLatin1(e.method) }; }),
        pattern("path", "path:/v1/*", [](Event e) { return QStringList { QString::fromUtf8(e.path) }; }),
        pattern("id", "id:req_*", [](Event e) { return QStringList { QString::fromLatin1(e.id) }; }),
        { { QStringLiteral("since"), QStringLiteral("since:10m"), {} }, Kind::Since },
    };
}

const std::vector<KeyRule> &rules()
{
    static const std::vector<KeyRule> all = makeRules();
    return all;
}

std::size_t editDistance(const QString &a, const QString &b)
{
    std::vector<std::size_t> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), std::size_t { 0 });
    for (qsizetype i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], static_cast<std::size_t>(i) + 1);
        for (std::size_t j = 1; j < row.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[static_cast<qsizetype>(j) - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({ row[j] + 1, row[j - 1] + 1, replaced }));
        }
    }
    return row.back();
}

Error unknownKey(const QString &name)
{
    const QString shown = name.left(24);
    QString nearest;
    std::size_t best = 3;
    for (const KeyRule &rule : rules()) {
        const std::size_t distance = rule.key.name.startsWith(shown) ? 1 : editDistance(shown, rule.key.name);
        if (distance < best) {
            best = distance;
            nearest = rule.key.example;
        }
    }
    const QString help = nearest.isEmpty()
        ? QStringLiteral("known are %1; text to look for goes in quotes").arg(Filter::keys().join(QLatin1String(", ")))
        : QStringLiteral("did you mean %1?").arg(nearest);
    return { QStringLiteral("There is no key '%1': %2").arg(shown, help), {} };
}

Result<Filter::Test> patternTest(const KeyRule &rule, const FilterTerm &term)
{
    const FilterKey &key = rule.key;
    if (term.comparison != QLatin1String(":"))
        return Error { QStringLiteral("%1 takes a ':', e.g. %2").arg(key.name, key.example), {} };
    for (const QString &value : term.values) {
        if (rule.kind == Kind::Choice && !key.values.contains(value, Qt::CaseInsensitive))
            return Error { QStringLiteral("%1 is one of %2").arg(key.name, key.values.join(QLatin1String(", "))), {} };
    }
    return Filter::Test([texts = rule.texts, patterns = term.values](const RequestEvent &event) {
        const QStringList found = texts(event);
        return std::any_of(patterns.begin(), patterns.end(), [&](const QString &wanted) {
            return std::any_of(found.begin(), found.end(),
                               [&](const QString &text) { return matchesGlob(wanted, text); });
        });
    });
}

Result<Filter::Test> statusTest(const KeyRule &rule, FilterTerm term)
{
    static const QRegularExpression shape(QStringLiteral("^(none|[1-9](xx|[0-9*]{1,2}))$"));
    static const QRegularExpression code(QStringLiteral("^[1-9][0-9]{2}$"));
    const bool compared = term.comparison != QLatin1String(":");
    for (QString &value : term.values) {
        value = value.toLower();
        if (!(compared ? code : shape).match(value).hasMatch())
            return Error { compared ? QStringLiteral("status needs a number here, e.g. status>=400")
                                    : QStringLiteral("status is like 503, 5xx or none"),
                           {} };
        if (value.endsWith(QLatin1String("xx")))
            value = value.first(1) + u'*';
    }
    if (!compared)
        return patternTest(rule, term);
    return Filter::Test([comparison = term.comparison, limit = term.values.first().toInt()](const RequestEvent &event) {
        return event.status != 0 && holds(comparison, event.status, limit);
    });
}

Result<Filter::Test> quantityTest(const KeyRule &rule, const FilterTerm &term)
{
    const FilterKey &key = rule.key;
    const Amount amount = rule.amount;
    if (term.comparison == QLatin1String(":") && term.values == QStringList { QStringLiteral("unknown") })
        return Filter::Test([amount](const RequestEvent &event) { return !amount(event).has_value(); });
    if (term.values.size() > 1)
        return Error { QStringLiteral("%1 takes one value, e.g. %2").arg(key.name, key.example), {} };
    const QString &text = term.values.first();
    const std::optional<double> limit = rule.unit == Unit::Time ? parseTime(text) : parseNumber(text, rule.unit);
    if (!limit)
        return Error { QStringLiteral("%1 needs a %2, e.g. %3")
                           .arg(key.name, rule.unit == Unit::Time ? QStringLiteral("time") : QStringLiteral("number"),
                                key.example),
                       {} };
    if (rule.unit == Unit::Time && term.comparison == QLatin1String(":"))
        return Error { QStringLiteral("%1 takes > or <, e.g. %2").arg(key.name, key.example), {} };
    return Filter::Test([amount, comparison = term.comparison, limit = *limit](const RequestEvent &event) {
        const std::optional<double> value = amount(event);
        return value && holds(comparison, *value, limit);
    });
}

Result<Filter::Test> sinceTest(const FilterTerm &term, const QDateTime &now)
{
    const QString &text = term.values.first();
    QDateTime from;
    if (const std::optional<double> ago = parseTime(text))
        from = now.addMSecs(-static_cast<qint64>(*ago / 1000));
    else
        from = QDateTime::fromString(text, Qt::ISODate);
    if (!from.isValid() || term.values.size() > 1 || term.comparison != QLatin1String(":"))
        return Error {
            QStringLiteral("since needs a time span or a time, e.g. since:10m or since:2026-01-31T08:00:00Z"), {}
        };
    return Filter::Test([from](const RequestEvent &event) { return event.at >= from; });
}

Filter::Test textTest(const QString &text)
{
    return [text](const RequestEvent &event) {
        const QStringList texts = allTexts(event);
        return std::any_of(texts.begin(), texts.end(),
                           [&](const QString &found) { return found.contains(text, Qt::CaseInsensitive); });
    };
}

} // namespace

Result<std::vector<FilterTerm>> splitFilter(QStringView text, FilterProblem &problem)
{
    WordReader reader(text, problem);
    std::vector<FilterTerm> terms;
    FilterTerm term;
    while (reader.next(term))
        terms.push_back(term);
    if (reader.failed())
        return Error { problem.explanation, {} };
    return terms;
}

Result<Filter::Test> makeFilterTest(const FilterTerm &term, const QDateTime &now)
{
    if (term.key.isEmpty())
        return textTest(term.values.first());
    const auto rule =
        std::find_if(rules().begin(), rules().end(), [&](const KeyRule &r) { return r.key.name == term.key; });
    if (rule == rules().end())
        return unknownKey(term.key);
    if (rule->key.name == QLatin1String("status"))
        return statusTest(*rule, term);
    switch (rule->kind) {
    case Kind::Quantity:
        return quantityTest(*rule, term);
    case Kind::Since:
        return sinceTest(term, now);
    case Kind::Pattern:
    case Kind::Choice:
        break;
    }
    return patternTest(*rule, term);
}

const std::vector<FilterKey> &filterKeys()
{
    static const std::vector<FilterKey> keys = [] {
        std::vector<FilterKey> all;
        for (const KeyRule &rule : rules())
            all.push_back(rule.key);
        return all;
    }();
    return keys;
}

} // namespace signalbox
