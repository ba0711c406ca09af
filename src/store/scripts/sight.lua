-- Writes what one list call of a host saw of its machines, only where epoch and rev are still those read before the call;
-- the others were claimed or changed since, so the list may be older than they are: they are woken.
-- KEYS[1]  site root hash
-- ARGV     now, findings {kind, id, era, number, rev, seen, raisePhase, wake}
-- Result   how many were written
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "wake"
--- @include "event"
local now = take()
local written = 0
for _, f in ipairs(takeList({ 'kind', 'id', 'era', 'number', 'rev', 'seen', 'raisePhase', 'wake' })) do
  local key = recordKey(f.kind, f.id)
  if heldBy(key, f.era, f.number) and redis.call('HGET', key, 'rev') == f.rev then
    redis.call('HSET', key, 'seen', f.seen)
    if f.raisePhase == '1' then redis.call('HINCRBY', key, 'phase', 1) end
    touch(f.kind, f.id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
    if f.wake == '1' then wake(f.kind, f.id, now) end
    written = written + 1
  else
    wake(f.kind, f.id, now)
  end
end
emitOwn(now, 'sight')
return written
