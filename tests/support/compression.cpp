// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/compression.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>

namespace signalbox::test {

namespace {

constexpr qsizetype room = 1 << 20;
constexpr int gzipWindow = 15 + 16;

Bytef *mutableBytes(QByteArray &bytes)
{
    return reinterpret_cast<Bytef *>(bytes.data());
}

QByteArray deflated(z_stream &stream, const QByteArray &piece, int flush)
{
    QByteArray in = piece;
    QByteArray out(room, '\0');
    stream.next_in = mutableBytes(in);
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = mutableBytes(out);
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, flush);
    return out.first(room - static_cast<qsizetype>(stream.avail_out));
}

QByteArray brotlied(BrotliEncoderState *encoder, const QByteArray &piece, BrotliEncoderOperation operation)
{
    QByteArray out(room, '\0');
    const auto *in = reinterpret_cast<const std::uint8_t *>(piece.constData());
    auto *next = reinterpret_cast<std::uint8_t *>(out.data());
    std::size_t inLeft = static_cast<std::size_t>(piece.size());
    std::size_t outLeft = static_cast<std::size_t>(out.size());
    BrotliEncoderCompressStream(encoder, operation, &inLeft, &in, &outLeft, &next, nullptr);
    return out.first(room - static_cast<qsizetype>(outLeft));
}

} // namespace

std::vector<QByteArray> gzipPieces(const std::vector<QByteArray> &pieces)
{
    z_stream stream {};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY);
    std::vector<QByteArray> out;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        out.push_back(deflated(stream, pieces[i], i + 1 == pieces.size() ? Z_FINISH : Z_SYNC_FLUSH));
    deflateEnd(&stream);
    return out;
}

std::vector<QByteArray> brotliPieces(const std::vector<QByteArray> &pieces)
{
    const std::unique_ptr<BrotliEncoderState, void (*)(BrotliEncoderState *)> encoder(
        BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &BrotliEncoderDestroyInstance);
    std::vector<QByteArray> out;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const bool last = i + 1 == pieces.size();
        out.push_back(brotlied(encoder.get(), pieces[i], last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH));
    }
    return out;
}

std::vector<QByteArray> zstdPieces(const std::vector<QByteArray> &pieces)
{
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx *)> encoder(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    std::vector<QByteArray> out;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        QByteArray bytes(room, '\0');
        ZSTD_inBuffer from { pieces[i].constData(), static_cast<std::size_t>(pieces[i].size()), 0 };
        ZSTD_outBuffer to { bytes.data(), static_cast<std::size_t>(bytes.size()), 0 };
        ZSTD_compressStream2(encoder.get(), &to, &from, i + 1 == pieces.size() ? ZSTD_e_end : ZSTD_e_flush);
        out.push_back(bytes.first(static_cast<qsizetype>(to.pos)));
    }
    return out;
}

QByteArray gzip(const QByteArray &bytes)
{
    return gzipPieces({ bytes }).front();
}

} // namespace signalbox::test
