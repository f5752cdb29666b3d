// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/requestdetails.h"
#include "engine/base/result.h"
#include "ui/models/requestmodel.h"

#include <QString>

#include <vector>

namespace signalbox {

enum class ExportFormat { Har, JsonLines };

/// By the name's end; HAR if it says nothing.
ExportFormat exportFormatOf(const QString &path);
/// Whole or not at all: what was there stays until the new file is complete. May take a while. Header fields come from
/// `details`, where there are any of a request, and only into a HAR; they are masked there. Bodies are left out.
Status exportRequests(const QString &path, ExportFormat format, const std::vector<RequestModel::RequestPtr> &requests,
                      const std::vector<RequestDetails> &details = {});

} // namespace signalbox
