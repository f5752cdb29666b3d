// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dialect/bodydecoder.h"

#include "engine/base/bytes.h"

#include <QList>

#include <algorithm>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

namespace signalbox {

namespace {

constexpr qsizetype pieceBytes = qsizetype { 64 } << 10;
constexpr std::int64_t freeOutputBytes = std::int64_t { 64 } << 10; ///< small bodies may have any ratio
constexpr std::size_t mostCodings = 2;
constexpr int gzipWindow = 15 + 16; // zlib: the largest window, with a gzip header
constexpr int zlibWindow = 15;
constexpr int rawWindow = -15;
constexpr int largestZstdWindowLog = 23; // 8 MiB, RFC 9659

class ZlibStage final : public DecodeStage
{
public:
    enum class Format { Gzip, Deflate };

    explicit ZlibStage(Format format) : m_format(format) { }
    ~ZlibStage() override
    {
        if (m_open)
            inflateEnd(&m_stream);
    }
    Q_DISABLE_COPY_MOVE(ZlibStage)

    bool decode(QByteArrayView &input, QByteArray &output, qsizetype room) override
    {
        if (!m_open && !open(input))
            return input.isEmpty();
        if (m_ended && !nextMember(input)) {
            input = {};
            return true;
        }
        const qsizetype before = output.size();
        output.resize(before + room);
        // zlib takes its input as non-const but does not write to it.
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data()));
        m_stream.avail_in = static_cast<uInt>(std::min(input.size(), largestInput));
        const uInt offered = m_stream.avail_in;
        m_stream.next_out = reinterpret_cast<Bytef *>(output.data() + before);
        m_stream.avail_out = static_cast<uInt>(room);
        const int result = inflate(&m_stream, Z_NO_FLUSH);
        input = input.sliced(static_cast<qsizetype>(offered - m_stream.avail_in));
        output.truncate(before + room - static_cast<qsizetype>(m_stream.avail_out));
        m_ended = result == Z_STREAM_END;
        return m_ended || result == Z_OK || result == Z_BUF_ERROR;
    }
    bool ended() const override { return m_ended; }

private:
    static constexpr qsizetype largestInput = qsizetype { 1 } << 30;

    bool open(QByteArrayView input)
    {
        if (input.isEmpty())
            return false;
        const int window = m_format == Format::Gzip ? gzipWindow : looksLikeZlib(input) ? zlibWindow : rawWindow;
        m_open = inflateInit2(&m_stream, window) == Z_OK;
        return m_open;
    }

    /// "deflate" means zlib's format, but raw deflate is common. The first byte tells: method 8, window at most 32 KiB.
    static bool looksLikeZlib(QByteArrayView input)
    {
        const auto first = static_cast<unsigned char>(input.front());
        return (first & 0x0f) == Z_DEFLATED && (first >> 4) <= 7;
    }

    /// A gzip file may have several members; anything else after the end is ignored, and all that follows it, as gzip
    /// itself does.
    bool nextMember(QByteArrayView input)
    {
        if (input.isEmpty())
            return false;
        const bool another =
            !m_trailing && m_format == Format::Gzip && input.front() == '\x1f' && inflateReset(&m_stream) == Z_OK;
        m_trailing = !another;
        m_ended = !another;
        return another;
    }

    Format m_format;
    z_stream m_stream {};
    bool m_open = false;
    bool m_ended = false;
    bool m_trailing = false; ///< something that is no member came after the end
};

class BrotliStage final : public DecodeStage
{
public:
    BrotliStage() : m_state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance) { }

    bool decode(QByteArrayView &input, QByteArray &output, qsizetype room) override
    {
        if (!m_state)
            return false;
        if (m_ended) {
            input = {};
            return true;
        }
        const qsizetype before = output.size();
        output.resize(before + room);
        std::size_t inputLeft = static_cast<std::size_t>(input.size());
        const auto *next = reinterpret_cast<const std::uint8_t *>(input.data());
        std::size_t outputLeft = static_cast<std::size_t>(room);
        auto *out = reinterpret_cast<std::uint8_t *>(output.data() + before);
        const BrotliDecoderResult result =
            BrotliDecoderDecompressStream(m_state.get(), &inputLeft, &next, &outputLeft, &out, nullptr);
        input = input.last(static_cast<qsizetype>(inputLeft));
        output.truncate(before + room - static_cast<qsizetype>(outputLeft));
        m_ended = result == BROTLI_DECODER_RESULT_SUCCESS;
        return result != BROTLI_DECODER_RESULT_ERROR;
    }
    bool ended() const override { return m_ended; }

private:
    std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> m_state;
    bool m_ended = false;
};

class ZstdStage final : public DecodeStage
{
public:
    ZstdStage() : m_context(ZSTD_createDCtx(), &ZSTD_freeDCtx)
    {
        if (m_context)
            ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, largestZstdWindowLog);
    }

    bool decode(QByteArrayView &input, QByteArray &output, qsizetype room) override
    {
        if (!m_context)
            return false;
        const qsizetype before = output.size();
        output.resize(before + room);
        ZSTD_inBuffer in { input.data(), static_cast<std::size_t>(input.size()), 0 };
        ZSTD_outBuffer out { output.data() + before, static_cast<std::size_t>(room), 0 };
        const std::size_t result = ZSTD_decompressStream(m_context.get(), &out, &in);
        input = input.sliced(static_cast<qsizetype>(in.pos));
        output.truncate(before + static_cast<qsizetype>(out.pos));
        if (ZSTD_isError(result) != 0)
            return false;
        m_ended = result == 0;
        return true;
    }
    bool ended() const override { return m_ended; }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> m_context;
    bool m_ended = false;
};

std::unique_ptr<DecodeStage> makeStage(QByteArrayView coding)
{
    if (equalsIgnoringCase(coding, "gzip") || equalsIgnoringCase(coding, "x-gzip"))
        return std::make_unique<ZlibStage>(ZlibStage::Format::Gzip);
    if (equalsIgnoringCase(coding, "deflate"))
        return std::make_unique<ZlibStage>(ZlibStage::Format::Deflate);
    if (equalsIgnoringCase(coding, "br"))
        return std::make_unique<BrotliStage>();
    if (equalsIgnoringCase(coding, "zstd"))
        return std::make_unique<ZstdStage>();
    return nullptr;
}

} // namespace

BodyDecoder::BodyDecoder(QByteArrayView contentEncoding, DecodeLimits limits) : m_limits(limits)
{
    if (contentEncoding.isEmpty())
        return;
    for (const QByteArray &part : contentEncoding.toByteArray().split(',')) {
        const QByteArray coding = part.trimmed();
        if (coding.isEmpty() || equalsIgnoringCase(coding, "identity"))
            continue;
        std::unique_ptr<DecodeStage> stage = makeStage(coding);
        m_supported = m_supported && stage && m_stages.size() < mostCodings;
        m_stages.insert(m_stages.begin(), std::move(stage)); // the coding applied last is decoded first
    }
    if (!m_supported)
        m_stages.clear();
    m_produced.resize(m_stages.size(), 0);
}

BodyDecoder::~BodyDecoder() = default;
BodyDecoder::BodyDecoder(BodyDecoder &&) noexcept = default;
BodyDecoder &BodyDecoder::operator=(BodyDecoder &&) noexcept = default;

QByteArray BodyDecoder::decode(QByteArrayView bytes)
{
    if (!m_supported || stopped())
        return {};
    if (m_stages.empty())
        return bytes.toByteArray();
    m_inputBytes += bytes.size();
    QByteArray output;
    run(0, bytes, output);
    return output;
}

bool BodyDecoder::complete() const
{
    return m_supported && !stopped() &&
        std::all_of(m_stages.begin(), m_stages.end(), [](const auto &stage) { return stage->ended(); });
}

/// Gives the bytes to that stage and what it makes of them to the next, piece by piece, so that no stage's output is
/// ever held as a whole. False: stopped.
bool BodyDecoder::run(std::size_t stage, QByteArrayView bytes, QByteArray &output)
{
    if (stage == m_stages.size()) {
        output += bytes;
        return true;
    }
    bool more = !bytes.isEmpty();
    while (more) {
        QByteArray piece;
        const qsizetype left = bytes.size();
        const bool decoded = m_stages[stage]->decode(bytes, piece, pieceBytes);
        m_produced[stage] += piece.size();
        const bool within = withinLimits(m_produced[stage]);
        // What came before the damage counts, however the bytes were cut.
        if (within && !piece.isEmpty() && !run(stage + 1, piece, output))
            return false;
        m_failed = !decoded;
        m_stopped = m_failed || !within;
        if (m_stopped)
            return false;
        const bool progress = bytes.size() < left || !piece.isEmpty();
        more = progress && (!bytes.isEmpty() || piece.size() == pieceBytes);
    }
    return true;
}

bool BodyDecoder::withinLimits(std::int64_t produced) const
{
    return produced <= m_limits.outputBytes &&
        (produced <= freeOutputBytes || produced / m_limits.ratio <= m_inputBytes);
}

std::optional<QByteArray> decodeBody(QByteArrayView contentEncoding, QByteArrayView body, DecodeLimits limits)
{
    BodyDecoder decoder(contentEncoding, limits);
    QByteArray decoded = decoder.decode(body);
    if (!decoder.complete())
        return std::nullopt;
    return decoded;
}

} // namespace signalbox
