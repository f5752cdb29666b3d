// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/tools.h"

#include "ui/connect/containers.h"

#include <QCoreApplication>

namespace signalbox {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ConnectTools", text);
}

/// What stands where a key is asked for and none is needed: SDKs refuse an empty one.
QString keyOf(const ConnectAddress &address)
{
    return address.token.isEmpty() ? QStringLiteral("none") : address.token;
}

QString filled(QString text, const ConnectAddress &address)
{
    return text.replace(QLatin1String("{url}"), address.url)
        .replace(QLatin1String("{key}"), keyOf(address))
        .replace(QLatin1String("{openai}"), address.openAiModel)
        .replace(QLatin1String("{anthropic}"), address.anthropicModel)
        .replace(QLatin1String("{gemini}"), address.geminiModel);
}

Variables openAiVariables(const ConnectAddress &address)
{
    return { { QStringLiteral("OPENAI_BASE_URL"), address.url + QStringLiteral("/v1") },
             { QStringLiteral("OPENAI_API_KEY"), keyOf(address) } };
}

Variables anthropicVariables(const ConnectAddress &address)
{
    return { { QStringLiteral("ANTHROPIC_BASE_URL"), address.url },
             { QStringLiteral("ANTHROPIC_AUTH_TOKEN"), keyOf(address) } };
}

Variables geminiVariables(const ConnectAddress &address)
{
    return { { QStringLiteral("GOOGLE_GEMINI_BASE_URL"), address.url },
             { QStringLiteral("GEMINI_API_KEY"), keyOf(address) } };
}

ConnectTool claudeCode(const ConnectAddress &address)
{
    const QString json = filled(QStringLiteral(R"({
  "env": {
    "ANTHROPIC_BASE_URL": "{url}",
    "ANTHROPIC_AUTH_TOKEN": "{key}"
  }
}
)"),
                                address);
    return { QStringLiteral("claude-code"),
             QStringLiteral("Claude Code"),
             tr("Coding agents"),
             tr("Set these two variables before starting claude, or put them into the \"env\" object of its "
                "settings.json."),
             { QStringLiteral("claude-code") },
             environmentSnippets(anthropicVariables(address)) +
                 QList<Snippet> { { QStringLiteral("settings.json"), json } },
             ToolFileKind::ClaudeSettings };
}

ConnectTool codex(const ConnectAddress &address)
{
    const QString toml = filled(QStringLiteral(R"(model_provider = "signalbox"

[model_providers.signalbox]
name = "Signalbox"
base_url = "{url}/v1"
wire_api = "responses"
env_key = "SIGNALBOX_TOKEN"
)"),
                                address);
    return { QStringLiteral("codex"),
             QStringLiteral("Codex"),
             tr("Coding agents"),
             tr("Add a provider to ~/.codex/config.toml, and set the variable that it reads the token from."),
             { QStringLiteral("codex") },
             QList<Snippet> { { QStringLiteral("config.toml"), toml } } +
                 environmentSnippets({ { QStringLiteral("SIGNALBOX_TOKEN"), keyOf(address) } }),
             ToolFileKind::CodexConfig };
}

ConnectTool opencode(const ConnectAddress &address)
{
    const QString json = filled(QStringLiteral(R"({
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "signalbox": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "Signalbox",
      "options": { "baseURL": "{url}/v1", "apiKey": "{key}" },
      "models": { "{openai}": {} }
    }
  }
}
)"),
                                address);
    return { QStringLiteral("opencode"),
             QStringLiteral("opencode"),
             tr("Coding agents"),
             tr("Add a provider to opencode.json, then choose a model of Signalbox with /models."),
             { QStringLiteral("opencode"), QStringLiteral("ai-sdk") },
             { { QStringLiteral("opencode.json"), json } },
             ToolFileKind::OpencodeConfig };
}

ConnectTool geminiCli(const ConnectAddress &address)
{
    return { QStringLiteral("gemini-cli"),
             QStringLiteral("Gemini CLI"),
             tr("Coding agents"),
             tr("Set these two variables, and choose \"Use Gemini API Key\" as its authentication."),
             { QStringLiteral("gemini-cli") },
             environmentSnippets(geminiVariables(address)),
             ToolFileKind::None };
}

ConnectTool qwenCode(const ConnectAddress &address)
{
    Variables variables = openAiVariables(address);
    variables.append({ QStringLiteral("OPENAI_MODEL"), address.openAiModel });
    return { QStringLiteral("qwen-code"),
             QStringLiteral("Qwen Code"),
             tr("Coding agents"),
             tr("Set these variables, and choose OpenAI as its authentication."),
             { QStringLiteral("qwen-code") },
             environmentSnippets(variables),
             ToolFileKind::QwenSettings };
}

ConnectTool aider(const ConnectAddress &address)
{
    Variables variables { { QStringLiteral("OPENAI_API_BASE"), address.url + QStringLiteral("/v1") },
                          { QStringLiteral("OPENAI_API_KEY"), keyOf(address) } };
    return { QStringLiteral("aider"),
             QStringLiteral("aider"),
             tr("Coding agents"),
             tr("Set these two variables and start it with a model named openai/NAME."),
             { QStringLiteral("aider"), QStringLiteral("litellm") },
             environmentSnippets(variables),
             ToolFileKind::None };
}

ConnectTool cline(const ConnectAddress &address)
{
    return { QStringLiteral("cline"),
             QStringLiteral("Cline"),
             tr("Editors"),
             tr("In its settings choose \"OpenAI Compatible\" as API provider and fill in these fields."),
             { QStringLiteral("cline"), QStringLiteral("openai-js") },
             { { tr("Settings"),
                 filled(QStringLiteral("API Provider: OpenAI Compatible\nBase URL: {url}/v1\nAPI Key: {key}\n"
                                       "Model ID: {openai}\n"),
                        address) } },
             ToolFileKind::None };
}

ConnectTool continueDev(const ConnectAddress &address)
{
    const QString yaml = filled(QStringLiteral("models:\n"
                                               "  - name: Signalbox\n"
                                               "    provider: openai\n"
                                               "    model: {openai}\n"
                                               "    apiBase: {url}/v1\n"
                                               "    apiKey: {key}\n"
                                               "    roles: [chat, edit, apply]\n"),
                                address);
    return { QStringLiteral("continue"),
             QStringLiteral("Continue"),
             tr("Editors"),
             tr("Add a model to ~/.continue/config.yaml."),
             { QStringLiteral("continue"), QStringLiteral("openai-js") },
             { { QStringLiteral("config.yaml"), yaml } },
             ToolFileKind::None };
}

ConnectTool sdk(const char *id, const QString &name, const QString &advice, const QStringList &clients,
                const QString &python, const QString &javaScript, const Variables &variables,
                const ConnectAddress &address)
{
    return { QString::fromLatin1(id),
             name,
             tr("SDKs"),
             advice,
             clients,
             QList<Snippet> { { QStringLiteral("Python"), filled(python, address) },
                              { QStringLiteral("JavaScript"), filled(javaScript, address) } } +
                 environmentSnippets(variables),
             ToolFileKind::None };
}

ConnectTool openAiSdk(const ConnectAddress &address)
{
    return sdk("openai-sdk", tr("OpenAI SDK"), tr("Give the client this base URL and key, or set the two variables."),
               { QStringLiteral("openai-python"), QStringLiteral("openai-js") },
               QStringLiteral(R"(from openai import OpenAI

client = OpenAI(base_url="{url}/v1", api_key="{key}")
answer = client.chat.completions.create(
    model="{openai}", messages=[{"role": "user", "content": "Hello"}])
print(answer.choices[0].message.content)
)"),
               QStringLiteral(R"(import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '{url}/v1', apiKey: '{key}' });
const answer = await client.chat.completions.create({
  model: '{openai}', messages: [{ role: 'user', content: 'Hello' }] });
console.log(answer.choices[0].message.content);
)"),
               openAiVariables(address), address);
}

ConnectTool anthropicSdk(const ConnectAddress &address)
{
    return sdk("anthropic-sdk", tr("Anthropic SDK"),
               tr("Give the client this base URL and token, or set the two variables."),
               { QStringLiteral("anthropic-python"), QStringLiteral("anthropic-js") },
               QStringLiteral(R"(from anthropic import Anthropic

client = Anthropic(base_url="{url}", auth_token="{key}")
answer = client.messages.create(
    model="{anthropic}", max_tokens=100, messages=[{"role": "user", "content": "Hello"}])
print(answer.content[0].text)
)"),
               QStringLiteral(R"(import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: '{url}', authToken: '{key}' });
const answer = await client.messages.create({
  model: '{anthropic}', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] });
console.log(answer.content[0].text);
)"),
               anthropicVariables(address), address);
}

ConnectTool googleSdk(const ConnectAddress &address)
{
    return sdk("google-sdk", tr("Google Gen AI SDK"),
               tr("Give the client this base URL and key, or set the two variables."),
               { QStringLiteral("google-genai") }, QStringLiteral(R"(from google import genai
from google.genai import types

client = genai.Client(api_key="{key}", http_options=types.HttpOptions(base_url="{url}"))
print(client.models.generate_content(model="{gemini}", contents="Hello").text)
)"),
               QStringLiteral(R"(import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({ apiKey: '{key}', httpOptions: { baseUrl: '{url}' } });
const answer = await client.models.generateContent({ model: '{gemini}', contents: 'Hello' });
console.log(answer.text);
)"),
               geminiVariables(address), address);
}

ConnectTool curl(const ConnectAddress &address)
{
    const QString openAi = QStringLiteral(R"(curl '{url}/v1/chat/completions' \
  -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \
  -d '{"model": "{openai}", "messages": [{"role": "user", "content": "Hello"}]}'
)");
    const QString anthropic = QStringLiteral(R"(curl '{url}/v1/messages' \
  -H 'x-api-key: {key}' -H 'anthropic-version: 2023-06-01' -H 'Content-Type: application/json' \
  -d '{"model": "{anthropic}", "max_tokens": 100, "messages": [{"role": "user", "content": "Hello"}]}'
)");
    const QString gemini = QStringLiteral(R"(curl '{url}/v1beta/models/{gemini}:generateContent' \
  -H 'x-goog-api-key: {key}' -H 'Content-Type: application/json' \
  -d '{"contents": [{"parts": [{"text": "Hello"}]}]}'
)");
    return { QStringLiteral("curl"),
             QStringLiteral("curl"),
             tr("SDKs"),
             tr("One request in each dialect, to paste into a terminal."),
             { QStringLiteral("curl") },
             { { QStringLiteral("OpenAI"), filled(openAi, address) },
               { QStringLiteral("Anthropic"), filled(anthropic, address) },
               { QStringLiteral("Gemini"), filled(gemini, address) } },
             ToolFileKind::None };
}

} // namespace

std::vector<ConnectTool> connectTools(const ConnectAddress &address)
{
    return { claudeCode(address), codex(address), opencode(address),     geminiCli(address), qwenCode(address),
             aider(address),      cline(address), continueDev(address),  openAiSdk(address), anthropicSdk(address),
             googleSdk(address),  curl(address),  containerTool(address) };
}

} // namespace signalbox
