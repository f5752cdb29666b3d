// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/toolfile.h"

#include "engine/config/atomicfile.h"
#include "engine/config/jsontext.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonObject>

#include <optional>
#include <vector>

namespace signalbox {

namespace {

constexpr qint64 largestFile = qint64 { 1 } << 20;

struct JsonEdit
{
    QString pointer;
    QJsonValue value;
};

/// SDKs refuse an empty key.
QString keyOf(const ToolFileValues &values)
{
    return values.token.isEmpty() ? QStringLiteral("none") : values.token;
}

std::vector<JsonEdit> jsonEdits(ToolFileKind kind, const ToolFileValues &values)
{
    const QString openAiUrl = values.url + QStringLiteral("/v1");
    switch (kind) {
    case ToolFileKind::ClaudeSettings:
        return { { QStringLiteral("/env/ANTHROPIC_BASE_URL"), values.url },
                 { QStringLiteral("/env/ANTHROPIC_AUTH_TOKEN"), keyOf(values) } };
    case ToolFileKind::OpencodeConfig: {
        const QString base = QStringLiteral("/provider/signalbox");
        return { { base + QStringLiteral("/npm"), QStringLiteral("@ai-sdk/openai-compatible") },
                 { base + QStringLiteral("/name"), QStringLiteral("Signalbox") },
                 { base + QStringLiteral("/options/baseURL"), openAiUrl },
                 { base + QStringLiteral("/options/apiKey"), keyOf(values) },
                 { base + QStringLiteral("/models/") + escapedForJsonPointer(values.model), QJsonObject() } };
    }
    case ToolFileKind::QwenSettings:
        return { { QStringLiteral("/env/OPENAI_BASE_URL"), openAiUrl },
                 { QStringLiteral("/env/OPENAI_API_KEY"), keyOf(values) },
                 { QStringLiteral("/env/OPENAI_MODEL"), values.model } };
    case ToolFileKind::CodexConfig:
    case ToolFileKind::None:
        break;
    }
    return {};
}

Result<QByteArray> editedJson(const QByteArray &before, const std::vector<JsonEdit> &edits, const QString &path)
{
    QByteArray text = before.trimmed().isEmpty() ? QByteArrayLiteral("{}\n") : before;
    for (const JsonEdit &edit : edits) {
        const JsonText json(text);
        if (!json.isValid()) {
            return Error { QStringLiteral("%1 is no plain JSON (line %2: %3), so it is left as it is")
                               .arg(path)
                               .arg(json.error().line)
                               .arg(json.error().reason),
                           path };
        }
        const Result<QByteArray> edited = json.edited(edit.pointer, edit.value);
        if (!edited)
            return Error { QStringLiteral("%1: %2").arg(path, edited.error().reason), path };
        text = edited.value();
    }
    return text;
}

bool isTableLine(const QString &line)
{
    return line.trimmed().startsWith(QLatin1Char('['));
}

bool setsKey(const QString &line, QLatin1String key)
{
    const QString name = line.section(QLatin1Char('='), 0, 0).trimmed();
    return line.contains(QLatin1Char('=')) && (name == key || name == QLatin1Char('"') + key + QLatin1Char('"'));
}

QString tomlQuoted(QString text)
{
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

/// Top-level keys stand before the first table; our table is written anew, whatever it held.
QByteArray editedCodex(const QByteArray &before, const ToolFileValues &values)
{
    const QLatin1String provider("model_provider");
    const QString table = QStringLiteral("[model_providers.signalbox]");
    const QString choice = QStringLiteral("model_provider = \"signalbox\"");
    QStringList lines = QString::fromUtf8(before).split(QLatin1Char('\n'));
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    QStringList kept;
    bool inTables = false;
    bool inOurs = false;
    bool chosen = false;
    for (const QString &line : std::as_const(lines)) {
        if (isTableLine(line)) {
            if (!inTables && !chosen)
                kept << choice << QString();
            chosen = chosen || !inTables;
            inTables = true;
            inOurs = line.trimmed() == table;
        }
        if (inOurs)
            continue;
        if (!inTables && setsKey(line, provider)) {
            if (!chosen)
                kept << choice;
            chosen = true;
            continue;
        }
        kept << line;
    }
    if (!chosen)
        kept.prepend(choice);
    while (!kept.isEmpty() && kept.last().trimmed().isEmpty())
        kept.removeLast();
    kept << QString() << table << QStringLiteral("name = \"Signalbox\"")
         << QStringLiteral("base_url = ") + tomlQuoted(values.url + QStringLiteral("/v1"))
         << QStringLiteral("wire_api = \"responses\"") << QStringLiteral("env_key = \"SIGNALBOX_TOKEN\"");
    return (kept.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8();
}

/// Nullopt: there is no such file.
Result<std::optional<QByteArray>> readIfThere(const QString &path)
{
    if (!QFileInfo::exists(path))
        return std::optional<QByteArray>();
    Result<QByteArray> content = readWholeFile(path, largestFile);
    if (!content)
        return content.error();
    return std::optional<QByteArray>(std::move(content).value());
}

Status sameAs(const QString &path, bool existed, const QByteArray &expected)
{
    const Result<std::optional<QByteArray>> now = readIfThere(path);
    if (!now)
        return now.error();
    if (now.value().has_value() != existed || now.value().value_or(QByteArray()) != expected)
        return Error { QStringLiteral("%1 was changed by somebody else meanwhile, so it is left as it is").arg(path),
                       path };
    return ok();
}

} // namespace

QString toolFilePath(ToolFileKind kind, const QString &home)
{
    switch (kind) {
    case ToolFileKind::ClaudeSettings:
        return home + QStringLiteral("/.claude/settings.json");
    case ToolFileKind::CodexConfig:
        return home + QStringLiteral("/.codex/config.toml");
    case ToolFileKind::OpencodeConfig:
        return home + QStringLiteral("/.config/opencode/opencode.json");
    case ToolFileKind::QwenSettings:
        return home + QStringLiteral("/.qwen/settings.json");
    case ToolFileKind::None:
        break;
    }
    return {};
}

Result<ToolFilePlan> planToolFile(ToolFileKind kind, const QString &home, const ToolFileValues &values)
{
    ToolFilePlan plan;
    plan.path = toolFilePath(kind, home);
    if (plan.path.isEmpty())
        return Error { QStringLiteral("This tool has no file that could be written."), {} };
    // A link is followed to what it names, as dotfile managers use them: replacing it would cut it off from there.
    if (const QString target = QFileInfo(plan.path).canonicalFilePath(); !target.isEmpty())
        plan.path = target;
    Result<std::optional<QByteArray>> found = readIfThere(plan.path);
    if (!found)
        return found.error();
    plan.existed = found.value().has_value();
    plan.before = found.value().value_or(QByteArray());
    if (kind == ToolFileKind::CodexConfig) {
        plan.after = editedCodex(plan.before, values);
        return plan;
    }
    Result<QByteArray> edited = editedJson(plan.before, jsonEdits(kind, values), plan.path);
    if (!edited)
        return edited.error();
    plan.after = std::move(edited).value();
    return plan;
}

Result<QString> writeToolFile(const ToolFilePlan &plan, const QDateTime &now)
{
    if (const Status same = sameAs(plan.path, plan.existed, plan.before); !same)
        return same.error();
    QString backup;
    if (plan.existed) {
        backup = plan.path + QStringLiteral(".before-signalbox-") + now.toString(QStringLiteral("yyyyMMdd-HHmmss"));
        if (const Status saved = writeFileAtomically(backup, plan.before); !saved)
            return saved.error();
    }
    if (const Status written = writeFileAtomically(plan.path, plan.after); !written)
        return written.error();
    return backup;
}

Status undoToolFile(const ToolFilePlan &plan)
{
    if (Status same = sameAs(plan.path, true, plan.after); !same)
        return same;
    if (plan.existed)
        return writeFileAtomically(plan.path, plan.before);
    if (!QFile::remove(plan.path))
        return Error { QStringLiteral("%1 cannot be removed").arg(plan.path), plan.path };
    return ok();
}

} // namespace signalbox
