-- Writes that a host is known to run nothing of ours any more, by the claim under which that was found, and raises the record's
-- epoch: whoever still holds that claim or an older one writes nothing of the host any more, no grant above all.
-- KEYS[1]  site root hash
-- ARGV     id, era, number, now, seen, what
-- Result   1 written | 0 a newer claim came
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "event"
local id, era, number, now, seen, what = take(), take(), take(), take(), take(), take()
local key = recordKey('host', id)

if not heldBy(key, era, number) then return 0 end
local newEra = math.max(tonumber(redis.call('HGET', ROOT, 'era')), tonumber(era))
local newNumber = math.max(redis.call('HINCRBY', ROOT, 'epochs', 1), tonumber(number) + 1)
redis.call('HSET', ROOT, 'era', string.format('%.0f', newEra), 'epochs', string.format('%.0f', newNumber))
redis.call('HSET', key, 'seen', seen, 'era', string.format('%.0f', newEra), 'number', string.format('%.0f', newNumber))
touch('host', id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
emitOwn(now, what)
return 1
