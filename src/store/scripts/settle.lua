-- Ends a claim's work: moves or removes the agenda entry, only if nobody claimed, wished or woke since the claim read.
-- KEYS[1]  site root hash
-- ARGV     kind, id, era, number, generation, wakes, next ('': remove), now
-- Result   1 settled | 0 left due now
--- @include "arguments"
--- @include "keys"
--- @include "record"
local kind, id, era, number, generation, wakes, next, now = take(), take(), take(), take(), take(), take(), take(), take()
local key = recordKey(kind, id)
local member = kind .. ':' .. id
local at = redis.call('HMGET', key, 'generation', 'wakes')
if not at[1] then
  redis.call('ZREM', AGENDA, member)
  return 1
end
if not heldBy(key, era, number) or at[1] ~= generation or at[2] ~= wakes then
  redis.call('ZADD', AGENDA, 'LT', now, member)
  return 0
end
if next == '' then
  redis.call('ZREM', AGENDA, member)
else
  redis.call('ZADD', AGENDA, next, member)
end
return 1
