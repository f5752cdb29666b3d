// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakeprovider.h"

namespace signalbox::test {

/// What each dialect's real service puts on the wire, in its shortest form.
namespace payload {

/// Request bodies.
QByteArray chat(bool stream = false, QByteArrayView model = "gpt-test");
QByteArray responses(bool stream = false);
QByteArray messages(bool stream = false);
QByteArray gemini();

QByteArray chatAnswer(QByteArrayView text);
QByteArray responsesAnswer(QByteArrayView text);
QByteArray messagesAnswer(QByteArrayView text);
QByteArray geminiAnswer(QByteArrayView text);

/// Streams as events; the last one is the dialect's terminal event.
std::vector<QByteArray> chatEvents(QByteArrayView text);
std::vector<QByteArray> responsesEvents(QByteArrayView text);
std::vector<QByteArray> messagesEvents(QByteArrayView text);
std::vector<QByteArray> geminiEvents(QByteArrayView text);

QByteArray joined(const std::vector<QByteArray> &events);

} // namespace payload

/// A provider that works: answers what was asked, plain or streamed, in the dialect of the path, with this text.
Script healthy(const QByteArray &text);
/// The events, one chunk each with a pause before it, and a clean end.
Script events(const std::vector<QByteArray> &list, milliseconds gap = milliseconds(0));
/// The first `count` events, then the connection ends in that way.
enum class Ending { Close, Reset, Stall };
Script cutEvents(const std::vector<QByteArray> &list, std::size_t count, Ending ending);
Script fails(int status, const HeaderList &extra = {},
             const QByteArray &body = "{\"error\":{\"message\":\"scripted\"}}");
Script closes();
Script resets();
/// Reads the request and says nothing more.
Script silent();

} // namespace signalbox::test
