-- A wish: records made, changed and removed, names taken, counters moved, agenda and waiting entries, one event, and the
-- answer kept under the operation id and the client token. All checks come before any write: all or nothing.
-- KEYS[1]  site root hash
-- ARGV     operation id, now, what, user, key, source, request, answer,
--          token key ('' for none; project:token), digest, then lists (length, items):
--          holds {kind, id, generation},
--          creates {kind, id, project, schema, wish, seen, journal, place, wake},
--          updates {kind, id, generation, phase ('': any), wish, raisePhase, wake, place ('': as it was)}, removals {kind, id, generation},
--          releases {hash, field}, takes {hash, field, value}, counters {project, name, by, limit ('': none)},
--          waiting {id}, stopWaiting {id}, wakes {kind, id}, reclaims {host, revision, compute, claim, begins},
--          groups {group, revision}: no machine of theirs got a place since they were read, and one does now,
--          month, uses that ended with it {line},
--          unchanged {project, revision}: nothing that it shows is another than when they were read
-- Result   {'done'} | {'repeated', answer} | {'token', digest, answer} | {'moved', kind, id}
--          | {'taken', index from 0} | {'quota', index from 0, have}
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
--- @include "used"
local OPERATION_KEPT_MS = 600000
local TOKEN_KEPT_MS = 86400000

local operationKey = PREFIX .. 'operation:' .. take()
local now = takeNumber()
local what, user, key, source, request, answer = take(), take(), take(), take(), take(), take()
local token, digest = take(), take()
local tokenKey = PREFIX .. 'token:' .. token
local holds = takeList({ 'kind', 'id', 'generation' })
local creates = takeList({ 'kind', 'id', 'project', 'schema', 'wish', 'seen', 'journal', 'place', 'wake' })
local updates = takeList({ 'kind', 'id', 'generation', 'phase', 'wish', 'raisePhase', 'wake', 'place' })
local removals = takeList({ 'kind', 'id', 'generation' })
local releases = takeList({ 'hash', 'field' })
local takes = takeList({ 'hash', 'field', 'value' })
local counters = takeList({ 'project', 'name', 'by', 'limit' })
local waiting = takeList({ 'id' })
local stopWaiting = takeList({ 'id' })
local wakes = takeList({ 'kind', 'id' })
local reclaims = takeList({ 'host', 'revision', 'compute', 'claim', 'begins' })
local groups = takeList({ 'group', 'revision' })
local month, used = take(), takeList({ 'line' })
local unchanged = takeList({ 'project', 'revision' })

-- ---- checks

local first = redis.call('GET', operationKey)
if first then return { 'repeated', first } end
if token ~= '' then
  local kept = redis.call('HMGET', tokenKey, 'digest', 'answer', 'at')
  if kept[1] and tonumber(kept[3]) + TOKEN_KEPT_MS > now then return { 'token', kept[1], kept[2] } end
end
for _, h in ipairs(holds) do
  if redis.call('HGET', recordKey(h.kind, h.id), 'generation') ~= h.generation then return { 'moved', h.kind, h.id } end
end
for _, c in ipairs(creates) do
  if redis.call('EXISTS', recordKey(c.kind, c.id)) == 1 then return { 'moved', c.kind, c.id } end
end
for _, u in ipairs(updates) do
  local at = redis.call('HMGET', recordKey(u.kind, u.id), 'generation', 'phase')
  if at[1] ~= u.generation or (u.phase ~= '' and at[2] ~= u.phase) then return { 'moved', u.kind, u.id } end
end
for _, r in ipairs(removals) do
  if redis.call('HGET', recordKey(r.kind, r.id), 'generation') ~= r.generation then return { 'moved', r.kind, r.id } end
  -- A machine was placed there since the caller looked.
  if r.kind == 'host' and redis.call('HLEN', claimsKey(r.id)) > 0 then return { 'moved', r.kind, r.id } end
  -- A machine was ordered into it since the caller looked.
  if r.kind == 'placementgroup' and redis.call('HLEN', takenKey('members:' .. r.id)) > 0 then
    return { 'moved', r.kind, r.id }
  end
end
for _, r in ipairs(reclaims) do
  local revision = redis.call('HGET', CLAIM_REVISIONS, r.host) or '0'
  if revision ~= r.revision or (r.begins ~= '1' and redis.call('HEXISTS', claimsKey(r.host), r.compute) == 0) then
    return { 'moved', 'host', r.host }
  end
end
for _, g in ipairs(groups) do
  if groupRevision(g.group) ~= g.revision then return { 'moved', 'placementgroup', g.group } end
end
for _, u in ipairs(unchanged) do
  if (redis.call('HGET', REVISIONS, u.project) or '0') ~= u.revision then return { 'moved', 'project', u.project } end
end
-- A host that is gone keeps none out: workers of earlier versions freed its name only.
local function isTaken(t)
  local holder = redis.call('HGET', takenKey(t.hash), t.field)
  if not holder or t.hash ~= 'hosts' then return holder end
  return redis.call('EXISTS', PREFIX .. 'record:' .. holder) == 1
end
local free, mine = {}, {}
for _, r in ipairs(releases) do free[r.hash .. '\0' .. r.field] = true end
for i, t in ipairs(takes) do
  local name = t.hash .. '\0' .. t.field
  if mine[name] or (not free[name] and isTaken(t)) then
    return { 'taken', i - 1 }
  end
  mine[name] = true
end
local sums = {}
for i, c in ipairs(counters) do
  local name = c.project .. '\0' .. c.name
  local have = sums[name] or tonumber(redis.call('HGET', countersKey(c.project), c.name) or '0')
  local by = tonumber(c.by)
  if c.limit ~= '' and by > 0 and have + by > tonumber(c.limit) then
    return { 'quota', i - 1, string.format('%.0f', have) }
  end
  sums[name] = have + by
end

-- ---- writes

for _, c in ipairs(creates) do
  redis.call('HSET', recordKey(c.kind, c.id), 'project', c.project, 'rev', 1, 'generation', 1, 'era', 0, 'number', 0,
    'wakes', c.wake, 'phase', 0, 'schema', c.schema, 'wish', c.wish, 'seen', c.seen, 'journal', c.journal,
    'place', c.place, 'created', now)
  redis.call('SADD', idsKey(c.kind), c.id)
  if c.kind == 'host' then raiseClaims(c.id) end
  if c.wake == '1' then schedule(c.kind, c.id, now) end
  touch(c.kind, c.id, c.project, 1)
end
for _, u in ipairs(updates) do
  local record = recordKey(u.kind, u.id)
  redis.call('HSET', record, 'wish', u.wish)
  if u.place ~= '' then redis.call('HSET', record, 'place', u.place) end
  redis.call('HINCRBY', record, 'generation', 1)
  if u.raisePhase == '1' then redis.call('HINCRBY', record, 'phase', 1) end
  -- Placement chose by the former wish (enabled, reserved): its claims script is to be refused.
  if u.kind == 'host' then raiseClaims(u.id) end
  if u.wake == '1' then wake(u.kind, u.id, now) end
  touch(u.kind, u.id, redis.call('HGET', record, 'project'), redis.call('HINCRBY', record, 'rev', 1))
end
for _, r in ipairs(removals) do
  local at = redis.call('HMGET', recordKey(r.kind, r.id), 'project', 'rev')
  touch(r.kind, r.id, at[1], tonumber(at[2]) + 1, true)
  eraseRecord(r.kind, r.id)
  if r.kind == 'host' then raiseClaims(r.id) end
end
for _, r in ipairs(releases) do redis.call('HDEL', takenKey(r.hash), r.field) end
for _, t in ipairs(takes) do redis.call('HSET', takenKey(t.hash), t.field, t.value) end
for _, c in ipairs(counters) do redis.call('HINCRBY', countersKey(c.project), c.name, c.by) end
for _, r in ipairs(reclaims) do
  if r.claim == '' then
    redis.call('HDEL', claimsKey(r.host), r.compute)
  else
    redis.call('HSET', claimsKey(r.host), r.compute, r.claim)
  end
  raiseClaims(r.host)
end
for _, g in ipairs(groups) do raiseGroup(g.group) end
for _, u in ipairs(used) do keepUsed(month, u.line) end
for _, s in ipairs(stopWaiting) do redis.call('ZREM', WAITING, s.id) end
for _, w in ipairs(waiting) do waitForPlace(w.id) end
if #waiting > 0 then wake('placement', 'site', now) end
for _, w in ipairs(wakes) do wake(w.kind, w.id, now) end
emit(now, what, user, key, source, request)
redis.call('SET', operationKey, answer, 'PX', OPERATION_KEPT_MS)
if token ~= '' then
  redis.call('HSET', tokenKey, 'digest', digest, 'answer', answer, 'at', now)
  redis.call('PEXPIRE', tokenKey, TOKEN_KEPT_MS)
end
return { 'done' }
