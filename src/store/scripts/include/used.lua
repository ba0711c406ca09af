-- What ended being counted is kept by the very script that ends it, in the list of the month in which it ends.
--- @include "keys"
local USED_KEPT_MS = 400 * 86400000

local function keepUsed(month, line)
  redis.call('RPUSH', usedKey(month), line)
  redis.call('PEXPIRE', usedKey(month), USED_KEPT_MS)
end

-- What a machine's place says it is counted as ends now; before the next place is written. A place that an older program wrote says so at
-- a provider alone, by its price.
local function endUse(id, now, month)
  local at = redis.call('HMGET', recordKey('compute', id), 'project', 'place')
  local counts = at[2] and (string.find(at[2], '"use":{', 1, true) or string.find(at[2], '"offer":{', 1, true))
  if counts then
    keepUsed(month, '{"kind":"machine","id":"' .. id .. '","project":"' .. at[1] .. '","until":' ..
      string.format('%.0f', now) .. ',"place":' .. at[2] .. '}')
  end
end
