-- wrk's script: each request is a signed body in turn, with a delivery id of its own. All but the id
-- is put together once, so that wrk itself costs as little as it can.
local bodies = dofile("bodies.lua")
local parts = {}
local number = 0
local run = ""

function init(args)
  local random = io.open("/dev/urandom", "rb"):read(6)
  run = random:gsub(".", function(byte) return string.format("%02x", string.byte(byte)) end)
  for index, webhook in ipairs(bodies) do
    parts[index] = {
      "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
        .. "\r\nContent-Type: application/json\r\nUser-Agent: GitHub-Hookshot/bench\r\nX-GitHub-Event: "
        .. os.getenv("WEBHOOK_EVENT") .. "\r\nX-Hub-Signature-256: " .. webhook.signature
        .. "\r\nContent-Length: " .. #webhook.body .. "\r\nX-GitHub-Delivery: ",
      "\r\n\r\n" .. webhook.body
    }
  end
end

function request()
  number = number + 1
  local part = parts[number % #parts + 1]
  return part[1] .. string.format("%08x-0000-4000-8000-", number) .. run .. part[2]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT requests=%d micros=%d p50=%d p99=%d failed=%d\n",
    summary.requests - errors.status, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
