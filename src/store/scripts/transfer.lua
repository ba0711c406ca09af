-- A machine sets out for another host, is there, or stays after all: its place, what it and its volumes claim on both hosts, and
-- the places of the volumes. By the machine's claim; its generation is raised, so that what was decided on the former place is
-- decided again. The write's own id makes a repeated call (its reply was lost) count once.
-- KEYS[1]  site root hash
-- ARGV     id, era, number, write id, now, what, generation ('': any), phase ('': any), place, seen, journal,
--          host where claims begin ('': none), revision of its claims, claims {id, claim}, the machine's group ('': none), its revision,
--          host where claims end ('': none), leaving {id}, volumes {id, place}, month, ends what it was counted as?,
--          waits for a place? ('': as before, '1': from now on, '0': no more)
-- Result   1 done | 0 a newer claim came | -1 the wish, the place, the host's claims or the group changed since they were read
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
--- @include "used"
local id, era, number, write, now, what, generation = take(), take(), take(), take(), takeNumber(), take(), take()
local phase, place, seen, journal = take(), take(), take(), take()
local begins, revision, claims = take(), take(), takeList({ 'id', 'claim' })
local group, revisionOfGroup = take(), take()
local ends, leaving = take(), takeList({ 'id' })
local volumes = takeList({ 'id', 'place' })
local month, isOver = take(), takeFlag()
local waits = take()
local key = recordKey('compute', id)

if not heldBy(key, era, number) then return 0 end
if redis.call('HGET', key, 'write') == write then return 1 end
if generation ~= '' and redis.call('HGET', key, 'generation') ~= generation then return -1 end
if phase ~= '' and redis.call('HGET', key, 'phase') ~= phase then return -1 end
if begins ~= '' then
  if redis.call('SISMEMBER', idsKey('host'), begins) == 0 then return -1 end
  if (redis.call('HGET', CLAIM_REVISIONS, begins) or '0') ~= revision then return -1 end
  if group ~= '' and groupRevision(group) ~= revisionOfGroup then return -1 end
end

if isOver then endUse(id, now, month) end
redis.call('HSET', key, 'write', write, 'place', place, 'seen', seen, 'journal', journal)
redis.call('HINCRBY', key, 'generation', 1)
redis.call('HINCRBY', key, 'phase', 1)
if begins ~= '' then
  for _, c in ipairs(claims) do redis.call('HSET', claimsKey(begins), c.id, c.claim) end
  raiseClaims(begins)
  if group ~= '' then raiseGroup(group) end
end
if ends ~= '' then
  for _, l in ipairs(leaving) do redis.call('HDEL', claimsKey(ends), l.id) end
  raiseClaims(ends)
  wake('placement', 'site', now)
end
if waits == '1' then waitForPlace(id) elseif waits == '0' then redis.call('ZREM', WAITING, id) end
for _, v in ipairs(volumes) do
  local volume = recordKey('storage', v.id)
  if redis.call('EXISTS', volume) == 1 then
    redis.call('HSET', volume, 'place', v.place)
    touch('storage', v.id, redis.call('HGET', volume, 'project'), redis.call('HINCRBY', volume, 'rev', 1))
    wake('storage', v.id, now)
  end
end
touch('compute', id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
wake('compute', id, now)
emitOwn(now, what)
return 1
