-- Removes a record that is gone for good, with its names and agenda entry: by epoch and generation.
-- KEYS[1]  site root hash
-- ARGV     kind, id, era, number, generation, now, releases {hash, field}
-- Result   1 forgotten | 0 a newer claim or wish came
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "event"
local kind, id, era, number, generation, now = take(), take(), take(), take(), take(), take()
local releases = takeList({ 'hash', 'field' })
local key = recordKey(kind, id)
if not heldBy(key, era, number) or redis.call('HGET', key, 'generation') ~= generation then return 0 end
local at = redis.call('HMGET', key, 'project', 'rev')
touch(kind, id, at[1], tonumber(at[2]) + 1, true)
eraseRecord(kind, id)
for _, r in ipairs(releases) do redis.call('HDEL', takenKey(r.hash), r.field) end
emitOwn(now, 'forget')
return 1
