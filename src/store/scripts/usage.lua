-- What hosts used when they were last looked at. Changes nothing. Most of a site is asked at once: one command for thousands of them.
-- KEYS[1]  site root hash
-- ARGV     fields of a host's state, hosts, each a length and then its items
-- Result   the values of the fields for each host in the order asked; nil for one of which nothing is known
--- @include "arguments"
--- @include "keys"
local function takeTexts()
  local texts = {}
  for i = 1, takeNumber() do texts[i] = take() end
  return texts
end
local fields, found = takeTexts(), {}
for i, host in ipairs(takeTexts()) do
  local values = redis.call('HMGET', usageKey(host), unpack(fields))
  found[i] = values[1] and values
end
return found
