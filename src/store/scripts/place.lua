-- Writes the places that one placement job chose and what they claim on their hosts. Refused as a whole when a newer
-- placement claim exists or a host changed since it was read; a machine that moved is left out and stays waiting, and so are all
-- of a group that another machine came into since it was read, and all that are to be placed together with it.
-- KEYS[1]  site root hash
-- ARGV     era and number of the placement claim, now, hosts {host, revision},
--          placings {kind, id, era, number, rev, place, raisePhase, host ('': stays waiting), claim, group ('': none), waits,
--          ends what it was counted as?}, groups {group, revision, whole ('1': all of its placings or none)},
--          together {id of a placing, name}: all of one name or none,
--          promises {of (id of the placing that they go with, '': none), host, key, claim ('': it goes)}, month
-- Result   {'superseded'} | {'moved', host} | {'done', ids of the machines that got a place...}
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
--- @include "used"
local era, number, now = take(), take(), take()
local hosts = takeList({ 'host', 'revision' })
local placings = takeList({ 'kind', 'id', 'era', 'number', 'rev', 'place', 'raisePhase', 'host', 'claim', 'group', 'waits',
  'ends' })
local groups = takeList({ 'group', 'revision', 'whole' })
local together = takeList({ 'id', 'name' })
local promises = takeList({ 'of', 'host', 'key', 'claim' })
local month = take()

if not heldBy(recordKey('placement', 'site'), era, number) then return { 'superseded' } end
for _, h in ipairs(hosts) do
  if (redis.call('HGET', CLAIM_REVISIONS, h.host) or '0') ~= h.revision then return { 'moved', h.host } end
end
local function isAsRead(p)
  local key = recordKey(p.kind, p.id)
  return heldBy(key, p.era, p.number) and redis.call('HGET', key, 'rev') == p.rev
end
local whole, out, with, apart = {}, {}, {}, {}
for _, t in ipairs(together) do with[t.id] = t.name end
for _, g in ipairs(groups) do
  if g.whole == '1' then whole[g.group] = true end
  if groupRevision(g.group) ~= g.revision then out[g.group] = true end
end
for _, p in ipairs(placings) do
  if whole[p.group] and not out[p.group] and not isAsRead(p) then out[p.group] = true end
  local name = with[p.id]
  if name and not apart[name] and not isAsRead(p) then apart[name] = true end
end
local result, taken, joined, done = { 'done' }, {}, {}, { [''] = true }
for _, p in ipairs(placings) do
  local key = recordKey(p.kind, p.id)
  local isIn = not out[p.group] and not apart[with[p.id] or '']
  local at = isIn and redis.call('HMGET', key, 'era', 'number', 'rev', 'phase', 'wakes', 'project')
  -- One look and one write each: a thousand of them hold up everybody else.
  if at and at[3] == p.rev and tonumber(at[1]) == tonumber(p.era) and tonumber(at[2]) == tonumber(p.number) then
    done[p.id] = true
    if p.ends == '1' then endUse(p.id, now, month) end
    local rev, phase, wakes = tonumber(at[3]) + 1, tonumber(at[4]), tonumber(at[5])
    if p.raisePhase == '1' then phase = phase + 1 end
    if p.host ~= '' then wakes = wakes + 1 end
    redis.call('HSET', key, 'place', p.place, 'rev', rev, 'phase', phase, 'wakes', wakes)
    touch(p.kind, p.id, at[6], rev)
    if p.host ~= '' then
      redis.call('HSET', claimsKey(p.host), p.id, p.claim)
      taken[p.host] = true
      if p.group ~= '' then joined[p.group] = true end
      redis.call('ZREM', WAITING, p.id)
      schedule(p.kind, p.id, now)
      result[#result + 1] = p.id
    end
    if p.waits == '1' then waitForPlace(p.id) end
  end
end
for _, p in ipairs(promises) do
  if done[p.of] then
    if p.claim == '' then
      redis.call('HDEL', claimsKey(p.host), p.key)
    else
      redis.call('HSET', claimsKey(p.host), p.key, p.claim)
    end
    taken[p.host] = true
  end
end
for _, h in ipairs(hosts) do
  if taken[h.host] then raiseClaims(h.host) end
end
for _, g in ipairs(groups) do
  if joined[g.group] then raiseGroup(g.group) end
end
emitOwn(now, 'place')
return result
