// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace signalbox::test {

/// One compressed stream, flushed after each piece so that each can be decoded on its own arrival.
std::vector<QByteArray> gzipPieces(const std::vector<QByteArray> &pieces);
std::vector<QByteArray> brotliPieces(const std::vector<QByteArray> &pieces);
std::vector<QByteArray> zstdPieces(const std::vector<QByteArray> &pieces);
QByteArray gzip(const QByteArray &bytes);

} // namespace signalbox::test
