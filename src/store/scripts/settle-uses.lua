-- Keeps when uses began and ended by the books of the gateway that lends: what is told of them from then on. The same again changes
-- nothing that is told. `settled` of the root counts these writes, so that whoever keeps sums knows that they are old.
-- KEYS[1]  site root hash
-- ARGV     times {month in which the use began, field, ms}
-- Result   1
--- @include "arguments"
--- @include "keys"
local SETTLED_KEPT_MS = 800 * 86400000
local times = takeList({ 'month', 'field', 'at' })
for _, t in ipairs(times) do
  redis.call('HSET', settledKey(t.month), t.field, t.at)
  redis.call('PEXPIRE', settledKey(t.month), SETTLED_KEPT_MS)
end
if #times > 0 then redis.call('HINCRBY', ROOT, 'settled', 1) end
return 1
