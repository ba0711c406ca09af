-- Writes an intent before its effect: by epoch and generation, so a wish made meanwhile stops the effect.
-- KEYS[1]  site root hash
-- ARGV     kind, id, era, number, generation, journal, now
-- Result   1 written | 0 a newer claim or wish came
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "event"
local kind, id, era, number, generation, journal, now = take(), take(), take(), take(), take(), take(), take()
local key = recordKey(kind, id)
if not heldBy(key, era, number) or redis.call('HGET', key, 'generation') ~= generation then return 0 end
redis.call('HSET', key, 'journal', journal)
touch(kind, id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
emitOwn(now, 'intend')
return 1
