// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/configstore.h"

#include "engine/config/atomicfile.h"
#include "engine/config/jsontext.h"

#include <QFileInfo>
#include <QRandomGenerator>

#include <array>

namespace signalbox {

namespace {

constexpr qint64 configBytes = 4 << 20;

} // namespace

Result<QByteArray> configTextOf(const QString &path)
{
    return QFileInfo::exists(path) ? readWholeFile(path, configBytes)
                                   : Result<QByteArray>(QByteArray("{\n  \"version\": 1\n}\n"));
}

QString randomToken(QRandomGenerator &random)
{
    std::array<quint32, 4> words {};
    random.fillRange(words.data(), static_cast<qsizetype>(words.size()));
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex());
}

Status saveSettings(const QString &path, const QList<SettingEdit> &edits)
{
    const Result<QByteArray> before = configTextOf(path);
    if (!before)
        return before.error();
    QByteArray text = before.value();
    for (const SettingEdit &edit : edits) {
        const Result<QByteArray> edited = JsonText(text).edited(edit.pointer, edit.value);
        if (!edited)
            return edited.error();
        text = edited.value();
    }
    const LoadResult loaded = loadConfigText(text, path);
    if (!loaded.ok())
        return Error { loaded.errorText(), path };
    return writeConfigText(path, before.value(), text);
}

Status writeConfigText(const QString &path, const QByteArray &before, const QByteArray &text)
{
    if (QFileInfo::exists(path) && loadConfigText(before, path).ok()) {
        if (Status backup = writeFileAtomically(path + QLatin1String(".bak"), before); !backup)
            return backup;
    }
    return writeFileAtomically(path, text);
}

Result<std::optional<Secret>> ensureToken(const QString &path, QRandomGenerator *random)
{
    const Result<QByteArray> text = readWholeFile(path, configBytes);
    if (!text)
        return text.error();
    const LoadResult loaded = loadConfigText(text.value(), path);
    if (!loaded.tokenAbsent)
        return loaded.config.proxy.token;
    const QString token = randomToken(random ? *random : *QRandomGenerator::system());
    if (Status saved = saveSettings(path, { { QStringLiteral("/proxy/token"), token } }); !saved)
        return saved.error();
    return std::optional(Secret(token.toLatin1()));
}

LoadResult loadConfigEnsuringToken(const QString &path, const ConfigOverlay &overlay)
{
    LoadResult result = loadConfig(path, overlay);
    if (!result.ok() || result.missing || !result.tokenAbsent)
        return result;
    const Result<std::optional<Secret>> token = ensureToken(path);
    if (token) {
        result.config.proxy.token = token.value();
        result.tokenAbsent = false;
        if (const Result<QByteArray> text = readWholeFile(path, configBytes))
            result.text = text.value();
    } else {
        result.warnings.append({ path, QStringLiteral("/proxy/token"), 0,
                                 QStringLiteral("the new access token cannot be stored and lasts for this run only: %1")
                                     .arg(token.error().reason) });
    }
    return result;
}

} // namespace signalbox
