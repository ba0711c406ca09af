-- Writes a volume's or an address's place and what it claims on that host: by its own claim and the revision of the host's claims. Where it
-- comes from another host, on storage that both have, its claim there ends in the same moment.
-- Run again after a lost reply it finds its own claim there and says that it is done.
-- KEYS[1]  site root hash
-- ARGV     kind, id, era, number, now, host, revision, claim, place, former host ('': none)
-- Result   1 done | 0 a newer claim came | -1 the host's claims changed since they were read
--- @include "arguments"
--- @include "keys"
--- @include "record"
--- @include "event"
local kind, id, era, number, now, host, revision, claim, place, former =
  take(), take(), take(), take(), take(), take(), take(), take(), take(), take()
local key = recordKey(kind, id)

if not heldBy(key, era, number) then return 0 end
if redis.call('HGET', claimsKey(host), id) == claim and redis.call('HGET', key, 'place') == place then return 1 end
if (redis.call('HGET', CLAIM_REVISIONS, host) or '0') ~= revision then return -1 end
redis.call('HSET', key, 'place', place)
redis.call('HSET', claimsKey(host), id, claim)
raiseClaims(host)
if former ~= '' and redis.call('HDEL', claimsKey(former), id) == 1 then raiseClaims(former) end
touch(kind, id, redis.call('HGET', key, 'project'), redis.call('HINCRBY', key, 'rev', 1))
emitOwn(now, kind .. '-place')
return 1
