// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config/settings.h"

namespace signalbox {

namespace {

constexpr int hardlyAThreshold = 100;
constexpr int hardlyAVolume = 1000;
constexpr int hardlyARate = 90;

class Problems
{
public:
    void refuse(bool wrong, const char *key, const QString &reason) { add(wrong, key, true, reason); }
    void warn(bool wrong, const char *key, const QString &reason) { add(wrong, key, false, reason); }
    std::vector<SettingProblem> take() { return std::move(m_list); }

private:
    void add(bool wrong, const char *key, bool isError, const QString &reason)
    {
        if (wrong)
            m_list.push_back({ QString::fromLatin1(key), isError, reason });
    }

    std::vector<SettingProblem> m_list;
};

} // namespace

std::vector<SettingProblem> problemsOf(const BreakerSettings &settings)
{
    Problems problems;
    problems.refuse(settings.maxOpenMs < settings.timeoutMs, "maxOpenMs",
                    QStringLiteral("is shorter than timeoutMs (%1): the longest open period cannot be shorter than the "
                                   "first")
                        .arg(settings.timeoutMs.count()));
    problems.warn(settings.threshold >= hardlyAThreshold, "threshold",
                  QStringLiteral("hardly protects: %1 requests in a row must fail first").arg(settings.threshold));
    problems.warn(settings.failureRatePercent > hardlyARate, "failureRatePercent",
                  QStringLiteral("hardly protects: a provider may fail %1 % of all calls and stay in use")
                      .arg(settings.failureRatePercent - 1));
    problems.warn(settings.minimumCalls >= hardlyAVolume, "minimumCalls",
                  QStringLiteral("hardly protects: below %1 calls in %2 s the failure rate does not count")
                      .arg(settings.minimumCalls)
                      .arg(settings.windowMs.count() / 1000));
    problems.warn(settings.healthFailures >= hardlyAThreshold, "healthFailures",
                  QStringLiteral("hardly protects: %1 checks in a row must fail first").arg(settings.healthFailures));
    return problems.take();
}

std::vector<SettingProblem> problemsOf(const HealthSettings &settings)
{
    Problems problems;
    problems.refuse(settings.firstByteBadMs <= settings.firstByteGoodMs, "firstByteBadMs",
                    QStringLiteral("must be more than firstByteGoodMs (%1)").arg(settings.firstByteGoodMs.count()));
    problems.refuse(settings.totalBadMs <= settings.totalGoodMs, "totalBadMs",
                    QStringLiteral("must be more than totalGoodMs (%1)").arg(settings.totalGoodMs.count()));
    problems.refuse(settings.unhealthyBelow > settings.degradedBelow, "unhealthyBelow",
                    QStringLiteral("must not be more than degradedBelow (%1)").arg(settings.degradedBelow));
    return problems.take();
}

std::vector<SettingProblem> problemsOf(const Timeouts &settings)
{
    Problems problems;
    problems.warn(
        settings.slowStreamMs >= settings.firstByteMs, "slowStreamMs",
        QStringLiteral("is not less than firstByteMs (%1), so no stream ever counts as slow: it is cut before")
            .arg(settings.firstByteMs.count()));
    problems.warn(settings.slowTotalMs >= settings.responseMs, "slowTotalMs",
                  QStringLiteral("is not less than responseMs (%1), so no answer ever counts as slow: it is cut before")
                      .arg(settings.responseMs.count()));
    problems.warn(settings.firstByteMs > settings.totalMs, "firstByteMs",
                  QStringLiteral("is more than totalMs (%1), so it is never reached").arg(settings.totalMs.count()));
    problems.warn(settings.responseMs > settings.totalMs, "responseMs",
                  QStringLiteral("is more than totalMs (%1), so it is never reached").arg(settings.totalMs.count()));
    return problems.take();
}

} // namespace signalbox
