// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

struct DecodeLimits
{
    std::int64_t outputBytes = std::int64_t { 64 } << 20;
    std::int64_t ratio = 200; ///< output to input, beyond the first 64 KiB of output
};

/// One content coding, incremental.
class DecodeStage
{
public:
    virtual ~DecodeStage() = default;
    /// Appends at most `room` bytes and takes what it used off `input`. False: malformed.
    virtual bool decode(QByteArrayView &input, QByteArray &output, qsizetype room) = 0;
    /// What was read so far is complete; more may follow all the same (members, frames).
    virtual bool ended() const = 0;
};

/// Decodes a copy of a body as it passes. Past its limits, or on a malformed body, it stops and says so.
class BodyDecoder
{
public:
    /// The value of Content-Encoding: at most two of gzip, deflate (zlib or raw), br, zstd, identity.
    explicit BodyDecoder(QByteArrayView contentEncoding, DecodeLimits limits = {});
    ~BodyDecoder();
    BodyDecoder(BodyDecoder &&) noexcept;
    BodyDecoder &operator=(BodyDecoder &&) noexcept;

    /// False: an unknown coding, or too many; decode() then gives nothing.
    bool supported() const { return m_supported; }
    bool isIdentity() const { return m_supported && m_stages.empty(); }

    QByteArray decode(QByteArrayView bytes);

    bool stopped() const { return m_stopped || m_failed; } ///< gives nothing any more
    bool failed() const { return m_failed; } ///< the body is malformed
    /// Every coding came to its end (an identity body has no end of its own: true).
    bool complete() const;

private:
    bool run(std::size_t stage, QByteArrayView bytes, QByteArray &output);
    bool withinLimits(std::int64_t produced) const;

    std::vector<std::unique_ptr<DecodeStage>> m_stages; ///< in the order of decoding
    std::vector<std::int64_t> m_produced; ///< by each stage
    DecodeLimits m_limits;
    std::int64_t m_inputBytes = 0;
    bool m_supported = true;
    bool m_stopped = false;
    bool m_failed = false;
};

/// A whole body; nullopt if it is malformed, incomplete, too large or in an unknown coding.
std::optional<QByteArray> decodeBody(QByteArrayView contentEncoding, QByteArrayView body, DecodeLimits limits = {});

} // namespace signalbox
