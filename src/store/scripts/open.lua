-- Makes the site's own keys where they are not there: its first era, the records of placement, audit, files and relocation.
-- KEYS[1]  site root hash
-- ARGV     now, schema
-- Result   1 when it was a new site, else 0
--- @include "arguments"
--- @include "keys"
local now = take()
local schema = take()
local new = redis.call('HSETNX', ROOT, 'era', now)
for _, kind in ipairs({ 'placement', 'audit', 'files', 'relocation' }) do
  if redis.call('SADD', idsKey(kind), 'site') == 1 then
    redis.call('HSET', recordKey(kind, 'site'), 'project', '', 'rev', 1, 'generation', 1, 'era', 0, 'number', 0,
      'wakes', 0, 'phase', 0, 'schema', schema, 'wish', 'null', 'seen', 'null', 'journal', 'null', 'place', 'null',
      'created', now)
  end
end
return new
