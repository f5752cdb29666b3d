// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

#include <functional>

namespace signalbox {

/// A request body that is too large to keep: passes from the client's connection to one provider, once.
class UploadDevice : public QIODevice
{
    Q_OBJECT

public:
    static constexpr qsizetype highWater = 256 << 10;

    /// `wanted` is told when more is (or is no longer) welcome.
    explicit UploadDevice(std::function<void(bool)> wanted, QObject *parent = nullptr);

    void append(QByteArrayView bytes);
    void finish();

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_buffer.size() + QIODevice::bytesAvailable(); }
    bool atEnd() const override { return m_finished && m_buffer.isEmpty(); }

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::function<void(bool)> m_wanted;
    QByteArray m_buffer;
    bool m_finished = false;
};

} // namespace signalbox
