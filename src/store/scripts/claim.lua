-- Claims a record: draws the site's next epoch, larger than the record's and than `above`, and reads the record. The agenda
-- entry comes back in a while, should the claimant die.
--
-- All epochs are drawn here, so one to be above that was not drawn yet was drawn by a store that has been lost since: this one is a restored
-- backup, or lost its newest writes in a failover. Then a new era begins, above all that any host of the site can know. Only epochs that
-- a host really holds may be given.
-- KEYS[1]  site root hash
-- ARGV     kind, id, now, milliseconds until the agenda entry comes back, schema that the caller knows,
--          era and number of an epoch to be above ('0', '0': none)
-- Result   {'gone'} (its agenda entry is removed) | {'newer', schema} (left alone)
--          | {'claimed', project, rev, generation, era, number, wakes, phase, schema, wish, seen, journal, place}
--- @include "arguments"
--- @include "keys"
--- @include "record"
local kind, id = take(), take()
local now, delay, known = takeNumber(), takeNumber(), takeNumber()
local aboveEra, aboveNumber = takeNumber(), takeNumber()
local key = recordKey(kind, id)

local at = redis.call('HMGET', key, 'schema', 'era', 'number')
if not at[1] then
  redis.call('ZREM', AGENDA, kind .. ':' .. id)
  return { 'gone' }
end
redis.call('ZADD', AGENDA, now + delay, kind .. ':' .. id)
if tonumber(at[1]) > known then return { 'newer', at[1] } end

local era = tonumber(redis.call('HGET', ROOT, 'era') or error('the site is not open'))
local number = redis.call('HINCRBY', ROOT, 'epochs', 1)
local raised = false
local function climb(otherEra, otherNumber)
  if otherEra > era or (otherEra == era and otherNumber >= number) then
    era, number, raised = otherEra, otherNumber + 1, true
  end
end
if aboveEra > era or (aboveEra == era and aboveNumber >= number) then
  era, number, raised = math.max(now, aboveEra + 1), 1, true
end
climb(tonumber(at[2]), tonumber(at[3]))
if raised then
  redis.call('HSET', ROOT, 'era', string.format('%.0f', era), 'epochs', string.format('%.0f', number))
end
redis.call('HSET', key, 'era', string.format('%.0f', era), 'number', string.format('%.0f', number))
local record = redis.call('HMGET', key, unpack(RECORD_FIELDS))
table.insert(record, 1, 'claimed')
return record
