-- Writes what the holder of a claim saw or did: by epoch alone, a wish made meanwhile loses no result.
-- The write's own id makes a repeated call (its reply was lost) count once.
-- KEYS[1]  site root hash
-- ARGV     kind, id, era, number, write id, now, what ('': shows nothing new), raisePhase,
--          with seen?, seen, with journal?, journal, host whose place is given up ('': none), place,
--          waits for a place? ('': as before), counters {project, name, by}, releases {hash, field},
--          month, uses that ended with it {line}
-- Result   1 written | 0 a newer claim came
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
--- @include "used"
local kind, id, era, number, write, now, what = take(), take(), take(), take(), take(), takeNumber(), take()
local raisePhase, withSeen, seen, withJournal, journal = takeFlag(), takeFlag(), take(), takeFlag(), take()
local host, place, waits = take(), take(), take()
local counters = takeList({ 'project', 'name', 'by' })
local releases = takeList({ 'hash', 'field' })
local month, used = take(), takeList({ 'line' })
local key = recordKey(kind, id)

if not heldBy(key, era, number) then return 0 end
if redis.call('HGET', key, 'write') == write then return 1 end

redis.call('HSET', key, 'write', write)
if withSeen then redis.call('HSET', key, 'seen', seen) end
if withJournal then redis.call('HSET', key, 'journal', journal) end
if raisePhase then redis.call('HINCRBY', key, 'phase', 1) end
for _, u in ipairs(used) do keepUsed(month, u.line) end
if host ~= '' then
  if kind == 'compute' then endUse(id, now, month) end
  redis.call('HSET', key, 'place', place)
  if redis.call('HDEL', claimsKey(host), id) == 1 then raiseClaims(host) end
end
if waits == '1' then waitForPlace(id) elseif waits == '0' then redis.call('ZREM', WAITING, id) end
if host ~= '' or waits == '1' then wake('placement', 'site', now) end
for _, c in ipairs(counters) do redis.call('HINCRBY', countersKey(c.project), c.name, c.by) end
for _, r in ipairs(releases) do redis.call('HDEL', takenKey(r.hash), r.field) end
local rev = redis.call('HINCRBY', key, 'rev', 1)
if what ~= '' then
  touch(kind, id, redis.call('HGET', key, 'project'), rev)
  emitOwn(now, what)
end
return 1
