// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxctl/arguments.h"

#include <array>
#include <map>

namespace signalbox {

namespace {

constexpr qint64 longestMs = qint64 { 366 } * 86'400'000;

struct Option
{
    QLatin1String name;
    bool takesValue;
};
constexpr std::array knownOptions {
    Option { QLatin1String("admin-file"), true }, Option { QLatin1String("data-dir"), true },
    Option { QLatin1String("json"), false },      Option { QLatin1String("follow"), false },
    Option { QLatin1String("filter"), true },     Option { QLatin1String("since"), true },
    Option { QLatin1String("until"), true },      Option { QLatin1String("limit"), true },
    Option { QLatin1String("provider"), true },   Option { QLatin1String("dialect"), true },
    Option { QLatin1String("model"), true },      Option { QLatin1String("har"), false },
    Option { QLatin1String("jsonl"), false },     Option { QLatin1String("output"), true },
    Option { QLatin1String("completion"), true }, Option { QLatin1String("help"), false },
    Option { QLatin1String("version"), false },   Option { QLatin1String("set"), true },
    Option { QLatin1String("points"), true },     Option { QLatin1String("in-flight"), false },
};

struct Words
{
    QStringList positional;
    std::map<QString, QString> options;
    QStringList settings; ///< each --set

    bool has(const char *name) const { return options.contains(QString::fromLatin1(name)); }
    QString value(const char *name) const
    {
        const auto found = options.find(QString::fromLatin1(name));
        return found == options.end() ? QString() : found->second;
    }
};

Error usageError(const QString &reason)
{
    return { reason, {} };
}

Result<Words> split(const QStringList &arguments)
{
    Words words;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (!argument.startsWith(QLatin1String("--"))) {
            words.positional.append(argument);
            continue;
        }
        const QString name = argument.mid(2).section(QLatin1Char('='), 0, 0);
        const auto known = std::find_if(knownOptions.begin(), knownOptions.end(),
                                        [&](const Option &option) { return option.name == name; });
        if (known == knownOptions.end())
            return usageError(QStringLiteral("There is no option --%1; see signalboxctl --help.").arg(name));
        const bool inOneWord = argument.contains(QLatin1Char('='));
        if (!known->takesValue && inOneWord)
            return usageError(QStringLiteral("--%1 takes no value.").arg(name));
        if (known->takesValue && !inOneWord && i + 1 == arguments.size())
            return usageError(QStringLiteral("--%1 needs a value.").arg(name));
        QString value;
        if (known->takesValue)
            value = inOneWord ? argument.section(QLatin1Char('='), 1) : arguments.at(++i);
        if (name == QLatin1String("set"))
            words.settings.append(value);
        words.options.insert_or_assign(name, value);
    }
    return words;
}

/// A time of ISO 8601, or how long ago.
std::optional<QDateTime> parseTime(const QString &text, const QDateTime &now)
{
    if (const std::optional<std::chrono::milliseconds> ago = parseDuration(text))
        return now.addMSecs(-ago->count());
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    return time.isValid() ? std::optional(time) : std::nullopt;
}

std::optional<Error> addRange(const Words &words, const QDateTime &now, QUrlQuery &query)
{
    for (const char *name : { "since", "until" }) {
        if (!words.has(name))
            continue;
        const std::optional<QDateTime> time = parseTime(words.value(name), now);
        if (!time) {
            return usageError(QStringLiteral("--%1 must be a duration as 2h or a time as 2026-01-31T08:00:00Z.")
                                  .arg(QLatin1String(name)));
        }
        query.addQueryItem(QLatin1String(name), time->toUTC().toString(Qt::ISODateWithMs));
    }
    return std::nullopt;
}

void addOption(const Words &words, const char *name, QUrlQuery &query)
{
    // QUrlQuery takes "+" as it is, and servers read it as a space.
    if (words.has(name))
        query.addQueryItem(QLatin1String(name), QString::fromLatin1(QUrl::toPercentEncoding(words.value(name))));
}

using Made = Result<ControlCall>;

Made view(const Words &words, ControlCall::View view, const QString &path)
{
    if (words.positional.size() > 1)
        return usageError(QStringLiteral("'%1' is too much.").arg(words.positional.at(1)));
    ControlCall call;
    call.view = view;
    call.path = path;
    return call;
}

Made post(const QString &path, const QJsonObject &body)
{
    ControlCall call;
    call.view = ControlCall::View::Done;
    call.method = "POST";
    call.path = path;
    call.body = body;
    return call;
}

Made list(const Words &words, const QDateTime &now, bool requests)
{
    Made made = requests ? view(words, ControlCall::View::Requests, QStringLiteral("/v1/requests"))
                         : view(words, ControlCall::View::Events, QStringLiteral("/v1/events"));
    if (!made)
        return made;
    ControlCall &call = made.value();
    if (const std::optional<Error> error = addRange(words, now, call.query))
        return *error;
    addOption(words, "limit", call.query);
    addOption(words, requests ? "filter" : "provider", call.query);
    call.follow = words.has("follow");
    if (call.follow)
        call.query.addQueryItem(QStringLiteral("follow"), QStringLiteral("1"));
    return made;
}

Made log(const Words &words, const QDateTime &now)
{
    return list(words, now, true);
}

Made requests(const Words &words, const QDateTime &now)
{
    return words.has("in-flight") ? view(words, ControlCall::View::InFlight, QStringLiteral("/v1/requests/in-flight"))
                                  : list(words, now, true);
}

Made cancel(const Words &words, const QDateTime &)
{
    if (words.positional.size() != 2)
        return usageError(QStringLiteral("cancel needs the id of one request, see requests --in-flight."));
    return post(QStringLiteral("/v1/requests/cancel"), { { QStringLiteral("id"), words.positional.at(1) } });
}

Made events(const Words &words, const QDateTime &now)
{
    return list(words, now, false);
}

Made status(const Words &words, const QDateTime &)
{
    return view(words, ControlCall::View::Status, QStringLiteral("/v1/status"));
}

Made providers(const Words &words, const QDateTime &)
{
    return view(words, ControlCall::View::Providers, QStringLiteral("/v1/providers"));
}

Made exportLog(const Words &words, const QDateTime &now)
{
    if (words.has("har") == words.has("jsonl"))
        return usageError(QStringLiteral("export needs either --har or --jsonl."));
    Made made = list(words, now, true);
    if (!made)
        return made;
    ControlCall &call = made.value();
    call.view = ControlCall::View::Raw;
    call.outputFile = words.value("output");
    call.query.addQueryItem(QStringLiteral("format"),
                            words.has("har") ? QStringLiteral("har") : QStringLiteral("jsonl"));
    if (!words.has("limit"))
        call.query.addQueryItem(QStringLiteral("limit"), QStringLiteral("10000"));
    return made;
}

Made alarms(const Words &words, const QDateTime &)
{
    const QStringList &list = words.positional;
    if (list.size() == 1)
        return view(words, ControlCall::View::Alarms, QStringLiteral("/v1/alarms"));
    if (list.size() == 3 && list.at(1) == QLatin1String("ack"))
        return post(QStringLiteral("/v1/alarms/ack"),
                    { { QStringLiteral("id"), list.at(2) }, { QStringLiteral("by"), QStringLiteral("ctl") } });
    const std::optional<std::chrono::milliseconds> time = list.size() == 4 ? parseDuration(list.at(3)) : std::nullopt;
    if (list.size() == 4 && list.at(1) == QLatin1String("shelve") && time) {
        return post(QStringLiteral("/v1/alarms/shelve"),
                    { { QStringLiteral("id"), list.at(2) },
                      { QStringLiteral("durationMs"), static_cast<qint64>(time->count()) } });
    }
    return usageError(QStringLiteral("alarms takes nothing, \"ack ID\" or \"shelve ID 30m\"."));
}

/// NAME COMMAND [DURATION], with the commands that may follow NAME.
Made command(const Words &words, const QStringList &commands, const QStringList &withDuration)
{
    const QStringList &list = words.positional;
    const QString name = list.value(2);
    if (list.size() < 3 || list.size() > 4 || !commands.contains(name))
        return usageError(QStringLiteral("%1 needs a provider and one of: %2.")
                              .arg(list.front(), commands.join(QLatin1String(", "))));
    QJsonObject body { { QStringLiteral("provider"), list.at(1) }, { QStringLiteral("command"), name } };
    if (name == QLatin1String("trip") && list.size() < 4)
        return usageError(QStringLiteral("trip needs a duration, e.g. 10m."));
    if (list.size() == 4) {
        const std::optional<std::chrono::milliseconds> time = parseDuration(list.at(3));
        if (!time || !withDuration.contains(name))
            return usageError(QStringLiteral("'%1' is no duration that %2 could take.").arg(list.at(3), name));
        body.insert(QStringLiteral("durationMs"), static_cast<qint64>(time->count()));
    }
    return post(QStringLiteral("/v1/providers/command"), body);
}

Made breaker(const Words &words, const QDateTime &)
{
    return command(words,
                   { QStringLiteral("open"), QStringLiteral("close"), QStringLiteral("auto"), QStringLiteral("reset"),
                     QStringLiteral("trip"), QStringLiteral("none") },
                   { QStringLiteral("open"), QStringLiteral("trip") });
}

Made provider(const Words &words, const QDateTime &)
{
    return command(words, { QStringLiteral("enable"), QStringLiteral("disable"), QStringLiteral("drain") },
                   { QStringLiteral("drain") });
}

Made probe(const Words &words, const QDateTime &)
{
    if (words.positional.size() != 2)
        return usageError(QStringLiteral("probe needs one provider."));
    return post(QStringLiteral("/v1/providers/command"),
                { { QStringLiteral("provider"), words.positional.at(1) },
                  { QStringLiteral("command"), QStringLiteral("probe") } });
}

Made set(const Words &words, const QDateTime &)
{
    if (words.positional.size() != 3)
        return usageError(QStringLiteral("set needs a setting and a value, e.g. breaker.threshold 7."));
    return post(
        QStringLiteral("/v1/settings"),
        { { QStringLiteral("key"), words.positional.at(1) }, { QStringLiteral("value"), words.positional.at(2) } });
}

Made route(const Words &words, const QDateTime &)
{
    Made made = view(words, ControlCall::View::Route, QStringLiteral("/v1/route"));
    if (!made)
        return made;
    if (!words.has("dialect"))
        return usageError(QStringLiteral("route needs --dialect openai, anthropic or gemini."));
    for (const char *name : { "dialect", "model", "provider" })
        addOption(words, name, made.value().query);
    return made;
}

/// "breaker.threshold=3", as each --set gives it.
std::optional<Error> checkSettings(const Words &words)
{
    for (const QString &setting : words.settings) {
        if (setting.indexOf(QLatin1Char('=')) < 1)
            return usageError(QStringLiteral("--set must be SETTING=VALUE, e.g. breaker.threshold=3."));
    }
    return std::nullopt;
}

Made replay(const Words &words, const QDateTime &now)
{
    Made made = view(words, ControlCall::View::Replay, QStringLiteral("/v1/replay"));
    if (!made)
        return made;
    QUrlQuery &query = made.value().query;
    if (const std::optional<Error> error = addRange(words, now, query))
        return *error;
    if (const std::optional<Error> error = checkSettings(words))
        return *error;
    for (const QString &setting : words.settings)
        query.addQueryItem(QStringLiteral("set"), QString::fromLatin1(QUrl::toPercentEncoding(setting)));
    addOption(words, "provider", query);
    addOption(words, "points", query);
    return made;
}

Made shadow(const Words &words, const QDateTime &)
{
    const QStringList &list = words.positional;
    if (list.size() == 2 && list.at(1) == QLatin1String("stop"))
        return post(QStringLiteral("/v1/shadow/stop"), {});
    const std::optional<std::chrono::milliseconds> time = list.size() == 2 ? parseDuration(list.at(1)) : std::nullopt;
    if (!time || words.settings.isEmpty())
        return usageError(QStringLiteral("shadow takes \"stop\", or a duration and --set, e.g. 1h --set "
                                         "breaker.threshold=3."));
    if (const std::optional<Error> error = checkSettings(words))
        return *error;
    QJsonObject settings;
    for (const QString &setting : words.settings)
        settings.insert(setting.section(QLatin1Char('='), 0, 0), setting.section(QLatin1Char('='), 1));
    return post(QStringLiteral("/v1/shadow/start"),
                { { QStringLiteral("settings"), settings },
                  { QStringLiteral("durationMs"), static_cast<qint64>(time->count()) } });
}

struct Command
{
    QLatin1String name;
    Made (*make)(const Words &, const QDateTime &);
};
constexpr std::array commands {
    Command { QLatin1String("status"), status },     Command { QLatin1String("providers"), providers },
    Command { QLatin1String("log"), log },           Command { QLatin1String("events"), events },
    Command { QLatin1String("alarms"), alarms },     Command { QLatin1String("breaker"), breaker },
    Command { QLatin1String("provider"), provider }, Command { QLatin1String("probe"), probe },
    Command { QLatin1String("set"), set },           Command { QLatin1String("route"), route },
    Command { QLatin1String("export"), exportLog },  Command { QLatin1String("replay"), replay },
    Command { QLatin1String("shadow"), shadow },     Command { QLatin1String("requests"), requests },
    Command { QLatin1String("cancel"), cancel },
};

} // namespace

std::optional<std::chrono::milliseconds> parseDuration(const QString &text)
{
    static const std::map<QString, qint64> unitsMs { { QStringLiteral("ms"), 1 },
                                                     { QStringLiteral("s"), 1'000 },
                                                     { QStringLiteral("m"), 60'000 },
                                                     { QStringLiteral("h"), 3'600'000 },
                                                     { QStringLiteral("d"), 86'400'000 } };
    qsizetype digits = 0;
    while (digits < text.size() && text.at(digits) >= QLatin1Char('0') && text.at(digits) <= QLatin1Char('9'))
        ++digits;
    const auto unit = unitsMs.find(text.mid(digits));
    bool good = false;
    const qint64 count = text.left(digits).toLongLong(&good);
    if (!good || unit == unitsMs.end() || count > longestMs / unit->second)
        return std::nullopt;
    return std::chrono::milliseconds(count * unit->second);
}

Result<ControlArguments> parseControlArguments(const QStringList &arguments, const QDateTime &now)
{
    const Result<Words> read = split(arguments);
    if (!read)
        return read.error();
    const Words &words = read.value();
    ControlArguments result;
    result.version = words.has("version");
    result.completionShell = words.value("completion");
    result.adminFile = words.value("admin-file");
    result.dataDirectory = words.value("data-dir");
    if (result.version || words.has("help") || words.has("completion"))
        return result;
    if (words.positional.isEmpty())
        return usageError(QStringLiteral("Say what to do; see signalboxctl --help."));
    const auto known = std::find_if(commands.begin(), commands.end(), [&](const Command &candidate) {
        return candidate.name == words.positional.front();
    });
    if (known == commands.end())
        return usageError(
            QStringLiteral("There is no command '%1'; see signalboxctl --help.").arg(words.positional.front()));
    Made made = known->make(words, now);
    if (!made)
        return made.error();
    result.call = std::move(made).value();
    result.call->json = words.has("json");
    return result;
}

QString controlHelp()
{
    return QStringLiteral(R"(Usage: signalboxctl [options] COMMAND

  status                          what the engine does, and its providers
  providers                       health, breaker and first byte of each
  log [--follow] [--filter F]     finished requests, oldest first
  requests --in-flight            what is not finished; without the option the same as log
  cancel ID                       end a request in flight
  events [--follow] [--provider N]  breaker, probe, operator and alarm events
  alarms [ack ID | shelve ID 30m]
  breaker NAME open|close|auto|none|reset|trip 10m
  provider NAME enable|disable|drain
  probe NAME                      ask now whether it is well
  set breaker.threshold 7         change a setting, live and in the file
  replay [--since 24h] --set breaker.threshold=3 [--provider N]
                                  what another policy would have done
  shadow 1h --set breaker.threshold=3 | shadow stop
                                  run it live beside the real one, and only log
  route --dialect openai [--model M]  where a request would go, and why
  export --har|--jsonl [--output FILE]

Options
  --json                          print JSON, for scripts
  --since, --until                2h (ago), or 2026-01-31T08:00:00Z
  --set SETTING=VALUE             of the draft; as often as needed
  --points N                      of the chart in replay --json
  --limit N                       at most so many, the newest
  --filter F                      e.g. 'status:5xx provider:openai ttft>2s -test'
  --admin-file FILE, --data-dir DIR   where the engine says how to reach it
  --completion bash|zsh|fish      print a completion script
  --help, --version

Returns 0 if it was done, 1 if the engine refused or failed, 2 for a wrong command line, 3 if no engine runs.
)");
}

} // namespace signalbox
