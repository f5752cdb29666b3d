-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk: POST the file BODY, with the lines of the file HEADERS if there is one; says what it measured in JSON.
local function read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read("*a")
   file:close()
   return text
end

wrk.method = "POST"
wrk.body = read(os.getenv("BODY"))
wrk.headers["Content-Type"] = "application/json"
wrk.headers["User-Agent"] = "OpenAI/Python 1.54.3"
wrk.headers["Authorization"] = "Bearer sk-bench"
if os.getenv("CLOSE") then wrk.headers["Connection"] = "close" end
if os.getenv("HEADERS") then
   for name, value in read(os.getenv("HEADERS")):gmatch("([^:\r\n]+): ([^\r\n]+)") do wrk.headers[name] = value end
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\nJSON {"requests":%d,"seconds":%.4f,"p50":%.1f,"p99":%.1f,"p999":%.1f,"errors":%d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
      latency:percentile(99.9), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
