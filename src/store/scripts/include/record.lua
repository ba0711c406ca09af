-- Reading and ending records. A record's strings are never decoded here.
--- @include "keys"
local RECORD_FIELDS = { 'project', 'rev', 'generation', 'era', 'number', 'wakes', 'phase', 'schema', 'wish', 'seen',
  'journal', 'place' }

-- Whether the record is there and its last claim is (era, number), given as strings.
local function heldBy(key, era, number)
  local held = redis.call('HMGET', key, 'era', 'number')
  return held[1] ~= false and tonumber(held[1]) == tonumber(era) and tonumber(held[2]) == tonumber(number)
end

local function eraseRecord(kind, id)
  redis.call('DEL', recordKey(kind, id))
  redis.call('SREM', idsKey(kind), id)
  redis.call('ZREM', AGENDA, kind .. ':' .. id)
  if kind == 'compute' then redis.call('ZREM', WAITING, id) end
  if kind == 'placementgroup' then redis.call('HDEL', CLAIM_REVISIONS, groupField(id)) end
  if kind == 'project' then redis.call('DEL', countersKey(id)) end
end

-- Waits in order of creation, however often it comes back.
local function waitForPlace(id)
  local created = redis.call('HGET', recordKey('compute', id), 'created')
  if created then redis.call('ZADD', WAITING, created, id) end
end

local function raiseClaims(host) redis.call('HINCRBY', CLAIM_REVISIONS, host, 1) end

-- Raised whenever a machine of a placement group begins to claim something on a host: by placement, a move, a change of its group.
local function groupRevision(group) return redis.call('HGET', CLAIM_REVISIONS, groupField(group)) or '0' end
local function raiseGroup(group) redis.call('HINCRBY', CLAIM_REVISIONS, groupField(group), 1) end
