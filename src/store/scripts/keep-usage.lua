-- Writes what a host and its machines used, and the points that are complete by it. No record changes and no event is told: it
-- comes with every look at every host. All of it expires by itself once nobody writes it any more.
-- Run again after a lost reply it finds its own time there and changes nothing.
-- KEYS[1]  site root hash
-- ARGV     host, time of the state that it follows ('' for none), time, host's state, machines' states, ms that these last,
--          points {window, subject, point, how many are kept, ms that they last}, month, flows {field, bytes}
-- Result   1 written | 0 another look was written meanwhile
--- @include "arguments"
--- @include "keys"
local FLOWS_KEPT_MS = 400 * 86400000
local host, before, at, own, machines, lasts = take(), take(), take(), take(), take(), take()
local key = usageKey(host)

if (redis.call('HGET', key, 'at') or '') ~= before then return 0 end
redis.call('HSET', key, 'at', at, 'host', own, 'machines', machines)
redis.call('PEXPIRE', key, lasts)
for _, p in ipairs(takeList({ 'window', 'subject', 'point', 'most', 'lasts' })) do
  local list = pointsKey(p.window, p.subject)
  redis.call('LPUSH', list, p.point)
  redis.call('LTRIM', list, 0, p.most - 1)
  redis.call('PEXPIRE', list, p.lasts)
end
local month, flows = take(), takeList({ 'field', 'bytes' })
for _, f in ipairs(flows) do redis.call('HINCRBY', flowsKey(month), f.field, f.bytes) end
if #flows > 0 then redis.call('PEXPIRE', flowsKey(month), FLOWS_KEPT_MS) end
return 1
