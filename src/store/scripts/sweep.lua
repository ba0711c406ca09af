-- Takes what is due from the agenda: each entry is moved, never removed, so it comes back should its job be lost.
-- KEYS[1]  site root hash
-- ARGV     now, limit, milliseconds until it comes back
-- Result   list of `kind:id`
--- @include "arguments"
--- @include "keys"
local now, limit, delay = takeNumber(), take(), takeNumber()
local due = redis.call('ZRANGEBYSCORE', AGENDA, '-inf', now, 'LIMIT', 0, limit)
for _, member in ipairs(due) do redis.call('ZADD', AGENDA, now + delay, member) end
return due
