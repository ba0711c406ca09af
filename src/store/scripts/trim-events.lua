-- Drops events up to and with a stream id, keeping at least the newest ones. Event numbers are dense, so how many came
-- after that id is a subtraction.
-- KEYS[1]  site root hash
-- ARGV     stream id, how many to keep at least
-- Result   how many were dropped
--- @include "arguments"
--- @include "keys"
local upTo, keep = take(), takeNumber()
local entry = redis.call('XRANGE', EVENTS, upTo, upTo)[1]
if not entry then return 0 end
local number
for i = 1, #entry[2], 2 do
  if entry[2][i] == 'number' then number = tonumber(entry[2][i + 1]) end
end
local after = tonumber(redis.call('HGET', ROOT, 'events')) - number
return redis.call('XTRIM', EVENTS, 'MAXLEN', '=', string.format('%.0f', math.max(keep, after)))
