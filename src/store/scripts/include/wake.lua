-- Puts an existing record on the agenda at once and counts that, so that a settling in between leaves the entry due.
--- @include "keys"
local function schedule(kind, id, now) redis.call('ZADD', AGENDA, 'LT', now, kind .. ':' .. id) end

local function wake(kind, id, now)
  local key = recordKey(kind, id)
  if redis.call('EXISTS', key) == 0 then return end
  redis.call('HINCRBY', key, 'wakes', 1)
  schedule(kind, id, now)
end
