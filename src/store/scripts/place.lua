-- Writes the places that one placement job chose and what they claim on their hosts. Refused as a whole when a newer
-- placement claim exists or a host changed since it was read; a machine that moved is left out and stays waiting.
-- KEYS[1]  site root hash
-- ARGV     era and number of the placement claim, now, hosts {host, revision},
--          placings {kind, id, era, number, rev, place, raisePhase, host ('': stays waiting), claim, waits}
-- Result   {'superseded'} | {'moved', host} | {'done', ids of the machines that got a place...}
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
local era, number, now = take(), take(), take()
local hosts = takeList({ 'host', 'revision' })
local placings = takeList({ 'kind', 'id', 'era', 'number', 'rev', 'place', 'raisePhase', 'host', 'claim', 'waits' })

if not heldBy(recordKey('placement', 'site'), era, number) then return { 'superseded' } end
for _, h in ipairs(hosts) do
  if (redis.call('HGET', CLAIM_REVISIONS, h.host) or '0') ~= h.revision then return { 'moved', h.host } end
end
local result, taken = { 'done' }, {}
for _, p in ipairs(placings) do
  local key = recordKey(p.kind, p.id)
  if heldBy(key, p.era, p.number) and redis.call('HGET', key, 'rev') == p.rev then
    redis.call('HSET', key, 'place', p.place)
    if p.raisePhase == '1' then redis.call('HINCRBY', key, 'phase', 1) end
    touch(p.kind, p.id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
    if p.host ~= '' then
      redis.call('HSET', claimsKey(p.host), p.id, p.claim)
      taken[p.host] = true
      redis.call('ZREM', WAITING, p.id)
      wake(p.kind, p.id, now)
      result[#result + 1] = p.id
    end
    if p.waits == '1' then waitForPlace(p.id) end
  end
end
for _, h in ipairs(hosts) do
  if taken[h.host] then raiseClaims(h.host) end
end
emitOwn(now, 'place')
return result
